"""Samples: accepted always, readable where they are shown, the same on every machine."""

import json
from pathlib import Path
from random import Random

import jsonschema_rs
import pytest

from canonry.adapters.worktree import DirectoryTree
from canonry.catalogue.load import load
from canonry.catalogue.refs import References
from canonry.catalogue.resolved import Resolver
from canonry.schema.formats import FORMATS
from canonry.schema.sample import NoSampleError, Sampler

CATALOGUE = load(DirectoryTree(Path(__file__).parents[3])).value
RESOLVER = Resolver(References(CATALOGUE), "today")

SCHEMAS = {
    "const": {"const": {"a": [1]}},
    "enum and type": {"enum": ["b", "a"], "type": "string"},
    "enums that meet": {"allOf": [{"enum": [1, 2, 3]}, {"enum": [3.0, 4]}]},
    "types that meet": {"allOf": [{"type": ["number", "string"]}, {"type": ["integer", "null"]}]},
    "nullable": {"type": ["null", "integer"]},
    "patterns that meet": {"allOf": [{"type": "string", "pattern": "^[a-z]+$"}, {"pattern": "^.{12,}$"}]},
    "a pattern and what is refused": {"type": "string", "pattern": "^[ab]{1,2}$", "not": {"pattern": "^a"}},
    "a format and a length": {"type": "string", "format": "email", "maxLength": 9},
    "lengths": {"type": "string", "minLength": 30, "maxLength": 31},
    "whole steps": {"type": "integer", "minimum": 101, "multipleOf": 7},
    "hundredths": {"type": "number", "exclusiveMinimum": 0, "maximum": 0.01, "multipleOf": 0.01},
    "beyond 2^53": {"type": "integer", "minimum": 2**53 + 1, "maximum": 2**53 + 1},
    "between": {"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 1.5},
    "items of their own": {"type": "array", "items": {"enum": [1, 2, 3]}, "minItems": 3, "uniqueItems": True},
    "recursion": {
        "type": "object",
        "properties": {"next": {"$ref": "#"}, "n": {"type": "integer"}},
        "required": ["n"],
    },
    "a tagged choice": {
        "type": "object",
        "required": ["kind"],
        "oneOf": [
            {"properties": {"kind": {"const": "a"}, "x": {"type": "integer"}}, "required": ["x"]},
            {"properties": {"kind": {"const": "b"}, "y": {"type": "string"}}, "required": ["y"]},
        ],
    },
    "a condition": {
        "type": "object",
        "additionalProperties": False,
        "required": ["kind"],
        "properties": {"kind": {"enum": ["a", "b"]}, "x": {"type": "string"}, "n": {"type": "integer"}},
        "if": {"properties": {"kind": {"const": "a"}}, "required": ["kind"]},
        "then": {"required": ["x"], "properties": {"x": {"pattern": "^[0-9]{3}$"}}},
        "else": {"required": ["n"], "properties": {"n": {"minimum": 1000}}},
    },
    "least members": {
        "type": "object",
        "minProperties": 2,
        "properties": {name: {"type": "string"} for name in "abc"},
    },
    "a default that does not fit": {"type": "integer", "minimum": 5, "default": 1},
    "an example that does not fit": {"type": "string", "pattern": "^x$", "examples": ["y"]},
    "what construction does not reach": {"not": {"type": ["string", "number", "null", "object"]}},
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_keyword_of_the_profile_has_samples(name):
    """Whatever is handed out is accepted, with formats asserted."""
    schema = SCHEMAS[name]
    judge = jsonschema_rs.validator_for(schema, validate_formats=True, formats=dict(FORMATS))
    sampler = Sampler(schema)
    assert judge.is_valid(sampler.example())
    rng = Random(7)
    assert all(judge.is_valid(sampler.draw(rng)) for _ in range(50))


@pytest.mark.parametrize("identifier", CATALOGUE.by_text)
def test_every_shipped_contract_has_samples(identifier):
    """With and without the examples that it holds; the same twice."""
    schema = RESOLVER.resolved(CATALOGUE.by_text[identifier])
    bare = {key: value for key, value in schema.items() if key != "examples"}
    judge = jsonschema_rs.validator_for(schema, validate_formats=True, formats=dict(FORMATS))
    for document in (schema, bare):
        first, second = Sampler(document), Sampler(json.loads(json.dumps(document)))
        assert first.example() == second.example()
        assert judge.is_valid(first.example())
        drawn = [first.draw(Random(seed)) for seed in range(5)]
        assert drawn == [second.draw(Random(seed)) for seed in range(5)]
        assert all(judge.is_valid(value) for value in drawn)


def test_an_example_says_what_the_schema_offers():
    """Its own example first; else every member that is not deprecated, in the words that are offered."""
    assert Sampler({"examples": [1, "x"], "type": "string"}).example() == "x"
    schema = {
        "type": "object",
        "properties": {
            "market": {"enum": ["de", "fr"]},
            "at": {"type": "string", "format": "date-time"},
            "city": {"type": "string", "examples": ["Oslo"]},
            "old": {"type": "string", "deprecated": True},
            "count": {"type": "integer", "minimum": 1},
        },
    }
    example = {"market": "de", "at": "2026-01-31T12:30:00Z", "city": "Oslo", "count": 1}
    assert Sampler(schema).example() == example


def test_an_example_is_the_callers_own():
    """What a caller does to it does not show in the next one."""
    sampler = Sampler({"type": "object", "properties": {"tags": {"type": "array"}}})
    sampler.example()["tags"].append("mine")
    assert sampler.example() == Sampler(sampler.document).example()


def test_a_schema_that_accepts_nothing_says_so():
    """There is no sample, and no search without end."""
    with pytest.raises(NoSampleError, match="it accepts nothing"):
        Sampler({"type": "string", "pattern": "^a$", "minLength": 2}).example()
