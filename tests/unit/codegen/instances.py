"""Instances of resolved schemas of the profile: valid ones by construction, and near misses of them."""

import copy
from collections.abc import Iterator
from functools import lru_cache
from random import Random
from typing import Any

from canonry.regular import Language, lengths, pattern
from canonry.schema.formats import FORMATS

STRANGE = (
    None, True, False, 0, 1, -1, 1.0, 0.5, 2**53 + 1, 1e300, -0.0, "", "x", "0", "1", "true", "null",
    "2026-02-30", "1990-12-31T23:59:60Z", "a\n", "é", "\u202e", [], [None], [[]], {}, {"x": 1}, "x" * 3000,
)  # fmt: skip
"""Values that some field somewhere takes and most refuse."""


@lru_cache(maxsize=4096)
def _language(patterns: tuple[str, ...], refused: tuple[str, ...], low: int, high: int | None) -> Language:
    language = lengths(low, high)
    for text in patterns:
        language &= pattern(text)
    for text in refused:
        language -= pattern(text)
    return language


class Maker:
    """Makes values that a schema accepts. Keywords outside the profile are not looked at."""

    def __init__(self, root: dict[str, Any], rng: Random) -> None:
        self.root = root
        self.rng = rng

    def value(self, schema: dict[str, Any], depth: int = 0) -> Any:
        schema = self.merged(schema)
        rng = self.rng
        if "const" in schema:
            return copy.deepcopy(schema["const"])
        if "enum" in schema:
            return copy.deepcopy(rng.choice(schema["enum"]))
        if "oneOf" in schema:
            bare = {key: value for key, value in schema.items() if key != "oneOf"}
            return self.value({"allOf": [bare, rng.choice(schema["oneOf"])]}, depth)
        kind = schema.get("type", "string")
        kind = rng.choice(kind) if isinstance(kind, list) else kind
        if kind == "object":
            return self.object(schema, depth)
        if kind == "array":
            return self.array(schema, depth)
        if kind == "string":
            return self.string(schema)
        if kind in ("integer", "number"):
            return self.number(schema, whole=kind == "integer")
        return {"boolean": rng.random() < 0.5, "null": None}[kind]

    def merged(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema with references and `allOf` carried out; patterns are collected."""
        found: dict[str, Any] = {}
        stack = [schema]
        while stack:
            part = stack.pop()
            if part is True:
                continue
            for key, value in part.items():
                if key == "$ref":
                    target: Any = self.root
                    for token in value.lstrip("#/").split("/") if value != "#" else ():
                        target = target[token]
                    stack.append(target)
                elif key == "allOf":
                    stack.extend(value)
                elif key == "pattern":
                    found.setdefault("patterns", []).append(value)
                elif key == "format" and value in FORMATS:
                    found.setdefault("patterns", []).append(FORMATS[value].pattern)
                    if FORMATS[value].longest is not None:
                        found["maxLength"] = min(FORMATS[value].longest, found.get("maxLength", 10**9))
                elif key == "not" and "pattern" in value:
                    found.setdefault("nots", []).append(value["pattern"])
                elif key == "properties":
                    own = found.setdefault("properties", {})
                    for name, inner in value.items():
                        own[name] = {"allOf": [own[name], inner]} if name in own else inner
                elif key == "required":
                    found["required"] = [*found.get("required", []), *value]
                elif key in ("minLength", "minItems", "minProperties", "minimum"):
                    found[key] = max(value, found.get(key, value))
                elif key in ("maxLength", "maxItems", "maxProperties", "maximum"):
                    found[key] = min(value, found.get(key, value))
                elif key == "enum" and "enum" in found:
                    found["enum"] = [one for one in found["enum"] if one in value]
                elif key == "items" and "items" in found:
                    found["items"] = {"allOf": [found["items"], value]}
                else:
                    found.setdefault(key, value)
        return found

    def object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        properties = schema.get("properties", {})
        required = set(schema.get("required", ()))
        least = schema.get("minProperties", 0)
        names = [name for name in properties if name in required or (depth < 4 and self.rng.random() < 0.5)]
        names += [name for name in properties if name not in names][: max(least - len(names), 0)]
        made = {name: self.value(properties[name], depth + 1) for name in properties if name in names}
        made |= {name: "?" for name in required if name not in made}
        if schema.get("additionalProperties", True) is True and self.rng.random() < 0.3:
            made["unknown to all"] = copy.deepcopy(self.rng.choice(STRANGE))
        return made

    def array(self, schema: dict[str, Any], depth: int) -> list[Any]:
        low, high = schema.get("minItems", 0), schema.get("maxItems", 4)
        if depth > 5:
            high = low
        number = self.rng.randint(low, max(min(low + 3, high), low))
        found: list[Any] = []
        for _ in range(number * 4):
            item = self.value(schema.get("items", {}), depth + 1)
            if not schema.get("uniqueItems") or item not in found:
                found.append(item)
            if len(found) == number:
                break
        return found

    def string(self, schema: dict[str, Any]) -> str:
        language = _language(
            tuple(sorted(set(schema.get("patterns", ())))),
            tuple(sorted(set(schema.get("nots", ())))),
            schema.get("minLength", 0),
            schema.get("maxLength"),
        )
        return language.sample(self.rng)

    def number(self, schema: dict[str, Any], *, whole: bool) -> Any:
        low = schema.get("minimum", schema.get("exclusiveMinimum", -1000))
        high = schema.get("maximum", schema.get("exclusiveMaximum", max(low, 0) + 100000))
        low += 1 if "exclusiveMinimum" in schema else 0
        step = schema.get("multipleOf")
        if whole:
            value = self.rng.choice([low, high, self.rng.randint(int(low), int(high))])
            value = value - value % step if step else value
            return float(value) if self.rng.random() < 0.1 and abs(value) < 2**53 else value
        if step == 0.01:
            return self.rng.randint(int(low * 100), int(min(high, 10**9) * 100)) / 100
        return self.rng.choice([low, high, self.rng.uniform(low, high)])


def near_misses(value: Any, rng: Random, number: int) -> Iterator[Any]:
    """Copies of a value with one or two things changed at random places."""
    for _ in range(number):
        changed = _changed(copy.deepcopy(value), rng)
        yield _changed(changed, rng) if rng.random() < 0.2 else changed


def _changed(value: Any, rng: Random) -> Any:
    if isinstance(value, dict):
        if value and rng.random() < 0.65:
            key = rng.choice(list(value))
            value[key] = _changed(value[key], rng)
        elif value and rng.random() < 0.5:
            del value[rng.choice(list(value))]
        else:
            value[rng.choice(["unknown", "", "x y", "__class__", "model_config", *value])] = copy.deepcopy(
                rng.choice(STRANGE)
            )
        return value
    if isinstance(value, list):
        if value and rng.random() < 0.6:
            index = rng.randrange(len(value))
            value[index] = _changed(value[index], rng)
        elif value and rng.random() < 0.5:
            value.append(copy.deepcopy(value[0]))
        else:
            return rng.choice([[], value * 300, copy.deepcopy(rng.choice(STRANGE))])
        return value
    if isinstance(value, str) and rng.random() < 0.5:
        return rng.choice(
            [value.upper(), value + "\n", value[:-1], value + value, " " + value, value.replace("-", "_")]
        )
    if isinstance(value, int | float) and not isinstance(value, bool) and rng.random() < 0.5:
        return rng.choice([-value, value + 0.001, str(value), float(value), value * 100, value + 1])
    return copy.deepcopy(rng.choice(STRANGE))
