"""What is known of somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .account_v1 import AccountTraits as AccountTraits, AccountTraits as AccountTraitsV1
    from .user_v1 import UserTraits as UserTraits, UserTraits as UserTraitsV1

__all__ = ['AccountTraits', 'AccountTraitsV1', 'UserTraits', 'UserTraitsV1']

_PLACES = {
    'AccountTraits': ('account_v1', 'AccountTraits'),
    'AccountTraitsV1': ('account_v1', 'AccountTraits'),
    'UserTraits': ('user_v1', 'UserTraits'),
    'UserTraitsV1': ('user_v1', 'UserTraits'),
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
