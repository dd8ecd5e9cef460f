"""SQL for what the columns of an export say: numbers, days, ids and addresses however they were written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from canonry.adapters.exports.layout import literal

NOTHING: Final = ("", "--", "-", "—", "–", "n/a", "N/A", "NULL", "null", "None")  # noqa: RUF001  as exports write it
_NUMERIC: Final = re.compile(
    r"(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*|REAL)\Z"
)
_SLASHED: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/[0-9]{4}\b")
_MONTHS: Final = 12
_GROUPED: Final = re.compile(r"\A[^0-9]*[0-9]{1,3}(?:([.,'’\s])[0-9]{3})+(?:([.,])[0-9]+)?[^0-9]*\Z")  # noqa: RUF001
TOTALS: Final = (
    r"(?i)^\s*(?:grand\s+)?totals?(?:\s*[:\-].*|\s+of\s+\d+.*|\s+g[eé]n[eé]ral)?\s*$"
    r"|^\s*(?:summe|(?:ins)?gesamt|gesamtsumme|gesamtergebnis|totaux|total\s+de\s+\d+.*)(?:\s*:.*)?\s*$"
)
"""The first cells of a line that sums up the others."""
LAST_TOTALS: Final = ("Grand total", "Gesamtsumme", "Total général", "Total general")
"""The last cell of such a line in GA4's explorations."""
_TOTALS: Final = re.compile(TOTALS)


def sums_up(row: Sequence[str], identity: Sequence[int]) -> bool:
    """Whether a line holds the sum of the others: it says so, or has figures and names nothing."""
    named = [row[place].strip() for place in identity if place < len(row)]
    nothing = all(cell in NOTHING for cell in named)
    said = any(_TOTALS.match(cell) for cell in row[:3]) or row[-1].strip() in LAST_TOTALS
    if said:
        return all(cell in NOTHING or _TOTALS.match(cell) for cell in named)
    return nothing and bool(named) and any(any(char.isdigit() for char in cell) for cell in row)


PERSONAL_KEYS: Final = ("_gl", "srsltid", "mc_eid")
"""Marks of one visit or one recipient, beside the platforms' click ids."""


def is_number(kind: str) -> bool:
    """Whether a column of this type holds numbers already."""
    return bool(_NUMERIC.match(kind.upper()))


def text(column: str) -> str:
    """The column as text, nothing where the export writes that there is nothing."""
    listed = ", ".join(map(literal, NOTHING))
    return f"CASE WHEN trim({column}) IN ({listed}) THEN NULL ELSE {column} END"


def trimmed(column: str) -> str:
    """As `text`, without blanks around it."""
    return f"trim({text(column)})"


def half(column: str, part: int) -> str:
    """One of the two values of `facebook / paid_social`."""
    return f"trim(split_part({column}, ' / ', {part}))"


def id_text(column: str) -> str:
    """An id: exact where a program wrote it as a number with `.0`, untouched where it was rounded.

    The brackets that Microsoft writes around an id, so that no spreadsheet rounds it, are none of it, nor is
    the apostrophe that people write before one.
    """
    cell = trimmed(column)
    exact = f"regexp_full_match({cell}, '[0-9]{{1,15}}\\.0+')"
    shielded = f"regexp_full_match({cell}, '\\[[0-9]+\\]|''[0-9]+')"
    return (
        f"CASE WHEN {exact} THEN regexp_replace({cell}, '\\.0+$', '') "
        f"WHEN {shielded} THEN regexp_replace({cell}, '[^0-9]', '', 'g') ELSE {cell} END"
    )


def decimal_mark(cells: Iterable[str], *, whole: bool, delimiter: str) -> str:
    """`.` or `,`: which of them begins the fraction in these numbers; `whole` numbers have none.

    Where only groups of three occur, the sign is taken for the thousands' one if a number has two of them or
    if the other sign parts the columns' words (`;` files are written where `,` is the decimal mark).
    """
    commas = dots = 0
    for cell in cells:
        body = cell.strip()
        if not any(char.isdigit() for char in body):
            continue
        last_comma, last_dot = body.rfind(","), body.rfind(".")
        if last_comma >= 0 and last_dot >= 0:
            return "," if last_comma > last_dot else "."
        mark = "," if last_comma >= 0 else "." if last_dot >= 0 else ""
        if not mark:
            continue
        if body.count(mark) > 1:
            return "." if mark == "," else ","
        grouped = _GROUPED.match(body)
        if not grouped or grouped[2] or grouped[1] != mark:  # 1 234,56 in French
            return mark
        commas += mark == ","
        dots += mark == "."
    if whole:
        return "." if commas or not dots else ","
    if commas and not dots:
        return "," if delimiter == ";" else "."
    if dots and not commas:
        return "," if delimiter == ";" else "."
    return "."


def number(column: str, mark: str) -> str:
    """A number that was written for people. NULL where it is none."""
    kept = f"regexp_replace({column}, '[^0-9.,eE()+-]', '', 'g')"
    bare = f"replace({kept}, ',', '')" if mark == "." else f"replace(replace({kept}, '.', ''), ',', '.')"
    bare = f"regexp_replace({bare}, '^\\((.*)\\)$', '-\\1')"  # as bookkeepers write what is owed
    return f"CASE WHEN starts_with(trim({column}), '<') THEN NULL ELSE try_cast({bare} AS DOUBLE) END"


