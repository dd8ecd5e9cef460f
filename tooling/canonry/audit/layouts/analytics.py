"""What analytics tools export: GA4, also to BigQuery, and Matomo."""

from __future__ import annotations

from typing import Final

from canonry.audit.mappings import SOURCE_MEDIUM, SPAN, TAG_ROLES, Mapping, Tier
from canonry.audit.observation import Level

ANALYTICS: Final[tuple[Mapping, ...]] = (
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
            SOURCE_MEDIUM: (
                "Session manual source / medium",
                "sessionManualSourceMedium",
                "Manual source / medium",
                "First user manual source / medium",
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
            SPAN: ("Date range", "dateRange"),
            "account": ("Property ID",),
        },
        needs=(("utm_source", "automatic", "automatic_source", *TAG_ROLES[1:]), ("rows",)),
        telling=frozenset(
            {"session manual source", "session manual medium", "session manual source / medium"}
        ),
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
            SPAN: ("Date range", "dateRange"),
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
            SPAN: ("Date range", "dateRange"),
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
        "matomo",
        "Matomo report of campaigns",
        "",
        {
            "utm_campaign": ("Label", "Campaign name", "Campaign"),
            "rows": ("Visits", "nb_visits", "Sum daily visits"),
            "date": ("Date",),
        },
        needs=(("utm_campaign",), ("rows",)),
        shy=True,
        telling=frozenset(
            {"nb_visits", "nb_actions", "bounce_count", "Unique visitors", "Metadata: segment"}
        ),
    ),
)
