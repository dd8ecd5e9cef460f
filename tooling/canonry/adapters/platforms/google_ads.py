"""Google Ads: `searchStream` of the REST API v26, one query a surface, each taken up where it broke off.

An ad's link is its final URL with the suffix that applies: the ad's, else the ad group's, the campaign's, the
account's. Most search ads have no name; only those that have one are observed as ads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

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
)
from canonry.adapters.google import VARIABLES, connected
from canonry.adapters.members import day, identity, money, text, texts, whole
from canonry.adapters.rest import Rest
from canonry.audit.observation import NO_WEIGHT, Level, Upkeep, Weight
from canonry.audit.source import Period, Tells
from canonry.naming.url import opened

VERSION: Final = "v26"
SCOPE: Final = "https://www.googleapis.com/auth/adwords"
MICROS: Final = 1_000_000
NO_END: Final = 10_000
"""Days of membership that stand for "without end"."""
_METRICS: Final = ("metrics.cost_micros", "metrics.impressions", "metrics.clicks", "customer.currency_code")
_STATUS: Final = {"ENABLED": "active", "PAUSED": "paused", "REMOVED": "removed", "HIDDEN": "removed"}
_MECHANISM: Final = {"CRM_BASED": "list_sync", "LOGICAL": "platform_rule", "RULE_BASED": "platform_rule"}


def connect(host: str, environment: Environment, account: Account) -> Rest:
    """With the developer token and, where a manager account lends access, its id."""
    (developer,) = required("google_ads", environment, "GOOGLE_ADS_DEVELOPER_TOKEN")
    headers = {"developer-token": developer}
    if environment.get("GOOGLE_ADS_LOGIN_CUSTOMER_ID"):
        (manager,) = required("google_ads", environment, "GOOGLE_ADS_LOGIN_CUSTOMER_ID")
        headers["login-customer-id"] = manager.replace("-", "")
    return connected("google_ads", host, environment, SCOPE, headers=headers, secrets=(developer,))


def _rows(
    connection: Connection,
    period: Period,
    resource: str,
    fields: tuple[str, ...],
    *,
    key: str,
    where: tuple[str, ...] = (),
    metrics: bool = True,
) -> Iterator[dict[str, Any]]:
    """Rows of a resource in the order of `key`, a field that holds an id."""
    customer = connection.account.segment.replace("-", "")
    path = f"/{VERSION}/customers/{customer}/googleAds:searchStream"
    days = days_between(period)
    conditions = list(where)
    if metrics:
        conditions.append(f"segments.date BETWEEN '{days[0]}' AND '{days[1]}'")
    selected = dict.fromkeys([key, *fields, *(_METRICS if metrics else ())])

    def body(last: object, until: object = None) -> dict[str, str]:
        bounds = ((">=", last), ("<=", until))
        places = [f"{key} {sign} {int(str(place))}" for sign, place in bounds if place is not None]
        chosen = [*conditions, *places]
        limits = f" WHERE {' AND '.join(chosen)}" if chosen else ""
        query = f"SELECT {', '.join(selected)} FROM {resource}{limits} ORDER BY {key}"  # noqa: S608  own fields, days, ids
        return {"query": query}

    parts = [_camel(part) for part in key.split(".")]
    return connection.rest.stream(
        path, body, "item.results.item", place=lambda row: _at(row, parts), told=_still
    )


def _still(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row without what goes on counting while it is read."""
    return {key: value for key, value in row.items() if key != "metrics"}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _at(row: Any, parts: list[str]) -> Any:
    for part in parts:
        row = row[part]
    return row


def _weight(row: Mapping[str, Any]) -> Weight:
    metrics = row.get("metrics")
    if not metrics:
        return NO_WEIGHT
    return Weight(
        cost=money(metrics.get("costMicros", 0), MICROS),
        currency=text(row.get("customer") or {}, "currencyCode"),
        impressions=whole(metrics.get("impressions", 0)),
        clicks=whole(metrics.get("clicks", 0)),
    )


def _status(thing: Mapping[str, Any]) -> str:
    return _STATUS.get(str(thing.get("status")), "")


def _campaigns(connection: Connection, period: Period) -> Iterator[Any]:
    fields = (
        "campaign.name",
        "campaign.status",
        "campaign.bidding_strategy_type",
        "campaign.advertising_channel_type",
        "campaign.start_date_time",
        "campaign.end_date_time",
    )
    return _rows(connection, period, "campaign", fields, key="campaign.id")


