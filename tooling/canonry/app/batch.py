"""Rows of a sheet to links or names: columns by their headings, a plan per kind of row, a result per row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from canonry.app import links
from canonry.app.links import Ask, Book, Target
from canonry.app.rows import Pattern, Rows
from canonry.kernel.errors import UsageError
from canonry.naming.links import sentence
from canonry.naming.runtime.text import fold, join, nearest

if TYPE_CHECKING:
    from canonry.app.landing import Landing, Pages
    from canonry.naming.runtime.forms import Form

FORMAT: Final = "format"
PLATFORM: Final = "platform"
CAMPAIGN: Final = "campaign"
URL: Final = "url"

_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    FORMAT: ("format", "utm_format", "name_format"),
    PLATFORM: ("platform", "network"),
    CAMPAIGN: ("campaign", "campaign_slug"),
    URL: ("url", "landing_url", "landing_page", "final_url", "destination_url", "destination", "page"),
}
_ROUNDED: Final = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+\Z")
_EXACT: Final = 10**15
_MEMORY: Final = 20_000


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for rows that do not say otherwise."""

    kind: str
    format: str | None = None
    platform: str | None = None
    campaign: str | None = None
    url: str | None = None
    way: str | None = None
    macros: bool | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """How rows of one format, platform and campaign are built."""

    target: Target
    static: Form
    macros: Form | None
    columns: list[tuple[int, str, str]]
    """Place of a column, its field, and the field's type."""
    only_static: list[int]
    """Columns that macros leave no room for: a value in one asks for the form without macros."""
    fixed: dict[str, Any]
    url: str | None
    short: Rows
    short_macros: Rows | None


@dataclass(slots=True)
class Counts:
    """What became of the rows."""

    rows: int = 0
    built: int = 0
    failed: int = 0
    noted: int = 0
    blank: int = 0
    first_errors: list[tuple[int, str]] = field(default_factory=list)


