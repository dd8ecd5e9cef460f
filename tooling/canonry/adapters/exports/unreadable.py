"""The table that a file is to DuckDB, and where in it something stands that should be a number or a day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Map
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from canonry.adapters.exports import columns
from canonry.adapters.exports.counts import line_of
from canonry.adapters.exports.layout import Layout
from canonry.adapters.exports.queries import identifier, literal
from canonry.audit.drift import shown
from canonry.audit.mappings import Fit
from canonry.audit.source import Gap

if TYPE_CHECKING:
    import duckdb

BAD_DAYS: Final = "bad days of "
TOO_LONG: Final = '"bad.long"'
_SPARE: Final = 24
"""So many more cells than the header may a line have that was not looked at."""
PADDED: Final = "null_padding=true"
_TRIED: Final = 1000
"""Wrong cells that are looked for in the file, to say where the first stands."""


_OFFSET: Final = re.compile(r"[0-9](Z|[+-][0-9]{2}:?[0-9]{2})$")


class Unreadable:
    """What a file has where numbers and days should be."""

    def __init__(
        self,
        run: Callable[[str], duckdb.DuckDBPyConnection],
        layout: Layout,
        fit: Fit,
        path: Path,
        cell: Any,
        marks: Map[str, str],
        days: Map[str, str],
    ) -> None:
        self.run = run
        self.layout = layout
        self.fit = fit
        self.path = path
        self.cell = cell
        self.marks = marks
        self.days = days

    def gaps(self, table: str) -> Iterator[Gap]:
        """One per column; `table` has the groups, with how many values of each cannot be read."""
        kinds = dict(enumerate(self.layout.types))
        for role, mark in self.marks.items():
            place = self.fit.columns[role]
            kind = kinds.get(place, "")
            if columns.is_number(kind) and not columns.is_float(kind):
                continue
            found = self._sum(table, identifier("bad." + role))
            if found:
                column = self.cell(place)
                finite = columns.is_float(kind)
                wrong = columns.not_finite(column) if finite else columns.no_number(column, mark)
                where, text = self._first(place, wrong)
                values = "1 value" if found == 1 else f"{found:,} values"
                are = "is no number" if found == 1 else "are no numbers"
                why = f"{values} of {self._heading(place)} {are} ({text}): its sum is short"
                yield Gap(where, why, "Correct it, or export it again")
        for role, day in self.days.items():
            place = self.fit.columns[role]
            found = self._sum(table, identifier(BAD_DAYS + role))
            if found:
                where, text = self._first(place, f"({day}) IS NULL")
                values = "1 value" if found == 1 else f"{found:,} values"
                are = "is no day" if found == 1 else "are no days"
                why = (
                    f"{values} of {self._heading(place)} {are} that can be told ({text}): "
                    "no period was applied"
                )
                yield Gap(where, why, "Export it with days as 2026-11-16")

    def shapes(self, table: str) -> Iterator[Gap]:
        """Lines with more cells than the header, and days of several time zones."""
        long = self._sum(table, TOO_LONG) if self.layout.kind == "csv" else 0
        if long:
            beyond = len(self.layout.header)
            where, _ = self._first(beyond, "true")
            have = "1 line has" if long == 1 else f"{long:,} lines have"
            why = f"{have} more cells than the header: its values may stand in the wrong columns"
            yield Gap(where, why, "Quote cells that hold the delimiter, or export it again")
        place = self.fit.columns.get("date", self.fit.columns.get("first"))
        rows = self.layout.rows
        if place is not None and any(_OFFSET.search(row[place]) for row in rows if len(row) > place):
            zone = f"regexp_extract(trim({self.cell(place)}), {literal(_OFFSET.pattern)}, 1)"
            found = self.run(
                f"SELECT DISTINCT {zone} FROM {scanned(self.layout)[0]} WHERE {zone} <> '' ORDER BY 1"
            ).fetchall()
            if len(found) > 1:
                zones = ", ".join(text for (text,) in found[:4])
                why = f"days of {self._heading(place)} are of several time zones ({zones})"
                yield Gap(
                    self.path.name,
                    f"{why}, and were taken as written",
                    "Export days in the account's time zone",
                )

    def _heading(self, place: int) -> str:
        return repr(shown(self.layout.header[place].strip()[:60]))

    def _sum(self, table: str, column: str) -> int:
        return int(self.run(f"SELECT sum({column}) FROM {table}").fetchall()[0][0] or 0)

    def _first(self, place: int, wrong: str) -> tuple[str, str]:
        """File and line of the first cell that is wrong so, and what stands there."""
        column = self.cell(place)
        texts = [
            str(text)
            for (text,) in self.run(
                f"SELECT {column} FROM {scanned(self.layout)[0]} "
                f"WHERE {column} IS NOT NULL AND ({wrong}) LIMIT {_TRIED}"
            ).fetchall()
        ]
        found = line_of(self.layout, place, set(texts)) if self.layout.kind == "csv" else None
        text = repr(shown((found[1] if found else texts[0] if texts else "").strip()[:40]))
        if found is None:
            return self.path.name, text
        where = f":{found[0]}" if self.layout.unit == "line" else f", row {found[0]}"
        return self.path.name + where, text


def scanned(layout: Layout) -> tuple[str, Any]:
    """The table function that reads a file, and the SQL of its n-th column as text (or number)."""
    if layout.kind == "csv":
        width = layout.width + _SPARE
        nothing = literal("\\N" if layout.escape != "\\" else "\x01")
        declared = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(width))
        scan = (
            f"read_csv({literal(layout.path)}, header=false, auto_detect=false, skip={layout.skip}, "
            f"delim={literal(layout.delimiter)}, quote={literal(layout.quote)}, "
            f"escape={literal(layout.escape)}, {PADDED}, "
            f"columns={{{declared}}}, max_line_size=4194304, nullstr={nothing})"
        )
        return scan, lambda number: f"c{number}"
    function = "read_parquet" if layout.kind == "parquet" else "read_json"
    scan = f"{function}({literal(layout.path)}{layout.options})"

    def cell(number: int) -> str:
        heading, kind = layout.header[number], layout.types[number]
        column = identifier(heading)
        if "." in heading and heading not in layout.header[:number]:
            whole, _, member = heading.rpartition(".")
            if whole in layout.header:
                column = f"{identifier(whole)}.{identifier(member)}"
        if kind == "JSON":  # of values of several kinds: a text without its quotation marks
            return f"({column} ->> '$')"
        plain = columns.is_number(kind) or kind == "VARCHAR"
        return column if plain else f"CAST({column} AS VARCHAR)"

    return scan, cell
