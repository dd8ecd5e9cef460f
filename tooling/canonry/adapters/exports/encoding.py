"""Text in whatever encoding as UTF-8, with line ends of one kind."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from canonry.adapters.cells import TableError
from canonry.adapters.csvfiles import encodings
from canonry.adapters.exports.alphabets import LATIN, Reading, told, words_in
from canonry.adapters.exports.copies import fresh

_CHUNK: Final = 1 << 20


class Spelt(NamedTuple):
    """A text as UTF-8, and whether its letters beyond ASCII are known to be what they read as."""

    path: Path
    sure: bool = True


def as_utf8(path: Path, folder: Path, shown: Path, notes: list[str], said: str = "") -> Spelt:
    """The text as UTF-8 with line ends of one kind; what had to be assumed is noted.

    `said` is its encoding where somebody has said it. Raises `TableError`.
    """
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if said and not head.startswith(_MARKS):
        return Spelt(_as_said(path, said, folder, shown))
    if sum(head.count(code) for code in _CONTROLS) * 10 < len(head) and not head.startswith(_MARKS):
        head = head.replace(b"\0", b"") if head.count(0) * 10 < len(head) else head
    try:
        names = encodings(head, shown)
    except TableError as error:
        raise TableError(str(shown), "no text, Parquet, JSON or Excel file", "Export it as CSV") from error
    if not names[0].startswith("utf-8"):
        return Spelt(_whole(path, names[0], folder, shown))
    ends, wrong = _scanned(path)
    if wrong is None:
        if _TWICE.search(head.decode("utf-8", "ignore")):
            notes.append("letters look as if they had been encoded twice")
        return Spelt(_of_one_end(path, folder) if ends > 1 else path)
    if names[0] == "utf-8-sig":
        raise _mixed(shown, wrong)
    return _guessed(path, folder, shown, notes, wrong)


def _guessed(path: Path, folder: Path, shown: Path, notes: list[str], wrong: int) -> Spelt:
    """The text in the encoding in which it makes sense; `wrong` is the first line that is no UTF-8."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
        file.seek(0)
        words = _words(file)
    reading = told(words)
    mixed = any(_TWO_BYTES.search(word) and _is_utf8(word) for word in words)
    if mixed and (not reading.sure or reading.encoding in LATIN):
        raise _mixed(shown, wrong)
    if not reading.sure and _KANA.search(head):
        reading = Reading("cp932", sure=True)
    for encoding in dict.fromkeys((reading.encoding, *_LOOSE)):
        with suppress(UnicodeError):
            made = _transcoded(path, encoding, folder)
            if reading.sure and encoding == reading.encoding:
                notes.append(f"not UTF-8: read as {spoken(encoding)}, so look at letters beyond ASCII")
                return Spelt(made)
            return Spelt(made, sure=False)
    raise TableError(str(shown), f"the text is neither UTF-8 nor {spoken(reading.encoding)}", SAY)


SAY: Final = "Say its encoding (--encoding, or encoding: in audit.yaml), or save it as CSV UTF-8"
_LOOSE: Final = ("cp1252", "latin_1")
"""What is read where nothing is known: the second has a sign for every byte."""
_MOST: Final = 20_000
"""Different words that are looked at."""
_SPOKEN: Final = {
    "cp932": "Shift JIS",
    "gb18030": "GB 18030",
    "koi8_r": "KOI8-R",
    "mac_roman": "Mac OS Roman",
    "mac_cyrillic": "Mac OS Cyrillic",
}


def spoken(encoding: str) -> str:
    """An encoding as people call it."""
    windows = re.fullmatch(r"(?:cp|windows-)(125[0-9])", encoding)
    return f"Windows-{windows[1]}" if windows else _SPOKEN.get(encoding, encoding.replace("_", "-").upper())


def is_known(encoding: str) -> bool:
    """Whether Python knows how to read a text in it."""
    try:
        "".encode(encoding)
    except (LookupError, ValueError):
        return False
    return True


def _words(file: BinaryIO) -> set[bytes]:
    """The words with bytes beyond ASCII, but not more than enough."""
    found: set[bytes] = set()
    for line in file:
        if not line.isascii():
            found.update(words_in(line))
            if len(found) > _MOST:
                break
    return found


def _is_utf8(word: bytes) -> bool:
    try:
        word.decode()
    except UnicodeDecodeError:
        return False
    return True


def _mixed(shown: Path, line: int) -> TableError:
    return TableError(
        f"{shown}:{line}", "its letters beyond ASCII are in two encodings", "Save it as CSV UTF-8"
    )


def _whole(path: Path, encoding: str, folder: Path, shown: Path) -> Path:
    try:
        return _transcoded(path, encoding, folder)
    except UnicodeError as error:
        why = f"its {encoding.upper()} is cut off or damaged"
        raise TableError(str(shown), why, "Save it as CSV UTF-8") from error


def _as_said(path: Path, encoding: str, folder: Path, shown: Path) -> Path:
    try:
        return _transcoded(path, encoding, folder)
    except UnicodeError as error:
        line = _first_line_not(path, encoding)
        where = f"{shown}:{line}" if line else str(shown)
        raise TableError(
            where, f"it is not in {spoken(encoding)}", "Say another encoding, or none"
        ) from error


def _first_line_not(path: Path, encoding: str) -> int:
    """The first line that is none in an encoding of which line ends are one byte; 0 where it is not known."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode(encoding)
            except UnicodeError:
                return 0 if encoding.lower().startswith(("utf-16", "utf-32", "utf_16", "utf_32")) else number
    return 0


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
