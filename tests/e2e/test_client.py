"""The generated client, delivering: consent, validation, HTTP that fails in every way, a queue on disk."""

import asyncio
import base64
import contextlib
import importlib
import json
import os
import signal
import stat
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from tests.e2e.client_server import running

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "generated" / "python"
CONTRACT = json.loads((ROOT / "contracts/events/order_completed/v1.json").read_bytes())
EXAMPLE, VERSION = CONTRACT["examples"][0], CONTRACT["x-contract"]["version"]


@pytest.fixture(scope="module")
def acme() -> Iterator[Any]:
    """The committed client."""
    sys.path.insert(0, str(PACKAGE))
    client = importlib.import_module("acme_events")
    yield SimpleNamespace(
        **{name: getattr(client, name) for name in client.__all__},
        events=importlib.import_module("acme_events.events"),
        traits=importlib.import_module("acme_events.traits"),
    )
    sys.path.remove(str(PACKAGE))


def order(acme: Any, **changes: Any) -> Any:
    """A valid event with a key of its own."""
    return acme.events.OrderCompleted.from_payload({**EXAMPLE, "event_id": str(uuid4()), **changes})


YES = {"analytics": True}


def test_an_event_carries_key_context_version_and_name(acme):
    """What a sink receives says which event, library, contract and version it is, and whom it is about."""
    sink = acme.ListSink("ga4")
    with acme.Client([sink]) as client:
        event = order(acme)
        sent = client.track(event, user=acme.User(user_id="u_1"), consent=YES)
    assert sent == acme.Sent(event.event_id, ("ga4",))
    (message,) = sink.messages
    document = message.to_json()
    assert document["event"] == "purchase"
    assert document["idempotency_key"] == event.event_id
    assert document["context"]["library"]["name"] == "acme-events"
    assert document["context"]["contract"]["id"] == "/events/order_completed/v1"
    assert document["version"] == event.__contract__.version
    assert document["timestamp"] == EXAMPLE["occurred_at"]
    assert document["user"] == {"user_id": "u_1"}


@pytest.mark.parametrize(
    "given", [None, (), {}, {"analytics": False}, {"analytics": "denied"}, {"analytics": 0}, ["ad_storage"]]
)
def test_without_consent_nothing_is_sent(acme, given):
    """Default deny: what was not given for the destination suppresses the event, and says so."""
    sink = acme.ListSink("ga4")
    client = acme.Client([sink])
    outcome = client.track(order(acme), user="u_1", consent=given)
    assert isinstance(outcome, acme.Suppressed) and not outcome
    assert "analytics" in outcome.reason
    assert sink.messages == []


def test_a_destination_that_the_contract_does_not_name_receives_nothing(acme):
    """Silence is no consent."""
    sink = acme.ListSink("somewhere")
    outcome = acme.Client([sink]).track(order(acme), consent=["analytics"])
    assert isinstance(outcome, acme.Suppressed) and "somewhere" in outcome.reason
    assert sink.messages == []


def test_each_destination_has_its_own_consent(acme):
    """One event, three sinks: each gets it exactly where its purposes were given."""
    sinks = [acme.ListSink(name) for name in ("ga4", "meta", "klaviyo")]
    outcome = acme.Client(sinks).track(order(acme), consent={"analytics": "granted", "email_marketing": True})
    assert outcome.destinations == ("ga4", "klaviyo")
    assert [one.destination for one in outcome.suppressed] == ["meta"]
    assert [len(sink.messages) for sink in sinks] == [1, 0, 1]


def test_an_optional_field_without_consent_is_dropped(acme):
    """A property that needs more than its event is left out, wherever it stands; the rest is sent."""
    identity = {"user_id": "u_1", "email_sha256": "a" * 64}
    event = order(acme, identity=identity)
    sink = acme.ListSink("ga4")
    client = acme.Client([sink])
    client.track(event, consent=["analytics"])
    client.track(event, consent=["analytics", "ad_user_data"])
    assert [message.payload["identity"] for message in sink.messages] == [{"user_id": "u_1"}, identity]


