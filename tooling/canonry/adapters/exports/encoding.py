"""Text in whatever encoding as UTF-8, with line ends of one kind."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from pathlib import Path
from typing import Final

from canonry.adapters.cells import TableError
from canonry.adapters.csvfiles import encodings
from canonry.adapters.exports.copies import fresh

_CHUNK: Final = 1 << 20


def as_utf8(path: Path, folder: Path, shown: Path, notes: list[str]) -> Path:
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
_TWO_BYTES: Final = re.compile(rb"[\xc3-\xc5][\x80-\xbf]")
"""A letter as UTF-8 writes it, which Windows-1252 reads as two odd ones."""
_CONTROLS: Final = bytes(code for code in range(32) if code not in b"\t\r\n")
_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


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
    target = fresh(folder, "ends")
    with path.open(encoding="utf-8") as file, target.open("w", encoding="utf-8", newline="") as copy:
        while chunk := file.read(_CHUNK):
            copy.write(chunk)
    return target


def _transcoded(path: Path, encoding: str, folder: Path) -> Path:
    """Raises `UnicodeError`."""
    target = fresh(folder, "utf8-")
    with path.open(encoding=encoding) as file, target.open("w", encoding="utf-8", newline="") as copy:
        while chunk := file.read(_CHUNK):
            copy.write(chunk)
    return target
