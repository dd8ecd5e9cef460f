"""Builds many links of one form: the same answers as `Form.params`, remembering how each value is written."""

from __future__ import annotations

from .text import join, quote  # noqa: TID252 -- this folder is copied into generated clients
from .values import ABSENT, MEMORY  # noqa: TID252 -- as above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .codec import Contract  # noqa: TID252 -- as above


class Linker:
    """Links of one contract for one platform (None: the static form)."""

    def __init__(self, contract: Contract, platform: str | None = None) -> None:
        self.contract = contract
        self.form = contract.form(platform)
        self._known = contract.fields.keys()
        self._slots: list[tuple[str, dict[Any, str]]] = []
        for name in self.form.names:
            memory: dict[Any, str] = {}
            field = contract.fields[name]
            marked = any(name in template.marks for template in self.form.templates.values())
            absent = (ABSENT if marked else "") if name not in contract.required else field.fixed
            if absent is not None:
                memory[None] = memory[""] = quote(absent)
            self._slots.append((name, memory))
        templates = self.form.templates.values()
        optional = {name for template in templates for _, absent in template.shapes for name in absent}
        self._optional = [place for place, name in enumerate(self.form.names) if name in optional]
        self._queries: dict[tuple[bool, ...], tuple[str | None, list[int]]] = {}
        self._mixed: dict[tuple[str, ...], bool] = {}

    def _query(self, gone: tuple[bool, ...]) -> tuple[str | None, list[int]]:
        """The query as a format string, and what fills it; None where just these fields cannot be absent."""
        names = self.form.names
        absent = {names[place] for place, missing in zip(self._optional, gone) if missing}  # noqa: B905 -- hot
        pieces: list[str] = []
        order: list[str] = []
        for key in self.form.keys:
            macro = self.form.macros.get(key)
            head = quote(key).replace("%", "%%") + "="
            if macro is not None:
                pieces.append(head + macro.macro.replace("%", "%%"))
                continue
            template = self.form.templates[key]
            fitting = [
                items
                for items, without in template.shapes
                if without == frozenset(absent.intersection(template.names))
            ]
            if not fitting:
                return None, []
            items = fitting[0]
            if items != [""]:
                pieces.append(head + "%s".join([quote(item).replace("%", "%%") for item in items[::2]]))
                order += items[1::2]
        return "&".join(pieces), [names.index(name) for name in order]

    def link(
        self, base: str, fields: Mapping[str, Any]
    ) -> tuple[str | None, list[dict[str, Any]], list[dict[str, Any]]]:
        """The link on a base URL, notes and problems; None where there are problems.

        Raises `ValueError` where the base carries one of the parameters already.
        """
        if "?" in base or "#" in base or not fields.keys() <= self._known:
            return self._slowly(base, fields)
        written = list[str]()
        for name, memory in self._slots:
            raw = fields.get(name)
            text = memory.get(raw) if raw is None or raw.__class__ is str else None
            if text is None:
                text = self._remembered(name, raw, memory)
                if text is None:
                    return self._slowly(base, fields)
            written.append(text)
        if self.form.combinations and not self._allowed(written):
            return self._slowly(base, fields)
        gone = tuple([written[place] == "" for place in self._optional])
        found = self._queries.get(gone)
        if found is None:
            found = self._queries[gone] = self._query(gone)
        query, places = found
        if query is None:
            return self._slowly(base, fields)
        return f"{base}?{query % tuple([written[place] for place in places])}", [], []

    def _remembered(self, name: str, raw: Any, memory: dict[Any, str]) -> str | None:
        """How a value is written in a link; None where there is anything to say about it."""
        if raw.__class__ is not str:
            return None
        text, note, refused = self.contract.spelling(name, raw)
        if text is None or note is not None or refused is not None:
            return None
        if len(memory) > MEMORY:
            kept = {key: memory[key] for key in (None, "") if key in memory}
            memory.clear()
            memory.update(kept)
        memory[raw] = quote(text)
        return memory[raw]

    def _allowed(self, written: list[str]) -> bool:
        """Whether the values go together; asked once per set of values."""
        known = {name: written[place] or None for place, (name, _) in enumerate(self._slots)}
        key = tuple(
            [known[names[place]] or "" for places, names, _ in self.form.combinations for place in places]
        )
        found = self._mixed.get(key)
        if found is None:
            if len(self._mixed) > MEMORY:
                self._mixed.clear()
            found = self._mixed[key] = self.form.mixed(known) is None
        return found

    def _slowly(
        self, base: str, fields: Mapping[str, Any]
    ) -> tuple[str | None, list[dict[str, Any]], list[dict[str, Any]]]:
        params, notes, problems = self.form.params(fields)
        return (None if problems else join(base, params, self.form.macro_keys)), notes, problems
