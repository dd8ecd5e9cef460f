"""Objects: named members, classes of names, and counts of members."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from canonry.kernel.jsonvalue import Json
from canonry.schema.answers import EMPTY, Answer
from canonry.schema.formulas import Literal
from canonry.schema.terms import ANYTHING, IMPOSSIBLE, Goal, Term, implied, joined

if TYPE_CHECKING:
    from canonry.schema.search import Solver

_FEW: Final = 16
"""Terms of a goal, or classes of names, that are gone through in the time of a glance."""


class Member(Literal):
    """A member of this name is there, and it belongs to `term`; where not `must`: if it is there, it does."""

    __slots__ = ("must", "name", "term")

    def __init__(self, name: str, term: Term, *, must: bool) -> None:
        self.name = name
        self.term = term
        self.must = must

    def negated(self) -> Literal:
        return Member(self.name, self.term.complement, must=not self.must)

    def narrow(self, constraints: "Objects") -> bool:
        name = self.name
        before = constraints.goal(name)
        if len(before) > _FEW:
            constraints.toil += len(before) // _FEW
        goal = joined(before, self.term)
        if goal is IMPOSSIBLE and (self.must or name in constraints.required):
            return False
        constraints.members[name] = goal
        if self.must:
            if name not in constraints.required:
                constraints.require(name)
                constraints.changed.append(name)
                return not constraints.crowded
            if goal is not before:
                constraints.changed.append(name)
        elif goal is not before and name in constraints.required:
            constraints.changed.append(name)
        return True

    def refuted_by(self, constraints: "Objects") -> bool:
        if not self.must and self.name not in constraints.required:
            return False
        goal = constraints.goal(self.name)
        constraints.toil += len(goal) // _FEW
        return joined(goal, self.term) is IMPOSSIBLE

    def implied_by(self, constraints: "Objects") -> bool:
        goal = constraints.goal(self.name)
        if self.must and self.name not in constraints.required:
            return False
        return implied(goal, self.term)

    def holds(self, value: dict[str, Json]) -> bool:
        return self.term.holds(value[self.name]) if self.name in value else not self.must


class Members(Literal):
    """Every member whose name is in `names` belongs to `term`; or, where `some`, at least one does."""

    __slots__ = ("names", "some", "term")

    def __init__(self, names: Term, term: Term, *, some: bool) -> None:
        self.names = names
        self.term = term
        self.some = some

    def negated(self) -> Literal:
        return Members(self.names, self.term.complement, some=not self.some)

    def narrow(self, constraints: "Objects") -> bool:
        if self.some:
            constraints.some = (*constraints.some, self)
            constraints.toil += len(constraints.every)
            return not self.refuted_by(constraints)
        constraints.every = (*constraints.every, self)
        members = constraints.members
        constraints.toil += len(constraints.every) // _FEW + 2 * len(members) + len(constraints.some)
        for name, before in list(members.items()):
            if before is not IMPOSSIBLE and self.names.holds(name):
                goal = joined(before, self.term)
                if goal is before:
                    continue
                members[name] = goal
                if name in constraints.required:
                    if goal is IMPOSSIBLE:
                        return False
                    constraints.changed.append(name)
        return not any(some.refuted_by(constraints) for some in constraints.some)

    def refuted_by(self, constraints: "Objects") -> bool:
        if not self.some:
            return False
        opposite = self.term.complement
        return any(every.names is self.names and every.term is opposite for every in constraints.every)

    def implied_by(self, constraints: "Objects") -> bool:
        return not self.some and any(
            every.names is self.names and every.term is self.term for every in constraints.every
        )

    def holds(self, value: dict[str, Json]) -> bool:
        test = any if self.some else all
        return test(self.term.holds(member) for name, member in value.items() if self.names.holds(name))


class Size(Literal):
    """At least `low` members and, where given, at most `high`; only those with a name in `names` count."""

    __slots__ = ("high", "low", "names")

    def __init__(self, low: int, high: int | None, names: Term | None = None) -> None:
        self.low = low
        self.high = high
        self.names = names

    def negated(self) -> Literal:
        """Only one side is ever bounded: the normal form writes two literals for two sides."""
        if self.high is None:
            return Size(0, self.low - 1, self.names)
        return Size(self.high + 1, None, self.names)

    def narrow(self, constraints: "Objects") -> bool:
        low, high = constraints.sizes.get(self.names, (0, None))
        low = max(low, self.low)
        if self.high is not None:
            high = self.high if high is None else min(high, self.high)
        constraints.sizes = {**constraints.sizes, self.names: (low, high)}
        return (high is None or low <= high) and not constraints.crowded

    def refuted_by(self, constraints: "Objects") -> bool:
        low, high = constraints.sizes.get(self.names, (0, None))
        if self.high is None:
            return high is not None and self.low > high
        required = constraints.required
        known = len(required) if self.names is None else sum(map(self.names.holds, required))
        return max(low, known) > self.high

    def implied_by(self, constraints: "Objects") -> bool:
        low, high = constraints.sizes.get(self.names, (0, None))
        if self.high is None:
            return max(low, len(constraints.required) if self.names is None else 0) >= self.low
        return high is not None and high <= self.high

    def holds(self, value: dict[str, Json]) -> bool:
        size = len(value) if self.names is None else sum(map(self.names.holds, value))
        return size >= self.low and (self.high is None or size <= self.high)


class Objects:
    """A conjunction over objects.

    `members` holds what a member of each known name must meet if it is there (with all of `every` that is
    about it), `required` the names that must be there, `every` and `some` what classes of names must meet.
    """

    __slots__ = ("changed", "every", "members", "owned", "placed", "required", "sizes", "some", "toil")

    def __init__(self) -> None:
        self.members: dict[str, Goal] = {}
        self.required: dict[str, None] = {}
        self.every: tuple[Members, ...] = ()
        self.some: tuple[Members, ...] = ()
        self.sizes: dict[Term | None, tuple[int, int | None]] = {}
        self.changed: list[str] = []
        self.placed = 0
        self.owned = True
        self.toil = 0

    def copy(self) -> "Objects":
        """An independent copy, to try an alternative on."""
        twin = Objects.__new__(Objects)
        twin.members = self.members.copy()
        twin.required = self.required
        twin.every = self.every
        twin.some = self.some
        twin.sizes = self.sizes
        twin.changed = self.changed.copy()
        twin.placed = self.placed
        twin.toil = 0
        self.owned = twin.owned = False
        return twin

    def require(self, name: str) -> None:
        """Says that a member must be there; copies share what is required until one changes."""
        if not self.owned:
            self.toil += len(self.required) // 16
            self.required = self.required.copy()
            self.owned = True
        self.required[name] = None

    @property
    def size(self) -> int:
        """How much a copy costs."""
        return len(self.members)

    def goal(self, name: str) -> Goal:
        """What a member of this name must meet."""
        known = self.members.get(name)
        if known is None:
            known = ANYTHING
            self.toil += len(self.every)
            for every in self.every:
                if every.names.holds(name):
                    known = joined(known, every.term)
            self.members[name] = known
        return known

    @property
    def crowded(self) -> bool:
        """Whether more members are required than are allowed."""
        if not self.sizes:
            return False
        required = self.required
        for names, (_, high) in self.sizes.items():
            if high is not None:
                self.toil += 0 if names is None else len(required)
                known = len(required) if names is None else sum(map(names.holds, required))
                if known > high:
                    return True
        return False

    def probe(self, solver: "Solver") -> bool:
        """False where a required member that changed since the last probe has no value left."""
        changed, self.changed = self.changed, []
        for name in changed:
            if solver.inhabitant(self.members[name]) is EMPTY:
                return False
        return self._placeable(solver)

    def _placeable(self, solver: "Solver") -> bool:
        if self.placed == len(self.some):
            return True
        from canonry.schema.layout import placeable

        unseen, self.placed = self.some[self.placed :], len(self.some)
        return all(placeable(self, some, solver) for some in unseen)

    def inhabitant(self, solver: "Solver", hints: Iterable[Json]) -> Answer:
        """An object that meets every constraint."""
        from canonry.schema.layout import object_inhabitant

        return object_inhabitant(self, solver)
