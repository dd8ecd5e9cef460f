"""`canonry audit` as it is typed: exit codes, reports, history, baseline, sheets."""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import jinja2
import openpyxl
import pytest
from ruamel.yaml import YAML

from canonry.adapters.ledger import Ledger
from canonry.audit.checks import RULES
from canonry.cli.main import run

ROOT = Path(__file__).parents[3]
EXPORTS = ROOT / "examples" / "exports"
SESSIONS = EXPORTS / "ga4" / "sessions-2026-11-16.csv"
MONDAY = "2026-11-23"
APART = shutil.ignore_patterns("*.py", "*.jsonl", "__pycache__")
HEAD = "Campaign name,Campaign ID,Ad set name,Ad set ID,Amount spent (EUR),Impressions\n"
NASTY = '=HYPERLINK("http://x","y")'


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """A registry with the shipped exports, as `make demo` makes it."""
    sys.path.insert(0, str(EXPORTS))
    from build import settle

    sys.path.remove(str(EXPORTS))
    home = tmp_path_factory.mktemp("registry")
    for part in ("registry", "contracts"):
        shutil.copytree(ROOT / part, home / part)
    settle(home)
    shutil.copytree(
        EXPORTS, home / "exports", ignore=shutil.ignore_patterns("*.py", "*.jsonl", "__pycache__")
    )
    for name in ("history.jsonl", "baseline.jsonl"):
        shutil.copy(EXPORTS / name, home / "registry" / name)
    return home


@pytest.fixture
def home(shipped, monkeypatch):
    """The registry on the Monday after the week."""
    monkeypatch.setenv("CANONRY_TODAY", MONDAY)
    monkeypatch.setenv("CANONRY_REGISTRY", str(shipped))
    return shipped


def called(capsys, *arguments):
    """Exit code and standard output."""
    code = run(list(map(str, arguments)))
    return code, capsys.readouterr().out


def test_the_shipped_week_hits_every_rule(home, capsys):
    """Each rule of the audit is shown at work, and the report says what could not be read."""
    code, out = called(capsys, "audit", "run", "--no-record", "--format", "json")
    report = json.loads(out)
    assert code == 1
    assert {rule.code for rule in RULES} - {finding["code"] for finding in report["findings"]} == set()
    assert report["complete"] is False
    assert {each["state"] for each in report["sources"]} == {"complete", "partial", "failed"}
    assert 0 < len(report["first"]) <= 5
    assert (
        report["new"] and report["recurring"] and report["fixed"] and report["grandfathered"]["objects"] == 42
    )
    assert all(0 <= share <= 1 for share in report["shares"].values())
    assert all(finding["layer"] for finding in report["findings"])
    assert "ada.lovelace" not in out


def test_the_same_run_says_the_same(home, capsys):
    """Nothing depends on order, threads or the hour."""
    first = called(capsys, "audit", "run", "--no-record", "--format", "json")
    assert called(capsys, "audit", "run", "--no-record", "--format", "json") == first


def test_every_report_is_written_whole_and_safe(home, capsys, tmp_path):
    """Personal data is masked in all of them, and no cell is a formula."""
    folder = tmp_path / "out"
    folder.mkdir()
    names = ["r.html", "r.md", "r.xlsx", "r.csv", "r.json", "r.xml", "r.sarif"]
    outputs = [part for name in names for part in ("-o", folder / name)]
    called(capsys, "audit", "run", "--no-record", *outputs)
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    for name in names:
        assert b"ada.lovelace" not in (folder / name).read_bytes()
    page = (folder / "r.html").read_text("utf-8")
    assert "<script" not in page and "src=" not in page and 'href="http' not in page and "url(" not in page
    book = openpyxl.load_workbook(folder / "r.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    places = {
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for r in json.loads((folder / "r.sarif").read_text())["runs"][0]["results"]
    }
    assert places and all(place.startswith(("registry/", "contracts/")) for place in places)


