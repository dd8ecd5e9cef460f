"""The exact evaluator: what the specifications say, where others round, loop or overflow."""

# ruff: noqa: FBT003 (a boolean is a schema)

import json
from decimal import Decimal

import pytest

from canonry.schema.decimals import is_multiple
from canonry.schema.dialects import Dialect
from canonry.schema.evaluator import EndlessReferenceError, Evaluator, NotJsonError
from canonry.schema.resources import RefError, Schema

DRAFT_4 = "http://json-schema.org/draft-04/schema#"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema"


def accepts(schema, value, **options):
    """Whether a schema accepts a value."""
    return Evaluator(Schema.load(schema), **options).accepts(value)


@pytest.mark.parametrize(
    ("schema", "valid", "invalid"),
    [
        (True, [1, None], []),
        (False, [], [1, {}]),
        ({"type": "integer"}, [1, 1.0, 1e300, -0.0, Decimal("2.00")], [1.5, "1", True, None]),
        ({"type": ["string", "null"]}, ["", None], [0, [], {}]),
        ({"type": "number"}, [1, 1.5], [True, "1"]),
        ({"type": "boolean"}, [True, False], [0, 1]),
        ({"const": 1}, [1, 1.0], [True, "1", 2]),
        ({"const": False}, [False], [0, 0.0]),
        ({"const": {"a": [1, True]}}, [{"a": [1.0, True]}], [{"a": [True, 1]}, {"a": [1]}]),
        ({"enum": [0, "a", None]}, [0, 0.0, "a", None], [False, "", 1]),
        ({"minimum": 0.1}, [0.1, Decimal("0.1"), 1], [0, 0.09999]),
        ({"exclusiveMinimum": 0.1}, [0.2], [0.1, Decimal("0.1")]),
        ({"maximum": 2**53}, [2**53], [2**53 + 1]),
        ({"exclusiveMaximum": 2**53 + 1}, [2**53], [2**53 + 1]),
        ({"multipleOf": 0.01}, [19.99, 0, 1, -3.5], [0.005, 19.999]),
        ({"multipleOf": 1e-300}, [1, 1e300, 5e-300], [1.5e-300]),
        ({"multipleOf": 3}, [10**40 - 1], [10**40, Decimal("1e999999999")]),
        ({"minLength": 2}, ["ab", "😀😀", 1], ["😀", ""]),
        ({"maxLength": 1.0}, ["", "😀"], ["ab"]),
        ({"pattern": "^a$"}, ["a", 5], ["a\n", "ba"]),
        ({"pattern": "b"}, ["abc"], ["ac"]),
        ({"pattern": r"^\d$"}, ["1"], ["٣"]),
        ({"uniqueItems": True}, [[1, True, "1", [1], [True]]], [[1, 1.0], [{"a": 1}, {"a": 1.0}]]),
        ({"uniqueItems": False}, [[1, 1]], []),
        ({"required": ["a"]}, [{"a": None}, []], [{}]),
        ({"dependentRequired": {"a": ["b"]}}, [{}, {"b": 1}, {"a": 1, "b": 1}], [{"a": 1}]),
        ({"dependentSchemas": {"a": {"minProperties": 2}}}, [{}, {"a": 1, "b": 1}, 3], [{"a": 1}]),
        ({"minProperties": 1, "maxProperties": 1}, [{"a": 1}], [{}, {"a": 1, "b": 2}]),
        ({"minItems": 1, "maxItems": 1}, [[1]], [[], [1, 2]]),
        ({"propertyNames": {"maxLength": 1}}, [{"a": 1}, 7], [{"ab": 1}]),
        ({"properties": {"a": {"type": "null"}}}, [{}, {"a": None}, {"b": 1}, []], [{"a": 1}]),
        ({"patternProperties": {"^a": {"type": "null"}}}, [{"ab": None, "ba": 1}], [{"ab": 1}]),
        (
            {"properties": {"a": {}}, "patternProperties": {"^b": {}}, "additionalProperties": False},
            [{"a": 1, "bc": 2}, [1]],
            [{"c": 1}],
        ),
        ({"prefixItems": [{"type": "null"}], "items": False}, [[], [None], 3], [[1], [None, 1]]),
        ({"contains": {"type": "null"}}, [[1, None], "x"], [[], [1]]),
        (
            {"contains": {"type": "null"}, "minContains": 2, "maxContains": 2},
            [[None, None]],
            [[None], [None] * 3],
        ),
        ({"contains": False, "minContains": 0}, [[], [1]], []),
        ({"not": {"type": "null"}}, [1], [None]),
        ({"anyOf": [{"type": "null"}, {"minimum": 3}]}, [None, 3, "x"], [2]),
        ({"oneOf": [{"type": "integer"}, {"minimum": 3}]}, [1, 3.5, "x"], [2.5, 4]),
        ({"allOf": [{"minimum": 1}, {"maximum": 2}]}, [1, 2], [0, 3]),
        ({"if": {"type": "null"}, "then": False, "else": {"minimum": 1}}, [1, "x"], [None, 0]),
        ({"if": {"type": "null"}}, [None, 1], []),
        ({"then": False, "else": False}, [None], []),
        (
            {"unevaluatedProperties": False, "anyOf": [{"properties": {"a": True}}, {"required": ["b"]}]},
            [{"a": 1}],
            [{"b": 1}],
        ),
        ({"unevaluatedProperties": {"type": "null"}}, [{"a": None}], [{"a": 1}]),
        (
            {
                "unevaluatedProperties": False,
                "if": {"required": ["a"], "properties": {"a": True}},
                "else": {"properties": {"b": True}},
            },
            [{"a": 1}, {"b": 1}],
            [{"a": 1, "b": 1}],
        ),
        ({"unevaluatedProperties": False, "not": {"not": {"properties": {"a": True}}}}, [{}], [{"a": 1}]),
        ({"unevaluatedItems": False, "contains": {"type": "null"}}, [[None]], [[None, 1]]),
        (
            {
                "unevaluatedItems": False,
                "prefixItems": [True],
                "anyOf": [{"prefixItems": [True, {"type": "null"}]}, {}],
            },
            [[1], [1, None]],
            [[1, 2]],
        ),
        ({"unevaluatedItems": False, "items": True}, [[1, 2]], []),
        ({"$ref": "#/$defs/a", "maximum": 3, "$defs": {"a": {"minimum": 1}}}, [2], [0, 4]),
        ({"dependencies": {"a": ["b"]}}, [{"a": 1}], []),
        (
            {"$schema": DRAFT_7, "dependencies": {"a": ["b"], "c": {"minProperties": 2}}},
            [{"a": 1, "b": 1}],
            [{"a": 1}, {"c": 1}],
        ),
        (
            {
                "$schema": DRAFT_7,
                "$ref": "#/definitions/a",
                "maximum": 3,
                "definitions": {"a": {"minimum": 1}},
            },
            [4],
            [0],
        ),
        (
            {"$schema": DRAFT_7, "items": [{"type": "null"}], "additionalItems": False},
            [[None], []],
            [[1], [None, 1]],
        ),
        ({"$schema": DRAFT_7, "additionalItems": False}, [[1]], []),
        ({"$schema": DRAFT_7, "dependentRequired": {"a": ["b"]}}, [{"a": 1}], []),
        ({"$schema": DRAFT_7, "contains": {"type": "null"}, "minContains": 0}, [[None]], [[]]),
        ({"$schema": DRAFT_2019, "unevaluatedItems": False, "contains": True}, [[]][1:], [[1]]),
        ({"$schema": DRAFT_4, "type": "integer"}, [1], [1.0, Decimal("1.0")]),
        (
            {
                "$schema": DRAFT_4,
                "minimum": 1,
                "exclusiveMinimum": True,
                "maximum": 3,
                "exclusiveMaximum": True,
            },
            [2],
            [1, 3],
        ),
        (
            {"$schema": DRAFT_4, "const": 1, "if": {}, "contains": False, "propertyNames": False},
            [2, [1], {"a": 1}],
            [],
        ),
    ],
)
def test_keywords_mean_what_the_specification_says(schema, valid, invalid):
    """Per keyword: values that are valid and values that are not."""
    evaluator = Evaluator(Schema.load(schema))
    assert [evaluator.accepts(value) for value in valid] == [True] * len(valid)
    assert [evaluator.accepts(value) for value in invalid] == [False] * len(invalid)


