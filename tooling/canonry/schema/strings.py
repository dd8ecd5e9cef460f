"""Strings: lengths, regular languages and finite sets; lengths stay symbolic for as long as they can."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Final

from canonry.kernel.jsonvalue import Json
from canonry.regular.budget import current
from canonry.schema.answers import EMPTY, Answer, Found, Unsure
from canonry.schema.formulas import Literal
from canonry.schema.languages import Languages, Vocable
from canonry.schema.scalars import Scalars

if TYPE_CHECKING:
    from canonry.schema.search import Solver

_PLAIN_WORDS: Final = ("a", "", "b", "x", "y", "z", "c", "d", "e", "f")
_LONGEST_WITNESS: Final = 100_000


class Length(Literal):
    """At least `low` and, where given, at most `high` code points."""

    __slots__ = ("high", "low")

    def __init__(self, low: int, high: int | None) -> None:
        self.low = low
        self.high = high

    def negated(self) -> Literal:
        """Only one side is ever bounded: the normal form writes two literals for two sides."""
        return Length(0, self.low - 1) if self.high is None else Length(self.high + 1, None)

    def narrow(self, constraints: "Strings") -> bool:
        constraints.low = max(constraints.low, self.low)
        if self.high is not None and (constraints.high is None or self.high < constraints.high):
            constraints.high = self.high
        return constraints.high is None or constraints.low <= constraints.high

    def refuted_by(self, constraints: "Strings") -> bool:
        if self.high is not None and self.high < constraints.low:
            return True
        return constraints.high is not None and constraints.high < self.low

    def implied_by(self, constraints: "Strings") -> bool:
        return constraints.low >= self.low and (
            self.high is None or (constraints.high is not None and constraints.high <= self.high)
        )

    def holds(self, value: str) -> bool:
        return len(value) >= self.low and (self.high is None or len(value) <= self.high)


class InLanguage(Literal):
    """A word of a regular language; or, where not `inside`, none."""

    __slots__ = ("inside", "vocable")

    def __init__(self, vocable: Vocable, *, inside: bool = True) -> None:
        self.vocable = vocable
        self.inside = inside

    def negated(self) -> Literal:
        return InLanguage(self.vocable, inside=not self.inside)

    def narrow(self, constraints: "Strings") -> bool:
        constraints.toil += (len(constraints.inside) + len(constraints.outside)) // 8
        if self.inside:
            if self.vocable not in constraints.inside:
                constraints.inside = (*constraints.inside, self.vocable)
            return self.vocable not in constraints.outside
        if self.vocable not in constraints.outside:
            constraints.outside = (*constraints.outside, self.vocable)
        return self.vocable not in constraints.inside

    def refuted_by(self, constraints: "Strings") -> bool:
        return self.vocable in (constraints.outside if self.inside else constraints.inside)

    def implied_by(self, constraints: "Strings") -> bool:
        return self.vocable in (constraints.inside if self.inside else constraints.outside)

    def holds(self, value: str) -> bool:
        return self.vocable.holds(value) is self.inside


def _by_length(word: str) -> tuple[int, str]:
    return (len(word), word)


class Strings(Scalars):
    """A range of lengths, languages to be in and out of, and finite sets."""

    __slots__ = ("high", "inside", "low", "outside")

    def __init__(self) -> None:
        super().__init__()
        self.low = 0
        self.high: int | None = None
        self.inside: tuple[Vocable, ...] = ()
        self.outside: tuple[Vocable, ...] = ()

    def admits(self, value: str) -> bool:
        return (
            (self.only is None or value in self.only)
            and value not in self.never
            and len(value) >= self.low
            and (self.high is None or len(value) <= self.high)
            and all(vocable.holds(value) for vocable in self.inside)
            and not any(vocable.holds(value) for vocable in self.outside)
        )

    def probe(self, solver: "Solver | None") -> bool:
        if self.only is not None or not (self.inside or self.outside):
            return self.inhabitant(solver, ()) is not EMPTY
        return True

    def inhabitant(self, solver: "Solver | None", hints: Iterable[Json]) -> Answer:
        unread = [vocable for vocable in (*self.inside, *self.outside) if vocable.language is None]
        if unread:
            return self._around(unread, solver)
        if self.only is not None:
            return self._listed(self.only - self.never)
        wished = (hint for hint in hints if isinstance(hint, str))
        offered = sorted(vocable.example for vocable in self.inside if vocable.example)
        found = self._first(wished) or self._first(offered) or self._first(_PLAIN_WORDS)
        if found is not None:
            return found
        if self.high is not None and self.low > self.high:
            return EMPTY
        if not self.inside and not self.outside:
            return self._any_word()
        if solver is None:
            return self._word(Languages())
        return solver.within(2, partial(self._word, solver.terms.languages))

    def _word(self, languages: Languages) -> Answer:
        language = languages.conjunction(self.inside, self.outside, self.low, self.high)
        for seen, word in enumerate(language.members()):
            if word not in self.never:
                return Found(word)
            if seen > len(self.never):
                break
        return EMPTY

    def _listed(self, words: frozenset[str]) -> Answer:
        """The shortest of these words that is admitted."""
        current().spend(len(words))
        if not words:
            return EMPTY
        best = min(words, key=_by_length)  # nearly always it is, and sorting thousands takes longer
        if self.admits(best):
            return Found(best)
        return self._first(sorted(words, key=_by_length)) or EMPTY

    def _first(self, words: Iterable[str]) -> Found | None:
        for word in words:
            if self.admits(word):
                return Found(word)
        return None

    def _any_word(self) -> Answer:
        """Only a length is asked for: there are more words than exclusions, but for the empty one."""
        if self.high == 0:
            return EMPTY  # the empty word was tried
        size = max(self.low, 1)
        if size > _LONGEST_WITNESS:
            return Unsure(f"a counterexample would be a string of {size} characters")
        for index in range(len(self.never) + 1):
            tail = chr(ord("a") + index % 26) if index < 26 else chr(0x100 + index)  # noqa: PLR2004
            word = "a" * (size - 1) + tail
            if word not in self.never:
                return Found(word)
        return EMPTY

    def _around(self, unread: list[Vocable], solver: "Solver | None") -> Answer:
        """Some pattern could not be read: empty is still a proof where the rest alone is empty."""
        rest = self.copy()
        rest.inside = tuple(vocable for vocable in self.inside if vocable not in unread)
        rest.outside = tuple(vocable for vocable in self.outside if vocable not in unread)
        if rest.inhabitant(solver, ()) is EMPTY:
            return EMPTY
        return Unsure(f"the pattern {unread[0].text!r:.100} is not decided: {unread[0].problem}")
