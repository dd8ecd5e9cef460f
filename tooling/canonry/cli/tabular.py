"""`parse` of a sheet: rows in, the same rows with what their links or names say out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from canonry.adapters import tables
from canonry.adapters.csvfiles import CsvTable
from canonry.adapters.terminal import progress
from canonry.adapters.workbooks import WORDS_SHEET
from canonry.cli.answers import Answers
from canonry.kernel.errors import UsageError

if TYPE_CHECKING:
    from canonry.adapters.cells import Cell, Sheet
    from canonry.adapters.tables import Writer
    from canonry.adapters.workbooks import Workbook
    from canonry.app.parsed import Answer, Links, Names

HEADING_WITHIN: Final = 20
"""A heading is looked for in so many rows: titles and notes may stand above it."""

_RESULTS: Final = ("status", "format", "channel", "problems", "corrected")
_LIKELY: Final = (
    "link",
    "url",
    "full url",
    "tagged link",
    "landing page",
    "page_location",
    "name",
    "ad name",
)


class _Column(NamedTuple):
    """Where the links of a sheet stand."""

    above: int
    """Rows above the heading."""
    place: int
    headed: bool
    """Whether there is a heading; a bare list of links has none."""


def opened(source: Path, stack: ExitStack) -> CsvTable | Workbook:
    """The table in a file or, for `-`, in what comes through standard input. Raises `TableError`."""
    if str(source) == tables.STDIO:
        source = stack.enter_context(tables.spooled(sys.stdin.buffer))
    return stack.enter_context(tables.open_table(source))


def free(names: Sequence[str], taken: Sequence[str]) -> list[str]:
    """Headings for the results that the sheet does not have yet."""
    held = {name.strip().casefold() for name in taken}
    return [f"{name} (canonry)" if name in held else name for name in names]


def read_sheet(
    reader: Links | Names, source: Path | None, output: Path | None, answers: Answers, column: str | None
) -> None:
    """Reads the links of every sheet that has some, and writes all sheets again with what each link says."""
    with ExitStack() as stack:
        table = opened(source or Path(tables.STDIO), stack)
        found = _columns(table, column)
        writer = None
        if output is not None:
            like = table if isinstance(table, CsvTable) else None
            writer = stack.enter_context(tables.create_table(output, source, like=like))
        for sheet in table.sheets():
            if writer is not None:
                writer.sheet(sheet.name or "Links")
            if sheet.name in found:
                path = f"{source or 'standard input'}{f' [{sheet.name}]' if sheet.name else ''}"
                _read(reader, sheet, path, found[sheet.name], answers, writer)
            elif writer is not None:
                for cells in sheet.rows:
                    writer.row(cells)


def _read(
    reader: Links | Names,
    sheet: Sheet,
    path: str,
    column: _Column,
    answers: Answers,
    writer: Writer | None,
) -> None:
    rows: Iterator[list[Cell]] = iter(sheet.rows)
    for _ in range(column.above):
        above = next(rows)
        if writer is not None:
            writer.row(above)
    width = sheet.width
    place = column.place
    if column.headed or writer is not None:
        heading = next(rows) if column.headed else []
        width = max(width, len(heading))
        taken = [str(cell or "") for cell in heading]
        if writer is not None:
            writer.row([*heading, *[None] * (width - len(heading)), *free(_RESULTS, taken)])
    read, write = reader.read, writer.row if writer is not None else None
    blank: list[Cell] = [None] * max(width, len(_RESULTS))
    nothing = blank[: len(_RESULTS)]
    first = column.above + 1 + column.headed
    with progress("rows", sheet.total) as tick:
        for number, cells in enumerate(rows, first):
            cell = cells[place] if place < len(cells) else None
            text = cell.strip() if cell.__class__ is str else "" if cell is None else str(cell)
            said = nothing
            if text:
                answer = read(text, path, number)
                answers.add(number, answer, path)
                said = _results(answer)
            if write is not None:
                short = width - len(cells)
                write([*cells, *blank[:short], *said] if short > 0 else [*cells, *said])
            if not number & 0x3FF:
                tick(number)


def _results(answer: Answer) -> list[Cell]:
    """The cells that a row gains."""
    channel = answer.channel["channel"] if answer.channel else ""
    if not answer.findings and answer.status == "right":
        return ["right", answer.format or "", channel, "", answer.text]
    problems = "; ".join(finding.message for finding in answer.findings)
    corrected = (
        answer.corrected if answer.corrected_right else answer.text if answer.status == "right" else ""
    )
    return [answer.verdict, answer.format or "", channel, problems, corrected]


def _columns(table: CsvTable | Workbook, wanted: str | None) -> Mapping[str, _Column]:
    """The column of each sheet that has one. Raises `UsageError` where none has."""
    found: dict[str, _Column] = {}
    headings: list[str] = []
    for sheet in table.sheets():
        if sheet.name == WORDS_SHEET:
            continue
        first: list[str] = []
        for number, cells in enumerate(sheet.rows):
            names = [str(cell or "").strip() for cell in cells]
            first = first or list(filter(None, names))
            column = _column(number, names, wanted)
            if column is not None:
                found[sheet.name] = column
                break
            if number > HEADING_WITHIN:
                break
        if sheet.name not in found and len(first) == 1 and wanted is None and sheet.width == 1:
            found[sheet.name] = _Column(0, 0, headed=True)
        headings += first
    if found:
        return found
    if not headings:
        raise UsageError("the sheet is empty", "canonry utm parse --help shows what it reads")
    listed = ", ".join(dict.fromkeys(headings))
    if wanted is not None:
        raise UsageError(f"there is no column {wanted!r}", f"There are: {listed}")
    raise UsageError("which column holds the links?", f"Say --column with one of: {listed}")


def _column(number: int, names: Sequence[str], wanted: str | None) -> _Column | None:
    """The column that holds the links, if this row is the heading or the first of a list without one."""
    folded = [name.casefold() for name in names]
    likely = _LIKELY if wanted is None else (wanted.strip().casefold(),)
    for name in likely:
        if name in folded:
            return _Column(number, folded.index(name), headed=True)
    links = [place for place, name in enumerate(names) if "://" in name]
    if wanted is None and links:
        return _Column(number, links[0], headed=False)
    return None
