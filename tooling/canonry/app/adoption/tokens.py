"""What one token of a name looks like: a date, a number, a word, or text that says nothing."""

from __future__ import annotations

import re
import unicodedata
import zlib
from typing import Final, Literal, NamedTuple

from canonry.naming.runtime.text import slug

Kind = Literal["day", "week", "month", "quarter", "year", "number", "id", "word"]

_MONTHS: Final = "0[1-9]|1[0-2]"
_DAYS: Final = "0[1-9]|[12][0-9]|3[01]"
_NAMED: Final = (
    "jan|feb|mar|mrz|mär|mae|apr|may|mai|jun|jul|aug|sep|oct|okt|oct|nov|dec|dez|gen|mag|giu|lug|ago|set|ott|dic|ene|"
    "fév|fev|avr|juin|juil|aoû|aou|déc|янв|фев|мар|апр|май|июн|июл|авг|сен|окт|ноя|дек"
)
_WEEKS: Final = "(?:kw|cw|w)-?(?:0?[1-9]|[1-4][0-9]|5[0-3])"
_DATES: Final[tuple[tuple[Kind, str, re.Pattern[str]], ...]] = (
    ("day", "yyyymmdd", re.compile(rf"20[0-9]{{2}}(?:{_MONTHS})(?:{_DAYS})\Z")),
    ("month", "yyyymm", re.compile(rf"20[0-9]{{2}}(?:{_MONTHS})\Z")),
    ("quarter", "yyyyqn", re.compile(r"20[0-9]{2}q[1-4]\Z")),
    ("year", "yyyy", re.compile(r"20[0-9]{2}\Z")),
    ("day", "", re.compile(rf"20[0-9]{{2}}([-./])(?:{_MONTHS})\1(?:{_DAYS})\Z")),
    ("day", "", re.compile(rf"(?:{_DAYS})([-./])(?:{_MONTHS})\1(?:20)?[0-9]{{2}}\Z")),
    ("month", "", re.compile(rf"20[0-9]{{2}}[-./](?:{_MONTHS})\Z|(?:{_MONTHS})[-./](?:20)?[0-9]{{2}}\Z")),
    ("quarter", "", re.compile(r"(?:20)?[0-9]{2}[-./ ]?[qh][1-4]\Z|[qh][1-4][-./' ]?(?:20)?[0-9]{2}\Z")),
    ("week", "", re.compile(rf"20[0-9]{{2}}[-./ ]?{_WEEKS}\Z|{_WEEKS}[-./ ](?:20)?[0-9]{{2}}\Z")),
    (
        "month",
        "",
        re.compile(
            rf"(?:{_NAMED})[a-zä]*[-./' ]?(?:20)?[0-9]{{2}}\Z|20[0-9]{{2}}[-./ ]?(?:{_NAMED})[a-zä]*\Z"
        ),
    ),
)
_SPOKEN: Final = rf"[qh][1-4]|{_WEEKS}|(?:{_NAMED})[a-z]*"
WRITTEN_DATE: Final = re.compile(
    rf"(?<![a-z0-9])(?:20[0-9]{{2}}[-./ ](?:(?:{_MONTHS})(?:[-./ ](?:{_DAYS}))?|{_SPOKEN})"
    rf"|(?:(?:{_DAYS})[-./ ])?(?:{_MONTHS})[-./ ]20[0-9]{{2}}|(?:{_SPOKEN})[-./ ]20[0-9]{{2}})(?![a-z0-9])",
    re.IGNORECASE,
)
"""A date whose parts are separated: what separates them there separates no tokens."""
_NUMBER: Final = re.compile(r"([a-z]{0,3})([0-9]{1,6})\Z")
_ID: Final = re.compile(r"(?=[a-z0-9]*[0-9])(?=[a-z0-9]*[a-z])[a-z0-9]{5,24}\Z|[0-9]{7,20}\Z")


class Look(NamedTuple):
    """The kind of a token and how it is written: a date's form, a number's prefix."""

    kind: Kind
    form: str = ""


def clean(text: str) -> str:
    """A name as it is taken apart: one Unicode form, no invisible characters, blanks as single spaces."""
    text = (
        unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\ufeff", "").replace("\u200b", "")
    )
    text = " ".join(text.split())
    if not text.isascii() or not text[:1].isalnum() or not text[-1:].isalnum():
        text = _undecorated(text)
    return text


def _undecorated(text: str) -> str:
    """The text without the emoji and other signs that people set before and after a name."""
    first, last = 0, len(text)
    while first < last and _ornament(text[first]):
        first += 1
    while last > first and _ornament(text[last - 1]):
        last -= 1
    return text[first:last].strip()


def _ornament(char: str) -> bool:
    return char.isspace() or char in "\ufe0f\u200d" or unicodedata.category(char) in ("So", "Sk", "Cs", "Co")


_COPY: Final = re.compile(
    r"(?:\s*[-\u2013\u2014_]\s*|\s+)\(?(?:copy|kopie|copie|copia|kopia|kopi|c\u00f3pia|\u043a\u043e\u043f\u0438\u044f)\)?(?:[\s_-]*\(?[0-9]{1,3}\)?)?\Z"
    r"|\s+\([0-9]{1,3}\)\Z|\s+#[0-9]{1,3}\Z",
    re.IGNORECASE,
)
_COPY_OF: Final = re.compile(
    r"(?:copy of|kopie von|copie de|copia de|copia di|\u043a\u043e\u043f\u0438\u044f)\s+", re.IGNORECASE
)


def original(text: str) -> str:
    """The name that a name says it is a copy of; platforms call copies `... - Copy`, `... (2)`."""
    found = _COPY_OF.sub("", text, count=1) if _COPY_OF.match(text) else text
    while True:
        shorter = _COPY.sub("", found)
        if shorter == found or not shorter:
            return found
        found = shorter


def folded(token: str) -> str:
    """A token as it is compared: without letter case and outer blanks."""
    return token.strip().casefold()


def look(token: str) -> Look:
    """What a folded token looks like."""
    if not token[-1:].isdigit() and token[:2] != "20":
        return Look("id") if _ID.match(token) else Look("word")
    for kind, form, pattern in _DATES:
        if pattern.match(token):
            return Look(kind, form)
    number = _NUMBER.match(token)
    if number is not None:
        return Look("number", number[1])
    return Look("id") if _ID.match(token) else Look("word")


_SPELT: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "å": "aa", "æ": "ae", "œ": "oe"}
)


def word(token: str) -> str:
    """The token as a registry's word: `Brand Awareness` is `brand-awareness`, `Österreich` `oesterreich`.

    What has no Latin letters gets a word of its own, made from it; empty where nothing is left.
    """
    text = folded(token)
    plain = unicodedata.normalize("NFKD", text.translate(_SPELT))
    found = slug("".join([char for char in plain if not unicodedata.combining(char)]))
    letters = sum(char.isalnum() for char in text)
    if letters and sum(char.isalnum() for char in found) * 2 < letters:
        return f"w{zlib.crc32(text.encode()):08x}"
    return found
