"""How an export file is laid out: what it is, its encoding, its delimiter, and where its header stands.

Whatever comes in, what goes on is something that DuckDB reads as it is: a Parquet file, JSON lines, or UTF-8
text with a known header. Compressed, UTF-16 and Windows-1252 text and workbooks are copied to a temporary
file.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

from canonry.adapters.cells import Cell, TableError
from canonry.adapters.csvfiles import encodings
from canonry.adapters.exports.queries import CONFIG, broken, identifier, literal
from canonry.adapters.workbooks import MAX_UNPACKED, Workbook
from canonry.audit.layouts import best
from canonry.audit.mappings import Fit, Mapping
from canonry.audit.source import Gap, Period

_CHUNK: Final = 1 << 20
_HEAD: Final = 400
"""Lines looked at to find the header and how numbers are written."""
_DELIMITERS: Final = ",\t;|"
_MONTHS: Final[tuple[tuple[str, ...], ...]] = (
    ("jan", "ene", "gen"),
    ("feb", "fév", "fev"),
    ("mar", "mär", "maa", "mrt"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mag", "mei"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aoû", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dez", "déc", "dic"),
)
"""How the months begin in the languages of `canonry.audit.headings`."""
_DATE: Final = re.compile(
    r"(?P<y>20\d\d)[-/.]?(?P<m>\d\d)[-/.]?(?P<d>\d\d)(?!\d)"
    r"|\b(?P<mon>[^\W\d_]{3,10})\.? (?P<day>\d{1,2}),? (?P<year>20\d\d)"
    r"|\b(?P<day2>\d{1,2})\.? (?:de )?(?P<mon2>[^\W\d_]{3,10})\.? (?:de )?(?P<year2>20\d\d)"
    r"|(?P<y3>20\d\d)\u5e74(?P<m3>\d{1,2})\u6708(?P<d3>\d{1,2})\u65e5"
    r"|\b(?P<m4>\d{1,2})/(?P<d4>\d{1,2})/(?P<y4>20\d\d)\b"
)
_ZONE: Final = re.compile(
    r"\b((?:UTC|GMT)(?![+-]?\d)|(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)"
    r"/[A-Z][A-Za-z_/+-]+[A-Za-z0-9])\b"
)


@dataclass
class Layout:
    """A file that DuckDB can read. `rows` is a sample of the data, `above` the lines before the header."""

    path: Path
    kind: Literal["csv", "parquet", "json"]
    header: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    skip: int = 0
    delimiter: str = ","
    rows: list[list[str]] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    period: Period = field(default_factory=Period)
    fits: list[Fit] = field(default_factory=list)
    options: str = ""
    """Of the function that reads it."""
    notes: list[str] = field(default_factory=list)
    """What was left out of the file, for people."""
    unit: str = "line"
    """What a row is counted as: a workbook has rows."""
    quote: str = '"'
    escape: str = '"'
    widest: int = 0
    """Cells of the widest line, where it is known."""

    @property
    def width(self) -> int:
        """Columns of the widest line that was seen."""
        return max([len(self.header), self.widest, *map(len, self.rows)])

    def reader(self, lines: Iterable[str]) -> Any:
        """The rows of lines; a `csv.reader`."""
        return reader_of(lines, self.delimiter, self.quote, self.escape)


def reader_of(lines: Iterable[str], delimiter: str, quote: str, escape: str) -> Any:
    """A `csv.reader` of a text that is quoted so."""
    if quote == escape:
        return csv.reader(lines, delimiter=delimiter, quotechar=quote)
    return csv.reader(lines, delimiter=delimiter, quotechar=quote, escapechar=escape, doublequote=False)


def laid_out(path: Path, folder: Path, among: Iterable[Mapping]) -> Layout:
    """What a file is. `folder` takes copies; `among` are the mappings that a header may suit.

    Raises `TableError` where nothing can be read at all.
    """
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise TableError(str(path), (error.strerror or "cannot be read").lower()) from error
    if not head:
        raise TableError(str(path), "the file is empty", "Export it again")
    gaps: list[Gap] = []
    plain = path
    if head.startswith(b"\x1f\x8b"):
        plain, cut = _unpacked(path, folder)
        gaps += cut
        with plain.open("rb") as file:
            head = file.read(8)
        if not head:
            raise TableError(str(path), "the archive ends before anything can be read", "Export it again")
    if head.startswith(b"PAR1"):
        return _parquet(_unglobbed(plain, folder), among, gaps, path)
    unit = "line"
    if head.startswith(_ARCHIVES):
        plain, unit = _from_archive(plain, folder, path, among, gaps)
        with plain.open("rb") as file:
            head = file.read(8)
    if (other := next((each for mark, each in _OTHERS if head.startswith(mark)), None)) is not None:
        raise TableError(str(path), *other)
    notes: list[str] = []
    plain = _as_utf8(plain, folder, path, notes)
    with plain.open("rb") as file:
        start = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise TableError(str(path), "the file holds nothing but blanks", "Export it again")
    if start[:1] == b"<":
        raise TableError(str(path), "a web page or XML, no table", "Save it as .xlsx, or as CSV UTF-8")
    if _LISTS.match(start):
        raise TableError(str(path), "a JSON list, but not of objects", "Write one object per row")
    if _ARRAY.match(start):
        return _json(_unglobbed(plain, folder), among, gaps, "array", path)
    if start[:1] == b"{":
        if not _lines_of_json(plain):
            return _json(_unglobbed(plain, folder), among, gaps, "unstructured", path)
        plain, cut = _whole_lines(plain, folder, path)
        return _json(_unglobbed(plain, folder), among, [*gaps, *cut], "newline_delimited", path)
    layout = _text(_unglobbed(plain, folder), folder, tuple(among), gaps, path)
    layout.unit = unit
    layout.notes[:0] = notes
    return layout


_ARRAY: Final = re.compile(rb"\[\s*\{\s*\"")
_LISTS: Final = re.compile(rb"\[\s*(?:\[|\]\s*\Z|-?[0-9])")
_ARCHIVES: Final = (b"PK\x03\x04", b"PK\x05\x06")
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


def _whole_lines(path: Path, folder: Path, shown: Path) -> tuple[Path, list[Gap]]:
    """The file without a last line that was cut off, and a gap where one was."""
    import orjson

    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(size - (_CHUNK << 2), 0))
        ending = file.read().rstrip()
        last = ending.rpartition(b"\n")[2]
    if size > _CHUNK << 2 and b"\n" not in ending:
        return path, []  # one line that is too long to be looked at
    try:
        orjson.loads(last.removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError:
        if path.stat().st_size <= len(last):
            return path, []
    else:
        return path, []
    copy = folder / f"whole{len(list(folder.iterdir()))}"
    shutil.copyfile(path, copy)
    with copy.open("r+b") as file:
        file.truncate(copy.stat().st_size - len(last))
    return copy, [Gap(shown.name, "its last line is cut off; what follows is unknown", "Export it again")]


def _unglobbed(path: Path, folder: Path) -> Path:
    """The file under a name that DuckDB does not take for a pattern."""
    if not re.search(r"[*?\[\]{}]", str(path)):
        return path
    link = folder / f"plain{len(list(folder.iterdir()))}{path.suffix}"
    link.symlink_to(path.resolve())
    return link


def _unpacked(path: Path, folder: Path) -> tuple[Path, list[Gap]]:
    """The file without its compression; of a truncated one as many whole lines as there are, and a gap."""
    target = folder / f"unpacked{len(list(folder.iterdir()))}"
    with path.open("rb") as packed, target.open("wb") as copy:
        whole = _decompressed(packed, copy, max(MAX_UNPACKED, path.stat().st_size * _DENSE))
    if whole is None:
        raise TableError(str(path), "it unpacks to a hundred times its size and more", "Unpack it by hand")
    if whole:
        return target, []
    why = "the compressed file is cut off or damaged"
    _cut_to_line(target)
    return target, [Gap(path.name, f"{why}; what follows is unknown", "Copy or export it again")]


_DENSE: Final = 100
"""Text is packed to a twentieth of its size or so; what unpacks to more than so much is a trap."""


def _decompressed(packed: BinaryIO, copy: BinaryIO, most: int) -> bool | None:
    """Writes everything that can be read; whether that was all, None where there is more than `most`.

    Members may follow one another.
    """
    machine = zlib.decompressobj(wbits=31)
    rest = b""
    size = 0
    try:
        while chunk := rest or machine.unconsumed_tail or packed.read(_CHUNK):
            size += copy.write(machine.decompress(chunk, _CHUNK << 4))
            if size > most:
                return None
            rest = machine.unused_data
            if machine.eof:
                rest = rest or packed.read(_CHUNK)
                if not rest.strip(b"\0"):
                    return True
                machine = zlib.decompressobj(wbits=31)
    except zlib.error:
        return False
    return machine.eof


def _cut_to_line(path: Path) -> None:
    with path.open("r+b") as file:
        size = file.seek(0, io.SEEK_END)
        for start in range(max(size - _CHUNK, 0), -1, -_CHUNK):
            file.seek(start)
            found = file.read(min(_CHUNK, size - start)).rfind(b"\n")
            if found >= 0:
                file.truncate(start + found + 1)
                return
        file.truncate(0)


def _as_utf8(path: Path, folder: Path, shown: Path, notes: list[str]) -> Path:
    """The text as UTF-8 with line ends of one kind; what had to be assumed is noted."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if sum(head.count(code) for code in _CONTROLS) * 10 < len(head) and not head.startswith(_MARKS):
        head = head.replace(b"\0", b"") if head.count(0) * 10 < len(head) else head
    try:
        names = encodings(head, shown)
    except TableError as error:
        raise TableError(str(shown), "no text, Parquet, JSON or Excel file", "Export it as CSV") from error
    if names[0].startswith("utf-8"):
        ends, wrong = _scanned(path)
        if wrong is None:
            if _TWICE.search(head.decode("utf-8", "ignore")):
                notes.append("letters look as if they had been encoded twice")
            return _of_one_end(path, folder) if ends > 1 else path
        names = tuple(name for name in names if not name.startswith("utf-8"))
        if not names or _TWO_BYTES.search(head):
            raise TableError(
                f"{shown}:{wrong}", "its letters beyond ASCII are in two encodings", "Save it as CSV UTF-8"
            )
        if _KANA.search(head):
            names = ("cp932", *names)
    for encoding in names:
        with suppress(UnicodeError):
            made = _transcoded(path, encoding, folder)
            if encoding in _SPOKEN:
                notes.append(f"not UTF-8: read as {_SPOKEN[encoding]}, so look at letters beyond ASCII")
            return made
    known = " nor ".join(_SPOKEN.get(each, each.upper()) for each in names)
    why = (
        f"the text is neither UTF-8 nor {known}"
        if names[-1] in _SPOKEN
        else f"its {known} is cut off or damaged"
    )
    raise TableError(str(shown), why, "Save it as CSV UTF-8")


