"""Hundredths, quickly. jsonschema-rs is exact about `multipleOf: 0.01`, which takes it 2 µs for every amount.

A float below 10^12 is a multiple of 0.01, as its shortest decimal text says it, exactly when it is the float
nearest to some number of hundredths, which is what dividing that number by 100 gives. So amounts are divided,
and the validator is asked only where that leaves a doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ._values import is_list, is_object

__all__ = ["nodes", "places", "surely", "without"]

STEP = 0.01
LARGEST = 1e12


def places(schema: dict[str, Any]) -> list[tuple[str, ...]]:
    """Paths to `multipleOf: 0.01`, `*` for every item; none where it also applies where no path leads."""
    found: set[tuple[str, ...]] = set()
    stack: list[tuple[tuple[str, ...], Any, tuple[int, ...]]] = [((), schema, ())]
    while stack:
        path, node, above = stack.pop()
        if not is_object(node):
            continue
        if id(node) in above:
            return []
        below = (*above, id(node))
        if node.get("multipleOf") == STEP:
            found.add(path)
        if isinstance(node.get("$ref"), str):
            stack.append((path, _target(schema, node["$ref"]), below))
        stack.extend((path, part, below) for part in node.get("allOf") or ())
        properties: dict[str, Any] = node.get("properties") or {}
        stack.extend(((*path, key), inner, below) for key, inner in properties.items())
        if is_object(node.get("items")):
            stack.append(((*path, "*"), node["items"], below))
        rest = {key: value for key, value in node.items() if key not in _FOLLOWED}
        if "*" in properties or _inside(schema, rest):
            return []
    return sorted(found) if () not in found else []


_FOLLOWED = frozenset({"$ref", "allOf", "properties", "items", "$defs", "multipleOf"})
"""Keywords that paths lead through, and `$defs`, where nothing applies of itself."""
_SCHEMA = frozenset(
    {
        "items", "additionalItems", "additionalProperties", "contains", "propertyNames", "not", "if", "then",
        "else", "unevaluatedItems", "unevaluatedProperties",
    }
)  # fmt: skip
_SCHEMAS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems", "items"})
_NAMED_SCHEMAS = frozenset(
    {"properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions"}
)


def _inside(schema: dict[str, Any], part: dict[str, Any]) -> bool:
    """Whether `multipleOf: 0.01` stands in a part, or where its references lead."""
    seen: set[int] = set()
    parts: list[Any] = [part]
    while parts:
        for node in nodes(parts.pop()):
            if id(node) in seen:
                continue
            seen.add(id(node))
            if node.get("multipleOf") == STEP:
                return True
            if isinstance(node.get("$ref"), str):
                parts.append(_target(schema, node["$ref"]))
    return False


def without(node: Any) -> Any:
    """The schema without `multipleOf: 0.01`. What a keyword holds that is no schema stays as it is."""
    if not is_object(node):
        return node
    found: dict[str, Any] = {}
    for key, value in node.items():
        if key == "multipleOf" and value == STEP:
            continue
        found[key] = value
        if key in _NAMED_SCHEMAS and is_object(value):
            found[key] = {name: without(inner) for name, inner in value.items()}
        elif key in _SCHEMAS and is_list(value):
            found[key] = [without(inner) for inner in value]
        elif key in _SCHEMA:
            found[key] = without(value)
    return found


def surely(paths: Sequence[tuple[str, ...]]) -> Callable[[Any], bool]:
    """A test that holds only where all that the paths lead to are multiples of 0.01, or are not there."""
    amounts = tuple(path[0] for path in paths if len(path) == 1)
    below: dict[str, list[tuple[str, ...]]] = {}
    for path in paths:
        if len(path) > 1:
            below.setdefault(path[0], []).append(path[1:])
    of_items = surely(below.pop("*")) if "*" in below else None
    # money is an object with one amount; a call for each would take as long as all the rest
    money = tuple((key, rest[0][0]) for key, rest in below.items() if len(rest) == len(rest[0]) == 1)
    inside = tuple((key, surely(rest)) for key, rest in below.items() if len(rest) > 1 or len(rest[0]) > 1)

    def members(value: Any) -> bool:
        if value.__class__ is not dict:
            return value.__class__ is str
        for key, name in money:
            part = value.get(key)
            if part is not None:
                number = part.get(name) if part.__class__ is dict else part
                if number.__class__ is float:
                    if not (-LARGEST < number < LARGEST and round(number * 100) / 100 == number):
                        return False
                elif number is not None and number.__class__ is not int:
                    return False
        for key in amounts:
            number = value.get(key)
            if number.__class__ is float:
                if not (-LARGEST < number < LARGEST and round(number * 100) / 100 == number):
                    return False
            elif number is not None and number.__class__ is not int:
                return False
        for key, holds in inside:
            part = value.get(key)
            if part is not None and not holds(part):
                return False
        return True

    if of_items is None:
        return members
    each = of_items

    def items(value: Any) -> bool:
        return all(map(each, value)) if value.__class__ is list else members(value)

    return items


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema, itself included, that is an object. Words and examples are no schemas,
    and a property called `enum` is one.
    """
    stack: list[Any] = [schema]
    while stack:
        node = stack.pop()
        if not is_object(node):
            continue
        yield node
        for key, value in node.items():
            if key in _NAMED_SCHEMAS and is_object(value):
                stack.extend(value.values())
            elif key in _SCHEMAS and is_list(value):
                stack.extend(value)
            elif key in _SCHEMA:
                stack.append(value)


def _target(schema: Any, reference: str) -> Any:
    for token in reference.removeprefix("#").split("/")[1:]:
        schema = schema[token.replace("~1", "/").replace("~0", "~")]
    return schema
