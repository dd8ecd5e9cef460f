"""What stands in the way of a campaign, and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from canonry.catalogue.documents.campaign import Campaign
    from canonry.catalogue.model import Catalogue

Weight = Literal["blocker", "warning", "unknown"]
Part = Literal["plan", "links", "drafts", "journey", "audiences", "sequence"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that stands in the way, or that nobody can tell: who answers for it, and what is missing."""

    part: Part
    weight: Weight
    message: str
    missing: str
    owner: str
    channels: frozenset[int] = frozenset()
    """The channels that it stops; none: all of them."""
    count: int = 0
    example: Any = None

    def to_json(self) -> dict[str, Any]:
        """Without what is empty."""
        found: dict[str, Any] = {
            "part": self.part,
            "weight": self.weight,
            "message": self.message,
            "missing": self.missing,
            "owner": self.owner,
        }
        if self.channels:
            found["channels"] = sorted(self.channels)
        if self.count:
            found["count"] = self.count
        if self.example is not None:
            found["example"] = self.example
        return found


class Ledger:
    """The issues of one campaign as they are found, each told once."""

    def __init__(self, catalogue: Catalogue, campaign: Campaign) -> None:
        self.catalogue = catalogue
        self.campaign = campaign
        self.issues: list[Issue] = []

    def add(self, part: Part, weight: Weight, message: str, missing: str, owner: str, *channels: int) -> None:
        """Keeps an issue; its owner is the campaign's where none is named, its channels all where none is."""
        issue = Issue(part, weight, message, missing, owner or self.campaign.owner, frozenset(channels))
        if issue not in self.issues:
            self.issues.append(issue)

    def owner(self, identifier: str) -> str:
        """Who owns a contract; the campaign's owner where there is none."""
        contract = self.catalogue.contract(identifier)
        return contract.meta.owner if contract is not None else self.campaign.owner

    def channel_owner(self, number: int) -> str:
        """Who owns the channel plan of this number, from 0."""
        return self.campaign.channels[number].owner or self.campaign.owner
