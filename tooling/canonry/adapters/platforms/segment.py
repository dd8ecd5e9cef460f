"""Segment: the Public API. Tracking plans with their rules, and the audiences of a space.

It tells no last sync, so none is judged. The account's id is the workspace's; the source's options name the
space (`space`) whose audiences are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from canonry.adapters.answers import Conventions, members
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
from canonry.adapters.members import identity, text
from canonry.adapters.paging import pages
from canonry.adapters.rest import Rest
from canonry.audit.observation import Level, Upkeep
from canonry.audit.source import Gap, Period, Tells

PAGE: Final = 200
COUNT: Final = "pagination[count]"
STABLE: Final = "application/vnd.segment.v1+json, application/json"
ALPHA: Final = "application/vnd.segment.v1alpha+json, application/json"
"""Audiences are listed by this version only."""
_TRAITS: Final = frozenset({"IDENTIFY", "GROUP"})


def connect(host: str, environment: Environment, account: Account) -> Rest:
    """With a workspace token."""
    (token,) = required("segment", environment, "SEGMENT_PUBLIC_API_TOKEN")
    return Rest(
        "segment",
        host,
        headers={"Authorization": f"Bearer {token}"},
        secrets=(token,),
        conventions=CONVENTIONS,
    )


def _explained(document: Any) -> str | None:
    errors = [str(each.get("message", "")) for each in members(document, "errors")]
    return "; ".join(filter(None, errors)) or None


CONVENTIONS: Final = Conventions(
    explain=_explained,
    renewal="Segment renews no token: create one (Settings, Access Management, Tokens) that may read this",
)


def _listed(connection: Connection, path: str, key: str, accept: str = STABLE) -> Iterator[Thing]:
    def data(document: Any) -> Any:
        return document.get("data") if isinstance(document, dict) else None

    rest = connection.rest
    return pages(
        rest,
        path,
        lambda cursor, size: rest.get(
            path,
            {COUNT: size, **({"pagination[cursor]": cursor} if cursor else {})},
            size=COUNT,
            accept=accept,
        ),
        lambda document: rest.listed(data(document), key, path),
        lambda document: data(document)["pagination"].get("next"),
        size=PAGE,
    )


def _plans(connection: Connection, period: Period) -> Iterator[Any]:
    for plan in _listed(connection, "/tracking-plans", "trackingPlans"):
        about = (identity(plan, "id"), text(plan, "name"))
        path = f"/tracking-plans/{quote(about[0], safe='')}/rules"
        yield from ((*about, rule) for rule in _listed(connection, path, "rules"))


def _rule(connection: Connection, thing: tuple[str, str, Thing]) -> Seen:
    plan, plan_name, rule = thing
    kind, key = text(rule, "type"), text(rule, "key")
    schema = ((rule.get("jsonSchema") or {}).get("properties") or {}).get(
        "traits" if kind in _TRAITS else "properties"
    )
    names = [str(name) for name in ((schema or {}).get("properties") or {})]
    status = "ended" if rule.get("deprecatedAt") else ""
    if kind == "TRACK":
        yield connection.seen(
            Level.EVENT,
            native="event",
            id=f"{plan}/{key}",
            name=key,
            value=plan_name,
            status=status,
            parents={"tracking_plan": plan},
        )
        for name in names:
            yield connection.seen(
                Level.PARAMETER,
                id=f"{plan}/{key}/{name}",
                name=name,
                parents={"event": key, "tracking_plan": plan},
            )
    elif kind in _TRAITS:
        for name in names:
            yield connection.seen(
                Level.USER_PROPERTY,
                id=f"{plan}/{kind.lower()}/{name}",
                name=name,
                value="user" if kind == "IDENTIFY" else "account",
                parents={"tracking_plan": plan},
            )


def _audiences(connection: Connection, period: Period) -> Iterator[Any]:
    space = connection.account.option("space")
    if not space:
        yield Gap(
            "segment: audiences",
            "no space is named",
            "Add options: {space: spa_...} to the source in registry/audit.yaml",
            frozenset({Level.AUDIENCE}),
        )
        return
    yield from _listed(connection, f"/spaces/{quote(space, safe='')}/audiences", "audiences", ALPHA)


def _audience(connection: Connection, each: Thing) -> Seen:
    definition = each.get("definition") or {}
    yield connection.seen(
        Level.AUDIENCE,
        native="audience",
        id=identity(each, "id"),
        name=text(each, "name"),
        value=text(each, "key"),
        status="active" if each.get("enabled") else "paused",
        upkeep=Upkeep(mechanism="list_sync", rule=text(definition, "query")),
    )


API: Final = Api(
    platform="segment",
    host="https://api.segmentapis.com",
    connect=connect,
    variables=("SEGMENT_PUBLIC_API_TOKEN",),
    surfaces=(
        Surface(
            "tracking plans", frozenset({Level.EVENT, Level.PARAMETER, Level.USER_PROPERTY}), _plans, _rule
        ),
        Surface("audiences", frozenset({Level.AUDIENCE}), _audiences, _audience),
    ),
    tells=frozenset({Tells.STATUS, Tells.PARENTS, Tells.PARAMETERS, Tells.ALL}),
)
