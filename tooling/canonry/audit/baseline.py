"""The mess that was there before: what a baseline names is counted in one line, until it changes.

`registry/baseline.jsonl` has one sorted line per object: platform, level, id, digest of its name. Names are
not in it, so that it holds nothing that anybody could mind. What was wrong with something else than the name
(a window, a goal, dates, a second object of the name) has its own digest beside it, by rule: when that
changes, or comes later, the baseline does not hide it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from canonry.audit.checks import BY_CODE
from canonry.audit.drift import subject_of
from canonry.audit.observation import Level, Observation
from canonry.audit.quotation import shown
from canonry.kernel.errors import CanonryError
from canonry.kernel.findings import Finding
from canonry.kernel.jsonvalue import Json, still

PATH: Final = "registry/baseline.jsonl"
DIGITS: Final = 16


class BaselineLineError(CanonryError):
    """A line of the baseline is none."""

    hint = "Write it anew: canonry audit baseline"

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line

    def __str__(self) -> str:
        return f"{PATH}:{self.line} is no line of a baseline"


Key = tuple[str, str, str]


def digest(text: str) -> str:
    """A name, unreadable."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:DIGITS]


def key_of(seen: Observation) -> Key:
    """Platform, level and id; tags, links without an id, and what may not be kept, are known by a digest."""
    if seen.id and seen.level is not Level.TAGS:
        kept = seen.id if shown(seen.id) == seen.id else digest(seen.id)
        return (shown(seen.platform), "link" if seen.level is Level.LINK else shown(seen.native), kept)
    platform, native, subject = subject_of(seen).split("/", 2)
    return (platform, native, subject)


def told_of(seen: Observation) -> str:
    """What must not change: the name, the address or the tags."""
    if seen.level is Level.LINK:
        return digest(seen.value)
    if seen.params and seen.level is Level.TAGS:
        return digest("&".join(f"{key}={value}" for key, value in sorted(seen.params.items())))
    return digest(seen.name)


def facet(seen: Observation, finding: Finding) -> str | None:
    """The digest of what a finding is about, where that is not the name: a setting, or a pair of objects.

    A pair is the same whichever of the two it is told of.
    """
    if finding.beside:
        return digest(" ".join((seen.name, *sorted((finding.subject, finding.beside)))))
    about = _about(finding.code)
    return None if about is None else digest(str(about(seen)))


def _about(code: str) -> Callable[[Observation], object] | None:
    rule = BY_CODE.get(code)
    return rule.facts.about if rule is not None else None


@dataclass(frozen=True, slots=True)
class Entry:
    """One object: the digest of its name, and of what else was wrong with it, by rule."""

    digest: str
    also: Mapping[str, str] = field(default_factory=dict)


class Baseline:
    """What is grandfathered."""

    def __init__(self, entries: Mapping[Key, Entry] | None = None) -> None:
        self.entries: dict[Key, Entry] = dict(entries or {})
        self._pairs = {
            mark for each in self.entries.values() for rule, mark in each.also.items() if _about(rule) is None
        }

    def __len__(self) -> int:
        return len(self.entries)

    def shields(self, seen: Observation, finding: Finding) -> bool:
        """Whether a finding is of what stands in it, unchanged."""
        if not self.entries:
            return False
        about = facet(seen, finding)
        if finding.beside:
            both = [tuple(each.split("/", 2)) for each in (finding.subject, finding.beside)]
            return about in self._pairs or all(each in self.entries for each in both)
        known = self.entries.get(key_of(seen))
        if known is None or known.digest != told_of(seen):
            return False
        return about is None or known.also.get(finding.code) == about

    def text(self) -> str:
        """The file: sorted lines."""
        lines = []
        for (platform, native, number), entry in self.entries.items():
            told: dict[str, Json] = {
                "platform": platform,
                "level": native,
                "id": number,
                "digest": entry.digest,
            }
            if entry.also:
                told["also"] = dict(sorted(entry.also.items()))
            lines.append(still(json.dumps(told, ensure_ascii=False)))
        return "".join(f"{line}\n" for line in sorted(lines))

    def beside(self, before: Baseline, met: Container[Key]) -> Baseline:
        """The same, with what the one before has of objects that were not met."""
        kept = {key: entry for key, entry in before.entries.items() if key not in met}
        return Baseline({**kept, **self.entries})


def parse(text: str) -> Baseline:
    """Raises `BaselineLineError`."""
    entries: dict[Key, Entry] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
            also = {str(rule): str(mark) for rule, mark in found.get("also", {}).items()}
            key = (str(found["platform"]), str(found["level"]), str(found["id"]))
            entries[key] = Entry(str(found["digest"]), also)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BaselineLineError(number) from error
    return Baseline(entries)


def of(objects: Iterable[Observation]) -> Baseline:
    """A baseline of objects for what their names are."""
    return of_findings((seen, ()) for seen in objects)


def of_findings(wrong: Iterable[tuple[Observation, Iterable[Finding]]]) -> Baseline:
    """A baseline of everything that was found wrong."""
    entries: dict[Key, Entry] = {}
    for seen, found in wrong:
        also = {each.code: mark for each in found if (mark := facet(seen, each)) is not None}
        before = entries.get(key_of(seen))
        entries[key_of(seen)] = Entry(told_of(seen), {**(before.also if before else {}), **also})
    return Baseline(entries)
