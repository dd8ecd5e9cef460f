"""Right set-ups that a judge could mistake, and wrong ones that it could overlook: one sentence each."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.unit.audit.cases import TODAY, registry

from canonry.app.auditing import renewed_baseline
from canonry.audit.baseline import parse
from canonry.audit.checks import BY_CODE
from canonry.audit.checks.names import uncopied
from canonry.audit.history import History
from canonry.audit.observation import Level, Observation, Upkeep, Weight
from canonry.audit.registration import contradictions
from canonry.audit.run import Audit, Options
from canonry.audit.source import Capabilities, Gap, Period, Recorded, Tells
from canonry.audit.standard import Promise
from canonry.catalogue.documents.notes import Threshold

WINTER = "acme_dach_sales_bof_winter-living-weeks_202611_tx7nrz"
AUTUMN = "acme_dach_sales_bof_autumn-living-weeks_202609_htywn5"
SPENT = Weight(cost=90.0, currency="EUR")


def campaign(name=WINTER, **more):
    """A campaign of Meta's German account that delivered."""
    told = {"id": "1", "weight": SPENT, **more}
    return Observation("ads", "meta", Level.CAMPAIGN, account="meta-acme-dach", name=name, **told)


def told(
    *items, levels=(Level.CAMPAIGN,), platform="meta", account="meta-acme-dach", name="ads", period=None
):
    """A source that tells everything of its levels but what else there is."""
    can = Capabilities(
        platform, frozenset(levels), frozenset(Tells) - {Tells.ALL}, account, period=period or Period()
    )
    return Recorded(name, can, items)


def codes(*sources, history=None, today=TODAY, **options):
    """Rules that found something; thresholds and what was not read aside."""
    held = registry()
    held.today = today
    try:
        audit = Audit(held, history=history, options=Options(**options))
        for source in sources:
            audit.take(source)
        return sorted(f.code for f in audit.report().findings if f.code[:2] != "A9")
    finally:
        held.today = TODAY


def week(last):
    """The seven days that end on a day."""
    return Period(last - timedelta(days=6), last)


ENDED = date(2026, 10, 4)


@pytest.mark.parametrize(
    ("more", "period", "found"),
    [
        ({"last_seen": ENDED}, None, []),  # it delivered until its end
        ({}, week(ENDED + timedelta(days=2)), []),  # its end lies in the week
        ({}, None, []),  # nobody says of which days the spend is
        ({}, week(ENDED + timedelta(days=20)), ["A503"]),
        ({"last_seen": ENDED + timedelta(days=9)}, None, ["A502", "A503"]),
        ({"status": "active"}, None, ["A503"]),
        ({"status": "active", "ends": ENDED, "last_seen": ENDED}, None, []),  # its schedule is over
        ({"status": "active", "ends": ENDED}, week(ENDED + timedelta(days=20)), ["A503"]),
        ({"status": "paused"}, week(ENDED + timedelta(days=20)), []),
    ],
)
def test_a_campaign_that_ended_runs_where_it_delivers_after_its_end(more, period, found):
    """Not where the week that is read begins before."""
    assert codes(told(campaign(AUTUMN, **more), period=period)) == found


def test_a_day_elsewhere_is_outside_where_every_moment_of_it_is():
    """Platforms give days in the account's time zone, campaigns are dated in their own."""
    last = date(2026, 12, 20)
    for days, found in ((0, []), (1, []), (2, ["A502"])):
        assert codes(told(campaign(ends=last + timedelta(days=days)))) == found


def event(rows, account="ga4-acme", name="purchase", source="ga4"):
    """An event as analytics received it."""
    return Observation(source, "ga4", Level.EVENT, account=account, name=name, weight=Weight(rows=rows))


def received(*items, account="ga4-acme", name="ga4", period=None):
    """A source of events; what else is registered is not looked at."""
    return told(*items, levels=(Level.EVENT,), platform="ga4", account=account, name=name, period=period)


def before(**rows):
    """Four weeks of runs that recorded these rows of purchases, by account."""
    history = History()
    for number in range(4, 0, -1):
        day = TODAY - timedelta(days=7 * number)
        kept = {f"ga4/{account.replace('_', '-')}/purchase": float(n) for account, n in rows.items()}
        history.add(day, {"period": [str(day - timedelta(days=6)), str(day)]}, (), {}, kept)
    return history