def test_observed_text_is_never_live(home, capsys, tmp_path):
    """HTML, formulas, escapes and Markdown in a name are text everywhere."""
    export = tmp_path / "e.csv"
    hostile = ["<img src=x onerror=alert(1)>", NASTY, "a\x1b[31m\x07b", "[x](http://evil) @all", "::error::x"]
    with export.open("w", newline="", encoding="utf-8") as file:
        rows = [[name, n, 5, 5] for n, name in enumerate(hostile)]
        csv.writer(file).writerows([["Campaign", "Campaign ID", "Cost", "Impr."], *rows])
    outputs = [part for name in ("h.html", "h.md", "h.csv", "h.xlsx") for part in ("-o", tmp_path / name)]
    code, out = called(capsys, "audit", "run", "--file", export, *outputs)
    assert code == 1
    assert "\x1b[31m" not in out and "\n::error" not in out
    page = (tmp_path / "h.html").read_text("utf-8")
    assert "<img" not in page and "&lt;img" in page
    text = re.sub(r"`[^`]*`", "", (tmp_path / "h.md").read_text("utf-8"))
    assert "](http" not in text and "<img" not in text and " @all" not in text
    with (tmp_path / "h.csv").open(encoding="utf-8", newline="") as file:
        assert not [cell for row in csv.reader(file) for cell in row if cell.startswith(("=", "+", "@"))]


def test_no_registry_is_needed(capsys, tmp_path, monkeypatch):
    """The bundled starter judges, and says so."""
    monkeypatch.chdir(tmp_path)
    code, out = called(capsys, "audit", "run", "--file", SESSIONS)
    assert code == 1
    assert "There is no registry here: judged by the bundled starter" in " ".join(out.split())
    assert "was read as ga4_sessions" in out


def test_what_could_not_be_checked_is_never_green(capsys, tmp_path, monkeypatch):
    """Exit code 3, and the gap is the first thing said."""
    monkeypatch.chdir(tmp_path)
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    code, out = called(capsys, "audit", "run", "--file", empty)
    assert code == 3
    assert out.index("NOT COMPLETE") < out.index("Nothing was checked.")
    only = tmp_path / "auto.csv"
    only.write_text("Session campaign,Session source / medium,Sessions\nx,google / cpc,5\n")
    assert called(capsys, "audit", "run", "--file", only)[0] == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--file", SESSIONS, "--as", "ga4-session"], "Did you mean ga4_sessions?"),
        (["--file", SESSIONS, "--account", "ga4-acm"], "Did you mean ga4-acme?"),
        (["--source", "ga4-sesions"], "Did you mean ga4-sessions?"),
        (["--as", "meta"], "describe a --file"),
        (["--file", SESSIONS, "--column", "nonsense"], "no ROLE=HEADING"),
        (["--file", SESSIONS, "--column", "campain.name=x"], "campaign.name"),
        (["--file", SESSIONS, "-o", "r.doc"], "no report ends in .doc"),
        (["--from", "2026-11-22", "--to", "2026-11-16"], "--to is before --from"),
        (["--to", "2026-11-16"], "--to without --from"),
    ],
)
def test_mistakes_stop_the_command(home, capsys, arguments, said):
    """With the nearest right answer, and exit code 2."""
    code = run(["audit", "run", *map(str, arguments)])
    assert code == 2
    assert said in capsys.readouterr().err


def test_a_baseline_shields_until_something_changes(capsys, tmp_path, monkeypatch):
    """Renamed objects are charged again; after `enforce_from` everything is."""
    for part in ("registry", "contracts"):
        shutil.copytree(ROOT / part, tmp_path / part)
    monkeypatch.setenv("CANONRY_REGISTRY", str(tmp_path))
    monkeypatch.setenv("CANONRY_TODAY", MONDAY)
    export = tmp_path / "meta.csv"
    head = HEAD
    export.write_text(f"{head}Old one,1,Set A,11,10.00,100\nOld two,2,Set B,12,10.00,100\n")
    named = ["--file", export, "--account", "meta-acme-dach"]
    code, out = called(capsys, "audit", "baseline", *named)
    assert code == 0 and "4 objects are grandfathered until 2027-01-04" in out
    lines = (tmp_path / "registry/baseline.jsonl").read_text()
    assert lines == "".join(sorted(lines.splitlines(keepends=True))) and "Old one" not in lines
    code, out = called(capsys, "audit", "run", *named)
    assert code == 0 and "grandfathered 4, 100.0 % of spend" in out
    export.write_text(export.read_text().replace("Old two", "Old three"))
    assert called(capsys, "audit", "run", *named)[0] == 1
    export.write_text(export.read_text().replace("Old three", "Old two"))
    monkeypatch.setenv("CANONRY_TODAY", "2027-01-04")
    assert called(capsys, "audit", "run", *named)[0] == 1
    monkeypatch.setenv("CANONRY_TODAY", MONDAY)
    assert called(capsys, "lint")[0] == 0


