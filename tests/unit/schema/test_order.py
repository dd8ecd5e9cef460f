"""Lists that mean a set or a choice read the same in any order, and no other list does."""

import random

import pytest

from canonry.schema import likeness
from canonry.schema.comparison import compare
from canonry.schema.dialects import Dialect
from canonry.schema.order import Order


def ordered(value, dialect=Dialect.DRAFT_2020_12):
    return Order(likeness._dumped).of(value, dialect)


def test_sets_and_choices_are_sorted_at_every_depth():
    value = {
        "properties": {"a": {"enum": [None, "z", 1], "required": ["y", "x"]}},
        "type": ["string", "null"],
    }
    assert ordered(value) == {
        "properties": {"a": {"enum": ["z", 1, None], "required": ["x", "y"]}},
        "type": ["null", "string"],
    }
    assert ordered({"anyOf": [{"required": ["b", "a"]}, {"const": 1}]}) == ordered(
        {"anyOf": [{"const": 1}, {"required": ["a", "b"]}]}
    )


@pytest.mark.parametrize(
    ("value", "dialect"),
    [
        ({"const": {"enum": [2, 1], "required": ["b", "a"]}}, Dialect.DRAFT_2020_12),
        ({"enum": [[2, 1]]}, Dialect.DRAFT_2020_12),
        ({"prefixItems": [{"minLength": 2}, {"minLength": 1}]}, Dialect.DRAFT_2020_12),
        ({"items": [{"minLength": 2}, {"minLength": 1}]}, Dialect.DRAFT_7),
        ({"x-anyOf": [2, 1]}, Dialect.DRAFT_2020_12),
    ],
)
def test_what_has_an_order_keeps_it(value, dialect):
    assert ordered(value, dialect) == value


def test_names_of_properties_are_no_keywords():
    value = {"properties": {"enum": {"const": [2, 1]}, "required": {"enum": [1]}}}
    assert ordered(value) == value


def test_a_choice_among_many_that_overlap_is_the_same_in_any_order():
    """By its text: the search for a value that just one side takes runs out of its budget."""
    count = 24
    branches = [
        {"properties": {f"p{j}": {"type": ["string", "null"], "maxLength": i + j} for j in range(i, i + 6)}}
        for i in range(count)
    ]
    shuffled = [
        {
            "properties": {
                name: {**part, "type": part["type"][::-1]} for name, part in each["properties"].items()
            }
        }
        for each in random.Random(1).sample(branches, count)
    ]
    assert compare({"oneOf": branches}, {"oneOf": shuffled}, direction="full").verdict == "proved"
