"""What differs is said in a sentence with its places, and a break is traced to what did it."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from canonry.render.comparison import exact_json
from canonry.schema import compare
from canonry.schema.branches import label
from canonry.schema.changes import Refused, changes
from canonry.schema.evaluator import Evaluator
from canonry.schema.pairs import counted, listed, quoted, shown
from canonry.schema.refusals import refusals
from canonry.schema.resources import Schema
from canonry.schema.rules import RULES

CASES = sorted((Path(__file__).parent.parent.parent / "cases" / "compat").glob("C*"))
DRAFT_4 = "http://json-schema.org/draft-04/schema#"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema"


def said(old, new, **options):
    """Rule and sentence of every change."""
    return [(change.code, change.sentence) for change in compare(old, new, **options).changes]


def culprits(old, new, direction="backward", **options):
    """The codes of the changes that broke a direction."""
    compared = compare(old, new, direction=direction, **options)
    assert compared.parts[direction].verdict == "broken"
    return [change.code for change in compared.changes if direction in change.breaks]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden_cases(case, update):
    """Each rule's case, compared in both directions; `--update` rewrites what is expected."""
    old, new = (json.loads((case / f"{side}.json").read_text(encoding="utf-8")) for side in ("old", "new"))
    reading = "declared" if "format" in case.name else "strict"
    found = exact_json(compare(old, new, direction="full", reading=reading).to_json(), indent=2) + "\n"
    expected = case / "expected.json"
    if update:
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")
    code = case.name.partition("-")[0]
    assert code in [change["rule"] for change in json.loads(found)["changes"]]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_is_documented_and_demonstrated(rule):
    """A rule without prose or without a case does not ship."""
    assert {"## Why it matters", "## Instead"} <= set(rule.prose.splitlines())
    assert rule.summary.endswith(".")
    assert any(case.name == f"{rule.code}-{rule.name}" for case in CASES)


def test_codes_and_names_are_unique_and_in_order():
    """Neither is ever used twice."""
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert len({rule.name for rule in RULES}) == len(RULES)


BASE = {
    "type": "object",
    "required": ["kind"],
    "properties": {
        "kind": {"enum": ["a", "b"]},
        "sizes": {"type": "array", "items": {"type": "integer", "minimum": 1}},
    },
    "anyOf": [{"required": ["x"]}, {"properties": {"y": {"type": "string"}}}],
}


@pytest.mark.parametrize(
    "rewritten",
    [
        dict(reversed(BASE.items())),
        BASE | {"anyOf": BASE["anyOf"][::-1]},
        BASE | {"properties": dict(reversed(BASE["properties"].items()))},
        BASE | {"properties": BASE["properties"] | {"kind": {"oneOf": [{"const": "b"}, {"const": "a"}]}}},
        BASE
        | {
            "properties": BASE["properties"] | {"kind": {"$ref": "#/$defs/k"}},
            "$defs": {"k": {"enum": ["b", "a"]}},
        },
        {"allOf": [BASE]},
        {"$ref": "#/$defs/all", "$defs": {"all": BASE}},
        {"allOf": [{k: v for k, v in BASE.items() if k != "required"}, {"required": ["kind"]}]},
        BASE | {"title": "Other words", "description": "change nothing."},
        {"$schema": DRAFT_7} | BASE,
    ],
)
def test_writing_the_same_otherwise_is_no_change(rewritten):
    """Order, references, `allOf`, `$defs` and `oneOf` of constants say the same."""
    compared = compare(BASE, rewritten, direction="full")
    assert compared.verdict == "proved"
    assert compared.changes == ()


def test_a_change_is_found_through_references_and_allof():
    """The pointers lead to where the keyword stands."""
    old = {"properties": {"total": {"type": "number"}}}
    new = {
        "properties": {"total": {"$ref": "#/$defs/m"}},
        "$defs": {"m": {"allOf": [{"type": "number", "minimum": 0}]}},
    }
    (change,) = compare(old, new).changes
    assert change.sentence == "`total` must now be at least 0"
    assert (change.old_pointer, change.new_pointer) == ("/properties/total", "/$defs/m/allOf/0/minimum")
    assert change.breaks == ("backward",)


