"""Conjunctions over null, booleans, and what numbers and strings share with them: finite sets of values."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, Self

from canonry.kernel.jsonvalue import Json
from canonry.schema.answers import EMPTY, Answer, Found
from canonry.schema.formulas import Literal

if TYPE_CHECKING:
    from canonry.schema.search import Solver

_SIFTED: Final = 16
"""Values of a finite set that are compared with another in the time of a glance."""


class Among(Literal):
    """The value is one of these; or, where not `inside`, none of them."""

    __slots__ = ("inside", "values")

    def __init__(self, values: frozenset[Any], *, inside: bool = True) -> None:
        self.values = values
        self.inside = inside

    def negated(self) -> "Among":
        return Among(self.values, inside=not self.inside)

    def narrow(self, constraints: "Scalars") -> bool:
        constraints.toil += len(self.values) // _SIFTED
        if self.inside:
            constraints.only = self.values if constraints.only is None else constraints.only & self.values
        else:
            constraints.never |= self.values
        return constraints.only is None or bool(constraints.only - constraints.never)

    def refuted_by(self, constraints: "Scalars") -> bool:
        only = constraints.only
        constraints.toil += len(self.values if only is None else only) // _SIFTED
        if only is None:
            return self.inside and self.values <= constraints.never
        if self.inside:
            return only.isdisjoint(self.values)
        return only <= self.values

    def implied_by(self, constraints: "Scalars") -> bool:
        only = constraints.only
        constraints.toil += len(self.values if only is None else only) // _SIFTED
        if only is None:
            return not self.inside and self.values <= constraints.never
        return only <= self.values if self.inside else only.isdisjoint(self.values)

    def holds(self, value: Any) -> bool:
        return (value in self.values) is self.inside


class Scalars:
    """A conjunction over null or booleans; numbers and strings extend it.

    `only` is the finite set the value must be in (None: no such set), `never` what it must not be. `toil` is
    work beyond a glance that has yet to be accounted for; every kind's conjunction counts it.
    """

    __slots__ = ("never", "only", "toil")

    def __init__(self, only: frozenset[Any] | None = None) -> None:
        self.only = only
        self.never: frozenset[Any] = frozenset()
        self.toil = 0

    def copy(self) -> Self:
        """An independent copy, to try an alternative on."""
        twin = type(self).__new__(type(self))
        for slots in (base.__slots__ for base in type(self).__mro__ if hasattr(base, "__slots__")):
            for name in slots:
                setattr(twin, name, getattr(self, name))
        return twin

    @property
    def size(self) -> int:
        """How much a copy costs."""
        return 1

    def probe(self, solver: "Solver | None") -> bool:
        """False where a closer look at what changed since the last one shows that nothing is left."""
        return True

    def admits(self, value: Any) -> bool:
        """Whether every constraint holds of a value."""
        return (self.only is None or value in self.only) and value not in self.never

    def inhabitant(self, solver: "Solver | None", hints: Iterable[Json]) -> Answer:
        """A value that meets every constraint."""
        for value in sorted(self.only or ()):
            if self.admits(value):
                return Found(value)
        return EMPTY


def null_constraints() -> Scalars:
    """No constraint on null: there is one value."""
    return _Null(None)


def boolean_constraints() -> Scalars:
    """No constraint on booleans: there are two."""
    return Scalars(frozenset((True, False)))


class _Null(Scalars):
    __slots__ = ()

    def inhabitant(self, solver: "Solver | None", hints: Iterable[Json]) -> Answer:
        return Found(None)
