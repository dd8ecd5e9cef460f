"""What separates the tokens of names: whatever stands between letters and digits often enough.

Nothing is known of any account. Every run of other characters is a candidate, and stands before those that
it contains: who writes ` - ` between tokens may write `-` within one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from canonry.app.adoption.tokens import WRITTEN_DATE, folded

USUAL: Final = ("||", "|", ";", "~", ">", "#", "__", "_", " - ", "::", ":", "/", "+", ",", ".", "-", " ")
"""In the order in which they win: what stands later may be part of a word."""
BETWEEN_WORDS: Final = frozenset((" ", "-", ",", "."))
"""What also stands within phrases and words."""

_RUN: Final = re.compile(r"[^\W_]+|(\s*(?:[^\w\s]|_)+\s*|\s+)")
_SIGN: Final = re.compile(r"\s[^\w\s]+\s")
_MOST: Final = 40
_NEVER_WITHIN: Final = frozenset("|;~#>")
"""What stands in no word: blanks around it are nobody's intention."""
_GUARD: Final = "\x00"


def candidates(texts: Sequence[str], least: int) -> tuple[str, ...]:
    """What may separate the tokens of these names, the surest first."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update({run for run in _RUN.findall(text) if run and len(run) <= 5})  # noqa: PLR2004  no ornament
    found = dict.fromkeys(USUAL)
    for run, count in counts.most_common(_MOST):
        if count < least or any(char in run for char in "@%&'\"!?()*"):
            continue
        bare = run.strip()
        if len(bare) == 1 and bare in _NEVER_WITHIN:
            continue
        found[run if bare else " "] = None
        if bare and not bare.isalnum():
            found[bare] = None
    return tuple(sorted(found, key=_rank))


def _rank(delimiter: str) -> tuple[int, int]:
    """Longer before shorter where one holds the other; between blanks before within words."""
    bare = delimiter.strip()
    if not bare:
        return len(USUAL), 0
    place = USUAL.index(bare[0]) if bare[0] in USUAL else 0
    if delimiter != bare:
        place = min(place, USUAL.index(" - "))
    return place, -len(delimiter)


class Splitter:
    """Takes names apart under every delimiter that they hold."""

    def __init__(self, delimiters: Sequence[str]) -> None:
        self.delimiters = tuple(delimiters)
        self._pool: dict[str, str] = {}

    def shapes(self, text: str) -> Mapping[str, tuple[str, ...]]:
        """The folded tokens of a name under each delimiter that may separate them."""
        whole = folded(text)
        found: dict[str, tuple[str, ...]] = {}
        for delimiter in self.delimiters:
            if delimiter in whole and _alone(delimiter, whole):
                found[delimiter] = self.split(whole, delimiter)
        return found

    def split(self, text: str, delimiter: str) -> tuple[str, ...]:
        """The tokens of a text; a date that holds the delimiter is one."""
        dated = delimiter in "-./ " and WRITTEN_DATE.search(text)
        if dated:
            text = WRITTEN_DATE.sub(lambda match: match[0].replace(delimiter, _GUARD), text)
        parts = [part.strip() for part in text.split(delimiter)]
        if dated:
            parts = [part.replace(_GUARD, delimiter) for part in parts]
        pool = self._pool
        return tuple([pool.setdefault(part, part) for part in parts])


def _alone(delimiter: str, text: str) -> bool:
    """Whether a delimiter separates by itself: not where the same character also stands between blanks, or
    twice over, and so separates there.
    """
    if delimiter == " ":
        return _SIGN.search(text) is None
    if len(delimiter) != 1 or delimiter in _NEVER_WITHIN:
        return True
    return (f" {delimiter} " not in text and delimiter * 2 not in text) or text.count(delimiter) == (
        text.count(f" {delimiter} ")
    )