def test_strict_refuses_with_pointer_and_page(acme):
    """In strict mode a payload that the contract refuses is not sent; the error says where and which page."""
    from acme_events.common import Money

    sink = acme.ListSink("ga4")
    event = order(acme).model_copy(update={"total": Money(amount=1.005, currency="eur")})
    with pytest.raises(acme.ContractError) as error:
        acme.Client([sink]).track(event, consent=YES)
    assert {problem.pointer for problem in error.value.problems} == {"/total/amount", "/total/currency"}
    assert error.value.page == f"https://registry.example.com/events/order_completed/{VERSION}"
    assert sink.messages == []


def test_warn_sends_and_warns_and_off_does_not_look(acme):
    """`warn` sends what it warns of; `off` says nothing."""
    sink = acme.ListSink("ga4")
    bad = {**EXAMPLE, "total": "much"}
    with pytest.warns(acme.ContractWarning, match="/total"):
        acme.Client([sink], validation="warn").track_payload(acme.events.OrderCompleted, bad, consent=YES)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        acme.Client([sink], validation="off").track_payload(acme.events.OrderCompleted, bad, consent=YES)
    assert [message.payload["total"] for message in sink.messages] == ["much", "much"]
    with pytest.raises(ValueError, match="strict, warn or off"):
        acme.Client([sink], validation="maybe")


def fields(acme: Any, **changes: Any) -> dict[str, Any]:
    """What `OrderCompleted(...)` takes."""
    event = order(acme)
    return {**{name: getattr(event, name) for name in event.model_fields_set}, **changes}


def test_a_strict_model_says_where_and_which_page(acme):
    """Building refuses as the contract does, nested parts, unknown and missing fields included."""
    from acme_events.common import Money
    from pydantic import ValidationError

    given = fields(acme, total=5, colour="red")
    del given["order_id"]
    with pytest.raises(acme.ContractError) as error:
        acme.events.OrderCompleted(**given)
    assert {problem.pointer for problem in error.value.problems} == {"", "/total"}
    assert "order_id" in str(error.value) and "colour" in str(error.value)
    assert error.value.page == f"https://registry.example.com/events/order_completed/{VERSION}"
    assert isinstance(error.value.__cause__, ValidationError)
    with pytest.raises(acme.ContractError, match="/amount"):
        Money(amount="much", currency="EUR")


@pytest.mark.parametrize("mode", ["warn", "off"])
def test_a_lenient_client_is_lenient_to_models(acme, mode):
    """A wrong type, a missing, an unknown and a nested wrong field are sent as they were given."""
    from acme_events.common import Identity, Money

    sink = acme.ListSink("ga4")
    OrderCompleted = acme.events.OrderCompleted  # noqa: N806  a class
    with acme.Client([sink], validation=mode) as client, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        event = OrderCompleted(
            **fields(
                acme,
                total=Money(amount="much", currency="EUR", rate=3),
                order_id=5,
                coupon=b"X",
                identity=Identity(),
                colour={"r": float("nan")},
            )
        )
        assert client.track(event, consent=YES)
        assert client.track(OrderCompleted(), consent=YES)
        right = order(acme)
        assert client.track(right, consent=YES)
    wrong, empty, untouched = [message.payload for message in sink.messages]
    assert wrong["total"] == {"amount": "much", "currency": "EUR", "rate": 3}
    assert (wrong["order_id"], wrong["coupon"], wrong["colour"]) == (5, "b'X'", {"r": "nan"})
    assert wrong["shipping"] == EXAMPLE["shipping"] and json.dumps(wrong)
    assert empty == {}
    assert untouched == right.payload()
    contract = [one for one in warned if issubclass(one.category, acme.ContractWarning)]
    assert len(contract) == len(warned) == (2 if mode == "warn" else 0)


def test_models_follow_the_client_that_was_opened_last(acme):
    """When it is closed they follow the one before; where there is none they are strict."""
    build = acme.events.OrderCompleted
    with acme.Client([], validation="off") as lenient:
        build()
        with acme.Client([]), pytest.raises(acme.ContractError):
            build()
        build()
        lenient.close()
        with pytest.raises(acme.ContractError):
            build()


