"""Files from other tools: JSON, YAML, CSV and workbooks, one by one or a folder of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from canonry.adapters.cells import TableError
from canonry.adapters.tables import open_table
from canonry.catalogue.text import parse
from canonry.exchange.pieces import Piece
from canonry.kernel.errors import UsageError, refusal

_TABLES: Final = (".csv", ".tsv", ".xlsx")
_YAML: Final = (".yaml", ".yml")
_ROWS: Final = 200_000
"""Of a sheet; a list of events or words is no longer."""


def pieces(paths: Iterable[Path]) -> Iterator[Piece]:
    """Every file, in order; of a folder those below it, links left out.

    A file of a folder that cannot be read says so in its piece. Raises `UsageError` for a file that is
    neither JSON, YAML nor a table, `TableError` for a table that is none.
    """
    for path in paths:
        if path.is_dir():
            found = [p for p in sorted(path.rglob("*")) if p.is_file() and not p.is_symlink()]
            if not found:
                raise UsageError(f"{path} holds no files", "Name a folder of JSON Schemas, or a file")
            for each in found:
                if not any(part.startswith(".") for part in each.relative_to(path).parts):
                    yield _listed(each, str(each.relative_to(path)))
        else:
            yield _piece(path)


def _listed(path: Path, name: str) -> Piece:
    """A file of a folder: where it cannot be read the others still are."""
    try:
        return _piece(path)
    except (UsageError, TableError) as error:
        return Piece(name, problem=str(error).replace(str(path), name))


def _piece(path: Path) -> Piece:
    ending = path.suffix.lower()
    if ending in _TABLES:
        with open_table(path) as table:
            sheets = {
                sheet.name: [list(row) for row in islice(sheet.rows, _ROWS)] for sheet in table.sheets()
            }
        return Piece(path.name, sheets={path.stem if len(sheets) == 1 else n: r for n, r in sheets.items()})
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableError(str(path), *refusal(error, "cannot be read")) from error
    # Iglu's files have no ending; whatever is no YAML by name is read as JSON.
    source, faults = parse("piece.yaml" if ending in _YAML else "piece.json", data)
    if faults:
        fault = faults[0]
        raise UsageError(f"{path}:{fault.line}: {fault.message}", "Export it again as JSON, YAML or CSV")
    return Piece(path.name, source.value)
