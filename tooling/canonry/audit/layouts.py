"""The layouts of the common exports: which headings each platform writes, above and below which lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from canonry.audit.headings import LANGUAGES, TELLING
from canonry.audit.mappings import TAG_ROLES, Fit, Mapping, Tier, fit, normal_key
from canonry.audit.observation import Level


def _tier(
    native: str, *labels: str, id_: Sequence[str] = (), status: Sequence[str] = ()
) -> dict[str, Sequence[str]]:
    first = labels[0]
    return {
        f"{native}.name": labels,
        f"{native}.id": [*id_, *(f"{label} id" for label in (first.removesuffix(" name"), first))],
        f"{native}.status": status or [f"{first.removesuffix(' name')} status"],
    }


_META_TIERS: Final = (Tier("campaign", Level.CAMPAIGN), Tier("ad_set", Level.AD_GROUP), Tier("ad", Level.AD))

_ENGLISH: Final[tuple[Mapping, ...]] = (
    Mapping(
        "ga4_sessions",
        "GA4 sessions by manual tags (interface, Data API or a table of them)",
        "ga4",
        {
            "utm_source": (
                "Session manual source",
                "sessionManualSource",
                "Manual source",
                "First user manual source",
            ),
            "utm_medium": (
                "Session manual medium",
                "sessionManualMedium",
                "Manual medium",
                "First user manual medium",
            ),
            "utm_campaign": (
                "Session manual campaign name",
                "sessionManualCampaignName",
                "Manual campaign name",
                "First user manual campaign name",
            ),
            "utm_id": ("Session manual campaign ID", "sessionManualCampaignId", "Manual campaign ID"),
            "utm_content": ("Session manual ad content", "sessionManualAdContent", "Manual ad content"),
            "utm_term": ("Session manual term", "sessionManualTerm", "Manual term"),
            "automatic": ("Session campaign", "Session campaign name", "sessionCampaignName"),
            "automatic_source": ("Session source / medium", "sessionSourceMedium"),
            "rows": ("Sessions",),
            "date": ("Date",),
            "account": ("Property ID",),
        },
        needs=(("utm_source", "automatic", "automatic_source"), ("rows",)),
        telling=frozenset({"session manual source", "sessionmanualsource", "session manual medium"}),
        preamble="# ",
    ),
    Mapping(
        "ga4_pages",
        "GA4 pages with their query",
        "ga4",
        {
            "url": (
                "Page location",
                "pageLocation",
                "Full page URL",
                "Landing page + query string",
                "landingPagePlusQueryString",
                "Page path + query string",
                "page_location",
            ),
            "rows": ("Sessions", "Views", "screenPageViews", "Event count"),
            "date": ("Date",),
            "account": ("Property ID",),
        },
        needs=(("url",), ("rows",)),
        telling=frozenset({"page location", "landing page + query string", "landingpageplusquerystring"}),
        preamble="# ",
    ),
    Mapping(
        "ga4_events",
        "GA4 events",
        "ga4",
        {
            "event.name": ("Event name", "eventName"),
            "parameter.name": ("Event parameter", "Parameter name", "Event parameter name"),
            "user_property.name": ("User property", "User property name"),
            "longest": ("Longest value", "Max value length"),
            "rows": ("Event count", "eventCount"),
            "date": ("Date",),
            "account": ("Property ID",),
        },
        tiers=(Tier("event", Level.EVENT),),
        needs=(("event.name",), ("rows",)),
        telling=frozenset({"event name", "eventname"}),
        preamble="# ",
    ),
    Mapping(
        "ga4_bigquery",
        "GA4 export to BigQuery (events table)",
        "ga4",
        {
            "utm_source": ("collected_traffic_source.manual_source",),
            "utm_medium": ("collected_traffic_source.manual_medium",),
            "utm_campaign": ("collected_traffic_source.manual_campaign_name",),
            "utm_id": ("collected_traffic_source.manual_campaign_id",),
            "utm_content": ("collected_traffic_source.manual_content",),
            "utm_term": ("collected_traffic_source.manual_term",),
            "event.name": ("event_name",),
            "event_params": ("event_params",),
            "user_properties": ("user_properties",),
            "date": ("event_date",),
        },
        tiers=(Tier("event", Level.EVENT),),
        needs=(("event.name",), ("utm_source", "event_params")),
        telling=frozenset({"collected traffic source.manual source", "event params"}),
    ),
    Mapping(
        "meta",
        "Meta Ads Manager report",
        "meta",
        {
            **_tier(
                "campaign",
                "Campaign name",
                id_=("Campaign ID",),
                status=("Campaign delivery", "Campaign status"),
            ),
            **_tier("ad_set", "Ad set name", id_=("Ad set ID",), status=("Ad set delivery", "Ad set status")),
            **_tier("ad", "Ad name", id_=("Ad ID",), status=("Ad delivery", "Ad status")),
            "ad_set.goal": ("Optimization goal", "Optimisation goal"),
            "campaign.starts": ("Starts", "Campaign start time"),
            "campaign.ends": ("Ends", "Campaign end time"),
            "url": ("Link (ad settings)", "Website URL", "Link"),
            "suffix": ("URL parameters", "URL tags"),
            "cost": ("Amount spent",),
            "currency": ("Currency",),
            "impressions": ("Impressions",),
            "clicks": ("Link clicks", "Clicks (all)"),
            "date": ("Day", "Date"),
            "first": ("Reporting starts",),
            "last": ("Reporting ends",),
            "account": ("Account ID",),
        },
        tiers=_META_TIERS,
        needs=(("campaign.name", "ad_set.name", "ad.name"), ("cost", "impressions")),
        telling=frozenset({"ad set name", "amount spent", "reporting starts"}),
    ),
    Mapping(
        "google_ads",
        "Google Ads report",
        "google_ads",
        {
            **_tier(
                "campaign", "Campaign", id_=("Campaign ID",), status=("Campaign status", "Campaign state")
            ),
            **_tier(
                "ad_group", "Ad group", id_=("Ad group ID",), status=("Ad group status", "Ad group state")
            ),
            **_tier("ad", "Ad name", id_=("Ad ID",), status=("Ad status", "Ad state")),
            "campaign.goal": ("Campaign bid strategy type", "Bid strategy type"),
            "campaign.starts": ("Campaign start date", "Start date"),
            "campaign.ends": ("Campaign end date", "End date"),
            "campaign.type": ("Campaign type",),
            "url": ("Final URL", "Ad final URL", "Landing page"),
            "suffix": ("Final URL suffix", "Campaign final URL suffix"),
            "cost": ("Cost",),
            "currency": ("Currency code", "Currency"),
            "impressions": ("Impr.", "Impressions"),
            "clicks": ("Clicks",),
            "date": ("Day", "Date"),
            "account": ("Customer ID", "Account ID"),
        },
        tiers=(Tier("campaign", Level.CAMPAIGN), Tier("ad_group", Level.AD_GROUP), Tier("ad", Level.AD)),
        needs=(("campaign.name",), ("cost", "impressions", "clicks")),
        telling=frozenset({"campaign", "impr.", "currency code", "campaign state"}),
        preamble="report",
    ),
    Mapping(
        "dv360",
        "Display & Video 360 report",
        "dv360",
        {
            **_tier("campaign", "Campaign"),
            **_tier("insertion_order", "Insertion Order", status=("Insertion Order Status",)),
            **_tier("line_item", "Line Item", status=("Line Item Status",)),
            **_tier("creative", "Creative", status=("Creative Status",)),
            "url": ("Landing Page URL", "Creative Landing Page URL"),
            "cost": ("Revenue", "Media Cost", "Revenue (Adv Currency)", "Media Cost (Advertiser Currency)"),
            "currency": ("Advertiser Currency",),
            "impressions": ("Impressions",),
            "clicks": ("Clicks",),
            "date": ("Date",),
            "account": ("Advertiser ID",),
        },
        tiers=(
            Tier("campaign", Level.CAMPAIGN),
            Tier("insertion_order", Level.AD_GROUP),
            Tier("line_item", Level.AD_GROUP),
            Tier("creative", Level.AD),
        ),
        needs=(("insertion_order.name", "line_item.name"), ("impressions", "cost")),
        telling=frozenset({"insertion order", "line item", "advertiser id"}),
        footer=r"(?:Report Time|Date Range|Group By|MRC Accredited Metrics|Reporting Numbers|Filter by .*):?",
        dates=("%Y/%m/%d", "%Y-%m-%d", "%Y%m%d"),
    ),
    Mapping(
        "tiktok",
        "TikTok Ads Manager report",
        "tiktok",
        {
            **_tier("campaign", "Campaign name", id_=("Campaign ID",), status=("Campaign status",)),
            **_tier("ad_group", "Ad group name", id_=("Ad group ID",), status=("Ad group status",)),
            **_tier("ad", "Ad name", id_=("Ad ID",), status=("Ad status", "Primary status")),
            "ad_group.goal": ("Optimization goal",),
            "url": ("Website URL", "Landing page URL", "URL"),
            "cost": ("Cost", "Total cost"),
            "currency": ("Currency",),
            "impressions": ("Impressions",),
            "clicks": ("Clicks (destination)", "Clicks (all)", "Clicks"),
            "date": ("By Day", "Date", "Stat time day"),
            "account": ("Advertiser ID", "Account ID"),
        },
        tiers=(Tier("campaign", Level.CAMPAIGN), Tier("ad_group", Level.AD_GROUP), Tier("ad", Level.AD)),
        needs=(("campaign.name",), ("ad_group.name", "ad.name"), ("cost", "impressions")),
        telling=frozenset({"ad group name", "clicks (destination)", "primary status"}),
    ),
    Mapping(
        "linkedin",
        "LinkedIn Campaign Manager report",
        "linkedin",
        {
            **_tier(
                "campaign_group",
                "Campaign Group Name",
                id_=("Campaign Group ID",),
                status=("Campaign Group Status",),
            ),
            **_tier(
                "campaign",
                "Campaign Name",
                "Ad Set Name",
                id_=("Campaign ID", "Ad Set ID"),
                status=("Campaign Status",),
            ),
            **_tier(
                "creative",
                "Creative Name",
                "Ad Name",
                id_=("Ad ID", "Creative ID"),
                status=("Creative Status", "Ad Status"),
            ),
            "campaign.goal": ("Optimization Goal", "Campaign Objective"),
            "campaign.starts": ("Campaign Start Date",),
            "campaign.ends": ("Campaign End Date",),
            "url": ("Click URL", "Destination URL", "Landing Page"),
            "cost": ("Total Spent",),
            "currency": ("Currency", "Account Currency"),
            "impressions": ("Impressions",),
            "clicks": ("Clicks",),
            "date": ("Start Date",),
            "account": ("Account ID",),
        },
        tiers=(
            Tier("campaign_group", Level.CAMPAIGN),
            Tier("campaign", Level.AD_GROUP),
            Tier("creative", Level.AD),
        ),
        needs=(("campaign_group.name", "campaign.name"), ("cost", "impressions")),
        telling=frozenset({"campaign group name", "total spent"}),
        preamble="report",
        dates=("%m/%d/%Y", "%Y-%m-%d", "%m/%d/%y"),
    ),
    Mapping(
        "audiences",
        "List of audiences from a CDP or an ad platform",
        "segment",
        {
            "audience.name": ("Audience name", "Audience", "Segment name", "List name", "Name"),
            "audience.id": ("Audience ID", "Segment ID", "List ID", "ID"),
            "audience.status": ("Status", "Audience status"),
            "platform": ("Platform", "Destination"),
            "account": ("Account ID", "Account", "Destination account"),
            "window": (
                "Window (days)",
                "Membership duration (days)",
                "Membership duration",
                "Retention (days)",
                "Retention days",
                "Window",
            ),
            "recency": ("Recency (days)", "Recency"),
            "refresh": ("Sync interval (hours)", "Refresh (hours)", "Sync frequency (hours)"),
            "synced": ("Last synced", "Last sync", "Last synced at", "Last updated"),
            "mechanism": ("Mechanism", "Type"),
            "members": ("Size", "Members", "Users", "Audience size"),
            "rule": ("Rule", "Definition", "Conditions"),
            "used_by.id": ("Ad group ID", "Ad set ID", "Used by ID"),
            "used_by.name": ("Ad group", "Ad set name", "Used by"),
        },
        tiers=(Tier("audience", Level.AUDIENCE),),
        needs=(("audience.name",), ("window", "synced", "members", "refresh")),
        telling=frozenset({"audience name", "audience id", "last synced"}),
        all_objects=True,
    ),
    Mapping(
        "goals",
        "List of conversion goals",
        "google_ads",
        {
            "goal.name": ("Conversion action", "Key event", "Goal", "Conversion name"),
            "goal.id": ("Conversion action ID", "Goal ID", "Key event ID"),
            "goal.status": ("Conversion action status", "Status"),
            "platform": ("Platform",),
            "account": ("Account ID", "Customer ID"),
            "rows": ("Conversions", "All conv.", "Key events"),
        },
        tiers=(Tier("goal", Level.GOAL),),
        needs=(("goal.name",), ("goal.id", "rows")),
        telling=frozenset({"conversion action", "key event"}),
        all_objects=True,
    ),
    Mapping(
        "names",
        "One column of names, with or without weight",
        "",
        {
            "campaign.name": ("Name", "Campaign", "Campaign name"),
            "campaign.id": ("ID", "Campaign ID"),
            "platform": ("Platform",),
            "account": ("Account", "Account ID"),
            "rows": ("Sessions", "Rows", "Count", "Hits"),
            "cost": ("Cost", "Spend"),
            "currency": ("Currency",),
            "impressions": ("Impressions",),
        },
        tiers=(Tier("campaign", Level.CAMPAIGN),),
        needs=(("campaign.name",),),
    ),
    Mapping(
        "links",
        "Links, or the parameters in columns of their own",
        "",
        {
            "url": ("URL", "Link", "Landing page", "Page", "page_location", "href"),
            "utm_source": ("utm_source", "source"),
            "utm_medium": ("utm_medium", "medium"),
            "utm_campaign": ("utm_campaign", "campaign"),
            "utm_id": ("utm_id", "campaign_id"),
            "utm_content": ("utm_content", "content"),
            "utm_term": ("utm_term", "term"),
            "account": ("Account", "Account ID"),
            "platform": ("Platform",),
            "rows": ("Sessions", "Rows", "Count", "Hits", "Visits"),
            "cost": ("Cost", "Spend"),
            "currency": ("Currency",),
            "date": ("Date", "Day"),
        },
        needs=(("url", "utm_source"),),
        telling=frozenset({"utm source", "utm medium"}),
    ),
    Mapping(
        "tags",
        "UTM values in columns of their own",
        "",
        {
            **{role: (role,) for role in TAG_ROLES},
            "account": ("Account", "Account ID"),
            "platform": ("Platform",),
            "rows": ("Sessions", "Rows", "Count", "Hits", "Visits"),
            "cost": ("Cost", "Spend"),
            "currency": ("Currency",),
            "date": ("Date", "Day"),
        },
        needs=(TAG_ROLES,),
        telling=frozenset({"utm campaign", "utm id", "utm content", "utm term"}),
    ),
)


def _translated(mapping: Mapping) -> Mapping:
    spoken = [mapping.columns, *(language.get(mapping.key, {}) for language in LANGUAGES)]
    columns = {
        role: tuple(dict.fromkeys(heading for words in spoken for heading in words.get(role, ())))
        for role in dict.fromkeys(role for words in spoken for role in words)
    }
    return replace(mapping, columns=columns, telling=mapping.telling | TELLING.get(mapping.key, frozenset()))


MAPPINGS: Final[tuple[Mapping, ...]] = tuple(map(_translated, _ENGLISH))
"""Every layout, with the headings of English exports and of other languages."""


def known(word: str) -> Mapping | None:
    """The mapping of a key."""
    wanted = normal_key(word)
    return next((mapping for mapping in MAPPINGS if mapping.key == wanted), None)


def best(header: Sequence[str], above: str = "", among: Iterable[Mapping] = MAPPINGS) -> list[Fit]:
    """Every mapping that has a column here, the best first; whole ones before those that lack something."""
    fits = [fit(mapping, header, above) for mapping in among]
    return sorted((f for f in fits if f.columns), key=lambda f: (not f.whole, -f.score, f.mapping.key))
