"""Laws of validation and stripping, on schemas and values drawn from small pools."""

import copy
import importlib.util
import json
import random
import sys
from pathlib import Path

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonry.kernel.jsonvalue import same
from canonry.schema.changes import Refused, changes
from canonry.schema.decimals import exact, is_multiple, is_whole, key
from canonry.schema.evaluator import EndlessReferenceError, Evaluator
from canonry.schema.judges import AbstentionError, PythonJudge, RustJudge
from canonry.schema.refusals import refusals
from canonry.schema.resources import RefError, Schema
from canonry.schema.strip import place_of, strip, stripped

ROOT = Path(__file__).parent.parent.parent


def _generator():
    path = ROOT / "conformance" / "generator.py"
    spec = importlib.util.spec_from_file_location("conformance_generator", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


make = _generator()
seeds = st.integers(min_value=0, max_value=2**32)
many = settings(max_examples=400, deadline=None)


def drawn(seed):
    """A schema of any draft, and values that it is likely to accept or nearly so."""
    rng = random.Random(seed)
    document = make.Generator(rng, rng.choice(list(make.DRAFTS))).document(3)
    return document, make.values_near(rng, document, 8), rng


def _contested(document):
    """Whether `contains` may meet `unevaluatedItems` in 2019-09: it evaluates no item by the specification,
    and does by most validators. A verdict that depends on it is undecided.
    """
    text = json.dumps(document)
    return all(word in text for word in ("/2019-09/", '"contains"', '"unevaluatedItems"'))


@many
@given(seeds)
def test_the_three_judges_never_contradict_each_other(seed):
    """Whoever has an opinion has the same one: the exact evaluator is right where the others are."""
    document, values, _ = drawn(seed)
    if _contested(document):
        return
    schema = Schema.load(document)
    evaluator, others = Evaluator(schema), (RustJudge(), PythonJudge())
    for value in values:
        try:
            valid = evaluator.accepts(value)
        except (RefError, EndlessReferenceError):
            continue
        for judge in others:
            try:
                assert judge.accepts(schema, value) is valid, (judge.name, document, value)
            except AbstentionError:
                continue


@many
@given(seeds)
def test_a_refusal_is_always_explained_and_an_acceptance_never(seed):
    """There is a refusing keyword exactly where the value is invalid."""
    document, values, _ = drawn(seed)
    schema = Schema.load(document)
    for value in values:
        try:
            valid = Evaluator(schema).accepts(value)
        except (RefError, EndlessReferenceError):
            continue
        assert bool(refusals(Evaluator(schema), schema.root, value)) is not valid, (document, value)


@many
@given(seeds)
def test_rewriting_changes_no_validity(seed):
    """Double negation, one-branch unions, repetition and order are boolean rewriting."""
    document, values, rng = drawn(seed)
    other = Evaluator(Schema.load(make.rewritten(rng, document)))
    for value in values:
        try:
            assert other.accepts(value) is Evaluator(Schema.load(document)).accepts(value), (document, value)
        except (RefError, EndlessReferenceError):
            continue


def parts(value, other):
    """Every object of a value beside what is left of it."""
    if isinstance(value, dict):
        yield value, other
        for name in other:
            yield from parts(value[name], other[name])
    elif isinstance(value, list):
        for one, two in zip(value, other, strict=True):
            yield from parts(one, two)


@many
@given(seeds)
def test_stripping_only_removes_members_and_is_idempotent(seed):
    """Nothing is added or changed, arrays keep their items, and twice is once."""
    document, values, _ = drawn(seed)
    try:
        place = place_of(Schema.load(document))
        for value in values:
            before = copy.deepcopy(value)
            left = stripped(place, value)
            assert same(value, before)
            assert all(inner.keys() <= outer.keys() for outer, inner in parts(value, left))
            assert stripped(place, left) is left
    except RefError:
        return


@many
@given(seeds)
def test_what_nothing_names_is_kept(seed):
    """A schema that names no member anywhere strips nothing."""
    document, values, _ = drawn(seed)
    naming = ("properties", "patternProperties", "required", "additionalProperties")
    text = json.dumps(document)
    schema = Schema.load(document)
    for value in values:
        if not any(f'"{keyword}"' in text for keyword in naming):
            assert strip(schema, value) is value


@many
@given(seeds)
def test_stripping_does_not_depend_on_order_or_on_wrapping(seed):
    """Key order, `allOf` around the whole and a union of one name the same members."""
    document, values, rng = drawn(seed)
    if not isinstance(document, dict):
        return
    body = {k: v for k, v in document.items() if k not in ("$schema", "definitions", "$defs")}
    head = {k: v for k, v in document.items() if k not in body}
    items = list(body.items())
    rng.shuffle(items)
    try:
        for other in ({**head, **dict(items)}, {**head, "allOf": [body]}, {**head, "anyOf": [body]}):
            for value in values:
                assert same(strip(Schema.load(other), value), strip(Schema.load(document), value))
    except RefError:
        return


@many
@given(seeds)
def test_explaining_never_fails_and_sees_no_change_in_the_same(seed):
    """Whatever two schemas are, their changes can be told; a schema has none against itself."""
    rng = random.Random(seed)
    generator = make.Generator(rng, rng.choice(list(make.DRAFTS)))
    document = generator.document(3)
    other = make.changed(rng, generator, document)
    old, new = Schema.load(document), Schema.load(other)
    refused = {"backward": Refused({"a": 1}, {"a": 1}), "forward": Refused([1], [1])}
    for change in changes(old, new, refused).found:
        assert change.sentence
        assert change.effect in ("tightens", "loosens", "both")
        for pointer in (change.old_pointer, change.new_pointer):
            assert pointer is None or pointer == "" or pointer.startswith("/")
    assert changes(old, Schema.load(copy.deepcopy(document))) == ((), False)


numbers = st.one_of(
    st.integers(min_value=-(10**20), max_value=10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=4),
)


@given(numbers, st.sampled_from([1, 2, 3, 0.1, 0.01, 0.5, 1e-300, 1e300, 7]))
def test_multiples_are_those_of_exact_fractions(number, divisor):
    """Fractions are slower and exact, so they are the reference."""
    from fractions import Fraction

    quotient = Fraction(exact(number)) / Fraction(exact(divisor))
    assert is_multiple(number, divisor) is (quotient.denominator == 1)
    assert is_whole(number) is (Fraction(exact(number)).denominator == 1)


@given(seeds)
def test_keys_are_shared_exactly_by_equal_values(seed):
    """The key of a value is its JSON identity."""
    rng = random.Random(seed)
    plain = make.Generator(rng, 9)
    left, right = plain.value(2), plain.value(2)
    assert (key(left) == key(right)) is same(left, right)


@pytest.mark.parametrize("draft", [4, 6, 7, 8, 9])
def test_metaschemas_accept_themselves_for_every_judge(draft):
    """The largest schemas at hand, with all that a dialect has."""
    uri = make.DRAFTS[draft].removesuffix("#")
    metaschema = jsonschema.validators.validator_for({"$schema": make.DRAFTS[draft]}).META_SCHEMA
    schema = Schema.load({"$schema": make.DRAFTS[draft], "$ref": uri})
    assert Evaluator(schema).accepts(metaschema)
    assert jsonschema_rs.is_valid({"$schema": make.DRAFTS[draft], "$ref": uri}, metaschema)
