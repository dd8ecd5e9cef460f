"""Every break between two schemas, one by one: found, mended in a copy, looked for again."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from canonry.compat.shortcut import Way, plainly_safe
from canonry.kernel import pointer as pointers
from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json, same

if TYPE_CHECKING:
    from canonry.schema.changes import Change
    from canonry.schema.comparison import Comparison


MAX_BREAKS: Final = 8
"""So many are told apart in one contract and direction; what is left is one more."""

_HARM: Final[Mapping[Way, tuple[str, str]]] = {
    "backward": ("tightens", "both"),
    "forward": ("loosens", "both"),
}
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Break:
    """One break: the payload that shows it, and the change that did it (None: no single one).

    `values` identify the break: the rule that explains it, the place, and what stood there before and after.
    """

    witness: Json
    change: Change | None
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What comparing two schemas in one direction came to: breaks, or why nothing was decided."""

    breaks: tuple[Break, ...] = ()
    undecided: str = ""


def judged(old: Mapping[str, Any], new: Mapping[str, Any], way: Way) -> Judgement:
    """Every break of `new` against `old` in the declared reading.

    The change that a counterexample is traced to is undone in a copy of `new`, and the rest compared again,
    so that an acceptance of one break never covers another. Where a side is no schema, nothing is decided.
    """
    try:
        return _judged(old, new, way)
    except CanonryError as error:
        return Judgement(undecided=str(error))


def _judged(old: Mapping[str, Any], new: Mapping[str, Any], way: Way) -> Judgement:
    if plainly_safe(old, new, way):
        return Judgement()
    from canonry.schema import compare

    first = compare(dict(old), dict(new), direction=way, reading="declared")
    part = first.parts[way]
    if part.verdict == "proved":
        return Judgement()
    if part.verdict == "undecided":
        return Judgement(undecided=part.reason or "no reason given")
    return Judgement(tuple(_each(old, new, way, first)))


def _each(
    old: Mapping[str, Any], new: Mapping[str, Any], way: Way, comparison: Comparison
) -> Iterator[Break]:
    current: dict[str, Any] = dict(new)
    told: set[tuple[str, ...]] = set()
    for number in range(MAX_BREAKS + 1):
        witness = comparison.parts[way].witness
        culprits = [change for change in comparison.changes if way in change.breaks]
        if not culprits or number == MAX_BREAKS:
            yield Break(witness, None, (way, _digest(old), _digest(current)))
            return
        fresh = [change for change in culprits if (values := _values(change, old, current)) not in told]
        if not fresh:
            return
        for change in fresh[:1]:
            values = _values(change, old, current)
            told.add(values)
            yield Break(witness, change, values)
        if not any(_harms(change, way) for change in comparison.changes if change not in culprits):
            return
        mended = copy.deepcopy(current)
        for change in culprits:
            _undo(change, old, mended)
        if same(mended, current):
            return
        from canonry.schema import compare

        current = mended
        comparison = compare(dict(old), current, direction=way, reading="declared")
        if comparison.parts[way].verdict != "broken":
            return


def _harms(change: Change, way: Way) -> bool:
    return change.effect in _HARM[way]


def _undo(change: Change, old: Mapping[str, Any], schema: dict[str, Any]) -> None:
    """Puts back what stood where the change points to."""
    for pointer in (change.new_pointer, change.old_pointer):
        if pointer:
            _put(schema, pointer, _at(old, pointer))


def _at(schema: Mapping[str, Any], pointer: str | None) -> Any:
    if pointer is None:
        return _ABSENT
    try:
        return pointers.resolve(dict(schema), pointer)
    except LookupError:
        return _ABSENT


def _put(schema: dict[str, Any], pointer: str, value: Any) -> None:
    *path, last = pointers.split(pointer)
    try:
        parent = pointers.resolve(schema, path)
    except LookupError:
        return
    if isinstance(parent, dict):
        if value is _ABSENT:
            parent.pop(last, None)
        else:
            parent[last] = copy.deepcopy(value)
    elif isinstance(parent, list) and last.isdigit() and int(last) < len(parent):
        if value is _ABSENT:
            del parent[int(last)]
        else:
            parent[int(last)] = copy.deepcopy(value)


def _values(change: Change, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    place = change.new_pointer if change.new_pointer is not None else change.old_pointer or ""
    return (change.code, place, _digest(_at(old, change.old_pointer)), _digest(_at(new, change.new_pointer)))


def _digest(value: Any) -> str:
    """Canonical JSON of a small value, a digest of a large one."""
    if value is _ABSENT:
        return ""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, default=str, separators=(",", ":"))
    return text if len(text) <= 80 else hashlib.sha256(text.encode()).hexdigest()[:16]  # noqa: PLR2004  readable
