"""Find entries by words: ranked, every word must occur; where nothing fits, the nearest words are tried."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from canonry.app.directory import Entry, Term

_TOKEN: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry, how well it fits, and the terms that say so, best first."""

    entry: Entry
    score: float
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found. `instead` holds the words that were tried because the given ones occur nowhere."""

    found: tuple[Hit, ...]
    instead: tuple[str, ...] = ()


def search(known: Sequence[Entry], words: Iterable[str]) -> Hits:
    """Entries in which every word occurs, the best first; equally good ones in the catalogue's order."""
    wanted = tuple(token for word in words for token in _tokens(word))
    found = _ranked(known, wanted)
    if found or not wanted:
        return Hits(found)
    guessed = _nearest(known, wanted)
    return Hits(_ranked(known, guessed), guessed) if guessed != wanted else Hits(())


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold())


def _ranked(known: Iterable[Entry], wanted: Sequence[str]) -> tuple[Hit, ...]:
    hits = [hit for entry in known if (hit := _hit(entry, wanted)) is not None]
    return tuple(sorted(hits, key=lambda hit: -hit.score))


def _hit(entry: Entry, wanted: Sequence[str]) -> Hit | None:
    best: dict[str, tuple[float, Term]] = {}
    phrase = "_".join(wanted)
    bonus = 0.0
    for term in entry.terms:
        tokens = _tokens(term.text)
        if "_".join(tokens) == phrase:
            bonus = max(bonus, 8.0 * term.weight)
        for word in wanted:
            score = _closeness(word, tokens) * term.weight
            if score > best.get(word, (0.0, term))[0]:
                best[word] = (score, term)
    if len(best) < len(set(wanted)):
        return None
    terms = sorted(best.values(), key=lambda scored: -scored[0])
    unique = tuple(dict.fromkeys(term for _, term in terms))
    retired = 0.5 if entry.status in ("retired", "cancelled") else 1.0
    return Hit(entry, (sum(score for score, _ in best.values()) + bonus) * retired, unique)


def _closeness(word: str, tokens: Sequence[str]) -> float:
    if word in tokens:
        return 4.0 + 2.0 / len(tokens)
    if any(token.startswith(word) for token in tokens):
        return 2.0
    return 1.0 if len(word) > 2 and any(word in token for token in tokens) else 0.0  # noqa: PLR2004


def _nearest(known: Iterable[Entry], wanted: Sequence[str]) -> tuple[str, ...]:
    from canonry.naming.suggest import nearest

    said = dict.fromkeys(
        token for entry in known for term in entry.terms if term.weight > 1 for token in _tokens(term.text)
    )
    return tuple(word if word in said else nearest(word, said) or word for word in wanted)
