"""Hidden conventions of a set of names: delimiter, how many tokens, and what stands in each place.

Names are only looked at: nothing is known of any vocabulary. A *shape* is a delimiter and a number of
tokens. The shape whose places repeat themselves most is taken first, split where two orders share it, and
its names are put aside; what is left is looked at again.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from canonry.app.adoption.tokens import Kind, Look, clean, folded, look

DELIMITERS: Final = ("||", "|", "__", "_", " - ", ";", "~", "::", ":", "/", "#", "+", ",", ">", ".", "-", " ")
"""In the order in which they win: what stands later may be part of a word."""

_FEW: Final = 4
"""Names that make no convention, however alike they are."""
_LEAST_SHARE: Final = 0.004
_MOST: Final = 24
_TYPED: Final = 0.85
_REPEATS: Final = 0.7
_INSIDE: Final = 0.25
"""What a shape counts whose tokens hold a delimiter that wins over its own."""
_KNOWN: Final = 0.6
"""Share of a name's repeating places that must hold words known there."""
_WITHIN_WORDS: Final = frozenset((" ", "-", ",", "."))
"""What also stands within phrases and words."""
_COMBINES: Final = 1.6
_TURNS: Final = 8
_SPLITS: Final = 4


class Seen(NamedTuple):
    """One distinct name, its cost and how often it was seen."""

    text: str
    cost: float = 0.0
    times: int = 1


@dataclass(slots=True)
class Place:
    """One place of a convention. `counts` are folded tokens with the number of names that hold them."""

    kind: Kind | str
    """A date's unit, `number`, `id`, `words` (they repeat) or `text` (they do not)."""
    form: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    spellings: dict[str, Counter[str]] = field(default_factory=dict)
    """Folded token to how it is written."""
    costs: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Convention:
    """Names of one make. `rows` are the numbers of the names and their folded tokens."""

    delimiter: str
    written: str
    """The delimiter with the blanks around it, as most names write it."""
    places: list[Place]
    rows: list[tuple[int, tuple[str, ...]]]
    cost: float = 0.0

    @property
    def support(self) -> int:
        """How many names it explains."""
        return len(self.rows)


@dataclass(slots=True)
class Found:
    """All conventions, the best first, and the numbers of names that none explains."""

    conventions: list[Convention]
    rest: list[int]


def conventions(names: Sequence[Seen]) -> Found:
    """The conventions of some names of one sort."""
    texts = [clean(name.text) for name in names]
    left = list(range(len(names)))
    found: list[Convention] = []
    shapes = _shapes(texts)
    least = max(_FEW, math.ceil(len(names) * _LEAST_SHARE))
    refused: set[tuple[str, int]] = set()
    while len(left) >= least and len(found) < _MOST:
        best = _best(left, shapes, least, refused)
        if best is None:
            break
        delimiter, size = best
        rows = [(number, tokens) for number in left if len(tokens := shapes[number][delimiter]) == size]
        taken: set[int] = set()
        for part in _split(rows, least, _SPLITS):
            made = _convention(delimiter, part, names, texts, least)
            if made is not None:
                found.append(made)
                taken.update(number for number, _ in made.rows)
        if not taken:
            refused.add(best)
            continue
        left = [number for number in left if number not in taken]
    found.sort(key=lambda convention: (-convention.cost, -convention.support))
    return Found(found, left)


def _shapes(texts: Sequence[str]) -> list[Mapping[str, tuple[str, ...]]]:
    """Of each name, its folded tokens under every delimiter that it holds."""
    found: list[Mapping[str, tuple[str, ...]]] = []
    for text in texts:
        whole = folded(text)
        here: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for delimiter in DELIMITERS:
            if delimiter in whole:
                parts = tuple([part.strip() for part in whole.split(delimiter)])
                here[delimiter] = parts
        found.append(here)
    return found


