"""Deterministic bounds on work: steps, never the clock, so that a verdict is the same on every machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import ClassVar, Final, NoReturn

from canonry.kernel.errors import CanonryError

DEFAULT_STEPS: Final = 4_000_000
"""What one question may cost where the caller set no budget: about a second on a slow core."""


@dataclass(eq=False)
class BudgetExceeded(CanonryError):  # noqa: N818  # a verdict ("not decided within"), not a mistake
    """The question needs more work than its budget allows; the answer is unknown, not no."""

    steps: int
    what: str = ""
    """What was too large, where that and not the number of steps was the reason."""
    hint: ClassVar[str] = "Simplify the pattern, or bound its repetitions more tightly."

    def __str__(self) -> str:
        return self.what or f"not decided within {self.steps:,} steps"


@dataclass(slots=True)
class Budget:
    """A number of steps to spend. A step is some tenths of a microsecond of work."""

    steps: int = DEFAULT_STEPS
    spent: int = field(default=0, init=False)

    def spend(self, steps: int = 1) -> None:
        """Raises `BudgetExceeded` once more than `steps` have been spent in all."""
        self.spent += steps
        if self.spent > self.steps:
            raise BudgetExceeded(self.steps)

    def exhaust(self, what: str) -> NoReturn:
        """Gives up where a bound on size, not on steps, is reached: raises `BudgetExceeded`."""
        self.spent = max(self.spent, self.steps + 1)
        raise BudgetExceeded(self.steps, what)

    @property
    def left(self) -> int:
        """Steps that may still be spent."""
        return max(0, self.steps - self.spent)


_ACTIVE: ContextVar[Budget | None] = ContextVar("canonry_regular_budget", default=None)


def current() -> Budget:
    """The budget that a surrounding `spending` set, else a fresh default one."""
    return _ACTIVE.get() or Budget()


def given() -> Budget | None:
    """The budget that a surrounding `spending` set, if any: for work that is bounded by nothing else."""
    return _ACTIVE.get()


@contextmanager
def spending(budget: Budget) -> Iterator[Budget]:
    """Everything `canonry.regular` does inside draws on `budget`."""
    token = _ACTIVE.set(budget)
    try:
        yield budget
    finally:
        _ACTIVE.reset(token)
