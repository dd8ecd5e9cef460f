"""2,000 faults among clean observations: each found by its rule with its correction, and nothing else."""

from datetime import date, timedelta
from urllib.parse import parse_qsl

import orjson
import pytest
from tests.unit.audit.broken_links import BREAKAGES
from tests.unit.audit.broken_links import NOT_PLANTED as LINKS_NOT_PLANTED
from tests.unit.audit.cases import registry
from tests.unit.audit.worlds import LISTED, World

from canonry.audit.checks import RULES
from canonry.audit.drift import subject_of
from canonry.audit.issued import Issued
from canonry.audit.observation import Level, Observation, Upkeep, Weight
from canonry.audit.run import Audit
from canonry.audit.source import Capabilities, Recorded, Tells
from canonry.naming.link_rules import RULES as LINK_RULES
from canonry.naming.runtime.text import join

CLEAN_TREES = 300
CLEAN_TAGS = 300
FAULTS = 2_000


NOT_PLANTED = {
    "A901": "a source that failed shows no observation: tests/cases, test_runs",
    "A902": "a source that was cut short says so in a gap: tests/cases, test_runs",
    "A903": "what no source tells is no observation: tests/cases, test_coverage",
    "A904": "a threshold counts the findings of other rules: tests/cases, test_runs",
}
"""Rules whose faults are the source's or the sum of others, and what shows them instead."""


def taken(observations, *, received=(), listed=(), history=None, issued=None, baseline=None):
    """The audit of a world. The main source tells all there is, but not of all."""
    files = {
        key: b"".join(orjson.dumps(entry) + b"\n" for entry in entries.values())
        for key, entries in (issued or {}).items()
    }
    handed_out = Issued(files, registry()) if issued else None
    audit = Audit(registry(), history=history, issued=handed_out, baseline=baseline)
    levels = {each.level for each in observations} - {Level.EVENT, Level.USER_PROPERTY} | {Level.LINK}
    some = frozenset(Tells) - {Tells.ALL}
    audit.take(Recorded("world", Capabilities("meta", frozenset(levels), some), observations))
    if received:
        stream = frozenset({Level.EVENT, Level.PARAMETER, Level.USER_PROPERTY})
        audit.take(Recorded("stream", Capabilities("ga4", stream, some, "ga4-acme"), received))
    if listed:
        lists = frozenset({Level.AUDIENCE, Level.TARGETING})
        audit.take(Recorded("list", Capabilities("google_ads", lists, frozenset(Tells), LISTED), listed))
    return audit


def by_subject(report):
    """Findings, notes among them; thresholds aside."""
    found = {}
    for finding in report.findings:
        if finding.code != "A904":
            found.setdefault(finding.subject, []).append(finding)
    return found


def audited(observations, **more):
    """What an audit of observations finds."""
    return by_subject(taken(observations, **more).report())


def correct(seen, finding):
    """Does what a finding says to something that was seen; False where it says no exact value."""
    value = finding.details.get("correct")
    if value is None:
        return False
    sheet, seen.memory = finding.details.get("sheet"), None
    if sheet == "window":
        seen.upkeep.window = int(value)
    elif seen.level is Level.TARGETING:
        seen.upkeep.recency = int(value)
    elif finding.code == "A501":
        seen.goal = value
    elif seen.level is Level.TAGS:
        seen.params = dict(parse_qsl(value))
    elif seen.level is Level.LINK:
        seen.value = value
    else:
        seen.name = value
    return True


@pytest.mark.parametrize("seed", [1])
def test_planted_faults_are_found_and_nothing_else(seed):
    """With the right rule and the right correction, which when it is carried out leaves nothing to find."""
    world = World(registry(), seed)
    clean = [each for _ in range(CLEAN_TREES) for each in world.tree()]
    clean += [world.tags() for _ in range(CLEAN_TAGS)]
    assert audited(list(clean), issued=world.issued) == {}
    received, beside = world.received()
    faults = world.faults(FAULTS)
    beside += [*world.missing(), *world.unmet()]
    mixed = [[each] for each in clean]
    for fault in faults:  # what belongs to one fault keeps its order: ads come before their links
        mixed.insert(world.rng.randrange(len(mixed)), fault.seen)
    more = {"received": received, "listed": world.listed, "issued": world.issued}
    flat = [each for group in mixed for each in group]
    found = audited(flat, history=world.history, **more)
    wrong, explained, corrected = [], set(), []
    for fault in (*faults, *beside):
        mine = [finding for subject in fault.subjects for finding in found.get(subject, [])]
        explained.update(fault.subjects)
        codes = {finding.code for finding in mine}
        if fault.rule not in codes or codes - {fault.rule} - fault.also:
            wrong.append((fault.kind, fault.rule, [(f.code, f.message) for f in mine], fault.seen[:1]))
            continue
        corrections = {finding.details.get("correct") for finding in mine if finding.code == fault.rule}
        if fault.correct is not None and corrections != {fault.correct or None}:
            wrong.append((fault.kind, fault.correct, corrections))
        for seen, subject in zip(fault.seen, fault.subjects, strict=False):
            done = [correct(seen, each) for each in found.get(subject, []) if each.code == fault.rule]
            if any(done):
                corrected.append((fault, seen))
    assert wrong == []
    assert all(f.message.startswith("1 of ") for fs in found.values() for f in fs if f.code == "A208")
    assert set(found) <= explained
    assert {f.code for fs in found.values() for f in fs if f.code[0] == "A"} | NOT_PLANTED.keys() == {
        rule.code for rule in RULES
    }
    assert BREAKAGES.keys() | LINKS_NOT_PLANTED.keys() == {rule.code for rule in LINK_RULES}
    assert not BREAKAGES.keys() & LINKS_NOT_PLANTED.keys()
    assert {fault.rule for fault in faults} >= BREAKAGES.keys()
    mended = audited(flat, **more)
    left = [
        (fault.kind, fault.rule, [(f.code, f.message) for f in mended[subject_of(seen)]])
        for fault, seen in corrected
        if {f.code for f in mended.get(subject_of(seen), [])} - fault.also
    ]
    assert left == []
    assert {fault.rule for fault, _ in corrected} >= CORRECTED


