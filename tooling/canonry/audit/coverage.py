"""Which checks could not be made: what the registry promises of an account and none of its sources tells.

A source says what it can tell (`Capabilities.tells`), and of single things it shows it. Every rule that rests
on more than a name declares what it needs, and a need which registered things it protects
(`canonry.audit.needs`). What nothing protects is a gap of the account. What is not registered is not missed:
an account without audiences needs no windows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from canonry.audit.checks import RULES
from canonry.audit.drift import shown
from canonry.audit.needs import NEEDS, Group, Need, Reach, Uncompared, listed
from canonry.audit.observation import Level, Observation
from canonry.audit.rule import LINKS, OBJECTS
from canonry.audit.source import Capabilities, Gap, Outcome, Tells

if TYPE_CHECKING:
    from canonry.audit.standard import Promise, Standard


def _rules_of() -> dict[Need, tuple[str, ...]]:
    """Each need with the rules that are not made without it; first those that need it most."""
    found: dict[Need, list[tuple[int, str]]] = {need: [] for need in NEEDS}
    for rule in RULES:
        for place, need in enumerate(rule.facts.needs):
            found[need].append((place, rule.code))
    return {need: tuple(code for _, code in sorted(rules)) for need, rules in found.items()}


_RULES: Final = _rules_of()


@dataclass(frozen=True, slots=True)
class Unmade:
    """A check that was not made: which, for whom, and the source that it would be expected of."""

    need: Need
    group: Group
    source: str
    things: tuple[str, ...]
    read: bool
    """Whether the account's sources read the level at all."""

    @property
    def rules(self) -> tuple[str, ...]:
        """The codes of the rules."""
        return _RULES[self.need]

    def gap(self, standard: Standard) -> Gap:
        """What reports say of it."""
        number = len(self.things)
        things = f"{number:,} {self.need.noun}{'' if number == 1 else 's'}"
        who = self.group.account or standard.label(self.group.platform)
        return Gap(
            self.need.what.format(things=things),
            f"no source of {who} tells: {listed(list(self.things))}",
            self.need.hint,
            self.need.levels,
        )


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

    def refused(self, group: Group, what: str, contracts: Iterable[str]) -> None:
        """A `name` or `link` that may be right by contracts which cannot be read."""
        self.reach(group).refused.setdefault(what, Counter()).update(contracts)

    def uncompared(self) -> Iterator[Uncompared]:
        """What was told and could not be judged, by platform and account.

        Optimisation goals that mean nothing to the registry; names and links of contracts that lint refuses.
        """
        for group, reach in sorted(self.groups.items()):
            yield from self._refused(group, reach)
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

    def _refused(self, group: Group, reach: Reach) -> Iterator[Uncompared]:
        for what, contracts in sorted(reach.refused.items()):
            number = max(contracts.values())
            gap = Gap(
                f"{number:,} {what}{'' if number == 1 else 's'}",
                f"{listed(sorted(contracts))} cannot be read, by which they may be right",
                "canonry lint says what is wrong with it",
                LINKS if what == "link" else OBJECTS,
            )
            rules = ("U121", "U125") if what == "link" else ("A101", "A102")
            yield Uncompared(next(iter(reach.sources), ""), group, rules, gap)

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
