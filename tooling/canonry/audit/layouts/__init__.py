"""The layouts of the common exports: which headings each platform writes, above and below which lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from canonry.audit.headings import LANGUAGES
from canonry.audit.layouts.analytics import ANALYTICS
from canonry.audit.layouts.bulk import BULK
from canonry.audit.layouts.lists import LISTS
from canonry.audit.layouts.platforms import PLATFORMS
from canonry.audit.mappings import Fit, Mapping, fitted, normal_key, places_of

__all__ = ["MAPPINGS", "best", "known", "suitable"]


def _translated(mapping: Mapping) -> Mapping:
    spoken = [mapping.columns, *(language.columns.get(mapping.key, {}) for language in LANGUAGES)]
    columns = {
        role: tuple(dict.fromkeys(heading for words in spoken for heading in words.get(role, ())))
        for role in dict.fromkeys(role for words in spoken for role in words)
    }
    telling = [language.telling.get(mapping.key, frozenset()) for language in LANGUAGES]
    return replace(mapping, columns=columns, telling=mapping.telling.union(*telling))


MAPPINGS: Final[tuple[Mapping, ...]] = tuple(map(_translated, (*ANALYTICS, *PLATFORMS, *BULK, *LISTS)))
"""Every layout, with the headings of English exports and of other languages."""


def known(word: str) -> Mapping | None:
    """The mapping of a key."""
    wanted = normal_key(word)
    return next((mapping for mapping in MAPPINGS if mapping.key == wanted), None)


def best(header: Sequence[str], above: str = "", among: Iterable[Mapping] = MAPPINGS) -> list[Fit]:
    """Every mapping that has a column here, the best first; whole ones before those that lack something."""
    places = places_of(header)
    fits = [
        fitted(mapping, header, places, above)
        for mapping in among
        if not mapping.heads.isdisjoint(places.keys())
    ]
    return sorted((f for f in fits if f.columns), key=lambda f: (not f.whole, -f.score, f.mapping.key))


def suitable(fits: Sequence[Fit]) -> tuple[bool, float]:
    """How well the best of them suits, to choose a table by: whole ones first, none at all last."""
    return (fits[0].whole, fits[0].score) if fits else (False, _NONE)


_NONE: Final = -100.0
