"""Set-ups that look wrong and are right, and wrong ones in disguise: one sentence each."""

from contextlib import contextmanager
from dataclasses import replace

import orjson
import pytest
from tests.unit.audit.cases import TODAY, registry
from tests.unit.audit.test_coverage import tags
from tests.unit.audit.test_judgement import AUTUMN, WINTER, campaign, decision, told

from canonry.app import auditing
from canonry.audit.issued import Issued
from canonry.audit.observation import Level, Observation, Weight
from canonry.audit.run import Audit, Options
from canonry.audit.source import Capabilities, Passed, Recorded, Tells

META = "meta-acme-dach"


def said(*sources, held=None, history=None, issued=None, **options):
    """The findings of a run, thresholds aside."""
    audit = Audit(held or registry(), history=history, issued=issued, options=Options(**options))
    for source in sources:
        audit.take(source)
    return [f for f in audit.report().findings if f.code != "A904"]


def codes(*sources, **more):
    """Their rules; what was not checked has a question mark."""
    return sorted(f.code + "?" * f.undecided for f in said(*sources, **more))


@contextmanager
def registered(**campaigns):
    """The registry with campaigns that say otherwise: their fields, by id."""
    held = registry()
    kept, memory = held.catalogue, dict(vars(held))
    more = {key: kept.campaigns[key].model_copy(update=told) for key, told in campaigns.items()}
    held.catalogue = replace(kept, campaigns={**kept.campaigns, **more})
    for name in ("_campaigns_of_number", "dated"):
        vars(held).pop(name, None)
    try:
        yield held
    finally:
        vars(held).clear()
        vars(held).update(memory)