def test_only_what_broke_is_blamed():
    """Of two required members the witness lacks one; of two directions each has its own cause."""
    old = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}
    new = {"type": "object", "required": ["a", "b"], "properties": {"a": {"type": ["integer", "null"]}}}
    assert culprits(old, new) == ["C201"]
    assert culprits(old, new, "forward") == ["C102"]


def test_a_break_deep_inside_is_traced():
    """Through properties, items, a union's branch and a reference."""

    def schema(limit):
        line = {
            "type": "object",
            "required": ["t"],
            "properties": {"t": {"const": "line"}, "qty": {"$ref": "#/$defs/q"}},
        }
        return {
            "type": "object",
            "properties": {"lines": {"type": "array", "items": {"oneOf": [{"type": "string"}, line]}}},
            "$defs": {"q": {"type": "integer", "maximum": limit}},
        }

    assert said(schema(99), schema(9)) == [("C401", "`lines[].qty` must now be at most 9")]
    assert culprits(schema(99), schema(9)) == ["C401"]


def test_a_pattern_says_which_characters_went():
    """With an example that a person might have sent."""

    def schema(pattern):
        return {"properties": {"code": {"type": "string", "pattern": pattern}}}

    assert said(schema("^[A-Za-z0-9-]{2,40}$"), schema("^[a-z0-9-]{2,40}$")) == [
        ("C303", "`pattern` of `code` no longer allows upper case: `AB-1` was accepted")
    ]
    assert said({"pattern": "^a{1,5}$", "type": "string"}, {"pattern": "^a{1,3}$", "type": "string"}) == [
        ("C303", "`pattern` no longer allows `aaaa`")
    ]
    assert said(schema("^[a-z]$"), schema("^[a-z_]$")) == [
        ("C304", "`pattern` of `code` now allows underscores")
    ]
    assert said(schema("^(a|b)$"), schema("^(b|a)$")) == []
    assert said(schema(r"^(?:(a)|b)\1$"), schema("^a$"))[0][0] == "C305"


def test_several_matches_of_a_oneof_blame_the_new_branch():
    """A value that matched one branch matches two."""
    old = {"oneOf": [{"type": "integer"}, {"type": "string"}]}
    new = {"oneOf": [{"type": "integer"}, {"type": "string"}, {"type": "number"}]}
    assert culprits(old, new) == ["C602"]
    assert (
        culprits({"oneOf": [{"type": "integer"}]}, {"oneOf": [{"type": "string"}, {"type": "boolean"}]}) != []
    )


def test_an_unexplained_break_names_the_keyword():
    """No rule compares the inside of `not`, so the refusing keyword is named."""
    old = {"not": {"type": "string"}, "if": {"minimum": 3}, "then": {"maximum": 5}}
    new = {
        "not": {"type": "string"},
        "if": {"minimum": 3},
        "then": {"$ref": "#/$defs/t"},
        "$defs": {"t": {"not": {"const": 4}}},
    }
    assert culprits(old, new) == ["C609"]
    names = {"type": "object", "propertyNames": {"not": {"const": "a"}}}
    assert culprits({"type": "object"}, names)


