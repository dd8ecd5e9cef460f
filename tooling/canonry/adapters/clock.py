"""The calendar day, which `CANONRY_TODAY` sets for a rehearsal or a test."""

import os
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from canonry.kernel.errors import CanonryError


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class BadDayError(CanonryError):
    """`CANONRY_TODAY` holds no date."""

    text: str
    hint: ClassVar[str] = "Set it to a day such as 2026-11-21, or unset it"

    def __str__(self) -> str:
        return f"CANONRY_TODAY is {self.text!r}, which is no day"


def today() -> date:
    """The day by the machine's clock. Raises `BadDayError`."""
    text = os.environ.get("CANONRY_TODAY")
    if not text:
        return date.today()  # noqa: DTZ011, TID251  the one place that asks the clock, and people plan in local days
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadDayError(text) from error
