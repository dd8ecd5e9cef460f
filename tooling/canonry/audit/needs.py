"""What checks need of an account's sources, beside a name of the level they judge, and what sources told.

Each rule names its needs (`canonry.audit.rule`); `canonry.audit.coverage` says which were not met.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from canonry.audit.observation import Level
from canonry.audit.rule import OBJECTS
from canonry.audit.source import Gap, Tells

if TYPE_CHECKING:
    from canonry.audit.standard import Promise, Standard


class Group(NamedTuple):
    """An account as sources speak of it: its platform, and its key in `accounts.yaml` or nothing."""

    platform: str
    account: str


@dataclass
class Reach:
    """What the sources of one account told."""

    sources: list[str] = field(default_factory=list)
    told: set[tuple[Level, Tells]] = field(default_factory=set)
    levels: dict[Level, str] = field(default_factory=dict)
    """Level to the first source that reads it."""
    met: set[Level] = field(default_factory=set)
    """Levels of which anything was seen."""
    excused: set[Level] = field(default_factory=set)
    """Levels that a source failed to read: its own gap says so."""
    partial: bool = False
    """Whether anything is known to be missing."""
    unread: bool = False
    """Whether a source failed as a whole, so that nobody knows what it would have told."""
    audiences: dict[str, set[Tells]] = field(default_factory=dict)
    """Registered audiences that were seen, and what was told of each."""
    campaigns: dict[str, set[Tells]] = field(default_factory=dict)
    """Registered campaigns that were seen, and what was told of each."""
    goals: dict[str, set[str]] = field(default_factory=dict)
    """Optimisation goals that mean nothing to the registry, and the campaigns that have them."""
    refused: dict[str, Counter[str]] = field(default_factory=dict)
    """Names and links that may be right by contracts which cannot be read, and how many by each."""
    events: set[str] = field(default_factory=set)
    traits: set[str] = field(default_factory=set)

    def whole(self, level: Level, *tells: Tells) -> bool:
        """Whether a source reads the level and tells this, and none failed at it."""
        read = level in self.levels and not self.partial
        return read and all((level, tell) in self.told for tell in tells)


SHOWN: Final = 3
"""Names that a gap lists."""


class Uncompared(NamedTuple):
    """Something that could not be compared: the source that this is charged to, and what to say."""

    source: str
    group: Group
    rules: tuple[str, ...]
    gap: Gap


def listed(labels: list[str]) -> str:
    """The first of them, and how many more there are."""
    more = f" and {len(labels) - SHOWN:,} more" if len(labels) > SHOWN else ""
    return ", ".join(labels[:SHOWN]) + more


@dataclass(frozen=True, slots=True)
class Need:
    """What a check needs, to be made.

    `levels`: one of them is read; `tells`: one of them is told. `within`: a source that reads one of these is
    expected to tell it; what no source of the account reads at all is missed in a whole run only.
    `registered` names the things that the check protects, of those that were seen (None: of all).
    `noun` is what one of them is called. `each`: it has to be told of every one of them, not of some.
    """

    what: str
    levels: frozenset[Level]
    tells: frozenset[Tells]
    within: frozenset[Level]
    registered: Callable[[Standard, Group, Reach | None], Iterable[str]]
    noun: str
    hint: str
    each: bool = False


def _promises(standard: Standard, group: Group) -> Iterator[Promise]:
    for promises in standard.promises.values():
        for promise in promises:
            declared = promise.destination
            if declared.platform == group.platform and declared.account in (group.account, None):
                yield promise


def _audiences(wanted: Callable[[Promise], bool]) -> Callable[[Standard, Group, Reach | None], Iterable[str]]:
    def registered(standard: Standard, group: Group, seen: Reach | None) -> Iterator[str]:
        for promise in _promises(standard, group):
            name = promise.destination.audience
            if wanted(promise) and (seen is None or name in seen.audiences):
                yield name

    return registered


def _recency(standard: Standard, group: Group, seen: Reach | None) -> Iterable[str]:
    platform = standard.platform(group.platform)
    offered = {window.mechanism for window in platform.windows if window.recency} if platform else set()
    return _audiences(lambda p: p.destination.window_days is not None and p.destination.mechanism in offered)(
        standard, group, seen
    )


def _campaigns(
    wanted: Callable[[Standard, Group, str], bool],
) -> Callable[[Standard, Group, Reach | None], Iterable[str]]:
    def registered(standard: Standard, group: Group, seen: Reach | None) -> Iterator[str]:
        keys: Iterable[str]
        if seen is not None:
            keys = sorted(seen.campaigns)
        else:
            keys = [key for key, each in standard.campaigns.items() if group.account in each.platform_ids]
        for key in keys:
            if key in standard.campaigns and wanted(standard, group, key):
                yield f"{standard.campaigns[key].slug} ({key})"

    return registered


def _judged_by_goal(standard: Standard, group: Group, campaign: str) -> bool:
    platform, plans = standard.platform(group.platform), standard.plans(campaign, group.platform)
    if platform is None or not platform.optimisation_goals:
        return False
    metric = standard.campaigns[campaign].success.metric
    return any(plan.optimisation_goal for plan in plans) or any(
        metric in served for served in platform.optimisation_goals.values()
    )


def _linked(standard: Standard, group: Group, campaign: str) -> bool:
    account, platform = standard.accounts.get(group.account), standard.platform(group.platform)
    if account is None or account.tagging == "auto" or platform is None or platform.links is None:
        return False
    return standard.plan(campaign, group.platform) is not None


def _stopped(standard: Standard, group: Group, campaign: str) -> bool:
    return standard.campaigns[campaign].status != "live"


def _events(standard: Standard, group: Group, seen: Reach | None) -> Iterable[str]:
    platform = standard.platform(group.platform)
    if platform is None or platform.events is None:
        return ()
    return sorted(standard.events.get(group.platform, ()))


def _traits(standard: Standard, group: Group, seen: Reach | None) -> Iterable[str]:
    platform = standard.platform(group.platform)
    if platform is None or platform.events is None or platform.events.user_properties is None:
        return ()
    return sorted(standard.traits(group.platform))


_AUDIENCE: Final = frozenset({Level.AUDIENCE})
_API: Final = "or read the platform's API"

WINDOWS: Final = Need(
    what="windows of {things}",
    levels=_AUDIENCE,
    tells=frozenset({Tells.WINDOW}),
    within=_AUDIENCE,
    registered=_audiences(lambda p: p.destination.window_days is not None),
    noun="audience",
    hint=f"Export it with that column (--column window=HEADING), {_API}",
    each=True,
)
RECENCY: Final = Need(
    "recency in ad groups that use {things}",
    frozenset({Level.TARGETING}),
    frozenset({Tells.RECENCY}),
    frozenset({Level.AUDIENCE, Level.TARGETING}),
    _recency,
    "audience",
    f"Export audience, ad group and recency (--column used_by.name=, recency=), {_API}",
)
SYNCS: Final = Need(
    what="last sync of {things}",
    levels=_AUDIENCE,
    tells=frozenset({Tells.SYNCED}),
    within=_AUDIENCE,
    registered=_audiences(lambda p: p.sync_hours is not None),
    noun="audience",
    hint="Export it with that column (--column synced=HEADING), or the list of the tool that sends them",
    each=True,
)
AUDIENCES: Final = Need(
    "presence of {things}",
    _AUDIENCE,
    frozenset({Tells.ALL}),
    frozenset(),
    _audiences(lambda p: True),
    "audience",
    "Add a source that lists the account's audiences",
)
EVENTS: Final = Need(
    what="receipt of {things}",
    levels=frozenset({Level.EVENT}),
    tells=frozenset(),
    within=frozenset(),
    registered=_events,
    noun="registered event",
    hint="Add a source of events: the interface's report of event names, the API, or the BigQuery export",
)
PARAMETERS: Final = Need(
    "parameters of {things}",
    frozenset({Level.PARAMETER}),
    frozenset({Tells.PARAMETERS}),
    frozenset({Level.EVENT}),
    _events,
    "registered event",
    "Add a source that tells them: the BigQuery export, or a report of event and parameter names",
)
LENGTHS: Final = Need(
    what="lengths of parameters of {things}",
    levels=frozenset({Level.PARAMETER}),
    tells=frozenset({Tells.LENGTHS}),
    within=frozenset({Level.PARAMETER}),
    registered=_events,
    noun="registered event",
    hint="Add the length of the longest value (--column longest=HEADING), or the BigQuery export",
)
TRAITS: Final = Need(
    "receipt of {things}",
    frozenset({Level.USER_PROPERTY}),
    frozenset(),
    frozenset({Level.EVENT}),
    _traits,
    "registered trait",
    "Add a source that tells user properties: the API, or the BigQuery export",
)
CAMPAIGNS: Final = Need(
    what="names and status of {things}",
    levels=OBJECTS,
    tells=frozenset(),
    within=frozenset(),
    registered=_campaigns(lambda standard, group, campaign: standard.campaigns[campaign].status == "live"),
    noun="campaign",
    hint=f"Add a source of the account's campaigns: a report, {_API}",
)
GOALS: Final = Need(
    "optimisation goals of {things}",
    OBJECTS,
    frozenset({Tells.GOAL}),
    OBJECTS,
    _campaigns(_judged_by_goal),
    "campaign",
    f"Export it with that column (--column ad_set.goal=HEADING), {_API}",
)
DATES: Final = Need(
    what="dates of {things}",
    levels=OBJECTS,
    tells=frozenset({Tells.DATES}),
    within=OBJECTS,
    registered=_campaigns(lambda standard, group, campaign: True),
    noun="campaign",
    hint=f"Export it by day, or with start and end (--column campaign.starts=HEADING), {_API}",
)
STATUS: Final = Need(
    "status of {things}",
    OBJECTS,
    frozenset({Tells.STATUS, Tells.COST, Tells.ROWS}),
    OBJECTS,
    _campaigns(_stopped),
    "campaign",
    f"Export it with status, cost or impressions, {_API}",
)
AD_LINKS: Final = Need(
    what="links in the ads of {things}",
    levels=frozenset({Level.LINK}),
    tells=frozenset({Tells.LINKS}),
    within=OBJECTS,
    registered=_campaigns(_linked),
    noun="campaign",
    hint=f"Export ads with address and URL parameters (--column url=HEADING, suffix=HEADING), {_API}",
)

NEEDS: Final = (
    WINDOWS, RECENCY, SYNCS, AUDIENCES, EVENTS, PARAMETERS, LENGTHS, TRAITS, CAMPAIGNS, GOALS, DATES, STATUS,
    AD_LINKS,
)  # fmt: skip
"""In the order in which reports list what was not checked."""
