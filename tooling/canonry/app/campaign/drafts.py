"""Bulk sheets that are about to be uploaded, held against the plan, cell by cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from canonry.app.campaign.issues import Issue
from canonry.app.campaign.rehearsal import Rehearsal
from canonry.app.campaign.sheets import bulk_columns, bulk_rows
from canonry.naming.codec import split, unquote
from canonry.naming.links import sentence
from canonry.naming.suggest import nearest

if TYPE_CHECKING:
    from canonry.app.campaign.objects import Item
    from canonry.app.links import Book
    from canonry.catalogue.model import Catalogue

_ROUNDED: Final = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+\Z")
_LEAST: Final = 2
"""Headings that a sheet must share with a platform's layout, or nobody can tell what it is."""
_SHOWN: Final = 3
_DAY_FORMS: Final = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y")


def compare(
    name: str, rows: Iterable[Sequence[Any]], catalogue: Catalogue, book: Book, rehearsal: Rehearsal
) -> None:
    """Adds what is wrong in one sheet to the rehearsal, and counts its rows."""
    counts = rehearsal.drafts or {"files": [], "rows": 0, "right": 0}
    rehearsal.drafts = counts
    lines = iter(rows)
    head = next((row for row in lines if any(_plain(cell) for cell in row)), None)
    if head is None:
        return
    headings = [_plain(cell) for cell in head]
    found = _platform(catalogue, rehearsal, headings)
    if found is None:
        message = (
            f"{name}: the columns are none of a platform of this campaign: "
            f"{', '.join(filter(None, headings[:6]))}"
        )
        _issue(rehearsal, "unknown", message, "a sheet in the layout that campaign build -o writes", "")
        return
    sheet = _Sheet(name, found, catalogue, book, rehearsal, headings)
    counts["files"].append(name)
    for number, row in enumerate(lines, 2):
        cells = [_cell(cell) for cell in row]
        if any(cells):
            counts["rows"] += 1
            counts["right"] += sheet.row(number, cells)
    sheet.end()


def _platform(catalogue: Catalogue, rehearsal: Rehearsal, headings: Sequence[str]) -> str | None:
    """The platform of the campaign whose layout has most of the headings."""
    known = {heading.casefold() for heading in headings}
    best: tuple[int, str | None] = (0, None)
    for platform in dict.fromkeys(item.platform for item in rehearsal.objects.items if item.platform):
        columns = bulk_columns(catalogue.platforms[platform])
        shared = sum(heading.casefold() in known for heading, _ in columns)
        named = any(
            h.casefold() in known for h, holds in columns if holds.startswith(("name:", "link", "paste"))
        )
        if named and shared >= _LEAST and shared > best[0]:
            best = shared, platform
    return best[1]