CORRECTED = {
    *("A102", "A103", "A104", "A301", "A302", "A401", "A501"),
    *("U102", "U103", "U104", "U105", "U106", "U107", "U108", "U109", "U110", "U111", "U116"),
    *("U123", "U124", "U125", "U127", "U128", "U129", "U132", "U136", "U137"),
}
"""Rules that know the exact right value of what was planted."""


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


def _right_again(world):
    """Set-ups, each with the observations that somebody new to it would call wrong."""
    trees = iter(world.tree, None)
    campaign, *_ = next(t for t in trees if t and t[0].level is Level.CAMPAIGN and t[0].platform == "meta")
    registered = world.standard.campaigns[world._campaign]
    last = date.fromisoformat(str(registered.end))

    def again(seen, **more):
        told = {
            name: getattr(seen, name)
            for name in Observation.__slots__
            if name not in ("source", "platform", "level", "memory")
        }
        return Observation(seen.source, seen.platform, seen.level, **{**told, **more})

    yield (
        "a campaign that ended at midnight elsewhere",
        [again(campaign, id="e1", parents={"business": "1"}, ends=last + timedelta(days=1))],
    )
    paused = again(campaign, id="e2", parents={"business": "2"}, status="paused", ends=last)
    yield "a paused campaign in the week of its end", [paused]
    gone = again(campaign, id="e3", parents={"business": "3"}, status="removed")
    yield "a removed sibling of one name", [gone, again(gone, id="e4", status="active")]
    yield (
        "one row a day of one object",
        [again(campaign, id="e5", parents={"business": "4"}) for _ in range(3)],
    )
    *above, ad, link = next(t for t in trees if t and t[-1].level is Level.LINK and t[-1].platform == "meta")
    elsewhere = {**ad.parents, "ad_set": world.number()}
    yield "one ad in two ad sets", [*above, ad, link, again(ad, id="e6", parents=elsewhere)]
    other = again(link, id="e7/0", parents={**link.parents, "ad_set": elsewhere["ad_set"], "ad": "e6"})
    yield "and its link there", [other]
    auto = "https://www.example.com/de/winter?gclid=EAIaIQ&gad_source=1&gad_campaignid=21&wbraid=x"
    yield "a landing page of auto-tagging", [_seen(Level.LINK, auto)]
    yield (
        "a page with parameters of the shop",
        [_seen(Level.LINK, "/de/sofas?color=red&sort=price&srsltid=Afm")],
    )
    promise = next(
        p
        for each in world.standard.promises.values()
        for p in each
        if p.destination.mechanism == "platform_rule" and p.destination.account
    )
    pixel = world.standing(promise)
    pixel.upkeep.synced = None
    yield "an audience by a platform's rule, which nothing sends", [pixel]
    everyone = world.standing(promise)
    everyone.upkeep.window = everyone.upkeep.members = None
    everyone.id = pixel.id
    yield "the same audience in a list without windows and sizes", [pixel, everyone]
    yield (
        "an event that GA4 sends by itself",
        [world.told(Level.EVENT, "session_start", 9), world.told(Level.EVENT, "first_visit", 9)],
    )
    yield (
        "tags of assistants and of readers",
        [
            _seen(Level.TAGS, params={"utm_source": "perplexity"}),
            _seen(Level.TAGS, params={"utm_medium": "member_ios"}),
        ],
    )


@pytest.mark.parametrize("seed", [3, 4])
def test_more_right_set_ups(seed):
    """Midnight elsewhere, what was removed, an ad in two ad sets, a platform's own rule: all silent."""
    for what, seen in _right_again(World(registry(), seed)):
        found = audited(seen)
        assert {s: [(f.code, f.message) for f in fs] for s, fs in found.items()} == {}, what


@pytest.mark.parametrize("kind", ["sibling", "doubled"])
def test_two_of_a_kind_are_one_finding_whichever_is_met_first(kind):
    """A finding that a run calls by the other of the two would be fixed and new every week."""
    fault = getattr(World(registry(), 5), kind)()
    prints = [
        {finding.fingerprint for finding in taken(order).report().findings if finding.code == fault.rule}
        for order in (fault.seen, fault.seen[::-1])
    ]
    assert prints[0] == prints[1] and len(prints[0]) == 1
