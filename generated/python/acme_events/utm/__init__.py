"""Links: fields, query parameters and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .affiliate_v1 import AffiliateLink as AffiliateLink, AffiliateLink as AffiliateLinkV1
    from .audio_v1 import AudioLink as AudioLink, AudioLink as AudioLinkV1
    from .business_profile_v1 import BusinessProfileLink as BusinessProfileLink, BusinessProfileLink as BusinessProfileLinkV1
    from .cross_network_v1 import CrossNetworkLink as CrossNetworkLink, CrossNetworkLink as CrossNetworkLinkV1
    from .display_v1 import DisplayLink as DisplayLink, DisplayLink as DisplayLinkV1
    from .email_flow_v1 import EmailFlowLink as EmailFlowLink, EmailFlowLink as EmailFlowLinkV1
    from .email_newsletter_v1 import EmailNewsletterLink as EmailNewsletterLink, EmailNewsletterLink as EmailNewsletterLinkV1
    from .event_v1 import EventLink as EventLink, EventLink as EventLinkV1
    from .influencer_v1 import InfluencerLink as InfluencerLink, InfluencerLink as InfluencerLinkV1
    from .messaging_v1 import MessagingLink as MessagingLink, MessagingLink as MessagingLinkV1
    from .native_v1 import NativeLink as NativeLink, NativeLink as NativeLinkV1
    from .offline_qr_v1 import OfflineQrLink as OfflineQrLink, OfflineQrLink as OfflineQrLinkV1
    from .organic_social_v1 import OrganicSocialLink as OrganicSocialLink, OrganicSocialLink as OrganicSocialLinkV1
    from .organic_video_v1 import OrganicVideoLink as OrganicVideoLink, OrganicVideoLink as OrganicVideoLinkV1
    from .paid_search_v1 import PaidSearchLink as PaidSearchLink, PaidSearchLink as PaidSearchLinkV1
    from .paid_shopping_v1 import PaidShoppingLink as PaidShoppingLink, PaidShoppingLink as PaidShoppingLinkV1
    from .paid_social_v1 import PaidSocialLink as PaidSocialLink, PaidSocialLink as PaidSocialLinkV1
    from .paid_video_v1 import PaidVideoLink as PaidVideoLink, PaidVideoLink as PaidVideoLinkV1
    from .partner_v1 import PartnerLink as PartnerLink, PartnerLink as PartnerLinkV1
    from .programmatic_video_v1 import ProgrammaticVideoLink as ProgrammaticVideoLink, ProgrammaticVideoLink as ProgrammaticVideoLinkV1
    from .push_v1 import PushLink as PushLink, PushLink as PushLinkV1
    from .sms_v1 import SmsLink as SmsLink, SmsLink as SmsLinkV1

__all__ = [
    'AffiliateLink', 'AffiliateLinkV1', 'AudioLink', 'AudioLinkV1', 'BusinessProfileLink',
    'BusinessProfileLinkV1', 'CrossNetworkLink', 'CrossNetworkLinkV1', 'DisplayLink', 'DisplayLinkV1',
    'EmailFlowLink', 'EmailFlowLinkV1', 'EmailNewsletterLink', 'EmailNewsletterLinkV1', 'EventLink',
    'EventLinkV1', 'InfluencerLink', 'InfluencerLinkV1', 'MessagingLink', 'MessagingLinkV1', 'NativeLink',
    'NativeLinkV1', 'OfflineQrLink', 'OfflineQrLinkV1', 'OrganicSocialLink', 'OrganicSocialLinkV1',
    'OrganicVideoLink', 'OrganicVideoLinkV1', 'PaidSearchLink', 'PaidSearchLinkV1', 'PaidShoppingLink',
    'PaidShoppingLinkV1', 'PaidSocialLink', 'PaidSocialLinkV1', 'PaidVideoLink', 'PaidVideoLinkV1',
    'PartnerLink', 'PartnerLinkV1', 'ProgrammaticVideoLink', 'ProgrammaticVideoLinkV1', 'PushLink',
    'PushLinkV1', 'SmsLink', 'SmsLinkV1',
]

_PLACES = {
    'AffiliateLink': ('affiliate_v1', 'AffiliateLink'),
    'AffiliateLinkV1': ('affiliate_v1', 'AffiliateLink'),
    'AudioLink': ('audio_v1', 'AudioLink'),
    'AudioLinkV1': ('audio_v1', 'AudioLink'),
    'BusinessProfileLink': ('business_profile_v1', 'BusinessProfileLink'),
    'BusinessProfileLinkV1': ('business_profile_v1', 'BusinessProfileLink'),
    'CrossNetworkLink': ('cross_network_v1', 'CrossNetworkLink'),
    'CrossNetworkLinkV1': ('cross_network_v1', 'CrossNetworkLink'),
    'DisplayLink': ('display_v1', 'DisplayLink'),
    'DisplayLinkV1': ('display_v1', 'DisplayLink'),
    'EmailFlowLink': ('email_flow_v1', 'EmailFlowLink'),
    'EmailFlowLinkV1': ('email_flow_v1', 'EmailFlowLink'),
    'EmailNewsletterLink': ('email_newsletter_v1', 'EmailNewsletterLink'),
    'EmailNewsletterLinkV1': ('email_newsletter_v1', 'EmailNewsletterLink'),
    'EventLink': ('event_v1', 'EventLink'),
    'EventLinkV1': ('event_v1', 'EventLink'),
    'InfluencerLink': ('influencer_v1', 'InfluencerLink'),
    'InfluencerLinkV1': ('influencer_v1', 'InfluencerLink'),
    'MessagingLink': ('messaging_v1', 'MessagingLink'),
    'MessagingLinkV1': ('messaging_v1', 'MessagingLink'),
    'NativeLink': ('native_v1', 'NativeLink'),
    'NativeLinkV1': ('native_v1', 'NativeLink'),
    'OfflineQrLink': ('offline_qr_v1', 'OfflineQrLink'),
    'OfflineQrLinkV1': ('offline_qr_v1', 'OfflineQrLink'),
    'OrganicSocialLink': ('organic_social_v1', 'OrganicSocialLink'),
    'OrganicSocialLinkV1': ('organic_social_v1', 'OrganicSocialLink'),
    'OrganicVideoLink': ('organic_video_v1', 'OrganicVideoLink'),
    'OrganicVideoLinkV1': ('organic_video_v1', 'OrganicVideoLink'),
    'PaidSearchLink': ('paid_search_v1', 'PaidSearchLink'),
    'PaidSearchLinkV1': ('paid_search_v1', 'PaidSearchLink'),
    'PaidShoppingLink': ('paid_shopping_v1', 'PaidShoppingLink'),
    'PaidShoppingLinkV1': ('paid_shopping_v1', 'PaidShoppingLink'),
    'PaidSocialLink': ('paid_social_v1', 'PaidSocialLink'),
    'PaidSocialLinkV1': ('paid_social_v1', 'PaidSocialLink'),
    'PaidVideoLink': ('paid_video_v1', 'PaidVideoLink'),
    'PaidVideoLinkV1': ('paid_video_v1', 'PaidVideoLink'),
    'PartnerLink': ('partner_v1', 'PartnerLink'),
    'PartnerLinkV1': ('partner_v1', 'PartnerLink'),
    'ProgrammaticVideoLink': ('programmatic_video_v1', 'ProgrammaticVideoLink'),
    'ProgrammaticVideoLinkV1': ('programmatic_video_v1', 'ProgrammaticVideoLink'),
    'PushLink': ('push_v1', 'PushLink'),
    'PushLinkV1': ('push_v1', 'PushLink'),
    'SmsLink': ('sms_v1', 'SmsLink'),
    'SmsLinkV1': ('sms_v1', 'SmsLink'),
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
