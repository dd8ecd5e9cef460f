"""Messages over HTTP: in batches, tried again with patience, and flushed at exit. Needs the extra `http`."""

from __future__ import annotations

import atexit
import email.utils
import hashlib
import json
import random
import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ._message import Message
from ._sinks import UndeliveredError

if TYPE_CHECKING:
    import httpx

__all__ = ["HttpSink"]

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Status codes after which the same request may succeed."""


class HttpSink:
    """Posts `{"batch": [...]}` to one address; any 2xx means that the whole batch was taken.

    Messages wait until `batch` of them are there or `interval` seconds have passed. Each carries its
    idempotency key, and a batch that is tried again is the same batch with the same `Idempotency-Key`, so
    that a server can tell. Pauses double from `pause` seconds, with jitter; `Retry-After` is obeyed up to
    `patience` seconds, beyond which the batch is given back as undelivered. Behind a `Spool` nothing waits
    here: it hands over what was written to the disk, and hears at once whether it was taken.
    """

    def __init__(
        self,
        destination: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        batch: int = 50,
        interval: float = 5.0,
        timeout: float = 10.0,
        tries: int = 5,
        pause: float = 0.5,
        patience: float = 60.0,
        body: Callable[[Sequence[Message]], Any] | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        import httpx

        self.destination = destination
        self.url = url
        self.batch = max(batch, 1)
        self.interval = interval
        self.tries = max(tries, 1)
        self.pause = pause
        self.patience = patience
        self.failed = 0
        """Messages that were given up since the sink was made."""
        self._body = body or _batch
        self._sleep = sleep
        self._waiting: list[Message] = []
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._timer: threading.Timer | None = None
        self._http = httpx.Client(timeout=timeout, headers=dict(headers or {}), follow_redirects=False)
        self._at_exit = _at_exit(weakref.ref(self))
        atexit.register(self._at_exit)

    def deliver(self, messages: Sequence[Message]) -> None:
        """Keeps them until a batch is full, then sends. Raises `UndeliveredError`."""
        with self._lock:
            self._waiting.extend(messages)
            full = len(self._waiting) >= self.batch
            if not full and self._timer is None and self.interval > 0:
                self._timer = threading.Timer(self.interval, self._on_time)
                self._timer.daemon = True
                self._timer.start()
        if full:
            self.flush()

    def send(self, messages: Sequence[Message]) -> None:
        """Sends them now, waiting for nobody: what a spool calls. Raises `UndeliveredError`."""
        for start in range(0, len(messages), self.batch):
            try:
                self._post(messages[start : start + self.batch])
            except UndeliveredError as error:
                raise UndeliveredError(
                    str(error), messages[start:], retry_after=error.retry_after, lasting=error.lasting
                ) from error

    def flush(self) -> None:
        """Sends what waits. Raises `UndeliveredError` with what could not be sent; it is not kept."""
        with self._sending:
            with self._lock:
                taken, self._waiting = self._waiting, []
                if self._timer is not None:
                    self._timer.cancel()
                    self._timer = None
            try:
                self.send(taken)
            except UndeliveredError as error:
                self.failed += len(error.left)
                raise

    def close(self) -> None:
        """Sends what waits, and ends."""
        atexit.unregister(self._at_exit)
        try:
            self.flush()
        finally:
            self._http.close()

    def _on_time(self) -> None:
        with self._lock:
            self._timer = None
        try:
            self.flush()
        except UndeliveredError:
            return  # counted in `failed`; there is nobody here to tell

    def _post(self, messages: Sequence[Message]) -> None:
        import httpx

        digest = hashlib.sha256("\n".join(message.key for message in messages).encode()).hexdigest()
        headers = {"Idempotency-Key": digest[:32], "Content-Type": "application/json"}
        try:
            body = json.dumps(self._body(messages), separators=(",", ":"), allow_nan=False).encode()
        except (TypeError, ValueError) as error:  # of a `body` function, or what `off` let through
            raise UndeliveredError(f"{self.destination}: no JSON: {error}", messages, lasting=True) from error
        why, asked = "", None
        for attempt in range(self.tries):
            if attempt:
                wait = self.pause * 2 ** (attempt - 1) * random.uniform(0.75, 1.25)  # noqa: S311  spreads load
                if asked is not None and asked > self.patience:
                    break
                self._sleep(max(wait, asked or 0.0))
            asked = None
            try:
                answer = self._http.post(self.url, content=body, headers=headers)
            except httpx.TransportError as error:  # refused, stalled, cut off in the middle of an answer
                why = f"{type(error).__name__}: {error}"
                continue
            if answer.is_success:
                return
            why = f"the server answered {answer.status_code}"
            if answer.status_code not in AGAIN:
                raise UndeliveredError(f"{self.destination}: {why}", messages, lasting=True)
            asked = _retry_after(answer)
        raise UndeliveredError(
            f"{self.destination}: given up after {self.tries} tries: {why}", messages, retry_after=asked
        )


def _batch(messages: Sequence[Message]) -> Any:
    return {"batch": [message.to_json() for message in messages]}


def _retry_after(answer: httpx.Response) -> float | None:
    """Seconds that the server asks for, given as a number or as a date."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return max(moment.timestamp() - time.time(), 0.0)


def _at_exit(sink: weakref.ref[HttpSink]) -> Callable[[], None]:
    def flush() -> None:
        found = sink()
        if found is not None:
            try:
                found.flush()
            except UndeliveredError:
                return  # counted in `failed`; the program is over

    return flush
