"""Who belongs to which audience: definitions and membership payloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .active_trials_v1 import ACTIVE_TRIALS as ACTIVE_TRIALS, ACTIVE_TRIALS as ACTIVE_TRIALS_V1, ActiveTrialsMembership as ActiveTrialsMembership, ActiveTrialsMembership as ActiveTrialsMembershipV1
    from .cart_abandoners_3d_v1 import CART_ABANDONERS_3D as CART_ABANDONERS_3D, CART_ABANDONERS_3D as CART_ABANDONERS_3D_V1, CartAbandoners3dMembership as CartAbandoners3dMembership, CartAbandoners3dMembership as CartAbandoners3dMembershipV1
    from .checkout_abandoners_7d_v1 import CHECKOUT_ABANDONERS_7D as CHECKOUT_ABANDONERS_7D, CHECKOUT_ABANDONERS_7D as CHECKOUT_ABANDONERS_7D_V1, CheckoutAbandoners7dMembership as CheckoutAbandoners7dMembership, CheckoutAbandoners7dMembership as CheckoutAbandoners7dMembershipV1
    from .consent_withdrawn_v1 import CONSENT_WITHDRAWN as CONSENT_WITHDRAWN, CONSENT_WITHDRAWN as CONSENT_WITHDRAWN_V1, ConsentWithdrawnMembership as ConsentWithdrawnMembership, ConsentWithdrawnMembership as ConsentWithdrawnMembershipV1
    from .customers_all_v1 import CUSTOMERS_ALL as CUSTOMERS_ALL, CUSTOMERS_ALL as CUSTOMERS_ALL_V1, CustomersAllMembership as CustomersAllMembership, CustomersAllMembership as CustomersAllMembershipV1
    from .high_value_customers_v1 import HIGH_VALUE_CUSTOMERS as HIGH_VALUE_CUSTOMERS, HIGH_VALUE_CUSTOMERS as HIGH_VALUE_CUSTOMERS_V1, HighValueCustomersMembership as HighValueCustomersMembership, HighValueCustomersMembership as HighValueCustomersMembershipV1
    from .lapsed_customers_180d_v1 import LAPSED_CUSTOMERS_180D as LAPSED_CUSTOMERS_180D, LAPSED_CUSTOMERS_180D as LAPSED_CUSTOMERS_180D_V1, LapsedCustomers180dMembership as LapsedCustomers180dMembership, LapsedCustomers180dMembership as LapsedCustomers180dMembershipV1
    from .newsletter_engaged_90d_v1 import NEWSLETTER_ENGAGED_90D as NEWSLETTER_ENGAGED_90D, NEWSLETTER_ENGAGED_90D as NEWSLETTER_ENGAGED_90D_V1, NewsletterEngaged90dMembership as NewsletterEngaged90dMembership, NewsletterEngaged90dMembership as NewsletterEngaged90dMembershipV1
    from .open_leads_90d_v1 import OPEN_LEADS_90D as OPEN_LEADS_90D, OPEN_LEADS_90D as OPEN_LEADS_90D_V1, OpenLeads90dMembership as OpenLeads90dMembership, OpenLeads90dMembership as OpenLeads90dMembershipV1
    from .product_viewers_7d_v1 import PRODUCT_VIEWERS_7D as PRODUCT_VIEWERS_7D, PRODUCT_VIEWERS_7D as PRODUCT_VIEWERS_7D_V1, ProductViewers7dMembership as ProductViewers7dMembership, ProductViewers7dMembership as ProductViewers7dMembershipV1
    from .recent_purchasers_30d_v1 import RECENT_PURCHASERS_30D as RECENT_PURCHASERS_30D, RECENT_PURCHASERS_30D as RECENT_PURCHASERS_30D_V1, RecentPurchasers30dMembership as RecentPurchasers30dMembership, RecentPurchasers30dMembership as RecentPurchasers30dMembershipV1
    from .recent_site_visitors_3d_v1 import RECENT_SITE_VISITORS_3D as RECENT_SITE_VISITORS_3D, RECENT_SITE_VISITORS_3D as RECENT_SITE_VISITORS_3D_V1, RecentSiteVisitors3dMembership as RecentSiteVisitors3dMembership, RecentSiteVisitors3dMembership as RecentSiteVisitors3dMembershipV1
    from .site_visitors_30d_v1 import SITE_VISITORS_30D as SITE_VISITORS_30D, SITE_VISITORS_30D as SITE_VISITORS_30D_V1, SiteVisitors30dMembership as SiteVisitors30dMembership, SiteVisitors30dMembership as SiteVisitors30dMembershipV1
    from .staff_and_tests_v1 import STAFF_AND_TESTS as STAFF_AND_TESTS, STAFF_AND_TESTS as STAFF_AND_TESTS_V1, StaffAndTestsMembership as StaffAndTestsMembership, StaffAndTestsMembership as StaffAndTestsMembershipV1

__all__ = [
    'ACTIVE_TRIALS', 'ACTIVE_TRIALS_V1', 'ActiveTrialsMembership', 'ActiveTrialsMembershipV1',
    'CART_ABANDONERS_3D', 'CART_ABANDONERS_3D_V1', 'CHECKOUT_ABANDONERS_7D', 'CHECKOUT_ABANDONERS_7D_V1',
    'CONSENT_WITHDRAWN', 'CONSENT_WITHDRAWN_V1', 'CUSTOMERS_ALL', 'CUSTOMERS_ALL_V1',
    'CartAbandoners3dMembership', 'CartAbandoners3dMembershipV1', 'CheckoutAbandoners7dMembership',
    'CheckoutAbandoners7dMembershipV1', 'ConsentWithdrawnMembership', 'ConsentWithdrawnMembershipV1',
    'CustomersAllMembership', 'CustomersAllMembershipV1', 'HIGH_VALUE_CUSTOMERS', 'HIGH_VALUE_CUSTOMERS_V1',
    'HighValueCustomersMembership', 'HighValueCustomersMembershipV1', 'LAPSED_CUSTOMERS_180D',
    'LAPSED_CUSTOMERS_180D_V1', 'LapsedCustomers180dMembership', 'LapsedCustomers180dMembershipV1',
    'NEWSLETTER_ENGAGED_90D', 'NEWSLETTER_ENGAGED_90D_V1', 'NewsletterEngaged90dMembership',
    'NewsletterEngaged90dMembershipV1', 'OPEN_LEADS_90D', 'OPEN_LEADS_90D_V1', 'OpenLeads90dMembership',
    'OpenLeads90dMembershipV1', 'PRODUCT_VIEWERS_7D', 'PRODUCT_VIEWERS_7D_V1', 'ProductViewers7dMembership',
    'ProductViewers7dMembershipV1', 'RECENT_PURCHASERS_30D', 'RECENT_PURCHASERS_30D_V1',
    'RECENT_SITE_VISITORS_3D', 'RECENT_SITE_VISITORS_3D_V1', 'RecentPurchasers30dMembership',
    'RecentPurchasers30dMembershipV1', 'RecentSiteVisitors3dMembership', 'RecentSiteVisitors3dMembershipV1',
    'SITE_VISITORS_30D', 'SITE_VISITORS_30D_V1', 'STAFF_AND_TESTS', 'STAFF_AND_TESTS_V1',
    'SiteVisitors30dMembership', 'SiteVisitors30dMembershipV1', 'StaffAndTestsMembership',
    'StaffAndTestsMembershipV1',
]

_PLACES = {
    'ACTIVE_TRIALS': ('active_trials_v1', 'ACTIVE_TRIALS'),
    'ACTIVE_TRIALS_V1': ('active_trials_v1', 'ACTIVE_TRIALS'),
    'ActiveTrialsMembership': ('active_trials_v1', 'ActiveTrialsMembership'),
    'ActiveTrialsMembershipV1': ('active_trials_v1', 'ActiveTrialsMembership'),
    'CART_ABANDONERS_3D': ('cart_abandoners_3d_v1', 'CART_ABANDONERS_3D'),
    'CART_ABANDONERS_3D_V1': ('cart_abandoners_3d_v1', 'CART_ABANDONERS_3D'),
    'CHECKOUT_ABANDONERS_7D': ('checkout_abandoners_7d_v1', 'CHECKOUT_ABANDONERS_7D'),
    'CHECKOUT_ABANDONERS_7D_V1': ('checkout_abandoners_7d_v1', 'CHECKOUT_ABANDONERS_7D'),
    'CONSENT_WITHDRAWN': ('consent_withdrawn_v1', 'CONSENT_WITHDRAWN'),
    'CONSENT_WITHDRAWN_V1': ('consent_withdrawn_v1', 'CONSENT_WITHDRAWN'),
    'CUSTOMERS_ALL': ('customers_all_v1', 'CUSTOMERS_ALL'),
    'CUSTOMERS_ALL_V1': ('customers_all_v1', 'CUSTOMERS_ALL'),
    'CartAbandoners3dMembership': ('cart_abandoners_3d_v1', 'CartAbandoners3dMembership'),
    'CartAbandoners3dMembershipV1': ('cart_abandoners_3d_v1', 'CartAbandoners3dMembership'),
    'CheckoutAbandoners7dMembership': ('checkout_abandoners_7d_v1', 'CheckoutAbandoners7dMembership'),
    'CheckoutAbandoners7dMembershipV1': ('checkout_abandoners_7d_v1', 'CheckoutAbandoners7dMembership'),
    'ConsentWithdrawnMembership': ('consent_withdrawn_v1', 'ConsentWithdrawnMembership'),
    'ConsentWithdrawnMembershipV1': ('consent_withdrawn_v1', 'ConsentWithdrawnMembership'),
    'CustomersAllMembership': ('customers_all_v1', 'CustomersAllMembership'),
    'CustomersAllMembershipV1': ('customers_all_v1', 'CustomersAllMembership'),
    'HIGH_VALUE_CUSTOMERS': ('high_value_customers_v1', 'HIGH_VALUE_CUSTOMERS'),
    'HIGH_VALUE_CUSTOMERS_V1': ('high_value_customers_v1', 'HIGH_VALUE_CUSTOMERS'),
    'HighValueCustomersMembership': ('high_value_customers_v1', 'HighValueCustomersMembership'),
    'HighValueCustomersMembershipV1': ('high_value_customers_v1', 'HighValueCustomersMembership'),
    'LAPSED_CUSTOMERS_180D': ('lapsed_customers_180d_v1', 'LAPSED_CUSTOMERS_180D'),
    'LAPSED_CUSTOMERS_180D_V1': ('lapsed_customers_180d_v1', 'LAPSED_CUSTOMERS_180D'),
    'LapsedCustomers180dMembership': ('lapsed_customers_180d_v1', 'LapsedCustomers180dMembership'),
    'LapsedCustomers180dMembershipV1': ('lapsed_customers_180d_v1', 'LapsedCustomers180dMembership'),
    'NEWSLETTER_ENGAGED_90D': ('newsletter_engaged_90d_v1', 'NEWSLETTER_ENGAGED_90D'),
    'NEWSLETTER_ENGAGED_90D_V1': ('newsletter_engaged_90d_v1', 'NEWSLETTER_ENGAGED_90D'),
    'NewsletterEngaged90dMembership': ('newsletter_engaged_90d_v1', 'NewsletterEngaged90dMembership'),
    'NewsletterEngaged90dMembershipV1': ('newsletter_engaged_90d_v1', 'NewsletterEngaged90dMembership'),
    'OPEN_LEADS_90D': ('open_leads_90d_v1', 'OPEN_LEADS_90D'),
    'OPEN_LEADS_90D_V1': ('open_leads_90d_v1', 'OPEN_LEADS_90D'),
    'OpenLeads90dMembership': ('open_leads_90d_v1', 'OpenLeads90dMembership'),
    'OpenLeads90dMembershipV1': ('open_leads_90d_v1', 'OpenLeads90dMembership'),
    'PRODUCT_VIEWERS_7D': ('product_viewers_7d_v1', 'PRODUCT_VIEWERS_7D'),
    'PRODUCT_VIEWERS_7D_V1': ('product_viewers_7d_v1', 'PRODUCT_VIEWERS_7D'),
    'ProductViewers7dMembership': ('product_viewers_7d_v1', 'ProductViewers7dMembership'),
    'ProductViewers7dMembershipV1': ('product_viewers_7d_v1', 'ProductViewers7dMembership'),
    'RECENT_PURCHASERS_30D': ('recent_purchasers_30d_v1', 'RECENT_PURCHASERS_30D'),
    'RECENT_PURCHASERS_30D_V1': ('recent_purchasers_30d_v1', 'RECENT_PURCHASERS_30D'),
    'RECENT_SITE_VISITORS_3D': ('recent_site_visitors_3d_v1', 'RECENT_SITE_VISITORS_3D'),
    'RECENT_SITE_VISITORS_3D_V1': ('recent_site_visitors_3d_v1', 'RECENT_SITE_VISITORS_3D'),
    'RecentPurchasers30dMembership': ('recent_purchasers_30d_v1', 'RecentPurchasers30dMembership'),
    'RecentPurchasers30dMembershipV1': ('recent_purchasers_30d_v1', 'RecentPurchasers30dMembership'),
    'RecentSiteVisitors3dMembership': ('recent_site_visitors_3d_v1', 'RecentSiteVisitors3dMembership'),
    'RecentSiteVisitors3dMembershipV1': ('recent_site_visitors_3d_v1', 'RecentSiteVisitors3dMembership'),
    'SITE_VISITORS_30D': ('site_visitors_30d_v1', 'SITE_VISITORS_30D'),
    'SITE_VISITORS_30D_V1': ('site_visitors_30d_v1', 'SITE_VISITORS_30D'),
    'STAFF_AND_TESTS': ('staff_and_tests_v1', 'STAFF_AND_TESTS'),
    'STAFF_AND_TESTS_V1': ('staff_and_tests_v1', 'STAFF_AND_TESTS'),
    'SiteVisitors30dMembership': ('site_visitors_30d_v1', 'SiteVisitors30dMembership'),
    'SiteVisitors30dMembershipV1': ('site_visitors_30d_v1', 'SiteVisitors30dMembership'),
    'StaffAndTestsMembership': ('staff_and_tests_v1', 'StaffAndTestsMembership'),
    'StaffAndTestsMembershipV1': ('staff_and_tests_v1', 'StaffAndTestsMembership'),
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
