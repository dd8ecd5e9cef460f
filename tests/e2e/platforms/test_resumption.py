"""A run that was killed or failed: the next one goes on where it stopped, and tells everything once."""

import copy
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.platforms import google_ads, meta, others
from tests.e2e.platforms.server import TOKEN, Platform, RefusedError, Request, running
from tests.e2e.platforms.test_sources import ANSWERS, TOKENS, WEEK, parted, source

from canonry.adapters.apis import PLATFORMS
from canonry.adapters.cache import cache_folder
from canonry.adapters.retries import ATTEMPTS
from canonry.audit.source import Gap, Period

EMAIL = "jane.doe@example.com"
DOWN = [503] * ATTEMPTS


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)


@dataclass
class Told:
    """What came of a run."""

    seen: list[str]
    gaps: list[Gap]
    notes: list[str]
    requests: int


def kept() -> list[Path]:
    """The checkpoints that there are."""
    folder = Path(cache_folder()) / "checkpoints"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def read(name: str, platform: Platform, *, period: Period = WEEK, settle: bool = False, **more: str) -> Told:
    """A run to its end."""
    before = len(platform.requests)
    api = source(name, platform, resume=True, **more)
    seen, gaps = parted(api.read(period))
    if settle:
        api.settle()
    return Told([repr(x) for x in seen], gaps, api.notes, len(platform.requests) - before)


def whole(name: str) -> tuple[list[str], int]:
    """What a run without anything before it sees, and how many requests it takes."""
    with running(ANSWERS[name]) as platform:
        seen = [repr(x) for x in source(name, platform).read(WEEK)]
    return seen, len(platform.requests)


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_run_that_failed_at_any_request_is_gone_on_with(name: str) -> None:
    """Wherever it stopped: the same observations in the same order, and what was answered is not asked."""
    wanted, number = whole(name)
    saved = 0
    for turn in range(number):
        with running(ANSWERS[name], *[None] * turn, *DOWN) as platform:
            first = read(name, platform)
            assert len(first.gaps) == 1
            second = read(name, platform, settle=True)
        assert second.gaps == []
        assert second.seen == wanted, turn
        assert second.requests <= number
        saved += number - second.requests
        assert kept() == []
    assert saved


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_run_whose_reader_went_away_is_gone_on_with(name: str) -> None:
    """After any number of observations: as it is where the process ends there."""
    wanted, _ = whole(name)
    for number in range(1, len(wanted), 3):
        with running(ANSWERS[name]) as platform:
            stream = source(name, platform, resume=True).read(WEEK)
            assert [repr(next(stream)) for _ in range(number)] == wanted[:number]
            stream.close()
            second = read(name, platform, settle=True)
        assert (second.seen, second.gaps) == (wanted, [])
        assert kept() == []


@pytest.mark.parametrize("name", PLATFORMS)
def test_what_was_read_whole_is_told_again_until_something_was_made_of_it(name: str) -> None:
    """A run killed while it judged asks for nothing twice; the one after a report asks for everything."""
    wanted, number = whole(name)
    with running(ANSWERS[name]) as platform:
        read(name, platform)
        second = read(name, platform, settle=True)
        third = read(name, platform, settle=True)
    assert (second.seen, second.requests) == (wanted, 0)
    assert second.notes and all("goes on where a run stopped at" in note for note in second.notes)
    assert (third.seen, third.requests, third.notes) == (wanted, number, [])


def test_a_platform_that_is_still_down_is_not_asked_over_and_over() -> None:
    """What came before is told, and the gap."""
    wanted, _ = whole("meta")
    with running(ANSWERS["meta"], None, *DOWN) as platform:
        first = read("meta", platform)
        platform.faults[:] = DOWN
        second = read("meta", platform)
    assert [gap.why for gap in second.gaps] == [gap.why for gap in first.gaps]
    assert second.seen == first.seen
    assert second.requests == ATTEMPTS
    assert set(second.seen) < set(wanted)


def test_a_cursor_that_is_refused_begins_again_and_says_so() -> None:
    """Whatever was told from before is not told: the list is read from its start, once."""
    wanted, _ = whole("meta")

    def forgetful(request: Request) -> Any:
        if request.one("after") == "2" and not platform.faults:
            message = "Invalid cursors values passed for the request"
            if platform.requests[0] is not request and request.one("fields").startswith("id,name,objective"):
                platform.answer = ANSWERS["meta"]
                raise RefusedError(400, {"error": {"message": message, "code": 100}})
        return meta.answer(request)

    with running(ANSWERS["meta"], None, *DOWN) as platform:
        read("meta", platform)
        platform.answer = forgetful
        second = read("meta", platform)
    assert (second.seen, second.gaps) == (wanted, [])
    (note,) = [note for note in second.notes if "from the start" in note]
    assert "Invalid cursors" in note and "meta-source: campaigns" in note
    assert second.requests == 1 + 3  # the refused one, and the three pages of campaigns