def test_traits_are_identified_and_grouped(acme):
    """`identify` and `group` send traits of a person and of an organisation."""
    sink = acme.ListSink("segment")
    for name in ("user", "account"):
        document = json.loads((ROOT / f"contracts/traits/{name}/v1.json").read_bytes())
        model = getattr(acme.traits, f"{name.title()}Traits")
        traits = model.from_payload(document["examples"][0])
        client = acme.Client([sink], consent=lambda _: ["analytics"])
        assert (client.identify if name == "user" else client.group)(traits)
    assert [message.type for message in sink.messages] == ["identify", "group"]
    assert sink.messages[0].user.user_id == sink.messages[0].payload["user_id"]


def test_the_asynchronous_client_says_the_same(acme):
    """Every method, awaited."""
    sink = acme.ListSink("ga4")

    async def main() -> Any:
        async with acme.AsyncClient([sink]) as client:
            refused = await client.track(order(acme))
            with pytest.raises(acme.ContractError):
                await client.track_payload(acme.events.OrderCompleted, {}, consent=YES)
            await client.flush()
            return refused, await client.track(order(acme), consent=YES)

    with ThreadPoolExecutor(1) as own:  # the process may be one in which a browser's loop runs
        refused, sent = own.submit(asyncio.run, main()).result()
    assert isinstance(refused, acme.Suppressed) and isinstance(sent, acme.Sent)
    assert len(sink.messages) == 1


def test_one_sink_failing_does_not_keep_the_event_from_another(acme):
    """The error comes after the others had their turn."""

    class Broken(acme.ListSink):
        def deliver(self, messages):
            raise acme.UndeliveredError("broken", messages)

    good = acme.ListSink("ga4")
    with pytest.raises(acme.UndeliveredError, match="broken"):
        acme.Client([Broken("segment"), good]).track(order(acme), consent=YES)
    assert len(good.messages) == 1


def test_models_are_immutable_and_keyword_only(acme):
    """A model never changes, its lists included, and positions mean nothing."""
    event = order(acme)
    with pytest.raises(Exception, match="frozen"):
        event.order_id = "X"
    assert isinstance(event.items, tuple)
    with pytest.raises(TypeError):
        acme.events.OrderCompleted("x")


def test_a_file_sink_appends_lines_that_only_its_owner_reads(acme, tmp_path):
    """JSON lines, mode 0600."""
    path = tmp_path / "events.jsonl"
    client = acme.Client([acme.FileSink("ga4", path)])
    keys = [client.track(order(acme), consent=YES).key for _ in range(3)]
    lines = path.read_text().splitlines()
    assert [json.loads(line)["idempotency_key"] for line in lines] == keys
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


# -- HTTP


OPENED: list[Any] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """No connection outlives its test."""
    yield
    while OPENED:
        OPENED.pop().close()


def http(acme: Any, url: str, **options: Any) -> Any:
    OPENED.append(acme.HttpSink("ga4", url, **{"pause": 0.01, "timeout": 1.0, "interval": 0, **options}))
    return OPENED[-1]


def test_batches_are_full_and_the_rest_is_flushed(acme):
    """Fifty to a batch here, and what is left when the client closes."""
    with running() as server:
        with acme.Client([http(acme, server.url, batch=50)]) as client:
            keys = [client.track(order(acme), consent=YES).key for _ in range(120)]
        assert server.keys() == keys
        assert len(server.requests) == 3


@pytest.mark.parametrize("trouble", [500, 502, 503, 408, "drop", "truncate", "stall"])
def test_what_fails_is_tried_again_under_the_same_key(acme, trouble):
    """Errors, stalls and cut connections lose nothing, and the second try is recognisable as such."""
    with running([trouble]) as server:
        sink = http(acme, server.url, batch=2, timeout=0.3)
        server.stalled = 0.6
        client = acme.Client([sink])
        keys = [client.track(order(acme), consent=YES).key for _ in range(2)]
        client.close()
        assert server.keys() == keys
        assert len({key for _, key, _ in server.requests}) == 1
        assert len(server.requests) == 2


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_obeyed(acme, form):
    """429 with Retry-After waits as long as it says, as seconds or as a date."""
    from email.utils import formatdate

    waits: list[float] = []
    text = "7" if form == "seconds" else formatdate(time.time() + 7, usegmt=True)
    with running([(429, text)]) as server:
        sink = http(acme, server.url, batch=1, sleep=waits.append)
        acme.Client([sink]).track(order(acme), consent=YES)
        assert len(server.keys()) == 1
    assert len(waits) == 1 and 5.5 <= waits[0] <= 7


