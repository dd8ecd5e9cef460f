"""SQL for what the columns of an export say: numbers, days, ids and addresses however they were written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from canonry.adapters.exports.queries import literal

NOTHING: Final = ("", "--", "-", "—", "–", "n/a", "N/A", "NULL", "null", "None")  # noqa: RUF001  as exports write it
_NUMERIC: Final = re.compile(
    r"(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*|REAL)\Z"
)
_SLASHED: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/[0-9]{4}\b")
_MONTHS: Final = 12
TOTALS: Final = (
    r"(?i)^\s*(?:(?:grand|overall|sub)[\s-]*)?total(?:s|e|i|es)?"
    r"(?:\s*[:\-].*|\s+(?:of|de|di|von|van)\s+\d+.*|\s+(?:g[eé]n[eé]rale?|geral|complessivo))?\s*$"
    r"|^\s*(?:summe|(?:ins)?gesamt|gesamtsumme|gesamtergebnis|totaux|totaal|eindtotaal|suma|soma|somme"
    r"|sum|summa|totalt|samlet|i alt|yhteens\x{e4}|razem|celkem|spolu|\x{f6}sszesen|toplam|genel toplam"
    r"|ukupno|skupaj|\x{3c3}\x{3cd}\x{3bd}\x{3bf}\x{3bb}\x{3bf}"
    r"|\x{43e}\x{431}\x{449}\x{438}\x{439} \x{438}\x{442}\x{43e}\x{433}|\x{cd1d}\x{acc4}|\x{d569}\x{acc4}"
    r"|合計|総計|总计|總計|итого|всего)(?:\s*(?:[::].*|\(\d+\)))?\s*$"
)
"""The first cells of a line that sums up the others."""
_BEGINNINGS: Final = (
    *"TtGgOoSsIiEeYyRrCcUu \u00a0\t",
    *"\u00d6\u00f6\u03a3\u03c3\u0438\u0418\u0432\u0412\u041e\u043e\u5408\u7dcf\u603b\u7e3d\ucd1d\ud569",
)


def sums_up(column: str) -> str:
    """The SQL that is true for a cell that says that its line sums up the others. Few are looked into."""
    begins = f"left({column}, 1) IN ({', '.join(map(literal, _BEGINNINGS))})"
    return f"(coalesce({begins}, false) AND regexp_matches({column}, {literal(TOTALS)}))"


LAST_TOTALS: Final = (
    *("Grand total", "Gesamtsumme", "Total général", "Total general", "Total geral", "Totale generale"),
    *("Eindtotaal", "総計"),
)
"""The last cell of such a line in GA4's explorations."""
EVERY_DAY: Final = (
    *("All", "all", "Todos", "Todas", "Tous", "Toutes", "Alle", "Tutti", "Tutte"),
    *("\u3059\u3079\u3066", "\u7dcf\u8a08", "\u5168\u90e8", "\uc804\uccb4"),
)
"""What stands for the day in a line that sums up the days."""


MOST: Final = "1e15"
"""No file counts more, and a float tells more no longer to the unit; sums of such stay finite."""


def is_float(kind: str) -> bool:
    """Whether a column of this type may hold what is no number: NaN and infinities."""
    return kind.upper() in ("FLOAT", "DOUBLE", "REAL")


def not_finite(column: str) -> str:
    """The SQL that is true for those, and for what counts nothing that there is."""
    return f"NOT (abs({column}) <= {MOST})"


def is_number(kind: str) -> bool:
    """Whether a column of this type holds numbers already."""
    return bool(_NUMERIC.match(kind.upper()))


def text(column: str) -> str:
    """The column as text, nothing where the export writes that there is nothing."""
    listed = ", ".join(map(literal, NOTHING))
    return f"CASE WHEN trim({column}) IN ({listed}) THEN NULL ELSE {column} END"


