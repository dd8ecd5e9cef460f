"""Several runs, several sources: guardrails, what counts as fixed, money that is never added."""

from datetime import date, timedelta

import pytest
from tests.unit.audit.cases import TODAY, registry, report

from canonry.adapters.exports.files import FileSource
from canonry.audit.history import History
from canonry.audit.mappings import own
from canonry.audit.observation import Level, Observation, Upkeep, Weight
from canonry.audit.run import Audit, Options
from canonry.audit.source import Capabilities, Period, Recorded, Tells
from canonry.render import audits

TELLS = frozenset(Tells) - {Tells.ALL}
LEVELS = frozenset({Level.CAMPAIGN, Level.AD, Level.LINK, Level.AUDIENCE})
WINTER = "acme_dach_sales_bof_winter-living-weeks_202611_tx7nrz"


def campaign(number, name, cost=None, currency="", **more):
    """A campaign of the German account."""
    return Observation(
        "ads",
        "meta",
        Level.CAMPAIGN,
        account=more.pop("account", "meta-acme-dach"),
        id=str(number),
        name=name,
        weight=Weight(cost=cost, currency=currency)
        if cost is not None
        else Weight(rows=more.pop("rows", None)),
        **more,
    )


def source(name, *observations, levels=LEVELS, tells=TELLS):
    """A recording of one account."""
    for each in observations:
        each.source = name
    return Recorded(name, Capabilities("meta", levels, tells), observations)


def runs(*weeks, options=None):
    """The reports of a run a week, each with the history of those before."""
    history, reports = History(), []
    held = registry()
    try:
        for number, sources in enumerate(weeks):
            held.today = date(2026, 11, 2 + 7 * number)
            audit = Audit(held, history=history, options=options)
            for each in sources:
                audit.take(each)
            reports.append(audit.report())
            audit.record(reports[-1])
    finally:
        held.today = TODAY
    return reports


def test_the_same_class_of_finding_twice_proposes_a_guardrail():
    """Not in the first run, not for what has been there all along, and once per class when it comes back."""
    copied = [campaign(1, f"{WINTER} - Copy", 5.0, "EUR")]
    again = [campaign(2, f"{WINTER} - Copy", 5.0, "EUR")]
    first, same, other = runs(
        [source("ads", *copied)], [source("ads", *copied)], [source("ads", *copied, *again)]
    )
    assert first.guardrails == same.guardrails == []
    (line,) = other.guardrails
    assert line.startswith("name-copied came back; to prevent it, rename copies")
    assert "name-copied came back" in audits.text(other)


def test_a_class_that_was_mended_and_comes_back_proposes_a_guardrail():
    """Also with a clean week between."""
    copied, clean = campaign(1, f"{WINTER} - Copy", 5.0, "EUR"), campaign(1, WINTER, 5.0, "EUR")
    *_, mended, back = runs([source("ads", copied)], [source("ads", clean)], [source("ads", copied)])
    assert [each["code"] for each in mended.fixed] == ["A110"] and mended.guardrails == []
    assert len(back.guardrails) == 1


def audience(window):
    """A registered audience with a window that is told, or is not."""
    return Observation(
        "list",
        "meta",
        Level.AUDIENCE,
        account="meta-acme-dach",
        id="7",
        name="acme_intent_cart-abandoners_3d_inc_dach",
        upkeep=Upkeep(window=window, members=9),
    )


@pytest.mark.parametrize(
    ("later", "fixed"),
    [
        ([campaign(1, WINTER, 5.0, "EUR"), audience(3)], {"A101", "A301"}),
        ([campaign(1, WINTER, 5.0, "EUR"), audience(None)], {"A101"}),
        ([campaign(1, "Winter Sale", 0.0, "EUR"), audience(3)], {"A301"}),
    ],
    ids=["mended", "window no longer told", "idle now"],
)
def test_only_what_was_looked_at_again_is_fixed(later, fixed):
    """An export without the column, and an object that delivered nothing, mend nothing."""
    before = [campaign(1, "Winter Sale", 5.0, "EUR"), audience(30)]
    _, report = runs([source("ads", *before)], [source("ads", *later)])
    assert {each["code"] for each in report.fixed} == fixed


def test_another_level_than_last_time_fixes_nothing():
    """A report by campaign says nothing of the ads that last week's had."""
    ad = Observation("ads", "meta", Level.AD, account="meta-acme-dach", id="5", name="Winter Sale")
    _, report = runs(
        [source("ads", ad)],
        [source("ads", campaign(1, WINTER, 5.0, "EUR"), levels=frozenset({Level.CAMPAIGN}))],
    )
    assert report.fixed == []


