"""The closed loop before go-live: links, visitors, audiences, order, handoff. Deterministic for a seed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import TYPE_CHECKING, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from canonry.app.campaign.audiences import (
    ALWAYS,
    NEVER,
    Audience,
    Audiences,
    Span,
    Visitor,
    holds,
    known,
    sight,
)
from canonry.app.campaign.objects import Item, Objects, Open, objects
from canonry.app.campaign.payloads import makers
from canonry.app.campaign.routes import route
from canonry.app.campaign.visitors import Played, Stage, play
from canonry.catalogue.dates import is_day
from canonry.catalogue.documents.model import minutes
from canonry.catalogue.refs import References

if TYPE_CHECKING:
    from types import ModuleType

    from canonry.app.links import Book
    from canonry.catalogue.documents.campaign import Campaign
    from canonry.catalogue.documents.contract import Destination
    from canonry.catalogue.model import Catalogue
    from canonry.kernel.findings import Finding

Weight = Literal["blocker", "warning", "unknown"]
Part = Literal["plan", "links", "drafts", "journey", "audiences", "sequence"]
ClientOf = Callable[[Sequence[str]], AbstractContextManager["ModuleType"]]
"""Makes the typed client of some event contracts."""

_DAY: Final = 1440
_LONGEST: Final = 90 * _DAY
"""Minutes that are played: the first ninety days of a longer campaign."""
_SCALES: Final = ((_DAY, "d"), (60, "h"), (1, "m"))


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that stands in the way, or that nobody can tell: who answers for it, and what is missing."""

    part: Part
    weight: Weight
    message: str
    missing: str
    owner: str
    channels: frozenset[int] = frozenset()
    """The channels that it stops; none: all of them."""
    count: int = 0
    example: Any = None

    def to_json(self) -> dict[str, Any]:
        """Without what is empty."""
        found: dict[str, Any] = {
            "part": self.part,
            "weight": self.weight,
            "message": self.message,
            "missing": self.missing,
            "owner": self.owner,
        }
        if self.channels:
            found["channels"] = sorted(self.channels)
        if self.count:
            found["count"] = self.count
        if self.example is not None:
            found["example"] = self.example
        return found


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


@dataclass
class Rehearsal:
    """Everything that a rehearsal found."""

    objects: Objects
    seed: int
    played: Played
    reaches: list[Reach]
    issues: list[Issue]
    links: dict[str, Any]
    sequence: dict[str, Any]
    timeline: list[dict[str, Any]]
    drafts: dict[str, Any] | None = None


def rehearse(
    catalogue: Catalogue,
    book: Book,
    key: str,
    *,
    client_of: ClientOf,
    today: date,
    findings: Iterable[Finding],
    seed: int = 0,
    number: int = 1000,
) -> Rehearsal:
    """Rehearses a registered campaign. `findings` are those of lint; what they say of the plan counts."""
    return _Rehearsing(catalogue, book, key, today, seed).run(client_of, findings, number)


def duration(length: int) -> str:
    """Minutes as people say them: `3 d`, `1 h 30 m`."""
    if length <= 0:
        return "at once"
    parts = []
    for scale, unit in _SCALES:
        if length >= scale:
            parts.append(f"{length // scale} {unit}")
            length %= scale
    return " ".join(parts[:2])


