"""Canaries in every text of an observation: nothing that an audit writes gives one away or lets one act."""

import csv
import io
import json
import re
import unicodedata
import zipfile
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from tests.unit.audit.cases import registry

from canonry.adapters.ledger import Ledger
from canonry.app.auditing import audited, new_baseline, translated
from canonry.audit.observation import Level, Observation, Upkeep, Weight
from canonry.audit.run import Options
from canonry.audit.source import Capabilities, Gap, Recorded, Tells
from canonry.cli import reports, sheets
from canonry.kernel.findings import Level as Severity
from canonry.render import audits

PRIVATE = {
    "mail": "zq.canary@zq-host.example",
    "quoted mail": "zq.quoted%40zq-host.example",
    "umlaut": "zq.jürgen@zq-host.example",
    "phone": "+49 170 5550199",
    "close phone": "+491705550198",
    "password": "https://zquser:zqpassword@shop.example/",
    "token": "https://shop.example/?access_token=zqtoken123",
    "key": "https://shop.example/#api_key=zqapikey123",
    "nested": "https://shop.example/?next=https%3A%2F%2Fa.example%2F%3Ftoken%3Dzqnested1",
    "twice": "https://shop.example/?next=https%253A%252F%252Fa.example%252F%253Fpassword%253Dzqtwice12",
    "session": "https://shop.example/?x=1;token=zqsemicolon",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ6cSJ9.zqjwtsignature",
    "cloud": "AKIAZQZQZQZQZQZQZQZQ",
    "maps": "AIzaSyZqZqZqZqZqZqZqZqZqZqZqZqZqZqZqZqZ",
    "payment": "sk_live_zqzqzqzqzqzqzqzq",
    "header": "Authorization: Bearer zqbearer123456789",
}
TELLTALES = (
    *("zq.canary", "zq-host", "zq.quoted", "zq.jürgen", "5550199", "5550198", "zqpassword", "zqtoken123"),
    *("zqapikey123", "zqnested1", "zqtwice12", "zqsemicolon", "zqjwtsignature", "AKIAZQ", "AIzaSyZq"),
    *("sk_live_zq", "zqbearer"),
)
LIVE = (
    "=cmd|'/c calc'!A0",
    "+1",
    "-1+cmd",
    "@SUM(A1)",
    "\t=1+1",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "red\x1b[31mred\x07",
    "r\u202etl\u2066",
    "line\nline\r\n::error::x",
    "nul\x00nul",
    "c1\x9b31m",
    "lone\ud800half",
    "long" * 2500,
    "a|b`c``d",
    "[x](javascript:alert(1)) @everyone",
    "]]><failure/>&amp;",
    "https://live.example/x",
)
CANARIES = (*PRIVATE.values(), *LIVE)
_IDENTIFYING = ("account", "native", "id", "name", "value", "goal", "status", "partial", "provenance")
_ALL = frozenset(Level)


def planted():
    """Every canary in every text of every level, alone in each, and in all at once."""
    plain = {
        "account": "meta-acme-dach",
        "id": "1",
        "name": "One",
        "value": "",
        "goal": "",
        "status": "active",
    }
    places = (*_IDENTIFYING, "parents", "params", "keys", "rule", "currency", "platform", "all")
    levels = list(Level)
    for number, canary in enumerate(CANARIES):
        for turn, place in enumerate(places):
            level = levels[(number + turn) % len(levels)]
            told = {**plain, "id": f"{number}-{turn}", "name": f"One {number} {turn}"}
            if level is Level.LINK:
                told["value"] = f"https://shop.example/?utm_source=a&n={number}"
            yield one(level, canary, place, told)
    for level in levels:
        for place in ("name", "value", "id", "params", "all"):
            yield one(level, " ".join(canary for canary in CANARIES if len(canary) < 1000), place, plain)


def one(level, canary, place, plain):
    """One observation with a canary in one place."""
    everywhere = place == "all"
    told = {key: canary if everywhere else value for key, value in plain.items()}
    if place in _IDENTIFYING:
        told[place] = canary
    if level is Level.LINK and place == "value" and "://" not in canary:
        told["value"] = f"https://shop.example/p?utm_source={canary}&utm_medium=cpc&q={canary}"
    params = (
        {"utm_source": "facebook", "utm_medium": "cpc", "utm_campaign": "x"} if level is Level.TAGS else {}
    )
    if place in ("params", "all"):
        params = dict.fromkeys(("utm_source", "utm_medium", "utm_campaign", "utm_content"), canary)
    if place == "keys":
        params = {**params, canary: canary}
    parents = {"campaign": "7"} | ({"event": "purchase"} if level is Level.PARAMETER else {})
    if place in ("parents", "all"):
        parents = dict.fromkeys(parents, canary) | {canary: canary}
    return Observation(
        "ads",
        canary if place == "platform" else "meta",
        level,
        params=params,
        parents=parents,
        weight=Weight(rows=3, cost=5.0, currency=canary if place == "currency" else "EUR"),
        upkeep=Upkeep(window=30, recency=3, members=0, synced=date(2026, 1, 1), rule=canary),
        **told,
    )


def gaps():
    """What a source says of itself, with canaries."""
    return [Gap(f"part {canary}", f"the answer was {canary}", f"try {canary}") for canary in CANARIES]


