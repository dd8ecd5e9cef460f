"""Deterministic automata over classes of code points, built state by state as they are asked for.

State 0 accepts nothing ever after, state 1 everything; other states are numbered as they are met. A row holds
one target per class. Exploring charges the budget per visited state, whether or not its row was built before,
so that what a question costs does not depend on what was asked earlier.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from canonry.regular.budget import Budget
from canonry.regular.charset import TRIVIAL, Partition

if TYPE_CHECKING:
    from canonry.regular.graph import Graph

STATE_COST: Final = 12
"""Steps that a state costs beside its row: it takes memory too."""
DEAD: Final = 0
FULL: Final = 1


class Automaton:
    """What every automaton shares: lazily built rows. Subclasses say how a row is made."""

    __slots__ = ("_rows", "accepting", "depth", "explored", "partition", "start", "weights")

    partition: Partition
    start: int
    explored: "Graph | None"

    def __init__(self, partition: Partition, depth: int = 0) -> None:
        """States 0 and 1 exist from the beginning; `depth` counts the automata this one is stacked on."""
        self.partition = partition
        size = partition.size
        self._rows: list[tuple[int, ...] | None] = [(DEAD,) * size, (FULL,) * size]
        self.accepting: list[bool] = [False, True]
        self.weights: list[int] = [1, 1]
        self.depth = depth
        self.start = DEAD
        self.explored = None

    def _new(self, *, accepting: bool, weight: int = 1) -> int:
        self._rows.append(None)
        self.accepting.append(accepting)
        self.weights.append(weight)
        return len(self._rows) - 1

    def row(self, state: int) -> tuple[int, ...]:
        """The target of each class."""
        row = self._rows[state]
        if row is None:
            row = self._rows[state] = self._expand(state)
        return row

    def _expand(self, state: int) -> tuple[int, ...]:
        raise NotImplementedError

    def meter(self) -> Callable[[int], int]:
        """What visiting a state costs in steps, for one exploration, in which each state is visited once."""
        return self.weights.__getitem__

    def run(self, text: str, budget: Budget) -> int:
        """The state in which reading a text ends; charges for each state that this text is first to meet."""
        state = self.start
        rows, class_of = self._rows, self.partition.class_of
        met: set[int] = set()
        meter = self.meter()
        for char in text:
            if state <= FULL:
                break
            if state not in met:
                met.add(state)
                budget.spend(meter(state))
            row = rows[state]
            state = (self.row(state) if row is None else row)[class_of(char)]
        return state


class Constant(Automaton):
    """Every string, or none."""

    __slots__ = ()

    def __init__(self, start: int) -> None:
        """`start` is `DEAD` or `FULL`."""
        super().__init__(TRIVIAL)
        self.start = start


NOTHING: Final = Constant(DEAD)
EVERYTHING: Final = Constant(FULL)


class _Derived(Automaton):
    """Has the states of another automaton under the same numbers."""

    __slots__ = ("_inner",)

    def __init__(self, inner: Automaton, partition: Partition) -> None:
        super().__init__(partition, inner.depth)
        self._inner = inner
        self.weights = inner.weights  # grows with the inner one
        self._grow()

    def meter(self) -> Callable[[int], int]:
        return self._inner.meter()

    def _grow(self) -> None:
        known, inner = len(self._rows), self._inner.accepting
        self._rows += [None] * (len(inner) - known)
        self.accepting += [self._judge(accepts) for accepts in inner[known:]]

    def _judge(self, accepts: bool) -> bool:  # noqa: FBT001  # a state's property, not an option
        return accepts


class Complement(_Derived):
    """What another automaton does not accept; states 0 and 1 change places."""

    __slots__ = ()

    def __init__(self, inner: Automaton) -> None:
        """Costs nothing before it is explored."""
        super().__init__(inner, inner.partition)
        self.start = _swapped(inner.start)

    @property
    def inner(self) -> Automaton:
        """What this is the complement of."""
        return self._inner

    def _judge(self, accepts: bool) -> bool:  # noqa: FBT001  # a state's property, not an option
        return not accepts

    def _expand(self, state: int) -> tuple[int, ...]:
        row = self._inner.row(state)
        self._grow()
        return tuple([_swapped(target) for target in row])


class Relabelled(_Derived):
    """Another automaton whose classes stand for other characters."""

    __slots__ = ("_columns",)

    def __init__(self, inner: Automaton, partition: Partition, columns: list[int]) -> None:
        """Class `i` of `partition` behaves as class `columns[i]` of `inner`."""
        super().__init__(inner, partition)
        self._columns = columns
        self.start = inner.start

    def _expand(self, state: int) -> tuple[int, ...]:
        row = self._inner.row(state)
        self._grow()
        return tuple([row[column] for column in self._columns])


def _swapped(state: int) -> int:
    return 1 - state if state <= FULL else state


Fold = Callable[[int, int], int]
"""-1, or the constant state that a pair of states amounts to."""


def _fold_and(left: int, right: int) -> int:
    if DEAD in (left, right):
        return DEAD
    return FULL if left == right == FULL else -1


def _fold_or(left: int, right: int) -> int:
    if FULL in (left, right):
        return FULL
    return DEAD if left == right == DEAD else -1


def _fold_minus(left: int, right: int) -> int:
    if left == DEAD or right == FULL:
        return DEAD
    return FULL if left == FULL and right == DEAD else -1


def _fold_xor(left: int, right: int) -> int:
    if left > FULL or right > FULL:
        return -1
    return FULL if left != right else DEAD


_OPERATIONS: Final[dict[str, tuple[Fold, tuple[bool, bool, bool, bool]]]] = {
    "and": (_fold_and, (False, False, False, True)),
    "or": (_fold_or, (False, True, True, True)),
    "minus": (_fold_minus, (False, False, True, False)),
    "xor": (_fold_xor, (False, True, True, False)),
}


class Product(Automaton):
    """Two automata side by side, accepting as an operation says: and, or, minus, xor."""

    __slots__ = ("_fold", "_left", "_left_of", "_numbers", "_pairs", "_right", "_right_of", "_table")

    def __init__(self, operation: str, left: Automaton, right: Automaton) -> None:
        """`minus` is left and not right."""
        partition, left_of, right_of = left.partition.join(right.partition)
        super().__init__(partition, 1 + max(left.depth, right.depth))
        self._fold, self._table = _OPERATIONS[operation]
        self._left, self._right = left, right
        self._left_of, self._right_of = left_of, right_of
        self._numbers: dict[tuple[int, int], int] = {}
        self._pairs: list[tuple[int, int]] = [(0, 0), (0, 0)]
        self.start = self._number((left.start, right.start))

    def meter(self) -> Callable[[int], int]:
        """States below are charged when a state is the first to need them."""
        left_meter, right_meter = self._left.meter(), self._right.meter()
        lefts: set[int] = set()
        rights: set[int] = set()
        pairs, own = self._pairs, STATE_COST + self.partition.size

        def cost(state: int) -> int:
            left, right = pairs[state]
            steps = own
            if left not in lefts:
                lefts.add(left)
                steps += left_meter(left)
            if right not in rights:
                rights.add(right)
                steps += right_meter(right)
            return steps

        return cost

    def _number(self, pair: tuple[int, int]) -> int:
        left, right = pair
        number = self._fold(left, right)
        if number < 0:
            accepting = self._table[2 * self._left.accepting[left] + self._right.accepting[right]]
            number = self._new(accepting=accepting, weight=STATE_COST + self.partition.size)
            self._pairs.append(pair)
        self._numbers[pair] = number
        return number

    def _expand(self, state: int) -> tuple[int, ...]:
        left, right = self._pairs[state]
        lefts, rights = self._left.row(left), self._right.row(right)
        numbers = self._numbers
        row = []
        for i, j in zip(self._left_of, self._right_of, strict=True):
            pair = (lefts[i], rights[j])
            number = numbers.get(pair)
            row.append(self._number(pair) if number is None else number)
        return tuple(row)


class Table(Automaton):
    """An automaton whose states are all known."""

    __slots__ = ()

    def __init__(
        self, partition: Partition, rows: Iterable[tuple[int, ...]], accepting: Iterable[bool], start: int
    ) -> None:
        """`rows` and `accepting` begin with those of states 0 and 1."""
        super().__init__(partition)
        self._rows = list(rows)
        self.accepting = list(accepting)
        self.weights = [STATE_COST + partition.size] * len(self._rows)
        self.start = start


class Counter(Automaton):
    """The strings whose length lies in an interval."""

    __slots__ = ("_high", "_last", "_low")

    def __init__(self, low: int, high: int | None) -> None:
        """State 2 has read nothing, state 2 + n has read n."""
        super().__init__(TRIVIAL)
        self._low, self._high = low, high
        self._last = low if high is None else high
        self.start = self._after(0)

    def _after(self, count: int) -> int:
        if count > self._last:
            return DEAD
        if self._high is None and count >= self._low:
            return FULL
        while len(self.accepting) <= FULL + 1 + count:
            self._new(accepting=len(self.accepting) - 2 >= self._low, weight=2)
        return FULL + 1 + count

    def _expand(self, state: int) -> tuple[int, ...]:
        return (self._after(state - FULL),)


def complement(automaton: Automaton) -> Automaton:
    """What an automaton does not accept."""
    if automaton is NOTHING:
        return EVERYTHING
    if automaton is EVERYTHING:
        return NOTHING
    return automaton.inner if isinstance(automaton, Complement) else Complement(automaton)


def _with_complement(operation: str, left: Automaton) -> Automaton:
    """An automaton combined with its own complement."""
    if operation == "minus":
        return left
    return NOTHING if operation == "and" else EVERYTHING


def product(operation: str, left: Automaton, right: Automaton) -> Automaton:
    """The combination, without a product where one side decides."""
    if left is right:
        return left if operation in {"and", "or"} else NOTHING
    if isinstance(right, Complement) and right.inner is left:
        return _with_complement(operation, left)
    if isinstance(left, Complement) and left.inner is right:
        return _with_complement(operation, left)
    if operation == "and":
        if left is NOTHING or right is EVERYTHING:
            return left
        if right is NOTHING or left is EVERYTHING:
            return right
    elif operation == "or":
        if left is EVERYTHING or right is NOTHING:
            return left
        if right is EVERYTHING or left is NOTHING:
            return right
    elif operation == "minus":
        if left is NOTHING or right is EVERYTHING:
            return NOTHING
        if right is NOTHING:
            return left
        if left is EVERYTHING:
            return complement(right)
    elif left is NOTHING or left is EVERYTHING:
        return right if left is NOTHING else complement(right)
    elif right is NOTHING or right is EVERYTHING:
        return left if right is NOTHING else complement(left)
    return Product(operation, left, right)
