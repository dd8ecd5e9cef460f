"""TikTok: the Business API v1.3. Every answer is HTTP 200; `code` says whether it is one.

A rate limit is code 40100 (per app) or 40016, a fault on their side 50000 and above.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from canonry.adapters.apis import (
    Account,
    Api,
    Connection,
    Environment,
    Seen,
    Surface,
    Thing,
    day,
    days_between,
    money,
    required,
    weighed,
    whole,
)
from canonry.adapters.rest import ApiError, Rest, members, numbered
from canonry.audit.observation import Level, Upkeep, Weight
from canonry.audit.source import Period, Tells

PREFIX: Final = "/open_api/v1.3"
PAGE: Final = 1000
AUDIENCE_PAGE: Final = 100
BATCH: Final = 100
"""Ids that a report takes; unfiltered it ends after 10,000 ads."""
BUSY: Final = frozenset({40016, 40100, 40133})
FAULT: Final = 50_000
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
        busy=_busy,
        explain=_explained,
    )


def _busy(status: int, document: Any) -> bool:
    code = document.get("code") if isinstance(document, dict) else None
    return isinstance(code, int) and (code in BUSY or code >= FAULT)


def _explained(document: Any) -> str | None:
    if not isinstance(document, dict):
        return None
    return f"{document.get('message', '')} (code {document.get('code', '?')})".strip()


def _pages(
    connection: Connection, path: str, params: Mapping[str, Any], size: int = PAGE
) -> Iterator[dict[str, Any]]:
    def fetch(number: int) -> dict[str, Any]:
        document = connection.rest.get(PREFIX + path, {**params, "page": number, "page_size": size})
        if document.get("code") != 0:
            raise ApiError("tiktok", PREFIX + path, _explained(document) or "no answer")
        data: dict[str, Any] = document.get("data") or {}
        return data

    for data in numbered(fetch, lambda data: int((data.get("page_info") or {}).get("total_page") or 0)):
        yield from members(data, "list")


def _listed(connection: Connection, path: str, size: int = PAGE) -> Iterator[dict[str, Any]]:
    return _pages(connection, path, {"advertiser_id": connection.account.id}, size)


def _weighed(
    connection: Connection, period: Period, level: str, key: str, path: str
) -> Iterator[tuple[Thing, Weight]]:
    """Everything at `path`, whose id is `key`, with its delivery in the period."""
    things = _listed(connection, path)
    days = days_between(period)
    if days is None:
        return weighed(things, lambda each: str(each[key]), None, BATCH)
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
            found[str(row["dimensions"][key])] = Weight(
                cost=money(metrics.get("spend")),
                currency=currency,
                impressions=whole(metrics.get("impressions")),
                clicks=whole(metrics.get("clicks")),
            )
        return found

    return weighed(things, lambda each: str(each[key]), weights, BATCH)


def _currency(connection: Connection) -> str:
    path = f"{PREFIX}/advertiser/info/"
    document = connection.rest.get(
        path,
        {
            "advertiser_ids": orjson.dumps([connection.account.id]).decode(),
            "fields": orjson.dumps(["currency"]).decode(),
        },
    )
    return next((str(each.get("currency", "")) for each in members(document.get("data"), "list")), "")


def _status(thing: Mapping[str, Any]) -> str:
    return _STATUS.get(str(thing.get("operation_status")), "")


def _campaigns(connection: Connection, period: Period) -> Seen:
    for each, weight in _weighed(connection, period, "AUCTION_CAMPAIGN", "campaign_id", "/campaign/get/"):
        identifier = str(each["campaign_id"])
        yield connection.seen(
            Level.CAMPAIGN,
            native="campaign",
            id=identifier,
            name=str(each.get("campaign_name", "")),
            value=str(each.get("objective_type", "")),
            status=_status(each),
            weight=weight,
        )


def _ad_groups(connection: Connection, period: Period) -> Seen:
    for each, weight in _weighed(connection, period, "AUCTION_ADGROUP", "adgroup_id", "/adgroup/get/"):
        identifier = str(each["adgroup_id"])
        parents = {"campaign": str(each.get("campaign_id", ""))}
        status = _status(each)
        yield connection.seen(
            Level.AD_GROUP,
            native="ad_group",
            id=identifier,
            name=str(each.get("adgroup_name", "")),
            value=str(each.get("optimization_event") or ""),
            status=status,
            parents=parents,
            weight=weight,
            starts=day(each.get("schedule_start_time")),
            ends=day(each.get("schedule_end_time"))
            if each.get("schedule_type") != "SCHEDULE_FROM_NOW"
            else None,
            goal=str(each.get("optimization_goal", "")),
        )
        for use, key in (("included", "audience_ids"), ("excluded", "excluded_audience_ids")):
            for audience in each.get(key) or ():
                yield connection.seen(
                    Level.TARGETING,
                    native="ad_group",
                    id=f"{identifier}/{audience}",
                    value=use,
                    status=status,
                    parents={**parents, "ad_group": identifier, "audience": str(audience)},
                )


def _ads(connection: Connection, period: Period) -> Seen:
    for each, weight in _weighed(connection, period, "AUCTION_AD", "ad_id", "/ad/get/"):
        identifier, name = str(each["ad_id"]), str(each.get("ad_name", ""))
        parents = {"campaign": str(each.get("campaign_id", "")), "ad_group": str(each.get("adgroup_id", ""))}
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
                value=str(each["landing_page_url"]),
                status=status,
                parents={**parents, "ad": identifier},
                weight=weight,
            )


def _audiences(connection: Connection, period: Period) -> Seen:
    for each in _listed(connection, "/dmp/custom_audience/list/", AUDIENCE_PAGE):
        kind = str(each.get("audience_type", ""))
        upkeep = Upkeep(
            window=whole(each.get("retention_in_days")),
            mechanism="list_sync" if kind.upper() in _LISTS else "platform_rule",
            members=whole(each.get("cover_num")),
            rule=str(each.get("rule") or ""),
        )
        yield connection.seen(
            Level.AUDIENCE,
            native="audience",
            id=str(each.get("audience_id") or each["custom_audience_id"]),
            name=str(each.get("name", "")),
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
        Surface("campaigns", frozenset({Level.CAMPAIGN}), _campaigns),
        Surface("ad groups", frozenset({Level.AD_GROUP, Level.TARGETING}), _ad_groups),
        Surface("ads", frozenset({Level.AD, Level.LINK}), _ads),
        Surface("custom audiences", frozenset({Level.AUDIENCE}), _audiences),
    ),
    tells=frozenset(
        {
            *(Tells.STATUS, Tells.COST, Tells.DATES, Tells.LINKS, Tells.WINDOW, Tells.GOAL),
            *(Tells.PARENTS, Tells.ALL),
        }
    ),
)
