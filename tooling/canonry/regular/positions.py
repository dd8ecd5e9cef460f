"""Nondeterministic automata whose states are positions, each entered by one set of characters.

The construction is Glushkov's (1961): what may come first, what may come last, and what may follow each
position. Sets of positions are bit masks, so that a step of the subset construction is one `or` per position
and one `and` per class of characters.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from canonry.regular.bitmask import bits
from canonry.regular.budget import Budget
from canonry.regular.charset import ALL, CharSet, Partition, partition
from canonry.regular.syntax import EPSILON, Alt, Chars, Node, Repeat, Seq, alt, seq

MAX_POSITIONS: Final = 20_000
_FEW: Final = 8
"""More alternatives than this are searched for common beginnings."""
_MAX_FACTORED: Final = 40


class Fragment(NamedTuple):
    """A part of an automaton: may it be empty, and which positions begin and end it."""

    nullable: bool
    first: int
    last: int


NOTHING_READ: Final = Fragment(nullable=True, first=0, last=0)
IMPOSSIBLE: Final = Fragment(nullable=False, first=0, last=0)


class Positions:
    """The positions built so far. Position 0 is before the first character."""

    __slots__ = ("_budget", "charsets", "follow", "last")

    def __init__(self, budget: Budget) -> None:
        """Building draws on `budget`."""
        self.charsets: list[CharSet] = [ALL]
        self.follow: list[int] = [0]
        self.last = 0
        self._budget = budget

    def chars(self, charset: CharSet) -> Fragment:
        """A new position."""
        if not charset:
            return IMPOSSIBLE
        number = len(self.follow)
        if number > MAX_POSITIONS:
            self._budget.exhaust(f"an automaton of more than {MAX_POSITIONS:,} positions")
        self._budget.spend(1)
        self.charsets.append(charset)
        self.follow.append(0)
        return Fragment(nullable=False, first=1 << number, last=1 << number)

    def link(self, last: int, first: int) -> None:
        """Every position of `first` may follow every position of `last`."""
        if not first:
            return
        self._budget.spend(1 + last.bit_count() // 2)
        for position in bits(last):
            self.follow[position] |= first

    def then(self, left: Fragment, right: Fragment) -> Fragment:
        """One after the other."""
        if left is IMPOSSIBLE or right is IMPOSSIBLE:
            return IMPOSSIBLE
        self.link(left.last, right.first)
        return Fragment(
            nullable=left.nullable and right.nullable,
            first=left.first | right.first if left.nullable else left.first,
            last=left.last | right.last if right.nullable else right.last,
        )

    def either(self, parts: Iterable[Fragment]) -> Fragment:
        """Any of them."""
        nullable, first, last, possible = False, 0, 0, False
        for part in parts:
            if part is IMPOSSIBLE:
                continue
            possible = True
            nullable |= part.nullable
            first |= part.first
            last |= part.last
        return Fragment(nullable, first, last) if possible else IMPOSSIBLE

    def star(self, part: Fragment) -> Fragment:
        """Any number of times."""
        if part is IMPOSSIBLE:
            return NOTHING_READ
        self.link(part.last, part.first)
        return Fragment(nullable=True, first=part.first, last=part.last)

    def repeat(self, build: Callable[[], Fragment], low: int, high: int | None) -> Fragment:
        """From `low` to `high` copies; each call of `build` makes one."""
        result = NOTHING_READ
        for _ in range(max(low - 1, 0) if high is None else low):
            result = self.then(result, build())
            if result is IMPOSSIBLE:
                return IMPOSSIBLE
            if not result.first:
                break  # copies of the empty string are one
        if high is None:
            part = build()
            looped = self.star(part)
            if low:
                looped = part if part is IMPOSSIBLE else part._replace(nullable=part.nullable)
            return self.then(result, looped)
        # x{0,3} as (x(x(x)?)?)?: each position is followed by one more copy only, so that sets stay small
        first, last, ends, enters = result.first, result.last, result.last, result.nullable
        for _ in range(high - low):
            part = build()
            if not part.first:
                break
            self.link(ends, part.first)
            if enters:
                first, enters = first | part.first, False
            ends = part.last
            last |= ends
        return Fragment(result.nullable, first, last)

    def build(self, node: Node) -> Fragment:
        """The positions of a tree without assertions and lookarounds."""
        kind = type(node)
        if kind is Chars:
            return self.chars(node.charset)  # type: ignore[union-attr]  # a NamedTuple's type, told by identity
        if kind is Seq:
            result = NOTHING_READ
            for item in node.items:  # type: ignore[union-attr]  # as above
                part = self.build(item)
                result = part if result is NOTHING_READ else self.then(result, part)
            return result
        if isinstance(node, Alt):
            items = factored(node.items, 0) if len(node.items) > _FEW else node.items
            return self.either([self.build(item) for item in items])
        if isinstance(node, Repeat):
            body = node.body
            return self.repeat(lambda: self.build(body), node.low, node.high)
        raise TypeError(f"{kind.__name__} must be resolved before positions are built")

    def finish(self, part: Fragment) -> "Positions":
        """These positions with `part` as the whole."""
        self.follow[0] = part.first
        self.last = part.last | part.nullable
        return self

    def classes(self) -> tuple[Partition, list[int]]:
        """The partition of the alphabet, and for each class the positions that it may enter."""
        entered: dict[CharSet, int] = {}
        bit = 1
        for charset in self.charsets[1:]:
            bit <<= 1
            entered[charset] = entered.get(charset, 0) | bit
        self._budget.spend(sum(len(charset.ranges) for charset in entered))
        parts, members = partition(entered)
        masks = list(entered.values())
        self._budget.spend(len(members) * len(masks) // 4)
        result = []
        for member in members:
            mask = 0
            for index in bits(member):
                mask |= masks[index]
            result.append(mask)
        return parts, result

    def sinks(self) -> int:
        """Positions from which every string is accepted."""
        mask = 0
        for number, charset in enumerate(self.charsets):
            if charset is ALL and self.follow[number] >> number & self.last >> number & 1:
                mask |= 1 << number
        return mask


def factored(items: Sequence[Node], depth: int) -> Sequence[Node]:
    """The alternatives with common beginnings taken out, as `a(b|c)` for `ab|ac`: fewer positions."""
    if depth > _MAX_FACTORED:
        return items
    groups: dict[Node, list[tuple[Node, ...]]] = {}
    for item in items:
        parts = item.items if isinstance(item, Seq) else (item,)
        groups.setdefault(parts[0] if parts else item, []).append(parts)
    result: list[Node] = []
    for first, group in groups.items():
        if len(group) == 1 or first == EPSILON:
            result.append(seq(group[0]))
            continue
        common = 1
        shortest = min(map(len, group))
        while common < shortest and all(parts[common] == group[0][common] for parts in group):
            common += 1
        rests = factored([seq(parts[common:]) for parts in group], depth + 1)
        result.append(seq((*group[0][:common], alt(rests))))
    return result
