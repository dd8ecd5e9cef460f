"""The nearest allowed word: what a rejection offers instead."""

from collections.abc import Iterable


def nearest(found: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that `found` most likely meant; none where nothing is close.

    Case is ignored. Equally near words: the one that comes first in `allowed`.
    """
    from canonry.naming.codec import nearest as near

    return near(found, list(allowed))


def as_near(found: str, allowed: Iterable[str]) -> list[str]:
    """Every allowed word that is as near as the nearest one, in the order of `allowed`, each once."""
    from canonry.naming.runtime.text import distance, fold, same_letters

    words = list(dict.fromkeys(allowed))
    first = nearest(found, words)
    if first is None or same_letters(found, first):
        return [] if first is None else [first]
    folded = fold(found)
    least = distance(folded, fold(first), len(folded) + len(first))
    return [word for word in words if distance(folded, fold(word), least) == least]