def blamed(old, new, direction="backward", **options):
    """Sentence and pointers of what broke a direction."""
    compared = compare(old, new, direction=direction, **options)
    assert compared.parts[direction].verdict == "broken"
    return [
        (change.sentence, change.old_pointer, change.new_pointer)
        for change in compared.changes
        if direction in change.breaks
    ]


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        # A name that moves between `properties`, `patternProperties` and `additionalProperties`.
        (
            {"properties": {"x-a": {"type": "string"}}},
            {"patternProperties": {"^x-": {"type": "integer"}}},
            ("`x-a` may no longer be a string", "/properties/x-a/type", "/patternProperties/^x-/type"),
        ),
        (
            {"additionalProperties": {"type": ["string", "null"]}},
            {"properties": {"a": {"type": "string"}}, "additionalProperties": {"type": ["string", "null"]}},
            ("`a` may no longer be null", "/additionalProperties/type", "/properties/a/type"),
        ),
        # A branch that becomes the whole, and a whole that becomes a branch.
        (
            {"oneOf": [{"type": "string"}, {"required": ["a"], "properties": {"a": {"maximum": 9}}}]},
            {"required": ["a"], "properties": {"a": {"maximum": 7}}},
            ("`a` must now be at most 7", "/oneOf/1/properties/a/maximum", "/properties/a/maximum"),
        ),
        (
            {"properties": {"size": {"type": "number"}}},
            {
                "properties": {
                    "size": {"anyOf": [{"type": "number", "minimum": 0}, {"$ref": "#/$defs/signal"}]}
                },
                "$defs": {"signal": {"type": "object", "required": ["signal"]}},
            },
            ("`size` must now be at least 0", "/properties/size", "/properties/size/anyOf/0/minimum"),
        ),
        # A declaration behind a reference.
        (
            {"properties": {"a": {"type": "object"}}},
            {
                "properties": {"a": {"type": "object"}, "b": {"$ref": "#/$defs/b"}},
                "$defs": {"b": {"allOf": [{"type": "string"}]}},
            },
            ("`b` is now declared, and must be a string", "", "/properties/b"),
        ),
        # Only the branch that let it pass, of several that are gone.
        (
            {"anyOf": [{"title": name, "type": "object", "required": [name]} for name in "abcd"]},
            {"anyOf": [{"title": name, "type": "object", "required": [name]} for name in "cd"]},
            ("the value may no longer match the branch called `a`", "/anyOf/0", "/anyOf"),
        ),
        # A member that unevaluatedProperties leaves, and one of which it is no more than a consequence.
        (
            {"allOf": [{"properties": {"a": True, "b": True}}], "unevaluatedProperties": False},
            {"allOf": [{"properties": {"a": True}}], "unevaluatedProperties": False},
            ("`b` is no longer allowed", "/allOf/0/properties/b", "/unevaluatedProperties"),
        ),
        (
            {"allOf": [{"properties": {"a": {"maximum": 9}}}], "unevaluatedProperties": False},
            {"allOf": [{"properties": {"a": {"maximum": 7}}}], "unevaluatedProperties": False},
            ("`a` must now be at most 7", "/allOf/0/properties/a/maximum", "/allOf/0/properties/a/maximum"),
        ),
        # What holds under a condition is said with it.
        (
            {"if": {"properties": {"k": {"const": 1}}}, "then": {"required": ["a"]}},
            {"if": {"properties": {"k": {"const": 1}}}, "then": {"required": ["a", "b"]}},
            ("`b` is now required, where `k` is `1` or missing", "/then", "/then/required"),
        ),
        (
            {"dependentSchemas": {"a": {"properties": {"b": {"maximum": 9}}}}},
            {"dependentSchemas": {"a": {"properties": {"b": {"maximum": 7}}}}},
            (
                "`b` must now be at most 7, where `a` is there",
                "/dependentSchemas/a/properties/b/maximum",
                "/dependentSchemas/a/properties/b/maximum",
            ),
        ),
        # A branch that matches beside another.
        (
            {"oneOf": [{"enum": ["a", "b"]}, {"enum": ["c"], "type": "string"}]},
            {"oneOf": [{"enum": ["a", "b"]}, {"enum": ["c", "b"], "type": "string"}]},
            (
                "the value now also allows `b`, in a branch of `oneOf`, of which only one may match",
                "/oneOf/1/enum",
                "/oneOf/1/enum",
            ),
        ),
        # What an exclusion excludes more.
        (
            {"not": {"enum": ["a"]}},
            {"not": {"enum": ["a", "b"]}},
            ("the value now also allows `b`, in what `not` excludes", "/not/enum", "/not/enum"),
        ),
    ],
)
def test_the_payload_leads_to_the_keyword(old, new, cause):
    """Whatever the name was declared by, whichever branch let it pass."""
    assert blamed(old, new) == [cause]


def test_one_place_is_blamed_where_a_schema_is_used_at_many():
    """A recursive schema has each of its properties at many places; the payload is at one."""
    old = {"properties": {name: {"$ref": "#"} for name in "abcdef"}}
    new = {"properties": {**old["properties"], "x": {"type": "string"}}}
    assert blamed(old, new) == [("`x` is now declared, and must be a string", "", "/properties/x")]


