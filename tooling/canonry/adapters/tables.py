"""Sheets in and out, CSV or XLSX: streamed, in order, never a live formula, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, ClassVar, Final, Protocol

from canonry.adapters.cells import TableError
from canonry.adapters.files import drafted
from canonry.kernel.errors import CanonryError, refusal

if TYPE_CHECKING:
    from canonry.adapters.cells import Cell, Look
    from canonry.adapters.csvfiles import CsvTable
    from canonry.adapters.workbooks import Workbook

STDIO: Final = "-"


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class OwnInputError(CanonryError):
    """The output would overwrite the input."""

    file: str
    hint: ClassVar[str] = "Name another file with -o; the input is never written to"

    def __str__(self) -> str:
        return f"{self.file} is the input itself"


@dataclass(slots=True)
class Notes:
    """What reading had to assume, for people."""

    lines: list[str] = field(default_factory=list)


class Writer(Protocol):
    """Takes rows in order. Text is written as text, whatever it begins with."""

    def sheet(self, name: str, look: Look | None = None) -> None:
        """What follows belongs to a sheet of this name, which people read where it has a look."""
        ...

    def row(self, cells: Sequence[Cell]) -> None:
        """The next row."""
        ...


_XLSX: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_OPEN_DOCUMENT: Final = b"mimetypeapplication/vnd.oasis"


@contextmanager
def open_table(path: Path) -> Iterator[CsvTable | Workbook]:
    """A table by what the file holds, whatever it is called. Raises `TableError`."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise TableError(str(path), *refusal(error, "cannot be read")) from error
    if head.startswith(_OLD_EXCEL):
        raise TableError(str(path), "an old or protected Excel file", "Save it as .xlsx, or as CSV UTF-8")
    if head.startswith(_XLSX) and _OPEN_DOCUMENT in head:
        raise TableError(str(path), "an OpenDocument sheet", "Save it as .xlsx, or as CSV")
    if head.startswith(_XLSX):
        from canonry.adapters.workbooks import Workbook

        with Workbook.open(path) as workbook:
            yield workbook
        return
    from canonry.adapters.csvfiles import CsvTable

    yield CsvTable.open(path)


@contextmanager
def spooled(stream: BinaryIO) -> Iterator[Path]:
    """A file with everything that a stream holds, since a table is read twice; deleted afterwards."""
    import shutil

    descriptor, file = tempfile.mkstemp(prefix="canonry-")
    try:
        with os.fdopen(descriptor, "wb") as copy:
            shutil.copyfileobj(stream, copy)
        yield Path(file)
    finally:
        with suppress(OSError):
            Path(file).unlink()


@contextmanager
def create_table(
    path: Path, source: Path | None = None, *, like: CsvTable | None = None, marked: bool = False
) -> Iterator[Writer]:
    """A new CSV or XLSX file, by its ending. It appears, whole, when the block ends without an error.

    `source`: the input, which is never overwritten. `like`: a CSV file whose delimiter, and mark of encoding,
    the output shares; `marked`: a CSV file begins with that mark.
    Raises `TableError` and `OwnInputError`.
    """
    ending = path.suffix.lower()
    if ending not in (".csv", ".tsv", ".txt", ".xlsx"):
        raise TableError(
            str(path), "the output is a .csv or .xlsx file", f"Say -o {path.stem or 'links'}.csv"
        )
    if source is not None and _same_file(path, source):
        raise OwnInputError(str(path))
    if path.is_dir():
        raise TableError(str(path), "a folder", "Name a file in it")
    with replacing(path) as draft:
        if ending == ".xlsx":
            from canonry.adapters.workbooks import WorkbookWriter

            with WorkbookWriter.create(draft) as workbook:
                yield workbook
        else:
            from canonry.adapters.csvfiles import CsvWriter

            delimiter = "\t" if ending == ".tsv" else like.delimiter if like else ","
            marked = marked or (like is not None and like.marked)
            with draft.open("w", encoding="utf-8-sig" if marked else "utf-8", newline="") as file:
                yield CsvWriter(file, delimiter)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A draft beside `path` that takes its place at the end, and is deleted when something goes wrong.

    Raises `TableError` where the folder cannot be written to.
    """
    try:
        with drafted(path) as draft:
            yield draft
    except OSError as error:
        raise TableError(str(path), *refusal(error, "cannot be written")) from error


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()
