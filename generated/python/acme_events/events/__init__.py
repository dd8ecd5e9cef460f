"""What happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .account_created_v1 import AccountCreated as AccountCreated, AccountCreated as AccountCreatedV1
    from .account_deleted_v1 import AccountDeleted as AccountDeleted, AccountDeleted as AccountDeletedV1
    from .account_user_added_v1 import AccountUserAdded as AccountUserAdded, AccountUserAdded as AccountUserAddedV1
    from .account_user_removed_v1 import AccountUserRemoved as AccountUserRemoved, AccountUserRemoved as AccountUserRemovedV1
    from .app_installed_v1 import AppInstalled as AppInstalled, AppInstalled as AppInstalledV1
    from .app_opened_v1 import AppOpened as AppOpened, AppOpened as AppOpenedV1
    from .cart_viewed_v1 import CartViewed as CartViewed, CartViewed as CartViewedV1
    from .chat_started_v1 import ChatStarted as ChatStarted, ChatStarted as ChatStartedV1
    from .checkout_started_v1 import CheckoutStarted as CheckoutStarted, CheckoutStarted as CheckoutStartedV1
    from .checkout_step_completed_v1 import CheckoutStepCompleted as CheckoutStepCompleted, CheckoutStepCompleted as CheckoutStepCompletedV1
    from .checkout_step_viewed_v1 import CheckoutStepViewed as CheckoutStepViewed, CheckoutStepViewed as CheckoutStepViewedV1
    from .consent_updated_v1 import ConsentUpdated as ConsentUpdated, ConsentUpdated as ConsentUpdatedV1
    from .content_selected_v1 import ContentSelected as ContentSelected, ContentSelected as ContentSelectedV1
    from .content_shared_v1 import ContentShared as ContentShared, ContentShared as ContentSharedV1
    from .coupon_applied_v1 import CouponApplied as CouponApplied, CouponApplied as CouponAppliedV1
    from .coupon_denied_v1 import CouponDenied as CouponDenied, CouponDenied as CouponDeniedV1
    from .coupon_entered_v1 import CouponEntered as CouponEntered, CouponEntered as CouponEnteredV1
    from .coupon_removed_v1 import CouponRemoved as CouponRemoved, CouponRemoved as CouponRemovedV1
    from .error_shown_v1 import ErrorShown as ErrorShown, ErrorShown as ErrorShownV1
    from .experiment_viewed_v1 import ExperimentViewed as ExperimentViewed, ExperimentViewed as ExperimentViewedV1
    from .file_downloaded_v1 import FileDownloaded as FileDownloaded, FileDownloaded as FileDownloadedV1
    from .invite_sent_v1 import InviteSent as InviteSent, InviteSent as InviteSentV1
    from .kpi_recorded_v1 import KpiRecorded as KpiRecorded, KpiRecorded as KpiRecordedV1
    from .lead_contacted_v1 import LeadContacted as LeadContacted, LeadContacted as LeadContactedV1
    from .lead_converted_v1 import LeadConverted as LeadConverted, LeadConverted as LeadConvertedV1
    from .lead_disqualified_v1 import LeadDisqualified as LeadDisqualified, LeadDisqualified as LeadDisqualifiedV1
    from .lead_generated_v1 import LeadGenerated as LeadGenerated, LeadGenerated as LeadGeneratedV1
    from .lead_lost_v1 import LeadLost as LeadLost, LeadLost as LeadLostV1
    from .lead_qualified_v1 import LeadQualified as LeadQualified, LeadQualified as LeadQualifiedV1
    from .lead_submitted_v1 import LeadSubmitted as LeadSubmitted, LeadSubmitted as LeadSubmittedV1
    from .logged_in_v1 import LoggedIn as LoggedIn, LoggedIn as LoggedInV1
    from .logged_out_v1 import LoggedOut as LoggedOut, LoggedOut as LoggedOutV1
    from .meeting_booked_v1 import MeetingBooked as MeetingBooked, MeetingBooked as MeetingBookedV1
    from .message_bounced_v1 import MessageBounced as MessageBounced, MessageBounced as MessageBouncedV1
    from .message_clicked_v1 import MessageClicked as MessageClicked, MessageClicked as MessageClickedV1
    from .message_complained_v1 import MessageComplained as MessageComplained, MessageComplained as MessageComplainedV1
    from .message_delivered_v1 import MessageDelivered as MessageDelivered, MessageDelivered as MessageDeliveredV1
    from .message_opened_v1 import MessageOpened as MessageOpened, MessageOpened as MessageOpenedV1
    from .message_sent_v1 import MessageSent as MessageSent, MessageSent as MessageSentV1
    from .message_suppressed_v1 import MessageSuppressed as MessageSuppressed, MessageSuppressed as MessageSuppressedV1
    from .message_unsubscribed_v1 import MessageUnsubscribed as MessageUnsubscribed, MessageUnsubscribed as MessageUnsubscribedV1
    from .newsletter_subscribed_v1 import NewsletterSubscribed as NewsletterSubscribed, NewsletterSubscribed as NewsletterSubscribedV1
    from .onboarding_completed_v1 import OnboardingCompleted as OnboardingCompleted, OnboardingCompleted as OnboardingCompletedV1
    from .onboarding_started_v1 import OnboardingStarted as OnboardingStarted, OnboardingStarted as OnboardingStartedV1
    from .order_cancelled_v1 import OrderCancelled as OrderCancelled, OrderCancelled as OrderCancelledV1
    from .order_completed_v1 import OrderCompleted as OrderCompleted, OrderCompleted as OrderCompletedV1
    from .order_refunded_v1 import OrderRefunded as OrderRefunded, OrderRefunded as OrderRefundedV1
    from .order_updated_v1 import OrderUpdated as OrderUpdated, OrderUpdated as OrderUpdatedV1
    from .page_viewed_v1 import PageViewed as PageViewed, PageViewed as PageViewedV1
    from .payment_failed_v1 import PaymentFailed as PaymentFailed, PaymentFailed as PaymentFailedV1
    from .payment_info_entered_v1 import PaymentInfoEntered as PaymentInfoEntered, PaymentInfoEntered as PaymentInfoEnteredV1
    from .points_earned_v1 import PointsEarned as PointsEarned, PointsEarned as PointsEarnedV1
    from .points_spent_v1 import PointsSpent as PointsSpent, PointsSpent as PointsSpentV1
    from .product_added_to_wishlist_v1 import ProductAddedToWishlist as ProductAddedToWishlist, ProductAddedToWishlist as ProductAddedToWishlistV1
    from .product_added_v1 import ProductAdded as ProductAdded, ProductAdded as ProductAddedV1
    from .product_clicked_v1 import ProductClicked as ProductClicked, ProductClicked as ProductClickedV1
    from .product_list_filtered_v1 import ProductListFiltered as ProductListFiltered, ProductListFiltered as ProductListFilteredV1
    from .product_list_viewed_v1 import ProductListViewed as ProductListViewed, ProductListViewed as ProductListViewedV1
    from .product_removed_from_wishlist_v1 import ProductRemovedFromWishlist as ProductRemovedFromWishlist, ProductRemovedFromWishlist as ProductRemovedFromWishlistV1
    from .product_removed_v1 import ProductRemoved as ProductRemoved, ProductRemoved as ProductRemovedV1
    from .product_reviewed_v1 import ProductReviewed as ProductReviewed, ProductReviewed as ProductReviewedV1
    from .product_viewed_v1 import ProductViewed as ProductViewed, ProductViewed as ProductViewedV1
    from .products_searched_v1 import ProductsSearched as ProductsSearched, ProductsSearched as ProductsSearchedV1
    from .promotion_clicked_v1 import PromotionClicked as PromotionClicked, PromotionClicked as PromotionClickedV1
    from .promotion_viewed_v1 import PromotionViewed as PromotionViewed, PromotionViewed as PromotionViewedV1
    from .quote_requested_v1 import QuoteRequested as QuoteRequested, QuoteRequested as QuoteRequestedV1
    from .screen_viewed_v1 import ScreenViewed as ScreenViewed, ScreenViewed as ScreenViewedV1
    from .shipping_info_entered_v1 import ShippingInfoEntered as ShippingInfoEntered, ShippingInfoEntered as ShippingInfoEnteredV1
    from .signed_up_v1 import SignedUp as SignedUp, SignedUp as SignedUpV1
    from .subscription_cancelled_v1 import SubscriptionCancelled as SubscriptionCancelled, SubscriptionCancelled as SubscriptionCancelledV1
    from .subscription_changed_v1 import SubscriptionChanged as SubscriptionChanged, SubscriptionChanged as SubscriptionChangedV1
    from .subscription_renewed_v1 import SubscriptionRenewed as SubscriptionRenewed, SubscriptionRenewed as SubscriptionRenewedV1
    from .subscription_started_v1 import SubscriptionStarted as SubscriptionStarted, SubscriptionStarted as SubscriptionStartedV1
    from .trial_ended_v1 import TrialEnded as TrialEnded, TrialEnded as TrialEndedV1
    from .trial_started_v1 import TrialStarted as TrialStarted, TrialStarted as TrialStartedV1
    from .video_completed_v1 import VideoCompleted as VideoCompleted, VideoCompleted as VideoCompletedV1
    from .video_progressed_v1 import VideoProgressed as VideoProgressed, VideoProgressed as VideoProgressedV1
    from .video_started_v1 import VideoStarted as VideoStarted, VideoStarted as VideoStartedV1

__all__ = [
    'AccountCreated', 'AccountCreatedV1', 'AccountDeleted', 'AccountDeletedV1', 'AccountUserAdded',
    'AccountUserAddedV1', 'AccountUserRemoved', 'AccountUserRemovedV1', 'AppInstalled', 'AppInstalledV1',
    'AppOpened', 'AppOpenedV1', 'CartViewed', 'CartViewedV1', 'ChatStarted', 'ChatStartedV1',
    'CheckoutStarted', 'CheckoutStartedV1', 'CheckoutStepCompleted', 'CheckoutStepCompletedV1',
    'CheckoutStepViewed', 'CheckoutStepViewedV1', 'ConsentUpdated', 'ConsentUpdatedV1', 'ContentSelected',
    'ContentSelectedV1', 'ContentShared', 'ContentSharedV1', 'CouponApplied', 'CouponAppliedV1',
    'CouponDenied', 'CouponDeniedV1', 'CouponEntered', 'CouponEnteredV1', 'CouponRemoved', 'CouponRemovedV1',
    'ErrorShown', 'ErrorShownV1', 'ExperimentViewed', 'ExperimentViewedV1', 'FileDownloaded',
    'FileDownloadedV1', 'InviteSent', 'InviteSentV1', 'KpiRecorded', 'KpiRecordedV1', 'LeadContacted',
    'LeadContactedV1', 'LeadConverted', 'LeadConvertedV1', 'LeadDisqualified', 'LeadDisqualifiedV1',
    'LeadGenerated', 'LeadGeneratedV1', 'LeadLost', 'LeadLostV1', 'LeadQualified', 'LeadQualifiedV1',
    'LeadSubmitted', 'LeadSubmittedV1', 'LoggedIn', 'LoggedInV1', 'LoggedOut', 'LoggedOutV1', 'MeetingBooked',
    'MeetingBookedV1', 'MessageBounced', 'MessageBouncedV1', 'MessageClicked', 'MessageClickedV1',
    'MessageComplained', 'MessageComplainedV1', 'MessageDelivered', 'MessageDeliveredV1', 'MessageOpened',
    'MessageOpenedV1', 'MessageSent', 'MessageSentV1', 'MessageSuppressed', 'MessageSuppressedV1',
    'MessageUnsubscribed', 'MessageUnsubscribedV1', 'NewsletterSubscribed', 'NewsletterSubscribedV1',
    'OnboardingCompleted', 'OnboardingCompletedV1', 'OnboardingStarted', 'OnboardingStartedV1',
    'OrderCancelled', 'OrderCancelledV1', 'OrderCompleted', 'OrderCompletedV1', 'OrderRefunded',
    'OrderRefundedV1', 'OrderUpdated', 'OrderUpdatedV1', 'PageViewed', 'PageViewedV1', 'PaymentFailed',
    'PaymentFailedV1', 'PaymentInfoEntered', 'PaymentInfoEnteredV1', 'PointsEarned', 'PointsEarnedV1',
    'PointsSpent', 'PointsSpentV1', 'ProductAdded', 'ProductAddedToWishlist', 'ProductAddedToWishlistV1',
    'ProductAddedV1', 'ProductClicked', 'ProductClickedV1', 'ProductListFiltered', 'ProductListFilteredV1',
    'ProductListViewed', 'ProductListViewedV1', 'ProductRemoved', 'ProductRemovedFromWishlist',
    'ProductRemovedFromWishlistV1', 'ProductRemovedV1', 'ProductReviewed', 'ProductReviewedV1',
    'ProductViewed', 'ProductViewedV1', 'ProductsSearched', 'ProductsSearchedV1', 'PromotionClicked',
    'PromotionClickedV1', 'PromotionViewed', 'PromotionViewedV1', 'QuoteRequested', 'QuoteRequestedV1',
    'ScreenViewed', 'ScreenViewedV1', 'ShippingInfoEntered', 'ShippingInfoEnteredV1', 'SignedUp',
    'SignedUpV1', 'SubscriptionCancelled', 'SubscriptionCancelledV1', 'SubscriptionChanged',
    'SubscriptionChangedV1', 'SubscriptionRenewed', 'SubscriptionRenewedV1', 'SubscriptionStarted',
    'SubscriptionStartedV1', 'TrialEnded', 'TrialEndedV1', 'TrialStarted', 'TrialStartedV1', 'VideoCompleted',
    'VideoCompletedV1', 'VideoProgressed', 'VideoProgressedV1', 'VideoStarted', 'VideoStartedV1',
]

_PLACES = {
    'AccountCreated': ('account_created_v1', 'AccountCreated'),
    'AccountCreatedV1': ('account_created_v1', 'AccountCreated'),
    'AccountDeleted': ('account_deleted_v1', 'AccountDeleted'),
    'AccountDeletedV1': ('account_deleted_v1', 'AccountDeleted'),
    'AccountUserAdded': ('account_user_added_v1', 'AccountUserAdded'),
    'AccountUserAddedV1': ('account_user_added_v1', 'AccountUserAdded'),
    'AccountUserRemoved': ('account_user_removed_v1', 'AccountUserRemoved'),
    'AccountUserRemovedV1': ('account_user_removed_v1', 'AccountUserRemoved'),
    'AppInstalled': ('app_installed_v1', 'AppInstalled'),
    'AppInstalledV1': ('app_installed_v1', 'AppInstalled'),
    'AppOpened': ('app_opened_v1', 'AppOpened'),
    'AppOpenedV1': ('app_opened_v1', 'AppOpened'),
    'CartViewed': ('cart_viewed_v1', 'CartViewed'),
    'CartViewedV1': ('cart_viewed_v1', 'CartViewed'),
    'ChatStarted': ('chat_started_v1', 'ChatStarted'),
    'ChatStartedV1': ('chat_started_v1', 'ChatStarted'),
    'CheckoutStarted': ('checkout_started_v1', 'CheckoutStarted'),
    'CheckoutStartedV1': ('checkout_started_v1', 'CheckoutStarted'),
    'CheckoutStepCompleted': ('checkout_step_completed_v1', 'CheckoutStepCompleted'),
    'CheckoutStepCompletedV1': ('checkout_step_completed_v1', 'CheckoutStepCompleted'),
    'CheckoutStepViewed': ('checkout_step_viewed_v1', 'CheckoutStepViewed'),
    'CheckoutStepViewedV1': ('checkout_step_viewed_v1', 'CheckoutStepViewed'),
    'ConsentUpdated': ('consent_updated_v1', 'ConsentUpdated'),
    'ConsentUpdatedV1': ('consent_updated_v1', 'ConsentUpdated'),
    'ContentSelected': ('content_selected_v1', 'ContentSelected'),
    'ContentSelectedV1': ('content_selected_v1', 'ContentSelected'),
    'ContentShared': ('content_shared_v1', 'ContentShared'),
    'ContentSharedV1': ('content_shared_v1', 'ContentShared'),
    'CouponApplied': ('coupon_applied_v1', 'CouponApplied'),
    'CouponAppliedV1': ('coupon_applied_v1', 'CouponApplied'),
    'CouponDenied': ('coupon_denied_v1', 'CouponDenied'),
    'CouponDeniedV1': ('coupon_denied_v1', 'CouponDenied'),
    'CouponEntered': ('coupon_entered_v1', 'CouponEntered'),
    'CouponEnteredV1': ('coupon_entered_v1', 'CouponEntered'),
    'CouponRemoved': ('coupon_removed_v1', 'CouponRemoved'),
    'CouponRemovedV1': ('coupon_removed_v1', 'CouponRemoved'),
    'ErrorShown': ('error_shown_v1', 'ErrorShown'),
    'ErrorShownV1': ('error_shown_v1', 'ErrorShown'),
    'ExperimentViewed': ('experiment_viewed_v1', 'ExperimentViewed'),
    'ExperimentViewedV1': ('experiment_viewed_v1', 'ExperimentViewed'),
    'FileDownloaded': ('file_downloaded_v1', 'FileDownloaded'),
    'FileDownloadedV1': ('file_downloaded_v1', 'FileDownloaded'),
    'InviteSent': ('invite_sent_v1', 'InviteSent'),
    'InviteSentV1': ('invite_sent_v1', 'InviteSent'),
    'KpiRecorded': ('kpi_recorded_v1', 'KpiRecorded'),
    'KpiRecordedV1': ('kpi_recorded_v1', 'KpiRecorded'),
    'LeadContacted': ('lead_contacted_v1', 'LeadContacted'),
    'LeadContactedV1': ('lead_contacted_v1', 'LeadContacted'),
    'LeadConverted': ('lead_converted_v1', 'LeadConverted'),
    'LeadConvertedV1': ('lead_converted_v1', 'LeadConverted'),
    'LeadDisqualified': ('lead_disqualified_v1', 'LeadDisqualified'),
    'LeadDisqualifiedV1': ('lead_disqualified_v1', 'LeadDisqualified'),
    'LeadGenerated': ('lead_generated_v1', 'LeadGenerated'),
    'LeadGeneratedV1': ('lead_generated_v1', 'LeadGenerated'),
    'LeadLost': ('lead_lost_v1', 'LeadLost'),
    'LeadLostV1': ('lead_lost_v1', 'LeadLost'),
    'LeadQualified': ('lead_qualified_v1', 'LeadQualified'),
    'LeadQualifiedV1': ('lead_qualified_v1', 'LeadQualified'),
    'LeadSubmitted': ('lead_submitted_v1', 'LeadSubmitted'),
    'LeadSubmittedV1': ('lead_submitted_v1', 'LeadSubmitted'),
    'LoggedIn': ('logged_in_v1', 'LoggedIn'),
    'LoggedInV1': ('logged_in_v1', 'LoggedIn'),
    'LoggedOut': ('logged_out_v1', 'LoggedOut'),
    'LoggedOutV1': ('logged_out_v1', 'LoggedOut'),
    'MeetingBooked': ('meeting_booked_v1', 'MeetingBooked'),
    'MeetingBookedV1': ('meeting_booked_v1', 'MeetingBooked'),
    'MessageBounced': ('message_bounced_v1', 'MessageBounced'),
    'MessageBouncedV1': ('message_bounced_v1', 'MessageBounced'),
    'MessageClicked': ('message_clicked_v1', 'MessageClicked'),
    'MessageClickedV1': ('message_clicked_v1', 'MessageClicked'),
    'MessageComplained': ('message_complained_v1', 'MessageComplained'),
    'MessageComplainedV1': ('message_complained_v1', 'MessageComplained'),
    'MessageDelivered': ('message_delivered_v1', 'MessageDelivered'),
    'MessageDeliveredV1': ('message_delivered_v1', 'MessageDelivered'),
    'MessageOpened': ('message_opened_v1', 'MessageOpened'),
    'MessageOpenedV1': ('message_opened_v1', 'MessageOpened'),
    'MessageSent': ('message_sent_v1', 'MessageSent'),
    'MessageSentV1': ('message_sent_v1', 'MessageSent'),
    'MessageSuppressed': ('message_suppressed_v1', 'MessageSuppressed'),
    'MessageSuppressedV1': ('message_suppressed_v1', 'MessageSuppressed'),
    'MessageUnsubscribed': ('message_unsubscribed_v1', 'MessageUnsubscribed'),
    'MessageUnsubscribedV1': ('message_unsubscribed_v1', 'MessageUnsubscribed'),
    'NewsletterSubscribed': ('newsletter_subscribed_v1', 'NewsletterSubscribed'),
    'NewsletterSubscribedV1': ('newsletter_subscribed_v1', 'NewsletterSubscribed'),
    'OnboardingCompleted': ('onboarding_completed_v1', 'OnboardingCompleted'),
    'OnboardingCompletedV1': ('onboarding_completed_v1', 'OnboardingCompleted'),
    'OnboardingStarted': ('onboarding_started_v1', 'OnboardingStarted'),
    'OnboardingStartedV1': ('onboarding_started_v1', 'OnboardingStarted'),
    'OrderCancelled': ('order_cancelled_v1', 'OrderCancelled'),
    'OrderCancelledV1': ('order_cancelled_v1', 'OrderCancelled'),
    'OrderCompleted': ('order_completed_v1', 'OrderCompleted'),
    'OrderCompletedV1': ('order_completed_v1', 'OrderCompleted'),
    'OrderRefunded': ('order_refunded_v1', 'OrderRefunded'),
    'OrderRefundedV1': ('order_refunded_v1', 'OrderRefunded'),
    'OrderUpdated': ('order_updated_v1', 'OrderUpdated'),
    'OrderUpdatedV1': ('order_updated_v1', 'OrderUpdated'),
    'PageViewed': ('page_viewed_v1', 'PageViewed'),
    'PageViewedV1': ('page_viewed_v1', 'PageViewed'),
    'PaymentFailed': ('payment_failed_v1', 'PaymentFailed'),
    'PaymentFailedV1': ('payment_failed_v1', 'PaymentFailed'),
    'PaymentInfoEntered': ('payment_info_entered_v1', 'PaymentInfoEntered'),
    'PaymentInfoEnteredV1': ('payment_info_entered_v1', 'PaymentInfoEntered'),
    'PointsEarned': ('points_earned_v1', 'PointsEarned'),
    'PointsEarnedV1': ('points_earned_v1', 'PointsEarned'),
    'PointsSpent': ('points_spent_v1', 'PointsSpent'),
    'PointsSpentV1': ('points_spent_v1', 'PointsSpent'),
    'ProductAdded': ('product_added_v1', 'ProductAdded'),
    'ProductAddedToWishlist': ('product_added_to_wishlist_v1', 'ProductAddedToWishlist'),
    'ProductAddedToWishlistV1': ('product_added_to_wishlist_v1', 'ProductAddedToWishlist'),
    'ProductAddedV1': ('product_added_v1', 'ProductAdded'),
    'ProductClicked': ('product_clicked_v1', 'ProductClicked'),
    'ProductClickedV1': ('product_clicked_v1', 'ProductClicked'),
    'ProductListFiltered': ('product_list_filtered_v1', 'ProductListFiltered'),
    'ProductListFilteredV1': ('product_list_filtered_v1', 'ProductListFiltered'),
    'ProductListViewed': ('product_list_viewed_v1', 'ProductListViewed'),
    'ProductListViewedV1': ('product_list_viewed_v1', 'ProductListViewed'),
    'ProductRemoved': ('product_removed_v1', 'ProductRemoved'),
    'ProductRemovedFromWishlist': ('product_removed_from_wishlist_v1', 'ProductRemovedFromWishlist'),
    'ProductRemovedFromWishlistV1': ('product_removed_from_wishlist_v1', 'ProductRemovedFromWishlist'),
    'ProductRemovedV1': ('product_removed_v1', 'ProductRemoved'),
    'ProductReviewed': ('product_reviewed_v1', 'ProductReviewed'),
    'ProductReviewedV1': ('product_reviewed_v1', 'ProductReviewed'),
    'ProductViewed': ('product_viewed_v1', 'ProductViewed'),
    'ProductViewedV1': ('product_viewed_v1', 'ProductViewed'),
    'ProductsSearched': ('products_searched_v1', 'ProductsSearched'),
    'ProductsSearchedV1': ('products_searched_v1', 'ProductsSearched'),
    'PromotionClicked': ('promotion_clicked_v1', 'PromotionClicked'),
    'PromotionClickedV1': ('promotion_clicked_v1', 'PromotionClicked'),
    'PromotionViewed': ('promotion_viewed_v1', 'PromotionViewed'),
    'PromotionViewedV1': ('promotion_viewed_v1', 'PromotionViewed'),
    'QuoteRequested': ('quote_requested_v1', 'QuoteRequested'),
    'QuoteRequestedV1': ('quote_requested_v1', 'QuoteRequested'),
    'ScreenViewed': ('screen_viewed_v1', 'ScreenViewed'),
    'ScreenViewedV1': ('screen_viewed_v1', 'ScreenViewed'),
    'ShippingInfoEntered': ('shipping_info_entered_v1', 'ShippingInfoEntered'),
    'ShippingInfoEnteredV1': ('shipping_info_entered_v1', 'ShippingInfoEntered'),
    'SignedUp': ('signed_up_v1', 'SignedUp'),
    'SignedUpV1': ('signed_up_v1', 'SignedUp'),
    'SubscriptionCancelled': ('subscription_cancelled_v1', 'SubscriptionCancelled'),
    'SubscriptionCancelledV1': ('subscription_cancelled_v1', 'SubscriptionCancelled'),
    'SubscriptionChanged': ('subscription_changed_v1', 'SubscriptionChanged'),
    'SubscriptionChangedV1': ('subscription_changed_v1', 'SubscriptionChanged'),
    'SubscriptionRenewed': ('subscription_renewed_v1', 'SubscriptionRenewed'),
    'SubscriptionRenewedV1': ('subscription_renewed_v1', 'SubscriptionRenewed'),
    'SubscriptionStarted': ('subscription_started_v1', 'SubscriptionStarted'),
    'SubscriptionStartedV1': ('subscription_started_v1', 'SubscriptionStarted'),
    'TrialEnded': ('trial_ended_v1', 'TrialEnded'),
    'TrialEndedV1': ('trial_ended_v1', 'TrialEnded'),
    'TrialStarted': ('trial_started_v1', 'TrialStarted'),
    'TrialStartedV1': ('trial_started_v1', 'TrialStarted'),
    'VideoCompleted': ('video_completed_v1', 'VideoCompleted'),
    'VideoCompletedV1': ('video_completed_v1', 'VideoCompleted'),
    'VideoProgressed': ('video_progressed_v1', 'VideoProgressed'),
    'VideoProgressedV1': ('video_progressed_v1', 'VideoProgressed'),
    'VideoStarted': ('video_started_v1', 'VideoStarted'),
    'VideoStartedV1': ('video_started_v1', 'VideoStarted'),
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
