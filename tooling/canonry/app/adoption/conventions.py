"""Hidden conventions of a set of names: delimiter, how many tokens, and what stands in each place.

Names are only looked at: nothing is known of any vocabulary. A *shape* is a delimiter and a number of
tokens. The shape whose places repeat themselves most is taken first, split where several conventions share
it, and its names are put aside; what is left is looked at again. Shapes that differ in tokens that are
missing, or in the length of a text, are then put together.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from canonry.app.adoption.clusters import Row, parts
from canonry.app.adoption.delimiters import BETWEEN_WORDS, Splitter, candidates
from canonry.app.adoption.families import Model, keyed, keys_of, laid, prefixes, rows_of, within
from canonry.app.adoption.tokens import Kind, Look, clean, folded, look, original

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
_COMBINES: Final = 1.6
_FAMILY: Final = 0.75
"""Share of a convention's names that another one must hold for both to be one."""
_COUNTERS: Final = frozenset(("", "v", "r", "no", "nr", "kw", "cw", "w", "fy"))
_SORTS: Final = 6
"""So many numbers behind a letter, and no more, are words: t1, t2, t3."""
_TEXT: Final = ("text", "id")


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
    prefix: str = ""
    """What stands before every token: the key of `m:de`."""
    optional: bool = False
    join: str = ""
    """What separates it from the next place; empty: the convention's delimiter."""


@dataclass(slots=True)
class Convention:
    """Names of one make. `rows` are the numbers of the names and their folded tokens, empty where missing."""

    delimiter: str
    written: str
    """The delimiter with the blanks around it, as most names write it."""
    places: list[Place]
    rows: list[Row]
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


@dataclass(slots=True)
class _Draft:
    """A convention while it is looked for: each row with its tokens as they are compared and as written."""

    delimiter: str
    rows: dict[int, tuple[str, ...]]
    spelled: dict[int, tuple[str, ...]]
    places: list[Place]
    joins: list[str]
    marks: list[str]
    flat: bool = True
    """Whether its places are the tokens of one delimiter, so that other lengths can be held against it."""
    absorbs: bool = False

    def model(self, *, absorbs: bool = False, skips: bool = False) -> Model:
        least = repeats(len(self.rows))
        known, looks = [], []
        for place in self.places:
            words = place.kind == "words"
            known.append(
                frozenset(
                    token for token, count in place.counts.items() if words and count >= least and token
                )
            )
            typed = not words and place.kind not in _TEXT
            looks.append((str(place.kind), place.form) if typed else None)
        return Model(tuple(known), tuple(looks), absorbs, skips)


def conventions(names: Sequence[Seen]) -> Found:
    """The conventions of some names of one sort."""
    return _Search(names).run()


def repeats(number: int) -> int:
    """So often, among so many names, is a token there on purpose."""
    return max(2, min(round(number * 0.0008), 6))


