"""What a name or a link says of a campaign against what the campaign is registered with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from canonry.audit.standard import Standard
    from canonry.catalogue.documents.campaign import Campaign

COMPARED: Final = ("brand", "market", "objective", "slug", "flight", "quarter", "product_line", "language")
"""Fields that say which campaign it is. A campaign's `policy.never` may list more."""
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
    compared: Iterable[str] = COMPARED,
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
    for name in dict.fromkeys((*compared, *never)):
        value, said = fields.get(name), planned.get(name)
        if value is None or isinstance(value, dict):
            continue
        text = str(value)
        if said is None:
            if name in standard.dated and (span := _span(text)) and not _meets(span, registered):
                yield Contradiction(name, text, f"{registered.start} to {registered.end}")
            continue
        mine = standard.now(contract, name, text)
        allowed = [said, *(each.fields[name] for each in registered.channels if name in each.fields)]
        if name == "market":
            allowed += [*registered.markets, *(each for plan in registered.channels for each in plan.markets)]
        if any(mine == standard.now(contract, name, str(each)) for each in allowed):
            continue
        if name == "market" and any(standard.covers(str(each), mine) for each in allowed):
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
