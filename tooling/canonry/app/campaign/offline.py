"""Links for paper and screens without a mouse: short addresses, where they lead, and what a QR code holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from canonry.naming.runtime.text import slug

if TYPE_CHECKING:
    from canonry.app.campaign.objects import Objects
    from canonry.catalogue.model import Catalogue

_MEDIA: Final = "Unassigned"
"""GA4's channel for what is no click on a screen; the company's own group has another for it."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed link. `short` is empty where no short host of ours keeps the tags on the way."""

    channel: int
    place: str
    short: str
    target: str

    @property
    def code(self) -> str:
        """What the QR code holds: the short address can lead elsewhere later, the long one cannot."""
        return self.short or self.target


def printed(catalogue: Catalogue, objects: Objects) -> Iterator[Printed]:
    """Every offline link of a campaign, each with a short address of its own."""
    taken: set[str] = set()
    for item in objects.items:
        contract = catalogue.contract(item.format)
        if contract is None or contract.meta.channel != _MEDIA or item.link is None:
            continue
        target, fields = item.link["url"], item.link["fields"]
        if not target or item.link["macros"]:
            continue
        own = [str(fields[name]) for name in ("source", "spot", "occasion") if fields.get(name)]
        place = "-".join(dict.fromkeys(own)) or contract.id.name
        path = slug(f"{objects.campaign.slug}-{place}")[:60].strip("-")
        number = 2
        stem = path
        while path in taken:
            path, number = f"{stem}-{number}", number + 1
        taken.add(path)
        host = _short_host(catalogue, urlsplit(target).hostname or "")
        yield Printed(item.channel, place, f"https://{host}/{path}" if host else "", target)


def _short_host(catalogue: Catalogue, landing: str) -> str:
    """The short host whose redirect leads to the landing host and keeps the query."""
    domains = catalogue.domains
    if domains is None:
        return ""
    for redirect in domains.redirects:
        if redirect.from_ in domains.short_link and redirect.to == landing and redirect.keeps_query:
            return redirect.from_
    return ""
