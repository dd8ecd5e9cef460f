"""Thresholds that were agreed on beforehand: when a metric is over a value, fail, warn or open an issue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from canonry.audit.account import Account
from canonry.audit.checks import BY_CODE
from canonry.audit.drift import Details, above, place
from canonry.audit.observation import Level as Observed
from canonry.audit.outcomes import crossed, undecided
from canonry.audit.report import Decision
from canonry.audit.rule import OBJECTS, AuditRule
from canonry.catalogue.model import Catalogue
from canonry.kernel.findings import Finding, Level

_OVER: Final = re.compile(
    r"\s*(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+(?:\.[0-9]+)?)(?![0-9.,])"
    r"\s*(?P<percent>%)?\s*(?P<rest>.*)\Z"
)
_WINDOW: Final = re.compile(r"\s*(?P<number>[0-9]{1,4})\s*(?P<unit>day|week|d|w)s?\s*\Z")
_UNIT: Final = re.compile(r"(?:of )?(?P<paid>paid )?(?P<noun>[a-z ]+)\Z")
_AMOUNTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("sessions", "visits", "hits", "rows"), "rows"),
    "clicks": "clicks",
    **dict.fromkeys(("spend", "cost"), "cost"),
}
"""Unit to what of a weight it is."""
_THINGS: Final[Mapping[str, frozenset[Observed]]] = {
    "audiences": frozenset({Observed.AUDIENCE, Observed.TARGETING}),
    "campaigns": frozenset({Observed.CAMPAIGN}),
    "ad groups": frozenset({Observed.AD_GROUP}),
    "ads": frozenset({Observed.AD, Observed.LINK}),
    "links": frozenset({Observed.LINK, Observed.TAGS}),
    "events": frozenset({Observed.EVENT}),
    "names": OBJECTS | {Observed.AUDIENCE, Observed.GOAL},
    "objects": OBJECTS,
    **dict.fromkeys(("", "findings", "things"), frozenset(Observed)),
}
"""What is counted as it stands there now, and the levels of which it is."""


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

    A metric of which nothing was read has no value: "0" is what somebody has looked for and not found.
    Neither has one in a unit that no source tells: a share of clicks is no share of spend. Visits and clicks
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
            codes = {rule.code for rule in rules}
            looked = any(rule.facts.reads & measured.levels for rule in rules)
            hit = [finding for finding in listed if finding.code in codes and not finding.undecided]
            unit = _UNIT.match(match["rest"] or "things") if match and looked else None
            value = None
            if unit is not None and percent:
                value = _share(hit, read, unit, _ads(catalogue), limit)
            elif unit is not None:
                value = _count(hit, read, unit)
                if value is not None and unit["noun"] in _AMOUNTS and window and measured.days:
                    value *= window / measured.days if limit else 1
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


def _ads(catalogue: Catalogue) -> frozenset[str]:
    """Platforms on which clicks and impressions are paid for."""
    return frozenset(key for key, each in catalogue.platforms.items() if each.category == "ads")


def _count(hit: list[Finding], accounts: list[Account], unit: re.Match[str]) -> float | None:
    """How much hangs on what was found, or how many things it is; None where no source counts that."""
    noun, levels = unit["noun"], _THINGS.get(unit["noun"])
    if levels is not None and not unit["paid"]:
        return float(len({_thing(finding) for finding in hit if _level(finding) in {None, *levels}}))
    what = _AMOUNTS.get(noun, "")
    if what not in ("rows", "clicks") or unit["paid"]:
        return None  # money has a currency, and what is paid has none
    if not hit:
        return 0.0
    counting = {each.source for each in accounts if _wholes(each, what)}
    own = {place(finding) for finding in hit}
    told = {
        finding.subject: 1.0 if (amount := _of(finding, what)) is None else amount
        for finding in hit
        if finding.details.get("source") in counting and not own & above(finding)
    }
    return float(sum(told.values())) if counting else None


def _share(
    hit: list[Finding], accounts: list[Account], unit: re.Match[str], ads: frozenset[str], limit: float
) -> float | None:
    """The largest share of any source, in percent; money of several currencies is never added.

    None where a source in which something was found does not tell what the share is of.
    """
    what, paid = _AMOUNTS.get(unit["noun"]), bool(unit["paid"])
    if what is None or (paid and what == "rows"):
        return None
    shares, unknown = [], False
    own = {place(finding) for finding in hit}  # what a campaign cost is what its ads cost: it counts once
    for account in accounts:
        if paid and account.platform not in ads:
            continue
        mine = [finding for finding in hit if finding.details.get("source") == account.source]
        wholes = _wholes(account, what)
        unknown = unknown or bool(mine and not wholes and what != "rows" and account.platform in ads)
        for currency, whole in wholes.items():
            if not whole:
                continue
            subjects = {
                finding.subject: _of(finding, what) or 0.0
                for finding in mine
                if not own & above(finding) and (what != "cost" or _currency(finding) == currency)
            }
            shares.append(min(100 * sum(subjects.values()) / whole, 100.0))
    value = max(shares, default=None if hit else 0.0)
    return None if unknown and value is not None and value <= limit else value


def _wholes(account: Account, what: str) -> dict[str, float]:
    """All that a source tells of it, by currency; empty where it tells nothing."""
    if what == "cost":
        return {currency: spend.cost for currency, spend in account.spent.items()}
    number = account.counted if what == "rows" else account.clicks
    return {} if number is None else {"": float(number)}


def _level(finding: Finding) -> Observed | None:
    return finding.details.seen.level if isinstance(finding.details, Details) else None


def _thing(finding: Finding) -> str:
    """What is counted: an audience that several ad groups use is one."""
    details = finding.details
    if isinstance(details, Details) and details.seen.level is Observed.TARGETING:
        return f"{details.seen.platform}/audience/{details.seen.parents.get('audience') or details.seen.name}"
    return finding.subject


def _currency(finding: Finding) -> str:
    weight: Any = finding.details.get("weight")
    return str(weight.get("currency") or "") if isinstance(weight, dict) else ""


def _of(finding: Finding, what: str) -> float | None:
    weight: Any = finding.details.get("weight")
    value = weight.get(what) if isinstance(weight, dict) else None
    return float(value) if isinstance(value, int | float) else None
