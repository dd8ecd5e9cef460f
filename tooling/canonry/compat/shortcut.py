"""A cheap proof for what most changes are: a closed object with properties that came, or differ one by one.

Sound, never complete: where it does not prove, the whole schemas are compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from canonry.catalogue.refs import ANNOTATIONS
from canonry.compat.bump import assertions, asserts_alike
from canonry.kernel.jsonvalue import same

if TYPE_CHECKING:
    from canonry.compat.breaks import Way

_PLAIN: Final = frozenset({"$schema", "$defs", "type", "properties", "required", "additionalProperties"})
"""Keywords of a root whose members do not know of one another."""

_DEFINITION: Final = re.compile(rb'"\$ref":"#/\$defs/([A-Za-z0-9_~.-]+)"')
MOST: Final = 40
"""Where more properties than these differ, comparing the whole is no dearer; pairs are asked once for all."""


def plainly_safe(old: Mapping[str, Any], new: Mapping[str, Any], way: Way) -> bool:
    """Whether it is proved, in the declared reading, that the change is compatible this way.

    Both are closed objects of nothing but properties and `required`. A payload of one is then one of the
    other when it has what the other requires and each shared property passes by itself: what only the new
    schema names is stripped (forward) or cannot be there (backward), and what only the old one names cannot
    be there (forward).
    """
    if not (_plain(old) and _plain(new)) or not same(old.get("$schema"), new.get("$schema")):
        return False
    before, after = old.get("properties", {}), new.get("properties", {})
    wanted, given = set(old.get("required", ())), set(new.get("required", ()))
    if not (wanted <= given if way == "forward" else given <= wanted and before.keys() <= after.keys()):
        return False
    differing = _differing(old, new)
    if differing is None:
        return False
    questions = [name for name in before if name in after and name in differing]
    return len(questions) <= MOST and all(
        _proved(_alone(old, before[name]), _alone(new, after[name]), way) for name in questions
    )


def _plain(schema: Mapping[str, Any]) -> bool:
    return (
        schema.get("type") == "object"
        and schema.get("additionalProperties") is False
        and isinstance(schema.get("properties", {}), dict)
        and all(key in _PLAIN or key in ANNOTATIONS or key.startswith("x-") for key in schema)
    )


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str] | None:
    """Shared properties that differ, themselves or in what they refer to; None where that cannot be told."""
    before, after = old.get("$defs", {}), new.get("$defs", {})
    changed = {
        name
        for name in before.keys() | after.keys()
        if name not in before or name not in after or not _alike(before[name], after[name])
    }
    refers: dict[str, set[str]] = {}
    for side in (before, after):
        for name, schema in side.items():
            found = _references(schema)
            if found is None:
                return None
            refers.setdefault(name, set()).update(found)
    while True:
        more = {name for name, others in refers.items() if name not in changed and others & changed}
        if not more:
            break
        changed |= more
    differing: set[str] = set()
    left, right = old.get("properties", {}), new.get("properties", {})
    for name in left.keys() | right.keys():
        for schema in (left.get(name, True), right.get(name, True)):
            found = _references(schema)
            if found is None:
                return None
            if found & changed:
                differing.add(name)
        if name in left and name in right and not _alike(left[name], right[name]):
            differing.add(name)
    return differing


def _references(schema: Any) -> frozenset[str] | None:
    """Definitions that a schema refers to; None where it refers to anything else, or has its own."""
    written = _written(schema)
    return None if written is None else _referred(written)


@lru_cache(maxsize=4096)
def _referred(written: bytes) -> frozenset[str] | None:
    if any(keyword in written for keyword in _ELSEWHERE):
        return None
    found = _DEFINITION.findall(written)
    if len(found) != written.count(b'"$ref"'):
        return None
    return frozenset(name.decode().replace("~1", "/").replace("~0", "~") for name in found)


_ELSEWHERE: Final = tuple(
    f'"{keyword}"'.encode()
    for keyword in ("$dynamicRef", "$recursiveRef", "$id", "$anchor", "$dynamicAnchor", "$defs")
)


def _alike(old: Any, new: Any) -> bool:
    """Whether two schemas assert the same; quick where they are written alike."""
    written = _written(old)
    return (written is not None and written == _written(new)) or asserts_alike(old, new)


def _written(schema: Any) -> bytes | None:
    """The schema as JSON; None where it holds a number that the fast writer refuses."""
    import orjson

    try:
        return orjson.dumps(schema)
    except TypeError:
        return None


def _alone(root: Mapping[str, Any], schema: Any) -> Any:
    """One property as a document of its own, with the definitions that it reaches and without its prose."""
    if not isinstance(schema, dict):
        return schema
    known = root.get("$defs", {})
    needed: dict[str, Any] = {}
    todo = sorted(_references(schema) or ())
    while todo:
        name = todo.pop()
        if name in known and name not in needed:
            needed[name] = known[name]
            todo.extend(sorted(_references(known[name]) or ()))
    document = assertions({key: value for key, value in schema.items() if not key.startswith("x-")})
    if needed:
        document["$defs"] = {name: assertions(needed[name]) for name in sorted(needed)}
    return document if "$schema" not in root else {"$schema": root["$schema"], **document}


def _proved(old: Any, new: Any, way: Way) -> bool:
    left, right = _written(old), _written(new)
    return left is not None and right is not None and _answer(left, right, way)


@lru_cache(maxsize=4096)
def _answer(old: bytes, new: bytes, way: Way) -> bool:
    """Asked once per pair of property schemas: many contracts share theirs."""
    from canonry.schema import compare

    verdict = compare(json.loads(old), json.loads(new), direction=way, reading="declared").verdict
    return verdict == "proved"
