"""The record over many weeks: what is open, new, fixed and renamed, whatever happens to runs and files."""

import json
import multiprocessing
import os
import random
import shutil
import signal
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.e2e.repositories import git
from tests.unit.audit.cases import TODAY, registry

from canonry.adapters.ledger import Ledger
from canonry.audit.history import History, HistoryLineError, parse
from canonry.audit.observation import Level, Observation, Upkeep, Weight
from canonry.audit.run import Audit, Options
from canonry.audit.source import Capabilities, Gap, Recorded, Tells
from canonry.kernel.errors import CanonryError
from canonry.render import audits

TELLS = frozenset(Tells) - {Tells.ALL}
WINTER = "acme_dach_sales_bof_winter-living-weeks_202611_tx7nrz"


def campaign(number, name, cost=5.0):
    """A campaign of the German account."""
    return Observation(
        "", "meta", Level.CAMPAIGN, account="meta-acme-dach", id=str(number), name=name,
        status="active", weight=Weight(cost=cost, currency="EUR"),
    )  # fmt: skip


def source(name, *seen):
    """A recording."""
    for each in seen:
        if isinstance(each, Observation):
            each.source = name
    return Recorded(name, Capabilities("meta", frozenset({Level.CAMPAIGN}), TELLS), seen)


def run(history, day, *sources):
    """The report of a day, entered into the history."""
    held = registry()
    held.today = day
    try:
        audit = Audit(held, history=history, options=Options())
        for each in sources:
            audit.take(each)
        report = audit.report()
        audit.record(report)
    finally:
        held.today = TODAY
    return report


def weeks(*sources, history=None):
    """One run a week; each is a tuple of sources."""
    history = history if history is not None else History()
    return [run(history, date(2026, 10, 5) + timedelta(weeks=n), *week) for n, week in enumerate(sources)]


def since(report, code):
    """Since when each finding of a rule is there."""
    return [finding.details.get("since") for finding in report.findings if finding.code == code]


def test_a_source_that_fails_a_week_neither_fixes_nor_renews():
    """Week 2 reads nothing of it: week 3 finds it as old as it is, and week 4 tells that it is fixed."""
    other = source("gb", campaign(9, WINTER))
    wrong = lambda: source("dach", campaign(1, "Winter Sale"))  # noqa: E731  one recording per week
    failed = source("dach", Gap("dach", "expired"))
    _, second, third, fourth, fifth = weeks(
        (wrong(), other), (failed, other), (wrong(), other), (failed, other), (source("dach"), other)
    )
    assert [(r.new, r.recurring, len(r.fixed)) for r in (second, third, fourth)] == [
        (0, 0, 0), (0, 1, 0), (0, 0, 0)
    ]  # fmt: skip
    assert third.oldest == "2026-10-05" and [each["gone"] for each in fifth.fixed] == [True]
    assert "1 fixed since 2026-10-26 (1 of them no longer there)" in audits.text(fifth)
    *_, mended = weeks((wrong(), other), (failed, other), (source("dach", campaign(1, WINTER)), other))
    assert [(each["code"], each["gone"]) for each in mended.fixed] == [("A101", False)]
    assert mended.before == "2026-10-12"


def test_what_was_fixed_and_comes_back_is_new():
    """Found, fixed, found: since the third run."""
    wrong, right = (
        (lambda: source("a", campaign(1, "Winter Sale"))),
        (lambda: source("a", campaign(1, WINTER))),
    )
    history = History()
    *_, back = weeks((wrong(),), (right(),), (wrong(),), history=history)
    assert since(back, "A101") == [None] and back.recurring == 0
    *_, older = weeks((wrong(),), (right(),), (wrong(),), history=parse(_without_fixed(history)))
    assert since(older, "A101") == [None] and older.recurring == 0


def _without_fixed(history):
    """The record as it was kept before `fixed` was."""
    lines = [json.loads(line) for line in history.text().splitlines()]
    return "".join(json.dumps({k: v for k, v in line.items() if k != "fixed"}) + "\n" for line in lines)


