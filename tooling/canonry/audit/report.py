"""What an audit came to: what was read, what is wrong, what to fix first, what changed since the last run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from canonry.audit.account import Account
from canonry.audit.causes import Cause
from canonry.audit.source import Period
from canonry.kernel.findings import Finding, Level
from canonry.kernel.jsonvalue import Json

MOST_FIRST: Final = 5
"""Things to fix first: more than five are none."""


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
