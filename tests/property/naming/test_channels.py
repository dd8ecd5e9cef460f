"""The channel engine against known cases, and against its own rules read another way."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.naming import tables

from canonry.naming.channels import Channels, categories, default_group
from canonry.naming.codec import Codec

VECTORS = json.loads(Path(__file__).with_name("channel_vectors.json").read_text(encoding="utf-8"))["vectors"]


@pytest.fixture(scope="module")
def channels():
    """The default group, over a table that went through JSON."""
    return Channels(Codec(json.loads(json.dumps(tables.table()))))


@pytest.mark.parametrize(("source", "medium", "campaign", "expected"), VECTORS)
def test_known_cases_land_where_ga4_puts_them(channels, source, medium, campaign, expected):
    """One row per case that people get wrong."""
    assert channels.decide(source, medium, campaign)["channel"] == expected


def plain(when, values):
    """The condition read by the letter, with Python's own tools."""
    if "all" in when:
        return all(plain(part, values) for part in when["all"])
    if "any" in when:
        return any(plain(part, values) for part in when["any"])
    value, wanted = values[when["field"]], when.get("value")
    if when["op"] == "is_null":
        return not value
    if not value:
        return False
    value = value.lower()
    tests = {
        "exact": lambda: value == wanted,
        "in": lambda: value in wanted,
        "contains": lambda: wanted in value,
        "ends_with": lambda: value.endswith(wanted),
        "in_category": lambda: value in categories()[wanted],
        "regex": lambda: re.fullmatch(wanted, value) is not None,
    }
    return tests[when["op"]]()


WORDS = st.sampled_from(
    [
        "google",
        "Facebook",
        "(direct)",
        "amazon",
        "sms",
        "email",
        "firebase",
        "youtube.com",
        "cpc",
        "cpm",
        "CPV",
        "paid",
        "retargeting",
        "ppc",
        "(none)",
        "social",
        "mobile-push",
        "video",
        "audio",
        "affiliate",
        "banner",
        "link",
        "ai-assistant",
        "shop",
        "eshop",
        "workshop",
        "Shopping",
        "cross-network",
        "organic",
        "x-cross-network-y",
        "notification",
    ]
) | st.sampled_from(["", "(not set)", "social media", "e mail"])


@settings(max_examples=2000, deadline=None)
@given(WORDS, WORDS, WORDS)
def test_the_engine_agrees_with_the_rules_read_by_the_letter(source, medium, campaign):
    """Remembering, residual conditions and automata change no answer."""
    values = {"source": source, "medium": medium, "campaign": campaign}
    group = default_group()
    expected = next((r["channel"] for r in group["rules"] if plain(r["when"], values)), group["fallback"])
    assert ENGINE.decide(source, medium, campaign)["channel"] == expected


ENGINE = Channels(Codec(tables.table()))


def test_the_rules_carry_their_date_and_where_they_come_from():
    """Rules change: an answer says as of when it holds."""
    group = default_group()
    assert group["effective"] == "2026-05-13" and len(group["rules"]) == 19 and group["origins"]
    assert ENGINE.decide("google", "cpc", "x")["effective"] == group["effective"]


def test_a_company_group_stands_before_the_default_one():
    """What none of its rules takes falls to the default channel; a rule may ask for that channel."""
    groups = {
        "own": {
            "label": "Own",
            "effective": "2026-07-01",
            "rules": [
                {"channel": "Codes", "when": {"field": "medium", "op": "exact", "value": "QR"}},
                {
                    "channel": "Brand search",
                    "when": {
                        "all": [
                            {"field": "default_channel", "op": "exact", "value": "Paid Search"},
                            {"field": "campaign", "op": "regex", "value": ".*brand.*"},
                        ]
                    },
                },
            ],
        }
    }
    engine = Channels(Codec(tables.table(groups=groups)))
    assert engine.groups == ["default", "own"]
    assert engine.decide("poster", "qr", "x", "own")["channel"] == "Codes"
    assert engine.decide("poster", "qr", "x")["channel"] == "Unassigned"
    assert engine.decide("google", "cpc", "acme_Brand_x", "own")["rule"] == 2
    assert engine.decide("google", "cpc", "generic", "own")["channel"] == "Paid Search"
    assert engine.decide("google", "cpc", "generic", "own")["group"] == "default"


def test_automatic_tagging_is_never_called_proved():
    """Two lines: what manual traffic does, and that GA4 decides by network where there is a click id."""
    assert ENGINE.verdict("Paid Search", "manual", ["google_ads"]) == ["manual traffic: Paid Search"]
    both = ENGINE.verdict("Paid Search", "both", ["google_ads"])
    assert both == [
        "manual traffic: Paid Search",
        "with a click id GA4 decides by network: one of Paid Search",
    ]
    assert len(ENGINE.verdict("Cross-network", "auto", [])) == 1


OWN = {
    "own": {
        "label": "Own",
        "effective": "2026-07-01",
        "rules": [
            {"channel": "Codes", "when": {"field": "medium", "op": "exact", "value": "social"}},
            {"channel": "Sales", "when": {"field": "campaign", "op": "contains", "value": "organic"}},
            {
                "channel": "Shops",
                "when": {
                    "all": [
                        {"field": "default_channel", "op": "begins_with", "value": "paid"},
                        {"field": "campaign", "op": "regex", "value": ".*shop"},
                    ]
                },
            },
        ],
    }
}
BESIDE = Channels(Codec(tables.table(groups=OWN)))


@settings(max_examples=1000, deadline=None)
@given(WORDS, WORDS, WORDS)
def test_what_is_usual_holds_unless_the_campaign_says_otherwise(source, medium, campaign):
    """The texts tell exactly when the rules must be asked again."""
    usual = BESIDE.usual(source, medium)
    if usual is None or not campaign or any(text in campaign.lower() for text in usual[0]):
        return
    decided = [BESIDE.decide(source, medium, campaign, group) for group in BESIDE.groups]
    assert usual[1] == decided[0]
    assert usual[2] == [each for each in decided[1:] if each["channel"] != decided[0]["channel"]]
    assert BESIDE.usual(source, medium) is usual
