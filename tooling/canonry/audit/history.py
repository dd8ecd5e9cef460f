"""What earlier runs found: new, recurring since when, fixed; names and volumes to compare with.

The record is JSON lines, sorted, one per run, finding, name and event: they can be committed and merge by
line. `canonry.adapters.ledger` keeps them on disk.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json, still

PATH: Final = "registry/history.jsonl"
KEPT: Final = 60
"""Runs that are kept: more than a year of weeks."""


class HistoryLineError(CanonryError):
    """A line of the history is none."""

    hint = "Take the line out, or restore the file from git; every line stands for itself"

    def __init__(self, line: int, *, conflict: bool = False) -> None:
        super().__init__(line)
        self.line = line
        self.conflict = conflict

    def advice(self) -> str:
        """What to do with the line."""
        if self.conflict:
            return "Keep the lines of both sides and take the marks out; days on one finding are united"
        return self.hint

    def __str__(self) -> str:
        if self.conflict:
            return f"{PATH}:{self.line} is a mark of an unfinished merge"
        return f"{PATH}:{self.line} is no line of an audit's history"


@dataclass
class History:
    """What earlier runs found. Days are ISO texts; a run on a day replaces an earlier one on it."""

    runs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Day to what the run said on its first page."""
    findings: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Fingerprint to rule, class, owner, source, the days on which it was found and those on which a run
    that looked for it did not find it (`fixed`)."""
    names: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Object to the digest of its name, whether the name was right, the last day and the first (`since`), and
    the name that it had before (`was`)."""
    volumes: dict[str, dict[str, float]] = field(default_factory=dict)
    """Event to its rows by day of run."""
    others: set[str] = field(default_factory=set)
    """Lines of kinds that are not known here: what a later version keeps is kept."""

    def before(self, day: date) -> str | None:
        """The latest run before a day."""
        earlier = [run for run in self.runs if run < day.isoformat()]
        return max(earlier, default=None)

    def first_found(self, fingerprint: str, day: date) -> str | None:
        """Since when a finding has been there; None where it is new, or was fixed in between.

        A run that did not read what it is about (a source that failed, an object that delivered nothing)
        neither found nor fixed it.
        """
        entry = self.findings.get(fingerprint)
        return self._since(entry, self._before(day)) if entry is not None else None

    def open_before(self, day: date) -> frozenset[str]:
        """The fingerprints of what earlier runs found and no run since has seen fixed."""
        runs = self._before(day)
        return frozenset(key for key, entry in self.findings.items() if self._since(entry, runs) is not None)

    def _before(self, day: date) -> list[str]:
        """Earlier runs, the latest first."""
        return sorted((run for run in self.runs if run < day.isoformat()), reverse=True)

    def _since(self, entry: Mapping[str, Any], runs: Iterable[str]) -> str | None:
        since = None
        for run in runs:
            if run in entry["days"]:
                since = run
            elif self._mended(entry, run):
                break
        return since

    def _mended(self, entry: Mapping[str, Any], run: str) -> bool:
        """Whether a run that did not find something had looked for it."""
        source = entry.get("source")
        if not source:
            return True  # what is found of the whole is looked for in every run
        if "fixed" in entry:
            return run in entry["fixed"]
        sources = self.runs[run].get("sources")  # a record from before `fixed` was kept
        if not isinstance(sources, dict):
            return True
        return isinstance(told := sources.get(source), dict) and told.get("state", "complete") == "complete"

    def last_seen(self, key: str) -> str | None:
        """The last run in which an event or a user property came."""
        return max(self.volumes.get(key, {}), default=None)

    def volumes_before(self, key: str, day: date) -> list[tuple[str, float]]:
        """Earlier volumes of an event, each with the day of its run."""
        return [(d, v) for d, v in sorted(self.volumes.get(key, {}).items()) if d < day.isoformat()]

    def add(
        self,
        day: date,
        run: Mapping[str, Json],
        findings: Iterable[tuple[str, Mapping[str, Json]]],
        names: Iterable[tuple[str, tuple[str, bool]]],
        volumes: Mapping[str, float],
        fixed: Iterable[str] = (),
    ) -> None:
        """Enters one run; `fixed` are the fingerprints that it looked for and did not find.

        An earlier run on the day gives way, but for what it found in sources that this one did not take.
        """
        text, sources = day.isoformat(), run.get("sources")
        taken = frozenset(sources) if isinstance(sources, dict) else None
        for entry in self.findings.values():
            if taken is not None and entry.get("source") and entry["source"] not in taken:
                continue
            for key in ("days", "fixed"):
                if text in entry.get(key, ()):
                    entry[key] = [d for d in entry[key] if d != text]
        self.runs[text] = dict(run)
        for fingerprint, about in findings:
            entry = self.findings.setdefault(fingerprint, {"days": [], "fixed": []})
            entry.update(about)
            entry["days"] = sorted({*entry["days"], text})
        for fingerprint in fixed:
            entry = self.findings.setdefault(fingerprint, {"days": []})
            entry["fixed"] = sorted({*entry.get("fixed", ()), text})
        for key, (digest, right) in names:
            self.names[key] = self._named(key, digest, text, right=right)
        for key, rows in volumes.items():
            self.volumes.setdefault(key, {})[text] = rows
        self._forget()

    def _named(self, key: str, digest: str, day: str, *, right: bool) -> dict[str, Any]:
        """An object's name, with the one before it."""
        entry: dict[str, Any] = {"digest": digest, "right": right, "day": day, "since": day}
        known = self.name_before(key, day)
        if known is None:
            return entry
        if known["digest"] != digest:
            return {**entry, "was": {name: known[name] for name in ("digest", "right", "day")}}
        entry["since"] = known.get("since", known["day"])
        return {**entry, "was": known["was"]} if "was" in known else entry

    def name_before(self, key: str, day: str) -> Mapping[str, Any] | None:
        """What an object was called before a day: a run on that day may be made again."""
        known = self.names.get(key)
        if known is None or str(known.get("since", known["day"])) < day:
            return known
        was: Mapping[str, Any] | None = known.get("was")
        return was

    def renamed(self, key: str) -> bool:
        """Whether an object was ever called otherwise."""
        return "was" in self.names.get(key, {})

    def _forget(self) -> None:
        gone = set(sorted(self.runs)[:-KEPT])
        if gone:
            self.runs = {day: run for day, run in self.runs.items() if day not in gone}
            for entry in self.findings.values():
                for key in ("days", "fixed"):
                    if key in entry:
                        entry[key] = [day for day in entry[key] if day not in gone]
            for days in self.volumes.values():
                for day in gone:
                    days.pop(day, None)
            oldest = min(self.runs)
            self.names = {key: entry for key, entry in self.names.items() if str(entry["day"]) >= oldest}
            self.volumes = {key: days for key, days in self.volumes.items() if days}
        self.findings = {key: entry for key, entry in self.findings.items() if entry["days"]}

    def text(self) -> str:
        """The record as a text."""
        return "".join(self.lines())

    def lines(self) -> list[str]:
        """The record: sorted lines, each with its end."""
        lines = [
            *(_line("run", day, run) for day, run in self.runs.items()),
            *(_line("finding", key, entry) for key, entry in self.findings.items()),
            *(_line("name", key, entry) for key, entry in self.names.items()),
            *(
                _line("volume", key, {"days": dict(sorted(days.items()))})
                for key, days in self.volumes.items()
            ),
            *(f"{line}\n" for line in self.others),
        ]
        lines.sort()
        return lines


