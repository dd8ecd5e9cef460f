"""What of one source's spend and rows is filed wrong, each counted once though every level reports its own.

A campaign's cost holds that of its ad groups, and theirs that of their ads. An object counts with what none
of those that were seen under it carries: all of it where it has none (a Performance Max campaign has no ads),
nothing where its children add up. So the sum is that of the outermost objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from canonry.audit.account import Account, Spend
from canonry.audit.observation import PAGE, Level, Observation, Weight
from canonry.audit.rule import OBJECTS


@dataclass
class _Totals:
    """Spend by currency, rows and clicks."""

    spent: dict[str, Spend] = field(default_factory=dict)
    rows: int | None = None
    wrong_rows: int = 0
    clicks: int | None = None
    others: int | None = None
    """Rows that nobody judges."""

    def add(self, weight: Weight, *, wrong: bool, old: bool = False) -> None:
        if weight.cost is not None:
            spend = self.spent.get(weight.currency)
            if spend is None:
                spend = self.spent[weight.currency] = Spend()
            spend.cost += weight.cost
            spend.old += weight.cost if old else 0.0
            spend.wrong += weight.cost if wrong else 0.0
        if weight.rows is not None:
            self.rows = (self.rows or 0) + weight.rows
            self.wrong_rows += weight.rows if wrong else 0
        if weight.clicks is not None:
            self.clicks = (self.clicks or 0) + weight.clicks


class _Own:
    """What of an object's cost and rows is counted as its own, and of that what a wrong link made wrong."""

    __slots__ = ("charged", "charged_rows", "clicks", "cost", "currency", "old", "rows", "wrong")

    def __init__(self, weight: Weight, *, wrong: bool, old: bool) -> None:
        self.cost = weight.cost or 0.0
        self.currency = weight.currency
        self.rows = weight.rows or 0
        self.clicks = weight.clicks or 0
        self.wrong = wrong
        self.old = old
        self.charged = 0.0
        self.charged_rows = 0


class Spending:
    """Adds up as observations come, outer objects before inner ones.

    `nested`: whether anything hangs under the source's objects; where nothing does, none is remembered, and
    of `leaves` (the platform's own levels) none either.
    """

    def __init__(self, *, nested: bool, leaves: frozenset[str] = frozenset()) -> None:
        self.nested = nested
        self.leaves = leaves
        self._objects = _Totals()
        self._visits: dict[str, _Totals] = {}
        self._own: dict[str, dict[str, _Own]] = {}

    def enter(self, seen: Observation, *, wrong: bool, old: bool) -> None:
        """Something that was judged. What hangs under a wrong object is filed wrong with it."""
        if seen.level is Level.LINK and seen.parents:
            if wrong:
                self._charge(seen)
            return
        if seen.level not in OBJECTS:
            if seen.level in (Level.TAGS, Level.LINK) and seen.native != PAGE:
                self.visits(seen.native, seen.weight, wrong=wrong, old=old)
            return
        holder: _Own | None = None
        for native, identity in seen.parents.items():
            above = self._own.get(native, _NONE).get(identity)
            if above is not None:
                wrong, old, holder = wrong or above.wrong, old or above.old, above
        self._objects.add(seen.weight, wrong=wrong, old=old)
        if holder is not None:
            self._moved(seen.weight, holder)
        if self.nested and seen.native not in self.leaves:
            self._remember(seen, wrong=wrong, old=old)

    def right(self, weight: Weight) -> None:
        """Objects under nothing and over nothing that are right, added up."""
        self._objects.add(weight, wrong=False)

    def visits(self, native: str, weight: Weight, *, wrong: bool, old: bool = False) -> None:
        """Visits by tags or addresses."""
        self._visits.setdefault(native, _Totals()).add(weight, wrong=wrong, old=old)

    def unjudged(self, seen: Observation) -> None:
        """Rows of something that is not ours to judge."""
        rows = seen.weight.rows
        if rows is None or seen.native == PAGE or (seen.level is Level.LINK and seen.parents):
            return
        if seen.level in (Level.TAGS, Level.LINK):
            totals = self._visits.setdefault(seen.native, _Totals())
        elif seen.level in OBJECTS:
            totals = self._objects
        else:
            return
        totals.others = (totals.others or 0) + rows

    def settle(self, account: Account) -> None:
        """Writes the sums into an account: those of its objects, else of the visits that came last."""
        totals = self._objects
        if not totals.spent and totals.rows is None and totals.others is None and self._visits:
            totals = next(reversed(self._visits.values()))
        for spend in totals.spent.values():
            spend.cost, spend.wrong, spend.old = (
                round(amount, _DIGITS) for amount in (spend.cost, spend.wrong, spend.old)
            )
        account.spent, account.rows, account.wrong_rows = totals.spent, totals.rows, totals.wrong_rows
        account.clicks = totals.clicks
        account.counted = totals.rows if totals.others is None else (totals.rows or 0) + totals.others

    def _remember(self, seen: Observation, *, wrong: bool, old: bool) -> None:
        weight = seen.weight
        known = self._own.setdefault(seen.native, {})
        identity = seen.id or seen.name or seen.value
        before = known.get(identity)
        if before is None:
            if weight.cost or weight.rows or weight.clicks or wrong or old:
                known[identity] = _Own(weight, wrong=wrong, old=old)
        elif before.currency == weight.currency:  # of one name, where a source has no ids
            before.cost += weight.cost or 0.0
            before.rows += weight.rows or 0
            before.clicks += weight.clicks or 0

    def _moved(self, weight: Weight, holder: _Own) -> None:
        """Takes from an object what one under it carries."""
        totals = self._objects
        if weight.cost and weight.currency == holder.currency and holder.cost > 0:
            part = min(weight.cost, holder.cost)
            holder.cost -= part
            spend = totals.spent[weight.currency]
            spend.cost -= part
            spend.old -= part if holder.old else 0.0
            if holder.wrong:
                spend.wrong -= part
            elif holder.charged > holder.cost:
                spend.wrong -= holder.charged - holder.cost
                holder.charged = holder.cost
        if weight.rows and totals.rows is not None:
            rows = min(weight.rows, holder.rows)
            holder.rows -= rows
            totals.rows -= rows
            if holder.wrong:
                totals.wrong_rows -= rows
            elif holder.charged_rows > holder.rows:
                totals.wrong_rows -= holder.charged_rows - holder.rows
                holder.charged_rows = holder.rows

        if weight.clicks and totals.clicks is not None:
            clicks = min(weight.clicks, holder.clicks)
            holder.clicks -= clicks
            totals.clicks -= clicks

    def _charge(self, link: Observation) -> None:
        """Counts as wrong what a wrong link stands on, unless that is counted as wrong already."""
        for native, identity in reversed(list(link.parents.items())):
            holder = self._own.get(native, _NONE).get(identity)
            if holder is None:
                continue
            if not holder.wrong:
                cost = min(link.weight.cost or 0.0, holder.cost - holder.charged)
                if cost > 0 and holder.currency in self._objects.spent:
                    holder.charged += cost
                    self._objects.spent[holder.currency].wrong += cost
                rows = min(link.weight.rows or 0, holder.rows - holder.charged_rows)
                holder.charged_rows += rows
                self._objects.wrong_rows += rows
            return


_NONE: Final[Mapping[str, _Own]] = {}
_DIGITS: Final = 6
