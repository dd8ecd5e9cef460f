"""Platforms' APIs through canonry's own readers: every surface to the last page, and every way to fail."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.platforms import dv360, ga4, google_ads, meta, others
from tests.e2e.platforms.server import TOKEN, Answer, Platform, running

from canonry.adapters.apis import PLATFORMS, Account, ApiSource, api_of
from canonry.adapters.retries import ATTEMPTS
from canonry.audit.observation import Level, Observation
from canonry.audit.source import Gap, Outcome, Period, Source, collected
from canonry.kernel.errors import UsageError

TODAY = date(2026, 11, 23)
WEEK = Period(date(2026, 11, 16), date(2026, 11, 22), "Europe/Berlin")
TOKENS = {
    "GOOGLE_OAUTH_ACCESS_TOKEN": TOKEN,
    "GOOGLE_ADS_DEVELOPER_TOKEN": "dev",
    "META_ACCESS_TOKEN": TOKEN,
    "TIKTOK_ACCESS_TOKEN": TOKEN,
    "LINKEDIN_ACCESS_TOKEN": TOKEN,
    "SEGMENT_PUBLIC_API_TOKEN": TOKEN,
    "RUDDERSTACK_ACCESS_TOKEN": TOKEN,
}
ACCOUNTS = {
    "dv360": "4455667",
    "ga4": "312450981",
    "google_ads": "412-555-0137",
    "linkedin": "509876543",
    "meta": "act_120334455667788",
    "rudderstack": "acme",
    "segment": "acme-production",
    "tiktok": "7123456789012345678",
}
OPTIONS: dict[str, dict[str, str | int | bool]] = {
    "segment": {"space": "spa_1"},
    "rudderstack": {"audiences": "con_1=customers_all"},
}
ANSWERS: dict[str, Answer] = {
    "dv360": dv360.answer,
    "ga4": ga4.answer,
    "google_ads": google_ads.answer,
    "linkedin": others.linkedin,
    "meta": meta.answer,
    "rudderstack": others.rudderstack,
    "segment": others.segment,
    "tiktok": others.tiktok,
}


def source(name: str, platform: Platform, *, resume: bool = False, **environment: str) -> ApiSource:
    """The source of a platform, pointed at a stand-in."""
    variables = {**TOKENS, f"CANONRY_ENDPOINT_{name.upper()}": platform.url, **environment}
    account = Account(f"{name}-source", f"{name}-acme", ACCOUNTS[name], OPTIONS.get(name, {}))
    found = ApiSource(api_of(name), account, variables, TODAY)
    if not resume:
        found._day = ""  # no checkpoint is kept
    return found


def parted(items: Iterable[Observation | Gap]) -> tuple[list[Observation], list[Gap]]:
    """Observations and gaps."""
    found = list(items)
    return [x for x in found if isinstance(x, Observation)], [x for x in found if isinstance(x, Gap)]


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waiting is written down instead of done."""
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    return waited


@pytest.mark.parametrize("name", PLATFORMS)
def test_every_surface_is_read_to_the_last_page(name: str) -> None:
    """What the platform lists arrives whole, once, with ids as text, and nothing is said to be missing."""
    with running(ANSWERS[name]) as platform:
        seen, gaps = parted(source(name, platform).read(WEEK))
    assert gaps == []
    assert {x.level for x in seen} == api_levels(name)
    keys = [(x.level, x.native, x.id, x.name, *x.params.values(), *x.parents.values()) for x in seen]
    assert len(set(keys)) == len(keys)
    assert all(isinstance(x.id, str) and x.account == f"{name}-acme" and x.platform == name for x in seen)


def api_levels(name: str) -> frozenset[Level]:
    """Levels that a source says it fills."""
    account = Account("s", "a", "1")
    return ApiSource(api_of(name), account, {}, TODAY).capabilities().levels


def one(seen: list[Observation], level: Level, identifier: str) -> Observation:
    """The observation of a level and id."""
    (found,) = [x for x in seen if x.level is level and x.id == identifier]
    return found


def read(name: str, answer: Answer | None = None, *faults: Any) -> tuple[list[Observation], list[Gap]]:
    """Everything that a platform says."""
    with running(answer or ANSWERS[name], *faults) as platform:
        return parted(source(name, platform).read(WEEK))


