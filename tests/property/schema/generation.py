"""Random schemas and values over pools that are kept small, so that schemas and values meet."""

from __future__ import annotations

import copy
from random import Random

NAMES = ("a", "b", "c", "ab")
WORDS = ("", "a", "b", "ab", "aab", "ba", "1", "a1")
NUMBERS = (-1, 0, 1, 2, 3, 4, 6, 0.5, 1.5, 2.5)
PATTERNS = ("^a", "b$", "^[ab]*$", "^a?b?$", "1", "^.{2}$", "^(?:a|b)$", "^a{1,2}$")
DIALECTS = {
    4: "http://json-schema.org/draft-04/schema#",
    6: "http://json-schema.org/draft-06/schema#",
    7: "http://json-schema.org/draft-07/schema#",
    2019: "https://json-schema.org/draft/2019-09/schema",
    2020: "https://json-schema.org/draft/2020-12/schema",
}
TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")


class Generator:
    """Draws schemas of one dialect. `definitions` are the names that `$ref` may use."""

    def __init__(self, rng: Random, dialect: int) -> None:
        self.rng = rng
        self.dialect = dialect
        self.definitions: list[str] = []

    def document(self, depth: int = 3):
        """A whole document, with or without definitions that may refer to each other."""
        if self.rng.random() < 0.35:
            self.definitions = ["p", "q"][: self.rng.randint(1, 2)]
        schema = self.schema(depth)
        if schema is True or schema is False:
            schema = {"not": {}} if schema is False else {}
        key = "definitions" if self.dialect < 2019 else "$defs"
        if self.definitions:
            schema = dict(schema)
            schema[key] = {name: self.schema(depth - 1) for name in self.definitions}
        return {"$schema": DIALECTS[self.dialect], **schema}

    def value(self, depth: int = 2):
        """A small JSON value."""
        roll = self.rng.random()
        if roll < 0.1:
            return None
        if roll < 0.2:
            return self.rng.random() < 0.5
        if roll < 0.45:
            return self.rng.choice(NUMBERS)
        if roll < 0.65 or depth == 0:
            return self.rng.choice(WORDS)
        if roll < 0.82:
            return [self.value(depth - 1) for _ in range(self.rng.choice((0, 1, 1, 2, 2, 3)))]
        return {
            name: self.value(depth - 1)
            for name in self.rng.sample(NAMES, self.rng.choice((0, 1, 1, 2, 2, 3)))
        }

    def schema(self, depth: int):
        """A schema of at most this depth."""
        rng = self.rng
        if depth <= 0 or rng.random() < 0.07:
            if self.dialect >= 6 and rng.random() < 0.3:
                return rng.random() < 0.6
            return self.leaf()
        if self.definitions and rng.random() < 0.12:
            key = "definitions" if self.dialect < 2019 else "$defs"
            return {"$ref": f"#/{key}/{rng.choice(self.definitions)}"}
        schema: dict = {}
        kind = rng.choice(
            (
                "number",
                "string",
                "array",
                "array",
                "object",
                "object",
                "object",
                "combined",
                "combined",
                "leaf",
            )
        )
        if kind == "leaf":
            return self.leaf()
        getattr(self, f"_{kind}")(schema, depth)
        if rng.random() < 0.2:
            getattr(self, f"_{rng.choice(('number', 'string', 'array', 'object', 'combined'))}")(
                schema, depth
            )
        return schema

    def leaf(self):
        """A schema without subschemas."""
        rng = self.rng
        roll = rng.random()
        if roll < 0.15:
            return {}
        if roll < 0.35:
            return {"enum": [self.value(1) for _ in range(rng.randint(1, 3))]}
        if roll < 0.45 and self.dialect >= 6:
            return {"const": self.value(1)}
        if roll < 0.75:
            return {"type": rng.choice(TYPES)}
        if roll < 0.85:
            return {"type": rng.sample(TYPES, 2)}
        schema: dict = {}
        (self._number if rng.random() < 0.5 else self._string)(schema, 0)
        return schema

    def _number(self, schema: dict, depth: int) -> None:
        rng = self.rng
        if rng.random() < 0.7:
            schema["type"] = rng.choice(("number", "integer"))
        for keyword in rng.sample(("minimum", "maximum", "multipleOf", "exclusive"), rng.randint(1, 2)):
            if keyword == "multipleOf":
                schema[keyword] = rng.choice((0.5, 1, 2, 3, 1.5))
            elif keyword == "exclusive":
                if self.dialect == 4:
                    schema.setdefault("minimum", rng.choice(NUMBERS))
                    schema["exclusiveMinimum"] = rng.random() < 0.7
                else:
                    schema[rng.choice(("exclusiveMinimum", "exclusiveMaximum"))] = rng.choice(NUMBERS)
            else:
                schema[keyword] = rng.choice(NUMBERS)

    def _string(self, schema: dict, depth: int) -> None:
        rng = self.rng
        if rng.random() < 0.7:
            schema["type"] = "string"
        for keyword in rng.sample(("minLength", "maxLength", "pattern"), rng.randint(1, 2)):
            schema[keyword] = rng.choice(PATTERNS) if keyword == "pattern" else rng.randint(0, 3)

    def _array(self, schema: dict, depth: int) -> None:
        rng = self.rng
        if rng.random() < 0.7:
            schema["type"] = "array"
        keywords = ["items", "minItems", "maxItems", "uniqueItems", "tuple", "contains"]
        if self.dialect >= 2019:
            keywords.append("unevaluatedItems")
        for keyword in rng.sample(keywords, rng.randint(1, 3)):
            if keyword in ("minItems", "maxItems"):
                schema[keyword] = rng.randint(0, 3)
            elif keyword == "uniqueItems":
                schema[keyword] = rng.random() < 0.8
            elif keyword == "items":
                if not isinstance(schema.get("items"), list):
                    schema["items"] = self.schema(depth - 1)
            elif keyword == "tuple":
                parts = [self.schema(depth - 1) for _ in range(rng.randint(1, 2))]
                if self.dialect >= 2020:
                    schema["prefixItems"] = parts
                else:
                    schema["items"] = parts
                    if rng.random() < 0.5:
                        schema["additionalItems"] = self.schema(depth - 1) if rng.random() < 0.6 else False
            elif keyword == "contains":
                if self.dialect >= 6:
                    schema["contains"] = self.schema(depth - 1)
                    if self.dialect >= 2019 and rng.random() < 0.5:
                        schema["minContains"] = rng.randint(0, 2)
                    if self.dialect >= 2019 and rng.random() < 0.4:
                        schema["maxContains"] = rng.randint(0, 2)
            else:
                schema[keyword] = self.schema(depth - 1) if rng.random() < 0.5 else False
                if self.dialect == 4 and isinstance(schema[keyword], bool):
                    schema[keyword] = {}

    def _object(self, schema: dict, depth: int) -> None:
        rng = self.rng
        if rng.random() < 0.7:
            schema["type"] = "object"
        keywords = [
            "properties",
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "minProperties",
            "maxProperties",
            "dependencies",
        ]
        if self.dialect >= 6:
            keywords.append("propertyNames")
        if self.dialect >= 2019:
            keywords.append("unevaluatedProperties")
        for keyword in rng.sample(keywords, rng.randint(1, 4)):
            if keyword == "properties":
                schema[keyword] = {
                    name: self.schema(depth - 1) for name in rng.sample(NAMES, rng.randint(1, 3))
                }
            elif keyword == "required":
                schema[keyword] = rng.sample(NAMES, rng.randint(1, 2))
            elif keyword in ("additionalProperties", "unevaluatedProperties"):
                schema[keyword] = self.schema(depth - 1) if rng.random() < 0.5 else rng.random() < 0.2
            elif keyword == "patternProperties":
                schema[keyword] = {
                    rng.choice(PATTERNS): self.schema(depth - 1) for _ in range(rng.randint(1, 2))
                }
            elif keyword in ("minProperties", "maxProperties"):
                schema[keyword] = rng.randint(0, 3)
            elif keyword == "propertyNames":
                schema[keyword] = (
                    self.schema(0) if rng.random() < 0.3 else {rng.choice(("pattern", "maxLength")): None}
                )
                if "pattern" in schema[keyword] if isinstance(schema[keyword], dict) else False:
                    schema[keyword] = {"pattern": rng.choice(PATTERNS)}
                elif isinstance(schema[keyword], dict) and schema[keyword].get("maxLength", 0) is None:
                    schema[keyword] = {"maxLength": rng.randint(0, 2)}
            elif self.dialect < 2019:
                schema["dependencies"] = {
                    rng.choice(NAMES): (
                        rng.sample(NAMES, rng.randint(1, 2))
                        if rng.random() < 0.6
                        else self.schema_object(depth - 1)
                    )
                }
            elif rng.random() < 0.5:
                schema["dependentRequired"] = {rng.choice(NAMES): rng.sample(NAMES, rng.randint(1, 2))}
            else:
                schema["dependentSchemas"] = {rng.choice(NAMES): self.schema(depth - 1)}

    def schema_object(self, depth: int):
        """A schema that is no boolean, for drafts and places that have none."""
        schema = self.schema(depth)
        return schema if isinstance(schema, dict) else {}

    def _combined(self, schema: dict, depth: int) -> None:
        rng = self.rng
        keywords = ["allOf", "anyOf", "oneOf", "not", "type"]
        if self.dialect >= 7:
            keywords.append("if")
        for keyword in rng.sample(keywords, rng.randint(1, 2)):
            if keyword == "not":
                schema["not"] = self.schema_object(depth - 1)
            elif keyword == "type":
                schema["type"] = rng.sample(TYPES, rng.randint(1, 3))
            elif keyword == "if":
                schema["if"] = self.schema(depth - 1)
                for branch in rng.sample(("then", "else"), rng.randint(1, 2)):
                    schema[branch] = self.schema(depth - 1)
            else:
                schema[keyword] = [self.schema_object(depth - 1) for _ in range(rng.randint(1, 3))]


