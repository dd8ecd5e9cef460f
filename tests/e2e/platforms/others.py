"""TikTok, LinkedIn, Segment and RudderStack, after their published references (no client to hold them to).

TikTok: paths and parameters of tiktok-business-api-sdk 1.1.3. Segment: models of its Public API SDK 47.0.0.
RudderStack: Data Catalog, Event Audit v2 and Reverse ETL Connections pages of its documentation. LinkedIn:
Marketing API reference.
"""

import json
from typing import Any

from tests.e2e.platforms.server import TOKEN, RefusedError, Request

SMALL = 2
TIKTOK_CAMPAIGNS = [
    {
        "campaign_id": f"17{number:017d}",
        "campaign_name": f"lumiq_ww_conversion_launch_{number}",
        "objective_type": "WEB_CONVERSIONS",
        "operation_status": "DISABLE" if number == 1 else "ENABLE",
    }
    for number in range(5)
]
TIKTOK_GROUPS = [
    {
        "adgroup_id": "18001",
        "adgroup_name": "lookalike",
        "campaign_id": TIKTOK_CAMPAIGNS[0]["campaign_id"],
        "optimization_goal": "CONVERT",
        "operation_status": "ENABLE",
        "schedule_type": "SCHEDULE_START_END",
        "schedule_start_time": "2026-11-02 00:00:00",
        "schedule_end_time": "2026-12-24 23:59:59",
        "audience_ids": ["901"],
        "excluded_audience_ids": ["902"],
    }
]
TIKTOK_ADS = [
    {
        "ad_id": "19001",
        "ad_name": "video_9x16",
        "adgroup_id": "18001",
        "campaign_id": TIKTOK_CAMPAIGNS[0]["campaign_id"],
        "operation_status": "ENABLE",
        "landing_page_url": "https://www.example.com/?utm_source=tiktok&utm_content=__CID_NAME__",
    }
]
TIKTOK_AUDIENCES = [
    {"audience_id": "901", "name": "recent_site_visitors_3d", "audience_type": "WEBSITE_TRAFFIC"},
    {"audience_id": "902", "name": "customers_all", "audience_type": "CUSTOMER_FILE", "cover_num": 5000},
]
_TIKTOK: dict[str, list[dict[str, Any]]] = {
    "/campaign/get/": TIKTOK_CAMPAIGNS,
    "/adgroup/get/": TIKTOK_GROUPS,
    "/ad/get/": TIKTOK_ADS,
    "/dmp/custom_audience/list/": TIKTOK_AUDIENCES,
    "/advertiser/info/": [{"advertiser_id": "7123456789012345678", "currency": "USD"}],
}
_LISTS = frozenset({"advertiser_id", "filtering", "page", "page_size", "fields"})
_TAKES: dict[str, tuple[frozenset[str], int]] = {
    "/campaign/get/": (_LISTS, 1000),
    "/adgroup/get/": (_LISTS, 1000),
    "/ad/get/": (_LISTS, 1000),
    "/dmp/custom_audience/list/": (
        frozenset({"advertiser_id", "custom_audience_ids", "page", "page_size"}),
        100,
    ),
    "/advertiser/info/": (frozenset({"advertiser_ids", "fields"}), 0),
    "/report/integrated/get/": (
        frozenset(
            {
                *("advertiser_id", "page", "page_size", "report_type", "data_level", "dimensions", "metrics"),
                *("start_date", "end_date", "filtering"),
            }
        ),
        1000,
    ),
}
"""Parameters that the SDK's methods take, and how many things a page holds at the most."""