def test_ga4_tells_manual_values_windows_and_scopes() -> None:
    """Manual values come as they stand, empty and parenthesised ones too: judging is not the source's."""
    seen, _ = read("ga4")
    tags = [x for x in seen if x.level is Level.TAGS]
    assert [tuple(x.params.values()) for x in tags] == [row[:6] for row in ga4.ROWS]
    assert [x.weight.rows for x in tags] == [row[6] for row in ga4.ROWS]
    audience = one(seen, Level.AUDIENCE, "0")
    assert audience.name == "recent_site_visitors_3d"
    assert audience.upkeep is not None
    assert (audience.upkeep.window, audience.upkeep.mechanism) == (30, "ga4_audience")
    assert one(seen, Level.USER_PROPERTY, "0").name == "plan_tier"
    assert {x.name for x in seen if x.level is Level.PARAMETER} == {"creative_tag", "item_colour"}
    assert one(seen, Level.GOAL, "9").name == "purchase"


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"dataLossFromOtherRow": True}, "(other)"),
        ({"samplingMetadatas": [{"samplesReadCount": "1", "samplingSpaceSize": "2"}]}, "sampled"),
        ({"subjectToThresholding": True}, "thresholding"),
    ],
)
def test_ga4_leaving_something_out_makes_the_read_partial(metadata: dict[str, Any], words: str) -> None:
    """A report that is not whole says so, and the run with it."""
    with running(partial(ga4.answer, metadata=metadata)) as platform:
        outcome = Outcome("ga4")
        list(collected(source("ga4", platform), WEEK, outcome))
    assert outcome.state == "partial"
    assert any(words in gap.why for gap in outcome.gaps)


def test_google_ads_tells_links_with_the_suffix_that_applies() -> None:
    """Ad, else ad group, else campaign, else account; a suffix wins over the same parameter in the URL."""
    seen, _ = read("google_ads")
    links = {x.id: x.value for x in seen if x.level is Level.LINK}
    assert links["300/0"] == "https://www.example.com/de?p=0&utm_source=google&utm_campaign=c"
    assert links["301/0"] == "https://www.example.com/de?p=1&utm_source=ad"
    assert links["250/0"] == "https://www.example.com/de?utm_source=google&utm_medium=cpc#top"
    assert {x.id for x in seen if x.level is Level.AD} == {"301", "303"}
    campaign = one(seen, Level.CAMPAIGN, "100")
    assert (campaign.status, campaign.goal) == ("active", "MAXIMIZE_CONVERSIONS")
    assert (campaign.weight.cost, campaign.weight.currency) == (12.34, "EUR")
    assert (campaign.starts, campaign.ends) == (date(2026, 11, 2), date(2026, 12, 24))
    assert one(seen, Level.CAMPAIGN, "101").ends is None
    windows = {x.name: x.upkeep and (x.upkeep.window, x.upkeep.mechanism) for x in seen if x.upkeep}
    assert windows["recent_site_visitors_3d"] == (30, "")
    assert windows["customers_all"] == (0, "list_sync")
    assert windows["rule"] == (None, "platform_rule")
    uses = {x.parents["audience"]: x.value for x in seen if x.level is Level.TARGETING}
    assert uses == {"400": "included", "401": "excluded", "402": "excluded"}
    assert one(seen, Level.TARGETING, "101/9").native == "campaign"


def test_meta_tells_the_window_of_the_rule_and_the_links_of_a_creative() -> None:
    """The rule's seconds count, not the field; URL parameters win over those of the website URL."""
    seen, _ = read("meta")
    links = {x.id: x.value for x in seen if x.level is Level.LINK}
    assert links == {
        "30000/0": "https://www.example.com/p?a=1&utm_source=facebook&utm_medium=paid_social"
        "&utm_content={{ad.name}}#x",
        "30001/0": "?utm_source=facebook",
        "30002/0": "https://www.example.com/a",
        "30002/1": "https://www.example.com/b?utm_id=1",
        "30003/0": "https://www.example.com/c",
    }
    upkeep = {x.name: x.upkeep for x in seen if x.upkeep}
    assert upkeep["recent_site_visitors_3d"].window == 30
    assert (upkeep["customers_all"].window, upkeep["customers_all"].synced) == (None, date(2026, 11, 18))
    assert upkeep["no rule"].window == 365
    ad_set = one(seen, Level.AD_GROUP, "23000")
    assert (ad_set.native, ad_set.goal, ad_set.value) == ("ad_set", "LINK_CLICKS", "PURCHASE")
    assert ad_set.weight.delivered is False
    assert one(seen, Level.CAMPAIGN, meta.CAMPAIGNS[0]["id"]).weight.cost == 12.34
    uses = {x.parents["audience"]: x.value for x in seen if x.level is Level.TARGETING}
    assert uses == {"4000": "included", "4001": "excluded"}