def _line(kind: str, key: str, entry: Mapping[str, Any]) -> str:
    return still(json.dumps({"kind": kind, "key": key, **entry}, ensure_ascii=False)) + "\n"


_MARKS: Final = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
"""What git leaves in a file that it could not merge."""
_COUNTS: Final = ("findings", "errors", "new", "fixed", "grandfathered", "foreign")


def parse(text: str) -> History:
    """What lines tell; of two lines on one thing the later day counts, and days on one finding are united.

    So lines of two branches may stand side by side. Raises `HistoryLineError`.
    """
    history = History()
    for number, line in enumerate(_lines_of(text), 1):
        if not line.strip():
            continue
        if line.startswith(_MARKS):
            raise HistoryLineError(number, conflict=True)
        try:
            entry = json.loads(line)
            kind, key = entry.pop("kind"), str(entry.pop("key"))
            if kind == "run":
                history.runs[str(date.fromisoformat(key))] = _run(entry)
            elif kind == "finding":
                history.findings[key] = _united(history.findings.get(key), entry)
            elif kind == "name":
                known = history.names.get(key)
                if known is None or str(known["day"]) <= str(entry["day"]):
                    history.names[key] = _name(entry)
            elif kind == "volume":
                days = _days(entry["days"])
                history.volumes.setdefault(key, {}).update({d: float(entry["days"][d]) for d in days})
            elif isinstance(kind, str):
                history.others.add(line.strip())
            else:
                raise HistoryLineError(number)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise HistoryLineError(number) from error
    return history


def _lines_of(text: str) -> Iterator[str]:
    """One after the other: a list of them would hold the whole text again."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _days(days: Iterable[Any]) -> list[str]:
    """ISO days, sorted. Raises `ValueError` or `TypeError`."""
    return sorted({str(date.fromisoformat(day)) for day in days})


def _run(entry: dict[str, Any]) -> dict[str, Any]:
    shares = entry.get("shares") or {}
    figures = [*(entry.get(key) for key in _COUNTS), *shares.values()]
    if not all(figure is None or isinstance(figure, int | float) for figure in figures):
        raise TypeError
    if not all(isinstance(told, dict) for told in (entry.get("sources") or {}).values()):
        raise TypeError
    return entry


def _united(known: Mapping[str, Any] | None, entry: Mapping[str, Any]) -> dict[str, Any]:
    """One finding as two branches tell it; what either found on a day was found."""
    days = _days([*entry["days"], *(known["days"] if known else ())])
    kept = {**(known or {}), **entry, "days": days}
    fixed = [*entry.get("fixed", ()), *(known.get("fixed", ()) if known else ())]
    if "fixed" in kept:
        kept["fixed"] = [day for day in _days(fixed) if day not in days]
    return kept


def _name(entry: dict[str, Any]) -> dict[str, Any]:
    for told in (entry, *([entry["was"]] if "was" in entry else ())):
        date.fromisoformat(told["day"])
        if not isinstance(told["digest"], str) or not isinstance(told["right"], bool):
            raise TypeError
    return entry
