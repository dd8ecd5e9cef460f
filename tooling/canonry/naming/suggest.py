"""The nearest allowed word: what a rejection offers instead."""

from collections.abc import Iterable


def nearest(found: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that `found` most likely meant; none where nothing is close.

    Case is ignored. Equally near words: the one that comes first in `allowed`.
    """
    from canonry.naming.codec import nearest as near

    return near(found, list(allowed))
