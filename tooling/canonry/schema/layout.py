"""The choice of an object's members: which names are there, so that every constraint on the object holds."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from canonry.kernel.jsonvalue import Json
from canonry.schema.answers import EMPTY, Answer, Empty, Found, Unsure
from canonry.schema.terms import ANYTHING, IMPOSSIBLE, Goal, Term, conjunct, joined

if TYPE_CHECKING:
    from canonry.schema.objects import Members, Objects
    from canonry.schema.search import Solver

_MOST_MEMBERS: Final = 300
"""A witness with more members than this is not written out."""


class Block(NamedTuple):
    """A member whose name is still open: what the name must meet, and what the value must meet."""

    names: Goal
    value: Goal


def object_inhabitant(objects: "Objects", solver: "Solver") -> Answer:
    """An object that meets every constraint, with as few members as they allow."""
    return _Layout(objects, solver).answer()


class _Layout:
    def __init__(self, objects: "Objects", solver: "Solver") -> None:
        self.objects = objects
        self.solver = solver
        self.doubt: Unsure | None = None

    def answer(self) -> Answer:
        present: dict[str, Goal] = {}
        for name in self.objects.required:
            goal = self.objects.members[name]
            if not self._possible(goal):
                return EMPTY
            present[name] = goal
        answer = self._place(self.objects.some, present, ())
        if answer is EMPTY and self.doubt is not None:
            return self.doubt
        return answer

    def _possible(self, goal: Goal) -> bool:
        """Whether a goal may have an inhabitant; a doubt is noted and taken for no."""
        if goal is IMPOSSIBLE:
            return False
        answer = self.solver.inhabitant(goal)
        if isinstance(answer, Unsure):
            self.doubt = answer
        return isinstance(answer, Found)

    def _name(self, names: Goal) -> str | None:
        answer = self.solver.word(names)
        if isinstance(answer, Unsure):
            self.doubt = answer
        return answer.value if isinstance(answer, Found) and isinstance(answer.value, str) else None

    def _place(
        self, pending: "tuple[Members, ...]", present: dict[str, Goal], fresh: tuple[Block, ...]
    ) -> Answer:
        """Finds a member for each "some member": one that is there already, a known name, or a new one."""
        self.solver.step()
        if not self._fits(present, len(fresh)):
            return EMPTY
        if not pending:
            return self._complete(present, fresh)
        some, rest = pending[0], pending[1:]
        term = some.term
        for name, goal in present.items():
            wanted = joined(goal, term)
            if wanted is not IMPOSSIBLE and some.names.holds(name) and self._possible(wanted):
                answer = self._place(rest, {**present, name: wanted}, fresh)
                if answer is not EMPTY:
                    return answer
        for index, block in enumerate(fresh):
            shared = Block(joined(block.names, some.names), joined(block.value, term))
            if self._possible(shared.value) and self._name(shared.names) is not None:
                answer = self._place(rest, present, (*fresh[:index], shared, *fresh[index + 1 :]))
                if answer is not EMPTY:
                    return answer
        for name, goal in list(self.objects.members.items()):
            if name not in present:
                wanted = joined(goal, term)
                if wanted is not IMPOSSIBLE and some.names.holds(name) and self._possible(wanted):
                    answer = self._place(rest, {**present, name: wanted}, fresh)
                    if answer is not EMPTY:
                        return answer
        for block in self._cells(conjunct((some.names,)), conjunct((term,))):
            answer = self._place(rest, present, (*fresh, block))
            if answer is not EMPTY:
                return answer
        return EMPTY

    def _fits(self, present: dict[str, Goal], fresh: int) -> bool:
        for names, (_, high) in self.objects.sizes.items():
            if high is not None:
                count = len(present) + fresh if names is None else sum(map(names.holds, present))
                if count > high:
                    return False
        return True

    def _cells(self, names: Goal, value: Goal) -> Iterator[Block]:
        """Where a member with an unknown name may stand: one block per way to be in or out of each class."""
        known = self.solver.terms.among(frozenset(self.objects.members))
        outside = joined(names, known.complement)
        if outside is not IMPOSSIBLE and self._name(outside) is not None:
            yield from self._split(Block(outside, value), 0)

    def _split(self, block: Block, index: int) -> Iterator[Block]:
        every = self.objects.every
        while index < len(every) and (
            every[index].names.complement in block.names
            or (every[index].names in block.names and every[index].term in block.value)
        ):
            index += 1
        if index == len(every):
            if self._possible(block.value):
                yield block
            return
        rule = every[index]
        self.solver.step()
        without = joined(block.names, rule.names.complement)
        if without is not IMPOSSIBLE and self._name(without) is not None:
            yield from self._split(Block(without, block.value), index + 1)
        within = joined(block.names, rule.names)
        value = joined(block.value, rule.term)
        if within is not IMPOSSIBLE and value is not IMPOSSIBLE and self._name(within) is not None:
            yield from self._split(Block(within, value), index + 1)

    def _complete(self, present: dict[str, Goal], fresh: tuple[Block, ...]) -> Answer:
        goals = self._named(dict(present), fresh)
        if goals is None:
            return EMPTY
        filled = self._filled(goals)
        if filled is not None:
            return filled
        members: dict[str, Json] = {}
        for name, goal in goals.items():
            answer = self.solver.inhabitant(goal)
            if not isinstance(answer, Found):
                return answer
            members[name] = answer.value
        return Found(members)

    def _named(self, goals: dict[str, Goal], fresh: tuple[Block, ...]) -> dict[str, Goal] | None:
        """Gives every new member a name of its own."""
        if not fresh:
            return goals if self._fits(goals, 0) else None
        block, rest = fresh[0], fresh[1:]
        taken = set(goals)
        for _ in range(len(fresh)):
            word = self._name(self._unused(block.names, taken))
            if word is None:
                return None
            named = self._named({**goals, word: block.value}, rest)
            if named is not None:
                return named
            taken.add(word)
        return None

    def _unused(self, names: Goal, taken: set[str]) -> Goal:
        return joined(names, self.solver.terms.among(frozenset(taken)).complement) if taken else names

    def _filled(self, goals: dict[str, Goal]) -> Empty | Unsure | None:
        """Adds members until every minimum is met; says why that cannot be done."""
        sizes = self.objects.sizes
        for names in sorted(sizes, key=lambda names: names is None):
            low = sizes[names][0]
            have = len(goals) if names is None else sum(map(names.holds, goals))
            if have >= low:
                continue
            for name, goal in self._candidates(names, goals):
                if have >= _MOST_MEMBERS:
                    return Unsure(f"a counterexample would need {low} members")
                goals[name] = goal
                if self._fits(goals, 0):
                    have += 1
                    if have >= low:
                        break
                else:
                    del goals[name]
            if have < low:
                return EMPTY
        return None

    def _candidates(self, names: "Term | None", goals: dict[str, Goal]) -> Iterator[tuple[str, Goal]]:
        """Members that may be added beside those in `goals`, which grows meanwhile."""
        for name, goal in list(self.objects.members.items()):
            if name not in goals and (names is None or names.holds(name)) and self._possible(goal):
                yield name, goal
        tried = set(goals) | set(self.objects.members)
        for block in list(self._cells(ANYTHING if names is None else conjunct((names,)), ANYTHING)):
            while True:
                self.solver.step()
                word = self._name(self._unused(block.names, tried))
                if word is None:
                    break
                tried.add(word)
                yield word, block.value


