"""Random schemas, changed schemas and values from small pools, so that they collide. Seeded."""

import copy
import json
import random
from typing import Any

DRAFTS = {
    4: "http://json-schema.org/draft-04/schema#",
    6: "http://json-schema.org/draft-06/schema#",
    7: "http://json-schema.org/draft-07/schema#",
    8: "https://json-schema.org/draft/2019-09/schema",
    9: "https://json-schema.org/draft/2020-12/schema",
}
NAMES = ["a", "b", "ab", "x-a", "é"]
STRINGS = [
    "2026-11-21",
    "127.0.0.1",
    "a@b.example",
    "",
    "a",
    "b",
    "ab",
    "abc",
    "A",
    "1",
    "x-a",
    "é",
    "a\n",
    "😀",
]
NUMBERS = [-1, 0, 1, 2, 3, 4, 6, 7, 0.5, 1.5, 2.5, 10, 1.0, 0.01, 19.99, 9007199254740993]
PATTERNS = [
    "^a",
    "b$",
    "^[a-c]*$",
    "^x-",
    "^.{2,3}$",
    "a|b",
    "^$",
    "^[A-Z]",
    "^(a|ab)*$",
    r"\d",
    "^[^a]+$",
    "é",
]
FORMATS = ["date", "uuid", "ipv4", "email", "hostname", "date-time", "made-up"]
STEPS = [1, 2, 3, 0.5, 0.01, 1.5]
TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]


