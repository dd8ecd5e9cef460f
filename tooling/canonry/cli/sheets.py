"""Repair sheets of an audit, written to a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from canonry.cli.options import say

if TYPE_CHECKING:
    from canonry.audit.report import Report
    from canonry.audit.standard import Standard


_VERBS: Final[Mapping[object, str]] = {"rename": "rename", "relink": "relink", "window": "set"}


def write(report: Report, standard: Standard, folder: Path, form: str) -> int:
    """One CSV per platform, level and kind of repair; whole or not at all, and never a live formula."""
    from canonry.adapters.tables import create_table
    from canonry.audit.repair import repairs, sheets
    from canonry.render import json as as_json
    from canonry.render.plain import visible

    made = [sheet for kind, rows in repairs(report, standard).items() for sheet in sheets(rows, kind)]
    if made:
        folder.mkdir(parents=True, exist_ok=True)
    written = []
    for sheet in made:
        path = folder / f"{sheet.name}.csv"
        with create_table(path) as table:
            table.sheet(sheet.name)
            table.row(sheet.header)
            for row in sheet.rows:
                table.row([visible(cell) for cell in row])
        ready = sum(1 for row in sheet.rows if row[2])
        written.append({"path": str(path), "kind": sheet.kind, "rows": len(sheet.rows), "ready": ready})
    if form == "json":
        say(as_json.document({"sheets": written}))
        return 0
    if not written:
        say("There is nothing to rename, to relink or to set.")
    for each in written:
        say(f"{each['path']}: {each['rows']:,} to {_VERBS[each['kind']]}, {each['ready']:,} ready to upload")
    if written:
        say("A row without a new value has to be built; Effect says what an upload does to a live ad.")
    return 0
