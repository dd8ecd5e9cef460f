"""A counterexample counts where judges agree; who cannot judge abstains and says why."""

# ruff: noqa: FBT003 (a boolean is a schema)

import sys

import pytest

from canonry.schema.judges import AbstentionError, ExactJudge, PythonJudge, RustJudge, confirm, judges
from canonry.schema.resources import Schema

JUDGES = [ExactJudge, RustJudge, PythonJudge]


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize(
    ("schema", "value", "valid"),
    [
        (True, 1, True),
        (False, 1, False),
        ({"multipleOf": 0.01}, 19.99, True),
        ({"pattern": "^a$"}, "a\n", False),
        ({"pattern": r"^\d$"}, "٣", False),
        ({"pattern": "^(a+)+$"}, "a" * 3000 + "b", False),
        ({"patternProperties": {"^a$": False}}, {"a\n": 1}, True),
        ({"patternProperties": {"^a$": True}, "additionalProperties": False}, {"a\n": 1}, False),
        ({"patternProperties": {"^a$": True}, "additionalProperties": False}, {"a": 1}, True),
        ({"properties": {"a": True}, "additionalProperties": {"type": "null"}}, {"a": 1, "b": 2}, False),
        ({"const": 1}, True, False),
        ({"minLength": 2}, "😀", False),
        (
            {"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 1, "exclusiveMinimum": True},
            1,
            False,
        ),
        (
            {
                "$schema": "http://json-schema.org/draft-07/schema#",
                "$ref": "#/definitions/a",
                "type": "null",
                "definitions": {"a": {}},
            },
            1,
            True,
        ),
        (
            {
                "$schema": "https://json-schema.org/draft/2019-09/schema",
                "unevaluatedItems": False,
                "items": [True],
            },
            [1, 2],
            False,
        ),
        ({"format": "ipv4"}, "no", True),
    ],
)
def test_the_judges_agree_where_validators_as_shipped_do_not(judge, schema, value, valid):
    """Numbers and patterns are exact in all three."""
    assert judge().accepts(Schema.load(schema), value) is valid


@pytest.mark.parametrize("judge", JUDGES)
def test_asserted_formats_are_canonrys_own_in_all_three(judge):
    """A format means one thing, and those that are not defined assert nothing."""
    strict = judge({"ipv4": lambda text: text == "here", "made-up": lambda text: False})
    assert strict.accepts(Schema.load({"format": "ipv4"}), "here")
    assert not strict.accepts(Schema.load({"format": "ipv4"}), "127.0.0.1")
    assert not strict.accepts(Schema.load({"format": "made-up"}), "x")
    assert strict.accepts(Schema.load({"format": "made-up"}), 3)
    assert strict.accepts(Schema.load({"format": "regex"}), "[")


@pytest.mark.parametrize("judge", JUDGES)
def test_no_judge_fetches_anything(judge):
    """A remote reference makes a judge abstain, saying why."""
    with pytest.raises(AbstentionError, match=r"http://127\.0\.0\.1:9/a") as caught:
        judge().accepts(Schema.load({"$ref": "http://127.0.0.1:9/a"}), 1)
    assert caught.value.reason


@pytest.mark.parametrize("judge", JUDGES)
def test_every_judge_reads_the_documents_that_were_given(judge):
    """Bundled references resolve for all of them."""
    schema = Schema.load(
        {"$id": "https://x.test/a", "$ref": "/b"},
        documents={"https://x.test/b": {"$id": "https://x.test/b", "type": "null"}},
    )
    assert judge().accepts(schema, None)
    assert not judge().accepts(schema, 1)


@pytest.mark.parametrize("judge", [ExactJudge, PythonJudge])
def test_a_schema_that_negates_itself_is_an_abstention(judge):
    """Its meaning is undefined, so there is no opinion to have."""
    with pytest.raises(AbstentionError):
        judge().accepts(Schema.load({"not": {"$ref": "#"}}), 1)


def test_lookaround_is_an_abstention():
    """Where canonry's languages end, its evaluator has no opinion, so the panel has none."""
    old, new = Schema.load(True), Schema.load({"pattern": r"^(?:(a)|b)\1$"})
    hearing = confirm("x", accepting=old, refusing=new, panel=judges())
    assert not hearing.agreed
    assert "canonry" in hearing.abstentions


def test_agreement_confirms():
    """All three heard, none abstaining."""
    hearing = confirm("", accepting=Schema.load(True), refusing=Schema.load({"minLength": 1}), panel=judges())
    assert hearing.agreed
    assert set(hearing.opinions) == {"canonry", "jsonschema-rs", "jsonschema"}


def test_what_the_reader_sees_is_judged_by_the_reader():
    """The declared reading strips what a reader ignores before it judges."""
    old, new = Schema.load({"maxProperties": 1}), Schema.load(True)
    written, read = {"a": 1, "b": 2}, {"a": 1}
    assert confirm(written, accepting=new, refusing=old, panel=judges()).agreed
    assert not confirm(written, accepting=new, refusing=old, panel=judges(), as_read=read).agreed


def test_a_candidate_that_is_no_counterexample_is_not_confirmed():
    """The reason names the judge that objects."""
    hearing = confirm(
        "a", accepting=Schema.load(True), refusing=Schema.load({"minLength": 1}), panel=judges()
    )
    assert not hearing.agreed
    assert "canonry does not agree" in hearing.reason


class Contrarian:
    """A judge that finds everything valid."""

    name = "contrarian"

    def accepts(self, schema, value):
        return True


def test_one_objection_is_enough():
    """Broken needs agreement, not a majority."""
    panel = (*judges(), Contrarian())
    hearing = confirm("", accepting=Schema.load(True), refusing=Schema.load({"minLength": 1}), panel=panel)
    assert not hearing.agreed
    assert "contrarian" in hearing.reason


class Absent:
    """A judge that never judges."""

    name = "absent"

    def accepts(self, schema, value):
        raise AbstentionError("away today")


def test_abstentions_leave_a_quorum_or_none():
    """Two opinions are enough, one is not; the reasons are kept."""
    old, new = Schema.load(True), Schema.load({"minLength": 1})
    enough = confirm("", accepting=old, refusing=new, panel=(ExactJudge(), RustJudge(), Absent()))
    assert enough.agreed and enough.abstentions == {"absent": "away today"}
    lonely = confirm("", accepting=old, refusing=new, panel=(ExactJudge(), Absent(), Absent()))
    assert not lonely.agreed and "away today" in lonely.reason


def test_a_schema_that_one_judge_cannot_compile_is_left_to_the_others():
    """Draft 4 has no boolean schemas, which jsonschema-rs enforces and the others do not mind."""
    old = Schema.load({"$schema": "http://json-schema.org/draft-04/schema#", "properties": {"a": True}})
    new = Schema.load({"$schema": "http://json-schema.org/draft-04/schema#", "type": "string"})
    hearing = confirm(1, accepting=old, refusing=new, panel=judges())
    assert hearing.agreed
    assert set(hearing.abstentions) == {"jsonschema-rs"}


def test_a_judge_with_a_known_defect_abstains_where_it_matters():
    """In 2019-09 jsonschema takes members named like keywords for evaluated, so it has no opinion."""
    schema = Schema.load(
        {
            "$schema": "https://json-schema.org/draft/2019-09/schema",
            "additionalProperties": {"type": "boolean"},
            "unevaluatedProperties": False,
        }
    )
    with pytest.raises(AbstentionError, match="misreads"):
        PythonJudge().accepts(schema, {"a": True})
    assert confirm(
        {"a": True}, accepting=schema, refusing=Schema.load({"maxProperties": 0}), panel=judges()
    ).agreed


def test_a_circle_ends_the_call_and_not_the_process():
    """The search may have raised Python's limit; the judges keep to an ordinary one."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(50_000)
    try:
        with pytest.raises(AbstentionError, match="circle"):
            PythonJudge().accepts(Schema.load({"allOf": [{"$ref": "#"}]}), 1)
        assert sys.getrecursionlimit() == 50_000
    finally:
        sys.setrecursionlimit(before)


def test_very_large_schemas_are_left_to_the_judges_that_compile_nothing():
    """Memory is bounded, and two judges are enough."""
    large = Schema.load({"properties": {str(n): {} for n in range(60_000)}, "required": ["a"]})
    hearing = confirm({}, accepting=Schema.load({}), refusing=large, panel=judges())
    assert hearing.agreed
    assert "memory" in hearing.abstentions["jsonschema-rs"]


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"$ref": "#/properties/a"}}},
        {"items": {"anyOf": [{"$ref": "#/$defs/b"}]}, "$defs": {"b": {"not": {"$ref": "#/items"}}}},
        {"$dynamicAnchor": "n", "allOf": [{"$dynamicRef": "#n"}]},
        {"$schema": "https://json-schema.org/draft/2019-09/schema", "allOf": [{"$recursiveRef": "#"}]},
    ],
)
def test_circles_are_seen_before_they_are_followed(schema):
    """At the end of the stack its resolver would panic, so jsonschema is not even asked."""
    with pytest.raises(AbstentionError, match="circle"):
        PythonJudge().accepts(Schema.load(schema), {"a": 1})


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"$ref": "#"}}},
        {"items": {"$ref": "#/$defs/b"}, "$defs": {"b": {"anyOf": [{"items": {"$ref": "#/$defs/b"}}, True]}}},
    ],
)
def test_recursion_into_the_value_is_no_circle(schema):
    """Trees and lists end with their values."""
    assert PythonJudge().accepts(Schema.load(schema), {"a": {"a": [[]]}})


def test_nested_values_are_judged_by_all():
    """A hundred levels, each through a reference."""
    value = None
    for _ in range(100):
        value = {"a": value}
    schema = Schema.load({"properties": {"a": {"$ref": "#"}}, "type": ["object", "null"]})
    assert [judge.accepts(schema, value) for judge in judges()] == [True] * 3


def test_whatever_jsonschema_raises_is_an_abstention():
    """Its resolver is written in Rust, and a panic there is no ordinary exception."""

    class PanicError(BaseException):
        pass

    class Panicking:
        def is_valid(self, value):
            raise PanicError("explicit panic")

    judge, schema = PythonJudge(), Schema.load({})
    judge._validators[schema] = Panicking()
    with pytest.raises(AbstentionError, match="explicit panic"):
        judge.accepts(schema, 1)


def test_an_interruption_is_no_abstention():
    """Ctrl-C stops the program wherever it is."""

    class Interrupted:
        def is_valid(self, value):
            raise KeyboardInterrupt

    judge, schema = PythonJudge(), Schema.load({})
    judge._validators[schema] = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        judge.accepts(schema, 1)
