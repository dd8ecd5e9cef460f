"""What a name or a link says of a campaign against what the campaign is registered with."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from canonry.audit.standard import Standard
    from canonry.catalogue.documents.campaign import Campaign

VARYING: Final = frozenset({"funnel_stage"})
"""Fields that a campaign registers and its objects may say otherwise, unless its `policy.never` has them.

Every other registered field says which campaign it is, whatever a registry calls it.
"""
TOLERANCE: Final = timedelta(days=1)
_SPAN: Final = re.compile(r"(?P<year>[0-9]{4})(?:-[Qq](?P<quarter>[1-4])|-(?P<month>[0-9]{2}))?\Z")


class Contradiction(NamedTuple):
    """A field, what is said, and what is registered."""

    field: str
    value: str
    said: str


def contradictions(
    standard: Standard,
    campaign: str,
    contract: str,
    fields: Mapping[str, Any],
    *,
    platform: str = "",
    varying: Container[str] = VARYING,
) -> Iterator[Contradiction]:
    """The fields of a name or link that say another thing than its campaign's registration.

    A word that has replaced another is the same thing; what any channel of the campaign fixes, and a market
    inside the registered ones, is none. A month or quarter that is not registered itself lies within the
    campaign's dates.
    """
    registered = standard.campaigns.get(campaign)
    if registered is None:
        return
    planned: dict[str, Any] = {"slug": registered.slug, **registered.fields}
    plan = standard.plan(campaign, platform) if platform else None
    if plan is not None:
        planned |= {name: value for name, value in plan.fields.items() if name in fields}
    never = registered.policy.never if registered.policy is not None else ()
    telling = [name for name in ("slug", *registered.fields, *sorted(standard.dated)) if name not in varying]
    for name in dict.fromkeys((*telling, *never)):
        value, said = fields.get(name), planned.get(name)
        if value is None or isinstance(value, dict):
            continue
        text = str(value)
        if said is None:
            if name in standard.dated and (span := _span(text)) and not _meets(span, registered):
                yield Contradiction(name, text, f"{registered.start} to {registered.end}")
            continue
        if text == str(said):
            continue  # as of nearly every name
        mine = standard.now(contract, name, text)
        allowed = [said, *(each.fields[name] for each in registered.channels if name in each.fields)]
        if name == "market":
            allowed += [*registered.markets, *(each for plan in registered.channels for each in plan.markets)]
        if any(mine == standard.now(contract, name, str(each)) for each in allowed):
            continue
        if standard.is_place(contract, name) and any(standard.covers(str(each), mine) for each in allowed):
            continue
        if name == "quarter" and (span := _span(text)) and _meets(span, registered):
            continue
        yield Contradiction(name, text, str(said))


def _span(text: str) -> tuple[date, date] | None:
    """The days that a year, quarter, month or day stands for."""
    match = _SPAN.match(text)
    try:
        if match is None:
            day = date.fromisoformat(text)
            return day, day
        year, first, months = int(match["year"]), 1, 12
        if match["quarter"]:
            first, months = 3 * int(match["quarter"]) - 2, 3
        elif match["month"]:
            first, months = int(match["month"]), 1
        last = first + months
        return date(year, first, 1), date(year + last // 13, last % 13 or 1, 1) - timedelta(days=1)
    except ValueError:
        return None


def _meets(span: tuple[date, date], registered: Campaign) -> bool:
    start, end = (date.fromisoformat(str(day)) for day in (registered.start, registered.end))
    return span[0] <= end + TOLERANCE and span[1] >= start - TOLERANCE
