"""GA4: manual UTM values and events from the Data API v1beta; audiences, custom dimensions and key events
from the Admin API v1alpha, the only one that lists audiences.

Manual dimensions hold what stood in the link. `sessionSource` and its like also carry what Google Ads or GA4
made of it, so they are not asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from canonry.adapters.answers import OddError, members
from canonry.adapters.apis import (
    Account,
    Api,
    Connection,
    Environment,
    Seen,
    Surface,
    Thing,
    days_between,
)
from canonry.adapters.google import VARIABLES, connected
from canonry.adapters.members import identity, text, whole
from canonry.adapters.paging import pages, positioned
from canonry.adapters.rest import Rest
from canonry.audit.observation import Level, Upkeep, Weight
from canonry.audit.source import Gap, Period, Tells

DATA_HOST: Final = "https://analyticsdata.googleapis.com"
ADMIN_HOST: Final = "https://analyticsadmin.googleapis.com"
SCOPE: Final = "https://www.googleapis.com/auth/analytics.readonly"
ROWS: Final = 2_000
"""Rows a page, which is held whole; the API allows 250,000."""
MANUAL: Final = {
    "sessionManualSource": "utm_source",
    "sessionManualMedium": "utm_medium",
    "sessionManualCampaignName": "utm_campaign",
    "sessionManualCampaignId": "utm_id",
    "sessionManualAdContent": "utm_content",
    "sessionManualTerm": "utm_term",
}
OTHER: Final = "(other)"
"""What GA4 calls the row of all that is beyond its limit of values."""
_SCOPES: Final = {"USER": Level.USER_PROPERTY, "EVENT": Level.PARAMETER, "ITEM": Level.PARAMETER}


def connect(host: str, environment: Environment, account: Account) -> Rest:
    """The Data API; the Admin API is another host with the same access."""
    return connected("ga4", host, environment, SCOPE)


def _report(
    connection: Connection, period: Period, dimensions: list[str], metric: str, what: str
) -> Iterator[Thing | Gap]:
    """Rows of one report, and a gap for each way in which GA4 says that it left something out."""
    path = f"/v1beta/properties/{connection.account.segment}:runReport"
    rest, (first, last) = connection.rest, days_between(period)
    gaps: dict[str, Gap] = {}
    told: set[str] = set()

    def fetch(offset: int) -> Any:
        return rest.post(
            path,
            {
                "dimensions": [{"name": name} for name in dimensions],
                "metrics": [{"name": metric}],
                "dateRanges": [{"startDate": first, "endDate": last}],
                "limit": str(ROWS),
                "offset": str(offset),
                "orderBys": [{"dimension": {"dimensionName": name}} for name in dimensions],
            },
        )

    def rows(document: Any) -> list[Thing]:
        if not _ABOUT & document.keys():
            raise OddError("no report")
        for gap in _omissions(document.get("metadata") or {}, what, connection.account):
            gaps.setdefault(gap.why, gap)
        return rest.listed(document, "rows", path, optional=True)

    def following(document: Any, offset: int, found: int) -> int | None:
        after = offset + found
        total = whole(document["rowCount"] if found else document.get("rowCount")) or 0
        if after < total and not found:
            why = f"the report ended after {after} of {total} rows"
            gaps[why] = Gap(f"ga4: {what}", why)
        return after if found and after < total else None

    def still(document: Any) -> Any:
        return document["rowCount"], [row["dimensionValues"] for row in document["rows"]]

    def fresh() -> Iterator[Gap]:
        for why in gaps.keys() - told:
            told.add(why)
            yield gaps[why]

    for row in positioned(rest, path, fetch, rows, following, still, first=0):
        if len(gaps) > len(told):
            yield from fresh()
        yield row
    yield from fresh()


_ABOUT: Final = frozenset({"rows", "rowCount", "metadata", "kind", "dimensionHeaders"})
"""One of them stands in every report, an empty one too."""


def _values(row: Thing) -> tuple[list[str], int | None]:
    """A row's dimensions and its one metric."""
    (metric,) = members(row, "metricValues")
    return [text(each, "value") for each in members(row, "dimensionValues")], whole(metric.get("value"))


