"""Strings and numbers as one meets them: readable ones, and others at random, that meet what is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Any, Final
from uuid import UUID

from canonry.kernel.errors import CanonryError
from canonry.regular import Language, lengths, pattern
from canonry.schema.decimals import is_multiple
from canonry.schema.formats import FORMATS

_POOL: Final = 64
_WIDE: Final = 1000
"""How far above its lowest value a number is drawn."""
_PLAIN: Final = (1, 2, 5, 10, 20, 50, 100, 1000, 19.99, 0.5, 0, -1)


@dataclass(frozen=True, slots=True)
class _Text:
    """What is asked of a string."""

    patterns: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    low: int = 0
    high: int | None = None

    @property
    def free(self) -> bool:
        return not (self.patterns or self.refused or self.formats)


@lru_cache(maxsize=4096)
def _language(asked: _Text) -> Language:
    language = lengths(asked.low, asked.high)
    for name in asked.formats:
        language &= FORMATS[name].language
    for text in asked.patterns:
        language &= pattern(text)
    for text in asked.refused:
        language -= pattern(text)
    return language


@lru_cache(maxsize=4096)
def _members(asked: _Text) -> list[str]:
    """Some strings to draw from: finding one takes longer than all the rest of a value."""
    rng = Random(0)  # noqa: S311  a fixed seed: whoever draws draws the same
    return [_language(asked).sample(rng) for _ in range(_POOL)]


@lru_cache(maxsize=4096)
def _readable(asked: _Text, said: str) -> str:
    """A format's own example, else the name of the field, else the shortest; contracts ask the same often."""
    language = _language(asked)
    for text in (*(FORMATS[name].example for name in asked.formats), said):
        if language.accepts(text):
            return text
    return language.shortest() or ""


def string(parts: Mapping[str, Any], hint: str, rng: Random | None) -> tuple[str, bool]:
    """A string of a place that is called `hint`, and whether it says that name; readable without `rng`."""
    asked = _Text(
        tuple(sorted({*parts.get("patterns", ())})),
        tuple(sorted({*parts.get("refused", ())})),
        tuple(sorted({*parts.get("formats", ())})),
        parts.get("minLength", 0),
        parts.get("maxLength"),
    )
    said = hint.replace("_", " ") if rng is None else f"{hint}-{rng.randrange(1000)}"
    if asked.free:
        text = said * (asked.low // max(len(said), 1) + 1) if len(said) < asked.low else said
        return text[: asked.high], True
    try:
        if rng is None:
            text = _readable(asked, said)
            return text, text not in (FORMATS[name].example for name in asked.formats)
        language = _language(asked)
        for name in asked.formats:
            text = _drawn(name, hint, rng)
            if text and language.accepts(text):
                return text, True
        return rng.choice(_members(asked)), True
    except (CanonryError, ValueError):  # an empty language, or one too large: the search may know better
        return said, True


def number(parts: Mapping[str, Any], rng: Random | None, *, whole: bool) -> Any:
    """A number of a place: a plain one without `rng`."""
    lows = [(parts[name], name == "minimum") for name in ("minimum", "exclusiveMinimum") if name in parts]
    highs = [(parts[name], name == "maximum") for name in ("maximum", "exclusiveMaximum") if name in parts]
    step = parts.get("multipleOf")
    edges = [limit for limit, _ in (*lows, *highs)]
    tried: list[Any] = [*_PLAIN, *edges]
    if rng is not None:
        start = Decimal(str(max((limit for limit, _ in lows), default=0)))
        end = Decimal(str(min((limit for limit, _ in highs), default=start + _WIDE)))
        width = max(min(end - start, Decimal(_WIDE)), Decimal(0))
        drawn = start + Decimal(str(rng.random())) * width
        tried = [_on_grid(drawn, step or (1 if whole else 0.01)), *edges, *_PLAIN]
    tried += [_on_grid(Decimal(str(edge)), step or 1) for edge in edges]
    for value in (*tried, step):
        if (
            value is not None
            and all(value > limit or (closed and value == limit) for limit, closed in lows)
            and all(value < limit or (closed and value == limit) for limit, closed in highs)
            and (step is None or is_multiple(value, step))
            and (not whole or value == int(value))
        ):
            return value
    return edges[0] if edges else 0


def _drawn(name: str, hint: str, rng: Random) -> str:
    """A text of a format as one meets it; empty where there is no such notion."""
    number = rng.randrange(1000)
    day = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}"
    clock = f"{number % 24:02}:{number % 60:02}:{rng.randrange(60):02}Z"
    if name == "uuid":
        return str(UUID(int=rng.getrandbits(128), version=4))
    return {
        "date": day,
        "time": clock,
        "date-time": f"{day}T{clock}",
        "duration": f"P{number % 30 + 1}D",
        "email": f"{re.sub('[^a-z]+', '-', hint.lower())}-{number}@example.com",
        "hostname": f"n{number}.example.com",
        "ipv4": f"192.0.2.{number % 256}",
        "ipv6": f"2001:db8::{number:x}",
        "uri": f"https://www.example.com/{number}",
    }.get(name, "")


def _on_grid(value: Decimal, step: Any) -> Any:
    """The next multiple of `step` that is not below the value, as an integer where it is one."""
    width = Decimal(str(step))
    found = -(-value // width) * width
    return int(found) if found == found.to_integral_value() else float(found)