def day_formats(cells: Iterable[str], own: Sequence[str]) -> tuple[str, ...]:
    """How days are written: as the mapping knows, with dots, or with the day first where a cell shows it."""
    parts = [match.groups() for cell in cells if (match := _SLASHED.match(cell.strip()))]
    day_first = any(int(first) > _MONTHS for first, _ in parts)
    month_first = any(int(second) > _MONTHS for _, second in parts)
    found = ("%d/%m/%Y",) if day_first and not month_first else ("%m/%d/%Y",) if month_first else ()
    kept = tuple(each for each in own if not (found == ("%d/%m/%Y",) and each.startswith("%m/")))
    return tuple(dict.fromkeys((*kept, "%Y-%m-%d", "%d.%m.%Y", *found)))


def day(column: str, formats: Sequence[str]) -> str:
    """A day. NULL where it is none."""
    tries = ", ".join(f"try_strptime(left(trim({column}), 10), {literal(each)})" for each in formats)
    return f"CAST(coalesce({tries}) AS DATE)"


def address(column: str, click_ids: Iterable[str]) -> str:
    """An address without the values of click ids: their names stay, and so does whatever follows them.

    Most addresses hold one click id that ends in `clid`, or none: a pattern without groups is several times
    quicker, so only those that hold another one take the long way.
    """
    endings = _endings({*click_ids, *PERSONAL_KEYS})
    rare = " OR ".join(f"contains({column}, {literal(each)})" for each in endings if each != _USUAL)
    every = literal(f"((?:{'|'.join(map(re.escape, endings))}))[^&#;]*")
    usual = literal(f"{_USUAL}[^&#;]*")
    return (
        f"CASE WHEN {rare} THEN regexp_replace({column}, {every}, '\\1', 'g') "
        f"WHEN contains({column}, {literal(_USUAL)}) "
        f"THEN regexp_replace({column}, {usual}, {literal(_USUAL)}, 'g') ELSE {column} END"
    )


def shortened(scan: str, column: str, endings: Sequence[str], *, beside: Iterable[str]) -> tuple[str, str]:
    """A scan and the SQL of a column in it that is an address with fewer values of click ids.

    `address` of it is `address` of the column, but no regular expression is needed to make it, so that it is
    what rows are grouped by first. Of each of the `endings` (`clid=`) the first value goes, up to the next
    `&`; addresses with a fragment, a `;` or letters beyond ASCII are left as they are.
    `beside` are names of columns that the new ones must not have.
    """
    taken = set(beside)
    number = 0

    def fresh() -> str:
        nonlocal number
        number += 1
        while f"canonry {number}" in taken:
            number += 1
        return f'"canonry {number}"'

    plain = (
        f"strlen({column}) = length({column}) AND NOT contains({column}, '#') AND NOT contains({column}, ';')"
    )
    current = column
    for ending in endings:
        begin, span, cut = fresh(), fresh(), fresh()
        size = len(ending)
        scan = f"(SELECT *, strpos({current}, {literal(ending)}) AS {begin} FROM {scan})"
        rest = f"substring_grapheme({current}, {begin} + {size}, {_LONGEST_VALUE})"
        found = f"CASE WHEN {begin} > 0 AND {plain} THEN strpos({rest}, '&') END"
        scan = f"(SELECT *, {found} AS {span} FROM {scan})"
        shorter = (
            f"CASE WHEN {span} > 0 THEN overlay({current} PLACING '' FROM {begin} + {size} FOR {span} - 1) "
            f"WHEN {span} = 0 AND strlen({current}) < {begin} + {size} + {_LONGEST_VALUE} "
            f"THEN substring_grapheme({current}, 1, {begin} + {size - 1}) ELSE {current} END"
        )
        scan = f"(SELECT *, {shorter} AS {cut} FROM {scan})"
        current = cut
    return scan, current


_LONGEST_VALUE: Final = 160
"""Characters of a click id's value: a longer one is cut after the rows are grouped."""


def common_endings(addresses: Iterable[str], click_ids: Iterable[str]) -> list[str]:
    """Those by which most of these addresses differ, in the order in which they are worth looking for."""
    endings = _endings({*click_ids, *PERSONAL_KEYS})
    seen = 0
    counts = dict.fromkeys(endings, 0)
    for text in addresses:
        seen += 1
        for ending in endings:
            counts[ending] += ending in text
    most = sorted(endings, key=lambda ending: -counts[ending])
    return [ending for ending in most if counts[ending] * _RARE > seen]


_RARE: Final = 200
"""One address in so many: what is rarer may stay in what rows are grouped by."""
_USUAL: Final = "clid="


def _endings(keys: Iterable[str]) -> list[str]:
    """Few texts with which the keys that tell one click from another end, `=` included."""
    found: list[str] = []
    for key in sorted(keys, key=lambda each: (len(each), each)):
        if key in _FEW_VALUES:
            continue
        ending = next((shared for shared in ("clid", "braid") if key.endswith(shared)), key)
        if f"{ending}=" not in found:
            found.append(f"{ending}=")
    return found


_FEW_VALUES: Final = frozenset({"gad_source", "gad_campaignid", "gclsrc"})
"""Parameters of clicks that have few values: they part no rows that belong together."""