def test_no_token_ever_stands_in_an_address() -> None:
    """Addresses end up in logs, in those of proxies too."""
    with running(meta.answer) as platform:
        list(source("meta", platform).read(WEEK))
    assert all(TOKEN not in values for r in platform.requests for values in r.query.values())
    assert all(r.headers["authorization"] == f"Bearer {TOKEN}" for r in platform.requests)


def test_dv360_tells_recency_schedules_and_exits() -> None:
    """Recency belongs to the targeting, the window to the audience."""
    seen, _ = read("dv360")
    recency = {x.id: x.upkeep and x.upkeep.recency for x in seen if x.level is Level.TARGETING}
    assert recency == {"30/50": 3, "30/52": None, "30/51": 1}
    windows = {x.name: x.upkeep and x.upkeep.window for x in seen if x.level is Level.AUDIENCE}
    assert windows == {"recent_site_visitors_3d": 30, "customers_all": 0, "cart_abandoners_3d": 3}
    order = one(seen, Level.AD_GROUP, "20")
    assert (order.native, order.starts, order.ends) == (
        "insertion_order",
        date(2026, 11, 2),
        date(2026, 12, 24),
    )
    assert order.goal == "CONVERSION"
    assert one(seen, Level.LINK, "40/0").value == "https://www.example.com/?utm_content=0"


def test_tiktok_tells_delivery_of_the_period() -> None:
    """What the report does not name delivered nothing."""
    seen, _ = read("tiktok")
    first, *_, last = [x for x in seen if x.level is Level.CAMPAIGN]
    assert (first.weight.cost, first.weight.currency, first.status) == (9.5, "USD", "active")
    assert last.weight.delivered is False
    group = one(seen, Level.AD_GROUP, "18001")
    assert (group.goal, group.ends) == ("CONVERT", date(2026, 12, 24))
    assert one(seen, Level.LINK, "19001/0").value.endswith("utm_content=__CID_NAME__")


def test_linkedin_tells_schedules_audiences_and_last_sync() -> None:
    """URNs become ids; only creatives that hold their landing page tell a link."""
    seen, _ = read("linkedin")
    group = one(seen, Level.CAMPAIGN, "600")
    assert (group.native, group.starts, group.weight.cost) == ("campaign_group", date(2026, 11, 2), 44.1)
    campaign = one(seen, Level.AD_GROUP, "700")
    assert (campaign.parents["campaign_group"], campaign.goal) == ("600", "LEAD_GENERATION")
    uses = {x.parents["audience"]: x.value for x in seen if x.level is Level.TARGETING}
    assert uses == {"901": "included", "902": "excluded"}
    assert [x.value for x in seen if x.level is Level.LINK] == [
        "https://www.example.com/?utm_source=linkedin"
    ]
    (audience,) = [x for x in seen if x.level is Level.AUDIENCE]
    assert audience.upkeep is not None
    assert audience.upkeep.synced == date(2026, 11, 18)


def test_tracking_plans_tell_events_parameters_and_traits() -> None:
    """Segment and RudderStack alike; RudderStack also what arrived, and when an audience was synced."""
    seen, _ = read("segment")
    assert {x.name for x in seen if x.level is Level.EVENT} == {"Order Completed", "Cart Viewed"}
    assert {(x.parents["event"], x.name) for x in seen if x.level is Level.PARAMETER} == {
        ("Order Completed", "order_id"),
        ("Order Completed", "total"),
    }
    assert {x.name for x in seen if x.level is Level.USER_PROPERTY} == {"plan_tier"}
    seen, _ = read("rudderstack")
    arrived = one(seen, Level.EVENT, "m1")
    assert (arrived.weight.rows, arrived.last_seen) == (120, date(2026, 11, 20))
    assert "Odd Event" not in {x.name for x in seen}
    (audience,) = [x for x in seen if x.level is Level.AUDIENCE]
    assert audience.upkeep is not None
    assert (audience.name, audience.upkeep.synced) == ("customers_all", date(2026, 11, 19))