def volume(*sources, history):
    """Whether a volume is called unusual."""
    return "A405" in codes(*sources, history=history)


def test_volumes_are_of_one_account_and_of_equal_periods():
    """Two properties, two sources of one property, a shorter period, an answer that was cut."""
    history = before(ga4_acme=1000, ga4_nordwind=200)
    assert not volume(received(event(1000)), history=history)
    both = (received(event(1000)), received(event(200, "ga4-nordwind"), account="ga4-nordwind", name="n"))
    assert not volume(*both, history=history)
    again = received(event(990, source="bigquery"), name="bigquery")
    assert not volume(received(event(1000)), again, history=history)
    assert not volume(received(event(500), event(500)), history=history)  # two streams of one property
    one_day = Period(TODAY, TODAY)
    assert not volume(received(event(143), period=one_day), history=history)
    assert not volume(received(event(300), Gap("ga4", "the answer was cut")), history=history)
    assert volume(received(event(300)), history=history)
    assert volume(received(event(1000), period=one_day), history=history)


def test_what_analytics_writes_itself_counts_towards_no_limit():
    """Twenty-five parameters of our own are allowed, beside those of every event."""

    def crowd(own):
        names = [f"own_{n}" for n in range(own)]
        names += ["ga_session_id", "page_location", "page_title", "engagement_time_msec", "session_engaged"]
        parents = {"event": "purchase"}
        seen = [
            Observation("ga4", "ga4", Level.PARAMETER, account="ga4-acme", name=name, parents=parents)
            for name in names
        ]
        return codes(told(*seen, levels=(Level.PARAMETER,), platform="ga4", account="ga4-acme"))

    assert "A403" not in crowd(25)
    assert "A403" in crowd(26)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://www.example.com/de/winter", ["A206"]),
        ("https://account.example.com/login", ["A206"]),
        ("https://apps.apple.com/app/id123456789", []),
        ("https://go.example.com/winter", []),  # the tags may stand behind it
        ("fb://leadgen/12", []),
    ],
)
def test_an_untagged_ad_leads_to_pages_of_ours(address, found):
    """A short link, an app store and a form of the platform are none."""
    parents = {"campaign": "1", "ad": "2"}
    link = Observation(
        "ads", "meta", Level.LINK, account="meta-acme-dach", id="2/0", value=address, parents=parents
    )
    assert codes(told(campaign(), link, levels=(Level.CAMPAIGN, Level.LINK))) == found


def test_a_renamed_campaign_is_found_though_something_else_was_wrong_with_it():
    """That its dates differed last week does not make its name wrong."""
    late = {"ends": date(2027, 3, 1)}
    history = History()
    audit = Audit(registry(), history=history)
    audit.standard.today = TODAY - timedelta(days=7)
    audit.take(told(campaign(**late)))
    audit.record(audit.report())
    audit.standard.today = TODAY
    renamed = WINTER.replace("_bof_", "_tof_")
    assert codes(told(campaign(renamed, **late)), history=history) == ["A109", "A502"]


@pytest.mark.parametrize(
    "mark",
    [
        *("{} - Copy", "{} \u2013 Copy 2", "Copy of {}", "Copy 2 of {}", "{}_copy", "{}_copy_1", "{} (Copy)"),
        *("{} #2", "{} (2)", "{} - Kopie", "Kopie von {}", "{} \u2013 Kopie 3", "Kopie van {}", "{} - kopie"),
        *(
            "{} - Copie",
            "Copie de {}",
            "{} (copie)",
            "{} - Copia",
            "Copia de {}",
            "Copia di {}",
            "{} (copia)",
        ),
        *("{} - C\u00f3pia", "C\u00f3pia de {}", "{} \u2014 kopia", "Kopia {}", "Kopia av {}", "Kopi af {}"),
        *("{} - Kopi", "Kopi av {}", "{} - kopio", "{} - Kopya", "{} - \u041a\u043e\u043f\u0438\u044f"),
        *("{} - \u526f\u672c", "{} - \u30b3\u30d4\u30fc", "{} \u306e\u30b3\u30d4\u30fc", "{} - \uc0ac\ubcf8"),
        *(
            "{} | Copy",
            "{}-duplicate",
            "Copy of {} - Copy",
            "Duplicate of {}",
            "{} - Kopija",
            "M\u00e1solat - {}",
        ),
        *("[Copy] {}", "{} - \ubcf5\uc0ac\ubcf8", "{} - k\u00f3pia", "{} - \u041a\u043e\u043f\u0456\u044f"),
        *("{} - \u0391\u03bd\u03c4\u03af\u03b3\u03c1\u03b1\u03c6\u03bf", "{} - \u0646\u0633\u062e\u0629"),
        *(
            "{} - b\u1ea3n sao",
            "{} - \u05e2\u05d5\u05ea\u05e7",
            "{} - \u0e2a\u0e33\u0e40\u0e19\u0e32",
            "{}\u7684\u526f\u672c",
        ),
    ],
)
def test_marks_of_copies_in_several_languages(mark):
    """As platforms write them; the name that was copied is what is left."""
    assert uncopied(mark.format(WINTER)) == WINTER
    assert "A110" in codes(told(campaign(mark.format(WINTER))))


