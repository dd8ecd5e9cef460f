"""How long a string is, by what one counts: code points, bytes, UTF-16 units, a percent-encoded form."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from canonry.regular.budget import Budget
from canonry.regular.charset import ALL, NONE, CharSet, rank
from canonry.regular.graph import MAX_SPELT, Graph


class Measure(NamedTuple):
    """What each character weighs: pairs of a set and its weight, together every character once."""

    name: str
    weights: tuple[tuple[CharSet, int], ...]

    @classmethod
    def of(cls, name: str, weights: Iterable[tuple[CharSet, int]], default: int = 1) -> "Measure":
        """The first set that holds a character decides; `default` is for those in none."""
        seen = NONE
        parts = []
        for charset, weight in weights:
            parts.append((charset - seen, weight))
            seen |= charset
        parts.append((ALL - seen, default))
        return cls(name, tuple((charset, weight) for charset, weight in parts if charset))

    def of_text(self, text: str) -> int:
        """What a string weighs."""
        return sum(next(weight for charset, weight in self.weights if char in charset) for char in text)


_UNRESERVED: Final = CharSet(
    [(ord("a"), ord("z")), (ord("A"), ord("Z")), (ord("0"), ord("9")), *((ord(c), ord(c)) for c in "-._~")]
)
_ONE, _TWO, _THREE = CharSet([(0, 0x7F)]), CharSet([(0x80, 0x7FF)]), CharSet([(0x800, 0xFFFF)])

CHARACTERS: Final = Measure.of("characters", [])
UTF8_BYTES: Final = Measure.of("bytes", [(_ONE, 1), (_TWO, 2), (_THREE, 3)], default=4)
UTF16_UNITS: Final = Measure.of("UTF-16 units", [(_ONE | _TWO | _THREE, 1)], default=2)
PERCENT_ENCODED: Final = Measure.of(
    "percent-encoded characters", [(_UNRESERVED, 1), (_ONE, 3), (_TWO, 6), (_THREE, 9)], default=12
)
"""RFC 3986: all but unreserved characters are written as `%HH` per UTF-8 byte."""


@lru_cache(maxsize=8192)
def heaviest(charset: CharSet, measure: Measure) -> tuple[int, str]:
    """The greatest weight in a set, and the most readable character that has it."""
    weight, part = max(
        ((weight, part) for part, weight in ((charset & wanted, w) for wanted, w in measure.weights) if part),
        key=lambda pair: pair[0],
    )
    return weight, part.pick()


def _weighed(graph: Graph, measure: Measure) -> list[list[tuple[int, int, str]]]:
    found = {}
    for index in graph.classes():
        weight, char = heaviest(graph.partition.charsets[index], measure)
        found[index] = (-weight, rank(char), char)
    best = [
        [(target, min(found[index] for index in classes)) for target, classes in out.items()]
        for out in graph.steps
    ]
    return [[(target, -weight, char) for target, (weight, _, char) in out] for out in best]


def longest(
    graph: Graph, low: int, high: int | None, measure: Measure, budget: Budget
) -> tuple[int, str] | None:
    """The greatest weight of an accepted string of `low` to `high` characters, and such a string.

    None where there is none. A `graph` with a cycle needs a `high`.
    """
    if graph.start is None:
        return None
    order = graph.order()
    if order is not None and low == 0 and (high is None or high >= len(graph)):
        return _heaviest_path(graph, order, measure, budget)
    top = len(graph) if order is not None else high
    if top is None:
        raise ValueError("without end: a cycle and no greatest length")
    top = top if high is None else min(top, high)
    if top > MAX_SPELT:
        budget.exhaust(f"strings of up to {top:,} characters are not measured one by one")
    edges = _weighed(graph, measure)
    unit = 8 + 4 * len(graph) + 4 * sum(map(len, edges))
    layers: list[list[int]] = [[0 if accepts else -1 for accepts in graph.accepting]]
    best: tuple[int, int] | None = None
    length = 0
    while True:
        weight = layers[length][graph.start]
        if length >= low and weight >= 0 and (best is None or weight > best[0]):
            best = (weight, length)
        if length == top or max(layers[length]) < 0:
            break  # no string is any longer
        budget.spend(unit)
        rest = layers[length]
        layers.append(
            [
                max((weight + rest[target] for target, weight, _ in out if rest[target] >= 0), default=-1)
                for out in edges
            ]
        )
        length += 1
    if best is None:
        return None
    return best[0], _spell(graph.start, best[1], layers, edges)


def _heaviest_path(graph: Graph, order: list[int], measure: Measure, budget: Budget) -> tuple[int, str]:
    edges = _weighed(graph, measure)
    budget.spend(len(graph) + 2 * sum(map(len, edges)))
    best = [0] * len(graph)
    choice: list[tuple[int, str] | None] = [None] * len(graph)
    for state in reversed(order):
        best[state] = 0 if graph.accepting[state] else -1
        for target, weight, char in edges[state]:
            if weight + best[target] > best[state]:
                best[state] = weight + best[target]
                choice[state] = (target, char)
    state = graph.start or 0
    total, text = best[state], []
    while (step := choice[state]) is not None:
        state = step[0]
        text.append(step[1])
    return total, "".join(text)


def _spell(start: int, length: int, layers: list[list[int]], edges: list[list[tuple[int, int, str]]]) -> str:
    state, text = start, []
    for rest in range(length, 0, -1):
        wanted, following = layers[rest][state], layers[rest - 1]
        state, char = next(
            (target, char)
            for target, weight, char in edges[state]
            if following[target] >= 0 and weight + following[target] == wanted
        )
        text.append(char)
    return "".join(text)
