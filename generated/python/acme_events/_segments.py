"""What a segment is: who belongs to it, how fresh it is, and where it is sent."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Destination", "Segment"]


@dataclass(frozen=True, slots=True)
class Destination:
    """A platform audience that holds the segment."""

    platform: str
    audience: str
    mechanism: str
    account: str | None = None
    audience_id: str | None = None
    window_days: int | None = None
    sync: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment's definition. Durations are text: `3d`, `15m`."""

    id: str
    version: str
    entity: str
    window: str | None
    refresh: str | None
    destinations: tuple[Destination, ...] = ()
    exclusions: tuple[str, ...] = ()