TRIAL = "acme_gb_trials_mof_plus-trial-winter_202611_v883xm"
STRAY = "acme_dach_sales_bof_winter-living-weeks_202611_k7m2pk"


def ranking(report):
    """Rules and shares, the dearest first."""
    return [(cause.code, round(cause.share, 4)) for cause in report.causes]


def mixed(rates):
    """Two sources, a dear currency and a cheap one, and one that reports none."""
    held = registry()
    known = held.catalogue.audit.currency_rates
    known_before = dict(known)
    known.clear()
    known.update(rates)
    try:
        audit = Audit(held)
        audit.take(source("euro", campaign(1, "Wrong A", 30.0, "EUR"), campaign(2, WINTER, 70.0, "EUR")))
        audit.take(source("yen", campaign(3, STRAY, 4_000.0, "JPY"), campaign(4, WINTER, 6_000.0, "JPY")))
        audit.take(
            source(
                "bare",
                campaign(5, f"{WINTER} - Copy", account="", rows=90),
                campaign(6, WINTER, account="", rows=10),
            )
        )
        return audit.report()
    finally:
        known.clear()
        known.update(known_before)


def test_money_of_several_currencies_is_ranked_by_share_and_never_added():
    """90 % of one source's rows, 40 % of the yen, 30 % of the euro: in this order, a sentence for each."""
    report = mixed({})
    assert ranking(report) == [("A110", 0.9), ("A108", 0.4), ("A101", 0.3)]
    assert "spend" not in report.shares
    assert audits.headline(report) == [
        "30.0 % of checked spend in EUR is filed wrong or unowned.",
        "40.0 % of checked spend in JPY is filed wrong or unowned.",
        "90.0 % of checked visits are filed wrong or unowned.",
    ]
    assert any("is not added up" in note for note in report.notes)


def test_rates_make_one_sum_of_all_spend():
    """100 euro and 10,000 yen at 0.006: 54 of 160 euro are wrong."""
    report = mixed({"EUR": 1.0, "JPY": 0.006})
    assert report.shares["spend"] == pytest.approx(54 / 160, abs=1e-6)
    assert ranking(report) == [("A110", 0.9), ("A101", 0.1875), ("A108", 0.15)]
    assert not any("is not added up" in note for note in report.notes)


def test_currencies_in_one_source_are_not_added():
    """An export over several accounts: each currency has its own total."""
    audit = Audit(registry(), options=Options())
    audit.take(
        source(
            "all",
            campaign(1, "Wrong A", 30.0, "EUR"),
            campaign(2, WINTER, 70.0, "EUR"),
            campaign(3, STRAY.replace("_dach_", "_gb_"), 1_000.0, "JPY", account="meta-acme-gb"),
            campaign(4, TRIAL, 99_000.0, "JPY", account="meta-acme-gb"),
        )
    )
    report = audit.report()
    assert report.shares == {"EUR": 0.3, "JPY": 0.01}
    assert dict(ranking(report)) == {"A101": 0.3, "A108": 0.01}


def test_money_without_a_currency_is_a_unit_of_its_own():
    """Where nobody says what a cost is in, it is not taken for the other's euro."""
    audit = Audit(registry())
    audit.take(source("euro", campaign(1, "Wrong A", 30.0, "EUR"), campaign(2, WINTER, 70.0, "EUR")))
    audit.take(source("what", campaign(3, "Wrong B", 1.0, account=""), campaign(4, WINTER, 99.0, account="")))
    report = audit.report()
    assert "spend" not in report.shares and report.shares["EUR"] == 0.3
    assert (
        audits.headline(report)[0] == "1.0 % of checked spend in no known currency is filed wrong or unowned."
    )


def nested(level, native, number, name, cost, **parents):
    """An object under others, with what it cost."""
    return Observation(
        "ads",
        "meta",
        level,
        account="meta-acme-dach",
        native=native,
        id=str(number),
        name=name,
        parents=parents,
        weight=Weight(cost=cost, currency="EUR"),
    )


def spent(*observations, **more):
    """What one source's audit says was spent, and what of it is wrong."""
    audit = Audit(registry())
    spend = audit.take(source("ads", *observations, **more)).spent["EUR"]
    return spend.cost, spend.wrong


