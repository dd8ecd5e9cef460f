"""Deterministic automata over classes of code points, built state by state as they are asked for.

State 0 accepts nothing ever after, state 1 everything; other states are numbered as they are met. A row holds
one target per class. Exploring charges the budget per visited state, whether or not its row was built before,
so that what a question costs does not depend on what was asked earlier.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from canonry.regular.budget import Budget
from canonry.regular.charset import LAST, SURROGATES, TRIVIAL, Partition, rank
from canonry.regular.positions import Positions

if TYPE_CHECKING:
    from canonry.regular.graph import Graph

_STATE: Final = 8
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

    def run(self, text: str, budget: Budget) -> int:
        """The state in which reading a text ends; charges for each state that this text is first to meet."""
        state = self.start
        rows, class_of = self._rows, self.partition.class_of
        met: set[int] = set()
        for char in text:
            if state <= FULL:
                break
            if state not in met:
                met.add(state)
                budget.spend(self.weights[state])
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


class Subsets(Automaton):
    """The subset construction over positions; sets are bit masks."""

    __slots__ = ("_follow", "_last", "_masks", "_numbers", "_reach", "_sinks", "_step")

    def __init__(self, positions: Positions) -> None:
        """Position 0 is before the first character."""
        partition, self._masks = positions.classes()
        super().__init__(partition)
        self._follow = positions.follow
        self._last = positions.last
        self._sinks = positions.sinks()
        self._numbers: dict[int, int] = {0: DEAD}
        self._reach: list[int] = [0, 0]
        self._step = _STATE + partition.size + len(self._follow) // 64
        self.start = self._number(1)

    def _number(self, mask: int) -> int:
        number = self._numbers.get(mask)
        if number is None:
            if mask & self._sinks:
                number = FULL
            else:
                number = self._new(accepting=bool(mask & self._last), weight=self._step + mask.bit_count())
                self._reach.append(mask)
            self._numbers[mask] = number
        return number

    def _expand(self, state: int) -> tuple[int, ...]:
        mask = self._reach[state]
        follow = self._follow
        reached = 0
        while mask:
            low = mask & -mask
            reached |= follow[low.bit_length() - 1]
            mask ^= low
        number = self._number
        return tuple([number(reached & allowed) for allowed in self._masks])


class _Derived(Automaton):
    """Has the states of another automaton under the same numbers."""

    __slots__ = ("_inner",)

    def __init__(self, inner: Automaton, partition: Partition) -> None:
        super().__init__(partition, inner.depth)
        self._inner = inner
        self.weights = inner.weights  # grows with the inner one
        self._grow()

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
    if left == DEAD or right == DEAD:
        return DEAD
    return FULL if left == FULL and right == FULL else -1


def _fold_or(left: int, right: int) -> int:
    if left == FULL or right == FULL:
        return FULL
    return DEAD if left == DEAD and right == DEAD else -1


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

    def _number(self, pair: tuple[int, int]) -> int:
        left, right = pair
        number = self._fold(left, right)
        if number < 0:
            accepting = self._table[2 * self._left.accepting[left] + self._right.accepting[right]]
            below = self._left.weights[left] + self._right.weights[right]
            weight = _STATE + self.partition.size + below // 2
            number = self._new(accepting=accepting, weight=weight)
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
        self.weights = [_STATE + partition.size] * len(self._rows)
        self.start = start


class Trie(Automaton):
    """Finitely many words, each character in a class of its own; class 0 is every other character."""

    __slots__ = ("_nodes",)

    def __init__(self, words: Iterable[str], budget: Budget) -> None:
        """Equal endings are one state, so that a thousand words stay small."""
        chosen = sorted(words)
        points = sorted({ord(char) for word in chosen for char in word} - SURROGATES)
        starts, ids = [0], [0]
        for number, point in enumerate(points, 1):
            if starts[-1] == point:
                ids[-1] = number
            else:
                starts.append(point)
                ids.append(number)
            if number == len(points) or points[number] != point + 1:
                starts.append(point + 1)
                ids.append(0)
        if starts[-1] > LAST:
            starts.pop()
            ids.pop()
        columns = {chr(point): number for number, point in enumerate(points, 1)}
        super().__init__(Partition(starts, ids, len(points) + 1))
        self._nodes: list[dict[int, int]] = [{}, {}]
        self._build(chosen, columns, budget)

    def _build(self, words: list[str], columns: dict[str, int], budget: Budget) -> None:
        """Daciuk, Mihov, Watson and Watson (2000): minimal automata from sorted words."""
        register: dict[tuple[bool, tuple[tuple[int, int], ...]], int] = {}
        path: list[tuple[int, dict[int, int]]] = [(0, {})]
        endings: set[int] = set()  # the depths of `path` at which a word ends

        def close(depth: int) -> None:
            while len(path) > depth:
                column, edges = path.pop()
                key = (len(path) in endings, tuple(edges.items()))
                endings.discard(len(path))
                state = register.get(key)
                if state is None:
                    weight = _STATE + self.partition.size // 8
                    state = self._new(accepting=key[0], weight=weight)
                    register[key] = state
                    self._nodes.append(edges)
                if path:
                    path[-1][1][column] = state
                else:
                    self.start = state

        previous = ""
        for word in words:
            budget.spend(1 + len(word))
            if not all(char in columns for char in word):
                continue  # a lone surrogate: no JSON text holds it
            common = 0
            for left, right in zip(previous, word, strict=False):
                if left != right:
                    break
                common += 1
            close(common + 1)
            path.extend((columns[char], {}) for char in word[common:])
            endings.add(len(word))
            previous = word
        close(0)

    def _expand(self, state: int) -> tuple[int, ...]:
        row = [DEAD] * self.partition.size
        for column, target in self._nodes[state].items():
            row[column] = target
        return tuple(row)


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


def product(operation: str, left: Automaton, right: Automaton) -> Automaton:
    """The combination, without a product where one side decides."""
    if left is right:
        return left if operation in {"and", "or"} else NOTHING
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


def levels(automaton: Automaton, budget: Budget) -> list[list[int]] | None:
    """The states first met after 0, 1, 2, ... characters, up to the first that accepts, which ends the last level.

    None where no string is accepted. Explores no further than needed.
    """
    start = automaton.start
    accepting, weights = automaton.accepting, automaton.weights
    if start == DEAD:
        return None
    if accepting[start]:
        return [[start]]
    seen = {start, DEAD}
    climbed = [[start]]
    while climbed[-1]:
        following = []
        for state in climbed[-1]:
            budget.spend(weights[state])
            for target in automaton.row(state):
                if target not in seen:
                    seen.add(target)
                    following.append(target)
        climbed.append(following)
        if any(accepting[state] for state in following):
            return climbed
    return None


def spell_levels(automaton: Automaton, climbed: list[list[int]]) -> str:
    """The most readable among the shortest accepted strings, from what `levels` returned."""
    useful = [{state for state in climbed[-1] if automaton.accepting[state]}]
    for level in reversed(climbed[:-1]):
        useful.append({state for state in level if not useful[-1].isdisjoint(automaton.row(state))})
    useful.reverse()
    charsets = automaton.partition.charsets
    state = automaton.start
    text = []
    for wanted in useful[1:]:
        row = automaton.row(state)
        options = [(charsets[index].pick(), target) for index, target in enumerate(row) if target in wanted]
        char, state = min(options, key=lambda option: rank(option[0]))
        text.append(char)
    return "".join(text)