_SPOKEN: Final = {"cp1252": "Windows-1252", "cp932": "Shift JIS"}
_KANA: Final = re.compile(rb"\x83[\x40-\x96].?\x83[\x40-\x96]|\x82[\x9f-\xf1].?\x82[\x9f-\xf1]")
"""Two letters of a Japanese word in Shift JIS, which no text in Windows-1252 has."""
_TWICE: Final = re.compile("\u00c3[\u0080-\u00bf\u0152-\u0192\u02c6-\u02dc\u2013-\u2122]")


def _scanned(path: Path) -> tuple[int, int | None]:
    """How many kinds of line ends a file has, and the first line that is no UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    pairs = feeds = returns = lines = 0
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                pending = len(error.object) - len(chunk)
                return 0, lines + 1 + chunk.count(b"\n", 0, max(error.start - pending, 0))
            both = (before[-1:] + chunk).count(b"\r\n")
            pairs += both
            feeds += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            lines += chunk.count(b"\n")
            before = chunk
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return 0, lines + 1
    return sum((pairs > 0, feeds > pairs, returns > pairs)), None


def _of_one_end(path: Path, folder: Path) -> Path:
    """A copy whose lines all end alike: DuckDB reads no mixture."""
    target = folder / f"ends{len(list(folder.iterdir()))}"
    with path.open(encoding="utf-8") as file, target.open("w", encoding="utf-8", newline="") as copy:
        while chunk := file.read(_CHUNK):
            copy.write(chunk)
    return target


def _transcoded(path: Path, encoding: str, folder: Path) -> Path:
    """Raises `UnicodeError`."""
    target = folder / f"utf8-{len(list(folder.iterdir()))}"
    with path.open(encoding=encoding) as file, target.open("w", encoding="utf-8", newline="") as copy:
        while chunk := file.read(_CHUNK):
            copy.write(chunk)
    return target


def _from_archive(
    path: Path, folder: Path, shown: Path, among: Iterable[Mapping], gaps: list[Gap]
) -> tuple[Path, str]:
    """A workbook as CSV, or the one file that an archive holds; and what its rows are counted as."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.namelist()[:1] == ["mimetype"] and b"opendocument" in archive.read("mimetype")[:100]:
                raise TableError(str(shown), "an OpenDocument sheet", "Save it as .xlsx, or as CSV")
            inside = [
                each
                for each in archive.infolist()
                if not each.is_dir() and not each.filename.startswith("__MACOSX/")
            ]
            if any(each.filename == "[Content_Types].xml" for each in inside):
                return _from_workbook(path, folder, shown, among, gaps), "row"
            if len(inside) != 1:
                names = ", ".join(f"{Path(each.filename).name[:40]!a}" for each in inside[:4])
                holds = f"an archive of {len(inside)} files ({names})" if inside else "an archive of nothing"
                raise TableError(str(shown), holds, "Unpack it, and name one of them")
            target = folder / f"unzipped{len(list(folder.iterdir()))}"
            with archive.open(inside[0]) as packed, target.open("wb") as copy:
                size = 0
                while chunk := packed.read(_CHUNK):
                    size += len(chunk)
                    if size > MAX_UNPACKED:
                        raise TableError(str(shown), "it unpacks to more than 2 GB", "Unpack it by hand")
                    copy.write(chunk)
    except (zipfile.BadZipFile, EOFError, zlib.error, RuntimeError, NotImplementedError) as error:
        raise TableError(str(shown), "the workbook or archive is damaged", "Export it again") from error
    with target.open("rb") as unpacked:
        if unpacked.read(4) == _ARCHIVES[0]:
            return _from_workbook(target, folder, shown, among, gaps), "row"
    return target, "line"


