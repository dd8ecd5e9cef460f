"""Whether every string that a template builds has one reading, and whether two build a common string.

Two runs are followed side by side over the same characters (the squared automaton), with a mark that says
whether they have parted. The search is breadth first, so a witness is as short as any. It first leaves out
the lengths of slots: what is unambiguous without them is so with them, and a witness that respects them
stands.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

from canonry.regular.budget import Budget, current, spending
from canonry.regular.language import EMPTY, Language
from canonry.regular.parts import (
    START,
    Alphabet,
    Choice,
    Mark,
    Part,
    Place,
    Reading,
    Tagged,
    built,
    fixed,
    occurrences,
    slots,
)
from canonry.regular.syntax import UnsupportedPattern

_FIXED_VALUES: Final = 200
"""A slot that stands twice is held to each of its values in turn, if there are no more than these in all."""
_GUESSES: Final = 20
"""So many witnesses are tried that leave out lengths, before lengths are counted."""


class Clash(NamedTuple):
    """A string and two readings of it."""

    text: str
    first: Reading
    second: Reading


def ambiguity(parts: Sequence[Part]) -> Clash | None:
    """A shortest string with two readings, None where every string that the template builds has exactly one.

    Readings differ if a slot has another text or is absent. A slot that stands twice has one text in both
    places. Raises `BudgetExceeded`, and `UnsupportedPattern` where a repeated slot has too many values to
    decide it.
    """
    return _clash(tuple(parts), None)


def overlap(first: Sequence[Part], second: Sequence[Part]) -> Clash | None:
    """A shortest string that both templates build, with the reading of each; None where there is none."""
    return _clash(tuple(first), tuple(second))


def _clash(first: tuple[Part, ...], second: tuple[Part, ...] | None, *, last: bool = False) -> Clash | None:
    budget = current()
    with spending(budget):
        common = Alphabet([first] if second is None else [first, second])
        found = False
        for counted in (False, True):
            found = False
            for number, clash in enumerate(_Search(first, second, common, budget, counted=counted).clashes()):
                found = True
                if _stands(clash, first, second, counted=counted):
                    return clash
                if number >= _GUESSES and not counted:
                    break
            if not found:
                return None
        if last:
            raise UnsupportedPattern("slots stand twice in a way that is not decided")
        return _with_values_fixed(first, second)


def _stands(clash: Clash, first: tuple[Part, ...], second: tuple[Part, ...] | None, *, counted: bool) -> bool:
    """Is this a clash with lengths and repeated slots considered? May say no where it is one."""
    for reading, parts in ((clash.first, first), (clash.second, second or first)):
        values = dict(reading)
        if len(values) != len(set(reading)):
            return False
        if not counted and not built(fixed(parts, values, absent=EMPTY)).accepts(clash.text):
            return False
    return second is not None or dict(clash.first) != dict(clash.second)


def _with_values_fixed(first: tuple[Part, ...], second: tuple[Part, ...] | None) -> Clash | None:
    """The answer with each slot that stands twice held to each of its values in turn."""
    held = [_held(parts) for parts in (first, second) if parts is not None]
    if held == [None] * len(held):
        raise UnsupportedPattern(
            "slots can take each other's place; whether their texts differ is not decided"
        )
    templates = [
        parts if options is None else (Choice(options),)
        for parts, options in zip((first, second or ()), held, strict=False)
    ]
    return _clash(templates[0], None if second is None else templates[1], last=True)


def _held(parts: tuple[Part, ...]) -> tuple[tuple[Part, ...], ...] | None:
    """One template for each choice of values of the slots that stand twice; None where none does."""
    languages: dict[str, Language] = {}
    repeated = {name for name, times in occurrences(parts).items() if times > 1}
    if not repeated:
        return None
    for slot in slots(parts):
        if slot.name in repeated:
            languages[slot.name] = languages.get(slot.name, EMPTY) | slot.language
    total = 1
    for language in languages.values():
        number = language.count()
        if number is None or (total := total * number) > _FIXED_VALUES:
            raise UnsupportedPattern("a slot with very many values stands twice; that is not decided")
    choices = product(*(list(language.members()) for language in languages.values()))
    return tuple(fixed(parts, dict(zip(languages, values, strict=True))) for values in choices)


State = tuple[Place, Place, bool]
_Step = tuple[State, int, Mark, Mark]


class _Search:
    """Breadth first over pairs of places; `second` is None for a template against itself."""

    def __init__(
        self,
        first: tuple[Part, ...],
        second: tuple[Part, ...] | None,
        common: Alphabet,
        budget: Budget,
        *,
        counted: bool,
    ) -> None:
        self._common = common
        self._budget = budget
        self._left = Tagged(first, common, budget, counted=counted)
        self._right = self._left if second is None else Tagged(second, common, budget, counted=counted)
        self._parted = second is not None
        self._parents: dict[State, _Step | None] = {}

    def clashes(self) -> Iterator[Clash]:
        """Pairs of runs that end together after having parted, shortest first; one per pair of places."""
        start = (START, START, self._parted)
        self._parents[start] = None
        queue: list[State] = [start]
        for state in queue:  # grows while it is read
            left, right, parted = state
            self._budget.spend(4)
            for first in self._left.ends(left):
                for second in self._right.ends(right):
                    if parted or first != second:
                        yield self._clash(state, first, second)
            for following, column, first, second in self._steps(state):
                if following not in self._parents:
                    self._parents[following] = (state, column, first, second)
                    queue.append(following)

    def _steps(self, state: State) -> Iterator[tuple[State, int, Mark, Mark]]:
        left, right, parted = state
        lefts, rights = self._left.moves(left), self._right.moves(right)
        same = left == right and not parted
        for column in sorted(lefts.keys() & rights.keys()):
            for index, (first, place) in enumerate(lefts[column]):
                self._budget.spend(2)
                for second, other in rights[column][index:] if same else rights[column]:
                    yield (place, other, parted or first != second), column, first, second

    def _clash(self, state: State, first: Mark, second: Mark) -> Clash:
        text: list[str] = []
        marks = [(first, second)]
        step = self._parents[state]
        while step is not None:
            state, column, left, right = step
            text.append(self._common.characters[column])
            marks.append((left, right))
            step = self._parents[state]
        text.reverse()
        marks.reverse()
        whole = "".join(text)
        return Clash(whole, _reading(whole, [m[0] for m in marks]), _reading(whole, [m[1] for m in marks]))


def _reading(text: str, marks: list[Mark]) -> Reading:
    """The slots that marks delimit; mark `i` stands before character `i`."""
    result: list[tuple[str, str]] = []
    begun = 0
    for index, mark in enumerate(marks):
        if mark.closed is not None:
            result.append((mark.closed, text[begun:index]))
        result.extend((name, "") for name in sorted(mark.empty))
        if mark.opened is not None:
            begun = index
    return tuple(result)
