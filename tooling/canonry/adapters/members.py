"""Members of an API's answers, as observations hold them: text, ids, days, numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from math import inf, isfinite
from typing import Any, Final

from canonry.adapters.answers import OddError


def day(value: object) -> date | None:
    """The day of an ISO text, of seconds or milliseconds since 1970, or of `{year, month, day}`."""
    try:
        match value:
            case {"year": int(year), "month": int(month), "day": int(number)}:
                return date(year, month, number)
            case str(text) if text.isdigit():
                return day(int(text))
            case str(text) if text:
                return date.fromisoformat(text[:10])
            case int(number) if number > 0:
                seconds = number / 1000 if number > 10**11 else number
                return datetime.fromtimestamp(seconds, tz=UTC).date()
    except (ValueError, OverflowError, OSError):
        return None
    return None


def identity(thing: Mapping[str, Any], key: str) -> str:
    """An id as text. Raises `KeyError` where there is none, `OddError` for one that is a rounded number."""
    value = thing[key]
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise OddError(f"{key} is no id")
    return str(value)


def text(thing: Mapping[str, Any], key: str) -> str:
    """A text; empty where there is none. Raises `OddError` for a list or an object."""
    value = thing.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise OddError(f"{key} is no text")
    return str(value)


def texts(thing: Mapping[str, Any], key: str) -> list[str]:
    """The texts or ids of a list; none where there is none. Raises `OddError` for anything else."""
    found = thing.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(type(each) in (str, int) for each in found):
        raise OddError(f"{key} is no list of texts")
    return [str(each) for each in found]


def whole(value: object) -> int | None:
    """A whole number that an API gives as a number or as text; None where it gives none.

    Raises `OddError` for anything else.
    """
    found = money(value)
    return None if found is None else value if isinstance(value, int) else round(found)


def money(value: object, scale: float = 1) -> float | None:
    """An amount that an API gives as a number or as text, divided by `scale`; None where it gives none.

    Raises `OddError` for anything else.
    """
    if value is None or value in ("", "-", "--"):
        return None
    try:
        found = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else inf
    except (ValueError, OverflowError):
        found = inf
    if not isfinite(found):
        raise OddError("an amount is no number")
    return found / scale


_EXACT: Final = 2**53
"""Beyond it not every whole number is a float."""