def _campaign(connection: Connection, row: Thing) -> Seen:
    campaign = row["campaign"]
    yield connection.seen(
        Level.CAMPAIGN,
        native="campaign",
        id=identity(campaign, "id"),
        name=text(campaign, "name"),
        value=text(campaign, "advertisingChannelType"),
        status=_status(campaign),
        weight=_weight(row),
        starts=day(campaign.get("startDateTime")),
        ends=_end(campaign.get("endDateTime")),
        goal=text(campaign, "biddingStrategyType"),
    )


def _end(value: object) -> Any:
    """The last day; the API writes 2037-12-30 for a campaign without end."""
    found = day(value)
    return None if found is None or found.year >= 2037 else found  # noqa: PLR2004  as the docstring says


def _ad_groups(connection: Connection, period: Period) -> Iterator[Any]:
    fields = ("ad_group.name", "ad_group.status", "campaign.id")
    return _rows(connection, period, "ad_group", fields, key="ad_group.id")


def _ad_group(connection: Connection, row: Thing) -> Seen:
    group = row["adGroup"]
    yield connection.seen(
        Level.AD_GROUP,
        native="ad_group",
        id=identity(group, "id"),
        name=text(group, "name"),
        status=_status(group),
        parents={"campaign": identity(row["campaign"], "id")},
        weight=_weight(row),
    )


def _asset_groups(connection: Connection, period: Period) -> Iterator[Any]:
    fields = (
        "asset_group.name",
        "asset_group.status",
        "asset_group.final_urls",
        "asset_group.final_url_suffix",
        "campaign.id",
        "campaign.final_url_suffix",
        "customer.final_url_suffix",
    )
    return _rows(connection, period, "asset_group", fields, key="asset_group.id")


def _asset_group(connection: Connection, row: Thing) -> Seen:
    group = row["assetGroup"]
    parents = {"campaign": identity(row["campaign"], "id")}
    status, weight = _status(group), _weight(row)
    identifier = identity(group, "id")
    yield connection.seen(
        Level.AD_GROUP,
        native="asset_group",
        id=identifier,
        name=text(group, "name"),
        status=status,
        parents=parents,
        weight=weight,
    )
    suffix = _suffix(group, row.get("campaign"), row.get("customer"))
    for number, address in enumerate(texts(group, "finalUrls")):
        yield connection.seen(
            Level.LINK,
            native="asset_group",
            id=f"{identifier}/{number}",
            name=text(group, "name"),
            value=opened(address, suffix),
            status=status,
            parents={**parents, "asset_group": identifier},
            weight=weight,
        )


def _suffix(*holders: Mapping[str, Any] | None) -> str:
    """The final URL suffix that applies: that of the innermost which has one."""
    return next((text(h, "finalUrlSuffix") for h in holders if h and h.get("finalUrlSuffix")), "")


def _ads(connection: Connection, period: Period) -> Iterator[Any]:
    fields = (
        "ad_group_ad.ad.name",
        "ad_group_ad.status",
        "ad_group_ad.ad.final_urls",
        "ad_group_ad.ad.final_url_suffix",
        "ad_group.id",
        "ad_group.final_url_suffix",
        "campaign.id",
        "campaign.final_url_suffix",
        "customer.final_url_suffix",
    )
    return _rows(connection, period, "ad_group_ad", fields, key="ad_group_ad.ad.id")


def _ad(connection: Connection, row: Thing) -> Seen:
    holder = row["adGroupAd"]
    ad = holder["ad"]
    identifier, name = identity(ad, "id"), text(ad, "name")
    parents = {"campaign": identity(row["campaign"], "id"), "ad_group": identity(row["adGroup"], "id")}
    status, weight = _status(holder), _weight(row)
    if name:
        yield connection.seen(
            Level.AD,
            native="ad",
            id=identifier,
            name=name,
            status=status,
            parents=parents,
            weight=weight,
        )
    suffix = _suffix(ad, row.get("adGroup"), row.get("campaign"), row.get("customer"))
    for number, address in enumerate(texts(ad, "finalUrls")):
        yield connection.seen(
            Level.LINK,
            native="ad",
            id=f"{identifier}/{number}",
            name=name,
            value=opened(address, suffix),
            status=status,
            parents={**parents, "ad": identifier},
            weight=weight,
        )


