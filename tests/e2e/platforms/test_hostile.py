"""Answers that no platform should give: none passes for a complete read, none raises, none is waited for."""

import copy
import gzip
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.e2e.platforms import dv360, ga4, google_ads, meta, others
from tests.e2e.platforms.server import TOKEN, Answer, Platform, Raw, Request, running
from tests.e2e.platforms.test_sources import ANSWERS, TOKENS, WEEK, parted, source

from canonry.adapters import responses
from canonry.adapters.apis import PLATFORMS, api_of
from canonry.adapters.retries import ATTEMPTS
from canonry.audit.observation import Observation
from canonry.audit.source import Gap

SECRET = "s3cret/token+value"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting is left out, and a megabyte is a large answer."""
    monkeypatch.setattr(responses, "LARGEST", 1 << 20)
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def read(name: str, answer: Answer, **variables: str) -> tuple[list[Observation], list[Gap], Platform]:
    """What a platform that answers so is read as."""
    with running(answer) as platform:
        seen, gaps = parted(source(name, platform, **variables).read(WEEK))
    return seen, gaps, platform


ERROR = {"error": {"code": 400, "message": "no such account", "status": "INVALID_ARGUMENT"}}
WRONG: dict[str, Callable[[], Any]] = {
    "HTML": lambda: Raw(b"<!DOCTYPE html><html><body>Log in</body></html>", {"Content-Type": "text/html"}),
    "nothing": lambda: Raw(b""),
    "an error that is HTTP 200": lambda: ERROR,
    "an error in a list": lambda: [ERROR],
    "a list": lambda: [1, 2],
    "null": lambda: None,
    "a text": lambda: "ok",
    "another document": lambda: {"status": "ok"},
    "deep nesting": lambda: Raw(b'{"a":' * 5_000 + b"1" + b"}" * 5_000),
    "a bomb": lambda: Raw(
        gzip.compress(b'{"data": "' + b" " * (8 << 20) + b'"}', 9), {"Content-Encoding": "gzip"}
    ),
    "packed twice": lambda: Raw(gzip.compress(gzip.compress(b"{}")), {"Content-Encoding": "gzip, gzip"}),
    "a redirect": lambda: Raw(b"{}", {"Location": "http://127.0.0.1:9/elsewhere"}, 302),
}


@pytest.mark.parametrize("name", PLATFORMS)
@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_answer_is_a_gap_of_every_surface(name: str, wrong: str) -> None:
    """Nothing was read, and that is said of every surface; an empty list it is not."""
    answer = WRONG[wrong]()
    seen, gaps, platform = read(name, lambda request: answer)
    assert seen == []
    if wrong != "another document" or name not in ("dv360", "ga4"):  # where an empty list is left out
        assert {gap.what for gap in gaps} == {f"{name}: {each.what}" for each in api_of(name).surfaces}
    assert len(platform.requests) <= ATTEMPTS * 8


def test_credentials_follow_no_redirect() -> None:
    """Neither to another host nor to another path of this one."""
    with running(lambda request: {}) as elsewhere:
        for status in (301, 302, 307, 308):
            answer = Raw(b"{}", {"Location": f"{elsewhere.url}/x"}, status)
            _, gaps, _ = read("meta", lambda request, answer=answer: answer)
            assert all("leads elsewhere" in gap.why for gap in gaps)
    assert elsewhere.requests == []


def test_an_error_in_the_middle_of_a_stream_is_no_end() -> None:
    """Google Ads writes it behind the results that came before it."""

    def answer(request: Request) -> Any:
        good = google_ads.answer(request)
        return [*good, ERROR] if isinstance(good, list) else good

    seen, gaps, _ = read("google_ads", answer)
    assert seen
    assert len(gaps) == 8 and all("no such account" in gap.why for gap in gaps)


def test_a_page_that_says_there_are_more_and_not_where_is_a_gap() -> None:
    """Meta's next page without a cursor; totals that are not told."""

    def headless(request: Request) -> Any:
        return {**meta.answer(request), "paging": {"next": "https://graph.facebook.com/x"}}

    def untold(request: Request) -> Any:
        document = others.tiktok(request)
        document["data"].pop("page_info")
        return document

    def uncounted(request: Request) -> Any:
        document = ga4.answer(request)
        document.pop("rowCount", None)
        return document

    for name, answer, surfaces in (("meta", headless, 4), ("tiktok", untold, 4), ("ga4", uncounted, 2)):
        _, gaps, _ = read(name, answer)
        assert len(gaps) == surfaces, name
        assert all("not as published" in gap.why for gap in gaps)


def test_pages_that_never_end_are_left() -> None:
    """Empty ones with ever new cursors, and one page over and over under ever new ones."""
    numbers = iter(range(10**9))

    def on(document: Any) -> Any:
        return {
            **document,
            "nextPageToken": str(next(numbers)),
            "metadata": {"nextPageToken": str(next(numbers))},
        }

    for name, answer in (("dv360", dv360.answer), ("linkedin", others.linkedin)):
        empty = {"elements": []} if name == "linkedin" else {}
        _, gaps, platform = read(name, lambda request, empty=empty: on(empty))
        assert gaps and len(platform.requests) < 1_000
        _, gaps, platform = read(name, lambda request, answer=answer: on(answer(request)))
        assert gaps and len(platform.requests) < 1_000


