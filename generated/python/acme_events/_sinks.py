"""Where messages go. A sink of one's own needs `destination`, `deliver`, `flush` and `close`."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from ._message import Message

__all__ = ["FileSink", "ListSink", "Sink", "UndeliveredError"]


class UndeliveredError(Exception):
    """A sink could not deliver. `left` are the messages that it still owes; none of them was taken.

    `retry_after` is how many seconds the other side asked for. `lasting` means that trying again is in vain.
    """

    def __init__(
        self,
        message: str,
        left: Sequence[Message],
        *,
        retry_after: float | None = None,
        lasting: bool = False,
    ) -> None:
        super().__init__(message)
        self.left = tuple(left)
        self.retry_after = retry_after
        self.lasting = lasting


@runtime_checkable
class Sink(Protocol):
    """Takes messages for one destination, which is the name that contracts give consent for."""

    @property
    def destination(self) -> str:
        """As in the contracts' `consent`: ga4, meta, segment."""
        ...

    def deliver(self, messages: Sequence[Message]) -> None:
        """Takes them over: sends them, or keeps them to send. Raises `UndeliveredError`."""
        ...

    def flush(self) -> None:
        """Sends what was kept. Raises `UndeliveredError`."""
        ...

    def close(self) -> None:
        """Sends what was kept, and ends."""
        ...


class ListSink:
    """Keeps messages in `messages`: for tests."""

    def __init__(self, destination: str) -> None:
        self.destination = destination
        self.messages: list[Message] = []

    def deliver(self, messages: Sequence[Message]) -> None:
        """Appends them."""
        self.messages.extend(messages)

    def flush(self) -> None:
        """Nothing is kept back."""

    def close(self) -> None:
        """Nothing to end."""


class FileSink:
    """Appends messages to a file of JSON lines, mode 0600; several processes may append to one file."""

    def __init__(self, destination: str, path: str | os.PathLike[str]) -> None:
        self.destination = destination
        self.path = Path(path)
        self._lock = threading.Lock()

    def deliver(self, messages: Sequence[Message]) -> None:
        """Writes them in one call, so that lines never mix. Raises `UndeliveredError`."""
        lines = "".join(
            json.dumps(message.to_json(), ensure_ascii=False, separators=(",", ":")) + "\n"
            for message in messages
        ).encode(errors="backslashreplace")  # half a surrogate pair as JSON escapes it
        try:
            with self._lock:
                handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                try:
                    view = memoryview(lines)
                    while view:
                        view = view[os.write(handle, view) :]
                finally:
                    os.close(handle)
        except OSError as error:
            raise UndeliveredError(f"cannot write {self.path}: {error.strerror}", messages) from error

    def flush(self) -> None:
        """Nothing is kept back."""

    def close(self) -> None:
        """Nothing to end."""
