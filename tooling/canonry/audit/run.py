"""One audit: a pure function of observations, catalogue, baseline and history."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from canonry.audit import decisions
from canonry.audit.absent import absent
from canonry.audit.baseline import Baseline, Key
from canonry.audit.checks import BY_CODE
from canonry.audit.coverage import Coverage
from canonry.audit.drift import Details, shown, subject_of
from canonry.audit.history import History
from canonry.audit.issued import Issued
from canonry.audit.judge import Judge
from canonry.audit.observation import NO_WEIGHT, Alike, Level, Observation
from canonry.audit.outcomes import of_gaps, of_unmade
from canonry.audit.report import Account, Report, causes
from canonry.audit.roll import Roll, names
from canonry.audit.rule import LINKS
from canonry.audit.source import Gap, Outcome, Passed, Period, Source, Tells, collected
from canonry.audit.standard import Standard
from canonry.audit.volumes import Volumes
from canonry.catalogue.policy import Policy
from canonry.kernel.findings import Finding
from canonry.kernel.findings import Level as Severity


def _class(told: str) -> str:
    """The class of a finding, from its rule and values joined by `/`."""
    code = told.partition("/")[0]
    rule = BY_CODE.get(code)
    return told if rule is not None and rule.facts.of_a_word else code


_DIGEST: Final = re.compile(r"(?=[0-9]*[a-f])[0-9a-f]{16}")
"""What stands for an id in the subject of what has none (`subject_of`)."""


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


def _weights(told: Mapping[str, Any]) -> dict[str, float]:
    """What a run kept of a source, by unit: currencies, else rows. An older record has one currency."""
    spent = told.get("spent")
    if not isinstance(spent, dict):
        spent = {str(told.get("currency") or ""): told["cost"]} if told.get("cost") else {}
    if any(spent.values()):
        return {f"spend {currency}": float(amount) for currency, amount in spent.items()}
    return {"rows": float(told.get("rows") or 0)}


def _stake(finding: Finding, accounts: Mapping[str, Account]) -> float:
    """The part of its source that hangs on a finding: what is dear is shown first, where not all is shown."""
    told = finding.details
    account = accounts.get(str(told.get("source")))
    weight = told.seen.weight if isinstance(told, Details) else NO_WEIGHT
    return (account.share(weight) if account is not None else None) or 0.0


@dataclass(frozen=True, slots=True)
class _Read:
    """What a source was read for."""

    levels: frozenset[Level]
    natives: frozenset[tuple[str, str]]
    """Platform and the platform's own level of what was seen."""
    any: bool = True
    """False where the source failed as a whole."""


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
        self._read: dict[str, _Read] = {}
        self._left: set[str] = set()
        self._open = self.history.open_before(standard.today)
        self._found_before = {str(self.history.findings[each].get("subject")) for each in self._open}
        self._watched = {tuple(subject.split("/", 2)) for subject in self._found_before}
        self._met: set[str] = set()

    @property
    def names(self) -> dict[str, tuple[str, bool]]:
        """What everything that was met is called: to a digest of its name, and whether it was right."""
        return dict(names(self.rolls))

    def meet(self, seen: Observation) -> None:
        """Something that is looked at, and may have been wrong before."""
        if (seen.platform, seen.native, seen.id) in self._watched:
            self._met.add(subject_of(seen))

    def leave(self, seen: Observation) -> None:
        """Something that is there and not judged: what was found of it is not fixed by that."""
        if self._found_before and (subject := subject_of(seen)) in self._found_before:
            self._left.add(subject)

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
        self._read[source.name] = _Read(
            can.levels | {level for *_, level in one.met}, frozenset(one.natives), outcome.state != "failed"
        )
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
        account.known_share = self._known_share(source.name)
        self.accounts.append(account)
        self.findings.extend(of_gaps(outcome, account.owner))
        return account

    def _known_share(self, source: str) -> float | None:
        """The source's part of its currency's spend (or of rows) in the last run that read it whole."""
        for day in sorted(self.history.runs, reverse=True):
            if day >= self.standard.today.isoformat():
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
                self._coverage_before,
                frozenset(level for read in self._read.values() if read.any for level in read.levels),
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
        kept = tuple(
            sorted(
                policy.findings,
                key=lambda f: (
                    not f.undecided, -f.level, f.code, -_stake(f, by_source), f.sort_key, f.fingerprint,
                ),
            )
        )  # fmt: skip
        rates = standard.catalogue.audit.currency_rates if standard.catalogue.audit else {}
        ranked = causes((f for f in kept if f.code != "A904"), by_source, rates)
        since = {f.fingerprint: self.history.first_found(f.fingerprint, today) for f in kept}
        for cause in ranked:
            days = [day for f in cause.findings if (day := since[f.fingerprint]) is not None]
            cause.since = min(days, default=None)
        decided = [f for f in kept if not f.undecided and f.code != "A904"]
        old = [day for f in decided if (day := since[f.fingerprint]) is not None]
        report = Report(
            name or (standard.catalogue.registry.name if standard.catalogue.registry else ""),
            today,
            self._period_of_all(),
            self.accounts,
            tuple(f.having(since=since[f.fingerprint]) if since[f.fingerprint] else f for f in kept),
            ranked,
            new=len(decided) - len(old) if before else 0,
            recurring=len(old),
            oldest=min(old, default=None),
            fixed=self._fixed(before, (*kept, *policy.ignored), by_source, unmade),
            before=before,
            shares=self._shares(),
            unlike=alike
            and any(
                (told.get("state") == "complete") != (by_source[source].state == "complete")
                for source, told in (earlier.get("sources") or {}).items()
            ),
            shares_before=earlier.get("shares", {}) if alike else {},
            grandfathered=self.grandfathered,
            grandfathered_share=self._grandfathered_share(),
            grandfathered_before=earlier.get("grandfathered") if alike else None,
            foreign=self.foreign,
            unjudged_rows=self.unjudged,
            idle=self.idle,
            decisions=made,
            guardrails=self._guardrails(kept, since),
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
            self.standard.today, summary, entries, self.names, {**self.volumes, **self.received.told()}, fixed
        )

    def _coverage(self) -> float | None:
        whole = self.tagged_rows + self.untagged_rows
        return round(self.tagged_rows / whole, 6) if whole else None

    def _coverage_before(self, days: int) -> float | None:
        """The tagged share of the last run that is so many days old, but for one: weeks end on other days."""
        latest = (self.standard.today - timedelta(days=max(days - 1, 1))).isoformat()
        earlier = [day for day in self.history.runs if day <= latest]
        told = self.history.runs[max(earlier)].get("coverage") if earlier else None
        return float(told) if isinstance(told, int | float) else None

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

    def _shares(self) -> dict[str, float]:
        cost: dict[str, list[float]] = {}
        rows: dict[str, list[int]] = {}
        # of two sources whose money nobody names, nobody knows that it is the same
        unnamed = "?" if sum("" in account.spent for account in self.accounts) == 1 else "? {}"
        for account in self.accounts:
            for currency, spend in account.spent.items():
                known = cost.setdefault(currency or unnamed.format(account.source), [0.0, 0.0])
                known[0] += spend.wrong
                known[1] += spend.cost
            if not account.costs and account.rows:
                counted = rows.setdefault(account.platform, [0, 0])
                counted[0] += account.wrong_rows
                counted[1] += account.rows
        rates = self.standard.catalogue.audit.currency_rates if self.standard.catalogue.audit else {}
        found = {currency: wrong / whole for currency, (wrong, whole) in sorted(cost.items()) if whole}
        if len(cost) > 1 and all(currency in rates for currency in cost):
            whole = sum(pair[1] * rates[currency] for currency, pair in cost.items())
            wrong = sum(pair[0] * rates[currency] for currency, pair in cost.items())
            found = {"spend": wrong / whole, **found}
        elif len(cost) == 1:
            found = {"spend": next(iter(found.values())), **found}
        # What one platform counts is no more of what another does: visits are not added to sends.
        for place, platform in enumerate(sorted(rows, key=lambda each: (-rows[each][1], each))):
            wrong, whole = rows[platform]
            found[f"rows {platform}" if place else "rows"] = wrong / whole
        return {key: round(share, 6) for key, share in found.items()}

    def _grandfathered_share(self) -> float | None:
        spent: dict[str, list[float]] = {}
        for account in self.accounts:
            for currency, spend in account.spent.items():
                if spend.cost:
                    known = spent.setdefault(currency, [0.0, 0.0])
                    known[0] += spend.old
                    known[1] += spend.cost
        if len(spent) != 1:
            return None  # money of different currencies is never added
        old, whole = next(iter(spent.values()))
        return round(old / whole, 6)

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

    def _fixed(
        self,
        before: str | None,
        kept: Iterable[Finding],
        accounts: Mapping[str, Account],
        unmade: Iterable[tuple[Finding, str, Gap]],
    ) -> list[Mapping[str, Any]]:
        """What earlier runs found, none since saw fixed, and this one, which looked again, did not find.

        Not fixed is what was not looked at: another level or column than last time, an object that delivered
        nothing or is grandfathered since, a finding that is ignored now.
        """
        if before is None:
            return []
        now = {finding.fingerprint for finding in kept}
        blind = {(source, rule) for finding, source, _ in unmade for rule in finding.values}
        fixed: list[Mapping[str, Any]] = []
        for fingerprint in sorted(self._open - now):
            entry = self.history.findings[fingerprint]
            source, code, subject = (str(entry.get(key)) for key in ("source", "code", "subject"))
            account = accounts.get(source)
            if code == "A208":  # of a campaign, whatever source would have shown it
                looked = self.issued is not None and str(entry.get("class")) in self.issued.compared
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

    def _guardrails(self, kept: Iterable[Finding], since: Mapping[str, str | None]) -> list[str]:
        """A class of findings that was there before, and has come back with new objects."""
        today = self.standard.today.isoformat()
        earlier = {
            _class(str(entry.get("class")))
            for entry in self.history.findings.values()
            if any(day < today for day in entry["days"])
        }
        found: dict[str, str] = {}
        for finding in kept:
            kind = _class("/".join((finding.code, *finding.values)))
            if finding.undecided or since[finding.fingerprint] is not None or kind not in earlier:
                continue
            if prevention := BY_CODE[finding.code].facts.guardrail:
                found.setdefault(finding.code, f"{finding.name} came back; to prevent it, {prevention}")
        return [found[code] for code in sorted(found)]

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
