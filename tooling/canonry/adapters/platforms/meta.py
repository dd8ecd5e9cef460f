"""Meta: the Marketing API v26.0. Campaigns, ad sets with their audiences, ads with the tags of their
creative, custom audiences with the window that their rule holds.

Answers carry the address of the next page, token included; only the cursor is taken from it. Rate limits come
as errors 4, 17, 32, 613 and 80000 to 80014, mostly with status 400.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from canonry.adapters.answers import EXPIRED, Conventions, OddError, members
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
from canonry.adapters.members import day, identity, money, text, whole
from canonry.adapters.paging import pages
from canonry.adapters.rest import Rest
from canonry.audit.observation import Level, Upkeep, Weight
from canonry.audit.source import Period, Tells
from canonry.naming.url import opened

VERSION: Final = "v26.0"
PAGE: Final = 500
SECONDS_A_DAY: Final = 86_400
LIMITS: Final = frozenset({1, 2, 4, 17, 32, 341, 613, *range(80000, 80015)})
"""Codes of rate limits and of faults that the documentation calls transient."""
FAULTS: Final = frozenset({1, 2})
"""Codes of faults on their side, among them that more was asked for than can be put together in time."""
TOKENS: Final = frozenset({102, 190, 463, 467})
"""Codes of tokens that have expired or were taken back."""
_STATUS: Final = {
    "ACTIVE": "active",
    "PAUSED": "paused",
    "CAMPAIGN_PAUSED": "paused",
    "ADSET_PAUSED": "paused",
    "DELETED": "removed",
    "ARCHIVED": "ended",
}


def connect(host: str, environment: Environment, account: Account) -> Rest:
    """With the token in a header: in an address it would stand in logs."""
    (token,) = required("meta", environment, "META_ACCESS_TOKEN")
    return Rest(
        "meta",
        host,
        headers={"Authorization": f"Bearer {token}"},
        secrets=(token,),
        conventions=CONVENTIONS,
    )


def _error(document: Any) -> Mapping[str, Any]:
    error = document.get("error") if isinstance(document, dict) else None
    return error if isinstance(error, dict) else {}


def _busy(status: int, document: Any) -> bool:
    error = _error(document)
    return bool(error.get("is_transient")) or error.get("code") in LIMITS


def _heavy(status: int, document: Any) -> bool:
    error = _error(document)
    return error.get("code") in FAULTS and "reduce the amount of data" in str(error.get("message")).lower()


def _expired(status: int, document: Any) -> bool:
    return status == EXPIRED or _error(document).get("code") in TOKENS


def _explained(document: Any) -> str | None:
    error = _error(document)
    return f"{error.get('message', '')} (code {error.get('code', '?')})".strip() if error else None


def _waited(headers: Mapping[str, str], document: Any) -> float | None:
    """Seconds until calls are counted anew; the header tells minutes for each kind of calls of an account."""
    import orjson

    try:
        uses = orjson.loads(headers.get("x-business-use-case-usage") or "{}")
        told = [each["estimated_time_to_regain_access"] for listed in uses.values() for each in listed]
        minutes = max((float(each) for each in told if each), default=0.0)
    except (ValueError, TypeError, LookupError, AttributeError):
        return None
    return minutes * 60 or None


CONVENTIONS: Final = Conventions(
    explain=_explained,
    busy=_busy,
    wait=_waited,
    expired=_expired,
    heavy=_heavy,
    renewal=(
        "Meta renews no token without a person: create one for a system user, which need not expire, and "
        "give it ads_read on this account"
    ),
)


def _listed(connection: Connection, edge: str, fields: str) -> Iterator[dict[str, Any]]:
    account = connection.account.segment.removeprefix("act_")
    path = f"/{VERSION}/act_{account}/{edge}"
    rest = connection.rest
    return pages(
        rest,
        path,
        lambda cursor, size: rest.get(
            path, {"fields": fields, "limit": size, **({"after": cursor} if cursor else {})}, size="limit"
        ),
        lambda document: rest.listed(document, "data", path),
        _cursor,
        size=PAGE,
    )


def _cursor(document: Any) -> str | None:
    paging = document.get("paging") or {}
    if not paging.get("next"):
        return None
    after: str | None = (paging.get("cursors") or {}).get("after")
    if not after:
        raise OddError("a next page without its cursor")
    return after


def _insights(period: Period) -> str:
    days = days_between(period)
    when = f'time_range({{"since":"{days[0]}","until":"{days[1]}"}})'
    return f"insights.{when}{{spend,impressions,clicks,account_currency}}"


def _weight(thing: Mapping[str, Any]) -> Weight:
    rows = members(thing.get("insights"), "data")
    if not rows:
        return Weight(cost=0.0, impressions=0, clicks=0)  # no insights are those of nothing delivered
    row = rows[0]
    return Weight(
        cost=money(row.get("spend")),
        currency=text(row, "account_currency"),
        impressions=whole(row.get("impressions")),
        clicks=whole(row.get("clicks", 0)),
    )


def _status(thing: Mapping[str, Any]) -> str:
    return _STATUS.get(str(thing.get("effective_status") or thing.get("status")), "")


def _campaigns(connection: Connection, period: Period) -> Iterator[Any]:
    fields = f"id,name,objective,status,effective_status,start_time,stop_time,{_insights(period)}"
    return _listed(connection, "campaigns", fields)


def _campaign(connection: Connection, each: Thing) -> Seen:
    yield connection.seen(
        Level.CAMPAIGN,
        native="campaign",
        id=identity(each, "id"),
        name=text(each, "name"),
        value=text(each, "objective"),
        status=_status(each),
        weight=_weight(each),
        starts=day(each.get("start_time")),
        ends=day(each.get("stop_time")),
    )


def _ad_sets(connection: Connection, period: Period) -> Iterator[Any]:
    fields = (
        "id,name,campaign_id,status,effective_status,optimization_goal,promoted_object,start_time,end_time,"
        f"targeting{{custom_audiences,excluded_custom_audiences}},{_insights(period)}"
    )
    return _listed(connection, "adsets", fields)


def _ad_set(connection: Connection, each: Thing) -> Seen:
    identifier = identity(each, "id")
    parents = {"campaign": text(each, "campaign_id")}
    status = _status(each)
    yield connection.seen(
        Level.AD_GROUP,
        native="ad_set",
        id=identifier,
        name=text(each, "name"),
        value=text(each.get("promoted_object") or {}, "custom_event_type"),
        status=status,
        parents=parents,
        weight=_weight(each),
        starts=day(each.get("start_time")),
        ends=day(each.get("end_time")),
        goal=text(each, "optimization_goal"),
    )
    targeting = each.get("targeting") or {}
    for use, key in (("included", "custom_audiences"), ("excluded", "excluded_custom_audiences")):
        for audience in members(targeting, key):
            yield connection.seen(
                Level.TARGETING,
                native="ad_set",
                id=f"{identifier}/{audience['id']}",
                name=text(audience, "name"),
                value=use,
                status=status,
                parents={**parents, "ad_group": identifier, "audience": identity(audience, "id")},
            )


def _ads(connection: Connection, period: Period) -> Iterator[Any]:
    fields = (
        "id,name,adset_id,campaign_id,status,effective_status,"
        "creative{id,name,url_tags,object_story_spec,asset_feed_spec,template_url_spec},"
        f"{_insights(period)}"
    )
    return _listed(connection, "ads", fields)


def _ad(connection: Connection, each: Thing) -> Seen:
    identifier, name = identity(each, "id"), text(each, "name")
    parents = {"campaign": text(each, "campaign_id"), "ad_set": text(each, "adset_id")}
    status, weight = _status(each), _weight(each)
    yield connection.seen(
        Level.AD, native="ad", id=identifier, name=name, status=status, parents=parents, weight=weight
    )
    for number, address in enumerate(links_of(each.get("creative") or {})):
        yield connection.seen(
            Level.LINK,
            native="ad",
            id=f"{identifier}/{number}",
            name=name,
            value=address,
            status=status,
            parents={**parents, "ad": identifier},
            weight=weight,
        )


def links_of(creative: Mapping[str, Any]) -> list[str]:
    """The addresses that a creative leads to, each with its URL parameters, which win over the address's."""
    story = creative.get("object_story_spec") or {}
    video, link = story.get("video_data") or {}, story.get("link_data") or {}
    found = [
        link.get("link"),
        ((video.get("call_to_action") or {}).get("value") or {}).get("link"),
        *(each.get("link") for each in members(link, "child_attachments")),
        *(each.get("website_url") for each in members(creative.get("asset_feed_spec"), "link_urls")),
        ((creative.get("template_url_spec") or {}).get("web") or {}).get("url"),
    ]
    addresses = list(dict.fromkeys(str(address) for address in found if address))
    tags = str(creative.get("url_tags") or "")
    if not addresses and tags:
        return [f"?{tags}"]  # a boosted post: where it leads is not told, what is appended is
    return [opened(address, tags) for address in addresses]


