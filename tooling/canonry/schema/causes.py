"""Why one schema refuses a value that the other accepts: which keyword, beside what the other says there.

The value leads: at each place the schema that refuses it is compared with those that let it pass, through
references, `allOf`, the branch that matched and whatever a name is declared by. So a name that moves between
`properties` and `patternProperties`, or a branch that becomes the whole, is explained by what holds for it.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json, same
from canonry.kernel.rule import Rule
from canonry.regular.budget import BudgetExceeded, current
from canonry.schema.assertions import Formats, language
from canonry.schema.branches import Union, branches, matched
from canonry.schema.evaluator import Evaluator, entered
from canonry.schema.likeness import text
from canonry.schema.pairs import (
    CONTAINED,
    IN_CONDITION,
    IN_EXCLUSION,
    IN_RIVAL,
    Difference,
    Effect,
    Pair,
    having,
    joined_path,
    quoted,
)
from canonry.schema.refusals import Part, below, counting, refusals, subjects
from canonry.schema.resources import Node, Schema, Scope
from canonry.schema.rules import BRANCH_ADDED, BRANCH_REMOVED, KEYWORD_REFUSES, RULES
from canonry.schema.rules.composition import added, removed, when
from canonry.schema.view import View, type_of

_PLACES: Final = 400
"""How many places are looked at; an explanation needs the first few."""
_PLACE: Final = 300
"""Steps that it is worth to look at one."""
_BESIDE: Final = 30
"""Steps that it is worth to follow a schema to another that applies to the same value."""
_ASIDE: Final = frozenset(
    {
        "$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "if", "dependentSchemas",
        "dependencies",
    }
)  # fmt: skip
"""Keywords that ask others about the same value, as far as they say why it is accepted."""
_UNIONS: Final = ("anyOf", "oneOf")
_NAMING: Final = ("properties", "patternProperties", "prefixItems")
_LEFT: Final = ("unevaluatedProperties", "unevaluatedItems")
Entry: TypeAlias = tuple[Node, Scope]


class Cause(NamedTuple):
    """What a rule observes between what refuses and what accepts."""

    rule: Rule
    difference: Difference
    pair: Pair


@dataclass(frozen=True, slots=True)
class _Place:
    """A schema that refuses part of the value, and those of the other document that accept it there."""

    refusing: Entry
    accepting: tuple[Entry, ...]
    refused: Json
    accepted: Json
    """The part as the other document was asked about it: it may hold more members."""
    new_refuses: bool
    path: str = ""
    inside: str = ""
    turned: bool = False
    above: "tuple[Cause, ...]" = ()
    """What explains the refusal if nothing nearer does."""
    around: tuple[Node, ...] = ()
    """The schemas of the same document that the same value must meet as well, outermost first."""
    written: str = ""
    """Where the other document has the place, if nothing of it applies there."""


def causes(
    old: Schema, new: Schema, direction: str, refused: Json, sent: Json, formats: Formats | None = None
) -> list[Cause]:
    """Why the reader of a direction refuses a value, whose writer accepts it as it was `sent`.

    Empty where the reader accepts it, or where no evaluation is possible.
    """
    evaluators = (Evaluator(old, formats), Evaluator(new, formats))
    backward = direction == "backward"
    writer, reader = (old, new) if backward else (new, old)
    start = _Place((reader.root, ()), ((writer.root, ()),), refused, sent, new_refuses=backward)
    found: dict[tuple[str, Difference], Cause] = {}
    queue = deque([start])
    seen: set[tuple[Node, int, bool]] = set()
    for _ in range(_PLACES):
        if not queue:
            break
        place = queue.popleft()
        name = (place.refusing[0], id(place.refused), place.new_refuses)
        if name in seen:
            continue
        seen.add(name)
        try:
            current().spend(_PLACE)
            for one in _Look(place, evaluators).findings():
                if isinstance(one, _Place):
                    queue.append(one)
                else:
                    found.setdefault((one.rule.code, one.difference), one)
        except BudgetExceeded:
            break
        except CanonryError:  # as below
            continue
    return list(found.values())


class _Look:
    """One place, looked at: what explains the refusal here, and the places further in that must."""

    def __init__(self, place: _Place, evaluators: tuple[Evaluator, Evaluator]) -> None:
        self._place = place
        self._evaluators = evaluators
        self._node, scope = place.refusing
        self._refuser, self._accepter = evaluators[:: -1 if place.new_refuses else 1]
        self._outer = scope
        self._scope = entered(scope, self._node)

    def findings(self) -> "Iterator[Cause | _Place]":
        failing = self._refuser.failing(self._node, self._place.refused, self._outer)
        for keyword in failing:
            if keyword in _LEFT and keyword != failing[0]:
                continue  # what others refuse they have not evaluated: a consequence
            try:
                yield from self._by(keyword)
            except BudgetExceeded:
                raise
            except CanonryError:  # what cannot be evaluated cannot explain either
                continue

    def _by(self, keyword: str) -> "Iterator[Cause | _Place]":
        if keyword in _UNIONS:
            return self._union(keyword)
        if keyword == "not":
            return self._exclusion()
        if keyword == "contains":
            return self._contains()
        return self._condition() if keyword == "if" else self._other(keyword)

    # What accepts the value.

    @cached_property
    def _accepting(self) -> dict[Node, Scope]:
        """Every schema of the other document that the value had to meet here, and met."""
        place, found = self._place, {}
        stack = list(reversed(place.accepting))
        while stack:
            node, scope = stack.pop()
            if node in found:
                continue
            current().spend(_BESIDE)
            found[node] = inside = entered(scope, node)
            aside = [
                part.node
                for keyword in node.keywords
                if keyword in _ASIDE
                for part in below(self._accepter, node, keyword, place.accepted, inside)
                if _verdict(self._accepter, part.node, place.accepted, inside)
            ]
            stack += [(part, inside) for part in reversed(aside)]
        return found

    @cached_property
    def _view(self) -> View:
        return View(self._accepting, self._place.written)

    def _pair(self, refusing: View, accepting: View | None = None) -> Pair:
        sides = (accepting or self._view, refusing)
        old, new = sides if self._place.new_refuses else sides[::-1]
        return Pair(self._place.path, old, new, self._place.inside, self._place.turned)

    # What is said of it.

    def _said(self, pointer: str, names: frozenset[str] = frozenset()) -> list[Cause]:
        """What rules observe at a pointer of what refuses, about the members in question if about any."""
        pair = self._pair(View([self._node]))
        found = [
            Cause(rule, difference, pair)
            for rule in RULES
            for difference in self._observed(rule, pair)
            if self._harms(difference) and self._stands(difference, pointer, names)
        ]
        about = [cause for cause in found if cause.difference.subject in names]
        about = about or [cause for cause in found if _is_pattern_of(cause.difference.subject, names)]
        return about or [cause for cause in found if not (names and cause.difference.subject)]

    def _observed(self, rule: Rule, pair: Pair) -> list[Difference]:
        try:
            return list(rule.check(pair))
        except BudgetExceeded:
            raise
        except (CanonryError, RecursionError):  # what cannot be read explains nothing
            return []

    def _harms(self, difference: Difference) -> bool:
        return difference.effect in ("both", "tightens" if self._place.new_refuses else "loosens")

    def _stands(self, difference: Difference, pointer: str, names: frozenset[str]) -> bool:
        where = difference.new if self._place.new_refuses else difference.old
        if where == pointer:
            return True
        keyword = pointer.rpartition("/")[2]  # which may be written more than once
        return where is not None and difference.subject in names and where.endswith(f"/{keyword}")

    def _explained(self, keyword: str, pointer: str, names: frozenset[str] = frozenset()) -> Iterator[Cause]:
        """What a rule says of the keyword, else what was said further out, else that it refuses."""
        yield from self._said(pointer, names) or self._place.above or [self._unsaid(keyword, pointer)]

    def _unsaid(self, keyword: str, pointer: str) -> Cause:
        pair = self._pair(View([self._node]))
        what = f"is refused by {quoted(keyword)}" if keyword else "is refused"
        if keyword == "uniqueItems" and not same(self._place.refused, self._place.accepted):
            what += ": items differ only in members that it ignores"
        pointers = (self._view.where(keyword), pointer)
        old, new = pointers if self._place.new_refuses else pointers[::-1]
        effect: Effect = "tightens" if self._place.new_refuses else "loosens"
        return Cause(KEYWORD_REFUSES, Difference(f"{pair.name} {what}", old, new, effect), pair)

    # Where to look further.

    def _aside(self, node: Node, scope: Scope, accepting: "tuple[Entry, ...]" = ()) -> _Place:
        """The same value further in, beside schemas that correspond and all that applies."""
        others = tuple(entry for entry in self._accepting.items() if entry not in accepting)
        around = (*self._place.around, self._node)
        return replace(self._place, refusing=(node, scope), accepting=accepting + others, around=around)

    def _turned(self, refusing: Entry, accepting: Entry, inside: str = "", *, turned: bool = False) -> _Place:
        """Where the other document refuses what this one accepts, which is why this one refuses the whole."""
        place = self._place
        return replace(
            place,
            refusing=refusing,
            accepting=(accepting,),
            refused=place.accepted,
            accepted=place.refused,
            new_refuses=not place.new_refuses,
            inside=self._inside_of(inside),
            turned=place.turned != turned,
            around=(),
            written="",
        )

    def _other(self, keyword: str) -> "Iterator[Cause | _Place]":
        node, place = self._node, self._place
        pointer = f"{node.pointer}/{keyword}" if keyword else node.pointer
        further: list[Part] = []
        shut: list[Part] = []
        asked = list(below(self._refuser, node, keyword, place.refused, self._scope))
        for part in asked:
            if part.node.value is False and keyword not in _NAMING:
                shut.append(part)
            elif _verdict(self._refuser, part.node, part.value, self._scope) is False:
                further.append(part)
        for part in shut:
            if part.step is None:
                yield from self._explained(keyword, pointer)
            elif keyword not in _LEFT:
                yield from self._explained(keyword, part.node.pointer, frozenset({str(part.step)}))
        if shut and keyword in _LEFT:  # which were left is known to the evaluation alone
            said = [
                cause for part in shut for cause in self._said(part.node.pointer, frozenset({str(part.step)}))
            ]
            yield from said or self._place.above or [self._unsaid(keyword, pointer)]
        missing = subjects(node, keyword, place.refused)
        if missing or not asked:
            yield from self._explained(keyword, pointer, missing)
        for part in further:
            if part.step is None:
                yield from self._inside(keyword, part)
            else:
                yield from self._below(keyword, part)

    def _inside(self, keyword: str, part: Part) -> "Iterator[Cause | _Place]":
        """A schema that the same value, or a name in it, must meet as well."""
        if keyword == "propertyNames":
            path = f"names in {self._place.path}".removesuffix(" in ")
            nodes = self._single("propertyNames")
            yield replace(
                self._place,
                refusing=(part.node, self._scope),
                accepting=tuple(nodes),
                refused=part.value,
                accepted=part.value,
                path=path,
                around=(),
                written=self._view.pointer,
            )
            return
        if keyword in ("dependentSchemas", "dependencies"):
            if part.name not in self._view.conditional and (said := self._said(part.node.pointer)):
                yield from said
                return
            yield replace(
                self._aside(part.node, self._scope),
                inside=self._inside_of(having(self._place.path, part.name)),
            )
        else:
            yield self._aside(part.node, self._scope)

    def _inside_of(self, what: str) -> str:
        return " ".join(filter(None, (what, self._place.inside)))

    def _single(self, keyword: str) -> list[Entry]:
        """The schemas that one keyword holds, of all that accept the value."""
        return [
            (node.children[keyword,], scope)
            for node, scope in self._accepting.items()
            if keyword in node.keywords and (keyword,) in node.children and not node.hides_siblings
        ]

    def _below(self, keyword: str, part: Part) -> "Iterator[Cause | _Place]":
        """A member or an item that is refused."""
        place, step = self._place, part.step
        assert step is not None  # noqa: S101  # the caller has looked
        if isinstance(place.accepted, dict) and step not in place.accepted:
            # Within a negation the reader's view may be what accepts, and it lacks what is not declared.
            yield from self._explained(keyword, part.node.pointer, frozenset({str(step)}))
            return
        accepted = place.accepted[step]  # type: ignore[index]  # a step of the value
        accepting, named = self._applied(step, accepted)
        above = place.above
        if isinstance(step, str) and keyword in ("properties", "patternProperties") and not named:
            above = tuple(self._said(part.node.pointer, frozenset({step}))) or above
        if above and above is not place.above and not any(_says(node) for node, _ in accepting):
            yield from above
            return
        yield replace(
            place,
            refusing=(part.node, self._scope),
            accepting=accepting,
            refused=part.value,
            accepted=accepted,
            path=self._named(keyword, part, named=named),
            above=above,
            around=(),
            written=self._view.pointer,
        )

    def _applied(self, step: str | int, accepted: Json) -> "tuple[tuple[Entry, ...], bool]":
        """What the other document asked of a member or item, and whether it declared the member by name."""
        found: dict[Node, Scope] = {}
        left: dict[Node, Scope] = {}
        named = False
        for node, scope in self._accepting.items():
            for keyword in node.keywords:
                if keyword in _ASIDE or keyword in ("not", "contains", "propertyNames"):
                    continue
                for part in below(self._accepter, node, keyword, self._place.accepted, scope, step):
                    (left if keyword in _LEFT else found)[part.node] = scope
                    named = named or keyword == "properties"
        return tuple((found or left).items()), named

    def _named(self, keyword: str, part: Part, *, named: bool) -> str:
        path = self._place.path
        if isinstance(part.step, int):
            return f"{path}[{part.name}]" if part.name else f"{path}[]"
        if named or keyword == "properties":
            return joined_path(path, str(part.step))
        return joined_path(path, f"/{part.name}/" if keyword == "patternProperties" else "*")

    # Alternatives.

    def _union(self, keyword: str) -> "Iterator[Cause | _Place]":
        union = (self._node, keyword)
        refused = self._place.refused
        ours = branches(union)
        matching = [branch for branch in ours if _verdict(self._refuser, branch, refused, self._scope)]
        if matching:
            yield from self._overlap(union, matching)
            return
        said = self._said(f"{self._node.pointer}/{keyword}")
        values = [cause for cause in said if cause.rule.code < BRANCH_REMOVED.code]
        if values:  # a list of values
            yield from values
            return
        for theirs in self._view.unions:
            scope = self._accepting.get(theirs[0], ())
            for branch in branches(theirs):
                if branch not in self._accepting:
                    continue
                counterpart = self._counterparts(theirs, union).get(branch)
                if counterpart is not None:
                    yield self._aside(counterpart, self._scope, ((branch, scope),))
                else:
                    yield from self._gone(theirs, union, branch)
                return
        near = self._nearest(ours)
        if near is not None:
            yield self._aside(near, self._scope)
        elif said or self._place.above or not ours:
            yield from self._explained(keyword, f"{self._node.pointer}/{keyword}")
        else:
            yield self._aside(min(ours, key=self._distance), self._scope)

    def _counterparts(self, theirs: Union, ours: Union) -> dict[Node, Node]:
        """Our branch for each of theirs that has one."""
        if self._place.new_refuses:
            return dict(matched(theirs, ours)[0])
        return {new: old for old, new in matched(ours, theirs)[0]}

    def _gone(self, theirs: Union, ours: Union, branch: Node) -> Iterator[Cause]:
        pair = self._pair(View([self._node]))
        rule, observed = (BRANCH_REMOVED, removed) if self._place.new_refuses else (BRANCH_ADDED, added)
        unions = (theirs, ours) if self._place.new_refuses else (ours, theirs)
        for difference in observed(pair, *unions):
            if branch.pointer in (difference.old, difference.new):
                yield Cause(rule, difference, pair)

    def _nearest(self, ours: list[Node]) -> Node | None:
        """The one branch that the value nearly is, if there is one."""
        near = [branch for branch in ours if self._distance(branch)[0] == 0]
        return near[0] if len(near) == 1 else None

    def _distance(self, branch: Node) -> tuple[int, int]:
        """Whether the value is plainly none of a branch, and how much of it the branch refuses."""
        found = refusals(self._refuser, branch, self._place.refused, self._scope)
        view = View([branch])
        if type_of(self._place.refused) not in view.possible:
            return (True, len(found))
        tagged = any(
            len(one.path) == 1 and one.keyword in ("const", "enum") and one.path[0] in view.required
            for one in found
        )
        return (tagged or view.false is not None, len(found))

    def _overlap(self, union: Union, matching: list[Node]) -> "Iterator[Cause | _Place]":
        """Several branches of a `oneOf` match."""
        pointer = f"{self._node.pointer}/oneOf"
        said = self._said(pointer)
        fresh: list[Cause] = []
        for theirs in self._view.unions:
            scope = self._accepting.get(theirs[0], ())
            known = {ours: branch for branch, ours in self._counterparts(theirs, union).items()}
            for ours in matching:
                branch = known.get(ours)
                if branch is None:
                    pair = self._pair(View([self._node]))
                    unions = (theirs, union) if self._place.new_refuses else (union, theirs)
                    rule, observed = (
                        (BRANCH_ADDED, added) if self._place.new_refuses else (BRANCH_REMOVED, removed)
                    )
                    fresh += [
                        Cause(rule, difference, pair)
                        for difference in observed(pair, *unions)
                        if ours.pointer in (difference.old, difference.new)
                    ]
                elif branch not in self._accepting:
                    yield self._turned((branch, scope), (ours, self._scope), IN_RIVAL)
                    return
            if fresh:
                yield from fresh
                return
        yield from said or self._place.above or [self._unsaid("oneOf", pointer)]

    # Exclusions, conditions and what must be contained.

    def _exclusion(self) -> "Iterator[Cause | _Place]":
        ours = self._node.children["not",]
        pointer = ours.pointer
        known = set(map(text, View([*self._place.around, self._node]).under("not")))
        theirs = [entry for entry in self._single("not") if text(entry[0]) not in known]
        if len(theirs) == 1:
            turned = self._turned(theirs[0], (ours, self._scope), IN_EXCLUSION, turned=True)
            yield replace(turned, above=tuple(self._said(pointer)) or self._place.above)
            return
        yield from self._explained("not", pointer)

    def _condition(self) -> "Iterator[Cause | _Place]":
        place, node = self._place, self._node
        condition = node.children["if",]
        holds = self._refuser.accepts_at(condition, place.refused, self._scope)
        branch = "then" if holds else "else"
        consequence = node.children[branch,]
        said = tuple(self._said(f"{node.pointer}/{branch}"))
        written = [(other, scope) for other, scope in self._accepting.items() if ("if",) in other.children]
        same = [entry for entry in written if text(entry[0].children["if",]) == text(condition)]
        known = set(map(text, View([*place.around, node]).under("if")))
        changed = [entry for entry in written if text(entry[0].children["if",]) not in known]
        same = same or (changed if len(changed) == 1 else [])
        for other, scope in same[:1]:
            theirs = other.children["if",]
            if self._accepter.accepts_at(theirs, place.accepted, scope) is not holds:
                if holds:
                    found = self._turned((theirs, scope), (condition, self._scope), IN_CONDITION)
                else:
                    found = self._aside(condition, self._scope, ((theirs, scope),))
                    found = replace(found, inside=self._inside_of(IN_CONDITION))
                yield replace(found, above=said or place.above)
                return
        if said and not same:
            yield from said
            return
        beside = tuple(
            (other.children[branch,], scope) for other, scope in same if (branch,) in other.children
        )
        yield replace(
            self._aside(consequence, self._scope, beside),
            inside=self._inside_of(when(node, branch)),
            above=said or place.above,
        )

    def _contains(self) -> "Iterator[Cause | _Place]":
        place = self._place
        keyword = counting(self._refuser, self._node, place.refused, self._scope)
        pointer = f"{self._node.pointer}/{keyword}"
        said = self._said(pointer)
        ours, theirs = self._node.children["contains",], self._single("contains")
        if not said and theirs and isinstance(place.refused, list):
            other, scope = theirs[0]
            for index, item in enumerate(place.refused):
                sent = place.accepted[index]  # type: ignore[index]  # an array keeps its items
                here = self._refuser.accepts_at(ours, item, self._scope)
                if here is self._accepter.accepts_at(other, sent, scope):
                    continue
                inner = replace(place, refused=item, accepted=sent, path=f"{place.path}{CONTAINED}")
                look = _Look(inner, self._evaluators)
                if here:
                    yield look._turned((other, scope), (ours, self._scope))
                else:
                    yield replace(inner, refusing=(ours, self._scope), accepting=((other, scope),))
                return
        yield from said or place.above or [self._unsaid(keyword, pointer)]


def _verdict(evaluator: Evaluator, node: Node, value: Json, scope: Scope) -> bool | None:
    """Whether a schema accepts a value; None where a reference leads nowhere, so that nobody can tell."""
    try:
        return evaluator.accepts_at(node, value, scope)
    except BudgetExceeded:
        raise
    except CanonryError:
        return None


def _says(node: Node) -> bool:
    """Whether it asserts anything at all."""
    return node.value is not True and bool(node.keywords)


def _is_pattern_of(subject: str, names: frozenset[str]) -> bool:
    """Whether a difference is about the names that a pattern matches, one of which is in question."""
    if not subject.startswith("/") or not names:
        return False
    try:
        return any(map(language(subject[1:-1]).accepts, names))
    except CanonryError:
        return False
