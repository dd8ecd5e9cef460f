"""A conjunction over one JSON kind while it is searched, and what a glance at it shows."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from canonry.regular.budget import current
from canonry.schema.answers import Unsure
from canonry.schema.arrays import Arrays
from canonry.schema.formulas import (
    All,
    Choice,
    Constant,
    Formula,
    Literal,
    NotOne,
    One,
    Sole,
    Unknown,
    all_of,
)
from canonry.schema.numbers import Numbers
from canonry.schema.objects import Objects
from canonry.schema.scalars import boolean_constraints, null_constraints
from canonry.schema.strings import Strings
from canonry.schema.terms import Term
from canonry.schema.values import ARRAY, BOOLEAN, NULL, NUMBER, OBJECT, STRING

_CONSTRAINTS: Final[dict[int, Callable[[], Any]]] = {
    NULL: null_constraints,
    BOOLEAN: boolean_constraints,
    NUMBER: Numbers,
    STRING: Strings,
    ARRAY: Arrays,
    OBJECT: Objects,
}


MOST_PROBED: Final = 256
"""Alternatives that are tried alone before one is settled on; halved for as long as that shows nothing."""
_GLANCE: Final = 2_000
"""Parts of a formula that a glance looks at; what it has not seen by then it does not know."""
_BULK: Final = 500
"""Parts from which on each is met for the first time, which takes longer than to look at it again."""
_ACCOUNT: Final = 1_000
"""Work that is done before it is accounted for."""


Count: TypeAlias = "tuple[bool, tuple[Formula, ...]]"
"""None or several of these hold; or, where the first says so, one is known to hold and another must."""


class State:
    """A conjunction under search: the literals so far, the terms unfolded, the choices still open."""

    __slots__ = (
        "asserted",
        "choices",
        "constraints",
        "counts",
        "doubt",
        "glance",
        "kind",
        "late",
        "patience",
        "work",
    )

    def __init__(
        self, kind: int, constraints: Any, asserted: dict[Term, None], choices: list[tuple[Formula, ...]]
    ) -> None:
        self.doubt: Unsure | None = None
        self.work = 0
        self.glance = _GLANCE
        self.patience = MOST_PROBED
        self.kind = kind
        self.constraints = constraints
        self.asserted = asserted
        self.choices = choices
        self.counts: list[Count] = []
        self.late: tuple[Formula, ...] = ()
        """What must hold as well, but is looked at only where a value does not meet it."""

    @classmethod
    def of(cls, kind: int) -> "State":
        """Nothing said yet of values of a kind."""
        return cls(kind, _CONSTRAINTS[kind](), {}, [])

    def copy(self) -> "State":
        """An independent copy, to try an alternative on."""
        twin = State(self.kind, self.constraints.copy(), self.asserted.copy(), self.choices.copy())
        twin.doubt = self.doubt
        twin.counts = self.counts.copy()
        twin.late = self.late
        twin.patience = self.patience
        return twin

    def bare(self) -> "State":
        """A copy that forgets the open choices."""
        return State(self.kind, self.constraints.copy(), self.asserted.copy(), [])

    def add(self, formula: Formula) -> bool:
        """Takes a formula in; False where it plainly contradicts what is there."""
        pending = [formula]
        while pending:
            part = pending.pop()
            self.work += 1
            if isinstance(part, Literal):
                if not part.narrow(self.constraints):
                    return False
                if self.constraints.toil > _ACCOUNT:
                    self._pay()
            elif isinstance(part, All):
                if len(part.parts) > _BULK:
                    self.work += 2 * len(part.parts)
                if any(inner.negated() in self.asserted for inner in part.parts if isinstance(inner, Term)):
                    return False  # before any of the others is unfolded
                if isinstance(part, Sole):
                    self._postpone(part.parts[1:])
                    pending.append(part.parts[0])
                else:
                    pending.extend(reversed(part.parts))
            elif isinstance(part, Choice):
                self.choices.append(part.parts)
            elif isinstance(part, NotOne):
                self.counts.append((False, part.one.branches))
            elif isinstance(part, Constant):
                if not part.truth:
                    return False
            elif isinstance(part, Unknown):
                self.doubt = Unsure(part.reason)
            elif part.alias is not None and part.alias[0] in self.asserted:
                pending.append(part.alias[1])
            elif part not in self.asserted:
                if part.complement in self.asserted:
                    return False
                self.asserted[part] = None
                pending.append(part.formula(self.kind))
        return True

    def _postpone(self, rivals: tuple[Formula, ...]) -> None:
        """Takes in that they hold, not what they say: that a rival does not hold is known at once."""
        fresh = [part for part in rivals if not isinstance(part, Term) or part not in self.asserted]
        self.asserted.update((part, None) for part in fresh if isinstance(part, Term))
        self.late = (*self.late, *fresh)

    def recall(self, unmet: list[Formula]) -> bool:
        """Says what was postponed; False where it plainly contradicts what is there."""
        self.late = tuple(part for part in self.late if part not in unmet)
        said = (part.formula(self.kind) if isinstance(part, Term) else part for part in unmet)
        return all(map(self.add, said))

    def _pay(self) -> None:
        """Accounts at once for work that adds up while thousands of literals are taken in."""
        current().spend(2 * self.constraints.toil)
        self.constraints.toil = 0

    @property
    def effort(self) -> int:
        """Work that has yet to be accounted for."""
        return self.work + self.constraints.toil  # type: ignore[no-any-return]  # an int of every kind

    def account(self, spend: Callable[[int], None]) -> None:
        """Accounts for all work so far."""
        effort, self.work, self.constraints.toil = self.effort, 0, 0
        spend(effort)

    def refutes(self, formula: Formula) -> bool:
        """Whether a glance shows that the formula cannot hold here."""
        self.work += 1
        if self.work > self.glance:
            return False  # formulas share their parts, so walking all of them may never end
        if isinstance(formula, Literal):
            return formula.refuted_by(self.constraints)
        if isinstance(formula, Sole):
            return self.refutes(formula.parts[0]) or any(
                isinstance(part, Term) and part.complement in self.asserted for part in formula.parts
            )
        if isinstance(formula, All):
            for part in formula.parts:  # noqa: SIM110  # a generator costs more than it looks at
                if self.refutes(part):
                    return True
            return False
        if isinstance(formula, NotOne):
            return self._exactly_one(formula.one)
        if isinstance(formula, Choice):
            for part in formula.branches if isinstance(formula, One) else formula.parts:
                if not self.refutes(part):
                    return False
            return True
        if isinstance(formula, Constant):
            return not formula.truth
        if isinstance(formula, Unknown):
            return False
        if formula.alias is not None and formula.alias[0] in self.asserted:
            return self.refutes(formula.alias[1])
        return formula.complement in self.asserted or self.refutes(formula.formula(self.kind))

    def implies(self, formula: Formula) -> bool:
        """Whether a glance shows that the formula holds here anyway."""
        self.work += 1
        if self.work > self.glance:
            return False
        if isinstance(formula, Literal):
            return formula.implied_by(self.constraints)
        if isinstance(formula, All):
            for part in formula.parts:  # noqa: SIM110  # a generator costs more than it looks at
                if not self.implies(part):
                    return False
            return True
        if isinstance(formula, NotOne):
            for part in formula.one.branches:  # noqa: SIM110  # as above
                if not self.refutes(part):
                    return False
            return True
        if isinstance(formula, One):
            return self._exactly_one(formula)
        if isinstance(formula, Choice):
            for part in formula.parts:  # noqa: SIM110  # a generator costs more than it looks at
                if self.implies(part):
                    return True
            return False
        if isinstance(formula, Constant):
            return formula.truth
        if isinstance(formula, Unknown):
            return False
        return formula in self.asserted or self.implies(formula.formula(self.kind))

    def _counted(self, count: "Count") -> bool | None:
        """Settles "none or several" at a glance: whether that forced something; None where it cannot be."""
        hit, parts = count
        left: list[Formula] = []
        for part in parts:
            self.glance = self.work + _GLANCE
            if self.implies(part):
                if hit:
                    return False  # several hold
                hit = True
                continue
            self.glance = self.work + _GLANCE
            if not self.refutes(part):
                left.append(part)
        if not left:
            return None if hit else False
        if len(left) == 1:
            return True if self.add(left[0] if hit else left[0].negated()) else None
        if hit:
            self.choices.append(tuple(left))
        else:
            self.counts.append((hit, tuple(left)))
        return False

    def branch(self) -> None:
        """Makes a choice of a count that is still open: no branch, or one (and then another)."""
        _, parts = self.counts[0]
        self.choices.append((all_of(part.negated() for part in parts), *parts))

    def _exactly_one(self, one: One) -> bool:
        """Whether a glance shows that one branch holds and no other."""
        hit = False
        for part in one.branches:
            if self.refutes(part):
                continue
            if hit or not self.implies(part):
                return False
            hit = True
        return hit

    def settle(
        self, spend: Callable[[int], None], apart: Callable[[tuple[Formula, ...]], bool] | None = None
    ) -> bool:
        """Drops choices that hold anyway and alternatives that cannot; False where a choice has none left.

        `spend` is told how much work it was, while it is done. Choices that are `apart` from what is new
        since they were settled are not looked at again.
        """
        while True:
            self.account(spend)
            choices, self.choices = self.choices, []
            kept: list[tuple[Formula, ...]] = []
            forced = False
            for parts in choices:
                if self.effort > _ACCOUNT:
                    self.account(spend)
                if apart is not None and apart(parts):
                    kept.append(parts)
                    continue
                alive: list[Formula] = []
                for part in parts:
                    self.glance = self.work + _GLANCE
                    if self.implies(part):
                        break
                    self.glance = self.work + _GLANCE
                    if not self.refutes(part):
                        alive.append(part)
                else:
                    if len(alive) > 1:
                        kept.append(tuple(alive))
                    elif not alive or not self.add(alive[0]):
                        return False
                    else:
                        forced = True
            self.choices = kept + self.choices
            counts, self.counts = self.counts, []
            for count in counts:
                self.account(spend)
                if apart is not None and apart(count[1]):
                    self.counts.append(count)
                    continue
                outcome = self._counted(count)
                if outcome is None:
                    return False
                forced = forced or outcome
            if not forced:
                return True
            apart = None
