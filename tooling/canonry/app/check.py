"""Two snapshots of a registry: what breaks between them, whom, and what was accepted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Protocol

from canonry.app import tiers
from canonry.app.campaign.issued import FOLDER, carrying
from canonry.app.slice import Mentions, affected
from canonry.catalogue.load import assemble
from canonry.catalogue.load import read as read_tree
from canonry.catalogue.mentions import Index, ReadIndex, Texts
from canonry.catalogue.policy import Judged, Policy
from canonry.catalogue.tree import MemoryTree
from canonry.compat import acceptance
from canonry.compat.delta import Delta
from canonry.compat.engine import findings as observe
from canonry.compat.story import told
from canonry.kernel.findings import Finding, Level, ordered
from canonry.kernel.ids import ContractId, Version

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue

CHUNK: Final = 400
"""Changed contracts that are held in memory at once."""

_POLICY: Final = "registry/registry.yaml"
_LINKS: Final = "links already in the world"

_WORDS: Final = ("registry/vocabularies/", "registry/campaigns/")
"""Where marketers work: a change of nothing else may need nobody's eyes."""

_RELEASED: Final = re.compile(r"generated/schemas/([a-z]+)/([^/]+)/([0-9]+\.[0-9]+\.[0-9]+)\.json\Z")


