"""Progress on a terminal: only when something takes over a second, on standard error, wiped at the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_WAIT: Final = 1.0
_EVERY: Final = 0.2


@contextmanager
def progress(noun: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A function to tell how many are done; it may be called as often as one likes."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    started = time.monotonic()
    shown = 0.0

    def tick(done: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - started < _WAIT or now - shown < _EVERY:
            return
        shown = now
        of = f" of {total:,}" if total else ""
        sys.stderr.write(f"\r{done:,}{of} {noun}\x1b[K")
        sys.stderr.flush()

    try:
        yield tick
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
