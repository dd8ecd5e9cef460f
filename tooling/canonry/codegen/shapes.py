"""A contract as the shape of its models: a skeleton for the model generator, and what is written beside it.

The skeleton holds identifiers of canonry's own and placeholders, never contract text, so that no generator
can turn text into code. It says less than the contract, never more: what it leaves out (patterns, bounds,
`not`, conditions) is left to the published schema, which is the validator of record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from canonry.catalogue.model import Contract
from canonry.catalogue.refs import ANNOTATIONS, References
from canonry.codegen import identifiers, prose
from canonry.kernel.ids import ContractId

DEEPEST: Final = 40
"""Objects nested deeper than this are taken as any object."""
_LITERAL_END: Final = 2**63 - 1
"""mypy takes no whole number from here on for a literal."""

BASES: Final = {
    "common": "Record",
    "events": "Event",
    "traits": "Traits",
    "segments": "Membership",
    "utm": "Link",
    "creatives": "Name",
    "objects": "Name",
}
_SUFFIXES: Final = {
    "traits": "Traits",
    "segments": "Membership",
    "utm": "Link",
    "creatives": "Name",
    "objects": "Name",
}

_TYPES: Final = ("object", "array", "string", "integer", "number", "boolean", "null")

Conjunct = tuple[Mapping[str, Any], str, "tuple[str, str] | None"]
"""A schema, the document that it stands in, and the place of a reference that led to it."""


@dataclass(slots=True)
class FieldShape:
    """One property: its Python name, its own name and what is said of it."""

    name: str
    property: str
    doc: str
    nullable: bool = False


@dataclass(slots=True)
class ClassShape:
    """One model."""

    name: str
    doc: str
    fields: list[FieldShape] = field(default_factory=list)
    open: bool = False

    @property
    def nullable(self) -> tuple[str, ...]:
        """Fields in which null says something."""
        return tuple(shape.name for shape in self.fields if shape.nullable)


@dataclass(slots=True)
class ModuleShape:
    """One module of models."""

    identifier: ContractId
    root: str
    base: str
    skeleton: dict[str, Any] = field(default_factory=dict)
    classes: dict[str, ClassShape] = field(default_factory=dict)
    literals: list[tuple[str, ...]] = field(default_factory=list)
    """Values of each `@@v<number>@@`, as source."""
    exact: set[int] = field(default_factory=set)
    """Numbers of the literals that have numbers or booleans."""
    names: list[str] = field(default_factory=list)
    """Property names of each `@@n<number>@@`."""
    plain: bool = True
    """Whether no null, no unknown member and nothing of any type can be inside."""


def root_class(identifier: ContractId) -> str:
    """The class of a contract: `OrderCompleted`, `UserTraits`, `PaidSocialLink`, `MetaAdName`."""
    stem = identifiers.class_name(identifier.name) + _SUFFIXES.get(identifier.kind, "")
    return identifiers.free_class(stem, ())


def is_class(schema: Any) -> bool:
    """Whether a shared definition is a model of its own."""
    return (
        isinstance(schema, Mapping)
        and schema.get("type") == "object"
        and isinstance(schema.get("properties"), dict)
    )


@dataclass(slots=True)
class Shaper:
    """Shapes of the contracts of one catalogue. `package` is the client's import name."""

    references: References
    package: str

    def module(self, contract: Contract) -> ModuleShape:
        """The shape of one contract. Raises `RefError` for what cannot be resolved."""
        return _Module(self, contract).shape()

    def is_plain(self, identifier: str, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a shared model has no null, no unknown member and nothing of any type inside."""
        contract = self.references.catalogue.contract(identifier)
        if contract is None or identifier in seen:
            return contract is not None
        return _Module(self, contract, seen | {identifier}).shape().plain


class _Module:
    def __init__(self, shaper: Shaper, contract: Contract, seen: frozenset[str] = frozenset()) -> None:
        self.shaper = shaper
        self.references = shaper.references
        self.contract = contract
        self.seen = seen
        self.document = str(contract.id)
        root = root_class(contract.id)
        self.made = ModuleShape(contract.id, root, BASES[contract.id.kind])
        self.definitions: dict[str, Any] = {}
        self.places: dict[tuple[str, str], str] = {(self.document, ""): root}
        self.taken = {root}
        self.methods = contract.id.kind in ("utm", "creatives", "objects")

    def shape(self) -> ModuleShape:
        made = self.made
        skeleton = self._object(made.root, self._flat(self.contract.schema, self.document), 0)
        made.skeleton = {**skeleton, "$defs": self.definitions} if self.definitions else skeleton
        return made

    # -- what applies at a place

    def _flat(self, schema: Any, document: str, place: tuple[str, str] | None = None) -> list[Conjunct]:
        """Every schema that applies there, through `$ref` and `allOf`; each once."""
        found: list[Conjunct] = []
        seen: set[int] = set()
        stack: list[tuple[Any, str, tuple[str, str] | None]] = [(schema, document, place)]
        while stack:
            node, where, reached = stack.pop()
            if not isinstance(node, Mapping) or id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node.get("allOf"), list):
                stack.extend((inner, where, None) for inner in reversed(node["allOf"]))
            if isinstance(node.get("$ref"), str):
                target = self.references.target(node["$ref"], where)
                stack.append((target.schema, target.document, (target.document, target.pointer)))
            if any(key not in ("$ref", "allOf", "$defs") and not _silent(key) for key in node):
                found.append((node, where, reached))
        return found

    # -- types

    def _type(self, conjuncts: list[Conjunct], hint: str, depth: int) -> tuple[Any, bool]:
        """The skeleton of a type, and whether null is one of its values."""
        if len(conjuncts) == 1 and conjuncts[0][2] is not None:
            known = self._shared(conjuncts[0][2], conjuncts[0][0])
            if known is not None:
                return known, False
        for keyword in ("const", "enum"):
            for schema, _, _ in conjuncts:
                if keyword in schema:
                    values = [schema["const"]] if keyword == "const" else schema["enum"]
                    return self._values(values)
        for number, (schema, document, _) in enumerate(conjuncts):
            for keyword in ("oneOf", "anyOf"):
                branches = schema.get(keyword)
                if isinstance(branches, list) and branches:
                    bare = {key: value for key, value in schema.items() if key != keyword}
                    others: list[Conjunct] = [
                        *conjuncts[:number],
                        (bare, document, None),
                        *conjuncts[number + 1 :],
                    ]
                    return self._union(
                        [[*self._flat(branch, document), *others] for branch in branches], hint, depth
                    )
        return self._typed(conjuncts, hint, depth)

    def _typed(self, conjuncts: list[Conjunct], hint: str, depth: int) -> tuple[Any, bool]:
        allowed = list(_TYPES)
        said = False
        for schema, _, _ in conjuncts:
            types = schema.get("type")
            wanted = [types] if isinstance(types, str) else types
            if isinstance(wanted, list):
                said = True
                wider = {*wanted, *(["integer"] if "number" in wanted else [])}
                allowed = [name for name in allowed if name in wider]
        if "number" in allowed and "integer" in allowed:
            allowed.remove("integer")
        if not said:
            self.made.plain = False
            return {}, True
        options = [self._one(name, conjuncts, hint, depth) for name in allowed]
        return _any_of(options), "null" in allowed

    def _one(self, name: str, conjuncts: list[Conjunct], hint: str, depth: int) -> Any:
        if name == "object":
            return self._object_type(conjuncts, hint, depth)
        if name == "array":
            inner = [
                conjunct
                for schema, document, _ in conjuncts
                if isinstance(schema.get("items"), Mapping)
                for conjunct in self._flat(schema["items"], document)
            ]
            if not inner:
                self.made.plain = False
                return {"type": "array", "items": {}}
            item, nullable = self._type(inner, hint, depth + 1)
            if nullable:
                self.made.plain = False
            return {"type": "array", "items": item}
        if name in ("integer", "number"):
            return self._own("Integer" if name == "integer" else "Number")
        return {"type": name}

    def _own(self, name: str) -> dict[str, str]:
        return {"customTypePath": f"{self.shaper.package}._values.{name}"}

    def _union(self, branches: list[list[Conjunct]], hint: str, depth: int) -> tuple[Any, bool]:
        options: list[Any] = []
        nullable = False
        for branch in branches:
            option, has_null = self._type(branch, hint, depth)
            nullable |= has_null
            if option == {}:
                return {}, True
            if option not in options:
                options.append(option)
        return _any_of(options), nullable

    def _values(self, values: Sequence[Any]) -> tuple[Any, bool]:
        """A `Literal` of the values; where Python has no literal of one, what it is."""
        sources: list[str] = []
        options: list[Any] = []
        exact = nullable = False
        for value in values:
            if value is None:
                nullable = True
            elif isinstance(value, str) and not _is_text(value):
                options.append({"type": "string"})
            elif isinstance(value, str):
                sources.append(prose.literal(value))
            elif (
                not isinstance(value, bool) and isinstance(value, int | float) and abs(value) >= _LITERAL_END
            ):
                options.append(self._own("Number" if isinstance(value, float) else "Integer"))
            elif isinstance(value, bool | int) or (isinstance(value, float) and value.is_integer()):
                exact = True
                sources.append(prose.literal(value if isinstance(value, bool) else int(value)))
            elif isinstance(value, float):
                options.append(self._own("Number"))
            else:
                self.made.plain = False
                return {}, True
        if sources:
            number = len(self.made.literals)
            self.made.literals.append(tuple(dict.fromkeys(sources)))
            if exact:
                self.made.exact.add(number)
            options.insert(0, {"type": "string", "enum": [f"@@v{number}@@"]})
        if nullable:
            options.append({"type": "null"})
        unique = [option for index, option in enumerate(options) if option not in options[:index]]
        return _any_of(unique), nullable

    # -- objects

    def _shared(self, place: tuple[str, str], schema: Mapping[str, Any]) -> Any:
        """A type that stands in another module, or in this one already."""
        document, pointer = place
        if document.startswith("/vocabularies/"):
            name = document.removeprefix("/vocabularies/")
            module = identifiers.module_name(name)
            return {"customTypePath": f"{self.shaper.package}.words.{module}.{word_class(name)}"}
        if place in self.places:
            name = self.places[place]
            return {"$ref": "#" if name == self.made.root else f"#/$defs/{name}"}
        if pointer == "" and document.startswith("/common/") and is_class(schema):
            identifier = ContractId.parse(document)
            module = identifiers.module_name(identifier.name, identifier.major)
            name = root_class(identifier)
            self.taken.add(name)
            if self.made.plain and not self.shaper.is_plain(document, self.seen):
                self.made.plain = False
            return {"customTypePath": f"{self.shaper.package}.common.{module}.{name}"}
        return None

    def _object_type(self, conjuncts: list[Conjunct], hint: str, depth: int) -> Any:
        if depth > DEEPEST or not any(
            isinstance(schema.get("properties"), dict) for schema, _, _ in conjuncts
        ):
            self.made.plain = False
            return {"type": "object", "additionalProperties": True}
        place = conjuncts[0][2] if len(conjuncts) == 1 else None
        stem = place[1].rpartition("/")[2] or place[0].split("/")[2] if place else hint
        name = identifiers.free_class(identifiers.class_name(stem), self.taken)
        self.taken.add(name)
        if place is not None:
            self.places[place] = name
        self.definitions[name] = {}  # its place, so that models stand in the order of their first use
        self.definitions[name] = self._object(name, conjuncts, depth + 1)
        return {"$ref": f"#/$defs/{name}"}

    def _object(self, name: str, conjuncts: list[Conjunct], depth: int) -> dict[str, Any]:
        """The skeleton of a model. Of alternatives every field is there, and what they share is required."""
        found = ClassShape(
            name, _text([c[0] for c in conjuncts], "description") or _text([c[0] for c in conjuncts], "title")
        )
        self.made.classes[name] = found
        variants = list(_variants(self, conjuncts))
        named: dict[str, list[list[Conjunct]]] = {}
        written: dict[str, list[Mapping[str, Any]]] = {}
        required: set[str] = set()
        for number, variant in enumerate(variants):
            for key, (raw, value) in _properties(self, variant).items():
                named.setdefault(key, []).append(value)
                written.setdefault(key, []).extend(raw)
            needs = {key for schema, _, _ in variant for key in _strings(schema.get("required"))}
            required = needs if number == 0 else required & needs
        closed = all(
            any(schema.get("additionalProperties") is False for schema, _, _ in variant)
            for variant in variants
        )
        unwritable = [key for key in named if not _is_text(key)]
        for key in unwritable:
            del named[key]
        found.open = not closed or bool(unwritable)
        if found.open:
            self.made.plain = False
        names = identifiers.field_names(tuple(named), methods=self.methods)
        self.taken.update(names.values())
        properties: dict[str, Any] = {}
        for key, alternatives in named.items():
            everywhere = len(alternatives) == len(variants) or closed
            kind, nullable = self._alternatives(alternatives, key, depth) if everywhere else ({}, True)
            about = [*written[key], *(schema for alternative in alternatives for schema, _, _ in alternative)]
            if not everywhere or (nullable and key not in required):
                self.made.plain = False
            if nullable and key in required:
                self.made.plain = False
            found.fields.append(FieldShape(names[key], key, _text(about, "description"), nullable))
            properties[names[key]] = self._property(kind, key, names[key], about)
        skeleton: dict[str, Any] = {
            "type": "object",
            "title": name,
            "properties": properties,
            "required": sorted(names[key] for key in required if key in names),
        }
        skeleton["customBasePath"] = f"{self.shaper.package}.{self._base(name, opened=found.open)}"
        return skeleton

    def _base(self, name: str, *, opened: bool) -> str:
        base = self.made.base if name == self.made.root else "Record"
        if base in ("Link", "Name"):
            return f"_names.{base}"
        return f"_record.{'Open' if opened else ''}{base}"

    def _alternatives(self, alternatives: list[list[Conjunct]], hint: str, depth: int) -> tuple[Any, bool]:
        if len(alternatives) == 1:
            return self._type(alternatives[0], hint, depth)
        return self._union(alternatives, hint, depth)

    def _property(self, kind: Any, key: str, name: str, about: list[Mapping[str, Any]]) -> dict[str, Any]:
        extra: dict[str, Any] = {}
        if name != key:
            mark = f"@@n{len(self.made.names)}@@"
            self.made.names.append(key)
            extra = {"validation_alias": mark, "serialization_alias": mark}
        if any(schema.get("deprecated") is True for schema in about):
            extra["deprecated"] = True
        if not extra:
            return dict(kind)
        return {"allOf": [kind], **extra} if "$ref" in kind else {**kind, **extra}


def _properties(
    module: _Module, variant: list[Conjunct]
) -> dict[str, tuple[list[Mapping[str, Any]], list[Conjunct]]]:
    """What is written at each property of one variant, and what applies there, in the contract's order."""
    found: dict[str, tuple[list[Mapping[str, Any]], list[Conjunct]]] = {}
    for schema, document, _ in variant:
        properties = schema.get("properties")
        for key, value in properties.items() if isinstance(properties, dict) else ():
            raw, applying = found.setdefault(key, ([], []))
            if isinstance(value, Mapping):
                raw.append(value)
            applying.extend(module._flat(value, document))  # noqa: SLF001  one class in two parts
    return found


def _variants(module: _Module, conjuncts: list[Conjunct]) -> Iterator[list[Conjunct]]:
    """The ways to be this object: one, or one per branch of its first `oneOf` or `anyOf`, and so on."""
    for number, (schema, document, _) in enumerate(conjuncts):
        for keyword in ("oneOf", "anyOf"):
            branches = schema.get(keyword)
            if isinstance(branches, list) and branches:
                bare = {key: value for key, value in schema.items() if key != keyword}
                rest: list[Conjunct] = [*conjuncts[:number], (bare, document, None), *conjuncts[number + 1 :]]
                for branch in branches:
                    inner = module._flat(branch, document)  # noqa: SLF001  as above
                    if len(rest) + len(inner) < 4 * DEEPEST:
                        yield from _variants(module, [*rest, *inner])
                return
    yield conjuncts


def word_class(vocabulary: str) -> str:
    """The type of a vocabulary's words: `Market`."""
    return identifiers.free_class(identifiers.class_name(vocabulary), ())


def _any_of(options: list[Any]) -> Any:
    return options[0] if len(options) == 1 else {"anyOf": options} if options else {}


def _silent(key: str) -> bool:
    return key in ANNOTATIONS or key.startswith(("x-", "$"))


def _is_text(name: str) -> bool:
    """Whether it can be written as UTF-8; a lone surrogate cannot, and pydantic takes no such name."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _strings(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _text(schemas: Sequence[Mapping[str, Any]], keyword: str) -> str:
    """The first text that a keyword has."""
    return next((schema[keyword] for schema in schemas if isinstance(schema.get(keyword), str)), "")
