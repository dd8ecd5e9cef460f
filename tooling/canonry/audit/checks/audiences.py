"""Audiences on platforms against the segments that are to fill them, by mechanism."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Final

from canonry.audit import needs
from canonry.audit.drift import drift
from canonry.audit.observation import GONE, Level, Observation
from canonry.audit.rule import AuditRule, Facts, Filing
from canonry.audit.standard import Promise, Standard
from canonry.kernel.findings import Finding
from canonry.kernel.findings import Level as Severity
from canonry.kernel.jsonvalue import Json


def audience_window_differs() -> None:
    """An audience keeps people for another time than its segment declares.

    ## Why it matters
    "Left a cart in the last 3 days" that silently became 30 shows the reminder to people who have long
    bought, and three weeks of frequency are paid for.

    ## Instead
    The declared window. Where the platform cannot change it (a GA4 audience's duration is immutable): create
    a new audience, swap it in wherever the old one is used, archive the old one.
    """


def audience_recency_differs() -> None:
    """An ad group uses an audience with another recency than its segment declares.

    ## Why it matters
    The list is right and the ad group reaches further back, or less far, than was planned.

    ## Instead
    Set the recency on the targeting, not on the audience.
    """


def audience_sync_late() -> None:
    """A list was last sent longer ago than is promised.

    ## Why it matters
    Buyers keep seeing ads, and people who withdrew their consent stay in the list.

    ## Instead
    Look at the sync's log in the tool that sends it; an expired credential is the usual cause.
    """


def audience_unregistered() -> None:
    """A platform has an audience that no segment registers.

    ## Why it matters
    Nobody answers for who is in it and on which consent it rests.

    ## Instead
    Add it as a destination of its segment, or archive it.
    """


def audience_missing() -> None:
    """A segment's contract names an audience that the platform does not have.

    ## Why it matters
    Ad groups that exclude it exclude nobody.

    ## Instead
    Create the audience, or take the destination out of the contract.
    """


def audience_dead() -> None:
    """A registered audience has no members, or is switched off.

    ## Why it matters
    Whatever targets it reaches nobody, and whatever excludes it excludes nobody.

    ## Instead
    See why it is empty: consent, a renamed event, a sync that stopped. If it is not needed any more, retire
    its destination.
    """


def audience_twice() -> None:
    """The same audience stands twice in one account.

    ## Why it matters
    Each is kept up by somebody else or by nobody; ad groups use one, exclusions the other.

    ## Instead
    Keep the one that is in use, swap it in for the other, archive the other.
    """


def _window(seen: Observation) -> object:
    return seen.upkeep.window if seen.upkeep else None


def _recency_of(seen: Observation) -> object:
    return seen.upkeep.recency if seen.upkeep else None


_AUDIENCE: Final = partial(
    Facts,
    reads=frozenset({Level.AUDIENCE, Level.TARGETING}),
    filing=Filing.WRONG,
    of_a_word=False,
    guardrail="create audiences from the segment's contract (canonry show), "
    "and let one team per platform do it",
)

RULES: Final[tuple[AuditRule, ...]] = (
    AuditRule(
        "A301",
        "audience-window-differs",
        audience_window_differs,
        "0.1",
        facts=_AUDIENCE(
            layer="segment",
            needs=(needs.WINDOWS,),
            about=_window,
            guardrail="set audience windows by API or template, not by hand",
            metric="audience-window-drift",
        ),
    ),
    AuditRule(
        "A302",
        "audience-recency-differs",
        audience_recency_differs,
        "0.1",
        Severity.WARNING,
        facts=_AUDIENCE(
            layer="segment", needs=(needs.RECENCY,), about=_recency_of, metric="audience-window-drift"
        ),
    ),
    AuditRule(
        "A303",
        "audience-sync-late",
        audience_sync_late,
        "0.1",
        facts=_AUDIENCE(
            layer="sync",
            needs=(needs.SYNCS,),
            about=lambda seen: "late",
            guardrail="let the sync tool alert on a failed run",
        ),
    ),
    AuditRule(
        "A304",
        "audience-unregistered",
        audience_unregistered,
        "0.1",
        Severity.WARNING,
        facts=_AUDIENCE(layer="segment", rests="the audience itself", about=None),
    ),
    AuditRule(
        "A305",
        "audience-missing",
        audience_missing,
        "0.1",
        Severity.WARNING,
        facts=_AUDIENCE(layer="sync", needs=(needs.AUDIENCES,), about=None),
    ),
    AuditRule(
        "A306",
        "audience-dead",
        audience_dead,
        "0.1",
        Severity.WARNING,
        facts=_AUDIENCE(layer="consent", needs=(needs.AUDIENCES,), about=lambda seen: "dead"),
    ),
    AuditRule(
        "A307",
        "audience-twice",
        audience_twice,
        "0.1",
        Severity.WARNING,
        facts=_AUDIENCE(layer="segment", needs=(needs.AUDIENCES,), about=None),
    ),
)
_RULE: Final = {rule.name: rule for rule in RULES}


def judged(
    seen: Observation, standard: Standard, account: str, promise: Promise | None, owner: str
) -> Iterator[Finding]:
    """One audience, or its use in a targeting, against what is promised of it."""
    upkeep = seen.upkeep
    if seen.status in GONE:
        return  # whether another one has taken its place only the whole list tells
    if promise is None:
        if seen.level is Level.AUDIENCE and standard.promises:
            yield drift(
                _RULE["audience-unregistered"],
                seen,
                "no segment registers this audience",
                owner=owner,
                do="add it to the destinations of its segment, or archive it",
                values=(account,),
            )
        return
    declared, segment = promise.destination, promise.contract.id.name
    if upkeep is None:
        return
    if seen.level is Level.TARGETING:
        yield from _recency(seen, promise, owner)
        return
    empty = upkeep.members == 0
    if empty:
        yield dead(seen, promise, owner, "has no members")
    if (
        declared.window_days is not None
        and upkeep.window is not None
        and upkeep.window != declared.window_days
    ):
        yield drift(
            _RULE["audience-window-differs"],
            seen,
            f"it keeps people {_days(upkeep.window)}; {segment} declares {_days(declared.window_days)}",
            owner=owner,
            do=_change_of_window(seen, standard, promise),
            correct=str(declared.window_days),
            sheet="window",
            values=(str(promise.contract.id), str(upkeep.window), str(declared.window_days)),
        )
    yield from _sync(seen, standard, promise, owner, dead=empty)


def dead(seen: Observation, promise: Promise, owner: str, why: str) -> Finding:
    """A registered audience that reaches nobody."""
    return drift(
        _RULE["audience-dead"],
        seen,
        f"the audience of {promise.contract.id.name} {why}",
        owner=owner,
        do="see consent, events and the last sync; or retire the destination",
        values=(str(promise.contract.id), "dead"),
    )


def rule_of(text: str) -> str:
    """A membership rule as a text that is the same for rules that let in the same people, as far as is plain.

    The order of conditions decides nothing, but for the steps of a sequence.
    """
    try:
        return json.dumps(_sorted(json.loads(text), ordered=False), ensure_ascii=False)
    except (ValueError, RecursionError):
        return " ".join(text.split())


def _sorted(value: Json, *, ordered: bool) -> Json:
    if isinstance(value, dict):
        told = {
            key: _sorted(each, ordered="step" in key.casefold() or "sequence" in key.casefold())
            for key, each in value.items()
        }
        return dict(sorted(told.items()))
    if isinstance(value, list):
        found = [_sorted(each, ordered=False) for each in value]
        return found if ordered else sorted(found, key=json.dumps)
    return value


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}" if number else "for as long as the platform can"


def _change_of_window(seen: Observation, standard: Standard, promise: Promise) -> str:
    """What the platform allows."""
    wanted = promise.destination.window_days
    window = standard.window(seen.platform, promise.destination.mechanism)
    if window is not None and window.immutable:
        return (
            f"{standard.label(seen.platform)} cannot change it: create the audience anew with {wanted} days, "
            "swap it in wherever this one is used, archive this one"
        )
    field = f" ({window.field})" if window is not None and window.field else ""
    return f"set it to {wanted} days{field}"


def _recency(seen: Observation, promise: Promise, owner: str) -> Iterator[Finding]:
    upkeep, declared = seen.upkeep, promise.destination.window_days
    if upkeep is None or upkeep.recency is None or declared is None or upkeep.recency == declared:
        return
    segment, user = promise.contract.id.name, seen.parents.get("ad_group", "the ad group")
    yield drift(
        _RULE["audience-recency-differs"],
        seen,
        f"used with a recency of {_days(upkeep.recency)}; {segment} declares {_days(declared)}",
        owner=owner,
        do=f"set the recency to {declared} days on the targeting of {user}",
        correct=str(declared),
        values=(str(promise.contract.id), str(upkeep.recency), str(declared)),
    )


def _sync(
    seen: Observation, standard: Standard, promise: Promise, owner: str, *, dead: bool
) -> Iterator[Finding]:
    upkeep, promised = seen.upkeep, promise.sync_hours
    if upkeep is None or promised is None or dead:
        return
    interval = promise.destination.sync or promise.contract.meta.refresh
    if upkeep.synced is not None:
        days = standard.days_since(upkeep.synced)
        allowed = max(1, -(-int(promised) // 24))
        if days > allowed:
            yield drift(
                _RULE["audience-sync-late"],
                seen,
                f"{promise.contract.id.name} was last sent {days} days ago; promised every {interval}",
                owner=owner,
                do="look at the sync's log in the tool that sends it, and at its credential",
                values=(str(promise.contract.id), "late"),
            )
            return
    if upkeep.refresh is not None and upkeep.refresh > promised:
        yield drift(
            _RULE["audience-sync-late"],
            seen,
            f"{promise.contract.id.name} is sent every {upkeep.refresh} hours; promised every {interval}",
            owner=owner,
            do=f"set the sync to {interval}",
            values=(str(promise.contract.id), "interval", str(upkeep.refresh)),
        )


def twice(seen: Observation, other: Observation, why: str, owner: str) -> Finding:
    """Two audiences of one account that are the same."""
    return drift(
        _RULE["audience-twice"],
        seen,
        f"it is the same as {other.name or other.id}: {why}",
        owner=owner,
        do=f"keep one: swap it in wherever {seen.name or seen.id} is used, archive the other",
        values=(why,),
        beside=other,
    )


def missing(promise: Promise, standard: Standard, source: str) -> Finding:
    """A promised audience that a complete list of the account does not have."""
    declared = promise.destination
    label = standard.label(declared.platform)
    number = promise.contract.meta.destinations.index(declared)
    seen = Observation(
        source,
        declared.platform,
        Level.AUDIENCE,
        account=declared.account or "",
        id=declared.audience_id or declared.audience,
        name=declared.audience,
    )
    return drift(
        _RULE["audience-missing"],
        seen,
        f"{promise.contract.id.name} names {declared.audience}, which {label} does not have",
        owner=promise.contract.meta.owner,
        do="create it, or take the destination out of the contract",
        values=(str(promise.contract.id), declared.audience),
        place=promise.contract.place(f"/x-contract/destinations/{number}"),
    )
