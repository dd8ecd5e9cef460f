"""JSON Schema -> terms: what a schema says of each JSON kind, one kind and one level at a time.

`Terms` makes the terms of one comparison. Schemas that read the same are the same term.
"""

from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json
from canonry.schema.answers import EMPTY, Found, Unsure
from canonry.schema.declared import Closed, Lens, Seen
from canonry.schema.dialects import Dialect
from canonry.schema.finite import Having, InPattern, Listed, NameClass, Union, Unreadable, here
from canonry.schema.formulas import Constant, Formula, all_of, choice
from canonry.schema.languages import Undecidable, Vocable, format_vocable, pattern_vocable
from canonry.schema.likeness import Likeness
from canonry.schema.resources import Node, RemoteRefError, Schema, Scope
from canonry.schema.strip import Place
from canonry.schema.terms import EVERYTHING, IMPOSSIBLE, NOTHING, Goal, Positive, Term, conjunct
from canonry.schema.values import ANY_KIND, ARRAY, KINDS_OF_TYPE, NUMBER, OBJECT, STRING, key, kind_of

if TYPE_CHECKING:
    from canonry.schema.search import Solver

_STRING_KEYWORDS: Final = frozenset({"minLength", "maxLength", "pattern", "format"})
_NUMBER_KEYWORDS: Final = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
_ARRAY_KEYWORDS: Final = frozenset(
    {
        "items", "prefixItems", "additionalItems", "contains", "maxItems", "minItems", "unevaluatedItems",
        "uniqueItems",
    }
)  # fmt: skip
_OBJECT_KEYWORDS: Final = frozenset(
    {
        "properties", "patternProperties", "additionalProperties", "required", "propertyNames", "minProperties",
        "maxProperties", "dependentRequired", "dependentSchemas", "dependencies", "unevaluatedProperties",
    }
)  # fmt: skip
_KINDS_OF_KEYWORD: Final = {
    **dict.fromkeys(_STRING_KEYWORDS, STRING),
    **dict.fromkeys(_NUMBER_KEYWORDS, NUMBER),
    **dict.fromkeys(_ARRAY_KEYWORDS, ARRAY),
    **dict.fromkeys(_OBJECT_KEYWORDS, OBJECT),
    **dict.fromkeys(
        ("type", "const", "enum", "allOf", "anyOf", "oneOf", "not", "if", "$ref", "$dynamicRef", "$recursiveRef"),
        ANY_KIND,
    ),
}
"""Which kinds a keyword says anything about; keywords that are not listed say nothing."""

_CONST_SINCE: Final = Dialect.DRAFT_6
_IF_SINCE: Final = Dialect.DRAFT_7


