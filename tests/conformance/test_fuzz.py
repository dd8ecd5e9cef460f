"""A short fuzz run in every test run, and the laws that verdicts keep; `fuzz.py` runs for longer by hand."""

import importlib.util
import random
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from canonry.schema import compare

HERE = Path(__file__).parent


def _module(name):
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


generator = _module("generator")
fuzz = _module("fuzz")
seeds = st.integers(min_value=0, max_value=2**32)
some = settings(max_examples=150, deadline=None)


@some
@given(seeds)
def test_nothing_contradicts_a_verdict(seed):
    """Neither a sampled value, nor a judge, nor a rewriting of the pair, nor jsonschema-rs."""
    case = fuzz.pair(seed)
    assert fuzz.problems(case, seed) == []


@some
@given(seeds, st.sampled_from(["strict", "declared"]))
def test_every_schema_is_compatible_with_itself(seed, reading):
    """In both readings and directions, whatever the schema; a circle through a negation may be undecided."""
    document = fuzz.pair(seed)["old"]
    compared = compare(document, document, direction="full", reading=reading)
    assert compared.verdict == "proved", compared.reason


@some
@given(seeds)
def test_strict_is_transitive(seed):
    """What holds from the first to the second and on to the third holds from the first to the third."""
    rng = random.Random(seed)
    made = generator.Generator(rng, rng.choice(list(generator.DRAFTS)))
    first = made.document(2)
    second = generator.changed(rng, made, first)
    third = generator.changed(rng, made, second)
    steps = [compare(first, second).verdict, compare(second, third).verdict]
    if steps == ["proved", "proved"]:
        assert compare(first, third).verdict != "broken"


@some
@given(seeds)
def test_the_directions_mirror_each_other_in_strict(seed):
    """Forward is backward with the sides exchanged."""
    case = fuzz.pair(seed)
    forward = compare(case["old"], case["new"], direction="forward")
    backward = compare(case["new"], case["old"], direction="backward")
    assert forward.verdict == backward.verdict


@some
@given(seeds)
def test_a_verdict_is_the_same_every_time(seed):
    """Work is counted in steps, never by the clock, and nothing depends on what came before."""
    case = fuzz.pair(seed)
    runs = [
        compare(case["old"], case["new"], direction=case["direction"], reading=case["reading"]) for _ in "ab"
    ]
    assert runs[0].to_json() == runs[1].to_json()
