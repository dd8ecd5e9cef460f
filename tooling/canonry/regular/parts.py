"""Templates as sequences of texts and slots, and the automaton that reads a string with every slot marked.

Each slot is read by a deterministic automaton, so that two runs over one string differ only in where slots
begin and end and in which optional parts are there: in how the string is read.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from canonry.regular import graph as graphs
from canonry.regular.automaton import NOTHING, Automaton, product
from canonry.regular.budget import Budget
from canonry.regular.building import concat, literal, optional, union
from canonry.regular.charset import TRIVIAL, CharSet, Partition, partition, rank
from canonry.regular.language import EMPTY, Language


class Literal(NamedTuple):
    """A fixed text."""

    text: str


class Slot(NamedTuple):
    """A field: any member of a language."""

    name: str
    language: Language


class Optional(NamedTuple):
    """Parts that are there together or not at all."""

    parts: "tuple[Part, ...]"


class Choice(NamedTuple):
    """One of several sequences of parts."""

    options: "tuple[tuple[Part, ...], ...]"


class Unread(NamedTuple):
    """Any member of a language, of which readings say nothing."""

    language: Language


Part: TypeAlias = Literal | Slot | Optional | Choice | Unread

Reading: TypeAlias = tuple[tuple[str, str], ...]
"""The text of each slot, in the order of the string; slots of absent parts are left out."""


def built(parts: Iterable[Part]) -> Language:
    """Every string that a template builds."""
    pieces: list[Language] = []
    for part in parts:
        if isinstance(part, Literal):
            pieces.append(literal(part.text))
        elif isinstance(part, Slot | Unread):
            pieces.append(part.language)
        elif isinstance(part, Optional):
            pieces.append(optional(built(part.parts)))
        else:
            pieces.append(union(*map(built, part.options)))
    return concat(*pieces)


def slots(parts: Iterable[Part]) -> Iterator[Slot]:
    """Every slot, at every depth."""
    for part in parts:
        if isinstance(part, Slot):
            yield part
        elif isinstance(part, Optional):
            yield from slots(part.parts)
        elif isinstance(part, Choice):
            for option in part.options:
                yield from slots(option)


def _languages(parts: Iterable[Part]) -> Iterator[Language]:
    """The language of every slot, and of what is not read, at every depth."""
    for part in parts:
        if isinstance(part, Slot | Unread):
            yield part.language
        elif isinstance(part, Optional):
            yield from _languages(part.parts)
        elif isinstance(part, Choice):
            for option in part.options:
                yield from _languages(option)


def occurrences(parts: Iterable[Part]) -> Counter[str]:
    """How often each slot can occur in one string."""
    total: Counter[str] = Counter()
    for part in parts:
        if isinstance(part, Slot):
            total[part.name] += 1
        elif isinstance(part, Optional):
            total += occurrences(part.parts)
        elif isinstance(part, Choice):
            most: Counter[str] = Counter()
            for option in part.options:
                most |= occurrences(option)
            total += most
    return total


def fixed(
    parts: Iterable[Part], values: Mapping[str, str], *, absent: Language | None = None
) -> tuple[Part, ...]:
    """The template with some slots held to one value each, and the others, if given, to `absent`."""
    result: list[Part] = []
    for part in parts:
        if isinstance(part, Slot) and part.name in values:
            value = values[part.name]
            result.append(Slot(part.name, literal(value) if part.language.accepts(value) else EMPTY))
        elif isinstance(part, Slot) and absent is not None:
            result.append(Slot(part.name, absent))
        elif isinstance(part, Optional):
            result.append(Optional(fixed(part.parts, values, absent=absent)))
        elif isinstance(part, Choice):
            result.append(Choice(tuple(fixed(option, values, absent=absent) for option in part.options)))
        else:
            result.append(part)
    return tuple(result)


class Mark(NamedTuple):
    """What happens to slots between two characters: one ends, some are empty, one begins."""

    closed: str | None
    empty: frozenset[str]
    opened: str | None


UNMARKED: Final = Mark(None, frozenset(), None)

Place: TypeAlias = tuple[int, int]
"""An item of the template, and the state of its graph; `START` is before everything."""
START: Final[Place] = (-1, 0)

Move: TypeAlias = tuple[Mark, Place]


class _Item(NamedTuple):
    name: str | None
    graph: graphs.Graph
    columns: list[list[int]]
    """For each class of the item's own partition, the classes of the common one."""
    after: int


_END: Final = -2


