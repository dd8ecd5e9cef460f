"""What is said of pasted links: one case per rule, and what must never be said."""

import json
from pathlib import Path

import pytest
import yaml
from tests.unit.naming import tables

from canonry.app.reading import RULES as BUILDING
from canonry.app.reading import of_issues
from canonry.naming import personal
from canonry.naming.link_rules import RULES
from canonry.naming.links import Reader
from canonry.naming.url import opened, read

BASE = "https://www.example.com/sofas?"
CAMPAIGN = "acme_gb_spring-sofa_202611_k7m2pk"
RIGHT = (
    f"{BASE}utm_source=facebook&utm_medium=paid_social&utm_campaign={CAMPAIGN}&utm_content=xx&utm_id=k7m2pk"
)
TWIN = tables.EMAIL | {"x-contract": tables.EMAIL["x-contract"] | {"channel": "SMS"}}


@pytest.fixture(scope="module")
def reader():
    """A reader of the small registry."""
    return Reader(tables.codec())


def names(report):
    return [issue["name"] for issue in report["issues"]]


def test_a_right_link_has_nothing_said_of_it(reader):
    """Format, fields and channel are told; the corrected link is the link."""
    report = reader.read(RIGHT)
    assert report["status"] == "right" and report["issues"] == [] and report["corrected"] == RIGHT
    assert report["fields"]["market"] == "gb" and report["channel"]["channel"] == "Paid Social"


FOLDER = Path(__file__).parents[2] / "cases" / "links"
"""A case per rule: `bad` breaks it and `good` does not. They stand on the rules' pages, too."""
FILES = {rule.name: FOLDER / f"{rule.code}-{rule.name}" for rule in RULES}
CASES = {name: yaml.safe_load((folder / "case.yaml").read_text("utf-8")) for name, folder in FILES.items()}
REGISTRIES = {
    "link-ambiguous": {"/utm/email/v1": tables.EMAIL, "/utm/mail/v1": tables.EMAIL},
    "link-channel": {"/utm/email/v1": TWIN},
    "link-format-unknown": {"/creatives/ad/v1": tables.AD},
    "link-combination": {
        "/utm/social/v1": tables.contract(
            {"utm_source": "{source}", "utm_medium": "{medium}"},
            {"source": {"$ref": "/vocabularies/social"}, "medium": {"enum": ["social", "paid"]}},
            allowed_combinations=[
                {"fields": ["source", "medium"], "rows": [["tiktok", "paid"], ["facebook", "*"]]}
            ],
        )
    },
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code}-{rule.name}")
def test_every_rule_has_a_page_and_a_link_that_breaks_it(rule, update):
    """A rule without prose or without a case does not ship; the golden file says what is found."""
    assert {"## Why it matters", "## Instead"} <= set(rule.prose.splitlines())
    reader = Reader(tables.codec(REGISTRIES.get(rule.name, tables.CONTRACTS)))
    live = None if rule.name == "link-macro-waiting" else True
    case = CASES[rule.name]
    report = reader.read(case["bad"], from_shell=rule.name == "link-cut", live=live)
    assert rule.name in names(report)
    found = [shown(finding) for finding in of_issues(report["issues"], "link", 0)]
    golden = FILES[rule.name] / "expected.json"
    if update:
        golden.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(golden.read_text("utf-8"))
    if "good" in case:
        assert rule.name not in names(reader.read(case["good"], live=live))


def shown(finding):
    """What a golden file holds of a finding."""
    kept = ("code", "name", "level", "message", "place", "suggestion")
    return {key: value for key, value in finding.to_json().items() if key in kept and value is not None}


def test_codes_and_names_are_used_once():
    """Codes are never reused."""
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)
    assert {folder.name for folder in FOLDER.iterdir()} == {
        f"{rule.code}-{rule.name}" for rule in (*RULES, *BUILDING)
    }


REPAIRED = [
    "link-question-marks", "link-query-in-fragment", "link-ampersand-escaped", "link-parameter-repeated",
    "link-parameter-misspelt", "link-wrapped", "link-control-character", "link-scheme", "link-userinfo",
    "link-parameter-foreign", "link-value-unknown", "link-spelling", "link-personal-data", "link-click-id",
    "link-click-id-elsewhere",
]  # fmt: skip


@pytest.mark.parametrize("name", REPAIRED)
def test_what_can_be_repaired_is_corrected_to_the_right_link(reader, name):
    """The corrected link of a broken one is right."""
    report = reader.read(CASES[name]["bad"])
    assert report["corrected"].replace("#top", "") == RIGHT
    assert reader.read(report["corrected"])["status"] == "right"


def test_a_link_to_paste_may_hold_its_macros(reader):
    """Before it is live, the platform's own macros are right, and stay raw."""
    built = reader.codec.build("/utm/paid_social/v1", tables.SOCIAL, "meta")
    url = BASE + "&".join(f"{key}={value}" for key, value in built["params"])
    assert reader.read(url, live=False)["issues"] == []
    assert reader.read(url, live=False)["corrected"] == url
    assert names(reader.read(url)) == ["link-macro-unexpanded", "link-macro-unexpanded"]


def test_a_link_that_is_all_macros_is_one_to_paste_where_nobody_knows(reader):
    """Every macro of the platform's form: a note. One of them filled in: the others were left out."""
    built = reader.codec.build("/utm/paid_social/v1", tables.SOCIAL, "meta")
    url = BASE + "&".join(f"{key}={value}" for key, value in built["params"])
    report = reader.read(url, live=None)
    assert names(report) == ["link-macro-waiting"] and report["corrected"] == url
    half = url.replace("{{campaign.id}}", "120210000000000001")
    assert half != url and names(reader.read(half, live=None)) == ["link-macro-unexpanded"]


