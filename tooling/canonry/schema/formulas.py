"""Formulas over one JSON kind: what a schema says about values of that kind, in negation normal form.

A formula is a `Constant`, a conjunction `All`, a disjunction `Choice`, a `Literal` (one elementary constraint
of the kind) or a term (a schema that applies to the same value, unfolded only when the search needs it).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from canonry.schema.terms import Term

Formula: TypeAlias = "Constant | All | Choice | NotOne | Literal | Unknown | Term"


class Constant:
    """True or false of every value of the kind."""

    __slots__ = ("truth",)

    def __init__(self, *, truth: bool) -> None:
        self.truth = truth

    def __repr__(self) -> str:
        return "TRUE" if self.truth else "FALSE"

    def negated(self) -> "Constant":
        """The other constant."""
        return FALSE if self.truth else TRUE


TRUE: Final = Constant(truth=True)
FALSE: Final = Constant(truth=False)


class Literal:
    """One elementary constraint. Every kind's literals are closed under negation."""

    __slots__ = ()

    def negated(self) -> "Formula":
        """What holds of exactly the values of the kind that this does not hold of."""
        raise NotImplementedError

    def narrow(self, constraints: Any) -> bool:
        """Adds this to a conjunction; False where the two plainly contradict each other."""
        raise NotImplementedError

    def refuted_by(self, constraints: Any) -> bool:
        """Whether a glance shows that this contradicts a conjunction. False means nothing."""
        return False

    def implied_by(self, constraints: Any) -> bool:
        """Whether a glance shows that a conjunction says this already. False means nothing."""
        return False

    def holds(self, value: Any) -> bool:
        """Whether a value of the kind meets this."""
        raise NotImplementedError


class Unknown:
    """Nobody can say of which values this holds; `reason` says why."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def negated(self) -> "Unknown":
        """As little is known of the other values."""
        return self


class All:
    """A conjunction."""

    __slots__ = ("parts",)

    def __init__(self, parts: "tuple[Formula, ...]") -> None:
        self.parts = parts

    def negated(self) -> "Formula":
        """By De Morgan."""
        return choice(part.negated() for part in self.parts)


class Sole(All):
    """One branch of many without its rivals: the first part, and of each rival that it does not hold.

    Most rivals are out of the question whatever the value, so a search looks at them last.
    """

    __slots__ = ()


class Choice:
    """A disjunction."""

    __slots__ = ("parts",)

    def __init__(self, parts: "tuple[Formula, ...]") -> None:
        self.parts = parts

    def negated(self) -> "Formula":
        """By De Morgan."""
        return all_of(part.negated() for part in self.parts)


class One(Choice):
    """Exactly one of the branches: `parts` are the ways in which that may be, each without its rivals."""

    __slots__ = ("branches",)

    def __init__(self, parts: "tuple[Formula, ...]", branches: "tuple[Formula, ...]") -> None:
        super().__init__(parts)
        self.branches = branches

    def negated(self) -> "Formula":
        """None or several; not by De Morgan, which makes of each branch a choice among all the others."""
        return NotOne(self)


class NotOne:
    """None of the branches holds, or several do."""

    __slots__ = ("one",)

    def __init__(self, one: One) -> None:
        self.one = one

    def negated(self) -> One:
        """Exactly one."""
        return self.one


def all_of(parts: "Iterable[Formula]") -> "Formula":
    """The conjunction, flat and without constants."""
    return _flat(parts, All, TRUE, FALSE)


def sole(branch: "Formula", rivals: "list[Formula]") -> "Formula":
    """One branch of many, and none of its rivals."""
    whole = all_of([branch, *rivals])
    return Sole(whole.parts) if isinstance(whole, All) and whole.parts[0] is branch else whole


def choice(parts: "Iterable[Formula]") -> "Formula":
    """The disjunction, flat and without constants."""
    return _flat(parts, Choice, FALSE, TRUE)


def _flat(
    parts: "Iterable[Formula]", joined: "type[All | Choice]", neutral: Constant, decisive: Constant
) -> "Formula":
    flat: list[Formula] = []
    for part in parts:
        if part is neutral:
            continue
        if part is decisive:
            return decisive
        if type(part) is joined:
            flat.extend(part.parts)
        else:
            flat.append(part)
    if not flat:
        return neutral
    return flat[0] if len(flat) == 1 else joined(tuple(flat))
