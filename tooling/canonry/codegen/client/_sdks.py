"""The platforms' own SDKs as sinks. Each takes the SDK's client, made and configured as its manual says.

An SDK keeps what it was handed in memory, tries again by itself, and only logs what it gives up. Behind a
`Spool` that would lose it, so there a sink hears what the SDK gives up, and hands it back to the queue.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from datetime import datetime
from typing import Any

from ._message import Message
from ._sinks import UndeliveredError

__all__ = ["RudderSink", "SegmentSink", "SnowplowSink"]

_ENVELOPE = frozenset({"messageId", "userId", "anonymousId", "groupId"})
"""Names of Segment's that stand beside the properties, where the message has them."""


class SegmentSink:
    """Segment, through `segment-analytics-python` (extra `segment`): `SegmentSink(Client(write_key))`.

    Events and properties go under the names that contracts give them there.
    """

    destination = "segment"
    _key_name = "message_id"

    def __init__(self, sdk: Any) -> None:
        self._sdk = sdk
        self._lost: dict[str, Exception] = {}
        self._lock = threading.Lock()
        for consumer in getattr(sdk, "consumers", None) or ():
            consumer.on_error = self._hearing(consumer.on_error)

    def deliver(self, messages: Sequence[Message]) -> None:
        """Queues them in the SDK. Raises `UndeliveredError` where it does not take them: for good
        where a message has no user, or is too large.
        """
        for number, message in enumerate(messages):
            try:
                answer = self._handed(message)
            except Exception as error:
                raise UndeliveredError(
                    f"{self.destination}: {error}", messages[number:], lasting=_is_final(error)
                ) from error
            if isinstance(answer, tuple) and answer and answer[0] is False:
                raise UndeliveredError(f"{self.destination}: the SDK's queue is full", messages[number:])

    def send(self, messages: Sequence[Message]) -> None:
        """Sends them and waits for the end of it: what a spool calls. Raises `UndeliveredError`."""
        self.deliver(messages)
        self._sdk.flush()
        with self._lock:
            lost, self._lost = self._lost, {}
        left = [message for message in messages if message.key in lost]
        if left:
            error = lost[left[0].key]
            raise UndeliveredError(f"{self.destination}: {error}", left, lasting=_is_final(error)) from error

    def flush(self) -> None:
        """Waits until the SDK has sent what it queued."""
        self._sdk.flush()

    def close(self) -> None:
        """Flushes, and ends the SDK's threads."""
        self._sdk.flush()
        self._sdk.join()

    def _handed(self, message: Message) -> Any:
        user = message.user
        properties = {key: value for key, value in message.native().items() if key not in _ENVELOPE}
        common: dict[str, Any] = {
            "context": dict(message.context),
            "timestamp": datetime.fromisoformat(message.timestamp),
            "anonymous_id": user.anonymous_id,
            self._key_name: message.key,
        }
        if message.type == "track":
            return self._sdk.track(user.user_id, message.name, properties, **common)
        if message.type == "identify":
            return self._sdk.identify(user.user_id, properties, **common)
        return self._sdk.group(user.user_id, user.account_id, properties, **common)

    def _hearing(self, before: Callable[..., object] | None) -> Callable[..., None]:
        def on_error(error: Exception, batch: Sequence[Mapping[str, Any]]) -> None:
            with self._lock:
                self._lost |= {str(item.get("messageId")): error for item in batch}
                while len(self._lost) > _MOST_LOST:  # nobody asks for them where there is no spool
                    del self._lost[next(iter(self._lost))]
            if before is not None:
                before(error, batch)

        return on_error


_MOST_LOST = 10_000


def _is_final(error: Exception) -> bool:
    """Whether the same message would fail again: what the SDK itself refuses, and most answers of 4xx."""
    status = getattr(error, "status", None)
    if isinstance(status, int):
        return 400 <= status < 500 and status not in (408, 429)  # noqa: PLR2004  HTTP
    return isinstance(error, AssertionError | RuntimeError | TypeError)


class RudderSink(SegmentSink):
    """RudderStack, through `rudder-sdk-python` (extra `rudder`): `RudderSink(Client(write_key, ...))`."""

    destination = "rudderstack"


