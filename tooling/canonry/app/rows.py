"""The short way from a row's cells to a query or a name, for rows at which nothing is wrong.

A form is asked once for every set of fields that are present, with marks in place of values, and what it
writes becomes a pattern; further rows are one formatting each. Whatever is not plainly right, an alias or a
missing field, is left to the form itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from canonry.naming.runtime.text import UNRESERVED

if TYPE_CHECKING:
    from canonry.naming.runtime.forms import Form

_MEMORY: Final = 20_000
_MARK: Final = "\0"

Fill: TypeAlias = Callable[..., str]


class Pattern(NamedTuple):
    """What a form writes for one set of present fields: all of it, and the values that make the channel."""

    text: Fill
    source: Fill
    medium: Fill
    campaign: Fill


class Rows:
    """One form's rows. `columns`: places in a row and the fields in them; `fixed` holds for empty cells."""

    def __init__(self, form: Form, columns: Sequence[tuple[int, str]], fixed: Mapping[str, Any]) -> None:
        self.form = form
        self.contract = form.contract
        self.names = list(form.names)
        places = {name: place for place, name in columns}
        self.last = max(places.values(), default=-1)
        self._plan: list[tuple[int, dict[str, str], str | None, str]] = [
            (places.get(name, -1), {}, self._fixed(name, fixed), name) for name in self.names
        ]
        self._patterns: dict[tuple[bool, ...], Pattern | None] = {}
        self._mixed: dict[tuple[str, ...], bool] = {}
        mixing = [name for names, _ in self.contract.combinations for name in names]
        self._mixing = [self.names.index(name) for name in dict.fromkeys(mixing) if name in self.names]

    def _fixed(self, name: str, fixed: Mapping[str, Any]) -> str | None:
        """The spelling of what an empty cell stands for; empty where that is nothing, None where unclear."""
        raw = fixed.get(name)
        if raw is None or raw == "":
            return self.contract.fields[name].fixed if name in self.contract.required else ""
        return self._spelt(name, raw)

    def _spelt(self, name: str, raw: Any) -> str | None:
        """The spelling of a value that is right as it stands and needs no percent-encoding."""
        text, note, problem = self.contract.spelling(name, raw)
        if note is not None or problem is not None or text is None or text.strip(UNRESERVED):
            return None
        return text

    def text(self, cells: Sequence[Any]) -> tuple[Pattern, list[str]] | None:
        """A pattern and the values that fill it; None where the long way has to look."""
        if len(cells) <= self.last:
            return None
        values: list[str] = []
        for place, memory, fixed, name in self._plan:
            cell = cells[place] if place >= 0 else None
            if not cell:
                if fixed is None:
                    return None
                values.append(fixed)
                continue
            text = memory.get(cell)
            if text is None:
                if cell.__class__ is not str:
                    return None
                text = self._spelt(name, cell)
                if text is None:
                    return None
                if len(memory) > _MEMORY:
                    memory.clear()
                memory[cell] = text
            values.append(text)
        present = tuple(map(bool, values))
        pattern = self._patterns.get(present)
        if pattern is None:
            pattern = self._patterns[present] = self._pattern(present)
            if pattern is None:
                return None
        if self._mixing and not self._fits(values):
            return None
        return pattern, values

    def _fits(self, values: Sequence[str]) -> bool:
        """Whether the values belong to an allowed combination."""
        key = tuple([values[n] for n in self._mixing])
        fits = self._mixed.get(key)
        if fits is None:
            written = {name: value or None for name, value in zip(self.names, values, strict=True)}
            if len(self._mixed) > _MEMORY:
                self._mixed.clear()
            fits = self._mixed[key] = self.form.mixed(written) is None
        return fits

    def _pattern(self, present: Sequence[bool]) -> Pattern | None:
        """What the form writes with a mark in place of each value, as something to fill in."""
        marked = {
            name: f"{_MARK}{n}{_MARK}" if there else None
            for n, (name, there) in enumerate(zip(self.names, present, strict=True))
        }
        written: dict[str, str] = {}
        for key in self.form.keys:
            macro = self.form.macros.get(key)
            built = macro.macro if macro is not None else self.form.templates[key].build(marked)
            if built is None or key.strip(UNRESERVED):
                return None
            if built:
                written[key] = _pattern_text(built)
        pieces = (
            [written["name"]] if self.contract.kind != "utm" else [f"{k}={v}" for k, v in written.items()]
        )
        parts = [written.get(key, "").format for key in ("utm_source", "utm_medium", "utm_campaign")]
        return Pattern("&".join(pieces).format, *parts)


def _pattern_text(built: str) -> str:
    """A template's text for `str.format`, with numbered places where the marks stand."""
    pieces = built.split(_MARK)
    for n, piece in enumerate(pieces):
        pieces[n] = f"{{{piece}}}" if n % 2 else piece.replace("{", "{{").replace("}", "}}")
    return "".join(pieces)
