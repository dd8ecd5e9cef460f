"""What became of what earlier runs found: found again, fixed, come back."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from canonry.audit.checks import BY_CODE
from canonry.audit.drift import subject_of
from canonry.audit.rule import LINKS

if TYPE_CHECKING:
    from canonry.audit.account import Account
    from canonry.audit.history import History
    from canonry.audit.issued import Issued
    from canonry.audit.observation import Level, Observation
    from canonry.audit.source import Capabilities, Outcome
    from canonry.kernel.findings import Finding

_DIGEST: Final = re.compile(r"(?=[0-9]*[a-f])[0-9a-f]{16}")
"""What stands for an id in the subject of what has none (`subject_of`)."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What a source was read for."""

    levels: frozenset[Level]
    natives: frozenset[tuple[str, str]]
    """Platform and the platform's own level of what was seen."""
    any: bool = True
    """False where the source failed as a whole."""


class Followup:
    """Fills while sources are judged; says at the end what became of what earlier runs found."""

    def __init__(self, history: History, today: date) -> None:
        self.history = history
        self.today = today
        self._read: dict[str, _Read] = {}
        self._left: set[str] = set()
        self._open = self.history.open_before(today)
        self._found_before = {str(self.history.findings[each].get("subject")) for each in self._open}
        self._watched = {tuple(subject.split("/", 2)) for subject in self._found_before}
        self._met: set[str] = set()

    def meet(self, seen: Observation) -> None:
        """Something that is looked at, and may have been wrong before."""
        if self._watched and (seen.platform, seen.native, seen.id) in self._watched:
            self._met.add(subject_of(seen))

    def leave(self, seen: Observation) -> None:
        """Something that is there and not judged: what was found of it is not fixed by that."""
        if self._found_before and (subject := subject_of(seen)) in self._found_before:
            self._left.add(subject)

    def enter(
        self,
        source: str,
        can: Capabilities,
        outcome: Outcome,
        met: Iterable[tuple[str, str, Level]],
        natives: Iterable[tuple[str, str]],
    ) -> None:
        """A source that was read to its end, and what it showed."""
        levels = can.levels | {level for *_, level in met}
        self._read[source] = _Read(levels, frozenset(natives), outcome.state != "failed")

    def levels(self) -> frozenset[Level]:
        """The levels that were read."""
        return frozenset(level for read in self._read.values() if read.any for level in read.levels)

    def known_share(self, source: str) -> float | None:
        """The source's part of its currency's spend (or of rows) in the last run that read it whole."""
        for day in sorted(self.history.runs, reverse=True):
            if day >= self.today.isoformat():
                continue
            listed = {
                name: _weights(told) for name, told in self.history.runs[day].get("sources", {}).items()
            }
            mine = self.history.runs[day].get("sources", {}).get(source)
            if not isinstance(mine, dict) or mine.get("state") != "complete":
                continue
            shares = [
                amount / sum(each.get(unit, 0.0) for each in listed.values())
                for unit, amount in listed[source].items()
                if amount
            ]
            return max(shares, default=None)
        return None

    def coverage_before(self, days: int) -> float | None:
        """The tagged share of the last run that is so many days old, but for one: weeks end on other days."""
        latest = (self.today - timedelta(days=max(days - 1, 1))).isoformat()
        earlier = [day for day in self.history.runs if day <= latest]
        told = self.history.runs[max(earlier)].get("coverage") if earlier else None
        return float(told) if isinstance(told, int | float) else None

    def since(self, findings: Iterable[Finding]) -> dict[str, str]:
        """Fingerprints of findings that were there before, and the day of the first run that found each."""
        marks = (each.fingerprint for each in findings)
        return {mark: day for mark in marks if (day := self.history.first_found(mark, self.today))}

    def fixed(
        self,
        kept: Iterable[Finding],
        accounts: Mapping[str, Account],
        blind: Container[tuple[str, str]],
        issued: Issued | None,
    ) -> list[Mapping[str, Any]]:
        """What earlier runs found, none since saw fixed, and this one, which looked again, did not find.

        Not fixed is what was not looked at: another level or column than last time, an object that delivered
        nothing or is grandfathered since, a finding that is ignored now. `blind` are the rules that a source
        told too little for.
        """
        now = {finding.fingerprint for finding in kept}
        fixed: list[Mapping[str, Any]] = []
        for fingerprint in sorted(self._open - now):
            entry = self.history.findings[fingerprint]
            source, code, subject = (str(entry.get(key)) for key in ("source", "code", "subject"))
            account = accounts.get(source)
            if code == "A208":  # of a campaign, whatever source would have shown it
                looked = issued is not None and str(entry.get("class")) in issued.compared
            else:
                looked = account is not None and account.state == "complete" and subject not in self._left
                looked = looked and (source, code) not in blind and self._looked(source, code, subject)
            if not looked:
                continue
            told = {key: value for key, value in entry.items() if key not in ("days", "fixed")}
            fixed.append({"fingerprint": fingerprint, **told, "gone": self._gone(source, subject)})
        return fixed

    def _gone(self, source: str, subject: str) -> bool:
        """Whether an object is no longer there: deleted, or left out by a report of what delivered."""
        if subject in self._met or source not in self._read:
            return False
        known_by = subject.rpartition("/")[2]
        return not _DIGEST.fullmatch(known_by)  # what is known by its name is another when it is renamed

    def _looked(self, source: str, code: str, subject: str) -> bool:
        """Whether this run read what a finding was about."""
        read = self._read.get(source)
        if read is None:
            return False
        rule = BY_CODE.get(code)
        if rule is not None and rule.facts.reads == LINKS:  # told of an ad, and seen at its link
            return bool(read.levels & LINKS)
        platform, _, rest = subject.partition("/")
        native = rest.partition("/")[0]
        if (platform, native) in read.natives or not read.natives:
            return True
        return native in {level.value for level in read.levels}

    def guardrails(self, kept: Iterable[Finding], since: Mapping[str, str]) -> list[str]:
        """A class of findings that was there before, and has come back with new objects."""
        today = self.today.isoformat()
        earlier = {
            _class(str(entry.get("class")))
            for entry in self.history.findings.values()
            if any(day < today for day in entry["days"])
        }
        found: dict[str, str] = {}
        for finding in kept:
            kind = _class("/".join((finding.code, *finding.values)))
            if finding.undecided or finding.fingerprint in since or kind not in earlier:
                continue
            if prevention := BY_CODE[finding.code].facts.guardrail:
                found.setdefault(finding.code, f"{finding.name} came back; to prevent it, {prevention}")
        return [found[code] for code in sorted(found)]


def _class(told: str) -> str:
    """The class of a finding, from its rule and values joined by `/`."""
    code = told.partition("/")[0]
    rule = BY_CODE.get(code)
    return told if rule is not None and rule.facts.of_a_word else code


def _weights(told: Mapping[str, Any]) -> dict[str, float]:
    """What a run kept of a source, by unit: currencies, else rows. An older record has one currency."""
    spent = told.get("spent")
    if not isinstance(spent, dict):
        spent = {str(told.get("currency") or ""): told["cost"]} if told.get("cost") else {}
    if any(spent.values()):
        return {f"spend {currency}": float(amount) for currency, amount in spent.items()}
    return {"rows": float(told.get("rows") or 0)}
