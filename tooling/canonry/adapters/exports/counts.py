"""How many lines of a file were judged, and why the others were not: together they are all that there are."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from canonry.adapters.exports.layout import Layout

HEADER: Final = "header"
BELOW: Final = "below"
SUM: Final = "sum"
NAMELESS: Final = "nameless"
COMPARED: Final = "compared"
OUTSIDE: Final = "outside"
SPELLING: Final = "spelling"
_WORDS: Final = {
    SUM: ("1 sums up the others", "{} sum up the others"),
    HEADER: ("1 repeats the header", "{} repeat the header"),
    BELOW: ("1 is no row of the table", "{} are no rows of the table"),
    NAMELESS: ("1 names nothing", "{} name nothing"),
    COMPARED: ("1 is of the days it is compared with", "{} are of the days they are compared with"),
    SPELLING: (
        "1 has letters of an encoding that is not known",
        "{} have letters of an encoding that is not known",
    ),
    OUTSIDE: ("1 is outside the period", "{} are outside the period"),
}
"""In the order in which they are said."""


class Counts:
    """Lines by what became of them."""

    def __init__(self) -> None:
        self.judged = 0
        self.left: Counter[str] = Counter()
        self.notes: list[tuple[str, str]] = []
        """File, and what was left out of it before its lines were counted."""

    @property
    def read(self) -> int:
        """All lines below the headers."""
        return self.judged + self.left.total()

    def add(self, lines: Mapping[str, int], file: str, notes: list[str]) -> None:
        """Takes the lines of a file by reason; those that are judged have none."""
        for why, number in lines.items():
            if why:
                self.left[why] += number
            else:
                self.judged += number
        self.notes += [(file, note) for note in notes]

    def said(self) -> Iterator[str]:
        """In words, where anything was left out."""
        yield from (f"{file}: {note}" for file, note in self.notes)
        if self.left:
            parts = [
                one if self.left[why] == 1 else many.format(f"{self.left[why]:,}")
                for why, (one, many) in _WORDS.items()
                if self.left[why]
            ]
            yield f"{self.read:,} lines read, {self.judged:,} judged; of the others {', '.join(parts)}"


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1] if words else ""


def line_of(layout: Layout, column: int, texts: AbstractSet[str]) -> tuple[int, str] | None:
    """The first line below the header with such a cell, and its text; None beyond a million lines."""
    with suppress(csv.Error, OSError), layout.path.open(encoding="utf-8-sig", newline="") as file:
        reader = layout.reader(file)
        for number, row in enumerate(reader, 1):
            if number > _FAR:
                break
            if reader.line_num > layout.skip and column < len(row) and row[column] in texts:
                return (reader.line_num if layout.unit == "line" else number), row[column]
    return None


_FAR: Final = 1_000_000
_MOST: Final = 2_000
"""Cells of a line that is read at most."""


def widened(layout: Layout) -> bool:
    """Looks for the widest line; whether it is wider than was known, and not beyond measure."""
    widest = layout.widest
    with suppress(csv.Error, OSError), layout.path.open(encoding="utf-8-sig", newline="") as file:
        widest = max(map(len, layout.reader(file)), default=0)
    if not layout.widest < widest <= _MOST:
        return False
    layout.widest = widest
    return True
