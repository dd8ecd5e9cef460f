"""What platforms write and take in bulk: everything that exists, with its links, and no figures."""

from __future__ import annotations

from typing import Final

from canonry.audit.mappings import Mapping, Tier
from canonry.audit.observation import Level

_NETWORK: Final = "dv360"

BULK: Final[tuple[Mapping, ...]] = (
    Mapping(
        "meta_bulk",
        "Meta bulk sheet (export of Ads Manager for edits)",
        "meta",
        {
            "campaign.name": ("Campaign name",),
            "campaign.id": ("Campaign ID",),
            "campaign.status": ("Campaign status",),
            "campaign.starts": ("Campaign start time",),
            "campaign.ends": ("Campaign stop time",),
            "ad_set.name": ("Ad set name",),
            "ad_set.id": ("Ad set ID",),
            "ad_set.status": ("Ad set run status",),
            "ad_set.goal": ("Optimization goal", "Optimisation goal", "Optimized event"),
            "ad.name": ("Ad name",),
            "ad.id": ("Ad ID",),
            "ad.status": ("Ad status",),
            "url": ("Link",),
            "suffix": ("URL tags", "URL parameters"),
        },
        tiers=(Tier("campaign", Level.CAMPAIGN), Tier("ad_set", Level.AD_GROUP), Tier("ad", Level.AD)),
        needs=(("campaign.name",), ("ad_set.status", "suffix")),
        telling=frozenset({"Ad set run status", "Campaign objective", "Creative type", "Buying type"}),
        all_objects=True,
    ),
    Mapping(
        "google_ads_bulk",
        "Google Ads Editor or bulk sheet",
        "google_ads",
        {
            "campaign.name": ("Campaign",),
            "campaign.id": ("Campaign ID",),
            "campaign.status": ("Campaign status",),
            "campaign.type": ("Campaign type",),
            "campaign.goal": ("Bid strategy type",),
            "campaign.starts": ("Campaign start date", "Start date"),
            "campaign.ends": ("Campaign end date", "End date"),
            "ad_group.name": ("Ad group",),
            "ad_group.id": ("Ad group ID",),
            "ad_group.status": ("Ad group status",),
            "url": ("Final URL",),
            "suffix": ("Final URL suffix",),
            "account": ("Customer ID",),
        },
        tiers=(Tier("campaign", Level.CAMPAIGN), Tier("ad_group", Level.AD_GROUP)),
        needs=(("campaign.name",), ("url", "suffix", "campaign.type")),
        telling=frozenset({"Networks", "Ad group type", "Row type", "Headline 1", "Tracking template"}),
        shy=True,
        all_objects=True,
    ),
    Mapping(
        "dv360_sdf_line_items",
        "Display & Video 360 structured data file: line items",
        _NETWORK,
        {
            "line_item.name": ("Name",),
            "line_item.id": ("Line Item Id",),
            "line_item.status": ("Status",),
            "line_item.starts": ("Start Date",),
            "line_item.ends": ("End Date",),
            "insertion_order.id": ("Io Id",),
        },
        tiers=(Tier("insertion_order", Level.AD_GROUP), Tier("line_item", Level.AD_GROUP)),
        needs=(("line_item.id",), ("line_item.name",), ("insertion_order.id",)),
        telling=frozenset({"Line Item Id", "Io Id"}),
        dates=("%m/%d/%Y %H:%M", "%m/%d/%Y", "%Y-%m-%d"),
        all_objects=True,
    ),
    Mapping(
        "dv360_sdf_insertion_orders",
        "Display & Video 360 structured data file: insertion orders",
        _NETWORK,
        {
            "insertion_order.name": ("Name",),
            "insertion_order.id": ("Io Id",),
            "insertion_order.status": ("Status",),
            "campaign.id": ("Campaign Id",),
        },
        tiers=(Tier("campaign", Level.CAMPAIGN), Tier("insertion_order", Level.AD_GROUP)),
        needs=(("insertion_order.id",), ("insertion_order.name",), ("campaign.id",)),
        telling=frozenset({"Io Id", "Io Type", "Billable Outcome"}),
        all_objects=True,
    ),
    Mapping(
        "dv360_sdf_campaigns",
        "Display & Video 360 structured data file: campaigns",
        _NETWORK,
        {
            "campaign.name": ("Name",),
            "campaign.id": ("Campaign Id",),
            "campaign.status": ("Status",),
            "campaign.goal": ("Campaign Goal",),
            "campaign.starts": ("Campaign Start Date",),
            "campaign.ends": ("Campaign End Date",),
            "account": ("Advertiser Id",),
        },
        tiers=(Tier("campaign", Level.CAMPAIGN),),
        needs=(("campaign.id",), ("campaign.name",), ("account",)),
        telling=frozenset({"Campaign Goal", "Campaign Goal KPI", "Campaign Start Date"}),
        dates=("%m/%d/%Y %H:%M", "%m/%d/%Y", "%Y-%m-%d"),
        all_objects=True,
    ),
)