class Batch:
    """One sheet's rows to results. `results` names the columns that `row` returns."""

    def __init__(self, book: Book, header: Sequence[str], defaults: Defaults) -> None:
        self.book = book
        self.defaults = defaults
        self.header = [_heading(cell) for cell in header]
        self.counts = Counts()
        self.links = defaults.kind == "utm"
        self.results = ("link", "channel", "notes", "error") if self.links else ("name", "notes", "error")
        self.width = len(self.header)
        self._pages: Pages = book.pages()
        self._channels = book.channels() if self.links else None
        self._landings: dict[str, Landing] = {}
        self._plans: dict[tuple[str, str, str], Plan | str] = {}
        self._places = {role: self._place(role) for role in (FORMAT, PLATFORM, CAMPAIGN, URL)}
        self._key = (self._places[FORMAT], self._places[PLATFORM], self._places[CAMPAIGN])

    def _place(self, role: str) -> int:
        """The first column of a role; -1 where there is none."""
        return next((n for n, cell in enumerate(self.header) if cell in _HEADINGS[role]), -1)

    @property
    def understood(self) -> bool:
        """Whether any column says something that can be built with."""
        fields = links.field_names(self.book, self.defaults.kind)
        return any(place >= 0 for place in self._places.values()) or any(
            cell in fields for cell in self.header
        )

    def repeated(self) -> list[str]:
        """Headings that stand there twice and mean something, so that nobody can say which column counts."""
        fields = links.field_names(self.book, self.defaults.kind)
        roles = {name for names in _HEADINGS.values() for name in names}
        return [
            cell
            for n, cell in enumerate(self.header)
            if cell and cell in self.header[:n] and (cell in fields or cell in roles)
        ]

    def row(self, cells: Sequence[Any]) -> list[str]:
        """The results of one row, the error last; a blank row has none."""
        counts = self.counts
        counts.rows += 1
        width = len(cells)
        one, two, three = self._key
        key = (
            _plain(cells[one]) if 0 <= one < width else "",
            _plain(cells[two]) if 0 <= two < width else "",
            _plain(cells[three]) if 0 <= three < width else "",
        )
        plan = self._plans.get(key)
        if plan is None:
            if not any(cells):
                counts.blank += 1
                return [""] * len(self.results)
            plan = self._planned(*key)
            if len(self._plans) > _MEMORY:
                self._plans.clear()
            self._plans[key] = plan
        if isinstance(plan, str):
            return self._failed(plan, cells)
        if width <= self.width:
            macros = plan.short_macros
            if (
                macros is not None
                and plan.only_static
                and any(n < width and cells[n] for n in plan.only_static)
            ):
                macros = None
            written = (macros or plan.short).text(cells)
            if written is not None:
                results = self._quickly(plan, cells, written)
                if results is not None:
                    return results
        return self._built(plan, cells, width)

    def _quickly(
        self, plan: Plan, cells: Sequence[Any], written: tuple[Pattern, list[str]]
    ) -> list[str] | None:
        """The results of a row at which nothing is wrong, its landing page included; None for any other."""
        pattern, values = written
        text = pattern.text(*values)
        if not self.links:
            self.counts.built += 1
            return [text, "", ""]
        place = self._places[URL]
        page = (cells[place] if 0 <= place < len(cells) else None) or plan.url
        if page.__class__ is not str or self.defaults.way == "suffix":
            return None
        landing = self._landings.get(page)
        if landing is None:
            landing = self._look(page)
        if landing.problems or landing.notes:
            return None
        channel = self._decided(pattern.source(*values), pattern.medium(*values), pattern.campaign(*values))
        self.counts.built += 1
        before, after = landing.around
        return [f"{before}{text}{after}", channel, "", ""]

    def _decided(self, source: str, medium: str, campaign: str) -> str:
        """The channel of a link, at once where nothing in the campaign's name matters."""
        assert self._channels is not None  # noqa: S101  links have channels
        usual = self._channels.usual(source, medium)
        if usual is not None and campaign:
            folded = fold(campaign)
            for text in usual[0]:
                if text in folded:
                    break
            else:
                return str(usual[1]["channel"])
        return str(self._channels.decide(source, medium, campaign)["channel"])

    def _built(self, plan: Plan, cells: Sequence[Any], width: int) -> list[str]:
        fields = dict(plan.fixed)
        for place, name, sort in plan.columns:
            if place < width:
                value = cells[place]
                if value.__class__ is not str:
                    value = _text(value, sort)
                if value:
                    fields[name] = value if value[0] != " " and value[-1] != " " else value.strip()
        form = plan.static
        if plan.macros is not None and not any(n < width and cells[n] for n in plan.only_static):
            form = plan.macros
        params, notes, problems = form.params(fields)
        if problems or width > self.width:
            return self._failed(self._explained(plan, problems, cells), cells)
        if not self.links:
            self.counts.built += 1
            return [params[0][1], self._noted(notes, plan), ""]
        place = self._places[URL]
        page = (cells[place] if 0 <= place < width else None) or plan.url
        if page.__class__ is not str:
            page = "" if page is None else str(page)
        landing = self._landings.get(page)
        if landing is None:
            landing = self._look(page)
        if landing.problems:
            problem = landing.problems[0]
            return self._failed(f"{problem[1]}. Instead: {problem[2]}" if problem[2] else problem[1], cells)
        values = dict(params)
        channel = self._decided(
            values.get("utm_source", ""), values.get("utm_medium", ""), values.get("utm_campaign", "")
        )
        base = "" if self.defaults.way in ("suffix", "params") else landing.url
        link = join(base, params, form.macro_keys)
        self.counts.built += 1
        said = self._noted(notes, plan) if notes or landing.notes else ""
        if landing.notes:
            said = "; ".join(
                [*(note[1] for note in landing.notes), said] if said else [n[1] for n in landing.notes]
            )
        return [link if base else link[1:], channel, said, ""]

    def _look(self, page: str) -> Landing:
        landing = self._pages.look(page)
        if len(self._landings) > _MEMORY:
            self._landings.clear()
        self._landings[page] = landing
        return landing

    def _noted(self, notes: Sequence[Mapping[str, Any]], plan: Plan) -> str:
        if not notes:
            return ""
        self.counts.noted += 1
        return "; ".join(sentence(note, plan.target.format) for note in notes)

    def _failed(self, message: str, cells: Sequence[Any]) -> list[str]:
        if not any(cells):
            self.counts.blank += 1
            return [""] * len(self.results)
        self.counts.failed += 1
        if len(self.counts.first_errors) < 5:  # noqa: PLR2004  enough to see what is going on
            self.counts.first_errors.append((self.counts.rows + 1, message))
        return [*[""] * (len(self.results) - 1), message]

    def _explained(self, plan: Plan, problems: Iterable[Mapping[str, Any]], cells: Sequence[Any]) -> str:
        said = []
        if len(cells) > self.width:
            said.append(f"the row has {len(cells)} cells, the heading {self.width}")
        headings = dict.fromkeys(self.header)
        for problem in problems:
            name, found = problem["field"], problem["found"]
            if found and _ROUNDED.match(str(found)):
                said.append(f"{name}: a spreadsheet has rounded the number to {found}; type it as text")
                continue
            text = sentence(problem, plan.target.format)
            if problem["reason"] == "field-missing" and name not in headings:
                near = nearest(name, [cell for cell in headings if cell])
                text = f"{text}; the sheet has no column {name}" + (f" (is it {near}?)" if near else "")
            elif problem["nearest"]:
                text += f". Instead: {problem['nearest']}"
            said.append(text)
        return "; ".join(said)

    def _planned(self, word: str, platform: str, campaign: str) -> Plan | str:
        """A plan, or why there is none."""
        defaults = self.defaults
        where = platform or defaults.platform
        what = word or (platform if not defaults.format else None) or defaults.format
        if not what:
            return "which format? Add a column 'format' or 'platform', or say --use FORMAT"
        try:
            target = links.target(
                self.book,
                defaults.kind,
                what,
                platform=where or None,
                campaign=campaign or defaults.campaign,
                given=defaults.fields,
            )
        except Ask as question:
            listed = ", ".join(choice for choice, _ in question.choices[:12])
            return f"{question.message}: {listed}"
        except UsageError as error:
            return f"{error}; see {error.advice()}"
        contract = self.book.codec(target.format).contract(target.format)
        macros = None
        if defaults.macros is not False and target.platform in contract.forms:
            macros = contract.forms[target.platform]
        columns = [
            (n, cell, contract.fields[cell].spec.get("unit") or contract.fields[cell].spec["type"])
            for n, cell in enumerate(self.header)
            if cell in contract.fields
        ]
        fixed = {**target.fixed, **{k: v for k, v in defaults.fields.items() if k in contract.fields}}
        places = [(place, name) for place, name, _ in columns]
        only_static = [n for n, name, _ in columns if macros is not None and name not in macros.names]
        return Plan(
            target,
            contract.form(None),
            macros,
            columns,
            [] if defaults.macros else only_static,
            fixed,
            defaults.url or target.landing,
            Rows(contract.form(None), places, fixed),
            Rows(macros, places, fixed) if macros is not None else None,
        )


def _heading(cell: Any) -> str:
    return fold(str(cell or "").strip().lstrip("'")).replace(" ", "_").replace("-", "_").rstrip("*:")


def _plain(cell: Any) -> str:
    return cell.strip() if cell.__class__ is str else "" if cell is None else str(cell)


def _text(cell: Any, sort: str) -> str:
    """A workbook's number or date as it would be typed into a field of this type or unit."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < _EXACT:
            return str(int(cell))
        return f"{cell:.6E}" if abs(cell) >= _EXACT else str(cell)
    if isinstance(cell, int):
        return str(cell) if abs(cell) < _EXACT else f"{float(cell):.6E}"
    if isinstance(cell, datetime | date):
        day = cell.date() if isinstance(cell, datetime) else cell
        if sort == "month":
            return f"{day:%Y-%m}"
        if sort == "year":
            return str(day.year)
        if sort == "quarter":
            return f"{day.year}-Q{(day.month + 2) // 3}"
        return day.isoformat()
    if isinstance(cell, time):
        return cell.isoformat()
    return str(cell)
