"""Thresholds that were agreed on beforehand: when a metric is over a value, fail, warn or open an issue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from canonry.audit.outcomes import crossed
from canonry.audit.report import Account, Decision, above, place
from canonry.catalogue.model import Catalogue
from canonry.kernel.findings import Finding, Level

_OVER: Final = re.compile(r"\s*(?P<number>[0-9]+(?:\.[0-9]+)?)\s*(?P<percent>%)?\s*(?P<rest>.*)\Z")

METRICS: Final[Mapping[str, tuple[str, ...]]] = {
    "untagged-share": ("ad-untagged", "link-untagged"),
    "unassigned-share": ("link-unassigned",),
    "unknown-names-share": ("name-unmatched", "name-value-wrong", "name-id-unregistered"),
    "unexpanded-macros": ("link-macro-unexpanded",),
    "personal-data-in-links": ("link-personal-data",),
    "audience-window-drift": ("audience-window-differs", "audience-recency-differs"),
}
"""Metric to the rules whose findings it counts. Beside these: `tag-coverage`, and any rule by its name."""


def decided(
    catalogue: Catalogue,
    findings: Iterable[Finding],
    accounts: Iterable[Account],
    coverage: float | None,
    coverage_before: float | None,
    rule_names: frozenset[str],
) -> tuple[list[Decision], list[Finding]]:
    """Every threshold of `audit.yaml` with its value, and a finding for each that was crossed."""
    made: list[Decision] = []
    found: list[Finding] = []
    listed, read = list(findings), list(accounts)
    for number, threshold in enumerate(catalogue.audit.thresholds if catalogue.audit else ()):
        match = _OVER.match(threshold.over)
        limit = float(match["number"]) if match else 0.0
        percent = bool(match and match["percent"])
        below = bool(match and match["rest"].startswith("below"))
        value: float | None
        if threshold.metric == "tag-coverage":
            value = (
                None if coverage is None or coverage_before is None else (coverage_before - coverage) * 100
            )
        else:
            names = METRICS.get(threshold.metric) or (
                (threshold.metric,) if threshold.metric in rule_names else ()
            )
            value = (
                _value(names, listed, read, percent=percent, unit=match["rest"] if match else "")
                if names
                else None
            )
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
    return made, found


def _value(
    names: tuple[str, ...], findings: list[Finding], accounts: list[Account], *, percent: bool, unit: str
) -> float | None:
    hit = [finding for finding in findings if finding.name in names and not finding.undecided]
    if not percent:
        if unit.startswith(("sessions", "rows", "clicks", "hits")):
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