def test_history_tells_new_recurring_and_fixed(capsys, tmp_path, monkeypatch):
    """Week by week, from the committed lines; a cache that is gone or damaged changes nothing."""
    for part in ("registry", "contracts"):
        shutil.copytree(ROOT / part, tmp_path / part)
    monkeypatch.setenv("CANONRY_REGISTRY", str(tmp_path))
    export = tmp_path / "meta.csv"
    head = HEAD
    told = []
    for day, names in (("2026-11-09", ("One", "Two")), ("2026-11-16", ("One", "Three")), (MONDAY, ("One",))):
        monkeypatch.setenv("CANONRY_TODAY", day)
        export.write_text(head + "".join(f"{name},{name},s,{name}1,5,5\n" for name in names))
        _, out = called(
            capsys,
            "audit",
            "run",
            "--file",
            export,
            "--account",
            "meta-acme-dach",
            "--record",
            "--format",
            "json",
        )
        report = json.loads(out)
        told.append((report["new"], report["recurring"], len(report["fixed"]), report["oldest"]))
    assert told == [(0, 0, 0, None), (2, 2, 2, "2026-11-09"), (0, 2, 2, "2026-11-09")]
    code, out = called(capsys, "audit", "history", "--format", "json")
    assert code == 0 and [row["day"] for row in json.loads(out)["runs"]] == [
        MONDAY,
        "2026-11-16",
        "2026-11-09",
    ]
    shutil.rmtree(Path(os.environ["XDG_CACHE_HOME"]))
    assert called(capsys, "audit", "history", "--format", "json") == (code, out)
    assert "2026-11-16" in called(capsys, "audit", "history")[1]


_RECORD = """
import sys
from datetime import date
from pathlib import Path
from canonry.adapters.ledger import Ledger
Ledger(Path(sys.argv[1])).enter(
    lambda history: history.add(
        date(2026, 11, int(sys.argv[2])), {"findings": 1}, [("f" + sys.argv[2], {"code": "A101"})],
        [(f"meta/ad/{n}", ("0" * 16, True)) for n in range(int(sys.argv[3]))], {}))
"""


def test_two_runs_at_once_lose_nothing(tmp_path):
    """Each waits for the other, and both are in the record."""
    (tmp_path / "registry").mkdir()
    runs = [
        subprocess.Popen([sys.executable, "-c", _RECORD, str(tmp_path), str(day), "2000"])
        for day in range(10, 15)
    ]
    assert [each.wait() for each in runs] == [0] * 5
    assert sorted(Ledger(tmp_path).history().runs) == [f"2026-11-{day}" for day in range(10, 15)]


def test_a_killed_run_leaves_the_record_whole(tmp_path):
    """The old lines or the new ones, never half of them."""
    (tmp_path / "registry").mkdir()
    subprocess.run([sys.executable, "-c", _RECORD, str(tmp_path), "10", "10"], check=True)
    for wait in (0.15, 0.3, 0.45):
        run_ = subprocess.Popen([sys.executable, "-c", _RECORD, str(tmp_path), "11", "200000"])
        time.sleep(wait)
        run_.send_signal(signal.SIGKILL)
        run_.wait()
        assert "2026-11-10" in Ledger(tmp_path).history().runs
    subprocess.run([sys.executable, "-c", _RECORD, str(tmp_path), "12", "10"], check=True)
    assert {"2026-11-10", "2026-11-12"} <= set(Ledger(tmp_path).history().runs)
    assert [path.name for path in (tmp_path / "registry").iterdir()] == ["history.jsonl"]


def test_damaged_lines_are_named(capsys, tmp_path, monkeypatch):
    """File, line, and what to do."""
    for part in ("registry", "contracts"):
        shutil.copytree(ROOT / part, tmp_path / part)
    monkeypatch.setenv("CANONRY_REGISTRY", str(tmp_path))
    for name in ("history", "baseline"):
        path = tmp_path / "registry" / f"{name}.jsonl"
        path.write_text("<<<<<<< HEAD\n")
        assert run(["audit", "run", "--file", str(SESSIONS)]) == 2
        assert f"registry/{name}.jsonl:1" in capsys.readouterr().err
        path.unlink()


