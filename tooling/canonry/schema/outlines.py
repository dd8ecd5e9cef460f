"""What can be told of an object schema at a glance: enough to see that two of them have no object in common.

Most unions that people write are tagged (a required member with a constant), or their branches are closed and
require different members. Such branches need not be told apart by search.
"""

from collections.abc import Hashable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from canonry.schema.values import OBJECT, key

if TYPE_CHECKING:
    from canonry.schema.normal import SchemaTerm

Path: TypeAlias = tuple[str, ...]


class Outline(NamedTuple):
    """Members that every object has, those it may have (if that is known), and places with listed values."""

    required: frozenset[str]
    allowed: frozenset[str] | None
    tags: dict[Path, frozenset[Hashable]]


NO_OUTLINE = Outline(frozenset(), None, {})


def outline(term: "SchemaTerm") -> Outline:
    """Of the objects that a schema accepts; through `allOf` and references, and into required members."""
    keywords = term.keywords
    named = keywords.get("properties")
    names = frozenset(named) if isinstance(named, dict) else frozenset[str]()
    wanted = keywords.get("required")
    required = frozenset(map(str, wanted)) if isinstance(wanted, list) else frozenset[str]()
    closed = keywords.get("additionalProperties") is False and not keywords.get("patternProperties")
    allowed = names if closed else None
    tags: dict[Path, frozenset[Hashable]] = {}
    for other in (*term.beside_all("allOf"), *term.targets()):
        parts = other.outline()
        required |= parts.required
        if parts.allowed is not None:
            allowed = parts.allowed if allowed is None else allowed & parts.allowed
        for path, values in parts.tags.items():
            tags[path] = tags[path] & values if path in tags else values
    for name in names:
        member = term.child("properties", name)
        listed = member.listed()
        if listed is not None:
            values = frozenset(map(key, listed))
            tags[name,] = tags[name,] & values if (name,) in tags else values
        elif member.kinds == OBJECT and name in required:
            inner = member.outline()
            for path, values in inner.tags.items():
                if path[0] in inner.required:
                    tags[name, *path] = values
    return Outline(required, allowed, tags)


def apart(left: Outline, right: Outline) -> bool:
    """Whether no object fits both."""
    for one, other in ((left, right), (right, left)):
        if other.allowed is not None and not one.required <= other.allowed:
            return True
    required = left.required | right.required
    return any(
        path[0] in required and path in right.tags and values.isdisjoint(right.tags[path])
        for path, values in left.tags.items()
        if len(path) == 1 or (path[0] in left.required and path[0] in right.required)
    )
