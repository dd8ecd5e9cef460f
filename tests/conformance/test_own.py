"""Pairs of our own, which always run: each says what its verdict is and why."""

import json
from pathlib import Path

import pytest

from canonry.schema import compare
from canonry.schema.judges import confirm, judges
from canonry.schema.resources import Schema

HERE = Path(__file__).parent
PAIRS = [
    pytest.param(pair, id=f"{path.stem}: {pair['id']}")
    for path in sorted((HERE / "own").glob("*.json"))
    for pair in json.loads(path.read_text(encoding="utf-8"))
]
REGRESSIONS = json.loads((HERE / "regressions.json").read_text(encoding="utf-8"))
CONTESTED = json.loads((HERE / "contested.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("pair", PAIRS)
def test_own_pairs_have_the_verdict_that_they_must_have(pair):
    """The reason stands beside the pair."""
    compared = compare(
        pair["old"],
        pair["new"],
        direction=pair.get("direction", "backward"),
        reading=pair.get("reading", "strict"),
    )
    assert str(compared.verdict) == pair["verdict"], (pair["why"], compared.reason, compared.witness)
    if "witness" in pair:
        assert compared.witness == pair["witness"]


@pytest.mark.parametrize("entry", REGRESSIONS, ids=lambda entry: entry["id"])
def test_what_fuzzing_found_stays_fixed(entry):
    """A verdict that was once wrong is never given again, and what once could not be explained can."""
    compared = compare(
        entry["old"],
        entry["new"],
        direction=entry.get("direction", "backward"),
        reading=entry.get("reading", "strict"),
        format_assertion=entry.get("format_assertion"),
    )
    assert str(compared.verdict) not in entry["never"]
    assert compared.changes or compared.verdict == "proved"


@pytest.mark.parametrize("entry", CONTESTED, ids=lambda entry: entry["id"])
def test_a_contested_label_is_refuted_by_its_counterexample(entry):
    """A label says compatible; the judges accept the witness under old and refuse it under new."""
    hearing = confirm(
        entry["witness"],
        accepting=Schema.load(entry["old"]),
        refusing=Schema.load(entry["new"]),
        panel=judges(),
    )
    assert hearing.agreed, hearing.reason
    assert entry["label"] == "compatible"
