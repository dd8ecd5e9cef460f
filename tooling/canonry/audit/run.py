"""One audit: a pure function of observations, catalogue, baseline and history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from canonry.audit import decisions
from canonry.audit.absent import absent
from canonry.audit.account import Account
from canonry.audit.baseline import Baseline, Key
from canonry.audit.causes import causes
from canonry.audit.coverage import Coverage
from canonry.audit.drift import Details, shown
from canonry.audit.followup import Followup
from canonry.audit.history import History
from canonry.audit.issued import Issued
from canonry.audit.judge import Judge
from canonry.audit.observation import NO_WEIGHT, Alike, Level, Observation
from canonry.audit.outcomes import of_gaps, of_unmade
from canonry.audit.report import Report
from canonry.audit.roll import Roll, names
from canonry.audit.shares import grandfathered, shares
from canonry.audit.source import Gap, Outcome, Passed, Period, Source, Tells, collected
from canonry.audit.standard import Standard
from canonry.audit.volumes import Volumes
from canonry.catalogue.policy import Policy
from canonry.kernel.findings import Finding
from canonry.kernel.findings import Level as Severity


def _order(
    finding: Finding, accounts: Mapping[str, Account]
) -> tuple[bool, int, str, float, str, int, str, str, str]:
    """Undecided first, then what is worst, by rule, the dearest first."""
    place = finding.place
    return (
        not finding.undecided,
        -finding.level,
        finding.code,
        -_stake(finding, accounts),
        place.path,
        place.line,
        place.pointer,
        finding.message,
        finding.fingerprint,
    )


@dataclass
class Options:
    """What one run looks at."""

    period: Period = field(default_factory=Period)
    idle: bool = False
    """Also what delivered nothing in the period."""
    accounts: frozenset[str] = frozenset()
    registered: bool = True
    """The registry is the accounts' own, so what it registers is expected to be there."""
    whole: bool = False
    """Every source that there is was taken: what an account registers and none of them reads is missed."""


def _since(finding: Finding, day: str) -> Finding:
    """A finding that an earlier run had, and the first day on which one had."""
    told = finding.details
    return finding.telling(told.recurring(day)) if isinstance(told, Details) else finding.having(since=day)


def _stake(finding: Finding, accounts: Mapping[str, Account]) -> float:
    """The part of its source that hangs on a finding: what is dear is shown first, where not all is shown."""
    told = finding.details
    account = accounts.get(str(told.get("source")))
    weight = told.seen.weight if isinstance(told, Details) else NO_WEIGHT
    return (account.share(weight) if account is not None else None) or 0.0


