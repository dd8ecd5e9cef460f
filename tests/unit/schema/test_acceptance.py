"""Judging member by member says what one validator of the whole document says."""

import json
from pathlib import Path
from random import Random

import jsonschema_rs
import pytest

from canonry.adapters.worktree import DirectoryTree
from canonry.catalogue.load import load
from canonry.catalogue.refs import References
from canonry.catalogue.resolved import Resolver
from canonry.schema.acceptance import Acceptance
from canonry.schema.formats import FORMATS
from canonry.schema.sample import Sampler

CATALOGUE = load(DirectoryTree(Path(__file__).parents[3])).value
RESOLVER = Resolver(References(CATALOGUE), "today")
ODD = (
    None,
    True,
    0,
    1.5,
    -3,
    10**30,
    "",
    "x",
    "2026-02-30",
    [],
    [1, 1],
    {},
    {"x": None},
    {"amount": "1"},
)
OPEN = {"type": "object", "properties": {"a": {"type": "string", "format": "date"}}, "required": ["a"]}
SCHEMAS = {
    "more members than are named": OPEN,
    "no other members": {**OPEN, "additionalProperties": False},
    "a member of many definitions": {
        **OPEN,
        "properties": {"a": {"$ref": "#/$defs/one", "description": "x"}, "b": {"$ref": "#/$defs/two"}},
        "$defs": {
            "one": {"type": "string", "maxLength": 3},
            "two": {"type": "array", "items": {"$ref": "#/$defs/one"}},
        },
    },
    "a circle": {
        **OPEN,
        "properties": {"a": {"$ref": "#/$defs/tree"}},
        "$defs": {"tree": {"type": "object", "properties": {"x": {"$ref": "#/$defs/tree"}}}},
    },
    "a reference into the document": {
        **OPEN,
        "properties": {"a": {"type": "string"}, "b": {"$ref": "#/properties/a"}},
    },
    "a reference to the document": {**OPEN, "properties": {"a": {"$ref": "#"}}},
    "a definition of an odd name": {
        **OPEN,
        "properties": {"a": {"$ref": "#/$defs/a~1b"}},
        "$defs": {"a/b": {"type": "integer"}},
    },
    "words that look like keywords": {**OPEN, "properties": {"a": {"enum": ["$ref", "#/$defs/x", "$id"]}}},
    "properties called like keywords": {
        **OPEN,
        "properties": {"title": {"type": "string"}, "a": {"properties": {"description": {"type": "null"}}}},
    },
    "an integer beyond 64 bits": {**OPEN, "properties": {"a": {"minimum": 10**25}}},
    "booleans": {**OPEN, "properties": {"a": True, "b": False}},
    "a condition": {**OPEN, "if": {"required": ["b"]}, "then": {"properties": {"a": {"const": "x"}}}},
    "an older dialect": {**OPEN, "$schema": "http://json-schema.org/draft-07/schema#"},
    "no object": {"type": "array", "items": {"type": "string"}},
}


def whole(document):
    """One validator of the whole document."""
    return jsonschema_rs.validator_for(
        document, validate_formats=True, formats=dict(FORMATS), offline=True
    ).is_valid


def beside(value, rng):
    """Values near one: a member gone, added or replaced, at any depth."""
    yield value
    if not isinstance(value, dict):
        return
    yield {**value, "not named": 1}
    for name in value:
        yield {key: member for key, member in value.items() if key != name}
        for odd in rng.sample(ODD, 4):
            yield {**value, name: odd}
        if isinstance(value[name], dict):
            for inner in beside(value[name], rng):
                yield {**value, name: inner}


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_parts_say_what_the_whole_says(name):
    """Whatever the document is made of."""
    document = SCHEMAS[name]
    accepts, theirs = Acceptance(document).accepts, whole(document)
    near = [{"a": odd} for odd in ODD] + [{"a": "2026-01-31", "b": odd} for odd in (*ODD, ["xyz"], ["long"])]
    for value in (*ODD, *near, {"a": {"x": {"x": 1}}}, {"a": "xyz", "b": "xyz"}, {"title": 1, "a": {}}):
        assert accepts(value) == theirs(value), value


@pytest.mark.parametrize("identifier", CATALOGUE.by_text)
def test_every_shipped_contract_is_judged_alike(identifier):
    """Payloads that it accepts, and what lies beside them."""
    document = RESOLVER.resolved(CATALOGUE.by_text[identifier])
    accepts, theirs, rng = Acceptance(document).accepts, whole(document), Random(3)
    sampler = Sampler(json.loads(json.dumps(document)))
    for value in (sampler.example(), sampler.draw(rng), *ODD):
        for near in beside(value, rng):
            assert accepts(near) == theirs(near), near


@pytest.mark.parametrize("value", [{"a": "\ud800"}, {"a": {1, 2}}, {1: 2}])
def test_what_is_no_json_is_not_accepted(value):
    """Whether it stands where something is asked or not."""
    assert not Acceptance(OPEN).accepts(value)
    assert not Acceptance({**OPEN, "minProperties": 1}).accepts(value)
