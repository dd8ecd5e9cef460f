"""GA4's Data API v1beta and Admin API v1alpha."""

from typing import Any

from tests.e2e.platforms import google
from tests.e2e.platforms.server import Request

ROWS = [
    ("facebook", "paid_social", "acme_de_conversion_spring_202611_k7f4p2", "k7f4p2", "image_1x1", "", 120),
    ("newsletter", "email", "acme_de_spring", "(not set)", "(not set)", "(not set)", 40),
    ("(not set)", "(not set)", "(not set)", "(not set)", "(not set)", "(not set)", 900),
    ("google", "cpc", "Ünïcode | name", "42", "a/b", "shoes", 7),
    ("tiktok", "Paid Social", "lumiq", "l2", "", "", 3),
]
EVENTS = [("purchase", 31), ("page_view", 5000), ("add_to_cart", 210)]
AUDIENCES = [
    {
        "name": f"properties/312450981/audiences/{number}",
        "displayName": name,
        "description": "",
        "membershipDurationDays": days,
        "filterClauses": [
            {
                "clauseType": "INCLUDE",
                "simpleFilter": {
                    "scope": "AUDIENCE_FILTER_SCOPE_WITHIN_SAME_EVENT",
                    "filterExpression": {
                        "andGroup": {
                            "filterExpressions": [
                                {
                                    "orGroup": {
                                        "filterExpressions": [{"eventFilter": {"eventName": "add_to_cart"}}]
                                    }
                                }
                            ]
                        }
                    },
                },
            }
        ],
    }
    for number, (name, days) in enumerate(
        [("recent_site_visitors_3d", 30), ("cart_abandoners_3d", 3), ("rtg_540d", 540)]
    )
]
DIMENSIONS = [
    {
        "name": f"properties/312450981/customDimensions/{number}",
        "parameterName": name,
        "displayName": name,
        "scope": scope,
    }
    for number, (name, scope) in enumerate(
        [("plan_tier", "USER"), ("creative_tag", "EVENT"), ("item_colour", "ITEM")]
    )
]
KEY_EVENTS = [
    {
        "name": "properties/312450981/keyEvents/9",
        "eventName": "purchase",
        "countingMethod": "ONCE_PER_EVENT",
        "custom": False,
    }
]
_LISTS = {"audiences": AUDIENCES, "customDimensions": DIMENSIONS, "keyEvents": KEY_EVENTS}
_COLUMNS = (
    *("sessionManualSource", "sessionManualMedium", "sessionManualCampaignName", "sessionManualCampaignId"),
    *("sessionManualAdContent", "sessionManualTerm"),
)

METADATA: dict[str, Any] = {"currencyCode": "EUR", "timeZone": "Europe/Berlin"}


def answer(request: Request, metadata: dict[str, Any] | None = None) -> Any:
    """What GA4 answers; raises where the request is not as published."""
    if request.path == "/token":
        return google.token(request)
    google.authorised(request)
    if request.path.endswith(":runReport"):
        return _report(request, METADATA if metadata is None else metadata)
    document = google.discovery("analyticsadmin", "v1alpha")
    method = google.method_of(document, request)
    key = request.path.rpartition("/")[2]
    return google.check(document, method["response"]["$ref"], google.paged(request, key, list(_LISTS[key])))


def _report(request: Request, metadata: dict[str, Any]) -> Any:
    document = google.discovery("analyticsdata", "v1beta")
    method = google.method_of(document, request)
    body = request.body
    names = [each["name"] for each in body["dimensions"]]
    table = [dict(zip((*_COLUMNS, "sessions"), row, strict=True)) for row in ROWS]
    if names == ["eventName"]:
        table = [{"eventName": name, "eventCount": count} for name, count in EVENTS]
    metric = body["metrics"][0]["name"]
    rows = [
        {
            "dimensionValues": [{"value": str(row[name])} for name in names],
            "metricValues": [{"value": str(row[metric])}],
        }
        for row in table
    ]
    offset, limit = int(body.get("offset", 0)), int(body.get("limit", 10000))
    return google.check(
        document,
        method["response"]["$ref"],
        {
            "dimensionHeaders": [{"name": name} for name in names],
            "metricHeaders": [{"name": metric, "type": "TYPE_INTEGER"}],
            "rows": rows[offset : offset + min(limit, google.SMALL)],
            "rowCount": len(rows),
            "metadata": metadata,
            "kind": "analyticsData#runReport",
        },
    )