class Generator:
    """Makes schemas of one draft. `definitions` of the schema in the making may be referred to."""

    def __init__(self, rng: random.Random, draft: int) -> None:
        self.rng = rng
        self.draft = draft
        self.defs = "definitions" if draft <= 7 else "$defs"

    def document(self, depth: int = 3) -> Any:
        """A whole schema, with definitions now and then."""
        rng = self.rng
        if rng.random() < 0.02:
            return rng.random() < 0.5
        if self.draft >= 8 and rng.random() < 0.05:
            return self.tree()
        named = [f"d{n}" for n in range(rng.choice([0, 0, 0, 1, 2]))]
        schema = self.schema(depth, named)
        if not isinstance(schema, dict):
            schema = {} if schema else {"not": {}}
        if named:
            schema.setdefault(self.defs, {})
            for name in named:
                schema[self.defs][name] = self.schema(depth - 1, named, guarded=True)
        return {"$schema": DRAFTS[self.draft], **schema}

    def tree(self) -> Any:
        """A tree that a `$dynamicRef` (or a `$recursiveRef`) lets an outer resource refine."""
        rng = self.rng
        dynamic = self.draft == 9
        anchor = {"$dynamicAnchor": "node"} if dynamic else {"$recursiveAnchor": True}
        inner: dict[str, Any] = {
            "$id": "tree",
            **anchor,
            "type": "object",
            "properties": {
                "a": self.schema(1, []),
                "b": {
                    "type": "array",
                    "items": {"$dynamicRef": "#node"} if dynamic else {"$recursiveRef": "#"},
                },
            },
        }
        outer: dict[str, Any] = {"$id": "http://x.test/outer", "$ref": "tree", "$defs": {"tree": inner}}
        if rng.random() < 0.7:
            outer |= anchor
        if rng.random() < 0.5:
            outer["unevaluatedProperties"] = False
        if rng.random() < 0.5:
            outer["required"] = rng.sample(NAMES, 1)
        if rng.random() < 0.3:
            outer["properties"] = {rng.choice(NAMES): self.schema(1, [])}
        return {"$schema": DRAFTS[self.draft], **outer}

    def schema(self, depth: int, named: list[str], *, guarded: bool = False) -> Any:
        """One schema. Where it is `guarded`, references stand only below members and items."""
        rng = self.rng
        roll = rng.random()
        if self.draft > 4 and roll < 0.06:
            return rng.random() < 0.7
        if named and not guarded and roll < 0.2:
            return {"$ref": f"#/{self.defs}/{rng.choice(named)}"}
        if roll < 0.3:
            return self.values()
        made: dict[str, Any] = {}
        if rng.random() < 0.75:
            kind = rng.choice(TYPES)
            made["type"] = kind if rng.random() < 0.8 else sorted({kind, rng.choice(TYPES)})
            kinds = {"integer": "number"}.get(kind, kind)
        else:
            kinds = rng.choice(["number", "string", "array", "object"])
        getattr(self, f"_{kinds}", lambda *_: None)(made, depth, named)
        if depth > 0 and rng.random() < 0.3:
            self._logic(made, depth, named, guarded=guarded)
        return made

    def values(self) -> dict[str, Any]:
        """An `enum` or a `const`."""
        rng = self.rng
        if self.draft > 4 and rng.random() < 0.4:
            return {"const": self.value(1)}
        found: list[Any] = []
        for _ in range(rng.randint(1, 4)):
            value = self.value(1)
            if json.dumps(value) not in map(json.dumps, found):
                found.append(value)
        return {"enum": found}

    def value(self, depth: int = 2) -> Any:
        """A JSON value from the pools."""
        rng = self.rng
        roll = rng.random()
        if depth > 0 and roll < 0.2:
            return {name: self.value(depth - 1) for name in rng.sample(NAMES, rng.randint(0, 2))}
        if depth > 0 and roll < 0.4:
            return [self.value(depth - 1) for _ in range(rng.randint(0, 3))]
        return rng.choice([None, True, False, rng.choice(NUMBERS), rng.choice(NUMBERS), rng.choice(STRINGS)])

    def _number(self, made: dict[str, Any], _: int, __: list[str]) -> None:
        rng = self.rng
        for keyword in ("minimum", "maximum"):
            if rng.random() < 0.4:
                made[keyword] = rng.choice(NUMBERS)
                if self.draft == 4 and rng.random() < 0.3:
                    made["exclusive" + keyword.title()] = rng.random() < 0.7
        if self.draft > 4:
            for keyword in ("exclusiveMinimum", "exclusiveMaximum"):
                if rng.random() < 0.15:
                    made[keyword] = rng.choice(NUMBERS)
        if rng.random() < 0.25:
            made["multipleOf"] = rng.choice(STEPS)

    def _string(self, made: dict[str, Any], _: int, __: list[str]) -> None:
        rng = self.rng
        if rng.random() < 0.3:
            made["minLength"] = rng.randint(0, 3)
        if rng.random() < 0.3:
            made["maxLength"] = rng.randint(0, 4)
        if rng.random() < 0.5:
            made["pattern"] = rng.choice(PATTERNS)
        if rng.random() < 0.1:
            made["format"] = rng.choice(FORMATS)

    def _object(self, made: dict[str, Any], depth: int, named: list[str]) -> None:
        rng = self.rng
        deeper = depth - 1

        def sub() -> Any:
            return self.schema(deeper, named) if deeper > 0 else self.values()

        if rng.random() < 0.7:
            made["properties"] = {name: sub() for name in rng.sample(NAMES, rng.randint(1, 3))}
        if rng.random() < 0.4:
            made["required"] = rng.sample(NAMES, rng.randint(1, 2))
        if rng.random() < 0.2:
            made["patternProperties"] = {p: sub() for p in rng.sample(PATTERNS, rng.randint(1, 2))}
        if rng.random() < 0.4:
            made["additionalProperties"] = False if rng.random() < 0.6 else sub()
        if rng.random() < 0.15:
            made["minProperties"] = rng.randint(0, 3)
        if rng.random() < 0.15:
            made["maxProperties"] = rng.randint(0, 3)
        if self.draft > 4 and rng.random() < 0.15:
            made["propertyNames"] = rng.choice(
                [
                    {"pattern": rng.choice(PATTERNS)},
                    {"enum": rng.sample(NAMES, 2)},
                    {"maxLength": rng.randint(0, 3)},
                ]
            )
        if self.draft <= 7 and rng.random() < 0.15:
            made["dependencies"] = {rng.choice(NAMES): rng.sample(NAMES, 1) if rng.random() < 0.5 else sub()}
        if self.draft >= 8:
            if rng.random() < 0.1:
                made["dependentRequired"] = {rng.choice(NAMES): rng.sample(NAMES, 1)}
            if rng.random() < 0.1:
                made["dependentSchemas"] = {rng.choice(NAMES): sub()}
            if rng.random() < 0.15:
                made["unevaluatedProperties"] = False if rng.random() < 0.7 else sub()

    def _array(self, made: dict[str, Any], depth: int, named: list[str]) -> None:
        rng = self.rng
        deeper = depth - 1

        def sub() -> Any:
            return self.schema(deeper, named) if deeper > 0 else self.values()

        if rng.random() < 0.3:
            tuple_keyword = "prefixItems" if self.draft == 9 else "items"
            made[tuple_keyword] = [sub() for _ in range(rng.randint(1, 3))]
            if rng.random() < 0.5:
                made["items" if self.draft == 9 else "additionalItems"] = (
                    False if rng.random() < 0.5 and self.draft > 4 else sub()
                )
        elif rng.random() < 0.7:
            made["items"] = sub()
        if rng.random() < 0.3:
            made["minItems"] = rng.randint(0, 3)
        if rng.random() < 0.3:
            made["maxItems"] = rng.randint(0, 3)
        if rng.random() < 0.25:
            made["uniqueItems"] = rng.random() < 0.9
        if self.draft > 4 and rng.random() < 0.25:
            made["contains"] = sub()
            if self.draft >= 8 and rng.random() < 0.4:
                made["minContains"] = rng.randint(0, 2)
            if self.draft >= 8 and rng.random() < 0.4:
                made["maxContains"] = rng.randint(0, 2)
        if self.draft >= 8 and rng.random() < 0.15:
            made["unevaluatedItems"] = False if rng.random() < 0.7 else sub()

    def _logic(self, made: dict[str, Any], depth: int, named: list[str], *, guarded: bool) -> None:
        rng = self.rng

        def sub() -> Any:
            return self.schema(depth - 1, named, guarded=guarded)

        keyword = rng.choice(["allOf", "anyOf", "oneOf", "not", "if", "oneOf", "anyOf"])
        if keyword in ("allOf", "anyOf", "oneOf"):
            made[keyword] = [sub() for _ in range(rng.randint(1, 3))]
        elif keyword == "not":
            made["not"] = sub()
        elif self.draft >= 7:
            made["if"] = sub()
            for branch in ("then", "else"):
                if rng.random() < 0.7:
                    made[branch] = sub()


