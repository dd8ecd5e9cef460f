"""Positions made deterministic, as far as they are explored."""

from canonry.regular.automaton import DEAD, FULL, NOTHING, STATE_COST, Automaton
from canonry.regular.positions import Fragment, Positions


class Subsets(Automaton):
    """The subset construction over positions; sets are bit masks."""

    __slots__ = ("_follow", "_last", "_masks", "_numbers", "_reach", "_sinks", "_step")

    def __init__(self, positions: Positions) -> None:
        """Position 0 is before the first character."""
        partition, self._masks = positions.classes()
        super().__init__(partition)
        self._follow = positions.follow
        self._last = positions.last
        self._sinks = positions.sinks()
        self._numbers: dict[int, int] = {0: DEAD}
        self._reach: list[int] = [0, 0]
        self._step = STATE_COST + partition.size + len(self._follow) // 64
        self.start = self._number(1)

    def _number(self, mask: int) -> int:
        number = self._numbers.get(mask)
        if number is None:
            if mask & self._sinks:
                number = FULL
            else:
                number = self._new(accepting=bool(mask & self._last), weight=self._step + mask.bit_count())
                self._reach.append(mask)
            self._numbers[mask] = number
        return number

    def _expand(self, state: int) -> tuple[int, ...]:
        mask = self._reach[state]
        follow = self._follow
        reached = 0
        while mask:
            low = mask & -mask
            reached |= follow[low.bit_length() - 1]
            mask ^= low
        number = self._number
        return tuple([number(reached & allowed) for allowed in self._masks])


def determined(positions: Positions, part: Fragment) -> Automaton:
    """The deterministic automaton of positions whose whole is `part`."""
    if not part.nullable and not part.first:
        return NOTHING
    return Subsets(positions.finish(part))