class _Search:
    def __init__(self, names: Sequence[Seen]) -> None:
        self.names = names
        self.texts = _texts([name.text for name in names])
        self.least = max(_FEW, math.ceil(len(names) * _LEAST_SHARE))
        self.splitter = Splitter(candidates(self.texts, max(self.least, 3)))
        self.order = self.splitter.delimiters
        self.shapes = [self.splitter.shapes(text) for text in self.texts]
        self.left = set(range(len(names)))
        self.drafts: list[_Draft] = []

    def run(self) -> Found:
        self._keyed()
        refused: set[tuple[str, int]] = set()
        while len(self.left) >= self.least and len(self.drafts) < _MOST:
            best = self._best(refused)
            if best is None:
                break
            taken = self._taken(best)
            if not taken:
                refused.add(best)
            self.left -= taken
        self._families()
        self._stragglers()
        found = [self._convention(draft) for draft in self.drafts]
        found.sort(key=lambda convention: (-convention.cost, -convention.support))
        return Found(found, sorted(self.left))

    # keys

    def _keyed(self) -> None:
        """Names whose tokens say what they are, `m:de`, in whatever order."""
        for delimiter in self.order:
            told = {}
            for number in self.left:
                tokens = self.shapes[number].get(delimiter)
                pairs = keyed(tokens) if tokens else None
                if pairs is not None:
                    told[number] = pairs
            if len(told) < self.least:
                continue
            keys = keys_of(list(told.values()))
            rows = {
                number: tuple([values.get(key, "") for key in keys])
                for number, pairs in told.items()
                if (values := {key + mark: value for key, mark, value in pairs}).keys() <= set(keys)
            }
            if len(keys) < 2 or len(rows) < self.least:  # noqa: PLR2004  one key is a word
                continue
            spelled = {}
            for number in rows:
                pairs_there = keyed(self._spelled(number, delimiter)) or ()
                values = {folded(key) + mark: value for key, mark, value in pairs_there}
                spelled[number] = tuple([values.get(key, "") for key in keys])
            draft = self._drafted(delimiter, rows, spelled, marks=keys, flat=False)
            if draft is not None:
                self.drafts.append(draft)
                self.left -= draft.rows.keys()

    # shapes

    def _best(self, refused: set[tuple[str, int]]) -> tuple[str, int] | None:
        """The shape whose places say most, over all names that are left."""
        members: dict[tuple[str, int], list[int]] = {}
        for number in self.left:
            for delimiter, tokens in self.shapes[number].items():
                members.setdefault((delimiter, len(tokens)), []).append(number)
        best: tuple[float, tuple[str, int]] | None = None
        for shape, numbers in sorted(members.items(), key=lambda item: -len(item[1]))[:60]:
            if len(numbers) < self.least or shape in refused or not 1 < shape[1] <= _MOST:
                continue
            rows = [self.shapes[number][shape[0]] for number in numbers]
            score = len(numbers) * _structure(rows, self.order[: self.order.index(shape[0])])
            if score > 0 and (best is None or score > best[0]):
                best = score, shape
        return best[1] if best is not None else None

    def _taken(self, shape: tuple[str, int]) -> set[int]:
        """Makes the conventions of a shape; the names that they explain."""
        delimiter, size = shape
        rows = [
            (number, tokens)
            for number in sorted(self.left)
            if len(tokens := self.shapes[number].get(delimiter, ())) == size
        ]
        taken: set[int] = set()
        for part in parts(rows, self.least):
            spelled = {number: self._spelled(number, delimiter) for number, _ in part}
            draft = self._drafted(delimiter, dict(part), spelled)
            if draft is not None:
                self.drafts.append(draft)
                taken |= draft.rows.keys()
        return taken

    def _spelled(self, number: int, delimiter: str) -> tuple[str, ...]:
        """A name's tokens as they are written."""
        tokens = self.splitter.split(self.texts[number], delimiter)
        there = self.shapes[number][delimiter]
        return tokens if len(tokens) == len(there) else there  # letters whose folded form holds the delimiter

    def _drafted(
        self,
        delimiter: str,
        rows: dict[int, tuple[str, ...]],
        spelled: dict[int, tuple[str, ...]],
        *,
        marks: list[str] | None = None,
        flat: bool = True,
    ) -> _Draft | None:
        """The convention of some names, with those that keep to it; None where too few do."""
        places = _places(list(rows.items()))
        size = len(places)
        draft = _Draft(delimiter, rows, spelled, places, [""] * size, marks or [""] * size, flat)
        if marks is None:
            self._unprefixed(draft)
            self._unfolded(draft)
        telling = [number for number, place in enumerate(draft.places) if place.kind not in _TEXT]
        least = repeats(len(rows))
        known = [
            {token for token, count in place.counts.items() if count >= least}
            if place.kind == "words"
            else None
            for place in draft.places
        ]
        kept = {}
        for number, tokens in draft.rows.items():
            there = [place for place in telling if tokens[place] or marks is None]
            hits = sum(_belongs(tokens[place], draft.places[place], known[place]) for place in there)
            if there and hits >= _KNOWN * len(there):
                kept[number] = tokens
        if len(kept) < self.least:
            return None
        draft.rows = kept
        draft.places = _places(list(kept.items()))
        if marks is None and (
            sum(map(_informs, draft.places)) < 2  # noqa: PLR2004  one alone is a list
            or (delimiter in BETWEEN_WORDS and not _combines(list(kept.items()), draft.places))
        ):
            return None
        return draft

    def _unprefixed(self, draft: _Draft) -> None:
        """Takes what all tokens of a place begin with out of them."""
        found = prefixes([place.counts for place in draft.places])
        if not any(found):
            return
        draft.flat = False
        draft.marks = found
        sizes = [len(mark) for mark in found]

        def cut(tokens: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(
                [
                    token[size:].strip() if token.casefold().startswith(mark) else token
                    for token, size, mark in zip(tokens, sizes, found, strict=True)
                ]
            )

        draft.rows = {number: cut(tokens) for number, tokens in draft.rows.items()}
        draft.spelled = {number: cut(tokens) for number, tokens in draft.spelled.items()}
        draft.places = _places(list(draft.rows.items()))

    def _unfolded(self, draft: _Draft) -> None:
        """Takes tokens apart that are several: `de-sales` where market and objective combine."""
        inner = [d for d in self.order if d != draft.delimiter and d.strip() not in ("", draft.delimiter)] + [
            " "
        ]
        at = 0
        while at < len(draft.places):
            place = draft.places[at]
            found = within(place.counts, inner) if place.kind in ("words", "text") else None
            if found is None:
                at += 1
                continue
            delimiter, size = found
            draft.flat = False
            for rows in (draft.rows, draft.spelled):
                for number, tokens in list(rows.items()):
                    pieces = [part.strip() for part in tokens[at].split(delimiter)]
                    if len(pieces) != size:
                        draft.rows.pop(number, None)
                        continue
                    rows[number] = (*tokens[:at], *pieces, *tokens[at + 1 :])
            draft.joins[at : at + 1] = [*[delimiter] * (size - 1), draft.joins[at]]
            draft.marks[at : at + 1] = [draft.marks[at], *[""] * (size - 1)]
            draft.places = _places(list(draft.rows.items()))
            at += size

    # families

    def _families(self) -> None:
        """Puts conventions together that differ in missing tokens or in how long a text is."""
        drafts = self.drafts
        for draft in sorted(drafts, key=lambda each: len(each.places)):
            if draft.flat and any(place.kind == "text" for place in draft.places):
                self._join(draft, longer=True)
        for draft in sorted(drafts, key=lambda each: (-len(each.places), -len(each.rows))):
            if draft.flat and draft in drafts:
                self._join(draft, longer=False)

    def _join(self, draft: _Draft, *, longer: bool) -> None:
        if draft not in self.drafts:
            return
        size = len(draft.places)
        model = draft.model(absorbs=longer or draft.absorbs, skips=not longer)
        for other in list(self.drafts):
            if other is draft or not other.flat or other.delimiter != draft.delimiter or other.absorbs:
                continue
            if (len(other.places) > size) != longer or len(other.places) == size:
                continue
            told = sum(place.kind not in _TEXT for place in other.places)
            own = sum(place.kind not in _TEXT for place in draft.places)
            if told > own or (longer and told < own) or (not longer and told * 2 < own):
                continue
            aligned = {}
            for number, tokens in other.rows.items():
                spans = model.aligned(tokens)
                if spans is not None and _filled(spans, draft.places) >= told:
                    aligned[number] = spans
            if len(aligned) < _FAMILY * len(other.rows):
                continue
            for number, spans in aligned.items():
                self._take(draft, number, other.rows[number], other.spelled[number], spans)
            self.left |= other.rows.keys() - aligned.keys()
            self.drafts.remove(other)
            draft.absorbs = draft.absorbs or longer
            draft.places = _places(list(draft.rows.items()))

    def _take(
        self,
        draft: _Draft,
        number: int,
        tokens: tuple[str, ...],
        spelled: tuple[str, ...],
        spans: Sequence[tuple[int, int]],
    ) -> None:
        draft.rows[number] = laid(tokens, spans, draft.delimiter)
        draft.spelled[number] = laid(spelled, spans, draft.delimiter)
        self.left.discard(number)

    def _stragglers(self) -> None:
        """Names of a length too rare to be a shape, where a convention is known to vary in length."""
        for draft in self.drafts:
            optional = any(place.optional for place in draft.places)
            if not draft.flat or not (draft.absorbs or optional):
                continue
            model = draft.model(absorbs=draft.absorbs, skips=optional)
            for number in sorted(self.left):
                tokens = self.shapes[number].get(draft.delimiter, ())
                if tokens and len(tokens) != len(draft.places):
                    spans = model.aligned(tokens)
                    if spans is not None and _kept(spans, draft.places):
                        self._take(draft, number, tokens, self._spelled(number, draft.delimiter), spans)
            draft.places = _places(list(draft.rows.items()))

    # the outcome

    def _convention(self, draft: _Draft) -> Convention:
        places = draft.places
        for place, mark, join in zip(places, draft.marks, draft.joins, strict=True):
            place.prefix, place.join = mark, join
        for number, tokens in draft.rows.items():
            cost = self.names[number].cost
            for place, token, text in zip(places, tokens, draft.spelled[number], strict=True):
                if not token:
                    continue
                place.spellings.setdefault(token, Counter())[text] += 1
                place.costs[token] = place.costs.get(token, 0.0) + cost
        delimiter = draft.delimiter
        spaced = sum(f" {delimiter} " in self.texts[number] for number in draft.rows)
        written = delimiter
        if spaced * 2 > len(draft.rows) and not delimiter.startswith(" "):
            written = f" {delimiter} "
        cost = sum(self.names[number].cost for number in draft.rows)
        return Convention(delimiter, written, places, list(draft.rows.items()), cost)


def _texts(raw: Sequence[str]) -> list[str]:
    """The names as they are taken apart: copies as what they are copies of, unless most names end so."""
    texts = [clean(text) for text in raw]
    plain = [original(text) for text in texts]
    copies = sum(a is not b and a != b for a, b in zip(texts, plain, strict=True))
    return plain if copies * 3 <= len(texts) else texts


def _structure(rows: Sequence[tuple[str, ...]], winners: Sequence[str]) -> float:
    """How much the places of a shape say; 0 where they are free text."""
    sample = rows if len(rows) <= 4000 else rows[:: len(rows) // 4000]  # noqa: PLR2004  enough to see
    size = len(sample[0])
    least = repeats(len(sample))
    told = 0.0
    strong = 0
    for place in range(size):
        counts = Counter([row[place] for row in sample])
        typed = sum(count for token, count in counts.items() if look(token).kind not in ("word", "id"))
        repeated = sum(count for token, count in counts.items() if count >= least and token)
        few = len(counts) <= len(sample) / 2
        says = max(typed, repeated if few else 0) / len(sample)
        told += says
        strong += says >= _REPEATS
    if strong < min(2, size) or told / size < 0.35:  # noqa: PLR2004  two places, a third of all
        return 0.0
    inside = sum(any(other in token for other in winners for token in row) for row in sample) / len(sample)
    return told * (1 - inside + inside * _INSIDE)


def _informs(place: Place) -> bool:
    """Whether a place that repeats itself has more than one thing to say."""
    least = repeats(place.counts.total())
    return place.kind not in _TEXT and sum(count >= least for count in place.counts.values()) > 1


def _combines(rows: Sequence[Row], places: Sequence[Place]) -> bool:
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


def _filled(spans: Sequence[tuple[int, int]], places: Sequence[Place]) -> int:
    """How many of the places that say something hold a token."""
    return sum(
        start < end and place.kind not in _TEXT for (start, end), place in zip(spans, places, strict=True)
    )


def _kept(spans: Sequence[tuple[int, int]], places: Sequence[Place]) -> bool:
    return all(start < end or place.optional for (start, end), place in zip(spans, places, strict=True))


def _places(rows: Sequence[Row]) -> list[Place]:
    return [_place(counts) for counts in rows_of(rows)]


def _place(counts: Counter[str]) -> Place:
    """What stands in a place."""
    whole = counts.total()
    absent = counts.pop("", 0)
    total = counts.total()
    optional = absent >= max(2, 0.01 * whole)
    if not total:
        return Place("text", "", counts, optional=optional)
    looks: Counter[Look] = Counter()
    for token, count in counts.items():
        looks[look(token)] += count
    common, times = looks.most_common(1)[0]
    least = repeats(total)
    often = [token for token, count in counts.items() if count >= least]
    repeated = sum(counts[token] for token in often)
    few = len(often) <= _SORTS and repeated >= _TYPED * total and common.form not in _COUNTERS
    if (
        common.kind not in ("word", "id")
        and times >= _TYPED * total
        and not (common.kind == "number" and few)
    ):
        return Place(common.kind, common.form, counts, optional=optional)
    if repeated >= _REPEATS * total and len(counts) <= max(total / 2, 3):
        return Place("words", "", counts, optional=optional)
    if common.kind == "id" and times >= _TYPED * total:
        return Place("id", "", counts, optional=optional)
    return Place("text", "", counts, optional=optional)
