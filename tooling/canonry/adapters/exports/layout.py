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
from pathlib import Path
from typing import BinaryIO, Final, Literal

from canonry.adapters.cells import TableError
from canonry.adapters.csvfiles import encodings
from canonry.adapters.workbooks import MAX_UNPACKED, Workbook
from canonry.audit.layouts import best
from canonry.audit.mappings import Fit, Mapping
from canonry.audit.source import Gap, Period

_CHUNK: Final = 1 << 20
_HEAD: Final = 400
"""Lines looked at to find the header and how numbers are written."""
_DELIMITERS: Final = ",\t;|"
_MONTHS: Final[tuple[tuple[str, ...], ...]] = (
    ("jan", "ene"),
    ("feb", "fév", "fev"),
    ("mar", "mär"),
    ("apr", "avr", "abr"),
    ("may", "mai"),
    ("jun", "juin"),
    ("jul", "juil"),
    ("aug", "aoû", "aou", "ago"),
    ("sep",),
    ("oct", "okt"),
    ("nov",),
    ("dec", "dez", "déc", "dic"),
)
"""How the months begin in English, German, French and Spanish."""
_DATE: Final = re.compile(
    r"(?P<y>20\d\d)[-/.]?(?P<m>\d\d)[-/.]?(?P<d>\d\d)(?!\d)"
    r"|\b(?P<mon>[^\W\d_]{3,10})\.? (?P<day>\d{1,2}),? (?P<year>20\d\d)"
    r"|\b(?P<day2>\d{1,2})\.? (?:de )?(?P<mon2>[^\W\d_]{3,10})\.? (?:de )?(?P<year2>20\d\d)"
)
_ZONE: Final = re.compile(
    r"\b(UTC|GMT|(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)"
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

    @property
    def width(self) -> int:
        """Columns of the widest line that was seen."""
        return max([len(self.header), *map(len, self.rows)])


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
        return _parquet(_unglobbed(plain, folder), among, gaps)
    if head.startswith(b"PK\x03\x04"):
        plain = _from_archive(plain, folder)
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError(str(path), "an old or protected Excel file", "Save it as .xlsx, or as CSV UTF-8")
    plain = _as_utf8(plain, folder, path)
    with plain.open("rb") as file:
        start = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise TableError(str(path), "the file holds nothing but blanks", "Export it again")
    if start[:1] == b"<":
        raise TableError(str(path), "a web page or XML, no table", "Save it as .xlsx, or as CSV UTF-8")
    if _ARRAY.match(start):
        return _json(_unglobbed(plain, folder), among, gaps, "array")
    if start[:1] == b"{":
        plain, cut = _whole_lines(plain, folder, path)
        return _json(_unglobbed(plain, folder), among, [*gaps, *cut])
    return _text(_unglobbed(plain, folder), folder, tuple(among), gaps, path)


_ARRAY: Final = re.compile(rb"\[\s*\{\s*\"")


def _whole_lines(path: Path, folder: Path, shown: Path) -> tuple[Path, list[Gap]]:
    """The file without a last line that was cut off, and a gap where one was."""
    import orjson

    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(size - (_CHUNK << 2), 0))
        last = file.read().rstrip().rpartition(b"\n")[2]
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
        whole = _decompressed(packed, copy)
    if whole:
        return target, []
    why = "the compressed file is cut off or damaged"
    _cut_to_line(target)
    return target, [Gap(path.name, f"{why}; what follows is unknown", "Copy or export it again")]


def _decompressed(packed: BinaryIO, copy: BinaryIO) -> bool:
    """Writes everything that can be read; whether that was all. Members may follow one another."""
    machine = zlib.decompressobj(wbits=31)
    rest = b""
    try:
        while chunk := rest or packed.read(_CHUNK):
            copy.write(machine.decompress(chunk))
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


def _as_utf8(path: Path, folder: Path, shown: Path) -> Path:
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if sum(head.count(code) for code in _CONTROLS) * 10 < len(head) and not head.startswith(_MARKS):
        head = head.replace(b"\0", b"") if head.count(0) * 10 < len(head) else head
    try:
        names = encodings(head, shown)
    except TableError as error:
        raise TableError(str(shown), "no text, Parquet, JSON or Excel file", "Export it as CSV") from error
    for encoding in names:
        try:
            if encoding in ("utf-8", "utf-8-sig"):
                _decodes(path)
                return path
            if encoding == "cp1252" and _TWO_BYTES.search(head):
                raise TableError(
                    str(shown), "its letters beyond ASCII are in two encodings", "Save it as CSV UTF-8"
                )
            return _transcoded(path, encoding, folder)
        except UnicodeError:
            continue
    raise TableError(str(shown), f"the text is neither {' nor '.join(names)}", "Save it as CSV UTF-8")


def _decodes(path: Path) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
    decoder.decode(b"", final=True)


