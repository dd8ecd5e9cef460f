"""CSV files as people's programs write them: encodings and delimiters are found out, formulas defused."""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

from canonry.adapters.cells import Cell, Look, Sheet, TableError
from canonry.kernel.formulas import RISKY, defused

_DELIMITERS: Final = ",;\t|"
_LONG: Final = csv.field_size_limit()
_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass
class CsvTable:
    """One CSV file, known to be readable to its end: it was read once to find that out."""

    path: Path
    encoding: str
    delimiter: str
    total: int
    width: int
    marked: bool
    """Whether it begins with a byte order mark, as Excel wants it."""
    notes: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, path: Path) -> CsvTable:
        """Raises `TableError`."""
        with path.open("rb") as file:
            head = file.read(1 << 16)
        possible = encodings(head, path)
        for encoding in possible:
            try:
                delimiter = _delimiter(path, encoding)
                total, width = _measure(path, encoding, delimiter)
            except UnicodeError:
                continue
            table = cls(path, encoding, delimiter, total, width, head.startswith(_BOMS[0][0]))
            if encoding == "cp1252":
                table.notes.append("not UTF-8; read as Windows-1252, so look at letters with accents")
            return table
        names = " nor ".join(possible)
        raise TableError(str(path), f"the text is neither {names}", "Save it as CSV UTF-8")

    def sheets(self) -> Iterator[Sheet]:
        """The one sheet that a CSV file is."""
        yield Sheet("", self._rows(), self.total, self.width)

    def _rows(self) -> Iterator[list[Cell]]:
        with self.path.open(encoding=self.encoding, newline="") as file:
            yield from _reader(file, self.delimiter)  # type: ignore[misc]  # a list of text is one of cells


def encodings(head: bytes, path: Path) -> tuple[str, ...]:
    """How a text that begins so may be encoded, likeliest first. Raises `TableError` where it is no text."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return (encoding,)
    if b"\0" in head:
        if head[1::2].count(0) > len(head) // 4:
            return ("utf-16-le",)
        if head[::2].count(0) > len(head) // 4:
            return ("utf-16-be",)
        raise TableError(str(path), "not a text file", "A batch reads CSV and XLSX files")
    return ("utf-8", "cp1252")


def _delimiter(path: Path, encoding: str) -> str:
    """The sign that parts the columns of the first line that has any; Excel's `sep=;` says so itself."""
    with path.open(encoding=encoding, newline=None) as file:
        for _ in range(20):
            line = file.readline(1 << 16)
            if line[:4].lower() == "sep=" and len(line.strip()) == len("sep=;"):
                return line[4]
            bare = re.sub(r'"(?:[^"]|"")*"', "", line)
            counts = {sign: bare.count(sign) for sign in _DELIMITERS}
            best = max(counts, key=lambda sign: counts[sign])
            if counts[best]:
                return best
    return ","


def _reader(file: TextIO, delimiter: str) -> Iterator[list[str]]:
    """Every row but Excel's `sep=;`, which may stand before the others."""
    rows = csv.reader(file, delimiter=delimiter)
    first = next(rows, None)
    if first is None:
        return rows
    said = delimiter.join(first).lower()
    return rows if said in ("sep=", f"sep={delimiter}") else itertools.chain([first], rows)


def _measure(path: Path, encoding: str, delimiter: str) -> tuple[int, int]:
    """Rows and columns. Raises `UnicodeError`, and `TableError` for a quote that is never closed."""
    widths: Counter[int] = Counter()
    with path.open(encoding=encoding, newline="") as file:
        for line in file:
            if '"' in line or len(line) > _LONG:
                widths.clear()
                break
            widths[line.count(delimiter) + 1] += 1
        else:  # nothing is quoted, so that lines are rows and every delimiter delimits
            return widths.total(), max(widths, default=0)
    with path.open(encoding=encoding, newline="") as file:
        try:
            widths.update(map(len, _reader(file, delimiter)))
        except csv.Error as error:
            where = f"row {widths.total() + 1} cannot be read ({error})"
            step = "Usually a quotation mark is opened there and never closed"
            raise TableError(str(path), where, step) from error
    return widths.total(), max(widths, default=0)


class CsvWriter:
    """Writes one sheet; further sheets have no place in a CSV file."""

    def __init__(self, file: TextIO, delimiter: str) -> None:
        self._write = csv.writer(file, delimiter=delimiter, lineterminator="\r\n").writerow

    def sheet(self, name: str, look: Look | None = None) -> None:
        """A CSV file has neither names for sheets nor looks."""

    def row(self, cells: Sequence[Cell]) -> None:
        """Text that would be a formula is defused."""
        self._write(
            [cell if cell.__class__ is str and cell[:1] not in RISKY else _written(cell) for cell in cells]
        )


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:  # noqa: PLR2004  digits of a double
        return str(int(cell))
    return defused(cell) if isinstance(cell, str) else str(cell)