def test_dialects_are_levelled():
    """Draft 4's exclusive bound and draft 7's tuple and dependencies are what they are called today."""
    old = {"$schema": DRAFT_4, "type": "number", "minimum": 1, "exclusiveMinimum": True}
    assert said(old, {"type": "number", "exclusiveMinimum": 1}) == []
    old = {"$schema": DRAFT_7, "items": [{"type": "null"}], "dependencies": {"a": ["b"]}}
    assert said(old, {"prefixItems": [{"type": "null"}], "dependentRequired": {"a": ["b"]}}) == []


def test_a_recursive_schema_ends():
    """Each pair of places is looked at once."""

    def tree(kind):
        return {"properties": {"kid": {"$ref": "#"}, "value": {"type": kind}}}

    assert said(tree("integer"), tree("number")) == [("C102", "`value` may now have a fraction")]


def test_broken_references_explain_nothing_and_break_nothing():
    """What cannot be read is left out of the explanation."""
    old = Schema.load({"properties": {"a": {"$ref": "#/gone"}, "b": {"type": "string"}}})
    new = Schema.load({"properties": {"a": {"$ref": "#/gone"}, "b": {"type": "null"}}})
    assert [
        change.code for change in changes(old, new, {"backward": Refused({"b": "x"}, {"b": "x"})}).found
    ] == [
        "C101",
        "C102",
    ]


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        ({"type": "string"}, 1, [("/type", ())]),
        (False, 1, [("", ())]),
        (
            {"properties": {"a": {"items": {"minimum": 3}}}},
            {"a": [4, 1]},
            [("/properties/a/items/minimum", ("a", 1))],
        ),
        ({"additionalProperties": False}, {"a": 1}, [("/additionalProperties", ("a",))]),
        ({"properties": {"a": False}}, {"a": 1}, [("/properties/a", ("a",))]),
        (
            {"patternProperties": {"^a": {"type": "null"}}},
            {"ab": 1},
            [("/patternProperties/^a/type", ("ab",))],
        ),
        ({"propertyNames": {"maxLength": 1}}, {"ab": 1}, [("/propertyNames/maxLength", ())]),
        ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"a": 1}, [("/dependentSchemas/a/required", ())]),
        ({"prefixItems": [{"type": "null"}]}, [1], [("/prefixItems/0/type", (0,))]),
        ({"if": True, "then": {"type": "null"}}, 1, [("/then/type", ())]),
        ({"if": False, "else": {"type": "null"}}, 1, [("/else/type", ())]),
        ({"contains": {"type": "null"}}, [1], [("/contains", ())]),
        ({"anyOf": [{"type": "null"}, False]}, 1, [("/anyOf", ()), ("/anyOf/0/type", ()), ("/anyOf/1", ())]),
        ({"oneOf": [True, True]}, 1, [("/oneOf", ())]),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"type": "null"}}}, 1, [("/$defs/a/type", ())]),
        ({"$ref": "#/gone"}, 1, []),
        ({"$dynamicAnchor": "n", "items": {"$dynamicRef": "#n"}, "minItems": 1}, [[]], [("/minItems", (0,))]),
        (
            {"$schema": DRAFT_2019, "$recursiveAnchor": True, "items": {"$recursiveRef": "#"}, "minItems": 1},
            [[]],
            [("/minItems", (0,))],
        ),
        ({"$schema": DRAFT_7, "contains": {"type": "null"}}, [], [("/contains", ())]),
        ({"$schema": DRAFT_7, "dependencies": {"a": ["b"]}}, {"a": 1}, [("/dependencies", ())]),
        ({"contains": True, "minContains": 2}, [1], [("/minContains", ())]),
        ({"contains": True, "maxContains": 1}, [1, 2], [("/maxContains", ())]),
        (
            {"allOf": [{"minimum": 2}, {"minimum": 3}]},
            1,
            [("/allOf/0/minimum", ()), ("/allOf/1/minimum", ())],
        ),
    ],
)
def test_refusals_name_the_keyword_and_the_part(schema, value, expected):
    """Down to the last keyword, and where in the value."""
    loaded = Schema.load(schema)
    found = refusals(Evaluator(loaded), loaded.root, value)
    assert [(refusal.pointer, refusal.path) for refusal in found] == expected


