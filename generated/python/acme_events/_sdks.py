"""The platforms' own SDKs as sinks. Each takes the SDK's client, made and configured as its manual says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ._message import Message
from ._sinks import UndeliveredError

__all__ = ["RudderSink", "SegmentSink", "SnowplowSink"]


class SegmentSink:
    """Segment, through `segment-analytics-python` (extra `segment`): `SegmentSink(Client(write_key))`."""

    destination = "segment"

    def __init__(self, sdk: Any) -> None:
        self._sdk = sdk

    def deliver(self, messages: Sequence[Message]) -> None:
        """Queues them in the SDK, which sends. Raises `UndeliveredError` when its queue is full."""
        for number, message in enumerate(messages):
            user = message.user
            common: dict[str, Any] = {
                "context": dict(message.context),
                "timestamp": datetime.fromisoformat(message.timestamp),
                "anonymous_id": user.anonymous_id,
            }
            common[self._key_name] = message.key
            if message.type == "track":
                answer = self._sdk.track(user.user_id, message.name, message.payload, **common)
            elif message.type == "identify":
                answer = self._sdk.identify(user.user_id, message.payload, **common)
            else:
                answer = self._sdk.group(user.user_id, user.account_id, message.payload, **common)
            if isinstance(answer, tuple) and answer and answer[0] is False:
                raise UndeliveredError(f"{self.destination}: the SDK's queue is full", messages[number:])

    _key_name = "message_id"

    def flush(self) -> None:
        """Waits until the SDK has sent what it queued."""
        self._sdk.flush()

    def close(self) -> None:
        """Flushes, and ends the SDK's threads."""
        self._sdk.flush()
        self._sdk.join()


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

    def flush(self) -> None:
        """Sends what the emitters have buffered."""
        self._tracker.flush()

    def close(self) -> None:
        """As `flush`."""
        self._tracker.flush()
