"""Patterns for Python's `re` that never go back: what they match, the pattern matches, in linear time.

Every repetition is possessive and every choice atomic, so some texts of the language are missed: `.*x` finds
nothing, since `.*` has eaten the x. Nothing is ever matched that is not in the language. Whoever uses such a
pattern asks something exact about the texts that it misses.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from canonry.kernel.errors import CanonryError
from canonry.regular import charset as cs
from canonry.regular.charset import CharSet
from canonry.regular.parser import parse
from canonry.regular.patterns import searched
from canonry.regular.shared import shared_subset
from canonry.regular.syntax import Alt, Chars, Node, Repeat, Seq

MAX_COUNT: Final = 10_000
_WIDEST: Final = cs.LAST


class Atomic(NamedTuple):
    """A pattern for `re`, and how many characters its texts have."""

    text: str
    shortest: int
    longest: int | None


@lru_cache(maxsize=4096)
def atomic(text: str, within: CharSet, most: int | None = None) -> Atomic | None:
    """The pattern for `re` of texts that match `text` and have characters of `within` only; where that is
    easily said, `most` at most. None where the pattern is none that every engine reads alike, or where it
    looks at what it does not consume.
    """
    try:
        if shared_subset(text):
            return None
        node = searched(parse(text))
        if node is None:
            return None
        node = _limited(node, most)
        return Atomic(_written(node, within), *lengths(node))
    except (CanonryError, _UnwrittenError):
        return None


class _UnwrittenError(Exception):
    pass


def _limited(node: Node, most: int | None) -> Node:
    """The tree with what repeats last limited, where all before it has a fixed length."""
    items = node.items if isinstance(node, Seq) else (node,)
    last = items[-1] if items else None
    if most is None or not isinstance(last, Repeat) or not isinstance(last.body, Chars):
        return node
    fixed, longest = lengths(Seq(items[:-1]))
    if fixed != longest or most - fixed < max(last.low, 1) or (last.high or most) <= most - fixed:
        return node
    return Seq((*items[:-1], Repeat(last.body, last.low, most - fixed)))


def one_of(charset: CharSet) -> str:
    """A character class of `re`. Raises `ValueError` where there is no such character."""
    ranges = charset.ranges
    if not ranges:
        raise ValueError("an empty class")
    inverted = ranges[-1][1] == _WIDEST
    if inverted:
        ranges = (~charset).ranges
        if not ranges:
            return "[\\s\\S]"
    if not inverted and ranges[0][0] == ranges[-1][1]:
        return _point(ranges[0][0])
    parts = "".join(_point(low) if low == high else f"{_point(low)}-{_point(high)}" for low, high in ranges)
    return f"[{'^' if inverted else ''}{parts}]"


def _point(point: int) -> str:
    char = chr(point)
    if char.isascii() and char.isalnum():
        return char
    return f"\\x{point:02x}" if point < 0x100 else f"\\U{point:08x}"  # noqa: PLR2004  \x has two digits


def times(low: int, high: int | None) -> str:
    """A possessive quantifier."""
    if (low, high) in _SHORT:
        return _SHORT[low, high]
    return f"{{{low},{'' if high is None else high}}}+"


_SHORT: Final = {(0, None): "*+", (1, None): "++", (0, 1): "?+", (1, 1): ""}


def lengths(node: Node) -> tuple[int, int | None]:
    """How many characters a text of the tree has, least and most."""
    if isinstance(node, Chars):
        return 1, 1
    if isinstance(node, Repeat):
        low, high = lengths(node.body)
        most = 0 if high == 0 else None if high is None or node.high is None else high * node.high
        return low * node.low, most
    if not isinstance(node, Seq | Alt):
        raise _UnwrittenError
    parts = [lengths(item) for item in node.items]
    highs = [high for _, high in parts]
    known = [high for high in highs if high is not None]
    bounded = len(known) == len(highs)
    if isinstance(node, Seq):
        return sum(low for low, _ in parts), sum(known) if bounded else None
    return min(low for low, _ in parts), max(known) if bounded else None


def _written(node: Node, within: CharSet) -> str:
    if isinstance(node, Chars):
        if not (inside := node.charset & within):
            raise _UnwrittenError
        return one_of(inside)
    if isinstance(node, Seq):
        return "".join(_written(item, within) for item in node.items)
    if isinstance(node, Alt):
        return _choice(node, within, "")
    if not isinstance(node, Repeat) or max(node.low, node.high or 0) > MAX_COUNT:
        raise _UnwrittenError
    quantifier = times(node.low, node.high)
    if isinstance(node.body, Chars):
        return _written(node.body, within) + quantifier
    if lengths(node.body)[0] == 0:  # a repetition of nothing: engines differ in when they leave it
        raise _UnwrittenError
    run = (
        "++" if (node.low, node.high) in ((0, None), (1, None)) else ""
    )  # (x|yz)* is (x+|yz)*, in fewer steps
    body = _choice(node.body, within, run) if isinstance(node.body, Alt) else _written(node.body, within)
    return f"(?:{body}){quantifier}"


def _choice(node: Alt, within: CharSet, run: str) -> str:
    """The branches that have a text within; those that may be empty last, or no other would be tried."""
    branches = []
    for item in sorted(node.items, key=lambda item: lengths(item)[0] == 0):
        try:
            branches.append(_written(item, within) + (run if isinstance(item, Chars) else ""))
        except _UnwrittenError:
            continue
    if not branches:
        raise _UnwrittenError
    return f"(?>{'|'.join(branches)})"
