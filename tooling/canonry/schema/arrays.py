"""Arrays: single places, tails, counts of matching items, lengths and distinctness."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from canonry.kernel.jsonvalue import Json
from canonry.schema.answers import EMPTY, Answer
from canonry.schema.formulas import Literal
from canonry.schema.languages import Undecidable
from canonry.schema.terms import ANYTHING, IMPOSSIBLE, Goal, Term, joined
from canonry.schema.values import key

if TYPE_CHECKING:
    from canonry.schema.declared import Lens
    from canonry.schema.search import Solver


class Item(Literal):
    """There is an item at `index`, and it belongs to `term`; where not `must`: if it is there, it does."""

    __slots__ = ("index", "must", "term")

    def __init__(self, index: int, term: Term, *, must: bool) -> None:
        self.index = index
        self.term = term
        self.must = must

    def negated(self) -> Literal:
        return Item(self.index, self.term.complement, must=not self.must)

    def narrow(self, constraints: "Arrays") -> bool:
        if self.must:
            constraints.low = max(constraints.low, self.index + 1)
        goal = constraints.places.get(self.index, ANYTHING)
        constraints.toil += len(goal) // 4
        constraints.place(self.index, joined(goal, self.term))
        constraints.changed = True
        return constraints.plausible(self.index)

    def refuted_by(self, constraints: "Arrays") -> bool:
        if not self.must and self.index >= constraints.low:
            return False
        if constraints.high is not None and self.index >= constraints.high:
            return True
        return joined(constraints.goal(self.index), self.term) is IMPOSSIBLE

    def holds(self, value: list[Json]) -> bool:
        return self.term.holds(value[self.index]) if self.index < len(value) else not self.must


class Tally(Literal):
    """Of the items from `start` on, at least `low` and, where given, at most `high` belong to `term`."""

    __slots__ = ("high", "low", "start", "term")

    def __init__(self, term: Term, low: int, high: int | None, start: int = 0) -> None:
        self.term = term
        self.low = low
        self.high = high
        self.start = start

    def negated(self) -> Literal:
        """Only one side is ever bounded: the normal form writes two literals for two sides."""
        if self.high is None:
            return Tally(self.term, 0, self.low - 1, self.start)
        return Tally(self.term, self.high + 1, None, self.start)

    def narrow(self, constraints: "Arrays") -> bool:
        constraints.changed = True
        constraints.toil += len(constraints.wanted)
        if self.high is None:
            constraints.low = max(constraints.low, self.start + self.low)
            if self.low:
                constraints.wanted = (*constraints.wanted, self)
                constraints.reach = max(constraints.reach, self.start)
            if constraints.high is not None and constraints.low > constraints.high:
                return False
            return not self.refuted_by(constraints)
        if self.high > 0:
            constraints.capped = (*constraints.capped, self)
            constraints.reach = max(constraints.reach, self.start)
            return True
        constraints.tails = (*constraints.tails, (self.start, self.term.complement))
        constraints.reach = max(constraints.reach, self.start)
        constraints.toil += len(constraints.places) * len(constraints.tails)
        return (
            all(constraints.plausible(index) for index in constraints.places)
            and constraints.plausible(self.start)
            and not any(wanted.refuted_by(constraints) for wanted in constraints.wanted)
        )

    def refuted_by(self, constraints: "Arrays") -> bool:
        if self.high is None:
            if constraints.high is not None and constraints.high < self.start + self.low:
                return True
            opposite = self.term.complement
            return self.low > 0 and any(
                start <= self.start and term is opposite for start, term in constraints.tails
            )
        return self.high == 0 and any(
            wanted.term is self.term and wanted.start >= self.start for wanted in constraints.wanted
        )

    def implied_by(self, constraints: "Arrays") -> bool:
        if self.high == 0:
            opposite = self.term.complement
            return any(start <= self.start and term is opposite for start, term in constraints.tails)
        return False

    def holds(self, value: list[Json]) -> bool:
        count = sum(map(self.term.holds, value[self.start :]))
        return count >= self.low and (self.high is None or count <= self.high)


class Distinct(Literal):
    """No two items are equal; where not `unique`, some two are. With a lens: once it has stripped them."""

    __slots__ = ("lens", "unique")

    def __init__(self, *, unique: bool = True, lens: "Lens | None" = None) -> None:
        self.unique = unique
        self.lens = lens

    def negated(self) -> Literal:
        return Distinct(unique=not self.unique, lens=self.lens)

    def narrow(self, constraints: "Arrays") -> bool:
        if self.lens is not None:
            if self.unique:
                raise Undecidable("uniqueItems of what is left of the items")
            constraints.alike = (*constraints.alike, self.lens)
            constraints.low = max(constraints.low, 2)
            return constraints.high is None or constraints.low <= constraints.high
        if self.unique:
            constraints.unique = True
        else:
            constraints.repeated = True
            constraints.low = max(constraints.low, 2)
        return not (constraints.unique and constraints.repeated) and (
            constraints.high is None or constraints.low <= constraints.high
        )

    def refuted_by(self, constraints: "Arrays") -> bool:
        if self.lens is not None:
            return constraints.high is not None and constraints.high < 2  # noqa: PLR2004
        if self.unique:
            return constraints.repeated
        return constraints.unique or (constraints.high is not None and constraints.high < 2)  # noqa: PLR2004

    def implied_by(self, constraints: "Arrays") -> bool:
        if self.lens is not None:
            return False
        return constraints.unique if self.unique else constraints.repeated

    def holds(self, value: list[Json]) -> bool:
        if self.lens is not None:
            value = [self.lens.item(index).stripped(item) for index, item in enumerate(value)]
        return (len(set(map(key, value))) == len(value)) is self.unique


class Arrays:
    """A conjunction over arrays.

    `places` holds what single items must meet, `tails` what all items from an index on must meet, `wanted`
    and `capped` the counts of matching items from below and from above.
    """

    __slots__ = (
        "alike",
        "capped",
        "changed",
        "high",
        "low",
        "owned",
        "places",
        "reach",
        "repeated",
        "tails",
        "toil",
        "unique",
        "wanted",
    )

    def __init__(self) -> None:
        self.low = 0
        self.high: int | None = None
        self.places: dict[int, Goal] = {}
        self.tails: tuple[tuple[int, Term], ...] = ()
        self.wanted: tuple[Tally, ...] = ()
        self.capped: tuple[Tally, ...] = ()
        self.unique = False
        self.repeated = False
        self.alike: tuple[Lens, ...] = ()
        self.changed = False
        self.reach = 0
        self.owned = True
        self.toil = 0

    def copy(self) -> "Arrays":
        """An independent copy, to try an alternative on."""
        twin = Arrays.__new__(Arrays)
        for name in Arrays.__slots__:
            setattr(twin, name, getattr(self, name))
        self.owned = twin.owned = False
        return twin

    def place(self, index: int, goal: Goal) -> None:
        """Says what the item at an index must meet; copies share their places until one changes."""
        if not self.owned:
            self.toil += len(self.places) // 16
            self.places = self.places.copy()
            self.owned = True
        self.places[index] = goal
        self.reach = max(self.reach, index + 1)

    @property
    def size(self) -> int:
        """How much a copy costs."""
        return 1

    def goal(self, index: int) -> Goal:
        """What the item at an index must meet."""
        goal = self.places.get(index, ANYTHING)
        self.toil += len(self.tails)
        for start, term in self.tails:
            if start <= index:
                goal = joined(goal, term)
        return goal

    def plausible(self, index: int) -> bool:
        """False where an item that must be there plainly cannot; one that need not be bounds the length."""
        if (self.high is None or index < self.high) and self.goal(index) is IMPOSSIBLE:
            self.high = index
        return self.high is None or self.low <= self.high

    def probe(self, solver: "Solver") -> bool:
        """False where an item that must be there has no value left."""
        if not self.changed:
            return True
        self.changed = False
        for index in range(min(self.low, self.horizon + 1)):
            solver.step()
            if solver.inhabitant(self.goal(index)) is EMPTY:
                return False
        return True

    @property
    def horizon(self) -> int:
        """The index from which on all items must meet the same."""
        return self.reach

    def inhabitant(self, solver: "Solver", hints: Iterable[Json]) -> Answer:
        """An array that meets every constraint."""
        from canonry.schema.sequence import array_inhabitant

        return array_inhabitant(self, solver)
