"""Which column of an export says what. One mapping per common export; one's own columns make another.

A *role* is what a column says: `campaign.id`, `utm_source`, `cost`. A mapping lists, per role, the headings
under which platforms write it. Headings are compared without letter case, spacing, and a currency or time
zone in brackets, which is kept apart (`Amount spent (EUR)`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from canonry.audit.observation import Level

METRICS: Final = ("rows", "cost", "impressions", "clicks")
TAG_ROLES: Final = ("utm_source", "utm_medium", "utm_campaign", "utm_id", "utm_content", "utm_term")
TIER_ROLES: Final = ("id", "name", "status", "starts", "ends", "goal", "url")
UPKEEP_ROLES: Final = ("window", "recency", "refresh", "synced", "mechanism", "members", "rule")

_BRACKETS: Final = re.compile(
    r"\s*\((?:in )?([A-Za-z]{3}|UTC[^)]*|GMT[^)]*|Adv(?:ertiser)? Currency|USD)\)\Z"
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
    dates: tuple[str, ...] = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d")
    all_objects: bool = False
    """The export lists everything that exists, idle things included."""


@dataclass(frozen=True)
class Fit:
    """How a mapping suits a header: which column has which role, what is missing, what was said twice."""

    mapping: Mapping
    columns: Map[str, int]
    missing: tuple[tuple[str, ...], ...]
    twice: Map[str, tuple[int, ...]] = field(default_factory=dict)
    currency: str = ""
    score: float = 0.0

    @property
    def whole(self) -> bool:
        """Whether everything that the mapping needs is there."""
        return not self.missing

    def missing_words(self) -> list[str]:
        """The missing columns, as the platform calls them."""
        return [
            " or ".join(self.mapping.columns.get(role, (role,))[0] for role in group)
            for group in self.missing
        ]


def plain(heading: str) -> str:
    """A heading as it is compared."""
    text = _BRACKETS.sub("", heading.replace("\ufeff", "").strip().strip('"'))
    text = re.sub("[\u2010-\u2015]", "-", text).replace("\u2019", "'")
    return re.sub(r"[\s_]+", " ", text).strip().casefold()


def bracketed(heading: str) -> str:
    """The currency in a heading's brackets; empty where there is none."""
    match = _BRACKETS.search(heading.strip())
    text = match[1] if match else ""
    return text.upper() if len(text) == 3 and text.upper() not in ("UTC", "GMT") else ""  # noqa: PLR2004  ISO 4217


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
    columns: dict[str, int] = {}
    twice: dict[str, tuple[int, ...]] = {}
    places: dict[str, list[int]] = {}
    for number, heading in enumerate(header):
        places.setdefault(plain(heading), []).append(number)
    currency = ""
    for role, headings in mapping.columns.items():
        for heading in headings:
            found = places.get(plain(heading))
            if found and (found[0] not in columns.values() or role in mapping.columns):
                columns[role] = found[0]
                if len(found) > 1:
                    twice[role] = tuple(found)
                if role == "cost":
                    currency = bracketed(header[found[0]])
                break
    missing = tuple(group for group in mapping.needs if not any(role in columns for role in group))
    told = sum(1 for heading in mapping.telling if heading in places)
    used = len(set(columns.values()))
    score = 2.0 * told + used / max(len(header), 1) + 0.1 * used - 3.0 * len(missing)
    if mapping.preamble and above and mapping.preamble in above.lower():
        score += 0.5
    if not mapping.platform:
        score -= 0.5
    return Fit(mapping, columns, missing, twice, currency, score)
