"""Which column of an export says what. One mapping per common export; one's own columns make another.

A *role* is what a column says: `campaign.id`, `utm_source`, `cost`. A mapping lists, per role, the headings
under which platforms write it. Headings are compared by their letters and digits only, without accents and
letter case (`Campaign ID`, `campaign_id`, `CampaignId`), and without a currency or time zone in brackets,
which is kept apart (`Amount spent (EUR)`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, NamedTuple

from canonry.audit.observation import Level

METRICS: Final = ("rows", "cost", "impressions", "clicks")
TAG_ROLES: Final = ("utm_source", "utm_medium", "utm_campaign", "utm_id", "utm_content", "utm_term")
TIER_ROLES: Final = ("id", "name", "status", "starts", "ends", "goal", "url")
UPKEEP_ROLES: Final = ("window", "recency", "refresh", "synced", "mechanism", "members", "rule")

SPAN: Final = "span"
"""The role of the column by which an export compares stretches of days: one line for each."""
SOURCE_MEDIUM: Final = "utm_source_medium"
"""The role of a column that holds two values, as analytics tools show them: `facebook / paid_social`."""
_HALVES: Final = {"utm_source": 1, "utm_medium": 2}

_BRACKETS: Final = re.compile(
    r"\s*[(\[](?:in )?([A-Z]{3}|UTC[^)\]]*|GMT[^)\]]*|Adv(?:ertiser)? Currency|Partner Currency)[)\]]\Z"
)


class Tier(NamedTuple):
    """A sort of object that a row speaks of: the platform's own level, and the general one."""

    native: str
    level: Level


@dataclass(frozen=True)
class Mapping:
    """One export's layout. `needs` has groups of roles; one of each group must be there."""

    key: str
    title: str
    platform: str
    columns: Map[str, Sequence[str]]
    tiers: tuple[Tier, ...] = ()
    """Outermost first."""
    needs: tuple[tuple[str, ...], ...] = ()
    telling: frozenset[str] = frozenset()
    """Headings that no other export has."""
    preamble: str = ""
    """A text that the lines above the header hold."""
    footer: str = ""
    """A pattern (of this file, never of a user) of the first cell of lines that follow the data."""
    incomplete: str = ""
    """A pattern (as `footer`) of the lines above the header that say that data is missing."""
    dates: tuple[str, ...] = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d")
    shy: bool = False
    """Its headings are everybody's: it is chosen where one of the `telling` is there."""
    all_objects: bool = False
    """The export lists everything that exists, idle things included."""

    @cached_property
    def compared(self) -> Map[str, tuple[str, ...]]:
        """Role to its headings as they are compared."""
        return {role: tuple(map(plain, headings)) for role, headings in self.columns.items()}

    @cached_property
    def heads(self) -> frozenset[str]:
        """Every heading that it knows, as compared."""
        return frozenset(heading for headings in self.compared.values() for heading in headings)

    @cached_property
    def told(self) -> frozenset[str]:
        """`telling`, as compared."""
        return frozenset(map(plain, self.telling))


@dataclass(frozen=True)
class Fit:
    """How a mapping suits a header: which column has which role, what is missing, what was said twice."""

    mapping: Mapping
    columns: Map[str, int]
    missing: tuple[tuple[str, ...], ...]
    twice: Map[str, tuple[int, ...]] = field(default_factory=dict)
    currency: str = ""
    score: float = 0.0
    halves: Map[str, int] = field(default_factory=dict)
    """Roles that have only a part of their column, and which: see `SOURCE_MEDIUM`."""

    @property
    def whole(self) -> bool:
        """Whether everything that the mapping needs is there."""
        return not self.missing

    def missing_words(self) -> list[str]:
        """The missing columns, as the platform calls them; of many that would do, the first."""
        return [
            " or ".join(self.mapping.columns.get(role, (role,))[0] for role in group[:_NAMED])
            for group in self.missing
        ]


_NAMED: Final = 3


def plain(heading: str) -> str:
    """A heading as it is compared: `Session manual source / medium` is `sessionmanualsourcemedium`."""
    text = heading.strip().strip('"').strip()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    text = _BRACKETS.sub("", text)
    return "".join(char for char in text if char.isalnum() or char in "%#").casefold()


def bracketed(heading: str) -> str:
    """The currency in a heading's brackets; empty where there is none."""
    match = _BRACKETS.search(unicodedata.normalize("NFKC", heading).strip())
    text = match[1] if match else ""
    return text if len(text) == _CODE and text not in ("UTC", "GMT") else ""


_CODE: Final = 3
"""Letters of a currency in ISO 4217."""


def normal_key(word: str) -> str:
    """A mapping's key as people type it: `ga4-sessions`, `GA4 sessions`."""
    return re.sub(r"[\s-]+", "_", word.strip().lower())


