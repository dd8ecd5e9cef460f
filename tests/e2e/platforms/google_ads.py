"""Google Ads v26, from the messages of Google's own client: as JSON over REST, as they are over gRPC."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any

from tests.e2e.platforms.server import TOKEN, RefusedError, Request

VERSION = "v26"
CUSTOMER = {"currency_code": "EUR", "final_url_suffix": "utm_source=google&utm_medium=cpc"}


def _campaign(number: int) -> dict[str, Any]:
    return {
        "id": 100 + number,
        "name": f"acme_de_search_brand_{number}",
        "status": ["ENABLED", "PAUSED", "REMOVED"][number % 3],
        "bidding_strategy_type": "MAXIMIZE_CONVERSIONS",
        "advertising_channel_type": "SEARCH",
        "start_date_time": "2026-11-02 00:00:00",
        "end_date_time": "2037-12-30 23:59:59" if number % 2 else "2026-12-24 23:59:59",
        "final_url_suffix": "utm_source=google&utm_campaign=c" if number == 0 else "",
    }


METRICS = {"cost_micros": 12_340_000, "impressions": 1000, "clicks": 12}
ROWS: dict[str, list[dict[str, Any]]] = {
    "campaign": [{"campaign": _campaign(n), "metrics": METRICS, "customer": CUSTOMER} for n in range(5)],
    "ad_group": [
        {
            "ad_group": {"id": 200 + n, "name": f"group {n}", "status": "ENABLED"},
            "campaign": {"id": 100},
            "metrics": METRICS,
            "customer": CUSTOMER,
        }
        for n in range(3)
    ],
    "asset_group": [
        {
            "asset_group": {
                "id": 250,
                "name": "assets",
                "status": "ENABLED",
                "final_urls": ["https://www.example.com/de?utm_source=x#top"],
            },
            "campaign": {"id": 101},
            "metrics": METRICS,
            "customer": CUSTOMER,
        }
    ],
    "ad_group_ad": [
        {
            "ad_group_ad": {
                "status": "ENABLED",
                "ad": {
                    "id": 300 + n,
                    "name": f"image_1x1_{n}" if n % 2 else "",
                    "final_urls": [f"https://www.example.com/de?p={n}"],
                    "final_url_suffix": "utm_source=ad" if n == 1 else "",
                },
            },
            "ad_group": {"id": 200},
            "campaign": {"id": 100, "final_url_suffix": "utm_source=google&utm_campaign=c"},
            "metrics": METRICS,
            "customer": CUSTOMER,
        }
        for n in range(4)
    ],
    "user_list": [
        {
            "user_list": {
                "id": 400 + n,
                "name": name,
                "type_": kind,
                "membership_status": "OPEN",
                "membership_life_span": days,
                "size_for_display": 1200,
            }
        }
        for n, (name, kind, days) in enumerate(
            [
                ("recent_site_visitors_3d", "REMARKETING", 30),
                ("customers_all", "CRM_BASED", 10000),
                ("rule", "RULE_BASED", 540),
            ]
        )
    ],
    "ad_group_criterion": [
        {
            "ad_group_criterion": {
                "criterion_id": 9,
                "negative": n == 1,
                "type_": "USER_LIST",
                "status": "ENABLED",
                "user_list": {"user_list": f"customers/4125550137/userLists/{400 + n}"},
            },
            "ad_group": {"id": 200},
            "campaign": {"id": 100},
        }
        for n in range(2)
    ],
    "campaign_criterion": [
        {
            "campaign_criterion": {
                "criterion_id": 9,
                "negative": True,
                "type_": "USER_LIST",
                "status": "ENABLED",
                "user_list": {"user_list": "customers/4125550137/userLists/402"},
            },
            "campaign": {"id": 101},
        }
    ],
    "conversion_action": [
        {
            "conversion_action": {
                "id": 500,
                "name": "order_completed",
                "status": "ENABLED",
                "category": "PURCHASE",
                "primary_for_goal": True,
            }
        }
    ],
}


@cache
def _types() -> Any:
    return import_module(f"google.ads.googleads.{VERSION}.services.types.google_ads_service")


def batches(query: str, size: int = 2) -> list[Any]:
    """Answers to a query as messages: its rows from where it asks, in the order of the field it sorts by."""
    found = re.fullmatch(r"SELECT (.+) FROM (\w+)(?: WHERE (.+?))? ORDER BY ([\w.]+)", query)
    assert found, query
    selected, resource, conditions, key = found[1].split(", "), found[2], found[3] or "", found[4]
    row_type = _types().GoogleAdsRow
    for field in [*selected, key]:
        _known(row_type, field)
    if "metrics." in found[1]:
        assert re.search(r"segments\.date (BETWEEN '[\d-]{10}' AND '[\d-]{10}'|DURING \w+)", conditions)
    start, end = (re.search(rf"{re.escape(key)} {sign} (\d+)", conditions) for sign in (">=", "<="))
    rows = [
        row
        for row in ROWS[resource]
        if (start is None or _value(row, key) >= int(start[1]))
        and (end is None or _value(row, key) <= int(end[1]))
    ]
    rows.sort(key=lambda row: _value(row, key))
    answers = []
    for begin in range(0, len(rows), size):
        response = _types().SearchGoogleAdsStreamResponse(
            results=[row_type(_only(row, selected)) for row in rows[begin : begin + size]], request_id="rid"
        )
        answers.append(response)
    return answers or [_types().SearchGoogleAdsStreamResponse(request_id="rid")]


def _known(row_type: Any, field: str) -> None:
    """Fails where the client's messages have no such field."""
    descriptor = row_type.pb().DESCRIPTOR
    for part in field.split("."):
        names = {each.name: each for each in descriptor.fields}
        name = part if part in names else f"{part}_"  # reserved words of Python end in an underscore there
        assert name in names, f"{field}: {part} is unknown"
        descriptor = names[name].message_type


