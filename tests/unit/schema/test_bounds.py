"""What is done is counted: no pair takes more calls than its steps are worth.

The clock cannot be tested, calls of functions can: they are the same on every machine. A loop that nobody
counts shows itself here as calls that no step paid for.
"""

import sys
from itertools import count

import pytest

from canonry.regular.budget import BudgetExceeded
from canonry.schema import changes, compare, comparison, containment, formulas, terms, values

STEPS = 100_000
"""The budget here: a sixtieth of the real one, for pairs that are smaller as well."""
CALLS = 16
"""Calls of functions, written in Python or not, that a step may take; hardly any pair takes ten."""


def _objects(size, **more):
    return [
        {"type": "object", "required": [f"k{i}"], **more, "properties": {f"k{i}": {"maxLength": i}}}
        for i in range(size)
    ]


def _members(size, schema):
    return {"type": "object", "properties": {f"p{index}": schema(index) for index in range(size)}}


def _nested(levels, leaf, around):
    for _ in range(levels):
        leaf = around(leaf)
    return leaf


def _linked(size, leaf, link):
    links = {f"d{index}": link(f"#/$defs/d{index + 1}", index) for index in range(size)}
    return {"$ref": "#/$defs/d0", "$defs": {**links, f"d{size}": leaf}}


def _tagged(size, wide):
    tag = {
        "type": "object",
        "properties": {"kind": {"enum": [f"k{i}" for i in range(size)]}},
        "required": ["kind"],
    }
    rules = [
        {
            "if": {"properties": {"kind": {"const": f"k{index}"}}},
            "then": {
                "properties": {"v": {"type": "number" if index == wide else "integer"}},
                "required": ["v"],
            },
        }
        for index in range(size)
    ]
    return {**tag, "allOf": rules}


def _values(size, shape):
    return {"enum": [shape(index) for index in range(size)]}


