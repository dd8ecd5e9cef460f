"""The platforms' own clients, pointed at the same stand-ins, see what canonry's readers see."""

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from tests.e2e.platforms import dv360, ga4, google_ads, meta
from tests.e2e.platforms.server import TOKEN, running
from tests.e2e.platforms.test_sources import WEEK, parted, source

from canonry.adapters.platforms.meta import links_of
from canonry.audit.observation import Level, Observation

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings(
        "ignore:ads does not allow field:UserWarning"
    ),  # it does, with fields of its own
]


def seen_by_canonry(name: str, answer: Any) -> list[Observation]:
    """What canonry's reader sees."""
    with running(answer) as platform:
        seen, gaps = parted(source(name, platform).read(WEEK))
    assert gaps == []
    return seen


def told(seen: list[Observation], *levels: Level) -> list[tuple[Any, ...]]:
    """What a client tells too: level, id, name, and what hangs on it."""
    return sorted(
        (x.level.value, x.id, x.name, x.upkeep.window if x.upkeep else None, x.goal)
        for x in seen
        if x.level in levels
    )


def test_ga4s_clients_see_the_same() -> None:
    """Data API and Admin API over their REST transports."""
    admin = pytest.importorskip("google.analytics.admin_v1alpha")
    data = pytest.importorskip("google.analytics.data_v1beta")
    from google.auth.credentials import AnonymousCredentials

    services = "services.analytics_admin_service.transports"
    admin_transport = import_module(f"google.analytics.admin_v1alpha.{services}")
    data_transport = import_module("google.analytics.data_v1beta.services.beta_analytics_data.transports")
    ours = seen_by_canonry("ga4", ga4.answer)
    with running(ga4.answer) as platform:
        place = {
            "host": platform.url.removeprefix("http://"),
            "url_scheme": "http",
            "credentials": AnonymousCredentials(),
        }
        client = admin.AnalyticsAdminServiceClient(
            transport=admin_transport.AnalyticsAdminServiceRestTransport(**place)
        )
        parent = "properties/312450981"
        audiences = list(client.list_audiences(parent=parent))
        dimensions = list(client.list_custom_dimensions(parent=parent))
        goals = list(client.list_key_events(parent=parent))
        reports = data.BetaAnalyticsDataClient(
            transport=data_transport.BetaAnalyticsDataRestTransport(**place)
        )
        columns = list(ga4._COLUMNS)
        rows: list[tuple[list[str], int]] = []
        while True:
            report = reports.run_report(
                data.RunReportRequest(
                    property=parent,
                    dimensions=[data.Dimension(name=name) for name in columns],
                    metrics=[data.Metric(name="sessions")],
                    date_ranges=[data.DateRange(start_date="2026-11-16", end_date="2026-11-22")],
                    offset=len(rows),
                )
            )
            rows += [
                ([v.value for v in row.dimension_values], int(row.metric_values[0].value))
                for row in report.rows
            ]
            if len(rows) >= report.row_count:
                break
        events: list[tuple[str, int]] = []
        while True:
            report = reports.run_report(
                data.RunReportRequest(
                    property=parent,
                    dimensions=[data.Dimension(name="eventName")],
                    metrics=[data.Metric(name="eventCount")],
                    date_ranges=[data.DateRange(start_date="2026-11-16", end_date="2026-11-22")],
                    offset=len(events),
                )
            )
            events += [
                (row.dimension_values[0].value, int(row.metric_values[0].value)) for row in report.rows
            ]
            if len(events) >= report.row_count:
                break
    assert told(ours, Level.AUDIENCE) == sorted(
        ("audience", x.name.rpartition("/")[2], x.display_name, x.membership_duration_days, "")
        for x in audiences
    )
    assert sorted(x.name for x in ours if x.level in (Level.USER_PROPERTY, Level.PARAMETER)) == sorted(
        x.parameter_name for x in dimensions
    )
    assert [x.name for x in ours if x.level is Level.GOAL] == [x.event_name for x in goals]
    assert [(list(x.params.values()), x.weight.rows) for x in ours if x.level is Level.TAGS] == rows
    assert [(x.name, x.weight.rows) for x in ours if x.level is Level.EVENT] == events


