"""Laws of comparison on generated pairs: verdicts against values, spelling, order, and doubt."""

import copy
import json
import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.property.schema.generation import pair, values

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import same
from canonry.regular import Budget
from canonry.schema import compare
from canonry.schema.answers import Unsure
from canonry.schema.evaluator import Evaluator
from canonry.schema.languages import Undecidable
from canonry.schema.lexicon import Lexicon
from canonry.schema.resources import Schema
from canonry.schema.search import Solver
from canonry.schema.strip import place_of, strip

MANY = settings(max_examples=int(os.environ.get("CANONRY_EXAMPLES", "150")), deadline=None)
SEEDS = st.integers(0, 10**6)
READINGS = st.sampled_from(["strict", "declared"])
POOL = values(Random(1), 150)
SUITE = Path(__file__).parents[4] / "shared" / "suites" / "jsts-const-draft7.json"


def compared(old, new, reading="strict"):
    return compare(old, new, direction="full", reading=reading, format_assertion=False)


def valid(schema, value):
    try:
        return Evaluator(schema).accepts(value)
    except CanonryError:
        assume(condition=False)


@MANY
@given(SEEDS, READINGS)
def test_no_value_contradicts_a_proof(seed, reading):
    """Values from a pool of small ones, judged by the evaluator, as the reading says."""
    old, new = pair(seed)
    parts = compared(old, new, reading).parts
    before, after = Schema.load(old), Schema.load(new)
    for value in POOL:
        accepted = valid(before, value), valid(after, value)
        if reading == "strict":
            backward, forward = accepted == (True, False), accepted == (False, True)
        else:
            backward = accepted == (True, False) and same(strip(before, value), value)
            forward = (
                accepted[1] and same(strip(after, value), value) and not valid(before, strip(before, value))
            )
        assert not (backward and parts["backward"].verdict == "proved"), value
        assert not (forward and parts["forward"].verdict == "proved"), value


@MANY
@given(SEEDS)
def test_the_normal_form_accepts_what_the_schema_accepts(seed):
    """So do what is closed for a schema, and what is seen by it, agree with strip."""
    for document in pair(seed):
        schema = Schema.load(document)
        terms = Lexicon((schema,), format_assertion=False)
        terms.solver = Solver(terms, Budget(10**7))
        lens = terms.lens(place_of(schema))
        try:
            term = terms.schema(schema.root)
            closed, seen = terms.closed(lens), terms.seen(term, lens)
        except Undecidable:
            continue
        for value in POOL[:60]:
            left = strip(schema, value)
            assert closed.holds(value) is same(left, value)
            try:
                assert term.holds(value) is valid(schema, value)
                assert term.complement.holds(value) is not term.holds(value)
                assert seen.holds(value) is valid(schema, left)
            except Undecidable:  # a schema that refers to its own negation
                continue


@pytest.mark.skipif(not SUITE.exists(), reason="the public suites are not beside the project")
def test_the_normal_form_agrees_with_the_official_test_suite():
    """Every core row: the value against the schema, through the normal form."""
    for row in json.loads(SUITE.read_text(encoding="utf-8"))["pairs"]:
        if row["core"] and isinstance(row["old"], dict) and "const" in row["old"]:
            schema = Schema.load(row["new"], Schema.load(row["old"]).dialect)
            terms = Lexicon((schema,), format_assertion=False)
            terms.solver = Solver(terms, Budget(10**7))
            accepted = terms.schema(schema.root).holds(row["old"]["const"])
            assert accepted is (row["truth"] == "compatible"), row["id"]


@MANY
@given(SEEDS, READINGS)
def test_it_is_reflexive(seed, reading):
    """Also where the two sides are not the same text."""
    document, _ = pair(seed)
    assume("$ref" not in document)
    wrapped = {"$schema": document["$schema"], "allOf": [copy.deepcopy(document)]}
    for keyword in ("$defs", "definitions"):
        if keyword in document:
            wrapped[keyword] = document[keyword]
    parts = compared(document, wrapped, reading).parts
    assert {part.verdict for part in parts.values()} == {"proved"}


@settings(MANY, suppress_health_check=[HealthCheck.filter_too_much])
@given(SEEDS, SEEDS)
def test_strict_containment_is_transitive(seed, other):
    """Old within new and new within newest: old within newest, or at least not broken."""
    old, new = pair(seed)
    newest = pair(other)[1]
    assume(compare(old, new).verdict == compare(new, newest).verdict == "proved")
    assert compare(old, newest).verdict == "proved"


@MANY
@given(SEEDS, READINGS, st.randoms(use_true_random=False))
def test_order_and_negation_change_no_verdict(seed, reading, rng):
    """Members and branches in another order; strictly, twice negated as well."""
    old, new = pair(seed)
    before = compared(old, new, reading).parts
    after = compared(shuffled(old, rng), shuffled(new, rng), reading).parts
    assert verdicts(before) == verdicts(after)
    if reading == "strict" and not any("$ref" in json.dumps(document) for document in (old, new)):
        negated = [
            {
                "$schema": document["$schema"],
                "not": {"not": {k: v for k, v in document.items() if k != "$schema"}},
            }
            for document in (old, new)
        ]
        assert verdicts(compared(*negated).parts) == verdicts(before)


def verdicts(parts):
    """A witness that not every judge can replay may leave one spelling undecided."""
    return {direction: part.verdict.replace("undecided", "broken") for direction, part in parts.items()}


def shuffled(value, rng):
    if isinstance(value, dict):
        names = list(value)
        rng.shuffle(names)
        return {name: shuffled(value[name], rng) for name in names}
    if isinstance(value, list):
        return [shuffled(item, rng) for item in value]
    return value


@MANY
@given(SEEDS, READINGS, st.sampled_from([0.05, 0.3]))
def test_a_doubt_anywhere_inside_never_becomes_a_proof(seed, reading, share):
    """Some answers inside the search are replaced by "not known": verdicts may only get less certain."""
    old, new = pair(seed)
    sure = compared(old, new, reading).parts
    rng = Random(seed)
    search, word = Solver._any_kind, Solver.word
    with pytest.MonkeyPatch.context() as patch:
        doubt = Unsure("doubted by the test")
        patch.setattr(
            Solver,
            "_any_kind",
            lambda self, goal: doubt if len(self._open) > 1 and rng.random() < share else search(self, goal),
        )
        patch.setattr(
            Solver, "word", lambda self, goal: doubt if rng.random() < share / 3 else word(self, goal)
        )
        doubted = compared(old, new, reading).parts
    for direction, part in doubted.items():
        if part.verdict != "undecided":
            assert part.verdict == sure[direction].verdict


@MANY
@given(SEEDS, READINGS, st.sampled_from([50, 200, 1000]))
def test_a_small_budget_makes_verdicts_undecided_never_wrong(seed, reading, steps):
    """And the same on every run."""
    old, new = pair(seed)
    sure = compared(old, new, reading).parts
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("canonry.schema.comparison.STEPS", steps)
        first, second = compared(old, new, reading).parts, compared(old, new, reading).parts
    assert first == second
    for direction, part in first.items():
        if part.verdict != "undecided":
            assert part.verdict == sure[direction].verdict
