"""2,000 faults among clean observations: each found by its rule with its correction, and nothing else."""

import pytest
from tests.unit.audit.cases import registry
from tests.unit.audit.worlds import World

from canonry.audit.drift import subject_of
from canonry.audit.observation import Level, Observation, Upkeep, Weight
from canonry.audit.run import Audit
from canonry.audit.source import Capabilities, Recorded, Tells
from canonry.kernel.findings import Level as Severity
from canonry.naming.runtime.text import join

CLEAN_TREES = 300
CLEAN_TAGS = 300
FAULTS = 2_000


def audited(observations, tells=frozenset(Tells) - {Tells.ALL}, history=None):
    """Findings that count, by subject; thresholds aside. The source tells all there is, but not of all."""
    audit = Audit(registry(), history=history)
    levels = frozenset(each.level for each in observations) - {Level.EVENT, Level.USER_PROPERTY} | {
        Level.LINK
    }
    audit.take(Recorded("world", Capabilities("meta", levels, tells), observations))
    found = {}
    for finding in audit.report().findings:
        if finding.code != "A904" and finding.level > Severity.NOTE:
            found.setdefault(finding.subject, []).append(finding)
    return found


@pytest.mark.parametrize("seed", [1])
def test_planted_faults_are_found_and_nothing_else(seed):
    """With the right rule and the right correction."""
    world = World(registry(), seed)
    clean = [each for _ in range(CLEAN_TREES) for each in world.tree()]
    clean += [world.tags() for _ in range(CLEAN_TAGS)]
    assert audited(list(clean)) == {}
    faults = world.faults(FAULTS)
    mixed = [[each] for each in clean]
    for fault in faults:  # what belongs to one fault keeps its order: ads come before their links
        mixed.insert(world.rng.randrange(len(mixed)), fault.seen)
    found = audited([each for group in mixed for each in group], history=world.history)
    wrong, explained = [], set()
    for fault in faults:
        subjects = [subject_of(each) for each in fault.seen]
        mine = [finding for subject in subjects for finding in found.get(subject, [])]
        explained.update(subjects)
        codes = {finding.code for finding in mine}
        if fault.rule not in codes or codes - {fault.rule} - fault.also:
            wrong.append((fault.kind, fault.rule, [(f.code, f.message) for f in mine], fault.seen[0]))
            continue
        corrections = {finding.details.get("correct") for finding in mine if finding.code == fault.rule}
        if fault.correct is not None and corrections != {fault.correct}:
            wrong.append((fault.kind, fault.correct, corrections))
    assert wrong == []
    assert set(found) <= explained
    assert {fault.rule for fault in faults} >= {
        *(
            "A101",
            "A102",
            "A103",
            "A104",
            "A106",
            "A107",
            "A108",
            "A109",
            "A110",
            "A111",
            "A201",
            "A203",
            "A204",
        ),
        *(
            "A205",
            "A206",
            "A301",
            "A302",
            "A303",
            "A304",
            "A306",
            "A401",
            "A403",
            "A404",
            "A406",
            "A501",
            "A502",
        ),
        *("A503", "U102", "U123", "U124", "U127", "U137"),
    }


def _seen(level, value="", params=None, **more):
    return Observation(
        "ga4", "ga4", level, account="ga4-acme", value=value, params=params, weight=Weight(rows=5), **more
    )


def test_right_set_ups_that_look_wrong_are_left_alone():
    """A gclid beside UTMs, PMax, one campaign on four platforms, links that people share."""
    world = World(registry(), 2)
    held = world.standard
    search = held.codec.build(
        "/utm/paid_search/v1",
        {
            k: v
            for k, v in {
                **world.fields("/utm/paid_search/v1", "tx7nrz", "google_ads"),
                "source": "google",
            }.items()
            if v
        },
    )
    assert search["ok"], search["problems"]
    social = world.fields("/utm/paid_social/v1", "tx7nrz", "meta")
    social = held.codec.build("/utm/paid_social/v1", social)
    mail = next(t for t in iter(world.tags, None) if t.params["utm_medium"] == "email")
    clicked = {
        "gclid": [*search["params"], ("gclid", "x")],
        "several": [*search["params"], ("gclid", "x"), ("gad_source", "1")],
        "social": [*social["params"], ("fbclid", "x")],
        "shared": [*mail.params.items(), ("fbclid", "x")],
    }
    pages = [
        *(_seen(Level.LINK, join("https://www.example.com/de/", each, {})) for each in clicked.values()),
        _seen(Level.LINK, "https://www.example.com/de/?gclid=x"),
        _seen(Level.LINK, "/de/winter?page=2"),
        _seen(Level.TAGS, params={"utm_source": "ig_web_copy_link", "utm_medium": "share"}),
        _seen(Level.TAGS, params={"utm_source": "chatgpt.com"}),
        _seen(Level.TAGS, params={"utm_source": "(not set)", "utm_medium": "(none)"}),
        _seen(Level.TAGS, params={}),
    ]
    four = []
    for platform, account in (
        ("meta", "meta-acme-dach"),
        ("google_ads", "google-ads-acme-dach"),
        ("microsoft", "microsoft-acme-dach"),
        ("pinterest", "pinterest-acme-dach"),
    ):
        contracts = held.contracts(platform, "campaign", account)
        name = world.name(contracts[0], "tx7nrz", platform) if contracts else "anything"
        four.append(
            Observation(
                "ads",
                platform,
                Level.CAMPAIGN,
                account=account,
                id=world.number(),
                name=name,
                status="active",
                weight=Weight(cost=10.0, currency="EUR"),
            )
        )
    asset_groups = held.contracts("google_ads", "asset_group", "google-ads-acme-dach")
    pmax = Observation(
        "ads",
        "google_ads",
        Level.AD_GROUP,
        account="google-ads-acme-dach",
        native="asset_group",
        id=world.number(),
        name=world.name(asset_groups[0], "tx7nrz", "google_ads"),
        status="active",
        parents={"campaign": four[1].id},
        weight=Weight(cost=3.0, currency="EUR"),
    )
    paused = Observation(
        "ads",
        "meta",
        Level.CAMPAIGN,
        account="meta-acme-dach",
        id="9",
        name="old mess",
        status="paused",
        weight=Weight(cost=0.0, currency="EUR", impressions=0),
    )
    gone = Observation(
        "ads",
        "meta",
        Level.AUDIENCE,
        account="meta-acme-dach",
        id="8",
        name="old list",
        status="removed",
        upkeep=Upkeep(window=30),
    )
    assert audited([*pages, *four, pmax, paused, gone]) == {}
