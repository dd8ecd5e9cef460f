"""Limits of platforms: too much at once, too often, for today; what GA4 leaves out of a report."""

import gzip
import json
import socket
import threading
import time
from functools import partial
from typing import Any

import pytest
from tests.e2e.platforms import ga4, google_ads, meta
from tests.e2e.platforms.server import Raw, RefusedError, Request, running
from tests.e2e.platforms.test_sources import ANSWERS, WEEK, parted, source

from canonry.adapters import rest
from canonry.adapters.apis import PLATFORMS, Account, ApiSource, api_of
from canonry.adapters.retries import ATTEMPTS
from canonry.audit.observation import Level

REDUCE = "Please reduce the amount of data you're asking for, then retry your request"


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waiting is written down instead of done."""
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    return waited


def _sized(request: Request, most: int) -> Any:
    """Meta, which puts together so many things at the most in the time that it gives itself."""
    if int(request.one("limit", "25")) > most:
        raise RefusedError(500, {"error": {"code": 1, "message": REDUCE}})
    return meta.answer(request)


@pytest.mark.parametrize("most", [499, 250, 100, 7, 1])
def test_meta_is_asked_for_less_where_that_is_too_much(most: int, waits: list[float]) -> None:
    """At once, of the same cursor, and for as little as it takes: nothing is missing, nothing waited for."""
    with running(meta.answer) as platform:
        wanted = [repr(x) for x in source("meta", platform).read(WEEK)]
    with running(partial(_sized, most=most)) as platform:
        seen, gaps = parted(source("meta", platform).read(WEEK))
    assert ([repr(x) for x in seen], gaps) == (wanted, [])
    assert waits == []
    sizes = [int(r.one("limit")) for r in platform.requests]
    assert min(sizes) <= most < 500 == max(sizes)


def test_one_thing_that_is_too_much_is_a_gap() -> None:
    """Where not even one comes, asking on is of no use; what came before it stays."""

    def answer(request: Request) -> Any:
        if request.one("after") == "2":
            raise RefusedError(500, {"error": {"code": 1, "message": REDUCE}})
        return meta.answer(request)

    with running(answer) as platform:
        seen, gaps = parted(source("meta", platform).read(WEEK))
    assert len([x for x in seen if x.level is Level.CAMPAIGN]) == 2
    assert {gap.what for gap in gaps} >= {"meta: campaigns"}
    assert all("reduce the amount" in gap.why for gap in gaps)
    assert len(platform.requests) < 60


def test_more_is_asked_for_again_when_all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """One heavy stretch does not make a hundred thousand things a hundred thousand requests."""
    things = [{**meta.CAMPAIGNS[0], "id": str(number), "name": f"c{number}"} for number in range(300)]
    sizes: list[int] = []

    def answer(request: Request) -> Any:
        if not request.path.endswith("/campaigns"):
            return {"data": []}
        start, size = int(request.one("after", "0")), int(request.one("limit"))
        sizes.append(size)
        if size > 4 and 40 <= start < 48:
            raise RefusedError(500, {"error": {"code": 1, "message": REDUCE}})
        page = things[start : start + min(size, 20)]
        paging: dict[str, Any] = {"cursors": {"after": str(start + len(page))}}
        if start + len(page) < len(things):
            paging["next"] = "http://127.0.0.1/"
        return {"data": page, "paging": paging}

    with running(answer) as platform:
        seen, gaps = parted(source("meta", platform).read(WEEK))
    assert gaps == []
    assert [x.id for x in seen] == [each["id"] for each in things]
    assert min(sizes) <= 4
    assert sizes[-1] >= 20


def test_meta_tells_in_a_header_when_calls_count_anew(waits: list[float]) -> None:
    """Minutes for each kind of calls: a minute is waited for, twenty are not."""
    limit = {"error": {"message": "There have been too many calls to this ad-account.", "code": 80004}}

    def usage(minutes: int) -> Raw:
        told = {"120334455667788": [{"type": "ads_management", "estimated_time_to_regain_access": minutes}]}
        headers = {"X-Business-Use-Case-Usage": json.dumps(told)}
        return Raw(json.dumps(limit).encode(), headers, 400)

    for minutes in (1, 20):
        with running(meta.answer, None, (200, usage(minutes))) as platform:
            seen, gaps = parted(source("meta", platform).read(WEEK))
        assert seen
        assert [gap.why.rpartition(", ")[2] for gap in gaps] == (
            ["and asks to come back in 20 m"] if minutes == 20 else []
        )
    assert waits == [60.0]


def _exhausted(message: str, details: list[Any] | None = None) -> tuple[int, Any]:
    error = {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": message}
    return 429, {"error": {**error, "details": details} if details is not None else error}


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (
            "Exhausted property tokens per day. These quota tokens will return in under 24 hours.",
            "come back in 1 d",
        ),
        (
            "Exhausted property tokens per hour. These quota tokens will return in under an hour.",
            "come back in 1 h",
        ),
        ("Exhausted property tokens for a project per hour.", "come back in 1 h"),
        ("Exhausted concurrent requests quota.", None),
    ],
)
def test_a_quota_of_ga4_that_is_used_up_is_not_waited_for(
    message: str, words: str | None, waits: list[float]
) -> None:
    """Hours are not waited for, and the report says how many; a crowd of requests passes in seconds."""
    with running(ga4.answer, None, _exhausted(message)) as platform:
        seen, gaps = parted(source("ga4", platform).read(WEEK))
    assert seen
    if words is None:
        assert gaps == [] and len(waits) == 1
        return
    assert waits == []
    (gap,) = gaps
    assert words in gap.why and message.split(".", maxsplit=1)[0] in gap.why
    assert "goes on where this one stopped" in gap.hint


def test_google_ads_says_in_its_details_what_is_wrong_and_how_long_to_wait(waits: list[float]) -> None:
    """The outer message says nothing; `quotaErrorDetails` and `RetryInfo` tell the delay."""
    types = "type.googleapis.com/google"
    failure = {
        "@type": f"{types}.ads.googleads.v26.errors.GoogleAdsFailure",
        "errors": [
            {
                "errorCode": {"quotaError": "RESOURCE_EXHAUSTED"},
                "message": "Too many requests. Retry in 50000 seconds.",
                "details": {"quotaErrorDetails": {"rateScope": "DEVELOPER", "retryDelay": "50000s"}},
            }
        ],
    }
    status, document = _exhausted("Resource has been exhausted (e.g. check quota).", [failure])
    with running(google_ads.answer, None, (status, [document])) as platform:
        _, (gap,) = parted(source("google_ads", platform).read(WEEK))
    assert "Retry in 50000 seconds" in gap.why and "come back in 13 h" in gap.why
    assert waits == []
    soon = {"@type": f"{types}.rpc.RetryInfo", "retryDelay": "7.5s"}
    status, document = _exhausted("slow down", [soon])
    with running(google_ads.answer, None, (status, [document])) as platform:
        assert parted(source("google_ads", platform).read(WEEK))[1] == []
    assert waits == [7.5]


@pytest.mark.parametrize(
    "details", [3, [3], [{"errors": 3}], [{"retryDelay": {}}], [{"errors": [{"details": 1}]}]]
)
def test_details_that_are_not_as_published_hide_no_error(details: Any) -> None:
    """The error is told all the same."""
    document = {"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "no", "details": details}}
    with running(ga4.answer, (400, document)) as platform:
        _, (gap,) = parted(source("ga4", platform).read(WEEK))
    assert "HTTP 400" in gap.why


def test_an_error_in_the_middle_of_a_stream_that_passes_is_taken_up() -> None:
    """Results, then an error that asks to come back: what came is not lost, and nothing comes twice."""
    with running(google_ads.answer) as platform:
        wanted = [repr(x) for x in source("google_ads", platform).read(WEEK)]
    state = {"left": 3}

    def answer(request: Request) -> Any:
        good = google_ads.answer(request)
        if state["left"]:
            state["left"] -= 1
            return [*good[:1], {"error": {"code": 503, "status": "UNAVAILABLE", "message": "try again"}}]
        return good

    with running(answer) as platform:
        seen, gaps = parted(source("google_ads", platform).read(WEEK))
    assert ([repr(x) for x in seen], gaps) == (wanted, [])


@pytest.mark.parametrize("name", ["dv360", "linkedin", "meta", "segment"])
def test_empty_pages_with_more_to_come_are_no_end(name: str) -> None:
    """Filters are applied after paging, so pages in the middle may be empty."""
    with running(ANSWERS[name]) as platform:
        wanted = [repr(x) for x in source(name, platform).read(WEEK)]
    seen_cursors: set[tuple[str, str]] = set()

    def answer(request: Request) -> Any:
        key, empty = {
            "meta": ("after", lambda d: {**d, "data": []}),
            "dv360": ("pageToken", lambda d: {k: v for k, v in d.items() if k == "nextPageToken"}),
            "linkedin": ("pageToken", lambda d: {**d, "elements": []}),
            "segment": ("pagination[cursor]", lambda d: d),
        }[name]
        cursor = request.one(key)
        if cursor.startswith("x"):  # the page that was empty leads on to what it should have held
            request.query[key] = [cursor.removeprefix("x")]
            return ANSWERS[name](request)
        document = ANSWERS[name](request)
        if not cursor or (request.path, cursor) in seen_cursors:
            return document
        seen_cursors.add((request.path, cursor))
        text = json.dumps(empty(document))
        hollow = json.loads(text)
        if name == "meta":
            hollow["paging"] = {"cursors": {"after": f"x{cursor}"}, "next": "http://127.0.0.1/"}
        elif name == "dv360":
            hollow["nextPageToken"] = f"x{cursor}"
        elif name == "linkedin":
            hollow["metadata"] = {"nextPageToken": f"x{cursor}"}
        return hollow

    with running(answer) as platform:
        seen, gaps = parted(source(name, platform).read(WEEK))
    assert ([repr(x) for x in seen], gaps) == (wanted, [])


@pytest.mark.parametrize("name", PLATFORMS)
def test_an_answer_whose_packing_breaks_off_is_asked_for_again(name: str) -> None:
    """Half a gzip is no answer, and neither is half of the JSON in a whole one."""
    with running(ANSWERS[name]) as platform:
        wanted = [repr(x) for x in source(name, platform).read(WEEK)]
    for turn in range(4):
        state = {"left": turn + 1}

        def answer(request: Request, turn: int = turn, state: dict[str, int] = state) -> Any:
            document = json.dumps(ANSWERS[name](request)).encode()
            state["left"] -= 1
            if state["left"] == 0:
                half = document[: len(document) // 2] if turn % 2 else document
                packed = gzip.compress(half)
                return Raw(packed if turn % 2 else packed[:-12], {"Content-Encoding": "gzip"})
            return Raw(gzip.compress(document), {"Content-Encoding": "gzip"})

        with running(answer) as platform:
            seen, gaps = parted(source(name, platform).read(WEEK))
        assert ([repr(x) for x in seen], gaps) == (wanted, []), turn


@pytest.mark.parametrize("name", ["meta", "google_ads"])
def test_a_platform_that_does_not_answer_is_a_gap(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is waited for, several times, and then said."""
    monkeypatch.setattr(rest.Rest, "__init__", _impatient(rest.Rest.__init__))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        variables = {f"CANONRY_ENDPOINT_{name.upper()}": f"http://127.0.0.1:{port}"}
        with running(ANSWERS[name]) as platform:
            began = time.monotonic()
            seen, gaps = parted(source(name, platform, **variables).read(WEEK))
    assert seen == []
    assert {gap.what for gap in gaps} == {f"{name}: {each.what}" for each in api_of(name).surfaces}
    assert all("no answer in time" in gap.why for gap in gaps)
    assert time.monotonic() - began < ATTEMPTS * 7 * 0.5
    assert threading.active_count() < 20


