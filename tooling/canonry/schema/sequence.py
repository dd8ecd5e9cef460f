"""The choice of an array's items: how many, and what each of them is, so that every constraint holds."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from canonry.kernel.jsonvalue import Json
from canonry.schema.answers import EMPTY, Answer, Found, Unsure, built
from canonry.schema.terms import IMPOSSIBLE, Goal, joined, merged
from canonry.schema.values import key

if TYPE_CHECKING:
    from canonry.schema.arrays import Arrays, Tally
    from canonry.schema.search import Solver

_MOST_ITEMS: Final = 5_000
"""A witness with more items than this is not written out."""
_MOST_COUNTED: Final = 200
"""The same, where items are chosen one by one."""
_MOST_ARRANGEMENTS: Final = 200
"""Ways to meet the counts that are tried where items must also be distinct or repeated."""


def array_inhabitant(arrays: "Arrays", solver: "Solver") -> Answer:
    """An array that meets every constraint, as short as they allow."""
    return _Sequence(arrays, solver).answer()


class _Sequence:
    def __init__(self, arrays: "Arrays", solver: "Solver") -> None:
        self.arrays = arrays
        self.solver = solver
        self.doubt: Unsure | None = None
        self.horizon = arrays.horizon
        self.goals: dict[int, Goal] = {}
        self._related = arrays.unique or arrays.repeated or bool(arrays.alike)
        self.dead: set[tuple[int, tuple[int, ...], tuple[int, ...]]] = set()
        self.arrangements = 0

    def answer(self) -> Answer:
        arrays = self.arrays
        most = max(arrays.low, self.horizon) + sum(tally.low for tally in arrays.wanted)
        if arrays.repeated or arrays.alike:
            most += 2
        if arrays.high is not None:
            most = min(most, arrays.high)
        for index in range(min(arrays.low, self.horizon + 1)):
            if not self._possible(self._goal(index)):
                return self.doubt or EMPTY
        if self._overbooked():
            return EMPTY
        if not all(map(self._placeable, arrays.wanted)):
            return self.doubt or EMPTY
        counted = self._related or arrays.wanted or arrays.capped
        if not self._related and not arrays.capped:
            found = self._apart()
            if found is not None:
                return found
        for size in range(arrays.low, most + 1):
            if size and not self._possible(self._goal(size - 1)):
                break
            if size > (_MOST_COUNTED if counted else _MOST_ITEMS):
                self.doubt = self.doubt or Unsure(f"a counterexample would need an array of {size} items")
                break
            self.dead.clear()
            found = self._arranged(
                [], tuple(t.low for t in arrays.wanted), tuple(t.high or 0 for t in arrays.capped), size
            )
            if found is not None:
                return found
        return self.doubt or EMPTY

    def _placeable(self, tally: "Tally") -> bool:
        """Whether some item at all may be one that is wanted."""
        last = max(self.horizon, tally.start)
        if self.arrays.high is not None:
            last = min(last, self.arrays.high - 1)
        return any(
            self._possible(joined(self._goal(index), tally.term)) for index in range(tally.start, last + 1)
        )

    def _apart(self) -> Found | None:
        """Gives every item that is wanted a place where it fits, or a new one; None where that fails."""
        goals = [self._goal(index) for index in range(self.arrays.low)]
        if len(goals) > _MOST_COUNTED:
            return None
        for tally in self.arrays.wanted:
            missing = tally.low
            for index in range(tally.start, len(goals)):
                within = joined(goals[index], tally.term)
                if missing and self._possible(within):
                    goals[index] = within
                    missing -= 1
            while missing:
                self.solver.step()
                index = len(goals)
                bare = self._goal(index)
                if index > _MOST_COUNTED or not self._possible(bare):
                    return None
                within = joined(bare, tally.term)
                fits = index >= tally.start and self._possible(within)
                if not fits and index >= max(self.horizon, tally.start):
                    return None
                goals.append(within if fits else bare)
                missing -= fits
        if self.arrays.high is not None and len(goals) > self.arrays.high:
            return None
        return self._realised(goals)

    def _overbooked(self) -> bool:
        """Whether more items are wanted than may be there: each of them would count towards a lower cap."""
        for wanted in self.arrays.wanted:
            for capped in self.arrays.capped:
                if wanted.low > (capped.high or 0) and wanted.start >= capped.start:
                    outside = joined(frozenset((wanted.term,)), capped.term.complement)
                    if outside is IMPOSSIBLE or self.solver.inhabitant(outside) is EMPTY:
                        return True
        return False

    def _goal(self, index: int) -> Goal:
        index = min(index, self.horizon)
        known = self.goals.get(index)
        if known is None:
            known = self.goals[index] = self.arrays.goal(index)
        return known

    def _possible(self, goal: Goal) -> bool:
        """Whether a goal may have an inhabitant; a doubt is noted and taken for no."""
        if goal is IMPOSSIBLE:
            return False
        answer = self.solver.inhabitant(goal)
        if isinstance(answer, Unsure):
            self.doubt = answer
        return isinstance(answer, Found)

    def _arranged(
        self, goals: list[Goal], wanted: tuple[int, ...], capped: tuple[int, ...], size: int
    ) -> Found | None:
        """Decides item by item which counted terms it belongs to; the counts still open are arguments."""
        index = len(goals)
        if index == size:
            return None if any(wanted) else self._realised(goals)
        if any(
            left > size - max(index, tally.start)
            for left, tally in zip(wanted, self.arrays.wanted, strict=True)
        ):
            return None
        if not self.arrays.wanted and not self.arrays.capped:
            return self._realised([*goals, *map(self._goal, range(index, size))])
        state = (index, wanted, capped)
        if state in self.dead:
            return None
        self.solver.step()
        for goal, still_wanted, still_capped in self._options(index, wanted, capped):
            found = self._arranged([*goals, goal], still_wanted, still_capped, size)
            if found is not None:
                return found
        if not self._related:
            self.dead.add(state)
        return None

    def _options(
        self, index: int, wanted: tuple[int, ...], capped: tuple[int, ...]
    ) -> Iterator[tuple[Goal, tuple[int, ...], tuple[int, ...]]]:
        """What an item may be: in or out of every counted term, as far as the counts leave a choice."""
        yield from self._wanted(self._goal(index), index, 0, wanted, capped)

    def _wanted(
        self, goal: Goal, index: int, number: int, wanted: tuple[int, ...], capped: tuple[int, ...]
    ) -> Iterator[tuple[Goal, tuple[int, ...], tuple[int, ...]]]:
        tallies = self.arrays.wanted
        while number < len(tallies) and not (tallies[number].start <= index and wanted[number]):
            number += 1
        if number == len(tallies):
            yield from self._capped(goal, index, 0, wanted, capped)
            return
        self.solver.step()
        within = joined(goal, tallies[number].term)
        if self._possible(within):
            yield from self._wanted(within, index, number + 1, _less(wanted, number), capped)
        if within is not goal:
            yield from self._wanted(goal, index, number + 1, wanted, capped)

    def _capped(
        self, goal: Goal, index: int, number: int, wanted: tuple[int, ...], capped: tuple[int, ...]
    ) -> Iterator[tuple[Goal, tuple[int, ...], tuple[int, ...]]]:
        tallies = self.arrays.capped
        while number < len(tallies) and tallies[number].start > index:
            number += 1
        if number == len(tallies):
            if self._possible(goal):
                yield goal, wanted, capped
            return
        self.solver.step()
        outside = joined(goal, tallies[number].term.complement)
        if self._possible(outside):
            yield from self._capped(outside, index, number + 1, wanted, capped)
        if outside is not goal and capped[number]:
            yield from self._capped(goal, index, number + 1, wanted, _less(capped, number))

    def _realised(self, goals: list[Goal]) -> Found | None:
        """Values for the items, distinct or repeated as asked."""
        if self._related:
            self.arrangements += 1
            if self.arrangements > _MOST_ARRANGEMENTS:
                self.doubt = Unsure("too many arrangements of an array's items")
                return None
        if self.arrays.alike:
            return self._alike(goals)
        if self.arrays.unique:
            return self._distinct(goals)
        if self.arrays.repeated:
            return self._repeated(goals)
        return self._values(goals)

    def _values(self, goals: list[Goal]) -> Found | None:
        items: list[Found] = []
        for goal in goals:
            if not self._possible(goal):
                return None
            answer = self.solver.inhabitant(goal)
            if isinstance(answer, Found):
                items.append(answer)
        return self._written(items)

    def _written(self, items: list[Found]) -> Found | None:
        """The array of these items; one that is too large is a doubt."""
        answer = built([item.value for item in items], items)
        if isinstance(answer, Found):
            return answer
        self.doubt = answer
        return None

    def _repeated(self, goals: list[Goal]) -> Found | None:
        seen: set[tuple[Goal, Goal]] = set()
        for later, goal in enumerate(goals):
            for earlier in range(later):
                pair = (goals[earlier], goal)
                if pair in seen:
                    continue
                seen.add(pair)
                both = merged(*pair)
                if self._possible(both):
                    found = self._values([both if i in (earlier, later) else g for i, g in enumerate(goals)])
                    if found is not None:
                        return found
        return None

    def _alike(self, goals: list[Goal]) -> Found | None:
        """Two items that are equal once members which a place does not name are gone."""
        if len(self.arrays.alike) > 1 or self.arrays.repeated:
            self.doubt = Unsure("uniqueItems of what is left of the items, twice over")
            return None
        if not self.arrays.unique:
            found = self._repeated(goals)
            if found is not None:
                return found
        lens = self.arrays.alike[0]
        terms = self.solver.terms
        for one, goal in enumerate(goals):
            place = lens.item(one)
            answer = self.solver.inhabitant(joined(goal, terms.closed(place).complement))
            if isinstance(answer, Unsure):
                self.doubt = answer
            if not isinstance(answer, Found):
                continue  # nothing is ever stripped from this item
            self.doubt = Unsure("whether two items become equal once stripped")
            left = terms.values([place.stripped(answer.value)])
            for other, goal_of_other in enumerate(goals):
                if other != one:
                    twin = joined(goal_of_other, terms.seen(left, lens.item(other)))
                    answer_too = self._other(twin, [answer.value])
                    if answer_too is not None:
                        chosen = {one: answer.value, other: answer_too.value}
                        fixed = [
                            frozenset((terms.values([chosen[i]]),)) if i in chosen else g
                            for i, g in enumerate(goals)
                        ]
                        found = self._distinct(fixed) if self.arrays.unique else self._values(fixed)
                        if found is not None:
                            return found
        return None

    def _distinct(self, goals: list[Goal]) -> Found | None:
        taken: list[Found] = []
        for goal in goals:
            answer = self._other(goal, [item.value for item in taken])
            if answer is None:
                return self._matched(goals)
            taken.append(answer)
        return self._written(taken)

    def _other(self, goal: Goal, taken: list[Json]) -> Found | None:
        wanted = joined(goal, self.solver.terms.values(taken).complement) if taken else goal
        if wanted is IMPOSSIBLE:
            return None
        answer = self.solver.inhabitant(wanted)
        if isinstance(answer, Unsure):
            self.doubt = answer
        return answer if isinstance(answer, Found) else None

    def _matched(self, goals: list[Goal]) -> Found | None:
        """A system of distinct representatives: as many candidates per item as there are items are enough."""
        candidates: dict[Goal, list[Json]] = {}
        for goal in goals:
            if goal not in candidates:
                values: list[Json] = []
                while len(values) < len(goals) and (answer := self._other(goal, values)) is not None:
                    values.append(answer.value)
                candidates[goal] = values
        owner: dict[object, int] = {}
        chosen: dict[int, Json] = {}

        def place(index: int, visited: set[object]) -> bool:
            for value in candidates[goals[index]]:
                mark = key(value)
                if mark in visited:
                    continue
                visited.add(mark)
                if mark not in owner or place(owner[mark], visited):
                    owner[mark] = index
                    chosen[index] = value
                    return True
            return False

        if all(place(index, set()) for index in range(len(goals))):
            return Found([chosen[index] for index in range(len(goals))])
        return None


def _less(counts: tuple[int, ...], number: int) -> tuple[int, ...]:
    return (*counts[:number], counts[number] - 1, *counts[number + 1 :])
