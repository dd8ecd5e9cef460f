"""JSON Schema -> terms: what a schema says of each JSON kind, one kind and one level at a time.

A schema term unfolds where the search needs it; what it says of arrays, objects and scalars is in the modules
beside this one.
"""

from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json
from canonry.schema.dialects import Dialect
from canonry.schema.finite import here
from canonry.schema.formulas import Choice, Formula, One, all_of, choice, sole
from canonry.schema.normal_arrays import array_formula
from canonry.schema.normal_objects import object_formula
from canonry.schema.normal_scalars import number_formula, string_formula
from canonry.schema.resources import Node, Scope
from canonry.schema.terms import EVERYTHING, NOTHING, Positive, Term
from canonry.schema.values import ANY_KIND, ARRAY, KINDS_OF_TYPE, NUMBER, OBJECT, STRING, key, kind_of

if TYPE_CHECKING:
    from canonry.schema.lexicon import Lexicon

_STRING_KEYWORDS: Final = frozenset({"minLength", "maxLength", "pattern", "format"})
_NUMBER_KEYWORDS: Final = frozenset(
    {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
)
_ARRAY_KEYWORDS: Final = frozenset(
    {
        "items", "prefixItems", "additionalItems", "contains", "maxItems", "minItems", "unevaluatedItems",
        "uniqueItems",
    }
)  # fmt: skip
_OBJECT_KEYWORDS: Final = frozenset(
    {
        "properties", "patternProperties", "additionalProperties", "required", "propertyNames",
        "minProperties", "maxProperties", "dependentRequired", "dependentSchemas", "dependencies",
        "unevaluatedProperties",
    }
)  # fmt: skip
SAYS: Final = {
    **dict.fromkeys(_STRING_KEYWORDS, STRING),
    **dict.fromkeys(_NUMBER_KEYWORDS, NUMBER),
    **dict.fromkeys(_ARRAY_KEYWORDS, ARRAY),
    **dict.fromkeys(_OBJECT_KEYWORDS, OBJECT),
    **dict.fromkeys(
        (
            "type",
            "const",
            "enum",
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "if",
            "$ref",
            "$dynamicRef",
            "$recursiveRef",
        ),
        ANY_KIND,
    ),
}
"""Which kinds a keyword says anything about; keywords that are not listed say nothing."""

_COMBINING: Final = frozenset(
    {"allOf", "anyOf", "oneOf", "not", "if", "$ref", "$dynamicRef", "$recursiveRef"}
)
"""Keywords that apply schemas to the same value, whatever its kind."""
_FORMULAS: Final = {
    NUMBER: number_formula,
    STRING: string_formula,
    ARRAY: array_formula,
    OBJECT: object_formula,
}
_TURNING: Final = frozenset({"not", "oneOf", "if"})
"""Keywords that do not accept more where the schemas in them do."""
_FEW_RIVALS: Final = 12
"""Pairs of branches of a `oneOf` that may overlap, up to which its negation is spelt out."""
_CONST_SINCE: Final = Dialect.DRAFT_6
_IF_SINCE: Final = Dialect.DRAFT_7

_NONE: Final[dict[str, list[Term]]] = {}
"""What a schema that combines none has made of others: never added to."""


Within: TypeAlias = tuple[Node | None, ...]
"""Schemas being unfolded for one value, from the outside in; None stands where a keyword turns the sense."""


class SchemaTerm(Positive):
    """The values that a schema accepts.

    `scope` is the dynamic scope, empty where no reference depends on it. `within` holds the schemas that are
    being unfolded on the way here where they refer to themselves for the same value: there such a reference
    says nothing.
    """

    __slots__ = ("_beside", "_tags", "combined", "keywords", "node", "scope", "terms", "within")

    def __init__(self, node: Node, scope: Scope, within: Within, terms: "Lexicon", serial: int) -> None:
        super().__init__(serial=serial)
        self.node = node
        self.scope = scope
        self.within = within
        self.terms = terms
        self.keywords = node.keywords
        self.combined = not _COMBINING.isdisjoint(self.keywords)
        """Whether it applies schemas to the same value."""
        self._tags: dict[str, frozenset[Hashable]] | None = None
        self._beside: dict[str, list[Term]] = _NONE if not self.combined else {}

    def __repr__(self) -> str:
        return f"<{self.node.pointer or '/'} {self.node.value!r:.80}>"

    def child(self, *tokens: str) -> Term:
        """The schema at a place below, for other values (members, items)."""
        written = self.node.written(*tokens)
        if written is True or written == {}:
            return EVERYTHING
        if written is False:
            return NOTHING
        return self.terms.schema(self.node.child(*tokens), self.scope)

    def beside(self, *tokens: str) -> Term:
        """The schema at a place below, for the same value (`allOf`, `not`, ...)."""
        within = (*self.within, None) if self.within and tokens[0] in _TURNING else self.within
        return self.terms.schema(self.node.child(*tokens), self.scope, within)

    def beside_all(self, keyword: str) -> list[Term]:
        """The schemas of `allOf`, `anyOf` or `oneOf`."""
        held = self.keywords.get(keyword)
        if not isinstance(held, list):
            return []
        if keyword not in self._beside:
            self._beside[keyword] = [self.beside(keyword, str(index)) for index in range(len(held))]
        return self._beside[keyword]

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
            self._tags = {}
            parts = [part for part in (self, *self.beside_all("allOf")) if isinstance(part, SchemaTerm)]
            required = {str(name) for part in parts for name in _listed_under(part, "required", list)}
            for part in parts:
                for name in _listed_under(part, "properties", dict):
                    listed = part.child("properties", str(name)).listed() if str(name) in required else None
                    if listed is not None and str(name) not in self._tags:
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
        if not self.combined:
            return kinds
        for term in (*self.beside_all("allOf"), *self.targets()):
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
            kinds |= SAYS.get(keyword, 0)
        if kinds == ANY_KIND and not self.combined:
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
                kinds |= SAYS.get(keyword, 0)
        return kinds

    def unfolded(self, kind: int) -> Formula:
        parts: list[Formula] = []
        self.terms.step(1 + len(self.keywords) // 2)
        listed = self.listed()
        if listed is not None:
            parts.append(self.terms.values(listed).formula(kind))
        if self.has_const and isinstance(self.keywords.get("enum"), list):
            parts.append(self.terms.values(self.keywords["enum"]).formula(kind))  # type: ignore[arg-type]
        if kind in _FORMULAS:
            parts.append(_FORMULAS[kind](self))
        if self.combined:
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


def _listed_under(term: SchemaTerm, keyword: str, shape: type) -> Iterable[Json]:
    held = term.keywords.get(keyword)
    return held if isinstance(held, list | dict) and isinstance(held, shape) else ()


def one_of(branches: list[Term], kind: int, terms: "Lexicon") -> Formula:
    """Exactly one of the branches. Those that are known to have nothing in common need not be told apart."""
    possible = [term for term in branches if term.kinds & kind]
    formulas = [here(term, kind) for term in possible]
    if terms.all_apart(possible, kind):
        return choice(formulas)
    terms.spend(3 * len(possible) ** 2)
    alternatives = []
    rivalries = 0
    for index, term in enumerate(possible):
        rivals = [
            formulas[number].negated()
            for number, rival in enumerate(possible)
            if number != index and not terms.apart(term, rival, kind)
        ]
        rivalries += len(rivals)
        alternatives.append((formulas[index], rivals))
    if rivalries <= _FEW_RIVALS:
        return choice(all_of([branch, *rivals]) for branch, rivals in alternatives)
    whole = choice(sole(branch, rivals) for branch, rivals in alternatives)
    if isinstance(whole, Choice):
        return One(whole.parts, tuple(formulas))
    return whole
