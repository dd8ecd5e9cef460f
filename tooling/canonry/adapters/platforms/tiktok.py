"""TikTok: the Business API v1.3. Every answer is HTTP 200; `code` says whether it is one.

A rate limit is code 40100 (per app) or 40016, a fault on their side 50000 and above.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from canonry.adapters.answers import EXPIRED, ApiError, Conventions
from canonry.adapters.apis import (
    Account,
    Api,
    Connection,
    Environment,
    Seen,
    Surface,
    Thing,
    days_between,
    required,
    weighed,
)
from canonry.adapters.members import day, identity, money, text, texts, whole
from canonry.adapters.paging import positioned
from canonry.adapters.rest import Rest
from canonry.audit.observation import Level, Upkeep, Weight
from canonry.audit.source import Period, Tells

PREFIX: Final = "/open_api/v1.3"
PAGE: Final = 1000
AUDIENCE_PAGE: Final = 100
BATCH: Final = 100
"""Ids that a report takes; unfiltered it ends after 10,000 ads."""
BUSY: Final = frozenset({40016, 40100, 40133})
FAULT: Final = 50_000
_EXPIRED: Final = frozenset({40001, 40102, 40104, 40105})
_STATUS: Final = {"ENABLE": "active", "DISABLE": "paused", "DELETE": "removed"}
_LISTS: Final = frozenset({"CUSTOMER_FILE", "PARTNER", "OFFLINE", "FILE"})


def connect(host: str, environment: Environment, account: Account) -> Rest:
    """The account's id is the advertiser's."""
    (token,) = required("tiktok", environment, "TIKTOK_ACCESS_TOKEN")
    return Rest(
        "tiktok",
        host,
        headers={"Access-Token": token},
        secrets=(token,),
        conventions=CONVENTIONS,
    )


def _busy(status: int, document: Any) -> bool:
    code = document.get("code") if isinstance(document, dict) else None
    return isinstance(code, int) and (code in BUSY or code >= FAULT)


def _explained(document: Any) -> str | None:
    if not isinstance(document, dict):
        return None
    return f"{document.get('message', '')} (code {document.get('code', '?')})".strip()


def _expired(status: int, document: Any) -> bool:
    return status == EXPIRED or (isinstance(document, dict) and document.get("code") in _EXPIRED)


CONVENTIONS: Final = Conventions(
    explain=_explained,
    busy=_busy,
    expired=_expired,
    renewal="TikTok renews no token without a person: let this advertiser authorise the app once more",
)


def _pages(
    connection: Connection, path: str, params: Mapping[str, Any], size: int = PAGE
) -> Iterator[dict[str, Any]]:
    def following(data: Any, number: int, found: int) -> int | None:
        return number + 1 if number < (whole(data["page_info"]["total_page"]) or 0) else None

    def still(data: Any) -> Any:
        named = [[value for key, value in each.items() if key.endswith("_id")] for each in data["list"]]
        return data["page_info"].get("total_number"), named

    return positioned(
        connection.rest,
        PREFIX + path,
        lambda number: _data(connection, path, {**params, "page": number, "page_size": size}),
        lambda data: connection.rest.listed(data, "list", PREFIX + path),
        following,
        still,
    )


def _data(connection: Connection, path: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """What an answer holds. Raises `ApiError` for one that is no answer."""
    document = connection.rest.get(PREFIX + path, params)
    data = document.get("data") if isinstance(document, dict) and document.get("code") == 0 else None
    if not isinstance(data, dict):
        raise ApiError("tiktok", PREFIX + path, _explained(document) or "no answer")
    return data


def _listed(connection: Connection, path: str, size: int = PAGE) -> Iterator[dict[str, Any]]:
    return _pages(connection, path, {"advertiser_id": connection.account.id}, size)


def _weighed(
    connection: Connection, period: Period, level: str, key: str, path: str
) -> Iterator[tuple[Thing, Weight]]:
    """Everything at `path`, whose id is `key`, with its delivery in the period."""
    things = _listed(connection, path)
    days = days_between(period)
    currency = _currency(connection)

    def weights(numbers: list[str]) -> dict[str, Weight]:
        chosen = orjson.dumps(numbers).decode()
        listed = [{"field_name": f"{key}s", "filter_type": "IN", "filter_value": chosen}]
        params = {
            "advertiser_id": connection.account.id,
            "report_type": "BASIC",
            "data_level": level,
            "dimensions": orjson.dumps([key]).decode(),
            "metrics": orjson.dumps(["spend", "impressions", "clicks"]).decode(),
            "filtering": orjson.dumps(listed).decode(),
            "start_date": days[0],
            "end_date": days[1],
        }
        found = {}
        for row in _pages(connection, "/report/integrated/get/", params):
            metrics = row.get("metrics") or {}
            found[identity(row["dimensions"], key)] = Weight(
                cost=money(metrics.get("spend")),
                currency=currency,
                impressions=whole(metrics.get("impressions")),
                clicks=whole(metrics.get("clicks")),
            )
        return found

    return weighed(things, lambda each: identity(each, key), weights, BATCH)


def _currency(connection: Connection) -> str:
    path = "/advertiser/info/"
    params = {
        "advertiser_ids": orjson.dumps([connection.account.id]).decode(),
        "fields": orjson.dumps(["currency"]).decode(),
    }
    listed = connection.rest.listed(_data(connection, path, params), "list", PREFIX + path)
    return next((text(each, "currency") for each in listed), "")


def _status(thing: Mapping[str, Any]) -> str:
    return _STATUS.get(str(thing.get("operation_status")), "")


def _campaigns(connection: Connection, period: Period) -> Iterator[Any]:
    return _weighed(connection, period, "AUCTION_CAMPAIGN", "campaign_id", "/campaign/get/")


def _campaign(connection: Connection, thing: tuple[Thing, Weight]) -> Seen:
    each, weight = thing
    identifier = identity(each, "campaign_id")
    yield connection.seen(
        Level.CAMPAIGN,
        native="campaign",
        id=identifier,
        name=text(each, "campaign_name"),
        value=text(each, "objective_type"),
        status=_status(each),
        weight=weight,
    )


def _ad_groups(connection: Connection, period: Period) -> Iterator[Any]:
    return _weighed(connection, period, "AUCTION_ADGROUP", "adgroup_id", "/adgroup/get/")


def _ad_group(connection: Connection, thing: tuple[Thing, Weight]) -> Seen:
    each, weight = thing
    identifier = identity(each, "adgroup_id")
    parents = {"campaign": text(each, "campaign_id")}
    status = _status(each)
    yield connection.seen(
        Level.AD_GROUP,
        native="ad_group",
        id=identifier,
        name=text(each, "adgroup_name"),
        value=text(each, "optimization_event"),
        status=status,
        parents=parents,
        weight=weight,
        starts=day(each.get("schedule_start_time")),
        ends=day(each.get("schedule_end_time")) if each.get("schedule_type") != "SCHEDULE_FROM_NOW" else None,
        goal=text(each, "optimization_goal"),
    )
    for use, key in (("included", "audience_ids"), ("excluded", "excluded_audience_ids")):
        for audience in texts(each, key):
            yield connection.seen(
                Level.TARGETING,
                native="ad_group",
                id=f"{identifier}/{audience}",
                value=use,
                status=status,
                parents={**parents, "ad_group": identifier, "audience": audience},
            )


def _ads(connection: Connection, period: Period) -> Iterator[Any]:
    return _weighed(connection, period, "AUCTION_AD", "ad_id", "/ad/get/")


def _ad(connection: Connection, thing: tuple[Thing, Weight]) -> Seen:
    each, weight = thing
    identifier, name = identity(each, "ad_id"), text(each, "ad_name")
    parents = {"campaign": text(each, "campaign_id"), "ad_group": text(each, "adgroup_id")}
    status = _status(each)
    yield connection.seen(
        Level.AD, native="ad", id=identifier, name=name, status=status, parents=parents, weight=weight
    )
    if each.get("landing_page_url"):
        yield connection.seen(
            Level.LINK,
            native="ad",
            id=f"{identifier}/0",
            name=name,
            value=identity(each, "landing_page_url"),
            status=status,
            parents={**parents, "ad": identifier},
            weight=weight,
        )


def _audiences(connection: Connection, period: Period) -> Iterator[Any]:
    return _listed(connection, "/dmp/custom_audience/list/", AUDIENCE_PAGE)


def _audience(connection: Connection, each: Thing) -> Seen:
    kind = text(each, "audience_type")
    upkeep = Upkeep(
        window=whole(each.get("retention_in_days")),
        mechanism="list_sync" if kind.upper() in _LISTS else "platform_rule",
        members=whole(each.get("cover_num")),
        rule=str(each.get("rule") or ""),
    )
    yield connection.seen(
        Level.AUDIENCE,
        native="audience",
        id=identity(each, "audience_id" if each.get("audience_id") else "custom_audience_id"),
        name=text(each, "name"),
        value=kind,
        status="ended" if each.get("is_expired") else "",
        upkeep=upkeep,
    )


API: Final = Api(
    platform="tiktok",
    host="https://business-api.tiktok.com",
    connect=connect,
    variables=("TIKTOK_ACCESS_TOKEN",),
    surfaces=(
        Surface("campaigns", frozenset({Level.CAMPAIGN}), _campaigns, _campaign),
        Surface("ad groups", frozenset({Level.AD_GROUP, Level.TARGETING}), _ad_groups, _ad_group),
        Surface("ads", frozenset({Level.AD, Level.LINK}), _ads, _ad),
        Surface("custom audiences", frozenset({Level.AUDIENCE}), _audiences, _audience),
    ),
    tells=frozenset(
        {
            *(Tells.STATUS, Tells.COST, Tells.DATES, Tells.LINKS, Tells.WINDOW, Tells.GOAL),
            *(Tells.PARENTS, Tells.ALL),
        }
    ),
)