class SchemaTerm(Positive):
    """The values that a schema accepts.

    `scope` is the dynamic scope, empty where no reference depends on it. `within` holds the schemas that are being
    unfolded on the way here where they refer to themselves for the same value: there such a reference says nothing.
    """

    __slots__ = ("_tags", "keywords", "node", "scope", "terms", "within")

    def __init__(
        self, node: Node, scope: Scope, within: frozenset[Node], terms: "Terms", serial: int
    ) -> None:
        super().__init__(serial=serial)
        self.node = node
        self.scope = scope
        self.within = within
        self.terms = terms
        self.keywords = node.keywords
        self._tags: dict[str, frozenset[Hashable]] | None = None

    def __repr__(self) -> str:
        return f"<{self.node.pointer or '/'} {self.node.value!r:.80}>"

    def child(self, *tokens: str | int) -> Term:
        """The schema at a place below, for other values (members, items)."""
        return self.terms.schema(self.node.child(*map(str, tokens)), self.scope)

    def beside(self, *tokens: str | int) -> Term:
        """The schema at a place below, for the same value (`allOf`, `not`, ...)."""
        return self.terms.schema(self.node.child(*map(str, tokens)), self.scope, self.within)

    def beside_all(self, keyword: str) -> list[Term]:
        """The schemas of `allOf`, `anyOf` or `oneOf`."""
        held = self.keywords.get(keyword)
        return [self.beside(keyword, index) for index in range(len(held))] if isinstance(held, list) else []

    def targets(self) -> list[Term]:
        """What its references name."""
        found = []
        for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
            if isinstance(self.keywords.get(keyword), str):
                try:
                    target = self.terms.target(self.node, keyword, self.scope)
                except CanonryError as error:
                    found.append(self.terms.unreadable(self.node, keyword, error))
                    continue
                if target is not None:
                    found.append(self.terms.schema(target, self.scope, self.within))
        return found

    def examples(self) -> Iterable[Json]:
        examples = self.keywords.get("examples")
        if isinstance(examples, list):
            yield from examples
        for keyword in ("example", "default"):
            if keyword in self.keywords:
                yield self.keywords[keyword]

    def listed(self) -> Sequence[Json] | None:
        if self.has_const:
            return [self.keywords["const"]]
        enum = self.keywords.get("enum")
        return enum if isinstance(enum, list) else None

    def tags(self) -> dict[str, frozenset[Hashable]]:
        """Required members that may only have a few listed values, with these values' keys."""
        if self._tags is None:
            required = self.keywords.get("required")
            named = self.keywords.get("properties")
            self._tags = {}
            if isinstance(required, list) and isinstance(named, dict):
                for name in required:
                    listed = self.child("properties", str(name)).listed() if name in named else None
                    if listed is not None:
                        self._tags[str(name)] = frozenset(map(key, listed))
        return self._tags

    @property
    def has_const(self) -> bool:
        """Whether `const` is there and counts."""
        return "const" in self.keywords and self.node.dialect >= _CONST_SINCE

    def bound(self) -> int:
        kinds = ANY_KIND
        types = self.keywords.get("type")
        if types is not None:
            kinds = 0
            for name in types if isinstance(types, list) else [types]:
                kinds |= KINDS_OF_TYPE[name]  # type: ignore[index]  # the document was checked
        listed = self.listed()
        if listed is not None:
            among = 0
            for value in listed:
                among |= kind_of(value)
            kinds &= among
        for term in self.beside_all("allOf"):
            kinds &= term.kinds
        for term in self.targets():
            kinds &= term.kinds
        for keyword in ("anyOf", "oneOf"):
            branches = self.beside_all(keyword)
            if branches:
                among = 0
                for term in branches:
                    among |= term.kinds
                kinds &= among
        if "not" in self.keywords:
            kinds &= self.beside("not").complement.kinds
        return kinds

    def others(self) -> int:
        kinds = 0
        for keyword in self.keywords:
            kinds |= _KINDS_OF_KEYWORD.get(keyword, 0)
        if kinds == ANY_KIND and not self.keywords.keys() & _APPLICATORS:
            return self._others_of_type()
        return kinds

    def _others_of_type(self) -> int:
        """A plain typed schema accepts all of its kinds that no keyword restricts."""
        types = self.keywords.get("type")
        if types is None or "const" in self.keywords or "enum" in self.keywords:
            return ANY_KIND
        kinds = ANY_KIND
        for name in types if isinstance(types, list) else [types]:
            if name != "integer":
                kinds &= ~KINDS_OF_TYPE[name]  # type: ignore[index]  # the document was checked
        for keyword in self.keywords:
            if keyword != "type":
                kinds |= _KINDS_OF_KEYWORD.get(keyword, 0)
        return kinds

    def unfolded(self, kind: int) -> Formula:
        from canonry.schema.normal_arrays import array_formula
        from canonry.schema.normal_objects import object_formula
        from canonry.schema.normal_scalars import number_formula, string_formula

        own = {NUMBER: number_formula, STRING: string_formula, ARRAY: array_formula, OBJECT: object_formula}
        parts: list[Formula] = []
        listed = self.listed()
        if listed is not None:
            parts.append(self.terms.values(listed).formula(kind))
        if self.has_const and isinstance(self.keywords.get("enum"), list):
            parts.append(self.terms.values(self.keywords["enum"]).formula(kind))  # type: ignore[arg-type]
        if kind in own:
            parts.append(own[kind](self))
        parts.extend(self._in_place(kind))
        return all_of(parts)

    def _in_place(self, kind: int) -> Iterable[Formula]:
        """The keywords that apply schemas to the same value."""
        keywords = self.keywords
        for term in self.targets():
            yield here(term, kind)
        for term in self.beside_all("allOf"):
            yield here(term, kind)
        branches = self.beside_all("anyOf")
        if branches:
            yield choice(here(term, kind) for term in self.terms.merged(branches))
        branches = self.beside_all("oneOf")
        if branches:
            yield one_of(self.terms.merged(branches, apart=True), kind, self.terms)
        if "not" in keywords:
            yield here(self.beside("not").complement, kind)
        if "if" in keywords and self.node.dialect >= _IF_SINCE:
            condition = self.beside("if")
            if "then" in keywords:
                yield choice((here(condition.complement, kind), here(self.beside("then"), kind)))
            if "else" in keywords:
                yield choice((here(condition, kind), here(self.beside("else"), kind)))


_APPLICATORS: Final = frozenset(
    {"allOf", "anyOf", "oneOf", "not", "if", "$ref", "$dynamicRef", "$recursiveRef"}
)


def one_of(branches: list[Term], kind: int, terms: "Terms") -> Formula:
    """Exactly one of the branches. Branches that are known to have nothing in common need not be told apart."""
    possible = [term for term in branches if term.kinds & kind]
    alternatives = []
    for index, term in enumerate(possible):
        rivals = [
            here(rival.complement, kind)
            for number, rival in enumerate(possible)
            if number != index and not terms.apart(term, rival, kind)
        ]
        alternatives.append(all_of([here(term, kind), *rivals]))
    return choice(alternatives)