@pytest.mark.parametrize(
    "text",
    [
        RIGHT + "&email=ada.lovelace%40example.com",
        RIGHT + "&contact=ada.lovelace@example.com",
        RIGHT.replace("/sofas", "/u/ada.lovelace@example.com"),
        RIGHT.replace("utm_content=xx", "utm_content=ada.lovelace@example.com"),
        RIGHT + "#ada.lovelace@example.com",
        RIGHT + "&contact=ädä.lovelace@bücher.example",
        RIGHT + "&contact=%C3%A4d%C3%A4.lovelace%40example.com",
    ],
)
def test_personal_data_is_in_nothing_that_is_said(reader, text):
    """Neither the report nor the corrected link holds the address."""
    report = reader.read(text)
    assert "link-personal-data" in names(report)
    assert "lovelace" not in repr(report)


def test_a_password_is_in_nothing_that_is_said(reader):
    """User information is cut off and masked."""
    assert "secret" not in repr(reader.read(CASES["link-userinfo"]["bad"]))


def test_numbers_of_platforms_are_no_telephone_numbers(reader):
    """Only what is written as an international number, or under a telling name, is one."""
    assert "link-personal-data" not in names(reader.read(RIGHT + "&cid=12034567890123456"))
    assert "link-personal-data" in names(reader.read(RIGHT + "&p=%2B49%20170%201234567"))
    assert "link-personal-data" in names(reader.read(RIGHT + "&phone=01701234567"))


ANYTHING = [
    "",
    " ",
    "?",
    "#",
    "hello",
    "javascript:alert(1)",
    "https://",
    "https://?",
    "%",
    "&&&",
    "=1+1",
    "\x00",
    "/a",
]
ANYTHING += [
    "http://[::1]/?utm_source=x",
    "https://www.example.com/?utm_source",
    "https://e.com/?=&=",
    "//e.com/a",
]
ANYTHING += [
    "https://e.com/?" + "a" * 30_000,
    "https://www.example.com/?utm_source=\ud800",
    "https://e.com:x/",
]
ANYTHING += ["https://" + "ä" * 300 + ".de/", "https://e.com/?" + "utm_source=a&" * 500]


@pytest.mark.parametrize("text", ANYTHING, ids=range(len(ANYTHING)))
def test_anything_can_be_pasted(reader, text):
    """No text stops the reader, and each gets something to be said."""
    report = reader.read(text)
    assert report["issues"]


def test_whatever_else_the_link_carries_stays(reader):
    """Parameters of others are kept as they are written, and in their order."""
    text = RIGHT.replace("?", "?return=https://e.com/a?b=1&x=%e4&") + "#a"
    report = reader.read(text)
    assert report["corrected"].startswith("https://www.example.com/sofas?return=https://e.com/a&b=1")


def test_values_of_others_are_not_rewritten():
    """Only what would not survive in a link is encoded anew."""
    link = read("https://e.com/?a=%2fb&c=d/e&utm_source=x", {"utm_source"})
    assert link.url() == "https://e.com/?a=%2fb&c=d/e&utm_source=x"


@pytest.mark.parametrize(
    ("address", "suffix", "clicked"),
    [
        ("https://a.example/x", "utm_source=f&utm_id=1", "https://a.example/x?utm_source=f&utm_id=1"),
        ("https://a.example/x", "?utm_source=f", "https://a.example/x?utm_source=f"),
        ("https://a.example/x", " &utm_source=f ", "https://a.example/x?utm_source=f"),
        ("https://a.example/x?a=1&utm_source=g", "?utm_source=f", "https://a.example/x?a=1&utm_source=f"),
        ("https://a.example/x?utm%5Fsource=g#top", "utm_source=f", "https://a.example/x?utm_source=f#top"),
        ("https://a.example/x?a=1&a=2", "b=1&b=2", "https://a.example/x?a=1&a=2&b=1&b=2"),
        ("https://a.example/x#top", "utm_source=f#end", "https://a.example/x?utm_source=f#end"),
        ("https://a.example/x?", "utm_source=f", "https://a.example/x?utm_source=f"),
        ("https://a.example/x?p=1?q=2", "utm_source=f", "https://a.example/x?p=1?q=2&utm_source=f"),
        ("https://a.example/x?a=%zz", "%zz=1", "https://a.example/x?a=%zz&%zz=1"),
        ("https://a.example/x?a=1#top", "", "https://a.example/x?a=1#top"),
        ("https://a.example/x?a=1", " ?& ", "https://a.example/x?a=1"),
        ("", "utm_source=f", "?utm_source=f"),
    ],
)
def test_a_platforms_parameters_are_appended_one_way(address, suffix, clicked):
    """Files and APIs both open an ad's link so: a parameter on both sides is the platform's."""
    assert opened(address, suffix) == clicked


@pytest.mark.parametrize("sort", ["phones", "others"])
def test_what_begins_with_00_is_a_telephone_number_where_it_has_the_length_of_one(sort):
    """Alone in a name or among its words; dates, padded ids and hours are none."""
    phones = ("00491711234567", "Lead 0049 171 1234567", "lead_0041446681800_x", "0033.1.23.45.67.89")
    others = (
        *("001234567890", "0012345678", "0001234567890123", "0012000001ABCDE", "120219988776655443"),
        *("00 2026-11-25 12:30", "10:00 2026-11-25", "acme_00_20261101-20261130", "00340123450000000018"),
    )
    for text in phones if sort == "phones" else others:
        assert ("00***" in personal.masked(text)) == (sort == "phones"), text
    assert personal.sort_of("utm_id", " 120219988776655443") is None  # a space before an id
    assert personal.sort_of("utm_content", "+2026-11-25") is None
