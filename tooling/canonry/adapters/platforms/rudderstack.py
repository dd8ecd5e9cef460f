"""RudderStack: the Data Catalog API (tracking plans), the Event Audit API v2 (events as they arrive) and the
Reverse ETL Connections API (when an audience was last synced).

No endpoint lists audiences: the source's options name the connections that sync them,
`audiences: connection=audience name, connection=audience name`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from canonry.adapters.apis import Account, Api, Connection, Environment, Seen, Surface, day, required, whole
from canonry.adapters.rest import Rest, members, numbered
from canonry.audit.observation import NO_WEIGHT, Level, Upkeep, Weight
from canonry.audit.source import Gap, Period, Tells

_TRAITS: Final = frozenset({"identify", "group"})


def connect(host: str, environment: Environment, account: Account) -> Rest:
    """With a service access token; `region: eu` in the source's options for the European address."""
    (token,) = required("rudderstack", environment, "RUDDERSTACK_ACCESS_TOKEN")
    if account.option("region") == "eu" and host == API.host:
        host = "https://api.eu.rudderstack.com"
    return Rest(
        "rudderstack",
        host,
        headers={"Authorization": f"Bearer {token}"},
        secrets=(token,),
        explain=_explained,
    )


def _explained(document: Any) -> str | None:
    if not isinstance(document, dict):
        return None
    return str(document.get("message") or document.get("error") or "") or None


def _listed(connection: Connection, path: str, key: str) -> Iterator[dict[str, Any]]:
    """Members of a list over numbered pages of `pageSize` out of `total`."""

    def last(document: Any) -> int:
        total, size = whole(document.get("total")), whole(document.get("pageSize"))
        return -(-total // size) if total and size else 1

    for document in numbered(lambda number: connection.rest.get(path, {"page": number}), last):
        yield from members(document, key)


def _plans(connection: Connection, period: Period) -> Seen:
    for plan in _listed(connection, "/v2/catalog/tracking-plans", "trackingPlans"):
        identifier = str(plan["id"])
        path = f"/v2/catalog/tracking-plans/{identifier}/events"
        for event in _listed(connection, path, "data"):
            rules = connection.rest.get(f"{path}/{event['id']}")
            yield from _planned(connection, plan, event, rules)


def _planned(
    connection: Connection, plan: dict[str, Any], event: dict[str, Any], rules: dict[str, Any]
) -> Seen:
    kind, name = str(event.get("eventType", "track")), str(event.get("name") or "")
    parents = {"tracking_plan": str(plan["id"])}
    schema = (rules.get("rules") or {}).get("properties") or {}
    part = (schema.get("traits") if kind in _TRAITS else schema.get("properties")) or {}
    properties = [str(key) for key in (part.get("properties") or {})]
    if kind in _TRAITS:
        for each in properties:
            yield connection.seen(
                Level.USER_PROPERTY,
                id=f"{plan['id']}/{kind}/{each}",
                name=each,
                value="user" if kind == "identify" else "account",
                parents=parents,
            )
    elif name:
        yield connection.seen(
            Level.EVENT, id=str(event["id"]), name=name, value=str(plan.get("name", "")), parents=parents
        )
        for each in properties:
            yield connection.seen(
                Level.PARAMETER, id=f"{event['id']}/{each}", name=each, parents={**parents, "event": name}
            )


def _models(connection: Connection, period: Period) -> Seen:
    """Events as they arrived. The API knows no period, so those last seen before it are left out."""
    number = 1
    while True:
        document = connection.rest.get("/v2/schemas", {"page": number})
        for each in members(document, "results"):
            if str(each.get("eventType")) != "track":
                continue
            seen = day(each.get("lastSeen"))
            if seen and period.start and seen < period.start:
                continue
            count = whole(each.get("count"))
            found = connection.seen(
                Level.EVENT,
                id=str(each["uid"]),
                name=str(each.get("eventIdentifier", "")),
                parents={"write_key": str(each.get("writeKey", ""))},
                weight=NO_WEIGHT if count is None else Weight(rows=count),
            )
            found.first_seen, found.last_seen = day(each.get("createdAt")), seen
            yield found
        if not document.get("hasNext"):
            return
        number += 1


def _audiences(connection: Connection, period: Period) -> Seen:
    named = [
        part.partition("=") for part in connection.account.option("audiences").split(",") if part.strip()
    ]
    if not named:
        yield Gap(
            "rudderstack: audiences",
            "no connection is named, and no endpoint lists them",
            "Add options: {audiences: 'connection=audience name'} to the source in registry/audit.yaml",
            frozenset({Level.AUDIENCE}),
        )
    for identifier, _, name in named:
        key = identifier.strip()
        path = f"/v2/retl-connections/{quote(key, safe='')}/syncs"
        document = connection.rest.get(path, {"status": "succeeded"})
        synced = [
            found
            for each in members(document, "syncs")
            if str(each.get("status", "succeeded")) == "succeeded" and (found := day(each.get("finishedAt")))
        ]
        yield connection.seen(
            Level.AUDIENCE,
            id=key,
            name=name.strip() or key,
            upkeep=Upkeep(mechanism="list_sync", synced=max(synced, default=None)),
        )


API: Final = Api(
    platform="rudderstack",
    host="https://api.rudderstack.com",
    connect=connect,
    variables=("RUDDERSTACK_ACCESS_TOKEN",),
    surfaces=(
        Surface("tracking plans", frozenset({Level.EVENT, Level.PARAMETER, Level.USER_PROPERTY}), _plans),
        Surface("event models", frozenset({Level.EVENT}), _models),
        Surface("audiences", frozenset({Level.AUDIENCE}), _audiences),
    ),
    tells=frozenset({Tells.ROWS, Tells.PARENTS, Tells.PARAMETERS, Tells.SYNCED}),
)
