"""What a reader sees who ignores the members that a schema does not name."""

import pytest

from canonry.schema.resources import Schema
from canonry.schema.strip import place_of, strip

DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema"
VALUE = {"a": {"a": 1, "b": 2}, "b": [{"a": 1, "b": 2}], "c": 3}


@pytest.mark.parametrize(
    ("schema", "seen"),
    [
        (True, VALUE),
        (False, VALUE),
        ({}, VALUE),
        ({"additionalProperties": False}, VALUE),
        ({"properties": {}, "required": []}, VALUE),
        ({"properties": {"a": {}}}, {"a": VALUE["a"]}),
        ({"properties": {"a": {}}, "additionalProperties": False}, {"a": VALUE["a"]}),
        ({"properties": {"a": {}}, "additionalProperties": True}, VALUE),
        (
            {"properties": {"a": {"required": ["b"]}}, "additionalProperties": {"type": "null"}},
            VALUE | {"a": {"b": 2}},
        ),
        ({"required": ["c"]}, {"c": 3}),
        ({"patternProperties": {"^[bc]$": {}}}, {"b": VALUE["b"], "c": 3}),
        ({"patternProperties": {"^z": {}}}, {}),
        (
            {"anyOf": [{"required": ["c"]}, {"properties": {"a": {"required": ["a"]}}}]},
            {"a": {"a": 1}, "c": 3},
        ),
        ({"allOf": [{"required": ["c"]}], "oneOf": [False, {"required": ["b"]}]}, {"b": VALUE["b"], "c": 3}),
        ({"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}}, VALUE),
        ({"dependentSchemas": {"x": {"required": ["c"]}}}, {"c": 3}),
        ({"not": {"required": ["c"]}}, VALUE),
        ({"not": {"required": ["c"]}, "required": ["b"]}, {"b": VALUE["b"]}),
        ({"propertyNames": {"enum": ["c"]}}, VALUE),
        ({"$ref": "#/$defs/x", "$defs": {"x": {"required": ["c"]}}}, {"c": 3}),
        ({"properties": {"b": {"items": {"required": ["a"]}}}}, {"b": [{"a": 1}]}),
        (
            {"properties": {"b": {"prefixItems": [{"required": ["a"]}], "items": {"required": ["b"]}}}},
            {"b": [{"a": 1}]},
        ),
        ({"properties": {"b": {"prefixItems": [], "items": {"required": ["b"]}}}}, {"b": [{"b": 2}]}),
        (
            {"properties": {"b": {"contains": {"required": ["b"]}, "items": {"required": ["a"]}}}},
            {"b": VALUE["b"]},
        ),
        ({"properties": {"a": {"$ref": "#"}, "c": {}}}, {"a": {"a": 1}, "c": 3}),
        ({"unevaluatedProperties": {"required": ["a"]}, "required": ["a", "c"]}, {"a": {"a": 1}, "c": 3}),
        (
            {
                "$schema": DRAFT_7,
                "$ref": "#/definitions/x",
                "required": ["a"],
                "definitions": {"x": {"required": ["c"]}},
            },
            {"c": 3},
        ),
        ({"$schema": DRAFT_7, "dependencies": {"x": {"required": ["c"]}, "y": ["b"]}}, {"c": 3}),
        (
            {
                "$schema": DRAFT_7,
                "properties": {"b": {"items": [{"required": ["a"]}], "additionalItems": {"required": ["b"]}}},
            },
            {"b": [{"a": 1}]},
        ),
        (
            {"$schema": DRAFT_7, "properties": {"b": {"items": [], "additionalItems": {"required": ["b"]}}}},
            {"b": [{"b": 2}]},
        ),
        (
            {"$schema": DRAFT_7, "properties": {"b": {"additionalItems": {"required": ["b"]}}}},
            {"b": VALUE["b"]},
        ),
        (
            {"$schema": DRAFT_2019, "$recursiveAnchor": True, "properties": {"a": {"$recursiveRef": "#"}}},
            {"a": {"a": 1}},
        ),
    ],
)
def test_a_member_is_kept_where_it_is_named(schema, seen):
    """Properties, patterns, required and additional ones name; through branches, never through `not`."""
    assert strip(Schema.load(schema), VALUE) == seen


def test_nothing_to_strip_costs_no_copy():
    """The same object says that nothing was removed."""
    assert strip(Schema.load({"additionalProperties": True, "required": ["a"]}), VALUE) is VALUE


def test_circles_of_references_end():
    """Naming looks at places, not at verdicts, so a circle adds nothing."""
    assert strip(Schema.load({"allOf": [{"$ref": "#"}], "required": ["c"]}), VALUE) == {"c": 3}


def test_a_dynamic_reference_names_what_it_leads_to():
    """The outermost anchor's properties are named below, as they are evaluated there."""
    schema = Schema.load(
        {
            "$id": "http://x.test/strict",
            "$dynamicAnchor": "node",
            "properties": {"own": True},
            "allOf": [{"$ref": "tree"}],
            "$defs": {
                "tree": {
                    "$id": "tree",
                    "$dynamicAnchor": "node",
                    "properties": {"kid": {"$dynamicRef": "#node"}},
                }
            },
        }
    )
    assert strip(schema, {"own": 1, "kid": {"own": 1, "other": 2}}) == {"own": 1, "kid": {"own": 1}}


def test_places_are_shared():
    """A recursive schema has finitely many places, so that a proof can walk them."""
    place = place_of(Schema.load({"properties": {"a": {"$ref": "#"}}}))
    assert place.member("a").member("a") is place.member("a")
