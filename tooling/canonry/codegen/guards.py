"""Consent that single properties need, and the names of properties at destinations, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from canonry.catalogue.model import Contract
from canonry.catalogue.refs import References, RefError

DEEPEST: Final = 12

Guard = tuple[tuple[str, ...], tuple[str, ...], bool]
"""Path (`*` is every item), purposes, and whether the payload is nothing without it."""


def guards(contract: Contract, references: References) -> list[Guard]:
    """Every property that needs consent beyond its event's. It is required where everything above it is."""
    return [
        (path, tuple(schema["x-consent"]), required)
        for path, schema, required in _properties(contract, references)
        if isinstance(schema.get("x-consent"), list) and schema["x-consent"]
    ]


def renamed(contract: Contract, references: References) -> dict[str, dict[str, str]]:
    """Destination to place (`/total`, `/items/*/quantity`) to the name there, where that is another."""
    found: dict[str, dict[str, str]] = {}
    if contract.id.kind not in ("events", "traits"):
        return found
    for path, schema, _ in _properties(contract, references):
        names = schema.get("x-platforms")
        for platform, name in names.items() if isinstance(names, dict) else ():
            if isinstance(name, str) and name != path[-1]:
                found.setdefault(platform, {})["/" + "/".join(path)] = name
    return found


def _properties(
    contract: Contract, references: References
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any], bool]]:
    stack: list[tuple[tuple[str, ...], Any, str, bool, frozenset[int]]] = [
        ((), contract.schema, str(contract.id), True, frozenset())
    ]
    while stack:
        path, schema, document, required, above = stack.pop()
        try:
            followed, document = references.followed(schema, document)
        except RefError:
            continue
        if path and path[-1] != "*":
            yield path, followed, required
        if id(schema) in above or len(path) > DEEPEST:
            continue
        below = above | {id(schema)}
        inner: list[tuple[tuple[str, ...], Any, str, bool, frozenset[int]]] = []
        for part in _parts(followed):
            needs = part.get("required")
            properties = part.get("properties")
            for key, value in properties.items() if isinstance(properties, dict) else ():
                if isinstance(value, Mapping):
                    must = required and isinstance(needs, list) and key in needs
                    inner.append(((*path, key), value, document, must, below))
            if isinstance(part.get("items"), Mapping):
                inner.append(((*path, "*"), part["items"], document, False, below))
        stack.extend(reversed(inner))


def _parts(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The schema and what it is made of, without following references in `allOf` or alternatives."""
    stack: list[Any] = [schema]
    while stack:
        part = stack.pop()
        if isinstance(part, Mapping):
            yield part
            for keyword in ("oneOf", "anyOf", "allOf"):
                if isinstance(part.get(keyword), list):
                    stack.extend(part[keyword])
