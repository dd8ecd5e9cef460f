"""What runs against what is registered: optimisation goal, dates, status."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from canonry.audit import needs
from canonry.audit.drift import drift
from canonry.audit.observation import OBJECTS, Observation
from canonry.audit.rule import AuditRule, Facts, Filing
from canonry.audit.standard import Standard
from canonry.kernel.findings import Finding
from canonry.kernel.findings import Level as Severity
from canonry.naming.runtime.text import fold


def goal_differs() -> None:
    """A platform optimises for something that the campaign is not judged by.

    ## Why it matters
    An ad set that is told to find cheap clicks finds people who click, not people who buy; the success metric
    of the campaign stays where it is and nobody sees why.

    ## Instead
    An optimisation goal that serves the campaign's success metric. Most platforms begin to learn anew when it
    changes: do it once, not every week.
    """


def dates_differ() -> None:
    """A campaign runs outside the dates of its registration (a day's tolerance, in its own time zone).

    ## Why it matters
    It spends before the offer begins, or after it has ended.

    ## Instead
    Correct the dates on the platform, or in the registration if the plan has changed.
    """


def status_differs() -> None:
    """A campaign runs that is registered as cancelled, ended or only planned.

    ## Why it matters
    Somebody decided otherwise, and the platform goes on spending.

    ## Instead
    Pause it, or correct the status in its registration.
    """


def _days(seen: Observation) -> object:
    return f"{seen.starts} {seen.ends}"


_RUN: Final = partial(
    Facts,
    reads=OBJECTS,
    filing=Filing.RIGHT,
    of_a_word=False,
    guardrail="take dates, status and goal from the registration: canonry campaign build writes the sheets",
)
"""Of a rule on how a campaign is run; reports file it by its name."""

RULES: Final[tuple[AuditRule, ...]] = (
    AuditRule(
        "A501",
        "goal-differs",
        goal_differs,
        "0.1",
        Severity.WARNING,
        facts=_RUN(layer="platform", needs=(needs.GOALS,), about=lambda seen: seen.goal),
    ),
    AuditRule(
        "A502",
        "dates-differ",
        dates_differ,
        "0.1",
        Severity.WARNING,
        facts=_RUN(layer="registry", needs=(needs.DATES, needs.CAMPAIGNS), about=_days),
    ),
    AuditRule(
        "A503",
        "status-differs",
        status_differs,
        "0.1",
        facts=_RUN(layer="registry", needs=(needs.STATUS, needs.CAMPAIGNS), about=lambda seen: "runs"),
    ),
)
_RULE: Final = {rule.name: rule for rule in RULES}
TOLERANCE: Final = timedelta(days=1)
_NONE: Final = ("unspecified", "unknown", "noobjective", "none")
"""What platforms write where an object has no optimisation goal."""


def judged(
    seen: Observation, campaign: str, standard: Standard, owner: str, since: date | None = None
) -> Iterator[Finding]:
    """One campaign-level object against its registration. `since` is the first day that the source covers."""
    registered = standard.campaigns.get(campaign)
    if registered is None:
        return
    start, end = date.fromisoformat(str(registered.start)), date.fromisoformat(str(registered.end))
    account = standard.accounts.get(seen.account)
    there = account.time_zone if account is not None else registered.time_zone

    # Every moment of a day is outside, or nothing is said: platforms give days, not hours.
    def before(day: date | None) -> bool:
        return day is not None and _abroad(day, there, registered.time_zone, last=True) < start - TOLERANCE

    def after(day: date | None) -> bool:
        return day is not None and _abroad(day, there, registered.time_zone) > end + TOLERANCE

    outside = []
    if before(seen.starts):
        outside.append(f"begins on {seen.starts}, registered from {start}")
    if after(seen.ends):
        outside.append(f"ends on {seen.ends}, registered until {end}")
    if not outside and seen.weight.delivered:
        if before(seen.first_seen):
            outside.append(f"delivered on {seen.first_seen}, registered from {start}")
        if after(seen.last_seen):
            outside.append(f"delivered until {seen.last_seen}, registered until {end}")
    for message in outside:
        yield drift(
            _RULE["dates-differ"],
            seen,
            f"{registered.label}: {message} ({registered.time_zone})",
            owner=owner,
            do="correct the dates on the platform, or in the registration",
            values=(campaign, message.split(" ")[0]),
            campaign=campaign,
            place=standard.catalogue.sources.place(f"registry/campaigns/{campaign}.yaml", "/start"),
        )
    running = _runs(seen, standard.today, end if registered.status == "ended" else None, since)
    begun = registered.status == "planned" and bool(seen.weight.delivered)
    if begun or (running and registered.status in ("cancelled", "ended")):
        yield drift(
            _RULE["status-differs"],
            seen,
            f"{registered.label} is registered as {registered.status} and runs",
            owner=owner,
            do="pause it, or correct the status in its registration",
            values=(campaign, registered.status, "active"),
            campaign=campaign,
            place=standard.catalogue.sources.place(f"registry/campaigns/{campaign}.yaml", "/status"),
        )


def _runs(seen: Observation, today: date, ended: date | None, since: date | None) -> bool:
    """Whether a campaign runs, as far as can be told: one that ended within the read delivered in it, too."""
    if seen.status == "active" and (seen.ends is None or seen.ends >= today):
        return True
    if seen.status not in ("", "active") or not seen.weight.delivered:
        return False
    last = seen.last_seen or since
    return ended is None or (last is not None and last > ended + TOLERANCE)


def _abroad(day: date, there: str, here: str, *, last: bool = False) -> date:
    """The day in one time zone on which a day of another begins (or its last moment falls)."""
    if there == here:
        return day
    try:
        moment = datetime.combine(day + timedelta(days=last), time.min, ZoneInfo(there))
        return (moment - timedelta(microseconds=last)).astimezone(ZoneInfo(here)).date()
    except (ZoneInfoNotFoundError, ValueError, OverflowError):
        return day


def goal(seen: Observation, campaign: str, standard: Standard, owner: str) -> Iterator[Finding]:
    """An object's optimisation goal against the campaign's success metric and plan."""
    registered, platform = standard.campaigns.get(campaign), standard.platform(seen.platform)
    if registered is None or platform is None or not seen.goal:
        return
    metrics, metric = _served(seen, standard), registered.success.metric
    if metrics is None or metric in metrics or _as_planned(seen, campaign, standard):
        return
    serving = [word for word, served in platform.optimisation_goals.items() if metric in served]
    planned = [plan.optimisation_goal for plan in standard.plans(campaign, seen.platform)]
    wanted = next(filter(None, (*planned, *serving)), None)
    if wanted is None:
        return
    yield drift(
        _RULE["goal-differs"],
        seen,
        f"it optimises for {seen.goal}; {registered.label} is judged by {registered.success.metric}",
        owner=owner,
        do=f"{wanted} serves it; expect a new learning phase",
        correct=wanted,
        values=(campaign, seen.goal, wanted),
        campaign=campaign,
    )


def goal_unknown(seen: Observation, campaign: str, standard: Standard) -> bool:
    """Whether nobody can say what an object's optimisation goal serves, and it is not the planned one."""
    if (
        campaign not in standard.campaigns
        or not _plain(seen.goal)
        or standard.platform(seen.platform) is None
    ):
        return False
    if _plain(seen.goal).endswith(_NONE):
        return False
    return _served(seen, standard) is None and not _as_planned(seen, campaign, standard)


def _as_planned(seen: Observation, campaign: str, standard: Standard) -> bool:
    """Whether an object optimises for what a plan of the campaign says: search and video may differ."""
    goals = [plan.optimisation_goal for plan in standard.plans(campaign, seen.platform)]
    return any(_plain(goal) == _plain(seen.goal) for goal in goals if goal)


def _served(seen: Observation, standard: Standard) -> list[str] | None:
    """The metrics that an object's goal serves; None where the platform's file has no such goal."""
    platform = standard.platform(seen.platform)
    goals = platform.optimisation_goals.items() if platform is not None else ()
    return next((metrics for word, metrics in goals if _plain(word) == _plain(seen.goal)), None)


def _plain(word: str) -> str:
    return fold(word).replace("_", "").replace("-", "").replace(" ", "")
