"""Calendar days as registry files write them."""

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=4096)
def is_day(text: str) -> bool:
    """Whether `2026-11-21` is a day of the calendar; 2026-02-30 is none."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def day(text: str, otherwise: date) -> date:
    """The day that a text names, or another where the calendar has none such (`date-invalid` says so)."""
    return date.fromisoformat(text) if is_day(text) else otherwise