def _user_lists(connection: Connection, period: Period) -> Iterator[Any]:
    fields = (
        "user_list.name",
        "user_list.type",
        "user_list.membership_status",
        "user_list.membership_life_span",
        "user_list.size_for_display",
    )
    return _rows(connection, period, "user_list", fields, key="user_list.id", metrics=False)


def _user_list(connection: Connection, row: Thing) -> Seen:
    each = row["userList"]
    days = whole(each.get("membershipLifeSpan"))
    kind = text(each, "type")
    upkeep = Upkeep(
        # Ignored by the platform for lists that a rule or other lists make up.
        window=None if kind in ("RULE_BASED", "LOGICAL") or days is None else days % NO_END,
        mechanism=_MECHANISM.get(kind, ""),
        members=whole(each.get("sizeForDisplay")),
    )
    yield connection.seen(
        Level.AUDIENCE,
        native="audience",
        id=identity(each, "id"),
        name=text(each, "name"),
        value=kind,
        status={"OPEN": "active", "CLOSED": "ended"}.get(str(each.get("membershipStatus")), ""),
        upkeep=upkeep,
    )


def _targetings(connection: Connection, period: Period, *, holder: str) -> Iterator[Any]:
    """User lists that ad groups or campaigns are aimed at."""
    resource = f"{holder}_criterion"
    own = [f"{resource}.{part}" for part in ("criterion_id", "negative", "user_list.user_list")]
    above = ["campaign.id"] if holder != "campaign" else []
    where = (f"{resource}.type = 'USER_LIST'", f"{resource}.status != 'REMOVED'")
    return _rows(connection, period, resource, (*own, *above), key=f"{holder}.id", where=where, metrics=False)


def _targeting(connection: Connection, row: Thing, *, holder: str, spelt: str) -> Seen:
    criterion = row[f"{spelt}Criterion"]
    number = identity(row[spelt], "id")
    aimed = {
        "audience": identity(criterion["userList"], "userList").rpartition("/")[2],
        "campaign": identity(row["campaign"], "id"),
    }
    yield connection.seen(
        Level.TARGETING,
        native=holder,
        id=f"{number}/{identity(criterion, 'criterionId')}",
        value="excluded" if criterion.get("negative") else "included",
        parents=aimed if holder == "campaign" else {holder: number, **aimed},
    )


def _goals(connection: Connection, period: Period) -> Iterator[Any]:
    fields = (
        "conversion_action.name",
        "conversion_action.status",
        "conversion_action.category",
        "conversion_action.primary_for_goal",
    )
    return _rows(connection, period, "conversion_action", fields, key="conversion_action.id", metrics=False)


def _goal(connection: Connection, row: Thing) -> Seen:
    each = row["conversionAction"]
    yield connection.seen(
        Level.GOAL,
        native="conversion_action",
        id=identity(each, "id"),
        name=text(each, "name"),
        value=text(each, "category"),
        status=_status(each),
    )


API: Final = Api(
    platform="google_ads",
    host="https://googleads.googleapis.com",
    connect=connect,
    variables=(*VARIABLES, "GOOGLE_ADS_DEVELOPER_TOKEN", "GOOGLE_ADS_LOGIN_CUSTOMER_ID"),
    surfaces=(
        Surface("campaigns", frozenset({Level.CAMPAIGN}), _campaigns, _campaign),
        Surface("ad groups", frozenset({Level.AD_GROUP}), _ad_groups, _ad_group),
        Surface("asset groups", frozenset({Level.AD_GROUP, Level.LINK}), _asset_groups, _asset_group),
        Surface("ads", frozenset({Level.AD, Level.LINK}), _ads, _ad),
        Surface("user lists", frozenset({Level.AUDIENCE}), _user_lists, _user_list),
        Surface(
            "audience targeting",
            frozenset({Level.TARGETING}),
            partial(_targetings, holder="ad_group"),
            partial(_targeting, holder="ad_group", spelt="adGroup"),
        ),
        Surface(
            "audience targeting of campaigns",
            frozenset({Level.TARGETING}),
            partial(_targetings, holder="campaign"),
            partial(_targeting, holder="campaign", spelt="campaign"),
        ),
        Surface("conversion actions", frozenset({Level.GOAL}), _goals, _goal),
    ),
    tells=frozenset(
        {
            *(Tells.STATUS, Tells.COST, Tells.DATES, Tells.LINKS, Tells.WINDOW, Tells.GOAL, Tells.PARENTS),
            Tells.ALL,
        }
    ),
)