def _from_workbook(path: Path, folder: Path, shown: Path, among: Iterable[Mapping], gaps: list[Gap]) -> Path:
    """The sheet that suits best as CSV, with the rows of those that have its header; the others are gaps."""
    target = folder / f"sheet{len(list(folder.iterdir()))}.csv"
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
        key=lambda each: (bool(each[2] and each[2].whole), each[2].score if each[2] else _NO_FIT),
        default=None,
    )
    with Workbook.open(path, shown) as book, target.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n").writerow
        for sheet, (_, header, fit) in zip(book.sheets(), suits, strict=True):
            if chosen is None or (header and header == chosen[1]) or (chosen[2] is None and header):
                for row in sheet.rows:
                    write([_cell(cell) for cell in row])
                if chosen is None or chosen[2] is None:
                    break
            elif fit is not None and fit.whole:
                why = f"its sheet {sheet.name[:40]!r}, which suits {fit.mapping.key}, was not read"
                gaps.append(Gap(shown.name, why, "Save it as a file of its own"))
    return target


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
        if fits and (found[1] is None or (fits[0].whole, fits[0].score) > (found[1].whole, found[1].score)):
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


def _parquet(path: Path, among: Iterable[Mapping], gaps: list[Gap], shown: Path) -> Layout:
    return _typed(path, "parquet", f"read_parquet({literal(path)})", among, gaps, shown)


