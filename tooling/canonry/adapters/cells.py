"""What sheets are made of, whichever file they come from: cells, rows, and what can be wrong with a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeAlias

from canonry.kernel.errors import CanonryError

Cell: TypeAlias = "str | int | float | bool | datetime | date | time | None"
"""A CSV file holds text only; a workbook also numbers, dates and nothing."""


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class TableError(CanonryError):
    """A sheet cannot be read or written."""

    file: str
    why: str
    next_step: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.why}"

    def advice(self) -> str:
        """What to do with the file."""
        return self.next_step


@dataclass(frozen=True, slots=True)
class Look:
    """How a workbook shows a sheet that people read; a CSV file has no looks."""

    widths: tuple[int, ...]
    """Characters per column; text longer than a wide column is wrapped."""
    headed: bool = True
    """The first row names the columns: it stays in sight, and rows can be filtered by it."""
    percents: frozenset[int] = frozenset()
    """Columns of shares."""
    amounts: frozenset[int] = frozenset()
    """Columns of money."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a table. `total` rows and `width` columns are given where they are known beforehand."""

    name: str
    rows: Iterator[list[Cell]]
    total: int | None = None
    width: int = 0