@dataclass
class _Sheet:
    name: str
    platform: str
    catalogue: Catalogue
    book: Book
    rehearsal: Rehearsal
    headings: list[str]
    _planned: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    _met: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        about = self.catalogue.platforms[self.platform]
        columns = bulk_columns(about)
        by_heading = {heading.casefold(): (place, holds) for place, (heading, holds) in enumerate(columns)}
        self.places: list[tuple[int, int, str, str]] = []
        strange = []
        for place, heading in enumerate(self.headings):
            if heading.casefold() in by_heading:
                there, holds = by_heading[heading.casefold()]
                self.places.append((place, there, holds, heading))
            elif heading:
                strange.append(heading)
        self._items: Sequence[Item] = [i for i in self.rehearsal.objects.items if i.platform == self.platform]
        rows = bulk_rows(self.catalogue, self.rehearsal.objects, self.platform, self._items)
        next(rows)
        self._names = [there for _, there, holds, _ in self.places if holds.startswith("name:")]
        self._columns = columns
        for row in rows:
            self._planned.setdefault(self._key(row), []).append("\0".join(row))
        self._rows = {key: [text.split("\0") for text in texts] for key, texts in self._planned.items()}
        self.owner = self._owner()
        for heading in strange:
            near = nearest(heading, [h for h, _ in columns])
            if near and near.casefold() not in {h.casefold() for h in self.headings}:
                message = f"{self.name}: the column {heading!r} is not looked at; {near!r} is missing"
                self._say("warning", message, f"the heading {near!r}")

    def _key(self, planned: Sequence[str]) -> tuple[str, ...]:
        return tuple([planned[there] for there in self._names])

    def _owner(self) -> str:
        campaign = self.rehearsal.objects.campaign
        numbers = sorted({item.channel for item in self._items})
        return (campaign.channels[numbers[0]].owner if numbers else None) or campaign.owner

    def _channels(self) -> frozenset[int]:
        return frozenset(item.channel for item in self._items)

    def row(self, number: int, cells: Sequence[str]) -> bool:
        """Whether a row says what the plan says."""
        where = f"{self.name}, row {number}"
        before = len(self.rehearsal.issues)
        for place, heading in enumerate(self.headings):
            text = cells[place] if place < len(cells) else ""
            if _ROUNDED.match(text):
                self._say(
                    "blocker",
                    f"{where}: {heading} {text} was rounded by the spreadsheet",
                    "the number as text",
                )
        given = {there: cells[place] if place < len(cells) else "" for place, there, _, _ in self.places}
        key = tuple([given[there] for there in self._names])
        if key not in self._rows:
            self._misnamed(where, given)
            return False
        self._met[key] += 1
        fitting = self._rows[key]
        for _, there, holds, heading in self.places:
            if there in self._names or holds.startswith("="):
                continue
            wanted = list(dict.fromkeys(row[there] for row in fitting))
            if not any(_alike(holds, given[there], each) for each in wanted):
                self._differs(where, heading, holds, given[there], wanted)
        return len(self.rehearsal.issues) == before

    def _misnamed(self, where: str, given: Mapping[int, str]) -> None:
        """Which of a row's names is none of the plan, and what it should be."""
        for there in self._names:
            name = given[there]
            planned = list(dict.fromkeys(key[self._names.index(there)] for key in self._rows))
            if name in planned:
                continue
            heading, holds = self._columns[there]
            if not name:
                self._say("blocker", f"{where}: {heading} is empty", f"one of {_listed(planned)}")
                return
            level = holds.removeprefix("name:")
            read = self.book.whole().read_name("objects", name, platform=self.platform, level=level)
            near = nearest(name, planned) or planned[0]
            if read["status"] == "right":
                message = f"{where}: {heading} {name!r} is a name of ours, and not of this plan"
            else:
                reasons = [*read["rejections"], *read["notes"]]
                why = f": {sentence(reasons[0], read['format'] or '')}" if reasons else ""
                message = f"{where}: {heading} {name!r} is not as planned{why}"
            self._say("blocker", message, f"{near!r}" if near else "a name of the plan")
            return
        names = ", ".join(repr(given[there]) for there in self._names)
        self._say(
            "blocker", f"{where}: the plan does not put {names} together", "the rows of campaign build -o"
        )

    def _differs(self, where: str, heading: str, holds: str, text: str, wanted: Sequence[str]) -> None:
        planned = _listed(wanted)
        if holds in ("paste", "link"):
            self._say("blocker", f"{where}: {heading} {self._told(text)}", f"{planned}")
        elif not text:
            self._say("blocker", f"{where}: {heading} is empty", planned)
        elif holds in ("audience", "exclusions", "goal", "landing", "start", "end"):
            self._say("blocker", f"{where}: {heading} is {text!r}", planned)
        elif text:
            self._say("warning", f"{where}: {heading} is {text!r}", planned)

    def _told(self, text: str) -> str:
        """What is wrong with a link or a suffix."""
        if not text:
            return "is empty"
        _, pairs, _ = split(text if "://" in text else f"https://link.invalid/?{text}")
        params = {unquote(key) or key: unquote(value) or value for key, value in pairs}
        read = self.book.whole().read_params(params)
        if read["status"] == "rejected":
            reasons = read["rejections"]
            return (
                f"does not read: {sentence(reasons[0], read['format'] or '')}"
                if reasons
                else "carries no tags of ours"
            )
        campaign = read["fields"].get("campaign_id")
        if campaign not in (None, self.rehearsal.objects.key):
            return f"belongs to the campaign {campaign}"
        return "is not the planned one"

    def end(self) -> None:
        """What the plan has and the sheet has not."""
        missing = [key for key in self._rows if not self._met[key]]
        if missing:
            shown = "; ".join(" > ".join(filter(None, key)) for key in missing[:_SHOWN])
            number = len(missing)
            message = (
                f"{self.name}: {number:,} planned object{'s are' if number > 1 else ' is'} not in "
                f"the sheet: {shown}"
            )
            self._say("blocker", message, "the rows of campaign build -o")

    def _say(self, weight: Any, message: str, missing: str) -> None:
        _issue(self.rehearsal, weight, message, missing, self.owner, self._channels())


def _issue(
    rehearsal: Rehearsal,
    weight: Any,
    message: str,
    missing: str,
    owner: str,
    channels: frozenset[int] = frozenset(),
) -> None:
    campaign = rehearsal.objects.campaign
    issue = Issue("drafts", weight, message, missing, owner or campaign.owner, channels)
    if issue not in rehearsal.issues:
        rehearsal.issues.append(issue)


def _listed(values: Sequence[str]) -> str:
    shown = " or ".join(repr(value) for value in values[:_SHOWN])
    return shown + (f", and {len(values) - _SHOWN} more" if len(values) > _SHOWN else "")


def _alike(holds: str, text: str, wanted: str) -> bool:
    if holds in ("audience", "exclusions"):
        return _parts(text) == _parts(wanted)
    if holds in ("start", "end"):
        return _day(text) == wanted
    if holds == "landing":
        return text.rstrip("/") == wanted.rstrip("/")
    return text == wanted


def _parts(text: str) -> set[str]:
    return {part.strip() for part in re.split(r"[;,\n]", text) if part.strip()}


def _day(text: str) -> str:
    """The day of a cell; American and European orders are told apart only where one of them is no day."""
    day = text.partition(" ")[0].partition("T")[0]
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(day, form).date().isoformat()  # noqa: DTZ007  a day
        except ValueError:
            continue
    return text


def _plain(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _cell(cell: Any) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    return _plain(cell)
