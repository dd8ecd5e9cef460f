"""One thing wrong: what, where, whose, and what to do about it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Generic, Self, TypeVar

from canonry.kernel.jsonvalue import Json

T = TypeVar("T")


class Level(IntEnum):
    """How bad a finding is; ordered, so that `--fail-on` is a comparison."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `KeyError` for anything but error, warning, note."""
        return cls[text.upper()]

    @property
    def word(self) -> str:
        """The level as people and JSON read it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding is: a file of the tree, a line from 1 (0: the whole file) and a JSON Pointer."""

    path: str
    line: int = 0
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong. `code` and `name` are those of its rule; `level` is set by policy.

    `values` are what the fingerprint is made of beside code and place; wording never is, so that a better
    message does not lose an acceptance. `undecided` marks what could not be judged.
    """

    code: str
    name: str
    level: Level
    message: str
    place: Place
    owner: str = ""
    suggestion: str = ""
    witness: Json = None
    subject: str = ""
    beside: str = ""
    """A second subject that it is of just as much: the fingerprint is the same whichever is called first."""
    values: tuple[str, ...] = ()
    undecided: bool = False
    details: Mapping[str, Json] = field(default_factory=dict)
    _fingerprint: str = field(default="", init=False, repr=False, compare=False)

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits over rule, place (without line) and values."""
        if not self._fingerprint:
            import hashlib  # a tenth of what reading one link may take

            subjects = (
                sorted((self.subject, self.beside)) if self.beside else [self.subject or self.place.path]
            )
            parts = [self.code, *subjects, self.place.pointer, *self.values]
            digest = hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()
            object.__setattr__(self, "_fingerprint", digest[:16])  # asked for by every step of a report
        return self._fingerprint

    def at_level(self, level: Level) -> "Finding":
        """The same finding, judged differently."""
        return self if level is self.level else self._same(replace(self, level=level))

    def having(self, **details: Json) -> "Finding":
        """The same finding with more to say in JSON: effect, who is hurt, readings."""
        return self.telling({**self.details, **details})

    def telling(self, details: Mapping[str, Json]) -> "Finding":
        """The same finding with other details."""
        return self._same(replace(self, details=details))

    def _same(self, other: "Finding") -> "Finding":
        """The other, which has this one's rule, subjects, place and values, and so its fingerprint."""
        object.__setattr__(other, "_fingerprint", self._fingerprint)
        return other

    @property
    def sort_key(self) -> tuple[str, int, str, str, str]:
        """File order, then rule: the order in which reports list findings."""
        return (self.place.path, self.place.line, self.place.pointer, self.code, self.message)

    def to_json(self) -> dict[str, Json]:
        """The public JSON form."""
        document: dict[str, Json] = {
            "code": self.code,
            "name": self.name,
            "level": self.level.word,
            "message": self.message,
            "place": {"path": self.place.path, "line": self.place.line, "pointer": self.place.pointer},
            "owner": self.owner or None,
            "suggestion": self.suggestion or None,
            "witness": self.witness,
            "fingerprint": self.fingerprint,
        }
        if self.subject:
            document["subject"] = self.subject
        if self.undecided:
            document["undecided"] = True
        document.update(self.details)
        return document


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """A result and everything wrong with its input; callers cannot take one and miss the other."""

    value: T
    problems: tuple[Finding, ...]


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings as reports list them: by file, line and pointer, each once."""
    unique: dict[object, Finding] = {}
    for each in findings:
        mark = each.fingerprint
        known = unique.get(mark)
        if known is None or (known.place, known.message) == (each.place, each.message):
            unique[mark] = each
        else:  # of one fingerprint, and told otherwise
            unique[mark, each.place, each.message] = each
    found = list(unique.values())
    del unique  # sorting takes as much again
    found.sort(key=lambda finding: finding.sort_key)
    return tuple(found)
