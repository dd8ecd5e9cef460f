"""A plan with planted faults: each is found and named, and nothing else is said."""

import re

import pytest
from tests.unit.campaign import plans

from canonry.app.campaign.handoff import handoff

META = "registry/platforms/meta.yaml#"
DOMAINS = "registry/domains.yaml#"
ORDER = "contracts/events/order_completed/v1.json#/x-contract"
CART = "contracts/segments/cart_abandoners_3d/v1.json#/x-contract"
STEP = {"funnel_stage": "tof", "frequency_tier": "mid"}

FAULTS = {
    # fault: edits, and what every open row must say (a regular expression)
    "owner unknown": ({"/owner": "nobody"}, r"L202|nobody|G137"),
    "backup owner the same": ({"/backup_owner": "paid-media"}, r"L203|G137"),
    "no such day": ({"/end": "2027-04-31"}, r"L219"),
    "no such first day": ({"/start": "2027-02-30"}, r"L219|G142"),
    "ends before it begins": ({"/end": "2027-02-01"}, r"G113"),
    "over already": ({"/start": "2026-03-01", "/end": "2026-04-15"}, r"G113|G13[34]|was over"),
    "should have begun": ({"/start": "2026-11-20"}, r"should have begun"),
    "live before its time": ({"/status": "live"}, r"G113"),
    "cancelled": ({"/status": "cancelled"}, r"campaign is cancelled"),
    "no such time zone": ({"/time_zone": "Europe/Berlun"}, r"G104"),
    "metric unknown": ({"/success/metric": "revenu"}, r"G13[25]|never receives"),
    "goal unknown": ({"/channels/0/optimisation_goal": "VALEU"}, r"G131"),
    "goal for another metric": ({"/channels/0/optimisation_goal": "LINK_CLICKS"}, r"G132"),
    "no decisions": ({"/decisions": []}, r"no decision table"),
    "threshold unreadable": ({"/decisions/0/when": "cost-per-order is too high"}, r"G136"),
    "threshold of another metric": ({"/decisions/0/when": "roas < 2"}, r"G136"),
    "window unreadable": ({"/decisions/0/window": "soon"}, r"G136"),
    "window too long": ({"/decisions/1/window": "90 days"}, r"G136"),
    "decision metric unknown": (
        {"/decisions/0/metric": "cost-per-ordr", "/decisions/0/when": "cost-per-ordr > 4 EUR"},
        r"G135",
    ),
    "leading for strategy": ({"/decisions/0/owner": "web-analytics"}, r"G137"),
    "lagging for a channel": ({"/decisions/1/owner": "brand-content"}, r"G137"),
    "order reversed": (
        {"/sequence/0/funnel_stage": "bof", "/sequence/1/funnel_stage": "mof"},
        r"G138|may still be",
    ),
    "step without a piece": ({"/sequence/0": STEP}, r"G139"),
    "step twice": ({"/sequence/-": {"funnel_stage": "bof", "frequency_tier": "mid"}}, r"G138"),
    "tier unknown": ({"/sequence/0/frequency_tier": "hihg"}, r"G13[89]"),
    "forbidden combination": (
        {"/channels/0/creatives/0": "reel_9x16_offer_shop-now_de_bof_high_v1_b86ngr"},
        r"G117|G139|is no creative tag|missing",
    ),
    "creative unreadable": (
        {"/channels/0/creatives/0": "carousel_square_offer_b86ngr"},
        r"G117|G139|is no creative tag|missing",
    ),
    "varies by channel": ({"/channels/0/fields/market": "at"}, r"G140"),
    "generated and set": ({"/fields/quarter": "2027-Q1"}, r"G140|G115"),
    "no approval": ({"/approvals": []}, r"G140"),
    "approval of another value": ({"/approvals/0/value": "leads"}, r"G14[01]"),
    "policy says two things": ({"/policy/generated": ["quarter", "market"]}, r"G14[01]"),
    "continues itself": ({"/continues": plans.KEY}, r"G142"),
    "continues a later one": ({"/continues": "tx7nrz", "/start": "2026-11-02", "/status": "live"}, r"G142"),
    "segment unknown": ({"/segments/0": "/segments/product_viewer_7d/v1"}, r"G114"),
    "segment nobody holds": ({"/segments/-": "/segments/high_value_customers/v1"}, None),
    "addressed and excluded": (
        {"/exclusions/-": "/segments/cart_abandoners_3d/v1"},
        r"G143|until the campaign ends",
    ),
    "landing page elsewhere": ({"/landing_url": "https://www.exmaple.com/de/beds"}, r"G116"),
    "redirect loop": (
        {
            "/landing_url": "https://go.example.com/beds",
            f"{DOMAINS}/landing/-": "go.example.com",
            f"{DOMAINS}/redirects/-": {"from": "www.example.com/beds", "to": "go.example.com/beds"},
        },
        r"never end|go\.example\.com",
    ),
    "redirect loses the tags": (
        {"/landing_url": "https://m.example.com/de/beds", f"{DOMAINS}/landing/-": "m.example.com"},
        r"forwards without the query|m\.example\.com",
    ),
    "field missing": ({"/fields/placement": None}, r"placement: missing"),
    "word unknown": ({"/fields/placement": "fede"}, r"G115|placement"),
    "market unknown": ({"/markets": ["germany"]}, r"G115|market"),
    "event not for the platform": (
        {f"{ORDER}/consent/meta": None},
        r"never receives|consent|L32|may still be|goes on addressing",
    ),
    "journey without the goal": (
        {"/journey": ["/events/product_added/v1"]},
        r"G144|no place for|may still be",
    ),
    "nobody enters": (
        {f"{CART}/definition/all/0/where": [{"property": "cart_id", "op": "eq", "value": "?"}]},
        r"nobody enters|no payload|cart_abandoners|may still be",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Where made models are kept between the tests."""
    return tmp_path_factory.mktemp("models") / "models.json"


def test_the_plan_without_faults_is_go(models) -> None:
    """So that what is found comes from the fault alone."""
    hand = handoff(plans.rehearsed(plans.files(), models))
    assert (hand["verdict"], hand["open"]) == ("go", [])
    assert len(hand["done"]) == 5


@pytest.mark.parametrize("name", [name for name, (_, told) in FAULTS.items() if told])
def test_a_planted_fault_is_found_and_nothing_else(name, models) -> None:
    """Every open row has an owner, one missing thing and a way on, and is about the fault."""
    edits, told = FAULTS[name]
    hand = handoff(plans.rehearsed(plans.changed(edits), models, number=12))
    said = [row["message"] for row in hand["open"]]
    assert said, "it was not found"
    assert [message for message in said if not re.search(told, message)] == []
    for row in hand["open"]:
        assert row["owner"] and row["missing"] and row["way"].startswith(("pause", "split", "proceed"))
    assert hand["verdict"] != "go" or all(row["weight"] == "warning" for row in hand["open"])


def test_there_are_forty() -> None:
    """As many as the plan was to be judged by."""
    assert sum(told is not None for _, told in FAULTS.values()) >= 40