def nothing(column: str) -> str:
    """As `text`, for columns that hardly ever say so: few are looked into."""
    listed = ", ".join(map(literal, NOTHING))
    return f"CASE WHEN strlen({column}) > {_SHORT} OR trim({column}) NOT IN ({listed}) THEN {column} END"


_SHORT: Final = 8
"""Bytes."""


def trimmed(column: str) -> str:
    """As `text`, without blanks around it."""
    return f"trim({text(column)})"


def half(column: str, part: int) -> str:
    """One of the two values of `facebook / paid_social`."""
    return f"trim(split_part({column}, ' / ', {part}))"


def id_text(column: str) -> str:
    """An id: exact where a program wrote it as a number with `.0`, untouched where it was rounded.

    What is written so that no spreadsheet rounds an id is none of it: Microsoft's brackets, Meta's `c:`,
    people's apostrophe.
    """
    cell = trimmed(column)
    exact = f"regexp_full_match({cell}, '[0-9]{{1,15}}\\.0+')"
    shielded = f"regexp_full_match({cell}, '\\[[0-9]+\\]|''[0-9]+|[a-z]{{1,2}}:[0-9]{{5,}}')"
    return (
        f"CASE WHEN {exact} THEN regexp_replace({cell}, '\\.0+$', '') "
        f"WHEN {shielded} THEN regexp_replace({cell}, '[^0-9]', '', 'g') ELSE {cell} END"
    )


def decimal_mark(cells: Iterable[str]) -> str:
    """`.` or `,`: which of them begins the fraction in these numbers; nothing where none of them shows it."""
    for cell in cells:
        body = _without_unit(cell)
        for mark, other in (",.", ".,"):
            if body.count(mark) > 1 and other not in body:
                return other
        if not _AMBIGUOUS.search(body) and (match := _SHOWN.search(body)):
            return match[1] or match[2]
    return ""


def unsure(cells: Iterable[str]) -> str:
    """The first number that may be a thousand times as much."""
    return next((match[0] for cell in cells if (match := _AMBIGUOUS.search(_without_unit(cell)))), "")


def _without_unit(cell: str) -> str:
    """A number without what it counts: `kr.` and `Rs.` end with what looks like its own sign."""
    return _UNIT_AFTER.sub(r"\1", _UNIT_BEFORE.sub(r"\1", cell.strip()))


_UNIT_BEFORE: Final = re.compile(r"\A([-+(\u2212]*)\s*[^\d\s.,()+\-\u2212']{1,6}\.?\s*")
_UNIT_AFTER: Final = re.compile(r"\s*[^\d\s.,()+\-\u2212']{1,6}\.?\s*(\)?-?)\Z")
_SHOWN: Final = re.compile(r"[.,][0-9]*([.,])[0-9]*[^0-9.,]*\Z|([.,])[0-9]*[^0-9.,]*\Z")
_AMBIGUOUS: Final = re.compile(r"(?:\A|[^0-9.,])[1-9][0-9]{0,2}[.,][0-9]{3}(?:[^0-9.,]|\Z)")
"""`1,234` is a thousand to some and a little more than one to others."""


def shows_mark(column: str, mark: str) -> str:
    """The SQL that is true for a number whose fraction this sign begins, whatever the others look like."""
    other = "." if mark == "," else ","
    sign, apart = (re.escape(each) for each in (mark, other))
    several = f"{apart}[0-9]+{sign}[0-9]*[^0-9.,]*$"
    alone = (
        f"(?:^|[^0-9.,])(?:[0-9]*{sign}(?:[0-9]{{0,2}}|[0-9]{{4,}})|(?:0|[0-9]{{4,}}){sign}[0-9]*)[^0-9.,]*$"
    )
    return f"regexp_matches({_bare(column)}, {literal(f'{several}|{alone}')})"


