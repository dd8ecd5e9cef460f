"""Whether a goal has no counterexample in it: proved, broken by a candidate, or undecided."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json, same
from canonry.regular.budget import Budget, spending
from canonry.schema.answers import Found, Unsure
from canonry.schema.search import Solver
from canonry.schema.terms import IMPOSSIBLE, Goal, Term, in_order, joined
from canonry.schema.witness import smallest

MOST_CANDIDATES: Final = 6
"""Counterexamples that the judges are shown before the answer is "undecided"."""

JUDGING: Final = 600_000
"""Steps in which the counterexamples of one direction are made small, and as many in which one is judged."""


@dataclass(frozen=True, slots=True)
class Proved:
    """There is no counterexample."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The judges agree on this counterexample."""

    witness: Json


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither was shown, for this reason."""

    reason: str


Outcome: TypeAlias = Proved | Broken | Undecided


def contained(goal: Callable[[], Goal], solver: Solver, objection: Callable[[Json], str]) -> Outcome:
    """Looks for a counterexample in a goal. `objection` says why a candidate does not convince, or ""."""
    try:
        with spending(solver.budget):
            return _decided(goal(), solver, objection)
    except CanonryError as error:
        return Undecided(str(error))
    except RecursionError:
        return Undecided("the schemas are nested too deep")


def _decided(goal: Goal, solver: Solver, objection: Callable[[Json], str]) -> Outcome:
    doubt = ""
    shrinking = Budget(JUDGING)
    for _ in range(MOST_CANDIDATES):
        if goal is IMPOSSIBLE:
            break
        answer = solver.inhabitant(goal)
        if isinstance(answer, Unsure):
            return Undecided(answer.reason)
        if not isinstance(answer, Found):
            break
        with spending(shrinking):
            candidate = smallest(answer.value, partial(_in_all, in_order(goal)))
        problem = _heard(candidate, objection)
        if problem and not same(candidate, answer.value):
            candidate, problem = answer.value, _heard(answer.value, objection)
        if not problem:
            return Broken(candidate)
        doubt = doubt or problem
        goal = joined(goal, solver.terms.values([answer.value]).complement)
    return Undecided(doubt) if doubt else Proved()


def _heard(candidate: Json, objection: Callable[[Json], str]) -> str:
    """The objection, heard on a budget of its own: what the judges have compiled before must not count."""
    with spending(Budget(JUDGING)):
        return objection(candidate)


def _in_all(terms: list[Term], value: Json) -> bool:
    try:
        return all(term.holds(value) for term in terms)
    except CanonryError:
        return False
