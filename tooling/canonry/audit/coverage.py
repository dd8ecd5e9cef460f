"""Which checks could not be made: what the registry promises of an account and none of its sources tells.

A source says what it can tell (`Capabilities.tells`), and of single things it shows it. Every check that
rests on more than a name declares here what it needs and which registered things it protects. What nothing
protects is a gap of the account. What is not registered is not missed: an account without audiences needs no
windows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from canonry.audit.drift import shown
from canonry.audit.observation import OBJECTS, Level, Observation
from canonry.audit.source import Capabilities, Gap, Outcome, Tells

if TYPE_CHECKING:
    from canonry.audit.standard import Promise, Standard

SHOWN: Final = 3
"""Names that a gap lists."""


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
    events: set[str] = field(default_factory=set)
    traits: set[str] = field(default_factory=set)

    def whole(self, level: Level, *tells: Tells) -> bool:
        """Whether a source reads the level and tells this, and none failed at it."""
        read = level in self.levels and not self.partial
        return read and all((level, tell) in self.told for tell in tells)


@dataclass(frozen=True, slots=True)
class Need:
    """What a check needs. `rules` are those that were not made without it.

    `levels`: one of them is read; `tells`: one of them is told. `within`: a source that reads one of these is
    expected to tell it; what no source of the account reads at all is missed in a whole run only.
    `registered` names the things that the check protects, of those that were seen (None: of all).
    `each`: it has to be told of every one of them, not of some.
    """

    rules: tuple[str, ...]
    what: str
    levels: frozenset[Level]
    tells: frozenset[Tells]
    within: frozenset[Level]
    registered: Callable[[Standard, Group, Reach | None], Iterable[str]]
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

NEEDS: Final[tuple[Need, ...]] = (
    Need(
        ("A301",),
        "windows of {things}",
        _AUDIENCE,
        frozenset({Tells.WINDOW}),
        _AUDIENCE,
        _audiences(lambda p: p.destination.window_days is not None),
        f"Export it with that column (--column window=HEADING), {_API}",
        each=True,
    ),
    Need(
        ("A302",),
        "recency in ad groups that use {things}",
        frozenset({Level.TARGETING}),
        frozenset({Tells.RECENCY}),
        frozenset({Level.AUDIENCE, Level.TARGETING}),
        _recency,
        f"Export audience, ad group and recency (--column used_by.name=, recency=), {_API}",
    ),
    Need(
        ("A303",),
        "last sync of {things}",
        _AUDIENCE,
        frozenset({Tells.SYNCED}),
        _AUDIENCE,
        _audiences(lambda p: p.sync_hours is not None),
        "Export it with that column (--column synced=HEADING), or the list of the tool that sends them",
        each=True,
    ),
    Need(
        ("A305", "A306", "A307"),
        "presence of {things}",
        _AUDIENCE,
        frozenset({Tells.ALL}),
        frozenset(),
        _audiences(lambda p: True),
        "Add a source that lists the account's audiences",
    ),
    Need(
        ("A401", "A402", "A405"),
        "receipt of {things}",
        frozenset({Level.EVENT}),
        frozenset(),
        frozenset(),
        _events,
        "Add a source of events: the interface's report of event names, the API, or the BigQuery export",
    ),
    Need(
        ("A404", "A403"),
        "parameters of {things}",
        frozenset({Level.PARAMETER}),
        frozenset({Tells.PARAMETERS}),
        frozenset({Level.EVENT}),
        _events,
        "Add a source that tells them: the BigQuery export, or a report of event and parameter names",
    ),
    Need(
        ("A403",),
        "lengths of parameters of {things}",
        frozenset({Level.PARAMETER}),
        frozenset({Tells.LENGTHS}),
        frozenset({Level.PARAMETER}),
        _events,
        "Add the length of the longest value (--column longest=HEADING), or the BigQuery export",
    ),
    Need(
        ("A406", "A407"),
        "receipt of {things}",
        frozenset({Level.USER_PROPERTY}),
        frozenset(),
        frozenset({Level.EVENT}),
        _traits,
        "Add a source that tells user properties: the API, or the BigQuery export",
    ),
    Need(
        (*("A101", "A102", "A103", "A104", "A105", "A106", "A107", "A108", "A110", "A111"), "A502", "A503"),
        "names and status of {things}",
        OBJECTS,
        frozenset(),
        frozenset(),
        _campaigns(lambda standard, group, campaign: standard.campaigns[campaign].status == "live"),
        f"Add a source of the account's campaigns: a report, {_API}",
    ),
    Need(
        ("A501",),
        "optimisation goals of {things}",
        OBJECTS,
        frozenset({Tells.GOAL}),
        OBJECTS,
        _campaigns(_judged_by_goal),
        f"Export it with that column (--column ad_set.goal=HEADING), {_API}",
    ),
    Need(
        ("A502",),
        "dates of {things}",
        OBJECTS,
        frozenset({Tells.DATES}),
        OBJECTS,
        _campaigns(lambda standard, group, campaign: True),
        f"Export it by day, or with start and end (--column campaign.starts=HEADING), {_API}",
    ),
    Need(
        ("A503",),
        "status of {things}",
        OBJECTS,
        frozenset({Tells.STATUS, Tells.COST, Tells.ROWS}),
        OBJECTS,
        _campaigns(_stopped),
        f"Export it with status, cost or impressions, {_API}",
    ),
    Need(
        ("A201", "A202", "A203", "A206"),
        "links in the ads of {things}",
        frozenset({Level.LINK}),
        frozenset({Tells.LINKS}),
        OBJECTS,
        _campaigns(_linked),
        f"Export ads with address and URL parameters (--column url=HEADING, suffix=HEADING), {_API}",
    ),
)
"""What each check needs beyond a name of the level it judges."""

ALONE: Final[Mapping[str, str]] = {
    "A109": "the history of names",
    "A204": "a link, or tags",
    "A205": "a link, or tags",
    **dict.fromkeys(
        ("A207", "A208"), "issued links: `canonry.audit.issued` says where they are not compared"
    ),
    "A304": "the audience itself",
    **dict.fromkeys(("A901", "A902", "A903"), "the source's own account of itself"),
    "A904": "what the other checks found",
}
"""Rules that miss nothing of a registered thing, with what they rest on. Those on links rest on a link."""

_NOUNS: Final = {
    **dict.fromkeys(("A301", "A302", "A303", "A305"), "audience"),
    **dict.fromkeys(("A401", "A403", "A404"), "registered event"),
    "A406": "registered trait",
}


@dataclass(frozen=True, slots=True)
class Unmade:
    """A check that was not made: which, for whom, and the source that it would be expected of."""

    need: Need
    group: Group
    source: str
    things: tuple[str, ...]
    read: bool
    """Whether the account's sources read the level at all."""

    def gap(self, standard: Standard) -> Gap:
        """What reports say of it."""
        noun = _NOUNS.get(self.need.rules[0], "campaign")
        number = len(self.things)
        things = f"{number:,} {noun}{'' if number == 1 else 's'}"
        who = self.group.account or standard.label(self.group.platform)
        return Gap(
            self.need.what.format(things=things),
            f"no source of {who} tells: {listed(list(self.things))}",
            self.need.hint,
            self.need.levels,
        )


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


