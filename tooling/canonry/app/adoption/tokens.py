"""What one token of a name looks like: a date, a number, a word, or text that says nothing."""

from __future__ import annotations

import re
import unicodedata
import zlib
from typing import Final, Literal, NamedTuple

from canonry.naming.runtime.text import slug

Kind = Literal["day", "month", "quarter", "year", "number", "id", "word"]

_MONTHS: Final = "0[1-9]|1[0-2]"
_DATES: Final[tuple[tuple[Kind, str, re.Pattern[str]], ...]] = (
    ("day", "yyyymmdd", re.compile(rf"20[0-9]{{2}}(?:{_MONTHS})(?:0[1-9]|[12][0-9]|3[01])\Z")),
    ("month", "yyyymm", re.compile(rf"20[0-9]{{2}}(?:{_MONTHS})\Z")),
    ("quarter", "yyyyqn", re.compile(r"20[0-9]{2}q[1-4]\Z")),
    ("year", "yyyy", re.compile(r"20[0-9]{2}\Z")),
    ("day", "", re.compile(rf"20[0-9]{{2}}[-.](?:{_MONTHS})[-.](?:0[1-9]|[12][0-9]|3[01])\Z")),
    ("month", "", re.compile(rf"20[0-9]{{2}}[-.](?:{_MONTHS})\Z")),
    ("quarter", "", re.compile(r"(?:20)?[0-9]{2}-?q[1-4]\Z|q[1-4]-?(?:20)?[0-9]{2}\Z")),
    (
        "month",
        "",
        re.compile(
            r"(?:jan|feb|mar|mrz|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-z]*-?(?:20)?[0-9]{2}\Z"
        ),
    ),
)
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
    return " ".join(text.split())


def folded(token: str) -> str:
    """A token as it is compared: without letter case and outer blanks."""
    return token.strip().casefold()


def look(token: str) -> Look:
    """What a folded token looks like."""
    if not token[-1:].isdigit() and "q" not in token:
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