def ad_set(goal, platform="meta", account=META, native="ad_set"):
    """An ad set of the winter campaign, told by its parent."""
    return Observation(
        "ads", platform, Level.AD_GROUP, account=account, native=native, id="7", goal=goal,
        name="x", parents={"campaign": "1"}, weight=Weight(cost=1.0, currency="EUR"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("goal", "found"),
    [
        ("VALUE", []),
        ("value", []),
        ("", []),
        ("--", []),
        ("OPTIMIZATION_OBJECTIVE_UNSPECIFIED", []),
        ("LINK_CLICKS", ["A501"]),
        ("ENGAGED_REACTIONS", ["A903?"]),
    ],
)
def test_a_goal_that_nobody_knows_is_named_as_not_compared(goal, found):
    """And a goal that nobody tells is nothing to compare."""
    items = (campaign(), ad_set(goal))
    kept = said(told(*items, levels=(Level.CAMPAIGN, Level.AD_GROUP, Level.LINK)))
    about = [f for f in kept if f.code == "A501" or "A501" in f.values]
    assert [f.code + "?" * f.undecided for f in about] == found
    assert all("winter-living-weeks (tx7nrz)" in f.message for f in about if f.undecided)
    assert all("registry/platforms/meta.yaml" in f.suggestion for f in about if f.undecided)


def test_a_goal_of_no_registered_campaign_is_not_missed():
    """Nobody has said what it is judged by."""
    loose = ad_set("ENGAGED_REACTIONS")
    assert not [f for f in said(told(loose, levels=(Level.AD_GROUP, Level.LINK))) if "A501" in f.values]


def test_a_campaign_may_optimise_for_what_any_of_its_plans_says():
    """Search and video of one campaign have their own goals on one platform."""
    plans = [
        plan.model_copy(update={"optimisation_goal": "target-cpm" if n % 2 else "target-roas"})
        if "google_ads" in plan.platforms
        else plan
        for n, plan in enumerate(registry().campaigns["tx7nrz"].channels)
    ]
    for goal, found in (("TARGET_CPM", []), ("TARGET_ROAS", []), ("TARGET_CPV", ["A501"])):
        with registered(tx7nrz={"channels": plans}):
            name = "acme_dach_sales_bof_winter-living-weeks_202611_tx7nrz"
            seen = Observation(
                "ads", "google_ads", Level.CAMPAIGN, account="google-ads-acme-dach", id="21999887766",
                name=name, goal=goal, weight=Weight(cost=1.0, currency="EUR"),
            )  # fmt: skip
            source = told(seen, platform="google_ads", account="google-ads-acme-dach")
            assert [code for code in codes(source) if code == "A501"] == found, goal


def test_the_owner_of_several_plans_is_theirs_where_they_agree():
    """Else whoever owns the campaign: nobody knows which plan an object belongs to."""
    channels = registry().campaigns["tx7nrz"].channels
    two = [channels[0].model_copy(update={"owner": owner, "platforms": ["meta"]}) for owner in ("crm", None)]
    with registered(tx7nrz={"channels": two, "owner": "brand-content"}) as held:
        assert held.owner("tx7nrz", "meta") == "brand-content"
        assert held.owner("tx7nrz", "tiktok") == "brand-content"
        assert held.owner("none", "meta") == ""
    with registered(tx7nrz={"channels": two[:1], "owner": "brand-content"}) as held:
        assert held.owner("tx7nrz", "meta") == "crm"


NUMBER = "120214455667788990"
"""Meta's id of the winter campaign, as it is registered."""


def test_an_object_that_is_registered_for_another_campaign_than_its_name_says():
    """Where only the id is wrong, the right name is known; else the registration may be wrong."""
    assert codes(told(campaign(id=NUMBER))) == ["A903?"]  # there are no links
    odd = WINTER.replace("tx7nrz", "htywn5")
    [found] = [f for f in said(told(campaign(odd, id=NUMBER))) if f.code[:2] == "A1"]
    assert (found.code, found.details["correct"], found.details["sheet"]) == ("A107", WINTER, "rename")
    [other] = [f for f in said(told(campaign(WINTER, id="120210334455667788"))) if f.code[:2] == "A1"]
    assert (other.code, other.details["correct"], other.details["sheet"]) == ("A107", None, None)
    assert (other.place.path, other.place.pointer) == (
        "registry/campaigns/htywn5.yaml",
        f"/platform_ids/{META}",
    )
    assert "registry/campaigns/htywn5.yaml" in other.suggestion


def test_an_id_of_another_account_or_level_is_another_thing():
    """Ids are of one account, and of objects: a conversion goal may have the number of a campaign."""
    gb = campaign(AUTUMN.replace("_dach_", "_gb_"), id=NUMBER)
    gb.account = "meta-acme-gb"
    found = said(told(gb, account="meta-acme-gb"))
    assert not [f for f in found if "registers" in f.message]
    goal = Observation("ads", "meta", Level.GOAL, account=META, id=NUMBER, name="whatever")
    assert codes(told(goal, levels=(Level.GOAL,))) == []


def test_one_object_may_run_for_a_campaign_and_for_the_one_that_continues_it():
    """Either name is right; a third is not."""
    both = {"platform_ids": {META: [NUMBER]}}
    with registered(htywn5=both):
        assert not [f for f in said(told(campaign(WINTER, id=NUMBER))) if f.code == "A107"]
        assert not [f for f in said(told(campaign(AUTUMN, id=NUMBER))) if f.code == "A107"]
        other = WINTER.replace("tx7nrz", "dtxh48")
        found = [f.details["correct"] for f in said(told(campaign(other, id=NUMBER))) if f.code == "A107"]
        assert found == [WINTER]


def ad(number, clicks, *, tagged=True, cost=1.0):
    """An ad's link, with or without tags."""
    link = "https://www.example.com/de/winter"
    more = "?utm_source=facebook&utm_medium=paid_social&utm_campaign=x" if tagged else ""
    weight = Weight(cost=cost, currency="EUR", clicks=clicks)
    common = {"account": META, "id": number, "weight": weight, "status": "active"}
    return [
        Observation("ads", "meta", Level.AD, name=f"a{number}", parents={"campaign": "1"}, **common),
        Observation(
            "ads", "meta", Level.LINK, value=link + more, parents={"campaign": "1", "ad": number}, **common
        ),
    ]


def ads(*items, levels=(Level.AD, Level.LINK)):
    """A source of ads."""
    return told(*items, levels=levels)


def test_a_share_of_clicks_is_of_clicks():
    """The dear ad is tagged, the one that everybody clicks is not."""
    items = [*ad("1", 10, cost=990.0), *ad("2", 90, tagged=False, cost=10.0)]
    for over in ("2 % of paid clicks", "2 % of clicks"):
        assert decision("untagged-share", over, ads(*items)) == (90.0, True, False)
    assert decision("untagged-share", "2 % of paid spend", ads(*items))[0] == 1.0
    # The campaign above counts what its ads do not carry.
    outer = campaign("x")
    outer.weight = Weight(cost=2_000.0, currency="EUR", clicks=200)
    whole = ads(outer, *items, levels=(Level.CAMPAIGN, Level.AD, Level.LINK))
    assert decision("untagged-share", "2 % of paid clicks", whole)[0] == 45.0


def test_what_no_source_tells_is_not_measured_by_something_else():
    """Clicks by spend, sessions by ads, or a unit that nobody knows."""
    blind = ads(*ad("1", None, tagged=False))
    assert decision("untagged-share", "2 % of paid clicks", blind, whole=True) == (None, False, True)
    assert decision("untagged-share", "2 % of sessions", blind, whole=True) == (None, False, True)
    assert decision("ad-untagged", "0 sessions", blind, whole=True) == (None, False, True)
    assert decision("ad-untagged", "0 clicks", blind, whole=True) == (None, False, True)
    assert decision("ad-untagged", "0 links", blind, whole=True) == (1.0, True, False)
    assert decision("ad-untagged", "0 events", blind, whole=True) == (0.0, False, False)
    for over in ("2 %", "2 % of happiness", "2 % of paid sessions", "0 EUR", "0 paid ads"):
        assert decision("untagged-share", over, blind, whole=True) == (None, False, True), over
    # Nothing is untagged: so is no click.
    assert decision("untagged-share", "2 % of paid clicks", ads(*ad("1", None)), whole=True)[0] == 0.0


def test_a_source_that_tells_no_clicks_leaves_a_share_open():
    """Unless another source has crossed it by itself."""
    clicked = ads(*ad("1", 99), *ad("2", 1, tagged=False))
    blind = Recorded("more", ads().capabilities(), ad("3", None, tagged=False))
    for each in blind._items:
        each.source = "more"
    over = "2 % of paid clicks"
    assert decision("untagged-share", over, clicked, whole=True) == (1.0, False, False)
    assert decision("untagged-share", over, clicked, blind, whole=True) == (None, False, True)
    assert decision("untagged-share", "0.5 % of paid clicks", clicked, blind)[1] is True


def sessions(medium, rows):
    """Visits with a source and medium."""
    params = {"utm_source": f"blog{rows}", "utm_medium": medium} if medium else {"utm_source": "(direct)"}
    weight = Weight(rows=rows)
    return Observation("ga4", "ga4", Level.TAGS, account="ga4-acme", params=params, weight=weight)


def test_a_share_of_sessions_is_of_all_that_were_counted():
    """Those without tags are not ours to judge, and are sessions."""
    can = Capabilities("ga4", frozenset({Level.TAGS}), frozenset({Tells.MANUAL_TAGS}), "ga4-acme")
    source = Recorded("ga4", can, [sessions("sticker", 10), sessions("", 190)])
    assert decision("unassigned-share", "3 % of sessions", source) == (5.0, True, False)


def test_audiences_are_counted_and_not_the_ad_groups_that_use_them():
    """One audience with a wrong recency in three ad groups is one."""
    from canonry.audit.observation import Upkeep

    common = {"account": META, "upkeep": Upkeep(window=3, members=5)}
    items = [
        Observation(
            "ads", "meta", Level.AUDIENCE, id="9", name="acme_intent_cart-abandoners_3d_inc_dach", **common
        )
    ]
    items += [
        Observation(
            "ads", "meta", Level.TARGETING, account=META, id=f"{n}/9", upkeep=Upkeep(recency=30),
            parents={"ad_group": str(n), "audience": "9"},
        )
        for n in range(3)
    ]  # fmt: skip
    source = told(*items, levels=(Level.AUDIENCE, Level.TARGETING))
    assert decision("audience-window-drift", "0 audiences", source)[0] == 1.0


def test_links_that_were_judged_where_they_are_are_compared():
    """A checker that has the issued links says which were met; one without leaves it open."""
    links = [tags(utm_source=word) for word in ("google", "bing")]
    lines = [
        {"link": "https://www.example.com/", "issued": "2026-11-01", "platform": p, "params": each.params}
        for each, p in zip(links, ("google_ads", "microsoft"), strict=True)
    ]
    files = {"tx7nrz": b"".join(orjson.dumps(line) + b"\n" for line in lines)}
    auditing._standard_of.cache_clear()
    registry_files = tuple((p, s.text.encode()) for p, s in sorted(registry().catalogue.sources.items()))

    def compared(*seen, known):
        sift = auditing.sifting(registry_files, TODAY, frozenset(), issued=known)
        can = Capabilities("ga4", frozenset({Level.TAGS}), frozenset(Tells) - {Tells.ALL}, "ga4-acme")
        back = list(sift(seen))
        assert any(isinstance(each, Passed) for each in back)
        found = said(Recorded("ga4", can, back), issued=Issued(files, registry()), whole=False)
        return [f.code + "?" * f.undecided for f in found if f.code[:3] == "A20" or "A208" in f.values]

    assert compared(tags(), known=files) == ["A208"]
    assert compared(tags(), tags(utm_source="bing"), known=files) == []
    assert compared(tags(), known=None) == ["A903?"]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (f" {WINTER}", ["A104"]),
        (f"{WINTER}\u00a0", ["A104"]),
        (f"{WINTER}\u200b", ["A104"]),
        (WINTER.replace("acme", "\uff41\uff43\uff4d\uff45"), ["A104"]),
        (WINTER.replace("acme", "\u0430cme"), ["A102"]),  # a Cyrillic letter is another letter
    ],
)
def test_what_nobody_sees_in_a_name_is_a_spelling(written, found):
    """And the right name is known."""
    told_ = [f for f in said(told(campaign(written))) if f.code[:2] == "A1"]
    assert [f.code for f in told_] == found
    assert found == ["A102"] or told_[0].details["correct"] == WINTER


