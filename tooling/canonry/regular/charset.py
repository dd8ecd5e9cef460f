"""Sets of code points as sorted ranges, and partitions of all code points into classes.

The universe is 0..0x10FFFF without surrogates: a JSON text cannot hold one. A lone surrogate in a Python
string is read as its neighbour U+D7FF, so that reading a string never fails.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, Self

LAST: Final = 0x10FFFF
_GAP_LOW: Final = 0xD800
_GAP_HIGH: Final = 0xDFFF
_ASCII: Final = 128
SURROGATES: Final = frozenset(range(_GAP_LOW, _GAP_HIGH + 1))

Ranges = tuple[tuple[int, int], ...]


def _normal(ranges: Iterable[tuple[int, int]]) -> Ranges:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            if high > merged[-1][1]:
                merged[-1] = (merged[-1][0], high)
        else:
            merged.append((low, high))
    return tuple(merged)


class CharSet:
    """An immutable set of code points; equal exactly when the members are equal."""

    __slots__ = ("_hash", "ranges")

    ranges: Ranges

    def __init__(self, ranges: Iterable[tuple[int, int]] = ()) -> None:
        """Takes inclusive ranges in any order; surrogates are left out."""
        parts: list[tuple[int, int]] = []
        for low, high in _normal(ranges):
            if low > _GAP_HIGH or high < _GAP_LOW:
                parts.append((low, high))
                continue
            if low < _GAP_LOW:
                parts.append((low, _GAP_LOW - 1))
            if high > _GAP_HIGH:
                parts.append((_GAP_HIGH + 1, high))
        self.ranges = tuple(parts)
        self._hash = hash(self.ranges)

    @classmethod
    def of(cls, characters: str) -> Self:
        """The set of the characters of a string."""
        return cls((ord(char), ord(char)) for char in characters)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, CharSet) and self.ranges == other.ranges)

    def __hash__(self) -> int:
        return self._hash

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def __len__(self) -> int:
        return sum(high - low + 1 for low, high in self.ranges)

    def __contains__(self, char: str) -> bool:
        point = ord(char)
        index = bisect_right(self.ranges, (point, LAST + 1)) - 1
        return index >= 0 and self.ranges[index][0] <= point <= self.ranges[index][1]

    def __iter__(self) -> Iterator[str]:
        for low, high in self.ranges:
            yield from map(chr, range(low, high + 1))

    def __or__(self, other: "CharSet") -> "CharSet":
        return CharSet(self.ranges + other.ranges)

    def __invert__(self) -> "CharSet":
        gaps = []
        following = 0
        for low, high in self.ranges:
            if low > following:
                gaps.append((following, low - 1))
            following = high + 1
        if following <= LAST:
            gaps.append((following, LAST))
        return CharSet(gaps)

    def __and__(self, other: "CharSet") -> "CharSet":
        common = []
        left, right = self.ranges, other.ranges
        i = j = 0
        while i < len(left) and j < len(right):
            low, high = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
            if low <= high:
                common.append((low, high))
            if left[i][1] < right[j][1]:
                i += 1
            else:
                j += 1
        return CharSet(common)

    def __sub__(self, other: "CharSet") -> "CharSet":
        return self & ~other

    def pick(self) -> str:
        """The most readable member: a to z, 0 to 9, A to Z, `-`, `_`, then what else is printable.

        Raises `ValueError` where the set is empty.
        """
        return _pick(self)

    def readable(self) -> Iterator[str]:
        """Every member, the most readable first."""
        for wanted in _PREFERENCE:
            yield from self & wanted

    def __repr__(self) -> str:
        parts = [f"U+{low:04X}" if low == high else f"U+{low:04X}-U+{high:04X}" for low, high in self.ranges]
        return f"CharSet({', '.join(parts)})"


NONE: Final = CharSet()
ALL: Final = CharSet([(0, LAST)])
DIGIT: Final = CharSet.of("0123456789")
UPPER: Final = CharSet([(ord("A"), ord("Z"))])
LOWER: Final = CharSet([(ord("a"), ord("z"))])
WORD: Final = DIGIT | UPPER | LOWER | CharSet.of("_")
SPACE: Final = CharSet.of("\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff") | CharSet(
    [(0x2000, 0x200A)]
)
"""What `\\s` means in ECMA-262: white space and line terminators."""
LINE_ENDS: Final = CharSet.of("\n\r\u2028\u2029")
DOT: Final = ~LINE_ENDS

_PRINTABLE: Final = CharSet([(0x20, 0x7E)])
_LATIN: Final = CharSet([(0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x17F)])
_LETTERS: Final = CharSet(
    [(0x391, 0x3A1), (0x3B1, 0x3C9), (0x410, 0x44F), (0x4E00, 0x9FA5), (0x1F600, 0x1F64F)]
)


def _preference() -> tuple[CharSet, ...]:
    order = [LOWER, DIGIT, UPPER, CharSet.of("-"), CharSet.of("_"), CharSet.of(".")]
    order += [_PRINTABLE - CharSet.of(" "), CharSet.of(" "), _LATIN, _LETTERS]
    order += [
        ~CharSet([(0, 0x9F), (0x2028, 0x202E), (0xFDD0, 0xFDEF), (0xFFF0, 0xFFFF), (0xE000, 0xF8FF)]),
        ALL,
    ]
    seen = NONE
    result = []
    for part in order:
        result.append(part - seen)
        seen |= part
    return tuple(result)


_PREFERENCE: Final = _preference()


@lru_cache(maxsize=8192)
def _pick(charset: CharSet) -> str:
    return next(charset.readable()) if charset else _nothing_to_pick()


def _nothing_to_pick() -> str:
    raise ValueError("an empty set has no member to pick")


def rank(char: str) -> tuple[int, int]:
    """Sorts characters by how readable they are, then by code point."""
    for index, wanted in enumerate(_PREFERENCE):
        if char in wanted:
            return index, ord(char)
    return len(_PREFERENCE), ord(char)


class Partition:
    """All code points divided into classes, numbered from 0; the same character class is one column."""

    __slots__ = ("_ascii", "_charsets", "ids", "size", "starts")

    def __init__(self, starts: list[int], ids: list[int], size: int) -> None:
        """Code points from `starts[i]` up to the next start belong to class `ids[i]`."""
        self.starts = starts
        self.ids = ids
        self.size = size
        self._ascii: list[int] | None = None
        self._charsets: list[CharSet] | None = None

    @property
    def ascii(self) -> list[int]:
        """The classes of the first 128 code points."""
        if self._ascii is None:
            self._ascii = [self.ids[bisect_right(self.starts, point) - 1] for point in range(_ASCII)]
        return self._ascii

    def class_of(self, char: str) -> int:
        """The class a character belongs to."""
        point = ord(char)
        if point < _ASCII:
            return self.ascii[point]
        return self.ids[bisect_right(self.starts, point) - 1]

    @property
    def charsets(self) -> list[CharSet]:
        """The members of each class."""
        if self._charsets is None:
            ranges: list[list[tuple[int, int]]] = [[] for _ in range(self.size)]
            ends = [*self.starts[1:], LAST + 1]
            for low, end, index in zip(self.starts, ends, self.ids, strict=True):
                ranges[index].append((low, end - 1))
            self._charsets = [CharSet(parts) for parts in ranges]
        return self._charsets

    def charset(self, classes: Iterable[int]) -> CharSet:
        """The members of several classes together."""
        chosen = list(classes)
        if len(chosen) == 1:
            return self.charsets[chosen[0]]
        return CharSet(part for index in chosen for part in self.charsets[index].ranges)

    def join(self, other: "Partition") -> "tuple[Partition, list[int], list[int]]":
        """The coarsest partition that refines both, with the class of each side for each of its classes."""
        if self is other:
            same = list(range(self.size))
            return self, same, same
        starts: list[int] = []
        ids: list[int] = []
        numbers: dict[tuple[int, int], int] = {}
        left_starts, right_starts = self.starts, other.starts
        left_end, right_end = len(left_starts), len(right_starts)
        i = j = 0
        point = 0
        while True:
            pair = (self.ids[i], other.ids[j])
            number = numbers.setdefault(pair, len(numbers))
            starts.append(point)
            ids.append(number)
            left = left_starts[i + 1] if i + 1 < left_end else LAST + 1
            right = right_starts[j + 1] if j + 1 < right_end else LAST + 1
            point = min(left, right)
            if point > LAST:
                break
            if left == point:
                i += 1
            if right == point:
                j += 1
        joined = Partition(starts, ids, len(numbers))
        return joined, [pair[0] for pair in numbers], [pair[1] for pair in numbers]


TRIVIAL: Final = Partition([0], [0], 1)
"""Everything in one class."""


def partition(charsets: Iterable[CharSet]) -> tuple[Partition, list[int]]:
    """The coarsest partition that tells `charsets` apart.

    Beside it, per class, a mask whose bit `i` says that the class lies in the `i`-th set.
    """
    changes: dict[int, int] = {0: 0}
    for index, charset in enumerate(charsets):
        bit = 1 << index
        for low, high in charset.ranges:
            changes[low] = changes.get(low, 0) ^ bit
            changes[high + 1] = changes.get(high + 1, 0) ^ bit
    starts: list[int] = []
    ids: list[int] = []
    numbers: dict[int, int] = {}
    mask = 0
    for point in sorted(changes):
        mask ^= changes[point]
        if point == _GAP_LOW or point > LAST:
            continue  # the gap belongs to whatever precedes it, so that no class is empty
        number = numbers.setdefault(mask, len(numbers))
        if not ids or ids[-1] != number:
            starts.append(point)
            ids.append(number)
    return Partition(starts, ids, len(numbers)), list(numbers)
