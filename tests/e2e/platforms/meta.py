"""Meta's Marketing API v26.0, held to the fields that Meta's own client knows."""

import json
import re
from functools import cache
from typing import Any

from tests.e2e.platforms.server import TOKEN, RefusedError, Request

SMALL = 2
INSIGHTS = {"data": [{"spend": "12.34", "impressions": "1000", "clicks": "12", "account_currency": "EUR"}]}
CAMPAIGNS = [
    {
        "id": f"12000000000000{number:04d}",
        "name": name,
        "objective": "OUTCOME_SALES",
        "status": "ACTIVE",
        "effective_status": ["ACTIVE", "PAUSED", "ARCHIVED"][number % 3],
        "start_time": "2026-11-02T00:00:00+0100",
        "stop_time": "2026-12-24T23:59:59+0100",
        "insights": INSIGHTS,
    }
    for number, name in enumerate(
        ["acme_de_conversion_spring_202611_k7f4p2", "Kampagne - Kopie", "x" * 400, "Copy of a", "b"]
    )
]
AD_SETS = [
    {
        "id": f"2300{number}",
        "name": f"recent_site_visitors_3d_{number}",
        "campaign_id": CAMPAIGNS[0]["id"],
        "status": "ACTIVE",
        "effective_status": "CAMPAIGN_PAUSED" if number else "ACTIVE",
        "optimization_goal": "OFFSITE_CONVERSIONS" if number else "LINK_CLICKS",
        "promoted_object": {"pixel_id": "1", "custom_event_type": "PURCHASE"},
        "targeting": {
            "custom_audiences": [{"id": "4000", "name": "rtg_3d"}],
            "excluded_custom_audiences": [{"id": "4001", "name": "buyers"}],
        },
        "start_time": "2026-11-02T00:00:00+0100",
    }
    for number in range(3)
]
ADS = [
    {
        "id": f"3000{number}",
        "name": f"image_1x1_v{number}",
        "adset_id": "23000",
        "campaign_id": CAMPAIGNS[0]["id"],
        "status": "ACTIVE",
        "effective_status": "ACTIVE",
        "creative": creative,
        "insights": INSIGHTS,
    }
    for number, creative in enumerate(
        [
            {
                "id": "5000",
                "url_tags": "utm_source=facebook&utm_medium=paid_social&utm_content={{ad.name}}",
                "object_story_spec": {"link_data": {"link": "https://www.example.com/p?utm_source=fb&a=1#x"}},
            },
            {"id": "5001", "url_tags": "utm_source=facebook"},
            {
                "id": "5002",
                "object_story_spec": {
                    "link_data": {
                        "link": "https://www.example.com/a",
                        "child_attachments": [
                            {"link": "https://www.example.com/a"},
                            {"link": "https://www.example.com/b?utm_id=1"},
                        ],
                    }
                },
            },
            {"id": "5003", "asset_feed_spec": {"link_urls": [{"website_url": "https://www.example.com/c"}]}},
        ]
    )
]
AUDIENCES = [
    {
        "id": "4000",
        "name": "recent_site_visitors_3d",
        "subtype": "WEBSITE",
        "retention_days": 180,
        "rule": json.dumps(
            {
                "inclusions": {
                    "operator": "or",
                    "rules": [
                        {"event_sources": [{"id": "1", "type": "pixel"}], "retention_seconds": 2_592_000}
                    ],
                }
            }
        ),
        "approximate_count_lower_bound": 1200,
    },
    {
        "id": "4001",
        "name": "customers_all",
        "subtype": "CUSTOM",
        "retention_days": 0,
        "time_content_updated": 1_795_000_000,
        "approximate_count_lower_bound": 800,
    },
    {"id": "4002", "name": "no rule", "subtype": "ENGAGEMENT", "retention_days": 365},
]
_EDGES: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "campaigns": ("campaign", CAMPAIGNS),
    "adsets": ("adset", AD_SETS),
    "ads": ("ad", ADS),
    "customaudiences": ("customaudience", AUDIENCES),
}


@cache
def _fields(module: str) -> frozenset[str]:
    """Field names of an object in Meta's own client."""
    from importlib import import_module

    names = {"adset": "AdSet", "customaudience": "CustomAudience"}
    found = getattr(
        import_module(f"facebook_business.adobjects.{module}"), names.get(module, module.capitalize())
    )
    return frozenset(value for key, value in vars(found.Field).items() if not key.startswith("_"))


def _asked(text: str) -> list[str]:
    """Names of the outermost fields of `a,b{c,d},e.f(...){g}`."""
    found, depth, word = [], 0, ""
    for char in text + ",":
        if char in "{(":
            depth += 1
        elif char in "})":
            depth -= 1
        elif char == "," and depth == 0:
            found.append(re.split(r"\.", word)[0])
            word = ""
        elif depth == 0:
            word += char
    return found


def answer(request: Request) -> Any:
    """A page of an edge, with only the fields that were asked for."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ") or request.one("access_token")
    if token != TOKEN:
        message = "Error validating access token: Session has expired"
        raise RefusedError(400, {"error": {"message": message, "type": "OAuthException", "code": 190}})
    found = re.fullmatch(r"/v26\.0/act_(\d+)/(\w+)", request.path)
    assert found, request.path
    module, things = _EDGES[found[2]]
    asked = _asked(request.one("fields", "id"))
    unknown = set(asked) - _fields(module) - {"insights"}  # an edge that is read as a field
    if unknown:
        message = f"(#100) Tried accessing nonexisting field ({sorted(unknown)})"
        raise RefusedError(400, {"error": {"message": message, "type": "OAuthException", "code": 100}})
    start = int(request.one("after", "0"))
    members = [
        {key: each[key] for key in {*asked, "id"} if key in each} for each in things[start : start + SMALL]
    ]
    paging: dict[str, Any] = {"cursors": {"before": "0", "after": str(start + SMALL)}}
    if start + SMALL < len(things):
        host = request.headers["host"]
        paging["next"] = f"http://{host}{request.path}?access_token={token}&after={start + SMALL}"
    return {"data": members, "paging": paging}
