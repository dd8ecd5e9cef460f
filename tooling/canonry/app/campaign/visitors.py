"""Visitors of a rehearsal: each clicks a link, agrees to something or nothing, and plays the journey.

Everything they do goes through the generated client into sinks that record it. The same seed plays the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import import_module
from random import Random
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from canonry.app.campaign.audiences import Happening, Visitor
from canonry.app.campaign.payloads import POOL, Maker, bent, opposed

if TYPE_CHECKING:
    from types import ModuleType

    from canonry.app.campaign.objects import Item
    from canonry.catalogue.documents.contract import Condition
    from canonry.catalogue.model import Catalogue

CONTINUES: Final = 0.7
"""Share of visitors that go on after each step; the first of every link goes to the end."""
_ALL: Final = 0.5
_NONE: Final = 0.3
_HALF: Final = 0.5
_GAP: Final = 90
"""Minutes between two steps of the journey, at most."""
_DAY: Final = 1440


@dataclass
class Trouble:
    """One thing that went wrong for some visitors: how often, and the first of them."""

    about: str
    message: str
    count: int = 0
    example: Any = None


@dataclass
class Played:
    """What the visitors did, and what of it went wrong."""

    visitors: list[Visitor] = field(default_factory=list)
    events: int = 0
    sent: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Event and destination to how many payloads arrived."""
    suppressed: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Event and destination to how many were held back because consent was missing."""
    troubles: dict[tuple[str, str], Trouble] = field(default_factory=dict)

    def tell(self, about: str, message: str, example: Any) -> None:
        """One more visitor for whom this went wrong."""
        trouble = self.troubles.setdefault((about, message), Trouble(about, message))
        trouble.count += 1
        if trouble.example is None:
            trouble.example = example


@dataclass
class Stage:
    """What a rehearsal is played on."""

    catalogue: Catalogue
    makers: Mapping[str, Maker]
    traits: Mapping[str, Maker]
    items: Sequence[Item]
    journey: Sequence[str]
    goal: str | None
    purposes: Sequence[str]
    key: str
    start: datetime
    minutes: int
    segments: Sequence[str]
    exclusions: Sequence[str]


def play(stage: Stage, client: ModuleType, number: int, rng: Random) -> Played:
    """Plays so many visitors, at least two for each link: one who agrees to everything, one to nothing."""
    return _Play(stage, client, rng).run(number)


class _Play:
    def __init__(self, stage: Stage, client: ModuleType, rng: Random) -> None:
        self.stage = stage
        self.client = client
        self.rng = rng
        self.played = Played()
        self.needs: dict[str, Mapping[str, frozenset[str]]] = {}
        destinations: set[str] = set()
        for identifier in stage.makers:
            contract = stage.catalogue.contract(identifier)
            consent = contract.meta.consent if contract is not None else {}
            self.needs[identifier] = {name: frozenset(purposes) for name, purposes in consent.items()}
            destinations.update(consent)
        self.sinks = {name: client.ListSink(name) for name in sorted(destinations)}
        self.sender = client.Client(list(self.sinks.values()))
        self.models = _models(client, stage.makers)
        self.conditions = {segment: self._asked(segment) for segment in stage.segments}
        self.avoided = [c for segment in stage.exclusions for c in self._traits_of(segment)]
        self.samples = {
            name: [maker.payload(turn, {}) for turn in range(POOL)] for name, maker in stage.traits.items()
        }

    def run(self, number: int) -> Played:
        stage = self.stage
        links = len(stage.items)
        for count in range(max(number, 2 * links) if links else 0):
            place, turn = count % links, count // links
            if turn == 0:
                consent, whole = frozenset(stage.purposes), True
            elif turn == 1:
                consent, whole = frozenset[str](), True
            else:
                consent, whole = self._agreed(), False
            self._visit(count, place, consent, whole=whole)
        self.sender.close()
        return self.played

    def _agreed(self) -> frozenset[str]:
        """What somebody agrees to: mostly to everything or to nothing, now and then to some of it."""
        drawn = self.rng.random()
        if drawn < _ALL:
            return frozenset(self.stage.purposes)
        if drawn < _ALL + _NONE:
            return frozenset()
        return frozenset(purpose for purpose in self.stage.purposes if self.rng.random() < _HALF)

    def _visit(self, count: int, place: int, consent: frozenset[str], *, whole: bool) -> None:
        stage, rng = self.stage, self.rng
        item = stage.items[place]
        span = max(stage.minutes - _DAY, 1)
        visitor = Visitor(count, place, consent, rng.randrange(span * 3 // 5 + 1))
        visitor.traits = self._traits(item.segment, count)
        keys = self._keys(item, count)
        if item.segment is not None:
            self._before(visitor, item.segment, keys)
        at = visitor.arrival
        for event in stage.journey:
            if event not in stage.makers:
                continue
            payload = stage.makers[event].payload(count, self._moment(keys, at))
            self._send(visitor, event, payload, at, item)
            if event == stage.goal and visitor.converted is None:
                visitor.converted = at
            at += 1 + rng.randrange(_GAP)
            if not whole and rng.random() >= CONTINUES:
                break
        self.played.visitors.append(visitor)

    def _keys(self, item: Item, count: int) -> dict[str, str]:
        link = item.link or {}
        params = {key: value for key, value in link.get("params", ()) if key not in link.get("macros", {})}
        if link.get("macros") and item.creative and "utm_content" not in params:
            params["utm_content"] = item.creative
        known = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
        return {
            "campaign_id": self.stage.key,
            **({"creative": item.creative} if item.creative else {}),
            **{key: params[key] for key in known if params.get(key)},
            "anonymous_id": f"1790000000.{count:07}",
            "session_id": f"17{count:08}",
        }

    def _moment(self, keys: Mapping[str, str], at: int) -> dict[str, str]:
        moment = (self.stage.start + timedelta(minutes=at)).astimezone(UTC)
        return {
            **keys,
            "event_id": str(UUID(int=self.rng.getrandbits(128), version=4)),
            "occurred_at": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }

    def _before(self, visitor: Visitor, segment: str, keys: Mapping[str, str]) -> None:
        """What made the visitor a member before the ad was shown: the events that the definition asks for."""
        own = {name: value for name, value in keys.items() if name in ("anonymous_id", "session_id")}
        for condition in self.conditions[segment]:
            if condition.event is None or condition.event not in self.stage.makers:
                continue
            maker = self.stage.makers[condition.event]
            for turn in range(condition.at_least or 1):
                at = visitor.arrival - 60 - 10 * turn
                payload = maker.meeting([condition], self._moment(own, at))
                if payload is None:
                    message = f"no payload of {condition.event} meets what {segment} asks of it"
                    self.played.tell(segment, message, None)
                    break
                self._send(visitor, condition.event, payload, at, None)

    def _asked(self, segment: str) -> list[Condition]:
        """The conditions that make somebody a member: all of `all`, and the first of `any`."""
        contract = self.stage.catalogue.contract(segment)
        definition = contract.meta.definition if contract is not None else None
        if definition is None:
            return []
        found = [*definition.all, *definition.any[:1]]
        return [c for each in found for c in (self._asked(each.segment) if each.segment else [each])]

    def _traits_of(self, segment: str) -> list[Condition]:
        contract = self.stage.catalogue.contract(segment)
        definition = contract.meta.definition if contract is not None else None
        parts = [*definition.all, *definition.any] if definition is not None else []
        return [condition for condition in parts if condition.trait is not None]

    def _traits(self, segment: str | None, count: int) -> dict[str, Mapping[str, Any]]:
        """What is known of the visitor: nobody whom the campaign excludes, and what the segment asks for."""
        found: dict[str, Mapping[str, Any]] = {}
        wanted = self.conditions[segment] if segment is not None else []
        for name, samples in self.samples.items():
            values = opposed(
                dict(samples[count % len(samples)]), [c for c in self.avoided if c.trait == name], samples
            )
            found[name] = bent(values, [c for c in wanted if c.trait == name])
        return found

    def _send(
        self, visitor: Visitor, event: str, payload: dict[str, Any], at: int, item: Item | None
    ) -> None:
        played, maker = self.played, self.stage.makers[event]
        played.events += 1
        try:
            outcome = self.sender.track_payload(self.models[event], payload, consent=visitor.consent)
        except self.client.ContractError as error:
            played.tell(
                event, f"{event} refuses its own payload with the campaign's keys in it", str(error)[:500]
            )
            return
        received = frozenset(getattr(outcome, "destinations", ()))
        for name, needs in self.needs[event].items():
            allowed = needs <= (visitor.consent | {"necessary"})
            if name in received:
                played.sent[event, name] += 1
                if not allowed:
                    played.tell(
                        event,
                        f"{event} reached {name} without the consent that it needs",
                        sorted(visitor.consent),
                    )
                self._arrived(event, maker, name, item)
            else:
                played.suppressed[event, name] += 1
                if allowed and not self._guarded(outcome, name):
                    played.tell(
                        event,
                        f"{event} did not reach {name} although consent was given",
                        sorted(visitor.consent),
                    )
        visitor.history.append(Happening(at, event, payload, received))

    def _guarded(self, outcome: Any, name: str) -> bool:
        """Whether a property that is required and needs more consent held it back."""
        for held in (*getattr(outcome, "suppressed", ()), outcome):
            if getattr(held, "destination", "") == name and "required" in str(getattr(held, "reason", "")):
                return True
        return "required" in str(getattr(outcome, "reason", ""))

    def _arrived(self, event: str, maker: Maker, name: str, item: Item | None) -> None:
        """Looks at what the sink was handed: its key, and the keys that join it to the campaign."""
        messages = self.sinks[name].messages
        message = messages[-1]
        messages.clear()
        payload = message.payload
        if "event_id" in maker.joins and message.key != _at(payload, maker.joins["event_id"]):
            self.played.tell(
                event, f"{event} went to {name} under another key than its event_id", message.key
            )
        if item is None:
            return
        for key in ("campaign_id", "creative"):
            if key == "creative" and not item.creative:
                continue
            if key in maker.joins and _at(payload, maker.joins[key]) is None:
                self.played.tell(event, f"{event} reaches {name} without its {key}", None)


def _at(payload: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    here: Any = payload
    for token in path:
        here = here.get(token) if isinstance(here, Mapping) else None
    return here


def _models(client: ModuleType, wanted: Iterable[str]) -> dict[str, Any]:
    """The package's models by contract id."""
    events = import_module(f"{client.__name__}.events")
    models = [getattr(events, name) for name in dir(events) if name[:1].isupper()]
    by_id = {model.__contract__.id: model for model in models if hasattr(model, "__contract__")}
    return {identifier: by_id[identifier] for identifier in wanted}
