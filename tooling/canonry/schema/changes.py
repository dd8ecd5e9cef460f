"""What differs between two schemas, and which difference broke the payload. Explains; never decides."""

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeAlias

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json
from canonry.kernel.rule import Rule
from canonry.regular.budget import Budget, BudgetExceeded, spending
from canonry.schema.assertions import Formats
from canonry.schema.branches import branches, matched
from canonry.schema.likeness import Likeness, text
from canonry.schema.pairs import CONTAINED, Difference, Effect, Pair, quoted
from canonry.schema.refusals import Refusal, refusals
from canonry.schema.resources import Node, Schema
from canonry.schema.rules import BRANCH_ADDED, KEYWORD_REFUSES, RULES
from canonry.schema.view import View

STEPS: Final = 1_200_000
"""What walking through both schemas may cost; beyond it a list of changes is no explanation."""
_TRACING: Final = 600_000
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


def changes(
    old: Schema,
    new: Schema,
    refused: Mapping[str, Json] | None = None,
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
        tracing = min(tracing, steps // (4 * max(1, len(refused or {}))))
    walk = _Walk(old, new, likeness or Likeness((old, new)), listing)
    found = list(dict.fromkeys(walk.differences()))
    for direction, value in (refused or {}).items():
        reader = new if direction == "backward" else old
        with spending(Budget(tracing)):
            reasons = refusals(reader, value, formats)
        if walk.more:  # what broke the payload may lie where nobody has looked
            along = _Walk(old, new, walk.likeness, tracing, [reason.path for reason in reasons])
            found = list(dict.fromkeys([*found, *along.differences()]))
        found = _traced(found, direction, reasons)
    return Changes(
        tuple(sorted((change for change, _ in found), key=lambda change: not change.breaks)), walk.more
    )


_Found = tuple[Change, str]
Steps: TypeAlias = tuple[str | int, ...]
"""A path into a value: names of members and numbers of items."""


class _Walk:
    """The pairs of places of two schemas, nearest first, as far as a budget goes.

    Where `along` names paths into a value, only the places on these.
    """

    def __init__(
        self,
        old: Schema,
        new: Schema,
        likeness: Likeness,
        steps: int,
        along: Sequence[Steps] | None = None,
    ) -> None:
        self.more = False
        self.likeness = likeness
        self._along = along
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
                    yield _change(rule, difference, pair), difference.subject
            if pair.old.false is None and pair.new.false is None:
                queue.extend(_inherited(pair, below) for below in self._within(pair))

    def _within(self, pair: Pair) -> list[Pair]:
        """The pairs below that may differ, as far as the budget goes."""
        found: list[Pair] = []
        try:
            with spending(self._budget):
                for below in _below(pair, self._alike):
                    if self._along is None or any(_leads(below.path, steps) for steps in self._along):
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


def _leads(path: str, steps: Steps) -> bool:
    """Whether a place, as people name it, lies on a path into a value."""
    places = [place for place in re.split(r"\.|(?=\[)", path) if place]
    return len(places) <= len(steps) and all(
        place.startswith("[")
        if isinstance(step, int)
        else place in ("*", step) or (place[0] == place[-1] == "/" and len(place) > 1)
        for place, step in zip(places, steps, strict=False)
    )


def _inherited(pair: Pair, below: Pair) -> Pair:
    """The pair below, with what holds of the one above."""
    if not pair.inside:
        return below
    inside = f"{below.inside} {pair.inside}" if below.inside else pair.inside
    return replace(below, inside=inside, turned=below.turned != pair.turned)


def _change(rule: Rule, difference: Difference, pair: Pair) -> Change:
    effect, sentence = difference.effect, difference.sentence
    if pair.inside:
        effect = "both" if "`if`" in pair.inside else _TURNED[effect] if pair.turned else effect
        sentence = f"{sentence}, {pair.inside}"
    return Change(rule.code, rule.name, sentence, difference.old, difference.new, effect)


_TURNED: Final[Mapping[Effect, Effect]] = {"tightens": "loosens", "loosens": "tightens", "both": "both"}


def _below(pair: Pair, alike: Callable[[Node, Node], bool]) -> Iterator[Pair]:
    """The pairs of places inside a pair, and of branches at it; members that plainly are `alike` left out."""
    old, new = pair.old, pair.new
    for name, before in old.properties.items():
        after = new.properties.get(name)
        if after is None or (len(before) == len(after) == 1 and alike(before[0], after[0])):
            continue
        yield Pair(_joined(pair.path, name), View(before), View(after))
    for pattern in old.pattern_properties:
        if pattern in new.pattern_properties:
            path = _joined(pair.path, f"/{pattern}/")
            yield Pair(path, View(old.pattern_properties[pattern]), View(new.pattern_properties[pattern]))
    for index, (left, right) in enumerate(zip(old.prefix, new.prefix, strict=False)):
        yield Pair(f"{pair.path}[{index}]", View(left), View(right))
    for keyword, path in (
        ("additionalProperties", _joined(pair.path, "*")),
        ("unevaluatedProperties", _joined(pair.path, "*")),
        ("propertyNames", f"names in {pair.path}".removesuffix(" in ")),
        ("contains", f"{pair.path}{CONTAINED}"),
        ("unevaluatedItems", f"{pair.path}[]"),
    ):
        yield from _single(path, old.under(keyword), new.under(keyword), both=keyword == "contains")
    yield from _single(f"{pair.path}[]", old.rest, new.rest, both=False)
    for name in old.conditional:
        if name in new.conditional:
            yield Pair(pair.path, View(old.conditional[name]), View(new.conditional[name]))
    yield from _conditions(pair)
    for keyword, inside in (("not", "in what `not` excludes"), ("if", "in the condition of `if`")):
        before, after = old.under(keyword), new.under(keyword)
        if len(before) == len(after):
            for left_node, right_node in zip(before, after, strict=True):
                yield Pair(pair.path, View([left_node]), View([right_node]), inside, turned=keyword == "not")
    for left_union, right_union in zip(old.unions, new.unions, strict=False):
        for left_branch, right_branch in matched(left_union, right_union)[0]:
            yield Pair(pair.path, View([left_branch]), View([right_branch]))


def _single(path: str, old: list[Node], new: list[Node], *, both: bool) -> Iterator[Pair]:
    left, right = View(old), View(new)
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
                    yield Pair(pair.path, View(left), View(right))


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _traced(found: list[_Found], direction: str, reasons: tuple[Refusal, ...]) -> list[_Found]:
    """Marks the changes that explain a refusal; adds one that names the keyword where none does."""
    chosen: set[int] = set()
    for reason in reasons:
        best = [
            ((reason.pointer if _decides(pointer, reason) else pointer).count("/"), index)
            for index, (change, subject) in enumerate(found)
            if (pointer := _pointer(change, direction)) is not None
            and (_decides(pointer, reason) or _explains(change, subject, pointer, direction, reason))
        ]
        deepest = max((depth for depth, _ in best), default=0)
        chosen.update(index for depth, index in best if depth == deepest)
    if not chosen and reasons:
        found = [*found, (_unexplained(reasons[-1], direction), "")]
        chosen.add(len(found) - 1)
    return [
        (replace(change, breaks=(*change.breaks, direction)) if index in chosen else change, subject)
        for index, (change, subject) in enumerate(found)
    ]


def _pointer(change: Change, direction: str) -> str | None:
    return change.new_pointer if direction == "backward" else change.old_pointer


def _decides(pointer: str, reason: Refusal) -> bool:
    """Whether it stands in the condition of what refuses: that holds where it did not, or the reverse."""
    parts = f"{pointer}/".split("/if/")
    conditions = ["/if/".join(parts[:count]) for count in range(1, len(parts))]
    return any(reason.pointer.startswith((f"{above}/then", f"{above}/else")) for above in conditions)


def _explains(change: Change, subject: str, pointer: str, direction: str, reason: Refusal) -> bool:
    if any(pointer == place or pointer.startswith(f"{place}/") for place in reason.within):
        return True  # something inside matches that did not, or the reverse
    if change.effect not in ("both", "tightens" if direction == "backward" else "loosens"):
        return False
    if change.code == BRANCH_ADDED.code and change.effect == "both" and direction == "backward":
        # Another branch of a oneOf breaks only what it matches beside one that matched already.
        return subject in reason.subjects and pointer.startswith(f"{reason.pointer}/")
    if subject and reason.subjects and subject not in reason.subjects:
        return False
    if reason.keyword == "contains" and pointer.startswith(f"{reason.pointer}/"):
        return True  # no item matches any more, because of something inside
    return reason.pointer == pointer or (pointer != "" and reason.pointer.startswith(f"{pointer}/"))


def _unexplained(reason: Refusal, direction: str) -> Change:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in reason.path).lstrip(".")
    name = quoted(path) if path else "the value"
    sentence = f"{name} is refused by {quoted(reason.keyword or 'false')}"
    backward = direction == "backward"
    return Change(
        KEYWORD_REFUSES.code,
        KEYWORD_REFUSES.name,
        sentence,
        None if backward else reason.pointer,
        reason.pointer if backward else None,
        "tightens" if backward else "loosens",
    )
