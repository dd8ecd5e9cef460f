"""What of an address decides how it is judged: host, tags, which click ids it has; no page, no search term.

A site has millions of addresses and few sets of tags. `Essence.of` reduces an address to a shorter one that
is judged alike, so that whoever judges many can remember. It answers None wherever that is not plain from the
text: an address with anything unusual in it is read whole.
"""

import re
from collections.abc import Collection
from typing import Final, NamedTuple

from canonry.naming import personal
from canonry.naming.links import Reader
from canonry.naming.url import Link, meant

LONGEST: Final = 500
"""Characters of an address that is reduced: half of what analytics keep, so that no repair exceeds that."""
_MEMORY: Final = 5_000
_TAG, _CLICK, _ODD, _NOTHING = range(4)
"""What a parameter is: one of ours, a click id, another one that counts, or one that decides nothing."""

_PLAIN = re.compile(
    r"(?P<place>https?://[A-Za-z0-9.-]+(?::[0-9]+)?)"
    r"(?P<path>(?:/[A-Za-z0-9._~/-]*)?)"
    r"(?:\?(?P<query>[A-Za-z0-9._~=&%+-]*))?"
    r"(?:\#(?P<fragment>[A-Za-z0-9._~/-]*))?"
).fullmatch
_KEY = re.compile(r"[A-Za-z0-9_.-]+").fullmatch
_VALUE = re.compile(
    r"(?:(?!00)[A-Za-z0-9._~-](?:[A-Za-z0-9._~+-]|%(?!2[56]|3[0DFdf]|40)[0-9A-Fa-f]{2})*)?"
).fullmatch
"""No e-mail address, no telephone number, no escaped `&`, `?` or `=`, and nothing that is escaped twice."""
_ESCAPED = re.compile(r"%(?:2[56]|3[DFdf])").search


class Reduced(NamedTuple):
    """`text` is judged as the address is. `others` are the parameters that decide nothing, as written.

    `exact`: the right link of the address can be told from that of `text`.
    """

    text: str
    path: str
    others: list[str]
    fragment: str
    exact: bool

    def corrected(self, correct: str) -> str:
        """The right link of the address, from the right link of `text`."""
        head, _, query = correct.partition("?")
        base = head.removesuffix("/") + self.path if self.path else head
        asked = "&".join(filter(None, (*self.others, query)))
        return base + (f"?{asked}" if asked else "") + (f"#{self.fragment}" if self.fragment else "")


class Essence:
    """Reduces addresses, for one reader. `deciding` are further parameters that somebody looks at."""

    def __init__(self, reader: Reader, deciding: Collection[str] = ()) -> None:
        self.reader = reader
        self.deciding = frozenset(deciding)
        self._sorts: dict[str, int] = {}

    def of(self, text: str) -> Reduced | None:
        """The address reduced to what decides; None where it has to be read whole."""
        if len(text) > LONGEST:
            return None
        found = _PLAIN(text)
        if found is None:
            return None
        place, path, query, fragment = found.groups()
        if not query:
            return Reduced(place + (path and "/"), path, [], fragment or "", exact=True)
        if ("%" in query or "+" in query) and (
            _ESCAPED(query) or len(text) + 3 * (query.count("%") + query.count("+")) > LONGEST
        ):
            return None  # repairs could move what follows, or make it too long
        kept: list[str] = []
        others: list[str] = []
        exact = True
        sorts = self._sorts
        for pair in query.split("&"):
            key, _, value = pair.partition("=")
            sort = sorts.get(key)
            if sort is None:
                sort = self._sort(key)
            if sort == _TAG:
                kept.append(pair)
            elif sort == _ODD:
                exact = exact and not pair
                kept.append(pair)
            elif _VALUE(value) is None:
                return None
            elif sort == _CLICK:
                kept.append(f"{key}=")
            else:
                others.append(f"{key}={value}")
        if len(others) > 1:
            exact = exact and len({other.partition("=")[0] for other in others}) == len(others)
        asked = "&".join(filter(None, kept))
        return Reduced(place + (path and "/") + (asked and f"?{asked}"), path, others, fragment or "", exact)

    def _sort(self, key: str) -> int:
        reader = self.reader
        if key in self.deciding or not _KEY(key):
            sort = _TAG if key in reader.known else _ODD
        elif key in reader.known or key.startswith("utm_") or meant(Link(""), key, reader.known) != key:
            sort = _TAG
        elif key in reader.click_ids:
            sort = _CLICK
        else:
            sort = _ODD if personal.sort_of(key, "x") is not None else _NOTHING
        if len(self._sorts) > _MEMORY:
            self._sorts.clear()
        self._sorts[key] = sort
        return sort
