"""How an export file is laid out, once that is known."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from canonry.audit.mappings import Fit
from canonry.audit.source import Gap, Period


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
    sure: bool = True
    """Whether letters beyond ASCII are known to be what they read as."""
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
