"""Thresholds that were agreed on beforehand: when a metric is over a value, fail, warn or open an issue."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from canonry.audit.account import Account
from canonry.audit.checks import BY_CODE
from canonry.audit.drift import above, place
from canonry.audit.observation import Level as Observed
from canonry.audit.outcomes import crossed, undecided
from canonry.audit.report import Decision
from canonry.audit.rule import AuditRule
from canonry.catalogue.model import Catalogue
from canonry.kernel.findings import Finding, Level

_OVER: Final = re.compile(
    r"\s*(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+(?:\.[0-9]+)?)(?![0-9.,])"
    r"\s*(?P<percent>%)?\s*(?P<rest>.*)\Z"
)
_WINDOW: Final = re.compile(r"\s*(?P<number>[0-9]{1,4})\s*(?P<unit>day|week|d|w)s?\s*\Z")
_VISITS: Final = ("sessions", "rows", "clicks", "hits")
"""Units that are counted over time; other counts are of what stands there now."""


def _counted() -> dict[str, tuple[AuditRule, ...]]:
    """Metric to the rules whose findings it counts: any rule by its name, and those of a few together.

    Beside these there is `tag-coverage`.
    """
    found: dict[str, tuple[AuditRule, ...]] = {rule.name: (rule,) for rule in BY_CODE.values()}
    for rule in BY_CODE.values():
        if metric := rule.facts.metric:
            found[metric] = (*found.get(metric, ()), rule)
    return found


METRICS: Final[Mapping[str, tuple[AuditRule, ...]]] = _counted()


@dataclass(frozen=True, slots=True)
class Measured:
    """What thresholds are held against, beside findings and accounts."""

    coverage: float | None
    """The tagged share of visits."""
    coverage_before: Callable[[int], float | None]
    """The same, so many days ago or more; None where no run tells."""
    levels: frozenset[Observed]
    """What was read."""
    days: int | None
    """How long the period is."""


def days_of(window: str) -> int | None:
    """`7 days`, `1 week` in days."""
    match = _WINDOW.match(window)
    return int(match["number"]) * (7 if match["unit"][0] == "w" else 1) if match else None


def decided(
    catalogue: Catalogue,
    findings: Iterable[Finding],
    accounts: Iterable[Account],
    measured: Measured,
    *,
    whole: bool = False,
) -> tuple[list[Decision], list[Finding]]:
    """Every threshold of `audit.yaml` with its value, and a finding for each that was crossed.

    A metric of which nothing was read has no value: "0" is what somebody has looked for and not found. Visits
    are counted as of the threshold's window, where the period that was read is another.
    """
    made: list[Decision] = []
    found: list[Finding] = []
    listed, read = list(findings), list(accounts)
    for number, threshold in enumerate(catalogue.audit.thresholds if catalogue.audit else ()):
        match = _OVER.match(threshold.over)
        limit = float(match["number"].replace(",", "")) if match else 0.0
        window = days_of(threshold.window)
        percent = bool(match and match["percent"])
        below = bool(match and match["rest"].startswith("below"))
        first = (
            threshold.metric == "tag-coverage" and measured.coverage is not None
        )  # nothing to compare with
        value: float | None
        if threshold.metric == "tag-coverage":
            before = measured.coverage_before(window or 1)
            known = measured.coverage is not None and before is not None
            value = ((before or 0.0) - (measured.coverage or 0.0)) * 100 if known else None
        else:
            rules = METRICS.get(threshold.metric, ())
            unit = match["rest"] if match else ""
            looked = any(rule.facts.reads & measured.levels for rule in rules)
            value = (
                _value({rule.code for rule in rules}, listed, read, percent=percent, unit=unit)
                if looked and match
                else None
            )
            if value is not None and unit.startswith(_VISITS) and not percent and limit:
                value *= (window / measured.days) if window and measured.days else 1
        over = value is not None and value > limit
        decision = Decision(
            threshold.metric, threshold.over, threshold.window, threshold.then, threshold.owner or "",
            value, "%" if percent else "", crossed=over,
        )  # fmt: skip
        made.append(decision)
        if over:
            shown = f"{value:,.1f} %" if percent else f"{value:,.0f}"
            limit_shown = f"more than {threshold.over}" if not below else threshold.over
            level = Level.ERROR if threshold.then == "fail" else Level.WARNING
            place = catalogue.sources.place("registry/audit.yaml", f"/thresholds/{number}")
            message = f"{threshold.metric} is {shown}; agreed: not {limit_shown} ({threshold.then})"
            found.append(crossed(threshold.metric, message, threshold.owner or "", level, place))
        elif value is None and whole and not first:
            place = catalogue.sources.place("registry/audit.yaml", f"/thresholds/{number}")
            found.append(undecided(threshold.metric, threshold.over, threshold.owner or "", place))
    return made, found


def _value(
    codes: Container[str], findings: list[Finding], accounts: list[Account], *, percent: bool, unit: str
) -> float | None:
    hit = [finding for finding in findings if finding.code in codes and not finding.undecided]
    if not percent:
        if unit.startswith(_VISITS):
            return float(sum({finding.subject: _of(finding, "rows") or 1 for finding in hit}.values()))
        return float(len({finding.subject for finding in hit}))
    return _share(hit, accounts, "cost" if "spend" in unit else "clicks" if "click" in unit else "rows")


def _share(hit: list[Finding], accounts: list[Account], what: str) -> float | None:
    """The largest share of any source, in percent; money of several currencies is never added."""
    if what == "clicks":
        what = "cost" if any(account.costs for account in accounts) else "rows"
    shares = []
    own = {place(finding) for finding in hit}  # what a campaign cost is what its ads cost: it counts once
    for account in accounts:
        wholes: dict[str, float]
        if what == "cost":
            wholes = {currency: spend.cost for currency, spend in account.spent.items()}
        else:
            wholes = {"": float(account.rows or 0)} if not account.spent else {}
        for currency, whole in wholes.items():
            if not whole:
                continue
            subjects = {
                finding.subject: _of(finding, what)
                for finding in hit
                if not own & above(finding)
                and finding.details.get("source") == account.source
                and (what == "rows" or _currency(finding) == currency)
            }
            shares.append(min(100 * sum(subjects.values()) / whole, 100.0))
    return max(shares, default=None)


def _currency(finding: Finding) -> str:
    weight: Any = finding.details.get("weight")
    return str(weight.get("currency") or "") if isinstance(weight, dict) else ""


def _of(finding: Finding, what: str) -> float:
    weight: Any = finding.details.get("weight")
    value = weight.get(what) if isinstance(weight, dict) else None
    return float(value) if isinstance(value, int | float) else 0.0
