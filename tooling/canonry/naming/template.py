"""The grammar of templates: literal text, `{field}`, `{field:dateformat}` and `[optional part]`.

`parse` turns a template string into parts and lists what is wrong with it, each with its position. A part is
a `str` (literal), a `Slot`, or an `Option` (present exactly when all its fields are). Options do not nest.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from canonry.naming.suggest import nearest

ABSENT: Final = "xx"
"""What an absent optional field writes outside brackets."""

DATE_FORMATS: Final = {"day": "yyyymmdd", "month": "yyyymm", "quarter": "yyyyqn", "year": "yyyy"}
"""Unit of a date field to the one format that writes it without loss."""

MAX_LENGTH: Final = 2000
"""Templates longer than this are refused unread."""

MAX_OPTIONS: Final = 6
"""A template has at most this many optional parts: every subset of them is a shape of its own."""

_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_LITERAL = re.compile(r"[a-z0-9._~-]*\Z")
_OLDER = re.compile(r"[a-z0-9._~|:;/+,#> -]*\Z")
"""What only recognises may hold what nobody should write: names were once joined by ` | `."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that a field's value is written to; `at` counts characters from the template's start."""

    field: str
    form: str | None = None
    at: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """A part that is written when all its fields are present, and left out otherwise."""

    parts: tuple["str | Slot", ...]
    at: int = 0

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields on which the part depends."""
        return tuple(part.field for part in self.parts if isinstance(part, Slot))


Part: TypeAlias = "str | Slot | Option"
Flat: TypeAlias = "tuple[str | Slot, ...]"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong: a stable `reason`, where in the template (from 0) and what to write instead."""

    reason: str
    message: str
    at: int = 0
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was read. `text` is what stands in the contract."""

    text: str
    parts: tuple[Part, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Every slot, those of optional parts included, in the order of the text."""
        return tuple(_slots(self.parts))

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the template writes, each once, in the order of the text."""
        return tuple(dict.fromkeys(slot.field for slot in self.slots))

    @property
    def sole(self) -> Slot | None:
        """The only slot of a template that consists of nothing else."""
        only = self.parts[0] if len(self.parts) == 1 else None
        if isinstance(only, Option) and len(only.parts) == 1:
            only = only.parts[0]
        return only if isinstance(only, Slot) else None

    def shapes(self) -> Iterator[tuple[Flat, frozenset[str]]]:
        """One flat sequence per subset of the optional parts, with the fields that it leaves out.

        A field of an optional part stands nowhere else in the template (`option-field-repeated`), so what a
        subset leaves out is absent.
        """
        options = [part for part in self.parts if isinstance(part, Option)]
        for chosen in itertools.product((True, False), repeat=len(options)):
            keep = dict(zip(map(id, options), chosen, strict=True))
            flat: list[str | Slot] = []
            absent: set[str] = set()
            for part in self.parts:
                if not isinstance(part, Option):
                    flat.append(part)
                elif keep[id(part)]:
                    flat.extend(part.parts)
                else:
                    absent.update(part.fields)
            yield joined(flat), frozenset(absent)


def joined(parts: Iterable["str | Slot"]) -> Flat:
    """The same sequence with neighbouring literals merged and empty ones dropped."""
    merged: list[str | Slot] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return tuple(merged)


def _slots(parts: Iterable[Part]) -> Iterator[Slot]:
    for part in parts:
        if isinstance(part, Slot):
            yield part
        elif isinstance(part, Option):
            yield from _slots(part.parts)


def parse(text: str, *, older: bool = False) -> tuple[Template, tuple[Problem, ...]]:
    """The template as far as it can be read, and everything wrong with its spelling.

    A template with problems must not be built from: its parts are only good for further messages. `older`
    templates only recognise, and may hold more characters.
    """
    reader = _Reader(text, older=older)
    if len(text) > MAX_LENGTH:
        reader.problem("template-too-long", f"a template has at most {MAX_LENGTH:,} characters", 0)
        return Template(text, ()), tuple(reader.problems)
    parts = reader.read()
    template = Template(text, parts)
    if not reader.problems:
        reader.problems.extend(_shape_problems(template))
    return template, tuple(reader.problems)


class _Reader:
    def __init__(self, text: str, *, older: bool) -> None:
        self.text = text
        self.allowed = _OLDER if older else _LITERAL
        self.problems: list[Problem] = []

    def problem(self, reason: str, message: str, at: int, suggestion: str = "") -> None:
        self.problems.append(Problem(reason, message, at, suggestion))

    def read(self) -> tuple[Part, ...]:
        parts: list[Part] = []
        option: list[str | Slot] | None = None
        opened = at = 0
        while at < len(self.text):
            char = self.text[at]
            target: list[str | Slot] | list[Part] = parts if option is None else option
            if char == "{":
                at, slot = self.slot(at)
                if slot is not None:
                    target.append(slot)
                continue
            if char == "[":
                if option is None:
                    option, opened = [], at
                else:
                    self.problem("bracket-nested", "an optional part cannot hold another one", at)
            elif char == "]":
                if option is None:
                    self.problem("bracket-unbalanced", "']' closes nothing", at, "remove it, or add the '['")
                else:
                    parts.append(self.option(option, opened))
                    option = None
            elif char == "}":
                self.problem("brace-unbalanced", "'}' closes nothing", at, "remove it, or add the '{'")
            else:
                end = at + 1
                while end < len(self.text) and self.text[end] not in "{}[]":
                    end += 1
                target.append(self.literal(at, end))
                at = end
                continue
            at += 1
        if option is not None:
            self.problem("bracket-unbalanced", "'[' is never closed", opened, "add the ']'")
        return tuple(parts)

    def literal(self, at: int, end: int) -> str:
        text = self.text[at:end]
        if not self.allowed.match(text):
            where = next(i for i, char in enumerate(text) if not self.allowed.match(char))
            self.problem(
                "literal-alphabet",
                f"literal text has {text[where]!r}; it may hold a-z, 0-9 and . _ ~ - only",
                at + where,
                _macro_advice(text) or text.lower(),
            )
        return text

    def option(self, parts: list["str | Slot"], at: int) -> Option:
        option = Option(tuple(parts), at)
        if not option.fields:
            self.problem("option-empty", "an optional part needs a field on which it depends", at)
        return option

    def slot(self, at: int) -> tuple[int, Slot | None]:
        if self.text.startswith("{{", at):
            end = self.text.find("}}", at)
            end = len(self.text) if end < 0 else end + 2
            macro = self.text[at:end]
            self.problem(
                "macro-in-text",
                f"{macro} is a macro; a template string holds literal text and {{field}} only",
                at,
                f'"<platform>": {{"macro": "{macro}", "expands": "/objects/..."}}',
            )
            return end, None
        end = self.text.find("}", at)
        if end < 0 or "{" in self.text[at + 1 : end]:
            self.problem("brace-unbalanced", "'{' is never closed", at, "add the '}'")
            return at + 1, None
        name, colon, form = self.text[at + 1 : end].partition(":")
        if not _FIELD.match(name):
            self.problem("slot-name", f"{{{name}}} names no field", at, "{field} or {field:yyyymm}")
            return end + 1, None
        if colon and form not in DATE_FORMATS.values():
            close = nearest(form, DATE_FORMATS.values()) or "yyyymm"
            self.problem(
                "date-format-unknown",
                f"{form!r} is no date format; there are {', '.join(DATE_FORMATS.values())}",
                at + len(name) + 2,
                f"{{{name}:{close}}}",
            )
            form = ""
        return end + 1, Slot(name, form or None, at)


def _shape_problems(template: Template) -> Iterator[Problem]:
    if not template.parts:
        yield Problem("template-empty", "an empty template writes nothing", 0)
        return
    if sum(isinstance(part, Option) for part in template.parts) > MAX_OPTIONS:
        yield Problem("options-many", f"a template has at most {MAX_OPTIONS} optional parts", 0)
        return
    where = [slot.field for slot in template.slots]
    for part in template.parts:
        for slot in _slots([part]) if isinstance(part, Option) else ():
            if where.count(slot.field) > 1:
                message = (
                    f"{{{slot.field}}} stands in an optional part and a second time; it may stand only there"
                )
                yield Problem("option-field-repeated", message, slot.at)
    seen: set[tuple[str, str]] = set()
    for flat, _ in template.shapes():
        for left, right in itertools.pairwise(flat):
            if isinstance(left, Slot) and isinstance(right, Slot) and (left.field, right.field) not in seen:
                seen.add((left.field, right.field))
                yield Problem(
                    "slots-adjacent",
                    f"{{{left.field}}} and {{{right.field}}} stand side by side, without a delimiter",
                    right.at,
                    f"{{{left.field}}}_{{{right.field}}}",
                )


def _macro_advice(text: str) -> str:
    found = re.search(r"\$$|__[A-Z0-9_]+__|%[a-z]+!?", text)
    return 'write a macro as {"macro": "...", "pattern": "..."} under its platform' if found else ""


def literals(parts: Sequence[Part]) -> Iterator[str]:
    """Every piece of literal text, those of optional parts included."""
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Option):
            yield from literals(part.parts)