def tiktok(request: Request) -> Any:
    """Every answer is HTTP 200; `code` tells."""
    if request.headers.get("access-token") != TOKEN:
        return {"code": 40105, "message": "Access token is incorrect or has been revoked.", "data": {}}
    path = request.path.removeprefix("/open_api/v1.3")
    takes, most = _TAKES[path]
    assert set(request.query) <= takes, request.query
    assert int(request.one("page_size", "0")) <= most
    if path == "/report/integrated/get/":
        (key,) = json.loads(request.one("dimensions"))
        (chosen,) = json.loads(request.one("filtering"))
        asked = json.loads(chosen["filter_value"])
        assert (chosen["field_name"], chosen["filter_type"]) == (f"{key}s", "IN") and len(asked) <= 100
        members: list[dict[str, Any]] = [
            {"dimensions": {key: each[key]}, "metrics": {"spend": "9.50", "impressions": "70", "clicks": "3"}}
            for each in (TIKTOK_CAMPAIGNS[:2] if key == "campaign_id" else [*TIKTOK_GROUPS, *TIKTOK_ADS])
            if each.get(key) in asked
        ]
    else:
        members = _TIKTOK[path]
    page, size = int(request.one("page", "1")), min(int(request.one("page_size", "10")), SMALL)
    return {
        "code": 0,
        "message": "OK",
        "request_id": "r",
        "data": {
            "list": members[(page - 1) * size : page * size],
            "page_info": {
                "page": page,
                "page_size": size,
                "total_number": len(members),
                "total_page": -(-len(members) // size),
            },
        },
    }


LINKEDIN_GROUPS = [
    {
        "id": 600 + number,
        "name": f"acme_business_{number}",
        "status": "ACTIVE",
        "runSchedule": {"start": 1_793_577_600_000, "end": 1_798_070_400_000},
    }
    for number in range(3)
]
LINKEDIN_CAMPAIGNS = [
    {
        "id": 700,
        "name": "leads",
        "status": "DRAFT",
        "campaignGroup": "urn:li:sponsoredCampaignGroup:600",
        "objectiveType": "LEAD_GENERATION",
        "optimizationTargetType": "MAX_LEAD",
        "runSchedule": {"start": 1_793_577_600_000},
        "targetingCriteria": {
            "include": {
                "and": [
                    {"or": {"urn:li:adTargetingFacet:locations": ["urn:li:geo:101282230"]}},
                    {"or": {"urn:li:adTargetingFacet:audienceMatchingSegments": ["urn:li:adSegment:901"]}},
                ]
            },
            "exclude": {"or": {"urn:li:adTargetingFacet:dynamicSegments": ["urn:li:adSegment:902"]}},
        },
    }
]
LINKEDIN_CREATIVES = [
    {
        "id": "urn:li:sponsoredCreative:800",
        "name": "text ad",
        "campaign": "urn:li:sponsoredCampaign:700",
        "intendedStatus": "ACTIVE",
        "content": {"textAd": {"landingPage": "https://www.example.com/?utm_source=linkedin"}},
    },
    {
        "id": "urn:li:sponsoredCreative:801",
        "name": "post",
        "campaign": "urn:li:sponsoredCampaign:700",
        "intendedStatus": "PAUSED",
        "content": {"reference": "urn:li:share:1"},
    },
]
LINKEDIN_AUDIENCES = [
    {
        "id": 901,
        "name": "customers_all",
        "type": "USER",
        "destinations": [
            {
                "destination": "LINKEDIN",
                "status": "READY",
                "audienceSize": 300,
                "lastModified": 1_795_000_000_000,
            }
        ],
    }
]
_LINKEDIN: dict[str, list[dict[str, Any]]] = {
    "adCampaignGroups": LINKEDIN_GROUPS,
    "adCampaigns": LINKEDIN_CAMPAIGNS,
    "creatives": LINKEDIN_CREATIVES,
}


def linkedin(request: Request) -> Any:
    """Cursors in `metadata.nextPageToken`; audiences by `start` and `count`."""
    if request.headers.get("authorization") != f"Bearer {TOKEN}":
        raise RefusedError(401, {"status": 401, "message": "Invalid access token", "code": "REVOKED"})
    assert request.headers["linkedin-version"] == "202610"
    if request.path == "/rest/dmpSegments":
        assert request.one("account") == "urn:li:sponsoredAccount:509876543"
        return {"elements": LINKEDIN_AUDIENCES, "paging": {"start": 0, "count": 100, "total": 1}}
    if request.path == "/rest/adAnalytics":
        assert (request.method, request.headers["x-http-method-override"]) == ("POST", "GET")
        assert request.body["dateRange"].startswith("(start:(year:2026,month:11,day:")
        facet, name = {
            "CAMPAIGN_GROUP": ("campaignGroups", "sponsoredCampaignGroup:600"),
            "CAMPAIGN": ("campaigns", "sponsoredCampaign:700"),
            "CREATIVE": ("creatives", "sponsoredCreative:800"),
        }[request.body["pivot"]]
        asked = request.body[facet].removeprefix("List(").removesuffix(")").split(",")
        row = {"costInLocalCurrency": "44.10", "impressions": 900, "clicks": 4}
        return {"elements": [{**row, "pivotValues": [urn]} for urn in asked if urn == f"urn:li:{name}"]}
    if request.path == "/rest/adAccounts/509876543":
        return {"id": 509876543, "currency": "EUR"}
    members = _LINKEDIN[request.path.rpartition("/")[2]]
    start = int(request.one("pageToken", "0"))
    metadata = {"nextPageToken": str(start + SMALL)} if start + SMALL < len(members) else {}
    return {"elements": members[start : start + SMALL], "metadata": metadata}


PLANS = [{"id": "tp_1", "name": "web", "type": "LIVE"}, {"id": "tp_2", "name": "app", "type": "LIVE"}]
RULES = [
    {
        "type": "TRACK",
        "key": "Order Completed",
        "version": 1,
        "jsonSchema": {"properties": {"properties": {"properties": {"order_id": {}, "total": {}}}}},
    },
    {
        "type": "IDENTIFY",
        "version": 1,
        "jsonSchema": {"properties": {"traits": {"properties": {"plan_tier": {}}}}},
    },
    {"type": "TRACK", "key": "Cart Viewed", "version": 1, "jsonSchema": None, "deprecatedAt": "2026-01-01"},
]
SEGMENT_AUDIENCES = [
    {
        "id": "aud_1",
        "spaceId": "spa_1",
        "name": "recent_site_visitors_3d",
        "key": "recent_site_visitors_3d",
        "enabled": True,
        "definition": {"query": "event('Page Viewed').count() >= 1", "type": "USERS"},
    }
]


def segment(request: Request) -> Any:
    """Cursors in `pagination.next`."""
    if request.headers.get("authorization") != f"Bearer {TOKEN}":
        raise RefusedError(401, {"errors": [{"type": "unauthenticated", "message": "Bad token"}]})
    assert set(request.query) <= {"pagination[count]", "pagination[cursor]"}
    assert 1 <= int(request.one("pagination[count]")) <= 200
    version = "v1alpha" if request.path.endswith("/audiences") else "v1"
    assert f"application/vnd.segment.{version}+json" in request.headers["accept"]
    key, members = {
        "/tracking-plans": ("trackingPlans", PLANS),
        "/tracking-plans/tp_1/rules": ("rules", RULES),
        "/tracking-plans/tp_2/rules": ("rules", []),
        "/spaces/spa_1/audiences": ("audiences", SEGMENT_AUDIENCES),
    }[request.path]
    start = int(request.one("pagination[cursor]", "0"))
    pagination: dict[str, Any] = {"current": str(start), "totalEntries": len(members)}
    if start + 1 < len(members):
        pagination["next"] = str(start + 1)
    return {"data": {key: members[start : start + 1], "pagination": pagination}}


def rudderstack(request: Request) -> Any:
    """Pages by number; event models by `hasNext`."""
    if request.headers.get("authorization") != f"Bearer {TOKEN}":
        raise RefusedError(401, {"message": "Unauthorized"})
    page = int(request.one("page", "1"))
    match request.path:
        case "/v2/catalog/tracking-plans":
            return {"trackingPlans": [PLANS[page - 1]], "total": 2, "currentPage": page, "pageSize": 1}
        case "/v2/catalog/tracking-plans/tp_1/events":
            events = [
                {"id": "ev_1", "name": "Order Completed", "eventType": "track"},
                {"id": "ev_2", "name": "", "eventType": "identify"},
            ]
            return {"data": [events[page - 1]], "total": 2, "currentPage": page, "pageSize": 1}
        case "/v2/catalog/tracking-plans/tp_2/events":
            return {"data": [], "total": 0, "currentPage": 1, "pageSize": 50}
        case "/v2/catalog/tracking-plans/tp_1/events/ev_1":
            rules = {"properties": {"properties": {"properties": {"order_id": {}}}}}
            return {"id": "ev_1", "rules": {"type": "object", **rules}}
        case "/v2/catalog/tracking-plans/tp_1/events/ev_2":
            return {"id": "ev_2", "rules": {"properties": {"traits": {"properties": {"plan_tier": {}}}}}}
        case "/v2/schemas":
            models = [
                {
                    "uid": "m1",
                    "writeKey": "w",
                    "eventType": "track",
                    "eventIdentifier": "Order Completed",
                    "createdAt": "2024-01-02T03:04:05Z",
                    "lastSeen": "2026-11-20T03:04:05Z",
                    "count": 120,
                },
                {
                    "uid": "m2",
                    "writeKey": "w",
                    "eventType": "track",
                    "eventIdentifier": "Odd Event",
                    "lastSeen": "2020-01-01T00:00:00Z",
                },
            ]
            return {"results": [models[page - 1]], "currentPage": page, "hasNext": page == 1}
        case "/v2/retl-connections/con_1/syncs":
            syncs = [
                {"id": "s1", "status": "succeeded", "finishedAt": "2026-11-18T05:00:00Z"},
                {"id": "s2", "status": "succeeded", "finishedAt": "2026-11-19T05:00:00Z"},
            ]
            return {"syncs": syncs}
    raise RefusedError(404, {"message": "not found"})