def test_a_run_that_is_made_again_tells_the_same():
    """A name that changed since last week has changed in the second run of the day as well."""
    history = History()
    run(history, date(2026, 11, 2), source("a", campaign(1, WINTER)))
    changed = [
        run(history, date(2026, 11, 9), source("a", campaign(1, WINTER.replace("bof", "tof"))))
        for _ in range(3)
    ]
    assert [since(report, "A109") for report in changed] == [[None]] * 3
    assert [report.new for report in changed] == [1, 1, 1]
    assert history.renamed("meta/campaign/1")
    later = run(history, date(2026, 11, 16), source("a", campaign(1, WINTER.replace("bof", "tof"))))
    assert since(later, "A109") == [] and history.renamed("meta/campaign/1")


def test_a_run_of_a_part_on_the_same_day_leaves_the_rest():
    """What the whole run found elsewhere is as old next week as it was."""
    history = History()
    wrong = lambda name, number: source(name, campaign(number, "Winter Sale"))  # noqa: E731  one per run
    for day in (date(2026, 11, 2), date(2026, 11, 9)):
        run(history, day, wrong("a", 1), wrong("b", 2))
    run(history, date(2026, 11, 9), wrong("b", 2))
    third = run(history, date(2026, 11, 16), wrong("a", 1), wrong("b", 2))
    assert (third.new, third.recurring, third.fixed, third.oldest) == (0, 2, [], "2026-11-02")


def test_a_clock_set_back_reads_no_later_run():
    """Runs of the future say nothing of today, and stay."""
    history = History()
    run(history, date(2026, 12, 7), source("a", campaign(1, WINTER)))
    report = run(history, date(2026, 11, 9), source("a", campaign(1, "Winter Sale")))
    assert report.before is None and report.new == 0 and report.fixed == []
    again = run(history, date(2026, 11, 16), source("a", campaign(1, "Winter Sale")))
    assert (again.recurring, again.before) == (1, "2026-11-09")
    assert sorted(history.runs) == ["2026-11-09", "2026-11-16", "2026-12-07"]


def test_eight_weeks_in_which_everything_happens():
    """Nothing is new twice, fixed twice, or fixed by a run that did not look; the lines are always sorted."""
    chance = random.Random(8)
    history, true_since = History(), {}
    wrong = {number: chance.random() < 0.5 for number in range(40)}
    for week in range(8):
        day = date(2026, 9, 7) + timedelta(weeks=week)
        for number in wrong:
            wrong[number] ^= chance.random() < 0.2
        down = {name for name in ("a", "b") if chance.random() < 0.25}
        idle = {number for number in wrong if chance.random() < 0.1}

        def read(name, down=down, idle=idle):
            if name in down:
                return source(name, Gap(name, "down"))
            mine = [n for n in wrong if n % 2 == (name == "b")]
            names = {n: f"Winter {n}" if wrong[n] else WINTER.replace("weeks", f"weeks-{n}") for n in mine}
            return source(name, *(campaign(n, names[n], 0.0 if n in idle else 5.0) for n in mine))

        report = run(history, day, read("a"), read("b"))
        seen = {n for n in wrong if ("b" if n % 2 else "a") not in down and n not in idle}
        found = {int(f.subject.rpartition("/")[2]): f for f in report.findings if f.code == "A101"}
        assert set(found) == {n for n in seen if wrong[n]}
        fixed = {int(each["subject"].rpartition("/")[2]) for each in report.fixed if each["code"] == "A101"}
        assert fixed == {n for n in seen if not wrong[n] and n in true_since}
        for number in fixed:
            del true_since[number]
        for number, finding in found.items():
            assert finding.details.get("since") == true_since.get(number)
            true_since.setdefault(number, day.isoformat())
        lines = history.text().splitlines()
        assert lines == sorted(lines)
        history = parse(history.text())


def test_lines_of_two_branches_stand_side_by_side():
    """Two runs on two branches, united by line: as if both had been made on one."""
    together, one, two = History(), History(), History()
    wrong = lambda: source("a", campaign(1, "Winter Sale"), campaign(2, "Brand"))  # noqa: E731  one per run
    for history in (together, one, two):
        run(history, date(2026, 11, 2), wrong())
    for history in (together, one):
        run(history, date(2026, 11, 9), wrong())
    for history in (together, two):
        run(history, date(2026, 11, 16), source("a", campaign(1, WINTER), campaign(2, "Brand")))
    lines = one.text().splitlines() + two.text().splitlines()
    merged = parse("\n".join(sorted(lines)))
    assert merged.runs.keys() == together.runs.keys()
    assert {k: e["days"] for k, e in merged.findings.items()} == {
        k: e["days"] for k, e in together.findings.items()
    }
    assert merged.open_before(date(2026, 11, 23)) == together.open_before(date(2026, 11, 23))