def _bare(column: str) -> str:
    """The SQL of a number without its unit, its share of a whole, and with one sort of minus."""
    minus = f"replace(replace({column}, '\u2212', '-'), '\u2013', '-')"
    stated = f"regexp_replace({minus}, {literal(_SHARE)}, '')"
    before = f"regexp_replace({stated}, {literal(_BEFORE)}, '\\1')"
    return f"trim(regexp_replace({before}, {literal(_AFTER)}, '\\1'))"


_UNIT: Final = (
    r"(?:[A-Z]{3}|[A-Z]{0,3}\p{Sc}|(?:kr|Rs|S?Fr|Rp)\.?|Ft|TL|RM|lei|zl|R"
    r"|\p{L}{0,3}[^\x00-\x7f\p{N}\p{Z}\p{P}\p{S}]\p{L}{0,3}\.?)"
)
"""What money is counted in, as it is written beside a number."""
_BEFORE: Final = rf"^\s*([-+(]*)\s*{_UNIT}\s*"
_AFTER: Final = rf"\s*{_UNIT}\s*([)]?-?)\s*$"
_APART: Final = r"[ '\x{a0}\x{202f}\x{2009}\x{2007}\x{2019}\x{b4}`]"
"""Signs between thousands that nothing else is written with."""
_SHAPE: Final = (
    r"[-+(]*\s*(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+"
    rf"|[0-9]{{1,3}}(?:{_APART}[0-9]{{3}})+(?:[.,][0-9]*)?"
    r"|[0-9]{1,3}(?:[.][0-9]{3})+(?:,[0-9]*)?|[0-9]{1,3}(?:,[0-9]{3})+(?:[.][0-9]*)?"
    r"|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:[.][0-9]*)?)"
    r"(?:[eE][+-]?[0-9]{1,2})?\s*[)]?-?"
)
"""A number as people write it: thousands in threes by one sign, or as in India, and a fraction by another."""


def number(column: str, mark: str) -> str:
    """A number that was written for people. NULL where it is none.

    Where a number has both signs, or one of them twice, it shows itself which begins the fraction; `mark` is
    for `1,234`, which is a thousand where there is none. `1.2K`, `12 %`, `1/2` and `5 of 7` are no amounts; a
    share in brackets behind a number is none of it.
    """
    stated = _bare(column)
    kept = f"regexp_replace({stated}, '[^0-9.,eE()+-]', '', 'g')"
    dotted, whole = f"replace(replace({kept}, '.', ''), ',', '.')", f"replace({kept}, ',', '')"
    neither = f"replace({whole}, '.', '')"
    bare = (
        f"CASE WHEN NOT regexp_full_match({stated}, {literal(_SHAPE)}) THEN NULL "
        f"WHEN regexp_matches({kept}, '[.].*,') THEN {dotted} "
        f"WHEN regexp_matches({kept}, ',.*[.]') OR regexp_matches({kept}, ',.*,') THEN {whole} "
        f"WHEN regexp_matches({kept}, '[.].*[.]') THEN replace({kept}, '.', '') "
        f"WHEN regexp_matches({kept}, '^[(+-]*[1-9][0-9]{{0,2}}[.,][0-9]{{3}}[)-]?$') "
        f"THEN {whole if mark == '.' else dotted if mark else neither} "
        f"ELSE replace({kept}, ',', '.') END"
    )
    bare = f"regexp_replace({bare}, '^(?:\\((.*)\\)|(.*)-)$', '-\\1\\2')"  # as bookkeepers write what is owed
    scaled = f"regexp_matches({column}, {literal(_SCALED)})"
    return (
        f"CASE WHEN regexp_full_match({column}, '[0-9]{{1,15}}(?:[.][0-9]{{1,2}})?') "  # quickly: most are
        f"THEN try_cast({column} AS DOUBLE) WHEN starts_with(trim({column}), '<') OR {scaled} THEN NULL "
        f"WHEN abs(try_cast({bare} AS DOUBLE)) <= {MOST} THEN try_cast({bare} AS DOUBLE) END"
    )


