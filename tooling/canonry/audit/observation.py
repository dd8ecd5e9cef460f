"""One live thing as a platform, an analytics tool or a warehouse reports it.

Observations are made by the million, so they are plain slotted objects: nothing is checked when one is made.
A source says what it saw, in the platform's own words and with ids as text, and judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Level(StrEnum):
    """What sort of thing was seen. The platform's own word for it is `Observation.native`."""

    CAMPAIGN = "campaign"
    AD_GROUP = "ad_group"
    """Ad group, ad set, line item, and what else stands between campaign and ad."""
    AD = "ad"
    AUDIENCE = "audience"
    """A list, segment or audience as it stands on the platform."""
    TARGETING = "targeting"
    """An audience in use by an ad group: `parents` names both."""
    LINK = "link"
    """An address with its query: an ad's final URL, or a page as it was visited."""
    TAGS = "tags"
    """UTM values as an analytics tool stored them, apart from any address."""
    EVENT = "event"
    PARAMETER = "parameter"
    """A parameter of an event; the event is its parent."""
    USER_PROPERTY = "user_property"
    GOAL = "goal"
    """A conversion goal: conversion action, key event, floodlight activity."""


PAGE: Final = "page"
"""The `native` of a visited address whose UTM values the same source tells as `TAGS`, to be judged there."""


_UNTOLD: Final = (None, None, None, None)


class Weight:
    """How much hangs on a thing in the period. What a source does not report is None, never 0.

    `cost` is in `currency` and is never added to another currency's. `rows` counts what the source counts:
    sessions, hits, events, people.
    """

    __slots__ = ("clicks", "cost", "currency", "impressions", "rows")

    def __init__(
        self,
        rows: int | None = None,
        cost: float | None = None,
        currency: str = "",
        impressions: int | None = None,
        clicks: int | None = None,
    ) -> None:
        self.rows = rows
        self.cost = cost
        self.currency = currency
        self.impressions = impressions
        self.clicks = clicks

    @property
    def delivered(self) -> bool | None:
        """Whether anything happened in the period; None where the source reports no weight at all."""
        if self.rows or self.cost or self.impressions or self.clicks:
            return True
        told = (self.rows, self.cost, self.impressions, self.clicks)
        return None if told == _UNTOLD else False

    def __repr__(self) -> str:
        known = ((name, getattr(self, name)) for name in self.__slots__)
        return f"Weight({', '.join(f'{name}={value!r}' for name, value in known if value not in (None, ''))})"


NO_WEIGHT: Final = Weight()
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
"""One for all: a dict of its own would be a third of what an observation holds."""


OBJECTS: Final = frozenset({Level.CAMPAIGN, Level.AD_GROUP, Level.AD})
LINKS: Final = frozenset({Level.TAGS, Level.LINK})
"""Levels on which a link, or what came of it, is seen."""
GONE: Final = frozenset({"removed", "ended"})
"""The status of what is there no more."""


class Upkeep:
    """What a platform says of an audience, or of its use in a targeting. None: not reported.

    `window` and `recency` are days; `window` 0 stands for "as long as the platform keeps anybody".
    `refresh` is the promised interval in hours, `synced` the day of the last sync, `mechanism` one of
    `platform_rule`, `ga4_audience`, `list_sync`, `members` the size, `rule` the membership rule as text.
    """

    __slots__ = ("mechanism", "members", "recency", "refresh", "rule", "synced", "window")

    def __init__(
        self,
        window: int | None = None,
        recency: int | None = None,
        refresh: int | None = None,
        synced: date | None = None,
        mechanism: str = "",
        members: int | None = None,
        rule: str = "",
    ) -> None:
        self.window = window
        self.recency = recency
        self.refresh = refresh
        self.synced = synced
        self.mechanism = mechanism
        self.members = members
        self.rule = rule


