"""`canonry audit` where something around it is broken: the registry, the disk, the terminal, patience."""

import errno
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from tests.unit.audit.test_commands import EXPORTS, MONDAY, SESSIONS, called, home, shipped  # noqa: F401

from canonry.adapters.exports.queries import broken
from canonry.adapters.ledger import Ledger
from canonry.cli.main import run

META = ("--file", EXPORTS / "meta/gb-2026-11-16.csv", "--account", "meta-acme-gb")


@pytest.fixture
def mine(shipped, tmp_path, monkeypatch):  # noqa: F811
    """A copy of the shipped registry that a test may break; its sources are the two small ones."""
    import shutil

    for part in ("registry", "contracts"):
        shutil.copytree(shipped / part, tmp_path / part)
    monkeypatch.setenv("CANONRY_TODAY", MONDAY)
    monkeypatch.setenv("CANONRY_REGISTRY", str(tmp_path))
    return tmp_path


BEGINS = (
    "import os, signal, sys\n"
    "for each in ('SIGINT', 'SIGTERM', 'SIGHUP'): signal.signal(getattr(signal, each), signal.SIG_DFL)\n"
    "os.execv(sys.executable, [sys.executable, '-m', 'canonry', *sys.argv[1:]])"
)
"""The program heeds no signal that was ignored before it began, as where tests run in the background."""


def program(*arguments, **more):
    """The program in a process of its own, begun as from a terminal."""
    return subprocess.Popen([sys.executable, "-c", BEGINS, *map(str, arguments)], **more)


@pytest.mark.parametrize(
    ("path", "line", "said"),
    [
        ("registry/vocabularies/market.yaml", "words: [", "did not find expected"),
        ("registry/audit.yaml", "sorces: {}", "unknown key 'sorces'"),
        ("contracts/objects/meta_campaign/v1.json", "{", "Expecting"),
    ],
)
@pytest.mark.parametrize("command", [("run",), ("baseline",), ("fix-sheet",)], ids=" ".join)
def test_nothing_is_held_against_half_a_registry(mine, capsys, command, path, line, said):
    """What is right would be charged as wrong, so the run stops, with file and line; nothing is written."""
    before = Ledger(mine).path.read_bytes()
    (mine / path).write_text(line + "\n", encoding="utf-8")
    assert run(["audit", *command, *map(str, META)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "1 file of the registry cannot be used" in err
    assert f"{path}:" in err
    assert said in err
    assert "canonry lint" in err
    assert Ledger(mine).path.read_bytes() == before


def test_a_contract_that_nothing_can_be_read_by_stops_the_run(mine, capsys):
    """It loads, and its words do not: names that it describes would be nobody's."""
    contract = mine / "contracts/objects/meta_campaign/v1.json"
    contract.write_text(
        contract.read_text("utf-8").replace("/vocabularies/market", "/vocabularies/markt"), "utf-8"
    )
    assert run(["audit", "run", *map(str, META)]) == 2
    assert "contracts/objects/meta_campaign/v1.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("output", "said"), [("x.foo", "no report ends in .foo"), ("no/x.html", "make the folder first")]
)
def test_where_a_report_goes_is_asked_before_anything_is_read(mine, capsys, output, said):
    """Not after an hour of asking platforms; and nothing is recorded."""
    before = Ledger(mine).path.read_bytes()
    assert run(["audit", "run", "--record", *map(str, META), "-o", str(mine / output)]) == 2
    assert said in capsys.readouterr().err
    assert Ledger(mine).path.read_bytes() == before


def test_what_cannot_be_kept_is_said_after_the_report(mine, capsys, monkeypatch):
    """A full disk costs the record, not the findings; what could be written is, and the record is whole."""
    before = Ledger(mine).path.read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "registry/history.jsonl")

    monkeypatch.setattr("canonry.adapters.ledger.Ledger.enter", full)
    arguments = ["audit", "run", "--record", *map(str, META), "-o", str(mine / "r.json")]
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert "Fix first:" in out
    assert f"Written: {mine / 'r.json'}" in out
    assert json.loads((mine / "r.json").read_text("utf-8"))["findings"]
    assert "history.jsonl: no space left on device" in err
    assert "Make room on the disk" in err
    assert Ledger(mine).path.read_bytes() == before