@pytest.mark.parametrize("change", ["one more", "one less", "another order"])
@pytest.mark.parametrize("turn", range(1, 7))
def test_a_list_by_numbers_that_has_moved_begins_again(change: str, turn: int) -> None:
    """Pages by number slide when things come and go: nothing is left out by that, and nothing comes twice."""
    campaigns = list(others.TIKTOK_CAMPAIGNS)
    extra = {**campaigns[0], "campaign_id": "1799", "campaign_name": "new"}
    later = {
        "one more": [extra, *campaigns],
        "one less": campaigns[1:],
        "another order": campaigns[::-1],
    }[change]

    def moved(request: Request) -> Any:
        before, others._TIKTOK["/campaign/get/"] = others._TIKTOK["/campaign/get/"], later
        try:
            return others.tiktok(request)
        finally:
            others._TIKTOK["/campaign/get/"] = before

    with running(moved) as platform:
        wanted = [repr(x) for x in source("tiktok", platform).read(WEEK)]
    with running(others.tiktok, *[None] * turn, *DOWN) as platform:
        read("tiktok", platform)
        platform.answer = moved
        second = read("tiktok", platform, settle=True)
    assert second.gaps == []
    names = [x for x in second.seen if " tiktok campaign " in x]
    if second.notes and "moved" in "".join(second.notes):
        assert second.seen == wanted
    else:  # the whole list had been read before it moved, or nothing of it
        assert len(names) in (5, len(later))
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("turn", range(1, 4))
def test_a_report_that_has_grown_begins_again(turn: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """GA4 sorts by value: a row that came in shifts all after it."""
    from tests.e2e.platforms import ga4

    more = [("aaa", "cpc", "early", "", "", "", 1), *ga4.ROWS]
    with running(ga4.answer, *[None] * turn, *DOWN) as platform:
        read("ga4", platform)
        monkeypatch.setattr(ga4, "ROWS", more)
        second = read("ga4", platform, settle=True)
        wanted = [repr(x) for x in source("ga4", platform).read(WEEK)]
    if turn < 3:  # in the middle of the tags
        assert second.seen == wanted
        assert "moved" in second.notes[0]
    assert second.gaps == []


@pytest.mark.parametrize("name", PLATFORMS)
def test_other_days_accounts_and_credentials_share_nothing(name: str) -> None:
    """What is answered depends on them."""
    _, number = whole(name)
    with running(ANSWERS[name]) as platform:
        read(name, platform)
        platform.answer = lambda request: {}
        other = dict.fromkeys(TOKENS, "another-token")
        assert read(name, platform, **other).requests > 0
        platform.answer = ANSWERS[name]
        earlier = Period(date(2026, 11, 9), date(2026, 11, 15))
        assert read(name, platform, period=earlier).requests == number
        tomorrow = source(name, platform, resume=True)
        tomorrow._day = "2026-11-24"
        before = len(platform.requests)
        list(tomorrow.read(WEEK))
        assert len(platform.requests) == before + number


@pytest.mark.parametrize("name", ["meta", "google_ads", "tiktok"])
def test_a_checkpoint_that_was_cut_or_written_over_is_read_as_far_as_it_is_whole(name: str) -> None:
    """At any byte: what follows is asked for again."""
    wanted, _ = whole(name)
    for step in range(0, 400, 37):
        with running(ANSWERS[name], *[None] * 5, *DOWN) as platform:
            read(name, platform)
            for path in kept():
                content = bytearray(path.read_bytes())
                at = (step * len(content)) // 400
                if step % 2:
                    del content[at:]
                else:
                    content[at] ^= 0x55
                path.write_bytes(content)
            assert read(name, platform, settle=True).seen == wanted


def _private(request: Request) -> Any:
    """Meta, with an address of a person in a link and in a name, and somebody's key in another."""
    document = meta.answer(request)
    for each in document["data"]:
        if "creative" in each:
            each["creative"] = {
                "object_story_spec": {"link_data": {"link": f"https://www.example.com/?e={EMAIL}"}}
            }
        elif each["name"] == "b":
            each["name"] = f"for {EMAIL}"
    return document


def test_nothing_private_is_kept_and_nothing_private_is_lost() -> None:
    """Neither tokens nor personal data stand in the file; what is judged is what the platform says."""
    with running(_private) as platform:
        wanted = [repr(x) for x in source("meta", platform).read(WEEK)]
        assert EMAIL in "".join(wanted)
        for turn in range(1, 10):
            platform.faults[:] = [*[None] * turn, *DOWN]
            read("meta", platform)
            assert kept()
            for path in kept():
                content = path.read_bytes()
                assert TOKEN.encode() not in content
                assert b"jane.doe" not in content
                assert path.stat().st_mode & 0o077 == 0
            platform.faults.clear()
            second = read("meta", platform, settle=True)
            assert (second.seen, second.gaps) == (wanted, [])


def test_rows_of_a_stream_with_personal_data_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between their neighbours' places, and not the whole stream after them."""
    monkeypatch.setattr("canonry.adapters.rest.CHUNK", 2)
    rows = copy.deepcopy(google_ads.ROWS)
    rows["campaign"][1]["campaign"]["name"] = f"for {EMAIL}"
    monkeypatch.setattr(google_ads, "ROWS", rows)
    with running(google_ads.answer) as platform:
        wanted = [repr(x) for x in source("google_ads", platform).read(WEEK)]
        stream = source("google_ads", platform, resume=True).read(WEEK)
        assert [repr(next(stream)) for _ in range(4)] == wanted[:4]
        stream.close()
        assert all(b"jane.doe" not in path.read_bytes() for path in kept())
        platform.requests.clear()
        second = read("google_ads", platform)
        queries = [r.body["query"] for r in platform.requests if "FROM campaign " in r.body["query"]]
    assert second.seen == wanted
    assert "campaign.id <= 101" in queries[0]
    assert "campaign.id >= 103" in queries[1]


def test_two_runs_at_once_share_nothing() -> None:
    """The second one reads everything itself, and leaves the first one's checkpoint alone."""
    wanted, _ = whole("meta")
    with running(ANSWERS["meta"]) as platform:
        first = source("meta", platform, resume=True).read(WEEK)
        begun = [repr(next(first)) for _ in range(2)]
        second = read("meta", platform, settle=True)
        assert (second.seen, second.notes) == (wanted, [])
        assert [*begun, *(repr(x) for x in first)] == wanted


@pytest.mark.parametrize("place", ["a file", "a link", "not to be written to"])
def test_where_nothing_can_be_kept_everything_is_read(place: str, tmp_path: Path) -> None:
    """A cache is no condition of an answer."""
    folder = Path(cache_folder())
    folder.mkdir(parents=True, exist_ok=True)
    if place == "a file":
        (folder / "checkpoints").write_text("")
    elif place == "a link":
        (tmp_path / "elsewhere").mkdir(mode=0o777)
        (folder / "checkpoints").symlink_to(tmp_path / "elsewhere")
    else:
        (folder / "checkpoints").mkdir(mode=0o500)
    wanted, _ = whole("meta")
    with running(ANSWERS["meta"], None, *DOWN) as platform:
        read("meta", platform)
        assert read("meta", platform).seen == wanted


KILLED = """
import os, signal, sys
from tests.e2e.platforms.test_sources import WEEK, source
from tests.e2e.platforms.server import Platform
platform = Platform(None, url=sys.argv[2])
for number, each in enumerate(source(sys.argv[1], platform, resume=True).read(WEEK), 1):
    print(repr(each), flush=True)
    if number == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("name", ["google_ads", "meta", "tiktok"])
def test_a_run_that_was_killed_is_gone_on_with(name: str, root: Path) -> None:
    """By a signal that nothing can answer."""
    wanted, number = whole(name)
    with running(ANSWERS[name]) as platform:
        done = subprocess.run(
            [sys.executable, "-c", KILLED, name, platform.url, "4"],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert done.stdout.splitlines() == wanted[:4]
        second = read(name, platform, settle=True)
    assert (second.seen, second.gaps) == (wanted, [])
    assert second.requests < number or name == "google_ads"  # rows of a stream are kept by the hundreds


def test_things_that_are_gone_stay_gone() -> None:
    """RudderStack's event that answers 404 is a gap both times, and asked for once."""

    def lacking(request: Request) -> Any:
        if request.path.endswith("/events/ev_1"):
            raise RefusedError(404, {"message": "not found"})
        return others.rudderstack(request)

    with running(lacking) as platform:
        first = read("rudderstack", platform)
        second = read("rudderstack", platform)
    assert (second.seen, second.gaps, second.requests) == (first.seen, first.gaps, 0)
    assert len(first.gaps) == 1 and "404" in first.gaps[0].why


def test_what_nobody_came_back_for_is_removed() -> None:
    """After two days, by whichever run comes next."""
    with running(ANSWERS["meta"], None, *DOWN) as platform:
        read("meta", platform)
        (first, *_) = kept()
        old = first.stat().st_mtime - 3 * 86_400
        os.utime(first, (old, old))
        read("tiktok", platform)
    assert first not in kept()
