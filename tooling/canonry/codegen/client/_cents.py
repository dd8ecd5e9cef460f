"""Hundredths, quickly. jsonschema-rs is exact about `multipleOf: 0.01`, which takes it 2 µs for every amount.

A float below 10^12 is a multiple of 0.01, as its shortest decimal text says it, exactly when rounding to two
decimals changes nothing. So amounts are rounded, and the validator is asked only where that leaves a doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ._values import is_list, is_object

__all__ = ["holds", "nodes", "places", "without"]

STEP = 0.01
LARGEST = 1e12


def places(schema: dict[str, Any]) -> list[tuple[str, ...]]:
    """Paths to `multipleOf: 0.01`, `*` for every item; none where it also stands where no path leads."""
    found: set[tuple[str, ...]] = set()
    reached: set[int] = set()
    stack: list[tuple[tuple[str, ...], Any, tuple[int, ...]]] = [((), schema, ())]
    while stack:
        path, node, above = stack.pop()
        if not is_object(node):
            continue
        if id(node) in above:
            return []
        below = (*above, id(node))
        if node.get("multipleOf") == STEP:
            reached.add(id(node))
            found.add(path)
        if isinstance(node.get("$ref"), str):
            stack.append((path, _target(schema, node["$ref"]), below))
        stack.extend((path, part, below) for part in node.get("allOf") or ())
        properties: dict[str, Any] = node.get("properties") or {}
        stack.extend(((*path, key), inner, below) for key, inner in properties.items())
        if is_object(node.get("items")):
            stack.append(((*path, "*"), node["items"], below))
    everywhere = {id(node) for node in nodes(schema) if node.get("multipleOf") == STEP}
    return sorted(found) if everywhere <= reached and () not in found else []


def without(node: Any) -> Any:
    """The schema without `multipleOf: 0.01`."""
    if is_list(node):
        return [without(item) for item in node]
    if not is_object(node):
        return node
    return {
        key: value if key in ("enum", "const") else without(value)
        for key, value in node.items()
        if not (key == "multipleOf" and value == STEP)
    }


def holds(payload: Any, path: tuple[str, ...], at: int = 0) -> bool:
    """Whether what the path leads to is surely a multiple of 0.01, or no number, or not there."""
    value = payload
    for number in range(at, len(path)):
        key = path[number]
        if key == "*":
            return value.__class__ is not list or all(holds(item, path, number + 1) for item in value)
        if value.__class__ is not dict:
            return True
        value = value.get(key)
        if value is None:
            return True
    if value.__class__ is float:
        return -LARGEST < value < LARGEST and round(value, 2) == value
    return True


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a schema, itself included."""
    stack: list[Any] = [schema]
    while stack:
        node = stack.pop()
        if is_object(node):
            yield node
            stack.extend(node.values())
        elif is_list(node):
            stack.extend(node)


def _target(schema: Any, reference: str) -> Any:
    for token in reference.removeprefix("#").split("/")[1:]:
        schema = schema[token.replace("~1", "/").replace("~0", "~")]
    return schema
