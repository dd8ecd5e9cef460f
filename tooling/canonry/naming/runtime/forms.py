"""How a contract is written: templates, macros, and forms, which hold one of them per parameter."""

from __future__ import annotations

from .text import fold, nearest  # noqa: TID252 -- this folder is copied into generated clients
from .values import ABSENT, MAX_TEXT, MEMORY, problem  # noqa: TID252 -- as above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from .codec import Codec, Contract  # noqa: TID252 -- as above
    from .values import Field  # noqa: TID252 -- as above

MAX_READINGS = 8
TEXTS = 2_000
"""Whole texts remembered per template: forms of one contract share templates, links repeat campaigns."""
_CONSTANT, _SOLE, _TEMPLATE, _MACRO = 0, 1, 2, 3


class Template:
    """One written form: flat shapes of literals (even places) and fields (odd), per set of absent fields."""

    def __init__(self, table: Mapping[str, Any], fields: Mapping[str, Field]) -> None:
        self.text: str = table["text"]
        self.marks = frozenset(table.get("marks", ()))
        self.shapes: list[tuple[list[str], frozenset[str]]] = [
            (shape["items"], frozenset(shape.get("absent", ()))) for shape in table["shapes"]
        ]
        self.fields = fields
        self.names = list(dict.fromkeys(name for items, _ in self.shapes for name in items[1::2]))
        only = self.shapes[0][0] if len(self.shapes) == 1 else None
        self.sole: str | None = only[1] if only and only[::2] == ["", ""] else None
        self.constant: str | None = only[0] if only and len(only) == 1 else None
        self._format = "%s".join([item.replace("%", "%%") for item in only[::2]]) if only else None
        self.order = only[1::2] if only else []
        self._plans: dict[bool, list[tuple[bool, list[tuple[Any, ...]]]]] = {}
        self._memory: dict[str, list[tuple[dict[str, Any], list[dict[str, Any]]]]] = {}
        self._last: tuple[str | None, list[tuple[dict[str, Any], list[dict[str, Any]]]]] = None, []
        self.cut: tuple[str, list[list[Any]]] | None = None
        """The delimiter and each shape in the tokens between it; `rejections` keeps it here."""
        self.costs: dict[tuple[int, str], list[Any]] = {}

    def build(self, written: Mapping[str, str | None]) -> str | None:
        """The text for these spellings (None: absent); None where no shape leaves out just what is absent."""
        if self._format is not None:
            return self._format % tuple([written[name] or ABSENT for name in self.order])
        absent = {name for name in self.names if written.get(name) is None and name not in self.marks}
        for items, without in self.shapes:
            if without == frozenset(absent):
                return "".join(
                    [item if n % 2 == 0 else (written[item] or ABSENT) for n, item in enumerate(items)]
                )
        return None

    def read(self, text: str, *, loosely: bool = False) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
        """Every reading, as values (None: absent) and notes; callers must not change it."""
        if loosely:
            if text != self._last[0]:
                self._last = text, self._read(text, loosely=True)
            return self._last[1]
        found = self._memory.get(text)
        if found is None:
            found = self._read(text, loosely=False)
            if len(self._memory) > TEXTS:
                self._memory.clear()
            self._memory[text] = found
        return found

    def _read(self, text: str, *, loosely: bool) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
        if len(text) > MAX_TEXT:
            return []
        plans = self._plans.get(loosely)
        if plans is None:
            plans = self._plans[loosely] = [self._plan(items, loosely=loosely) for items, _ in self.shapes]
        found: list[tuple[dict[str, Any], list[dict[str, Any]]]] = []
        for (items, absent), (linear, slots) in zip(self.shapes, plans):  # noqa: B905 -- same length, and hot
            if linear:
                straight = _straight(items[0], slots, text, loosely=loosely)
                if straight is not None:
                    values, notes = straight
                    found.append((dict.fromkeys(absent) | values if absent else values, notes))
                continue
            for walked, notes in _walked(items[0], slots, text, loosely=loosely):
                found.append((dict.fromkeys(absent) | walked, notes))
                if len(found) >= MAX_READINGS:
                    return found
        return found

    def _plan(self, items: list[str], *, loosely: bool) -> tuple[bool, list[tuple[Any, ...]]]:
        """Whether each slot ends where the next literal first occurs; the slots and what follows them."""
        linear = True
        slots: list[tuple[Any, ...]] = []
        seen: set[str] = set()
        for place in range(1, len(items), 2):
            field, after = self.fields[items[place]], items[place + 1]
            last = place + 2 == len(items)
            stops = last or (after != "" and not (field.loosely_holds if loosely else field.holds)(after[0]))
            linear = linear and stops and field.name not in seen
            seen.add(field.name)
            slots.append((field, after, last, stops, field.name in self.marks))
        return linear, slots


