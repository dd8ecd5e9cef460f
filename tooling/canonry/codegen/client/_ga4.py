"""GA4's Measurement Protocol. Needs the extra `http`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._http import HttpSink
from ._message import Message
from ._native import native
from ._sinks import UndeliveredError

__all__ = ["Ga4Sink"]

COLLECT = "https://www.google-analytics.com/mp/collect"


class Ga4Sink:
    """Sends events to GA4 from a server, under the names that contracts give them there.

    Every event needs the browser's `client_id` and `session_id` (`User(client_id=..., session_id=...)`):
    without them GA4 files the hit under Unassigned, so that it is refused here instead. `event_id` is sent
    along, so that what the page's tag sent as well can be told apart. GA4 answers 2xx whatever it is sent:
    have the debug address, `.../debug/mp/collect`, judge events while you build.
    """

    destination = "ga4"

    def __init__(self, measurement_id: str, api_secret: str, *, url: str = COLLECT, **options: Any) -> None:
        from urllib.parse import urlencode

        query = urlencode({"measurement_id": measurement_id, "api_secret": api_secret})
        options = {**options, "batch": 1, "body": _hit}
        self._http = HttpSink(self.destination, f"{url}?{query}", **options)

    def deliver(self, messages: Sequence[Message]) -> None:
        """Sends them now. Raises `UndeliveredError`, for good where client or session id is missing."""
        self.send(messages)

    def send(self, messages: Sequence[Message]) -> None:
        """As `deliver`."""
        for number, message in enumerate(messages):
            if not message.user.client_id or not message.user.session_id:
                raise UndeliveredError(
                    f"ga4: {message.name} has no client_id or session_id, which GA4 files as Unassigned. "
                    "Pass user=User(client_id=..., session_id=...)",
                    messages[number:],
                    lasting=True,
                )
            try:
                self._http.send((message,))
            except UndeliveredError as error:
                raise UndeliveredError(
                    str(error), messages[number:], retry_after=error.retry_after, lasting=error.lasting
                ) from error

    def flush(self) -> None:
        """Nothing is kept back."""

    def close(self) -> None:
        """Ends the connections."""
        self._http.close()


def _hit(messages: Sequence[Message]) -> dict[str, Any]:
    (message,) = messages
    # who it is about stands beside the event, and GA4 takes no personal data in a parameter
    known = {key: value for key, value in message.payload.items() if key != "identity"}
    params = {**native(known, message.renamed), "session_id": message.user.session_id}
    hit: dict[str, Any] = {
        "client_id": message.user.client_id,
        "events": [{"name": message.name, "params": params}],
    }
    if message.user.user_id:
        hit["user_id"] = message.user.user_id
    return hit