def own(
    columns: Map[str, str], *, platform: str = "", base: Mapping | None = None, native: str = ""
) -> Mapping:
    """One's own columns: role to heading, on top of a shipped mapping or on none.

    `campaign.name: Kampagne` makes a campaign tier, `utm_source: src` tags. Raises `ValueError` for a role
    that nothing reads.
    """
    roles: dict[str, Sequence[str]] = {role: (heading,) for role, heading in columns.items()}
    for role in roles:
        if not _is_role(role):
            raise ValueError(role)
    if base is not None:
        merged: dict[str, Sequence[str]] = {**base.columns, **roles}
        tiers = tuple(dict.fromkeys((*base.tiers, *_tiers_of(roles, native))))
        return replace(base, columns=merged, tiers=tiers, platform=platform or base.platform)
    return Mapping(
        "own",
        "your own columns",
        platform,
        roles,
        tiers=_tiers_of(roles, native),
        needs=tuple((r,) for r in roles),
    )


_GENERAL: Final = {
    "campaign": Level.CAMPAIGN,
    "campaign_group": Level.CAMPAIGN,
    "ad_group": Level.AD_GROUP,
    "ad_set": Level.AD_GROUP,
    "insertion_order": Level.AD_GROUP,
    "line_item": Level.AD_GROUP,
    "asset_group": Level.AD_GROUP,
    "ad": Level.AD,
    "creative": Level.AD,
    "placement": Level.AD,
    "audience": Level.AUDIENCE,
    "segment": Level.AUDIENCE,
    "list": Level.AUDIENCE,
    "event": Level.EVENT,
    "goal": Level.GOAL,
    "conversion_action": Level.GOAL,
    "key_event": Level.GOAL,
    "floodlight_activity": Level.GOAL,
}
_ORDER: Final = list(_GENERAL)
_PLAIN_ROLES: Final = frozenset(
    {
        *METRICS,
        *TAG_ROLES,
        *UPKEEP_ROLES,
        "currency",
        SOURCE_MEDIUM,
        SPAN,
        "date",
        "first",
        "last",
        "account",
        "platform",
        "url",
        "suffix",
        "automatic",
        "automatic_source",
        "longest",
        "parameter.name",
        "user_property.name",
        "used_by.id",
        "used_by.name",
    }
)


def general(native: str) -> Level:
    """The general level of a platform's own. Raises `KeyError` for one that is not known."""
    return _GENERAL[native]


def every_role() -> list[str]:
    """Every role that one's own columns can have."""
    return sorted({*_PLAIN_ROLES, *(f"{native}.{role}" for native in _GENERAL for role in TIER_ROLES)})


def _is_role(role: str) -> bool:
    native, dot, part = role.partition(".")
    return role in _PLAIN_ROLES or (bool(dot) and native in _GENERAL and part in TIER_ROLES)


def _tiers_of(columns: Iterable[str], native: str) -> tuple[Tier, ...]:
    named = {role.partition(".")[0] for role in columns if "." in role} & set(_GENERAL)
    return tuple(Tier(each, _GENERAL[each]) for each in sorted(named, key=_ORDER.index))


def fit(mapping: Mapping, header: Sequence[str], above: str = "") -> Fit:
    """How a mapping suits a header. `above` is the text of the lines before it."""
    return fitted(mapping, header, places_of(header), above)


def places_of(header: Sequence[str]) -> Map[str, Sequence[int]]:
    """Where each heading stands, as compared."""
    places: dict[str, list[int]] = {}
    for number, heading in enumerate(header):
        places.setdefault(plain(heading), []).append(number)
    return places


def fitted(mapping: Mapping, header: Sequence[str], places: Map[str, Sequence[int]], above: str) -> Fit:
    """As `fit`, with the header's `places_of`."""
    columns: dict[str, int] = {}
    twice: dict[str, tuple[int, ...]] = {}
    currency = ""
    for role, headings in mapping.compared.items():
        for heading in headings:
            found = places.get(heading)
            if found:
                columns[role] = found[0]
                if len(found) > 1:
                    twice[role] = tuple(found)
                if role == "cost":
                    currency = bracketed(header[found[0]])
                break
    used = len(set(columns.values()))
    halves = _halved(columns)
    missing = tuple(group for group in mapping.needs if not any(role in columns for role in group))
    told = sum(1 for heading in mapping.told if heading in places)
    score = 2.0 * told + used / max(len(header), 1) + 0.1 * used - 3.0 * len(missing)
    announced = bool(mapping.preamble and above and mapping.preamble in above.lower())
    if announced:
        score += 0.5
    if not mapping.platform:
        score -= 0.5
    if mapping.shy and not told and not announced:
        score -= 2.0
    return Fit(mapping, columns, missing, twice, currency, score, halves)


def _halved(columns: dict[str, int]) -> Map[str, int]:
    """Puts the two that a column holds in its place, where none of them has a column of its own."""
    place = columns.pop(SOURCE_MEDIUM, None)
    if place is None or _HALVES.keys() & columns.keys():
        return {}
    columns.update(dict.fromkeys(_HALVES, place))
    return _HALVES
