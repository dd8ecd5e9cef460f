"""The words of vocabularies."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .account_role import AccountRole as AccountRole
    from .ad_format import AdFormat as AdFormat
    from .add_source import AddSource as AddSource
    from .affiliate_network import AffiliateNetwork as AffiliateNetwork
    from .affiliate_type import AffiliateType as AffiliateType
    from .agency import Agency as Agency
    from .asset_type import AssetType as AssetType
    from .audience import Audience as Audience
    from .audience_stage import AudienceStage as AudienceStage
    from .audience_use import AudienceUse as AudienceUse
    from .audio_source import AudioSource as AudioSource
    from .billing_interval import BillingInterval as BillingInterval
    from .bounce_type import BounceType as BounceType
    from .brand import Brand as Brand
    from .buy_type import BuyType as BuyType
    from .buying_platform import BuyingPlatform as BuyingPlatform
    from .cancellation_reason import CancellationReason as CancellationReason
    from .checkout_step import CheckoutStep as CheckoutStep
    from .concept import Concept as Concept
    from .consent_source import ConsentSource as ConsentSource
    from .consent_state import ConsentState as ConsentState
    from .content_type import ContentType as ContentType
    from .conversion_goal import ConversionGoal as ConversionGoal
    from .coupon_denial_reason import CouponDenialReason as CouponDenialReason
    from .creator_tier import CreatorTier as CreatorTier
    from .cta import Cta as Cta
    from .customer_type import CustomerType as CustomerType
    from .device import Device as Device
    from .display_source import DisplaySource as DisplaySource
    from .email_flow import EmailFlow as EmailFlow
    from .email_link import EmailLink as EmailLink
    from .email_source import EmailSource as EmailSource
    from .email_tool import EmailTool as EmailTool
    from .employee_band import EmployeeBand as EmployeeBand
    from .error_kind import ErrorKind as ErrorKind
    from .event_source import EventSource as EventSource
    from .flow_source import FlowSource as FlowSource
    from .frequency_tier import FrequencyTier as FrequencyTier
    from .funnel_stage import FunnelStage as FunnelStage
    from .google_ads_campaign_type import GoogleAdsCampaignType as GoogleAdsCampaignType
    from .industry import Industry as Industry
    from .influencer_source import InfluencerSource as InfluencerSource
    from .kpi import Kpi as Kpi
    from .landing_format import LandingFormat as LandingFormat
    from .language import Language as Language
    from .lead_disqualification_reason import LeadDisqualificationReason as LeadDisqualificationReason
    from .lead_loss_reason import LeadLossReason as LeadLossReason
    from .lead_source import LeadSource as LeadSource
    from .lead_status import LeadStatus as LeadStatus
    from .lifecycle_stage import LifecycleStage as LifecycleStage
    from .login_method import LoginMethod as LoginMethod
    from .market import Market as Market
    from .match_type import MatchType as MatchType
    from .meeting_type import MeetingType as MeetingType
    from .message_channel import MessageChannel as MessageChannel
    from .message_purpose import MessagePurpose as MessagePurpose
    from .messaging_source import MessagingSource as MessagingSource
    from .native_source import NativeSource as NativeSource
    from .newsletter_status import NewsletterStatus as NewsletterStatus
    from .objective import Objective as Objective
    from .offline_source import OfflineSource as OfflineSource
    from .optimisation_event import OptimisationEvent as OptimisationEvent
    from .organic_social_source import OrganicSocialSource as OrganicSocialSource
    from .organic_video_source import OrganicVideoSource as OrganicVideoSource
    from .partner_source import PartnerSource as PartnerSource
    from .payment_failure_reason import PaymentFailureReason as PaymentFailureReason
    from .payment_method import PaymentMethod as PaymentMethod
    from .placement_set import PlacementSet as PlacementSet
    from .plan import Plan as Plan
    from .points_reason import PointsReason as PointsReason
    from .product_line import ProductLine as ProductLine
    from .profile_link import ProfileLink as ProfileLink
    from .profile_source import ProfileSource as ProfileSource
    from .programmatic_source import ProgrammaticSource as ProgrammaticSource
    from .push_source import PushSource as PushSource
    from .refund_reason import RefundReason as RefundReason
    from .search_focus import SearchFocus as SearchFocus
    from .search_source import SearchSource as SearchSource
    from .seniority import Seniority as Seniority
    from .share_method import ShareMethod as ShareMethod
    from .shipping_method import ShippingMethod as ShippingMethod
    from .shopping_source import ShoppingSource as ShoppingSource
    from .size import Size as Size
    from .sms_source import SmsSource as SmsSource
    from .social_source import SocialSource as SocialSource
    from .subscription_change import SubscriptionChange as SubscriptionChange
    from .subscription_end_reason import SubscriptionEndReason as SubscriptionEndReason
    from .subscription_status import SubscriptionStatus as SubscriptionStatus
    from .suppression_reason import SuppressionReason as SuppressionReason
    from .test_variant import TestVariant as TestVariant
    from .trial_outcome import TrialOutcome as TrialOutcome
    from .value_tier import ValueTier as ValueTier
    from .video_source import VideoSource as VideoSource

__all__ = [
    'AccountRole', 'AdFormat', 'AddSource', 'AffiliateNetwork', 'AffiliateType', 'Agency', 'AssetType',
    'Audience', 'AudienceStage', 'AudienceUse', 'AudioSource', 'BillingInterval', 'BounceType', 'Brand',
    'BuyType', 'BuyingPlatform', 'CancellationReason', 'CheckoutStep', 'Concept', 'ConsentSource',
    'ConsentState', 'ContentType', 'ConversionGoal', 'CouponDenialReason', 'CreatorTier', 'Cta',
    'CustomerType', 'Device', 'DisplaySource', 'EmailFlow', 'EmailLink', 'EmailSource', 'EmailTool',
    'EmployeeBand', 'ErrorKind', 'EventSource', 'FlowSource', 'FrequencyTier', 'FunnelStage',
    'GoogleAdsCampaignType', 'Industry', 'InfluencerSource', 'Kpi', 'LandingFormat', 'Language',
    'LeadDisqualificationReason', 'LeadLossReason', 'LeadSource', 'LeadStatus', 'LifecycleStage',
    'LoginMethod', 'Market', 'MatchType', 'MeetingType', 'MessageChannel', 'MessagePurpose',
    'MessagingSource', 'NativeSource', 'NewsletterStatus', 'Objective', 'OfflineSource', 'OptimisationEvent',
    'OrganicSocialSource', 'OrganicVideoSource', 'PartnerSource', 'PaymentFailureReason', 'PaymentMethod',
    'PlacementSet', 'Plan', 'PointsReason', 'ProductLine', 'ProfileLink', 'ProfileSource',
    'ProgrammaticSource', 'PushSource', 'RefundReason', 'SearchFocus', 'SearchSource', 'Seniority',
    'ShareMethod', 'ShippingMethod', 'ShoppingSource', 'Size', 'SmsSource', 'SocialSource',
    'SubscriptionChange', 'SubscriptionEndReason', 'SubscriptionStatus', 'SuppressionReason', 'TestVariant',
    'TrialOutcome', 'ValueTier', 'VideoSource',
]

_PLACES = {
    'AccountRole': ('account_role', 'AccountRole'),
    'AdFormat': ('ad_format', 'AdFormat'),
    'AddSource': ('add_source', 'AddSource'),
    'AffiliateNetwork': ('affiliate_network', 'AffiliateNetwork'),
    'AffiliateType': ('affiliate_type', 'AffiliateType'),
    'Agency': ('agency', 'Agency'),
    'AssetType': ('asset_type', 'AssetType'),
    'Audience': ('audience', 'Audience'),
    'AudienceStage': ('audience_stage', 'AudienceStage'),
    'AudienceUse': ('audience_use', 'AudienceUse'),
    'AudioSource': ('audio_source', 'AudioSource'),
    'BillingInterval': ('billing_interval', 'BillingInterval'),
    'BounceType': ('bounce_type', 'BounceType'),
    'Brand': ('brand', 'Brand'),
    'BuyType': ('buy_type', 'BuyType'),
    'BuyingPlatform': ('buying_platform', 'BuyingPlatform'),
    'CancellationReason': ('cancellation_reason', 'CancellationReason'),
    'CheckoutStep': ('checkout_step', 'CheckoutStep'),
    'Concept': ('concept', 'Concept'),
    'ConsentSource': ('consent_source', 'ConsentSource'),
    'ConsentState': ('consent_state', 'ConsentState'),
    'ContentType': ('content_type', 'ContentType'),
    'ConversionGoal': ('conversion_goal', 'ConversionGoal'),
    'CouponDenialReason': ('coupon_denial_reason', 'CouponDenialReason'),
    'CreatorTier': ('creator_tier', 'CreatorTier'),
    'Cta': ('cta', 'Cta'),
    'CustomerType': ('customer_type', 'CustomerType'),
    'Device': ('device', 'Device'),
    'DisplaySource': ('display_source', 'DisplaySource'),
    'EmailFlow': ('email_flow', 'EmailFlow'),
    'EmailLink': ('email_link', 'EmailLink'),
    'EmailSource': ('email_source', 'EmailSource'),
    'EmailTool': ('email_tool', 'EmailTool'),
    'EmployeeBand': ('employee_band', 'EmployeeBand'),
    'ErrorKind': ('error_kind', 'ErrorKind'),
    'EventSource': ('event_source', 'EventSource'),
    'FlowSource': ('flow_source', 'FlowSource'),
    'FrequencyTier': ('frequency_tier', 'FrequencyTier'),
    'FunnelStage': ('funnel_stage', 'FunnelStage'),
    'GoogleAdsCampaignType': ('google_ads_campaign_type', 'GoogleAdsCampaignType'),
    'Industry': ('industry', 'Industry'),
    'InfluencerSource': ('influencer_source', 'InfluencerSource'),
    'Kpi': ('kpi', 'Kpi'),
    'LandingFormat': ('landing_format', 'LandingFormat'),
    'Language': ('language', 'Language'),
    'LeadDisqualificationReason': ('lead_disqualification_reason', 'LeadDisqualificationReason'),
    'LeadLossReason': ('lead_loss_reason', 'LeadLossReason'),
    'LeadSource': ('lead_source', 'LeadSource'),
    'LeadStatus': ('lead_status', 'LeadStatus'),
    'LifecycleStage': ('lifecycle_stage', 'LifecycleStage'),
    'LoginMethod': ('login_method', 'LoginMethod'),
    'Market': ('market', 'Market'),
    'MatchType': ('match_type', 'MatchType'),
    'MeetingType': ('meeting_type', 'MeetingType'),
    'MessageChannel': ('message_channel', 'MessageChannel'),
    'MessagePurpose': ('message_purpose', 'MessagePurpose'),
    'MessagingSource': ('messaging_source', 'MessagingSource'),
    'NativeSource': ('native_source', 'NativeSource'),
    'NewsletterStatus': ('newsletter_status', 'NewsletterStatus'),
    'Objective': ('objective', 'Objective'),
    'OfflineSource': ('offline_source', 'OfflineSource'),
    'OptimisationEvent': ('optimisation_event', 'OptimisationEvent'),
    'OrganicSocialSource': ('organic_social_source', 'OrganicSocialSource'),
    'OrganicVideoSource': ('organic_video_source', 'OrganicVideoSource'),
    'PartnerSource': ('partner_source', 'PartnerSource'),
    'PaymentFailureReason': ('payment_failure_reason', 'PaymentFailureReason'),
    'PaymentMethod': ('payment_method', 'PaymentMethod'),
    'PlacementSet': ('placement_set', 'PlacementSet'),
    'Plan': ('plan', 'Plan'),
    'PointsReason': ('points_reason', 'PointsReason'),
    'ProductLine': ('product_line', 'ProductLine'),
    'ProfileLink': ('profile_link', 'ProfileLink'),
    'ProfileSource': ('profile_source', 'ProfileSource'),
    'ProgrammaticSource': ('programmatic_source', 'ProgrammaticSource'),
    'PushSource': ('push_source', 'PushSource'),
    'RefundReason': ('refund_reason', 'RefundReason'),
    'SearchFocus': ('search_focus', 'SearchFocus'),
    'SearchSource': ('search_source', 'SearchSource'),
    'Seniority': ('seniority', 'Seniority'),
    'ShareMethod': ('share_method', 'ShareMethod'),
    'ShippingMethod': ('shipping_method', 'ShippingMethod'),
    'ShoppingSource': ('shopping_source', 'ShoppingSource'),
    'Size': ('size', 'Size'),
    'SmsSource': ('sms_source', 'SmsSource'),
    'SocialSource': ('social_source', 'SocialSource'),
    'SubscriptionChange': ('subscription_change', 'SubscriptionChange'),
    'SubscriptionEndReason': ('subscription_end_reason', 'SubscriptionEndReason'),
    'SubscriptionStatus': ('subscription_status', 'SubscriptionStatus'),
    'SuppressionReason': ('suppression_reason', 'SuppressionReason'),
    'TestVariant': ('test_variant', 'TestVariant'),
    'TrialOutcome': ('trial_outcome', 'TrialOutcome'),
    'ValueTier': ('value_tier', 'ValueTier'),
    'VideoSource': ('video_source', 'VideoSource'),
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
