"""Conventions that share a shape, told apart by which tokens stand together.

Words of one convention combine freely; two conventions of one delimiter and length show as groups of names
whose words keep to themselves in most places.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

from canonry.app.adoption.tokens import look

Row = tuple[int, tuple[str, ...]]
"""The number of a name, and its folded tokens."""

_SAMPLE: Final = 1500
_TURNS: Final = 6
_APART: Final = 0.15
"""Two places whose words are common to less than this share of names have nothing to do with each other."""
_MOVED: Final = 0.6
_SHARE: Final = 0.05
_SYMBOLS: Final = 8
_COUNTED: Final = 3
_DEPTH: Final = 5
_LEAST: Final = 2

Model = list[Counter[str]]


def parts(rows: list[Row], least: int, *, depth: int = _DEPTH) -> list[list[Row]]:
    """The rows by convention; one part where nothing keeps them apart."""
    if depth == 0 or len(rows) < 2 * least or len(rows[0][1]) < _LEAST:
        return [rows]
    sides = _sides(rows, least)
    if sides is None:
        return [rows]
    return [inner for side in sides for inner in parts(side, least, depth=depth - 1)]


def _sides(rows: list[Row], least: int) -> tuple[list[Row], list[Row]] | None:
    step = max(len(rows) // _SAMPLE, 1)
    sample = [_symbols(tokens) for _, tokens in rows[::step]]
    common = [
        {symbol for symbol, count in Counter(column).items() if count >= max(_COUNTED, len(sample) // 400)}
        for column in zip(*sample, strict=True)
    ]
    sample = [_known(row, common) for row in sample]
    for first, second in _seeds(sample):
        models = _settled(sample, first, second)
        if models is None or not _apart(*models):
            continue
        sides: tuple[list[Row], list[Row]] = ([], [])
        for row in rows:
            sides[_nearer(_known(_symbols(row[1]), common), models)].append(row)
        if min(map(len, sides)) >= least:
            return sides
    return None


def _symbols(tokens: Sequence[str]) -> tuple[str, ...]:
    """A token by what it says: itself, or what it looks like where it is a date, a number or an id."""
    found = []
    for token in tokens:
        seen = look(token)
        found.append(token if seen.kind == "word" else f"\x00{seen.kind}{seen.form}")
    return tuple(found)


def _known(row: Sequence[str], common: Sequence[set[str]]) -> tuple[str, ...]:
    return tuple([symbol if symbol in there else "" for symbol, there in zip(row, common, strict=True)])


def _model(rows: Sequence[tuple[str, ...]]) -> Model:
    return [Counter(column) for column in zip(*rows, strict=True)]


def _seeds(sample: Sequence[tuple[str, ...]]) -> list[tuple[Model, Model]]:
    """Pairs of symbols of one place that stand beside quite different ones, the most different first."""
    found = []
    for place, counts in enumerate(_model(sample)):
        often = [
            symbol
            for symbol, count in counts.most_common(_SYMBOLS)
            if symbol and count >= max(_SHARE * len(sample) / 2, 4)
        ]
        models = [_model([row for row in sample if row[place] == symbol]) for symbol in often]
        for number, one in enumerate(models):
            for other in models[:number]:
                shares = [
                    _common(a, b) for at, (a, b) in enumerate(zip(one, other, strict=True)) if at != place
                ]
                apart = sum(share < 2 * _APART for share in shares)
                if apart:
                    found.append((apart, -sum(shares), one, other))
    found.sort(key=lambda each: each[:2], reverse=True)
    return [(one, other) for _, _, one, other in found[:4]]


def _settled(sample: Sequence[tuple[str, ...]], one: Model, other: Model) -> tuple[Model, Model] | None:
    models = one, other
    before: list[int] = []
    for _ in range(_TURNS):
        nearer = [_nearer(row, models) for row in sample]
        if nearer == before:
            break
        before = nearer
        sides = [[row for row, side in zip(sample, nearer, strict=True) if side == each] for each in (0, 1)]
        if not all(sides):
            return None
        models = _model(sides[0]), _model(sides[1])
    return models


def _nearer(row: Sequence[str], models: tuple[Model, Model]) -> int:
    fits = []
    for model in models:
        size = model[0].total() + 5
        fits.append(sum([math.log((count[s] + 0.05) / size) for s, count in zip(row, model, strict=True)]))
    return int(fits[1] > fits[0])


def _common(one: Counter[str], other: Counter[str]) -> float:
    """The share of two places that is the same symbols; text is one of them."""
    mine, theirs = one.total(), other.total()
    return sum([min(count / mine, other[symbol] / theirs) for symbol, count in one.items()])


def _apart(one: Model, other: Model) -> bool:
    """Whether two groups differ as conventions do: most of their places, or words that changed places.

    One word against others is no difference: what a brand sells depends on the brand.
    """
    places = [at for at in range(len(one)) if _common(one[at], other[at]) < _APART]
    rich = [at for at in places if _rich(one[at]) and _rich(other[at])]
    if len(places) < _LEAST or len(rich) < _LEAST:
        return False
    telling = sum(not (_text(mine) and _text(theirs)) for mine, theirs in zip(one, other, strict=True))
    if len(places) * 2 > telling:
        return True
    moved = sum(
        any(_common(one[at], other[to]) >= _MOVED for to in range(len(one)) if to != at) for at in places
    )
    return moved >= _LEAST


def _text(count: Counter[str]) -> bool:
    return count[""] * 2 > count.total()


def _rich(count: Counter[str]) -> bool:
    """Whether several words stand in a place, or text, or a date or number."""
    return (
        _text(count)
        or sum(times >= _COUNTED for symbol, times in count.items() if symbol) > 1
        or any(symbol.startswith("\x00") for symbol in count)
    )