def test_what_was_not_read_is_in_no_sheet_and_said(mine, capsys, tmp_path):
    """As a run and a baseline say it: with what to do, and exit code 3."""
    cut = tmp_path / "cut.csv"
    cut.write_bytes(b"")
    wanted = {
        "fix-sheet": ("audit", "fix-sheet", "-o", tmp_path / "sheets"),
        "baseline": ("audit", "baseline"),
        "map": ("export", "map", "-o", tmp_path / "names.csv"),
    }
    for arguments in wanted.values():
        code, out = called(capsys, *arguments, *META, "--file", cut)
        assert code == 3
        assert "Not read, so nothing" in out
        assert "  cut.csv: the file is empty" in out
        assert "    Next: Export it again" in out
        assert max(map(len, out.replace(str(tmp_path), "").splitlines())) <= 80
    code, out = called(capsys, *wanted["fix-sheet"], *META, "--file", cut, "--format", "json")
    assert (code, json.loads(out)["unread"]) == (3, ["cut.csv: the file is empty"])


def test_a_reader_that_has_seen_enough_changes_no_verdict(mine):
    """`canonry audit run | head -1` ends as it would have ended, and what it writes is written."""
    report = mine / "r.md"
    code = "import os, sys; os.close(0); sys.stdout.flush()"
    with program("audit", "run", *META, "-o", report, "--format", "json", stdout=subprocess.PIPE) as audit:
        reader = subprocess.Popen([sys.executable, "-c", code], stdin=audit.stdout)
        audit.stdout.close()
        reader.wait()
    assert audit.returncode == 1
    assert report.is_file()


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_no_stream_is_needed(mine, closed):
    """A stream that was closed before the program began goes nowhere."""
    call = f'"{sys.executable}" -m canonry audit run --file "{SESSIONS}" {closed}'
    done = subprocess.run(["sh", "-c", call], capture_output=True, check=False)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_run_that_is_stopped_clears_up(mine, tmp_path, number, code):
    """It says so, by its exit code too, and no copy of an export stays, which holds what people typed."""
    rows = "".join(f"google{n},cpc,name-{n},1\n" for n in range(300_000))
    sheet = tmp_path / "long.csv"
    sheet.write_text(
        "Session manual source,Session manual medium,Session manual campaign name,Sessions\n" + rows, "utf-16"
    )
    copies = tmp_path / "copies"
    copies.mkdir()
    environment = {**os.environ, "TMPDIR": str(copies)}
    with program(
        "audit", "run", "--file", sheet, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment
    ) as audit:
        deadline = time.monotonic() + 60
        while not any(copies.glob("*/*")) and time.monotonic() < deadline:
            time.sleep(0.01)
        audit.send_signal(getattr(signal, number))
        try:
            _, said = audit.communicate(timeout=60)
        finally:
            audit.kill()
    assert (audit.returncode, said.strip()) == (code, b"Stopped.")
    assert list(copies.iterdir()) == []


def test_an_interrupt_is_no_fault_of_a_file():
    """DuckDB makes an error of its own of Ctrl-C, which was reported as a damaged file, or as a bug."""
    import duckdb

    for error in (
        RuntimeError("Query interrupted"),
        duckdb.InterruptException("INTERRUPT Error: Interrupted!"),
    ):
        with pytest.raises(KeyboardInterrupt):
            broken(error, "it.csv")


def test_a_group_without_a_command_shows_its_help(capsys):
    """And not as what cannot go on."""
    assert run(["audit"]) == 2
    assert capsys.readouterr().err.startswith("Usage: canonry audit [OPTIONS] COMMAND")
