"""When to ask an API again: after how long, how often, and when that is of no use."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from canonry.adapters.answers import ApiError

if TYPE_CHECKING:
    from tenacity import RetryCallState

ATTEMPTS: Final = 6
LONGEST_WAIT: Final = 120.0
"""Seconds. An API that asks for more is given up on, and the run says what it could not read."""
COME_BACK: Final = "Run the audit again by then: on the same day it goes on where this one stopped"
TRIED: Final = f"also after {ATTEMPTS} attempts"


class BusyError(Exception):
    """The request may go through later; carries what to say if it never does."""

    def __init__(self, error: ApiError, after: float | None = None) -> None:
        super().__init__()
        self.error = error
        self.after = after


class ExpiredError(Exception):
    """The credentials are no longer taken; carries what to say where they cannot be renewed."""

    def __init__(self, error: ApiError) -> None:
        super().__init__()
        self.error = error


def enough(state: RetryCallState) -> bool:
    """Whether to ask no more."""
    return state.attempt_number >= ATTEMPTS or (_asked_in(state) or 0) > LONGEST_WAIT


def wait(state: RetryCallState) -> float:
    """Seconds until the next attempt."""
    asked = _asked_in(state)
    return backoff(state.attempt_number) if asked is None else asked


def _asked_in(state: RetryCallState) -> float | None:
    failure = state.outcome.exception() if state.outcome else None
    return failure.after if isinstance(failure, BusyError) else None


def backoff(attempt: int) -> float:
    """Seconds: 1, 2, 4, ... with up to half a second of jitter, so that two readers do not march in step."""
    import random

    return min(float(2 ** (attempt - 1)), LONGEST_WAIT) + random.random() / 2  # noqa: S311  jitter is no secret


def asked(headers: Mapping[str, str]) -> float | None:
    """Seconds that `Retry-After` asks for, as a number or a date."""
    text = headers.get("retry-after")
    if not text:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        then = parsedate_to_datetime(text)
        sent = headers.get("date")
        return max(0.0, (then - parsedate_to_datetime(sent)).total_seconds()) if sent else None
    except (ValueError, TypeError):
        return None