class Coverage:
    """Fills while sources are judged; says at the end which checks were not made."""

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        self.groups: dict[Group, Reach] = {}
        self.sources: list[str] = []

    def reach(self, group: Group) -> Reach:
        """What is known of an account's sources."""
        known = self.groups.get(group)
        if known is None:
            known = self.groups[group] = Reach()
        return known

    def enter(
        self, source: str, can: Capabilities, outcome: Outcome, met: Iterable[tuple[str, str, Level]]
    ) -> None:
        """A source that was read to its end; `met` are the accounts and levels of what it showed."""
        self.sources.append(source)
        groups: set[Group] = set()
        if can.account in self.standard.accounts:
            groups.add(Group(self.standard.accounts[can.account].platform, can.account))
        for platform, account, level in met:
            groups.add(Group(platform, account))
            self.reach(Group(platform, account)).met.add(level)
        for group in groups:
            reach = self.reach(group)
            reach.sources.append(source)
            reach.partial = reach.partial or outcome.state != "complete"
            reach.unread = reach.unread or outcome.state == "failed"
            for gap in outcome.gaps:
                reach.excused |= gap.levels
            for level in can.levels:
                reach.levels.setdefault(level, source)
                reach.told.update((level, tell) for tell in can.tells)

    def audience(self, group: Group, promise: Promise, seen: Observation) -> None:
        """A registered audience, and what is told of it."""
        told = self.reach(group).audiences.setdefault(promise.destination.audience, set())
        upkeep = seen.upkeep
        if upkeep is None:
            return
        if upkeep.window is not None:
            told.add(Tells.WINDOW)
        if upkeep.synced is not None or upkeep.refresh is not None:
            told.add(Tells.SYNCED)

    def campaign(self, group: Group, campaign: str, seen: Observation) -> None:
        """A registered campaign, or what hangs under it, and what is told of it."""
        told = self.reach(group).campaigns.setdefault(campaign, set())
        if seen.goal:
            told.add(Tells.GOAL)
        if seen.starts or seen.ends or seen.first_seen or seen.last_seen:
            told.add(Tells.DATES)
        if seen.status or seen.weight.delivered is not None:
            told.add(Tells.STATUS)

    def goal_unknown(self, group: Group, campaign: str, goal: str) -> None:
        """An optimisation goal of a registered campaign's object that nothing says the use of."""
        self.reach(group).goals.setdefault(shown(goal), set()).add(campaign)

    def uncompared(self) -> Iterator[Uncompared]:
        """Optimisation goals that were told and mean nothing to the registry, by platform and account."""
        for group, reach in sorted(self.groups.items()):
            if not reach.goals:
                continue
            labels = sorted({self._label(key) for keys in reach.goals.values() for key in keys})
            number, file = len(labels), f"registry/platforms/{group.platform}.yaml"
            gap = Gap(
                f"optimisation goals of {number:,} campaign{'' if number == 1 else 's'}",
                f"{file} does not say what {listed(sorted(reach.goals))} serves: {listed(labels)}",
                f"Add it to optimisation_goals of {file}, with the metrics that it serves",
                OBJECTS,
            )
            yield Uncompared(reach.sources[0], group, ("A501",), gap)

    def unmade(self, *, whole: bool) -> list[Unmade]:
        """Checks that no source could make. `whole`: every source there is was read."""
        return [
            found
            for group, reach in sorted(self.groups.items())
            if not reach.unread
            for need in NEEDS
            if (found := self._unmade(group, reach, need, whole=whole)) is not None
        ]

    def _unmade(self, group: Group, reach: Reach, need: Need, *, whole: bool) -> Unmade | None:
        if not group.platform or reach.excused & (need.levels | need.within):
            return None  # a list of names that no platform wrote promises nothing
        levels = set(reach.levels)
        expected = bool(need.within & levels)
        if not expected and (need.within or not whole):
            return None  # of a level that nobody reads one gap says so, not one per check
        read = bool(need.levels & levels)
        told = read and (
            not need.tells or any((level, tell) in reach.told for level in need.levels for tell in need.tells)
        )
        if told and not need.each:
            return None
        seen = None if not expected else reach
        things = list(dict.fromkeys(need.registered(self.standard, group, seen)))
        if need.each or (need.tells and need.levels == OBJECTS):
            shown = {**reach.audiences, **{self._label(key): told for key, told in reach.campaigns.items()}}
            things = [each for each in things if not need.tells & shown.get(each, set())]
        if not things:
            return None
        source = next((reach.levels[level] for level in (*need.levels, *need.within) if level in levels), "")
        return Unmade(need, group, source or reach.sources[0], tuple(things), read)

    def _label(self, key: str) -> str:
        campaign = self.standard.campaigns.get(key)
        return f"{campaign.slug} ({key})" if campaign else key
