"""Files whose columns have types: Parquet and JSON."""

from __future__ import annotations

import codecs
import io
import shutil
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final, Literal

from canonry.adapters.cells import TableError
from canonry.adapters.exports.copies import fresh
from canonry.adapters.exports.layout import Layout
from canonry.adapters.exports.queries import CONFIG, broken, identifier, literal
from canonry.audit.layouts import best
from canonry.audit.mappings import Mapping
from canonry.audit.source import Gap

_CHUNK: Final = 1 << 20


def whole_lines(path: Path, folder: Path, shown: Path) -> tuple[Path, list[Gap]]:
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
    copy = fresh(folder, "whole")
    shutil.copyfile(path, copy)
    with copy.open("r+b") as file:
        file.truncate(copy.stat().st_size - len(last))
    return copy, [Gap(shown.name, "its last line is cut off; what follows is unknown", "Export it again")]


def of_parquet(path: Path, among: Iterable[Mapping], gaps: list[Gap], shown: Path) -> Layout:
    """A Parquet file with its columns. Raises `TableError`."""
    return _typed(path, "parquet", f"read_parquet({literal(path)})", among, gaps, shown)


def of_json(path: Path, among: Iterable[Mapping], gaps: list[Gap], form: str, shown: Path) -> Layout:
    """A file of JSON with its columns; `form` is what DuckDB calls it. Raises `TableError`."""
    options = f", format={literal(form)}, maximum_object_size=4194304"
    layout = _typed(path, "json", f"read_json({literal(path)}{options})", among, gaps, shown)
    layout.options = options
    return layout


def are_lines(path: Path) -> bool:
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
