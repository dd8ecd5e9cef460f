"""How strictly models are built: as the client that was opened last says, strictly where none is open."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import Literal

__all__ = ["Validation", "entered", "lenient"]

Validation = Literal["strict", "warn", "off"]

_lock = threading.Lock()
_open: list[tuple[weakref.ref[object], str]] = []


def entered(client: object, mode: Validation) -> Callable[[], None]:
    """Counts a client in; what it returns counts it out, and so does the client's end."""
    if mode not in ("strict", "warn", "off"):
        raise ValueError(f"validation is strict, warn or off, not {mode!r}")
    entry = (weakref.ref(client), mode)

    def leave() -> None:
        with _lock:
            _open[:] = [other for other in _open if other is not entry and other[0]() is not None]

    with _lock:
        _open[:] = [*(other for other in _open if other[0]() is not None), entry]
    return leave


def lenient() -> bool:
    """Whether a model takes what its contract does not, since the client would send it all the same."""
    with _lock:
        return next((mode for client, mode in reversed(_open) if client() is not None), "strict") != "strict"