def changed(rng: random.Random, generator: Generator, document: Any) -> Any:
    """A document like another: some keywords changed, dropped or added, or the whole rewritten."""
    if not isinstance(document, dict):
        return generator.document()
    result = copy.deepcopy(document)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        places = [place for place in _places(result) if place]
        place = rng.choice(places or [result])
        _mutate(rng, generator, place)
    return result


def rewritten(rng: random.Random, document: Any) -> Any:
    """The same meaning, written otherwise."""
    if not isinstance(document, dict):
        return {"allOf": [document]}
    head = {k: v for k, v in document.items() if k in ("$schema", "definitions", "$defs")}
    body = {k: copy.deepcopy(v) for k, v in document.items() if k not in head}
    way = rng.randrange(5) if "$id" not in document else 4  # an identifier means something where it stands
    if way == 0:
        return {**head, "not": {"not": body}}
    if way == 1:
        return {**head, "allOf": [body]}
    if way == 2:
        return {**head, "anyOf": [body, body]}
    if way == 3:
        return {**head, "oneOf": [body]}
    items = list(body.items())
    rng.shuffle(items)
    return {**head, **dict(items)}


def _places(value: Any) -> list[dict[str, Any]]:
    found = []
    stack = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            found.append(part)
            stack += [v for k, v in part.items() if k not in ("enum", "const")]
        elif isinstance(part, list):
            stack += part
    return found


_COUNTS = (
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minContains",
    "maxContains",
)


def _mutate(rng: random.Random, generator: Generator, place: dict[str, Any]) -> None:
    keyword = rng.choice(list(place))
    value = place[keyword]
    roll = rng.random()
    if keyword in ("definitions", "$defs") or keyword.startswith("$"):
        return
    if keyword in _COUNTS and roll < 0.8:
        place[keyword] = max(0, value + rng.choice([-1, 1]))
    elif keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum") and roll < 0.8:
        if not isinstance(value, bool):
            place[keyword] = rng.choice(NUMBERS)
    elif keyword == "multipleOf" and roll < 0.8:
        place[keyword] = rng.choice(STEPS)
    elif keyword == "pattern" and roll < 0.8:
        place[keyword] = rng.choice(PATTERNS)
    elif keyword == "enum" and roll < 0.8:
        if len(value) > 1 and rng.random() < 0.5:
            value.remove(rng.choice(value))
        elif (extra := rng.choice(STRINGS)) not in value:
            value.append(extra)
    elif keyword == "type" and roll < 0.8:
        place[keyword] = rng.choice(TYPES)
    elif keyword == "required" and roll < 0.8:
        place[keyword] = sorted({*value, rng.choice(NAMES)})
    elif keyword in ("anyOf", "oneOf", "allOf") and roll < 0.6:
        if len(value) > 1 and rng.random() < 0.5:
            value.pop(rng.randrange(len(value)))
        else:
            value.append(generator.schema(1, []))
    elif keyword == "properties" and roll < 0.6:
        value[rng.choice(NAMES)] = generator.schema(1, [])
    elif roll < 0.9 and keyword not in ("if", "then", "else", "d0", "d1", "tree"):
        del place[keyword]
        if keyword in ("minimum", "maximum"):
            place.pop("exclusive" + keyword.title(), None) if generator.draft == 4 else None


