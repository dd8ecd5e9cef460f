"""A plan with all faults at once, and with any of them: each is found by itself, and nothing else is said."""

import copy
import re
from random import Random

import pytest
import yaml
from tests.unit.campaign import plans

from canonry.app.campaign.handoff import handoff
from canonry.catalogue.text import parse

DOMAINS = "registry/domains.yaml"
SOCIAL = {
    "format": "/utm/paid_social/v1",
    "platforms": ["meta"],
    "fields": {"source": "facebook"},
    "creatives": ["carousel_1x1_offer_shop-now_de_bof_mid_v2_mbtxf2"],
    "segments": ["/segments/cart_abandoners_3d/v1"],
    "optimisation_goal": "VALUE",
    "owner": "paid-media",
}
PRINT = {
    "format": "/utm/offline_qr/v1",
    "fields": {"source": "poster", "spot": "bus"},
    "owner": "brand-content",
}
ROW = {
    "metric": "cost-per-order",
    "when": "cost-per-order > 48 EUR",
    "window": "7 days",
    "action": "Halve the budget.",
    "owner": "paid-media",
    "signal": "leading",
}
LATE = {
    "metric": "revenue",
    "when": "revenue < 100,000 EUR",
    "window": "21 days",
    "action": "End it.",
    "owner": "crm",
    "signal": "lagging",
}


def channel(base=SOCIAL, **changed):
    """One more channel, with something wrong."""
    return ("channels", {**base, **changed})


def decision(base=ROW, **changed):
    """One more row of the decision table, with something wrong."""
    return ("decisions", {**base, **changed})


def put(pointer, value):
    """Something else at a place of the plan."""
    return (pointer, value)


FAULTS = {
    # fault: what is done to the plan, and what says so (a regular expression that fits no other fault)
    "backup owner unknown": (put("/backup_owner", "nobody-2"), r"nobody-2"),
    "no such time zone": (put("/time_zone", "Europe/Berlun"), r"Berlun"),
    "live before its time": (put("/status", "live"), r"G113"),
    "continues itself": (put("/continues", plans.KEY), r"G142"),
    "no such word": (put("/fields/placement", "fede"), r"fede"),
    "generated and set": (put("/fields/quarter", "2027-Q1"), r"quarter"),
    "no approval": (put("/approvals/0/field", "variant"), r"objective .*approv|approv.* objective|approval"),
    "no such market": (("markets", "germany"), r"germany"),
    "policy says two things": (put("/policy/generated", ["quarter", "brand"]), r"brand"),
    "segment unknown": (("segments", "/segments/product_viewer_7d/v1"), r"product_viewer_7d"),
    "addressed and excluded": (
        ("exclusions", "/segments/product_viewers_7d/v1"),
        r"product_viewers_7d|until the campaign ends",
    ),
    "step without a piece": (("sequence", {"funnel_stage": "tof", "frequency_tier": "high"}), r"tof"),
    "step twice": (("sequence", {"funnel_stage": "mof", "frequency_tier": "mid"}), r"twice|mof.*mid"),
    "tier unknown": (("sequence", {"funnel_stage": "bof", "frequency_tier": "hihg"}), r"hihg"),
    "threshold unreadable": (decision(when="cost-per-order is too high", window="12 days"), r"is too high"),
    "threshold of another metric": (decision(when="roas < 2", window="8 days"), r"roas"),
    "window unreadable": (decision(window="soonish"), r"soonish"),
    "window too long": (decision(LATE, window="93 days"), r"93 days|93 d"),
    "decision metric unknown": (
        decision(metric="cost-per-ordr", when="cost-per-ordr > 4 EUR", window="9 days"),
        r"cost-per-ordr",
    ),
    "leading for strategy": (decision(owner="web-analytics", window="10 days"), r"web-analytics"),
    "lagging for a channel": (decision(LATE, owner="brand-content", window="22 days"), r"brand-content|G137"),
    "decision owner unknown": (decision(owner="nobody-3", window="11 days"), r"nobody-3"),
    "goal unknown": (channel(optimisation_goal="VALEU"), r"VALEU"),
    "goal for another metric": (channel(optimisation_goal="LINK_CLICKS"), r"LINK_CLICKS"),
    "no goal": (channel(optimisation_goal=None), r"G133"),
    "channel owner unknown": (channel(owner="nobody-4"), r"nobody-4"),
    "forbidden combination": (
        channel(creatives=["reel_9x16_offer_shop-now_de_bof_high_v1_b86ngr"]),
        r"reel_9x16|creative: missing",
    ),
    "creative unreadable": (
        channel(creatives=["carousel_square_offer_b86ngr"]),
        r"carousel_square|creative: missing",
    ),
    "creative id mistyped": (
        channel(creatives=["carousel_1x1_offer_shop-now_de_bof_mid_v2_mbtxf3"]),
        r"mbtxf3|creative: missing",
    ),
    "landing page elsewhere": (channel(landing_url="https://www.exmaple.com/de/beds"), r"exmaple"),
    "redirect loop": (channel(landing_url="https://loop.example.com/beds"), r"loop\.example"),
    "redirect loses the tags": (channel(landing_url="https://lost.example.com/de"), r"lost\.example"),
    "channel segment unknown": (
        channel(segments=["/segments/cart_abandoner_3d/v1"]),
        r"cart_abandoner_3d|audience(_stage)?: missing|may still be",
    ),
    "platform unknown": (channel(platforms=["metta"]), r"metta"),
    "platform not of the format": (channel(platforms=["klaviyo"]), r"[Kk]laviyo"),
    "format unknown": (channel(format="/utm/paid_socail/v1"), r"paid_socail"),
    "field of a channel unknown": (channel(fields={"source": "facebook", "colour": "red"}), r"colour"),
    "source unknown": (channel(fields={"source": "facebok"}), r"facebok"),
    "varies by channel": (channel(fields={"source": "facebook", "market": "at"}), r"\bmarket\b"),
    "spot missing": (channel(PRINT, fields={"source": "poster"}), r"spot"),
    "print source unknown": (channel(PRINT, fields={"source": "postr", "spot": "bus"}), r"postr"),
    "print page elsewhere": (channel(PRINT, landing_url="https://exmaple.org/"), r"exmaple\.org"),
    "journey without a place": (("journey", "/events/consent_updated/v1"), r"consent_updated"),
}