def test_google_ads_client_sees_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """gRPC, with the messages of the client itself."""
    client_module = pytest.importorskip("google.ads.googleads.client")
    grpc = pytest.importorskip("grpc")
    from google.oauth2.credentials import Credentials

    transports = import_module(
        f"google.ads.googleads.{google_ads.VERSION}.services.services.google_ads_service.transports"
    )
    monkeypatch.setattr(
        transports.GoogleAdsServiceGrpcTransport,
        "create_channel",
        classmethod(lambda cls, host=None, credentials=None, **rest: grpc.insecure_channel(host)),
    )
    ours = seen_by_canonry("google_ads", google_ads.answer)
    with google_ads.over_grpc() as address:
        client = client_module.GoogleAdsClient(
            Credentials(TOKEN),
            developer_token="dev",
            endpoint=address,
            version=google_ads.VERSION,
            use_proto_plus=True,
        )
        service = client.get_service("GoogleAdsService")

        def rows(fields: str, resource: str, key: str) -> Iterator[Any]:
            query = f"SELECT {fields} FROM {resource} ORDER BY {key}"
            for batch in service.search_stream(customer_id="4125550137", query=query):
                yield from batch.results

        theirs = [
            (
                "campaign",
                str(r.campaign.id),
                r.campaign.name,
                None,
                r.campaign.bidding_strategy_type.name,
            )
            for r in rows(
                "campaign.id, campaign.name, campaign.bidding_strategy_type", "campaign", "campaign.id"
            )
        ]
        theirs += [
            ("ad_group", str(r.ad_group.id), r.ad_group.name, None, "")
            for r in rows("ad_group.id, ad_group.name", "ad_group", "ad_group.id")
        ]
        theirs += [
            ("ad_group", str(r.asset_group.id), r.asset_group.name, None, "")
            for r in rows("asset_group.id, asset_group.name", "asset_group", "asset_group.id")
        ]
        theirs += [
            ("ad", str(r.ad_group_ad.ad.id), r.ad_group_ad.ad.name, None, "")
            for r in rows("ad_group_ad.ad.id, ad_group_ad.ad.name", "ad_group_ad", "ad_group_ad.ad.id")
            if r.ad_group_ad.ad.name
        ]
        lists = list(
            rows(
                "user_list.id, user_list.name, user_list.type, user_list.membership_life_span",
                "user_list",
                "user_list.id",
            )
        )
        uses = [
            (f"{r.ad_group.id}/{r.ad_group_criterion.criterion_id}", r.ad_group_criterion)
            for r in rows(
                "ad_group.id, ad_group_criterion.criterion_id, ad_group_criterion.negative, "
                "ad_group_criterion.user_list.user_list",
                "ad_group_criterion",
                "ad_group.id",
            )
        ]
        uses += [
            (f"{r.campaign.id}/{r.campaign_criterion.criterion_id}", r.campaign_criterion)
            for r in rows(
                "campaign.id, campaign_criterion.criterion_id, campaign_criterion.negative, "
                "campaign_criterion.user_list.user_list",
                "campaign_criterion",
                "campaign.id",
            )
        ]
        links = [
            (f"{r.ad_group_ad.ad.id}/{number}", address)
            for r in rows("ad_group_ad.ad.id, ad_group_ad.ad.final_urls", "ad_group_ad", "ad_group_ad.ad.id")
            for number, address in enumerate(r.ad_group_ad.ad.final_urls)
        ]
        goals = [
            (str(r.conversion_action.id), r.conversion_action.name, r.conversion_action.category.name)
            for r in rows(
                "conversion_action.id, conversion_action.name, conversion_action.category",
                "conversion_action",
                "conversion_action.id",
            )
        ]
    assert [(x.id, x.parents["audience"], x.value) for x in ours if x.level is Level.TARGETING] == [
        (key, use.user_list.user_list.rpartition("/")[2], "excluded" if use.negative else "included")
        for key, use in uses
    ]
    opened = [(x.id, x.value) for x in ours if x.level is Level.LINK and x.native == "ad"]
    assert [key for key, _ in opened] == [key for key, _ in links]
    assert all(value.startswith(address) for (_, value), (_, address) in zip(opened, links, strict=True))
    assert [(x.id, x.name, x.value) for x in ours if x.level is Level.GOAL] == goals
    assert told(ours, Level.CAMPAIGN, Level.AD_GROUP, Level.AD) == sorted(theirs)
    assert [(x.id, x.name, x.value) for x in ours if x.level is Level.AUDIENCE] == [
        (str(r.user_list.id), r.user_list.name, r.user_list.type_.name) for r in lists
    ]
    days = {str(r.user_list.id): r.user_list.membership_life_span for r in lists}
    windows = {x.id: x.upkeep.window for x in ours if x.level is Level.AUDIENCE and x.upkeep}
    assert {key: value for key, value in windows.items() if value} == {"400": days["400"]}


