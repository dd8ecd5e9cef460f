"""The choice of an object's members: which names are there, so that every constraint on the object holds."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from canonry.schema.answers import EMPTY, Answer, Empty, Found, Unsure, built
from canonry.schema.terms import ANYTHING, EVERYTHING, IMPOSSIBLE, Goal, Term, conjunct, joined

if TYPE_CHECKING:
    from canonry.schema.objects import Members, Objects
    from canonry.schema.search import Solver

_MOST_MEMBERS: Final = 300
"""A witness with more members than this is not written out."""


class Block(NamedTuple):
    """A member whose name is still open: what the name must meet, and what the value must meet."""

    names: Goal
    value: Goal


def placeable(objects: "Objects", some: "Members", solver: "Solver") -> bool:
    """False where no member at all could be the one that `some` asks for."""
    layout = _Layout(objects, solver)
    return bool(layout.ways(some, {}, ())) or layout.doubt is not None


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
                return self.doubt or EMPTY
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
        self.solver.step(1 + len(self.objects.members) // 2)
        if not self._fits(present, len(fresh)):
            return EMPTY
        pending = tuple(some for some in pending if not self._met(some, present))
        if not pending:
            return self._complete(present, fresh)
        # The one with the fewest ways first: one without any ends this branch at once.
        ways = {some: self.ways(some, present, fresh) for some in pending}
        some = min(pending, key=lambda some: len(ways[some]))
        rest = tuple(other for other in pending if other is not some)
        for names, blocks in ways[some]:
            answer = self._place(rest, {**present, **names}, blocks)
            if answer is not EMPTY:
                return answer
        return EMPTY

    def _met(self, some: "Members", present: dict[str, Goal]) -> bool:
        """Whether a member that is there is one of those asked for, whatever its value."""
        term = some.term
        return any(
            (term is EVERYTHING or term in goal) and some.names.holds(name) for name, goal in present.items()
        )

    def ways(
        self, some: "Members", present: dict[str, Goal], fresh: tuple[Block, ...]
    ) -> list[tuple[dict[str, Goal], tuple[Block, ...]]]:
        """The members that may be the one asked for: there already, known, or new."""
        term = some.term
        known = [*present.items(), *((n, g) for n, g in self.objects.members.items() if n not in present)]
        ways: list[tuple[dict[str, Goal], tuple[Block, ...]]] = []
        for name, goal in known:
            wanted = joined(goal, term)
            if wanted is not IMPOSSIBLE and some.names.holds(name) and self._possible(wanted):
                ways.append(({name: wanted}, fresh))
        for index, block in enumerate(fresh):
            shared = Block(joined(block.names, some.names), joined(block.value, term))
            if self._possible(shared.value) and self._name(shared.names) is not None:
                ways.append(({}, (*fresh[:index], shared, *fresh[index + 1 :])))
        cells = self._cells(conjunct((some.names,)), conjunct((term,)))
        return ways + [({}, (*fresh, block)) for block in cells]

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
        members: dict[str, Found] = {}
        for name, goal in goals.items():
            answer = self.solver.inhabitant(goal)
            if not isinstance(answer, Found):
                return answer
            members[name] = answer
        return built({name: found.value for name, found in members.items()}, members.values())

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
            missing = low - have
            missing -= self._add_known(names, goals, missing)
            missing -= self._add_new(names, goals, missing)
            if missing:
                return EMPTY if len(goals) < _MOST_MEMBERS else Unsure(f"it would need {low} members")
        return None

    def _add_known(self, names: "Term | None", goals: dict[str, Goal], missing: int) -> int:
        """Adds up to so many optional members with known names; how many there were."""
        added = 0
        for name, goal in list(self.objects.members.items()):
            if added == missing:
                break
            if name not in goals and (names is None or names.holds(name)) and self._possible(goal):
                added += self._added(goals, name, goal)
        return added

    def _add_new(self, names: "Term | None", goals: dict[str, Goal], missing: int) -> int:
        """The same with new names. Those of a block count alike, so one that does not fit ends its block."""
        if not missing:
            return 0
        added = 0
        tried = set(goals) | set(self.objects.members)
        start = ANYTHING if names is None else conjunct((names,))
        for block in self._cells(start, ANYTHING):
            for counted in self._counted(block):
                while added < missing and len(goals) < _MOST_MEMBERS:
                    self.solver.step()
                    word = self._name(self._unused(counted.names, tried))
                    if word is None or not self._added(goals, word, counted.value):
                        break
                    tried.add(word)
                    added += 1
        return added

    def _added(self, goals: dict[str, Goal], name: str, goal: Goal) -> bool:
        goals[name] = goal
        if self._fits(goals, 0):
            return True
        del goals[name]
        return False

    def _counted(self, block: Block) -> list[Block]:
        """A block split so that the names of each part count towards the same sizes."""
        blocks = [block]
        for names in self.objects.sizes:
            if names is not None:
                blocks = [
                    Block(goal, part.value)
                    for part in blocks
                    for goal in (joined(part.names, names), joined(part.names, names.complement))
                    if goal is not IMPOSSIBLE and self._name(goal) is not None
                ]
        return blocks
