"""A workbook as text: the sheet that suits best, and what is not read of the others."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from canonry.adapters.cells import Cell
from canonry.adapters.exports.copies import fresh
from canonry.adapters.exports.counts import listed
from canonry.adapters.workbooks import Hidden, Workbook
from canonry.audit.layouts import best, suitable
from canonry.audit.mappings import Fit, Mapping
from canonry.audit.source import Gap


def from_workbook(
    path: Path, folder: Path, shown: Path, among: Iterable[Mapping], gaps: list[Gap], notes: list[str]
) -> Path:
    """The sheet that suits best as CSV, with the rows of those that have its header; the others are gaps.

    What is hidden is read as well, and noted.
    """
    target = fresh(folder, "sheet", ".csv")
    among = tuple(among)
    merged = _merged(path)
    if merged:
        gaps.append(
            Gap(
                shown.name,
                f"{merged:,} merged cells stand for several rows, of which only the first has the value",
                "Unmerge them and fill them down, or export it again as CSV",
            )
        )
    with Workbook.open(path, shown) as book:
        suits = [(sheet, *_header_of(sheet.rows, among)) for sheet in book.sheets()]
    chosen = max(
        suits,
        key=lambda each: suitable([each[2]] if each[2] else []),
        default=None,
    )
    with Workbook.open(path, shown) as book, target.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n").writerow
        hidden: list[Hidden] = []
        for place, (sheet, (_, header, fit)) in enumerate(zip(book.sheets(), suits, strict=True)):
            if chosen is None or (header and header == chosen[1]) or (chosen[2] is None and header):
                hidden.append(book.hidden(place, len(header)))
                for row in sheet.rows:
                    write([_cell(cell) for cell in row])
                if chosen is None or chosen[2] is None:
                    break
            elif fit is not None and fit.whole:
                why = f"its sheet {sheet.name[:40]!r}, which suits {fit.mapping.key}, was not read"
                gaps.append(Gap(shown.name, why, "Save it as a file of its own"))
    notes += _shown(hidden)
    return target


def _shown(hidden: Sequence[Hidden]) -> Iterator[str]:
    """What was read although nobody sees it."""
    counts = {
        "sheet": sum(each.sheet for each in hidden),
        "row": sum(each.rows for each in hidden),
        "column": sum(each.columns for each in hidden),
    }
    parts = [f"{number:,} hidden {what}{'s'[: number > 1]}" for what, number in counts.items() if number]
    if parts:
        yield f"{listed(parts)} {'was' if sum(counts.values()) == 1 else 'were'} read as well"


def _merged(path: Path) -> int:
    """Cells that span rows of data, in sheets that are not large."""
    found = 0
    with zipfile.ZipFile(path) as archive:
        for each in archive.infolist():
            if each.filename.startswith("xl/worksheets/sheet") and each.file_size < _SMALL:
                for first, last in _MERGED.findall(archive.read(each)):
                    found += 1 < int(first) < int(last)
    return found


_MERGED: Final = re.compile(rb'<mergeCell ref="[A-Z]+([0-9]+):[A-Z]+([0-9]+)"')
_SMALL: Final = 16 << 20


def _header_of(rows: Iterable[list[Cell]], among: Sequence[Mapping]) -> tuple[list[str], Fit | None]:
    """The row among the first that suits best, and how; of a sheet that suits nothing its first row."""
    first: list[str] = []
    found: tuple[list[str], Fit | None] = ([], None)
    for row in islice(rows, _TOP):
        cells = [_cell(cell) for cell in row]
        if not any(cells):
            continue
        first = first or cells
        fits = best(cells, "", among)
        if fits and (found[1] is None or suitable(fits) > suitable([found[1]])):
            found = cells, fits[0]
    return found if found[1] is not None else (first, None)


_TOP: Final = 60
"""Rows of a sheet among which its header is."""


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        midnight = value.hour == value.minute == value.second == 0
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        if abs(value) >= 2**53:  # not every whole number is one of these: it may have been another
            return f"{value:.15E}"
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
