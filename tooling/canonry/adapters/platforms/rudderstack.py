"""RudderStack: the Data Catalog API (tracking plans), the Event Audit API v2 (events as they arrive) and the
Reverse ETL Connections API (when an audience was last synced).

No endpoint lists audiences: the source's options name the connections that sync them,
`audiences: connection=audience name, connection=audience name`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from canonry.adapters.answers import Conventions
from canonry.adapters.apis import (
    Account,
    Api,
    Connection,
    Environment,
    Seen,
    Surface,
    Thing,
    required,
)
from canonry.adapters.members import day, identity, text, whole
from canonry.adapters.paging import positioned
from canonry.adapters.rest import Rest
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
        conventions=CONVENTIONS,
    )


def _explained(document: Any) -> str | None:
    if not isinstance(document, dict):
        return None
    return str(document.get("message") or document.get("error") or "") or None


CONVENTIONS: Final = Conventions(
    explain=_explained,
    renewal="RudderStack renews no token: create a service access token that may read this workspace",
)


def _listed(connection: Connection, path: str, key: str) -> Iterator[Thing]:
    """Members of a list over numbered pages of `pageSize` out of `total`."""
    rest = connection.rest

    def following(document: Any, number: int, found: int) -> int | None:
        total, size = whole(document["total"]) or 0, whole(document["pageSize"]) or 1
        return number + 1 if number < -(-total // size) else None

    return positioned(
        rest,
        path,
        lambda number: rest.get(path, {"page": number}),
        lambda document: rest.listed(document, key, path),
        following,
        lambda document: (document["total"], [each["id"] for each in document[key]]),
    )


def _plans(connection: Connection, period: Period) -> Iterator[Any]:
    for plan in _listed(connection, "/v2/catalog/tracking-plans", "trackingPlans"):
        path = f"/v2/catalog/tracking-plans/{quote(identity(plan, 'id'), safe='')}/events"
        yield from ((plan, event, path) for event in _listed(connection, path, "data"))


def _planned(connection: Connection, thing: tuple[Thing, Thing, str]) -> Seen:
    plan, event, path = thing
    rules = connection.rest.get(f"{path}/{quote(identity(event, 'id'), safe='')}")
    kind, name = text(event, "eventType") or "track", text(event, "name")
    parents = {"tracking_plan": identity(plan, "id")}
    schema = (rules["rules"] or {}).get("properties") or {}
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
            Level.EVENT, id=identity(event, "id"), name=name, value=text(plan, "name"), parents=parents
        )
        for each in properties:
            yield connection.seen(
                Level.PARAMETER, id=f"{event['id']}/{each}", name=each, parents={**parents, "event": name}
            )


def _models(connection: Connection, period: Period) -> Iterator[Any]:
    """Events as they arrived. The API knows no period, so those last seen before it are left out."""
    path = "/v2/schemas"
    rest = connection.rest
    listed = positioned(
        rest,
        path,
        lambda number: rest.get(path, {"page": number}),
        lambda document: rest.listed(document, "results", path),
        lambda document, number, found: number + 1 if document["hasNext"] else None,
        lambda document: [each["uid"] for each in document["results"]],
    )
    for each in listed:
        seen = day(each.get("lastSeen"))
        if text(each, "eventType") == "track" and not (seen and period.start and seen < period.start):
            yield each


def _model(connection: Connection, each: Thing) -> Seen:
    count = whole(each.get("count"))
    found = connection.seen(
        Level.EVENT,
        id=identity(each, "uid"),
        name=text(each, "eventIdentifier"),
        parents={"write_key": text(each, "writeKey")},
        weight=NO_WEIGHT if count is None else Weight(rows=count),
    )
    found.first_seen, found.last_seen = day(each.get("createdAt")), day(each.get("lastSeen"))
    yield found


def _audiences(connection: Connection, period: Period) -> Iterator[Any]:
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
    yield from ((key.strip(), name.strip()) for key, _, name in named)


def _audience(connection: Connection, thing: tuple[str, str]) -> Seen:
    key, name = thing
    path = f"/v2/retl-connections/{quote(key, safe='')}/syncs"
    syncs = connection.rest.listed(connection.rest.get(path, {"status": "succeeded"}), "syncs", path)
    synced = [
        found
        for each in syncs
        if str(each.get("status", "succeeded")) == "succeeded" and (found := day(each.get("finishedAt")))
    ]
    yield connection.seen(
        Level.AUDIENCE,
        id=key,
        name=name or key,
        upkeep=Upkeep(mechanism="list_sync", synced=max(synced, default=None)),
    )


API: Final = Api(
    platform="rudderstack",
    host="https://api.rudderstack.com",
    connect=connect,
    variables=("RUDDERSTACK_ACCESS_TOKEN",),
    surfaces=(
        Surface(
            "tracking plans", frozenset({Level.EVENT, Level.PARAMETER, Level.USER_PROPERTY}), _plans, _planned
        ),
        Surface("event models", frozenset({Level.EVENT}), _models, _model),
        Surface("audiences", frozenset({Level.AUDIENCE}), _audiences, _audience),
    ),
    tells=frozenset({Tells.ROWS, Tells.PARENTS, Tells.PARAMETERS, Tells.SYNCED}),
)