def test_git_merges_two_histories(tmp_path):
    """With the attributes of a registry, two branches that audited merge without a conflict."""
    root = Path(__file__).parents[3]
    one, two, path = History(), History(), tmp_path / "registry/history.jsonl"
    path.parent.mkdir()
    git(tmp_path, "init", "-qb", "main")
    shutil.copy(root / ".gitattributes", tmp_path)
    for history in (one, two):
        run(history, date(2026, 11, 2), source("a", *(campaign(n, f"Winter {n}") for n in range(5))))
    path.write_text(one.text(), "utf-8")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "-qm", "first")
    for branch, history, day in (("other", two, 9), ("main", one, 16)):
        git(tmp_path, "switch", "-q", *(["-c"] if branch == "other" else []), branch)
        run(history, date(2026, 11, day), source("a", *(campaign(n, f"Winter {n}") for n in range(day))))
        path.write_text(history.text(), "utf-8")
        git(tmp_path, "commit", "-qam", branch)
    git(tmp_path, "merge", "-q", "other", "-m", "both")
    merged = Ledger(tmp_path).history()
    assert sorted(merged.runs) == ["2026-11-02", "2026-11-09", "2026-11-16"]
    every = merged.findings.values()
    assert (
        sorted(len(entry["days"]) for entry in every if entry["code"] == "A101")
        == [1] * 7 + [2] * 4 + [3] * 5
    )


def test_what_a_later_version_keeps_is_kept():
    """Lines of unknown kinds, and unknown members of known ones, come out as they went in."""
    lines = [
        '{"kind": "finding", "key": "f", "days": ["2026-11-02"], "fixed": [], "code": "A101", "new": 1}',
        '{"kind": "name", "key": "n", "digest": "a", "right": true, "day": "2026-11-02", "new": 1}',
        '{"kind": "run", "key": "2026-11-02", "new": 1}',
        '{"kind": "topic", "key": "x", "y": [1]}',
    ]
    text = "".join(f"{line}\n" for line in lines)
    history = parse(text)
    assert history.text() == text
    run(history, date(2026, 11, 9), source("a", campaign(1, WINTER)))
    assert lines[3] in history.text()


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"kind": "run", "key": "someday"}',
        '{"kind": "run", "key": "2026-11-02", "findings": "many"}',
        '{"kind": "run", "key": "2026-11-02", "shares": [1]}',
        '{"kind": "run", "key": "2026-11-02", "sources": {"a": 1}}',
        '{"kind": "finding", "key": "f"}',
        '{"kind": "finding", "key": "f", "days": ["soon"]}',
        '{"kind": "name", "key": "n", "digest": "a", "right": true}',
        '{"kind": "name", "key": "n", "digest": "a", "right": true, "day": "2026-11-02", "was": {}}',
        '{"kind": "volume", "key": "v", "days": {"2026-11-02": "x"}}',
        '{"kind": 7, "key": "v"}',
        "<<<<<<< HEAD",
        pytest.param("[" * 100_000, id="deep"),
    ],
)
def test_a_damaged_line_is_named(tmp_path, line):
    """Its number and what to do; never a bug."""
    ledger = Ledger(tmp_path)
    ledger.path.parent.mkdir()
    ledger.path.write_text(f'{{"kind": "run", "key": "2026-11-02"}}\n{line}\n', "utf-8")
    with pytest.raises(HistoryLineError) as told:
        ledger.history()
    assert told.value.line == 2 and told.value.advice()
    assert ("unfinished merge" in str(told.value)) == line.startswith("<")


@pytest.mark.parametrize("name", ["history", "baseline"])
def test_bytes_that_are_no_text_are_named(tmp_path, name):
    """With the line that they stand in."""
    ledger = Ledger(tmp_path)
    ledger.path.parent.mkdir()
    (tmp_path / f"registry/{name}.jsonl").write_bytes(b"\n\n\xff\xfe\n")
    with pytest.raises(CanonryError, match=rf"{name}\.jsonl:3"):
        getattr(ledger, name)()


