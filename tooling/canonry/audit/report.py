"""What an audit came to: what was read, what is wrong, what to fix first, what changed since the last run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

from canonry.audit.checks import BY_CODE
from canonry.audit.drift import Details
from canonry.audit.observation import Weight
from canonry.audit.rule import Filing
from canonry.audit.source import Gap, Period
from canonry.audit.uploads import sheet_name
from canonry.kernel.findings import Finding, Level
from canonry.kernel.jsonvalue import Json

MOST_FIRST: Final = 5
"""Things to fix first: more than five are none."""


@dataclass
class Spend:
    """Money of one currency: all of it, what hangs on wrong things, what hangs on grandfathered ones."""

    cost: float = 0.0
    wrong: float = 0.0
    old: float = 0.0


@dataclass
class Account:
    """What was read of one source, and how much of it is filed wrong.

    `spent` and `rows` are of the deepest level that the source reports, so that nothing counts twice.
    """

    source: str
    label: str
    platform: str
    owner: str
    state: str
    """complete, partial, failed."""
    gaps: Sequence[Gap] = ()
    observations: int = 0
    judged: int = 0
    spent: dict[str, Spend] = field(default_factory=dict)
    """By currency, which are never added; money of which nobody says what it is has the key ""."""
    rows: int | None = None
    wrong_rows: int = 0
    known_share: float | None = None
    """Its share of everything in the last run that read it whole."""
    time_zone: str = ""
    period: Period = field(default_factory=Period)
    unchecked: list[Gap] = field(default_factory=list)
    """Checks that nothing this account's sources told made possible."""

    @property
    def costs(self) -> bool:
        """Whether the source reports spend, and there was any."""
        return any(spend.cost for spend in self.spent.values())

    def share(self, weight: Weight) -> float | None:
        """What part of the source hangs on something: of its currency's spend, or of rows where none is."""
        if weight.cost is not None and (spend := self.spent.get(weight.currency)) is not None and spend.cost:
            return weight.cost / spend.cost
        if not self.spent and self.rows and weight.rows is not None:
            return weight.rows / self.rows
        return None

    def money(self) -> dict[str, Json]:
        """The public JSON form of its spend: one figure where it has one currency."""
        [*only] = self.spent.items()
        currency, spend = only[0] if len(only) == 1 else ("", None)
        return {
            "cost": None if spend is None else round(spend.cost, 2),
            "wrong_cost": None if spend is None else round(spend.wrong, 2),
            "currency": currency or None,
            "spent": {
                key: {"cost": round(each.cost, 2), "wrong": round(each.wrong, 2)}
                for key, each in sorted(self.spent.items())
            },
        }


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


@dataclass
class Decision:
    """A threshold and what came of it."""

    metric: str
    over: str
    window: str
    then: str
    owner: str
    value: float | None
    """None: nothing that was read tells."""
    unit: str
    crossed: bool

    def to_json(self) -> dict[str, Json]:
        """The public JSON form."""
        return {
            "metric": self.metric,
            "over": self.over,
            "window": self.window,
            "then": self.then,
            "owner": self.owner or None,
            "value": None if self.value is None else round(self.value, 6),
            "unit": self.unit,
            "crossed": self.crossed,
        }


