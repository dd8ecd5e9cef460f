"""Creative tags: fields, names and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .ad_v1 import AdName as AdName, AdName as AdNameV1
    from .asset_v1 import AssetName as AssetName, AssetName as AssetNameV1
    from .landing_page_v1 import LandingPageName as LandingPageName, LandingPageName as LandingPageNameV1

__all__ = ['AdName', 'AdNameV1', 'AssetName', 'AssetNameV1', 'LandingPageName', 'LandingPageNameV1']

_PLACES = {
    'AdName': ('ad_v1', 'AdName'),
    'AdNameV1': ('ad_v1', 'AdName'),
    'AssetName': ('asset_v1', 'AssetName'),
    'AssetNameV1': ('asset_v1', 'AssetName'),
    'LandingPageName': ('landing_page_v1', 'LandingPageName'),
    'LandingPageNameV1': ('landing_page_v1', 'LandingPageName'),
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
