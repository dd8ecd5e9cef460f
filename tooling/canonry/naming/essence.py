"""What of an address decides how it is judged: host, tags, which click ids it has; no page, no search term.

A site has millions of addresses and few sets of tags. `Essence.of` reduces an address to a shorter one that
is judged alike, so that whoever judges many can remember. It answers None wherever that is not plain from the
text: an address with anything unusual in it is read whole.
"""

import re
from collections.abc import Callable, Collection
from typing import Final, NamedTuple, TypeVar

from canonry.naming import personal
from canonry.naming.links import Reader
from canonry.naming.url import Link, meant

LONGEST: Final = 500
"""Characters of an address that is reduced: half of what analytics keep, so that no repair exceeds that."""
_MEMORY: Final = 5_000
T = TypeVar("T")
_TAG, _CLICK, _ODD, _NOTHING = range(4)
"""What a parameter is: one of ours, a click id, another one that counts, or one that decides nothing."""

_HEAD = re.compile(
    r"(?P<place>https?://[A-Za-z0-9.-]+(?::[0-9]+)?)(?P<path>(?:/[A-Za-z0-9._~/-]*)?)"
).fullmatch
_QUERY = re.compile(r"[A-Za-z0-9._~=&%+-]*").fullmatch
_FRAGMENT = re.compile(r"[A-Za-z0-9._~/-]*").fullmatch
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


class _Query(NamedTuple):
    """A query reduced: what is asked, the parameters that decide nothing, and how much repairs may add."""

    asked: str
    others: list[str]
    exact: bool
    longer: int


class Essence:
    """Reduces addresses, for one reader. `deciding` are further parameters that somebody looks at."""

    def __init__(self, reader: Reader, deciding: Collection[str] = ()) -> None:
        self.reader = reader
        self.deciding = frozenset(deciding)
        self._sorts: dict[str, int] = {}
        self._heads: dict[str, tuple[str, str] | None] = {}
        self._queries: dict[str, _Query | None] = {}

    def of(self, text: str) -> Reduced | None:
        """The address reduced to what decides; None where it has to be read whole."""
        if len(text) > LONGEST:
            return None
        address, mark, fragment = text.partition("#")
        before, _, query = address.partition("?")
        head = _kept(self._heads, before, _head)
        if head is None or (mark and _FRAGMENT(fragment) is None):
            return None
        place, path = head
        if not query:
            return Reduced(place, path, [], fragment, exact=True)
        told = _kept(self._queries, query, self._query)
        if told is None or (told.longer and len(text) + told.longer > LONGEST):
            return None
        asked = f"{place}?{told.asked}" if told.asked else place
        return Reduced(asked, path, told.others, fragment, told.exact)

    def _query(self, query: str) -> _Query | None:
        """What of a query decides; None where an address that has it has to be read whole."""
        if _QUERY(query) is None:
            return None
        escaped = query.count("%") + query.count("+")
        if escaped and _ESCAPED(query):
            return None  # repairs could move what follows, or make it too long
        kept: list[str] = []
        others: list[str] = []
        exact = True
        for pair in query.split("&"):
            key, _, value = pair.partition("=")
            sort = _kept(self._sorts, key, self._sort)
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
        return _Query("&".join(filter(None, kept)), others, exact, 3 * escaped)

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
        return sort


def _head(text: str) -> tuple[str, str] | None:
    """Host and path of an address, the host as every page of it begins; None where either is unusual."""
    found = _HEAD(text)
    return None if found is None else (found["place"] + (found["path"] and "/"), found["path"])


def _kept(memory: dict[str, T], text: str, made: Callable[[str], T]) -> T:
    """What is made of a text, remembered: addresses share pages, queries and parameters."""
    try:
        return memory[text]
    except KeyError:
        if len(memory) > _MEMORY:
            memory.clear()
        told = memory[text] = made(text)
        return told
