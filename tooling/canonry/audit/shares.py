"""How much of what was checked is filed wrong: money of different currencies is never added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from canonry.audit.account import Account


def shares(accounts: Sequence[Account], rates: Mapping[str, float]) -> dict[str, float]:
    """The part of what was checked that is filed wrong, by currency, and of rows where nothing costs.

    `spend` is all of it, where there is one currency or `rates` has every one.
    """
    cost: dict[str, list[float]] = {}
    rows: dict[str, list[int]] = {}
    # of two sources whose money nobody names, nobody knows that it is the same
    unnamed = "?" if sum("" in account.spent for account in accounts) == 1 else "? {}"
    for account in accounts:
        for currency, spend in account.spent.items():
            known = cost.setdefault(currency or unnamed.format(account.source), [0.0, 0.0])
            known[0] += spend.wrong
            known[1] += spend.cost
        if not account.costs and account.rows:
            counted = rows.setdefault(account.platform, [0, 0])
            counted[0] += account.wrong_rows
            counted[1] += account.rows
    found = {currency: wrong / whole for currency, (wrong, whole) in sorted(cost.items()) if whole}
    if len(cost) > 1 and all(currency in rates for currency in cost):
        whole = sum(pair[1] * rates[currency] for currency, pair in cost.items())
        wrong = sum(pair[0] * rates[currency] for currency, pair in cost.items())
        found = {"spend": wrong / whole, **found} if whole else found
    elif len(cost) == 1 and found:
        found = {"spend": next(iter(found.values())), **found}
    # What one platform counts is no more of what another does: visits are not added to sends.
    for place, platform in enumerate(sorted(rows, key=lambda each: (-rows[each][1], each))):
        wrong, whole = rows[platform]
        found[f"rows {platform}" if place else "rows"] = wrong / whole
    return {key: round(share, 6) for key, share in found.items()}


def grandfathered(accounts: Iterable[Account]) -> float | None:
    """The part of all spend that hangs on what is grandfathered; None where it has several currencies."""
    spent: dict[str, list[float]] = {}
    for account in accounts:
        for currency, spend in account.spent.items():
            if spend.cost:
                known = spent.setdefault(currency, [0.0, 0.0])
                known[0] += spend.old
                known[1] += spend.cost
    if len(spent) != 1:
        return None
    old, whole = next(iter(spent.values()))
    return round(old / whole, 6)
