"""The search for an inhabitant of a conjunction of terms; finding none is a proof that there is none.

Per JSON kind, terms are unfolded into literals, which the kind's constraints collect, and into choices.
Choices lose the alternatives that the constraints refute; what is then left of them is tried, fewest
alternatives first.

Recursion: JSON values are finite, so a smallest inhabitant of a goal holds no inhabitant of the same goal
inside. While a goal is being searched, the same goal further inside therefore counts as empty. An "empty"
that was derived from such an assumption holds for as long as the assumed goal is open, and for good once that
goal turns out to be empty as well.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json
from canonry.regular.budget import Budget, BudgetExceeded
from canonry.schema.answers import EMPTY, Answer, Empty, Found, Hard, Unsure
from canonry.schema.cases import Mentions, cases
from canonry.schema.covers import covers
from canonry.schema.formulas import Choice, Formula, Sole
from canonry.schema.languages import Undecidable
from canonry.schema.objects import Member
from canonry.schema.state import MOST_PROBED, State
from canonry.schema.terms import ANYTHING, IMPOSSIBLE, Goal, Term, in_order, joined, satisfied
from canonry.schema.values import KINDS, NUMBER, OBJECT, STRING, exact

if TYPE_CHECKING:
    from canonry.schema.lexicon import Lexicon

_FEW: Final = 8
_MANY: Final = 12
_WORTH: Final = 8
"""Steps of regular languages, which share the budget, that a step of the search is worth."""
_LEAST_PROBED: Final = 8
"""Alternatives that are tried alone even where trying them has not helped for long."""
_BROAD: Final = 24
"""Open alternatives from which on trying each takes longer than settling which branch of a union it is."""
_LARGE: Final = 12
"""Open alternatives from which on a value is asked which of the choices are hard to meet."""
_NEAR_THE_ROOT: Final = 3
"""Goals within goals down to which an alternative gets a share of the budget only."""
_SHARE: Final = 3
_GLIMPSE: Final = 8
"""The part of the budget that looking at one value of each branch may take."""
_COVER: Final = 6
"""The part of the budget that seeing whether an alternative is covered may take."""
_LEAST_SHARE: Final = 20_000
_LEAVES: Final = 1_000
"""Branches within branches of a union of which a value is looked at."""
_DEEPEST: Final = 400
_NEVER: Final = 1 << 60


class Solver:
    """Answers whether conjunctions of terms have inhabitants. Every answer is remembered."""

    def __init__(self, terms: "Lexicon", budget: Budget) -> None:
        self.terms = terms
        self.budget = budget
        self._granted = budget.steps
        self._known: dict[Goal, Answer] = {}
        self._listed: dict[Goal, tuple[Json, ...] | None] = {}
        self._words: dict[Goal, Answer] = {}
        self._members_asked: dict[int, tuple[tuple[Member, ...], tuple[Formula, ...]]] = {}
        self._mentions = Mentions()
        self._sampled_goals: set[Goal] = set()
        self._open: dict[Goal, int] = {}
        self._assumed: dict[Goal, tuple[Answer, int]] = {}
        self._trail: list[Goal] = []
        self._reached = _NEVER

    def begin(self, budget: Budget) -> None:
        """Starts anew on a budget; of what an exhausted search left half done nothing is believed."""
        self.budget = budget
        self._granted = budget.steps
        self._open.clear()
        self._assumed.clear()
        self._trail.clear()
        self._reached = _NEVER

    def step(self, steps: int = 1) -> None:
        """Counts work. Raises `BudgetExceeded` where there was too much."""
        self.budget.spend(steps * _WORTH)

    def inhabitant(self, goal: Goal) -> Answer:
        """A value that belongs to every term of the goal."""
        known = self._known.get(goal)
        if known is not None:
            return known
        if goal is IMPOSSIBLE:
            return EMPTY
        depth = self._open.get(goal)
        if depth is not None:
            self._reached = min(self._reached, depth)
            return EMPTY
        assumed = self._assumed.get(goal)
        if assumed is not None:
            self._reached = min(self._reached, assumed[1])
            return assumed[0]
        return self._opened(goal)

    def _opened(self, goal: Goal) -> Answer:
        depth = len(self._open)
        if depth > _DEEPEST:
            return Unsure(f"values nested deeper than {_DEEPEST} levels")
        self.step(5 + len(goal) // 8)
        outer, self._reached = self._reached, _NEVER
        mark = len(self._trail)
        self._open[goal] = depth
        try:
            answer = self._any_kind(goal)
        except BudgetExceeded:
            raise  # whoever granted the budget tidies up
        except CanonryError as error:
            answer = Unsure(str(error))
        del self._open[goal]
        reached, self._reached = self._reached, outer
        if answer is not EMPTY:
            self._forget(mark)  # what was derived from "the goal is empty"
        if isinstance(answer, Hard):
            self._reached = min(outer, reached)  # not kept: with more of the budget there may be an answer
        elif isinstance(answer, Found) or reached >= depth:
            for inner in self._trail[mark:]:
                self._known[inner] = self._assumed[inner][0]
            self._forget(mark)
            self._known[goal] = answer
        else:
            self._trail.append(goal)
            self._assumed[goal] = (answer, reached)
            self._reached = min(outer, reached)
        return answer

    def _forget(self, mark: int) -> None:
        """Drops what was derived from assumptions since the trail was so long."""
        for inner in self._trail[mark:]:
            del self._assumed[inner]
        del self._trail[mark:]

    def word(self, goal: Goal) -> Answer:
        """A string that belongs to every term of the goal."""
        known = self._words.get(goal)
        if known is None:
            known = EMPTY if goal is IMPOSSIBLE else self._of_kind(goal, STRING)
            if not isinstance(known, Hard):
                self._words[goal] = known
        return known

    def _any_kind(self, goal: Goal) -> Answer:
        terms = in_order(goal)
        kinds = -1
        for term in terms:
            kinds &= term.kinds
            listed = term.listed()
            if listed is not None:
                return self._one_of(listed, terms)
        doubt: Unsure | None = None
        for kind in KINDS:
            if kind & kinds:
                answer = self._of_kind(goal, kind)
                if isinstance(answer, Found):
                    return answer
                if isinstance(answer, Unsure):
                    doubt = answer
        return doubt or EMPTY

    def _one_of(self, values: Iterable[Json], terms: list[Term]) -> Answer:
        """The goal has a term that lists its values: try them."""
        doubt: Unsure | None = None
        for value in values:
            self.step()
            try:
                if all(term.holds(value) for term in terms):
                    return Found(value)
            except Undecidable as error:
                doubt = Unsure(str(error))
        return doubt or EMPTY

    def _of_kind(self, goal: Goal, kind: int) -> Answer:
        state = State.of(kind)
        try:
            if not all(state.add(term) for term in in_order(goal)):
                return EMPTY
            return self._searched(state, goal)
        except Undecidable as error:
            return Unsure(str(error))

    def _searched(self, state: State, goal: Goal) -> Answer:
        if not self._settled(state):
            return EMPTY
        while len(state.choices) > 1:
            self._drop_certain(state)
            if len(state.choices) < 2 or self._tagged(state) is not None:  # noqa: PLR2004
                break
            shrunk = self._probed(state, goal)
            if shrunk is None:
                return EMPTY
            if not shrunk:
                break
            if not self._settled(state):
                return EMPTY
        if not state.choices and state.counts:
            state.branch()
        if not state.choices:
            if not state.constraints.probe(self):
                return EMPTY
            return self._inhabitant(state, goal)
        parts = self._tagged(state)
        if parts is None and sum(map(len, state.choices)) > _LARGE:
            simple = self._simplest(state, goal)
            if isinstance(simple, Found | Empty):
                return simple
            parts = self._cases(state) or simple
        if parts is None:
            parts = min(state.choices, key=len)
        if parts in state.choices:
            state.choices.remove(parts)
        if len(parts) >= _MANY and len(self._open) <= _NEAR_THE_ROOT:
            sample = self._sampled(parts, goal, state.kind)
            if sample is not None:
                return sample
        doubt: Unsure | None = None
        hard: list[Formula] = []
        for part in parts:
            answer = self._attempted(state, part, goal, shared=len(self._open) <= _NEAR_THE_ROOT)
            if isinstance(answer, Found):
                return answer
            if isinstance(answer, Hard):
                hard.append(part)
            elif isinstance(answer, Unsure):
                doubt = answer
        for part in hard:  # what a share of the budget was not enough for gets all that the others left
            answer = self._attempted(state, part, goal, shared=False)
            if isinstance(answer, Found):
                return answer
            if isinstance(answer, Unsure):
                doubt = answer
        return doubt or EMPTY

    def _inhabitant(self, state: State, goal: Goal) -> Answer:
        """A value that meets everything, where no choice is open."""
        answer: Answer = state.constraints.inhabitant(self, self._hints(state, goal))
        if not isinstance(answer, Found):
            return answer
        unmet = self._unmet(state, answer.value)
        if unmet:
            return self._searched(state, goal) if state.recall(unmet) else EMPTY
        return answer if state.doubt is None else state.doubt

    def _sampled(self, parts: tuple[Formula, ...], goal: Goal, kind: int) -> Found | None:
        """The simplest value of one of many alternatives, where it happens to meet the whole goal.

        A branch that is gone is refuted by any of its values, and looking at one value of each branch takes
        less than searching one of them.
        """
        if goal in self._sampled_goals:
            return None
        self._sampled_goals.add(goal)
        terms = in_order(goal)

        def ask() -> Answer:
            for leaf in _leaves(parts, kind):
                answer = self.inhabitant(joined(ANYTHING, leaf))
                if isinstance(answer, Found) and _in_all(terms, answer.value):
                    return answer
            return EMPTY

        answer = self.within(_GLIMPSE, ask)
        return answer if isinstance(answer, Found) else None

    def _unmet(self, state: State, value: Any) -> list[Formula]:
        """What was postponed and does not hold of a value."""
        inner = exact(value) if state.kind == NUMBER else value
        return [part for part in state.late if not self._met((part,), inner)]

    def _simplest(self, state: State, goal: Goal) -> Found | Empty | tuple[Formula, ...] | None:
        """A value that meets what is settled and all that is open; else one of the choices it does not meet.

        Among hundreds of choices nearly all are met by nearly any value, and those that are not are the ones
        to branch on. None where no such value is known.
        """
        attempt = state.copy()
        if not attempt.constraints.probe(self):
            return EMPTY
        answer = attempt.constraints.inhabitant(self, self._hints(state, goal))
        if not isinstance(answer, Found):
            return EMPTY if isinstance(answer, Empty) else None
        value = exact(answer.value) if state.kind == NUMBER else answer.value
        unmet = [parts for parts in state.choices if not self._met(parts, value)]
        if unmet:
            return min(unmet, key=len)
        return (
            answer
            if not state.counts and not self._unmet(state, answer.value) and state.doubt is None
            else None
        )

    def _met(self, parts: tuple[Formula, ...], value: Any) -> bool:
        try:
            return any(satisfied(part, value) for part in parts)
        except Undecidable:
            return False

    def _attempted(self, state: State, part: Formula, goal: Goal, *, shared: bool) -> Answer:
        """Searches on with one alternative."""
        if self._hopeless(state, part) or self._covered(state, part, goal):
            return EMPTY
        self.step(2 + state.constraints.size // 64 + len(state.asserted) // 128)
        attempt = state.copy()

        def ask() -> Answer:
            if attempt.add(part) and attempt.constraints.probe(self):
                return self._searched(attempt, goal)
            return EMPTY

        return self.within(_SHARE, ask) if shared else ask()

    def _covered(self, state: State, part: Formula, goal: Goal) -> bool:
        """Whether one of the schemas that the value must not meet holds of all of an alternative.

        It is asked of this same value, so a goal that is open must not count as empty.
        """
        self.step(1 + len(state.asserted) // 16)
        for other in covers(part, state.asserted):
            if other == goal or other in self._open:
                continue
            if self.within(_COVER, partial(self.inhabitant, other)) is EMPTY:
                return True
        return False

    @property
    def given_up(self) -> Answer:
        """The answer where a share of the budget did not suffice."""
        return Hard(f"not decided within {self._granted:,} steps")

    def within(self, share: int, ask: Callable[[], Answer]) -> Answer:
        """Asks on a share of what is left of the budget, so that a hard part leaves the others a chance."""
        budget, full = self.budget, self.budget.steps
        limit = min(full, budget.spent + max(budget.left // share, _LEAST_SHARE))
        opened, trail, reached = len(self._open), len(self._trail), self._reached
        budget.steps = limit
        try:
            return ask()
        except BudgetExceeded:
            if limit == full:
                raise
            budget.spent = limit
            for goal in list(self._open)[opened:]:
                del self._open[goal]
            self._forget(trail)
            self._reached = reached
            return self.given_up
        finally:
            budget.steps = full

    def _probed(self, state: State, goal: Goal) -> bool | None:
        """Drops alternatives that fail alone; None where a choice has none left, else whether any did."""
        if not state.constraints.probe(self):
            return None
        choices: list[tuple[Formula, ...]] = []
        shrunk = False
        probed = 0
        for parts in sorted(state.choices, key=len):
            probed += len(parts)
            if probed > state.patience:
                choices.append(parts)
                continue
            alive = tuple(part for part in parts if self._tenable(state, part, goal))
            if not alive:
                return None
            if len(alive) < len(parts):
                shrunk = True
            choices.append(alive)
        state.choices = choices
        state.patience = MOST_PROBED if shrunk else max(state.patience // 2, _LEAST_PROBED)
        return shrunk

    def _cases(self, state: State) -> tuple[Formula, ...] | None:
        """The values of a member on which many choices depend."""
        self.step(len(state.choices))
        return cases(state, self._mentions)

    def _tagged(self, state: State) -> tuple[Formula, ...] | None:
        """The union to branch on first where many choices depend on which of its branches it is."""
        if len(state.choices) < _MANY and sum(map(len, state.choices)) < _BROAD:
            return None
        unions = [
            parts for parts in state.choices if all(isinstance(p, Term) and p.serial > 0 for p in parts)
        ]
        return min(unions, key=len) if unions else None

    def _drop_certain(self, state: State) -> None:
        """Drops choices that a required member's few possible values decide, as the tag of a union does."""
        if state.kind != OBJECT:
            return
        state.work += 2 * len(state.choices)
        few: dict[str, tuple[Json, ...]] = {}
        for name in state.constraints.required:
            values = self._few(state.constraints.goal(name))
            if values is not None:
                few[name] = values
        if not few:
            return
        kept: list[tuple[Formula, ...]] = []
        for parts in state.choices:
            for part in self._asking(parts):
                values = few.get(part.name)
                if values is not None and all(map(part.term.holds, values)):
                    break
            else:
                kept.append(parts)
        state.choices = kept

    def _asking(self, parts: tuple[Formula, ...]) -> tuple[Member, ...]:
        """Those of the alternatives that ask for a member. Choices are shared by states, so it is kept."""
        known = self._members_asked.get(id(parts))
        if known is None:
            asking = tuple(part for part in parts if isinstance(part, Member) and part.must)
            known = self._members_asked[id(parts)] = (asking, parts)  # alive, so that its id is its own
        return known[0]

    def _few(self, goal: Goal) -> tuple[Json, ...] | None:
        """All values of a goal, where they are plainly few scalars."""
        if goal not in self._listed:
            self._listed[goal] = self._enumerated(goal)
        return self._listed[goal]

    def _enumerated(self, goal: Goal) -> tuple[Json, ...] | None:
        kinds = -1
        for term in goal:
            kinds &= term.kinds
        if kinds != STRING:
            return None
        state = State.of(STRING)
        if not all(state.add(term) for term in in_order(goal)) or not state.settle(self._account):
            return ()
        words = state.constraints.only
        if state.choices or state.late or state.doubt or words is None or len(words) > _FEW:
            return None
        return tuple(sorted(filter(state.constraints.admits, words)))

    def _hopeless(self, state: State, part: Formula) -> bool:
        """Whether an alternative asks for a member that cannot be: seen without a copy of all the others."""
        if not (isinstance(part, Member) and part.must):
            return False
        self.step()
        return self.inhabitant(joined(state.constraints.goal(part.name), part.term)) is EMPTY

    def _tenable(self, state: State, part: Formula, goal: Goal) -> bool:
        if self._hopeless(state, part) or self._covered(state, part, goal):
            return False
        self.step(2 + state.constraints.size // 64 + len(state.asserted) // 128)
        few = len(state.choices) <= _MANY
        attempt = state.copy() if few else state.bare()
        tenable = (
            attempt.add(part)
            and (not few or attempt.settle(self._account, self._apart(part)))
            and attempt.constraints.probe(self)
        )
        attempt.account(self._account)
        return bool(tenable)

    def _apart(self, new: Formula) -> Callable[[tuple[Formula, ...]], bool] | None:
        """Tells which choices a member that is `new` has nothing to do with; None where it is no member."""
        if not isinstance(new, Member):
            return None
        names = (new.name,)

        def apart(parts: tuple[Formula, ...]) -> bool:
            for part in parts:
                reach = self._mentions.reach(part, self.step)
                if reach is None or reach.meets(names):
                    return False
            return True

        return apart

    def _settled(self, state: State) -> bool:
        if len(state.choices) > _MANY:
            self._drop_certain(state)  # at a glance each, where looking closer at all of them takes long
        self.step(2)
        return state.settle(self._account)

    def _account(self, work: int) -> None:
        """Counts what a state has done."""
        self.step(work // 4)

    def _hints(self, state: State, goal: Goal) -> Iterator[Json]:
        for term in state.asserted:
            yield from term.examples()


def _in_all(terms: list[Term], value: Json) -> bool:
    try:
        return all(term.holds(value) for term in terms)
    except Undecidable:
        return False


def _leaves(parts: tuple[Formula, ...], kind: int) -> Iterator[Term]:
    """Alternatives, and the alternatives of those that are unions themselves."""
    stack = list(reversed(parts))
    left = _LEAVES
    while stack and left:
        part = stack.pop()
        left -= 1
        if isinstance(part, Sole):
            stack.append(part.parts[0])
        elif isinstance(part, Choice):
            stack.extend(reversed(part.parts))
        elif isinstance(part, Term) and part.kinds & kind:
            inner = part.formula(kind) if part.serial > 0 else part
            if isinstance(inner, Choice):
                stack.append(inner)
            else:
                yield part
