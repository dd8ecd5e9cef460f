"""Unions of branches with many members: verdicts agree with a validator on every value of a small world."""

import itertools
import random

import jsonschema_rs
import pytest

from canonry.schema import compare

NAMES = "abcdefgh"
VALUES = (None, "x", "y", {"a": "x"})


def _branch(rng, depth):
    properties = {}
    for name in NAMES:
        kind = rng.randrange(6)
        if kind == 0:
            properties[name] = {"enum": rng.sample(["x", "y", None], rng.randint(1, 3))}
        elif kind == 1 and depth:
            properties[name] = {"$ref": "#/$defs/any"}
        elif kind == 2:
            properties[name] = {"const": "x"}
        else:
            properties[name] = {"type": rng.choice(["null", "string", ["null", "string"], "object"])}
    branch = {"type": "object", "properties": properties, "additionalProperties": False}
    if rng.random() < 0.5:
        branch["required"] = rng.sample(NAMES, rng.randint(0, 2))
    return branch


def _union(rng):
    branches = [_branch(rng, 1) for _ in range(rng.randint(2, 5))]
    return {"$defs": {"any": {rng.choice(["anyOf", "oneOf"]): branches}}, "$ref": "#/$defs/any"}


def _changed(rng, union):
    """The same with a branch wider, narrower, gone or moved."""
    (keyword, branches), *_ = union["$defs"]["any"].items()
    branches = [
        {**branch, "properties": {name: dict(held) for name, held in branch["properties"].items()}}
        for branch in branches
    ]
    for _ in range(rng.randint(1, 2)):
        branch = rng.choice(branches)
        name = rng.choice(NAMES)
        branch["properties"][name] = rng.choice([{}, {"const": "x"}, {"type": ["null", "string", "object"]}])
        if rng.random() < 0.3:
            branch.pop("required", None)
    if rng.random() < 0.3 and len(branches) > 1:
        branches.pop()
    rng.shuffle(branches)
    return {"$defs": {"any": {rng.choice([keyword, "anyOf"]): branches}}, "$ref": "#/$defs/any"}


def _world():
    """Objects of at most three members, one of them perhaps an object itself."""
    for size in range(4):
        for names in itertools.combinations(NAMES, size):
            for values in itertools.product(VALUES, repeat=size):
                yield dict(zip(names, values, strict=True))


WORLD = list(_world())


@pytest.mark.parametrize("seed", range(24))
def test_verdicts_on_wide_unions_agree_with_a_validator(seed):
    """No value of the world contradicts a proof, and every witness is what it says."""
    rng = random.Random(seed)
    old = _union(rng)
    new = _changed(rng, old)
    compared = compare(old, new, direction="full")
    left, right = jsonschema_rs.validator_for(old), jsonschema_rs.validator_for(new)
    for direction, (writer, reader) in {"backward": (left, right), "forward": (right, left)}.items():
        part = compared.parts[direction]
        assert part.verdict != "undecided"
        if part.verdict == "broken":
            assert writer.is_valid(part.witness) and not reader.is_valid(part.witness)
        else:
            assert all(reader.is_valid(value) for value in WORLD if writer.is_valid(value))
