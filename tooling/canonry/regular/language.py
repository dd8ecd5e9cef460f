"""Regular languages as values: set operations, questions, witnesses.

A language is a row of slices: from one length to another (in code points), the strings that an automaton
accepts. Boolean operations go slice by slice, so that `minLength: 1000000000` or `.{0,2048}` is an interval
and never an automaton of as many states. Finite sets of words are kept as words.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

from canonry.regular import graph as graphs
from canonry.regular import images
from canonry.regular.automaton import (
    EVERYTHING,
    NOTHING,
    Automaton,
    Counter,
    complement,
    product,
)
from canonry.regular.budget import Budget, current
from canonry.regular.charset import rank
from canonry.regular.measure import CHARACTERS, Measure, longest
from canonry.regular.minimal import minimal
from canonry.regular.nearest import levels, spell_levels
from canonry.regular.trie import Trie

if TYPE_CHECKING:
    from random import Random

T = TypeVar("T")

Slice = tuple[int, int | None, Automaton]
"""From a length to another, both included (None: no end), what this automaton accepts."""

_WORDS_KEPT: Final = 4096
"""Unions of words beyond this become automata."""


class Language:
    """A set of strings. Immutable; `==` is identity, `equals` compares the sets.

    Every question draws on the active `Budget` and may raise `BudgetExceeded`.
    """

    __slots__ = ("__weakref__", "_memo", "_slices", "_words")

    def __init__(self, slices: Iterable[Slice] = (), words: frozenset[str] | None = None) -> None:
        """Use the constructors of `canonry.regular`: `pattern`, `words`, `lengths`, ..."""
        self._slices: tuple[Slice, ...] = tuple(slices)
        self._words = words
        self._memo: dict[object, tuple[object, int]] = {}

    def _ask(self, question: object, answer: Callable[[Budget], T]) -> T:
        """Answers once; asked again, it charges the same, so that verdicts do not depend on history."""
        budget = current()
        known = self._memo.get(question)
        if known is not None:
            budget.spend(known[1])
            return known[0]  # type: ignore[return-value]  # stored under the same question
        before = budget.spent
        result = answer(budget)
        self._memo[question] = (result, budget.spent - before)
        return result

    @property
    def spelt(self) -> frozenset[str] | None:
        """The members, where the language is kept as words; None says nothing."""
        return self._words

    @property
    def slices(self) -> tuple[Slice, ...]:
        """The slices, in order, without gaps, from length 0 to no end."""
        if self._words is not None:
            return self._ask("slices", self._spelt_slices)
        return self._slices

    def _spelt_slices(self, budget: Budget) -> tuple[Slice, ...]:
        return ((0, None, Trie(self._words, budget) if self._words else NOTHING),)

    # set operations

    def __and__(self, other: "Language") -> "Language":
        if self._words is not None:
            return words(word for word in self._words if other.accepts(word))
        if other._words is not None:
            return other & self
        return _combined("and", self, other)

    def __or__(self, other: "Language") -> "Language":
        if self._words is not None and other._words is not None:
            both = self._words | other._words
            if len(both) <= _WORDS_KEPT:
                return words(both)
        return _combined("or", self, other)

    def __sub__(self, other: "Language") -> "Language":
        if self._words is not None:
            if other._words is not None:
                return words(self._words - other._words)
            return words(word for word in self._words if not other.accepts(word))
        return _combined("minus", self, other)

    def __xor__(self, other: "Language") -> "Language":
        if self._words is not None and other._words is not None:
            return words(self._words ^ other._words)
        return _combined("xor", self, other)

    def __invert__(self) -> "Language":
        return Language((low, high, complement(automaton)) for low, high, automaton in self.slices)

    # questions

    def accepts(self, text: str) -> bool:
        """Is the string a member? Linear in the string, whatever the pattern."""
        if self._words is not None:
            return text in self._words
        length = len(text)
        for _, high, automaton in self.slices:
            if high is None or length <= high:
                return automaton.accepting[automaton.run(text, current())]
        return False

    def min_length(self) -> int | None:
        """The length of a shortest member in code points, None where there is no member."""
        return self._ask("min", self._min_length)

    def _min_length(self, budget: Budget) -> int | None:
        if self._words is not None:
            budget.spend(1 + len(self._words) // 16)
            return min(map(len, self._words), default=None)
        for piece in self.slices:
            found = _first(piece, budget)
            if found is not None:
                return found
        return None

    def is_empty(self) -> bool:
        """Is there no member at all?"""
        return self.min_length() is None

    def is_universal(self) -> bool:
        """Is every string a member?"""
        return (~self).is_empty()

    def includes(self, other: "Language") -> bool:
        """Is every member of `other` a member of this one?"""
        return self is other or (other - self).is_empty()

    def equals(self, other: "Language") -> bool:
        """Do both have the same members?"""
        return self is other or (self ^ other).is_empty()

    def disjoint(self, other: "Language") -> bool:
        """Have they no member in common?"""
        return (self & other).is_empty()

    def shortest(self) -> str | None:
        """The most readable among the shortest members; None where there is none."""
        return self._ask("shortest", self._shortest)

    def _shortest(self, budget: Budget) -> str | None:
        if self._words is not None:
            budget.spend(1 + sum(map(len, self._words)))
            least = min(map(len, self._words), default=0)
            words_of_least = [word for word in self._words if len(word) == least]
            return min(words_of_least, key=lambda word: [rank(char) for char in word], default=None)
        for low, high, automaton in self.slices:
            if automaton is NOTHING:
                continue
            climbed = levels(automaton, budget)
            if climbed is None or (high is not None and len(climbed) - 1 > high):
                continue
            if len(climbed) - 1 >= low:
                return spell_levels(automaton, climbed)
            graph = graphs.explore(automaton, budget)
            length = graph.layers.first(low, high, budget)
            if length is not None:
                return graphs.spell(graph, length, budget)
        return None

    def is_finite(self) -> bool:
        """Are there finitely many members?"""
        return self._ask("finite", self._is_finite)

    def _is_finite(self, budget: Budget) -> bool:
        if self._words is not None:
            return True
        graph = graphs.explore(self.slices[-1][2], budget)
        return graph.order() is not None

    def count(self) -> int | None:
        """How many members there are; None: without end."""
        return self._ask("count", self._count)

    def _count(self, budget: Budget) -> int | None:
        if self._words is not None:
            return len(self._words)
        total = 0
        for low, high, automaton in self.slices:
            found = graphs.count(graphs.explore(automaton, budget), low, high, budget)
            if found is None:
                return None
            total += found
        return total

    def max_length(self, measure: Measure = CHARACTERS) -> int | None:
        """The greatest length of a member by a measure; None: without end; 0 where there is no member."""
        if not self.is_finite():
            return None
        found = self._longest(measure)
        return 0 if found is None else found[0]

    def longest(self, measure: Measure = CHARACTERS) -> str | None:
        """A longest member by a measure; None where there is no member, or no end."""
        if not self.is_finite():
            return None
        found = self._longest(measure)
        return None if found is None else found[1]

    def _longest(self, measure: Measure) -> tuple[int, str] | None:
        def answer(budget: Budget) -> tuple[int, str] | None:
            best: tuple[int, str] | None = None
            for low, high, automaton in self.slices:
                found = longest(graphs.explore(automaton, budget), low, high, measure, budget)
                if found is not None and (best is None or found[0] > best[0]):
                    best = found
            return best

        return self._ask(("longest", measure.name, measure), answer)

    def members(self, limit: int | None = None) -> Iterator[str]:
        """The members, shortest first, most readable first; at most `limit`."""
        return islice(self._members(), limit)

    def _members(self) -> Iterator[str]:
        budget = current()
        for low, high, automaton in self.slices:
            if automaton is NOTHING:
                continue
            graph = graphs.explore(automaton, budget)
            length = graph.layers.first(low, high, budget)
            while length is not None:
                yield from graphs.words(graph, length, budget)
                length = graph.layers.first(length + 1, high, budget)

    def sample(self, rng: "Random") -> str:
        """Some member, longer ones less often. Raises `ValueError` where there is none."""
        if self._words is not None and self._words:
            return rng.choice(sorted(self._words))
        budget = current()
        choices: list[tuple[graphs.Graph, int]] = []
        for low, high, automaton in self.slices:
            graph = graphs.explore(automaton, budget)
            length = graph.layers.first(low, high, budget)
            while length is not None and len(choices) < _SAMPLED_LENGTHS:
                choices.append((graph, length))
                length = graph.layers.first(length + 1, high, budget)
        if not choices:
            raise ValueError("the language has no member")
        graph, length = choices[min(int(rng.expovariate(0.3)), len(choices) - 1)]
        return graphs.wander(graph, length, rng, budget)

    # images

    def lower(self) -> "Language":
        """The members with ASCII letters in lower case."""
        if self._words is not None:
            return words(images.lowered_text(word) for word in self._words)
        budget = current()
        result: list[Slice] = []
        for low, high, automaton in self.slices:
            result.append((low, high, images.lowered(automaton, budget)))
        return Language(result)

    def case_folded_preimage(self) -> "Language":
        """All strings that are members once their ASCII letters are in lower case."""
        return Language(
            (low, high, images.folded_preimage(automaton)) for low, high, automaton in self.slices
        )

    def plain(self) -> Automaton:
        """One automaton for all lengths; long intervals are counted out and draw on the budget."""
        pieces = [piece for piece in self.slices if piece[2] is not NOTHING]
        result: Automaton = NOTHING
        for low, high, automaton in pieces:
            current().spend(low if high is None else high)
            counted = automaton if (low, high) == (0, None) else product("and", automaton, Counter(low, high))
            result = _flat(product("or", result, counted))
        return result

    def __repr__(self) -> str:
        if self._words is not None:
            return f"Language of {len(self._words)} words"
        parts = [
            f"{low}..{'' if high is None else high}"
            for low, high, automaton in self.slices
            if automaton is not NOTHING
        ]
        return f"Language of lengths {', '.join(parts)}" if parts else "Language without members"


_SAMPLED_LENGTHS: Final = 24


def _first(piece: Slice, budget: Budget) -> int | None:
    """The least length of a member in a slice."""
    low, high, automaton = piece
    if automaton is NOTHING:
        return None
    if automaton is EVERYTHING:
        return low
    climbed = levels(automaton, budget)
    if climbed is None or (high is not None and len(climbed) - 1 > high):
        return None
    if len(climbed) - 1 >= low:
        return len(climbed) - 1
    return graphs.explore(automaton, budget).layers.first(low, high, budget)


_STACKED: Final = 24


def _flat(automaton: Automaton) -> Automaton:
    """An equal automaton that stands alone, where so many are stacked that reading would recurse."""
    return minimal(automaton, current()) if automaton.depth > _STACKED else automaton


def _combined(operation: str, left: Language, right: Language) -> Language:
    result: list[Slice] = []
    lefts, rights = left.slices, right.slices
    i = j = low = 0
    while True:
        _, left_high, left_automaton = lefts[i]
        _, right_high, right_automaton = rights[j]
        automaton = _flat(product(operation, left_automaton, right_automaton))
        if left_high is None:
            high = right_high
        else:
            high = left_high if right_high is None else min(left_high, right_high)
        if result and result[-1][2] is automaton:
            result[-1] = (result[-1][0], high, automaton)
        else:
            result.append((low, high, automaton))
        if high is None:
            return Language(result)
        low = high + 1
        i += left_high == high
        j += right_high == high


EMPTY: Final = Language(words=frozenset())
ANY: Final = Language([(0, None, EVERYTHING)])


def words(texts: Iterable[str]) -> Language:
    """Exactly these strings; thousands are fine."""
    chosen = frozenset(texts)
    return Language(words=chosen) if chosen else EMPTY


@lru_cache(maxsize=1024)
def lengths(low: int = 0, high: int | None = None) -> Language:
    """All strings of `low` to `high` code points (None: no end)."""
    if high is not None and high < low:
        return EMPTY
    return sliced(EVERYTHING, low, high)


def sliced(automaton: Automaton, low: int, high: int | None) -> Language:
    """What an automaton accepts, of `low` to `high` code points."""
    result: list[Slice] = []
    if low > 0:
        result.append((0, low - 1, NOTHING))
    result.append((low, high, automaton))
    if high is not None:
        result.append((high + 1, None, NOTHING))
    return Language(result)
