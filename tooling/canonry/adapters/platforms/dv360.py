"""Display & Video 360: the API v4. Names, schedules, exit addresses, audiences, their recency in targeting.

The API reports no delivery; whoever wants costs reads a report as a file beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from canonry.adapters.answers import members
from canonry.adapters.apis import (
    Account,
    Api,
    Connection,
    Environment,
    Seen,
    Surface,
    Thing,
)
from canonry.adapters.google import VARIABLES, connected
from canonry.adapters.members import day, identity, text, whole
from canonry.adapters.paging import pages
from canonry.adapters.rest import Rest
from canonry.audit.observation import Level, Upkeep
from canonry.audit.source import Period, Tells

SCOPE: Final = "https://www.googleapis.com/auth/display-video"
PAGE: Final = 200
BATCH: Final = 100
"""Line items a request for targeting: their ids stand in the address, which has a limit."""
NO_END: Final = 10_000
_STATUS: Final = {
    "ENTITY_STATUS_ACTIVE": "active",
    "ENTITY_STATUS_PAUSED": "paused",
    "ENTITY_STATUS_DRAFT": "paused",
    "ENTITY_STATUS_ARCHIVED": "ended",
    "ENTITY_STATUS_SCHEDULED_FOR_DELETION": "removed",
}
_RECENCY: Final = re.compile(r"RECENCY_(\d+)_(MINUTE|HOUR|DAY)S?")
_MECHANISM: Final = {
    "CUSTOMER_MATCH_CONTACT_INFO": "list_sync",
    "CUSTOMER_MATCH_DEVICE_ID": "list_sync",
    "CUSTOMER_MATCH_USER_ID": "list_sync",
    "ACTIVITY_BASED": "platform_rule",
    "TAG_BASED": "platform_rule",
    "FREQUENCY_CAP": "platform_rule",
}


def connect(host: str, environment: Environment, account: Account) -> Rest:
    """The account's id is the advertiser's."""
    return connected("dv360", host, environment, SCOPE)


def _listed(connection: Connection, collection: str) -> Iterator[dict[str, Any]]:
    path = f"/v4/advertisers/{connection.account.segment}/{collection}"
    return _all(connection, path, collection, {})


def _all(
    connection: Connection, path: str, collection: str, params: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    rest = connection.rest
    return pages(
        rest,
        path,
        lambda token, size: rest.get(
            path, {"pageSize": size, **params, **({"pageToken": token} if token else {})}, size="pageSize"
        ),
        lambda document: rest.listed(document, collection, path, optional=True),
        lambda document: document.get("nextPageToken"),
        size=PAGE,
    )


def _status(thing: Mapping[str, Any]) -> str:
    return _STATUS.get(str(thing.get("entityStatus")), "")


def _campaigns(connection: Connection, period: Period) -> Iterator[Any]:
    return _listed(connection, "campaigns")


def _campaign(connection: Connection, each: Thing) -> Seen:
    planned = (each.get("campaignFlight") or {}).get("plannedDates") or {}
    yield connection.seen(
        Level.CAMPAIGN,
        native="campaign",
        id=identity(each, "campaignId"),
        name=text(each, "displayName"),
        status=_status(each),
        starts=day(planned.get("startDate")),
        ends=day(planned.get("endDate")),
        goal=text(each.get("campaignGoal") or {}, "campaignGoalType"),
    )


def _orders(connection: Connection, period: Period) -> Iterator[Any]:
    return _listed(connection, "insertionOrders")


def _order(connection: Connection, each: Thing) -> Seen:
    segments = list(members(each.get("budget"), "budgetSegments"))
    ranges = [segment.get("dateRange") or {} for segment in segments]
    starts = [found for one in ranges if (found := day(one.get("startDate")))]
    ends = [found for one in ranges if (found := day(one.get("endDate")))]
    yield connection.seen(
        Level.AD_GROUP,
        native="insertion_order",
        id=identity(each, "insertionOrderId"),
        name=text(each, "displayName"),
        value=text(each.get("kpi") or {}, "kpiType"),
        status=_status(each),
        parents={"campaign": text(each, "campaignId")},
        starts=min(starts, default=None),
        ends=max(ends, default=None),
        goal=text(each, "optimizationObjective"),
    )


def _line_items(connection: Connection, period: Period) -> Iterator[Any]:
    return _listed(connection, "lineItems")


def _line_item(connection: Connection, each: Thing) -> Seen:
    dates = (each.get("flight") or {}).get("dateRange") or {}
    yield connection.seen(
        Level.AD_GROUP,
        native="line_item",
        id=identity(each, "lineItemId"),
        name=text(each, "displayName"),
        value=text(each, "lineItemType"),
        status=_status(each),
        parents={
            "campaign": text(each, "campaignId"),
            "insertion_order": text(each, "insertionOrderId"),
        },
        starts=day(dates.get("startDate")),
        ends=day(dates.get("endDate")),
    )


def _creatives(connection: Connection, period: Period) -> Iterator[Any]:
    return _listed(connection, "creatives")


def _creative(connection: Connection, each: Thing) -> Seen:
    identifier, name, status = identity(each, "creativeId"), text(each, "displayName"), _status(each)
    yield connection.seen(Level.AD, native="creative", id=identifier, name=name, status=status)
    for number, exit_event in enumerate(members(each, "exitEvents")):
        if exit_event.get("url"):
            yield connection.seen(
                Level.LINK,
                native="creative",
                id=f"{identifier}/{number}",
                name=name,
                value=identity(exit_event, "url"),
                status=status,
                parents={"creative": identifier},
            )


def _audiences(connection: Connection, period: Period) -> Iterator[Any]:
    collection = "firstPartyAndPartnerAudiences"
    advertiser = {"advertiserId": connection.account.id}
    return _all(connection, f"/v4/{collection}", collection, advertiser)


def _audience(connection: Connection, each: Thing) -> Seen:
    days = whole(each.get("membershipDurationDays"))
    upkeep = Upkeep(
        window=None if days is None else days % NO_END,
        mechanism=_MECHANISM.get(str(each.get("audienceType")), ""),
        members=whole(each.get("displayAudienceSize")),
    )
    yield connection.seen(
        Level.AUDIENCE,
        native="audience",
        id=identity(each, "firstPartyAndPartnerAudienceId"),
        name=text(each, "displayName"),
        value=text(each, "audienceType"),
        upkeep=upkeep,
    )


def _targetings(connection: Connection, period: Period) -> Iterator[Any]:
    items = (identity(each, "lineItemId") for each in _listed(connection, "lineItems"))
    path = f"/v4/advertisers/{connection.account.segment}/lineItems:bulkListAssignedTargetingOptions"
    while batch := list(islice(items, BATCH)):
        params = {"lineItemIds": batch, "filter": 'targetingType="TARGETING_TYPE_AUDIENCE_GROUP"'}
        yield from _all(connection, path, "lineItemAssignedTargetingOptions", params)


def _targeting(connection: Connection, each: Thing) -> Seen:
    item = identity(each, "lineItemId")
    details = (each.get("assignedTargetingOption") or {}).get("audienceGroupDetails") or {}
    groups = [
        *(("included", g) for g in members(details, "includedFirstPartyAndPartnerAudienceGroups")),
        ("excluded", details.get("excludedFirstPartyAndPartnerAudienceGroup") or {}),
    ]
    for use, group in groups:
        for setting in members(group, "settings"):
            audience = identity(setting, "firstPartyAndPartnerAudienceId")
            yield connection.seen(
                Level.TARGETING,
                native="line_item",
                id=f"{item}/{audience}",
                value=use,
                parents={"ad_group": item, "audience": audience},
                upkeep=Upkeep(recency=_days(text(setting, "recency"))),
            )


def _days(recency: str) -> int | None:
    """Days of an enum such as `RECENCY_30_DAYS`, at least one; None for "no limit"."""
    found = _RECENCY.fullmatch(recency)
    if found is None:
        return None
    number = int(found[1])
    return {"MINUTE": 1, "HOUR": max(1, number // 24), "DAY": number}[found[2]]


API: Final = Api(
    platform="dv360",
    host="https://displayvideo.googleapis.com",
    connect=connect,
    variables=VARIABLES,
    surfaces=(
        Surface("campaigns", frozenset({Level.CAMPAIGN}), _campaigns, _campaign),
        Surface("insertion orders", frozenset({Level.AD_GROUP}), _orders, _order),
        Surface("line items", frozenset({Level.AD_GROUP}), _line_items, _line_item),
        Surface("creatives", frozenset({Level.AD, Level.LINK}), _creatives, _creative),
        Surface("audiences", frozenset({Level.AUDIENCE}), _audiences, _audience),
        Surface("audience targeting", frozenset({Level.TARGETING}), _targetings, _targeting),
    ),
    tells=frozenset(
        {
            *(Tells.STATUS, Tells.DATES, Tells.LINKS, Tells.WINDOW, Tells.RECENCY, Tells.GOAL),
            *(Tells.PARENTS, Tells.ALL),
        }
    ),
)