def _json(path: Path, among: Iterable[Mapping], gaps: list[Gap], form: str, shown: Path) -> Layout:
    options = f", format={literal(form)}, maximum_object_size=4194304"
    layout = _typed(path, "json", f"read_json({literal(path)}{options})", among, gaps, shown)
    layout.options = options
    return layout


def _lines_of_json(path: Path) -> bool:
    """Whether the first line is an object by itself; people's programs also write one over several lines."""
    import orjson

    with path.open("rb") as file:
        first = next((line for line in file if line.strip()), b"")
        rest = next((line for line in file if line.strip()), b"")
    with suppress(orjson.JSONDecodeError):
        orjson.loads(first.removeprefix(codecs.BOM_UTF8))
        return True
    return bool(rest) and rest.lstrip()[:1] == b"{"


def _line_that_is_none(path: Path) -> int | None:
    """The first line of JSON lines that is no JSON; None beyond a million."""
    import orjson

    with path.open("rb") as file:
        for number, line in enumerate(islice(file, 1_000_000), 1):
            if line.strip():
                try:
                    orjson.loads(line.removeprefix(codecs.BOM_UTF8))
                except orjson.JSONDecodeError:
                    return number
    return None


def _typed(
    path: Path,
    kind: Literal["parquet", "json"],
    source: str,
    among: Iterable[Mapping],
    gaps: list[Gap],
    shown: Path,
) -> Layout:
    import duckdb

    try:
        with duckdb.connect(config=CONFIG) as connection:
            described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
            inside = {
                name: connection.execute(
                    f"DESCRIBE SELECT unnest({identifier(name)}) FROM {source}"
                ).fetchall()
                for name, kind_of, *_ in described
                if _is_struct(kind_of)
            }
    except duckdb.Error as error:
        line = _line_that_is_none(path) if "newline_delimited" in source else None
        if line:
            raise TableError(f"{shown}:{line}", "the line is no JSON", "Export it again") from error
        gap = broken(error, shown.name)
        raise TableError(str(shown), gap.why.replace(" to its end", ""), gap.hint) from error
    header: list[str] = []
    types: list[str] = []
    for name, kind_of, *_ in described:
        header.append(str(name))
        types.append(str(kind_of))
        for described_member in inside.get(name, ()):
            header.append(f"{name}.{described_member[0]}")
            types.append(str(described_member[1]))
    layout = Layout(path, kind, header, types, gaps=gaps)
    known = ["" if _is_struct(kind_of) else name for name, kind_of in zip(header, types, strict=True)]
    layout.fits = best(known, "", among)  # a struct says nothing by itself, its members do
    return layout


