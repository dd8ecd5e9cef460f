"""Trees without assertions and lookarounds -> languages, by the cheapest form that is exact.

Few words stay words. A repetition whose neighbours all have a fixed width becomes an interval of lengths:
`[a-z][a-z0-9]{0,39}` is `[a-z][a-z0-9]*` of 1 to 40 characters. The rest becomes positions.
"""

from itertools import product
from typing import Final

from canonry.regular.automaton import Automaton
from canonry.regular.budget import current
from canonry.regular.charset import ALL
from canonry.regular.language import ANY, EMPTY, Language, sliced, words
from canonry.regular.positions import MAX_POSITIONS, Positions
from canonry.regular.subsets import determined
from canonry.regular.syntax import Alt, Chars, Node, Repeat, Seq, UnsupportedPattern, seq

ANYTHING: Final = Repeat(Chars(ALL), 0, None)
_COUNTED: Final = 4
"""A repetition that unfolds to more positions than this becomes an interval of lengths where it can."""
_PRODUCT: Final = 256
"""So many combinations of words are spelt out; alternatives side by side may be more."""
_WORDS: Final = 20_000
_WIDE: Final = 200
_FEW_BRANCHES: Final = 8


def language(node: Node) -> Language:
    """The strings that a tree matches as a whole."""
    if node == ANYTHING:
        return ANY
    few = _few(node)
    if few is not None:
        return words(few)
    interval = _interval(node)
    if interval is not None:
        loosened, low, high = interval
        return sliced(_automaton(loosened), low, high)
    if isinstance(node, Alt) and len(node.items) <= _FEW_BRANCHES and size(node) > _WIDE:
        result = EMPTY
        for item in node.items:
            result |= language(item)
        return result
    return Language([(0, None, _automaton(node))])


def _automaton(node: Node) -> Automaton:
    if size(node) > MAX_POSITIONS:
        raise UnsupportedPattern(f"the pattern unfolds to more than {MAX_POSITIONS:,} positions")
    positions = Positions(current())
    return determined(positions, positions.build(node))


def size(node: Node) -> int:
    """How many positions a tree unfolds to."""
    if isinstance(node, Chars):
        return 1
    if isinstance(node, Seq | Alt):
        return sum(map(size, node.items))
    if isinstance(node, Repeat):
        return size(node.body) * max(node.low, node.high or 1, 1)
    raise TypeError("assertions and lookarounds must be resolved before")


def width(node: Node) -> int | None:
    """How many characters each match of a tree has; None where they differ."""
    if isinstance(node, Chars):
        return 1
    if isinstance(node, Seq):
        total = 0
        for item in node.items:
            found = width(item)
            if found is None:
                return None
            total += found
        return total
    if isinstance(node, Alt):
        first = width(node.items[0])
        return first if all(width(item) == first for item in node.items[1:]) else None
    if isinstance(node, Repeat) and node.low == node.high:
        found = width(node.body)
        return None if found is None else found * node.low
    return None


def _interval(node: Node) -> tuple[Node, int, int | None] | None:
    """The tree with one count left out, and the lengths that make up for it."""
    items = node.items if isinstance(node, Seq) else (node,)
    widths = [width(item) for item in items]
    varying = [index for index, found in enumerate(widths) if found is None]
    if len(varying) > 1:
        return None
    counted = [
        (size(item), index, item)
        for index, item in enumerate(items)
        if isinstance(item, Repeat) and width(item.body) and (not varying or index in varying)
    ]
    if not counted or max(counted)[0] <= _COUNTED:
        return None
    _, index, repeated = max(counted)
    step = width(repeated.body) or 0
    fixed = sum(found or 0 for found in widths) - (widths[index] or 0)
    loosened = seq((*items[:index], Repeat(repeated.body, 0, None), *items[index + 1 :]))
    high = None if repeated.high is None else fixed + step * repeated.high
    return loosened, fixed + step * repeated.low, high


def _few(node: Node) -> frozenset[str] | None:
    """The words of a tree that stands for few; None where it does not."""
    if isinstance(node, Chars):
        ranges = node.charset.ranges
        if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
            return frozenset((chr(ranges[0][0]),))
        return None if ranges else frozenset()
    if isinstance(node, Alt):
        found: set[str] = set()
        for item in node.items:
            few = _few(item)
            if few is None:
                return None
            found |= few
        return frozenset(found)
    if isinstance(node, Repeat):
        if (node.low, node.high) != (0, 1):
            return None
        few = _few(node.body)
        return None if few is None else few | {""}
    if isinstance(node, Seq):
        return _few_in_sequence(node)
    return None


def _few_in_sequence(node: Seq) -> frozenset[str] | None:
    parts: list[frozenset[str]] = []
    total = 1
    run: list[str] = []
    for item in node.items:
        few = _few(item)
        if few is None:
            return None
        if len(few) == 1:
            run.append(next(iter(few)))
            continue
        parts += [frozenset(("".join(run),)), few]
        run = []
        total *= len(few)
        if total > (_WORDS if len(parts) <= len(("before", "words")) else _PRODUCT):
            return None
    parts.append(frozenset(("".join(run),)))
    current().spend(total)
    return frozenset(map("".join, product(*parts)))
