"""Who belongs to a segment, and when: definitions evaluated over what visitors did, on a timeline.

Times are minutes from the campaign's first day; history before it is negative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from canonry.kernel.durations import minutes
from canonry.kernel.jsonvalue import same

if TYPE_CHECKING:
    from canonry.catalogue.documents.contract import Condition, Definition, Destination, Update
    from canonry.catalogue.model import Catalogue

ALWAYS: Final = -(10**9)
"""Long before any history."""
NEVER: Final = 10**9


class Happening(NamedTuple):
    """One event of a visitor, and the destinations that received it."""

    at: int
    event: str
    payload: Mapping[str, Any]
    received: frozenset[str]


@dataclass(slots=True)
class Visitor:
    """What is known of one visitor."""

    number: int
    link: int
    consent: frozenset[str]
    arrival: int
    traits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Trait contract to its values."""
    history: list[Happening] = field(default_factory=list)
    converted: int | None = None


class Span(NamedTuple):
    """From when to when somebody belongs; `end` is the first minute after it."""

    start: int
    end: int


def value_at(payload: Mapping[str, Any], path: str) -> Any:
    """The value of a property, dots leading inwards; None where it is absent."""
    here: Any = payload
    for token in path.split("."):
        if not isinstance(here, Mapping) or token not in here:
            return None
        here = here[token]
    return here


def met(condition: Condition, payload: Mapping[str, Any]) -> bool:
    """Whether a payload or traits meet the condition's own test and its `where`."""
    if condition.property is not None and not _test(condition, value_at(payload, condition.property)):
        return False
    return all(met(inner, payload) for inner in condition.where)


def _test(condition: Condition, found: Any) -> bool:
    wanted = condition.value
    values = wanted if isinstance(wanted, list) else [wanted]
    match condition.op:
        case None | "exists":
            return found is not None
        case "not_exists":
            return found is None
        case "eq" | "in":
            return any(same(found, value) for value in values)
        case "ne" | "not_in":
            return not any(same(found, value) for value in values)
        case "contains":
            if isinstance(found, str):
                return all(isinstance(value, str) and value in found for value in values)
            return isinstance(found, list) and all(any(same(v, item) for item in found) for v in values)
        case "gt" | "gte" | "lt" | "lte":
            return _ordered(condition.op, found, wanted)


def _ordered(op: str, found: Any, wanted: Any) -> bool:
    numbers = (
        isinstance(found, int | float) and isinstance(wanted, int | float) and not isinstance(found, bool)
    )
    if not numbers and not (isinstance(found, str) and isinstance(wanted, str)):
        return False
    if op == "gt":
        return bool(found > wanted)
    if op == "gte":
        return bool(found >= wanted)
    return bool(found < wanted) if op == "lt" else bool(found <= wanted)


Sees = Callable[[Happening], bool]
"""Whether whoever evaluates a segment received an event."""


class Audience:
    """One segment: evaluates its definition, and says when each destination would know."""

    def __init__(
        self, identifier: str, definition: Definition, refresh: str | None, others: Audiences
    ) -> None:
        self.id = identifier
        self.definition = definition
        self.refresh = minutes(refresh) if refresh else 0
        self.window = minutes(definition.window) if definition.window else None
        self._others = others
        self._parts = (definition.all, definition.any, definition.none)
        self.events = frozenset(self._events(definition))
        """Events that its own conditions look at."""
        self.changes = frozenset(update.event for update in self._updates(definition))
        """Events that change a trait which its conditions look at."""

    def _events(self, definition: Definition) -> Iterator[str]:
        for part in (definition.all, definition.any, definition.none):
            for condition in part:
                if condition.event is not None:
                    yield condition.event
                if condition.segment is not None:
                    inner = self._others.get(condition.segment)
                    yield from inner.events if inner is not None else ()

    def _updates(self, definition: Definition) -> Iterator[Update]:
        for condition in (*definition.all, *definition.any, *definition.none):
            if condition.trait is not None:
                read = {condition.property, *(inner.property for inner in condition.where)}
                yield from (each for each in self._others.updates(condition.trait) if each.property in read)
            if condition.segment is not None:
                inner = self._others.get(condition.segment)
                yield from inner._updates(inner.definition) if inner is not None else ()  # noqa: SLF001  its own kind

    def spans(self, visitor: Visitor, sees: Sees) -> list[Span]:
        """When the visitor belongs, as somebody who sees only some events knows it."""
        parts = [[self._truth(condition, visitor, sees) for condition in part] for part in self._parts]
        whole, some, none = parts
        if not whole and not some:
            whole = [(True, [])]
        if any(not first and not changes for first, changes in whole):
            return []
        times = sorted({time for part in parts for _, changes in part for time, _ in changes})
        found: list[Span] = []
        start: int | None = None
        for time in (ALWAYS, *times):
            inside = (
                all(_state(each, time) for each in whole)
                and (not some or any(_state(each, time) for each in some))
                and not any(_state(each, time) for each in none)
            )
            if inside and start is None:
                start = time
            elif not inside and start is not None:
                found.append(Span(start, time))
                start = None
        if start is not None:
            found.append(Span(start, NEVER))
        return found

    def _truth(
        self, condition: Condition, visitor: Visitor, sees: Sees
    ) -> tuple[bool, list[tuple[int, bool]]]:
        """Whether a condition holds to begin with, and when that changes."""
        if condition.trait is not None:
            return self._trait(condition, condition.trait, visitor)
        if condition.segment is not None:
            inner = self._others.get(condition.segment)
            spans = inner.spans(visitor, sees) if inner is not None else []
            changes = [
                (time, state) for span in spans for time, state in ((span.start, True), (span.end, False))
            ]
            return bool(spans) and spans[0].start == ALWAYS, [c for c in changes if ALWAYS < c[0] < NEVER]
        return self._did(condition, visitor, sees)

    def _trait(
        self, condition: Condition, trait: str, visitor: Visitor
    ) -> tuple[bool, list[tuple[int, bool]]]:
        """What a trait says, as its owners compute it: from every event that reached anybody."""
        values = dict(visitor.traits.get(trait, {}))
        first = state = met(condition, values)
        updates = self._others.updates(trait)
        if not updates:
            return first, []
        steps = [
            (later(happening.at, minutes(update.after) if update.after else 0), update, happening.payload)
            for happening in visitor.history
            if happening.received
            for update in updates
            if update.event == happening.event
        ]
        changes = []
        for time, update, payload in sorted(steps, key=lambda step: step[0]):
            _updated(values, update, payload)
            if met(condition, values) != state:
                state = not state
                changes.append((time, state))
        return first, changes

    def _did(self, condition: Condition, visitor: Visitor, sees: Sees) -> tuple[bool, list[tuple[int, bool]]]:
        least = condition.at_least or 1
        window = minutes(condition.within) if condition.within else self.window
        steps: list[tuple[int, int]] = []
        for happening in visitor.history:
            if happening.event == condition.event and sees(happening) and met(condition, happening.payload):
                steps.append((happening.at, 1))
                if window is not None:
                    steps.append((happening.at + window, -1))
        steps.sort()
        count, state = 0, False
        changes = []
        for place, (time, step) in enumerate(steps):
            count += step
            if place + 1 < len(steps) and steps[place + 1][0] == time:
                continue
            if (count >= least) != state:
                state = not state
                changes.append((time, state))
        return False, changes


