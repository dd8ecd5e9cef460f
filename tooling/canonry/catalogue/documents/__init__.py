"""Models of every registry file and of `x-contract`. They check shape; rules check sense."""

from typing import Any

from canonry.catalogue.documents.campaign import Campaign
from canonry.catalogue.documents.channels import ChannelGroups
from canonry.catalogue.documents.contract import XContract
from canonry.catalogue.documents.model import Document
from canonry.catalogue.documents.notes import Accepted, Audit, Autopsy
from canonry.catalogue.documents.platform import Platform
from canonry.catalogue.documents.settings import Accounts, Domains, Registry, Teams
from canonry.catalogue.documents.vocabulary import Vocabulary


def editor_schemas() -> dict[str, dict[str, Any]]:
    """JSON Schemas of the files, by name, for editors: `vocabulary`, `campaign`, `contract`, ..."""
    from canonry.catalogue.documents import schemas

    return schemas.editor_schemas()


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
    "editor_schemas",
]