class Observation:
    """One live thing. Ids are text as the platform gave it; an unknown text is empty, an unknown fact None.

    `source` is the key in `audit.yaml` or the file's name; `platform` a key of `registry/platforms`;
    `account` a key of `accounts.yaml` where the source knows it, else the platform's own account id.
    `parents` maps the platform's own levels to the ids of what this hangs under, outermost first (to names
    where a source has no ids); of a `TARGETING`, `ad_group` and `audience`, whatever the platform calls them.
    `params` are UTM values (`TAGS`), or the parameters of an event with their longest value's length as text.
    `value` is the address of a link, else what stands there beside the name. `status` is one of `active`,
    `paused`, `removed`, `ended`, or empty. `starts` and `ends` are what the platform has scheduled,
    `first_seen` and `last_seen` when it delivered within the read. `partial` says why this one is incomplete.
    `provenance` says where it was read: a file and line, a request's page.
    """

    __slots__ = (
        "account",
        "ends",
        "first_seen",
        "goal",
        "id",
        "last_seen",
        "level",
        "memory",
        "name",
        "native",
        "params",
        "parents",
        "partial",
        "platform",
        "provenance",
        "source",
        "starts",
        "status",
        "upkeep",
        "value",
        "weight",
    )

    def __init__(
        self,
        source: str,
        platform: str,
        level: Level,
        *,
        account: str = "",
        native: str = "",
        id: str = "",  # noqa: A002  the field's own word
        parents: Mapping[str, str] | None = None,
        status: str = "",
        name: str = "",
        value: str = "",
        params: Mapping[str, str] | None = None,
        weight: Weight = NO_WEIGHT,
        first_seen: date | None = None,
        last_seen: date | None = None,
        starts: date | None = None,
        ends: date | None = None,
        upkeep: Upkeep | None = None,
        goal: str = "",
        partial: str = "",
        provenance: str = "",
    ) -> None:
        self.source = source
        self.platform = platform
        self.account = account
        self.level = level
        self.native = native or level.value
        self.id = id
        self.parents: Mapping[str, str] = parents if parents is not None else _NOTHING
        self.status = status
        self.name = name
        self.value = value
        self.params: Mapping[str, str] = params if params is not None else _NOTHING
        self.weight = weight
        self.first_seen = first_seen
        self.last_seen = last_seen
        self.starts = starts
        self.ends = ends
        self.upkeep = upkeep
        self.goal = goal
        self.partial = partial
        self.provenance = provenance
        self.memory: dict[str, str] | None = None
        """What findings have made of its texts, once for all of them."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is known by from week to week: platform, level and id (its name where it has no id)."""
        return (self.platform, self.native, self.id or self.name or self.value)

    def __repr__(self) -> str:
        return (
            f"Observation({self.source}: {self.platform} {self.native} {self.id} {self.name or self.value!r})"
        )


class Alike:
    """Things that differ in name, weight and days only, as columns; iterated, the observations that they are.

    `like` is what they share. `names` are what each is known by: the address of a link, of all else the name.
    Columns are as long as `names`; a None is what the source does not report.
    """

    __slots__ = ("clicks", "costs", "currency", "first", "impressions", "last", "like", "names", "rows")

    def __init__(
        self,
        like: Observation,
        names: Sequence[str],
        rows: Sequence[int | None],
        costs: Sequence[float | None],
        impressions: Sequence[int | None],
        clicks: Sequence[int | None],
        first: Sequence[date | None],
        last: Sequence[date | None],
        currency: str = "",
    ) -> None:
        self.like = like
        self.names = names
        self.rows = rows
        self.costs = costs
        self.impressions = impressions
        self.clicks = clicks
        self.first = first
        self.last = last
        self.currency = currency

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[Observation]:
        return map(self.at, range(len(self.names)))

    def at(self, place: int) -> Observation:
        """The observation at a place of the columns."""
        like = self.like
        linked = like.level is Level.LINK
        return Observation(
            like.source,
            like.platform,
            like.level,
            account=like.account,
            native=like.native,
            name="" if linked else self.names[place],
            value=self.names[place] if linked else "",
            weight=Weight(
                self.rows[place],
                self.costs[place],
                self.currency,
                self.impressions[place],
                self.clicks[place],
            ),
            first_seen=self.first[place],
            last_seen=self.last[place],
        )
