"""Large and self-similar schemas: each is decided, or given up, within its budget of steps."""

import copy

import pytest

from canonry.render.comparison import text
from canonry.schema import changes, compare, comparison
from canonry.schema.assertions import language
from canonry.schema.containment import Broken, Proved
from canonry.schema.resources import Schema
from canonry.schema.strip import place_of


def _branch(index, **more):
    properties = {f"f{number}": {"type": "string"} for number in range(4)}
    return {"type": "object", "properties": {**properties, **more}, "required": [f"step{index}"]}


def _keyed(count, changed=None):
    """Branches that are told apart by the member that each requires, as the steps of a pipeline are."""
    branches = [_branch(index, **{f"step{index}": {"type": "integer"}}) for index in range(count)]
    if changed is not None:
        branches[changed]["properties"][f"step{changed}"]["minimum"] = 0
    return branches


def _tagged(count, **more):
    return [
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["kind"],
            "properties": {"kind": {"const": f"k{index}"}, "text": {"type": "string"}, **more},
        }
        for index in range(count)
    ]


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_a_needle_in_a_union_of_many_keyed_branches_is_found(keyword):
    """The witness is about the branch that changed."""
    compared = compare({keyword: _keyed(120)}, {keyword: _keyed(120, changed=77)})
    assert compared.verdict == "broken"
    assert "step77" in compared.witness


@pytest.mark.parametrize("reading", ["strict", "declared"])
def test_tagged_branches_may_be_shuffled_and_extended(reading):
    """Two hundred branches, another order, a new optional member in each."""
    new = {"oneOf": _tagged(200, extra={"type": "null"})[::-1]}
    assert compare({"oneOf": _tagged(200)}, new, reading=reading).verdict == "proved"
    assert compare({"anyOf": _tagged(200)}, new, direction="forward", reading="declared").verdict == "proved"


def test_a_needle_among_hundreds_of_conditions_is_found():
    """`if`/`then` on each of 300 members, one of them changed."""

    def conditions(changed):
        names = [f"p{index}" for index in range(300)]
        rules = [
            {"if": {"required": [name], "properties": {name: {"const": 1}}}, "then": {"required": [after]}}
            for name, after in zip(names, names[1:] + names[:1], strict=True)
        ]
        if changed:
            rules[150]["then"]["required"] = ["q"]
        return {"type": "object", "allOf": rules}

    compared = compare(conditions(changed=False), conditions(changed=True))
    assert compared.verdict == "broken"
    assert compared.witness["p150"] == 1


def test_ten_thousand_members_may_all_be_widened():
    """One alternative per member, each seen to fail without a copy of all the others."""
    old = {"properties": {f"p{index}": {"type": "string", "maxLength": index} for index in range(10_000)}}
    new = copy.deepcopy(old)
    for schema in new["properties"].values():
        schema["maxLength"] += 1
    assert compare(old, new).verdict == "proved"


def test_unevaluated_members_of_many_branches_are_decided():
    """Each branch of an anyOf evaluates a member of its own."""
    branches = [{"properties": {f"p{i}": {"type": "integer"}}, "required": [f"p{i}"]} for i in range(50)]
    old = {"type": "object", "anyOf": branches, "unevaluatedProperties": False}
    new = copy.deepcopy(old)
    new["anyOf"][3]["properties"]["p3"]["type"] = "number"
    assert compare(old, new).verdict == "proved"


def _doubling(levels, leaf, level):
    definitions = {f"d{index}": level(f"#/$defs/d{index + 1}") for index in range(levels)}
    return {"$ref": "#/$defs/d0", "$defs": {**definitions, f"d{levels}": leaf}}