def planted(names):
    """The registry with these faults in its plan."""
    found = dict(plans.files())
    domains = yaml.safe_load(found[DOMAINS])
    domains["landing"] += ["loop.example.com", "lost.example.com"]
    domains["redirects"] += [
        {"from": "loop.example.com/beds", "to": "www.example.com/loop"},
        {"from": "www.example.com/loop", "to": "loop.example.com/beds"},
        {"from": "lost.example.com", "to": "www.example.com", "keeps_query": False},
    ]
    found[DOMAINS] = yaml.safe_dump(domains, sort_keys=False).encode()
    plan = copy.deepcopy(parse(plans.PATH, found[plans.PATH])[0].value)
    for name in names:
        place, value = FAULTS[name][0]
        if place.startswith("/"):
            *way, last = [int(t) if t.isdigit() else t for t in place.split("/")[1:]]
            here = plan
            for token in way:
                here = here[token]
            here[last] = value
        else:
            if isinstance(value, dict):
                value = {key: inner for key, inner in value.items() if inner is not None}
            plan[place].append(value)
    found[plans.PATH] = yaml.safe_dump(plan, sort_keys=False).encode()
    return found


def told(names, tmp_path):
    """What stands open, each row as one text."""
    hand = handoff(plans.rehearsed(planted(names), tmp_path / "models.json", number=12))
    for row in hand["open"]:
        assert row["owner"] and row["missing"] and row["way"].startswith(("pause", "split", "proceed"))
    return [f"{row['message']} {row['missing']}" for row in hand["open"]]


def judged(names, rows):
    """Faults that no row tells, and rows that tell of none."""
    lost = [name for name in names if not any(re.search(FAULTS[name][1], row) for row in rows)]
    invented = [row for row in rows if not any(re.search(FAULTS[name][1], row) for name in names)]
    return lost, invented


def test_all_faults_at_once_are_found_and_nothing_else(tmp_path):
    """Forty and more in one plan."""
    assert len(FAULTS) >= 40
    assert judged(list(FAULTS), told(list(FAULTS), tmp_path)) == ([], [])


@pytest.mark.parametrize("seed", range(6))
def test_any_of_them_are_found_and_nothing_else(seed, tmp_path):
    """No fault hides another."""
    rng = Random(seed)
    names = rng.sample(sorted(FAULTS), rng.randint(3, 25))
    assert judged(names, told(names, tmp_path)) == ([], [])
