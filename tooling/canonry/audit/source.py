"""The port: a source streams what it saw, and says what it could not see.

    for item in source.read(period):
        match item:
            case Observation(): ...     # one live thing
            case Gap(): ...             # something that was not read, and why

A stream without a `Gap` is complete. A source never raises for what happens out there (expired credentials,
a time-out, a truncated file): it yields a `Gap` and ends, or goes on with the rest. So "could not check" is
its own result and never passes for "fine". Mistakes in the configuration raise a `CanonryError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal, Protocol, runtime_checkable

from canonry.audit.observation import Alike, Level, Observation, Weight
from canonry.audit.quotation import shown


@dataclass(frozen=True, slots=True)
class Period:
    """The days that an audit looks at, both included, and whose days they are. None: whatever there is."""

    start: date | None = None
    end: date | None = None
    time_zone: str = ""


class Tells(StrEnum):
    """What a source reports beside names. A check that needs what no source tells was not made."""

    STATUS = "status"
    COST = "cost"
    ROWS = "rows"
    DATES = "dates"
    """Scheduled start and end."""
    LINKS = "links"
    MANUAL_TAGS = "manual_tags"
    """The UTM values as they stood in the link, before an analytics tool decided anything."""
    WINDOW = "window"
    RECENCY = "recency"
    SYNCED = "synced"
    GOAL = "goal"
    PARENTS = "parents"
    PARAMETERS = "parameters"
    """Parameters as they came, each with its event; a list of custom dimensions has no events."""
    LENGTHS = "lengths"
    """How long the values of parameters and user properties are."""
    ALL = "all"
    """Everything of its levels that exists, idle things included: only then is anything *missing*."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a source can say: of which platform and account, on which levels, and what beside the name.

    `lacks` are sentences on what this very export or grant leaves out ("has no manual dimensions: add
    Session manual source ..."), each of which makes the audit incomplete.
    """

    platform: str
    levels: frozenset[Level]
    tells: frozenset[Tells] = frozenset()
    account: str = ""
    lacks: tuple[str, ...] = ()
    period: Period = Period()
    """The days that it covers, where it says so."""
    params: frozenset[str] = frozenset()
    """Of UTM values those that it reports, where it reports only some: the others are not *missing*."""
    leaves: frozenset[str] = frozenset()
    """The platform's own levels whose objects hold nothing that the source reports; empty: nobody knows."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that was not read: what, why, and what to do about it.

    `levels` are those of which something is missing; empty: of all. Text carries no credential and no
    personal data.
    """

    what: str
    why: str
    hint: str = ""
    levels: frozenset[Level] = frozenset()


@dataclass(frozen=True, slots=True)
class Passed:
    """Things that were judged where they are, and are right: how many, of which level, and their weight.

    Where even the distinct names are too many, the checker goes to them; only what is wrong comes back.
    """

    level: Level
    native: str
    things: int
    weight: Weight
    met: Mapping[str, Iterable[int]] | None = None
    """Campaigns and places of the links that they have handed out which these are; None: not compared."""


@runtime_checkable
class Source(Protocol):
    """Streams observations of one account. Owns credentials, paging and retries; judges nothing."""

    @property
    def name(self) -> str:
        """The key in `audit.yaml`, or the file's name."""

    def capabilities(self) -> Capabilities:
        """What it can say. Opens what it must, reads no data; what fails here fails again in `read`."""

    def read(self, period: Period) -> Iterator[Observation | Gap | Passed]:
        """What it saw in the period. Memory does not grow with what is streamed."""


@runtime_checkable
class Together(Source, Protocol):
    """A source that has things together which differ in little."""

    def read_together(self, period: Period) -> Iterator[Observation | Alike | Gap]:
        """As `read`."""


@runtime_checkable
class Resumable(Source, Protocol):
    """A source that is read on where an earlier run stopped."""

    @property
    def notes(self) -> list[str]:
        """What is to be said of that."""

    def settle(self) -> None:
        """Something was made of what it said: the next run reads everything again."""


@dataclass(slots=True)
class Outcome:
    """How reading one source went. *failed*: nothing came; *partial*: something is missing."""

    source: str
    observations: int = 0
    gaps: list[Gap] = field(default_factory=list)

    @property
    def state(self) -> Literal["complete", "partial", "failed"]:
        """Complete only where nothing is known to be missing."""
        if not self.gaps:
            return "complete"
        return "partial" if self.observations else "failed"


def collected(source: Source, period: Period, outcome: Outcome) -> Iterator[Observation | Alike | Passed]:
    """The observations of a source; gaps go to the outcome, which is whole when the iterator ends."""
    for lack in source.capabilities().lacks:
        outcome.gaps.append(Gap(source.name, shown(lack)))
    for item in source.read_together(period) if isinstance(source, Together) else source.read(period):
        if isinstance(item, Gap):
            outcome.gaps.append(Gap(shown(item.what), shown(item.why), shown(item.hint), item.levels))
            continue
        if isinstance(item, Observation):
            outcome.observations += 1
        else:
            outcome.observations += item.things if isinstance(item, Passed) else len(item)
        yield item


class Recorded:
    """A source that plays back what it was given: recordings, tests, the parts of a cluster."""

    def __init__(self, name: str, capabilities: Capabilities, items: Iterable[Observation | Gap]) -> None:
        self._name = name
        self._capabilities = capabilities
        self._items = items

    @property
    def name(self) -> str:
        """As given."""
        return self._name

    def capabilities(self) -> Capabilities:
        """As given."""
        return self._capabilities

    def read(self, period: Period) -> Iterator[Observation | Gap]:
        """As given, whatever the period."""
        return iter(self._items)
