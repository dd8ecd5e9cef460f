"""`compare`: verdicts keyword by keyword, drafts, recursion, references, and what its result is like."""

import copy
from decimal import Decimal

import pytest

from canonry.kernel.errors import UsageError
from canonry.schema import compare
from canonry.schema.judges import judges
from canonry.schema.resources import NotASchemaError, Schema

OBJECT = {"type": "object"}
EVERYTHING, NOTHING = True, False
REMOTE = {"$ref": "https://example.com/other.json"}


def strings(**keywords):
    return {"type": "string", **keywords}


def verdicts(old, new, **options):
    """Backward and forward."""
    parts = compare(old, new, direction="full", **options).parts
    return parts["backward"].verdict, parts["forward"].verdict


NARROWER = [
    # narrower, wider: every value of the first is one of the second, and not the other way round
    (False, True),
    ({"type": "integer"}, {"type": "number"}),
    ({"type": "integer"}, {"type": ["integer", "string"]}),
    ({"const": 1}, {"enum": [1, "1"]}),
    ({"const": 1.0}, {"enum": [1, 2]}),
    ({"minimum": 1}, {"exclusiveMinimum": 0}),
    ({"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 3}, {"enum": [1, 2, 3]}),
    ({"multipleOf": 0.02}, {"multipleOf": 0.01}),
    ({"type": "number", "multipleOf": 6}, {"allOf": [{"multipleOf": 2}, {"type": "integer"}]}),
    ({"type": "number", "multipleOf": 1.5, "minimum": 1, "maximum": 4}, {"enum": [1.5, 3, 4]}),
    (strings(minLength=2, maxLength=3), strings(minLength=1)),
    (strings(pattern="^[a-z]{2,4}$"), strings(pattern="^[a-z]+$", maxLength=4)),
    (strings(pattern="^a+$", maxLength=2), {"enum": ["a", "aa", "aaa"]}),
    ({"properties": {"a": {"type": "integer"}}}, {"properties": {"a": {"type": "number"}}}),
    ({**OBJECT, "required": ["a", "b"]}, {**OBJECT, "required": ["a"]}),
    ({**OBJECT, "required": ["a", "b"]}, {**OBJECT, "minProperties": 2}),
    ({**OBJECT, "properties": {"a": {}}, "additionalProperties": False}, {**OBJECT, "maxProperties": 1}),
    (
        {**OBJECT, "patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": False},
        {**OBJECT, "patternProperties": {"^xy": {"type": "number"}}},
    ),
    ({**OBJECT, "propertyNames": {"enum": ["a", "b"]}}, {**OBJECT, "maxProperties": 2}),
    ({**OBJECT, "propertyNames": {"maxLength": 1}}, {**OBJECT, "propertyNames": {"maxLength": 2}}),
    ({**OBJECT, "dependentRequired": {"a": ["b", "c"]}}, {**OBJECT, "dependentRequired": {"a": ["b"]}}),
    (
        {**OBJECT, "dependentSchemas": {"a": {"required": ["b"]}}},
        {**OBJECT, "anyOf": [{"not": {"required": ["a"]}}, {"required": ["b"]}, {"required": ["z"]}]},
    ),
    ({"items": {"type": "integer"}, "maxItems": 2}, {"items": {"type": "number"}}),
    ({"prefixItems": [{"type": "integer"}, {"const": 1}]}, {"prefixItems": [{"type": "number"}]}),
    ({"type": "array", "prefixItems": [{}], "items": False}, {"type": "array", "maxItems": 1 + 1}),
    ({"type": "array", "contains": {"const": 1}}, {"type": "array", "minItems": 1}),
    (
        {"type": "array", "contains": {"type": "integer"}, "minContains": 2},
        {"type": "array", "contains": {"type": "number"}},
    ),
    (
        {"type": "array", "items": {"enum": [1, 2]}, "uniqueItems": True},
        {"type": "array", "maxItems": 2},
    ),
    (
        {"type": "array", "maxContains": 1, "contains": {"const": 1}},
        {"type": "array", "maxContains": 2, "contains": {"const": 1}, "minContains": 0},
    ),
    ({"allOf": [{"minimum": 1}, {"maximum": 3}]}, {"minimum": 0}),
    ({"oneOf": [{"minimum": 0}, {"maximum": 5}]}, {"anyOf": [{"minimum": 0}, {"maximum": 5}]}),
    ({"not": {"type": ["string", "null"]}}, {"not": {"type": "string"}}),
    (
        {"if": {"type": "string"}, "then": {"maxLength": 1}, "else": False},
        {"if": {"type": "string"}, "then": {"maxLength": 1}},
    ),
    (
        {"properties": {"a": {}}, "unevaluatedProperties": False, "type": "object"},
        {"properties": {"a": {}}, "unevaluatedProperties": {"type": "null"}, "type": "object"},
    ),
    (
        {"type": "array", "prefixItems": [{}], "unevaluatedItems": False},
        {"type": "array", "maxItems": 2},
    ),
]


@pytest.mark.parametrize(("narrower", "wider"), NARROWER, ids=str)
def test_narrower_schemas_are_proved_one_way_and_broken_the_other(narrower, wider):
    """Backward from narrower to wider is proved; the other way there is a payload."""
    assert verdicts(narrower, wider) == ("proved", "broken")


EQUIVALENT = [
    (
        {
            "type": "object",
            "anyOf": [{"properties": {"a": {}}, "required": ["a"]}, {"properties": {"b": {}}}],
            "unevaluatedProperties": False,
        },
        {"type": "object", "properties": {"a": {}, "b": {}}, "additionalProperties": False},
    ),
    ({"enum": ["a", "b"]}, {"oneOf": [{"const": "b"}, {"const": "a"}]}),
    ({"type": ["integer", "null"]}, {"anyOf": [{"type": "null"}, {"type": "integer"}]}),
    ({"type": "integer"}, {"type": "number", "multipleOf": 1}),
    ({"type": "boolean"}, {"enum": [True, False]}),
    ({"$defs": {"a": strings()}, "$ref": "#/$defs/a"}, strings()),
    ({"not": {"not": strings(minLength=1)}}, strings(minLength=1)),
    ({"multipleOf": 6}, {"allOf": [{"multipleOf": 2}, {"multipleOf": 3}]}),
    ({"minLength": 1}, {"pattern": "^[^]"}),
    ({"required": ["a"]}, {"not": {"type": "object", "properties": {"a": False}}}),
    (
        {"type": "array", "contains": {"type": "string"}},
        {"type": "array", "not": {"items": {"not": strings()}}},
    ),
    (
        {"if": {"required": ["a"]}, "then": {"required": ["b"]}},
        {"dependentRequired": {"a": ["b"]}},
    ),
    ({"type": "object", "maxProperties": 0}, {"const": {}}),
    (
        {"type": "array", "prefixItems": [{"const": 1}, {"const": 2}], "items": False, "minItems": 2},
        {"const": [1, 2]},
    ),
    (
        {"oneOf": [{"type": "object", "required": ["k"], "properties": {"k": {"const": k}}} for k in "ab"]},
        {"type": "object", "required": ["k"], "properties": {"k": {"enum": ["b", "a"]}}},
    ),
]


@pytest.mark.parametrize(("left", "right"), EQUIVALENT, ids=str)
def test_the_same_set_in_other_words_is_proved_both_ways(left, right):
    """Spelling changes no verdict."""
    assert verdicts(left, right) == ("proved", "proved")


EMPTY = [
    {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#"}}},
    {
        "$ref": "#/$defs/a",
        "$defs": {
            "a": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/b"}},
            "b": {"type": "object", "required": ["x"], "additionalProperties": {"$ref": "#/$defs/a"}},
        },
    },
    {"type": "array", "items": {"enum": [1, 2, 3]}, "uniqueItems": True, "minItems": 4},
    {"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 2},
    {"type": "number", "multipleOf": 3, "minimum": 4, "maximum": 5},
    {"type": "string", "allOf": [{"pattern": "^a"}, {"pattern": "^b"}]},
    {"type": "object", "minProperties": 2, "propertyNames": {"const": "a"}},
    {"type": "object", "required": ["a", "b"], "maxProperties": 1},
    {"type": "array", "contains": {"type": "string"}, "items": {"type": "integer"}},
    {"oneOf": [{"type": "integer"}, {"type": "integer"}]},
]


@pytest.mark.parametrize("schema", EMPTY, ids=str)
def test_schemas_that_accept_nothing_lie_within_false(schema):
    """Finite values only: recursion without an end has no inhabitant."""
    assert compare(schema, NOTHING).verdict == "proved"


def tree(leaf, **more):
    return {
        "$ref": "#/$defs/tree",
        "$defs": {
            "tree": {
                "type": "object",
                "properties": {
                    "value": leaf,
                    "children": {"type": "array", "items": {"$ref": "#/$defs/tree"}},
                },
                **more,
            }
        },
    }


def test_recursive_schemas_are_compared_by_coinduction():
    """A tree of integers is a tree of numbers; the break shows at the smallest tree."""
    assert verdicts(tree({"type": "integer"}), tree({"type": "number"})) == ("proved", "broken")
    broken = compare(tree({"type": "number"}), tree({"type": "integer"}))
    assert broken.witness == {"value": 0.5}


def test_dynamic_references_are_resolved_in_their_scope():
    """The extension of the outermost resource counts, not the default beside the reference."""

    def strings_only(item):
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": "https://example.com/list-of",
            "$ref": "list",
            "$defs": {
                "item": {"$dynamicAnchor": "item", **item},
                "list": {
                    "$id": "list",
                    "type": "array",
                    "items": {"$dynamicRef": "#item"},
                    "$defs": {"default": {"$dynamicAnchor": "item"}},
                },
            },
        }

    assert verdicts(strings_only(strings(minLength=1)), strings_only(strings())) == ("proved", "broken")


def test_the_sides_may_differ_in_draft_and_a_boolean_takes_the_others():
    """Draft 4's boolean exclusiveMinimum against draft 7's number; tuples in both spellings."""
    four, seven = "http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-07/schema#"
    old = {"$schema": four, "minimum": 1, "exclusiveMinimum": True}
    new = {"$schema": seven, "exclusiveMinimum": 1}
    assert verdicts(old, new) == ("proved", "proved")
    old = {"$schema": seven, "items": [strings()], "additionalItems": False}
    assert verdicts(old, {"prefixItems": [strings()], "items": False}) == ("proved", "proved")
    assert verdicts({"$schema": seven, "type": "string"}, EVERYTHING) == ("proved", "broken")


def test_keywords_that_a_dialect_does_not_know_say_nothing():
    """`const` means nothing in draft 4, nor `dependentRequired` in draft 7."""
    four = {"$schema": "http://json-schema.org/draft-04/schema#"}
    seven = {"$schema": "http://json-schema.org/draft-07/schema#"}
    assert compare(four, {**four, "const": 1}).verdict == "proved"
    assert compare(seven, {**seven, "dependentRequired": {"a": ["b"]}}).verdict == "proved"


def test_a_schema_met_again_for_the_same_value_adds_nothing():
    """`allOf` of itself and string is string, as the judges read it."""
    definition = {"allOf": [{"$ref": "#/$defs/v"}, {"type": "string"}]}
    circular = {"$ref": "#/$defs/v", "$defs": {"v": definition}}
    assert verdicts(circular, {"type": "string"}) == ("proved", "proved")


class TestWitness:
    """Counterexamples are small, readable, and hold before every judge."""

    @pytest.mark.parametrize(("narrower", "wider"), NARROWER, ids=str)
    def test_every_witness_replays(self, narrower, wider):
        """The wider schema takes it and the narrower one does not, say all judges that can."""
        witness = compare(wider, narrower).witness
        wide, narrow = Schema.load(wider), Schema.load(narrower)
        for judge in judges()[:2]:
            assert judge.accepts(wide, witness)
            assert not judge.accepts(narrow, witness)

    def test_only_what_shows_the_break_is_there(self):
        """Required members and the one that breaks."""
        old = {
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"const": "x"}, "a": strings(), "b": strings(), "note": strings()},
        }
        new = copy.deepcopy(old)
        new["properties"]["b"] = strings(maxLength=3)
        assert compare(old, new).witness == {"id": "x", "b": "aaaa"}

    def test_words_are_the_authors_where_they_serve(self):
        """`examples` and `default` come before made-up values."""
        old = {"type": "object", "properties": {"city": strings(examples=["Paris", "Rome"])}}
        new = {"type": "object", "properties": {"city": {"type": "integer"}}}
        assert compare(old, new).witness == {"city": "Paris"}
        assert compare({"type": "number", "default": 7}, {"maximum": 5}).witness == 7

    def test_equal_values_of_other_types_are_told_apart(self):
        """True is not 1."""
        assert compare({"enum": [True]}, {"enum": [1]}).witness is True


class TestReferences:
    """What cannot be followed spoils only what depends on it, and nothing is ever fetched."""

    def test_the_same_remote_document_is_the_same_set(self):
        """Whatever it holds, it holds on both sides."""
        old = {"properties": {"a": REMOTE, "b": {"type": "integer"}}}
        new = {"properties": {"a": REMOTE, "b": {"type": "number"}}}
        assert compare(old, new).verdict == "proved"

    def test_a_verdict_that_needs_the_document_is_undecided_and_says_so(self):
        """The reason names the reference."""
        compared = compare({"properties": {"a": {}}}, {"properties": {"a": REMOTE}})
        assert compared.verdict == "undecided"
        assert "https://example.com/other.json" in compared.reason

    def test_a_dangling_reference_is_undecided_and_says_so(self):
        """It leads nowhere, so nothing is known of what it names."""
        compared = compare({"type": "string"}, {"$ref": "#/$defs/missing"})
        assert compared.verdict == "undecided"
        assert "#/$defs/missing" in compared.reason


class TestResult:
    """What `compare` returns."""

    def test_it_is_neither_true_nor_false(self):
        """An undecided comparison must not pass for either."""
        with pytest.raises(TypeError, match="verdict"):
            bool(compare({}, {}))

    def test_the_worst_direction_counts(self):
        """Broken before undecided before proved; the parts keep their own."""
        compared = compare({"type": "integer"}, {"type": "number"}, direction="full")
        assert compared.verdict == "broken"
        assert compared.witness == 0.5
        assert compared.parts["backward"].verdict == "proved"
        assert compared.parts["backward"].witness is None
        assert compared.reason is None

    def test_its_json_has_the_same_keys(self):
        """verdict, witness, reason, parts, changes."""
        document = compare({"type": "integer"}, {"type": "string"}).to_json()
        assert {"verdict", "witness", "reason", "parts", "changes"} <= document.keys()
        assert document["parts"]["backward"] == {"verdict": "broken", "witness": 0, "reason": None}

    def test_null_may_be_the_witness(self):
        """The verdict tells it from no witness."""
        compared = compare({"type": "null"}, NOTHING)
        assert (compared.verdict, compared.witness) == ("broken", None)

    @pytest.mark.parametrize("options", [{"direction": "sideways"}, {"reading": "loose"}])
    def test_unknown_options_are_refused(self, options):
        """With what would have made sense."""
        with pytest.raises(UsageError) as caught:
            compare({}, {}, **options)
        assert caught.value.advice()

    @pytest.mark.parametrize("document", [[], "string", None, {"type": "strnig"}, {"minimum": float("nan")}])
    def test_what_is_no_schema_is_refused(self, document):
        """Either side."""
        with pytest.raises(NotASchemaError):
            compare(document, {})
        with pytest.raises(NotASchemaError):
            compare({}, document)

    def test_formats_assert_where_asked(self):
        """By default in the declared reading only."""
        old, new = strings(), strings(format="date")
        assert compare(old, new).verdict == "proved"
        assert compare(old, new, format_assertion=True).verdict == "broken"
        assert compare(old, new, reading="declared").verdict == "broken"
        assert compare(old, new, reading="declared", format_assertion=False).verdict == "proved"


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_a_union_of_no_branches_accepts_nothing(keyword):
    """As the evaluator and jsonschema read it, though no metaschema allows it."""
    assert (
        compare({"type": "integer", keyword: []}, {"type": "string"}, direction="backward").verdict
        == "proved"
    )
    assert compare({"type": "integer"}, {"type": "integer", keyword: []}).verdict == "broken"
    assert compare({}, {"not": {keyword: []}}, direction="full").verdict == "proved"


def test_an_exact_number_is_not_mistaken_for_an_object():
    """A decimal is no text of JSON, so it must not be written as one where texts are compared."""
    assert compare({"const": {"decimal": "1.5"}}, {"const": Decimal("1.5")}).verdict == "broken"
    assert (
        compare({"const": [2**70, Decimal("1.5")]}, {"const": [2**70, Decimal("1.50")]}).verdict == "proved"
    )
    assert (
        compare({"const": ["\ud800", 2**70]}, {"const": ["\ud800", 2**70], "title": "a"}).verdict == "proved"
    )
