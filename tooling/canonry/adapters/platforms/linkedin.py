"""LinkedIn: the Marketing API, version 202610. Campaign groups, campaigns, creatives, matched audiences.

Most creatives point to a post whose address another product reads; only those that hold their landing page
themselves (text, spotlight) tell a link.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from canonry.adapters.answers import Access, Conventions, members
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
from canonry.adapters.oauth import Grant
from canonry.adapters.paging import pages, positioned
from canonry.adapters.rest import Rest
from canonry.audit.observation import Level, Upkeep, Weight
from canonry.audit.source import Period, Tells

VERSION: Final = "202610"
TOKEN: Final = "LINKEDIN_ACCESS_TOKEN"
REFRESH: Final = ("LINKEDIN_CLIENT_ID", "LINKEDIN_CLIENT_SECRET", "LINKEDIN_REFRESH_TOKEN")
TOKEN_HOST: Final = "https://www.linkedin.com"
TOKEN_PATH: Final = "/oauth/v2/accessToken"
PAGE: Final = 500
SEGMENTS: Final = 100
BATCH: Final = 500
"""Things a report is asked for; it is cut off without a word after 15,000 rows."""
_FACETS: Final = {
    "sponsoredCampaignGroup": ("CAMPAIGN_GROUP", "campaignGroups"),
    "sponsoredCampaign": ("CAMPAIGN", "campaigns"),
    "sponsoredCreative": ("CREATIVE", "creatives"),
}
"""What things are called in URNs: what a report is broken down by, and what it is narrowed by."""
_STATUS: Final = {
    "ACTIVE": "active",
    "PAUSED": "paused",
    "DRAFT": "paused",
    "COMPLETED": "ended",
    "ARCHIVED": "ended",
    "CANCELED": "ended",
    "PENDING_DELETION": "removed",
    "REMOVED": "removed",
}


def connect(host: str, environment: Environment, account: Account) -> Rest:
    """The account's id is the sponsored account's number."""
    grant = _grant(host, environment)
    if grant is None or environment.get(TOKEN, "").strip():
        (token,) = required("linkedin", environment, TOKEN)
        access = Access({"Authorization": f"Bearer {token}"}, (token,))
    else:
        access = grant.access()
    return Rest(
        "linkedin",
        host,
        headers={**access.headers, "LinkedIn-Version": VERSION, "X-Restli-Protocol-Version": "2.0.0"},
        secrets=access.secrets,
        conventions=CONVENTIONS,
        renew=grant.access if grant is not None else None,
        principal=grant.secrets if grant is not None else access.secrets,
    )


def _grant(host: str, environment: Environment) -> Grant | None:
    """A refresh token, which LinkedIn gives to some applications only."""
    if not environment.get(REFRESH[2], "").strip():
        return None
    client, secret, refresh = required("linkedin", environment, *REFRESH)
    values = {
        "grant_type": "refresh_token",
        "refresh_token": refresh,
        "client_id": client,
        "client_secret": secret,
    }
    # A stand-in on this machine answers for the token service too.
    service = TOKEN_HOST if host == API.host else host
    return Grant("linkedin", service, TOKEN_PATH, lambda: values, (client, secret, refresh), CONVENTIONS)


def _explained(document: Any) -> str | None:
    if not isinstance(document, dict):
        return None
    return str(document.get("message") or document.get("error_description") or "") or None


CONVENTIONS: Final = Conventions(
    explain=_explained,
    renewal=(
        "LinkedIn's tokens last for 60 days: create a new one, or set LINKEDIN_REFRESH_TOKEN where LinkedIn "
        "has given the application one"
    ),
)


def _listed(
    connection: Connection, collection: str, finder: str, size: int = PAGE
) -> Iterator[dict[str, Any]]:
    path = f"/rest/adAccounts/{connection.account.segment}/{collection}"
    rest = connection.rest
    return pages(
        rest,
        path,
        lambda token, few: rest.get(
            path, {"q": finder, "pageSize": few, **({"pageToken": token} if token else {})}, size="pageSize"
        ),
        lambda document: rest.listed(document, "elements", path),
        lambda document: (document.get("metadata") or {}).get("nextPageToken"),
        size=size,
    )


def _number(urn: object) -> str:
    """The id at the end of `urn:li:sponsoredCampaign:123`."""
    return "" if urn is None else str(urn).rpartition(":")[2]


def _weighed(
    connection: Connection, period: Period, sort: str, things: Iterator[Thing]
) -> Iterator[tuple[Thing, Weight]]:
    """Things with their delivery. `sort` is what they are called in URNs: `sponsoredCampaign`."""
    days = days_between(period)
    dates = ",".join(
        f"{word}:(year:{int(each[:4])},month:{int(each[5:7])},day:{int(each[8:])})"
        for word, each in zip(("start", "end"), days, strict=True)
    )
    pivot, facet = _FACETS[sort]
    path = "/rest/adAnalytics"
    account = connection.rest.get(f"/rest/adAccounts/{connection.account.segment}")
    currency = text(account, "currency")

    def weights(numbers: list[str]) -> dict[str, Weight]:
        # Rest.li's own syntax: parentheses and colons stay as they are, the URNs' colons are encoded.
        urns = ",".join(f"urn%3Ali%3A{sort}%3A{quote(number, safe='')}" for number in numbers)
        query = (
            f"q=analytics&pivot={pivot}&timeGranularity=ALL&dateRange=({dates})&{facet}=List({urns})"
            "&fields=costInLocalCurrency,impressions,clicks,pivotValues"
        )
        document = connection.rest.tunnelled(path, query)
        return {
            _number(urn): Weight(
                cost=money(row.get("costInLocalCurrency")),
                currency=currency,
                impressions=whole(row.get("impressions")),
                clicks=whole(row.get("clicks")),
            )
            for row in connection.rest.listed(document, "elements", path)
            for urn in texts(row, "pivotValues")
        }

    return weighed(things, _own_number, weights, BATCH)


def _own_number(thing: Thing) -> str:
    return _number(identity(thing, "id"))


def _groups(connection: Connection, period: Period) -> Iterator[Any]:
    listed = _listed(connection, "adCampaignGroups", "search")
    return _weighed(connection, period, "sponsoredCampaignGroup", listed)


def _group(connection: Connection, thing: tuple[Thing, Weight]) -> Seen:
    each, weight = thing
    schedule = each.get("runSchedule") or {}
    identifier = _own_number(each)
    yield connection.seen(
        Level.CAMPAIGN,
        native="campaign_group",
        id=identifier,
        name=text(each, "name"),
        status=_STATUS.get(str(each.get("status")), ""),
        weight=weight,
        starts=day(schedule.get("start")),
        ends=day(schedule.get("end")),
    )


def _campaigns(connection: Connection, period: Period) -> Iterator[Any]:
    listed = _listed(connection, "adCampaigns", "search")
    return _weighed(connection, period, "sponsoredCampaign", listed)


def _campaign(connection: Connection, thing: tuple[Thing, Weight]) -> Seen:
    each, weight = thing
    schedule = each.get("runSchedule") or {}
    identifier, status = _own_number(each), _STATUS.get(str(each.get("status")), "")
    parents = {"campaign_group": _number(each.get("campaignGroup"))}
    yield connection.seen(
        Level.AD_GROUP,
        native="campaign",
        id=identifier,
        name=text(each, "name"),
        value=text(each, "objectiveType"),
        status=status,
        parents=parents,
        weight=weight,
        starts=day(schedule.get("start")),
        ends=day(schedule.get("end")),
        goal=text(each, "objectiveType") or text(each, "optimizationTargetType"),
    )
    for use, audience in _targeted(each.get("targetingCriteria")):
        yield connection.seen(
            Level.TARGETING,
            native="campaign",
            id=f"{identifier}/{audience}",
            value=use,
            status=status,
            parents={**parents, "ad_group": identifier, "audience": audience},
        )


def _targeted(criteria: Any) -> Iterator[tuple[str, str]]:
    """Matched audiences in the targeting, and whether they are left out."""
    if not isinstance(criteria, dict):
        return
    included = [each.get("or") or {} for each in members(criteria.get("include"), "and")]
    excluded = [(criteria.get("exclude") or {}).get("or") or {}]
    for use, facets in (("included", included), ("excluded", excluded)):
        for facet in facets:
            for values in facet.values():
                for urn in values if isinstance(values, list) else ():
                    if str(urn).startswith("urn:li:adSegment:"):
                        yield use, _number(urn)


def _creatives(connection: Connection, period: Period) -> Iterator[Any]:
    listed = _listed(connection, "creatives", "criteria", 100)
    return _weighed(connection, period, "sponsoredCreative", listed)


def _creative(connection: Connection, thing: tuple[Thing, Weight]) -> Seen:
    each, weight = thing
    identifier, name = _own_number(each), text(each, "name")
    status = _STATUS.get(str(each.get("intendedStatus")), "")
    parents = {"campaign": _number(each.get("campaign"))}
    yield connection.seen(
        Level.AD,
        native="creative",
        id=identifier,
        name=name,
        status=status,
        parents=parents,
        weight=weight,
    )
    content = each.get("content") or {}
    for part in content.values():
        address = text(part, "landingPage") if isinstance(part, dict) else ""
        if address:
            yield connection.seen(
                Level.LINK,
                native="creative",
                id=f"{identifier}/0",
                name=name,
                value=address,
                status=status,
                parents={**parents, "creative": identifier},
                weight=weight,
            )


def _audiences(connection: Connection, period: Period) -> Iterator[Any]:
    path = "/rest/dmpSegments"
    account = f"urn:li:sponsoredAccount:{connection.account.id}"

    rest = connection.rest

    def total(document: Any) -> int | None:
        return whole((document.get("paging") or {}).get("total"))

    def following(document: Any, start: int, found: int) -> int | None:
        after, all_of_them = start + found, total(document)
        more = found == SEGMENTS if all_of_them is None else after < all_of_them
        return after if found and more else None

    return positioned(
        rest,
        path,
        lambda start: rest.get(path, {"q": "account", "account": account, "start": start, "count": SEGMENTS}),
        lambda document: rest.listed(document, "elements", path),
        following,
        lambda document: (total(document), [each["id"] for each in document["elements"]]),
        first=0,
    )


def _audience(connection: Connection, each: Thing) -> Seen:
    destinations = members(each, "destinations")
    synced = [d for one in destinations if (d := day(one.get("lastModified")))]
    matched = [n for one in destinations if (n := whole(one.get("audienceSize"))) is not None]
    yield connection.seen(
        Level.AUDIENCE,
        native="audience",
        id=_own_number(each),
        name=text(each, "name"),
        value=text(each, "type"),
        status=next((_AUDIENCE.get(str(d.get("status")), "") for d in destinations), ""),
        upkeep=Upkeep(
            synced=max(synced, default=None),
            mechanism="platform_rule" if each.get("type") == "RETARGETING" else "list_sync",
            members=max(matched, default=None),
        ),
    )


_AUDIENCE: Final = {"READY": "active", "BUILDING": "active", "UPDATING": "active", "EXPIRED": "ended"}

API: Final = Api(
    platform="linkedin",
    host="https://api.linkedin.com",
    connect=connect,
    variables=(TOKEN, *REFRESH),
    surfaces=(
        Surface("campaign groups", frozenset({Level.CAMPAIGN}), _groups, _group),
        Surface("campaigns", frozenset({Level.AD_GROUP, Level.TARGETING}), _campaigns, _campaign),
        Surface("creatives", frozenset({Level.AD, Level.LINK}), _creatives, _creative),
        Surface("matched audiences", frozenset({Level.AUDIENCE}), _audiences, _audience),
    ),
    tells=frozenset(
        {
            *(Tells.STATUS, Tells.COST, Tells.DATES, Tells.LINKS, Tells.SYNCED, Tells.GOAL),
            *(Tells.PARENTS, Tells.ALL),
        }
    ),
)
