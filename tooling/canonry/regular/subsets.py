"""Positions made deterministic, as far as they are explored."""

from canonry.regular.automaton import DEAD, FULL, NOTHING, STATE_COST, Automaton
from canonry.regular.bitmask import bits
from canonry.regular.positions import Fragment, Positions


class Subsets(Automaton):
    """The subset construction over positions; sets are bit masks."""

    __slots__ = ("_follow", "_last", "_masks", "_numbers", "_per_position", "_per_state", "_reach", "_sinks")

    def __init__(self, positions: Positions) -> None:
        """Position 0 is before the first character."""
        partition, self._masks = positions.classes()
        super().__init__(partition)
        self._follow = positions.follow
        self._last = positions.last
        self._sinks = positions.sinks()
        self._numbers: dict[int, int] = {0: DEAD}
        self._reach: list[int] = [0, 0]
        words = len(self._follow) // 64
        self._per_state = STATE_COST + partition.size * (1 + words // 16)
        self._per_position = 1 + words // 32
        self.start = self._number(1)

    def _number(self, mask: int) -> int:
        number = self._numbers.get(mask)
        if number is None:
            if mask & self._sinks:
                number = FULL
            else:
                number = self._new(
                    accepting=bool(mask & self._last),
                    weight=self._per_state + self._per_position * mask.bit_count(),
                )
                self._reach.append(mask)
            self._numbers[mask] = number
        return number

    def _expand(self, state: int) -> tuple[int, ...]:
        reached = 0
        for position in bits(self._reach[state]):
            reached |= self._follow[position]
        number = self._number
        return tuple([number(reached & allowed) for allowed in self._masks])


def determined(positions: Positions, part: Fragment) -> Automaton:
    """The deterministic automaton of positions whose whole is `part`."""
    if not part.nullable and not part.first:
        return NOTHING
    return Subsets(positions.finish(part))