def _value(row: dict[str, Any], field: str) -> int:
    value: Any = row
    for part in field.split("."):
        value = value[part]
    return int(value)


def _only(row: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    """What a query selects of a row, as the platform would leave out all else."""
    result: dict[str, Any] = {}
    for field in fields:
        source: Any = row
        target = result
        *path, last = field.split(".")
        for part in path:
            source = (source or {}).get(part)
            target = target.setdefault(part, {})
        last = "type_" if last == "type" else last
        if source and last in source:
            target[last] = source[last]
    return result


def answer(request: Request) -> Any:
    """`searchStream` over REST: a list of batches, in the JSON of the client's messages."""
    from google.protobuf.json_format import MessageToDict

    if (
        request.headers.get("authorization") != f"Bearer {TOKEN}"
        or request.headers.get("developer-token") != "dev"
    ):
        raise RefusedError(401, [{"error": {"code": 401, "status": "UNAUTHENTICATED", "message": "no"}}])
    assert re.fullmatch(rf"/{VERSION}/customers/\d+/googleAds:searchStream", request.path), request.path
    return [MessageToDict(type(each).pb(each)) for each in batches(request.body["query"])]


@contextmanager
def over_grpc() -> Iterator[str]:
    """The same rows for Google's own client: the address of a gRPC server."""
    from concurrent import futures

    import grpc

    request_type = _types().SearchGoogleAdsStreamRequest.pb()

    def stream(message: Any, context: Any) -> Iterator[Any]:
        for each in batches(message.query):
            yield type(each).pb(each)

    handler = grpc.method_handlers_generic_handler(
        f"google.ads.googleads.{VERSION}.services.GoogleAdsService",
        {
            "SearchStream": grpc.unary_stream_rpc_method_handler(
                stream, request_type.FromString, lambda message: message.SerializeToString()
            )
        },
    )
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((handler,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(0).wait()
