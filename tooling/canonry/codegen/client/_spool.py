"""A queue on disk before a sink: what was handed over survives a crash, and is sent when the sink is back."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ._consent import ConsentGiven, Withheld, allowed, granted
from ._message import Message, User
from ._sinks import Sink, UndeliveredError

__all__ = ["Spool", "SpoolFullError"]

_TABLE = """CREATE TABLE IF NOT EXISTS waiting (
    number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, since REAL NOT NULL,
    size INTEGER NOT NULL, row TEXT NOT NULL)"""
_SENDING = "CREATE TABLE IF NOT EXISTS sending (one INTEGER PRIMARY KEY, last INTEGER NOT NULL)"
"""The number up to which what waits is one batch, written before it is sent."""


class SpoolFullError(UndeliveredError):
    """The queue holds as much as it may; the messages in `left` were not taken."""


class Spool:
    """Keeps messages in a file (SQLite, mode 0600) until the sink has taken them, in order, each key once.

    `deliver` returns when the messages are on the disk. With `background` a thread sends them; otherwise
    `flush` does. At most `max_bytes` wait; beyond that `deliver` raises `SpoolFullError`. What is older than
    `max_age` seconds is dropped unsent and counted in `expired`. Before anything is sent, `consent` is asked
    again for its user; what is no longer allowed is dropped and counted in `suppressed`. Without `consent`
    what was given at the time counts. Messages that the sink refuses for good are counted in `refused`.
    A batch is forgotten as soon as the sink took it. What was taken in the moment of a crash, or without an
    answer, is sent again as the same batch under the same keys, so that a receiver that knows them counts it
    once. Several processes may share one file; one of them sends at a time.
    """

    def __init__(
        self,
        sink: Sink,
        path: str | os.PathLike[str],
        *,
        max_bytes: int = 64 * 1024 * 1024,
        max_age: float = 72 * 3600.0,
        batch: int = 50,
        consent: Callable[[User], ConsentGiven | None] | None = None,
        background: bool = True,
        pause: float = 1.0,
        max_pause: float = 300.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.sink = sink
        self.path = Path(path)
        self.max_bytes = max_bytes
        self.max_age = max_age
        most = getattr(sink, "batch", None)
        self.batch = min(batch, most) if isinstance(most, int) else batch
        self.consent = consent
        self.expired = 0
        self.suppressed = 0
        self.refused = 0
        self._clock = clock
        self._pause, self._max_pause = pause, max_pause
        self._lock = threading.Lock()
        self._draining = threading.Lock()
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite's own files take this mode over
        self.path.chmod(0o600)
        try:
            self._file = self._open(self.path)
            self._file.execute(_TABLE)
            self._file.execute(_SENDING)
        except sqlite3.DatabaseError as error:
            raise ValueError(f"{self.path} is no queue of a spool: {error}; move it away") from error
        self._wake = threading.Event()
        self._ended = threading.Event()
        self.error: Exception | None = None
        """What the thread met last; the messages wait on."""
        self._thread: threading.Thread | None = None
        if background:
            self._thread = threading.Thread(target=self._run, name=f"spool {self.destination}", daemon=True)
            self._thread.start()

    @property
    def destination(self) -> str:
        """That of the sink."""
        return self.sink.destination

    @property
    def waiting(self) -> int:
        """How many messages are on the disk."""
        with self._lock:
            return int(self._file.execute("SELECT count(*) FROM waiting").fetchone()[0])

    def deliver(self, messages: Sequence[Message]) -> None:
        """Writes them to the disk. Raises `SpoolFullError`, `UndeliveredError` where the disk refuses them.

        A key that waits already is not taken twice.
        """
        now = self._clock()
        rows: list[tuple[str, float, int, str]] = []
        for message in messages:
            text = json.dumps(message.to_row(), ensure_ascii=False, separators=(",", ":"))
            rows.append(
                (f"{message.type}:{message.key}", now, len(text.encode(errors="surrogatepass")), text)
            )
        with self._lock:
            try:
                self._file.execute("BEGIN IMMEDIATE")
                self._check_room(sum(row[2] for row in rows), messages)
                self._file.executemany(
                    "INSERT OR IGNORE INTO waiting (key, since, size, row) VALUES (?, ?, ?, ?)", rows
                )
                self._file.execute("COMMIT")
            except BaseException as error:
                with suppress(sqlite3.Error):  # a full disk has done so itself
                    self._file.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise UndeliveredError(f"cannot write {self.path}: {error}", messages) from error
                raise
        self._wake.set()

    def _check_room(self, more: int, messages: Sequence[Message]) -> None:
        held = self._file.execute("SELECT coalesce(sum(size), 0) FROM waiting").fetchone()[0]
        if held + more > self.max_bytes:
            raise SpoolFullError(
                f"{self.path} holds {held:,} of {self.max_bytes:,} bytes: nothing more was taken", messages
            )

    def flush(self) -> None:
        """Sends what waits until nothing does. Raises `UndeliveredError`; what is left stays on the disk."""
        while self._drain():
            pass

    def close(self) -> None:
        """Tries once more to send what waits; what cannot be sent stays for the next run."""
        self._ended.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        try:
            self.flush()
        except UndeliveredError:
            pass
        finally:
            with self._lock:
                self._file.close()
            self.sink.close()

    def _run(self) -> None:
        pause = self._pause
        while not self._ended.is_set():
            if self.waiting == 0:
                self._wake.wait()
            self._wake.clear()
            try:
                self.flush()
                pause, wait = self._pause, 0.0
                if self.waiting:  # another process is the one that sends
                    wait = self._pause
            except Exception as error:  # noqa: BLE001  whatever a sink has, its messages wait, and others come
                self.error = error
                asked = getattr(error, "retry_after", None) or 0.0
                wait = min(max(pause, asked), self._max_pause)
                pause = min(max(pause, self._pause) * 2, self._max_pause)
            self._ended.wait(wait)

    def _drain(self) -> bool:
        """Sends one batch; whether there may be more."""
        with self._draining, _Turn(self.path) as mine:
            if not mine:
                return False
            found = self._next()
            if not found:
                return False
            ready: list[tuple[int, Message]] = []
            for number, since, row in found:
                message = self._still_allowed(json.loads(row), since)
                if message is None:
                    self._forget([number])
                else:
                    ready.append((number, message))
            if ready:
                self._hand_over(ready)
            return True

    def _next(self) -> list[tuple[int, float, str]]:
        """The batch that was under way, or else the next one, which from now on is."""
        query = "SELECT number, since, row FROM waiting {} ORDER BY number LIMIT ?"
        with self._lock:
            last = self._file.execute("SELECT max(last) FROM sending").fetchone()[0]
            if last is not None:
                found = self._file.execute(query.format("WHERE number <= ?"), (last, -1)).fetchall()
                if found:
                    return found
            found = self._file.execute(query.format(""), (self.batch,)).fetchall()
            if found:
                self._file.execute("INSERT OR REPLACE INTO sending VALUES (0, ?)", (found[-1][0],))
            return found

    def _still_allowed(self, row: dict[str, Any], since: float) -> Message | None:
        message = Message.from_row(row)
        if self._clock() - since > self.max_age:
            self.expired += 1
            return None
        given = granted(message.consent if self.consent is None else self.consent(message.user))
        try:
            payload = allowed(message.payload, message.needs, message.guards, given)
        except Withheld:
            self.suppressed += 1
            return None
        return Message.from_row({**row, "properties": payload, "consent": sorted(given)})

    def _hand_over(self, ready: list[tuple[int, Message]]) -> None:
        messages = [message for _, message in ready]
        try:
            send = getattr(self.sink, "send", None)
            if send is None:
                self.sink.deliver(messages)
                self.sink.flush()
            else:
                send(messages)
        except UndeliveredError as error:
            left = {id(message) for message in error.left}
            self._forget([number for number, message in ready if id(message) not in left])
            if not error.lasting:
                raise
            if len(ready) == 1 or len(error.left) == 1:
                self.refused += 1
                self._forget([number for number, message in ready if id(message) in left][:1])
            else:  # one bad message must not take the others with it
                for one in [pair for pair in ready if id(pair[1]) in left]:
                    self._hand_over([one])
            return
        self._forget([number for number, _ in ready])

    def _forget(self, numbers: Sequence[int]) -> None:
        with self._lock:
            self._file.execute("BEGIN IMMEDIATE")
            self._file.executemany("DELETE FROM waiting WHERE number = ?", [(number,) for number in numbers])
            self._file.execute("COMMIT")

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection


class _Turn:
    """Whether this process is the one that sends; the lock is a file of SQLite, which a crash lets go of."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(f"{path.name}.turn")
        self._file: sqlite3.Connection | None = None

    def __enter__(self) -> bool:
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            connection.close()
            return False
        self._file = connection
        return True

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
