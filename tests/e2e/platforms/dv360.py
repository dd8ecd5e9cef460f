"""Display & Video 360's API v4."""

from typing import Any

from tests.e2e.platforms import google
from tests.e2e.platforms.server import Request

A_DAY = {"year": 2026, "month": 11, "day": 2}
LAST_DAY = {"year": 2026, "month": 12, "day": 24}
CAMPAIGNS = [
    {
        "name": f"advertisers/4455667/campaigns/{number}",
        "advertiserId": "4455667",
        "campaignId": str(number),
        "displayName": f"acme_de_awareness_spring_202611_{number:06d}",
        "entityStatus": status,
        "campaignFlight": {"plannedDates": {"startDate": A_DAY, "endDate": LAST_DAY}},
        "campaignGoal": {"campaignGoalType": "CAMPAIGN_GOAL_TYPE_BRAND_AWARENESS"},
    }
    for number, status in enumerate(
        ["ENTITY_STATUS_ACTIVE", "ENTITY_STATUS_PAUSED", "ENTITY_STATUS_ARCHIVED"], 1
    )
]
ORDERS = [
    {
        "advertiserId": "4455667",
        "insertionOrderId": str(20 + number),
        "campaignId": "1",
        "displayName": f"Order {number}",
        "entityStatus": "ENTITY_STATUS_ACTIVE",
        "optimizationObjective": "CONVERSION",
        "kpi": {"kpiType": "KPI_TYPE_CPA"},
        "budget": {
            "budgetUnit": "BUDGET_UNIT_CURRENCY",
            "budgetSegments": [
                {"budgetAmountMicros": "1", "dateRange": {"startDate": A_DAY, "endDate": A_DAY}},
                {"budgetAmountMicros": "1", "dateRange": {"startDate": LAST_DAY, "endDate": LAST_DAY}},
            ],
        },
    }
    for number in range(3)
]
ITEMS = [
    {
        "advertiserId": "4455667",
        "lineItemId": str(30 + number),
        "insertionOrderId": "20",
        "campaignId": "1",
        "displayName": f"Länge zählt in Bytes {number}",
        "entityStatus": "ENTITY_STATUS_ACTIVE",
        "lineItemType": "LINE_ITEM_TYPE_DISPLAY_DEFAULT",
        "flight": {
            "flightDateType": "LINE_ITEM_FLIGHT_DATE_TYPE_CUSTOM",
            "dateRange": {"startDate": A_DAY, "endDate": LAST_DAY},
        },
    }
    for number in range(5)
]
CREATIVES = [
    {
        "advertiserId": "4455667",
        "creativeId": str(40 + number),
        "displayName": f"image_728x90_{number}",
        "entityStatus": "ENTITY_STATUS_ACTIVE",
        "exitEvents": [
            {"type": "EXIT_EVENT_TYPE_DEFAULT", "url": f"https://www.example.com/?utm_content={number}"}
        ],
    }
    for number in range(3)
]
AUDIENCES = [
    {
        "name": f"firstPartyAndPartnerAudiences/{number}",
        "firstPartyAndPartnerAudienceId": str(number),
        "displayName": name,
        "audienceType": kind,
        "membershipDurationDays": days,
        "displayAudienceSize": "1200",
    }
    for number, name, kind, days in (
        (50, "recent_site_visitors_3d", "TAG_BASED", "30"),
        (51, "customers_all", "CUSTOMER_MATCH_CONTACT_INFO", "10000"),
        (52, "cart_abandoners_3d", "ACTIVITY_BASED", "3"),
    )
]
TARGETINGS = [
    {
        "lineItemId": "30",
        "assignedTargetingOption": {
            "targetingType": "TARGETING_TYPE_AUDIENCE_GROUP",
            "audienceGroupDetails": {
                "includedFirstPartyAndPartnerAudienceGroups": [
                    {
                        "settings": [
                            {"firstPartyAndPartnerAudienceId": "50", "recency": "RECENCY_3_DAYS"},
                            {"firstPartyAndPartnerAudienceId": "52", "recency": "RECENCY_NO_LIMIT"},
                        ]
                    }
                ],
                "excludedFirstPartyAndPartnerAudienceGroup": {
                    "settings": [
                        {"firstPartyAndPartnerAudienceId": "51", "recency": "RECENCY_6_HOURS"},
                    ]
                },
            },
        },
    }
]
_LISTS = {
    "campaigns": CAMPAIGNS,
    "insertionOrders": ORDERS,
    "lineItems": ITEMS,
    "creatives": CREATIVES,
    "firstPartyAndPartnerAudiences": AUDIENCES,
}


def answer(request: Request) -> Any:
    """What the API answers; raises where the request or the answer is not as published."""
    google.authorised(request)
    document = google.discovery("displayvideo", "v4")
    method = google.method_of(document, request)
    if request.path.endswith(":bulkListAssignedTargetingOptions"):
        wanted = request.query["lineItemIds"]
        members = [each for each in TARGETINGS if each["lineItemId"] in wanted]
        page = google.paged(request, "lineItemAssignedTargetingOptions", members)
    else:
        key = request.path.rpartition("/")[2]
        page = google.paged(request, key, list(_LISTS[key]))
    return google.check(document, method["response"]["$ref"], page)
