"""What is packed, unpacked: gzip, and zip archives of one file."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final

from canonry.adapters.cells import TableError
from canonry.adapters.exports import sheets
from canonry.adapters.exports.copies import fresh
from canonry.adapters.workbooks import MAX_UNPACKED
from canonry.audit.mappings import Mapping
from canonry.audit.source import Gap

_CHUNK: Final = 1 << 20


ARCHIVES: Final = (b"PK\x03\x04", b"PK\x05\x06")


def unpacked(path: Path, folder: Path) -> tuple[Path, list[Gap]]:
    """The file without its compression; of a truncated one as many whole lines as there are, and a gap."""
    target = fresh(folder, "unpacked")
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


def from_archive(
    path: Path, folder: Path, shown: Path, among: Iterable[Mapping], gaps: list[Gap], notes: list[str]
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
                return sheets.from_workbook(path, folder, shown, among, gaps, notes), "row"
            if len(inside) != 1:
                names = ", ".join(f"{Path(each.filename).name[:40]!a}" for each in inside[:4])
                holds = f"an archive of {len(inside)} files ({names})" if inside else "an archive of nothing"
                raise TableError(str(shown), holds, "Unpack it, and name one of them")
            target = fresh(folder, "unzipped")
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
        if unpacked.read(4) == ARCHIVES[0]:
            return sheets.from_workbook(target, folder, shown, among, gaps, notes), "row"
    return target, "line"
