"""The declared reading: writers send what is declared, readers ignore what they do not know."""

import copy

import pytest

from canonry.kernel.jsonvalue import same
from canonry.schema import compare
from canonry.schema.resources import Schema
from canonry.schema.strip import strip


def verdicts(old, new):
    parts = compare(old, new, direction="full", reading="declared").parts
    return parts["backward"].verdict, parts["forward"].verdict


def thing(required=(), /, **properties):
    return {"type": "object", "properties": properties, "required": list(required)}


STRING, INTEGER = {"type": "string"}, {"type": "integer"}
CLOSED = {"additionalProperties": False}

SAFE = [
    (thing(a=STRING), thing(a=STRING, b=INTEGER)),
    ({**thing(a=STRING), **CLOSED}, {**thing(a=STRING, b=INTEGER), **CLOSED}),
    (thing(a=thing(x=STRING)), thing(a=thing(x=STRING, y=INTEGER))),
    (
        {"type": "array", "items": {**thing(x=STRING), **CLOSED}},
        {"type": "array", "items": {**thing(x=STRING, y=INTEGER), **CLOSED}},
    ),
    ({"$ref": "#/$defs/a", "$defs": {"a": thing(x=STRING)}}, thing(x=STRING, y=INTEGER)),
    ({"allOf": [thing(x=STRING), thing(y=STRING)]}, thing(x=STRING, y=STRING, z=STRING)),
    (
        {**thing(a=STRING, b=STRING), "maxProperties": 2},
        {**thing(a=STRING, b=STRING, c=STRING), "maxProperties": 3},
    ),
    (
        {"oneOf": [thing(["k"], k={"const": 1}, x=STRING), thing(["k"], k={"const": 2}, y=STRING)]},
        {
            "oneOf": [
                thing(["k"], k={"const": 1}, x=STRING, z=INTEGER),
                thing(["k"], k={"const": 2}, y=STRING),
            ]
        },
    ),
]


@pytest.mark.parametrize(("old", "new"), SAFE, ids=str)
def test_an_optional_property_more_breaks_nobody(old, new):
    """At any depth, closed or open, through references and branches."""
    assert verdicts(old, new) == ("proved", "proved")


def test_a_required_property_more_breaks_backward_only():
    """Old payloads lack it; old readers ignore it."""
    assert verdicts(thing(a=STRING), thing(["b"], a=STRING, b=STRING)) == ("broken", "proved")


def test_a_removed_required_property_breaks_forward_only():
    """New payloads lack what old readers need."""
    assert verdicts(thing(["a"], a=STRING, b=STRING), thing(b=STRING)) == ("proved", "broken")


def test_undeclared_members_are_never_part_of_a_witness():
    """The writer's schema names every member of it."""
    compared = compare(thing(a=STRING), thing(a=INTEGER), direction="full", reading="declared")
    for direction, writer in (("backward", thing(a=STRING)), ("forward", thing(a=INTEGER))):
        witness = compared.parts[direction].witness
        assert same(strip(Schema.load(writer), witness), witness)


def test_it_is_reflexive():
    """Also where closing the writer matters: counts, uniqueness, dependencies, negation."""
    for schema in (
        {**thing(["a"], a=STRING), "minProperties": 2},
        {"type": "array", "uniqueItems": True, "items": thing(a=STRING)},
        {**thing(a=STRING), "not": {"required": ["b"]}},
        {**thing(a=STRING), "dependentRequired": {"a": ["b"]}},
    ):
        spelt_otherwise = {"allOf": [copy.deepcopy(schema)]}
        assert verdicts(schema, spelt_otherwise) == ("proved", "proved")


def test_it_is_not_transitive():
    """Each step is safe and the whole is not: why releases are compared with every earlier one."""
    first, second, third = thing(p=STRING, q={}), thing(q={}), thing(p=INTEGER, q={})
    assert verdicts(first, second) == ("proved", "proved")
    assert verdicts(second, third) == ("proved", "proved")
    assert verdicts(first, third) == ("broken", "broken")


def test_items_that_a_reader_cannot_tell_apart_are_not_unique_to_it():
    """Two items that differ in a new member only are equal to an old reader."""
    old = {"type": "array", "uniqueItems": True, "items": thing(["a"], a=INTEGER)}
    new = {"type": "array", "uniqueItems": True, "items": thing(["a"], a=INTEGER, b=INTEGER)}
    assert verdicts(old, new) == ("proved", "broken")


def test_where_nothing_is_named_everything_is():
    """An object without any named member is a map."""
    assert verdicts({"type": "object"}, thing(a=STRING)) == ("broken", "proved")


def test_counts_count_what_a_reader_sees():
    """An old maxProperties never counts a new member."""
    old = {**thing(a=STRING), "maxProperties": 1}
    assert verdicts(old, thing(a=STRING, b=STRING)) == ("proved", "proved")
    assert verdicts(thing(a=STRING), {**thing(a=STRING), "minProperties": 1}) == ("broken", "proved")
