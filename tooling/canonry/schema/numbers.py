"""Numbers: intervals, lattices (`multipleOf`) and finite exclusions, decided exactly."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import count
from math import ceil, floor, gcd, lcm
from typing import TYPE_CHECKING, Final

from canonry.kernel.jsonvalue import Json
from canonry.regular.budget import current
from canonry.schema.answers import EMPTY, Answer, Found, Unsure
from canonry.schema.formulas import Literal
from canonry.schema.scalars import Scalars
from canonry.schema.values import NUMBER, Exact, exact, kind_of, plain, quotient

if TYPE_CHECKING:
    from canonry.schema.search import Solver

_MOST_TRIED: Final = 20_000
"""Multiples tried one by one where several excluded lattices overlap in a bounded interval."""


class Minimum(Literal):
    """At least `bound`, or more than it where `open`."""

    __slots__ = ("bound", "open")

    def __init__(self, bound: Exact, *, open: bool = False) -> None:  # noqa: A002  # an interval is open
        self.bound = bound
        self.open = open

    def negated(self) -> "Maximum":
        return Maximum(self.bound, open=not self.open)

    def narrow(self, constraints: "Numbers") -> bool:
        low = constraints.low
        if low is None or self.bound > low or (self.bound == low and self.open):
            constraints.low = self.bound
            constraints.low_open = self.open
        return not constraints.crossed

    def refuted_by(self, constraints: "Numbers") -> bool:
        high = constraints.high
        return high is not None and (
            high < self.bound or (high == self.bound and (self.open or constraints.high_open))
        )

    def implied_by(self, constraints: "Numbers") -> bool:
        low = constraints.low
        return low is not None and (
            low > self.bound or (low == self.bound and (constraints.low_open or not self.open))
        )

    def holds(self, value: Exact) -> bool:
        return value > self.bound if self.open else value >= self.bound


class Maximum(Literal):
    """At most `bound`, or less than it where `open`."""

    __slots__ = ("bound", "open")

    def __init__(self, bound: Exact, *, open: bool = False) -> None:  # noqa: A002  # an interval is open
        self.bound = bound
        self.open = open

    def negated(self) -> "Minimum":
        return Minimum(self.bound, open=not self.open)

    def narrow(self, constraints: "Numbers") -> bool:
        high = constraints.high
        if high is None or self.bound < high or (self.bound == high and self.open):
            constraints.high = self.bound
            constraints.high_open = self.open
        return not constraints.crossed

    def refuted_by(self, constraints: "Numbers") -> bool:
        low = constraints.low
        return low is not None and (
            low > self.bound or (low == self.bound and (self.open or constraints.low_open))
        )

    def implied_by(self, constraints: "Numbers") -> bool:
        high = constraints.high
        return high is not None and (
            high < self.bound or (high == self.bound and (constraints.high_open or not self.open))
        )

    def holds(self, value: Exact) -> bool:
        return value < self.bound if self.open else value <= self.bound


class Multiple(Literal):
    """A whole multiple of `step`; or, where not `inside`, none. Integers are the multiples of 1."""

    __slots__ = ("inside", "step")

    def __init__(self, step: Exact, *, inside: bool = True) -> None:
        self.step = step
        self.inside = inside

    def negated(self) -> "Multiple":
        return Multiple(self.step, inside=not self.inside)

    def narrow(self, constraints: "Numbers") -> bool:
        constraints.toil += _length(constraints.step) * (1 + len(constraints.off))
        if self.inside:
            step = constraints.step
            constraints.step = self.step if step is None else common_multiple(step, self.step)
        elif self.step not in constraints.off:
            constraints.off = (*constraints.off, self.step)
        step = constraints.step
        return step is None or not any(is_multiple(step, other) for other in constraints.off)

    def refuted_by(self, constraints: "Numbers") -> bool:
        constraints.toil += _length(constraints.step)
        if self.inside:
            constraints.toil += _length(self.step) * len(constraints.off)
            return any(is_multiple(self.step, other) for other in constraints.off)
        return constraints.step is not None and is_multiple(constraints.step, self.step)

    def implied_by(self, constraints: "Numbers") -> bool:
        constraints.toil += _length(constraints.step)
        if self.inside:
            return constraints.step is not None and is_multiple(constraints.step, self.step)
        constraints.toil += _length(self.step) * len(constraints.off)
        return any(is_multiple(self.step, other) for other in constraints.off)

    def holds(self, value: Exact) -> bool:
        return is_multiple(value, self.step) is self.inside


def _length(step: Exact | None) -> int:
    """How much longer than for a small one any arithmetic with a step takes."""
    bits = 0 if step is None else step.numerator.bit_length() + step.denominator.bit_length()
    return 1 + bits // 512 + (bits // 2048) ** 2


def is_multiple(value: Exact, step: Exact) -> bool:
    """Whether a whole number of steps makes the value."""
    if isinstance(value, int) and isinstance(step, int):
        return value % step == 0
    return isinstance(quotient(value, step), int)


def common_multiple(left: Exact, right: Exact) -> Exact:
    """The step of the numbers that are multiples of both."""
    if isinstance(left, int) and isinstance(right, int):
        return lcm(left, right)
    a, b = Fraction(left), Fraction(right)
    numerator = lcm(a.numerator * b.denominator, b.numerator * a.denominator)
    return quotient(numerator, a.denominator * b.denominator)


class Numbers(Scalars):
    """An interval, a lattice, lattices to keep off, and finite sets."""

    __slots__ = ("high", "high_open", "low", "low_open", "off", "step")

    def __init__(self) -> None:
        super().__init__()
        self.low: Exact | None = None
        self.low_open = False
        self.high: Exact | None = None
        self.high_open = False
        self.step: Exact | None = None
        self.off: tuple[Exact, ...] = ()

    @property
    def crossed(self) -> bool:
        """Whether the interval is empty."""
        low, high = self.low, self.high
        if low is None or high is None:
            return False
        return low > high or (low == high and (self.low_open or self.high_open))

    def admits(self, value: Exact) -> bool:
        low, high = self.low, self.high
        return (
            (self.only is None or value in self.only)
            and value not in self.never
            and (low is None or value > low or (value == low and not self.low_open))
            and (high is None or value < high or (value == high and not self.high_open))
            and (self.step is None or is_multiple(value, self.step))
            and not any(is_multiple(value, other) for other in self.off)
        )

    def inhabitant(self, solver: "Solver | None", hints: Iterable[Json]) -> Answer:
        if self.only is not None:
            current().spend(len(self.only) * (8 + len(self.off)))
            return self._first(sorted(self.only)) or EMPTY
        if self.crossed:
            return EMPTY
        wished = [exact(hint) for hint in hints if kind_of(hint) == NUMBER]
        found = self._first(wished) or self._first(self._likely())
        if found is not None:
            return found
        return self._on_lattice(self.step) if self.step is not None else self._on_line()

    def _first(self, values: Iterable[Exact]) -> Found | None:
        for value in values:
            if self.admits(value):
                return Found(plain(value))
        return None

    def _likely(self) -> Iterator[Exact]:
        yield from (0, 1)
        for bound in (self.low, self.high):
            if bound is not None:
                yield bound
                yield from (floor(bound), ceil(bound), floor(bound) + 1, ceil(bound) - 1)
        half = Fraction(1, 2)
        for bound in (0, self.low, self.high):
            if bound is not None:
                yield from (bound + half, bound - half)

    def _on_line(self) -> Answer:
        """No lattice: an interval that is more than a point always has room beside finitely many points."""
        low, high = self.low, self.high
        if low is not None and low == high:
            return EMPTY  # the point itself was tried
        if low is None:
            start, width = (Fraction(0), Fraction(1)) if high is None else (Fraction(high) - 1, Fraction(1))
        else:
            start, width = Fraction(low), Fraction(1) if high is None else Fraction(high) - Fraction(low)
        obstacles = len(self.off) + len(self.never) + 2
        finest = min((Fraction(step) for step in self.off), default=Fraction(1))
        stride = Fraction(1)
        while stride * 4 * obstacles > width or stride * 4 * obstacles > finest:
            stride /= 10
        # Snapped to the stride, so that the witness is a short decimal.
        start = ceil(start / stride) * stride
        for index in range(4 * obstacles):
            value = exact(start + index * stride)
            if self.admits(value):
                return Found(plain(value))
        return Unsure("no number was found between excluded multiples")

    def _on_lattice(self, step: Exact) -> Answer:
        first, last = self._multiples(step)
        if first is not None and last is not None and first > last:
            return EMPTY
        periods = [_whole(common_multiple(step, other), step) for other in self.off]
        if 1 in periods:
            return EMPTY
        period = lcm(*periods) if periods else 1
        # Multiples that leave remainder 1 keep off every excluded lattice, so one window shows there is one.
        window = (len(self.never) + 2) * period
        if first is None:
            indices: Iterable[int] = count(min(last, 0), -1) if last is not None else count(0)
            size = window
        else:
            size = window if last is None else min(window, last - first + 1)
            indices = count(first)
        for tried, index in enumerate(indices):
            if tried == size:
                break
            if tried == _MOST_TRIED:
                return Unsure("too many excluded multiples to try one by one")
            value = exact(index * Fraction(step)) if not isinstance(step, int) else index * step
            if self.admits(value):
                return Found(plain(value))
        return EMPTY

    def _multiples(self, step: Exact) -> tuple[int | None, int | None]:
        """The least and the greatest factor of `step` within the interval."""
        first = last = None
        if self.low is not None:
            ratio = quotient(self.low, step)
            first = ceil(ratio) + (1 if self.low_open and isinstance(ratio, int) else 0)
        if self.high is not None:
            ratio = quotient(self.high, step)
            last = floor(ratio) - (1 if self.high_open and isinstance(ratio, int) else 0)
        return first, last


def _whole(multiple: Exact, step: Exact) -> int:
    ratio = Fraction(multiple) / Fraction(step)
    return ratio.numerator // gcd(ratio.numerator, ratio.denominator)
