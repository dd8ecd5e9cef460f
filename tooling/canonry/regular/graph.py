"""An automaton explored to the end and trimmed to what matters: lengths, words, numbers of words.

States that no accepted string passes are gone. Sets of states are bit masks. The layers (which states accept
some string of exactly j characters) repeat from some j on, so that lengths up to 10^9 need no more work than
short ones.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from canonry.regular.automaton import DEAD, Automaton
from canonry.regular.bitmask import bits
from canonry.regular.budget import Budget
from canonry.regular.charset import CharSet, Partition, rank
from canonry.regular.positions import IMPOSSIBLE, Fragment, Positions

if TYPE_CHECKING:
    from random import Random

MAX_SPELT: Final = 1_000_000
"""A longer string is not written out."""
_UNLIMITED: Final = 1 << 62
_PLAIN: Final = 0.5
"""How often a sample takes the most readable character."""

Edge = tuple[int, CharSet]


class Graph:
    """The live states of an automaton, numbered from 0 in the order of a breadth-first search."""

    __slots__ = ("_edges", "_ordered", "accepting", "cost", "layers", "partition", "start", "steps")

    def __init__(
        self,
        partition: Partition,
        edges: list[dict[int, list[int]]],
        accepting: list[bool],
        start: int | None,
    ) -> None:
        """`edges[s]` holds for each target its classes; `start` is None where no string is accepted."""
        self.partition = partition
        self.steps = edges
        self.accepting = accepting
        self.start = start
        self.cost = 0
        self._edges: list[list[Edge] | None] = [None] * len(edges)
        self._ordered: list[list[tuple[str, int, CharSet]] | None] = [None] * len(edges)
        self.layers = Layers(self)

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def edges(self) -> list[list[Edge]]:
        """For each state the targets, each with the characters that lead to it."""
        return [self.edges_of(state) for state in range(len(self))]

    def edges_of(self, state: int) -> list[Edge]:
        """The edges of one state; sets of characters are merged only when they are asked for."""
        found = self._edges[state]
        if found is None:
            charset = self.partition.charset
            found = self._edges[state] = [
                (target, charset(classes)) for target, classes in self.steps[state].items()
            ]
        return found

    def classes(self) -> set[int]:
        """The classes that some edge is for."""
        return {index for out in self.steps for classes in out.values() for index in classes}

    def ordered(self, state: int) -> list[tuple[str, int, CharSet]]:
        """The edges of a state with their most readable character, the most readable first."""
        found = self._ordered[state]
        if found is None:
            pairs = [(charset.pick(), target, charset) for target, charset in self.edges_of(state)]
            found = self._ordered[state] = sorted(pairs, key=lambda pair: rank(pair[0]))
        return found

    def order(self) -> list[int] | None:
        """The states with every edge pointing forward; None where there is a cycle."""
        incoming = [0] * len(self)
        for out in self.steps:
            for target in out:
                incoming[target] += 1
        ready = [state for state, count in enumerate(incoming) if not count]
        done = []
        while ready:
            state = ready.pop()
            done.append(state)
            for target in self.steps[state]:
                incoming[target] -= 1
                if not incoming[target]:
                    ready.append(target)
        return done if len(done) == len(self) else None


def explore(automaton: Automaton, budget: Budget) -> Graph:
    """Visits every reachable state; a second time costs the same and does nothing."""
    if automaton.explored is not None:
        budget.spend(automaton.explored.cost)
        return automaton.explored
    before = budget.spent
    numbers: dict[int, int] = {}
    rows: list[dict[int, list[int]]] = []
    queue: list[int] = []
    meter = automaton.meter()
    if automaton.start != DEAD:
        numbers[automaton.start] = 0
        queue.append(automaton.start)
    for state in queue:  # grows while it is read
        budget.spend(meter(state))
        out: dict[int, list[int]] = {}
        for index, target in enumerate(automaton.row(state)):
            if target == DEAD:
                continue
            number = numbers.get(target)
            if number is None:
                number = numbers[target] = len(queue)
                queue.append(target)
            out.setdefault(number, []).append(index)
        budget.spend(4 * len(out))
        rows.append(out)
    accepting = [automaton.accepting[state] for state in queue]
    live = _live(rows, accepting)
    if all(live):
        graph = Graph(automaton.partition, rows, accepting, 0 if queue else None)
    else:
        kept = [state for state, alive in enumerate(live) if alive]
        renamed = {state: number for number, state in enumerate(kept)}
        edges = [
            {renamed[target]: classes for target, classes in rows[state].items() if live[target]}
            for state in kept
        ]
        graph = Graph(automaton.partition, edges, [accepting[state] for state in kept], renamed.get(0))
    graph.cost = budget.spent - before
    automaton.explored = graph
    return graph


def _live(rows: list[dict[int, list[int]]], accepting: list[bool]) -> list[bool]:
    live = list(accepting)
    into: list[list[int]] = [[] for _ in rows]
    for state, out in enumerate(rows):
        for target in out:
            into[target].append(state)
    queue = [state for state, alive in enumerate(live) if alive]
    for state in queue:  # grows while it is read
        for source in into[state]:
            if not live[source]:
                live[source] = True
                queue.append(source)
    return live


class Layers:
    """For each j, the states from which some string of exactly j characters is accepted."""

    __slots__ = ("_graph", "_into", "_masks", "_period", "_seen", "_unit")

    def __init__(self, graph: Graph) -> None:
        """Layers are computed as they are asked for, until they repeat."""
        self._graph = graph
        self._into: list[int] | None = None
        self._masks: list[int] = []
        self._seen: dict[int, int] = {}
        self._period: tuple[int, int] | None = None
        self._unit = 2 + len(graph.steps) // 4

    def _begin(self) -> list[int]:
        into = [0] * len(self._graph)
        for state, out in enumerate(self._graph.steps):
            for target in out:
                into[target] |= 1 << state
        mask = sum(1 << state for state, accepts in enumerate(self._graph.accepting) if accepts)
        self._masks, self._seen = [mask], {mask: 0}
        return into

    def _grow(self, wanted: int, budget: Budget) -> None:
        """Makes sure that layer `wanted` is known; charges the same whether it already was or not."""
        if self._into is None:
            self._into = self._begin()
        masks, into = self._masks, self._into
        budget.spend(self._unit * min(wanted, len(masks) - 1 + (self._period is not None)))
        while len(masks) <= wanted and self._period is None:
            budget.spend(self._unit)
            mask = 0
            for state in bits(masks[-1]):
                mask |= into[state]
            known = self._seen.get(mask)
            if known is not None:
                self._period = (known, len(masks))
            else:
                self._seen[mask] = len(masks)
                masks.append(mask)

    def mask(self, length: int, budget: Budget) -> int:
        """The states that accept some string of exactly this length."""
        self._grow(length, budget)
        if length < len(self._masks) or self._period is None:
            return self._masks[length]
        first, end = self._period
        return self._masks[first + (length - first) % (end - first)]

    def known(self, length: int) -> int:
        """As `mask`, for a length that is paid for, or nearly so."""
        return self.mask(length, Budget(_UNLIMITED))

    def first(self, low: int, high: int | None, budget: Budget) -> int | None:
        """The least length from `low` to `high` of an accepted string; None where there is none."""
        graph = self._graph
        if graph.start is None or (high is not None and high < low):
            return None
        start = graph.start
        length = low
        self.mask(low, budget)
        while high is None or length <= high:
            if self.known(length) >> start & 1:
                return length
            budget.spend(self._unit)
            if self._period is not None:
                begin, end = self._period
                if length >= max(low, begin) + (end - begin):
                    return None
            length += 1
        return None


def spell(graph: Graph, length: int, budget: Budget) -> str:
    """The most readable accepted string of exactly this length, which must exist."""
    if length > MAX_SPELT:
        budget.exhaust(f"a string of {length:,} characters is not written out")
    layers = graph.layers
    state = graph.start or 0
    text = []
    layers.mask(length, budget)
    for rest in range(length - 1, -1, -1):
        budget.spend(1)
        mask = layers.known(rest)
        char, state = next((char, target) for char, target, _ in graph.ordered(state) if mask >> target & 1)
        text.append(char)
    return "".join(text)


def words(graph: Graph, length: int, budget: Budget) -> Iterator[str]:
    """Every accepted string of exactly this length, of which there must be some."""
    if length > MAX_SPELT:
        budget.exhaust(f"a string of {length:,} characters is not written out")
    graph.layers.mask(length, budget)
    stack: list[Iterator[tuple[str, int]]] = []
    text: list[str] = []

    def moves(state: int) -> Iterator[tuple[str, int]]:
        mask = graph.layers.known(length - len(text) - 1)
        for _, target, charset in graph.ordered(state):
            if mask >> target & 1:
                for char in charset.readable():
                    yield char, target

    if length == 0:
        yield ""
        return
    stack.append(moves(graph.start or 0))
    while stack:
        step = next(stack[-1], None)
        if step is None:
            stack.pop()
            if text:
                text.pop()
            continue
        char, target = step
        if len(text) + 1 == length:
            budget.spend(4)
            yield "".join(text) + char
        else:
            budget.spend(1)
            text.append(char)
            stack.append(moves(target))


def wander(graph: Graph, length: int, rng: "Random", budget: Budget) -> str:
    """Some accepted string of exactly this length, which must exist."""
    state = graph.start or 0
    text = []
    graph.layers.mask(length, budget)
    for rest in range(length - 1, -1, -1):
        mask = graph.layers.known(rest)
        target, charset = rng.choice([edge for edge in graph.edges_of(state) if mask >> edge[0] & 1])
        low, high = rng.choice(charset.ranges)
        text.append(charset.pick() if rng.random() < _PLAIN else chr(rng.randint(low, high)))
        state = target
    return "".join(text)


def count(graph: Graph, low: int, high: int | None, budget: Budget) -> int | None:
    """How many accepted strings have a length from `low` to `high`; None: without end."""
    if graph.start is None:
        return 0
    members = [len(charset) for charset in graph.partition.charsets]
    sizes = [
        [(target, sum(members[index] for index in classes)) for target, classes in out.items()]
        for out in graph.steps
    ]
    order = graph.order()
    if order is not None and low == 0 and (high is None or high >= len(graph)):
        budget.spend(len(graph) + sum(map(len, sizes)))
        ways = [int(accepts) for accepts in graph.accepting]
        for state in reversed(order):
            ways[state] += sum(size * ways[target] for target, size in sizes[state])
        return ways[graph.start]
    if order is not None:
        high = len(graph) if high is None else min(high, len(graph))
    elif high is None:
        return None
    ways = [int(accepts) for accepts in graph.accepting]
    total = 0
    for length in range(high + 1):
        if length >= low:
            total += ways[graph.start]
        budget.spend(1 + sum(map(len, sizes)) * (1 + length // 64))
        ways = [sum(size * ways[target] for target, size in out) for out in sizes]
    return total


def embed(graph: Graph, positions: Positions, image: Callable[[CharSet], CharSet] | None = None) -> Fragment:
    """The graph as positions of a larger automaton: one for each target and set of characters that enters it.

    `image` maps the characters on the way.
    """
    if graph.start is None:
        return IMPOSSIBLE
    entries: dict[Edge, int] = {}
    leaving: list[int] = []
    first = last = 0
    for out in graph.edges:
        mask = 0
        for edge in out:
            position = entries.get(edge)
            if position is None:
                charset = edge[1] if image is None else image(edge[1])
                position = entries[edge] = positions.chars(charset).first
                if graph.accepting[edge[0]]:
                    last |= position
            mask |= position
        leaving.append(mask)
    for (target, _), position in entries.items():
        positions.link(position, leaving[target])
    first = leaving[graph.start]
    return Fragment(graph.accepting[graph.start], first, last)
