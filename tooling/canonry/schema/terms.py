"""Terms: schemas, and what is built from them, as the decision procedure passes them around.

Terms are compared by identity. A lexicon makes each term once, so two subtrees that say the same in the same
words are one term, in whichever document they stand, and "this and not this" is seen without unfolding
either.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

from canonry.kernel.jsonvalue import Json
from canonry.regular.budget import current
from canonry.schema.formulas import FALSE, TRUE, All, Choice, Constant, Formula, Literal, NotOne, One, Unknown
from canonry.schema.languages import Undecidable
from canonry.schema.values import ANY_KIND, NUMBER, exact, kind_of

_LOOK: Final = 12
"""Steps that it takes to see whether a value belongs to a term; terms share terms, so it adds up."""

_MANY: Final = 16
"""Parts of a formula from which on each of them counts as well."""


class Term:
    """A set of JSON values, known by what it says of each kind.

    `complement` is the set of all other values, `kinds` an upper bound on the kinds that occur.
    """

    __slots__ = ("_formulas", "_kind", "_kinds", "_said", "alias", "complement", "serial")

    complement: "Term"

    def __init__(self, complement: "Term | None" = None, kinds: int | None = None, serial: int = 0) -> None:
        self.serial = serial
        self.alias: tuple[Term, Term] | None = None
        """Where a goal has the first of these, this term says the same as the second."""
        self.complement = Opposite(self) if complement is None else complement
        self._kind = 0
        self._said: Formula = TRUE
        self._formulas: dict[int, Formula] | None = None
        self._kinds = kinds

    @property
    def kinds(self) -> int:
        """The kinds of which values may belong to it."""
        if self._kinds is None:
            self._kinds = ANY_KIND  # what a cycle sees
            try:
                self._kinds = self.bound()
            except BaseException:
                self._kinds = None  # formulas rely on it for `type`: a bound left half made would accept more
                raise
        return self._kinds

    def bound(self) -> int:
        """Works out `kinds`."""
        return ANY_KIND

    def negated(self) -> "Term":
        """The complement, as formulas call it."""
        return self.complement

    def formula(self, kind: int) -> Formula:
        """What it says of values of a kind."""
        if kind == self._kind:
            return self._said  # most terms are asked about one kind only
        known = None if self._formulas is None else self._formulas.get(kind)
        if known is None:
            if not kind & self.kinds:
                known = FALSE
            elif not kind & self.complement.kinds:
                known = TRUE
            else:
                known = self.unfolded(kind)
            if not self._kind:
                self._kind, self._said = kind, known
            elif self._formulas is None:
                self._formulas = {kind: known}
            else:
                self._formulas[kind] = known
        return known

    def unfolded(self, kind: int) -> Formula:
        """Works out `formula`."""
        raise NotImplementedError

    def holds(self, value: Json) -> bool:
        """Whether a value belongs to it. Raises `Undecidable` where a pattern is not understood."""
        current().spend(_LOOK)
        kind = kind_of(value)
        return satisfied(self.formula(kind), exact(value) if kind == NUMBER else value)

    def examples(self) -> Iterable[Json]:
        """Values that its author offered."""
        return ()

    def listed(self) -> Sequence[Json] | None:
        """A finite list that every value of it is in, where it has one."""
        return None


Goal: TypeAlias = frozenset[Term]
"""A conjunction: the values that belong to every term."""


def satisfied(formula: Formula, value: Any) -> bool:
    """Whether a formula holds of a value of its kind (a number as an exact one)."""
    if isinstance(formula, Literal):
        return formula.holds(value)
    if isinstance(formula, Constant):
        return formula.truth
    if isinstance(formula, All):
        if len(formula.parts) > _MANY:
            current().spend(len(formula.parts))
        return all(satisfied(part, value) for part in formula.parts)
    if isinstance(formula, NotOne):
        return not _only_one(formula.one, value)
    if isinstance(formula, One):
        return _only_one(formula, value)
    if isinstance(formula, Choice):
        if len(formula.parts) > _MANY:
            current().spend(len(formula.parts))
        return any(satisfied(part, value) for part in formula.parts)
    if isinstance(formula, Unknown):
        raise Undecidable(formula.reason)
    return satisfied(formula.formula(kind_of(value)), value)


def _only_one(one: One, value: Any) -> bool:
    current().spend(len(one.branches))
    return sum(satisfied(branch, value) for branch in one.branches) == 1


class Opposite(Term):
    """Every value that does not belong to another term."""

    __slots__ = ()

    def __init__(self, positive: Term) -> None:
        super().__init__(positive, serial=-positive.serial)

    def bound(self) -> int:
        return self.complement.others()  # type: ignore[attr-defined,no-any-return]  # made by `Positive` only

    def unfolded(self, kind: int) -> Formula:
        return self.complement.formula(kind).negated()

    def holds(self, value: Json) -> bool:
        return not self.complement.holds(value)


class Positive(Term):
    """A term that is not made as the complement of another."""

    __slots__ = ()

    def others(self) -> int:
        """The kinds of which some value may not belong to it."""
        return ANY_KIND


class _Everything(Positive):
    __slots__ = ()

    def others(self) -> int:
        return 0

    def unfolded(self, kind: int) -> Formula:
        return TRUE


class Finite(Positive):
    """Exactly the values of a list."""

    __slots__ = ()

    def kept(self, term: Term) -> Term | None:
        """Those of its values that belong to a term, as a list; None where a glance does not show which."""
        raise NotImplementedError


EVERYTHING: Final[Term] = _Everything()
NOTHING: Final[Term] = EVERYTHING.complement

ANYTHING: Final[Goal] = frozenset()
IMPOSSIBLE: Final[Goal] = frozenset((NOTHING,))


def joined(goal: Goal, term: Term) -> Goal:
    """The goal with one more term; `IMPOSSIBLE` (that object) where a glance shows that nothing is left."""
    if term is EVERYTHING or term in goal:
        return goal
    if term.alias is not None and term.alias[0] in goal:
        return joined(goal, term.alias[1])
    if goal is IMPOSSIBLE or term is NOTHING or term.complement in goal:
        return IMPOSSIBLE
    kinds = term.kinds
    listed: Finite | None = None
    for other in goal:
        kinds &= other.kinds
        if isinstance(other, Finite):
            listed = other
    if not kinds:
        return IMPOSSIBLE
    if listed is not None:
        return _thinned(goal, listed, term)
    if isinstance(term, Finite):
        return _gathered(goal, term)
    return goal | {term}


def _thinned(goal: Goal, listed: Finite, term: Term) -> Goal:
    """A goal that lists its values, and one more term: a shorter list says the same, in any order."""
    kept = listed.kept(term)
    if kept is None:
        return goal | {term}
    if kept is listed:
        return goal
    return IMPOSSIBLE if kept is NOTHING else goal - {listed} | {kept}


def _gathered(goal: Goal, listed: Finite) -> Goal:
    """A goal that is met by values of a list only: what else it says has shortened the list."""
    rest: list[Term] = []
    kept: Term = listed
    for term in in_order(goal):
        left = kept.kept(term) if isinstance(kept, Finite) else kept
        if left is None:
            rest.append(term)
        else:
            kept = left
    return IMPOSSIBLE if kept is NOTHING else frozenset((kept, *rest))


def implied(goal: Goal, term: Term) -> bool:
    """Whether a glance shows that every value of a goal belongs to a term."""
    if term in goal or goal is IMPOSSIBLE:
        return True
    return any(isinstance(other, Finite) and other.kept(term) is other for other in goal)


def merged(goal: Goal, other: Iterable[Term]) -> Goal:
    """The conjunction of two goals."""
    for term in in_order(other):
        goal = joined(goal, term)
    return goal


def in_order(goal: Iterable[Term]) -> list[Term]:
    """Terms in an order that is the same in every run; complements last."""
    return sorted(goal, key=_order)


def _order(term: Term) -> tuple[bool, int]:
    return (term.serial < 0, abs(term.serial))


def conjunct(parts: Iterable[Term]) -> Goal:
    """The goal of these terms, joined in the order given."""
    goal = ANYTHING
    for term in parts:
        goal = joined(goal, term)
    return goal