class SnowplowSink:
    """Snowplow, through `snowplow-tracker` (extra `snowplow`): a self-describing event per message.

    `SnowplowSink(tracker, "com.acme")`; the schema is `iglu:<vendor>/<contract's name>/jsonschema/1-2-0`. The
    tracker draws an id of its own for every event, so that the idempotency key goes along as a context,
    `iglu:<vendor>/idempotency_key/jsonschema/1-0-0`.
    """

    destination = "snowplow"

    def __init__(self, tracker: Any, vendor: str) -> None:
        self._tracker = tracker
        self._vendor = vendor
        self._context = f"iglu:{vendor}/idempotency_key/jsonschema/1-0-0"

    def deliver(self, messages: Sequence[Message]) -> None:
        """Hands them to the tracker's emitter."""
        from importlib import import_module

        sdk: Any = import_module("snowplow_tracker")  # an extra, whose types are not complete
        for message in messages:
            name = message.contract.split("/")[2]
            schema = f"iglu:{self._vendor}/{name}/jsonschema/{message.version.replace('.', '-')}"
            subject = sdk.Subject()
            if message.user.user_id:
                subject.set_user_id(message.user.user_id)
            if message.user.anonymous_id:
                subject.set_domain_user_id(message.user.anonymous_id)
            moment = datetime.fromisoformat(message.timestamp).timestamp() * 1000
            event = sdk.SelfDescribing(
                sdk.SelfDescribingJson(schema, message.payload),
                true_timestamp=moment,
                event_subject=subject,
                context=[sdk.SelfDescribingJson(self._context, {"id": message.key})],
            )
            self._tracker.track(event)

    def send(self, messages: Sequence[Message]) -> None:
        """Sends them now: what a spool calls. Raises `UndeliveredError`.

        What an emitter would try again is taken from it, since the spool owes it already. An emitter's timer
        sends from a thread of its own, so that it has to wait until this is settled.
        """
        failed: list[int] = []
        with ExitStack() as stack:
            emitters = list(self._tracker.emitters)
            for emitter in emitters:
                stack.enter_context(getattr(emitter, "lock", nullcontext()))
            stores = [_Lent(emitter.event_store) for emitter in emitters]
            for emitter, store in zip(emitters, stores, strict=True):
                stack.callback(setattr, emitter, "event_store", emitter.event_store)
                stack.callback(setattr, emitter, "on_failure", emitter.on_failure)
                emitter.event_store = store
                emitter.on_failure = _counting(failed, emitter.on_failure)
            self.deliver(messages)
            self._tracker.flush()
            again = sum(store.taken_back() for store in stores)
        if failed or again:
            raise UndeliveredError(
                f"{self.destination}: the collector took not all", messages, lasting=not again
            )

    def flush(self) -> None:
        """Sends what the emitters have buffered."""
        self._tracker.flush()

    def close(self) -> None:
        """As `flush`."""
        self._tracker.flush()


class _Lent:
    """An emitter's store while a spool sends through it: what comes in now is not kept for a later try."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self._ours: set[str] = set()
        self._again: set[str] = set()

    def add_event(self, payload: dict[str, Any]) -> bool:
        self._ours.add(payload["eid"])
        taken = bool(self._store.add_event(payload))
        if not taken:  # the store is full
            self._again.add(payload["eid"])
        return taken

    def get_events_batch(self) -> list[dict[str, Any]]:
        batch: list[dict[str, Any]] = self._store.get_events_batch()
        return batch

    def cleanup(self, batch: list[dict[str, Any]], need_retry: bool) -> None:  # noqa: FBT001  the tracker's protocol
        if need_retry:
            self._again.update(event["eid"] for event in batch if event["eid"] in self._ours)
            batch = [event for event in batch if event["eid"] not in self._ours]
        self._store.cleanup(batch, need_retry)

    def size(self) -> int:
        return int(self._store.size())

    def taken_back(self) -> int:
        """How many of the events would be tried again, or were never tried; none of them is left behind."""
        waiting = self.get_events_batch()
        self.cleanup(waiting, need_retry=True)
        return len(self._again)


def _counting(failed: list[int], before: Callable[..., object] | None) -> Callable[..., None]:
    def on_failure(taken: int, events: Sequence[object]) -> None:
        failed.append(len(events))
        if before is not None:
            before(taken, events)

    return on_failure