def test_a_format_is_an_annotation_unless_it_is_asserted():
    """Formats are asserted by the definitions that the caller passes, and unknown ones never are."""
    assert accepts({"format": "even"}, "abc")
    even = {"even": lambda text: len(text) % 2 == 0}
    assert not accepts({"format": "even"}, "abc", formats=even)
    assert accepts({"format": "even"}, "ab", formats=even)
    assert accepts({"format": "even"}, 3, formats=even)
    assert accepts({"format": "odd"}, "ab", formats=even)


def test_recursion_through_the_value_ends_with_the_value():
    """A tree is as deep as its value."""
    tree = {"properties": {"child": {"$ref": "#"}}, "additionalProperties": False}
    assert accepts(tree, {"child": {"child": {}}})
    assert not accepts(tree, {"child": {"chidl": {}}})


def test_mutual_recursion_without_a_base_case_accepts_no_finite_value():
    """Every value ends somewhere, so the required member is missing there."""
    schema = {
        "$ref": "#/$defs/a",
        "$defs": {
            "a": {"type": "object", "properties": {"b": {"$ref": "#/$defs/b"}}, "required": ["b"]},
            "b": {"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}}, "required": ["a"]},
        },
    }
    assert not accepts(schema, {"b": {"a": {"b": {}}}})


@pytest.mark.parametrize(
    ("schema", "valid", "invalid"),
    [
        ({"$ref": "#"}, [1, "a"], []),
        (
            {
                "$ref": "#/$defs/a",
                "$defs": {"a": {"allOf": [{"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/a"}},
            },
            [1],
            [],
        ),
        (
            {"$ref": "#/$defs/a", "$defs": {"a": {"allOf": [{"$ref": "#/$defs/a"}, {"type": "string"}]}}},
            ["a"],
            [1],
        ),
        (
            {"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}, {"type": "string"}]}}},
            ["a", 1],
            [],
        ),
        (
            {
                "allOf": [{"anyOf": [{"$ref": "#/$defs/a"}, True]}, {"$ref": "#/$defs/b"}],
                "$defs": {"a": {"allOf": [{"$ref": "#/$defs/b"}, False]}, "b": {"$ref": "#/$defs/a"}},
            },
            [],
            [1],
        ),
    ],
)
def test_a_reference_that_leads_back_to_itself_asks_nothing_new(schema, valid, invalid):
    """It holds where all the rest holds; what was assumed meanwhile is not remembered."""
    evaluator = Evaluator(Schema.load(schema))
    assert [evaluator.accepts(value) for value in valid] == [True] * len(valid)
    assert [evaluator.accepts(value) for value in invalid] == [False] * len(invalid)


@pytest.mark.parametrize(
    "schema", [{"not": {"$ref": "#"}}, {"oneOf": [{"$ref": "#"}]}, {"if": {"$ref": "#"}}]
)
def test_a_schema_that_negates_itself_has_no_verdict(schema):
    """The specification leaves it undefined, so the evaluator says that instead of choosing."""
    with pytest.raises(EndlessReferenceError, match="its own negation"):
        accepts(schema, 1)


def test_a_circle_that_is_not_entered_does_no_harm():
    """Keywords that refuse the value first are enough."""
    assert not accepts({"type": "null", "not": {"$ref": "#"}}, 1)


def test_a_broken_reference_matters_only_where_it_is_reached():
    """The branch that accepts is enough."""
    assert accepts({"anyOf": [{"type": "integer"}, {"$ref": "#/gone"}]}, 1)
    with pytest.raises(RefError):
        accepts({"anyOf": [{"type": "integer"}, {"$ref": "#/gone"}]}, "x")


def test_the_depth_of_a_schema_costs_no_stack():
    """900 levels of `not`, as deep as a JSON parser reads, are an even number of negations."""
    assert accepts(json.loads('{"not":' * 900 + "true" + "}" * 900), 1)
    chain = {f"d{n}": {"$ref": f"#/$defs/d{n + 1}"} for n in range(5000)} | {"d5000": {"type": "null"}}
    assert accepts({"$ref": "#/$defs/d0", "$defs": chain}, None)


def test_references_that_meet_again_are_evaluated_once():
    """Forty doublings would otherwise take 2 ** 40 steps."""
    doubled = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(40)}
    assert accepts({"$ref": "#/$defs/d0", "$defs": doubled | {"d40": {"type": "null"}}}, None)


def test_patterns_take_linear_time():
    """The classic of catastrophic backtracking."""
    assert not accepts({"pattern": "^(a|aa)+$"}, "a" * 20_000 + "b")


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), Decimal("NaN"), {1: 2}, [set()], (1,), object()]
)
def test_what_no_json_text_stands_for_is_refused(value):
    """Python has more values than JSON."""
    with pytest.raises(NotJsonError):
        accepts(True, value)


