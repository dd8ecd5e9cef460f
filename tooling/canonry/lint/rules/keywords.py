"""Which keywords a contract uses, where, and with what values."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from canonry.kernel.jsonvalue import identity
from canonry.lint.schemas import Misplaced
from canonry.lint.subject import Remark, Subject
from canonry.naming.suggest import nearest
from canonry.schema.dialects import Dialect
from canonry.schema.keywords import CHECKS

ANNOTATIONS: Final = frozenset(
    {"$comment", "title", "description", "examples", "default", "deprecated", "readOnly", "writeOnly"}
)
OWN: Final = frozenset(
    {
        "x-pii",
        "x-platforms",
        "x-consent",
        "x-since",
        "x-name-of",
        "x-vocabulary",
        "x-registry-id",
        "x-unit",
        "x-contract",
    }
)
"""Extension keywords that canonry reads. Others are allowed and left alone."""

_OF_STRINGS: Final = frozenset({"minLength", "maxLength", "pattern", "format"})
_OF_NUMBERS: Final = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
_OF_ARRAYS: Final = frozenset({"items", "minItems", "maxItems", "uniqueItems"})
_OF_OBJECTS: Final = frozenset(
    {"properties", "required", "additionalProperties", "minProperties", "maxProperties"}
)
_ANYWHERE: Final = frozenset(
    {"type", "enum", "const", "$ref", "$defs", "allOf", "oneOf", "if", "then", "else", "not"}
)
PROFILE: Final = _ANYWHERE | _OF_STRINGS | _OF_NUMBERS | _OF_ARRAYS | _OF_OBJECTS | ANNOTATIONS | OWN
_ROOT_ONLY: Final = frozenset({"$schema", "$id", "x-contract"})

OUTSIDE: Final[Mapping[str, str]] = {
    "anyOf": "use oneOf with branches that a const property tells apart",
    "patternProperties": "name the properties, or use a list of objects with a key and a value",
    "propertyNames": "name the properties",
    "unevaluatedProperties": "use additionalProperties",
    "unevaluatedItems": "use items",
    "prefixItems": "use an object with named properties",
    "additionalItems": "use items",
    "contains": "describe every item with items",
    "minContains": "describe every item with items",
    "maxContains": "describe every item with items",
    "dependentRequired": "use if and then on a const, or two contracts",
    "dependentSchemas": "use if and then on a const, or two contracts",
    "dependencies": "use if and then on a const, or two contracts",
    "definitions": "use $defs",
    "$anchor": "refer to it by its path, #/$defs/name",
    "$dynamicAnchor": "refer to it by its path, #/$defs/name",
    "$dynamicRef": "use $ref",
    "$recursiveRef": "use $ref",
    "$recursiveAnchor": "use $ref",
    "$vocabulary": "leave it out",
    "contentEncoding": "describe the string with pattern and maxLength",
    "contentMediaType": "describe the string with pattern and maxLength",
    "contentSchema": "describe the string with pattern and maxLength",
    "id": "use $id, at the root",
    "divisibleBy": "use multipleOf",
    "disallow": "use not with a pattern",
    "extends": "use allOf",
    "nullable": "use a type list, or leave the property out when there is no value",
    "discriminator": "use oneOf with branches that a const property tells apart",
    "example": "use examples, a list",
}
"""What JSON Schema, an older draft of it or OpenAPI knows and the profile does not, and what to do."""


def keyword_unknown(subject: Subject) -> Iterator[Remark]:
    """A keyword that no dialect of JSON Schema knows: nearly always a misspelt one.

    ## Why it matters
    Validators skip what they do not know. `requierd` requires nothing, and nobody is told.

    ## Instead
    Take the spelling that the message suggests. Notes of your own begin with `x-`.
    """
    known = sorted(PROFILE | _ROOT_ONLY)
    for keyword, nodes in subject.schemas.by_keyword.items():
        if keyword in PROFILE or keyword in _ROOT_ONLY or keyword in OUTSIDE:
            continue
        near = nearest(keyword, OWN if keyword.startswith("x-") else known)
        if keyword.startswith("x-") and near is None:
            continue
        for node in nodes:
            yield Remark(
                f"{keyword!r} in {node.says} is no keyword, so it says nothing",
                node.place(keyword),
                f"did you mean {near!r}?" if near else "remove it, or begin it with x- if it is a note",
                values=(keyword,),
            )


def keyword_outside_profile(subject: Subject) -> Iterator[Remark]:
    """A JSON Schema keyword that contracts do not use.

    Contracts keep to the keywords that the checker decides, the generator translates and a person reads.

    ## Why it matters
    A keyword outside the profile makes verdicts *undecided* and lets generated clients accept what the
    schema refuses.

    ## Instead
    The message names the keyword of the profile that says the same; `additionalProperties: false` and named
    properties replace most of them.
    """
    for keyword in OUTSIDE:
        for node in subject.schemas.having(keyword):
            yield Remark(
                f"{keyword!r} in {node.says} is outside the profile of contracts",
                node.place(keyword),
                OUTSIDE[keyword],
                values=(keyword,),
            )
    for keyword in sorted(_ROOT_ONLY):
        for node in subject.schemas.having(keyword):
            if node.role != "root":
                advice = "move the part to a contract of its own and use $ref"
                message = f"{keyword!r} belongs at the root of a contract, not in {node.says}"
                yield Remark(message, node.place(keyword), advice, values=(keyword,))


def keyword_value_invalid(subject: Subject) -> Iterator[Remark]:
    """A keyword's value has the wrong type, so the document is no JSON Schema.

    ## Why it matters
    Validators refuse the whole schema, or worse, skip the keyword: `"required": "total"` requires nothing in
    some of them.

    ## Instead
    Give the keyword the kind of value that the message names.
    """
    for keyword, check in _VALUE_CHECKS.items():
        for node in subject.schemas.having(keyword):
            value = node.schema[keyword]
            if value.__class__ is str and keyword in _TEXTS:
                continue  # most values, and nothing else to look at
            wrong = check(value)
            if wrong is not None:
                yield Remark(f"{keyword!r} of {node.says} {wrong}", node.place(keyword), values=(keyword,))
    for odd in subject.schemas.misplaced:
        message, advice = _misplaced(odd)
        yield Remark(message, odd.contract.place(odd.pointer), advice, values=(odd.keyword,))


def _misplaced(odd: Misplaced) -> tuple[str, str]:
    if odd.value is True:
        return f"true at {odd.pointer} accepts anything", "say what it holds with type or $ref"
    if odd.value is False:
        return (
            f"false at {odd.pointer} accepts nothing",
            "remove it; additionalProperties: false refuses the rest",
        )
    kind = {"list": "a list", "str": "a string", "dict": "an object", "NoneType": "null"}.get(
        type(odd.value).__name__, "a number"
    )
    return f"{odd.pointer} must hold schemas, found {kind}", ""


def _text(value: object) -> str | None:
    return None if isinstance(value, str) else "must be a string"


def _flag(value: object) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _list(value: object) -> str | None:
    return None if isinstance(value, list) else "must be a list"


def _values(value: object) -> str | None:
    if not isinstance(value, list) or not value:
        return "must be a list with at least one value"
    seen: set[object] = set()
    for member in value:
        key = identity(member)
        if key in seen:
            return f"holds {member!r:.60} twice"
        seen.add(key)
    return None


def _names(value: object) -> str | None:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        return "must be a list of names"
    if len(set(value)) < len(value):
        return f"holds {next(name for name in value if value.count(name) > 1)!r} twice"
    return None


def _types(value: object) -> str | None:
    if isinstance(value, list) and len({str(name) for name in value}) < len(value):
        return "holds a type twice"
    return CHECKS[Dialect.DRAFT_2020_12]["type"](value)


_TEXTS: Final = frozenset({"$schema", "$id", "$ref", "title", "description", "$comment", "pattern", "format"})

_VALUE_CHECKS: Final[Mapping[str, Callable[[Any], str | None]]] = {
    **CHECKS[Dialect.DRAFT_2020_12],
    "type": _types,
    "enum": _values,
    "required": _names,
    "$schema": _text,
    "$id": _text,
    "title": _text,
    "description": _text,
    "$comment": _text,
    "deprecated": _flag,
    "readOnly": _flag,
    "writeOnly": _flag,
    "examples": _list,
}
