"""Names of objects on platforms: fields, names and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .braze_audience_v1 import BrazeAudienceName as BrazeAudienceName, BrazeAudienceName as BrazeAudienceNameV1
    from .cm360_audience_v1 import Cm360AudienceName as Cm360AudienceName, Cm360AudienceName as Cm360AudienceNameV1
    from .cm360_floodlight_v1 import Cm360FloodlightName as Cm360FloodlightName, Cm360FloodlightName as Cm360FloodlightNameV1
    from .cm360_placement_v1 import Cm360PlacementName as Cm360PlacementName, Cm360PlacementName as Cm360PlacementNameV1
    from .dv360_audience_v1 import Dv360AudienceName as Dv360AudienceName, Dv360AudienceName as Dv360AudienceNameV1
    from .dv360_campaign_v1 import Dv360CampaignName as Dv360CampaignName, Dv360CampaignName as Dv360CampaignNameV1
    from .dv360_creative_v1 import Dv360CreativeName as Dv360CreativeName, Dv360CreativeName as Dv360CreativeNameV1
    from .dv360_insertion_order_v1 import Dv360InsertionOrderName as Dv360InsertionOrderName, Dv360InsertionOrderName as Dv360InsertionOrderNameV1
    from .dv360_line_item_v1 import Dv360LineItemName as Dv360LineItemName, Dv360LineItemName as Dv360LineItemNameV1
    from .ga4_audience_v1 import Ga4AudienceName as Ga4AudienceName, Ga4AudienceName as Ga4AudienceNameV1
    from .google_ads_ad_group_v1 import GoogleAdsAdGroupName as GoogleAdsAdGroupName, GoogleAdsAdGroupName as GoogleAdsAdGroupNameV1
    from .google_ads_asset_group_v1 import GoogleAdsAssetGroupName as GoogleAdsAssetGroupName, GoogleAdsAssetGroupName as GoogleAdsAssetGroupNameV1
    from .google_ads_audience_v1 import GoogleAdsAudienceName as GoogleAdsAudienceName, GoogleAdsAudienceName as GoogleAdsAudienceNameV1
    from .google_ads_campaign_v1 import GoogleAdsCampaignName as GoogleAdsCampaignName, GoogleAdsCampaignName as GoogleAdsCampaignNameV1
    from .google_ads_conversion_action_v1 import GoogleAdsConversionActionName as GoogleAdsConversionActionName, GoogleAdsConversionActionName as GoogleAdsConversionActionNameV1
    from .hubspot_audience_v1 import HubspotAudienceName as HubspotAudienceName, HubspotAudienceName as HubspotAudienceNameV1
    from .klaviyo_list_v1 import KlaviyoListName as KlaviyoListName, KlaviyoListName as KlaviyoListNameV1
    from .klaviyo_segment_v1 import KlaviyoSegmentName as KlaviyoSegmentName, KlaviyoSegmentName as KlaviyoSegmentNameV1
    from .linkedin_audience_v1 import LinkedinAudienceName as LinkedinAudienceName, LinkedinAudienceName as LinkedinAudienceNameV1
    from .linkedin_campaign_group_v1 import LinkedinCampaignGroupName as LinkedinCampaignGroupName, LinkedinCampaignGroupName as LinkedinCampaignGroupNameV1
    from .linkedin_campaign_v1 import LinkedinCampaignName as LinkedinCampaignName, LinkedinCampaignName as LinkedinCampaignNameV1
    from .linkedin_creative_v1 import LinkedinCreativeName as LinkedinCreativeName, LinkedinCreativeName as LinkedinCreativeNameV1
    from .mailchimp_segment_v1 import MailchimpSegmentName as MailchimpSegmentName, MailchimpSegmentName as MailchimpSegmentNameV1
    from .meta_ad_set_v1 import MetaAdSetName as MetaAdSetName, MetaAdSetName as MetaAdSetNameV1
    from .meta_ad_v1 import MetaAdName as MetaAdName, MetaAdName as MetaAdNameV1
    from .meta_audience_v1 import MetaAudienceName as MetaAudienceName, MetaAudienceName as MetaAudienceNameV1
    from .meta_campaign_v1 import MetaCampaignName as MetaCampaignName, MetaCampaignName as MetaCampaignNameV1
    from .microsoft_ad_group_v1 import MicrosoftAdGroupName as MicrosoftAdGroupName, MicrosoftAdGroupName as MicrosoftAdGroupNameV1
    from .microsoft_asset_group_v1 import MicrosoftAssetGroupName as MicrosoftAssetGroupName, MicrosoftAssetGroupName as MicrosoftAssetGroupNameV1
    from .microsoft_audience_v1 import MicrosoftAudienceName as MicrosoftAudienceName, MicrosoftAudienceName as MicrosoftAudienceNameV1
    from .microsoft_campaign_v1 import MicrosoftCampaignName as MicrosoftCampaignName, MicrosoftCampaignName as MicrosoftCampaignNameV1
    from .pinterest_audience_v1 import PinterestAudienceName as PinterestAudienceName, PinterestAudienceName as PinterestAudienceNameV1
    from .segment_audience_v1 import SegmentAudienceName as SegmentAudienceName, SegmentAudienceName as SegmentAudienceNameV1
    from .tiktok_ad_group_v1 import TiktokAdGroupName as TiktokAdGroupName, TiktokAdGroupName as TiktokAdGroupNameV1
    from .tiktok_ad_v1 import TiktokAdName as TiktokAdName, TiktokAdName as TiktokAdNameV1
    from .tiktok_audience_v1 import TiktokAudienceName as TiktokAudienceName, TiktokAudienceName as TiktokAudienceNameV1
    from .tiktok_campaign_v1 import TiktokCampaignName as TiktokCampaignName, TiktokCampaignName as TiktokCampaignNameV1

__all__ = [
    'BrazeAudienceName', 'BrazeAudienceNameV1', 'Cm360AudienceName', 'Cm360AudienceNameV1',
    'Cm360FloodlightName', 'Cm360FloodlightNameV1', 'Cm360PlacementName', 'Cm360PlacementNameV1',
    'Dv360AudienceName', 'Dv360AudienceNameV1', 'Dv360CampaignName', 'Dv360CampaignNameV1',
    'Dv360CreativeName', 'Dv360CreativeNameV1', 'Dv360InsertionOrderName', 'Dv360InsertionOrderNameV1',
    'Dv360LineItemName', 'Dv360LineItemNameV1', 'Ga4AudienceName', 'Ga4AudienceNameV1',
    'GoogleAdsAdGroupName', 'GoogleAdsAdGroupNameV1', 'GoogleAdsAssetGroupName', 'GoogleAdsAssetGroupNameV1',
    'GoogleAdsAudienceName', 'GoogleAdsAudienceNameV1', 'GoogleAdsCampaignName', 'GoogleAdsCampaignNameV1',
    'GoogleAdsConversionActionName', 'GoogleAdsConversionActionNameV1', 'HubspotAudienceName',
    'HubspotAudienceNameV1', 'KlaviyoListName', 'KlaviyoListNameV1', 'KlaviyoSegmentName',
    'KlaviyoSegmentNameV1', 'LinkedinAudienceName', 'LinkedinAudienceNameV1', 'LinkedinCampaignGroupName',
    'LinkedinCampaignGroupNameV1', 'LinkedinCampaignName', 'LinkedinCampaignNameV1', 'LinkedinCreativeName',
    'LinkedinCreativeNameV1', 'MailchimpSegmentName', 'MailchimpSegmentNameV1', 'MetaAdName', 'MetaAdNameV1',
    'MetaAdSetName', 'MetaAdSetNameV1', 'MetaAudienceName', 'MetaAudienceNameV1', 'MetaCampaignName',
    'MetaCampaignNameV1', 'MicrosoftAdGroupName', 'MicrosoftAdGroupNameV1', 'MicrosoftAssetGroupName',
    'MicrosoftAssetGroupNameV1', 'MicrosoftAudienceName', 'MicrosoftAudienceNameV1', 'MicrosoftCampaignName',
    'MicrosoftCampaignNameV1', 'PinterestAudienceName', 'PinterestAudienceNameV1', 'SegmentAudienceName',
    'SegmentAudienceNameV1', 'TiktokAdGroupName', 'TiktokAdGroupNameV1', 'TiktokAdName', 'TiktokAdNameV1',
    'TiktokAudienceName', 'TiktokAudienceNameV1', 'TiktokCampaignName', 'TiktokCampaignNameV1',
]

_PLACES = {
    'BrazeAudienceName': ('braze_audience_v1', 'BrazeAudienceName'),
    'BrazeAudienceNameV1': ('braze_audience_v1', 'BrazeAudienceName'),
    'Cm360AudienceName': ('cm360_audience_v1', 'Cm360AudienceName'),
    'Cm360AudienceNameV1': ('cm360_audience_v1', 'Cm360AudienceName'),
    'Cm360FloodlightName': ('cm360_floodlight_v1', 'Cm360FloodlightName'),
    'Cm360FloodlightNameV1': ('cm360_floodlight_v1', 'Cm360FloodlightName'),
    'Cm360PlacementName': ('cm360_placement_v1', 'Cm360PlacementName'),
    'Cm360PlacementNameV1': ('cm360_placement_v1', 'Cm360PlacementName'),
    'Dv360AudienceName': ('dv360_audience_v1', 'Dv360AudienceName'),
    'Dv360AudienceNameV1': ('dv360_audience_v1', 'Dv360AudienceName'),
    'Dv360CampaignName': ('dv360_campaign_v1', 'Dv360CampaignName'),
    'Dv360CampaignNameV1': ('dv360_campaign_v1', 'Dv360CampaignName'),
    'Dv360CreativeName': ('dv360_creative_v1', 'Dv360CreativeName'),
    'Dv360CreativeNameV1': ('dv360_creative_v1', 'Dv360CreativeName'),
    'Dv360InsertionOrderName': ('dv360_insertion_order_v1', 'Dv360InsertionOrderName'),
    'Dv360InsertionOrderNameV1': ('dv360_insertion_order_v1', 'Dv360InsertionOrderName'),
    'Dv360LineItemName': ('dv360_line_item_v1', 'Dv360LineItemName'),
    'Dv360LineItemNameV1': ('dv360_line_item_v1', 'Dv360LineItemName'),
    'Ga4AudienceName': ('ga4_audience_v1', 'Ga4AudienceName'),
    'Ga4AudienceNameV1': ('ga4_audience_v1', 'Ga4AudienceName'),
    'GoogleAdsAdGroupName': ('google_ads_ad_group_v1', 'GoogleAdsAdGroupName'),
    'GoogleAdsAdGroupNameV1': ('google_ads_ad_group_v1', 'GoogleAdsAdGroupName'),
    'GoogleAdsAssetGroupName': ('google_ads_asset_group_v1', 'GoogleAdsAssetGroupName'),
    'GoogleAdsAssetGroupNameV1': ('google_ads_asset_group_v1', 'GoogleAdsAssetGroupName'),
    'GoogleAdsAudienceName': ('google_ads_audience_v1', 'GoogleAdsAudienceName'),
    'GoogleAdsAudienceNameV1': ('google_ads_audience_v1', 'GoogleAdsAudienceName'),
    'GoogleAdsCampaignName': ('google_ads_campaign_v1', 'GoogleAdsCampaignName'),
    'GoogleAdsCampaignNameV1': ('google_ads_campaign_v1', 'GoogleAdsCampaignName'),
    'GoogleAdsConversionActionName': ('google_ads_conversion_action_v1', 'GoogleAdsConversionActionName'),
    'GoogleAdsConversionActionNameV1': ('google_ads_conversion_action_v1', 'GoogleAdsConversionActionName'),
    'HubspotAudienceName': ('hubspot_audience_v1', 'HubspotAudienceName'),
    'HubspotAudienceNameV1': ('hubspot_audience_v1', 'HubspotAudienceName'),
    'KlaviyoListName': ('klaviyo_list_v1', 'KlaviyoListName'),
    'KlaviyoListNameV1': ('klaviyo_list_v1', 'KlaviyoListName'),
    'KlaviyoSegmentName': ('klaviyo_segment_v1', 'KlaviyoSegmentName'),
    'KlaviyoSegmentNameV1': ('klaviyo_segment_v1', 'KlaviyoSegmentName'),
    'LinkedinAudienceName': ('linkedin_audience_v1', 'LinkedinAudienceName'),
    'LinkedinAudienceNameV1': ('linkedin_audience_v1', 'LinkedinAudienceName'),
    'LinkedinCampaignGroupName': ('linkedin_campaign_group_v1', 'LinkedinCampaignGroupName'),
    'LinkedinCampaignGroupNameV1': ('linkedin_campaign_group_v1', 'LinkedinCampaignGroupName'),
    'LinkedinCampaignName': ('linkedin_campaign_v1', 'LinkedinCampaignName'),
    'LinkedinCampaignNameV1': ('linkedin_campaign_v1', 'LinkedinCampaignName'),
    'LinkedinCreativeName': ('linkedin_creative_v1', 'LinkedinCreativeName'),
    'LinkedinCreativeNameV1': ('linkedin_creative_v1', 'LinkedinCreativeName'),
    'MailchimpSegmentName': ('mailchimp_segment_v1', 'MailchimpSegmentName'),
    'MailchimpSegmentNameV1': ('mailchimp_segment_v1', 'MailchimpSegmentName'),
    'MetaAdName': ('meta_ad_v1', 'MetaAdName'),
    'MetaAdNameV1': ('meta_ad_v1', 'MetaAdName'),
    'MetaAdSetName': ('meta_ad_set_v1', 'MetaAdSetName'),
    'MetaAdSetNameV1': ('meta_ad_set_v1', 'MetaAdSetName'),
    'MetaAudienceName': ('meta_audience_v1', 'MetaAudienceName'),
    'MetaAudienceNameV1': ('meta_audience_v1', 'MetaAudienceName'),
    'MetaCampaignName': ('meta_campaign_v1', 'MetaCampaignName'),
    'MetaCampaignNameV1': ('meta_campaign_v1', 'MetaCampaignName'),
    'MicrosoftAdGroupName': ('microsoft_ad_group_v1', 'MicrosoftAdGroupName'),
    'MicrosoftAdGroupNameV1': ('microsoft_ad_group_v1', 'MicrosoftAdGroupName'),
    'MicrosoftAssetGroupName': ('microsoft_asset_group_v1', 'MicrosoftAssetGroupName'),
    'MicrosoftAssetGroupNameV1': ('microsoft_asset_group_v1', 'MicrosoftAssetGroupName'),
    'MicrosoftAudienceName': ('microsoft_audience_v1', 'MicrosoftAudienceName'),
    'MicrosoftAudienceNameV1': ('microsoft_audience_v1', 'MicrosoftAudienceName'),
    'MicrosoftCampaignName': ('microsoft_campaign_v1', 'MicrosoftCampaignName'),
    'MicrosoftCampaignNameV1': ('microsoft_campaign_v1', 'MicrosoftCampaignName'),
    'PinterestAudienceName': ('pinterest_audience_v1', 'PinterestAudienceName'),
    'PinterestAudienceNameV1': ('pinterest_audience_v1', 'PinterestAudienceName'),
    'SegmentAudienceName': ('segment_audience_v1', 'SegmentAudienceName'),
    'SegmentAudienceNameV1': ('segment_audience_v1', 'SegmentAudienceName'),
    'TiktokAdGroupName': ('tiktok_ad_group_v1', 'TiktokAdGroupName'),
    'TiktokAdGroupNameV1': ('tiktok_ad_group_v1', 'TiktokAdGroupName'),
    'TiktokAdName': ('tiktok_ad_v1', 'TiktokAdName'),
    'TiktokAdNameV1': ('tiktok_ad_v1', 'TiktokAdName'),
    'TiktokAudienceName': ('tiktok_audience_v1', 'TiktokAudienceName'),
    'TiktokAudienceNameV1': ('tiktok_audience_v1', 'TiktokAudienceName'),
    'TiktokCampaignName': ('tiktok_campaign_v1', 'TiktokCampaignName'),
    'TiktokCampaignNameV1': ('tiktok_campaign_v1', 'TiktokCampaignName'),
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        from importlib import import_module

        place = _PLACES.get(name)
        if place is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f".{place[0]}", __name__), place[1])
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *_PLACES})
