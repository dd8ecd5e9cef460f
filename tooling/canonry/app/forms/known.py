"""The forms that were seen, and one pattern for all of them."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from canonry.app.forms.layout import Layout, Style, style_of
from canonry.app.forms.scalars import UnwrittenError, together
from canonry.app.forms.written import Writer

MOST_FORMS: Final = 512
MOST_LAYOUTS: Final = 4
"""Of one contract, in one style."""
LONGEST: Final = 60_000
"""Characters of one form's pattern; a longer one takes longer to compile than it saves."""
FIRST: Final = 1_000
"""Lines that are looked at before the first pattern is compiled, where more will come."""
_SAVED: Final = 1.6
"""Characters of a pattern that are compiled in the time that a match saves."""
_WIDTH: Final = 4
"""Characters of a pattern for one of the line."""
_CREDIT: Final = 32
"""Lines that are looked at for one that was news."""
_SELDOM: Final = 7
"""One line of so many parts is looked at when there was nothing new for long."""
_PATIENCE: Final = 64
"""Parts that are passed over, at most, where few lines match."""

POSSESSIVE: Final = sys.version_info >= (3, 11, 5)
"""Before, `re` matched possessive groups wrongly (cpython issue 106052)."""


class Route(NamedTuple):
    """How a line leads to its contract: the member that names it, the members before that name none, and the
    member that is the payload; where the payload is the line itself, it has none of them.
    """

    contract: str
    named: tuple[tuple[str, str], ...] = ()
    payload: str | None = None


@dataclass(slots=True)
class _Form:
    layout: Layout
    sample: str
    tokens: list[str] | None = None
    """None where the pattern is to be written; empty where there is none."""
    thorough: bool = False


class Forms:
    """Learns the forms of right lines. `expected` is how many bytes of lines will come, 0 if unknown."""

    def __init__(self, schemas: Mapping[str, Mapping[str, Any]], expected: int = 0) -> None:
        """Nothing is known yet."""
        self._schemas = schemas
        self._expected = expected
        self._forms: dict[tuple[Route, Style], list[_Form]] = {}
        self._number = 0
        self._match: Callable[[str], Iterator[re.Match[str]]] | None = None
        self._contracts: list[str] = []
        self._credit = FIRST
        self._news = False
        self._bytes = self._lines = self._missed = self._since = self._passed = 0
        self._idle, self._patience = 0, 1

    def right(self, part: bytes) -> tuple[Mapping[str, int], list[int], list[bytes]] | None:
        """How many lines are surely right by contract; of the others their places and themselves. None where
        nothing is told of any.
        """
        self._bytes += len(part)
        if self._match is None:
            return None
        if self._idle:  # lines that no form matches are read twice
            self._idle -= 1
            return None
        try:
            text = part.decode()
        except UnicodeDecodeError:
            return None
        found = [one.lastindex for one in self._match(text)]
        counts = Counter(found)
        missed = counts.pop(None, 0)
        self._lines += len(found) - missed
        self._since += len(found) - missed
        self._patience = min(2 * self._patience, _PATIENCE) if 2 * missed > len(found) else 1
        self._idle = self._patience if 2 * missed > len(found) else 0
        right: dict[str, int] = {}
        for last, count in counts.items():
            contract = self._contracts[last or 0]
            right[contract] = right.get(contract, 0) + count
        places = [place for place, last in enumerate(found) if last is None] if missed else []
        every = part.split(b"\n") if missed else []
        return right, places, [every[place] for place in places]

    def learn(
        self, lines: Sequence[bytes], events: Sequence[Any], route: Callable[[Any], Route | None]
    ) -> None:
        """Looks at right lines that no form matched, with the events in them; at few where little is new."""
        self._missed += len(lines)
        self._lines += len(lines)
        self._since += len(lines)
        if not POSSESSIVE:
            return
        self._passed += 1
        if self._credit:
            places: Sequence[int] = range(len(lines))[: self._credit]
            self._credit -= len(places)
        else:
            places = () if self._passed % _SELDOM or not lines else (self._passed % len(lines),)
        for index in places:
            if (way := route(events[index])) is not None and self._take(way, lines[index], events[index]):
                self._news = True
                self._credit = min(self._credit + _CREDIT, FIRST)
        if self._news and self._due():
            self._compile()

    def _take(self, route: Route, line: bytes, event: Any) -> bool:
        text = line.decode()
        style = style_of(text)
        if style is None:
            return False
        forms = self._forms.setdefault((route, style), [])
        for form in forms:
            if form.layout.takes(event):
                news = form.layout.take(event)
                if news:
                    form.sample, form.tokens = text, None
                return news
        if len(forms) == MOST_LAYOUTS or self._number == MOST_FORMS:
            return False
        layout = Layout()
        if not layout.takes(event):
            return False
        layout.take(event)
        forms.append(_Form(layout, text))
        self._number += 1
        return True

    def _due(self) -> bool:
        """Whether lines that are missed cost as much as the pattern will, or will cost more."""
        price = sum(len(form.sample) for forms in self._forms.values() for form in forms) * _WIDTH
        if self._missed * _SAVED >= price:
            return True
        ahead = (
            max(self._expected / max(self._bytes, 1) - 1, 0)
            * self._lines
            * self._missed
            / max(self._since, 1)
        )
        return self._since >= FIRST and ahead * _SAVED >= price

    def _compile(self) -> None:
        leaves: list[list[str]] = []
        routes: list[tuple[Route, _Form]] = []
        for (route, style), forms in self._forms.items():
            for form in forms:
                if form.tokens is None:
                    form.tokens = self._tokens(route, style, form)
                if form.tokens:
                    leaves.append([*form.tokens, rf"\r?+$(?P<f{len(routes)}>)"])
                    routes.append((route, form))
        self._news, self._missed, self._since = False, 0, 0
        if not leaves:
            return
        found = re.compile(f"(?m)^(?:{together(leaves)}|.*+)")
        self._contracts = [""] * (found.groups + 1)
        for name, number in found.groupindex.items():
            self._contracts[number] = routes[int(name[1:])][0].contract
        self._match = found.finditer
        for route, form in routes:
            match = found.match(form.sample)
            if match is None or not match.lastindex or self._contracts[match.lastindex] != route.contract:
                # it holds an unusual text, or a value that no pattern keeps
                self._news |= not form.thorough
                form.tokens, form.thorough = [] if form.thorough else None, True

    def _tokens(self, route: Route, style: Style, form: _Form) -> list[str]:
        schema = self._schemas[route.contract]
        nodes: list[Mapping[str, Any]] = [schema]
        if route.payload is not None:
            members: dict[str, Any] = {key: {"const": name} for key, name in route.named}
            required = sorted({*form.layout.always, *members, route.payload})
            nodes = [
                {"type": "object", "properties": members | {route.payload: schema}, "required": required}
            ]
        try:
            tokens = Writer(schema, style, form.thorough).tokens(nodes, form.layout)
        except UnwrittenError:
            return []
        return tokens if sum(map(len, tokens)) <= LONGEST else []