FAULTS = [503, 500, (429, {"Retry-After": "7"}), "drop", "truncate", "garbage"]


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_fault_that_passes_leaves_no_trace(name: str, waits: list[float]) -> None:
    """After every passing fault the same is read as without: nothing lost, nothing twice."""
    undisturbed, _ = read(name)
    for fault in FAULTS:
        seen, gaps = read(name, None, fault, None, fault)
        assert gaps == [], fault
        assert [repr(x) for x in seen] == [repr(x) for x in undisturbed], fault
    assert 7.0 in waits  # what the platform asked for


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_fault_that_stays_is_a_gap_and_the_rest_is_read(name: str) -> None:
    """One surface fails for good: the others are read, and the gap says what, why and on which levels."""
    with running(ANSWERS[name], *[503] * ATTEMPTS) as platform:
        seen, gaps = parted(source(name, platform).read(WEEK))
    assert seen
    (gap,) = gaps
    assert "HTTP 503" in gap.why
    assert gap.levels <= api_levels(name)
    assert gap.what.startswith(name)


@pytest.mark.parametrize("name", PLATFORMS)
def test_expired_credentials_are_said_and_never_shown(name: str) -> None:
    """Nothing is read, each surface says that access was refused, and no token stands anywhere."""
    secret = "EAAB-very-secret-token"
    bad = dict.fromkeys(TOKENS, secret)
    with running(ANSWERS[name]) as platform:
        outcome = Outcome(name)
        seen = list(collected(source(name, platform, **bad), WEEK, outcome))
    assert not [x for x in seen if x.level is not Level.AUDIENCE]
    assert outcome.state == "failed"
    assert all(secret not in repr(gap) for gap in outcome.gaps)


@pytest.mark.parametrize("name", PLATFORMS)
def test_missing_credentials_name_the_variables(name: str) -> None:
    """The gap says which variables are not set."""
    empty = dict.fromkeys(TOKENS, "")
    with running(ANSWERS[name]) as platform:
        seen, gaps = parted(source(name, platform, **empty).read(WEEK))
        assert platform.requests == []
    assert seen == []
    (gap,) = gaps
    assert "is not set" in gap.why


def test_a_token_in_an_error_is_hidden() -> None:
    """Some platforms repeat the token in their message."""
    document = {"error": {"message": "Malformed access token EAAB-secret", "code": 190}}
    with running(meta.answer, *[(400, document)] * 4) as platform:
        _, gaps = parted(source("meta", platform, META_ACCESS_TOKEN="EAAB-secret").read(WEEK))
    assert gaps
    assert all("EAAB-secret" not in repr(gap) for gap in gaps)
    assert all("***" in gap.why for gap in gaps)


def test_a_rate_limit_that_comes_as_another_error_is_waited_for() -> None:
    """Meta's code 17 is HTTP 400, TikTok's 40100 is HTTP 200."""
    limit = {"error": {"message": "User request limit reached", "code": 17, "type": "OAuthException"}}
    _, gaps = read("meta", None, (400, limit), (400, limit))
    assert gaps == []
    _, gaps = read("tiktok", None, (200, {"code": 40100, "message": "Too many requests", "data": {}}))
    assert gaps == []


def test_a_wait_beyond_patience_ends_the_surface(waits: list[float]) -> None:
    """An hour is not waited for in silence."""
    seen, gaps = read("meta", None, (429, {"Retry-After": "3600"}))
    assert seen
    (gap,) = gaps
    assert "come back in 1 h" in gap.why and "Run the audit again" in gap.hint
    assert waits == []


def test_a_cursor_that_leads_in_a_circle_ends() -> None:
    """The same cursor twice is an end, said as one."""

    def circling(request: Any) -> Any:
        document = meta.answer(request)
        document["paging"] = {"cursors": {"after": "0"}, "next": "http://127.0.0.1/"}
        return document

    _, gaps = read("meta", circling)
    assert len(gaps) == 4
    assert all("leads back" in gap.why for gap in gaps)


