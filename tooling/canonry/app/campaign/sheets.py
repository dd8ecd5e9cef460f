"""A campaign's workbook: the plan, a sheet per platform as its screens take it in, what to paste where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from canonry.app.campaign.objects import Item, Objects, Open, exclusion_names
from canonry.app.campaign.offline import Printed, printed

if TYPE_CHECKING:
    from canonry.app.links import Book
    from canonry.catalogue.documents.platform import Platform
    from canonry.catalogue.model import Catalogue

CAMPAIGN: Final = "Campaign"
CHANNELS: Final = "Channels"
DECISIONS: Final = "Decisions"
PASTE: Final = "What to paste where"
LINKS: Final = "Links"
OFFLINE: Final = "Offline"
OPEN: Final = "Open"

PLAN_ROWS: Final = (
    "slug", "label", "description", "owner", "backup_owner", "time_zone", "start", "end", "status",
    "landing_url", "markets", "segments", "exclusions", "success.metric", "success.event", "success.target",
    "journey", "sequence", "frozen", "continues",
)  # fmt: skip
"""First column of the sheet `Campaign`, beside `field.<name>`."""
CHANNEL_COLUMNS: Final = (
    "format", "platforms", "markets", "segments", "creatives", "landing_url", "optimisation_goal", "owner",
)  # fmt: skip
"""Columns of the sheet `Channels`, beside `field.<name>`."""
_SHOWN: Final = 3

DECISION_COLUMNS: Final = ("metric", "when", "window", "action", "owner", "signal")


@dataclass
class Sheet:
    """One sheet: rows of text, and QR codes by row (in the first column after the cells)."""

    name: str
    rows: Iterator[Sequence[str]]
    codes: Mapping[int, str] = field(default_factory=dict)


def workbook(catalogue: Catalogue, book: Book, objects: Objects) -> Iterator[Sheet]:
    """Every sheet, in order."""
    yield Sheet(CAMPAIGN, iter(_plan(objects)))
    yield Sheet(CHANNELS, iter(_channels(objects)))
    yield Sheet(DECISIONS, iter(_decisions(objects)))
    by_platform: dict[str, list[Item]] = {}
    for item in objects.items:
        if item.platform is not None:
            by_platform.setdefault(item.platform, []).append(item)
    for platform, items in by_platform.items():
        yield Sheet(book.label(platform), bulk_rows(catalogue, objects, platform, items))
    yield Sheet(PASTE, _paste(book, catalogue, objects, by_platform))
    yield Sheet(LINKS, _links(objects))
    codes = list(printed(catalogue, objects))
    if codes:
        rows = _offline(codes)
        yield Sheet(OFFLINE, iter(rows), {number: code.code for number, code in enumerate(codes, 1)})
    if objects.open:
        yield Sheet(OPEN, _open(objects.open))


def bulk_rows(
    catalogue: Catalogue, objects: Objects, platform: str, items: Sequence[Item]
) -> Iterator[list[str]]:
    """The rows of a platform's bulk sheet, its headings first; one row per object, no row twice."""
    about = catalogue.platforms[platform]
    columns = bulk_columns(about)
    yield [heading for heading, _ in columns]
    makers = [_maker(catalogue, objects, platform, holds) for _, holds in columns]
    seen: set[tuple[str, ...]] = set()
    for item in items:
        row = tuple([make(item) for make in makers])
        if row not in seen:
            seen.add(row)
            yield list(row)


def bulk_columns(about: Platform) -> list[tuple[str, str]]:
    """Heading, and what the column holds; `=` before a text that is the same in every row."""
    if about.bulk is not None:
        return [(c.heading, f"={c.text or ''}" if c.holds is None else c.holds) for c in about.bulk.columns]
    named = [(level.label, f"name:{name}") for name, level in about.levels.items() if name != "audience"]
    return [*named, ("Audience", "audience"), ("Start", "start"), ("End", "end"), ("Link", "link")]


