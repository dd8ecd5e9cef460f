"""Hostile and oversized schemas: an answer or a reason, never a crash, and always within the step budget."""

import copy
import time

import pytest

from canonry.schema import compare
from canonry.schema.resources import NotASchemaError


def nested(levels, leaf):
    schema = leaf
    for _ in range(levels):
        schema = {"type": "object", "properties": {"a": schema}, "required": ["a"]}
    return schema


MUTUAL = {
    "$ref": "#/$defs/a",
    "$defs": {
        "a": {"type": "object", "required": ["x"], "properties": {"x": {"$ref": "#/$defs/b"}}},
        "b": {"type": "object", "required": ["x"], "properties": {"x": {"$ref": "#/$defs/a"}}},
    },
}
HARD = "(a|b)*a(a|b){18}$"


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ({"allOf": [{"minimum": n} for n in range(10_000)]}, {"minimum": 9_999}, "proved"),
        (
            {"enum": [f"v{n}" for n in range(5_000)]},
            {"anyOf": [{"const": f"v{n}"} for n in range(5_000)]},
            "proved",
        ),
        (nested(100, {"type": "integer"}), nested(100, {"type": "number"}), "proved"),
        (nested(100, {"type": "number"}), nested(100, {"type": "integer"}), "broken"),
        (MUTUAL, False, "proved"),
        ({"pattern": "(a|aa)+$"}, {"pattern": "a$"}, "proved"),
        ({"pattern": "^.{1,5000}$"}, {"maxLength": 10_000}, "proved"),
        ({"type": "string", "maxLength": 5_000}, {"pattern": "^.{0,4000}$"}, "broken"),
        ({"pattern": r"^\p{L}+$"}, {"pattern": "^[^0-9]+$"}, "proved"),
        ({"multipleOf": 1e-300}, {"multipleOf": 1e-301}, "proved"),
        ({"multipleOf": 1e-301}, {"multipleOf": 1e-300}, "broken"),
        ({"const": 9007199254740993}, {"const": 9007199254740992}, "broken"),
        ({"minimum": 10**400}, {"minimum": 10**399}, "proved"),
        ({"minItems": 10**9}, {"minItems": 10**9 - 1}, "proved"),
        ({"minLength": 10**9 - 1}, {"minLength": 10**9}, "undecided"),
        ({"type": "string", "pattern": HARD}, {"pattern": HARD.replace("*a", "*b")}, "undecided"),
        ({"not": {"$ref": "#"}}, {"type": "string"}, "undecided"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_an_answer_or_a_reason(old, new, verdict):
    """And soon: the bound is generous, the budget is not."""
    start = time.process_time()
    compared = compare(old, new)
    assert compared.verdict == verdict
    assert (compared.reason is not None) == (verdict == "undecided")
    assert time.process_time() - start < 6


def test_a_hard_part_does_not_hide_an_easy_break():
    """Every alternative gets a share of the budget."""
    old = {
        "properties": {"a": {"type": "string", "pattern": HARD}, "z": {"type": "integer"}},
        "type": "object",
    }
    new = copy.deepcopy(old)
    new["properties"]["a"]["pattern"] = HARD.replace("*a", "*b")
    new["properties"]["z"] = {"type": "string"}
    assert compare(old, new).witness == {"z": 0}


def test_ten_megabytes_with_one_change_deep_inside():
    """Equal subtrees are never looked into."""

    def wide():
        member = {f"q{n}": {"type": "string", "maxLength": n, "description": "x" * 100} for n in range(60)}
        part = {"type": "object", "properties": member, "required": ["q0"]}
        return {"type": "object", "properties": {f"p{n}": part for n in range(1_000)}}

    old, new = wide(), wide()
    new["properties"]["p777"] = copy.deepcopy(new["properties"]["p777"])
    new["properties"]["p777"]["properties"]["q55"]["maxLength"] = 50
    compared = compare(old, new)
    assert compared.witness.keys() == {"p777"}
    assert len(compared.witness["p777"]["q55"]) == 51


def test_a_counterexample_too_long_to_write_is_never_written():
    """The shortest one has a million million characters: its length is known, the text is not made."""
    repeated = "a"
    for _ in range(6):
        repeated = f"({repeated}{{1,100}})"
    compared = compare(
        {"type": "string", "pattern": "^(a|aa)+$"}, {"type": "string", "pattern": f"^{repeated}$"}
    )
    assert compared.verdict == "undecided"


def test_a_python_object_that_holds_itself_is_no_schema(monkeypatch):
    """No JSON text stands for it, and reading it would not end."""
    monkeypatch.setattr("canonry.schema.resources._MOST_SCHEMAS", 1000)
    endless = {"properties": {}}
    endless["properties"]["a"] = endless
    with pytest.raises(NotASchemaError, match="holds itself"):
        compare(endless, {"type": "string"})
