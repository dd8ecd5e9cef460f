"""Delimited text: its delimiter, its quotes, where its header stands, and which days it covers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from canonry.adapters.cells import TableError
from canonry.adapters.exports.blocks import chosen
from canonry.adapters.exports.layout import Layout, reader_of
from canonry.adapters.exports.periods import ZONE, period_in
from canonry.audit.layouts import best, suitable
from canonry.audit.mappings import Mapping
from canonry.audit.source import Gap

_HEAD: Final = 400
"""Lines looked at to find the header and how numbers are written."""
_TOP: Final = 60
"""Lines that show how cells are quoted."""
_DELIMITERS: Final = ",\t;|"


def of_text(path: Path, folder: Path, among: Sequence[Mapping], gaps: list[Gap], shown: Path) -> Layout:
    """A UTF-8 text with its delimiter and header. Raises `TableError` where it has no columns."""
    lines: list[str] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line in file:
            lines.append(line)
            if len(lines) >= _HEAD:
                break
    found: Layout | None = None
    for delimiter in _sensible(lines):
        layout = _with_delimiter(path, lines, delimiter, among)
        if layout is not None and (found is None or _suits(layout) > _suits(found)):
            found = layout
    if found is None:
        raise TableError(str(shown), "no line has columns", "Export it as CSV with a header")
    found.gaps = gaps
    found = chosen(found, among, folder, shown.name)
    american = bool(found.fits) and any(each.startswith("%m/") for each in found.fits[0].mapping.dates)
    found.period = period_in("\n".join([*found.above, *_tail(path)]), month_first=american)
    if cut_off(path, found):
        found.gaps.append(
            Gap(shown.name, "its last line is cut off; what follows is unknown", "Copy or export it again")
        )
    if not found.period.time_zone and (zone := ZONE.search(" ".join(found.header))):
        found.period = replace(found.period, time_zone=zone[1])
    return found


def _sensible(lines: Sequence[str]) -> list[str]:
    text = "".join(lines)
    return [sign for sign in _DELIMITERS if sign in text] or [","]


def _suits(layout: Layout) -> tuple[bool, float, int]:
    return *suitable(layout.fits), len(layout.header)


def _with_delimiter(
    path: Path, lines: Sequence[str], delimiter: str, among: Sequence[Mapping]
) -> Layout | None:
    quote, escape = _quoting(lines, delimiter)
    reader = reader_of(lines, delimiter, quote, escape)
    rows: list[tuple[int, list[str]]] = []
    with suppress(csv.Error):
        rows.extend((reader.line_num, row) for row in reader)
    found: Layout | None = None
    for number, (line, row) in enumerate(rows):
        if sum(1 for cell in row if cell.strip()) == 0 or row[0].startswith("#"):
            continue
        above = [delimiter.join(cells) for _, cells in rows[:number]]
        fits = best(row, "\n".join(above), among)
        layout = Layout(path, "csv", row, above=above, skip=line, delimiter=delimiter, fits=fits)
        layout.quote, layout.escape = quote, escape
        if found is None or suitable(fits) > suitable(found.fits):
            found = replace(layout, rows=[cells for _, cells in rows[number + 1 :] if any(cells)])
    return found


def _quoting(lines: Sequence[str], delimiter: str) -> tuple[str, str]:
    """What cells are quoted with, and what stands before such a sign in one."""
    text = "".join(lines[:_TOP])
    sign = re.escape(delimiter)
    if '"' not in text and len(re.findall(f"'{sign}'", text)) > len(lines[:_TOP]) // 2:
        return "'", "'"
    return '"', "\\" if re.search(rf'[^\\{sign}]\\"(?!{sign}|\s*$)', text, re.MULTILINE) else '"'


def _tail(path: Path) -> list[str]:
    """The lines at the end that say which days a report covers."""
    return [line for line in _ending(path) if line.startswith(("Date Range", '"Date Range'))]


def cut_off(path: Path, layout: Layout) -> bool:
    """Whether the last line ends in the middle: no line end, and fewer cells than the ones above it."""
    with path.open("rb") as file:
        file.seek(max(file.seek(0, io.SEEK_END) - 1, 0))
        if file.read(1) in (b"\n", b"\r"):
            return False
    with suppress(csv.Error):
        rows = list(layout.reader(_ending(path)[-20:]))
        full = len(layout.header)
        return len(rows) > 1 and len(rows[-1]) < full == len(rows[-2])
    return False


def _ending(path: Path) -> list[str]:
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(size - 8192, 0))
        return file.read().decode("utf-8", "replace").splitlines()[1 if size > 8192 else 0 :]  # noqa: PLR2004