def _best(
    left: Sequence[int],
    shapes: Sequence[Mapping[str, tuple[str, ...]]],
    least: int,
    refused: set[tuple[str, int]],
) -> tuple[str, int] | None:
    """The shape whose places say most, over all names that are left."""
    sizes: Counter[tuple[str, int]] = Counter()
    for number in left:
        for delimiter, tokens in shapes[number].items():
            if tokens:
                sizes[delimiter, len(tokens)] += 1
    best: tuple[float, tuple[str, int]] | None = None
    for shape, support in sizes.most_common(60):
        if support < least or shape in refused or shape[1] > _MOST:
            continue
        delimiter, size = shape
        rows = [shapes[n][delimiter] for n in left if len(shapes[n][delimiter]) == size]
        score = support * _structure(rows, delimiter)
        if score > 0 and (best is None or score > best[0]):
            best = score, shape
    return best[1] if best is not None else None


def _structure(rows: Sequence[tuple[str, ...]], delimiter: str) -> float:
    """How much the places of a shape say; 0 where they are free text."""
    sample = rows if len(rows) <= 4000 else rows[:: len(rows) // 4000]  # noqa: PLR2004  enough to see
    size = len(sample[0])
    least = _least(len(sample))
    told = 0.0
    strong = 0
    for place in range(size):
        tokens = [row[place] for row in sample]
        counts = Counter(tokens)
        looks = Counter(look(token).kind for token in counts.elements())
        typed = sum(count for kind, count in looks.items() if kind not in ("word", "id")) / len(sample)
        repeated = sum(count for token, count in counts.items() if count >= least and token) / len(sample)
        says = max(typed, repeated if len(counts) <= len(sample) / 2 else 0.0)
        told += says
        strong += says >= _REPEATS
    if strong < min(2, size) or told / size < 0.35:  # noqa: PLR2004  two places, a third of all
        return 0.0
    winners = DELIMITERS[: DELIMITERS.index(delimiter)]
    inside = sum(any(other in token for other in winners for token in row) for row in sample) / len(sample)
    return told * (1 - inside + inside * _INSIDE)


def _least(number: int) -> int:
    """So often a token repeats to be a word."""
    return max(2, min(round(number * 0.002), 20))


def _split(
    rows: list[tuple[int, tuple[str, ...]]], least: int, deeper: int
) -> list[list[tuple[int, tuple[str, ...]]]]:
    """Parts whose words keep to their places, where two orders share one shape."""
    if deeper == 0 or len(rows) < 2 * least:
        return [rows]
    parts = _parted(rows)
    if parts is None or min(map(len, parts)) < least:
        return [rows]
    return [inner for part in parts for inner in _split(part, least, deeper - 1)]


def _parted(rows: list[tuple[int, tuple[str, ...]]]) -> list[list[tuple[int, tuple[str, ...]]]] | None:
    counts = _placed(rows)
    movers = _movers(counts, len(rows))
    if not movers:
        return None
    token = max(movers, key=lambda each: sum(count[each] for count in counts))
    first, second = sorted(range(len(counts)), key=lambda place: -counts[place][token])[:2]
    sides: list[list[tuple[int, tuple[str, ...]]]] = [
        [row for row in rows if row[1][place] == token] for place in (first, second)
    ]
    if not all(sides):
        return None
    for _ in range(_TURNS):
        models = [_placed(side) for side in sides]
        sizes = [len(side) for side in sides]
        again: list[list[tuple[int, tuple[str, ...]]]] = [[], []]
        for row in rows:
            fits = [_fit(row[1], model, size) for model, size in zip(models, sizes, strict=True)]
            again[fits[1] > fits[0]].append(row)
        if not all(again):
            return None
        if [len(side) for side in again] == sizes:
            sides = again
            break
        sides = again
    moving = sum(sum(count[each] for count in counts) for each in movers)
    still = 0
    for side in sides:
        placed = _placed(side)
        stay = _movers(placed, len(side))
        still += sum(sum(count[each] for count in placed) for each in stay)
    return sides if still < moving / 3 else None


def _placed(rows: Iterable[tuple[int, tuple[str, ...]]]) -> list[Counter[str]]:
    return [Counter(column) for column in zip(*[tokens for _, tokens in rows], strict=True)]


def _movers(counts: Sequence[Counter[str]], number: int) -> set[str]:
    """Words that stand in several places, each often."""
    least = _least(number)
    where: dict[str, list[int]] = defaultdict(list)
    for count in counts:
        for token, times in count.items():
            if times >= least and token and look(token).kind == "word":
                where[token].append(times)
    return {
        token for token, times in where.items() if len(times) > 1 and sorted(times)[-2] >= 0.1 * sum(times)
    }


def _fit(tokens: tuple[str, ...], model: Sequence[Counter[str]], size: int) -> float:
    fit = 0.0
    for token, count in zip(tokens, model, strict=True):
        fit += math.log((count[token] + 0.05) / (size + 5))
    return fit


def _convention(
    delimiter: str,
    rows: list[tuple[int, tuple[str, ...]]],
    names: Sequence[Seen],
    texts: Sequence[str],
    least: int,
) -> Convention | None:
    """The convention of some names of one shape, with those that keep to it; None where too few do."""
    places = _places(rows)
    telling = [number for number, place in enumerate(places) if place.kind not in ("text", "id")]
    known = [
        {token for token, count in place.counts.items() if count >= _least(len(rows))}
        if place.kind == "words"
        else None
        for place in places
    ]
    kept = []
    for number, tokens in rows:
        hits = sum(_belongs(tokens[place], places[place], known[place]) for place in telling)
        if telling and hits >= _KNOWN * len(telling):
            kept.append((number, tokens))
    if len(kept) < least:
        return None
    places = _places(kept)
    if sum(_informs(place) for place in places) < 2 or (  # noqa: PLR2004  one alone is a list
        delimiter in _WITHIN_WORDS and not _combines(kept, places)
    ):
        return None
    for number, _ in kept:
        spelled = [part.strip() for part in texts[number].split(delimiter)]
        if len(spelled) != len(places):  # letters whose folded form holds the delimiter
            continue
        for place, text in zip(places, spelled, strict=True):
            token = folded(text)
            place.spellings.setdefault(token, Counter())[text] += 1
            place.costs[token] = place.costs.get(token, 0.0) + names[number].cost
    spaced = sum(f" {delimiter} " in texts[number] for number, _ in kept)
    written = f" {delimiter} " if spaced * 2 > len(kept) and not delimiter.startswith(" ") else delimiter
    return Convention(delimiter, written, places, kept, sum(names[number].cost for number, _ in kept))


def _informs(place: Place) -> bool:
    """Whether a place that repeats itself has more than one thing to say."""
    least = _least(sum(place.counts.values()))
    return place.kind not in ("text", "id") and sum(count >= least for count in place.counts.values()) > 1


def _combines(rows: Sequence[tuple[int, tuple[str, ...]]], places: Sequence[Place]) -> bool:
    """Whether words of different places occur in several combinations: phrases that repeat do not."""
    worded = [number for number, place in enumerate(places) if place.kind == "words"]
    if len(worded) < 2:  # noqa: PLR2004  a combination
        return False
    seen = {tuple([tokens[number] for number in worded]) for _, tokens in rows}
    most = max(len({tokens[number] for _, tokens in rows}) for number in worded)
    return len(seen) >= _COMBINES * most and most > 1


def _belongs(token: str, place: Place, known: set[str] | None) -> bool:
    if known is not None:
        return token in known
    seen = look(token)
    return seen.kind == place.kind and seen.form == place.form


def _places(rows: Sequence[tuple[int, tuple[str, ...]]]) -> list[Place]:
    found = []
    for counts in _placed(rows):
        total = sum(counts.values())
        looks: Counter[Look] = Counter()
        for token, count in counts.items():
            looks[look(token)] += count
        common, times = looks.most_common(1)[0]
        least = _least(total)
        repeated = sum(count for token, count in counts.items() if count >= least and token)
        if common.kind not in ("word", "id") and times >= _TYPED * total:
            place = Place(common.kind, common.form, counts)
        elif repeated >= _REPEATS * total and len(counts) <= max(total / 2, 3):
            place = Place("words", "", counts)
        elif common.kind == "id" and times >= _TYPED * total:
            place = Place("id", "", counts)
        else:
            place = Place("text", "", counts)
        found.append(place)
    return found
