"""A new campaign: what it needs, which of its fields belong to all channels, and its file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from canonry.app import links
from canonry.app.additions import RefusedError, yaml_text
from canonry.app.links import Ask, Book
from canonry.naming.links import sentence
from canonry.naming.runtime.text import fold, slug


@dataclass(frozen=True, slots=True)
class Channel:
    """One format that the campaign runs on, and where; no platforms: all of the format's."""

    format: str
    platforms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person says of a new campaign."""

    slug: str
    label: str
    description: str
    owner: str
    backup_owner: str
    time_zone: str
    start: str
    end: str
    landing_url: str
    metric: str
    channels: Sequence[Channel]
    fields: Mapping[str, str] = field(default_factory=dict)
    continues: str | None = None
    event: str | None = None
    decisions: Sequence[Mapping[str, str]] = ()


_ROW: Final = ("when", "window", "action", "owner", "signal")


def decision_of(text: str, owner: str) -> dict[str, str]:
    """A row of the decision table from `roas < 2; 7 days; Pause the ad set.`, owner and signal after it.

    Raises `RefusedError`.
    """
    parts = [part.strip() for part in text.split(";")]
    if len(parts) < 3 or len(parts) > len(_ROW) or not all(parts):  # noqa: PLR2004  threshold, window, action
        raise RefusedError(
            f"{text!r} is no row of a decision table", "'roas < 2; 7 days; Pause the ad set.; TEAM; leading'"
        )
    row = {"metric": parts[0].split(" ")[0], **dict(zip(_ROW, parts, strict=False))}
    return {"owner": owner, "signal": "leading", **row}


def channel_of(book: Book, text: str) -> Channel:
    """`paid_social`, `meta`, or both as `paid_social:meta`. Raises `Ask` where it may be several."""
    word, _, platform = text.partition(":")
    found = links.target(book, "utm", word, platform=platform or None)
    named = (found.platform,) if found.platform and (platform or book.finder.platform(word)) else ()
    return Channel(found.format, tuple(each for each in named if each))


def usual_slug(text: str) -> str:
    """The text as a slug. Raises `RefusedError` where nothing of it is left."""
    found = slug(text)[:40].strip("-")
    if not found:
        raise RefusedError(f"{text!r} has no letters or digits for a slug", "Use a few words of a-z and 0-9")
    return found


def check_slug(book: Book, wanted: str) -> None:
    """Raises `RefusedError` where another campaign has it."""
    for identifier, campaign in book.index["campaigns"].items():
        if fold(wanted) == campaign["slug"]:
            raise RefusedError(
                f"the campaign {identifier} is called {wanted!r} already ({campaign['label']})",
                f"A follow-up has a slug of its own and --continues {identifier}",
            )


def open_fields(
    book: Book, plan_channels: Sequence[Channel], given: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Fields that every link of several channels needs and that nobody has given yet, each once."""
    needed: dict[str, dict[str, Any]] = {}
    times: Counter[str] = Counter()
    for channel in plan_channels:
        target = links.Target(channel.format, channel.platforms[0] if len(channel.platforms) == 1 else None)
        own = book.codec(channel.format).contract(channel.format).fields
        for need in links.needs(book, target, None):
            spec = own[need["field"]].spec
            if (
                not need["required"]
                or need["fixed"] is not None
                or spec["type"] == "id"
                or need["field"] == "slug"
            ):
                continue
            needed.setdefault(need["field"], need)
            times[need["field"]] += 1
    least = max(times.values(), default=0) if len(plan_channels) > 1 else 1
    return [need for name, need in needed.items() if times[name] >= least and not given.get(name)]


def checked(book: Book, channels: Sequence[Channel], name: str, value: str) -> tuple[str, str | None]:
    """The right spelling of a field's value, and what is wrong with it (None: nothing)."""
    for channel in channels:
        contract = book.codec(channel.format).contract(channel.format)
        if name not in contract.fields:
            continue
        text, _, problem = contract.spelling(name, value)
        if problem is not None:
            near = f" Did you mean {problem['nearest']}?" if problem["nearest"] else ""
            return value, f"{sentence(problem, contract.id)}.{near}"
        read: object = contract.fields[name].read(text or "")
        return str(text if read is None else read), None
    for contract in _hung(book, channels, name):
        text, _, problem = contract.spelling(name, value)
        if problem is None:
            read = contract.fields[name].read(text or "")
            return str(text if read is None else read), None
        near = f" Did you mean {problem['nearest']}?" if problem["nearest"] else ""
        return value, f"{sentence(problem, contract.id)}.{near}"
    known = sorted({n for c in channels for n in book.codec(c.format).contract(c.format).fields})
    from canonry.naming.suggest import nearest

    close = nearest(name, known)
    return value, f"{name} is a field of none of the channels." + (f" Did you mean {close}?" if close else "")


def _hung(book: Book, channels: Sequence[Channel], name: str) -> list[Any]:
    """Contracts of the objects that hang from the channels' platforms and have a field of this name."""
    codec = book.whole()
    platforms = {
        platform
        for channel in channels
        for platform in channel.platforms or book.index["contracts"][channel.format]["platforms"]
    }
    named = [contract for contract in codec.kind("objects") if name in contract.fields]
    return [each for each in named if not platforms.isdisjoint(each.table["platforms"])]


def file_of(plan: Plan) -> bytes:
    """The campaign's file."""
    document: dict[str, Any] = {
        "slug": plan.slug,
        "label": plan.label,
        "description": plan.description,
        "owner": plan.owner,
        "backup_owner": plan.backup_owner,
        "time_zone": plan.time_zone,
        "start": plan.start,
        "end": plan.end,
        "status": "planned",
        "fields": dict(plan.fields),
        "landing_url": plan.landing_url,
        "channels": [
            {
                "format": channel.format,
                **({"platforms": list(channel.platforms)} if channel.platforms else {}),
            }
            for channel in plan.channels
        ],
        "success": {"metric": plan.metric, **({"event": plan.event} if plan.event else {})},
        **({"decisions": [dict(row) for row in plan.decisions]} if plan.decisions else {}),
    }
    if plan.continues:
        document["continues"] = plan.continues
    return yaml_text(document).encode()


__all__ = [
    "Ask",
    "Channel",
    "Plan",
    "channel_of",
    "check_slug",
    "checked",
    "file_of",
    "open_fields",
    "usual_slug",
]
