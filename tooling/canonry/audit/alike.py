"""Things of one source that have something in common which only one of them should have: a name, a rule."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from canonry.audit.observation import Observation


class Sharers:
    """Gathers things by what they share; who shares with whom is told when all are known.

    The thing with the lowest id, which mostly is the oldest, is what the others are told beside, so that the
    same things are told in the same pairs whatever order they came in.
    """

    def __init__(self) -> None:
        self._first: dict[Hashable, tuple[Observation, str]] = {}
        self._several: dict[Hashable, dict[str, tuple[Observation, str]]] = {}

    def add(self, shared: Hashable, seen: Observation, owner: str) -> None:
        """A thing and its owner. One that comes again is the same."""
        first = self._first.setdefault(shared, (seen, owner))
        number, before = seen.id or seen.name, first[0].id or first[0].name
        if number != before:
            self._several.setdefault(shared, {before: first}).setdefault(number, (seen, owner))

    def pairs(self) -> Iterator[tuple[Observation, str, Observation]]:
        """Each thing that shares with one of a lower id, its owner, and that of the lowest."""
        for several in self._several.values():
            lowest, *others = sorted(several, key=lambda number: (len(number), number))
            for number in others:
                yield (*several[number], several[lowest][0])