def _straight(
    first: str, slots: list[tuple[Any, ...]], text: str, *, loosely: bool
) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
    """The one reading of a shape whose every slot ends where the next literal first occurs."""
    search = fold(text) if loosely else text
    if first and not search.startswith(first):
        return None
    at = len(first)
    values: dict[str, Any] = {}
    notes: list[dict[str, Any]] = []
    for field, after, last, _, mark in slots:
        if last:
            end = len(text) - len(after)
            if end < at or (after and not search.endswith(after)):
                return None
        else:
            end = search.find(after, at)
            if end < 0:
                return None
        piece = text[at:end]
        at = end + len(after)
        value = field.memory.get(piece)
        if value is None:
            if mark and fold(piece) == ABSENT and (loosely or piece == ABSENT):
                values[field.name] = None
                continue
            value = field.read(piece)
            if value is None:
                read = _piece(field, piece, loosely=True) if loosely else None
                if read is None:
                    return None
                value = read[0]
                notes.append(read[1])  # type: ignore[arg-type]  # what is read loosely has a note
            else:
                if len(field.memory) > MEMORY:
                    field.memory.clear()
                field.memory[piece] = value
        values[field.name] = value
    return (values, notes) if at == len(text) else None


def _walked(
    first: str, slots: list[tuple[Any, ...]], text: str, *, loosely: bool
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Every reading of a shape, by trying each place where a slot may end. Failures are remembered."""
    search = fold(text) if loosely else text
    dead: set[tuple[int, int]] = set()
    state: list[tuple[str, Any, dict[str, Any] | None]] = []

    def walk(index: int, at: int) -> Iterator[None]:
        if index == len(slots):
            if at == len(text):
                yield None
            return
        if (index, at) in dead:
            return
        field, after, last, stops, mark = slots[index]
        lively = False
        for end in _ends(search, at, after, last=last, stops=stops):
            piece = text[at:end]
            read = (
                (None, None) if mark and search[at:end] == ABSENT else _piece(field, piece, loosely=loosely)
            )
            if read is None:
                continue
            earlier = [value for name, value, _ in state if name == field.name]
            if earlier and earlier[0] != read[0]:
                lively = True  # it fails only beside that earlier value
                continue
            state.append((field.name, read[0], read[1]))
            for _ in walk(index + 1, end + len(after)):
                lively = True
                yield None
            state.pop()
        if not lively:
            dead.add((index, at))

    if search.startswith(first):
        for _ in walk(0, len(first)):
            yield (
                {name: value for name, value, _ in state},
                [note for _, _, note in state if note is not None],
            )


def _piece(field: Field, text: str, *, loosely: bool) -> tuple[Any, dict[str, Any] | None] | None:
    value = field.read(text)
    if value is not None:
        return value, None
    if not loosely:
        return None
    if text not in field.loose_memory:
        if len(field.loose_memory) > MEMORY:
            field.loose_memory.clear()
        field.loose_memory[text] = field.read_loosely(text)
    loose = field.loose_memory[text]
    if loose is None:
        return None
    note = problem(loose[2], field.name, text, field.expected(), loose[1])
    note["right"] = loose[1]
    return loose[0], note


def _ends(text: str, at: int, after: str, *, last: bool, stops: bool) -> Iterator[int]:
    """Where a slot that begins at `at` may end."""
    if last:
        end = len(text) - len(after)
        if end >= at and text.endswith(after):
            yield end
        return
    end = text.find(after, at)
    while end >= 0:
        yield end
        if stops:
            return
        end = text.find(after, end + 1) if end < len(text) else -1


class Macro:
    """A parameter that a platform fills in: the macro itself, or what it becomes."""

    def __init__(self, table: Mapping[str, Any], codec: Codec) -> None:
        self.macro: str = table["macro"]
        self.expands: str | None = table.get("expands")
        self.codec = codec
        self.pattern = codec.automaton(table.get("dfa"))
        self.shown = table.get("pattern")

    def read(self, text: str, *, loosely: bool = False) -> list[dict[str, Any]]:
        """Every reading: `{}` for a value, `{"format", "fields"}` for a name, `{"macro"}` if unexpanded."""
        if text == self.macro:
            return [{"macro": text}]
        if self.expands is not None and self.expands in self.codec.table["contracts"]:
            readings = self.codec.contract(self.expands).read_name(text, loosely=loosely)
            return [
                {"format": self.expands, "fields": present(r["fields"]), "notes": r["notes"]}
                for r in readings
            ]
        return [{}] if self.pattern is not None and self.pattern.accepts(text) else []

    def expected(self) -> str:
        """What belongs here, in words."""
        what = f"a name of {self.expands}" if self.expands else f"what it becomes: {self.shown}"
        return f"{self.macro}, or {what}"


def present(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without those that are absent."""
    return {name: value for name, value in values.items() if value is not None}


class Form:
    """One way in which a contract is written: parameter to template or macro, in the order of the link."""

    def __init__(self, contract: Contract, platform: str | None, table: Mapping[str, Any]) -> None:
        self.contract = contract
        self.platform = platform
        self.legacy: bool = table.get("legacy", False)
        self.loose = frozenset(table.get("loose", ()))
        self.templates: dict[str, Template] = {}
        self.macros: dict[str, Macro] = {}
        self.keys: list[str] = list(table["params"])
        self.known = frozenset(self.keys)
        for key, part in table["params"].items():
            if "macro" in part:
                self.macros[key] = Macro(part, contract.codec)
            else:
                self.templates[key] = contract.template(part)
        self.names = list(
            dict.fromkeys(name for template in self.templates.values() for name in template.names)
        )
        self.macro_keys = list(self.macros)
        self.combinations = [
            ([names.index(name) for name in names if name in self.names], names, rows)
            for names, rows in contract.combinations
        ]
        self._plan = [(key, *self._planned(key)) for key in self.keys]

    def _planned(self, key: str) -> tuple[int, Any, bool]:
        """How a parameter is read quickly: by comparison, by one field, by its template, or as a macro."""
        if key in self.macros:
            return _MACRO, self.macros[key], False
        template = self.templates[key]
        before = self.keys[: self.keys.index(key)]
        shared = any(
            name in self.templates[k].names for k in before if k in self.templates for name in template.names
        )
        if template.constant is not None:
            return _CONSTANT, template.constant, shared
        if template.sole is not None and not template.marks:
            return _SOLE, template.fields[template.sole], shared
        return _TEMPLATE, template, shared

    def mixed(self, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """The allowed combination that the values break; None where they break none."""
        for places, names, rows in self.combinations:
            if not places:
                continue
            spelled = [ABSENT if values.get(names[p]) is None else str(values[names[p]]) for p in places]
            kept = rows
            for place, text in zip(places, spelled):  # noqa: B905 -- same length, and hot
                kept = [row for row in kept if row[place] is None or text in row[place]]
            if kept:
                continue
            shown = ", ".join([f"{names[place]} {text}" for place, text in zip(places, spelled, strict=True)])
            refused = problem("combination", names[places[-1]], shown, _allowed(places, names, rows, spelled))
            refused["fields"] = [names[place] for place in places]
            return refused
        return None

    def build(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters for these values. See `Codec.build`."""
        params, notes, problems = self.params(fields)
        return {
            "ok": not problems,
            "format": self.contract.id,
            "platform": self.platform,
            "params": params,
            "macros": self.macro_keys,
            "notes": notes,
            "problems": problems,
        }

    def params(
        self, fields: Mapping[str, Any]
    ) -> tuple[list[tuple[str, str]], list[dict[str, Any]], list[dict[str, Any]]]:
        """Parameters in order, notes and problems; no parameters where there are problems."""
        contract = self.contract
        notes: list[dict[str, Any]] = []
        problems: list[dict[str, Any]] = []
        written: dict[str, str | None] = {}
        if not fields.keys() <= contract.fields.keys():
            problems += contract.strangers(fields)
        for name in self.names:
            raw = fields.get(name)
            if raw is None or raw == "":
                field = contract.fields[name]
                needed = name in contract.required
                written[name] = field.fixed if needed else None
                if needed and field.fixed is None:
                    problems.append(problem("field-missing", name, None, field.expected()))
                continue
            memory = contract.written[name]
            result: Any = memory.get(raw) if raw.__class__ is str else None
            if result is None:
                result = contract.spelling(name, raw)
                if len(memory) > MEMORY:
                    memory.clear()
                if raw.__class__ is str:
                    memory[raw] = result
            written[name] = result[0]
            if result[1] is not None:
                notes.append(result[1])
            if result[2] is not None:
                problems.append(result[2])
        params: list[tuple[str, str]] = []
        if problems:
            return params, notes, problems
        for key in self.keys:
            macro = self.macros.get(key)
            built = macro.macro if macro is not None else self.templates[key].build(written)
            if built is None:
                problems.append(_together(self.templates[key], written))
            elif built:
                params.append((key, built))
        mixed = self.mixed(written) if self.combinations else None
        if mixed is not None:
            problems.append(mixed)
        return [] if problems else params, notes, problems

    def read(self, params: Mapping[str, str], *, loosely: bool = False) -> list[dict[str, Any]]:
        """Every reading of a link's parameters; parameters that the form does not know are not looked at."""
        states: list[tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]] = [({}, [], {})]
        for key, kind, part, shared in self._plan:
            text = params.get(key, "")
            if kind == _CONSTANT and text == part:
                continue
            if kind == _SOLE and len(states) == 1:
                value = part.memory.get(text)
                if value is None:
                    value = part.read(text)
                if value is not None:
                    values = states[0][0]
                    if shared and values.get(part.name, value) != value:
                        return []
                    values[part.name] = value
                    continue
            elif kind == _TEMPLATE and len(states) == 1:
                readings = part.read(text)
                if len(readings) == 1:
                    values, more = states[0][0], readings[0][0]
                    if shared and any(name in values and values[name] != v for name, v in more.items()):
                        return []
                    values.update(more)
                    continue
            states = self._further(states, key, text, absent=key not in params, loosely=loosely)
            if not states:
                return []
        if self.combinations:
            states = [state for state in states if self.mixed(state[0]) is None]
        return [
            {"format": self.contract.id, "platform": self.platform, "fields": v, "notes": n, "expanded": e}
            for v, n, e in states[:MAX_READINGS]
        ]

    def _further(
        self, states: list[tuple[Any, Any, Any]], key: str, text: str, *, absent: bool, loosely: bool
    ) -> list[tuple[Any, Any, Any]]:
        """The states after one more parameter."""
        macro = self.macros.get(key)
        if macro is not None:
            seen = macro.read(text, loosely=loosely)
            return [(v, n + s.get("notes", []), {**e, key: s}) for v, n, e in states for s in seen][
                :MAX_READINGS
            ]
        if absent and key in self.loose:
            return states
        template = self.templates[key]
        if template.constant is not None:
            if not loosely or fold(text) != template.constant:
                return []
            note = problem("case", None, text, template.constant, template.constant)
            note["right"], note["param"] = template.constant, key
            return [(v, [*n, note], e) for v, n, e in states]
        merged: list[tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]] = []
        for values, notes, expanded in states:
            for more, extra in template.read(text, loosely=loosely):
                if all(name not in values or values[name] == value for name, value in more.items()):
                    marked = [note if "param" in note else {**note, "param": key} for note in extra]
                    merged.append(({**values, **more}, notes + marked, expanded))
        return merged[:MAX_READINGS]


def _allowed(places: list[int], names: list[str], rows: list[Any], spelled: list[str]) -> str:
    head = [row for row in rows if row[places[0]] is None or spelled[0] in row[places[0]]]
    lines: list[str] = []
    for row in (head or rows)[:4]:
        parts = [f"{names[p]} {'any' if row[p] is None else ' or '.join(sorted(row[p])[:6])}" for p in places]
        lines.append(", ".join(parts))
    return "; or ".join(lines)


def _together(template: Template, written: Mapping[str, str | None]) -> dict[str, Any]:
    absent = [name for name in template.names if written.get(name) is None and name not in template.marks]
    expected = f"a value, or none for the others of its part of {template.text}"
    return problem("fields-together", absent[0], None, expected)


def unknown(name: str, value: Any, known: Mapping[str, Any]) -> dict[str, Any]:
    """The problem of a field that the contract does not have."""
    return problem("field-unknown", name, value, "one of " + ", ".join(known), nearest(name, list(known)))
