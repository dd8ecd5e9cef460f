"""The smallest automaton of a language, by refining the partition of its states (Moore, 1956)."""

from canonry.regular.automaton import DEAD, FULL, NOTHING, Automaton, Table
from canonry.regular.budget import Budget
from canonry.regular.charset import Partition
from canonry.regular.graph import Graph, explore


def minimal(automaton: Automaton, budget: Budget) -> Automaton:
    """An equal automaton with as few states and classes as can be, all of them known."""
    graph = explore(automaton, budget)
    if graph.start is None:
        return NOTHING
    blocks = _blocks(graph, budget)
    states = max(blocks) + 1
    rows: list[list[int]] = [[DEAD] * graph.partition.size for _ in range(states)]
    accepting = [False] * states
    for state, out in enumerate(graph.steps):
        row = rows[blocks[state]]
        accepting[blocks[state]] = graph.accepting[state]
        for target, classes in out.items():
            for index in classes:
                row[index] = blocks[target] + 2  # after the two constant states
    columns = list(dict.fromkeys(zip(*rows, strict=True)))
    numbers = {column: number for number, column in enumerate(columns)}
    renumbered = [numbers[column] for column in zip(*rows, strict=True)]
    partition = _merged(graph.partition, renumbered, len(columns))
    table = [(DEAD,) * len(columns), (FULL,) * len(columns), *zip(*columns, strict=True)]
    return Table(partition, table, [False, True, *accepting], blocks[graph.start] + 2)


def _blocks(graph: Graph, budget: Budget) -> list[int]:
    """For each state the number of its equivalence class."""
    blocks = [int(accepts) for accepts in graph.accepting]
    blocks = [block - min(blocks) for block in blocks]
    known = max(blocks) + 1
    while True:
        numbers: dict[tuple[int, frozenset[tuple[int, int]]], int] = {}
        refined = []
        for state, out in enumerate(graph.steps):
            budget.spend(1 + graph.partition.size)
            moves = frozenset((index, blocks[target]) for target, classes in out.items() for index in classes)
            refined.append(numbers.setdefault((blocks[state], moves), len(numbers)))
        if len(numbers) == known:
            return blocks
        blocks, known = refined, len(numbers)


def _merged(old: Partition, numbers: list[int], size: int) -> Partition:
    starts: list[int] = []
    ids: list[int] = []
    for start, index in zip(old.starts, old.ids, strict=True):
        if not ids or ids[-1] != numbers[index]:
            starts.append(start)
            ids.append(numbers[index])
    return Partition(starts, ids, size)
