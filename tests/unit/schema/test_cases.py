"""Choices that depend on one member are settled by its value, those of `oneOf` without all their rivals."""

import pytest

from canonry.schema import compare

KINDS = [f"kind{index}" for index in range(30)]


def _servers(*, port=None, closed=True, more=()):
    """Thirty kinds of one thing, each with members of its own that only its condition lets in."""
    rules = [
        {
            "if": {"required": ["type"], "properties": {"type": {"const": kind}}},
            "then": {
                "required": [f"host_{kind}"],
                "properties": {f"host_{kind}": {"type": "string"}, "port": port or {"type": "integer"}},
            },
        }
        for kind in [*KINDS, *more]
    ]
    shape = {
        "type": "object",
        "required": ["name", "type"],
        "properties": {
            "name": {"type": "string"},
            "type": {"enum": [*KINDS, *more]},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
        "allOf": rules,
    }
    return {**shape, "unevaluatedProperties": False} if closed else shape


def _events(count, *, user, extra=None, gone=None):
    """Events of several actions each, some of which only a required member tells apart."""

    def event(index, action):
        body = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
        return {
            "type": "object",
            "required": ["action", f"thing{index}", "user"],
            "properties": {
                "action": {"enum": [action]},
                f"thing{index}": body,
                "user": {"$ref": "#/$defs/user"},
                **(extra or {}),
            },
        }

    actions = ("created", "edited", "deleted")
    return {
        "$defs": {"user": user},
        "oneOf": [
            {"oneOf": [event(index, action) for action in actions if (index, action) != gone]}
            for index in range(count)
        ],
    }


@pytest.mark.parametrize("reading", ["strict", "declared"])
def test_conditions_with_members_of_their_own_may_be_widened(reading):
    """`unevaluatedProperties` asks for every member which conditions hold: the tag answers for all."""
    new = _servers(port={"type": ["integer", "string"]}, more=["kind30"])
    assert compare(_servers(), new, reading=reading).verdict == "proved"


def test_one_condition_that_is_narrowed_among_thirty_is_found():
    """The witness names the kind."""
    new = _servers()
    new["allOf"][17]["then"]["properties"]["port"] = {"type": "integer", "minimum": 1}
    compared = compare(_servers(), new)
    assert compared.verdict == "broken"
    assert compared.witness["type"] == "kind17"
    assert compared.witness["port"] < 1


@pytest.mark.parametrize("reading", ["strict", "declared"])
def test_what_all_branches_share_may_be_widened(reading):
    """Branches overlap only where a value has the members of two: of all rivals nearly none matters."""
    user = {"type": "object", "required": ["login"], "properties": {"login": {"type": "string"}}}
    wider = {**user, "properties": {"login": {"type": ["string", "null"]}, "name": {"type": "string"}}}
    assert compare(_events(40, user=user), _events(40, user=wider), direction="forward").verdict == "broken"
    narrow = {**user, "required": ["login", "name"]}
    assert compare(_events(8, user=narrow), _events(8, user=user), reading=reading).verdict == "proved"


def test_a_branch_that_is_gone_is_found_among_the_rivals():
    """The witness belongs to that branch only."""
    user = {"type": "object", "required": ["login"], "properties": {"login": {"type": "string"}}}
    compared = compare(_events(30, user=user), _events(30, user=user, gone=(21, "edited")))
    assert compared.verdict == "broken"
    assert compared.witness["action"] == "edited"
    assert "thing21" in compared.witness


def test_rivals_that_matter_are_heard():
    """A value that belongs to two branches belongs to no `oneOf`, however late that is looked at."""
    branches = [
        {"type": "object", "required": [f"m{index}"], "properties": {f"m{index}": {"minimum": index}}}
        for index in range(16)
    ]
    assert compare({"oneOf": branches}, {"anyOf": branches}).verdict == "proved"
    compared = compare({"anyOf": branches}, {"oneOf": branches})
    assert compared.verdict == "broken"
    assert len(compared.witness) == 2
    closed = {"oneOf": branches, "minProperties": 2, "additionalProperties": False}
    assert compare(closed, {"type": "string"}).verdict == "proved"
    only = {"oneOf": branches, "minProperties": 2, "propertyNames": {"pattern": "^m"}}
    assert compare(only, {"maxProperties": 1}).verdict == "broken"