def _is_struct(kind: str) -> bool:
    return str(kind).startswith("STRUCT(") and str(kind).endswith(")")


def _text(path: Path, folder: Path, among: Sequence[Mapping], gaps: list[Gap], shown: Path) -> Layout:
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
    from canonry.adapters.exports.blocks import chosen

    found.gaps = gaps
    found = chosen(found, among, folder, shown.name)
    american = bool(found.fits) and any(each.startswith("%m/") for each in found.fits[0].mapping.dates)
    found.period = period_in("\n".join([*found.above, *_tail(path)]), month_first=american)
    if cut_off(path, found):
        found.gaps.append(
            Gap(shown.name, "its last line is cut off; what follows is unknown", "Copy or export it again")
        )
    if not found.period.time_zone and (zone := _ZONE.search(" ".join(found.header))):
        found.period = replace(found.period, time_zone=zone[1])
    return found


_TWO_BYTES: Final = re.compile(rb"[\xc3-\xc5][\x80-\xbf]")
"""A letter as UTF-8 writes it, which Windows-1252 reads as two odd ones."""
_CONTROLS: Final = bytes(code for code in range(32) if code not in b"\t\r\n")
_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)

_NO_FIT: Final = -100.0


def _sensible(lines: Sequence[str]) -> list[str]:
    text = "".join(lines)
    return [sign for sign in _DELIMITERS if sign in text] or [","]


def _suits(layout: Layout) -> tuple[bool, float, int]:
    fits = layout.fits
    return bool(fits and fits[0].whole), fits[0].score if fits else _NO_FIT, len(layout.header)


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
        if found is None or _suits(layout)[:2] > _suits(found)[:2]:
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


def period_in(text: str, *, month_first: bool = False) -> Period:
    """The first and last day that a report's own lines name, and their time zone.

    `11/16/2026` is a day only where the month is known to stand first.
    """
    days = []
    for line in text.splitlines():
        found = [
            day
            for match in _DATE.finditer(line)
            if (month_first or not match["m4"]) and (day := _day(match)) is not None
        ]
        if len(found) < 2 and re.search(r"generated|report time|created", line, re.IGNORECASE):  # noqa: PLR2004  a range
            continue
        days += found
    zone = _ZONE.search(text)
    return Period(min(days), max(days), zone[1] if zone else "") if days else Period()


def _day(match: re.Match[str]) -> date | None:
    try:
        if match["y"]:
            return date(int(match["y"]), int(match["m"]), int(match["d"]))
        for year, month, day in (("y3", "m3", "d3"), ("y4", "m4", "d4")):
            if match[year]:
                return date(int(match[year]), int(match[month]), int(match[day]))
        if match["mon"]:
            return date(int(match["year"]), _month(match["mon"]), int(match["day"]))
        return date(int(match["year2"]), _month(match["mon2"]), int(match["day2"]))
    except (ValueError, KeyError):
        return None


def _month(word: str) -> int:
    """Raises `KeyError` for a word that is no month."""
    for number, beginnings in enumerate(_MONTHS, 1):
        if word.lower().startswith(beginnings):
            return number
    raise KeyError(word)
