"""Pattern text -> language, as JSON Schema reads it: searched anywhere, `^` and `$` only at the ends."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from canonry.regular import assertions, lookaround, trees
from canonry.regular.budget import Budget, BudgetExceeded, current, spending
from canonry.regular.language import Language
from canonry.regular.lookaround import contains
from canonry.regular.parser import parse
from canonry.regular.syntax import (
    Alt,
    Assertion,
    Look,
    Node,
    Repeat,
    Seq,
    UnsupportedPattern,
    alt,
    seq,
)
from canonry.regular.trees import ANYTHING

MAX_PATTERN: Final = 200_000
"""Characters of a pattern; a longer one is not read."""
COMPILING_STEPS: Final = 1_000_000
"""What reading one pattern may cost: a tenth of a second, most of it memory."""

_START: Final = Assertion("^")
_END: Final = Assertion("$")


class _Compiled(NamedTuple):
    language: Language | None
    reason: str
    cost: int


def pattern(text: str, *, anchored: bool = False) -> Language:
    """The strings in which a pattern finds a match; with `anchored`, those that it matches as a whole.

    Raises `PatternSyntaxError` for text that is no pattern, `UnsupportedPattern` for one that is not decided,
    `BudgetExceeded` where the active budget is spent.
    """
    found = _compiled(text, anchored)
    current().spend(found.cost)
    if found.language is None:
        raise UnsupportedPattern(found.reason)
    return found.language


@lru_cache(maxsize=8192)
def _compiled(text: str, anchored: bool) -> _Compiled:  # noqa: FBT001  # positional: the cache's key is smaller
    """Compiled under a budget of its own, so that what is remembered does not depend on who asked first."""
    if len(text) > MAX_PATTERN:
        return _Compiled(None, f"a pattern of more than {MAX_PATTERN:,} characters", 1)
    budget = Budget(COMPILING_STEPS)
    try:
        budget.spend(1 + len(text))
        node = parse(text)
        with spending(budget):
            return _Compiled(_language(node, anchored=anchored), "", budget.spent)
    except UnsupportedPattern as error:
        return _Compiled(None, error.reason, budget.spent)
    except BudgetExceeded:
        return _Compiled(None, "the pattern is too large to decide", budget.spent)


def _language(node: Node, *, anchored: bool) -> Language:
    bare = not contains(node, (Assertion, Look))
    plain = searched(node) if not anchored else node if bare else None
    if plain is not None:
        return trees.language(plain)
    whole = node if anchored else Seq((ANYTHING, node, ANYTHING))
    if contains(node, (Look,)):
        return lookaround.language(whole)
    return assertions.language(whole)


def searched(node: Node) -> Node | None:
    """The tree of the whole strings in which `node` is found; None where assertions are not at the ends."""
    branches = []
    for branch in node.items if isinstance(node, Alt) else (node,):
        items = list(branch.items if isinstance(branch, Seq) else (branch,))
        from_start = to_end = False
        while items and items[0] == _START:
            from_start = True
            items.pop(0)
        while items and items[-1] == _END:
            to_end = True
            items.pop()
        if any(contains(item, (Assertion, Look)) for item in items):
            inner = searched(items[0]) if len(items) == 1 and isinstance(items[0], Alt) else None
            if inner is None or from_start or to_end:
                return None
            branches.append(inner)
            continue
        if not from_start:
            items = [ANYTHING, *_loosened(items)]
        if not to_end:
            items = [*_loosened(items[::-1])[::-1], ANYTHING]
            if items == [ANYTHING, ANYTHING]:
                items.pop()
        branches.append(seq(items))
    return ANYTHING if ANYTHING in branches else alt(branches)


def _loosened(items: Sequence[Node]) -> list[Node]:
    """What must still be found where anything may stand before: of `x{2,5}` at the beginning, `x{2}`."""
    for index, item in enumerate(items):
        if not isinstance(item, Repeat) or item == ANYTHING:
            return list(items[index:])
        if item.low:
            found = item.body if item.low == 1 else Repeat(item.body, item.low, item.low)
            return [found, *items[index + 1 :]]
    return []