def _updated(values: dict[str, Any], update: Update, payload: Mapping[str, Any]) -> None:
    if update.add is not None:
        before = values.get(update.property)
        values[update.property] = (before if isinstance(before, int) else 0) + update.add
    elif update.takes is not None:
        values[update.property] = value_at(payload, update.takes)
    else:
        values[update.property] = update.set


def _state(truth: tuple[bool, list[tuple[int, bool]]], time: int) -> bool:
    state, changes = truth
    for at, after in changes:
        if at > time:
            break
        state = after
    return state


class Audiences:
    """The segments that matter to a campaign, and those that they rest on."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: dict[str, Audience | None] = {}

    def updates(self, trait: str) -> Sequence[Update]:
        """What events do to the properties of a trait contract."""
        contract = self._catalogue.contract(trait)
        return contract.meta.updates if contract is not None else ()

    def get(self, identifier: str) -> Audience | None:
        """The segment; None where it has no definition or rests on itself."""
        if identifier not in self._known:
            self._known[identifier] = None  # what it finds of itself on the way
            contract = self._catalogue.contract(identifier)
            if contract is not None and contract.meta.definition is not None:
                meta = contract.meta
                self._known[identifier] = Audience(identifier, contract.meta.definition, meta.refresh, self)
        return self._known[identifier]


def sight(destination: Destination) -> Sees:
    """What a destination's audience is made from: what reached the platform, or all of our own records."""
    if destination.mechanism == "list_sync":
        return lambda happening: bool(happening.received)
    wanted = "ga4" if destination.mechanism == "ga4_audience" else destination.platform
    return lambda happening: wanted in happening.received


def later(time: int, *intervals: int) -> int:
    """When what happens at `time` is known: after the next turn of each interval, one after the other."""
    if time in (ALWAYS, NEVER):
        return time
    for interval in intervals:
        if interval > 0:
            time = -(-time // interval) * interval
    return time


def _acted(time: int, processing: int) -> int:
    return time if time in (ALWAYS, NEVER) else time + processing


def known(spans: Sequence[Span], refresh: int, sync: int, processing: int = 0) -> list[Span]:
    """The spans as a destination learns of them; who comes and goes between two turns is never noticed.

    `processing` is how long the destination itself takes, at most, to act on what it learns.
    """
    found: list[Span] = []
    for span in spans:
        start, end = later(span.start, refresh), later(span.end, refresh)
        if start < end:
            found.append(Span(_acted(later(start, sync), processing), _acted(later(end, sync), processing)))
    return [span for span in found if span.start < span.end]


def holds(spans: Iterable[Span], time: int) -> bool:
    """Whether a time lies within one of the spans."""
    return any(span.start <= time < span.end for span in spans)


def processing(catalogue: Catalogue, destination: Destination) -> int:
    """Minutes that the platform takes by its facts; 0 where they say nothing."""
    about = catalogue.platforms.get(destination.platform)
    return max(
        (
            minutes(each.up_to)
            for each in (about.processing if about is not None else ())
            if each.mechanism == destination.mechanism
        ),
        default=0,
    )
