"""Canonry's own validator: every keyword of every dialect, exact, and never slow or too deep."""

from collections.abc import Generator
from typing import Final, TypeAlias

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json
from canonry.regular.budget import BudgetExceeded, given
from canonry.schema.applicators import APPLICATORS, NOTHING, Applicator, Frame, Marks, Steps
from canonry.schema.assertions import MAKERS, Assertion, Formats
from canonry.schema.keywords import DEEPEST_VALUE, json_problem
from canonry.schema.resources import Node, Schema, Scope

_FRAME: Final = 5
"""Steps that entering or leaving a subschema is worth."""

Evaluation: TypeAlias = Generator[Frame, Marks | None, Marks | None]
_Name: TypeAlias = tuple[Node, int, Scope, bool]


class EndlessReferenceError(CanonryError):
    """A schema refers to itself under its own negation, for the same value: it has no verdict to give."""

    hint = "Let the recursion pass through properties or items; as it stands it contradicts itself."

    def __init__(self, pointer: str) -> None:
        super().__init__(pointer)
        self.pointer = pointer

    def __str__(self) -> str:
        return f"{self.pointer or 'the root'} refers to its own negation"


class NotJsonError(CanonryError):
    """A Python value that no JSON text stands for, or one that is nested too deep."""

    hint = f"Pass what json.loads returns: no NaN, string keys only, at most {DEEPEST_VALUE} levels."

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return f"the value {self.problem}"


class Plan:
    """A node's keywords made ready: assertions look only at the value, applicators ask subschemas."""

    __slots__ = ("applicators", "assertions", "collects")

    def __init__(self, node: Node, formats: Formats | None) -> None:
        self.assertions: list[tuple[str, Assertion]] = []
        self.applicators: list[tuple[str, Applicator]] = []
        present = node.keywords
        for keyword, make in MAKERS.items():
            if keyword in present:
                made = make(present[keyword], node, formats)
                if made is not None:
                    self.assertions.append((keyword, made))
        for keyword, apply in APPLICATORS[node.dialect].items():
            if keyword in present:
                self.applicators.append((keyword, apply))
        self.collects = any(keyword.startswith("unevaluated") for keyword, _ in self.applicators)


class Evaluator:
    """Says which values a schema accepts. Keeps what it has prepared, so use one per schema.

    `formats` are the formats to assert, by name; None (the default) leaves `format` an annotation. Numbers
    are exact decimals, lengths count code points, patterns are matched by `canonry.regular` in linear time.
    """

    def __init__(self, schema: Schema, formats: Formats | None = None) -> None:
        self.schema = schema
        self._formats = formats
        self._plans: dict[Node, Plan] = {}

    def accepts(self, value: Json) -> bool:
        """Whether the value is valid.

        Raises `NotJsonError` for the value; `EndlessReferenceError`, `RefError` or the error of a pattern
        that `canonry.regular` refuses, where the outcome depends on such a part of the schema.
        """
        problem = json_problem(value)
        if problem is not None:
            raise NotJsonError(problem)
        return self.accepts_at(self.schema.root, value)

    def accepts_at(self, node: Node, value: Json, scope: Scope = ()) -> bool:
        """Whether the schema at a node accepts a JSON value, entered through the resources of `scope`."""
        return self._drive(self._evaluated(Frame(node, value, scope, collects=False))) is not None

    def failing(self, node: Node, value: Json, scope: Scope = ()) -> list[str]:
        """The keywords of one node that refuse a value, none where it is valid; `[""]` for a false schema.

        Those of which nobody can tell, because a reference leads nowhere, are among them.
        """
        if node.value is False:
            return [""]
        plan = self._plan(node)
        frame = Frame(node, value, entered(scope, node), collects=plan.collects)
        failing = [keyword for keyword, holds in plan.assertions if not holds(value)]
        for keyword, apply in plan.applicators:
            try:
                holds = self._drive(_outcome(apply(frame))) is not None
            except BudgetExceeded:
                raise
            except CanonryError:
                holds = False
            if not holds:
                failing.append(keyword)
        return failing

    def _plan(self, node: Node) -> Plan:
        plan = self._plans.get(node)
        if plan is None:
            plan = self._plans[node] = Plan(node, self._formats)
        return plan

    def _drive(self, evaluation: Evaluation) -> Marks | None:
        """Runs evaluations on a stack of their own, so that no nesting exhausts Python's.

        What references lead to is remembered per value: without that, references that meet again would be
        evaluated exponentially often. The values stay alive meanwhile, so their `id` names them.

        A reference that leads back to itself asks nothing new, so it holds where all the rest holds (the
        greatest fixed point, and what jsonschema-rs does). What was found on that assumption is remembered
        only once the assumption is settled.
        """
        stack: list[tuple[Evaluation, _Name | None]] = [(evaluation, None)]
        outcomes: dict[_Name, Marks | None] = {}
        active: dict[_Name, tuple[int, int]] = {}
        assumed: set[int] = set()
        answer: Marks | None = None
        budget = given()
        while True:
            if budget is not None:
                budget.spend(_FRAME)
            try:
                wanted = stack[-1][0].send(answer)
            except StopIteration as stop:
                answer = stop.value
                name = stack.pop()[1]
                if name is not None:
                    assumed.discard(len(stack))
                    del active[name]
                    if not assumed:
                        outcomes[name] = answer
                if not stack:
                    return answer
                continue
            value = wanted.node.value
            if value is True or value is False:
                answer = NOTHING if value else None
                continue
            name = None
            if wanted.referred:
                name = (wanted.node, id(wanted.value), wanted.scope, wanted.collects)
                if name in outcomes:
                    answer = outcomes[name]
                    continue
                if name in active:
                    depth, turns = active[name]
                    if turns != wanted.turns:
                        raise EndlessReferenceError(wanted.node.pointer)
                    assumed.add(depth)
                    answer = NOTHING
                    continue
                active[name] = (len(stack), wanted.turns)
            stack.append((self._evaluated(wanted), name))
            answer = None  # all that a generator takes that has not begun

    def _evaluated(self, frame: Frame) -> Evaluation:
        node, value = frame.node, frame.value
        if node.value is False:
            return None
        plan = self._plan(node)
        for _, holds in plan.assertions:
            if not holds(value):
                return None
        if not plan.applicators:
            return NOTHING
        frame.scope = entered(frame.scope, node)
        if plan.collects and not frame.collects:
            frame.collects, frame.marks = True, Marks()
        for _, apply in plan.applicators:
            if not (yield from apply(frame)):
                return None
        return frame.marks


def entered(scope: Scope, node: Node) -> Scope:
    """The dynamic scope inside a node."""
    if scope and (scope[-1] is node.resource or node.resource in scope):
        return scope
    return (*scope, node.resource)


def _outcome(steps: Steps) -> Evaluation:
    return NOTHING if (yield from steps) else None