def source(items):
    """All of it from one source."""
    return Recorded("ads", Capabilities("meta", _ALL, frozenset(Tells), "meta-acme-dach"), items)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Everything that an audit writes, as files."""
    home = tmp_path_factory.mktemp("canaries")
    out = home / "out"
    out.mkdir()
    (home / "registry").mkdir()
    ledger = Ledger(home)
    held = registry()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        seen = [*planted(), *gaps()]
        audit, report = audited(held, [source(seen)], options=Options(idle=True))
        for ending in (*reports.ENDINGS, *reports.SHEETS):
            reports.write(out / f"r{ending}", report, {}, Severity.WARNING)
        (out / "r.txt").write_text(audits.text(report), "utf-8")

        def enter(history):
            audit.history = history
            audit.record(report)

        ledger.enter(enter)
        ledger.rows("SELECT * FROM found")
        ledger.write_baseline(new_baseline(held, [source(seen)], Options(idle=True)))
        sheets.write(report, held, out / "sheets", "text")
        table, _ = translated(held, [source(seen)], Options(idle=True))
        (out / "map.json").write_text(json.dumps(table, ensure_ascii=False), "utf-8")
    return home, report


def contents(home):
    """Every file's bytes by name, workbooks by their parts."""
    for path in sorted(each for each in home.rglob("*") if each.is_file()):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                yield from ((f"{path.name}/{name}", book.read(name)) for name in book.namelist())
        else:
            yield str(path.relative_to(home)), path.read_bytes()


def test_every_canary_came_to_a_finding(written):
    """Else the rest would prove nothing."""
    _, report = written
    assert len(report.findings) > 2 * len(CANARIES)
    assert {finding.details.get("object", {}).get("level") for finding in report.findings} >= {
        level.value
        for level in (Level.CAMPAIGN, Level.AD, Level.LINK, Level.TAGS, Level.AUDIENCE, Level.EVENT)
    }


def test_nothing_private_is_kept_anywhere(written):
    """Not in a report, not in the record, not in a sheet; neither as it was nor escaped."""
    home, _ = written
    told = []
    for name, raw in contents(home):
        texts = [raw.decode("utf-8", "replace")]
        if name.endswith((".json", ".jsonl", ".sarif")):
            texts.append(re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), texts[0]))
        told += [(name, word) for word in TELLTALES if any(word in text for text in texts)]
    assert sorted(set(told)) == []


_RAW = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_nothing_controls_what_shows_it(written):
    """No control character, no mark of direction, in anything that people open."""
    home, _ = written
    told = []
    for name, raw in contents(home):
        if name.endswith(".duckdb") or "/locks/" in name:
            continue
        for line in raw.decode("utf-8").splitlines():
            told += [(name, unicodedata.name(c, hex(ord(c)))) for c in set(_RAW.findall(line))]
    assert sorted(set(told)) == []


def test_no_cell_is_a_formula(written):
    """In the reports' sheets and in those that are uploaded."""
    home, _ = written
    for path in (*home.rglob("*.csv"),):
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        live = [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        assert [cell[:20] for cell in live if not re.fullmatch(r"[+-][0-9.]+", cell)] == []
    parts = [raw for name, raw in contents(home) if name.startswith("r.xlsx/xl/worksheets")]
    assert parts and not any(b"<f>" in part or b"<f " in part or b"<hyperlink" in part for part in parts)


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def test_no_markup_is_live(written):
    """The page has only its own elements; Markdown has no link, image or mention outside of code."""
    home, _ = written
    page = (home / "out/r.html").read_text("utf-8")
    tags = _Tags()
    tags.feed(page)
    assert not {"script", "img", "svg onload", "iframe", "a"} & {tag for tag, _ in tags.seen}
    assert not [a for _, attrs in tags.seen for a in attrs if a.startswith("on") or a in ("src", "srcset")]
    assert {attrs["href"] for _, attrs in tags.seen if "href" in attrs} == {"data:,"}
    for form in ("md",):
        text = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", (home / f"out/r.{form}").read_text("utf-8"))
        assert "<script" not in text and "<img" not in text and "<svg" not in text
        assert not re.search(r"(?<!\\)\]\(", text) and " @everyone" not in text and "://live" not in text
        tables = [line for line in text.splitlines() if line.startswith("| ")]
        assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} == {5}


def test_machines_read_their_reports(written):
    """XML is XML, JSON is JSON, and every line of the record is one."""
    home, report = written
    suite = ET.fromstring((home / "out/r.xml").read_bytes())
    cases = list(suite.iter("testcase"))
    assert suite.get("tests") == str(len(cases))
    assert suite.get("errors") == str(len(list(suite.iter("error"))))
    assert suite.get("failures") == str(len(list(suite.iter("failure"))))
    told = json.loads((home / "out/r.json").read_bytes())
    assert len(told["findings"]) == len(report.findings)
    for name in ("history", "baseline"):
        lines = (home / f"registry/{name}.jsonl").read_text("utf-8").split("\n")
        assert lines.pop() == "" and lines == sorted(lines) and all(map(json.loads, lines))
    with io.StringIO((home / "out/r.csv").read_text("utf-8"), newline="") as file:
        assert len(list(csv.reader(file))) == 1 + len(report.findings)
