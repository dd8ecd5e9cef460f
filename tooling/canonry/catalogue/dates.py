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