def test_text_from_schemas_is_quoted_and_cut():
    """Neither a back-quote nor a control character leaves the quotation."""
    assert quoted("a`b\x1b") == "`a\\u0060b\\u001b`"
    assert quoted("x" * 100) == "`" + "x" * 60 + "…`"
    assert shown("") == '`""`'
    assert shown({"a": 1}) == '`{"a": 1}`'
    assert listed([1, 2, 3, 4, 5, 6, 7]) == "`1`, `2`, `3`, `4`, `5` and 2 more"
    assert counted(1, "item") == "1 item"


@pytest.mark.parametrize(
    ("branch", "name"),
    [
        ({"required": ["kind"], "properties": {"kind": {"const": "card"}}}, "where `kind` is `card`"),
        ({"title": "Card"}, "called `Card`"),
        ({"type": "string"}, "of strings"),
        ({}, ""),
    ],
)
def test_branches_have_names(branch, name):
    """A tag, a title or a type says which branch is meant."""
    assert label(Schema.load(branch).root) == name


OBJECT = {"type": "object"}
ARRAY = {"type": "array"}


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        (ARRAY | {"minItems": 1}, ARRAY | {"minItems": 2}, ["the array must now have at least 2 items"]),
        (ARRAY | {"minItems": 2}, ARRAY, ["the array may now be empty"]),
        (ARRAY | {"maxItems": 2}, ARRAY | {"maxItems": 1}, ["the array may now have at most 1 item"]),
        (ARRAY | {"maxItems": 2}, ARRAY, ["the array may now have any number of items"]),
        (
            ARRAY | {"contains": {"const": 1}},
            ARRAY | {"contains": {"const": 1}, "minContains": 2, "maxContains": 3},
            [
                "the array must now contain at least 2 such items",
                "the array may now contain at most 3 such items",
            ],
        ),
        (
            ARRAY | {"contains": {"const": 1}, "minContains": 2, "maxContains": 3},
            ARRAY | {"contains": {"const": 1}},
            ["the array need only contain 1 such item", "the array may now contain any number of such items"],
        ),
        (
            ARRAY | {"contains": {"const": 1}},
            ARRAY | {"contains": {"const": 2}},
            [
                "the item that the array must contain no longer allows `1`",
                "the item that the array must contain now also allows `2`",
            ],
        ),
        (
            OBJECT | {"minProperties": 1},
            OBJECT | {"minProperties": 2},
            ["the object now needs at least 2 members"],
        ),
        (
            OBJECT | {"minProperties": 2},
            OBJECT | {"minProperties": 1},
            ["the object may now have only 1 member"],
        ),
        (OBJECT | {"maxProperties": 2}, OBJECT, ["the object may now have any number of members"]),
        (
            OBJECT | {"dependentSchemas": {"a": {"required": ["b"]}}},
            OBJECT,
            ["the object need no longer meet more where it has `a`"],
        ),
        (
            OBJECT,
            OBJECT | {"dependentSchemas": {"a": {"required": ["b"]}}},
            ["the object must meet more where it has `a`"],
        ),
        (
            OBJECT | {"dependentSchemas": {"a": {"required": ["b"]}}},
            OBJECT | {"dependentSchemas": {"a": {"required": ["c"]}}},
            ["`c` is now required, where `a` is there", "`b` is no longer required, where `a` is there"],
        ),
        (
            OBJECT | {"patternProperties": {"^a": {"type": "string"}}, "additionalProperties": False},
            OBJECT
            | {
                "patternProperties": {"^a": {"type": "string"}},
                "properties": {"ab": {"maxLength": 3}, "b": True},
                "additionalProperties": False,
            },
            ["`ab` may now have at most 3 characters", "`b` is now allowed"],
        ),
        (OBJECT, OBJECT | {"properties": {"a": True}}, []),
        (OBJECT | {"properties": {"a": True}}, OBJECT, []),
        (
            OBJECT | {"patternProperties": {"^a": {"minimum": 1}}},
            OBJECT | {"patternProperties": {"^a": {"minimum": 2}}},
            ["`/^a/` must now be at least 2"],
        ),
        (
            OBJECT | {"additionalProperties": {"minimum": 1}},
            OBJECT | {"additionalProperties": {"minimum": 2}},
            ["`*` must now be at least 2"],
        ),
        (
            OBJECT | {"propertyNames": {"maxLength": 5}},
            OBJECT | {"propertyNames": {"maxLength": 4}},
            ["`names` may now have at most 4 characters (5 before)"],
        ),
        ({"minLength": 1}, {"minLength": 2}, ["the value must now have at least 2 characters"]),
        ({"minLength": 2}, {"minLength": 1}, ["the value may now have only 1 character"]),
        ({"maxLength": 2}, {}, ["the value may now have any number of characters (2 before)"]),
        ({"minimum": 1}, {"exclusiveMinimum": 1}, ["the value must now be greater than 1"]),
        ({"exclusiveMaximum": 1}, {"maximum": 1}, ["the value need only be at most 1"]),
        ({"maximum": 1}, {"exclusiveMaximum": 1}, ["the value must now be less than 1"]),
        ({"minimum": 2}, {"minimum": 1}, ["the value need only be at least 1"]),
        ({"minimum": 2}, {}, ["the value need no longer be at least 2"]),
        ({"const": 1}, {"const": 2}, ["the value now also allows `2`", "the value no longer allows `1`"]),
        ({}, {"const": 2}, ["the value must now be `2`"]),
        (
            {"enum": [None, True, 1, 1.5, "a", [], {}]},
            {},
            ["the value is no longer limited to `null`, `true`, `1`, `1.5`, `a` and 2 more"],
        ),
        (
            {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/a"}], "$defs": {"a": {"minimum": 1}}},
            {"anyOf": [{"$ref": "#/$defs/b"}, {"type": "null"}], "$defs": {"b": {"minimum": 2}}},
            ["the value must now be at least 2"],
        ),
        ({"anyOf": [{"type": "null"}, {"$ref": "#/gone"}]}, {"anyOf": [{"type": "null"}]}, None),
        (
            {"if": {"type": "null"}, "then": {"const": None}, "else": {"minimum": 1}},
            {"if": {"type": "null"}, "else": {"minimum": 2}},
            [
                "the value is no longer limited to `null`, where `if` holds",
                "the value must now be at least 2, where `if` does not hold",
            ],
        ),
        (
            {"type": "string", "pattern": "^[a-z]{1,60}x?$"},
            {"type": "string", "pattern": "^[a-z]{1,60}$"},
            None,
        ),
        (
            {"type": "string", "pattern": r"^(?:(a)|b)\1$"},
            {"type": "string"},
            ["the value need no longer match `^(?:(a)|b)\\1$`"],
        ),
        (
            OBJECT
            | {"patternProperties": {r"^(?:(a)|b)\1$": {"type": "string"}}, "additionalProperties": False},
            OBJECT | {"properties": {"a": {"type": "string"}}},
            None,
        ),
        (
            {"$schema": DRAFT_7, "items": [True, {"type": "null"}], "allOf": [{"items": [{"type": "null"}]}]},
            {"$schema": DRAFT_7, "items": [True, {"const": 1}], "allOf": [{"items": [{"type": "null"}]}]},
            None,
        ),
        ({"dependencies": {"a": ["b"]}}, {"dependencies": {"a": ["c"]}}, []),
        ({"const": Decimal("1e400")}, {"const": 1}, None),
        (
            {"anyOf": [{"required": ["k"], "properties": {"k": {"enum": [1, 2]}}}, {"required": ["x"]}]},
            {"anyOf": [{"required": ["x"]}, {"required": ["k"], "properties": {"k": {"enum": [1]}}}]},
            ["`k` no longer allows `2`"],
        ),
    ],
)
def test_sentences(old, new, sentences):
    """What each rule says, in the order of its place."""
    found = [change.sentence for change in compare(old, new).changes]
    assert sentences is None or sorted(found) == sorted(sentences)


def test_very_deep_schemas_are_explained_or_left_alone():
    """Nothing that was decided fails because its explanation is too deep."""
    text = '{"not":' * 400 + '{"type": "null"}' + "}" * 400
    old, new = json.loads(text), json.loads(text.replace("null", "string"))
    assert changes(Schema.load(old), Schema.load(new)).more is False
