"""Round trip across contracts: nothing belongs to two live contracts of one kind and level on a platform.

Two majors of one contract may share names if they read them alike.
"""

from collections.abc import Iterator
from typing import Any, Final

from canonry.naming.languages import Document, Model
from canonry.naming.proofs.roundtrip import SEPARATOR, link_parts
from canonry.naming.proofs.verdict import Broken, Proof, Proved, Undecided, Verdict, decided, shown_link
from canonry.regular import (
    Choice,
    Clash,
    Optional,
    Part,
    Slot,
    UnsupportedPattern,
    ambiguity,
    literal,
    overlap,
)
from canonry.regular.parts import fixed, slots

LIVE: Final = ("active", "deprecated")
_TRIED: Final = 60
"""Values of a field that are tried one by one."""


def pairs(model: Model) -> Iterator[tuple[str, str]]:
    """The pairs that could clash: live, of one kind and level, on a platform that both are for."""
    live = [(i, c) for i, c in model.table["contracts"].items() if c["status"] in LIVE]
    for place, (identifier, contract) in enumerate(live):
        for other, beside in live[place + 1 :]:
            if (
                contract["kind"] == beside["kind"]
                and contract["level"] == beside["level"]
                and shared(contract, beside)
            ):
                yield identifier, other


def shared(contract: Document, other: Document) -> list[str | None]:
    """The platforms that both are for; `[None]` where neither is for any."""
    if not contract["platforms"] and not other["platforms"]:
        return [None]
    return [platform for platform in contract["platforms"] if platform in other["platforms"]]


def across(model: Model, identifier: str, other: str) -> Iterator[Proof]:
    """One proof per shared platform on which they clash, else one for the pair."""
    contract, beside = model.contract(identifier), model.contract(other)
    clashes = 0
    seen: list[Any] = []
    for platform in shared(contract, beside):
        left, right = model.form(identifier, platform), model.form(other, platform)
        if (left, right) in seen:
            continue
        seen.append((left, right))
        verdict = decided(lambda p=platform: _compared(model, identifier, other, p))  # type: ignore[misc]
        if not isinstance(verdict, Proved):
            clashes += 1
            yield Proof("across", identifier, verdict, other, platform, topic="two-contracts")
    if not clashes:
        yield Proof("across", identifier, Proved(f"nothing belongs to both {identifier} and {other}"), other)


def _compared(model: Model, identifier: str, other: str, platform: str | None) -> Verdict:
    verdict = _roughly_compared(model.roughly(), identifier, other, platform)
    if isinstance(verdict, Broken):
        verdict = _roughly_compared(model, identifier, other, platform)
    return verdict


def _roughly_compared(model: Model, identifier: str, other: str, platform: str | None) -> Verdict:
    left, right = model.form(identifier, platform), model.form(other, platform)
    keys = [*left, *(key for key in right if key not in left)]
    apart = Proved(f"nothing belongs to both {identifier} and {other}")
    empty = literal("")
    for key in sorted(keys, key=lambda key: len(left.get(key, {}).get("text", ""))):
        one = model.param(identifier, left[key]) if key in left else empty
        two = model.param(other, right[key]) if key in right else empty
        if one.disjoint(two):
            return apart
    # A macro that both write alike tells nothing apart and is read as no field, and its texts are many.
    macros = {key: left[key] for key in keys if left.get(key) == right.get(key) and "macro" in left[key]}
    keys = [key for key in keys if key not in macros]
    first, second = link_parts(model, identifier, left, keys), link_parts(model, other, right, keys)
    if isinstance(first, str) or isinstance(second, str):
        return Undecided(first if isinstance(first, str) else str(second))
    if identifier.rpartition("/")[0] == other.rpartition("/")[0]:
        clash = _unlike(first, second)
        if clash is None:
            return Proved(f"{identifier} and {other} read what they share alike")
    else:
        clash = overlap(first, second)
        if clash is None:
            return apart
    filled = {key: model.example(model.param(identifier, part)) for key, part in macros.items()}
    return _told(clash, keys, filled, identifier, other)


def _unlike(first: tuple[Part, ...], second: tuple[Part, ...]) -> Clash | None:
    """A text that two templates read differently; None where they read alike all that they share."""
    try:
        return ambiguity((Choice((first, second)),))
    except UnsupportedPattern:
        return _unlike_by_value(first, second)


def _unlike_by_value(first: tuple[Part, ...], second: tuple[Part, ...]) -> Clash | None:
    """The same, asked field by field and value by value: this one here, another one there."""
    here = {slot.name: slot.language for slot in slots(first)}
    there = {slot.name for slot in slots(second)}
    if here.keys() != there:
        clash = overlap(first, second)
        if clash is not None and dict(clash.first) == dict(clash.second):
            raise UnsupportedPattern("fields can take each other's place, and some may be absent")
        return clash
    tried_all = True
    for name, language in here.items():
        values = list(language.members(_TRIED + 1))
        tried_all = tried_all and len(values) <= _TRIED
        for value in values[:_TRIED]:
            clash = overlap(fixed(first, {name: value}), _without(second, name, value))
            if clash is not None:
                return clash
    if not tried_all:
        raise UnsupportedPattern("fields can take each other's place, and have more values than can be tried")
    return None


def _without(parts: tuple[Part, ...], name: str, value: str) -> tuple[Part, ...]:
    """The template with one value taken from a field."""
    result: list[Part] = []
    for part in parts:
        if isinstance(part, Slot) and part.name == name:
            result.append(Slot(name, part.language - literal(value)))
        elif isinstance(part, Optional):
            result.append(Optional(_without(part.parts, name, value)))
        elif isinstance(part, Choice):
            result.append(Choice(tuple(_without(option, name, value) for option in part.options)))
        else:
            result.append(part)
    return tuple(result)


def _told(clash: Clash, keys: list[str], filled: dict[str, str], identifier: str, other: str) -> Verdict:
    witness: dict[str, Any]
    if keys == ["name"]:
        shown, witness = repr(clash.text), {"name": clash.text}
    else:
        texts = dict(zip(keys, clash.text.split(SEPARATOR), strict=True))
        params = {key: text for key, text in texts.items() if text} | filled
        shown = shown_link(params)
        witness = {"link": shown, "params": params}
    message = f"{shown} belongs to both {identifier} and {other}"
    witness["readings"] = {identifier: dict(clash.first), other: dict(clash.second)}
    return Broken(
        message, witness, "tell them apart by a literal, a medium or a source that only one of them has"
    )