def link(query, platform="meta", account=META):
    """What is said of an ad's link: rules and the right link."""
    address = "https://www.example.com/de/winter-living"
    seen = Observation(
        "ads", platform, Level.LINK, account=account, id="3", value=f"{address}?{query}", status="active",
        parents={"campaign": "1", "ad": "3"}, weight=Weight(cost=1.0, currency="EUR"),
    )  # fmt: skip
    source = told(seen, levels=(Level.LINK,), platform=platform, account=account)
    kept = [f for f in said(source) if not f.undecided]
    corrects = {(f.details["correct"] or "").partition("?")[2] for f in kept}
    return sorted(f.code for f in kept), corrects.pop() if len(corrects) == 1 else corrects


NAMED = "acme_dach_sales_winter-living-weeks_202611_tx7nrz"
SOCIAL = f"utm_source=facebook&utm_medium=paid_social&utm_campaign={NAMED}"
OWN = f"{SOCIAL}&utm_content={{{{ad.name}}}}&utm_term={{{{adset.name}}}}&utm_id={{{{campaign.id}}}}"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (OWN, []),
        (f"{SOCIAL}&utm_content=__CID_NAME__&utm_term=__AID_NAME__&utm_id=__CAMPAIGN_ID__", ["U135"] * 3),
        (OWN.replace("{{", "%7B%7B").replace("}}", "%7D%7D"), ["U105"] * 3),
        (OWN.replace("{{campaign.id}}", "tx7nrz"), ["U136"]),
        (OWN.replace("&utm_term={{adset.name}}", ""), ["U123"]),
    ],
)
def test_an_ad_holds_the_macros_of_its_own_platform_as_they_are(query, found):
    """Another platform's, escaped ones, or none where one belongs: the platform's own are the correction."""
    codes_, correct = link(query)
    assert codes_ == found
    assert not found or sorted(correct.split("&")) == sorted(OWN.split("&"))