def test_sheets_say_what_an_upload_does(home, capsys, tmp_path):
    """Renames and relinks apart, in the platform's own columns."""
    code, out = called(capsys, "audit", "fix-sheet", "-o", tmp_path / "sheets", "--format", "json")
    sheets = {Path(each["path"]).name: each for each in json.loads(out)["sheets"]}
    assert code == 3  # of the shipped sources one is cut off, one is missing
    assert {"rename", "relink", "window"} == {each["kind"] for each in sheets.values()}
    with (tmp_path / "sheets/meta-ad-rename.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"Ad ID", "Ad Name", "Effect"} <= set(rows[0])
    assert {row["Effect"] for row in rows} == {"none"}
    effects = {
        path.stem: {row["Effect"] for row in csv.DictReader(path.read_text("utf-8").splitlines())}
        for path in (tmp_path / "sheets").glob("*.csv")
    }
    assert effects["meta-ad-relink"] == {"review"}
    assert effects["ga4-audience-window"] == {"new object needed"}
    assert effects["ga4-tags-relink"] == effects["google_ads-campaign-rename"] == {"none"}
    loaded = {str(Path(each["path"]).relative_to(tmp_path / "sheets")) for each in json.loads(out)["uploads"]}
    assert "upload/meta-acme-dach/ad-rename.csv" in loaded
    stale = tmp_path / "sheets/upload/meta-acme-dach/campaign-rename.csv"
    kept, old = tmp_path / "sheets/upload/mine.csv", tmp_path / "sheets/meta-creative-rename.csv"
    for path in (stale, kept, old):
        path.write_text("of last week")
    _, out = called(capsys, "audit", "fix-sheet", "-o", tmp_path / "sheets")
    assert not stale.exists() and kept.exists() and old.exists()
    assert "meta-creative-rename.csv: of an earlier call" in out


def test_a_map_translates_history(home, capsys, tmp_path):
    """Observed value to canonical fields; what is old and readable has its row."""
    seed = tmp_path / "names.csv"
    code = run(["export", "map", "--source", "google-ads-dach", "--seed", str(seed)])
    assert code == 0
    with seed.open(encoding="utf-8", newline="") as file:
        rows = {row["observed"]: row for row in csv.DictReader(file)}
    old = next(row for name, row in rows.items() if "ACME" in name)
    assert old["brand"] == "acme" and old["campaign_id"] == "tx7nrz"
    about = YAML(typ="safe").load(seed.with_suffix(".yml").read_text())["seeds"][0]
    assert about["name"] == "names" and list(about["config"]["column_types"]) == list(old)
    (kind,) = set(about["config"]["column_types"].values())
    words = {name: jinja2.Template(kind).render(target={"type": name}) for name in ("bigquery", "postgres")}
    assert words == {"bigquery": "string", "postgres": "varchar"}


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", 3, ["standard input: nothing was read", "the file is empty"]),
        (
            HEAD + "a,1,s,2,oops,3\n",
            1,
            ["standard input:2: 1 value of 'Amount spent (EUR)' is no number ('oops')"],
        ),
        (HEAD + 'a,1,"s,2,1,3\n', 3, ["standard input:2: cannot be read to its end"]),
        (HEAD + "Total,,,,1,3\n", 3, ["none of the lines below its header is a row of it"]),
        (
            f"{HEAD}a,1,s,2,1,3\n{HEAD}Total,,,,1,3\n",
            1,
            ["standard input: 3 lines read, 1 judged; of the others 1 sums up", "1 repeats the header"],
        ),
    ],
)
def test_standard_input_is_a_file_and_what_is_wrong_with_it_has_a_line(tmp_path, text, code, said):
    """No registry, no name: what could not be read is told first, and is never passed."""
    done = subprocess.run(
        [sys.executable, "-m", "canonry", "audit", "run", "--file", "-"],
        input=text,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "CANONRY_TODAY": MONDAY, "CANONRY_REGISTRY": ""},
        check=False,
    )
    told = " ".join(done.stdout.split())
    assert done.returncode == code, done.stderr
    assert [each for each in said if each not in told] == []
    assert "Traceback" not in done.stderr