def _maker(catalogue: Catalogue, objects: Objects, platform: str, holds: str) -> Callable[[Item], str]:
    campaign = objects.campaign
    if holds.startswith("="):
        return lambda _: holds[1:]
    if holds.startswith("name:"):
        level = holds.removeprefix("name:")
        return lambda item: item.names.get(level, "")
    if holds.startswith("parameter:"):
        key = holds.removeprefix("parameter:")
        return lambda item: dict(item.link["params"]).get(key, "") if item.link else ""
    excluded = "; ".join(exclusion_names(catalogue, campaign, platform))
    accounts = catalogue.accounts.accounts if catalogue.accounts else {}
    own = ", ".join(
        name for name in campaign.platform_ids if name in accounts and accounts[name].platform == platform
    )
    makers: Mapping[str, Callable[[Item], str]] = {
        "landing": lambda item: campaign.channels[item.channel].landing_url or campaign.landing_url,
        "link": lambda item: (item.link["url"] or "") if item.link else "",
        "paste": lambda item: (item.link["text"] or "") if item.link else "",
        "audience": lambda item: item.audience or "",
        "exclusions": lambda _: excluded,
        "goal": lambda item: campaign.channels[item.channel].optimisation_goal or "",
        "start": lambda _: campaign.start,
        "end": lambda _: campaign.end,
        "account": lambda _: own,
        "market": lambda item: item.market or "",
        "creative": lambda item: item.creative or "",
    }
    return makers.get(holds, lambda _: "")


def _plan(objects: Objects) -> list[list[str]]:
    campaign = objects.campaign
    values: dict[str, Any] = {
        **{name: getattr(campaign, name, None) for name in PLAN_ROWS if "." not in name},
        "success.metric": campaign.success.metric,
        "success.event": campaign.success.event,
        "success.target": campaign.success.target,
        "sequence": [f"{step.funnel_stage} {step.frequency_tier}" for step in campaign.sequence],
    }
    rows = [["What", "Value"], ["id", objects.key]]
    rows += [[name, _cell(values[name])] for name in PLAN_ROWS]
    rows += [[f"field.{name}", value] for name, value in campaign.fields.items()]
    return rows


def _channels(objects: Objects) -> list[list[str]]:
    channels = objects.campaign.channels
    fields = list(dict.fromkeys(name for channel in channels for name in channel.fields))
    rows = [[*CHANNEL_COLUMNS, *(f"field.{name}" for name in fields)]]
    for channel in channels:
        cells = [_cell(getattr(channel, name)) for name in CHANNEL_COLUMNS]
        rows.append([*cells, *(channel.fields.get(name, "") for name in fields)])
    return rows


def _decisions(objects: Objects) -> list[list[str]]:
    rows = [list(DECISION_COLUMNS)]
    rows += [[str(getattr(row, name)) for name in DECISION_COLUMNS] for row in objects.campaign.decisions]
    return rows


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return "\n".join(value) if isinstance(value, list) else str(value)


def _paste(
    book: Book, catalogue: Catalogue, objects: Objects, by_platform: Mapping[str, Sequence[Item]]
) -> Iterator[list[str]]:
    yield ["Where", "In which field", "What to paste", "For"]
    for platform, items in by_platform.items():
        about = catalogue.platforms[platform]
        label = book.label(platform)
        if about.bulk is not None:
            sure = about.bulk.confidence == "high"
            advice = "all objects at once" + (
                ""
                if sure
                else f"; headings of {about.bulk.confidence} confidence, so compare with an export first"
            )
            yield [label, about.bulk.program, f"the sheet {label!r}", advice]
        told: dict[str, list[str]] = {}
        for item in items:
            if item.link is not None and item.link["text"]:
                told.setdefault(item.link["text"], []).append(item.creative or item.market or "")
        where = about.links.paste if about.links is not None else ""
        for text, users in told.items():
            several = dict.fromkeys(user for user in users if user)
            more = f" and {len(several) - _SHOWN} more" if len(several) > _SHOWN else ""
            shown = ", ".join(list(several)[:_SHOWN]) + more
            yield [label, where, text, shown]


def _links(objects: Objects) -> Iterator[list[str]]:
    yield ["Channel", "Platform", "Market", "Segment", "Creative", "Link", "GA4 channel"]
    seen: set[tuple[str, ...]] = set()
    for item in objects.items:
        if item.link is None:
            continue
        channel = item.link["channel"]["name"] if item.link["channel"] else ""
        row = (
            item.format,
            item.platform or "",
            item.market or "",
            item.segment or "",
            item.creative or "",
            item.link["url"] or item.link["text"],
            channel,
        )
        if row not in seen:
            seen.add(row)
            yield list(row)


def _offline(codes: Sequence[Printed]) -> list[list[str]]:
    rows = [["Place", "Short address (redirect from)", "Leads to (redirect to)", "QR code"]]
    rows += [[code.place, code.short, code.target, ""] for code in codes]
    return rows


def _open(rows: Sequence[Open]) -> Iterator[list[str]]:
    yield ["Channel", "What is missing", "What to do"]
    for row in rows:
        yield [str(row.channel + 1), row.message, row.advice]
