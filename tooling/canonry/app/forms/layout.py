"""Layouts of JSON values: which members stand where, and with which spaces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise
from typing import Any, Final, NamedTuple

MOST_MEMBERS: Final = 1_000
MOST_DEPTH: Final = 12


class Style(NamedTuple):
    """What stands between a name and its value, and between members."""

    colon: str
    comma: str


STYLES: Final = (Style(": ", ", "), Style(":", ","))


_KINDS: Final = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}


@dataclass(slots=True)
class Layout:
    """Where what stands in a value: members in their order, and the layouts of members and items.

    `always` are the members that no value went without.
    """

    members: list[str] = field(default_factory=list)
    inner: dict[str, Layout] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    followers: dict[str, set[str]] = field(default_factory=dict)
    """Names that were seen right behind a name: what orders the members."""
    always: set[str] = field(default_factory=set)
    items: Layout | None = None
    is_object: bool = False
    is_array: bool = False
    scalars: set[str] = field(default_factory=set)
    """The types of values that were neither object nor list."""

    def takes(self, value: Any, depth: int = 0) -> bool:
        """Whether the value's members come in an order that goes with those that were seen."""
        if isinstance(value, list):
            return all(self.items is None or self.items.takes(item, depth + 1) for item in value)
        if not isinstance(value, dict):
            return True
        if depth > MOST_DEPTH or len(self.inner.keys() | value.keys()) > MOST_MEMBERS:
            return False
        places = [self.places[key] for key in value if key in self.places]
        if places != sorted(places) and self._against(list(value)):
            return False
        return all(
            self.inner[key].takes(inner, depth + 1) for key, inner in value.items() if key in self.inner
        )

    def _against(self, names: list[str]) -> bool:
        """Whether one of the names was seen, directly or through others, before one that precedes it here."""
        earlier: set[str] = set()
        for name in names:
            stack, seen = [name], {name}
            while stack:
                for other in self.followers.get(stack.pop(), ()):
                    if other in earlier:
                        return True
                    if other not in seen:
                        seen.add(other)
                        stack.append(other)
            earlier.add(name)
        return False

    def take(self, value: Any) -> bool:
        """Takes a value's layout over, which it `takes`; whether that was news."""
        if isinstance(value, list):
            news, self.is_array = not self.is_array, True
            if value and self.items is None:
                self.items = Layout()
            for item in value:
                news |= self.items is not None and self.items.take(item)
            return news
        if not isinstance(value, dict):
            kind = _KINDS[type(value)]
            news = kind not in self.scalars
            self.scalars.add(kind)
            return news
        if not self.is_object:
            self.always = set(value)
        news, self.is_object = not self.is_object or not self.always <= value.keys(), True
        self.always &= value.keys()
        names = list(value)
        for name, following in pairwise(names):
            self.followers.setdefault(name, set()).add(following)
        if any(name not in self.places for name in names) or not _ascending(names, self.places):
            news = True
            for name in names:
                self.inner.setdefault(name, Layout())
            self._sort()
        for name, inner in value.items():
            news |= self.inner[name].take(inner)
        return news

    def _sort(self) -> None:
        """Puts the members into an order that goes with all that were seen; else, as they were first seen."""
        first = {name: number for number, name in enumerate(self.inner)}
        before = dict.fromkeys(self.inner, 0)
        for behind in self.followers.values():
            for name in behind:
                before[name] += 1
        ready = [number for name, number in first.items() if not before[name]]
        names = list(self.inner)
        self.members = []
        while ready:
            name = names[heappop(ready)]
            self.members.append(name)
            for following in self.followers.get(name, ()):
                before[following] -= 1
                if not before[following]:
                    heappush(ready, first[following])
        self.places = {name: place for place, name in enumerate(self.members)}


def _ascending(names: list[str], places: Mapping[str, int]) -> bool:
    return all(places[name] < places[following] for name, following in pairwise(names))


def style_of(line: str) -> Style | None:
    """The style of a line, by what follows its first name."""
    found = _FIRST.match(line)
    return None if found is None else STYLES[0] if found[1] else STYLES[1]


_FIRST: Final = re.compile(r'\{"[^"\\]*+":( ?)')
