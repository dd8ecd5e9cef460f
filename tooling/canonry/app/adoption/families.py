"""What a shape does not say: keys before values, tokens within tokens, tokens that may be missing, text that
holds the delimiter.

A *layout* says where the tokens of a place begin and end; everything here turns rows of one layout into rows
of a better one, as text that is written and as text that is compared alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from canonry.app.adoption.clusters import Row
from canonry.app.adoption.tokens import look

_KEYED: Final = re.compile(r"([^\W\d_][^\W_]{0,15})\s*([:=])\s*(?=\S)")
_KEYS: Final = 0.06
"""A key stands in at least this share of the names that have keys."""
_WITHIN: Final = 0.85
_COMBINES: Final = 1.6
_PREFIX: Final = re.compile(r"[^\W_]{1,12}[:=]")
_LOOSE: Final = re.compile(r"[^\W\d_]{1,12}[-.~]")


def keyed(tokens: Sequence[str]) -> tuple[tuple[str, str, str], ...] | None:
    """Key, mark and value of each token; None where a token has none or two have the same."""
    found = []
    for token in tokens:
        match = _KEYED.match(token)
        if match is None:
            return None
        found.append((match[1], match[2], token[match.end() :]))
    return tuple(found) if len({key for key, _, _ in found}) == len(found) > 1 else None


def keys_of(rows: Sequence[tuple[tuple[str, str, str], ...]]) -> list[str]:
    """The keys (with their mark) that names hold often enough, in the order in which they mostly stand."""
    counts: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for row in rows:
        for place, (key, mark, _) in enumerate(row):
            counts[key + mark] += 1
            places[key + mark] += place
    often = [key for key, count in counts.items() if count >= max(_KEYS * len(rows), 2)]
    return sorted(often, key=lambda key: (places[key] / counts[key], key))


def prefixes(columns: Sequence[Counter[str]]) -> list[str]:
    """The key that every token of a place begins with: `m:` always, `m-` where all places have one."""
    strict = [_shared(column, _PREFIX) for column in columns]
    loose = [found or _shared(column, _LOOSE) for found, column in zip(strict, columns, strict=True)]
    worded = [at for at, column in enumerate(columns) if len(column) > 1]
    if worded and len(worded) * 2 > len(columns) and all(loose[at] for at in worded):
        return loose
    return strict


def _shared(column: Counter[str], form: re.Pattern[str]) -> str:
    if len(column) < 2:  # noqa: PLR2004  one word is a word
        return ""
    total = column.total()
    begun: Counter[str] = Counter()
    for token, count in column.items():
        match = form.match(token)
        if match is not None and len(token) > match.end():
            begun[match[0]] += count
    if not begun:
        return ""
    best, count = begun.most_common(1)[0]
    return best if count >= 0.95 * total else ""


def within(column: Counter[str], delimiters: Sequence[str]) -> tuple[str, int] | None:
    """The delimiter that joins two or more words in one token, and how many; None where it is one word.

    Words that combine are words of their own; `add-to-cart` and `past-purchasers` do not combine.
    """
    total = column.total()
    if not total:
        return None
    for delimiter in delimiters:
        sizes: Counter[int] = Counter()
        for token, count in column.items():
            sizes[len(token.split(delimiter))] += count
        size, often = sizes.most_common(1)[0]
        if size < 2 or size > 4 or often < _WITHIN * total:  # noqa: PLR2004  a few words
            continue
        rows = {
            tuple([part.strip() for part in token.split(delimiter)]): count
            for token, count in column.items()
            if len(token.split(delimiter)) == size
        }
        if any(look(token).kind not in ("word", "id") for token in list(column)[:20]):
            return None
        if _combine(rows, size):
            return delimiter, size
    return None


def _combine(rows: Mapping[tuple[str, ...], int], size: int) -> bool:
    total = sum(rows.values())
    least = max(2, total // 200)
    columns: list[Counter[str]] = [Counter() for _ in range(size)]
    for row, count in rows.items():
        for column, token in zip(columns, row, strict=True):
            column[token] += count
    often = [{token for token, count in column.items() if count >= least and token} for column in columns]
    telling = []
    for column, words in zip(columns, often, strict=True):
        typed = sum(c for token, c in column.items() if look(token).kind not in ("word", "id"))
        worded = sum(column[token] for token in words)
        if typed < 0.8 * total and worded < 0.8 * total:
            return False
        telling.append(len(words) > 1 and typed < 0.8 * total)
    if sum(telling) < 2:  # noqa: PLR2004  a combination
        return False
    frequent = {row for row in rows if all(t in w for t, w, e in zip(row, often, telling, strict=True) if e)}
    seen = {tuple([t for t, e in zip(row, telling, strict=True) if e]) for row in frequent}
    most = max(len(words) for words, each in zip(often, telling, strict=True) if each)
    return len(seen) >= _COMBINES * most


@dataclass(frozen=True, slots=True)
class Model:
    """What stands in each place of a convention: words that are known there, or what tokens look like.

    `loose`: places that take anything, and may take several tokens where `absorbs`.
    """

    known: tuple[frozenset[str], ...]
    looks: tuple[tuple[str, str] | None, ...]
    absorbs: bool = False
    skips: bool = False

    def aligned(self, tokens: Sequence[str]) -> tuple[tuple[int, int], ...] | None:
        """For each place the tokens (from, to) that stand there; None where some token has no place.

        Places of words and dates hold one token or are missing (`skips`), text takes what is between.
        """
        size = len(self.known)
        memory: dict[tuple[int, int], tuple[int, tuple[tuple[int, int], ...]] | None] = {}

        def best(place: int, at: int) -> tuple[int, tuple[tuple[int, int], ...]] | None:
            if place == size:
                return (0, ()) if at == len(tokens) else None
            key = place, at
            if key in memory:
                return memory[key]
            found: tuple[int, tuple[tuple[int, int], ...]] | None = None
            loose = self.looks[place] is None and not self.known[place]
            if self.skips:
                rest = best(place + 1, at)
                if rest is not None:
                    found = rest[0] + 3, ((at, at), *rest[1])
            most = len(tokens) - at if loose and self.absorbs else 1
            for count in range(1, most + 1):
                if at + count > len(tokens) or (not loose and not self._fits(place, tokens[at])):
                    break
                rest = best(place + 1, at + count)
                cost = (1 if loose else 0) + count - 1
                if rest is not None and (found is None or rest[0] + cost < found[0]):
                    found = rest[0] + cost, ((at, at + count), *rest[1])
            memory[key] = found
            return found

        whole = best(0, 0)
        return whole[1] if whole is not None else None

    def _fits(self, place: int, token: str) -> bool:
        if token in self.known[place]:
            return True
        wanted = self.looks[place]
        return wanted is not None and tuple(look(token)) == wanted


def laid(tokens: Sequence[str], spans: Sequence[tuple[int, int]], delimiter: str) -> tuple[str, ...]:
    """The tokens as the places hold them."""
    return tuple([delimiter.join(tokens[start:end]) for start, end in spans])


def rows_of(rows: Sequence[Row]) -> list[Counter[str]]:
    """The tokens of each place."""
    return [Counter(column) for column in zip(*[tokens for _, tokens in rows], strict=True)]