def _impatient(init: Any) -> Any:
    def inner(self: Any, *values: Any, **named: Any) -> None:
        init(self, *values, **{**named, "timeout": 0.05})

    return inner


@pytest.mark.parametrize(("written", "told"), [("Europe/Berlin", 0), ("America/New_York", 1), ("", 0)])
def test_a_property_whose_days_are_others_says_so(written: str, told: int) -> None:
    """Days of another time zone are not the days that were asked for."""
    with running(ga4.answer) as platform:
        variables = {"GOOGLE_OAUTH_ACCESS_TOKEN": "a-token-of-tests", "CANONRY_ENDPOINT_GA4": platform.url}
        account = Account("s", "ga4-acme", "312450981", time_zone=written)
        api = ApiSource(api_of("ga4"), account, variables, WEEK.end or WEEK.start)  # type: ignore[arg-type]
        _, gaps = parted(api.read(WEEK))
    zones = [gap for gap in gaps if gap.what == "ga4: time zone"]
    assert len(zones) == told
    for gap in zones:
        assert "Europe/Berlin" in gap.why and "America/New_York" in gap.why and "ga4-acme" in gap.hint


@pytest.mark.parametrize("page", [0, 1, 2])
def test_what_ga4_leaves_out_is_said_whichever_page_says_it(page: int) -> None:
    """Each page has its own metadata."""
    state = {"page": 0}

    def answer(request: Request) -> Any:
        if not request.path.endswith(":runReport"):
            return ga4.answer(request)
        state["page"] += 1
        told = {"dataLossFromOtherRow": True} if state["page"] - 1 == page else {}
        return ga4.answer(request, metadata={**ga4.METADATA, **told})

    with running(answer) as platform:
        seen, gaps = parted(source("ga4", platform).read(WEEK))
    assert [gap.what for gap in gaps] == ["ga4: manual tags"]
    assert len([x for x in seen if x.level is Level.TAGS]) == len(ga4.ROWS)


@pytest.mark.parametrize("silent", [0, 1])
def test_a_row_of_all_others_makes_the_read_partial(silent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether or not the report's metadata says so, and once."""
    other = "(other)"
    monkeypatch.setattr(ga4, "ROWS", [*ga4.ROWS, *[(other, other, other, other, other, other, 5)] * 2])
    monkeypatch.setattr(ga4, "EVENTS", [*ga4.EVENTS, (other, 9)])
    metadata = ga4.METADATA if silent else {**ga4.METADATA, "dataLossFromOtherRow": True}
    with running(partial(ga4.answer, metadata=metadata)) as platform:
        seen, gaps = parted(source("ga4", platform).read(WEEK))
    assert sorted((gap.what, gap.why) for gap in gaps) == [
        ("ga4: events", "GA4 put values beyond its limit into the row (other)"),
        ("ga4: manual tags", "GA4 put values beyond its limit into the row (other)"),
    ]
    assert other not in {x.name for x in seen if x.level is Level.EVENT}