@pytest.mark.parametrize(
    "name", ["acme_copy-test_2", "copyright_week", "photo-copier_sale", "kopierer 24", "kopiosto", "Hardcopy"]
)
def test_words_that_only_look_like_a_copy(name):
    """A word that begins or ends like the mark."""
    assert uncopied(name) is None


def audience(number, name, window=30, **more):
    """An audience of Google's German account."""
    return Observation(
        "list", "google_ads", Level.AUDIENCE, account="google-ads-acme-dach", id=number, name=name,
        upkeep=Upkeep(window=window, members=9, **more),
    )  # fmt: skip


def kept(*sources, today=TODAY):
    """The baseline of what is wrong in these sources, as its file says it."""
    held = registry()
    held.today = today
    try:
        return parse(renewed_baseline(held, sources)[0].text())
    finally:
        held.today = TODAY


def shielded(baseline, *sources):
    """What an audit says in spite of a baseline, and how many objects it counts in one line."""
    audit = Audit(registry(), baseline=baseline)
    for source in sources:
        audit.take(source)
    report = audit.report()
    return sorted(f.code for f in report.findings if f.code[:2] != "A9"), report.grandfathered


def lists(*items):
    """A source of audiences."""
    return told(*items, levels=(Level.AUDIENCE,), platform="google_ads", account="google-ads-acme-dach")


def test_a_baseline_hides_what_was_there_and_nothing_that_came_later():
    """Neither a rename, nor a copy of the same name, nor another window, goal or date of the same object."""
    old = campaign("Winter Sale", id="7", parents={"business": "1"})
    baseline = kept(told(old))
    assert shielded(baseline, told(old)) == ([], 1)
    assert shielded(baseline, told(campaign("Winter Sale 2", id="7"))) == (["A101"], 0)
    copy = campaign("Winter Sale", id="8", parents={"business": "1"})
    for order in ((old, copy), (copy, old)):
        assert shielded(baseline, told(*order))[0] == ["A101", "A106"]
    assert shielded(kept(told(old, copy)), told(copy, old)) == ([], 2)
    late = campaign(ends=date(2027, 3, 1))
    dated = kept(told(late))
    assert shielded(dated, told(late)) == ([], 1)
    assert shielded(dated, told(campaign(ends=date(2027, 5, 1)))) == (["A502"], 0)
    assert shielded(dated, told(campaign(ends=date(2027, 3, 1), goal="LINK_CLICKS"))) == (["A501"], 0)


def test_a_baseline_of_an_audience_holds_its_window():
    """30 days that silently become 90 are told, whatever its name was grandfathered for."""
    name = "acme_intent_cart-abandoners_3d_inc_dach"
    wide = kept(lists(audience("1", name, 30)))
    assert shielded(wide, lists(audience("1", name, 30))) == ([], 1)
    assert shielded(wide, lists(audience("1", name, 90))) == (["A301"], 0)
    stranger = kept(lists(audience("2", "Old list")))
    assert shielded(stranger, lists(audience("2", "Old list", 90)))[0] == []


def test_a_baseline_of_one_source_keeps_what_others_have():
    """And of one that could not be read; a whole one forgets what is gone."""
    first = campaign("Winter Sale", id="7")
    before = kept(told(first))
    other = told(campaign("Summer", id="8"), name="more")
    made, gaps = renewed_baseline(registry(), [other], before=before)
    assert len(made) == 2 and not gaps
    made, gaps = renewed_baseline(
        registry(), [other, told(Gap("ads", "expired"))], Options(whole=True), before
    )
    assert len(made) == 2 and len(gaps) == 1
    made, _ = renewed_baseline(registry(), [other], Options(whole=True), before)
    assert len(made) == 1


