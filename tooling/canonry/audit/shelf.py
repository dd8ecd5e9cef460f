"""Observations by the hundred thousand, kept small: some fifty bytes each instead of five hundred.

What an audit may come back to (a name that another thing turns out to have as well) is almost never come back
to, so it is packed in blocks and unpacked when asked for. What is given back is equal to what was put, and
another object.
"""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from canonry.audit.observation import NO_WEIGHT, Level, Observation, Upkeep, Weight

_BLOCK: Final = 512
"""Observations that are packed together: of more each is smaller, and takes longer to unpack."""
_QUICK: Final = 1
"""Compression that costs less than what it saves."""
_UPKEEP: Final = Upkeep.__slots__

Row = tuple[Any, ...]


class Shelf:
    """Observations in the order in which they came, each with a text that belongs to it and a mark."""

    def __init__(self) -> None:
        self._packed: list[bytes | list[Row]] = []
        self._rows: list[Row] = []
        self._sorts: dict[tuple[str, str, str, Level, str], int] = {}
        self._sort_of: list[tuple[str, str, str, Level, str]] = []

    def __len__(self) -> int:
        return len(self._packed) * _BLOCK + len(self._rows)

    def put(self, seen: Observation, text: str = "", *, mark: bool = False) -> None:
        """Keeps one."""
        sort = (seen.source, seen.platform, seen.account, seen.level, seen.native)
        number = self._sorts.get(sort)
        if number is None:
            number = self._sorts[sort] = len(self._sort_of)
            self._sort_of.append(sort)
        weight = seen.weight
        days = (seen.first_seen, seen.last_seen, seen.starts, seen.ends)
        rows = self._rows
        rows.append(
            (
                number,
                seen.id,
                seen.name,
                seen.status,
                tuple(seen.parents.items()),
                weight.rows,
                weight.cost,
                weight.currency,
                weight.impressions,
                weight.clicks,
                text,
                mark,
                None if days == _NO_DAYS else tuple(map(_number, days)),
                seen.goal,
                seen.partial,
                seen.provenance,
                seen.value,
                tuple(seen.params.items()),
                None if seen.upkeep is None else _packed(seen.upkeep),
            )
        )
        if len(rows) == _BLOCK:
            self._close()

    def _close(self) -> None:
        try:
            self._packed.append(zlib.compress(marshal.dumps(self._rows), _QUICK))
        except ValueError:  # a source gave a text or number of a kind of its own
            self._packed.append(self._rows)
        self._rows = []

    def __iter__(self) -> Iterator[tuple[Observation, str, bool]]:
        for block in range(len(self._packed) + 1):
            for row in self._block(block):
                yield self._observed(row), row[10], row[11]

    def at(self, places: Iterable[int]) -> Iterator[tuple[Observation, str, bool]]:
        """Those at some places, counted from 0; quick where the places ascend."""
        number, rows = -1, self._rows
        for place in places:
            block, row = divmod(place, _BLOCK)
            if block != number:
                number, rows = block, self._block(block)
            found = rows[row]
            yield self._observed(found), found[10], found[11]

    def _block(self, number: int) -> list[Row]:
        if number == len(self._packed):
            return self._rows
        packed = self._packed[number]
        if isinstance(packed, list):
            return packed
        rows: list[Row] = marshal.loads(zlib.decompress(packed))  # noqa: S302  this process wrote it
        return rows

    def _observed(self, row: Row) -> Observation:
        source, platform, account, level, native = self._sort_of[row[0]]
        first, last, starts, ends = _NO_DAYS if row[12] is None else map(_day, row[12])
        weight = Weight(*row[5:10]) if row[5:10] != _WEIGHTLESS else NO_WEIGHT
        return Observation(
            source,
            platform,
            level,
            account=account,
            native=native,
            id=row[1],
            name=row[2],
            status=row[3],
            parents=dict(row[4]) or None,
            weight=weight,
            first_seen=first,
            last_seen=last,
            starts=starts,
            ends=ends,
            goal=row[13],
            partial=row[14],
            provenance=row[15],
            value=row[16],
            params=dict(row[17]) or None,
            upkeep=None if row[18] is None else _unpacked(row[18]),
        )


_NO_DAYS: Final = (None, None, None, None)
_WEIGHTLESS: Final = (None, None, "", None, None)


def _number(day: date | None) -> int | None:
    return None if day is None else day.toordinal()


def _day(number: int | None) -> date | None:
    return None if number is None else date.fromordinal(number)


def _packed(upkeep: Upkeep) -> Row:
    fields = (getattr(upkeep, name) for name in _UPKEEP)
    return tuple((each.toordinal(),) if isinstance(each, date) else each for each in fields)


def _unpacked(row: Row) -> Upkeep:
    upkeep = Upkeep()
    for name, each in zip(_UPKEEP, row, strict=True):
        setattr(upkeep, name, date.fromordinal(each[0]) if isinstance(each, tuple) else each)
    return upkeep
