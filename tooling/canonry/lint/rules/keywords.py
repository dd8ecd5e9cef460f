"""Which keywords a contract uses, where, and with what values."""

from collections.abc import Iterator, Mapping
from typing import Final

from canonry.lint.subject import Remark, Subject
from canonry.lint.values import invalid_values
from canonry.naming.suggest import nearest

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
    for wrong in subject.once(invalid_values):
        place = wrong.contract.place(wrong.pointer)
        yield Remark(wrong.message, place, wrong.advice, values=(wrong.keyword,))
