"""What a first campaign needs beside names and links: events of its journey, key figures, hosts.

Events that an export shows come from the starter content where that knows them, and are told where it does
not. Where no export shows any, the events that most journeys begin and end with come from there.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from canonry.app.additions import yaml_text
from canonry.app.adoption.fields import BACKUP, OWNER

USUAL: Final = ("page_viewed", "signed_up", "lead_submitted", "order_completed")
"""Events that most journeys begin and end with."""
_REF: Final = re.compile(
    r'"(?:\$ref|x-name-of)":\s*"/(common|creatives|vocabularies)/([a-z0-9_]+)(?:/(v[0-9]+))?'
)
_EVENT: Final = re.compile(r"contracts/events/([a-z0-9_]+)/(v[0-9]+)\.json\Z")
_HOST: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+\Z")
_LEAST: Final = 0.02
_MOST: Final = 40


@dataclass(slots=True)
class Journey:
    """Files that were added, the events among them, and how each came about."""

    files: dict[str, bytes] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    """Event as it was seen to the starter's event that it is."""
    unknown: list[str] = field(default_factory=list)
    """Events that were seen and that no event of the starter content is."""
    usual: list[str] = field(default_factory=list)
    """Events taken because none were seen."""
    hosts: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """What is reported of it."""
        return {
            "seen": dict(sorted(self.seen.items())),
            "unknown": self.unknown,
            "usual": self.usual,
            "hosts": self.hosts,
        }


def journey(
    starter: Mapping[str, bytes],
    there: Mapping[str, bytes],
    *,
    events: Mapping[str, int],
    addresses: Iterable[str],
    common_hosts: frozenset[str],
) -> Journey:
    """What is added to the files that are there. `events` are names as they were seen, with their counts."""
    made = Journey()
    by_name = _names(starter)
    for name in events:
        if (known := by_name.get(_bare(name))) is not None:
            made.seen[name] = known
        elif len(made.unknown) < _MOST:
            made.unknown.append(name)
    made.usual = (
        [] if made.seen else [name for name in USUAL if f"contracts/events/{name}/v1.json" in starter]
    )
    for name in sorted({*made.seen.values(), *made.usual}):
        _take(f"contracts/events/{name}/v1.json", starter, there, made.files)
    _take("registry/vocabularies/kpi.yaml", starter, there, made.files)
    _reworded(made.files, there)
    made.hosts = _hosts(addresses, common_hosts)
    if made.hosts:
        made.files["registry/domains.yaml"] = yaml_text({"own": made.hosts, "landing": made.hosts}).encode()
    return made


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.casefold())


def _names(starter: Mapping[str, bytes]) -> dict[str, str]:
    """Every name that an event has, its own first: `order_completed`, GA4's `purchase`, Meta's `Purchase`."""
    own: dict[str, str] = {}
    theirs: dict[str, str] = {}
    for path in sorted(starter):
        match = _EVENT.match(path)
        if match is None:
            continue
        meta = json.loads(starter[path]).get("x-contract", {})
        own[_bare(match[1])] = match[1]
        for name in (*meta.get("platforms", {}).values(), *meta.get("aliases", ())):
            if isinstance(name, str):
                theirs.setdefault(_bare(name), match[1])
    return {**theirs, **own}


def _take(
    path: str, starter: Mapping[str, bytes], there: Mapping[str, bytes], into: dict[str, bytes]
) -> None:
    """A file of the starter content with all that it refers to, owned by the teams of the new registry."""
    if path in into or path in there or path not in starter:
        return
    text = starter[path].decode()
    if path.endswith(".json"):
        document = json.loads(text)
        meta = document.get("x-contract", {})
        meta.update(owner=BACKUP, backup_owner=OWNER)
        meta.pop("consumers", None)
        into[path] = (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
    else:
        into[path] = re.sub(r"(?m)^owner: .*$", f"owner: {BACKUP}", text, count=1).encode()
    for kind, name, major in _REF.findall(text):
        target = (
            f"registry/vocabularies/{name}.yaml"
            if kind == "vocabularies"
            else f"contracts/{kind}/{name}/{major}.json"
        )
        _take(target, starter, there, into)


def _reworded(files: dict[str, bytes], there: Mapping[str, bytes]) -> None:
    """Takes examples and combinations out where this registry has words of its own."""
    named = {
        name for data in files.values() for kind, name, _ in _REF.findall(data.decode()) if kind[0] == "v"
    }
    if not any(f"registry/vocabularies/{name}.yaml" in there for name in named):
        return
    for path, data in files.items():
        if path.endswith(".json"):
            document = json.loads(data)
            document.get("x-contract", {}).pop("allowed_combinations", None)
            _unexampled(document)
            files[path] = (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _unexampled(node: Any) -> None:
    if isinstance(node, dict):
        node.pop("examples", None)
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _unexampled(child)


def _hosts(addresses: Iterable[str], common: frozenset[str]) -> list[str]:
    """Hosts that links lead to, the most frequent first; those of everybody, such as app stores, left out."""
    counts: Counter[str] = Counter()
    for address in addresses:
        try:
            host = (urlsplit(address).hostname or "").rstrip(".")
        except ValueError:
            continue
        if _HOST.match(host) and host not in common:
            counts[host] += 1
    whole = counts.total()
    return [host for host, count in counts.most_common(_MOST) if count >= _LEAST * whole]