def values_near(rng: random.Random, document: Any, count: int) -> list[Any]:
    """Values that a document is likely to accept, and some like them that it is not."""
    found: list[Any] = []
    for _ in range(count):
        value = _guided(rng, document, document, 4)
        if rng.random() < 0.4:
            value = _perturbed(rng, value)
        found.append(value)
    return found


def _guided(rng: random.Random, schema: Any, root: Any, depth: int) -> Any:
    plain = Generator(rng, 9)
    if not isinstance(schema, dict) or depth < 0:
        return plain.value(1)
    if isinstance(ref := schema.get("$ref"), str) and ref.startswith("#/"):
        target = root
        for token in ref[2:].split("/"):
            target = target.get(token, {}) if isinstance(target, dict) else {}
        return _guided(rng, target, root, depth - 1)
    merged = dict(schema)
    for keyword in ("allOf", "anyOf", "oneOf"):
        branches = schema.get(keyword)
        if isinstance(branches, list) and branches and rng.random() < 0.8:
            branch = rng.choice(branches)
            if isinstance(branch, dict):
                if "$ref" in branch and rng.random() < 0.6:
                    return _guided(rng, branch, root, depth - 1)
                merged = {**merged, **branch}
                for part in ("properties", "patternProperties"):
                    if part in schema and part in branch:
                        merged[part] = {**schema[part], **branch[part]}
    if "const" in merged:
        return copy.deepcopy(merged["const"])
    if "enum" in merged:
        return copy.deepcopy(rng.choice(merged["enum"])) if merged["enum"] else None
    kinds = merged.get("type", rng.choice(TYPES))
    kind = rng.choice(kinds) if isinstance(kinds, list) else kinds
    if kind == "object":
        return _object_value(rng, merged, root, depth)
    if kind == "array":
        return _array_value(rng, merged, root, depth)
    if kind == "string":
        return rng.choice(STRINGS)
    if kind in ("integer", "number"):
        pool = [n for n in NUMBERS if kind == "number" or n == int(n)]
        pool += [merged[k] for k in ("minimum", "maximum") if k in merged]
        near = rng.choice(pool)
        return near + rng.choice([0, 0, 1, -1]) if abs(near) < 100 else near
    return {"null": None, "boolean": rng.random() < 0.5}[kind]


def _object_value(rng: random.Random, schema: dict[str, Any], root: Any, depth: int) -> dict[str, Any]:
    made = {}
    properties = schema.get("properties", {})
    for name in {*schema.get("required", []), *rng.sample(NAMES, rng.randint(0, 2)), *properties}:
        if name in schema.get("required", []) or rng.random() < 0.6:
            below = properties.get(name, schema.get("additionalProperties", True))
            made[name] = _guided(rng, below, root, depth - 1)
    return made


def _array_value(rng: random.Random, schema: dict[str, Any], root: Any, depth: int) -> list[Any]:
    items = schema.get("items", True)
    prefix = schema.get("prefixItems", items if isinstance(items, list) else [])
    rest = schema.get("additionalItems", True) if isinstance(items, list) else items
    size = rng.randint(schema.get("minItems", 0), schema.get("minItems", 0) + 3)
    made = []
    for index in range(min(size, 6)):
        below = prefix[index] if index < len(prefix) else rest
        if "contains" in schema and rng.random() < 0.3:
            below = schema["contains"]
        made.append(_guided(rng, below, root, depth - 1))
    return made


def _perturbed(rng: random.Random, value: Any) -> Any:
    if isinstance(value, dict) and value and rng.random() < 0.7:
        name = rng.choice(list(value))
        if rng.random() < 0.4:
            return {k: v for k, v in value.items() if k != name}
        return {**value, rng.choice([name, rng.choice(NAMES)]): _perturbed(rng, value[name])}
    if isinstance(value, list) and value and rng.random() < 0.7:
        index = rng.randrange(len(value))
        if rng.random() < 0.4:
            return value[:index] + value[index + 1 :]
        return [*value[:index], _perturbed(rng, value[index]), *value[index + 1 :]]
    return Generator(rng, 9).value(1)
