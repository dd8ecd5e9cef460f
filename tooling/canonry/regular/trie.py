"""Words as an automaton."""

from collections.abc import Iterable

from canonry.regular.automaton import DEAD, STATE_COST, Automaton
from canonry.regular.budget import Budget
from canonry.regular.charset import LAST, SURROGATES, Partition


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
                    weight = STATE_COST + self.partition.size // 8
                    state = self._new(accepting=key[0], weight=weight)
                    register[key] = state
                    self._nodes.append(edges)
                if path:
                    path[-1][1][column] = state
                else:
                    self.start = state

        previous = ""
        for word in words:
            budget.spend(4 + 3 * len(word))
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