def test_from_the_day_of_enforcement_nothing_is_hidden():
    """On that day, not the day after."""
    day = date.fromisoformat(str(registry().catalogue.audit.enforce_from))
    old = campaign("Winter Sale", id="7")
    baseline, found = kept(told(old)), []
    for today in (day - timedelta(days=1), day):
        registry().today = today
        try:
            found.append(shielded(baseline, told(old)))
        finally:
            registry().today = TODAY
    assert [codes_ for codes_, _ in found] == [[], ["A101"]]


def decision(metric, over, *sources, window="7 days", history=None, **options):
    """What came of one threshold: its value, whether it was crossed, and whether that is undecided."""
    held = registry()
    catalogue = held.catalogue
    threshold = Threshold(metric=metric, over=over, window=window, then="fail")
    held.catalogue = replace(catalogue, audit=catalogue.audit.model_copy(update={"thresholds": [threshold]}))
    try:
        audit = Audit(held, history=history, options=Options(**options))
        for source in sources:
            audit.take(source)
        report = audit.report()
    finally:
        held.catalogue = catalogue
    [made] = report.decisions
    about = [f for f in report.findings if f.subject == f"threshold/{metric}"]
    return made.value, made.crossed, any(f.undecided for f in about)


def visits(rows, medium="sticker"):
    """Visits whose medium lands nowhere."""
    params = {"utm_source": f"blog{rows}", "utm_medium": medium}
    weight = Weight(rows=rows)
    return Observation("ga4", "ga4", Level.TAGS, account="ga4-acme", params=params, weight=weight)


def stream(*items, period=None):
    """A source of visits."""
    return told(*items, levels=(Level.TAGS,), platform="ga4", account="ga4-acme", name="ga4", period=period)


def test_a_threshold_of_which_nothing_was_read_is_not_kept():
    """Nobody has looked: its value is unknown, and in a whole run that is said."""
    metric, over = "personal-data-in-links", "0 sessions"
    assert decision(metric, over, stream(visits(5))) == (0.0, False, False)
    assert decision(metric, over, told(campaign())) == (None, False, False)
    assert decision(metric, over, told(campaign()), whole=True) == (None, False, True)
    assert decision(metric, "a few", stream(visits(5)), whole=True) == (None, False, True)
    assert decision("tag-coverage", "1 % below last week", stream(visits(5)), whole=True)[2] is False


def test_a_threshold_counts_visits_as_of_its_window():
    """A week of 70 is 10 a day; what stands there now is not spread over days."""
    seven = week(TODAY)
    args = ("link-unassigned", "20 sessions", stream(visits(70), period=seven))
    assert decision(*args, window="1 day") == (10.0, False, False)
    assert decision(*args, window="1 week") == (70.0, True, False)
    assert decision("link-unassigned", "1,000 sessions", args[2]) == (70.0, False, False)
    wide = lists(audience("1", "acme_intent_cart-abandoners_3d_inc_dach", 30))
    assert decision("audience-window-drift", "0 audiences", wide, window="1 day") == (1.0, True, False)


def test_last_week_is_a_week_ago():
    """Not yesterday's run."""
    right = {"utm_source": "facebook", "utm_medium": "paid_social", "utm_campaign": "x"}
    seen = Observation("ga4", "ga4", Level.TAGS, account="ga4-acme", params=right, weight=Weight(rows=5))
    history = History()
    history.add(TODAY - timedelta(days=1), {"coverage": 1.0}, (), {}, {})
    args = ("tag-coverage", "1 % below last week", stream(seen, visits(0), untagged(5)))
    assert decision(*args, history=history)[0] is None
    history.add(TODAY - timedelta(days=7), {"coverage": 0.8}, (), {}, {})
    value, crossed, _ = decision(*args, history=history)
    assert crossed and value == pytest.approx(30.0)


def untagged(rows):
    """Visits whose values analytics wrote itself."""
    params = {"utm_source": "(direct)"}
    weight = Weight(rows=rows)
    return Observation("ga4", "ga4", Level.TAGS, account="ga4-acme", params=params, weight=weight)