_SHARE: Final = r"\s*\([^()]*%[^()]*\)\s*$"
_SCALED: Final = (
    r"(?i)^\s*#|[0-9]\s*(?:[kmb]|mn|bn|mm|mio|mrd|mld|mil|bio|lakhs?|cr|crores?|tsd|tys|\x{442}\x{44b}\x{441}"
    r"|\x{43c}\x{43b}\x{43d}|\x{43c}\x{43b}\x{440}\x{434}|%|\x{5343}|\x{4e07}|\x{5104}|\x{4ebf})\.?\s*$"
)
"""Thousands, millions, shares, and the errors of spreadsheets (`#DIV/0!`)."""


def no_number(column: str, mark: str) -> str:
    """The SQL that is true where something else stands than a number, or than that there is none."""
    return (
        f"({number(column, mark)}) IS NULL AND {text(column)} IS NOT NULL "
        f"AND NOT starts_with(trim({column}), '<')"
    )


def day_formats(cells: Iterable[str], own: Sequence[str]) -> tuple[str, ...]:
    """How days are written: as the mapping knows, with dots, or with the day first where a cell shows it."""
    cells = [cell.strip() for cell in cells]
    parts = [match.groups() for cell in cells if (match := _SLASHED.match(cell))]
    day_first = any(int(first) > _MONTHS for first, _ in parts)
    month_first = any(int(second) > _MONTHS for _, second in parts)
    found = ("%d/%m/%Y",) if day_first and not month_first else ("%m/%d/%Y",) if month_first else ()
    unlike = day_first or (not month_first and _nearer_as_days(parts))
    kept = tuple(each for each in own if not (unlike and each.startswith("%m/")))
    told = [form for sign, forms in _TOLD if any(sign.match(cell) for cell in cells) for form in forms]
    return tuple(dict.fromkeys((*kept, "%Y-%m-%d", "%d.%m.%Y", *found, *told)))


def _nearer_as_days(parts: Sequence[Sequence[str]]) -> bool:
    """Whether the days of `02/11` and `03/11` follow each other only where the day stands first.

    A report of the first days of months looks the same, so that neither order is known then.
    """
    firsts, seconds = ({int(pair[place]) for pair in parts} for place in (0, 1))
    return len(firsts) > len(seconds)


_TOLD: Final = (
    (re.compile(r"[A-Za-z]{3}"), ("%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%a, %b %d, %Y", "%A, %B %d, %Y")),
    (re.compile(r"[0-9]{1,2}[ -][A-Za-z]{3}"), ("%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d %B %Y")),
    (re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2}\Z"), ("%d.%m.%y",)),
    (re.compile(r"[0-9]{4}\."), ("%Y.%m.%d",)),
    (re.compile(r"[0-9]{4}\u5e74"), ("%Y\u5e74%m\u6708%d\u65e5",)),
)
"""How days look and how they are written then: looked for where a cell looks so."""


def day(column: str, formats: Sequence[str]) -> str:
    """A day, also as spreadsheets count days. NULL where it is none."""
    tries = ", ".join(_tried(column, each) for each in formats)
    serial = f"regexp_full_match(trim({column}), '[34][0-9]{{4}}(?:[.]0+)?')"  # of 1982 to 2036
    counted = f"DATE '1899-12-30' + CAST(try_cast({column} AS DOUBLE) AS INTEGER)"
    return f"CAST(coalesce({tries}, CASE WHEN {serial} THEN {counted} END) AS DATE)"


def _tried(column: str, form: str) -> str:
    """The SQL of a day that is written so. DuckDB takes `26` for a year of four digits."""
    made = f"try_strptime(left(trim({column}), {_longest(form)}), {literal(form)})"
    return f"CASE WHEN {made} >= TIMESTAMP '1990-01-01' THEN {made} END" if "%Y" in form else made


def _longest(form: str) -> int:
    """Characters that a day takes at most when it is written so."""
    return 30 if "%b" in form or "%B" in form else 11 if "\u5e74" in form else 10
