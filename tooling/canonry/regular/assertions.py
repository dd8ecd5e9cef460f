r"""`^`, `$`, `\b` and `\B` wherever they stand.

Positions are split into those of word characters and those of others, so that for each pair of neighbours it
is known whether what must hold between them does. Until then each way into or out of a part carries the
assertions that it crossed, as bits.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from canonry.regular.budget import current
from canonry.regular.charset import WORD, CharSet
from canonry.regular.language import Language
from canonry.regular.positions import Fragment, Positions
from canonry.regular.subsets import determined
from canonry.regular.syntax import Alt, Assertion, Chars, Node, Repeat, Seq, UnsupportedPattern

_BITS: Final = {"^": 1, "$": 2, "b": 4, "B": 8}
_AT_START, _AT_END, _BOUNDARY, _INSIDE = 1, 2, 4, 8
_NOT_WORD: Final = ~WORD
_MAX_COPIES: Final = 2_000

Ways = dict[int, int]
"""Crossed assertions -> the positions reached so."""


class _Part(NamedTuple):
    nullable: frozenset[int]
    """The sets of assertions under which the part matches the empty string."""
    first: Ways
    last: Ways


_EMPTY: Final = _Part(frozenset((0,)), {}, {})
_NEVER: Final = _Part(frozenset(), {}, {})


def language(node: Node) -> Language:
    """The strings that a tree without lookarounds matches as a whole."""
    return Language([(0, None, determined(*_Guarded().whole(node)))])


def _add(ways: Ways, more: Iterable[tuple[int, int]]) -> None:
    for crossed, mask in more:
        ways[crossed] = ways.get(crossed, 0) | mask


class _Guarded:
    """Builds positions, and links neighbours only where what stands between them holds."""

    def __init__(self) -> None:
        self.positions = Positions(current())
        self.word = 0

    def whole(self, node: Node) -> tuple[Positions, Fragment]:
        part = self.build(node)
        first = last = 0
        for crossed, mask in part.first.items():
            first |= self._allowed(crossed & ~_AT_START, mask, before_is_word=False)
        for crossed, mask in part.last.items():
            last |= self._allowed(crossed & ~_AT_END, mask, before_is_word=False)
        nullable = any(not crossed & _BOUNDARY for crossed in part.nullable)
        return self.positions, Fragment(nullable, first, last)

    def _allowed(self, crossed: int, mask: int, *, before_is_word: bool) -> int:
        """Which positions of `mask` may stand beside a neighbour, with these assertions between them."""
        if crossed & (_AT_START | _AT_END):
            return 0
        unlike = mask & ~self.word if before_is_word else mask & self.word
        if crossed & _BOUNDARY:
            mask &= unlike
        if crossed & _INSIDE:
            mask &= ~unlike
        return mask

    def _link(self, left: Ways, right: Ways) -> None:
        for crossed_left, last in left.items():
            for crossed_right, first in right.items():
                crossed = crossed_left | crossed_right
                if not crossed:
                    self.positions.link(last, first)
                    continue
                for word in (True, False):
                    neighbours = last & self.word if word else last & ~self.word
                    self.positions.link(neighbours, self._allowed(crossed, first, before_is_word=word))

    def _chars(self, charset: CharSet) -> _Part:
        mask = 0
        for part, is_word in ((charset & WORD, True), (charset & _NOT_WORD, False)):
            if part:
                bit = self.positions.chars(part).first
                mask |= bit
                if is_word:
                    self.word |= bit
        return _Part(frozenset(), {0: mask}, {0: mask}) if mask else _NEVER

    def then(self, left: _Part, right: _Part) -> _Part:
        self._link(left.last, right.first)
        first, last = dict(left.first), dict(right.last)
        for crossed in left.nullable:
            _add(first, ((crossed | more, mask) for more, mask in right.first.items()))
        for crossed in right.nullable:
            _add(last, ((crossed | more, mask) for more, mask in left.last.items()))
        return _Part(frozenset(a | b for a in left.nullable for b in right.nullable), first, last)

    def build(self, node: Node) -> _Part:
        if isinstance(node, Chars):
            return self._chars(node.charset)
        if isinstance(node, Assertion):
            return _Part(frozenset((_BITS[node.kind],)), {}, {})
        if isinstance(node, Seq):
            result = _EMPTY
            for item in node.items:
                result = self.then(result, self.build(item))
            return result
        if isinstance(node, Alt):
            first: Ways = {}
            last: Ways = {}
            nullable: frozenset[int] = frozenset()
            for part in map(self.build, node.items):
                _add(first, part.first.items())
                _add(last, part.last.items())
                nullable |= part.nullable
            return _Part(nullable, first, last)
        if isinstance(node, Repeat):
            return self._repeat(node)
        raise TypeError("lookarounds must be resolved before positions are built")

    def _repeat(self, node: Repeat) -> _Part:
        result = _EMPTY
        copies = node.low if node.high is None else node.high
        if copies > _MAX_COPIES:
            raise UnsupportedPattern(f"more than {_MAX_COPIES:,} copies of a part with assertions")
        for _ in range(node.low):
            result = self.then(result, self.build(node.body))
        if node.high is None:
            return self.then(result, self._star(node.body))
        tail = _EMPTY
        for _ in range(node.high - node.low):
            part = self.then(self.build(node.body), tail)
            tail = part._replace(nullable=part.nullable | {0})
        return self.then(result, tail)

    def _star(self, body: Node) -> _Part:
        part = self.build(body)
        self._link(part.last, part.first)
        return part._replace(nullable=part.nullable | {0})
