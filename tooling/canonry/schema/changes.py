"""What differs between two schemas, and which difference broke the payload. Explains; never decides."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeAlias

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json
from canonry.kernel.rule import Rule
from canonry.regular.budget import Budget, BudgetExceeded, spending
from canonry.schema.assertions import Formats
from canonry.schema.branches import branches, matched
from canonry.schema.causes import Cause, causes
from canonry.schema.likeness import Likeness, text
from canonry.schema.pairs import (
    CONTAINED,
    IN_CONDITION,
    IN_EXCLUSION,
    IN_RIVAL,
    Difference,
    Effect,
    Pair,
    governing,
    having,
    joined_path,
    speaks,
)
from canonry.schema.resources import Node, Schema
from canonry.schema.rules import RULES
from canonry.schema.rules.composition import when
from canonry.schema.view import View

STEPS: Final = 1_200_000
"""What walking through both schemas may cost; beyond it a list of changes is no explanation."""
_TRACING: Final = 1_000_000
"""Steps that finding the keywords which refuse a value may cost."""
_WALK: Final = 60
"""Steps that it is worth to walk to a pair of places."""
_PASS: Final = 12
"""Steps that it is worth to pass over a pair of schemas that read the same."""
_LOOK: Final = 500
"""Steps that it is worth to look at a pair by every rule."""
_PART: Final = 5
"""Steps that every rule takes together for each member, value or branch that a keyword lists."""
_BRANCH: Final = 400
"""Steps that it is worth to find what a branch of a union corresponds to, for every rule that asks."""


_ALIKE: Final = 5
"""Causes of one kind, at one place, that are told."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: rule, sentence, pointers into old and new (None: written nowhere), and what it does.

    `breaks` names the directions whose witness it refuses; empty where it broke nothing that was found.
    """

    code: str
    name: str
    sentence: str
    old_pointer: str | None
    new_pointer: str | None
    effect: Effect
    breaks: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """The public JSON form."""
        return {
            "rule": self.code,
            "name": self.name,
            "sentence": self.sentence,
            "old": self.old_pointer,
            "new": self.new_pointer,
            "effect": self.effect,
            "breaks": list(self.breaks),
        }


class Changes(NamedTuple):
    """What differs, and whether there may be `more`, because so much was not looked through."""

    found: tuple[Change, ...]
    more: bool


class Refused(NamedTuple):
    """What was sent, and what its reader made of it and refused."""

    sent: Json
    read: Json


def changes(
    old: Schema,
    new: Schema,
    refused: Mapping[str, Refused] | None = None,
    formats: Formats | None = None,
    likeness: Likeness | None = None,
    steps: int | None = None,
) -> Changes:
    """What differs, those that broke something first, else in the order of the schemas.

    `refused` holds per broken direction the value that its reader refused (new reads in `backward`, old in
    `forward`), with which each break is traced to the keyword that did it. `likeness` is that of a comparison
    of the two, which has read most of them already; `steps` are all that may be taken: half of them by the
    list of what differs, the others by what traces the breaks.
    """
    listing, tracing = STEPS, _TRACING
    if steps is not None:
        listing = min(listing, steps // 2)
        tracing = min(tracing, steps // (2 * max(1, len(refused or {}))))
    walk = _Walk(old, new, likeness or Likeness((old, new)), listing)
    found = list(dict.fromkeys(walk.differences()))
    for direction, value in (refused or {}).items():
        with spending(Budget(tracing)):
            traced = causes(old, new, direction, value.read, value.sent, formats)
        found = _marked(found, direction, traced)
    return Changes(
        tuple(sorted((change for change, _ in found), key=lambda change: not change.breaks)), walk.more
    )


_Found: TypeAlias = tuple[Change, str]
"""A change, and the path of its place."""


class _Walk:
    """The pairs of places of two schemas, nearest first, as far as a budget goes."""

    def __init__(self, old: Schema, new: Schema, likeness: Likeness, steps: int) -> None:
        self.more = False
        self._old = old
        self._new = new
        self._likeness = None if old.dynamic or new.dynamic else likeness
        self._budget = Budget(steps)

    def differences(self) -> Iterator[_Found]:
        old, new = self._old, self._new
        queue: deque[Pair] = deque()  # nearest first: recursion has its shortest name
        try:
            with spending(self._budget):
                queue.append(Pair("", View([old.root]), View([new.root])))
        except BudgetExceeded:
            self.more = True
        seen: set[tuple[tuple[Node, ...], tuple[Node, ...]]] = set()
        budget = self._budget
        while queue:
            pair = queue.popleft()
            name = (pair.old.identity, pair.new.identity)
            if name in seen and any(name):
                continue
            seen.add(name)
            if len(pair.old.start) == len(pair.new.start) == 1 and self._alike(
                pair.old.start[0], pair.new.start[0]
            ):
                continue
            cost = _LOOK + _PART * (pair.old.listed + pair.new.listed)
            if cost < budget.left:
                cost += _BRANCH * sum(
                    len(branches(union)) for view in (pair.old, pair.new) for union in view.unions
                )
            if budget.left < cost:
                self.more = True
                continue  # others may be smaller
            budget.spend(cost)
            for rule in RULES:
                for difference in self._observed(rule, pair):
                    yield _change(rule, difference, pair), pair.path
            if pair.old.false is None and pair.new.false is None:
                queue.extend(_inherited(pair, below) for below in self._within(pair))

    def _within(self, pair: Pair) -> list[Pair]:
        """The pairs below that may differ, as far as the budget goes."""
        found: list[Pair] = []
        try:
            with spending(self._budget):
                for below in _below(pair, self._alike):
                    self._budget.spend(_WALK)
                    found.append(below)
        except BudgetExceeded:
            self.more = True
        return found

    def _alike(self, old: Node, new: Node) -> bool:
        """Whether both read the same, so that nothing below can differ."""
        if self._likeness is None or self._budget.left < _PASS:
            return False
        self._budget.spend(_PASS)
        try:
            with spending(self._budget):
                known = self._likeness.key(old)
                return known is not None and known == self._likeness.key(new)
        except (BudgetExceeded, RecursionError):
            return False

    def _observed(self, rule: Rule, pair: Pair) -> list[Difference]:
        try:
            with spending(self._budget):
                return list(rule.check(pair))
        except BudgetExceeded:
            self.more = True
        except (CanonryError, RecursionError):  # what cannot be read explains nothing
            pass
        return []


def _inherited(pair: Pair, below: Pair) -> Pair:
    """The pair below, with what holds of the one above."""
    if not pair.inside:
        return below
    inside = f"{below.inside} {pair.inside}" if below.inside else pair.inside
    return replace(below, inside=inside, turned=below.turned != pair.turned)


def _change(rule: Rule, difference: Difference, pair: Pair) -> Change:
    effect, sentence = difference.effect, difference.sentence
    if pair.inside:
        either = IN_CONDITION in pair.inside or IN_RIVAL in pair.inside
        effect = "both" if either else _TURNED[effect] if pair.turned else effect
        sentence = f"{sentence}, {pair.inside}"
    return Change(rule.code, rule.name, sentence, difference.old, difference.new, effect)


_TURNED: Final[Mapping[Effect, Effect]] = {"tightens": "loosens", "loosens": "tightens", "both": "both"}


def _below(pair: Pair, alike: Callable[[Node, Node], bool]) -> Iterator[Pair]:
    """The pairs of places inside a pair, and of branches at it; members that plainly are `alike` left out."""
    old, new = pair.old, pair.new
    for name in dict.fromkeys([*old.properties, *new.properties]):
        before, after = old.properties.get(name), new.properties.get(name)
        if before is None or after is None:  # by its name in one, perhaps by a pattern in the other
            before, after = governing(old, name), governing(new, name)
            if not (speaks(before) and speaks(after)):
                continue
        if not (len(before) == len(after) == 1 and alike(before[0], after[0])):
            yield Pair(joined_path(pair.path, name), View(before), View(after))
    for pattern in old.pattern_properties:
        if pattern in new.pattern_properties:
            path = joined_path(pair.path, f"/{pattern}/")
            yield Pair(path, View(old.pattern_properties[pattern]), View(new.pattern_properties[pattern]))
    for index, (left, right) in enumerate(zip(old.prefix, new.prefix, strict=False)):
        yield Pair(f"{pair.path}[{index}]", View(left), View(right))
    for keyword, path in (
        ("additionalProperties", joined_path(pair.path, "*")),
        ("unevaluatedProperties", joined_path(pair.path, "*")),
        ("propertyNames", f"names in {pair.path}".removesuffix(" in ")),
        ("contains", f"{pair.path}{CONTAINED}"),
        ("unevaluatedItems", f"{pair.path}[]"),
    ):
        yield from _single(pair, path, (old.under(keyword), new.under(keyword)), both=keyword == "contains")
    yield from _single(pair, f"{pair.path}[]", (old.rest, new.rest), both=False)
    for name in old.conditional:
        if name in new.conditional:
            inside = having(pair.path, name)
            yield Pair(pair.path, View(old.conditional[name]), View(new.conditional[name]), inside)
    yield from _conditions(pair)
    for keyword, inside in (("not", IN_EXCLUSION), ("if", IN_CONDITION)):
        before, after = old.under(keyword), new.under(keyword)
        if len(before) == len(after):
            for left_node, right_node in zip(before, after, strict=True):
                yield Pair(pair.path, View([left_node]), View([right_node]), inside, turned=keyword == "not")
    for left_union, right_union in zip(old.unions, new.unions, strict=False):
        for left_branch, right_branch in matched(left_union, right_union)[0]:
            yield Pair(pair.path, View([left_branch]), View([right_branch]))


def _single(pair: Pair, path: str, held: tuple[list[Node], list[Node]], *, both: bool) -> Iterator[Pair]:
    old, new = held
    left, right = View(old, pair.old.pointer), View(new, pair.new.pointer)
    if left.false is not None or right.false is not None or not (left.nodes or right.nodes):
        return
    if both and not (old and new):
        return
    yield Pair(path, left, right)


def _conditions(pair: Pair) -> Iterator[Pair]:
    before = {text(node.children["if",]): node for node, _ in pair.old.written("if")}
    for node, _ in pair.new.written("if"):
        other = before.get(text(node.children["if",]))
        if other is not None:
            for branch in (("then",), ("else",)):
                if branch in node.children or branch in other.children:
                    left = [other.children[branch]] if branch in other.children else []
                    right = [node.children[branch]] if branch in node.children else []
                    inside = when(node, branch[0])
                    yield Pair(pair.path, View(left, other.pointer), View(right, node.pointer), inside)


def _marked(found: list[_Found], direction: str, traced: list[Cause]) -> list[_Found]:
    """Marks the changes that are the causes of a break; adds those that no walk comes by."""
    reading = "new_pointer" if direction == "backward" else "old_pointer"
    known: dict[tuple[str | None, ...], int] = {}
    for index, (change, path) in enumerate(found):
        for name in _names(change, path, reading):
            known.setdefault(name, index)
    marked = list(found)
    unknown: dict[tuple[str, str, str], list[_Found]] = {}
    told: set[tuple[str, str, str]] = set()
    for cause in traced:
        change, path = _change(cause.rule, cause.difference, cause.pair), cause.pair.path
        about = (change.code, path, cause.difference.subject)
        there = next((known[name] for name in _names(change, path, reading) if name in known), None)
        if there is None:
            unknown.setdefault(about, []).append((replace(change, breaks=(direction,)), path))
            continue
        told.add(about)
        if direction not in (breaks := marked[there][0].breaks):
            marked[there] = (replace(marked[there][0], breaks=(*breaks, direction)), path)
    for about, others in unknown.items():
        if about not in told:  # of many limits at one place, the tightest was told
            marked += others[:_ALIKE]
    return marked


def _names(change: Change, path: str, reading: str) -> "list[tuple[str | None, ...]]":
    """What a walk and a trace may know one change by, the surest first: its words, or its place."""
    own = (change.code, change.effect, getattr(change, reading))
    return [
        (*own, change.sentence, change.old_pointer, change.new_pointer),
        (*own, change.sentence),
        (*own, path, change.old_pointer, change.new_pointer),
    ]