class Files(Texts, Protocol):
    """A registry at one moment: blob ids, and contents on demand."""

    def released(self) -> Mapping[str, str]:
        """Blob ids of the released schemas."""
        ...


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found: findings that stand, that were accepted, that policy ignores, and that the base had
    already against the last release. `deltas` are the parts of the change that were looked at.
    """

    findings: tuple[Finding, ...]
    accepted: tuple[Finding, ...] = ()
    ignored: tuple[Finding, ...] = ()
    earlier: tuple[Finding, ...] = ()
    changed: tuple[str, ...] = ()
    deltas: tuple[Delta, ...] = field(default=(), repr=False)


def check(
    old: Files,
    new: Files,
    *,
    today: date,
    since: Files | None = None,
    released: bool = False,
    keep: bool = True,
    index: Index | None = None,
) -> Report:
    """Judge `new` against `old`.

    `released` asks for the last release as well, `since`, where there is one: what `new` breaks against it is
    charged to this change unless `old` did so already. Only then can an acceptance be called stale.
    `keep` says whether the report keeps its deltas: both catalogues, which are hundreds of MB where thousands
    of contracts changed. `index` knows what files mention, so that unchanged ones are not read for it.
    """
    index = index or ReadIndex()
    changed = changed_paths(old, new)
    deltas: list[Delta] = []
    plain = all(path.startswith(_WORDS) for path in changed)
    observed = _observe(old, new, changed, today, index, deltas if keep or plain else None)
    known = {finding.fingerprint for finding in observed}
    earlier: list[Finding] = []
    if since is not None:
        before = {f.fingerprint for f in _observe(since, old, changed_paths(since, old), today, index)}
        for finding in _observe(since, new, changed_paths(since, new), today, index):
            if finding.fingerprint in known or not finding.code.startswith("B") or _of_versions(finding):
                continue
            known.add(finding.fingerprint)
            (earlier if finding.fingerprint in before else observed).append(finding)
    catalogue = _registry_only(new)
    verdict = acceptance.apply(observed, catalogue, today=today, known=known if released else None)
    judged = Policy(catalogue, today).judge(verdict.standing, whole=False)
    if _POLICY in changed:
        judged = _stricter(judged, Policy(_registry_only(old), today).judge(verdict.standing, whole=False))
    if plain and tiers.tier(deltas, judged.findings, tiers.kinds(deltas, told(deltas))) == "self-serve":
        judged = Judged(ordered(map(_left_to_machines, judged.findings)), judged.ignored)
    return Report(
        judged.findings,
        ordered(verdict.accepted),
        judged.ignored,
        ordered(earlier),
        tuple(sorted(changed)),
        tuple(deltas),
    )


def _stricter(now: Judged, before: Judged) -> Judged:
    """Findings at the higher of two levels: a change that loosens the policy is judged by what it found."""
    known = {finding.fingerprint: finding for finding in now.findings}
    for finding in before.findings:
        here = known.get(finding.fingerprint)
        known[finding.fingerprint] = finding if here is None or here.level < finding.level else here
    ignored = (finding for finding in now.ignored if finding.fingerprint not in known)
    return Judged(ordered(known.values()), ordered(ignored))


def _left_to_machines(finding: Finding) -> Finding:
    """A number that a word or a campaign asks for: nobody who adds one is asked to take it."""
    if not _of_versions(finding):
        return finding
    return replace(finding, level=Level.NOTE, suggestion="nothing: it is taken on the default branch")


def _of_versions(finding: Finding) -> bool:
    """Whether it is about a number: between two releases a version moves by more than one step."""
    return finding.code in tiers.VERSION_CODES


def changed_paths(old: Files, new: Files) -> frozenset[str]:
    """Files that differ, came or went. Line endings that git converts at checkout are no difference."""
    before, after = old.ids, new.ids
    differing = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    both = [path for path in differing if path in before and path in after]
    now = {path: data for path, data in new.contents(both).items() if b"\r\n" in data}
    if now:
        then = old.contents(now)
        differing -= {
            path
            for path, data in now.items()
            if then.get(path, b"\0").replace(b"\r\n", b"\n") == data.replace(b"\r\n", b"\n")
        }
    return frozenset(differing)


def _observe(
    old: Files,
    new: Files,
    changed: frozenset[str],
    today: date,
    index: Index,
    deltas: list[Delta] | None = None,
) -> list[Finding]:
    """Findings between two trees, unjudged; the parts of the change are added to `deltas`."""
    if not changed:
        return []
    before_ids, after_ids = old.ids, new.ids
    gone = [path for path in changed if path in before_ids]
    mentions = Mentions(index.of(new, after_ids), index.of(old, gone))
    found: list[Finding] = []
    for part in _parts(changed, before_ids, after_ids):
        wanted = affected(part, mentions)
        before = old.contents([path for path in gone if path in wanted])
        after = new.contents(sorted(wanted & after_ids.keys()))
        delta, problems = _delta(before, after, old, changed, part, today)
        found.extend(problems)
        found.extend(observe(delta))
        if deltas is not None:
            deltas.append(delta)
    return [_counted(finding, new) for finding in ordered(found)]


def _counted(finding: Finding, new: Files) -> Finding:
    """The finding with the links that were handed out and that it would hurt, where they are recorded."""
    if finding.details.get("hurt") != _LINKS:
        return finding
    issued = new.contents([path for path in new.ids if path.startswith(FOLDER)])
    number = carrying(issued, finding.subject)
    if not number:
        return finding
    said = f"{finding.message}; {number:,} issued {'links carry' if number > 1 else 'link carries'} it"
    return replace(finding, message=said).having(issued=number)


def _parts(
    changed: frozenset[str], before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[frozenset[str]]:
    """Everything but edited contracts at once (moves must see both ends); those in portions."""
    edited = sorted(p for p in changed if p.startswith("contracts/") and p in before and p in after)
    if len(edited) <= CHUNK:
        yield changed
        return
    for start in range(0, len(edited), CHUNK):
        yield frozenset(edited[start : start + CHUNK])
    if rest := changed - set(edited):
        yield rest


def _delta(
    before: Mapping[str, bytes],
    after: Mapping[str, bytes],
    old: Files,
    changed: frozenset[str],
    part: frozenset[str],
    today: date,
) -> tuple[Delta, list[Finding]]:
    new_sources, found = read_tree(MemoryTree(after))
    old_sources, _ = read_tree(MemoryTree(before))
    # What both sides share is parsed once: the same text is the same value.
    old_sources |= {path: source for path, source in new_sources.items() if path not in changed}
    older, newer = assemble(dict(sorted(old_sources.items()))), assemble(new_sources, found)
    charged = [finding for finding in newer.problems if finding.place.path in part]
    identifiers = {*older.value.contracts, *newer.value.contracts}
    delta = Delta(older.value, newer.value, today, released=_released(old, identifiers), touched=part)
    return delta, charged


def _released(
    old: Files, identifiers: Iterable[ContractId]
) -> dict[ContractId, Sequence[tuple[Version, Mapping[str, Any]]]]:
    import orjson

    wanted = {(i.kind, i.name, i.major): i for i in identifiers}
    paths: dict[str, tuple[ContractId, Version]] = {}
    for path in old.released():
        if match := _RELEASED.match(path):
            version = Version.parse(match[3])
            identifier = wanted.get((match[1], match[2], version.major))
            if identifier is not None:
                paths[path] = (identifier, version)
    found: dict[ContractId, list[tuple[Version, Mapping[str, Any]]]] = defaultdict(list)
    for path, data in old.contents(paths).items():
        identifier, version = paths[path]
        found[identifier].append((version, orjson.loads(data)))
    return {identifier: sorted(versions, key=lambda item: item[0]) for identifier, versions in found.items()}


def _registry_only(new: Files) -> Catalogue:
    """Policy and acceptances, whichever part of the change they are asked for."""
    paths = [
        path for path in new.ids if path == "registry/registry.yaml" or path.startswith("registry/accepted/")
    ]
    sources, _ = read_tree(MemoryTree(new.contents(paths)))
    return assemble(sources).value
