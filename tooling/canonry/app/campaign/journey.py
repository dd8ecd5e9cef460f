"""The visits of a campaign: which events are played, by whom, and whether they reach whoever needs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from canonry.app.campaign.act import Act
from canonry.app.campaign.issues import Issue, Weight
from canonry.app.campaign.payloads import makers
from canonry.app.campaign.visitors import Played, Stage, play
from canonry.catalogue.dates import is_day
from canonry.catalogue.refs import References

if TYPE_CHECKING:
    from types import ModuleType

    from canonry.app.campaign.objects import Item, Objects
    from canonry.catalogue.documents.campaign import Campaign

ClientOf = Callable[[Sequence[str]], AbstractContextManager["ModuleType"]]
"""Makes the typed client of some event contracts."""

_DAY: Final = 1440
_LONGEST: Final = 90 * _DAY
"""Minutes that are played: the first ninety days of a longer campaign."""


def start(campaign: Campaign, today: date) -> datetime:
    try:
        zone = ZoneInfo(campaign.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    day = date.fromisoformat(campaign.start) if is_day(campaign.start) else today
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def length(campaign: Campaign) -> int:
    if not (is_day(campaign.start) and is_day(campaign.end)):
        return _DAY
    days = (date.fromisoformat(campaign.end) - date.fromisoformat(campaign.start)).days + 1
    return min(max(days, 1) * _DAY, _LONGEST)


@dataclass(frozen=True)
class Journey(Act):
    """Plays one campaign; what is wrong goes into the ledger."""

    key: str
    today: date
    seed: int

    def events(self, segments: Sequence[str]) -> list[str]:
        """The events that are played: as planned, or what the segments look at, ending with the goal."""
        if self.campaign.journey:
            return list(self.campaign.journey)
        found: dict[str, None] = {}
        goal = self.campaign.success.event
        for identifier in segments:
            contract = self.catalogue.contract(identifier)
            definition = contract.meta.definition if contract is not None else None
            for condition in (*definition.all, *definition.any) if definition is not None else ():
                if condition.event is not None and condition.event != goal:
                    found[condition.event] = None
        if goal is not None:
            found[goal] = None
        if not found:
            message = "the plan names no event, so no visit can be played"
            self.ledger.add("journey", "unknown", message, "journey, or an event under success", "")
        return list(found)

    def segments(self) -> tuple[list[str], list[str]]:
        """Segments that are addressed, and those that are left out."""
        addressed = dict.fromkeys(
            [*self.campaign.segments, *(s for c in self.campaign.channels for s in c.segments)]
        )
        left_out = dict.fromkeys(self.campaign.exclusions)
        for identifier in addressed:
            contract = self.catalogue.contract(identifier)
            left_out.update(dict.fromkeys(contract.meta.exclusions if contract is not None else ()))
        there = self.catalogue.by_text
        return [s for s in addressed if s in there], [s for s in left_out if s in there]

    def played(
        self,
        client_of: ClientOf,
        items: Sequence[Item],
        journey: Sequence[str],
        segments: Sequence[str],
        exclusions: Sequence[str],
        number: int,
    ) -> Played:
        rng = Random(self.seed)  # noqa: S311  a rehearsal is repeatable
        events = dict.fromkeys(journey)
        traits: dict[str, None] = {}
        for identifier in (*segments, *exclusions):
            audience = self.audiences.get(identifier)
            contract = self.catalogue.contract(identifier)
            if identifier in segments and audience is not None:
                events.update(dict.fromkeys(sorted(audience.events)))
            definition = contract.meta.definition if contract is not None else None
            if definition is not None:
                traits[definition.entity] = None
        references = References(self.catalogue)
        made, failed = makers(self.catalogue, references, list(events), rng)
        about, _ = makers(self.catalogue, references, list(traits), rng)
        for identifier, reason in failed.items():
            message = f"{identifier} cannot be rehearsed: {reason}"
            self.ledger.add(
                "journey", "unknown", message, "an example in the contract", self.ledger.owner(identifier)
            )
        stage = Stage(
            catalogue=self.catalogue,
            makers=made,
            traits=about,
            items=items,
            journey=journey,
            goal=self.campaign.success.event,
            purposes=self._purposes(),
            key=self.key,
            start=start(self.campaign, self.today),
            minutes=length(self.campaign),
            segments=segments,
            exclusions=exclusions,
        )
        self._joins(made, journey, items)
        with client_of(list(made)) as client:
            played = play(stage, client, number, rng)
        for trouble in played.troubles.values():
            owner = self.ledger.owner(trouble.about)
            weight: Weight = "warning" if trouble.about.startswith("/segments/") else "blocker"
            self.ledger.issues.append(
                Issue(
                    "journey",
                    weight,
                    trouble.message,
                    "a contract and a client that agree",
                    owner,
                    count=trouble.count,
                    example=trouble.example,
                )
            )
        return played

    def _joins(self, made: Mapping[str, Any], journey: Sequence[str], items: Sequence[Item]) -> None:
        """Every event of the journey must have a place for what joins it to the campaign."""
        wanted = {"campaign_id": "the campaign's id", "event_id": "an event_id"}
        if any(item.creative for item in items):
            wanted["creative"] = "the creative"
        for event in journey:
            if event not in made:
                continue
            lacking = [what for name, what in wanted.items() if name not in made[event].joins]
            if lacking:
                message = f"{event} has no place for {' and '.join(lacking)}"
                missing = "properties that carry it, so that the result can be joined to the campaign"
                goal = event == self.campaign.success.event
                self.ledger.add(
                    "journey", "blocker" if goal else "warning", message, missing, self.ledger.owner(event)
                )

    def _purposes(self) -> list[str]:
        found: set[str] = set()
        for contract in self.catalogue.of_kind("events", "segments"):
            for purposes in contract.meta.consent.values():
                found.update(purposes)
        return sorted(found - {"necessary"})

    def needed(self, found: Objects, journey: Sequence[str], segments: Sequence[str]) -> None:
        """Every event has to reach the destinations that a segment or a goal of the campaign needs."""
        goal = self.campaign.success.event
        told: set[tuple[str, str]] = set()
        for number, channel in enumerate(self.campaign.channels):
            contract = self.catalogue.contract(channel.format)
            named = channel.platforms or (list(contract.meta.platforms) if contract is not None else [])
            for name in named:
                about = self.catalogue.platforms.get(name)
                served = about.optimisation_goals.get(channel.optimisation_goal or "") if about else None
                if goal is None or served is None or self.campaign.success.metric not in served:
                    continue
                if not self._sends(goal, name) and (goal, name) not in told:
                    told.add((goal, name))
                    message = f"{about.label if about else name} optimises for {goal}, and never receives it"
                    self.ledger.add(
                        "journey",
                        "blocker",
                        message,
                        f"consent for {name} in {goal}",
                        self.ledger.owner(goal),
                        number,
                    )
        platforms = {item.platform for item in found.items}
        for identifier in segments:
            contract = self.catalogue.contract(identifier)
            audience = self.audiences.get(identifier)
            for destination in contract.meta.destinations if contract is not None else ():
                if destination.platform not in platforms or destination.mechanism == "list_sync":
                    continue
                seen = "ga4" if destination.mechanism == "ga4_audience" else destination.platform
                for event in sorted(audience.events) if audience is not None else ():
                    if not self._sends(event, seen) and (event, seen, identifier) not in told:  # type: ignore[comparison-overlap]
                        told.add((event, seen))
                        message = (
                            f"{identifier} on {destination.platform} looks at {event}, which "
                            f"{seen} never receives"
                        )
                        channels = {
                            i.channel
                            for i in found.items
                            if i.segment == identifier and i.platform == destination.platform
                        }
                        self.ledger.add(
                            "audiences",
                            "blocker",
                            message,
                            f"consent for {seen} in {event}",
                            self.ledger.owner(event),
                            *channels,
                        )

    def _sends(self, event: str, destination: str) -> bool:
        contract = self.catalogue.contract(event)
        return contract is not None and destination in contract.meta.consent
