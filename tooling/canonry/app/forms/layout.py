"""Layouts of JSON values: which members stand where, and with which spaces."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
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
    always: set[str] = field(default_factory=set)
    items: Layout | None = None
    is_object: bool = False
    is_array: bool = False
    scalars: set[str] = field(default_factory=set)
    """The types of values that were neither object nor list."""

    def takes(self, value: Any, depth: int = 0) -> bool:
        """Whether the value's members come in an order that goes with this one."""
        if isinstance(value, list):
            return all(self.items is None or self.items.takes(item, depth + 1) for item in value)
        if not isinstance(value, dict):
            return True
        if depth > MOST_DEPTH or len(self.inner.keys() | value.keys()) > MOST_MEMBERS:
            return False
        places = [self.members.index(key) for key in value if key in self.inner]
        if places != sorted(places):
            return False
        return all(
            self.inner[key].takes(inner, depth + 1) for key, inner in value.items() if key in self.inner
        )

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
        place = 0
        for key, inner in value.items():
            if key in self.inner:
                place = self.members.index(key) + 1
            else:
                news = True
                self.members.insert(place, key)
                self.inner[key] = Layout()
                place += 1
            news |= self.inner[key].take(inner)
        return news


def style_of(line: str) -> Style | None:
    """The style of a line, by what follows its first name."""
    found = _FIRST.match(line)
    return None if found is None else STYLES[0] if found[1] else STYLES[1]


_FIRST: Final = re.compile(r'\{"[^"\\]*+":( ?)')