def _omissions(metadata: dict[str, Any], what: str, account: Account) -> Iterator[Gap]:
    zone = text(metadata, "timeZone")
    if zone and account.time_zone and zone != account.time_zone:
        yield Gap(
            "ga4: time zone",
            f"the property's days are those of {zone}, and accounts.yaml says {account.time_zone}",
            f"Write time_zone: {zone} for {account.key} into registry/accounts.yaml",
        )
    if metadata.get("dataLossFromOtherRow"):
        yield _folded(what)
    if metadata.get("samplingMetadatas"):
        yield Gap(f"ga4: {what}", "GA4 sampled the report", "Read a shorter period, or the BigQuery export")
    if metadata.get("subjectToThresholding"):
        yield Gap(
            f"ga4: {what}",
            "GA4 left out rows with few users (thresholding)",
            "Read the BigQuery export, or report by device-based identity",
        )


def _folded(what: str) -> Gap:
    return Gap(
        f"ga4: {what}",
        f"GA4 put values beyond its limit into the row {OTHER}",
        "Read the BigQuery export instead, or a shorter period",
    )


def _tags(connection: Connection, period: Period) -> Iterator[Any]:
    return _report(connection, period, list(MANUAL), "sessions", "manual tags")


def _tag(connection: Connection, row: Thing) -> Seen:
    values, sessions = _values(row)
    if OTHER in values:  # whatever the report's metadata says
        yield _folded("manual tags")
    params = dict(zip(MANUAL.values(), values, strict=True))
    yield connection.seen(
        Level.TAGS, name=params["utm_campaign"], params=params, weight=Weight(rows=sessions)
    )


def _events(connection: Connection, period: Period) -> Iterator[Any]:
    return _report(connection, period, ["eventName"], "eventCount", "events")


def _event(connection: Connection, row: Thing) -> Seen:
    (name,), count = _values(row)
    if name == OTHER:
        yield _folded("events")
        return
    yield connection.seen(Level.EVENT, name=name, weight=Weight(rows=count))


def _listed(connection: Connection, collection: str) -> Iterator[dict[str, Any]]:
    path = f"/v1alpha/properties/{connection.account.segment}/{collection}"
    data = connection.rest
    rest = data.at(ADMIN_HOST) if data.base_url == DATA_HOST else data
    return pages(
        rest,
        path,
        lambda token, size: rest.get(
            path, {"pageSize": size, **({"pageToken": token} if token else {})}, size="pageSize"
        ),
        lambda document: rest.listed(document, collection, path, optional=True),
        lambda document: document.get("nextPageToken"),
        size=200,
    )


def _audiences(connection: Connection, period: Period) -> Iterator[Any]:
    return _listed(connection, "audiences")


def _audience(connection: Connection, each: Thing) -> Seen:
    clauses = each.get("filterClauses")
    upkeep = Upkeep(
        window=whole(each.get("membershipDurationDays")),
        mechanism="ga4_audience",
        rule=json.dumps(clauses, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if clauses
        else "",
    )
    yield connection.seen(
        Level.AUDIENCE,
        id=identity(each, "name").rpartition("/")[2],
        name=text(each, "displayName"),
        upkeep=upkeep,
    )


def _dimensions(connection: Connection, period: Period) -> Iterator[Any]:
    return _listed(connection, "customDimensions")


def _dimension(connection: Connection, each: Thing) -> Seen:
    level = _SCOPES.get(str(each.get("scope")))
    if level is not None:
        yield connection.seen(
            level,
            id=identity(each, "name").rpartition("/")[2],
            name=text(each, "parameterName"),
            value=text(each, "displayName"),
        )


def _goals(connection: Connection, period: Period) -> Iterator[Any]:
    return _listed(connection, "keyEvents")


def _goal(connection: Connection, each: Thing) -> Seen:
    yield connection.seen(
        Level.GOAL, id=identity(each, "name").rpartition("/")[2], name=text(each, "eventName")
    )


API: Final = Api(
    platform="ga4",
    host=DATA_HOST,
    connect=connect,
    variables=VARIABLES,
    surfaces=(
        Surface("manual tags", frozenset({Level.TAGS}), _tags, _tag),
        Surface("events", frozenset({Level.EVENT}), _events, _event),
        Surface("audiences", frozenset({Level.AUDIENCE}), _audiences, _audience),
        Surface(
            "custom dimensions", frozenset({Level.USER_PROPERTY, Level.PARAMETER}), _dimensions, _dimension
        ),
        Surface("key events", frozenset({Level.GOAL}), _goals, _goal),
    ),
    tells=frozenset({Tells.ROWS, Tells.MANUAL_TAGS, Tells.WINDOW, Tells.ALL}),
)
