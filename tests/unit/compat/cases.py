"""Cases of changes: a small registry, edits before and after, and what check says of them.

`case.yaml` holds `about`, and under `before` and `after` (on top of it) edits by file: null deletes it, a
text is its contents, `{copy: PATH, ...}` begins with another file, and a mapping of JSON Pointers sets values
(null deletes). `released` names contracts with the version under which they are released as they stand then.
`accept` accepts the finding of a rule.
"""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from canonry.adapters.snapshot import FileSnapshot
from canonry.app.check import Report, check
from canonry.catalogue.load import load
from canonry.catalogue.refs import References
from canonry.catalogue.resolved import Resolver
from canonry.catalogue.text import parse
from canonry.catalogue.tree import MemoryTree
from canonry.compat.acceptance import place_of
from canonry.kernel import pointer as pointers

CASES = Path(__file__).parents[2] / "cases"
TODAY = date(2026, 11, 21)
Files = dict[str, bytes]


def base() -> Files:
    """The registry that cases change."""
    home = CASES / "base"
    return {p.relative_to(home).as_posix(): p.read_bytes() for p in sorted(home.rglob("*")) if p.is_file()}


def edited(files: Files, edits: Mapping[str, Any]) -> Files:
    """The files with edits as a case writes them."""
    found = dict(files)
    for path, edit in edits.items():
        if edit is None:
            del found[path]
        elif isinstance(edit, str):
            found[path] = edit.encode()
        else:
            found[path] = _edited(path, files, edit)
    return found


def _edited(path: str, files: Files, edit: Mapping[str, Any]) -> bytes:
    source = edit.get("copy", path)
    value = parse(source, files[source])[0].value if source in files else {}
    for pointer, new in edit.items():
        if pointer == "copy":
            continue
        *parents, last = pointers.split(pointer) if pointer.startswith("/") else (pointer,)
        parent = pointers.resolve(value, parents)
        if isinstance(parent, list):
            parent[int(last)] = new
        elif new is None:
            parent.pop(last)
        else:
            parent[last] = new
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def released(files: Files, versions: Mapping[str, str]) -> Files:
    """Released schemas of some contracts, as they stand in these files."""
    catalogue = load(MemoryTree(files)).value
    found = {}
    for path, version in versions.items():
        contract = next(c for c in catalogue.contracts.values() if c.path == path)
        schema = Resolver(References(catalogue)).resolved(contract)
        found[f"generated/schemas/{contract.id.kind}/{contract.id.name}/{version}.json"] = json.dumps(
            schema
        ).encode()
    return found


def sides(case: Mapping[str, Any]) -> tuple[Files, Files]:
    """Before and after."""
    start = base()
    published = released(start, case.get("released", {}))
    before = edited(start, case.get("before", {}))
    good = edited(start, {k: v for k, v in case.get("before", {}).items() if not isinstance(v, str)})
    after = edited(good, case.get("after", {}))
    return before | published, after | published


def judged(before: Files, after: Files, **more: Any) -> Report:
    """What check says of two trees."""
    return check(FileSnapshot(before), FileSnapshot(after), today=TODAY, **more)


def run(case: Mapping[str, Any]) -> Report:
    """What check says of a case."""
    before, after = sides(case)
    if "accept" in case:
        wanted = case["accept"]
        finding = next(f for f in judged(before, after).findings if f.code == wanted["rule"])
        document = {
            "rule": wanted.get("say", finding.code),
            "place": place_of(finding),
            "reason": "Agreed with the owners.",
            "approver": "ada@example.com",
            "until": wanted["until"],
        }
        after[f"registry/accepted/{finding.fingerprint}.yaml"] = json.dumps(document).encode()
    return judged(before, after, released=True)
