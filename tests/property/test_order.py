"""What an audit finds does not depend on the order in which a source tells of things, or on their batches."""

import json
import os
import random
from copy import copy

import pytest
from tests.property.test_recall import held
from tests.unit.audit.test_faults import taken
from tests.unit.audit.worlds import World

from canonry.audit.baseline import of
from canonry.audit.drift import subject_of
from canonry.audit.observation import Alike, Level, Observation, Upkeep
from canonry.audit.run import Audit
from canonry.audit.source import Capabilities, Recorded

ROUNDS = int(os.environ.get("CANONRY_ROUNDS", "150"))
TIERS = (Level.CAMPAIGN, Level.AD_GROUP, Level.AD, Level.AUDIENCE)
"""A source tells of what holds things before it tells of them."""


def copied(seen: Observation) -> Observation:
    """The same again: judging one fills in what is missing."""
    again = copy(seen)
    again.weight = copy(seen.weight)
    return again


def crowd(world: World, rng: random.Random) -> list[Observation]:
    """Several of one name, or of one rule, with ids of any length."""
    if rng.random() < 0.5:
        seen, _, _ = world.object()
        kept = {"native": seen.native, "parents": seen.parents, "name": seen.name, "weight": seen.weight}
    else:
        seen = world.standing(rng.choice([p for found in world.standard.promises.values() for p in found]))
        kept = {
            "name": rng.choice([seen.name, seen.name.upper(), ""]),
            "upkeep": Upkeep(rule=rng.choice(["a", "b", ""]), window=30),
        }
    return [
        Observation(
            seen.source,
            seen.platform,
            seen.level,
            account=seen.account,
            id=str(rng.randrange(1, 10 ** rng.randrange(1, 12))),
            status=rng.choice(["active", "active", "paused", "removed"]),
            **kept,
        )
        for _ in range(rng.randrange(2, 6))
    ]


def shuffled(seen: list[Observation], rng: random.Random) -> list[Observation]:
    """In another order, in which what holds things still comes first, and links last."""
    keys = [(len(each.parents) if each.level in TIERS else len(TIERS), rng.random()) for each in seen]
    return [copied(each) for _, each in sorted(zip(keys, seen, strict=True), key=lambda pair: pair[0])]


def told(observations, baseline=None):
    """Everything a report says of findings, and what the history keeps of names."""
    audit = taken(observations, baseline=baseline)
    report = audit.report()
    names = {key: right for key, (_, right) in audit.names.items()}
    findings = sorted(json.dumps(finding.to_json(), sort_keys=True) for finding in report.findings)
    spent = [
        (each.source, sorted(each.money()["spent"].items()), each.wrong_rows) for each in report.accounts
    ]
    return findings, report.grandfathered, names, spent


@pytest.mark.parametrize("seed", range(max(3, ROUNDS // 50)))
def test_findings_are_the_same_in_every_order(seed):
    """Also of three and more of one name, and beside a baseline that has only some of them."""
    rng = random.Random(seed)
    world = World(held(), seed)
    observations = [each for _ in range(60) for each in world.tree()]
    observations += [world.tags() for _ in range(60)]
    observations += [each for fault in world.faults(80) for each in fault.seen]
    observations += [each for _ in range(10) for each in crowd(world, rng)]
    observations = list({subject_of(each): each for each in observations}.values())
    first = told(shuffled(observations, rng))
    assert sum("A106" in finding for finding in first[0]) > 3
    baseline = of(rng.sample(observations, len(observations) // 2))
    shielded = told(shuffled(observations, rng), baseline)
    for _ in range(3):
        assert told(shuffled(observations, rng)) == first
        assert told(shuffled(observations, rng), baseline) == shielded


@pytest.mark.parametrize("seed", range(max(2, ROUNDS // 75)))
def test_findings_are_the_same_in_every_batch(seed):
    """Names that differ in their weight only, one by one or as columns of any length."""
    rng = random.Random(seed)
    world = World(held(), seed)
    seen = [world.object()[0] for _ in range(30)]
    names = [
        rng.choice([each.name, each.name.upper(), f"{each.name} - Copy", "Promo", each.name[:-3], ""])
        for each in seen
    ]
    names = list(dict.fromkeys([*names, *(f"Spring {place}" for place in range(20))]))
    costs = [rng.choice([None, 0.0, 3.25, 900.0]) for _ in names]
    like = Observation("names", "google_ads", Level.AD_GROUP, native="ad_group")

    def batches(size: int):
        order = rng.sample(range(len(names)), len(names))
        for start in range(0, len(order), size):
            part = order[start : start + size]
            none = [None] * len(part)
            yield Alike(
                like, [names[p] for p in part], none, [costs[p] for p in part], none, none, none, none, "EUR"
            )

    def audited(size: int, *, one_by_one: bool):
        audit = Audit(held())
        stream = (item for batch in batches(size) for item in (batch if one_by_one else [batch]))
        can = Capabilities("google_ads", frozenset({Level.AD_GROUP}))
        account = audit.take(Recorded("names", can, stream))
        report = audit.report()
        findings = sorted(json.dumps(finding.to_json(), sort_keys=True) for finding in report.findings)
        return findings, account.judged, account.money(), account.rows

    first = audited(1, one_by_one=True)
    assert len(first[0]) > 20
    for size in (1, 2, 7, 1_000):
        assert audited(size, one_by_one=False) == first
