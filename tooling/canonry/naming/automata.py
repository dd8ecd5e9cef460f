"""Languages of fields as `canonry.regular` values, and as automata that the compiled table carries.

Contract patterns never reach Python's `re`: they become automata here, which read a text in one pass.
"""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, Final

from canonry import regular
from canonry.naming.codec import ID_ALPHABET
from canonry.regular import Choice, Literal, Optional, Part, Slot
from canonry.regular.automaton import Table
from canonry.regular.charset import TRIVIAL, CharSet, partition
from canonry.regular.graph import Graph, explore

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


class _Chain:
    """A template as a net of graphs: where one ends, the next may begin. Equal endings are shared."""

    def __init__(self) -> None:
        self.graphs: list[Graph] = []
        self.after: list[tuple[int, ...]] = []
        self.languages: list[regular.Language] = []
        self._known: dict[tuple[int, tuple[int, ...]], int] = {}

    def link(self, parts: Sequence[Part], after: tuple[int, ...]) -> tuple[int, ...]:
        """The places at which these parts begin, given where what follows them does; `END` is the end."""
        for part in reversed(parts):
            if isinstance(part, Literal):
                after = (self._place(regular.literal(part.text), after),) if part.text else after
            elif isinstance(part, Slot):
                after = (self._place(part.language, after),)
            elif isinstance(part, Choice):
                after = tuple(
                    dict.fromkeys(place for option in part.options for place in self.link(option, after))
                )
            elif isinstance(part, Optional):
                after = tuple(dict.fromkeys([*self.link(part.parts, after), *after]))
            else:
                after = (self._place(part.language, after),)
        return after

    def _place(self, language: regular.Language, after: tuple[int, ...]) -> int:
        key = (id(language), after)
        if key not in self._known:
            self._known[key] = len(self.graphs)
            self.graphs.append(explore(language.plain(), regular.current()))
            self.after.append(after)
            self.languages.append(language)
        return self._known[key]


END: Final = -1


def composed(parts: Sequence[Part]) -> regular.Language:
    """Every text that a template builds, as one automaton.

    Fields are mostly told apart by the delimiter after them, so that following all of them at once, as
    subsets of places, needs hardly more states than the fields have together.
    """
    chain = _Chain()
    begin = chain.link(parts, (END,))
    alphabet = TRIVIAL
    for graph in chain.graphs:
        alphabet = alphabet.join(graph.partition)[0]
    characters = [charset.pick() for charset in alphabet.charsets]
    moves = [_moves(graph, characters) for graph in chain.graphs]
    budget = regular.current()

    @cache
    def opened(node: int, state: int) -> frozenset[tuple[int, int]]:
        """A place, and those that begin where it may end."""
        found = {(node, state)}
        if node != END and chain.graphs[node].accepting[state]:
            for following in chain.after[node]:
                found |= begun(following)
        return frozenset(found)

    def begun(node: int) -> frozenset[tuple[int, int]]:
        start = 0 if node == END else chain.graphs[node].start
        return frozenset() if start is None else opened(node, start)

    first = frozenset().union(*map(begun, begin))
    numbers = {first: FIRST}
    queue = [first]
    rows: list[tuple[int, ...]] = [(0,) * len(characters), (1,) * len(characters)]
    accepting = [False, True]
    for places in queue:  # grows while it is read
        reached: list[set[tuple[int, int]]] = [set() for _ in characters]
        for node, state in places:
            if node == END:
                continue
            budget.spend(len(moves[node][state]))
            for column, target in moves[node][state]:
                reached[column] |= opened(node, target)
        row = []
        for found in reached:
            if not found:
                row.append(0)
                continue
            key = frozenset(found)
            if key not in numbers:
                numbers[key] = len(numbers) + FIRST
                queue.append(key)
                budget.spend(len(characters))
            row.append(numbers[key])
        rows.append(tuple(row))
        accepting.append((END, 0) in places)
    return regular.Language([(0, None, Table(alphabet, rows, accepting, FIRST))])


FIRST: Final = 2
"""Number of an automaton's first state: 0 and 1 accept nothing and everything."""


def _moves(graph: Graph, characters: Sequence[str]) -> list[list[tuple[int, int]]]:
    """For each state, column and target of every move."""
    columns: dict[int, list[int]] = {}
    for column, char in enumerate(characters):
        columns.setdefault(graph.partition.class_of(char), []).append(column)
    return [
        [
            (column, target)
            for target, classes in out.items()
            for number in classes
            for column in columns.get(number, ())
        ]
        for out in graph.steps
    ]