def test_metas_client_sees_the_same() -> None:
    """Cursor paging, creatives and audiences."""
    pytest.importorskip("facebook_business")
    from facebook_business.adobjects.adaccount import AdAccount
    from facebook_business.api import FacebookAdsApi
    from facebook_business.session import FacebookSession

    ours = seen_by_canonry("meta", meta.answer)
    with running(meta.answer) as platform:
        session = FacebookSession(access_token=TOKEN)
        session.GRAPH = platform.url
        account = AdAccount("act_120334455667788", api=FacebookAdsApi(session))
        campaigns = list(account.get_campaigns(fields=["id", "name"]))
        sets = list(account.get_ad_sets(fields=["id", "name", "optimization_goal", "targeting"]))
        ads = list(
            account.get_ads(fields=["id", "name", "creative{id,url_tags,object_story_spec,asset_feed_spec}"])
        )
        audiences = list(account.get_custom_audiences(fields=["id", "name", "retention_days", "rule"]))
    theirs = [("campaign", x["id"], x["name"], None, "") for x in campaigns]
    theirs += [("ad_group", x["id"], x["name"], None, x["optimization_goal"]) for x in sets]
    theirs += [("ad", x["id"], x["name"], None, "") for x in ads]
    assert told(ours, Level.CAMPAIGN, Level.AD_GROUP, Level.AD) == sorted(theirs)
    links = [
        (f"{x['id']}/{number}", address)
        for x in ads
        for number, address in enumerate(links_of(x["creative"].export_all_data()))
    ]
    assert [(x.id, x.value) for x in ours if x.level is Level.LINK] == links
    uses = [
        (f"{x['id']}/{audience['id']}", audience["name"], use)
        for x in sets
        for use, key in (("included", "custom_audiences"), ("excluded", "excluded_custom_audiences"))
        for audience in x["targeting"].export_all_data()[key]
    ]
    assert [(x.id, x.name, x.value) for x in ours if x.level is Level.TARGETING] == uses
    windows = []
    for x in audiences:
        rules = json.loads(x["rule"])["inclusions"]["rules"] if x.get("rule") else []
        seconds = max((rule["retention_seconds"] for rule in rules), default=0)
        windows.append((x["id"], x["name"], seconds // 86_400 or x["retention_days"] or None))
    assert [
        (x.id, x.name, x.upkeep and x.upkeep.window) for x in ours if x.level is Level.AUDIENCE
    ] == windows


def test_dv360s_client_sees_the_same() -> None:
    """The discovery client, with its own paging."""
    discovery = pytest.importorskip("googleapiclient.discovery")
    import httplib2

    ours = seen_by_canonry("dv360", dv360.answer)
    with running(dv360.answer) as platform:
        service = discovery.build(
            "displayvideo",
            "v4",
            http=httplib2.Http(),
            static_discovery=True,
            client_options={"api_endpoint": f"{platform.url}/"},
        )

        def listed(resource: Any, key: str, **arguments: Any) -> Iterator[dict[str, Any]]:
            request = resource.list(**arguments)
            while request is not None:
                answer = request.execute()
                yield from answer.get(key, ())
                request = resource.list_next(request, answer)

        advertiser = service.advertisers()
        account = {"advertiserId": "4455667"}
        theirs = [
            ("campaign", x["campaignId"], x["displayName"], None, x["campaignGoal"]["campaignGoalType"])
            for x in listed(advertiser.campaigns(), "campaigns", **account)
        ]
        theirs += [
            ("ad_group", x["insertionOrderId"], x["displayName"], None, x["optimizationObjective"])
            for x in listed(advertiser.insertionOrders(), "insertionOrders", **account)
        ]
        theirs += [
            ("ad_group", x["lineItemId"], x["displayName"], None, "")
            for x in listed(advertiser.lineItems(), "lineItems", **account)
        ]
        theirs += [
            (
                "audience",
                x["firstPartyAndPartnerAudienceId"],
                x["displayName"],
                int(x["membershipDurationDays"]) % 10_000,
                "",
            )
            for x in listed(
                service.firstPartyAndPartnerAudiences(), "firstPartyAndPartnerAudiences", **account
            )
        ]
        creatives = list(listed(advertiser.creatives(), "creatives", **account))
        items = [x["lineItemId"] for x in listed(advertiser.lineItems(), "lineItems", **account)]
        request = advertiser.lineItems().bulkListAssignedTargetingOptions(
            lineItemIds=items, filter='targetingType="TARGETING_TYPE_AUDIENCE_GROUP"', **account
        )
        options = request.execute()["lineItemAssignedTargetingOptions"]
        service.close()
    assert [(x.id, x.name) for x in ours if x.level is Level.AD] == [
        (x["creativeId"], x["displayName"]) for x in creatives
    ]
    assert [(x.id, x.value) for x in ours if x.level is Level.LINK] == [
        (f"{x['creativeId']}/{number}", leaves["url"])
        for x in creatives
        for number, leaves in enumerate(x["exitEvents"])
    ]
    uses = []
    for option in options:
        details = option["assignedTargetingOption"]["audienceGroupDetails"]
        groups = [("included", g) for g in details["includedFirstPartyAndPartnerAudienceGroups"]]
        groups.append(("excluded", details["excludedFirstPartyAndPartnerAudienceGroup"]))
        uses += [
            (f"{option['lineItemId']}/{setting['firstPartyAndPartnerAudienceId']}", use)
            for use, group in groups
            for setting in group["settings"]
        ]
    assert [(x.id, x.value) for x in ours if x.level is Level.TARGETING] == uses
    assert told(ours, Level.CAMPAIGN, Level.AD_GROUP, Level.AUDIENCE) == sorted(theirs)
