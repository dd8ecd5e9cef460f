"""Models of every registry file and of `x-contract`. They check shape; rules check sense."""

from canonry.catalogue.documents.campaign import Campaign
from canonry.catalogue.documents.channels import ChannelGroups
from canonry.catalogue.documents.contract import XContract
from canonry.catalogue.documents.model import Document
from canonry.catalogue.documents.notes import Accepted, Audit, Autopsy
from canonry.catalogue.documents.platform import Platform
from canonry.catalogue.documents.settings import Accounts, Domains, Registry, Teams
from canonry.catalogue.documents.vocabulary import Vocabulary

__all__ = [
    "Accepted",
    "Accounts",
    "Audit",
    "Autopsy",
    "Campaign",
    "ChannelGroups",
    "Document",
    "Domains",
    "Platform",
    "Registry",
    "Teams",
    "Vocabulary",
    "XContract",
]