class Terms:
    """The terms of one comparison, each made once."""

    def __init__(self, schemas: Sequence[Schema], *, format_assertion: bool) -> None:
        self.format_assertion = format_assertion
        self._likeness = Likeness(schemas)
        self._nodes: dict[tuple[Node, Scope, frozenset[Node]], Term] = {}
        self._made: dict[Hashable, Term] = {}
        self._lenses: dict[Place, Lens] = {}
        self._lens_of: dict[Hashable, Lens] = {}
        self.solver: Solver | None = None

    def _serial(self) -> int:
        return len(self._made) + 1

    def ordered(self, goal: Goal) -> list[Term]:
        """The terms of a goal in an order that is the same in every run; complements last."""
        return sorted(goal, key=_order)

    def schema(self, node: Node, scope: Scope = (), within: frozenset[Node] = frozenset()) -> Term:
        """The term of a schema."""
        if node.value is True:
            return EVERYTHING
        if node.value is False:
            return NOTHING
        if node.owner.dynamic:
            if node.resource not in scope:
                scope = (*scope, node.resource)
        elif scope:
            scope = ()
        place = (node, scope, within)
        known = self._nodes.get(place)
        if known is None:
            known = self._nodes[place] = self._schema(node, scope, within)
        return known

    def _schema(self, node: Node, scope: Scope, within: frozenset[Node]) -> Term:
        if within or self._likeness.circular(node):
            if node in within:
                return EVERYTHING
            within |= {node}
        meaning = self._likeness.key(node) if not within and not scope else None
        mark = (node, scope, within) if meaning is None else meaning
        known = self._made.get(mark)
        if known is None:
            known = self._made[mark] = self._simplified(SchemaTerm(node, scope, within, self, self._serial()))
        return known

    def _simplified(self, term: SchemaTerm) -> Term:
        """A schema that says no more than one other term is that term."""
        telling = [keyword for keyword in term.keywords if keyword in _KINDS_OF_KEYWORD]
        if not telling:
            return EVERYTHING
        if len(telling) == 1:
            keyword = telling[0]
            if keyword in ("allOf", "anyOf") and len(branches := term.beside_all(keyword)) == 1:
                return branches[0]
            if keyword == "$ref" or keyword.startswith("$"):
                targets = term.targets()
                return targets[0] if targets else EVERYTHING
            if keyword == "not":
                return term.beside("not").complement
            if keyword == "enum" or (keyword == "const" and term.has_const):
                return self.values(term.listed() or ())
        return term

    def target(self, node: Node, keyword: str, scope: Scope) -> Node | None:
        """What a reference names, or None where its dialect does not know the keyword."""
        ref = node.keywords[keyword]
        if not isinstance(ref, str):
            return None
        if keyword == "$ref":
            return node.resolve_ref(ref)
        if keyword == "$dynamicRef":
            return node.resolve_dynamic(ref, scope) if node.dialect is Dialect.DRAFT_2020_12 else None
        return node.resolve_recursive(scope) if node.dialect is Dialect.DRAFT_2019_09 else None

    def unreadable(self, node: Node, keyword: str, error: CanonryError) -> Term:
        """What a reference that cannot be followed names. One remote document is the same for both schemas."""
        remote = isinstance(error, RemoteRefError)
        mark = ("remote", node.base, node.keywords[keyword]) if remote else ("dangling", node, keyword)
        known = self._made.get(mark)
        if known is None:
            known = self._made[mark] = Unreadable(str(error), self._serial())
        return known

    def values(self, values: Iterable[Json]) -> Term:
        """The values of a list."""
        listed: dict[Hashable, Json] = {key(value): value for value in values}
        if not listed:
            return NOTHING
        mark = ("values", frozenset(listed))
        known = self._made.get(mark)
        if known is None:
            known = self._made[mark] = Listed(list(listed.values()), self._serial(), self)
        return known

    def merged(self, branches: list[Term], *, apart: bool = False) -> list[Term]:
        """Branches that list values as one branch; where they must be told `apart`, only if none is listed twice."""
        lists = [term for term in branches if isinstance(term, Listed)]
        if len(lists) < 2:  # noqa: PLR2004
            return branches
        merged = self.values([value for term in lists for value in term.values])
        if apart and len(merged.listed() or ()) < sum(len(term.values) for term in lists):
            return branches
        return [merged, *(term for term in branches if not isinstance(term, Listed))]

    def among(self, names: frozenset[str], patterns: tuple[Vocable, ...] = ()) -> Term:
        """These names and the words of these patterns."""
        if not names and not patterns:
            return NOTHING
        mark = ("names", names, frozenset(patterns))
        known = self._made.get(mark)
        if known is None:
            known = self._made[mark] = NameClass(names, patterns, self._serial())
        return known

    def names(self, names: frozenset[str], patterns: Iterable[str]) -> Term:
        """The members that `properties` and `patternProperties` speak of."""
        return self.among(names, tuple(map(pattern_vocable, patterns)))

    def having(self, name: str) -> Term:
        """Objects with a member of this name."""
        mark = ("having", name)
        known = self._made.get(mark)
        if known is None:
            known = self._made[mark] = Having(name, self._serial())
        return known

    def may_name(self, names: Iterable[Term]) -> bool:
        """Whether some name may belong to all of the terms; a doubt counts as yes."""
        goal = conjunct(names)
        return goal is not IMPOSSIBLE and (self.solver is None or self.solver.word(goal) is not EMPTY)

    def pattern(self, text: str) -> Term:
        """What `pattern: text` says."""
        mark = ("pattern", text)
        known = self._made.get(mark)
        if known is None:
            known = self._made[mark] = InPattern(pattern_vocable(text), self._serial())
        return known

    def union(self, parts: Iterable[Term]) -> Term:
        """Values that belong to at least one of the terms."""
        distinct = dict.fromkeys(part for part in parts if part is not NOTHING)
        if EVERYTHING in distinct or any(part.complement in distinct for part in distinct):
            return EVERYTHING
        if len(distinct) < 2:  # noqa: PLR2004
            return next(iter(distinct), NOTHING)
        mark = ("union", frozenset(distinct))
        known = self._made.get(mark)
        if known is None:
            known = self._made[mark] = Union(tuple(distinct), self._serial())
        return known

    def intersection(self, parts: Iterable[Term]) -> Term:
        """Values that belong to all of the terms."""
        return self.union(part.complement for part in parts).complement

    def sample_name(self, names: Iterable[Term]) -> str | None:
        """A name that belongs to all of the terms. Raises `Undecidable` where that is not known."""
        goal = conjunct(names)
        answer = EMPTY if goal is IMPOSSIBLE or self.solver is None else self.solver.word(goal)
        if isinstance(answer, Unsure):
            raise Undecidable(answer.reason)
        return answer.value if isinstance(answer, Found) and isinstance(answer.value, str) else None

    def lens(self, place: Place) -> Lens:
        """A place of the declared reading; places of like schemas are one."""
        known = self._lenses.get(place)
        if known is None:
            entries = [(self._likeness.key(node) if not scope else None, node, scope) for node, scope in place.entries]
            mark = frozenset(key or (node, scope) for key, node, scope in entries)
            known = self._lenses[place] = self._lens_of.setdefault(mark, Lens(place, self))
        return known

    def closed(self, lens: Lens) -> Term:
        """The values from which a place strips nothing."""
        if lens.problem:
            return self._unknown(lens.problem)
        if lens.plain:
            return EVERYTHING
        mark = ("closed", lens)
        known = self._made.get(mark)
        if known is None:
            known = self._made[mark] = Closed(lens, self._serial())
        return known

    def seen(self, term: Term, lens: Lens) -> Term:
        """The values that a term accepts once a place has stripped them."""
        if term is EVERYTHING or term is NOTHING or (lens.plain and not lens.problem):
            return term
        if lens.problem:
            return self._unknown(lens.problem)
        if term.serial < 0:
            return self.seen(term.complement, lens).complement
        mark = ("seen", term, lens)
        known = self._made.get(mark)
        if known is None:
            if isinstance(term.formula(OBJECT), Constant) and isinstance(term.formula(ARRAY), Constant):
                known = term
            else:
                known = Seen(term, lens, self._serial())
                closed = self.closed(lens)
                known.alias = (closed, term)
                known.complement.alias = (closed, term.complement)
            self._made[mark] = known
        return known

    def step(self, steps: int) -> None:
        """Counts work that is done to make terms."""
        if self.solver is not None:
            self.solver.step(steps)

    def _unknown(self, reason: str) -> Term:
        """A set of values that nobody knows, another one each time."""
        known = self._made[object()] = Unreadable(reason, self._serial())
        return known

    def format(self, name: str) -> Vocable | None:
        """The language of an asserted format; None where it is an annotation."""
        return format_vocable(name) if self.format_assertion else None

    def apart(self, left: Term, right: Term, kind: int) -> bool:
        """Whether two terms plainly have no value of a kind in common: tagged objects with different tags."""
        if kind != OBJECT or not (isinstance(left, SchemaTerm) and isinstance(right, SchemaTerm)):
            return False
        others = right.tags()
        return any(name in others and tags.isdisjoint(others[name]) for name, tags in left.tags().items())


def _order(term: Term) -> tuple[bool, int]:
    return (term.serial < 0, abs(term.serial))


