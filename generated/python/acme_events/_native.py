"""Payloads as a platform wants them: flat, under the names that contracts give properties there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._values import is_list, is_object

__all__ = ["native"]


def native(payload: Mapping[str, Any], renamed: Mapping[str, str], path: str = "") -> dict[str, Any]:
    """The payload under its names at a destination. `renamed` is place (`/items/*/item_id`) to name there.

    An object's members stand beside it, money as its amount with the currency beside it, as platforms have
    no objects but in lists; what stands further out wins where two would have one name. Null is left out.
    """
    found: dict[str, Any] = {}
    inner: list[tuple[str, Any]] = []
    for key, value in payload.items():
        place = f"{path}/{key}"
        name = renamed.get(place, key)
        if is_object(value):
            amount = value.get("amount")
            if isinstance(amount, int | float) and "currency" in value:
                found[name] = amount
                inner.append((place, {"currency": value["currency"]}))
            else:
                inner.append((place, value))
        elif is_list(value):
            found[name] = [native(item, renamed, f"{place}/*") if is_object(item) else item for item in value]
        elif value is not None:
            found[name] = value
    for place, members in inner:
        for name, value in native(members, renamed, place).items():
            found.setdefault(name, value)
    return found