@pytest.mark.parametrize(
    "level",
    [
        lambda ref: {"allOf": [{"$ref": ref}, {"$ref": ref}]},
        lambda ref: {
            "type": "object",
            "required": ["a", "b"],
            "properties": {key: {"$ref": ref} for key in "ab"},
        },
        lambda ref: {"oneOf": [{"$ref": ref}, {"required": ["q"], "properties": {"q": {"$ref": ref}}}]},
    ],
    ids=["the same value", "two members", "one of two"],
)
def test_what_doubles_at_every_level_is_given_up_in_time(level):
    """Sixty levels, each of which refers twice to the next: nothing may walk that as a tree."""
    old = _doubling(60, {"type": "integer"}, level)
    new = _doubling(60, {"type": "string"}, level)
    assert compare(old, new, direction="full").verdict in ("broken", "undecided")
    assert compare(old, copy.deepcopy(old), reading="declared").verdict == "proved"


def test_nested_exclusions_are_given_up_in_time():
    """A hundred `oneOf` within each other: a glance at a formula looks at a part of it only."""

    def nested(schema):
        for index in range(100):
            schema = {"oneOf": [schema, {"minimum": index}]}
        return schema

    assert compare(nested({"type": "integer"}), nested({"type": "number"})).verdict in ("broken", "undecided")


def test_a_chain_of_thousands_of_references_is_read_in_time():
    """What refers alike is found without one round per link."""

    def chain(leaf):
        links = {f"d{index}": {"$ref": f"#/$defs/d{index + 1}"} for index in range(3_000)}
        return {"$ref": "#/$defs/d0", "$defs": {**links, "d3000": leaf}}

    assert compare(chain({"type": "integer"}), chain({"type": "string"})).verdict in ("broken", "undecided")


def test_many_bounded_repetitions_do_not_hold_up_the_judges():
    """jsonschema-rs would unroll two million repetitions; it abstains, and the other two agree."""
    old = {"allOf": [{"pattern": f"^a{{0,{bound}}}"} for bound in range(2_000)]}
    new = {"allOf": [*old["allOf"][:-1], {"pattern": "^b"}]}
    compared = compare(old, new)
    assert compared.verdict == "broken"


def test_items_that_twenty_counts_ask_for_get_places_of_their_own():
    """In or out of each of twenty counts is a million ways; placing each by itself is twenty."""
    parts = [{"contains": {"type": "object", "required": [f"k{index}"]}} for index in range(20)]
    old = {"type": "array", "allOf": parts}
    compared = compare(old, {"type": "array", "maxItems": 0})
    assert compared.verdict == "broken"
    assert compare(old, {"type": "array", "minItems": 1}).verdict == "proved"


def _catalogue(count, changed=None, every=0):
    """An object of many described objects, as large exports of catalogues are."""
    properties = {
        f"p{index}": {
            "type": "object",
            "properties": {
                "a": {"type": "string", "maxLength": index + 1 + every},
                "b": {"type": "array", "items": {"type": "integer"}},
                "c": {"enum": ["x", "y"]},
            },
        }
        for index in range(count)
    }
    if changed is not None:
        properties[f"p{changed}"]["properties"]["a"]["maxLength"] = 0
    return {"type": "object", "properties": properties}


def _asked(old, new, reading):
    """The question of a pair, with the solver whose budget says what it took."""
    return comparison._Question(Schema.load(old), Schema.load(new), reading, asserted=False)


@pytest.mark.parametrize("reading", ["strict", "declared"])
def test_one_change_in_a_large_document_costs_in_proportion(reading):
    """Four times the document takes about four times the steps, and the change is found."""
    spent = []
    for count in (500, 2_000):
        question = _asked(_catalogue(count), _catalogue(count, changed=count - 3), reading)
        assert isinstance(question.outcome("backward"), Broken)
        spent.append(question.solver.budget.spent)
    assert spent[1] < 6 * spent[0]