def _spoil(path, how):
    if how == "deleted":
        path.unlink()
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "noise":
        path.write_bytes(os.urandom(9000))
    elif how == "cut":
        path.write_bytes(path.read_bytes()[:5000])
    elif how == "folder":
        path.unlink()
        path.mkdir()
    else:
        import duckdb

        path.unlink()
        with duckdb.connect(str(path)) as connection:
            connection.execute("CREATE TABLE runs (day DATE)")


@pytest.mark.parametrize("how", ["deleted", "empty", "noise", "cut", "other tables", "folder"])
def test_the_embedded_file_is_built_again(tmp_path, monkeypatch, how):
    """The lines are the record; the file beside them only saves time."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    ledger = Ledger(tmp_path)
    ledger.path.parent.mkdir()
    ledger.path.write_text('{"kind": "run", "key": "2026-11-02", "findings": 7}\n', "utf-8")
    query = "SELECT day, findings FROM runs"
    assert ledger.rows(query) == [(date(2026, 11, 2), 7)]
    (file,) = (tmp_path / "cache").rglob("*.duckdb")
    _spoil(file, how)
    assert ledger.rows(query) == [(date(2026, 11, 2), 7)]


def test_the_history_is_told_where_nothing_can_be_kept(tmp_path, monkeypatch):
    """A cache folder that is a file costs time, not the answer."""
    (tmp_path / "cache").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    ledger = Ledger(tmp_path)
    ledger.path.parent.mkdir()
    ledger.path.write_text('{"kind": "run", "key": "2026-11-02", "findings": 7}\n', "utf-8")
    assert ledger.rows("SELECT findings FROM runs") == [(7,)]


def _enter(root, cache, days, *, slow):
    os.environ["XDG_CACHE_HOME"] = cache
    for day in days:

        def change(history, day=day):
            run(history, day, source("a", *(campaign(n, f"Winter {n}") for n in range(50))))
            if slow:
                signal.pause()

        Ledger(root).enter(change)


def test_two_runs_at_once_and_one_that_is_killed_lose_nothing(tmp_path):
    """Each enters its days; the one that dies in the middle leaves the lines as they were."""
    (tmp_path / "registry").mkdir()
    cache, start = str(tmp_path / "cache"), date(2026, 10, 5)
    days = [start + timedelta(days=n) for n in range(8)]
    fork = multiprocessing.get_context("fork")
    killed = fork.Process(target=_enter, args=(tmp_path, cache, [date(2026, 9, 1)]), kwargs={"slow": True})
    killed.start()
    killed.join(0.5)
    killed.kill()
    killed.join()
    (tmp_path / "registry/.history-half.jsonl").write_text('{"kind":')
    both = [
        fork.Process(target=_enter, args=(tmp_path, cache, part), kwargs={"slow": False})
        for part in (days[::2], days[1::2])
    ]
    for each in both:
        each.start()
    for each in both:
        each.join()
    history = Ledger(tmp_path).history()
    assert [each.exitcode for each in both] == [0, 0]
    assert sorted(history.runs) == [day.isoformat() for day in days]
    assert all(entry["days"] == sorted(history.runs) for entry in history.findings.values())
    assert [path.name for path in (tmp_path / "registry").iterdir()] == ["history.jsonl"]


def test_an_audience_whose_window_is_told_again_is_not_new():
    """A column that was missing for a week neither fixed the window nor makes it new."""

    def audience(window):
        return Observation(
            "", "meta", Level.AUDIENCE, account="meta-acme-dach", id="7", status="active",
            name="acme_intent_cart-abandoners_3d_inc_dach", upkeep=Upkeep(window=window, members=9),
        )  # fmt: skip

    def listed(window):
        seen = audience(window)
        seen.source = "list"
        return Recorded("list", Capabilities("meta", frozenset({Level.AUDIENCE}), TELLS), [seen])

    first, without, again, mended = weeks((listed(30),), (listed(None),), (listed(30),), (listed(3),))
    assert since(first, "A301") == [None]
    assert without.fixed == [] and since(again, "A301") == ["2026-10-05"]
    assert [each["code"] for each in mended.fixed] == ["A301"]