NASTY = {
    "allOf on the same members": lambda by: {
        "allOf": [_members(1, lambda _, i=i: {"minimum": i - by}) for i in range(600)]
    },
    "anyOf, each widened": lambda by: {"anyOf": [{**b, "minProperties": 1 + by} for b in _objects(600)]},
    "anyOf of intervals": lambda by: {
        "anyOf": [{"minimum": 3 * i - by, "maximum": 3 * i + 2} for i in range(600)]
    },
    "oneOf": lambda by: {"oneOf": _objects(200 + by)},
    "oneOf of lattices": lambda by: {"oneOf": [{"multipleOf": i + by} for i in range(1, 150)]},
    "enum of words": lambda by: _values(6_000, lambda i: f"word {i + by}"),
    "enum of floats": lambda by: _values(6_000, lambda i: (i + by) / 7),
    "enum of objects": lambda by: _values(3_000, lambda i: {"a": i + by, "b": [i, str(i)]}),
    "enum of towers": lambda by: _values(500, lambda i: _nested(50, i + by, lambda v: [v])),
    "enums of members": lambda by: _members(200, lambda i: _values(100, lambda j: f"v{i + j - by}")),
    "one large const": lambda by: {"const": {f"k{i}": [i, {"x": i // 9 + by}] for i in range(1_500)}},
    "pattern properties": lambda by: {
        "patternProperties": {f"^a{i}": {"minimum": i - by} for i in range(700)}
    },
    "names beside a pattern": lambda by: {
        "propertyNames": {"pattern": f"^[a-z]{{1,{50 + by}}}$"}, **_members(3_000, lambda _: {"minimum": 0})
    },
    "names in an enum": lambda by: {
        "propertyNames": {"enum": [f"n{i + by}" for i in range(700)]}, "minProperties": 250
    },
    "patterns of members": lambda by: _members(
        200, lambda i: {"pattern": f"^[a-z]{{1,{i % 60 + 1 + by}}}-[0-9]+$"}
    ),
    "a tuple": lambda by: {"prefixItems": [{"minimum": i - by} for i in range(1_500)]},
    "a tuple of items that must be there": lambda by: {
        "minItems": 700, "prefixItems": [{"minimum": i + by} for i in range(700)]
    },
    "counts": lambda by: {
        "allOf": [{"contains": {"minimum": i}, "maxContains": 3 + by} for i in range(30)], "minItems": 20
    },
    "anyOf within anyOf": lambda by: _nested(
        11,
        {"type": ["number", "integer"][by]},
        lambda s: {"anyOf": [s, {"type": "string"}, _members(1, lambda _: s)]},
    ),
    "conditions within conditions": lambda by: _nested(
        11, {"minimum": by}, lambda s: {"if": s, "then": {"maximum": 3}, "else": _members(1, lambda _: s)}
    ),
    "a chain of references": lambda by: _linked(
        2_000, {"type": ["integer", "string"][by]}, lambda ref, i: {"$ref": ref}
    ),
    "a chain with something beside": lambda by: _linked(
        3_000, {"type": ["integer", "string"][by]}, lambda ref, i: {"$ref": ref, "minimum": i}
    ),
    "a graph": lambda by: {
        **_members(700, lambda i: {"$ref": f"#/$defs/d{i}"}),
        "$defs": {
            f"d{i}": _members(1, lambda _, i=i: {"maxLength": i + by})
            | {"additionalProperties": {"$ref": f"#/$defs/d{(3 * i + 1) % 700}"}}
            for i in range(700)
        },
    },
    "dynamic references": lambda by: {
        "$id": "http://x/0",
        "$dynamicAnchor": "t",
        "allOf": [{"$ref": f"http://x/{i}"} for i in range(1, 100)],
        "$defs": {
            f"r{i}": {
                "$id": f"http://x/{i}", "$dynamicAnchor": "t",
                "properties": {f"p{i}": {"$dynamicRef": "#t"}, "v": {"type": ["integer", "number"][by]}},
            }
            for i in range(1, 100)
        },
    },
    "dependents": lambda by: {
        "dependentRequired": {f"a{i}": [f"a{j + by}" for j in range(200)] for i in range(200)}
    },
    "dependent schemas": lambda by: {
        "dependentSchemas": {f"a{i}": {"properties": {f"a{i + 1}": {"minimum": i - by}}} for i in range(700)}
    },
    "unevaluated": lambda by: {"anyOf": _objects(300 + by), "unevaluatedProperties": False},
    "conditions on a tag": lambda by: _tagged(500, wide=250 * by),
    "required": lambda by: {"required": [f"n{i + by}" for i in range(6_000)]},
    "required members": lambda by: {
        **_members(700, lambda i: {"minimum": i}), "required": [f"p{i + by}" for i in range(700)]
    },
    "lattices with a common multiple": lambda by: {
        "allOf": [{"multipleOf": 10**800 + 2 * i + 1} for i in range(by, 400)]
    },
    "members without a word": lambda by: _members(20_000, lambda i: {}) | {"maxProperties": 9 - by},
    "branches without a word": lambda by: {"anyOf": [False] * 19_999 + [bool(by)]},
}  # fmt: skip


def _calls(ask):
    """What was answered, and how many calls that took."""
    calls = count()
    sys.setprofile(lambda frame, event, what: next(calls) if event in ("call", "c_call") else None)
    try:
        answer = ask()
    finally:
        sys.setprofile(None)
    return answer, next(calls)


@pytest.mark.parametrize("shape", NASTY.values(), ids=NASTY)
def test_no_call_goes_uncounted(monkeypatch, shape):
    """Reading, searching, judging and explaining; without a bound many of these would take minutes."""
    monkeypatch.setattr(comparison, "STEPS", STEPS)
    monkeypatch.setattr(containment, "JUDGING", STEPS // 2)
    monkeypatch.setattr(changes, "STEPS", STEPS // 4)
    old, new = shape(0), shape(1)
    compared, calls = _calls(lambda: compare(old, new, reading="declared"))
    assert calls < CALLS * STEPS
    _, calls = _calls(lambda: compared.changes)
    assert calls < CALLS * STEPS // 2


@pytest.mark.parametrize("reading", ["strict", "declared"])
def test_both_directions_and_the_explanation_share_one_budget(monkeypatch, reading):
    """What is asked in all stays within the budget; each direction has its half in any case."""
    monkeypatch.setattr(comparison, "STEPS", STEPS)
    begun = []
    begin = comparison.Solver.begin
    monkeypatch.setattr(
        comparison.Solver, "begin", lambda self, budget: (begun.append(budget), begin(self, budget))
    )
    old, new = _members(3_000, lambda i: {"maxLength": i}), _members(3_000, lambda i: {"maxLength": i + 1})
    both = compare(old, new, direction="full", reading=reading)
    first, second = (budget.steps for budget in begun)
    for direction in ("backward", "forward"):
        alone = compare(old, new, direction=direction, reading=reading)
        assert begun[-1].steps == first == second
        assert alone.verdict == both.parts[direction].verdict
    assert first + second + STEPS // 10 <= STEPS


def test_what_a_budget_interrupts_is_not_kept_half_made():
    """A schema's kinds say what its `type` says; half made they would accept every kind, a proof too much."""

    class Costly(terms.Positive):
        __slots__ = ("_tries",)

        def bound(self):
            if not hasattr(self, "_tries"):
                self._tries = 1
                raise BudgetExceeded(1)
            return values.STRING

        def unfolded(self, kind):
            return formulas.TRUE

    term = Costly()
    with pytest.raises(BudgetExceeded):
        _ = term.kinds
    assert term.kinds == values.STRING
    assert not term.holds(None)
