"""A comparison of two schemas, for people and for programs."""

import json
from collections.abc import Iterator
from decimal import Decimal

from canonry.kernel.jsonvalue import Json
from canonry.render.plain import visible, wrapped
from canonry.render.text import PLAIN, Palette
from canonry.schema.changes import Change
from canonry.schema.comparison import Comparison, Part

_STYLES = {"proved": "good", "broken": "error", "undecided": "warning"}
_MOST = 40
"""Differences that broke nothing and are shown; the JSON form has all."""
_LONGEST = 2_000
"""Characters of a payload that are shown; the JSON form always has all of it."""


def text(comparison: Comparison, old: str, new: str, palette: Palette = PLAIN) -> str:
    """The verdicts with their payloads and causes, then what else differs; `old` and `new` name the files."""
    lines: list[str] = []
    for direction, part in comparison.parts.items():
        lines += _part(comparison, direction, part, (old, new), palette)
    rest = [change for change in comparison.changes if not change.breaks]
    if rest:
        also = "Also different" if len(rest) < len(comparison.changes) else "What differs"
        lines += ["", palette("bold", f"{also}:")]
        for change in rest[:_MOST]:
            lines += _change(change)
        if len(rest) > _MOST:
            lines.append(wrapped(f"  and {len(rest) - _MOST} more differences: --format json has all"))
    if comparison.more:
        lines += ["", wrapped("There may be more: the schemas are too large to look through.")]
    return "\n".join(lines) + "\n"


def document(comparison: Comparison) -> str:
    """The public JSON form; numbers are written exactly."""
    return exact_json(comparison.to_json(), indent=2) + "\n"


def exact_json(value: Json, indent: int | None = None, level: int = 0) -> str:
    """JSON text in which a `Decimal` keeps every digit, which `json.dumps` cannot do."""
    if isinstance(value, Decimal):
        return str(value)
    if not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        parts = [
            f"{json.dumps(name, ensure_ascii=False)}: {exact_json(member, indent, level + 1)}"
            for name, member in value.items()
        ]
    else:
        parts = [exact_json(item, indent, level + 1) for item in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    if indent is None:
        return f"{opening}{', '.join(parts)}{closing}"
    inner, outer = "\n" + " " * indent * (level + 1), "\n" + " " * indent * level
    return f"{opening}{inner}{f',{inner}'.join(parts)}{outer}{closing}"


def _part(
    comparison: Comparison, direction: str, part: Part, names: tuple[str, str], palette: Palette
) -> Iterator[str]:
    verdict = part.verdict
    head = wrapped(f"{verdict}  {direction}: {_said(comparison, direction, verdict, names)}", hanging="  ")
    yield palette(_STYLES[verdict], verdict) + head[len(verdict) :]
    if verdict == "undecided":
        yield wrapped(part.reason or "no reason was recorded", indent="  Because: ", hanging="    ")
    elif verdict == "broken":
        payload = exact_json(part.witness)
        cut = f" (the first {_LONGEST} characters; --format json has all)" if len(payload) > _LONGEST else ""
        yield wrapped(payload[:_LONGEST] + cut, indent="  Payload: ", hanging="    ")
        for change in comparison.changes:
            if direction in change.breaks:
                yield from _change(change)


def _said(comparison: Comparison, direction: str, verdict: str, names: tuple[str, str]) -> str:
    writer, reader = names if direction == "backward" else names[::-1]
    if verdict == "undecided":
        return "neither proved nor refuted"
    if comparison.reading == "strict":
        every = f"every value that {writer} accepts, {reader} accepts"
        return every if verdict == "proved" else f"{writer} accepts what {reader} refuses"
    ignoring = ", ignoring what it does not name" if direction == "forward" else ""
    if verdict == "proved":
        return f"every value that {writer} declares, {reader} accepts{ignoring}"
    return f"{writer} declares what {reader} refuses{ignoring}"


def _change(change: Change) -> Iterator[str]:
    yield wrapped(change.sentence, indent=f"  {change.code} ", hanging="       ")
    places = [
        f"{side} {visible(pointer) or 'root'}"
        for side, pointer in (("old", change.old_pointer), ("new", change.new_pointer))
        if pointer is not None
    ]
    yield wrapped(f"{change.effect}: {', '.join(places)}", indent="       ")
