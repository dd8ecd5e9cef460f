"""Findings by what mends them, and which of them to mend first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from canonry.audit.account import Account
from canonry.audit.checks import BY_CODE
from canonry.audit.drift import Details, above, place
from canonry.audit.observation import Weight
from canonry.audit.rule import Filing
from canonry.audit.uploads import sheet_name
from canonry.kernel.findings import Finding, Level
from canonry.kernel.jsonvalue import Json


@dataclass(slots=True)
class Cause:
    """Findings that one action mends: the same rule, the same values, the same owner."""

    code: str
    name: str
    level: Level
    owner: str
    layer: str
    message: str
    do: str
    sheet: str
    findings: list[Finding] = field(default_factory=list)
    share: float | None = None
    """The largest part of any source that hangs on it (with rates: of everything)."""
    money: Mapping[str, float] = field(default_factory=dict)
    rows: int = 0
    since: str | None = None
    also: list[str] = field(default_factory=list)
    """What else is wrong with the same things, and is mended with it."""
    sheets: list[str] = field(default_factory=list)
    """The repair sheets that have them, without their ending."""

    @property
    def objects(self) -> int:
        """How many things it concerns."""
        return len({finding.subject for finding in self.findings})

    def to_json(self) -> dict[str, Json]:
        """The public JSON form."""
        return {
            "code": self.code,
            "name": self.name,
            "level": self.level.word,
            "owner": self.owner or None,
            "layer": self.layer,
            "message": self.message,
            "do": self.do,
            "sheet": self.sheet or None,
            "sheets": list(self.sheets),
            "objects": self.objects,
            "share": round(self.share, 6) if self.share is not None else None,
            "cost": {currency: round(cost, 2) for currency, cost in sorted(self.money.items())},
            "rows": self.rows or None,
            "since": self.since,
            "also": list(self.also),
            "fingerprints": [finding.fingerprint for finding in self.findings],
        }


def causes(
    findings: Iterable[Finding], accounts: Mapping[str, Account], rates: Mapping[str, float]
) -> list[Cause]:
    """Findings by what mends them, the dearest first.

    Money of different currencies is never added: a cause ranks by the largest part of a source that hangs on
    it, or, where `rates` has every currency, by its part of all spend.
    """
    groups: dict[tuple[str, ...], Cause] = {}
    for finding in findings:
        if finding.undecided or finding.level is Level.NOTE:
            continue
        key = (BY_CODE[finding.code].facts.mended_with or finding.code, finding.owner, *finding.values)
        cause = groups.get(key)
        if cause is None:
            cause = groups[key] = Cause(
                finding.code,
                finding.name,
                finding.level,
                finding.owner,
                str(finding.details.get("layer", "")),
                finding.message,
                finding.suggestion,
                str(finding.details.get("sheet") or ""),
            )
        cause.findings.append(finding)
    total = _in_base(accounts, rates)
    for cause in groups.values():
        _weigh(cause, accounts, rates, total)
        cause.sheets = sorted({name for finding in cause.findings if (name := _sheet(finding))})
    ranked = sorted(groups.values(), key=lambda c: (-_rank(c), c.code, c.message))
    return _merged(ranked)


def _sheet(finding: Finding) -> str:
    """The repair sheet that has a finding's object; empty where none mends it."""
    told = finding.details
    if not isinstance(told, Details) or not told.sheet:
        return ""
    return _sheet_name(*told.kind)


_sheet_name: Final = lru_cache(256)(sheet_name)


def _merged(ranked: Iterable[Cause]) -> list[Cause]:
    """One cause for whatever concerns exactly the same things: a link that is built anew mends it all."""
    kept: dict[tuple[str, str, frozenset[str]], Cause] = {}
    for cause in ranked:
        key = (cause.owner, cause.sheet, frozenset(finding.subject for finding in cause.findings))
        first = kept.get(key) if cause.sheet else None
        if first is None:
            kept[key if cause.sheet else (cause.code, cause.message, key[2])] = cause
        else:
            first.also.append(cause.message)
            first.findings.extend(cause.findings)
    return list(kept.values())


def _in_base(accounts: Mapping[str, Account], rates: Mapping[str, float]) -> float | None:
    """All spend in the rates' currency; None where one has no rate."""
    spent = [(c, each.cost) for a in accounts.values() for c, each in a.spent.items() if each.cost]
    if not spent or any(currency not in rates for currency, _ in spent):
        return None
    return sum(cost * rates[currency] for currency, cost in spent)


def _weigh(
    cause: Cause, accounts: Mapping[str, Account], rates: Mapping[str, float], total: float | None
) -> None:
    by_source: dict[tuple[str, str], Weight] = {}
    money: dict[str, float] = {}
    counted: set[str] = set()
    own = {place(finding) for finding in cause.findings}
    for finding in cause.findings:
        weight, source = finding.details.get("weight"), str(finding.details.get("source"))
        if not isinstance(weight, dict) or finding.subject in counted or own & above(finding):
            continue  # what a campaign cost is what its ads cost: it counts once
        counted.add(finding.subject)
        currency = str(weight.get("currency") or "")
        known = by_source.setdefault((source, currency), Weight(currency=currency))
        cost, rows = weight.get("cost"), weight.get("rows")
        if isinstance(cost, int | float):
            known.cost = (known.cost or 0.0) + float(cost)
            money[currency] = money.get(currency, 0.0) + float(cost)
        if isinstance(rows, int):
            known.rows = (known.rows or 0) + rows
            cause.rows += rows
    shares = [
        share
        for (source, _), weight in by_source.items()
        if source in accounts and (share := accounts[source].share(weight)) is not None
    ]
    cause.money = money
    cause.share = min(max(shares), 1.0) if shares else None
    if total and money and all(currency in rates for currency in money):
        cause.share = min(sum(cost * rates[c] for c, cost in money.items()) / total, 1.0)


def _rank(cause: Cause) -> float:
    """How early a cause is shown: its share; what has none counts as one part in a hundred."""
    share = 0.01 if cause.share is None else cause.share
    if BY_CODE[cause.code].facts.filing is Filing.AT_RISK:
        return share * 0.1
    return share * (1.0 if cause.level is Level.ERROR else 0.5)