def test_macros_of_one_search_engine_in_an_ad_of_the_other():
    """Braces are both engines' own; the names in them are not."""
    query = (
        f"utm_source=google&utm_medium=cpc&utm_campaign={NAMED}&utm_content={{AdId}}&utm_id={{CampaignId}}"
    )
    codes_, correct = link(query, "google_ads", "google-ads-acme-gb")
    assert codes_ == ["U135"] * 2
    assert "{creative}" in correct and "{campaignid}" in correct


def visited(**params):
    """What is said of visits of the winter campaign's social ads."""
    words = {"utm_source": "facebook", "utm_medium": "paid_social", "utm_campaign": NAMED}
    words |= {"utm_id": "tx7nrz", **params}
    seen = Observation("ga4", "ga4", Level.TAGS, account="ga4-acme", params=words, weight=Weight(rows=3))
    source = told(seen, levels=(Level.TAGS,), platform="ga4", account="ga4-acme", name="ga4")
    return [(f.code, f.message) for f in said(source) if not f.undecided]


def test_visits_are_held_against_their_campaigns_registration():
    """Its words, and the number of the campaign that the platform filled in."""
    assert visited() == []
    assert [code for code, _ in visited(utm_campaign=NAMED.replace("_dach_", "_gb_"))] == ["A203"]
    filled = {"utm_content": f"{tags().params['utm_content']}_control"}
    assert [code for code, _ in visited(**filled, utm_id="120214455667788990")] == ["U123"]  # no ad set
    more = [code for code, _ in visited(**filled, utm_id="120210334455667788")]
    assert more == ["A203", "U123"]