def test_reading_and_building_draw_on_the_budget(monkeypatch):
    """A pair that is too large says so, in every direction, and does not go beyond its budget by much."""
    monkeypatch.setattr(comparison, "STEPS", 100_000)
    monkeypatch.setattr(comparison, "_LARGE", 1_000)
    compared = compare(_catalogue(2_000), _catalogue(2_000, every=1), direction="full")
    assert {part.verdict for part in compared.parts.values()} == {"undecided"}
    assert compared.reason == (
        "the schemas are larger than can be compared within 100,000 steps: "
        "together they hold 20,002 subschemas"
    )


def test_equal_documents_are_proved_whatever_their_size(monkeypatch):
    """Nothing is searched, so no budget is needed."""
    monkeypatch.setattr(comparison, "STEPS", 10)
    assert compare(_catalogue(2_000), _catalogue(2_000), direction="full").verdict == "proved"


def test_explaining_stops_and_says_that_there_may_be_more(monkeypatch):
    """A list of thousands of changes explains nothing."""
    monkeypatch.setattr(changes, "STEPS", 50_000)
    found = changes.changes(Schema.load(_catalogue(300)), Schema.load(_catalogue(300, every=1)))
    assert found.more
    assert len(found.found) < 100
    compared = compare(_catalogue(300), _catalogue(300, every=1))
    assert compared.to_json()["more"] is True
    assert "There may be more" in text(compared, "old.json", "new.json")
    assert not changes.changes(Schema.load(_catalogue(9)), Schema.load(_catalogue(9, every=1))).more


def test_what_broke_the_payload_is_explained_wherever_it_lies(monkeypatch):
    """The list may stop before it; the path of the payload is walked all the same."""
    monkeypatch.setattr(changes, "STEPS", 50_000)
    old, new = _catalogue(300), _catalogue(300, every=1, changed=297)
    new["properties"]["p297"]["properties"]["b"] = {
        "type": "array",
        "items": {"type": "integer"},
        "maxItems": 0,
    }
    del new["properties"]["p297"]["properties"]["a"]
    compared = compare(old, new)
    assert compared.more
    breaking = [change for change in compared.changes if change.breaks]
    assert [change.new_pointer for change in breaking] == ["/properties/p297/properties/b/maxItems"]
    assert "`p297.b`" in breaking[0].sentence


def test_a_text_shows_some_of_many_differences():
    """What broke something is always shown, of the rest a screen or two and how many more there are."""
    shown = text(compare(_catalogue(100), _catalogue(100, every=1, changed=3)), "old.json", "new.json")
    assert "`p3.a`" in shown.partition("Also different")[0]
    assert "and 59 more differences: --format json has all" in shown


def _steps(count, wider):
    """Branches of many optional members, told apart by the one that each requires."""
    shared = {f"s{number}": {"type": ["string", "null"], "maxLength": 40 + wider} for number in range(25)}
    return [
        {
            "type": "object",
            "additionalProperties": False,
            "required": [f"step{index}"],
            "properties": {f"step{index}": {"anyOf": [{"type": "string"}, {"type": "integer"}]}, **shared},
        }
        for index in range(count)
    ]


@pytest.mark.parametrize("reading", ["strict", "declared"])
def test_a_union_of_broad_branches_is_settled_branch_by_branch(reading):
    """Trying each of hundreds of alternatives before it is settled which branch it is takes far longer."""
    old = {"properties": {"a": {"items": {"anyOf": _steps(7, 0)}}}}
    new = {"properties": {"a": {"items": {"anyOf": _steps(8, 1)}}}}
    question = _asked(old, new, reading)
    assert isinstance(question.outcome("backward"), Proved)
    assert isinstance(question.outcome("forward"), Broken)
    assert question.solver.budget.spent < 50_000


def test_patterns_that_nobody_asks_for_are_not_read():
    """A place that compiled each of its patterns took seconds that no budget knew of."""
    old = {"patternProperties": {f"^known{number}$": {"type": "integer"} for number in range(2_000)}}
    place = place_of(Schema.load(old))
    language.cache_clear()
    assert place.keeps("known0") and not place.everything
    assert language.cache_info().currsize == 1