class Audit:
    """Takes sources one after the other; `report` says what came of them."""

    def __init__(
        self,
        standard: Standard,
        *,
        baseline: Baseline | None = None,
        history: History | None = None,
        options: Options | None = None,
        issued: Issued | None = None,
    ) -> None:
        self.standard = standard
        self.issued = issued
        """Links that campaigns have handed out; None: not compared."""
        self.coverage = Coverage(standard)
        self.baseline = baseline or Baseline()
        self.history = history or History()
        self.options = options or Options()
        self.enforced = standard.enforced()
        self.findings: list[Finding] = []
        self.accounts: list[Account] = []
        self.wrong: list[tuple[Observation, list[Finding]]] = []
        """Observations with findings of their own: what a baseline is made of."""
        self.met: set[Key] = set()
        """What was judged, where a baseline is made."""
        self.keep_wrong = self.keep_names = False
        self.siblings: dict[str, Mapping[tuple[str, ...], str]] = {}
        """Where names are kept: by source, account, level, parent and name to the id of the object."""
        self.rolls: list[Roll] = []
        """What the objects of each source are called."""
        self.told: Callable[[Observation, str, str, Mapping[str, Any]], None] | None = None
        """Called with every value that was decoded: observation, contract, campaign, fields."""
        self.grandfathered = 0
        self.foreign: dict[str, tuple[int, int]] = {}
        self.unjudged = self.idle = 0
        self.tagged_rows = self.untagged_rows = 0
        self.volumes: dict[str, float] = {}
        self.received = Volumes()
        self.currencies: set[str] = set()
        self.days: list[date] = []
        self.followup = Followup(self.history, standard.today)

    @property
    def names(self) -> dict[str, tuple[str, bool]]:
        """What everything that was met is called: to a digest of its name, and whether it was right."""
        return dict(names(self.rolls))

    def volume(self, key: str, rows: int | None) -> None:
        """How often something came, for the history."""
        key = shown(key)
        self.volumes[key] = self.volumes.get(key, 0.0) + float(rows or 0)

    def take(self, source: Source, owner: str = "", label: str = "") -> Account:
        """Reads a source to its end and judges what it says."""
        can = source.capabilities()
        outcome = Outcome(source.name)
        nested = Tells.PARENTS in can.tells or Level.LINK in can.levels
        since = self.options.period.start or can.period.start
        one = Judge(self, source.name, can.params, nested=nested, leaves=can.leaves, since=since)
        blind = False
        for seen in collected(source, self.options.period, outcome):
            if isinstance(seen, Passed):
                one.passed(seen)
                if self.issued is not None and seen.met is not None:
                    self.issued.take(seen.met)
                blind = blind or (seen.met is None and seen.level in (Level.TAGS, Level.LINK))
            elif isinstance(seen, Alike):
                one.take_alike(seen)
            else:
                one.take(seen)
        one.finish()
        if self.keep_names:
            self.siblings[source.name] = one.roll.first()
        self.rolls.append(one.roll)
        self.coverage.enter(source.name, can, outcome, one.met)
        self.followup.enter(source.name, can, outcome, one.met, one.natives)
        if self.issued is not None:
            self.issued.enter(source.name, can, outcome, one.met, blind=blind)
        registered = self.standard.accounts.get(can.account)
        account = Account(
            source.name,
            label or (registered.label if registered else source.name),
            can.platform,
            owner or (registered.owner if registered else ""),
            outcome.state,
            tuple(outcome.gaps),
            outcome.observations,
            one.judged,
            time_zone=can.period.time_zone or (registered.time_zone if registered else ""),
            period=can.period,
        )
        one.settle(account)
        account.known_share = self.followup.known_share(source.name)
        self.accounts.append(account)
        self.findings.extend(of_gaps(outcome, account.owner))
        return account

    def report(self, name: str = "") -> Report:
        """What came of everything that was taken."""
        standard, today = self.standard, self.standard.today
        period = self._period_of_all()
        length = (period.end - period.start).days + 1 if period.start and period.end else None
        if self.options.registered:
            self.findings.extend(absent(self.coverage, self.history))
        self.findings.extend(self.received.unusual(standard, self.history, self.coverage, period))
        if self.issued is not None:
            self.findings.extend(self.issued.unseen())
        unmade = self._unmade()
        by_source = {account.source: account for account in self.accounts}
        coverage = self._coverage()
        before = self.history.before(today)
        earlier = self.history.runs.get(before, {}) if before else {}
        alike = set(earlier.get("sources") or by_source) == set(by_source)  # a part says nothing of the whole
        made, crossed = decisions.decided(
            standard.catalogue,
            self.findings,
            self.accounts,
            decisions.Measured(
                coverage,
                self.followup.coverage_before,
                self.followup.levels(),
                length,
            ),
            whole=self.options.whole,
        )
        policy = Policy(standard.catalogue, today).judge(
            [*self.findings, *(finding for finding, _, _ in unmade), *crossed], whole=False
        )
        told = {finding.fingerprint for finding in policy.findings}
        for finding, source, gap in unmade:
            if finding.fingerprint in told:
                by_source[source].unchecked.append(gap)
        kept = tuple(sorted(policy.findings, key=lambda f: _order(f, by_source)))
        since = self.followup.since(kept)
        kept = tuple(_since(f, day) if (day := since.get(f.fingerprint)) else f for f in kept)
        rates = standard.catalogue.audit.currency_rates if standard.catalogue.audit else {}
        ranked = causes((f for f in kept if f.code != "A904"), by_source, rates)
        for cause in ranked:
            days = [day for f in cause.findings if (day := since.get(f.fingerprint))]
            cause.since = min(days, default=None)
        decided = [f for f in kept if not f.undecided and f.code != "A904"]
        old = [day for f in decided if (day := since.get(f.fingerprint))]
        blind = {(source, rule) for finding, source, _ in unmade for rule in finding.values}
        report = Report(
            name or (standard.catalogue.registry.name if standard.catalogue.registry else ""),
            today,
            self._period_of_all(),
            self.accounts,
            kept,
            ranked,
            new=len(decided) - len(old) if before else 0,
            recurring=len(old),
            oldest=min(old, default=None),
            fixed=self.followup.fixed((*kept, *policy.ignored), by_source, blind, self.issued),
            before=before,
            shares=shares(self.accounts, rates),
            unlike=alike
            and any(
                (told.get("state") == "complete") != (by_source[source].state == "complete")
                for source, told in (earlier.get("sources") or {}).items()
            ),
            shares_before=earlier.get("shares", {}) if alike else {},
            grandfathered=self.grandfathered,
            grandfathered_share=grandfathered(self.accounts),
            grandfathered_before=earlier.get("grandfathered") if alike else None,
            foreign=self.foreign,
            unjudged_rows=self.unjudged,
            idle=self.idle,
            decisions=made,
            guardrails=self.followup.guardrails(kept, since),
            notes=self._notes(),
            ignored=len(policy.ignored),
        )
        unread = [a.owner for a in self.accounts if a.state != "complete" or a.unchecked]
        report.next_owner = next((owner for owner in (*(c.owner for c in ranked), *unread) if owner), "")
        summary = {**report.summary(), "coverage": coverage}
        past = [
            {"day": day, **run} for day, run in sorted(self.history.runs.items()) if day < today.isoformat()
        ]
        report.trend = [*past, {"day": today.isoformat(), **summary}]
        return report

    def record(self, report: Report) -> None:
        """Enters the run into the history."""
        entries = [
            (
                finding.fingerprint,
                {
                    "code": finding.code,
                    "owner": finding.owner,
                    "source": str(finding.details.get("source", "")),
                    "subject": finding.subject,
                    "class": "/".join((finding.code, *finding.values)),
                    "message": finding.message,
                },
            )
            for finding in report.findings
            if not finding.undecided and finding.level > Severity.NOTE
        ]
        summary = {**report.summary(), "coverage": self._coverage()}
        fixed = [str(each["fingerprint"]) for each in report.fixed]
        self.history.add(
            self.standard.today,
            summary,
            entries,
            names(self.rolls),
            {**self.volumes, **self.received.told()},
            fixed,
        )

    def _coverage(self) -> float | None:
        whole = self.tagged_rows + self.untagged_rows
        return round(self.tagged_rows / whole, 6) if whole else None

    def _period_of_all(self) -> Period:
        period = self.options.period
        said = [a.period for a in self.accounts if a.period.start and a.period.end]
        starts = [p.start for p in said if p.start] or self.days
        ends = [p.end for p in said if p.end] or self.days
        zones = sorted({a.time_zone for a in self.accounts if a.time_zone})
        return Period(
            period.start or min(starts, default=None),
            period.end or max(ends, default=None),
            period.time_zone or (zones[0] if len(zones) == 1 else ", ".join(zones)),
        )

    def _unmade(self) -> list[tuple[Finding, str, Gap]]:
        """Checks that no source could make: the finding, the source it is charged to, and the gap."""
        standard = self.standard
        if not self.options.registered:
            return []
        owners = {account.source: account.owner for account in self.accounts}
        found = []
        for each in self.coverage.unmade(whole=self.options.whole):
            gap = each.gap(standard)
            known = standard.accounts.get(each.group.account)
            owner = (known.owner if known else "") or owners.get(each.source, "")
            found.append((of_unmade(each.rules, each.group, each.source, gap, owner), each.source, gap))
        issued = self.issued.uncompared(self.coverage, whole=self.options.whole) if self.issued else ()
        for rest in (*self.coverage.uncompared(), *issued):
            finding = of_unmade(rest.rules, rest.group, rest.source, rest.gap, owners.get(rest.source, ""))
            found.append((finding, rest.source, rest.gap))
        return found

    def _notes(self) -> list[str]:
        notes = []
        zones: dict[str, list[str]] = {}
        for account in self.accounts:
            if account.time_zone:
                zones.setdefault(account.time_zone, []).append(account.source)
        if len(zones) > 1:
            listed = "; ".join(f"{zone}: {', '.join(sources)}" for zone, sources in sorted(zones.items()))
            notes.append(f"Days begin at different hours: {listed}. Compare days across these with care.")
        if len(self.currencies) > 1:
            rates = self.standard.catalogue.audit.currency_rates if self.standard.catalogue.audit else {}
            if not all(currency in rates for currency in self.currencies):
                listed = ", ".join(sorted(self.currencies))
                notes.append(
                    f"Spend is in {listed} and is not added up: audit.yaml has no rate for all of them."
                )
        return notes
