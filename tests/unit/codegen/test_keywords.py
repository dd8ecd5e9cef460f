"""Model, schema and contract agree on every keyword of the profile, and on values that Python confuses."""

import itertools
from random import Random

import pytest
from tests.unit.codegen.instances import STRANGE, Maker, near_misses
from tests.unit.codegen.test_agreement import Verdicts

LINE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["sku"],
    "properties": {"sku": {"type": "string"}, "price": {"type": "number", "multipleOf": 0.01}},
}

FIELDS = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "null": {"type": "null"},
    "types": {"type": ["string", "null"]},
    "numbers": {"type": ["integer", "boolean"]},
    "enum": {"type": "string", "enum": ["a", "b c", '"""', "\\n", "None", "1"]},
    "enum-mixed": {"enum": ["1", 1, True, None, 2.5]},
    "enum-numbers": {"enum": [1, 2]},
    "enum-booleans": {"enum": [True]},
    "enum-objects": {"enum": [{"a": 1}, [1]]},
    "const": {"const": "fixed"},
    "const-number": {"const": 1},
    "const-false": {"const": False},
    "const-null": {"const": None},
    "const-float": {"const": 0.5},
    "pattern": {"type": "string", "pattern": "^[a-z]+$"},
    "lengths": {"type": "string", "minLength": 2, "maxLength": 3},
    "not": {"type": "string", "not": {"pattern": "shop"}},
    "bounds": {"type": "integer", "minimum": 1, "maximum": 5},
    "exclusive": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    "multiple": {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 1000},
    "multiple-whole": {"type": "integer", "multipleOf": 3},
    "large": {"type": "integer", "minimum": 0, "maximum": 2**64},
    "items": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3},
    "unique": {"type": "array", "items": {"type": "number"}, "uniqueItems": True},
    "items-null": {"type": "array", "items": {"type": ["string", "null"]}},
    "list": {"type": "array"},
    "object": {"type": "object", "additionalProperties": True, "minProperties": 1, "maxProperties": 2},
    "closed": LINE,
    "open": {**LINE, "additionalProperties": True},
    "lines": {"type": "array", "items": LINE},
    "ref": {"$ref": "#/$defs/line"},
    "ref-annotated": {"$ref": "#/$defs/line", "description": "Another."},
    "ref-narrowed": {"$ref": "#/$defs/word", "maxLength": 2},
    "all-of": {
        "allOf": [
            {"$ref": "#/$defs/open"},
            {"type": "object", "properties": {"sku": {"maxLength": 3}}, "required": ["sku"]},
        ]
    },
    "tree": {"$ref": "#/$defs/tree"},
    "forest": {"type": "array", "items": {"allOf": [{"$ref": "#/$defs/tree"}]}},
    "tagged": {
        "oneOf": [
            {
                "type": "object",
                "additionalProperties": False,
                "required": ["kind", "card"],
                "properties": {"kind": {"const": "card"}, "card": {"type": "string"}},
            },
            {
                "type": "object",
                "additionalProperties": False,
                "required": ["kind"],
                "properties": {"kind": {"const": "cash"}, "change": {"type": ["number", "null"]}},
            },
        ]
    },
    "condition": {
        "type": "object",
        "additionalProperties": False,
        "required": ["kind"],
        "properties": {"kind": {"enum": ["a", "b"]}, "note": {"type": "string"}},
        "if": {"properties": {"kind": {"const": "a"}}, "required": ["kind"]},
        "then": {"required": ["note"]},
    },
    **{
        f"format-{name}": {"type": "string", "format": name}
        for name in (
            "date",
            "time",
            "date-time",
            "duration",
            "uuid",
            "email",
            "hostname",
            "ipv4",
            "ipv6",
            "uri",
        )
    },
    "anything": {},
    "always": True,
}
DEFINITIONS = {
    "line": LINE,
    "open": {**LINE, "additionalProperties": True},
    "word": {"type": "string", "pattern": "^[a-z]+$"},
    "tree": {
        "type": "object",
        "additionalProperties": False,
        "required": ["name"],
        "properties": {
            "name": {"type": "string"},
            "children": {"type": "array", "items": {"$ref": "#/$defs/tree"}, "maxItems": 3},
        },
    },
}
NAMES = ("value", "class", "model_config", "copy", "a b", "1st", "_x", "payload", "str", "é")


@pytest.mark.parametrize("required", [True, False], ids=["required", "optional"])
@pytest.mark.parametrize("keyword", FIELDS)
def test_a_keyword_means_the_same_everywhere(keyword, required, client_of):
    """Whatever stands in the field, all of them accept it or none does."""
    name = NAMES[(len(keyword) + required) % len(NAMES)]
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": [name] if required else [],
        "properties": {name: FIELDS[keyword], "other": {"type": "string"}},
        "$defs": DEFINITIONS,
    }
    package = client_of({"/events/thing/v1": schema})
    module = __import__(f"{package.__name__}.events", fromlist=["Thing"])
    verdicts = Verdicts(module.Thing, schema)
    verdicts.exactly = 1
    rng = Random(keyword)
    for value in STRANGE:
        verdicts.agree({name: value})
        verdicts.agree({name: [value]})
        verdicts.agree({name: {"sku": value, "kind": value, "name": value}})
        verdicts.agree({name: {"sku": "x", "kind": "cash", "name": "x", "change": value, "price": value}})
    maker = Maker(schema, rng)
    for _ in range(40):
        payload = maker.value(schema)
        verdicts.agree(payload)
        for near in near_misses(payload, rng, 15):
            verdicts.agree(near)


ROOTS = {
    "alternatives": {
        "type": "object",
        "required": ["kind"],
        "additionalProperties": False,
        "properties": {"kind": {"enum": ["a", "b"]}, "x": {"type": ["integer", "string"]}},
        "oneOf": [
            {"properties": {"kind": {"const": "a"}, "x": {"type": "integer"}}},
            {"properties": {"kind": {"const": "b"}, "x": {"type": "string"}}},
        ],
    },
    "open": {"type": "object", "additionalProperties": True, "properties": {"kind": {"type": "string"}}},
    "parts": {
        "allOf": [
            {"type": "object", "properties": {"kind": {"type": "string"}}, "required": ["kind"]},
            {"type": "object", "properties": {"x": {"type": "integer"}}},
        ],
        "type": "object",
        "properties": {"kind": True, "x": True},
        "additionalProperties": False,
    },
    "itself": {
        "type": "object",
        "additionalProperties": False,
        "properties": {"kind": {"type": "string"}, "x": {"$ref": "#"}},
    },
    "few": {
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
        "properties": {"kind": {"type": "string"}, "x": {"type": "integer"}},
    },
    "none": {"type": "object", "additionalProperties": False, "properties": {}},
}


@pytest.mark.parametrize("sort", ROOTS)
def test_a_payload_as_a_whole_is_judged_alike(sort, client_of):
    """Alternatives, open payloads, parts, recursion and counts at the root."""
    schema = ROOTS[sort]
    package = client_of({"/events/thing/v1": schema})
    module = __import__(f"{package.__name__}.events", fromlist=["Thing"])
    verdicts = Verdicts(module.Thing, schema)
    verdicts.exactly = 1
    for kind, value in itertools.product(("a", "b", 1, None), STRANGE):
        verdicts.agree({"kind": kind, "x": value})
        verdicts.agree({"x": value})
        verdicts.agree({"kind": kind, "unknown": value})
    verdicts.agree({})