def mutated(rng: Random, document, generator: Generator):
    """The document with one or two places changed: a keyword dropped, replaced or added."""
    result = copy.deepcopy(document)
    for _ in range(rng.randint(1, 2)):
        places = [place for place in _places(result) if place]
        if not places:
            break
        schema = rng.choice(places)
        keys = [key for key in schema if key not in ("$schema", "$defs", "definitions", "$ref")]
        roll = rng.random()
        if keys and roll < 0.35:
            del schema[rng.choice(keys)]
        elif keys and roll < 0.6:
            key = rng.choice(keys)
            other = generator.schema_object(2)
            if key in other:
                schema[key] = other[key]
            else:
                schema.update({k: v for k, v in other.items() if k != "$ref"})
        else:
            other = generator.schema_object(1)
            schema.update({k: v for k, v in other.items() if k != "$ref"})
    return result


def _places(schema):
    if isinstance(schema, dict):
        yield schema
        for keyword, held in schema.items():
            if keyword in ("const", "enum", "required", "type", "dependentRequired"):
                continue
            if isinstance(held, dict) and keyword in (
                "properties",
                "patternProperties",
                "$defs",
                "definitions",
                "dependentSchemas",
            ):
                for part in held.values():
                    yield from _places(part)
            elif isinstance(held, dict) and keyword != "dependencies":
                yield from _places(held)
            elif isinstance(held, list):
                for part in held:
                    yield from _places(part)


def pair(seed: int):
    """An old and a new document: the new one is drawn anew, or is the old one changed a little."""
    rng = Random(seed)
    dialect = rng.choice((4, 6, 7, 7, 2019, 2020, 2020, 2020))
    generator = Generator(rng, dialect)
    old = generator.document(rng.randint(1, 3))
    roll = rng.random()
    if roll < 0.75:
        new = mutated(rng, old, generator)
    elif roll < 0.9:
        generator.definitions = []
        new = generator.document(rng.randint(1, 3))
    else:
        other = Generator(rng, rng.choice((6, 7, 2019, 2020)))
        new = other.document(rng.randint(1, 3))
    return old, new


def values(rng: Random, count: int):
    """Small values to try schemas on."""
    generator = Generator(rng, 2020)
    fixed = [None, True, False, *NUMBERS, *WORDS, [], {}]
    return fixed + [generator.value(2) for _ in range(count)]
