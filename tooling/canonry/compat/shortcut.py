"""A cheap proof for what most changes are: a closed object with properties that came, or differ one by one.

Sound, never complete: where it does not prove, the whole schemas are compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

from canonry.catalogue.refs import ANNOTATIONS
from canonry.catalogue.resolved import WORD_PATTERNS
from canonry.compat.bump import assertions, asserts_alike
from canonry.kernel.jsonvalue import same

Way = Literal["backward", "forward"]

_PLAIN: Final = frozenset({"$schema", "$defs", "type", "properties", "required", "additionalProperties"})
"""Keywords of a root whose members do not know of one another."""

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
    left, right = _Side.of(old), _Side.of(new)
    if left is None or right is None:
        return False
    changed = _changed(left, right)
    questions = [
        name
        for name in before
        if name in after
        and (
            (changed and not changed.isdisjoint(_referred(left.properties[name])))
            or not _alike(left.properties[name], right.properties[name], before[name], after[name])
        )
    ]
    if len(questions) > MOST:
        return False
    return all(_answer(left.alone(name), right.alone(name), way) for name in questions)


def _plain(schema: Mapping[str, Any]) -> bool:
    return (
        schema.get("type") == "object"
        and schema.get("additionalProperties") is False
        and isinstance(schema.get("properties", {}), dict)
        and isinstance(schema.get("$defs", {}), dict)
        and isinstance(required := schema.get("required", []), list)
        and all(isinstance(name, str) for name in required)
        and all(key in _PLAIN or key in ANNOTATIONS or key.startswith("x-") for key in schema)
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """One schema, taken apart: properties and definitions as they are and as JSON."""

    schema: Mapping[str, Any]
    properties: Mapping[str, bytes]
    definitions: Mapping[str, bytes]

    @classmethod
    def of(cls, schema: Mapping[str, Any]) -> _Side | None:
        """None where a reference leads to anything but a definition of the root, or a number is too large."""
        import orjson

        try:
            properties = {name: orjson.dumps(inner) for name, inner in schema.get("properties", {}).items()}
            definitions = {name: orjson.dumps(inner) for name, inner in schema.get("$defs", {}).items()}
        except TypeError:
            return None
        whole = b",".join((*properties.values(), *definitions.values()))
        if len(_DEFINITION.findall(whole)) != whole.count(b'"$ref"') or any(
            keyword in whole for keyword in _ELSEWHERE
        ):
            return None
        return cls(schema, properties, definitions)

    def alone(self, name: str) -> bytes:
        """One property as a document of its own, with the definitions that it reaches and without prose."""
        needed: dict[str, bytes] = {}
        todo = [self.properties[name]]
        while todo:
            for other in _referred(todo.pop()):
                if other in self.definitions and other not in needed:
                    needed[other] = self.definitions[other]
                    todo.append(needed[other])
        return _document(self.schema.get("$schema"), self.properties[name], tuple(sorted(needed.items())))


_ELSEWHERE: Final = tuple(
    f'"{keyword}"'.encode()
    for keyword in ("$dynamicRef", "$recursiveRef", "$id", "$anchor", "$dynamicAnchor", "$defs")
)

_DEFINITION: Final = re.compile(rb'"\$ref":"#/\$defs/([A-Za-z0-9_~.-]+)"')


def _referred(written: bytes) -> frozenset[str]:
    """Definitions of the root that a schema refers to."""
    if b'"$ref"' not in written:
        return frozenset()
    found = _DEFINITION.findall(written)
    return frozenset(name.decode().replace("~1", "/").replace("~0", "~") for name in found)


def _changed(left: _Side, right: _Side) -> set[str]:
    """Definitions that differ, themselves or in what they refer to."""
    before, after = left.schema.get("$defs", {}), right.schema.get("$defs", {})
    changed = {
        name
        for name in before.keys() | after.keys()
        if name not in before
        or name not in after
        or not _alike(left.definitions[name], right.definitions[name], before[name], after[name])
    }
    found = set(changed)
    while changed and (
        more := {
            name
            for side in (left, right)
            for name, written in side.definitions.items()
            if name not in found and not found.isdisjoint(_referred(written))
        }
    ):
        found |= more
    return found


def _alike(left: bytes, right: bytes, old: Any, new: Any) -> bool:
    """Whether two schemas assert the same; quick where they are written alike."""
    return left == right or asserts_alike(old, new)


@lru_cache(maxsize=4096)
def _document(dialect: Any, written: bytes, definitions: tuple[tuple[str, bytes], ...]) -> bytes:
    """A property with its definitions as one document: the same bytes for all that assert the same."""
    import orjson

    schema = json.loads(written)
    if not isinstance(schema, dict):
        return written
    document = assertions({key: value for key, value in schema.items() if not key.startswith("x-")})
    if definitions:
        document["$defs"] = {name: assertions(json.loads(inner)) for name, inner in definitions}
    return orjson.dumps(document if dialect is None else {"$schema": dialect, **document})


@lru_cache(maxsize=4096)
def _answer(old: bytes, new: bytes, way: Way) -> bool:
    """Asked once per pair of property schemas: many contracts share theirs."""
    left, right = json.loads(old), json.loads(new)
    if _only_words(left if way == "backward" else right, right if way == "backward" else left):
        return True
    from canonry.schema import compare

    return compare(left, right, direction=way, reading="declared").verdict == "proved"


def _only_words(sent: Any, read: Any) -> bool:
    """Whether two documents differ in vocabularies alone: one has the words, the other the grammar.

    Whoever sends knows the words and whoever reads the grammar, so an open vocabulary looks different on both
    sides of every change. Where each keyword takes more as its subschemas take more, that breaks nobody.
    """
    if not (isinstance(sent, dict) and isinstance(read, dict)):
        return False
    before, after = sent.get("$defs", {}), read.get("$defs", {})
    return (
        before.keys() == after.keys()
        and all(same(schema, after[name]) or _spoken(schema, after[name]) for name, schema in before.items())
        and same({**sent, "$defs": {}}, {**read, "$defs": {}})
        and _grows(sent)
    )


def _spoken(sent: Any, read: Any) -> bool:
    """Whether one is a vocabulary's words and the other its grammar, which has each of them."""
    if not (isinstance(sent, dict) and isinstance(read, dict)):
        return False
    if sent.keys() != {*_WORD, "enum"} or read.keys() != {*_WORD, "pattern"}:
        return False
    pattern = read["pattern"]
    return (
        all(same(sent[key], read[key]) for key in _WORD)
        and pattern in WORD_PATTERNS.values()
        and all(isinstance(word, str) and re.fullmatch(pattern[1:-1], word) for word in sent["enum"])
    )


_WORD: Final = ("type", "x-vocabulary")


def _grows(schema: Any) -> bool:
    """Whether the schema takes more, or the same, where a schema inside it takes more."""
    if not isinstance(schema, dict):
        return isinstance(schema, bool)
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            if not (isinstance(value, dict) and all(map(_grows, value.values()))):
                return False
        elif key in ("allOf", "anyOf"):
            if not (isinstance(value, list) and all(map(_grows, value))):
                return False
        elif key in ("items", "additionalProperties"):
            if not _grows(value):
                return False
        elif key not in _SCALAR and not key.startswith("x-"):
            return False
    return True


_SCALAR: Final = frozenset(
    {
        "$schema", "$ref", "type", "enum", "const", "required", "pattern", "format", "multipleOf",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems",
        "maxItems", "uniqueItems", "minProperties", "maxProperties",
    }
)  # fmt: skip
"""Keywords without schemas inside."""