def _audiences(connection: Connection, period: Period) -> Iterator[Any]:
    fields = (
        "id,name,subtype,retention_days,rule,time_content_updated,operation_status,"
        "approximate_count_lower_bound"
    )
    return _listed(connection, "customaudiences", fields)


def _audience(connection: Connection, each: Thing) -> Seen:
    kept_in_step = each.get("subtype") in ("CUSTOM", "OFFLINE_CONVERSION")
    upkeep = Upkeep(
        window=_window(each),
        synced=day(each.get("time_content_updated")) if kept_in_step else None,
        mechanism="list_sync" if kept_in_step else "platform_rule",
        members=whole(each.get("approximate_count_lower_bound")),
        rule=str(each.get("rule") or ""),
    )
    yield connection.seen(
        Level.AUDIENCE,
        native="audience",
        id=identity(each, "id"),
        name=text(each, "name"),
        value=text(each, "subtype"),
        upkeep=upkeep,
    )


def _window(audience: Mapping[str, Any]) -> int | None:
    """Days: the longest retention in the rule, which is what counts; else the field of its own."""
    import orjson

    try:
        rule = orjson.loads(audience["rule"]) if audience.get("rule") else {}
    except orjson.JSONDecodeError:
        rule = {}
    inclusions = rule.get("inclusions") if isinstance(rule, dict) else None
    seconds = [
        found for each in members(inclusions, "rules") if (found := whole(each.get("retention_seconds")))
    ]
    if seconds:
        return max(seconds) // SECONDS_A_DAY
    return whole(audience.get("retention_days")) or None


API: Final = Api(
    platform="meta",
    host="https://graph.facebook.com",
    connect=connect,
    variables=("META_ACCESS_TOKEN",),
    surfaces=(
        Surface("campaigns", frozenset({Level.CAMPAIGN}), _campaigns, _campaign),
        Surface("ad sets", frozenset({Level.AD_GROUP, Level.TARGETING}), _ad_sets, _ad_set),
        Surface("ads", frozenset({Level.AD, Level.LINK}), _ads, _ad),
        Surface("custom audiences", frozenset({Level.AUDIENCE}), _audiences, _audience),
    ),
    tells=frozenset(
        {
            *(Tells.STATUS, Tells.COST, Tells.DATES, Tells.LINKS, Tells.WINDOW, Tells.SYNCED, Tells.GOAL),
            *(Tells.PARENTS, Tells.ALL),
        }
    ),
)