def test_an_answer_of_another_shape_is_a_gap() -> None:
    """A platform that changed its answers stops no run and passes for nothing."""

    def strange(request: Any) -> Any:
        return {"data": [{"id": None, "creative": "text", "targeting": 3, "name": 7}]}

    _, gaps = read("meta", strange)
    assert gaps
    assert all("published" in gap.why for gap in gaps)


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_stream_is_taken_up_where_it_broke_off(cut: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However little of Google Ads' stream came: nothing is missing and nothing comes twice."""
    whole, _ = read("google_ads")
    seen, gaps = read("google_ads", None, *["truncate"] * 3, *[None] * (cut % 5), "truncate")
    assert gaps == []
    assert [repr(x) for x in seen] == [repr(x) for x in whole]


def test_a_refresh_token_is_exchanged_and_an_expired_one_said() -> None:
    """Without an access token the refresh token is used; neither stands in what is said."""
    grants = {
        "GOOGLE_OAUTH_ACCESS_TOKEN": "",
        "GOOGLE_OAUTH_CLIENT_ID": "c",
        "GOOGLE_OAUTH_CLIENT_SECRET": "s3cret",
    }
    with running(ga4.answer) as platform:
        _, gaps = parted(source("ga4", platform, **grants, GOOGLE_OAUTH_REFRESH_TOKEN="r").read(WEEK))
        assert gaps == []
        _, gaps = parted(source("ga4", platform, **grants, GOOGLE_OAUTH_REFRESH_TOKEN="old").read(WEEK))
    (gap,) = gaps
    assert "expired" in gap.why
    assert "s3cret" not in repr(gap)


def test_a_stand_in_elsewhere_is_refused() -> None:
    """Whoever sets an endpoint would be sent the token: only this machine is believed."""
    for address in ("https://evil.example", "http://10.0.0.1:80", "http://127.0.0.1.evil.example"):
        account = Account("s", "a", "1")
        elsewhere = ApiSource(api_of("meta"), account, {**TOKENS, "CANONRY_ENDPOINT_META": address}, TODAY)
        with pytest.raises(UsageError):
            list(elsewhere.read(WEEK))


def test_an_account_id_is_one_segment_of_a_path() -> None:
    """Whatever an id holds, it asks for nothing else."""
    with running(meta.answer) as platform:
        variables = {**TOKENS, "CANONRY_ENDPOINT_META": platform.url}
        odd = ApiSource(api_of("meta"), Account("s", "a", "act_1/../../me?x=1#y"), variables, TODAY)
        list(odd.read(WEEK))
    assert all(r.path.startswith("/v26.0/act_1%2F..%2F..%2Fme") for r in platform.requests)


def test_a_source_of_each_platform_is_a_source() -> None:
    """They all pass for the port."""
    for name in PLATFORMS:
        assert isinstance(ApiSource(api_of(name), Account("s", "a", "1"), {}, TODAY), Source)
    with pytest.raises(UsageError):
        api_of("myspace")


@pytest.mark.parametrize("name", PLATFORMS)
def test_no_period_reads_the_seven_days_before_today(name: str) -> None:
    """Every platform is asked for the same days, and the report says which."""
    with running(ANSWERS[name]) as platform:
        api = source(name, platform)
        assert (api.capabilities().period.start, api.capabilities().period.end) == (WEEK.start, WEEK.end)
        assert [repr(x) for x in api.read(Period())] == [repr(x) for x in api.read(WEEK)]


def test_a_last_day_without_a_first_is_no_period() -> None:
    """A platform cannot be asked for everything until then."""
    with running(meta.answer) as platform, pytest.raises(UsageError, match="between"):
        list(source("meta", platform).read(Period(end=date(2026, 11, 1))))


def test_every_variable_stands_in_the_guide(root: Path) -> None:
    """Whoever sets a platform up finds what to set."""
    guide = (root / "docs" / "guides" / "audit-sources.md").read_text(encoding="utf-8")
    for name in PLATFORMS:
        assert f"`{name}`" in guide
        assert all(f"`{variable}`" in guide for variable in api_of(name).variables)