def test_a_wait_beyond_patience_and_a_lasting_refusal_are_said(acme):
    """An hour of Retry-After, or a 400, comes back at once as undelivered."""
    with running([(429, 3600)]) as server:
        sink = http(acme, server.url, batch=1)
        with pytest.raises(acme.UndeliveredError) as error:
            acme.Client([sink]).track(order(acme), consent=YES)
        assert error.value.retry_after == 3600 and not error.value.lasting
        server.plan = [400]
        with pytest.raises(acme.UndeliveredError, match="400") as error:
            acme.Client([sink]).track(order(acme), consent=YES)
        assert error.value.lasting and sink.failed == 2
        assert server.taken == []


def test_waiting_messages_are_sent_after_the_interval_and_at_exit(acme):
    """A timer sends what a full batch does not; so does the end of the program, also without `close`."""
    with running() as server:
        sink = http(acme, server.url, interval=0.05)
        acme.Client([sink]).track(order(acme), consent=YES)
        deadline = time.monotonic() + 5
        while not server.keys() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(server.keys()) == 1
        sink.close()
        code = (
            "import json, sys\nfrom acme_events import Client, HttpSink\n"
            "from acme_events.events import OrderCompleted\n"
            "client = Client([HttpSink('ga4', sys.argv[1])])\n"
            "client.track(OrderCompleted.from_payload(json.loads(sys.argv[2])), consent=['analytics'])\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, server.url, json.dumps(EXAMPLE)],
            env={**os.environ, "PYTHONPATH": str(PACKAGE)},
            check=False,
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr
        assert len(server.keys()) == 2


def test_ga4_asks_for_client_and_session(acme):
    """Without both GA4 would file the hit under Unassigned; with them it gets names and flat values."""
    with running() as server:
        client = acme.Client([acme.Ga4Sink("G-1", "secret", url=server.url, pause=0.01)])
        with pytest.raises(acme.UndeliveredError, match="client_id"):
            client.track(order(acme), user=acme.User(client_id="1.2"), consent=YES)
        client.track(order(acme), user=acme.User(client_id="1.2", session_id="9"), consent=YES)
        client.close()
        (hit,) = server.taken
    params = hit["events"][0]["params"]
    assert hit["client_id"] == "1.2" and hit["events"][0]["name"] == "purchase"
    assert params["transaction_id"] == EXAMPLE["order_id"]
    assert (params["value"], params["currency"], params["session_id"]) == (637.8, "EUR", "9")
    assert params["items"][0]["price"] == 249.9
    assert "measurement_id=G-1" in server.requests[0][0]


# -- the queue on disk


def spool(acme: Any, path: Path, sink: Any, **options: Any) -> Any:
    return acme.Spool(sink, path, **{"background": False, **options})


def test_a_spool_keeps_what_a_dead_sink_cannot_take(acme, tmp_path):
    """Nothing is lost while the other side is down; it arrives once it is back, in order, each once."""
    with running() as server:
        server.always = 503
        sink = http(acme, server.url, tries=1)
        queue = spool(acme, tmp_path / "queue", sink)
        client = acme.Client([queue])
        keys = [client.track(order(acme), consent=YES).key for _ in range(120)]
        with pytest.raises(acme.UndeliveredError):
            queue.flush()
        client.close()
        assert server.taken == []
        server.always = "ok"
        queue = spool(acme, tmp_path / "queue", http(acme, server.url))
        assert queue.waiting == 120
        queue.flush()
        assert queue.waiting == 0
        assert [message["idempotency_key"] for message in server.taken] == keys
        queue.close()


def test_a_spool_is_private_and_bounded(acme, tmp_path):
    """Mode 0600, and it says when it is full instead of dropping anything."""
    listed = acme.ListSink("ga4")
    acme.Client([listed]).track(order(acme), consent=YES)
    size = len(json.dumps(listed.messages[0].to_row(), separators=(",", ":")))
    queue = spool(acme, tmp_path / "queue", acme.ListSink("ga4"), max_bytes=size * 7 // 2)
    client = acme.Client([queue])
    taken = 3
    for _ in range(taken):
        client.track(order(acme), consent=YES)
    with pytest.raises(acme.SpoolFullError, match="nothing more was taken"):
        client.track(order(acme), consent=YES)
    assert taken == queue.waiting
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    queue.flush()
    assert len(queue.sink.messages) == taken
    queue.close()


def test_a_key_is_queued_once(acme, tmp_path):
    """The same event handed over twice waits once."""
    queue = spool(acme, tmp_path / "queue", acme.ListSink("ga4"))
    event = order(acme)
    client = acme.Client([queue])
    client.track(event, consent=YES)
    client.track(event, consent=YES)
    assert queue.waiting == 1
    queue.close()


def test_old_messages_expire(acme, tmp_path):
    """What is older than the limit is dropped unsent, and counted."""
    now = [1000.0]
    queue = spool(acme, tmp_path / "queue", acme.ListSink("ga4"), max_age=60, clock=lambda: now[0])
    client = acme.Client([queue])
    client.track(order(acme), consent=YES)
    now[0] += 50
    client.track(order(acme), consent=YES)
    now[0] += 20
    queue.flush()
    assert (len(queue.sink.messages), queue.expired, queue.waiting) == (1, 1, 0)
    queue.close()


def test_consent_is_asked_again_when_the_queue_drains(acme, tmp_path):
    """Consent that was withdrawn meanwhile counts: the event stays unsent, or the field is dropped."""
    given = {"u_1": {"analytics", "ad_user_data"}, "u_2": {"analytics", "ad_user_data"}}
    queue = spool(acme, tmp_path / "queue", acme.ListSink("ga4"))
    client = acme.Client([queue], consent=lambda user: given[user.user_id])
    for user in given:
        event = order(acme, identity={"user_id": user, "email_sha256": "a" * 64})
        assert client.track(event, user=user)
    given["u_1"] = set()
    given["u_2"] = {"analytics"}
    queue.flush()
    (message,) = queue.sink.messages
    assert message.payload["identity"] == {"user_id": "u_2"}
    assert (queue.suppressed, queue.waiting) == (1, 0)
    queue.close()


def test_one_message_that_is_refused_for_good_does_not_block_the_others(acme, tmp_path):
    """It is counted and dropped; the rest arrives."""

    class Picky(acme.ListSink):
        def deliver(self, messages):
            for number, message in enumerate(messages):
                if message.payload["order_id"] == "BAD-1234":
                    raise acme.UndeliveredError("no", messages[number:], lasting=True)
                self.messages.append(message)

    queue = spool(acme, tmp_path / "queue", Picky("ga4"))
    client = acme.Client([queue])
    for name in ("GOOD-1", "BAD-1234", "GOOD-2", "GOOD-3"):
        client.track(order(acme, order_id=name), consent=YES)
    queue.flush()
    assert [message.payload["order_id"] for message in queue.sink.messages] == ["GOOD-1", "GOOD-2", "GOOD-3"]
    assert (queue.refused, queue.waiting) == (1, 0)
    queue.close()


def test_a_thread_sends_what_is_queued(acme, tmp_path):
    """With `background` nobody has to flush, and a sink that comes back is noticed."""
    with running([503, 503]) as server:
        queue = acme.Spool(http(acme, server.url, tries=1), tmp_path / "queue", pause=0.02)
        client = acme.Client([queue])
        keys = [client.track(order(acme), consent=YES).key for _ in range(10)]
        deadline = time.monotonic() + 10
        while queue.waiting and time.monotonic() < deadline:
            time.sleep(0.02)
        assert server.keys() == keys
        client.close()


def test_the_thread_outlives_a_sink_that_errs_and_heeds_its_wait(acme, tmp_path):
    """Whatever a sink raises, the messages wait and are tried again, not before the other side wants them."""

    class Erring(acme.ListSink):
        tries: list[float] = []  # noqa: RUF012  one sink

        def deliver(self, messages):
            self.tries.append(time.monotonic())
            if len(self.tries) == 1:
                raise ConnectionError("not an error that a sink should raise")
            if len(self.tries) == 2:
                raise acme.UndeliveredError("wait", messages, retry_after=0.5)
            super().deliver(messages)

    sink = Erring("ga4")
    queue = acme.Spool(sink, tmp_path / "queue", pause=0.05)
    listed = acme.ListSink("ga4")
    client = acme.Client([listed])
    for _ in range(20):
        client.track(order(acme), consent=YES)
        queue.deliver(listed.messages[-1:])
        time.sleep(0.05)
    deadline = time.monotonic() + 10
    while queue.waiting and time.monotonic() < deadline:
        time.sleep(0.02)
    assert isinstance(queue.error, acme.UndeliveredError)
    queue.close()
    assert [message.key for message in sink.messages] == [message.key for message in listed.messages]
    assert sink.tries[2] - sink.tries[1] >= 0.5


def test_what_is_no_queue_and_what_is_no_json_is_said(acme, tmp_path):
    """Another file in the queue's place; half a surrogate pair and NaN, which `off` lets through."""
    path = tmp_path / "queue"
    path.write_bytes(b"not a database, but something that somebody needs" * 100)
    with pytest.raises(ValueError, match="is no queue"):
        acme.Spool(acme.ListSink("ga4"), path)
    payload = {"half": "\ud800", "event_id": "k"}
    with running() as server, acme.Client([http(acme, server.url, batch=1)], validation="off") as client:
        client.track_payload(acme.events.OrderCompleted, payload, consent=YES)
        with pytest.raises(acme.UndeliveredError, match="no JSON") as error:
            client.track_payload(acme.events.OrderCompleted, {"n": float("nan")}, consent=YES)
    assert error.value.lasting
    assert server.taken[0]["properties"] == payload
    file = acme.FileSink("ga4", tmp_path / "events")
    acme.Client([file], validation="off").track_payload(acme.events.OrderCompleted, payload, consent=YES)
    assert json.loads((tmp_path / "events").read_bytes())["properties"] == payload


KILLED = """
import json, sys
from acme_events import Client, HttpSink, Spool
from acme_events.events import OrderCompleted
url, path, example = sys.argv[1:]
client = Client([Spool(HttpSink("ga4", url, batch=3, pause=0.01, interval=0), path, batch=7, pause=0.01)])
for number in range(100000):
    payload = {**json.loads(example), "event_id": f"00000000-0000-4000-8000-{number:012d}"}
    client.track(OrderCompleted.from_payload(payload), consent=["analytics"])
    print(payload["event_id"], flush=True)
"""


@pytest.mark.parametrize("after", [20, 75, 150])
def test_kill_nine_loses_nothing(acme, tmp_path, after):
    """Killed in the middle of sending: every event that was handed over arrives, under one key, unchanged."""
    path = tmp_path / "queue"
    with running([503, "truncate", "ok", "drop", "ok"]) as server:
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, server.url, str(path), json.dumps(EXAMPLE)],
            env={**os.environ, "PYTHONPATH": str(PACKAGE)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        handed = [process.stdout.readline().strip() for _ in range(after)]
        process.send_signal(signal.SIGKILL)
        handed += [line.strip() for line in process.stdout.read().splitlines()]
        process.wait()
        process.stdout.close()
        handed = [key for key in handed if len(key) == 36]
        sink = http(acme, server.url, batch=3)
        queue = spool(acme, path, sink)
        queue.flush()
        queue.close()
        arrived = server.keys()
        assert set(handed) <= set(arrived)
        assert len(arrived) - len(handed) <= 1  # one may have been written and not yet announced
        by_key: dict[str, set[str]] = {}
        for message in server.taken:
            by_key.setdefault(message["idempotency_key"], set()).add(json.dumps(message, sort_keys=True))
        assert all(len(forms) == 1 for forms in by_key.values())
        counted = [key for keys in server.batches.values() for key in keys]
        assert len(counted) == len(set(counted)), "sent in two batches: no receiver could count it once"


ENDED = """
import json, os, signal, sys
from acme_events import Client, HttpSink, Spool
from acme_events.events import OrderCompleted
url, path, example = sys.argv[1:]

class Dying(HttpSink):
    def send(self, messages):
        super().send(messages)
        os.kill(os.getpid(), signal.SIGKILL)  # acknowledged, and nothing more is written

queue = Spool(Dying("ga4", url, batch=4, interval=0), path, background=False)
client = Client([queue])
for number in range(2):
    event = {**json.loads(example), "event_id": f"00000000-0000-4000-8000-{number:012d}"}
    client.track(OrderCompleted.from_payload(event), consent=["analytics"])
queue.flush()
"""


def test_killed_between_the_answer_and_forgetting(acme, tmp_path):
    """The batch goes out again as it was, whatever came to wait behind it; nothing else goes out twice."""
    path = tmp_path / "queue"
    with running() as server:
        done = subprocess.run(
            [sys.executable, "-c", ENDED, server.url, str(path), json.dumps(EXAMPLE)],
            env={**os.environ, "PYTHONPATH": str(PACKAGE)},
            check=False,
        )
        assert done.returncode == -signal.SIGKILL and len(server.taken) == 2
        queue = spool(acme, path, http(acme, server.url, batch=4))
        listed = acme.ListSink("ga4")
        for _ in range(5):
            acme.Client([listed]).track(order(acme), consent=YES)
            queue.deliver(listed.messages[-1:])
        queue.flush()
        assert queue.waiting == 0
        queue.close()
    assert [len(keys) for keys in server.batches.values()] == [2, 4, 1]
    assert len(server.requests) == 4 and len(server.taken) == 2 + 2 + 5
    assert server.requests[0][1] == server.requests[1][1]


def test_a_batch_without_an_answer_is_tried_again_as_it_was(acme, tmp_path):
    """Also where more messages came in the meantime."""
    path = tmp_path / "queue"
    listed = acme.ListSink("ga4")
    client = acme.Client([listed])
    with running(["truncate", "truncate"]) as server:
        queue = spool(acme, path, http(acme, server.url, batch=4, tries=2))
        for number in range(2):
            client.track(order(acme), consent=YES)
            queue.deliver(listed.messages[-1:])
            if not number:
                with pytest.raises(acme.UndeliveredError):
                    queue.flush()
        queue.flush()
        queue.close()
    assert [len(keys) for keys in server.batches.values()] == [1, 1]
    assert len(server.requests) == 4


# -- the platforms' own SDKs


def _sdk_sink(acme: Any, name: str, host: str) -> Any:
    if name == "segment":
        from segment.analytics.client import Client as Sdk

        return acme.SegmentSink(Sdk("key", host=host, upload_interval=0.01, max_retries=0, timeout=5))
    from rudderstack.analytics.client import Client as Sdk

    sdk = Sdk("key", host=host, upload_interval=0.01, gzip=False, max_retries=0, timeout=5)
    return acme.RudderSink(sdk)


@pytest.mark.parametrize("name", ["segment", "rudder"])
def test_segment_and_rudderstack_sdks_take_every_kind(acme, name):
    """Their own clients queue what they are given, under our key, in the names of the platform."""
    with running() as server:
        sink = _sdk_sink(acme, name, server.url.removesuffix("/batch"))
        traits = json.loads((ROOT / "contracts/traits/user/v1.json").read_bytes())["examples"][0]
        listed = acme.ListSink("segment")
        client = acme.Client([listed], consent=lambda _: ["analytics"])
        event = order(acme)
        client.track(event, user=acme.User(user_id="u_1", anonymous_id="a"))
        client.identify(acme.traits.UserTraits.from_payload(traits))
        client.group(acme.traits.UserTraits.from_payload(traits), user=acme.User("u_1", account_id="acc_1"))
        sink.deliver(listed.messages)
        sink.flush()
        sink.close()
        track, identify, group = server.taken
    assert track["messageId"] == event.event_id
    assert (track["event"], track["userId"], track["anonymousId"]) == ("Order Completed", "u_1", "a")
    properties = track["properties"]
    assert (properties["order_id"], properties["total"], properties["currency"]) == (
        event.order_id,
        event.total.amount,
        event.total.currency,
    )
    assert properties["products"][0] == {
        "sku": "CHAIR-OAK-01",
        "name": "Oslo chair, oak",
        "price": 249.9,
        "currency": "EUR",
        "quantity": 2,
        "product_line": "furniture",
    }
    assert not {"messageId", "userId", "anonymousId", "event_id", "items"} & properties.keys()
    assert identify["type"] == "identify"
    assert "createdAt" in (
        identify.get("traits") or identify["context"]["traits"]
    )  # RudderStack's place for them
    assert (group["type"], group["groupId"]) == ("group", "acc_1")


@pytest.mark.parametrize("name", ["segment", "rudder"])
def test_what_an_sdk_gives_up_stays_in_the_spool(acme, tmp_path, name):
    """An SDK only logs what it gave up; the queue on disk keeps it, and drops what can never be sent."""
    with running() as server:
        server.always = 500
        sink = _sdk_sink(acme, name, server.url.removesuffix("/batch"))
        queue = spool(acme, tmp_path / "queue", sink)
        listed = acme.ListSink("segment")
        client = acme.Client([listed], consent=lambda _: ["analytics"])
        events = [order(acme) for _ in range(3)]
        for event in events:
            client.track(event, user="u_1")
        queue.deliver(listed.messages)
        with pytest.raises(acme.UndeliveredError, match=sink.destination):
            queue.flush()
        assert queue.waiting == 3
        server.always = "ok"
        nobody = listed.messages[0]._replace(user=acme.User(), key=str(uuid4()))
        queue.deliver([nobody])
        queue.flush()
        assert (queue.waiting, queue.refused) == (0, 1)
        queue.close()
        assert [message["messageId"] for message in server.taken] == [event.event_id for event in events]


@pytest.mark.parametrize("kind", ["Emitter", "AsyncEmitter"])
def test_the_snowplow_tracker_takes_self_describing_events(acme, tmp_path, kind):
    """The real tracker posts the contract's payload under an Iglu address, with our key beside it; what its
    collector does not take stays in the spool, and is not sent by both.
    """
    import snowplow_tracker

    event = order(acme)
    listed = acme.ListSink("segment")
    acme.Client([listed]).track(event, user="u_1", consent=YES)
    with running([503]) as server:
        host = server.url.removeprefix("http://").removesuffix("/batch")
        emitter = getattr(snowplow_tracker, kind)(
            host, protocol="http", method="post", batch_size=10, max_retry_delay_seconds=0
        )
        tracker = snowplow_tracker.Tracker("acme", emitter)
        queue = spool(acme, tmp_path / "queue", acme.SnowplowSink(tracker, "com.acme"))
        queue.deliver(listed.messages)
        with pytest.raises(acme.UndeliveredError, match="snowplow"):
            queue.flush()
        assert queue.waiting == 1
        deadline = time.monotonic() + 20
        while queue.waiting and time.monotonic() < deadline:  # the tracker pauses for up to a second
            time.sleep(0.05)
            with contextlib.suppress(acme.UndeliveredError):
                queue.flush()
        queue.close()
        (taken,) = [row for batch in server.taken for row in batch["data"]]
    inside = json.loads(base64.urlsafe_b64decode(taken["ue_px"]))["data"]
    schema = f"iglu:com.acme/order_completed/jsonschema/{VERSION.replace('.', '-')}"
    assert inside == {"schema": schema, "data": event.payload()}
    contexts = json.loads(base64.urlsafe_b64decode(taken["cx"]))["data"]
    assert {
        "schema": "iglu:com.acme/idempotency_key/jsonschema/1-0-0",
        "data": {"id": event.event_id},
    } in contexts
    assert taken["uid"] == "u_1"
