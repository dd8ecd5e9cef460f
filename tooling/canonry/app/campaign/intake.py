"""From the sheets of a plan to a campaign's file. What a spreadsheet mangled is refused, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from canonry.app.campaign.sheets import (
    CAMPAIGN,
    CHANNEL_COLUMNS,
    CHANNELS,
    DECISION_COLUMNS,
    DECISIONS,
    PLAN_ROWS,
)
from canonry.naming.suggest import nearest

if TYPE_CHECKING:
    from canonry.app.links import Book

_LISTS: Final = frozenset(
    ("markets", "segments", "exclusions", "journey", "frozen", "platforms", "creatives", "sequence")
)
_DAYS: Final = frozenset(("start", "end"))
_PREFIX: Final = "field."
_ROUNDED: Final = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+\Z")
_EXACT: Final = 10**15
_EXCEL_ZERO: Final = date(1899, 12, 30)
_DAY_FORMS: Final = ("%Y-%m-%d", "%d.%m.%Y")
_MONTH_NAMES: Final = re.compile(
    r"(?:jan|feb|mrz|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]*[-. ][0-9]{2,4}\Z",
    re.IGNORECASE,
)


@dataclass
class Intake:
    """A plan that was read: the document, the id it names, and everything wrong with its cells."""

    id: str | None = None
    document: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def intake(
    sheets: Mapping[str, Iterable[Sequence[Any]]], book: Book, base: Mapping[str, Any] | None = None
) -> Intake:
    """The plan that some sheets hold. `base`: the file of the campaign as it stands, whose other keys stay.

    Sheets that are not the plan's own are not looked at: they are made from it.
    """
    return _Reader(book).read(sheets, base or {})


def named_id(rows: Iterable[Sequence[Any]]) -> str | None:
    """The registry id that the sheet `Campaign` names."""
    for row in rows:
        if len(row) > 1 and str(row[0]).strip().lower() == "id" and row[1]:
            return str(row[1]).strip().lower()
    return None


@dataclass
class _Reader:
    book: Book
    out: Intake = field(default_factory=Intake)

    def read(self, sheets: Mapping[str, Iterable[Sequence[Any]]], base: Mapping[str, Any]) -> Intake:
        found = {name.strip().lower(): name for name in sheets}
        document: dict[str, Any] = dict(base)
        if CAMPAIGN.lower() not in found:
            near = ", ".join(repr(name) for name in sheets) or "none"
            plain = not any(name.strip() for name in sheets)
            self._say(
                f"a plan is a workbook with a sheet {CAMPAIGN!r}; this is one table without a name"
                if plain
                else f"there is no sheet {CAMPAIGN!r}; sheets are {near}"
            )
            return self.out
        self._campaign(list(sheets[found[CAMPAIGN.lower()]]), document)
        if CHANNELS.lower() in found:
            rows = self._table(CHANNELS, list(sheets[found[CHANNELS.lower()]]), CHANNEL_COLUMNS, fields=True)
            document["channels"] = self._merged(rows, base.get("channels"))
        if DECISIONS.lower() in found:
            rows = self._table(DECISIONS, list(sheets[found[DECISIONS.lower()]]), DECISION_COLUMNS)
            if rows or "decisions" in document:
                document["decisions"] = rows
        if not document.get("channels"):
            self._say(f"sheet {CHANNELS}: the plan is empty, it names no channel")
        self.out.document = document
        return self.out

    def _merged(self, rows: list[dict[str, Any]], before: Any) -> list[dict[str, Any]]:
        """Rows with the keys that the sheet has no column for, where the channel is still the same."""
        known = before if isinstance(before, list) else []
        columns = {*CHANNEL_COLUMNS, "fields"}
        for number, row in enumerate(rows):
            old = known[number] if number < len(known) and isinstance(known[number], dict) else {}
            if old.get("format") == row.get("format"):
                row.update({key: value for key, value in old.items() if key not in columns})
        return rows

    def _campaign(self, rows: list[Sequence[Any]], document: dict[str, Any]) -> None:
        fields: dict[str, str] = {}
        said: set[str] = set()
        for number, row in enumerate(rows, 1):
            name = _plain(row[0]) if row else ""
            key = name.lower()
            if not name or (number == 1 and key == "what"):
                continue
            where = f"sheet {CAMPAIGN}, row {number}"
            cell = row[1] if len(row) > 1 else None
            if key in said:
                self._say(f"{where}: {name} stands there twice")
                continue
            said.add(key)
            if key == "id":
                self.out.id = (_plain(cell) or "").lower() or None
            elif key.startswith(_PREFIX):
                text = self._text(cell, where, key.removeprefix(_PREFIX))
                if text:
                    fields[key.removeprefix(_PREFIX)] = text
            elif key not in PLAN_ROWS:
                near = nearest(key, PLAN_ROWS)
                self._say(
                    f"{where}: nothing is called {name!r}" + (f"; did you mean {near!r}?" if near else "")
                )
            else:
                self._put(document, key, cell, where)
        if fields or "fields" in document:
            document["fields"] = fields
        if not said:
            self._say(f"sheet {CAMPAIGN} is empty")

    def _put(self, document: dict[str, Any], key: str, cell: Any, where: str) -> None:
        value: Any = self._day(cell, where) if key in _DAYS else self._text(cell, where, key)
        if key == "sequence":
            value = [self._step(line, where) for line in _lines(value)]
            value = [step for step in value if step]
        elif key in _LISTS:
            value = _lines(value)
        head, _, tail = key.partition(".")
        target = document
        if tail:
            target = document[head] = dict(document.get(head) or {})
            key = tail
        if value:
            target[key] = value
        else:
            target.pop(key, None)

    def _step(self, line: str, where: str) -> dict[str, str] | None:
        words = line.split()
        if len(words) != 2:  # noqa: PLR2004  stage and tier
            self._say(f"{where}: {line!r} is no step; write a funnel stage and a frequency tier, 'tof high'")
            return None
        return {"funnel_stage": words[0], "frequency_tier": words[1]}

    def _table(
        self, sheet: str, rows: list[Sequence[Any]], columns: Sequence[str], *, fields: bool = False
    ) -> list[dict[str, Any]]:
        if not rows:
            return []
        names: list[str] = []
        for cell in rows[0]:
            name = _plain(cell).lower()
            if name and name not in columns and not (fields and name.startswith(_PREFIX)):
                near = nearest(name, [*columns, *([_PREFIX] if fields else [])])
                advice = f"; did you mean {near!r}?" if near else f"; columns are {', '.join(columns)}"
                self._say(f"sheet {sheet}: nothing is called {name!r}{advice}")
            elif name and name in names:
                self._say(f"sheet {sheet}: the column {name!r} stands there twice")
            names.append(name)
        found: list[dict[str, Any]] = []
        for number, row in enumerate(rows[1:], 2):
            if not any(_plain(cell) for cell in row):
                continue
            found.append(self._row(names, row, f"sheet {sheet}, row {number}"))
        return found

    def _row(self, names: list[str], row: Sequence[Any], where: str) -> dict[str, Any]:
        entry: dict[str, Any] = {}
        inside: dict[str, str] = {}
        for name, cell in zip(names, row, strict=False):
            plain = name.removeprefix(_PREFIX)
            text = self._text(cell, where, plain)
            if not name or not text:
                continue
            if name.startswith(_PREFIX):
                inside[plain] = text
            else:
                entry[name] = _lines(text) if name in _LISTS else text
        if inside:
            entry["fields"] = inside
        return entry

    def _day(self, cell: Any, where: str) -> str:
        if isinstance(cell, datetime | date):
            return cell.isoformat()[:10]
        text = _plain(cell)
        for form in _DAY_FORMS:
            try:
                return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007  a day has no zone
            except ValueError:
                continue
        if text.isdigit() and 40_000 <= int(text) <= 60_000:  # noqa: PLR2004  the years 2009 to 2064
            day = (_EXCEL_ZERO + timedelta(days=int(text))).isoformat()
            self._say(f"{where}: {text} is a day as Excel counts them; write {day}, if that is the one")
        elif text:
            self._say(f"{where}: {text!r} is no day, write 2027-03-01")
        return ""

    def _text(self, cell: Any, where: str, name: str) -> str:
        """A cell as text. Dates become what the field takes; numbers that were rounded are refused."""
        if isinstance(cell, datetime | date):
            return self._period(cell.isoformat()[:10], name)
        if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
            cell = int(cell)
        text = _plain(cell)
        if _ROUNDED.match(text) or (isinstance(cell, int) and abs(cell) >= _EXACT):
            self._say(f"{where}: {text} was rounded by the spreadsheet; give the column the format Text")
            return ""
        if _MONTH_NAMES.match(text) and self._unit(name):
            self._say(
                f"{where}: {text!r} was made a date by the spreadsheet; write {name} as 2026-11, as Text"
            )
            return ""
        return text

    def _period(self, day: str, name: str) -> str:
        unit = self._unit(name)
        return day[:7] if unit == "month" else day[:4] if unit == "year" else day

    def _unit(self, name: str) -> str | None:
        """The period that a field of this name holds, where it holds one."""
        for contract in self.book.whole().table["contracts"].values():
            spec = contract["fields"].get(name)
            if spec is not None and spec["type"] == "date":
                return str(spec["unit"])
        return None

    def _say(self, text: str) -> None:
        self.out.problems.append(text)


def _plain(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _lines(text: str) -> list[str]:
    """A cell's entries: one per line, or separated by ; or ,"""
    return [part.strip() for part in re.split(r"[\n;,]", text) if part.strip()]
