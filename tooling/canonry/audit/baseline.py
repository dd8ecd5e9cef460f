"""The mess that was there before: what a baseline names is counted in one line, until it changes.

`registry/baseline.jsonl` has one sorted line per object: platform, level, id, digest of its name. Names are
not in it, so that it holds nothing that anybody could mind.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Final

from canonry.audit.drift import subject_of
from canonry.audit.observation import Level, Observation
from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import still
from canonry.naming.personal import masked

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
    """Platform, level and id; tags and links without an id are known by a digest."""
    if seen.id and seen.level is not Level.TAGS:
        native = "link" if seen.level is Level.LINK else masked(seen.native)
        return (masked(seen.platform), native, masked(seen.id))
    platform, native, subject = subject_of(seen).split("/", 2)
    return (platform, native, subject)


def told_of(seen: Observation) -> str:
    """What must not change: the name, the address or the tags."""
    if seen.level is Level.LINK:
        return digest(seen.value)
    if seen.params and seen.level is Level.TAGS:
        return digest("&".join(f"{key}={value}" for key, value in sorted(seen.params.items())))
    return digest(seen.name)


class Baseline:
    """What is grandfathered."""

    def __init__(self, entries: Mapping[Key, str] | None = None) -> None:
        self.entries: dict[Key, str] = dict(entries or {})

    def __len__(self) -> int:
        return len(self.entries)

    def shields(self, seen: Observation) -> bool:
        """Whether the object stands in it unchanged."""
        if not self.entries:
            return False
        known = self.entries.get(key_of(seen))
        return known is not None and known == told_of(seen)

    def text(self) -> str:
        """The file: sorted lines."""
        lines = [
            still(json.dumps({"platform": p, "level": n, "id": i, "digest": d}, ensure_ascii=False))
            for (p, n, i), d in sorted(self.entries.items())
        ]
        return "".join(f"{line}\n" for line in lines)


def parse(text: str) -> Baseline:
    """Raises `BaselineLineError`."""
    entries: dict[Key, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
            entries[str(found["platform"]), str(found["level"]), str(found["id"])] = str(found["digest"])
        except (ValueError, KeyError, TypeError) as error:
            raise BaselineLineError(number) from error
    return Baseline(entries)


def of(objects: Iterable[Observation]) -> Baseline:
    """A baseline of everything that was found wrong."""
    return Baseline({key_of(seen): told_of(seen) for seen in objects})
