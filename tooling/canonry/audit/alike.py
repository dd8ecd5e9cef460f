"""Things of one source that have something in common which only one of them should have: a name, a rule."""

from __future__ import annotations

from collections.abc import Iterator

from canonry.audit.observation import Observation

Shared = tuple[str, ...]
"""What things have in common: account, level, parent and name."""


class Sharers:
    """Gathers things by what they share; who shares with whom is told when all are known.

    The thing with the lowest id, which mostly is the oldest, is what the others are told beside, so that the
    same things are told in the same pairs whatever order they came in.
    """

    def __init__(self) -> None:
        self.first: dict[Shared, Observation] = {}
        """What came first of those that share something."""
        self._owners: dict[Shared, str] = {}
        self._several: dict[Shared, dict[str, tuple[Observation, str]]] = {}

    def add(self, shared: Shared, seen: Observation, owner: str) -> None:
        """A thing and its owner. One that comes again is the same."""
        first = self.first.setdefault(shared, seen)
        if first is seen:
            if owner:
                self._owners[shared] = owner
            return
        number, before = seen.id or seen.name, first.id or first.name
        if number != before:
            group = self._several.setdefault(shared, {before: (first, self._owners.get(shared, ""))})
            group.setdefault(number, (seen, owner))

    def pairs(self) -> Iterator[tuple[Observation, str, Observation]]:
        """Each thing that shares with one of a lower id, its owner, and that of the lowest."""
        for several in self._several.values():
            lowest, *others = sorted(several, key=lambda number: (len(number), number))
            for number in others:
                yield (*several[number], several[lowest][0])
