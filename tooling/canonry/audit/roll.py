"""What the objects of one source are called: who shares a name with whom, and what the history is told.

Objects come by the million, so they lie on a shelf; beside it stand 64 bits of what each shares and of what
it is known by. What has the same bits is taken from the shelf and looked at.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise

from canonry.audit.alike import Shared, Sharers
from canonry.audit.baseline import key_of, told_of
from canonry.audit.observation import GONE, Observation
from canonry.audit.shelf import Shelf


def sharing(seen: Observation) -> Shared:
    """What only one object should have: account, level, parent and name."""
    under = list(seen.parents.values())[-1] if seen.parents else ""
    return (seen.account, seen.native, under, seen.name)


class Roll:
    """Objects with an id and a name, as they come."""

    def __init__(self) -> None:
        self._shelf = Shelf()
        self.known = array("q")
        """64 bits of what each is known by."""
        self._shared = array("q")
        """Of what those share that are still there, in order."""
        self._places = array("L")
        """Where each of these stands on the shelf."""
        self.contested: set[str] = set()
        """What turned out to share something: it was not right under its name."""

    def enter(self, seen: Observation, owner: str = "", *, right: bool, shares: bool = True) -> None:
        """An object, its owner, and whether nothing was wrong with its name.

        `shares`: whether it is held against others that have its name.
        """
        if shares and seen.status not in GONE:  # its name may be that of what is there
            self._places.append(len(self.known))
            self._shared.append(hash(sharing(seen)))
        self.known.append(hash((seen.platform, seen.native, seen.id)))
        self._shelf.put(seen, owner, mark=right)

    def pairs(self) -> Iterator[tuple[Observation, str, Observation]]:
        """Objects that share a name, as `Sharers.pairs` tells them."""
        again = repeated([self._shared])
        sharers = Sharers()
        places = (place for place, mark in zip(self._places, self._shared, strict=True) if mark in again)
        for seen, owner, _ in self._shelf.at(places) if again else ():
            sharers.add(sharing(seen), seen, owner)
        return sharers.pairs()

    def first(self) -> dict[Shared, str]:
        """Of those that share something the id of the first."""
        found: dict[Shared, str] = {}
        for seen, _, _ in self._shelf.at(self._places):
            found.setdefault(sharing(seen), seen.id)
        return found

    def names(self) -> Iterator[tuple[str, str, bool, int]]:
        """What each is known by, the digest of its name, whether that was right, and a mark of the first."""
        for mark, (seen, _, right) in zip(self.known, self._shelf, strict=True):
            key = "/".join(key_of(seen))
            yield key, told_of(seen), right and key not in self.contested, mark


def names(rolls: Iterable[Roll]) -> Iterator[tuple[str, tuple[str, bool]]]:
    """What everything is called, by what it is known by; of what came twice, what came last."""
    listed = list(rolls)
    again = repeated([roll.known for roll in listed])
    latest: dict[str, tuple[str, bool]] = {}
    for roll in listed:
        for key, digest, right, mark in roll.names():
            if mark in again:
                latest[key] = (digest, right)
            else:
                yield key, (digest, right)
    yield from latest.items()


def repeated(columns: Iterable[array[int]]) -> frozenset[int]:
    """The marks that stand in columns more than once."""
    ordered = sorted(mark for column in columns for mark in column)
    return frozenset(mark for mark, following in pairwise(ordered) if mark == following)