def test_every_class_of_findings_has_a_guardrail():
    """A second copy, of another object than the first, is the same class; a second wrong word is not."""
    unguarded = [rule.code for rule in BY_CODE.values() if not rule.facts.guardrail]
    assert unguarded == ["A901", "A902", "A903", "A904"]  # what an audit says of itself
    history = History()
    audit = Audit(registry(), history=history)
    audit.standard.today = TODAY - timedelta(days=7)
    audit.take(told(campaign(f"{WINTER} - Copy", id="1", parents={"business": "1"})))
    audit.record(audit.report())
    audit.standard.today = TODAY
    again = Audit(registry(), history=history)
    again.take(
        told(campaign(f"{WINTER.replace('_bof_', '_tof_')} - Copy", id="2", parents={"business": "2"}))
    )
    assert len(again.report().guardrails) == 1


def test_money_that_nobody_names_is_not_added():
    """Two files without a currency may be of two countries."""

    def shares(*currencies):
        audit = Audit(registry())
        for number, currency in enumerate(currencies):
            name = WINTER if number else "Winter Sale"
            weight = Weight(cost=10.0, currency=currency)
            seen = Observation(f"f{number}", "meta", Level.CAMPAIGN, id=f"{number}", name=name, weight=weight)
            audit.take(told(seen, account="", name=f"f{number}"))
        return audit.report().shares

    assert shares("EUR", "EUR")["spend"] == 0.5
    assert "spend" not in shares("", "") and set(shares("", "").values()) == {0.0, 1.0}
    assert shares("EUR", "JPY") == {"EUR": 1.0, "JPY": 0.0}  # there is no rate for one of them


def test_an_audience_of_any_account_is_missing_where_all_were_read():
    """One list may be anybody's; a list that was cut says nothing."""
    held = registry()
    [promise, *_] = next(iter(held.promises.values()))
    anywhere = promise.destination.model_copy(update={"account": None, "platform": "meta"})
    meta = promise.contract.meta.model_copy(update={"destinations": [anywhere]})
    free = Promise(replace(promise.contract, meta=meta), anywhere)
    other = audience("9", "acme_intent_cart-abandoners_3d_inc_dach")
    lists_all = [
        Recorded(
            account,
            Capabilities("meta", frozenset({Level.AUDIENCE}), frozenset(Tells), account),
            [Observation(account, "meta", Level.AUDIENCE, account=account, id=account, name=other.name)],
        )
        for account in ("meta-acme-dach", "meta-acme-gb")
    ]
    cut = Recorded("gb", lists_all[1].capabilities(), [*lists_all[1].read(Period()), Gap("gb", "cut")])
    kept_promises = held.__dict__["promises"]
    held.__dict__["promises"] = {("meta", free.destination.audience.casefold()): [free]}
    try:
        assert codes(*lists_all).count("A305") == (free.destination.audience != other.name)
        assert codes(lists_all[0], cut).count("A305") == 0
    finally:
        held.__dict__["promises"] = kept_promises


def test_an_empty_list_that_was_read_whole_misses_what_is_registered():
    """All audiences gone is not "nothing to say"; a list that could not be read is."""
    can = Capabilities("google_ads", frozenset({Level.AUDIENCE}), frozenset(Tells), "google-ads-acme-dach")
    assert set(codes(Recorded("list", can, []))) == {"A305"}
    assert codes(Recorded("list", can, [Gap("list", "expired")])) == []
    property_ = Capabilities("ga4", frozenset({Level.EVENT}), frozenset(Tells), "ga4-acme")
    assert set(codes(Recorded("ga4", property_, []))) == {"A402"}


def test_a_campaign_of_several_markets_is_in_each_of_them():
    """What the registration or a channel lists contradicts nothing; another market does."""
    held = registry()
    registered = held.campaigns["tx7nrz"]
    wider = registered.model_copy(update={"markets": ["dach", "fr"]})
    catalogue = held.catalogue
    held.catalogue = replace(catalogue, campaigns={**catalogue.campaigns, "tx7nrz": wider})
    try:
        french = WINTER.replace("_dach_", "_fr_")
        assert [*contradictions(held, "tx7nrz", "/objects/meta_campaign/v1", {"market": "fr"})] == []
        assert "A107" not in codes(told(campaign(french)))
        assert [*contradictions(held, "tx7nrz", "/objects/meta_campaign/v1", {"market": "gb"})] != []
    finally:
        held.catalogue = catalogue
