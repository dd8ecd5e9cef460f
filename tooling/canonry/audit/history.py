"""What earlier runs found: new, recurring since when, fixed; names and volumes to compare with.

The record is JSON lines, sorted, one per run, finding, name and event: they can be committed and merge by
line. `canonry.adapters.ledger` keeps them on disk.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
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

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line

    def __str__(self) -> str:
        return f"{PATH}:{self.line} is no line of an audit's history"


@dataclass
class History:
    """What earlier runs found. Days are ISO texts; a run on a day replaces an earlier one on it."""

    runs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Day to what the run said on its first page."""
    findings: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Fingerprint to rule, class, owner, source, and the days on which it was found."""
    names: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Object to the digest of its name, whether the name was right, and the day."""
    volumes: dict[str, dict[str, float]] = field(default_factory=dict)
    """Event to its rows by day of run."""

    def before(self, day: date) -> str | None:
        """The latest run before a day."""
        earlier = [run for run in self.runs if run < day.isoformat()]
        return max(earlier, default=None)

    def first_found(self, fingerprint: str, day: date) -> str | None:
        """Since when a finding has been there without a run that did not find it; None where it is new."""
        days = set(self.findings.get(fingerprint, {}).get("days", ()))
        since = None
        for run in sorted((run for run in self.runs if run < day.isoformat()), reverse=True):
            if run not in days:
                break
            since = run
        return since

    def found_on(self, day: str) -> frozenset[str]:
        """The fingerprints of a run."""
        return frozenset(key for key, entry in self.findings.items() if day in entry.get("days", ()))

    def last_seen(self, key: str) -> str | None:
        """The last run in which an event or a user property came."""
        return max(self.volumes.get(key, {}), default=None)

    def volumes_before(self, key: str, day: date) -> list[float]:
        """Earlier volumes of an event."""
        return [v for d, v in sorted(self.volumes.get(key, {}).items()) if d < day.isoformat()]

    def add(
        self,
        day: date,
        run: Mapping[str, Json],
        findings: Iterable[tuple[str, Mapping[str, Json]]],
        names: Mapping[str, tuple[str, bool]],
        volumes: Mapping[str, float],
    ) -> None:
        """Enters one run."""
        text = day.isoformat()
        for entry in self.findings.values():
            entry["days"] = [d for d in entry["days"] if d != text]
        self.runs[text] = dict(run)
        for fingerprint, about in findings:
            entry = self.findings.setdefault(fingerprint, {"days": []})
            entry.update(about)
            entry["days"] = sorted({*entry["days"], text})
        for key, (digest, right) in names.items():
            self.names[key] = {"digest": digest, "right": right, "day": text}
        for key, rows in volumes.items():
            self.volumes.setdefault(key, {})[text] = rows
        self._forget()

    def _forget(self) -> None:
        gone = set(sorted(self.runs)[:-KEPT])
        if gone:
            self.runs = {day: run for day, run in self.runs.items() if day not in gone}
            for entry in self.findings.values():
                entry["days"] = [day for day in entry["days"] if day not in gone]
            for days in self.volumes.values():
                for day in gone:
                    days.pop(day, None)
        self.findings = {key: entry for key, entry in self.findings.items() if entry["days"]}

    def text(self) -> str:
        """The record: sorted lines."""
        lines = [
            *(_line("run", day, run) for day, run in self.runs.items()),
            *(_line("finding", key, entry) for key, entry in self.findings.items()),
            *(_line("name", key, entry) for key, entry in self.names.items()),
            *(
                _line("volume", key, {"days": dict(sorted(days.items()))})
                for key, days in self.volumes.items()
            ),
        ]
        return "".join(f"{line}\n" for line in sorted(lines))


def _line(kind: str, key: str, entry: Mapping[str, Any]) -> str:
    return still(json.dumps({"kind": kind, "key": key, **entry}, ensure_ascii=False))


def parse(text: str) -> History:
    """What lines tell; of two lines on one thing the later day counts. Raises `HistoryLineError`."""
    history = History()
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            kind, key = entry.pop("kind"), str(entry.pop("key"))
            if kind == "run":
                date.fromisoformat(key)
                history.runs[key] = entry
            elif kind == "finding":
                known = history.findings.get(key)
                days = {*map(str, entry["days"]), *(known["days"] if known else ())}
                history.findings[key] = {**entry, "days": sorted(days)}
            elif kind == "name":
                known = history.names.get(key)
                if known is None or str(known["day"]) <= str(entry["day"]):
                    history.names[key] = {k: entry[k] for k in ("digest", "right", "day")}
            elif kind == "volume":
                history.volumes.setdefault(key, {}).update(
                    {str(d): float(v) for d, v in entry["days"].items()}
                )
            else:
                raise HistoryLineError(number)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise HistoryLineError(number) from error
    return history
