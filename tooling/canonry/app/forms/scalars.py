"""Patterns of texts, numbers and words as JSON writes them, no larger than what schemas accept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from canonry.kernel.errors import CanonryError
from canonry.regular import CharSet, lengths, pattern
from canonry.regular.atomic import Atomic, atomic, one_of, times

MOST_WORDS: Final = 3_000
"""An enumeration of more words takes longer to compile than it saves."""
DIGITS: Final = 15
"""Of a number with so many digits a float keeps each, and so does an integer."""
CENTS: Final = 0.01
CENTS_DIGITS: Final = 12
"""Before the point: a float below 10^12 is the one nearest to its two decimals, as the schema wants it."""

Nodes = Sequence[Mapping[str, Any]]
"""Schemas that all apply, without references."""

_PLAIN: Final = ~(CharSet([(0, 0x1F)]) | CharSet.of('"\\'))
"""Characters that stand for themselves in a JSON text."""
_CHAR: Final = one_of(_PLAIN)
_ESCAPE: Final = r'\\(?>["\\/bfnrt]|u(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})'
_SHORT: Final = 250
"""Characters of a pattern for which no other is looked for."""
_DAY: Final = (
    "[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    "|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
_MOMENT: Final = _DAY + r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
_SEGMENTS: Final = "[A-Za-z0-9._~!$'()*+,;=:@/-]*"
_QUERY: Final = "[A-Za-z0-9._~!$'()*+,;=:@/?&-]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._~!$'()*+,;=:@/?&-]*)*"
_USUAL: Final = (
    _MOMENT + "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])",
    _MOMENT + "Z",
    _DAY,
    rf"https?://[A-Za-z0-9.-]+(?:/{_SEGMENTS})?(?:\?{_QUERY})?(?:#{_QUERY})?",
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9]{1,63}(?:[.-][A-Za-z0-9]{1,30})*",
)
"""Shorter patterns of most texts for which contracts have long ones; used where they are proved inside."""
_ENDED: Final = r"(?![0-9.eE])"


class UnwrittenError(Exception):
    """No pattern is written for what was asked; the validator judges it."""


def scalars(nodes: Nodes, types: set[str], *, thorough: bool) -> list[list[str]]:
    """Patterns, in tokens, of the values of the types, objects and lists aside, that every schema accepts.

    Of texts that are usual ones, unless it is to be `thorough`, which takes long patterns.
    """
    if any("enum" in node or "const" in node for node in nodes):
        words = _words(nodes)
        return words if len(words) == 1 else [[f"(?>{together(words)})"]]
    found = []
    if "string" in types:
        found.append(_text(nodes, thorough=thorough))
    if "number" in types or "integer" in types:
        found.append(_number(nodes, whole="number" not in types))
    if "boolean" in types:
        found.append("(?>true|false)")
    if "null" in types:
        found.append("null")
    return [[part] for part in found]


def characters(text: str) -> list[str]:
    """Each character of a text, escaped."""
    return [re.escape(char) for char in text]


def plain(text: str) -> bool:
    """Whether JSON writes the text as it is."""
    return text.isprintable() and not {'"', "\\"} & set(text)


def together(lists: Iterable[Sequence[str]]) -> str:
    """One pattern for several, given in tokens; what they begin with is in it once."""
    rests = list(dict.fromkeys(map(tuple, lists)))
    first, *others = rests
    shared = 0
    while (
        others
        and shared < len(first)
        and all(rest[shared : shared + 1] == first[shared : shared + 1] for rest in others)
    ):
        shared += 1
    head = "".join(first[:shared])
    if not others:
        return "".join(first)
    groups: dict[str, list[tuple[str, ...]]] = {}
    for rest in rests:
        groups.setdefault(rest[shared] if len(rest) > shared else "", []).append(rest[shared:])
    return f"{head}(?:{'|'.join(map(together, groups.values()))})"


def _words(nodes: Nodes) -> list[list[str]]:
    import jsonschema_rs

    named = [node for node in nodes if "const" in node or "enum" in node]
    fewest = min(([node["const"]] if "const" in node else node["enum"] for node in named), key=len)
    if len(fewest) > MOST_WORDS:
        raise UnwrittenError
    holds = jsonschema_rs.validator_for({"allOf": list(nodes)}, validate_formats=False, offline=True).is_valid
    texts = []
    for word in fewest:
        if isinstance(word, str) and plain(word) and holds(word):
            texts.append(characters(f'"{word}"'))
        elif (word is None or isinstance(word, int)) and abs(word or 0) < 10**DIGITS and holds(word):
            texts.append([*characters(json.dumps(word)), _ENDED])
    if not texts:
        raise UnwrittenError
    return texts


def _text(nodes: Nodes, *, thorough: bool) -> str:
    low = max((node["minLength"] for node in nodes if "minLength" in node), default=0)
    high = min((node["maxLength"] for node in nodes if "maxLength" in node), default=None)
    if high is not None and high < low:
        raise UnwrittenError
    sources = tuple(dict.fromkeys(node["pattern"] for node in nodes if "pattern" in node))
    if not sources and (low, high) == (0, None):
        return f'"{_CHAR}*+(?:{_ESCAPE}{_CHAR}*+)*+"'
    if not sources:
        return f'"(?>{_CHAR}{times(low, high)}"|(?:{_CHAR}|{_ESCAPE}){times(low, high)}")'
    return _of_patterns(_needed(sources), low, high, thorough=thorough)


@lru_cache(maxsize=1024)
def _of_patterns(sources: tuple[str, ...], low: int, high: int | None, *, thorough: bool) -> str:
    found = [atomic(source, _PLAIN, high) for source in sources]
    parts = [part for part in found if part is not None]
    if len(parts) < len(found):
        raise UnwrittenError
    if sum(len(part.text) for part in parts) > _SHORT and not thorough:
        parts = _usual(sources, low, high) or parts
    ahead = [f'(?={part.text}")' for part in parts[1:]]
    shortest = max(part.shortest for part in parts)
    longest = min((part.longest for part in parts if part.longest is not None), default=None)
    if low > shortest or (high is not None and (longest is None or longest > high)):
        ahead.append(f'(?=[^"]{times(low, high)}")')
    return f'"{"".join(ahead)}{parts[0].text}"'


def _usual(sources: tuple[str, ...], low: int, high: int | None) -> list[Atomic]:
    """A shorter pattern of texts that all of the patterns accept, where one is known."""
    for usual in _USUAL:
        try:
            language = pattern(f"^(?:{usual})$") & lengths(low, high)
            if not language.is_empty() and all(pattern(source).includes(language) for source in sources):
                part = atomic(f"^(?:{usual})$", _PLAIN, high)
                return [] if part is None else [part]
        except CanonryError:  # not decided: the patterns themselves, then
            continue
    return []


@lru_cache(maxsize=1024)
def _needed(sources: tuple[str, ...]) -> tuple[str, ...]:
    """The patterns but for those that another implies."""
    needed = list(sources)
    for source in sources:
        for other in needed:
            try:
                implied = other != source and pattern(source).includes(pattern(other))
            except CanonryError:  # not decided, so it is asked
                continue
            if implied:
                needed.remove(source)
                break
    return tuple(needed)


def _number(nodes: Nodes, *, whole: bool) -> str:
    cents = False
    for node in nodes:
        step = node.get("multipleOf")
        whole |= step == 1
        cents |= step == CENTS
        if step not in (None, 1, CENTS):
            raise UnwrittenError
    top = _limit(nodes, "maximum", "exclusiveMaximum", 1)
    bottom = _limit(nodes, "minimum", "exclusiveMinimum", -1)
    parts = [
        f"{sign}{part}"
        for sign, part in (
            ("", _magnitude(top, bottom, whole=whole, cents=cents)),
            ("-", _magnitude(bottom, top, whole=whole, cents=cents)),
        )
        if part
    ]
    if not parts:
        raise UnwrittenError
    return parts[0] if len(parts) == 1 else f"(?>{'|'.join(part + _ENDED for part in parts)})"


_Limit = tuple[int, bool] | None
"""What a number is at most; with True, less than that."""


def _limit(nodes: Nodes, key: str, open_key: str, sign: int) -> _Limit:
    """The tightest limit of `sign` times the number, drawn to a whole one: what lies between is left to the
    validator.
    """
    limits = [(node[key] * sign, False) for node in nodes if key in node]
    limits += [(node[open_key] * sign, True) for node in nodes if open_key in node]
    found = [(int(limit // 1), is_open and limit == limit // 1) for limit, is_open in limits]
    return min(found, key=lambda limit: (limit[0], not limit[1]), default=None)


def _magnitude(upper: _Limit, opposite: _Limit, *, whole: bool, cents: bool) -> str:
    """A pattern of numbers without sign up to a limit, whose opposites are up to another; none is empty."""
    digits = CENTS_DIGITS if cents else DIGITS
    low, above = (0, False) if opposite is None or opposite[0] > 0 else (-opposite[0], opposite[1])
    high, below = upper if upper is not None and upper[0] < 10**digits else (10**digits - 1, False)
    unlimited = upper is None or upper[0] >= 10**digits
    if whole:
        return _whole(low + above, high - below) if low + above <= high - below else ""
    exact = DIGITS if unlimited and not above and low == 0 else DIGITS - len(str(low if unlimited else high))
    places = min(2, exact) if cents else exact
    fraction = rf"(?:\.[0-9]{{1,{places}}}+)?+" if places > 0 else ""
    parts = []
    most = high if unlimited else high - 1
    if low + above <= most:
        parts.append(_whole(low + above, most) + fraction)
    if not unlimited and not below and low + above <= high:
        parts.append(str(high))
    if above and low <= most and places > 0:
        parts.append(rf"{low}\.(?=0*+[1-9])[0-9]{{1,{places}}}+")
    if len(parts) < 2:  # noqa: PLR2004  one form of numbers needs no choice, what follows it is looked at anyway
        return "".join(parts)
    return f"(?>{'|'.join(part + _ENDED for part in parts)})"


def _whole(low: int, high: int) -> str:
    """The whole numbers from `low` to `high`, neither negative, without leading zeros."""
    if low <= 1 and str(high + 1) == f"1{'0' * len(str(high))}":
        free = len(str(high)) - 1
        digits = f"[1-9][0-9]{times(0, free)}" if free else "[1-9]"
        return digits if low else f"(?>0|{digits})"
    parts = []
    while low <= high:
        size = len(str(low))
        last = min(high, 10**size - 1)
        parts += _same_length(str(low), str(last))
        low = last + 1
    return f"(?:{'|'.join(parts)})"


def _same_length(low: str, high: str) -> list[str]:
    """Numbers of one length, as prefix and free digits."""
    if not low:
        return [""]
    free = len(low) - 1
    if low[1:] == "0" * free and high[1:] == "9" * free:
        first = low[0] if low[0] == high[0] else f"[{low[0]}-{high[0]}]"
        return [first + (f"[0-9]{{{free}}}" if free else "")]
    if low[0] == high[0]:
        return [low[0] + rest for rest in _same_length(low[1:], high[1:])]
    middle = [(str(int(low[0]) + 1), str(int(high[0]) - 1))] if int(low[0]) + 1 < int(high[0]) else []
    parts = [low[0] + rest for rest in _same_length(low[1:], "9" * free)]
    parts += [rest for first, last in middle for rest in _same_length(first + "0" * free, last + "9" * free)]
    return parts + [high[0] + rest for rest in _same_length("0" * free, high[1:])]
