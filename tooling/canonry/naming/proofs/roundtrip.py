"""Round trip within a contract: every name or link that a form builds has exactly one reading."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from canonry.naming.languages import Document, Model
from canonry.naming.proofs.verdict import Broken, Proof, Proved, Undecided, Verdict, decided, shown_link
from canonry.regular import Choice, Clash, Literal, Part, Unread, ambiguity, pattern

SEPARATOR = "\N{SYMBOL FOR UNIT SEPARATOR}"
"""Stands between the parameters of a link where they are read as one text."""


def round_trip(model: Model, identifier: str) -> Iterator[Proof]:
    """One proof per template that clashes, else one for all; and one per field that nothing writes.

    A field that only legacy templates hold is told of old names; no new one can have it, so none is lost.
    """
    contract = model.contract(identifier)
    forms = [*contract["forms"].values(), *contract.get("legacy", ())]
    written = {name for form in forms for p in form["params"].values() for name in _names(p)}
    for name in contract["fields"]:
        if name not in written:
            yield _unwritten(model, identifier, name)
    for name, spec in contract["fields"].items():
        if spec["type"] == "set" and len({str(value) for value in spec["values"]}) < len(spec["values"]):
            broken = Broken(f"two values of {name} are written alike", list(spec["values"]))
            yield Proof(
                "round-trip", identifier, broken, pointer=f"/properties/{name}", topic="written-alike"
            )
    clashes = 0
    seen: list[Any] = []
    for platform, form in contract["forms"].items():
        for key, part in form["params"].items():
            if "macro" in part or part in seen:
                continue
            seen.append(part)
            verdict = decided(lambda part=part: _template(model, identifier, part))  # type: ignore[misc]
            if isinstance(verdict, Broken) and len(form["params"]) > 1:
                name = None if platform == "static" else platform
                verdict = decided(lambda name=name: _link(model, identifier, name))  # type: ignore[misc]
            if not isinstance(verdict, Proved):
                clashes += 1
                pointer = f"/x-contract/templates/{key}"
                yield Proof("round-trip", identifier, verdict, pointer=pointer, topic="two-readings")
    if not clashes:
        statement = f"every {'link' if contract['kind'] == 'utm' else 'name'} has exactly one reading"
        yield Proof("round-trip", identifier, Proved(statement))


def _names(part: Mapping[str, Any]) -> Iterator[str]:
    for shape in part.get("shapes", ()):
        yield from shape["items"][1::2]


def _unwritten(model: Model, identifier: str, name: str) -> Proof:
    def ask() -> Verdict:
        value = model.example(model.field(identifier, name))
        readings: list[Any] = [{}, {name: value}]
        return Broken(f"no template writes {name}, so it is lost", readings, f"add {{{name}}} to a template")

    verdict = decided(ask)
    return Proof("round-trip", identifier, verdict, pointer=f"/properties/{name}", topic="field-unwritten")


def _template(model: Model, identifier: str, part: Document) -> Verdict:
    if ambiguity(model.roughly().parts(identifier, part)) is None:
        return Proved("every name has exactly one reading")
    return _judged(ambiguity(model.parts(identifier, part)), "name")


def _link(model: Model, identifier: str, platform: str | None) -> Verdict:
    """Whether a template that is ambiguous by itself still is so beside the others, which share fields."""
    params = model.form(identifier, platform)
    parts = link_parts(model, identifier, params, list(params))
    if isinstance(parts, str):
        return Undecided(parts)
    return _judged(ambiguity(parts), "link", list(params))


def _judged(clash: Clash | None, what: str, keys: Sequence[str] = ()) -> Verdict:
    if clash is None:
        return Proved(f"every {what} has exactly one reading")
    first, second = dict(clash.first), dict(clash.second)
    name = next((n for n in (*first, *second) if first.get(n) != second.get(n)), "")
    witness: dict[str, Any] = {what: clash.text}
    if keys:
        texts = dict(zip(keys, clash.text.split(SEPARATOR), strict=True))
        params = {key: text for key, text in texts.items() if text}
        witness = {what: shown_link(params), "params": params}
    shown = witness[what] if keys else repr(clash.text)
    message = f"{shown} has two readings: {_told(first)}, or {_told(second)}"
    suggestion = f"keep what follows {{{name}}} out of its words, or put a literal between"
    witness["readings"] = [first, second]
    return Broken(message, witness, suggestion)


def _told(reading: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in reading.items()) or "nothing"


def link_parts(
    model: Model, identifier: str, params: Document, keys: Sequence[str]
) -> tuple[Part, ...] | str:
    """The parameters `keys` of a link as one sequence, with separators; a reason where that cannot be.

    A parameter that the form does not have is empty. Optional fields that several parameters write are absent
    from all of them or from none.
    """
    names = [name for key in keys for name in dict.fromkeys(_names(params.get(key, {})))]
    shared = sorted(
        {name for name in names if names.count(name) > 1} - set(model.contract(identifier)["required"])
    )
    if len(shared) > 6:  # noqa: PLR2004 -- 64 cases
        return "more than six optional fields stand in several parameters"
    for name in dict.fromkeys(names):
        if not (model.field(identifier, name) & pattern(SEPARATOR)).is_empty():
            return f"{name} may hold any character, the separator of this proof among them"
    sequences: list[tuple[Part, ...]] = []
    for row in model.rows(identifier, names):
        for absences in itertools.product((False, True), repeat=len(shared)):
            gone = dict(zip(shared, absences, strict=True))
            parts: list[Part] = []
            for place, key in enumerate(keys):
                parts += [Literal(SEPARATOR)] if place else []
                part = params.get(key)
                if part is not None and "macro" in part:
                    parts.append(Unread(model.param(identifier, part)))
                elif part is not None:
                    parts += model.parts(identifier, part, row, gone)
            sequences.append(tuple(parts))
    return sequences[0] if len(sequences) == 1 else (Choice(tuple(sequences)),)
