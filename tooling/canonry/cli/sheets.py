"""Repair sheets of an audit, written to a folder."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from canonry.cli.options import columns, palette, say

if TYPE_CHECKING:
    from canonry.audit.repair import Neighbours
    from canonry.audit.report import Report
    from canonry.audit.source import Gap
    from canonry.audit.standard import Standard
    from canonry.kernel.jsonvalue import Json


_VERBS: Final[Mapping[Any, str]] = {"rename": "rename", "relink": "relink", "window": "set"}


_ENDINGS: Final = tuple(f"-{kind}.csv" for kind in _VERBS)
UPLOAD: Final = "upload"
"""The folder beside the sheets with what platforms take in."""


def write(
    report: Report,
    standard: Standard,
    folder: Path,
    form: str,
    neighbours: Neighbours | None = None,
    gaps: Sequence[Gap] = (),
) -> None:
    """One CSV per platform, level and kind of repair, and one per account to upload.

    Each is whole or not there at all, and has no live formula. What an earlier call left to upload is gone.
    What was not read (`gaps`) is said: nothing of it is in a sheet.
    """
    from canonry.audit.repair import NOBODY, repairs, sheets, uploads
    from canonry.render import audits
    from canonry.render import json as as_json

    known = neighbours or NOBODY
    found = repairs(report, standard, known)
    made = [sheet for kind, rows in found.items() for sheet in sheets(rows, kind)]
    ready = [file for kind, rows in found.items() for file in uploads(rows, kind, standard, known)]
    written: list[dict[str, Json]] = []
    for sheet in made:
        path = folder / f"{sheet.name}.csv"
        _table(path, sheet.name, [sheet.header, *sheet.rows])
        able = sum(1 for row in sheet.rows if row[2])
        written.append({"path": str(path), "kind": sheet.kind, "rows": len(sheet.rows), "ready": able})
    _swept(folder / UPLOAD)
    loaded: list[dict[str, Json]] = []
    for file in ready:
        path = folder.joinpath(UPLOAD, file.path[0], f"{file.path[1]}.csv")
        _table(path, file.path[1], [file.header, *file.rows])
        loaded.append(
            {"path": str(path), "kind": file.kind, "program": file.program, "step": file.step or None}
        )
    if form == "json":
        unread = [f"{gap.what}: {gap.why}" for gap in gaps]
        say(as_json.document({"sheets": written, "uploads": loaded, "unread": unread}))
        return
    if not written:
        say("There is nothing to rename, to relink or to set.")
    for each in written:
        number = f"{each['rows']:,} to {_VERBS[each['kind']]}, {each['ready']:,} with the new value"
        say(f"{each['path']}: {number}")
    for path in _left(folder, {sheet.name for sheet in made}):
        say(f"{path}: of an earlier call; nothing of it is to be done now")
    for told in loaded:
        say(f"{told['path']}: for {told['program']}")
    if any(file.step for file in ready):
        say("Load numbered files in their order: each finds things by names that the next one changes.")
    if written:
        say("A row without a new value has to be built.")
        say("Effect says what an upload does to a live ad.")
    if gaps:
        say(audits.unread_text(gaps, "nothing of it is in a sheet", palette(), columns()))


def _table(path: Path, name: str, rows: Iterable[Sequence[str]]) -> None:
    """A sheet as a CSV file; beyond ASCII it says how it is encoded, or Excel takes it for something else."""
    from canonry.adapters.tables import create_table
    from canonry.render.plain import visible

    shown = [[visible(cell) for cell in row] for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    with create_table(path, marked=not all(cell.isascii() for row in shown for cell in row)) as table:
        table.sheet(name)
        for row in shown:
            table.row(row)


def _swept(folder: Path) -> None:
    """Takes away what an earlier call wrote to upload: loaded again, it would undo what was done since."""
    for path in folder.glob("*/*.csv"):
        if path.name.endswith(_ENDINGS):
            with suppress(OSError):
                path.unlink()


def _left(folder: Path, names: Container[str]) -> list[Path]:
    return [
        path
        for path in sorted(folder.glob("*.csv"))
        if path.name.endswith(_ENDINGS) and path.stem not in names
    ]
