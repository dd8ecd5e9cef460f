"""The days that a report says it covers, in the languages of `canonry.audit.headings`."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from canonry.audit.source import Period

_MONTHS: Final[tuple[tuple[str, ...], ...]] = (
    ("jan", "ene", "gen"),
    ("feb", "fév", "fev"),
    ("mar", "mär", "maa", "mrt"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mag", "mei"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aoû", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dez", "déc", "dic"),
)
"""How the months begin in the languages of `canonry.audit.headings`."""
_DATE: Final = re.compile(
    r"(?P<y>20\d\d)[-/.]?(?P<m>\d\d)[-/.]?(?P<d>\d\d)(?!\d)"
    r"|\b(?P<mon>[^\W\d_]{3,10})\.? (?P<day>\d{1,2}),? (?P<year>20\d\d)"
    r"|\b(?P<day2>\d{1,2})\.? (?:de )?(?P<mon2>[^\W\d_]{3,10})\.? (?:de )?(?P<year2>20\d\d)"
    r"|(?P<y3>20\d\d)\u5e74(?P<m3>\d{1,2})\u6708(?P<d3>\d{1,2})\u65e5"
    r"|\b(?P<m4>\d{1,2})/(?P<d4>\d{1,2})/(?P<y4>20\d\d)\b"
)
ZONE: Final = re.compile(
    r"\b((?:UTC|GMT)(?![+-]?\d)|(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)"
    r"/[A-Z][A-Za-z_/+-]+[A-Za-z0-9])\b"
)


def period_in(text: str, *, month_first: bool = False) -> Period:
    """The first and last day that a report's own lines name, and their time zone.

    `11/16/2026` is a day only where the month is known to stand first.
    """
    days = []
    for line in text.splitlines():
        found = [
            day
            for match in _DATE.finditer(line)
            if (month_first or not match["m4"]) and (day := _day(match)) is not None
        ]
        if len(found) < 2 and re.search(r"generated|report time|created", line, re.IGNORECASE):  # noqa: PLR2004  a range
            continue
        days += found
    zone = ZONE.search(text)
    return Period(min(days), max(days), zone[1] if zone else "") if days else Period()


def _day(match: re.Match[str]) -> date | None:
    try:
        if match["y"]:
            return date(int(match["y"]), int(match["m"]), int(match["d"]))
        for year, month, day in (("y3", "m3", "d3"), ("y4", "m4", "d4")):
            if match[year]:
                return date(int(match[year]), int(match[month]), int(match[day]))
        if match["mon"]:
            return date(int(match["year"]), _month(match["mon"]), int(match["day"]))
        return date(int(match["year2"]), _month(match["mon2"]), int(match["day2"]))
    except (ValueError, KeyError):
        return None


def _month(word: str) -> int:
    """Raises `KeyError` for a word that is no month."""
    for number, beginnings in enumerate(_MONTHS, 1):
        if word.lower().startswith(beginnings):
            return number
    raise KeyError(word)
