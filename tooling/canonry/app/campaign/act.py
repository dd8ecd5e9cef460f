"""What the parts of a rehearsal have in common: the campaign, what is known of it, and where findings go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from canonry.app.campaign.audiences import Audiences
    from canonry.app.campaign.issues import Ledger
    from canonry.app.links import Book
    from canonry.catalogue.documents.campaign import Campaign
    from canonry.catalogue.model import Catalogue


@dataclass(frozen=True)
class Act:
    """One part of the rehearsal of a campaign; what is wrong goes into the ledger."""

    book: Book
    ledger: Ledger
    audiences: Audiences

    @property
    def catalogue(self) -> Catalogue:
        """Where the campaign is registered."""
        return self.ledger.catalogue

    @property
    def campaign(self) -> Campaign:
        """The campaign."""
        return self.ledger.campaign
