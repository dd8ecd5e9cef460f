"""XLSX files: read row by row with openpyxl, written row by row with xlsxwriter."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final, NamedTuple

from canonry.adapters.cells import Cell, Look, Sheet, TableError

MAX_UNPACKED: Final = 2 * 1024**3
"""A workbook that unpacks to more is refused: a sheet of a million rows comes to a quarter of it."""

_FORMULA: Final = re.compile(rb"<f[ >]")
_HIDDEN_ROW: Final = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"(?:[^>]*[^/>])?>(?!</)')
_HIDDEN_COLUMN: Final = re.compile(rb'<(?:\w+:)?col\b[^>]*\bhidden="(?:1|true)"[^>]*>')
_REACH: Final = re.compile(rb'\b(min|max)="([0-9]+)"')
_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\]")
_MAX_ROWS: Final = 1_048_576
_WRAPPED: Final = 36
"""Characters: text in a column as wide as that goes on in the next line."""

WORDS_SHEET: Final = "Allowed words"
"""The sheet of a blank form that its drop-down lists take their words from."""


class Hidden(NamedTuple):
    """Whether a sheet is hidden, and how many of its rows with cells and of its columns are."""

    sheet: bool
    rows: int
    columns: int


@dataclass
class Workbook:
    """One workbook. A cell that holds a formula gives its last result, or the formula where it has none."""

    path: Path
    book: Any
    results: Any = None
    notes: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def open(cls, path: Path, shown: Path | None = None) -> Iterator[Workbook]:
        """A workbook, whatever its file is called; `shown` in errors. Raises `TableError`."""
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of drop-downs and the like that it leaves out
            import openpyxl

            name = shown or path
            with path.open("rb") as file, path.open("rb") as again:  # by its name, openpyxl refuses a `.csv`
                try:
                    formulas = _holds_formulas(path, name)
                    book = openpyxl.load_workbook(file, read_only=True)
                    results = (
                        openpyxl.load_workbook(again, read_only=True, data_only=True) if formulas else None
                    )
                except TableError:
                    raise
                except Exception as error:
                    raise TableError(
                        str(name), "the workbook is damaged", "Open it in Excel and save it again"
                    ) from error
                with closing(book):
                    try:
                        yield cls(name, book, results)
                    finally:
                        if results is not None:
                            results.close()

    def sheets(self) -> Iterator[Sheet]:
        """Every sheet that holds cells, in order; charts have none."""
        for place, sheet in enumerate(self.book.worksheets):
            total, width = sheet.max_row, sheet.max_column
            yield Sheet(sheet.title, self._rows(place, sheet), total, width or 0)

    def hidden(self, place: int, width: int) -> Hidden:
        """What is hidden of a sheet of so many columns: people do not see it, and it is read all the same."""
        sheet = self.book.worksheets[place]
        rows = columns = 0
        rest = b""
        with self.book._archive.open(sheet._worksheet_path) as xml:  # noqa: SLF001  openpyxl passes it over
            while chunk := xml.read(1 << 20):
                data = rest + chunk
                end = data.rfind(b"<")
                data, rest = data[: max(end, 0)], data[max(end, 0) :]
                rows += len(_HIDDEN_ROW.findall(data))
                for column in _HIDDEN_COLUMN.findall(data):
                    told = {name: int(number) for name, number in _REACH.findall(column)}
                    columns += max(min(told.get(b"max", 0), width) - told.get(b"min", 1) + 1, 0)
        return Hidden(sheet.sheet_state != "visible", rows, columns)

    def _rows(self, place: int, sheet: Any) -> Iterator[list[Cell]]:
        sheet.reset_dimensions()  # some programs write a wrong one, and rows beyond it would be lost
        rows = sheet.iter_rows(values_only=True)
        if self.results is None:
            yield from map(list, self._read(rows))
            return
        twin = self.results.worksheets[place]
        twin.reset_dimensions()
        for row, values in zip(self._read(rows), self._read(twin.iter_rows(values_only=True)), strict=True):
            yield [
                value if value is not None or not isinstance(cell, str) else cell
                for cell, value in zip(row, values, strict=True)
            ]

    def _read(self, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        number = 0
        try:
            for row in rows:
                number += 1
                yield row
        except (ValueError, KeyError, IndexError, SyntaxError, zipfile.BadZipFile, EOFError) as error:
            raise TableError(
                str(self.path),
                f"the workbook is damaged after row {number}",
                "Open it in Excel and save it again",
            ) from error


def _holds_formulas(path: Path, shown: Path) -> bool:
    """Raises `TableError` for a file that unpacks to too much."""
    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
            raise TableError(str(shown), "it unpacks to more than 2 GB", "Split it, or save it as CSV")
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                continue
            with archive.open(name) as sheet:
                tail = b""
                while chunk := sheet.read(1 << 20):
                    if _FORMULA.search(tail + chunk):
                        return True
                    tail = chunk[-3:]
    return False


class WorkbookWriter:
    """Writes sheets one after the other in little memory."""

    def __init__(self, book: Any, path: Path) -> None:
        self.book = book
        self.path = path
        self.formats = {
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            time: book.add_format({"num_format": "hh:mm:ss"}),
        }
        self._sheet: Any = None
        self._look: Look | None = None
        self._across = 0
        self._next = 0
        self._names: set[str] = set()

    @classmethod
    @contextmanager
    def create(cls, path: Path) -> Iterator[WorkbookWriter]:
        """Nothing is kept of a workbook that is left with an error."""
        with tempfile.TemporaryDirectory(prefix="canonry-") as folder:
            yield from cls._written(path, folder)

    @classmethod
    def _written(cls, path: Path, folder: str) -> Iterator[WorkbookWriter]:
        import xlsxwriter

        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
        }
        book = xlsxwriter.Workbook(str(path), options)
        try:
            writer = cls(book, path)
            yield writer
            writer._finish()
            book.close()
        finally:
            for sheet in book.worksheets():  # left open where the workbook was not finished
                rows = getattr(sheet, "row_data_fh", None)
                if rows is not None:
                    rows.close()

    def sheet(self, name: str, look: Look | None = None) -> None:
        """Names that Excel does not allow are mended."""
        self._finish()
        clean = _SHEET_NAME.sub(" ", name).strip("' ")[:31] or "Links"
        base, number = clean, 2
        while clean.lower() in self._names:
            clean = f"{base[:28]} {number}"
            number += 1
        self._names.add(clean.lower())
        self._sheet = self.book.add_worksheet(clean)
        self._next = self._across = 0
        self._look = look
        if look is not None:
            self._shape(look)

    def _shape(self, look: Look) -> None:
        top, wrapped = {"valign": "top"}, {"valign": "top", "text_wrap": True}
        for column, width in enumerate(look.widths):
            form = wrapped if width >= _WRAPPED else top
            if column in look.percents:
                form = {**top, "num_format": "0.0%"}
            elif column in look.amounts:
                form = {**top, "num_format": "#,##0.00"}
            self._sheet.set_column(column, column, width, self.book.add_format(form))
        if look.headed:
            self._sheet.freeze_panes(1, 0)
            self._sheet.set_row(0, None, self.book.add_format({"bold": True, "bg_color": "#DDE7F0"}))
        # An id is text, whatever it looks like, and that is no mistake to be marked.
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{_MAX_ROWS}"})

    def _finish(self) -> None:
        """What can be said of a sheet only when its rows are known."""
        if self._look is not None and self._look.headed and self._next > 1:
            self._sheet.autofilter(0, 0, self._next - 1, self._across - 1)
        self._look = None

    def row(self, cells: Sequence[Cell]) -> None:
        """Text stays text, also where it begins with `=`."""
        if self._sheet is None:
            self.sheet("Links")
        write_text = self._sheet.write_string
        number = self._next
        if number == 0:
            self._across = len(cells)
        for column, cell in enumerate(cells):
            if cell.__class__ is str:
                if write_text(number, column, cell):
                    raise TableError(str(self.path), _too_much(number), "Write a .csv instead")
            elif cell is not None:
                self._write(number, column, cell)
        if number >= _MAX_ROWS:
            raise TableError(str(self.path), _too_much(number), "Write a .csv instead")
        self._next = number + 1

    def picture(self, column: int, png: bytes, *, height: int) -> None:
        """A picture in the row that was written last, which becomes `height` points high."""
        import io

        row = self._next - 1
        self._sheet.set_row(row, height)
        self._sheet.insert_image(
            row, column, "code.png", {"image_data": io.BytesIO(png), "object_position": 1}
        )

    def _write(self, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, bool):
            self._sheet.write_boolean(row, column, cell)
        elif isinstance(cell, int | float):
            self._sheet.write_number(row, column, cell)
        elif isinstance(cell, datetime | date | time):
            self._sheet.write_datetime(row, column, cell, self.formats[type(cell)])
        else:
            self._sheet.write_string(row, column, str(cell))


def _too_much(row: int) -> str:
    if row >= _MAX_ROWS:
        return f"a workbook has at most {_MAX_ROWS:,} rows"
    return f"row {row + 1} has a cell of more than 32,767 characters, which is all that a workbook takes"


def write_form(
    path: Path, name: str, columns: Sequence[tuple[str, str, Sequence[str] | None]], *, rows: int = 1000
) -> None:
    """A blank sheet to fill in: per column its heading, an explanation, and the words of a drop-down list."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#DDE7F0", "border": 1})
        text = book.add_format(
            {"num_format": "@"}
        )  # as text, so that nothing is taken for a number or a date
        sheet = book.add_worksheet(_SHEET_NAME.sub(" ", name)[:31])
        words = book.add_worksheet(WORDS_SHEET)
        sheet.freeze_panes(1, 0)
        for column, (title, about, choices) in enumerate(columns):
            sheet.write_string(0, column, title, head)
            sheet.write_comment(0, column, about[:1000], {"x_scale": 2})
            sheet.set_column(column, column, max(14, min(len(title) + 4, 40)), text)
            words.write_string(0, column, title, head)
            words.set_column(column, column, max(14, len(title) + 2), text)
            for row, word in enumerate(choices or (), 1):
                words.write_string(row, column, word)
            if choices:
                from xlsxwriter.utility import xl_col_to_name

                letter = xl_col_to_name(column)
                sheet.data_validation(
                    1,
                    column,
                    rows,
                    column,
                    {
                        "validate": "list",
                        "source": f"='{WORDS_SHEET}'!${letter}$2:${letter}${len(choices) + 1}",
                        "input_title": title[:32],
                        "input_message": about[:255],
                        "error_title": "Not an allowed word",
                        "error_message": f"Choose one from the list; the sheet '{WORDS_SHEET}' has them all.",
                    },
                )