def test_a_visit_is_not_told_to_write_another_platforms_macro():
    """Of the forms of a format the one of the platform that the source names is meant."""
    told_ = visited(utm_content="whatever", utm_term="whatever else", utm_id="120214455667788990")
    assert told_ and not any("CAMPAIGN_NAME" in message or "__" in message for _, message in told_)


def audience(name, number, window=3, status="active", rule="", platform="ga4", account="ga4-acme"):
    """An audience as its platform has it."""
    from canonry.audit.observation import Upkeep

    return Observation(
        "ads", platform, Level.AUDIENCE, account=account, id=number, name=name, status=status,
        upkeep=Upkeep(window=window, members=5, rule=rule),
    )  # fmt: skip


LEFT, SEEN, BOUGHT = (
    f"acme_{each}_ww" for each in ("intent_cart-abandoners_3d_inc", "visitor_recent-visitors_3d_inc",
                                   "customer_recent-buyers_30d_exc")
)  # fmt: skip


@pytest.mark.parametrize(
    ("items", "found"),
    [
        # What canonry says of a duration that cannot be changed: create anew, swap, archive.
        ([audience(LEFT, "1", 30, "removed"), audience(LEFT, "2")], []),
        ([audience(LEFT, "1", 30, "removed")], ["A306"]),
        ([audience(SEEN, "1", 3, rule="[1]"), audience(BOUGHT, "2", 30, rule="[1]")], []),
        ([audience(SEEN, "1", rule='{"a":[1,2]}'), audience(LEFT, "2", rule='{"a": [2, 1]}')], ["A307"]),
        (
            [
                audience(SEEN, "1", rule='{"sequenceSteps":[1,2]}'),
                audience(LEFT, "2", rule='{"sequenceSteps":[2,1]}'),
            ],
            [],
        ),
        ([audience(LEFT.upper(), "1")], ["A104"]),
    ],
)
def test_audiences_that_look_alike(items, found):
    """A successor, one rule for two durations, one rule in two orders, steps in two orders, capitals."""
    source = told(*items, levels=(Level.AUDIENCE,), platform="ga4", account="ga4-acme")
    assert [f.code for f in said(source) if not f.undecided] == found


@pytest.mark.parametrize(
    ("past", "now", "unusual"),
    [
        ([1000, 1010, 5000, 990, 1000], 400, True),  # Black Friday makes no other week usual
        ([1000, 1010, 5000, 990, 1000], 1000, False),
        ([3, 1, 2, 4, 2, 3], 9, False),  # few are never steady
        ([20, 22, 18, 21, 19], 31, False),
        ([1000, 1000, 1000, 3000] * 3, 3000, False),  # once a month
        ([1000] * 5, 2000, True),
    ],
)
def test_volumes_that_are_usual(past, now, unusual):
    """One odd week, small numbers, a season."""
    from canonry.audit.checks import events

    seen = Observation("ga4", "ga4", Level.EVENT, name="purchase", weight=Weight(rows=now))
    assert bool(list(events.unusual(seen, past, ""))) is unusual