class Tagged:
    """The automaton that reads a template's strings, each run one reading."""

    def __init__(self, parts: Sequence[Part], common: "Alphabet", budget: Budget, *, counted: bool) -> None:
        """Lengths of slots are kept only if `counted`; without, it reads more strings, at less cost."""
        self._common = common
        self._budget = budget
        self._counted = counted
        self._items: dict[int, _Item] = {}
        self._forks: dict[int, tuple[int, ...]] = {}
        self._entry = self._link(parts, _END)
        self._moves: dict[Place, dict[int, list[Move]]] = {}
        self._ends: dict[Place, list[Mark]] = {}

    def _link(self, parts: Sequence[Part], after: int) -> int:
        for part in reversed(parts):
            if isinstance(part, Literal):
                if part.text:
                    after = self._item(None, literal(part.text), after)
            elif isinstance(part, Slot):
                after = self._item(part.name, part.language, after)
            elif isinstance(part, Unread):
                after = self._item(None, part.language, after)
            elif isinstance(part, Optional):
                after = self._fork((self._link(part.parts, after), after))
            else:
                after = self._fork(tuple(self._link(option, after) for option in part.options))
        return after

    def _fork(self, after: tuple[int, ...]) -> int:
        number = len(self._forks) + len(self._items)
        self._forks[number] = after
        return number

    def _item(self, name: str | None, language: Language, after: int) -> int:
        automaton = language.plain() if self._counted else loosened(language)
        graph = graphs.explore(automaton, self._budget)
        number = len(self._forks) + len(self._items)
        self._items[number] = _Item(name, graph, self._common.columns(graph.partition), after)
        return number

    def _onward(self, node: int, closed: str | None) -> Iterator[tuple[Mark, int]]:
        """The items that may begin after `node`, or the end, each with what was passed on the way."""
        first = self._items[node].after if node in self._items else self._entry
        stack: list[tuple[int, frozenset[str]]] = [(first, frozenset())]
        while stack:
            at, empty = stack.pop()
            self._budget.spend(1)
            if at == _END:
                yield Mark(closed, empty, None), _END
                continue
            if at in self._forks:
                stack.extend((following, empty) for following in reversed(self._forks[at]))
                continue
            reached = self._items[at]
            if reached.graph.start is None:
                continue
            yield Mark(closed, empty, reached.name), at
            if reached.graph.accepting[reached.graph.start]:
                passed = empty if reached.name is None else empty | {reached.name}
                stack.append((reached.after, passed))

    def moves(self, place: Place) -> dict[int, list[Move]]:
        """For each class of characters, where reading one may lead."""
        found = self._moves.get(place)
        if found is None:
            found = self._moves[place] = self._computed(place)
        return found

    def ends(self, place: Place) -> list[Mark]:
        """The ways in which the string may end here; none where it may not."""
        self.moves(place)
        return self._ends[place]

    def _computed(self, place: Place) -> dict[int, list[Move]]:
        node, state = place
        result: dict[int, list[Move]] = {}
        ends: list[Mark] = []
        current = self._items.get(node)
        if current is not None:
            self._enter(result, UNMARKED, node, state)
        if current is None or current.graph.accepting[state]:
            for mark, following in self._onward(node, current.name if current is not None else None):
                if following == _END:
                    ends.append(mark)
                else:
                    self._enter(result, mark, following, self._items[following].graph.start or 0)
        self._ends[place] = list(dict.fromkeys(ends))
        return {column: list(dict.fromkeys(moves)) for column, moves in result.items()}

    def _enter(self, result: dict[int, list[Move]], mark: Mark, node: int, state: int) -> None:
        item = self._items[node]
        for target, classes in item.graph.steps[state].items():
            move = (mark, (node, target))
            for index in classes:
                for column in item.columns[index]:
                    self._budget.spend(1)
                    result.setdefault(column, []).append(move)


class Alphabet:
    """A partition fine enough for several templates: one character of each class, readable ones first."""

    def __init__(self, templates: Iterable[Sequence[Part]]) -> None:
        """Takes every slot and every fixed text into account."""
        joined = TRIVIAL
        letters: set[str] = set()
        done: set[int] = set()
        for parts in templates:
            letters.update(_letters(parts))
            for language in _languages(parts):
                for _, _, automaton in language.slices:
                    if id(automaton) not in done:
                        done.add(id(automaton))
                        joined = joined.join(automaton.partition)[0]
        joined = joined.join(partition([CharSet.of(char) for char in sorted(letters)])[0])[0]
        self.characters = sorted((charset.pick() for charset in joined.charsets), key=rank)

    def columns(self, own: Partition) -> list[list[int]]:
        """For each class of a coarser partition, the classes of this one."""
        result: list[list[int]] = [[] for _ in range(own.size)]
        for column, char in enumerate(self.characters):
            result[own.class_of(char)].append(column)
        return result


def _letters(parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Literal):
            yield from part.text
        elif isinstance(part, Optional):
            yield from _letters(part.parts)
        elif isinstance(part, Choice):
            for option in part.options:
                yield from _letters(option)


def loosened(language: Language) -> Automaton:
    """An automaton for at least these strings, without their bounds of length."""
    result: Automaton = NOTHING
    for _, _, automaton in language.slices:
        result = product("or", result, automaton)
    return result