def test_a_value_that_is_too_deep_is_refused():
    """The limit is said."""
    with pytest.raises(NotJsonError, match="300"):
        accepts(True, json.loads("[" * 500 + "]" * 500))


def test_dynamic_references_refine_a_tree():
    """The example that `$dynamicRef` was made for."""
    schema = {
        "$id": "http://x.test/strict",
        "$dynamicAnchor": "node",
        "$ref": "tree",
        "unevaluatedProperties": False,
        "$defs": {
            "tree": {
                "$id": "tree",
                "$dynamicAnchor": "node",
                "properties": {
                    "data": True,
                    "children": {"type": "array", "items": {"$dynamicRef": "#node"}},
                },
            }
        },
    }
    assert accepts(schema, {"children": [{"data": 1}]})
    assert not accepts(schema, {"children": [{"daat": 1}]})


def test_metaschemas_judge_schemas():
    """A schema that refers to a metaschema says which documents are schemas, through its vocabularies too."""
    for dialect in (Dialect.DRAFT_4, Dialect.DRAFT_7, Dialect.DRAFT_2019_09, Dialect.DRAFT_2020_12):
        schema = {"$schema": dialect.uri, "$ref": dialect.uri}
        assert accepts(schema, {"properties": {"a": {"type": "string"}}})
        assert not accepts(schema, {"properties": {"a": {"type": "strnig"}}})


def test_failing_keywords_are_named():
    """What an explanation starts from."""
    schema = Schema.load(
        {"type": "object", "required": ["a"], "properties": {"b": False, "c": True}, "minProperties": 1}
    )
    evaluator = Evaluator(schema)
    assert evaluator.failing(schema.root, {"b": 1}) == ["required", "properties"]
    assert evaluator.failing(schema.root, {"a": 1}) == []
    assert evaluator.failing(schema.root.child("properties", "b"), 1) == [""]
    assert evaluator.failing(schema.root.child("properties", "c"), 1) == []


def test_multiples_of_what_is_no_number_are_refused():
    """A judge never sees one, so it would be a mistake of the caller."""
    with pytest.raises(ValueError, match="not a JSON number"):
        is_multiple(Decimal("NaN"), 1)
