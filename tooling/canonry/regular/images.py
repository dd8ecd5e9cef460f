"""Languages under ASCII case folding: what members become, and what becomes a member."""

from typing import Final

from canonry.regular.automaton import NOTHING, Automaton, Relabelled
from canonry.regular.budget import Budget
from canonry.regular.charset import UPPER, CharSet, Partition
from canonry.regular.graph import embed, explore
from canonry.regular.positions import Positions
from canonry.regular.subsets import determined

_LOWERED: Final = {point: point + 32 for point in range(ord("A"), ord("Z") + 1)}


def lowered_text(text: str) -> str:
    """A string with its ASCII letters in lower case."""
    return text.translate(_LOWERED)


def lowered(automaton: Automaton, budget: Budget) -> Automaton:
    """What the accepted strings become."""
    graph = explore(automaton, budget)
    if not any(graph.partition.charsets[index] & UPPER for index in graph.classes()):
        return automaton if graph.start is not None else NOTHING
    positions = Positions(budget)
    return determined(positions, embed(graph, positions, _lowered))


def _lowered(charset: CharSet) -> CharSet:
    upper = charset & UPPER
    if not upper:
        return charset
    return CharSet([*(charset - UPPER).ranges, *((low + 32, high + 32) for low, high in upper.ranges)])


def folded_preimage(automaton: Automaton) -> Automaton:
    """What becomes an accepted string."""
    old = automaton.partition
    starts, ids = [], []
    for start, index in zip(old.starts, old.ids, strict=True):
        if not UPPER.ranges[0][0] <= start <= UPPER.ranges[0][1]:
            starts.append(start)
            ids.append(index)
    cut = {point: old.class_of(chr(point + 32)) for point in range(ord("A"), ord("Z") + 1)}
    after = ord("Z") + 1
    points = dict(zip(starts, ids, strict=True)) | cut
    points.setdefault(after, old.class_of(chr(after)))
    numbers: dict[int, int] = {}
    new_starts: list[int] = []
    new_ids: list[int] = []
    for point in sorted(points):
        number = numbers.setdefault(points[point], len(numbers))
        if not new_ids or new_ids[-1] != number:
            new_starts.append(point)
            new_ids.append(number)
    return Relabelled(automaton, Partition(new_starts, new_ids, len(numbers)), list(numbers))