@dataclass
class Report:
    """An audit's result; everything that reports show."""

    name: str
    day: date
    period: Period
    accounts: list[Account]
    findings: tuple[Finding, ...]
    causes: list[Cause]
    new: int = 0
    recurring: int = 0
    oldest: str | None = None
    fixed: list[Mapping[str, Any]] = field(default_factory=list)
    before: str | None = None
    """The day of the run before."""
    shares: Mapping[str, float] = field(default_factory=dict)
    """Currency (or `rows`) to the part of what was checked that is filed wrong or unowned."""
    shares_before: Mapping[str, float] = field(default_factory=dict)
    unlike: bool = False
    """A source was read whole in one of the two runs and not in the other: their shares are of other sums."""
    grandfathered: int = 0
    grandfathered_share: float | None = None
    grandfathered_before: int | None = None
    foreign: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Why to how many values, how many rows."""
    unjudged_rows: int = 0
    """Rows whose manual values the analytics tool wrote itself."""
    idle: int = 0
    """Objects that delivered nothing in the period."""
    decisions: list[Decision] = field(default_factory=list)
    guardrails: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    trend: list[Mapping[str, Any]] = field(default_factory=list)
    """Earlier runs' first pages, oldest first, and this one's."""
    ignored: int = 0
    next_owner: str = ""

    @property
    def complete(self) -> bool:
        """Whether everything was read, and told enough for every check."""
        return bool(self.accounts) and all(
            account.state == "complete" and not account.unchecked for account in self.accounts
        )

    @property
    def first(self) -> list[Cause]:
        """At most five things to fix first."""
        return self.causes[:MOST_FIRST]

    def at_least(self, level: Level) -> list[Finding]:
        """Decided findings of a level or above."""
        return [finding for finding in self.findings if not finding.undecided and finding.level >= level]

    def summary(self) -> dict[str, Json]:
        """What the history keeps of a run: its first page."""
        return {
            "period": [_iso(self.period.start), _iso(self.period.end)],
            "complete": self.complete,
            "shares": {key: round(share, 6) for key, share in sorted(self.shares.items())},
            "errors": len(self.at_least(Level.ERROR)),
            "findings": len([f for f in self.findings if not f.undecided]),
            "new": self.new,
            "fixed": len(self.fixed),
            "grandfathered": self.grandfathered,
            "foreign": sum(rows for _, rows in self.foreign.values()),
            "layers": _counted(str(f.details.get("layer")) for f in self.findings if not f.undecided),
            "sources": {
                account.source: {
                    "state": account.state,
                    "spent": {key: round(each.cost, 2) for key, each in sorted(account.spent.items())},
                    "rows": account.rows,
                }
                for account in self.accounts
            },
        }

    def to_json(self) -> dict[str, Json]:
        """What stands beside `findings` in the JSON report."""
        return {
            "registry": self.name,
            "day": self.day.isoformat(),
            "period": {
                "start": _iso(self.period.start),
                "end": _iso(self.period.end),
                "time_zone": self.period.time_zone or None,
            },
            "complete": self.complete,
            "sources": [
                {
                    "source": each.source,
                    "platform": each.platform,
                    "owner": each.owner or None,
                    "state": each.state,
                    "gaps": [{"what": g.what, "why": g.why, "hint": g.hint} for g in each.gaps],
                    "unchecked": [{"what": g.what, "why": g.why, "hint": g.hint} for g in each.unchecked],
                    "observations": each.observations,
                    "judged": each.judged,
                    **each.money(),
                    "rows": each.rows,
                    "wrong_rows": each.wrong_rows,
                    "known_share": each.known_share,
                }
                for each in self.accounts
            ],
            "shares": dict(self.shares),
            "shares_before": dict(self.shares_before),
            "first": [cause.to_json() for cause in self.first],
            "causes": len(self.causes),
            "new": self.new,
            "recurring": self.recurring,
            "oldest": self.oldest,
            "fixed": [dict(each) for each in self.fixed],
            "before": self.before,
            "grandfathered": {
                "objects": self.grandfathered,
                "share": self.grandfathered_share,
                "before": self.grandfathered_before,
            },
            "foreign": [
                {"why": why, "values": values, "rows": rows}
                for why, (values, rows) in sorted(self.foreign.items())
            ],
            "unjudged_rows": self.unjudged_rows,
            "idle": self.idle,
            "decisions": [decision.to_json() for decision in self.decisions],
            "guardrails": list(self.guardrails),
            "notes": list(self.notes),
            "ignored": self.ignored,
            "next_owner": self.next_owner or None,
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _counted(words: Iterable[str]) -> dict[str, Json]:
    counts: dict[str, Json] = {}
    for word in sorted(words):
        known = counts.get(word, 0)
        counts[word] = (known if isinstance(known, int) else 0) + 1
    return counts


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


def place(finding: Finding) -> tuple[str, str, str]:
    """Source, level and id of what a finding is about."""
    told = finding.details
    if isinstance(told, Details):
        return told.place
    about = finding.details.get("object")
    known = about if isinstance(about, dict) else {}
    return str(finding.details.get("source")), str(known.get("level")), str(known.get("id"))


def above(finding: Finding) -> set[tuple[str, str, str]]:
    """What the thing hangs under."""
    told = finding.details
    if isinstance(told, Details):
        return told.above
    about = finding.details.get("object")
    parents = about.get("parents") if isinstance(about, dict) else None
    source = str(finding.details.get("source"))
    return (
        {(source, level, str(each)) for level, each in parents.items()}
        if isinstance(parents, dict)
        else set()
    )


def _rank(cause: Cause) -> float:
    """How early a cause is shown: its share; what has none counts as one part in a hundred."""
    share = 0.01 if cause.share is None else cause.share
    if BY_CODE[cause.code].facts.filing is Filing.AT_RISK:
        return share * 0.1
    return share * (1.0 if cause.level is Level.ERROR else 0.5)
