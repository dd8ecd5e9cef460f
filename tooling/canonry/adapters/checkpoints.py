"""What a platform has answered so far, kept so that the next run goes on where one was killed or failed.

A checkpoint is a file in the user's cache directory: the answers to one list of one account, in the order in
which they were asked for, each with a digest of its request and of itself. Whoever asks the same questions is
given the same answers, up to where the earlier run stopped or the questions become others; a record that was
cut short ends it. A file is its owner's alone, and one run's at a time.

Nothing private is kept: tokens are taken out, and an answer that holds personal data is kept masked, good for
finding the way only; the platform is asked for it again. A checkpoint counts on the day on which it was made,
for the same days, options and credentials; its name is a digest of all of these.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from canonry.adapters.cache import cache_folder
from canonry.naming.personal import masked, suspected

LARGEST: Final = 512 * 1024**2
"""Bytes of a checkpoint. What comes after is not kept, and asked for again."""
STALE: Final = 2 * 86_400
"""Seconds after which a checkpoint that nobody came back for is removed."""
_FORMAT: Final = b"canonry checkpoint 1\n"
_HEAD: Final = struct.Struct(">16sBI8s")
WHOLE, MASKED, GONE = range(3)
"""An answer as it came; one that must be asked for again; that there is no such thing."""


@dataclass(frozen=True, slots=True)
class Record:
    """An answer that was kept."""

    kind: int
    content: bytes


class Checkpoint:
    """The answers to one list. `answer` for as long as the questions are the same, then `keep`."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle = handle
        found = os.fstat(handle)
        self.stopped = found.st_mtime
        """When the run before wrote last, in seconds since 1970."""
        self.trial = False
        """Whether answers are only followed, to see whether the platform goes on where they end."""
        self.error: Exception | None = None
        """Why the platform did not go on just now; it need not be asked again."""
        self.done = False
        self._full = False
        self._checks: dict[int, Callable[[], None]] = {}
        start = len(_FORMAT)
        if os.pread(handle, start, 0) != _FORMAT:
            os.ftruncate(handle, 0)
            os.pwrite(handle, _FORMAT, 0)
        self._start = self._at = self._end = start
        while (end := self._whole(self._end)) is not None:
            self._end = end
        os.ftruncate(handle, self._end)
        self.inherited = self._end > start

    def _whole(self, at: int) -> int | None:
        """Where the record at a place ends; None where none is whole there."""
        head = os.pread(self._handle, _HEAD.size, at)
        if len(head) < _HEAD.size:
            return None
        key, kind, length, digest = _HEAD.unpack(head)
        content = os.pread(self._handle, length, at + _HEAD.size) if length <= LARGEST else b""
        if len(content) != length or digest != _digest(key, kind, content):
            return None
        return at + _HEAD.size + len(content)

    def answer(self, key: bytes) -> Record | None:
        """What was answered next, where that was to this request; None where it was not asked, or not now."""
        if self.over:
            return None
        known, kind, length, _ = _HEAD.unpack(os.pread(self._handle, _HEAD.size, self._at))
        if known != key:  # a page that was asked for again leads elsewhere: what follows is of no use
            os.ftruncate(self._handle, self._at)
            self._end = self._at
            return None
        content = os.pread(self._handle, length, self._at + _HEAD.size)
        self._at += _HEAD.size + length
        return Record(kind, content)

    @property
    def over(self) -> bool:
        """Whether everything was told that was answered before."""
        return self._at >= self._end

    def keep(self, key: bytes, kind: int, content: bytes) -> None:
        """Keeps an answer; it is there whole or not at all, however the process ends."""
        size = _HEAD.size + len(content)
        if self._full or self._end + size > LARGEST:
            self._full = True
            return
        record = _HEAD.pack(key, kind, len(content), _digest(key, kind, content)) + content
        try:
            whole = os.pwrite(self._handle, record, self._end) == size
        except OSError:
            whole = False
        if whole:
            self._end += size
            self._at = self._end
        else:  # a full disk costs time, never an answer
            self._full = True
            os.ftruncate(self._handle, self._end)

    def watch(self, whose: int, check: Callable[[], None] | None) -> None:
        """`check` raises where a list that is read by position has moved since; None: it has ended."""
        if check is None:
            self._checks.pop(whose, None)
        elif self.trial:
            self._checks[whose] = check

    def verify(self) -> None:
        """Runs the checks, once."""
        checks, self._checks = list(self._checks.values()), {}
        for check in checks:
            check()

    def rewind(self) -> None:
        """Starts over with telling what was answered."""
        self._at, self.trial = self._start, False
        self._checks.clear()

    def clear(self) -> None:
        """Forgets every answer."""
        os.ftruncate(self._handle, self._start)
        self._end = self._start
        self.rewind()

    def remove(self) -> None:
        """Removes the file."""
        self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Lets another run have it; what was kept stays."""
        os.close(self._handle)


def opened(*decisive: str) -> Checkpoint | None:
    """The checkpoint of whatever decides what is answered; None where none can be kept, or a run has it."""
    folder = Path(cache_folder()) / "checkpoints"
    name = blake2b("\0".join(decisive).encode(), digest_size=16).hexdigest()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / name, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError:
        return None
    try:
        found = os.fstat(handle)
        if found.st_uid != os.getuid() or found.st_mode & 0o077 or not _taken(handle):
            raise PermissionError
        return Checkpoint(folder / name, handle)
    except (OSError, AttributeError):  # AttributeError: another operating system, on which none is kept
        os.close(handle)
        return None


def sweep() -> None:
    """Removes what nobody came back for."""
    import time

    try:
        for path in (Path(cache_folder()) / "checkpoints").iterdir():
            if time.time() - path.stat().st_mtime > STALE:
                path.unlink()
    except OSError:
        return


def _taken(handle: int) -> bool:
    """Whether the file is this run's alone from now on, which the end of the process ends."""
    try:
        import fcntl
    except ImportError:  # pragma: no cover  another operating system
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def key_of(*parts: object) -> bytes:
    """What tells a request from others."""
    return blake2b(repr(parts).encode(), digest_size=16).digest()


def _digest(key: bytes, kind: int, content: bytes) -> bytes:
    return blake2b(content, digest_size=8, key=key, salt=bytes([kind])).digest()


def keepable(document: Any, content: bytes, secrets: tuple[str, ...]) -> tuple[int, bytes]:
    """What may be kept of an answer."""
    import orjson

    for secret in secrets:
        for form in {secret, quote(secret, safe=""), secret.replace("/", "\\/")}:
            content = content.replace(form.encode(), b"***")
    if not suspected(content):
        return WHOLE, content
    found = _Cleared(secrets)
    cleared = found.of(document)
    return (MASKED, orjson.dumps(cleared)) if found.private else (WHOLE, content)


class _Cleared:
    """A document without tokens and personal data, and whether it held such data."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self.private = False
        self._secrets = secrets

    def of(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.of(each) for each in value]
        if isinstance(value, dict):
            return {self._text(key): self.of(each) for key, each in value.items()}
        return value

    def _text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***").replace(quote(secret, safe=""), "***")
        found = _masked(text) if len(text) < _SHORT else masked(text)
        if found != text:
            self.private = True
        return found


_masked = lru_cache(maxsize=1 << 13)(masked)
"""Keys, states, types and times of day stand in every object."""
_SHORT: Final = 48
