"""Where a link leads: through the declared redirects, with its tags or without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from canonry.catalogue.documents.settings import Domains

_MOST = 20


@dataclass(frozen=True, slots=True)
class Route:
    """The stations of an address. `lost`: the redirect that drops the tags. `loop`: it never ends."""

    stations: tuple[str, ...]
    lost: str | None = None
    loop: bool = False

    @property
    def end(self) -> str:
        """The last host."""
        return self.stations[-1]


def route(domains: Domains | None, url: str) -> Route:
    """Follows an address through the redirects that `registry/domains.yaml` declares; nothing is fetched."""
    parts = urlsplit(url)
    here = f"{(parts.hostname or '').lower()}{parts.path}".rstrip("/")
    stations = [here]
    lost: str | None = None
    while domains is not None and len(stations) <= _MOST:
        step = next((r for r in domains.redirects if _covers(r.from_.lower(), here)), None)
        if step is None:
            return Route(tuple(stations), lost)
        if not step.keeps_query and lost is None:
            lost = step.from_
        here = _led(step.from_.lower(), step.to.lower(), here)
        if here in stations:
            return Route((*stations, here), lost, loop=True)
        stations.append(here)
    return Route(tuple(stations), lost, loop=domains is not None)


def _covers(source: str, here: str) -> bool:
    source = source.removeprefix("https://").rstrip("/")
    return here == source or here.startswith(f"{source}/")


def _led(source: str, target: str, here: str) -> str:
    """The address after a redirect: a host hands its path on, a path leads to one place."""
    source, target = source.removeprefix("https://").rstrip("/"), target.removeprefix("https://").rstrip("/")
    return f"{target}{here[len(source) :]}" if "/" not in source else target