def test_spend_that_no_child_carries_is_counted_where_it_is():
    """A campaign without ads, an ad set with half of its ads, and ads that add up to their ad set."""
    ad_set, ad = (Level.AD_GROUP, "ad_set"), (Level.AD, "ad")
    seen = [
        campaign(1, "Performance Max", 40.0, "EUR"),
        campaign(2, WINTER, 60.0, "EUR"),
        nested(*ad_set, 20, "first", 25.0, campaign="2"),
        nested(*ad_set, 21, "second", 35.0, campaign="2"),
        nested(*ad, 200, "a", 10.1, campaign="2", ad_set="20"),
        nested(*ad, 210, "b", 15.2, campaign="2", ad_set="21"),
        nested(*ad, 211, "c", 19.8, campaign="2", ad_set="21"),
    ]
    whole, wrong = spent(*seen)
    assert whole == 100.0
    assert wrong == 100.0  # every ad set is called as nothing is
    assert spent(campaign(1, "Wrong", 40.0, "EUR"), campaign(2, WINTER, 60.0, "EUR")) == (100.0, 40.0)


def test_what_hangs_under_a_wrong_campaign_is_wrong_once():
    """The campaign's own part and its child's are its cost, not more."""
    seen = [
        campaign(1, "Wrong", 40.0, "EUR"),
        nested(Level.AD, "ad", 9, WINTER, 30.0, campaign="1"),
        campaign(2, WINTER, 60.0, "EUR"),
    ]
    assert spent(*seen) == (100.0, 40.0)


def test_a_wrong_link_is_charged_with_its_ad_once():
    """Two wrong addresses of one ad, each with the ad's whole weight."""

    def link(number):
        return Observation(
            "ads",
            "meta",
            Level.LINK,
            account="meta-acme-dach",
            native="campaign",
            id=f"1/{number}",
            value=f"https://www.acme.example/?utm_source=fb&utm_medium=x&n={number}",
            parents={"campaign": "1"},
            weight=Weight(cost=40.0, currency="EUR"),
        )

    seen = [campaign(1, WINTER, 40.0, "EUR"), campaign(2, WINTER, 60.0, "EUR"), link(0), link(1)]
    assert spent(*seen) == (100.0, 40.0)


@pytest.mark.parametrize("account", ["", "google-ads-acme-dach"])
def test_names_that_are_judged_together_are_judged_as_one_by_one(tmp_path, account):
    """Findings, weights, days and currencies are those of each name on its own."""
    names = (
        "furniture_brand_exact_topic1",
        "furniture_brand_exact_topic2",
        "furniture_generic_phrase_sofa-beds",
        "Furniture_brand_exact_topic1",
        "furniture_brand_exact_",
        "rugs_brand_exact_topic1",
        "Spring promo",
    )
    file = tmp_path / "names.csv"
    rows = (f"{name},{n % 3 + 0.5},{n % 4},2026-11-0{n + 1}\n" for n, name in enumerate((*names, names[0])))
    file.write_text("name,cost,impressions,day\n" + "".join(rows), "utf-8")
    columns = {"ad_group.name": "name", "cost": "cost", "impressions": "impressions", "date": "day"}
    mapping = own(columns, platform="google_ads", native="ad_group")

    def told(source):
        audit = Audit(registry())
        took = audit.take(source)
        report = audit.report()
        return (
            [finding.to_json() for finding in report.findings],
            (took.judged, took.observations, took.rows, took.wrong_rows, took.spent),
            (audit.days, audit.currencies, report.summary()),
        )

    together = FileSource("names", [file], mapping=mapping, account=account)
    alone = Recorded("names", together.capabilities(), together.read(Period()))
    assert told(together) == told(alone)


def test_a_part_is_not_compared_with_the_whole():
    """A run of some sources has no last time; the first page names no rule by its code."""
    lines = (
        '{"kind": "run", "key": "2026-11-18", "shares": {"spend": 0.2}, "grandfathered": 42,'
        ' "sources": {"recorded": {}, "other": {}}}'
    )
    told = {
        "level": "campaign",
        "account": "meta-acme-dach",
        "id": "1",
        "name": "Bad",
        "weight": {"cost": 5.0},
    }
    found = report({"observations": [told], "history": [lines]})
    assert (found.shares_before, found.grandfathered_before) == ({}, None)
    assert audits.headline(found) == ["100.0 % of checked spend is filed wrong or unowned."]
    whole = report({"observations": [told], "history": [lines.replace(', "other": {}', "")]})
    assert (whole.shares_before, whole.grandfathered_before) == ({"spend": 0.2}, 42)
    said = "last week 20.0 %, when other sources were read whole."
    assert audits.headline(whole) == [f"100.0 % of checked spend is filed wrong or unowned; {said}"]
    week = lines.replace('"recorded": {}, "other": {}', '"recorded": {"state": "complete"}')
    week = week.replace("2026-11-18", str(TODAY - timedelta(days=20)))
    last = report({"observations": [told], "history": [week]})
    assert audits.headline(last)[0].endswith(f"unowned; on {TODAY - timedelta(days=20)} 20.0 %.")