def _middle(values: Sequence[int]) -> dict[str, int | None]:
    ordered = sorted(values)
    if not ordered:
        return {"median": None, "longest": None}
    return {"median": ordered[len(ordered) // 2], "longest": ordered[-1]}


class _Rehearsing:
    def __init__(self, catalogue: Catalogue, book: Book, key: str, today: date, seed: int) -> None:
        self.catalogue = catalogue
        self.book = book
        self.key = key
        self.campaign: Campaign = catalogue.campaigns[key]
        self.today = today
        self.seed = seed
        self.issues: list[Issue] = []
        self.audiences = Audiences(catalogue)

    def run(self, client_of: ClientOf, findings: Iterable[Finding], number: int) -> Rehearsal:
        self._plan(findings)
        found = objects(self.catalogue, self.book, self.key)
        self._unbuilt(found)
        items, links = self._links(found)
        segments, exclusions = self._segments(found)
        journey = self._journey(segments)
        played = Played()
        if journey and items:
            played = self._played(client_of, items, journey, segments, exclusions, number)
        self._needed(found, journey, segments)
        reaches, timeline = self._reaches(found, played, segments, exclusions)
        sequence = self._sequence(found, items, played)
        return Rehearsal(found, self.seed, played, reaches, self.issues, links, sequence, timeline)

    # 0: the plan as lint sees it, and its dates

    def _plan(self, findings: Iterable[Finding]) -> None:
        path = f"registry/campaigns/{self.key}.yaml"
        for finding in findings:
            if finding.place.path == path:
                where = f"{finding.code} {finding.name}"
                weight: Weight = "unknown" if finding.undecided else "blocker"
                if finding.level.name == "ERROR" or finding.undecided:
                    missing = finding.suggestion or f"canonry explain {finding.code}"
                    self._issue("plan", weight, f"{finding.message} ({where})", missing, finding.owner)
        campaign = self.campaign
        today = self.today.isoformat()
        if campaign.status in ("ended", "cancelled"):
            self._issue(
                "plan", "blocker", f"the campaign is {campaign.status}", "a successor that continues it", ""
            )
        elif campaign.status == "planned" and campaign.start < today <= campaign.end:
            message = f"it should have begun on {campaign.start}, and is planned still"
            self._issue("plan", "blocker", message, "a start date to come, or status live", "")
        if not campaign.decisions:
            message = "there is no decision table, so nobody can say what would stop it"
            self._issue("plan", "blocker", message, "decisions: metric, threshold, window, action, owner", "")

    # 1: links

    def _unbuilt(self, found: Objects) -> None:
        """One issue per thing that is missing and owner, however many objects and channels wait for it."""
        groups: dict[tuple[str, str, str], list[Open]] = {}
        for row in found.open:
            problem = row.message.partition(": ")[2] or row.message
            groups.setdefault((row.field, problem, self._channel_owner(row.channel)), []).append(row)
        for (_, problem, owner), rows in groups.items():
            objects = dict.fromkeys(row.message.partition(": ")[0] for row in rows)
            message = f"{problem}, for {', '.join(objects)}" if ": " in rows[0].message else rows[0].message
            self._issue("links", "blocker", message, rows[0].advice, owner, *(row.channel for row in rows))

    def _links(self, found: Objects) -> tuple[list[Item], dict[str, Any]]:
        """The items whose links hold, and what became of all links."""
        good: list[Item] = []
        seen: dict[tuple[str, str | None], tuple[str, bool]] = {}
        channels: Counter[str] = Counter()
        broken = 0
        for item in found.items:
            if item.link is None:
                broken += 1
                continue
            text = item.link["url"] or item.link["text"]
            if (text, item.platform) not in seen:
                seen[text, item.platform] = self._judged(item)
                channels[seen[text, item.platform][0]] += 1
            if seen[text, item.platform][1]:
                good.append(item)
        counts = {
            "objects": len(found.items),
            "links": len(seen),
            "right": sum(ok for _, ok in seen.values()),
            "unbuilt": broken,
            "channels": dict(sorted(channels.items())),
        }
        return good, counts

    def _judged(self, item: Item) -> tuple[str, bool]:
        """The channel of a link, and whether it decodes, arrives with its tags, and lands there."""
        link = item.link or {}
        name = link["channel"]["name"] if link.get("channel") else "no channel"
        owner, ok = self._channel_owner(item.channel), True
        read = self.book.whole().read_params(dict(link["params"]))
        if read["status"] != "right" or read["format"] != item.format:
            message = f"the link of {item.format} does not read back as one: {read['status']}"
            self._issue("links", "blocker", message, "canonry utm parse explains it", owner, item.channel)
            ok = False
        contract = self.catalogue.contract(item.format)
        declared = contract.meta.channel if contract is not None else None
        if declared is not None and name != declared:
            message = f"{item.format} promises {declared}; GA4 files the link under {name}"
            self._issue(
                "links", "blocker", message, "a source and medium of that channel", owner, item.channel
            )
            ok = False
        return name, self._arrives(item, owner) and ok

    def _arrives(self, item: Item, owner: str) -> bool:
        page = self.campaign.channels[item.channel].landing_url or self.campaign.landing_url
        way = route(self.catalogue.domains, page)
        if way.loop:
            shown = " > ".join(way.stations[:4])
            message = f"the redirects of {page} never end: {shown} > ..."
            self._issue(
                "links",
                "blocker",
                message,
                "a redirect that ends, in registry/domains.yaml",
                owner,
                item.channel,
            )
            return False
        if way.lost is not None:
            message = f"{way.lost} forwards without the query, so the tags of {page} are lost"
            self._issue("links", "blocker", message, f"a landing page behind {way.end}", owner, item.channel)
            return False
        return True

    # 2: visitors

    def _journey(self, segments: Sequence[str]) -> list[str]:
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
            self._issue("journey", "unknown", message, "journey, or an event under success", "")
        return list(found)

    def _segments(self, found: Objects) -> tuple[list[str], list[str]]:
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

    def _played(
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
            self._issue("journey", "unknown", message, "an example in the contract", self._owner(identifier))
        stage = Stage(
            catalogue=self.catalogue,
            makers=made,
            traits=about,
            items=items,
            journey=journey,
            goal=self.campaign.success.event,
            purposes=self._purposes(),
            key=self.key,
            start=self._start(),
            minutes=self._minutes(),
            segments=segments,
            exclusions=exclusions,
        )
        self._joins(made, journey, items)
        with client_of(list(made)) as client:
            played = play(stage, client, number, rng)
        for trouble in played.troubles.values():
            owner = self._owner(trouble.about)
            weight: Weight = "warning" if trouble.about.startswith("/segments/") else "blocker"
            self.issues.append(
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
                self._issue("journey", "blocker" if goal else "warning", message, missing, self._owner(event))

    def _purposes(self) -> list[str]:
        found: set[str] = set()
        for contract in self.catalogue.of_kind("events", "segments"):
            for purposes in contract.meta.consent.values():
                found.update(purposes)
        return sorted(found - {"necessary"})

    def _start(self) -> datetime:
        try:
            zone = ZoneInfo(self.campaign.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            zone = ZoneInfo("UTC")
        day = date.fromisoformat(self.campaign.start) if is_day(self.campaign.start) else self.today
        return datetime(day.year, day.month, day.day, tzinfo=zone)

    def _minutes(self) -> int:
        if not (is_day(self.campaign.start) and is_day(self.campaign.end)):
            return _DAY
        days = (date.fromisoformat(self.campaign.end) - date.fromisoformat(self.campaign.start)).days + 1
        return min(max(days, 1) * _DAY, _LONGEST)

    def _needed(self, found: Objects, journey: Sequence[str], segments: Sequence[str]) -> None:
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
                    self._issue(
                        "journey",
                        "blocker",
                        message,
                        f"consent for {name} in {goal}",
                        self._owner(goal),
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
                        self._issue(
                            "audiences",
                            "blocker",
                            message,
                            f"consent for {seen} in {event}",
                            self._owner(event),
                            *channels,
                        )

    def _sends(self, event: str, destination: str) -> bool:
        contract = self.catalogue.contract(event)
        return contract is not None and destination in contract.meta.consent

    # 3: audiences

    def _reaches(
        self, found: Objects, played: Played, segments: Sequence[str], exclusions: Sequence[str]
    ) -> tuple[list[Reach], list[dict[str, Any]]]:
        horizon = self._minutes()
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
                self._issue("audiences", "unknown", message, "a definition", self._owner(reach.segment))
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
            self._processing(destination),
        )

    def _processing(self, destination: Destination) -> int:
        """Minutes that the platform takes by its facts; 0 where they say nothing."""
        about = self.catalogue.platforms.get(destination.platform)
        return max(
            (
                minutes(each.up_to)
                for each in (about.processing if about is not None else ())
                if each.mechanism == destination.mechanism
            ),
            default=0,
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
            spans = known(seen, audience.refresh, sync, self._processing(destination))
            ends += [max(span.start, at) for span in spans if span.end > at][:1]
        end = min(ends)
        if end >= max(horizon, at + 1):
            reach.endless += 1
        else:
            reach.paid.append(end - at)

    def _weighed(self, reach: Reach, found: Objects, played: Played) -> None:
        owner = self._owner(reach.segment)
        channels = {
            i.channel for i in found.items if i.segment == reach.segment and i.platform == reach.platform
        }
        label = self.book.label(reach.platform)
        if played.visitors and not reach.entered:
            message = f"nobody enters {reach.segment} on {label}, of {len(played.visitors):,} visitors"
            missing = "an event that reaches it, or another definition"
            self._issue("audiences", "blocker", message, missing, owner, *channels)
        elif played.visitors and not reach.noticed:
            message = (
                f"{label} never learns of anybody in {reach.segment}: who enters has left before, "
                "or agreed to nothing"
            )
            self._issue(
                "audiences", "blocker", message, "a shorter refresh, or a longer window", owner, *channels
            )
        if reach.mechanism == "list_sync" and not reach.sync:
            message = f"{reach.segment} is sent to {label} as a list, and nobody says how often"
            self._issue("audiences", "unknown", message, "sync of the destination", owner, *channels)
        if reach.endless:
            message = (
                f"{reach.endless:,} who have converted stay in {reach.segment} on {label} until "
                "the campaign ends"
            )
            self._issue(
                "audiences", "warning", message, "an exclusion that the platform holds", owner, *channels
            )
        longest = _middle(reach.paid)["longest"]
        if longest is not None and longest > max(reach.refresh, 1):
            message = (
                f"{label} goes on addressing whoever has converted in {reach.segment}: "
                f"{duration(longest)} at most, "
                f"and the segment is refreshed every {duration(reach.refresh)}"
            )
            self._issue("audiences", "warning", message, "an exclusion that syncs sooner", owner, *channels)

    # 4: sequence

    def _sequence(self, found: Objects, items: Sequence[Item], played: Played) -> dict[str, Any]:
        """What somebody is shown as time goes on must not go back in the planned order."""
        steps = [(step.funnel_stage, step.frequency_tier) for step in self.campaign.sequence]
        pieces = self._pieces(items)
        if not steps:
            return {"planned": [], "shown": _shown(pieces), "out_of_order": 0}
        rank = {step: number for number, step in enumerate(steps)}
        out: Counter[tuple[str, str, str]] = Counter()
        spans_of = self._exposures(items)
        for visitor in played.visitors:
            clicked = items[visitor.link]
            self._followed(visitor, clicked, items, pieces, rank, spans_of, out)
        for (platform, later_piece, earlier_piece), count in sorted(out.items()):
            label = self.book.label(platform)
            message = (
                f"on {label} people who are shown {later_piece} may still be shown "
                f"{earlier_piece}, which comes before it"
            )
            numbers = {
                i.channel
                for i in items
                if i.platform == platform and i.creative in (later_piece, earlier_piece)
            }
            self.issues.append(
                Issue(
                    "sequence",
                    "warning",
                    message,
                    "an exclusion of the later audience from the earlier piece",
                    self._channel_owner(min(numbers, default=0)),
                    frozenset(numbers),
                    count=count,
                )
            )
        return {"planned": steps, "shown": _shown(pieces), "out_of_order": sum(out.values())}

    def _pieces(self, items: Sequence[Item]) -> dict[str, tuple[str, str]]:
        codec = self.book.whole()
        found: dict[str, tuple[str, str]] = {}
        for item in items:
            if item.creative and item.creative not in found:
                fields = codec.read_name("creatives", item.creative)["fields"]
                found[item.creative] = (str(fields.get("funnel_stage")), str(fields.get("frequency_tier")))
        return found

    def _exposures(self, items: Sequence[Item]) -> Callable[[Item, Visitor], list[Span]]:
        memory: dict[tuple[str, str, int], list[Span]] = {}

        def spans(item: Item, visitor: Visitor) -> list[Span]:
            if item.segment is None or item.platform is None:
                return [Span(visitor.arrival, NEVER)]
            place = (item.segment, item.platform, visitor.number)
            if place not in memory:
                contract = self.catalogue.contract(item.segment)
                audience = self.audiences.get(item.segment)
                held = (
                    [d for d in contract.meta.destinations if d.platform == item.platform] if contract else []
                )
                if audience is None or not held:
                    memory[place] = []
                else:
                    sync = minutes(held[0].sync) if held[0].sync else 0
                    memory[place] = known(
                        audience.spans(visitor, sight(held[0])),
                        audience.refresh,
                        sync,
                        self._processing(held[0]),
                    )
            return memory[place]

        return spans

    def _followed(
        self,
        visitor: Visitor,
        clicked: Item,
        items: Sequence[Item],
        pieces: Mapping[str, tuple[str, str]],
        rank: Mapping[tuple[str, str], int],
        spans_of: Callable[[Item, Visitor], list[Span]],
        out: Counter[tuple[str, str, str]],
    ) -> None:
        """Once a later piece can be shown on a platform, an earlier one that still can is out of order."""
        shown: dict[tuple[str, str], tuple[int, list[Span]]] = {}
        for item in items:
            step = pieces.get(item.creative or "")
            if item.platform != clicked.platform or step is None or step not in rank or item.creative is None:
                continue
            spans = spans_of(item, visitor)
            if spans:
                shown.setdefault((item.creative, str(item.segment)), (rank[step], spans))
        for (later_piece, _), (later_rank, later_spans) in shown.items():
            for (earlier_piece, _), (earlier_rank, earlier_spans) in shown.items():
                if earlier_rank < later_rank and _overlap(later_spans, earlier_spans):
                    out[clicked.platform or "", later_piece, earlier_piece] += 1

    # owners

    def _owner(self, identifier: str) -> str:
        contract = self.catalogue.contract(identifier)
        return contract.meta.owner if contract is not None else self.campaign.owner

    def _channel_owner(self, number: int) -> str:
        return self.campaign.channels[number].owner or self.campaign.owner

    def _issue(
        self, part: Part, weight: Weight, message: str, missing: str, owner: str, *channels: int
    ) -> None:
        issue = Issue(part, weight, message, missing, owner or self.campaign.owner, frozenset(channels))
        if issue not in self.issues:
            self.issues.append(issue)


def _overlap(later: Sequence[Span], earlier: Sequence[Span]) -> bool:
    return any(a.start < b.end and b.start < a.end for a in later for b in earlier)


def _shown(pieces: Mapping[str, tuple[str, str]]) -> list[dict[str, str]]:
    return [{"creative": name, "funnel_stage": s, "frequency_tier": t} for name, (s, t) in pieces.items()]
