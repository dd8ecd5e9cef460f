"""Definitions that contracts share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .address_region_v1 import AddressRegion as AddressRegion, AddressRegion as AddressRegionV1
    from .campaign_context_v1 import CampaignContext as CampaignContext, CampaignContext as CampaignContextV1
    from .consent_states_v1 import ConsentStates as ConsentStates, ConsentStates as ConsentStatesV1
    from .identity_v1 import Identity as Identity, Identity as IdentityV1
    from .item_v1 import Item as Item, Item as ItemV1
    from .message_v1 import Message as Message, Message as MessageV1
    from .money_v1 import Money as Money, Money as MoneyV1
    from .page_v1 import Page as Page, Page as PageV1
    from .promotion_v1 import Promotion as Promotion, Promotion as PromotionV1

__all__ = [
    'AddressRegion', 'AddressRegionV1', 'CampaignContext', 'CampaignContextV1', 'ConsentStates',
    'ConsentStatesV1', 'Identity', 'IdentityV1', 'Item', 'ItemV1', 'Message', 'MessageV1', 'Money', 'MoneyV1',
    'Page', 'PageV1', 'Promotion', 'PromotionV1',
]

_PLACES = {
    'AddressRegion': ('address_region_v1', 'AddressRegion'),
    'AddressRegionV1': ('address_region_v1', 'AddressRegion'),
    'CampaignContext': ('campaign_context_v1', 'CampaignContext'),
    'CampaignContextV1': ('campaign_context_v1', 'CampaignContext'),
    'ConsentStates': ('consent_states_v1', 'ConsentStates'),
    'ConsentStatesV1': ('consent_states_v1', 'ConsentStates'),
    'Identity': ('identity_v1', 'Identity'),
    'IdentityV1': ('identity_v1', 'Identity'),
    'Item': ('item_v1', 'Item'),
    'ItemV1': ('item_v1', 'Item'),
    'Message': ('message_v1', 'Message'),
    'MessageV1': ('message_v1', 'Message'),
    'Money': ('money_v1', 'Money'),
    'MoneyV1': ('money_v1', 'Money'),
    'Page': ('page_v1', 'Page'),
    'PageV1': ('page_v1', 'Page'),
    'Promotion': ('promotion_v1', 'Promotion'),
    'PromotionV1': ('promotion_v1', 'Promotion'),
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
