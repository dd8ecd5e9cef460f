"""What an export file is, and how it is laid out.

Whatever comes in, what goes on is something that DuckDB reads as it is: a Parquet file, JSON lines, or UTF-8
text with a known header. Compressed, UTF-16 and Windows-1252 text and workbooks are copied to a temporary
file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from canonry.adapters.cells import TableError
from canonry.adapters.exports import containers
from canonry.adapters.exports.copies import unglobbed
from canonry.adapters.exports.encoding import as_utf8
from canonry.adapters.exports.layout import Layout
from canonry.adapters.exports.text import of_text
from canonry.adapters.exports.typed import are_lines, of_json, of_parquet, whole_lines
from canonry.audit.mappings import Mapping
from canonry.audit.source import Gap
from canonry.kernel.errors import refusal


def laid_out(path: Path, folder: Path, among: Iterable[Mapping], encoding: str = "") -> Layout:
    """What a file is. `folder` takes copies; `among` are the mappings that a header may suit,
    `encoding` is that of a text where it is said.

    Raises `TableError` where nothing can be read at all.
    """
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise TableError(str(path), *refusal(error, "cannot be read")) from error
    if not head:
        raise TableError(str(path), "the file is empty", "Export it again")
    gaps: list[Gap] = []
    plain = path
    if head.startswith(b"\x1f\x8b"):
        plain, cut = containers.unpacked(path, folder)
        gaps += cut
        with plain.open("rb") as file:
            head = file.read(8)
        if not head:
            raise TableError(str(path), "the archive ends before anything can be read", "Export it again")
    if head.startswith(b"PAR1"):
        return of_parquet(unglobbed(plain, folder), among, gaps, path)
    unit = "line"
    notes: list[str] = []
    if head.startswith(containers.ARCHIVES):
        plain, unit = containers.from_archive(plain, folder, path, among, gaps, notes)
        with plain.open("rb") as file:
            head = file.read(8)
    if (other := next((each for mark, each in _OTHERS if head.startswith(mark)), None)) is not None:
        raise TableError(str(path), *other)
    plain, sure = as_utf8(plain, folder, path, notes, encoding if unit == "line" else "")
    with plain.open("rb") as file:
        start = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise TableError(str(path), "the file holds nothing but blanks", "Export it again")
    if start[:1] == b"<":
        raise TableError(str(path), "a web page or XML, no table", "Save it as .xlsx, or as CSV UTF-8")
    if _LISTS.match(start):
        raise TableError(str(path), "a JSON list, but not of objects", "Write one object per row")
    if _ARRAY.match(start):
        return of_json(unglobbed(plain, folder), among, gaps, "array", path)
    if start[:1] == b"{":
        if not are_lines(plain):
            return of_json(unglobbed(plain, folder), among, gaps, "unstructured", path)
        plain, cut = whole_lines(plain, folder, path)
        return of_json(unglobbed(plain, folder), among, [*gaps, *cut], "newline_delimited", path)
    layout = of_text(unglobbed(plain, folder), folder, tuple(among), gaps, path)
    layout.unit = unit
    layout.notes[:0] = notes
    layout.sure = sure
    return layout


_ARRAY: Final = re.compile(rb"\[\s*\{\s*\"")
_LISTS: Final = re.compile(rb"\[\s*(?:\[|\]\s*\Z|-?[0-9])")
_UNPACK: Final = ("compressed in a way that is not read here", "Unpack it first")
_OTHERS: Final[tuple[tuple[bytes, tuple[str, str]], ...]] = (
    (b"\xd0\xcf\x11\xe0", ("an old or protected Excel file", "Save it as .xlsx, or as CSV UTF-8")),
    (b"%PDF", ("a PDF, no table", "Export it as CSV")),
    (b"BZh", _UNPACK),
    (b"\xfd7zXZ", _UNPACK),
    (b"\x28\xb5\x2f\xfd", _UNPACK),
    (b"7z\xbc\xaf", _UNPACK),
    (b"Rar!", _UNPACK),
    (b"SQLite", ("a database, no table", "Export the table as CSV")),
)
