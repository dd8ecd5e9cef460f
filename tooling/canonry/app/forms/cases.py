"""Schemas that depend on a word in the value, a case for each: `if` on a const, `oneOf` tagged by a const."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from canonry.app.forms.scalars import Nodes, UnwrittenError

CONDITIONAL: Final = frozenset({"if", "then", "else", "oneOf"})
_OBJECT: Final = {"type": "object"}
"""A value that is none has no members, so that it meets every test of them."""
MOST_CONDITIONS: Final = 4
"""Of one value: with each there are twice as many cases."""


def cases(nodes: Nodes) -> list[Nodes] | None:
    """Schemas of which one accepts what all of `nodes` accept; None where nothing depends on a word.

    Some values may be accepted by none of them: those whose word is not said by an enumeration. The first
    condition is taken apart, there may be others in what is returned.
    """
    if sum(not CONDITIONAL.isdisjoint(node) for node in nodes) > MOST_CONDITIONS:
        raise UnwrittenError
    for place, node in enumerate(nodes):
        if not CONDITIONAL & node.keys():
            continue
        rest = [*nodes[:place], *nodes[place + 1 :]]
        if "if" in node:
            base = {key: value for key, value in node.items() if key not in ("if", "then", "else")}
            return [[*rest, base, *added] for added in _branches(node, [*rest, base])]
        base = {key: value for key, value in node.items() if key not in CONDITIONAL}
        if "oneOf" not in node:  # a then without an if says nothing
            return [[*rest, base]]
        _tell_apart(node["oneOf"])
        return [[*rest, base, branch, _OBJECT] for branch in node["oneOf"]]
    return None


def _branches(node: Mapping[str, Any], others: Nodes) -> Iterator[Nodes]:
    name, words, required = _test(node["if"])
    yield [_OBJECT, {"properties": {name: {"enum": words}}, "required": required}, node.get("then", True)]
    said = [inner for other in others if isinstance(inner := other.get("properties", {}).get(name), Mapping)]
    known = [inner["enum"] for inner in said if isinstance(inner.get("enum"), list)]
    if known:
        rest = [word for word in known[0] if isinstance(word, str) and word not in words]
        absent: list[str] = [] if required else [name]
        yield [_OBJECT, {"properties": {name: {"enum": rest}}, "required": absent}, node.get("else", True)]


def _test(test: object) -> tuple[str, list[str], list[str]]:
    """The member a condition asks for, the words it asks for, and whether the member must be there."""
    if not isinstance(test, Mapping) or test.keys() - {"properties", "required", "type"}:
        raise UnwrittenError
    properties, required = test.get("properties", {}), test.get("required", [])
    if len(properties) != 1 or test.get("type", "object") != "object" or required not in ([], [*properties]):
        raise UnwrittenError
    ((name, inner),) = properties.items()
    words = _words(inner)
    if not words:
        raise UnwrittenError
    return name, words, list(required)


def _words(node: object) -> list[str]:
    """The words of a schema that says only words."""
    if not isinstance(node, Mapping) or node.keys() not in ({"const"}, {"enum"}):
        return []
    words = node.get("enum", [node.get("const")])
    return words if all(isinstance(word, str) for word in words) else []


def _tell_apart(branches: object) -> None:
    """Raises `UnwrittenError` unless a member with one word each tells the branches apart."""
    if not isinstance(branches, list) or not all(isinstance(branch, Mapping) for branch in branches):
        raise UnwrittenError
    tags = [
        {name: inner["const"] for name in branch.get("required", ())
         if isinstance(inner := branch.get("properties", {}).get(name), Mapping)
         and isinstance(inner.get("const"), str)}
        for branch in branches
    ]  # fmt: skip
    if not any(
        all(name in tag for tag in tags) and len({tag[name] for tag in tags}) == len(tags) for name in tags[0]
    ):
        raise UnwrittenError
