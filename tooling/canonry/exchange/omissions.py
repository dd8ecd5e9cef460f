"""What a form cannot express, counted and named: nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Omission:
    """Something that was left out: what, why, and of which contracts or places."""

    what: str
    why: str
    of: tuple[str, ...] = ()


@dataclass(slots=True)
class Omissions:
    """Collects omissions of one kind under one sentence."""

    found: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)

    def add(self, what: str, why: str, of: str) -> None:
        """One more."""
        self.found.setdefault((what, why), {})[of] = None

    def listed(self) -> tuple[Omission, ...]:
        """Sorted, each with everything that it happened to."""
        return tuple(Omission(what, why, tuple(of)) for (what, why), of in sorted(self.found.items()))


@dataclass(frozen=True, slots=True)
class Exported:
    """Files by name, and what they could not hold."""

    files: Mapping[str, bytes]
    omitted: tuple[Omission, ...]


def unsaid(omissions: Omissions, contract: str, meta: Mapping[str, object], says: Iterable[str]) -> None:
    """Notes what `x-contract` says and the form does not. `says`: the keys that it does say."""
    words = {
        "consent": "consent per destination",
        "trigger": "when it fires",
        "suppression": "when it must not be sent",
        "producers": "who sends it",
        "consumers": "who rests on it",
        "identity": "what identifies it",
        "owner": "owner and backup owner",
        "sunset": "its sunset and what replaces it",
        "compatibility": "how it must stay compatible",
    }
    known = set(says)
    for key, word in words.items():
        if key not in known and meta.get(key):
            omissions.add(word, "the form has no place for it", contract)
