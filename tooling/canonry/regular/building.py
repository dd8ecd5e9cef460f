"""Languages made of others: one after the other, one or another, again and again."""

from collections.abc import Callable
from functools import lru_cache

from canonry.regular.budget import Budget, current
from canonry.regular.charset import CharSet
from canonry.regular.graph import Graph, embed, explore
from canonry.regular.language import EMPTY, Language, words
from canonry.regular.positions import NOTHING_READ, Fragment, Positions
from canonry.regular.subsets import determined


def literal(text: str) -> Language:
    """Exactly this string."""
    return words((text,))


@lru_cache(maxsize=1024)
def characters(charset: CharSet) -> Language:
    """All strings of one character of a set."""
    positions = Positions(Budget())  # of its own: what is remembered must not depend on who asked first
    return Language([(0, None, determined(positions, positions.chars(charset)))])


def _built(build: Callable[[Positions], Fragment]) -> Language:
    positions = Positions(current())
    return Language([(0, None, determined(positions, build(positions)))])


def _graph(language: Language) -> Graph:
    return explore(language.plain(), current())


def concat(*parts: Language) -> Language:
    """One member of each, one after the other."""
    spelt = [part.spelt for part in parts]
    if all(known is not None and len(known) == 1 for known in spelt):
        return literal("".join(word for known in spelt if known is not None for word in known))

    def build(positions: Positions) -> Fragment:
        result = NOTHING_READ
        for part in parts:
            result = positions.then(result, embed(_graph(part), positions))
        return result

    return _built(build)


def union(*parts: Language) -> Language:
    """Every member of any."""
    pending = list(parts) or [EMPTY]
    while len(pending) > 1:  # in pairs, so that what is stacked stays low
        pending = [
            pending[index] | pending[index + 1] if index + 1 < len(pending) else pending[index]
            for index in range(0, len(pending), 2)
        ]
    return pending[0]


def optional(part: Language) -> Language:
    """The empty string, and every member."""
    return part | literal("")


def star(part: Language) -> Language:
    """Any number of members, one after the other."""
    return repeat(part, 0, None)


def repeat(part: Language, low: int, high: int | None = None) -> Language:
    """From `low` to `high` members, one after the other (None: no end)."""
    if high is not None and high < low:
        return EMPTY
    graph = _graph(part)
    return _built(lambda positions: positions.repeat(lambda: embed(graph, positions), low, high))
