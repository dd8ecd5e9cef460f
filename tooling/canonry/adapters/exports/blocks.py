"""Several tables in one text file, as analytics tools write them: which one is meant.

Tables are parted by blank lines or by lines that begin with `#`. What follows those and has no header of its
own belongs to the table above: rows after a blank line, or what a report says below them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from canonry.adapters.exports.copies import fresh
from canonry.adapters.exports.layout import Layout
from canonry.audit.layouts import best, suitable
from canonry.audit.mappings import Mapping, plain
from canonry.audit.source import Gap

_CHUNK: Final = 1 << 20
_PARTED: Final = re.compile(rb"\n[ \t,;|\"]*\r?[\n#]")
_PARTED_BY_RETURNS: Final = re.compile(rb"\r[ \t,;|\"]*[\r#]")
_NUMBER: Final = re.compile(r"[-+(]?[^\w\s]?\s?[0-9][0-9.,'\s\u202f]*(?:%|[^\w\s]|\s?[A-Z]{3})?\)?\Z")
_KNOWN: Final = 2
"""Known headings that make a line a header."""


@dataclass
class Block:
    """A table: its header and the line that ends it."""

    header: list[str]
    line: int
    end: int = 0
    """The line past its last row."""
    before: int = 0
    """The same before the last line was met, which may be the next header."""
    rows: int = 0
    above: list[str] = field(default_factory=list)


def parted(path: Path) -> bool:
    """Whether there is a line that may part tables. Quick: most files have none."""
    with path.open("rb") as file:
        rest = b""
        while chunk := file.read(_CHUNK):
            data = rest + chunk
            if (_PARTED if b"\n" in data else _PARTED_BY_RETURNS).search(data):
                return True
            rest = chunk[-64:]
    return False


def chosen(layout: Layout, among: Sequence[Mapping], folder: Path, name: str) -> Layout:
    """The layout of the table that suits best; of a file of one table the same.

    Tables with the same header are read as one. One that could be judged by itself and is not read is a gap,
    another one a note.
    """
    if not parted(layout.path):
        return layout
    with suppress(csv.Error):
        blocks = list(_blocks(layout, among))
        if len(blocks) > 1:
            return _one_of(blocks, layout, among, folder, name)
    return layout


def _one_of(blocks: list[Block], layout: Layout, among: Sequence[Mapping], folder: Path, name: str) -> Layout:
    found = [(block, best(block.header, "\n".join(block.above), among)) for block in blocks]
    block, fits = max(found, key=lambda pair: suitable(pair[1]))
    heads = list(map(plain, block.header))
    same = [each for each in blocks if list(map(plain, each.header)) == heads]
    copy = fresh(folder, "table")
    rows = _copied(layout, same, copy)
    made = replace(
        layout, path=copy, header=block.header, above=block.above, skip=block.line, fits=fits, rows=rows
    )
    for other, suits in found:
        if other in same or not other.rows:
            continue
        what = ", ".join(head.strip()[:40] for head in other.header[:4])
        if suits and suits[0].whole:
            why = f"it holds a second table, from line {other.line} ({what}), which was not read"
            made.gaps.append(Gap(name, why, f"Save it as a file of its own: {suits[0].mapping.key}"))
        else:
            lines = "1 line" if other.rows == 1 else f"{other.rows:,} lines"
            made.notes.append(f"{lines} of another table, from line {other.line} ({what}), left out")
    return made


def _copied(layout: Layout, blocks: Sequence[Block], copy: Path) -> list[list[str]]:
    """Writes the lines of these tables where they stood, blank ones for the others. Their first rows."""
    kept = [(block.line + 1, block.end) for block in blocks]
    sample: list[str] = []
    with (
        layout.path.open(encoding="utf-8-sig", newline="") as file,
        copy.open("w", encoding="utf-8", newline="") as target,
    ):
        part = 0
        for number, line in enumerate(file, 1):
            while part < len(kept) and number >= kept[part][1]:
                part += 1
            inside = part < len(kept) and kept[part][0] <= number
            if inside and len(sample) < _SAMPLE:
                sample.append(line)
            target.write(line if inside or number <= blocks[0].line else "\n")
    with suppress(csv.Error):
        return [row for row in layout.reader(sample) if any(row)]
    return []


_SAMPLE: Final = 400


def _blocks(layout: Layout, among: Sequence[Mapping]) -> Iterator[Block]:
    """The tables of a file, in order. Raises `csv.Error`."""
    block: Block | None = None
    above: list[str] = []
    apart = True
    marked = False  # whether lines begin with #: what stands between such lines may be a table
    waiting: tuple[int, list[str]] | None = None
    last = 0
    with layout.path.open(encoding="utf-8-sig", newline="") as file:
        reader = layout.reader(file)
        for row in reader:
            last = reader.line_num
            if not any(cell.strip() for cell in row) or row[0].startswith("#"):
                apart = True
                if row and row[0].startswith("#"):
                    above.append(layout.delimiter.join(row))
                    marked = True
                continue
            if waiting is not None and len(row) == len(waiting[1]) and any(map(_NUMBER.match, row)):
                if block is not None:
                    block.end, block.rows = block.before, block.rows - 1
                    yield block
                block = Block(waiting[1], waiting[0], above=above)
                above = []
            waiting = None
            if block is None and last == layout.skip:
                block = Block(row, last, above=above)
                above, apart = [], False
                continue
            if apart and _heads(row, block, among):
                if block is not None:
                    yield block
                block = Block(row, last, above=above)
                above, apart = [], False
                continue
            if apart and (block is not None or marked) and _may_head(row, block):
                waiting = (last, row)
            if block is None:
                above.append(layout.delimiter.join(row))
            else:
                block.rows += 1
                block.before, block.end = block.end, last + 1
                apart = apart and waiting is None and len(row) < len(block.header)
    if block is not None:
        yield block


def _heads(row: Sequence[str], block: Block | None, among: Sequence[Mapping]) -> bool:
    """Whether a line is a header: the one that was met, or one with headings that are known."""
    if any(map(_NUMBER.match, (cell.strip() for cell in row))):
        return False
    heads = {plain(cell) for cell in row}
    if block is not None and heads == {plain(cell) for cell in block.header}:
        return True
    return any(len(heads & mapping.heads) >= min(_KNOWN, len(row)) for mapping in among)


def _may_head(row: Sequence[str], block: Block | None) -> bool:
    """Whether a line may be the header of a table that nobody knows."""
    cells = [cell.strip() for cell in row]
    return (
        len(cells) > 1
        and all(cells)
        and (block is None or len(cells) != len(block.header))
        and not any(cell.endswith(":") or _NUMBER.match(cell) for cell in cells)
    )
