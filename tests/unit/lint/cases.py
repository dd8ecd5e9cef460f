"""Golden cases: a change to a small clean registry, and everything that lint says of the result.

`case.yaml` has `bad` and `good`: path to a JSON merge patch (RFC 7396) over the base file, to a text, to
`{bytes: ...}` (Latin-1), or to null for a file that is gone.
"""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from canonry.app.lint import LintReport, lint
from canonry.catalogue.text import parse
from canonry.catalogue.tree import MemoryTree

FOLDER = Path(__file__).parents[2] / "cases" / "lint"
TODAY = date(2026, 11, 21)


def read(path: Path) -> Any:
    """A YAML file as canonry reads it."""
    source, faults = parse(str(path), path.read_bytes())
    assert not faults, (path, faults)
    return source.value


BASE: Mapping[str, Any] = read(FOLDER / "base.yaml")


def merged(base: Any, patch: Any) -> Any:
    """RFC 7396: members of the patch replace those of the base, null removes."""
    if not isinstance(patch, dict):
        return patch
    result = dict(base) if isinstance(base, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def tree(patch: Mapping[str, Any]) -> MemoryTree:
    """The base registry with a change."""
    files: dict[str, str | bytes] = {path: written(path, value) for path, value in BASE.items()}
    for path, value in patch.items():
        if value is None:
            files.pop(path, None)
        elif isinstance(value, str):
            files[path] = value
        elif set(value) == {"bytes"}:
            files[path] = value["bytes"].encode("latin-1")
        else:
            files[path] = written(path, merged(BASE.get(path, {}), value))
    return MemoryTree(files)


def written(path: str, value: Any) -> str:
    """A document as its file holds it."""
    if path.endswith(".json"):
        return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)


def report(patch: Mapping[str, Any]) -> LintReport:
    """What lint says of the base registry with a change."""
    return lint(tree(patch), today=TODAY)


def shown(result: LintReport) -> list[dict[str, Any]]:
    """Findings as the golden files hold them: public JSON without what tests of their own cover."""
    return [
        {key: value for key, value in finding.to_json().items() if value is not None and key != "fingerprint"}
        for finding in result.findings
    ]