@pytest.mark.parametrize("name", ["meta", "linkedin", "google_ads"])
def test_bytes_that_trickle_are_an_end(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then keeps no run waiting for ever."""
    import socket

    monkeypatch.setattr(responses, "SLOWEST", 0.2)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(20)
    wait = threading.Event()

    def trickle() -> None:
        with listener:
            while not wait.is_set():
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                with peer:
                    peer.sendall(
                        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n["
                    )
                    try:
                        while not wait.wait(0.05):
                            peer.sendall(b" ")
                    except OSError:
                        continue

    thread = threading.Thread(target=trickle, daemon=True)
    thread.start()
    began = time.monotonic()
    platform = Platform(lambda request: None, url=f"http://127.0.0.1:{listener.getsockname()[1]}")
    items = source(name, platform).read(WEEK)
    gap = next(items)
    wait.set()
    assert isinstance(gap, Gap) and "whole answer" in gap.why
    assert time.monotonic() - began < 30
    items.close()  # type: ignore[attr-defined]
    thread.join(30)


@pytest.mark.parametrize("name", PLATFORMS)
def test_one_odd_thing_costs_itself_only(name: str) -> None:
    """What is not as published is left out and counted; what comes after it is read."""
    whole, _, _ = read(name, ANSWERS[name])
    spoilt: list[str] = []

    def answer(request: Request) -> Any:
        document = copy.deepcopy(ANSWERS[name](request))
        for holder, key in places(document):
            if key in ("id", "campaignId", "campaign_id") and holder is not document and not spoilt:
                spoilt.append(key)
                holder[key] = {"odd": True}
            if key == "dimensionValues" and not spoilt:
                spoilt.append(key)
                holder[key] = [{"value": ["odd"]}]
        return document

    seen, gaps, _ = read(name, answer)
    assert spoilt
    assert gaps and all("not as published" in gap.why for gap in gaps)
    assert len(whole) - 12 <= len(seen) < len(whole)


def places(document: Any) -> Iterator[tuple[Any, Any]]:
    """Every member of every object and list, the outer before the inner."""
    pairs = list(document.items()) if isinstance(document, dict) else list(enumerate(document))
    for key, value in pairs:
        yield document, key
        if isinstance(value, dict | list):
            yield from places(value)


@pytest.mark.parametrize("name", PLATFORMS)
def test_no_value_of_another_type_becomes_text(name: str) -> None:
    """Whatever stands where: nothing raises, and no observation says None or shows a list."""
    dice = random.Random(name)
    for _ in range(25):
        turn, value = (
            dice.randrange(8),
            dice.choice([None, [], {}, "x", -1, True, 1.5, ["\x1b[31m"], {"a": []}]),
        )
        state = {"requests": 0}

        def answer(request: Request, turn: int = turn, value: Any = value, state: Any = state) -> Any:
            document = copy.deepcopy(ANSWERS[name](request))
            if state["requests"] == turn and isinstance(document, dict | list):
                found = list(places(document))
                if found:
                    holder, key = dice.choice(found)
                    holder[key] = value
            state["requests"] += 1
            return document

        seen, _, platform = read(name, answer)
        assert len(platform.requests) < 500
        for each in seen:
            texts = (
                each.id,
                each.name,
                each.value,
                each.status,
                each.goal,
                *each.parents.values(),
                *each.params.values(),
            )
            assert all(isinstance(text, str) for text in texts), repr(each)
            assert not {"None", "True", "[]", "{}"} & set(texts), repr(each)
            assert each.weight.cost is None or isinstance(each.weight.cost, float)


def test_secrets_and_personal_data_in_errors_are_masked() -> None:
    """The token as it is and as an address writes it, somebody else's token, an e-mail address."""
    written = SECRET.replace("/", "%2F").replace("+", "%2B")
    said = f"bad {SECRET} and {written} access_token=EAAB99 of jane.doe@example.com"
    document = {"error": {"message": said, "code": 190}, "message": said, "code": 40105}
    for name in PLATFORMS:
        variables = dict.fromkeys(TOKENS, SECRET)
        _, gaps, _ = read(name, lambda request: Raw(json.dumps(document).encode(), {}, 403), **variables)
        assert gaps
        for gap in gaps:
            assert not {"s3cret", "EAAB99", "jane.doe"} & {
                w for w in ("s3cret", "EAAB99", "jane.doe") if w in repr(gap)
            }


@pytest.mark.parametrize("token", ["to\nken", "t\u00f6ken", "t\x00"])
def test_what_no_header_can_hold_is_said_by_its_variable(token: str) -> None:
    """A line end at the end is cut off, anything else is no credential."""
    seen, gaps, _ = read("meta", meta.answer, META_ACCESS_TOKEN=token)
    assert seen == [] and "META_ACCESS_TOKEN" in gaps[0].why
    _, gaps, _ = read("meta", meta.answer, META_ACCESS_TOKEN=f"{TOKEN}\n")
    assert gaps == []


def test_a_token_service_that_gives_no_token_is_a_gap() -> None:
    """Whatever it answers."""
    grants = {
        "GOOGLE_OAUTH_ACCESS_TOKEN": "",
        "GOOGLE_OAUTH_CLIENT_ID": "c",
        "GOOGLE_OAUTH_CLIENT_SECRET": "s",
        "GOOGLE_OAUTH_REFRESH_TOKEN": "r",
    }
    for document in ({}, [], {"access_token": None}, {"access_token": "a\r\nX: y"}):
        seen, gaps, _ = read("ga4", lambda request, document=document: document, **grants)
        assert seen == [] and "no access token" in gaps[0].why
