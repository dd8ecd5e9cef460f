"""What was read of one source, and what hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from canonry.audit.observation import Weight
from canonry.audit.source import Gap, Period
from canonry.kernel.jsonvalue import Json


@dataclass
class Spend:
    """Money of one currency: all of it, what hangs on wrong things, what hangs on grandfathered ones."""

    cost: float = 0.0
    wrong: float = 0.0
    old: float = 0.0


@dataclass
class Account:
    """What was read of one source, and how much of it is filed wrong.

    `spent` and `rows` are of the deepest level that the source reports, so that nothing counts twice.
    """

    source: str
    label: str
    platform: str
    owner: str
    state: str
    """complete, partial, failed."""
    gaps: Sequence[Gap] = ()
    observations: int = 0
    judged: int = 0
    spent: dict[str, Spend] = field(default_factory=dict)
    """By currency, which are never added; money of which nobody says what it is has the key ""."""
    rows: int | None = None
    wrong_rows: int = 0
    counted: int | None = None
    """Rows with those that are not ours to judge, or that others answer for."""
    clicks: int | None = None
    known_share: float | None = None
    """Its share of everything in the last run that read it whole."""
    time_zone: str = ""
    period: Period = field(default_factory=Period)
    unchecked: list[Gap] = field(default_factory=list)
    """Checks that nothing this account's sources told made possible."""

    @property
    def costs(self) -> bool:
        """Whether the source reports spend, and there was any."""
        return any(spend.cost for spend in self.spent.values())

    def share(self, weight: Weight) -> float | None:
        """What part of the source hangs on something: of its currency's spend, or of rows where none is."""
        if weight.cost is not None and (spend := self.spent.get(weight.currency)) is not None and spend.cost:
            return weight.cost / spend.cost
        if not self.spent and self.rows and weight.rows is not None:
            return weight.rows / self.rows
        return None

    def money(self) -> dict[str, Json]:
        """The public JSON form of its spend: one figure where it has one currency."""
        [*only] = self.spent.items()
        currency, spend = only[0] if len(only) == 1 else ("", None)
        return {
            "cost": None if spend is None else round(spend.cost, 2),
            "wrong_cost": None if spend is None else round(spend.wrong, 2),
            "currency": currency or None,
            "spent": {
                key: {"cost": round(each.cost, 2), "wrong": round(each.wrong, 2)}
                for key, each in sorted(self.spent.items())
            },
        }
