"""What objects and fields must say of themselves."""

from collections.abc import Iterator
from typing import Final

from canonry.lint.subject import Remark, Subject
from canonry.naming.suggest import nearest


def additional_properties_implicit(subject: Subject) -> Iterator[Remark]:
    """An object does not say with true or false whether it may hold other properties.

    ## Why it matters
    By default JSON Schema accepts anything beside the declared properties: a misspelt property passes, and
    nobody can say what consumers may rely on.

    ## Instead
    `"additionalProperties": false`. Where a payload really is open, say so with `true`. Naming kinds and
    segments are closed.
    """
    for node in subject.schemas.nodes:
        schema = node.schema
        if "additionalProperties" in schema:
            if isinstance(schema["additionalProperties"], dict):
                message = f"additionalProperties of {node.says} is a schema"
                advice = "use true or false, and name the properties"
                yield Remark(message, node.place("additionalProperties"), advice, values=("schema",))
            elif schema["additionalProperties"] is True and node.contract.is_naming and node.role == "root":
                message = "a naming contract is closed: a field that it does not name cannot be written"
                yield Remark(message, node.place("additionalProperties"), "false", values=("open",))
        elif node.role in _STANDS_ALONE and (schema.get("type") == "object" or "properties" in schema):
            message = f"{node.says} is an object and does not say whether other properties may come"
            yield Remark(message, node.place(), 'add "additionalProperties": false')


_STANDS_ALONE: Final = frozenset({"root", "property", "items", "definition"})


def naming_field_nested(subject: Subject) -> Iterator[Remark]:
    """A field of a UTM format, creative tag or object name is no scalar, or the contract is not flat.

    ## Why it matters
    A template writes each field as one word. A list or an object has no written form, and a field that
    exists only under a condition has no place in the name.

    ## Instead
    One property per word: a vocabulary, a const, a pattern with `maxLength`, a whole number with bounds, a
    date, a registry id or the name of another contract (`x-name-of`).
    """
    for node in subject.schemas.nodes:
        if not node.contract.is_naming:
            continue
        if node.role == "root":
            for keyword in ("allOf", "oneOf", "if", "$ref"):
                if keyword in node.schema:
                    message = f"{keyword!r} at the root of a naming contract: its fields are a flat list"
                    advice = "use allowed_combinations in x-contract for values that go together"
                    yield Remark(message, node.place(keyword), advice, values=(keyword,))
        elif node.role == "property" and node.parent is not None and node.parent.role == "root":
            schema = subject.field(node)
            kind = schema.get("type")
            if (
                kind in ("object", "array", "boolean", "null", "number")
                or isinstance(kind, list)
                or "properties" in schema
            ):
                kinds = kind or "object"
                message = f"the field {node.name!r} is {kinds!r}; templates write strings and whole numbers"
                yield Remark(message, node.place(), "use a string, an integer with bounds, or several fields")


def required_undeclared(subject: Subject) -> Iterator[Remark]:
    """`required` names a property that `properties` does not declare.

    ## Why it matters
    With `additionalProperties: false` no payload is valid at all; without it, the property may be anything.

    ## Instead
    Declare the property, or correct its name; the message gives the nearest one.
    """
    for node in subject.schemas.having("required"):
        required = node.schema["required"]
        if node.role not in _STANDS_ALONE or not isinstance(required, list) or "allOf" in node.schema:
            continue
        properties = node.schema.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        for number, name in enumerate(required):
            if isinstance(name, str) and name not in properties:
                near = nearest(name, properties)
                yield Remark(
                    f"{node.says} requires {name!r}, which it does not declare",
                    node.contract.place(f"{node.pointer}/required/{number}"),
                    f"did you mean {near!r}?" if near else f"add {name!r} to properties",
                    values=(name,),
                )


def schema_unconstrained(subject: Subject) -> Iterator[Remark]:
    """A property accepts any value, because nothing says what it holds.

    ## Why it matters
    A number becomes a string one day and an object the next, and every consumer guesses.

    ## Instead
    Give it a `type`, a `const`, an `enum` or a `$ref` to a vocabulary or shared definition.
    """
    for node in subject.schemas.nodes:
        if node.role in _SAYS_WHAT and _CONSTRAINING.isdisjoint(node.schema):
            yield Remark(f"{node.says} may hold anything", node.place(), "add a type or a $ref")


_SAYS_WHAT: Final = frozenset({"property", "items"})
_CONSTRAINING: Final = frozenset(
    {"type", "$ref", "const", "enum", "allOf", "oneOf", "anyOf", "properties", "x-name-of"}
)
