"""Lines are judged by the hundred; one by one the answer would be the same."""

import json
import random

import jsonschema_rs
import pytest
from tests.unit.codegen.instances import Maker, near_misses

from canonry.app.judge import Judge, exacting
from canonry.app.validate import Table

MONEY = {
    "type": "object",
    "additionalProperties": False,
    "required": ["amount"],
    "properties": {"amount": {"type": "number", "multipleOf": 0.01}, "currency": {"type": "string"}},
}

SCHEMAS = {
    "/events/money/v1": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "total": {"$ref": "#/$defs/money"},
            "rate": {"type": "number", "multipleOf": 0.01},
            "items": {
                "type": "array",
                "items": {"type": "object", "properties": {"price": {"$ref": "#/$defs/money"}}},
            },
            "fees": {"type": "array", "items": {"type": "number", "multipleOf": 0.01}},
        },
        "$defs": {"money": MONEY},
    },
    "/events/other_money/v1": {  # the same name, another definition
        "type": "object",
        "properties": {"total": {"$ref": "#/$defs/money"}},
        "$defs": {"money": {"type": "string", "maxLength": 3}},
    },
    "/events/tree/v1": {
        "type": "object",
        "additionalProperties": False,
        "properties": {"n": {"type": "integer"}, "next": {"$ref": "#"}},
    },
    "/events/choice/v1": {  # money applies where no path leads
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": ["a", "b"]}, "total": {"$ref": "#/$defs/money"}},
        "oneOf": [
            {"properties": {"kind": {"const": "a"}, "fee": {"$ref": "#/$defs/money"}}},
            {"properties": {"kind": {"const": "b"}, "fee": {"type": "string"}}},
        ],
        "$defs": {"money": MONEY},
    },
    "/events/star/v1": {
        "type": "object",
        "properties": {"*": {"$ref": "#/$defs/money"}},
        "$defs": {"money": MONEY},
    },
    "/events/names/v1": {  # properties that are called as keywords are
        "type": "object",
        "properties": {
            "enum": {"type": "object", "properties": {"const": {"$ref": "#/$defs/money"}}},
            "const": {"type": "number", "multipleOf": 0.01},
            "multipleOf": {"enum": [0.01, {"multipleOf": 0.01}]},
            "properties": {"const": {"multipleOf": 0.01}},
        },
        "$defs": {"money": MONEY},
    },
    "/events/large/v1": {
        "type": "object",
        "properties": {"id": {"type": "integer", "maximum": 2**70 + 1}, "step": {"type": "integer"}},
    },
}
TABLE = Table(
    {name: json.dumps(schema) for name, schema in SCHEMAS.items()}, {name: name for name in SCHEMAS}
)


def lines(*events):
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


def tallied(judge, data):
    found = judge.lines(data)
    return found.lines, found.right, found.wrong, found.failures


def one_by_one(data):
    """The tally of a judge that is never quick."""
    judge = Judge(TABLE)
    judge._right = lambda *_: False
    return tallied(judge, data)


def test_together_and_alone_are_one_answer():
    """Right payloads and near misses of every kind of schema, in files of many sizes."""
    rng = random.Random(11)
    judge = Judge(TABLE)
    events = []
    for name, schema in SCHEMAS.items():
        maker = Maker(schema, rng)
        validator = jsonschema_rs.validator_for(schema, validate_formats=False)
        for _ in range(60):
            payload = maker.value(schema)
            for near in (payload, *near_misses(payload, rng, 4)):
                right = validator.is_valid(near)
                event = {"contract": name, "properties": near}
                assert tallied(judge, lines(event))[1] == ({name: 1} if right else {}), near
                events.append((right, event))
    rng.shuffle(events)
    for _ in range(60):
        some = rng.sample(events, rng.choice([1, 3, 40]))
        data = lines(*(event for right, event in some if right or rng.random() < 0.3))
        assert tallied(judge, data) == one_by_one(data)


@pytest.mark.parametrize(
    "amount", [0.1, 19.99, -0.01, 1.005, 0.001, 1e9, 1e13, 1e300, 5, 999999999999.99, -1.5]
)
@pytest.mark.parametrize(
    "place",
    [
        lambda n: ("/events/money/v1", {"total": {"amount": n}}),
        lambda n: ("/events/money/v1", {"rate": n}),
        lambda n: ("/events/money/v1", {"items": [{"price": {"amount": 1}}, {"price": {"amount": n}}]}),
        lambda n: ("/events/money/v1", {"fees": [1, n]}),
        lambda n: ("/events/choice/v1", {"kind": "a", "fee": {"amount": n}}),
        lambda n: ("/events/star/v1", {"*": {"amount": n}}),
        lambda n: ("/events/names/v1", {"enum": {"const": {"amount": n}}}),
        lambda n: ("/events/names/v1", {"const": n}),
        lambda n: ("/events/names/v1", {"multipleOf": n}),
        lambda n: ("/events/names/v1", {"properties": {"multipleOf": n}}),
    ],
)
def test_hundredths_are_exact_wherever_they_stand(place, amount):
    """What is done to be quick about them changes no verdict."""
    name, payload = place(amount)
    right = jsonschema_rs.validator_for(SCHEMAS[name]).is_valid(payload)
    assert tallied(Judge(TABLE), lines({"contract": name, "properties": payload}))[1] == (
        {name: 1} if right else {}
    )


def test_digits_that_a_float_does_not_have_count():
    """2^70 + 2 is one more than a maximum of 2^70 + 1, though both are one float."""
    for number, right in ((2**70 + 1, True), (2**70 + 2, False)):
        data = lines({"contract": "/events/large/v1", "properties": {"id": number}})
        assert bool(tallied(Judge(TABLE), data)[1]) is right
    assert exacting(SCHEMAS["/events/large/v1"])
    assert not exacting(SCHEMAS["/events/money/v1"])


def test_a_line_is_one_value():
    """Lines that only together are as many values as lines are not taken for events."""
    right = '{"contract": "/events/tree/v1", "properties": {}}'
    for texts in (
        [f"{right}, {right}", "[1", "2]", right],
        [right, "[", "]", f"{right},{right}"],
        [f"{right}]", f"[{right}"],
        ["", right],
        [right, "null", "1"],
    ):
        data = "\n".join(texts).encode()
        assert tallied(Judge(TABLE), data) == one_by_one(data)


def test_names_that_lead_to_no_contract_are_told():
    """In the middle of lines that are right."""
    right = {"contract": "/events/tree/v1", "properties": {"n": 1}}
    tally = Judge(TABLE).lines(lines(right, {"event": "tree"}, 5, right, {"contract": []}))
    assert tally.right == {"/events/tree/v1": 2}
    assert [(failure.line, failure.contract) for failure in tally.failures] == [
        (2, "(unknown event)"),
        (3, "(no event name)"),
        (5, "(no event name)"),
    ]
    assert tally.unknown_events == {"tree": 1}