def test_what_only_a_platform_can_send_needs_no_contract():
    """Names that it reserves are its own when they are received."""
    for name in ("ad_impression", "app_exception", "session_start"):
        seen = Observation("ga4", "ga4", Level.EVENT, account="ga4-acme", name=name, weight=Weight(rows=9))
        source = told(seen, levels=(Level.EVENT,), platform="ga4", account="ga4-acme")
        assert "A401" not in codes(source), name


def test_a_cluster_of_markets_is_outside_of_a_country_elsewhere():
    """Germany, Austria and Switzerland in the account of the United Kingdom."""
    seen = campaign(WINTER)
    seen.account = "meta-acme-gb"
    assert "A111" in codes(told(seen, account="meta-acme-gb"))


def test_names_of_a_contract_that_lint_refuses_are_not_green():
    """Neither wrong by another contract nor right by none."""
    held = registry()
    kept = dict(held.codec.table["contracts"])
    lean = replace(held, codec=type(held.codec)({**held.codec.table, "contracts": {
        key: each for key, each in kept.items()
        if key not in ("/objects/meta_campaign/v1", "/utm/paid_social/v1")
    }}))  # fmt: skip
    for name in ("_unread", "unread_formats", "reader", "names", "essence"):
        vars(lean).pop(name, None)
    lean._contracts, lean._lost, lean.links = {}, {}, {}
    found = said(told(campaign("no name at all")), held=lean)
    assert [(f.code, f.undecided) for f in found if "A101" in f.values] == [("A903", True)]
    assert not [f for f in found if f.code == "A101"]
    params = {"utm_source": "facebook", "utm_medium": "paid_social", "utm_campaign": NAMED}
    seen = Observation("ga4", "ga4", Level.TAGS, account="ga4-acme", params=params, weight=Weight(rows=3))
    source = told(seen, levels=(Level.TAGS,), platform="ga4", account="ga4-acme", name="ga4")
    assert [f.code for f in said(source, held=lean) if "U121" in f.values or f.code[0] == "U"] == ["A903"]


def received(level, names, account="ga4-acme", **more):
    """What a property of GA4 received."""
    return [
        Observation("ads", "ga4", level, account=account, name=name, weight=Weight(rows=9), **more)
        for name in names
    ]


def limits(*items, account="ga4-acme"):
    """What is over the platform's limits."""
    levels = {item.level for item in items}
    source = told(*items, levels=levels, platform="ga4", account=account)
    return [f.message for f in said(source) if f.code == "A403"]


def test_limits_are_of_one_property():
    """Parameters of one event in two properties are not added."""
    event = {"parents": {"event": "purchase"}}
    mine = received(Level.PARAMETER, [f"a{n}" for n in range(20)], **event)
    other = received(Level.PARAMETER, [f"b{n}" for n in range(20)], "ga4-nordwind", **event)
    assert limits(*mine, *other, account="") == []
    assert limits(*mine, *received(Level.PARAMETER, [f"b{n}" for n in range(6)], **event)) != []


def test_of_several_names_that_are_as_near_none_is_the_correction():
    """All of them are offered."""
    source = told(
        *received(Level.EVENT, ["subscription_xed", "purchse"]),
        levels=(Level.EVENT,), platform="ga4", account="ga4-acme",
    )  # fmt: skip
    found = {f.values[0]: f for f in said(source) if f.code == "A401"}
    assert found["purchse"].details["correct"] == "purchase"
    assert found["subscription_xed"].details["correct"] is None
    assert " or " in found["subscription_xed"].suggestion


def test_what_was_shown_and_cost_nothing_has_no_share_of_spend():
    """A new campaign has impressions before it has a bill."""
    audit = Audit(registry())
    for currency in ("EUR", "GBP"):
        audit.take(told(campaign(weight=Weight(cost=0.0, currency=currency, impressions=9)), name=currency))
        assert "spend" not in audit.report().shares