def _transcoded(path: Path, encoding: str, folder: Path) -> Path:
    target = folder / f"utf8-{len(list(folder.iterdir()))}"
    with (
        path.open(encoding=encoding, newline="") as file,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        while chunk := file.read(_CHUNK):
            copy.write(chunk)
    return target


def _from_archive(path: Path, folder: Path) -> Path:
    """A workbook as CSV, or the one file that an archive holds."""
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [each for each in archive.infolist() if not each.is_dir()]
            if any(each.filename == "[Content_Types].xml" for each in inside):
                return _from_workbook(path, folder)
            if len(inside) != 1:
                raise TableError(
                    str(path), f"an archive of {len(inside)} files", "Unpack it, and name one of them"
                )
            target = folder / f"unzipped{len(list(folder.iterdir()))}"
            with archive.open(inside[0]) as packed, target.open("wb") as copy:
                size = 0
                while chunk := packed.read(_CHUNK):
                    size += len(chunk)
                    if size > MAX_UNPACKED:
                        raise TableError(str(path), "it unpacks to more than 2 GB", "Unpack it by hand")
                    copy.write(chunk)
    except (zipfile.BadZipFile, EOFError, zlib.error, RuntimeError, NotImplementedError) as error:
        raise TableError(str(path), "the workbook or archive is damaged", "Export it again") from error
    return target


def _from_workbook(path: Path, folder: Path) -> Path:
    """The first sheet that holds anything, as CSV."""
    target = folder / f"sheet{len(list(folder.iterdir()))}.csv"
    with Workbook.open(path) as book, target.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n").writerow
        for sheet in book.sheets():
            number = 0
            for number, row in enumerate(sheet.rows, 1):  # noqa: B007  counted
                write([_cell(cell) for cell in row])
            if number:
                break
    return target


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


def _parquet(path: Path, among: Iterable[Mapping], gaps: list[Gap]) -> Layout:
    return _typed(path, "parquet", f"read_parquet({literal(path)})", among, gaps)


def _json(path: Path, among: Iterable[Mapping], gaps: list[Gap], form: str = "newline_delimited") -> Layout:
    options = f", format={literal(form)}, maximum_object_size=4194304"
    layout = _typed(path, "json", f"read_json({literal(path)}{options})", among, gaps)
    layout.options = options
    return layout


def _typed(
    path: Path, kind: Literal["parquet", "json"], source: str, among: Iterable[Mapping], gaps: list[Gap]
) -> Layout:
    import duckdb

    try:
        with duckdb.connect(config=CONFIG) as connection:
            described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    except duckdb.Error as error:
        raise TableError(str(path), f"cannot be read: {first_line(error)}", "Export it again") from error
    header: list[str] = []
    types: list[str] = []
    for name, kind_of, *_ in described:
        header.append(str(name))
        types.append(str(kind_of))
        if str(kind_of).startswith("STRUCT(") and str(kind_of).endswith(")"):
            for member in _members(str(kind_of)):
                header.append(f"{name}.{member}")
                types.append("VARCHAR")
    layout = Layout(path, kind, header, types, gaps=gaps)
    layout.fits = best(header, "", among)
    return layout


def _members(struct: str) -> list[str]:
    """The names of a struct's own members."""
    found: list[str] = []
    depth = 0
    part = ""
    for char in struct[len("STRUCT(") : -1] + ",":
        if char == "," and depth == 0:
            found.append(part.strip().rpartition(" ")[0] if "(" not in part else part.strip().split(" ")[0])
            part = ""
            continue
        depth += (char == "(") - (char == ")")
        part += char
    return [name.strip('"') for name in found if name]


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
    found.period = period_in("\n".join([*found.above, *_tail(path)]))
    if cut_off(path, found):
        found.gaps.append(
            Gap(shown.name, "its last line is cut off; what follows is unknown", "Copy or export it again")
        )
    if not found.period.time_zone and (zone := _ZONE.search(" ".join(found.header))):
        found.period = replace(found.period, time_zone=zone[1])
    if not found.rows:
        found.gaps.append(Gap(shown.name, "there is a header and no row below it", "Widen the period"))
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
    reader = csv.reader(lines, delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    with suppress(csv.Error):
        rows.extend((reader.line_num, row) for row in reader)
    found: Layout | None = None
    for number, (line, row) in enumerate(rows[:60]):
        if sum(1 for cell in row if cell.strip()) == 0 or row[0].startswith("#"):
            continue
        above = [delimiter.join(cells) for _, cells in rows[:number]]
        fits = best(row, "\n".join(above), among)
        layout = Layout(path, "csv", row, above=above, skip=line, delimiter=delimiter, fits=fits)
        if found is None or _suits(layout)[:2] > _suits(found)[:2]:
            found = replace(layout, rows=[cells for _, cells in rows[number + 1 :] if any(cells)])
    return found


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
        rows = list(csv.reader(_ending(path)[-20:], delimiter=layout.delimiter))
        full = len(layout.header)
        return len(rows) > 1 and len(rows[-1]) < full == len(rows[-2])
    return False


def _ending(path: Path) -> list[str]:
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(size - 8192, 0))
        return file.read().decode("utf-8", "replace").splitlines()[1 if size > 8192 else 0 :]  # noqa: PLR2004


def period_in(text: str) -> Period:
    """The first and last day that a report's own lines name, and their time zone."""
    days = []
    for line in text.splitlines():
        if re.search(r"generated|report time|created", line, re.IGNORECASE):
            continue
        days += [day for match in _DATE.finditer(line) if (day := _day(match)) is not None]
    zone = _ZONE.search(text)
    return Period(min(days), max(days), zone[1] if zone else "") if days else Period()


def _day(match: re.Match[str]) -> date | None:
    try:
        if match["y"]:
            return date(int(match["y"]), int(match["m"]), int(match["d"]))
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


CONFIG: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": "220MB",
    "preserve_insertion_order": "false",
}
"""Nothing is fetched, and memory has an end: what does not fit goes to disk."""


def literal(value: object) -> str:
    """A text as SQL writes it."""
    return "'" + str(value).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A column as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def first_line(error: Exception) -> str:
    """What went wrong, without the query and the data that DuckDB quotes after it."""
    from canonry.naming.personal import masked

    lines = str(error).strip().split("\n")
    why = next((line.strip() for line in lines[1:] if line.startswith(_EXPLAINED)), "")
    return masked(f"{lines[0]} {why}".strip())[:200]


_EXPLAINED: Final = ("Value with unterminated quote", "Expected Number of Columns", "Maximum line size")
"""How DuckDB begins the sentence that says what is wrong with a line."""
