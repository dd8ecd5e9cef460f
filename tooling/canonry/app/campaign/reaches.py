"""What each destination learns of each segment, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from canonry.app.campaign.act import Act
from canonry.app.campaign.audiences import ALWAYS, NEVER, holds, known, processing, sight
from canonry.app.campaign.journey import length
from canonry.kernel.durations import minutes, spoken

if TYPE_CHECKING:
    from canonry.app.campaign.audiences import Audience, Span, Visitor
    from canonry.app.campaign.objects import Objects
    from canonry.app.campaign.visitors import Played
    from canonry.catalogue.documents.contract import Destination


@dataclass
class Reach:
    """What one destination learns of one segment."""

    segment: str
    platform: str
    audience: str
    mechanism: str
    refresh: int
    sync: int
    processing: int = 0
    """How long the platform itself takes, at most, as far as anybody knows."""
    entered: int = 0
    noticed: int = 0
    lags: list[int] = field(default_factory=list)
    left: int = 0
    leaving: list[int] = field(default_factory=list)
    paid: list[int] = field(default_factory=list)
    """Minutes for which each converted member stays addressed."""
    endless: int = 0
    """Converted members who are never taken out before the campaign ends."""

    def to_json(self) -> dict[str, Any]:
        """Durations in minutes."""
        return {
            "segment": self.segment,
            "platform": self.platform,
            "audience": self.audience,
            "mechanism": self.mechanism,
            "refresh": self.refresh,
            "sync": self.sync,
            "processing": self.processing,
            "entered": self.entered,
            "noticed": self.noticed,
            "known_after": _middle(self.lags),
            "left": self.left,
            "gone_after": _middle(self.leaving),
            "converted": len(self.paid) + self.endless,
            "paid_after_conversion": {**_middle(self.paid), "never_excluded": self.endless},
        }


def _middle(values: Sequence[int]) -> dict[str, int | None]:
    ordered = sorted(values)
    if not ordered:
        return {"median": None, "longest": None}
    return {"median": ordered[len(ordered) // 2], "longest": ordered[-1]}


class Reaches(Act):
    """Follows the visitors of one campaign into its audiences; what is wrong goes into the ledger."""

    def all(
        self, found: Objects, played: Played, segments: Sequence[str], exclusions: Sequence[str]
    ) -> tuple[list[Reach], list[dict[str, Any]]]:
        horizon = length(self.campaign)
        platforms = {item.platform for item in found.items if item.platform}
        addressed: dict[tuple[str, str], Destination] = {}
        for identifier in segments:
            contract = self.catalogue.contract(identifier)
            for destination in contract.meta.destinations if contract is not None else ():
                if destination.platform in platforms:
                    addressed.setdefault((identifier, destination.platform), destination)
        leaving = self._leaving(exclusions, platforms)
        reaches = [self._reach(identifier, destination) for (identifier, _), destination in addressed.items()]
        for reach in reaches:
            destination = addressed[reach.segment, reach.platform]
            audience = self.audiences.get(reach.segment)
            if audience is None:
                message = f"{reach.segment} has no definition that could be evaluated"
                self.ledger.add(
                    "audiences", "unknown", message, "a definition", self.ledger.owner(reach.segment)
                )
                continue
            self._members(reach, audience, destination, played, leaving.get(reach.platform, ()), horizon)
            self._weighed(reach, found, played)
        timeline = [
            {
                "segment": reach.segment,
                "platform": reach.platform,
                "known_after": _middle(reach.lags)["longest"],
                "window": self._window(reach.segment),
                "paid_after_conversion": _middle(reach.paid)["longest"],
            }
            for reach in reaches
        ]
        return reaches, timeline

    def _reach(self, identifier: str, destination: Destination) -> Reach:
        contract = self.catalogue.contract(identifier)
        refresh = minutes(contract.meta.refresh) if contract is not None and contract.meta.refresh else 0
        sync = minutes(destination.sync) if destination.sync else 0
        return Reach(
            identifier,
            destination.platform,
            destination.audience,
            destination.mechanism,
            refresh,
            sync,
            processing(self.catalogue, destination),
        )

    def _window(self, identifier: str) -> int | None:
        audience = self.audiences.get(identifier)
        return audience.window if audience is not None else None

    def _leaving(
        self, exclusions: Sequence[str], platforms: Iterable[str]
    ) -> dict[str, list[tuple[Audience, Destination, int]]]:
        """The exclusions that each platform holds."""
        found: dict[str, list[tuple[Audience, Destination, int]]] = defaultdict(list)
        for identifier in exclusions:
            contract = self.catalogue.contract(identifier)
            audience = self.audiences.get(identifier)
            for destination in contract.meta.destinations if contract is not None else ():
                if destination.platform in platforms and audience is not None:
                    if not audience.events and not audience.changes:
                        continue  # nothing that happens in the campaign changes it
                    sync = minutes(destination.sync) if destination.sync else 0
                    found[destination.platform].append((audience, destination, sync))
        return found

    def _members(
        self,
        reach: Reach,
        audience: Audience,
        destination: Destination,
        played: Played,
        leaving: Sequence[tuple[Audience, Destination, int]],
        horizon: int,
    ) -> None:
        sees = sight(destination)
        contract = self.catalogue.contract(reach.segment)
        needs = (
            frozenset(contract.meta.consent.get(reach.platform, ())) if contract is not None else frozenset()
        )
        for visitor in played.visitors:
            spans = audience.spans(visitor, sees)
            if not spans:
                continue
            reach.entered += 1
            if not needs <= (visitor.consent | {"necessary"}):
                continue
            told = known(spans, reach.refresh, reach.sync, reach.processing)
            if not told:
                continue
            reach.noticed += 1
            for span in spans[:1]:
                first = next((each for each in told if each.start >= span.start), None)
                if first is not None and span.start != ALWAYS:
                    reach.lags.append(first.start - span.start)
            last = spans[-1]
            if last.end != NEVER:
                reach.left += 1
                reach.leaving.append(max(told[-1].end - last.end, 0))
            self._paid(reach, visitor, told, leaving, horizon)

    def _paid(
        self,
        reach: Reach,
        visitor: Visitor,
        told: Sequence[Span],
        leaving: Sequence[tuple[Audience, Destination, int]],
        horizon: int,
    ) -> None:
        """For how long a converted member is addressed: until the audience or an exclusion takes them out."""
        at = visitor.converted
        if at is None or not holds(told, at):
            return
        ends = [next(span.end for span in told if span.start <= at < span.end)]
        for audience, destination, sync in leaving:
            seen = audience.spans(visitor, sight(destination))
            spans = known(seen, audience.refresh, sync, processing(self.catalogue, destination))
            ends += [max(span.start, at) for span in spans if span.end > at][:1]
        end = min(ends)
        if end >= max(horizon, at + 1):
            reach.endless += 1
        else:
            reach.paid.append(end - at)

    def _weighed(self, reach: Reach, found: Objects, played: Played) -> None:
        owner = self.ledger.owner(reach.segment)
        channels = {
            i.channel for i in found.items if i.segment == reach.segment and i.platform == reach.platform
        }
        label = self.book.label(reach.platform)
        if played.visitors and not reach.entered:
            message = f"nobody enters {reach.segment} on {label}, of {len(played.visitors):,} visitors"
            missing = "an event that reaches it, or another definition"
            self.ledger.add("audiences", "blocker", message, missing, owner, *channels)
        elif played.visitors and not reach.noticed:
            message = (
                f"{label} never learns of anybody in {reach.segment}: who enters has left before, "
                "or agreed to nothing"
            )
            self.ledger.add(
                "audiences", "blocker", message, "a shorter refresh, or a longer window", owner, *channels
            )
        if reach.mechanism == "list_sync" and not reach.sync:
            message = f"{reach.segment} is sent to {label} as a list, and nobody says how often"
            self.ledger.add("audiences", "unknown", message, "sync of the destination", owner, *channels)
        if reach.endless:
            message = (
                f"{reach.endless:,} who have converted stay in {reach.segment} on {label} until "
                "the campaign ends"
            )
            self.ledger.add(
                "audiences", "warning", message, "an exclusion that the platform holds", owner, *channels
            )
        longest = _middle(reach.paid)["longest"]
        if longest is not None and longest > max(reach.refresh, 1):
            message = (
                f"{label} goes on addressing whoever has converted in {reach.segment}: "
                f"{spoken(longest)} at most, "
                f"and the segment is refreshed every {spoken(reach.refresh)}"
            )
            self.ledger.add(
                "audiences", "warning", message, "an exclusion that syncs sooner", owner, *channels
            )
