"""Models of every registry file and of `x-contract`. They check shape; rules check sense.

Each is imported when it is first asked for: a hook that looks at one contract builds no models of platforms.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from canonry.catalogue.documents.campaign import Campaign
    from canonry.catalogue.documents.channels import ChannelGroups
    from canonry.catalogue.documents.contract import XContract
    from canonry.catalogue.documents.model import Document
    from canonry.catalogue.documents.notes import Accepted, Audit, Autopsy
    from canonry.catalogue.documents.platform import Platform
    from canonry.catalogue.documents.settings import Accounts, Domains, Registry, Teams
    from canonry.catalogue.documents.vocabulary import Vocabulary

_HOMES: Final = {
    "Accepted": "notes",
    "Accounts": "settings",
    "Audit": "notes",
    "Autopsy": "notes",
    "Campaign": "campaign",
    "ChannelGroups": "channels",
    "Document": "model",
    "Domains": "settings",
    "Platform": "platform",
    "Registry": "settings",
    "Teams": "settings",
    "Vocabulary": "vocabulary",
    "XContract": "contract",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


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
