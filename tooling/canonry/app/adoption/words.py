"""The words of one place: which spelling is the word, and which are slips of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from canonry.app.adoption.tokens import word

_SHORT: Final = 4
"""Words of fewer letters are too alike to be taken for one another: de, dk."""
_LONG: Final = 8
_DOUBTFUL: Final = 0.01
"""A short word like another one, and rarer than this share of all, is neither a word nor a slip for sure."""
_RARE: Final = 0.12
"""A slip is this much rarer than its word, at most."""


@dataclass(slots=True)
class Word:
    """One word: how it should be written, other spellings that were found, how often and at what cost."""

    word: str
    label: str
    count: int
    cost: float
    aliases: list[str] = field(default_factory=list)


def words(
    counts: Mapping[str, int],
    spellings: Mapping[str, Counter[str]],
    costs: Mapping[str, float],
    *,
    least: int,
) -> tuple[list[Word], list[str]]:
    """Words, the most frequent first, and tokens that are too rare to be one and like none."""
    made: dict[str, list[str]] = {}
    for token in counts:
        key = word(token)
        if key:
            made.setdefault(key, []).append(token)
    totals = {key: sum(counts[token] for token in tokens) for key, tokens in made.items()}
    whole = sum(totals.values()) or 1
    bare = {
        key: "".join([char for char in max(tokens, key=counts.__getitem__) if char.isalnum()])
        for key, tokens in made.items()
    }
    order = sorted(totals, key=lambda key: (-totals[key], key))
    heads: list[str] = []
    slips: dict[str, list[str]] = {}
    rest: list[str] = []
    for key in order:
        head, sure = _head(key, totals, heads, bare)
        if head is not None and sure:
            slips.setdefault(head, []).append(key)
        elif totals[key] >= least and (head is None or totals[key] > _DOUBTFUL * whole):
            heads.append(key)
        else:
            rest += made[key]
    found = []
    for head in heads:
        tokens = [*made[head], *(token for slip in slips.get(head, ()) for token in made[slip])]
        written: Counter[str] = Counter()
        for token in tokens:
            written.update(spellings.get(token) or {token: counts[token]})
        label = max(
            (s for token in made[head] for s in (spellings.get(token) or {token: 1})), key=written.__getitem__
        )
        aliases = _aliases(head, written)
        found.append(
            Word(
                head,
                label,
                sum(counts[token] for token in tokens),
                sum(costs.get(token, 0.0) for token in tokens),
                aliases,
            )
        )
    return found, rest


def _aliases(head: str, written: Mapping[str, int]) -> list[str]:
    """Spellings that are not the word by letter case alone, each once."""
    found: dict[str, str] = {}
    for text in sorted(written, key=lambda each: (-written[each], each)):
        key = text.casefold()
        if key != head and text:
            found.setdefault(key, text.casefold())
    return list(found.values())


def _head(
    key: str, totals: Mapping[str, int], heads: Sequence[str], bare: Mapping[str, str]
) -> tuple[str | None, bool]:
    """The word that a rarer one may be a slip of: a letter or two off, or the same without hyphens. Whether
    that is sure: short words and numbers are too alike.
    """
    from rapidfuzz.distance import OSA

    mine = bare[key]
    best: tuple[bool, int, str] | None = None
    for head in heads:
        other = bare[head]
        if mine == other:
            return head, True
        if totals[key] > _RARE * totals[head]:
            continue
        sure = min(len(mine), len(other)) >= _SHORT and not _numbered(mine, other)
        allowed = 2 if sure and len(other) >= _LONG else 1
        distance = OSA.distance(mine, other, score_cutoff=allowed)
        if distance <= allowed and (best is None or (not sure, distance) < best[:2]):
            best = not sure, distance, head
    return (best[2], not best[0]) if best is not None else (None, False)


def _numbered(one: str, other: str) -> bool:
    """Whether two words differ in their digits: q1 and q2, size300 and size320."""
    return [c for c in one if c.isdigit()] != [c for c in other if c.isdigit()]
