"""Languages of fields as `canonry.regular` values, and as automata that the compiled table carries.

Contract patterns never reach Python's `re`: they become automata here, which read a text in one pass.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, Final

from canonry import regular
from canonry.naming.codec import ID_ALPHABET
from canonry.regular.automaton import Table
from canonry.regular.charset import CharSet, partition
from canonry.regular.graph import explore

MAX_STATES: Final = 2000
"""An automaton of more states is not put into a table."""

ID_LENGTH: Final = 6

_ASCII: Final = CharSet([(0, 0x7F)])


class AutomatonTooLarge(Exception):  # noqa: N818 -- an answer, not a mistake
    """The pattern needs more states than a table may carry."""


@lru_cache(maxsize=4096)
def _matching(patterns: tuple[str, ...], nots: tuple[str, ...]) -> regular.Language:
    language = regular.ANY
    for text in patterns:
        language &= regular.pattern(text)
    for text in nots:
        language -= regular.pattern(text)
    return language


def matching(patterns: Iterable[str], nots: Iterable[str] = ()) -> regular.Language:
    """The texts that match every one of `patterns` and none of `nots`.

    Raises `PatternSyntaxError`, `UnsupportedPattern` and `BudgetExceeded` of `canonry.regular`.
    """
    return _matching(tuple(patterns), tuple(nots))


@lru_cache(maxsize=4096)
def _compiled(patterns: tuple[str, ...], nots: tuple[str, ...]) -> dict[str, Any]:
    return compiled(_matching(patterns, nots))


def compiled_patterns(patterns: Iterable[str], nots: Iterable[str] = ()) -> dict[str, Any]:
    """The automaton of `matching` in its JSON form; the same object for the same patterns."""
    return _compiled(tuple(patterns), tuple(nots))


def compiled(language: regular.Language) -> dict[str, Any]:
    """JSON form of an automaton: `classes` (ASCII characters of each class), `wide` (ranges beyond ASCII with
    their class), `next` (per state and class, -1: nowhere), `accept`; it starts in state 0.

    Raises `AutomatonTooLarge`.
    """
    graph = explore(language.plain(), regular.current())
    if graph.start is None:
        return {"classes": [], "next": [], "accept": []}
    if len(graph) > MAX_STATES:
        raise AutomatonTooLarge
    used = sorted({number for out in graph.steps for classes in out.values() for number in classes})
    place = {number: index for index, number in enumerate(used)}
    sets = graph.partition.charsets
    rows = [[-1] * len(used) for _ in graph.edges]
    for state, out in enumerate(graph.steps):
        for target, classes in out.items():
            for number in classes:
                rows[state][place[number]] = target
    table: dict[str, Any] = {
        "classes": ["".join(sets[number] & _ASCII) for number in used],
        "next": rows,
        "accept": [state for state, accepts in enumerate(graph.accepting) if accepts],
    }
    wide = [[low, high, place[number]] for number in used for low, high in (sets[number] - _ASCII).ranges]
    if wide:
        table["wide"] = wide
    return table


@cache
def identifiers() -> regular.Language:
    """Every registry id, check character included: positions and the weighted sum so far are the states."""
    size = len(ID_ALPHABET)
    parts, columns = partition([CharSet.of(char) for char in ID_ALPHABET])
    del columns
    rows: list[tuple[int, ...]] = [(0,) * parts.size, (1,) * parts.size]
    accepting = [False, True]
    numbers: dict[tuple[int, int], int] = {(0, 0): 2}
    queue = [(0, 0)]
    for place, total in queue:  # grows while it is read
        row = [0] * parts.size
        for value, char in enumerate(ID_ALPHABET):
            if place == 0 and not char.isalpha():
                continue
            after = (place + 1, (total + (place + 1) * value) % size)
            if place + 1 > ID_LENGTH or (place + 1 == ID_LENGTH and after[1]):
                continue
            if after not in numbers:
                numbers[after] = len(numbers) + 2
                queue.append(after)
            row[parts.class_of(char)] = numbers[after]
        rows.append(tuple(row))
        accepting.append((place, total) == (ID_LENGTH, 0))
    return regular.Language([(0, None, Table(parts, rows, accepting, 2))])
