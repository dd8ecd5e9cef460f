"""What a campaign consists of, as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from canonry.render.palette import PLAIN
from canonry.render.plain import visible, wrapped

if TYPE_CHECKING:
    from canonry.render.palette import Palette

_MOST = 12
"""Names of one level that are listed; the workbook has all."""


def built_text(
    built: Mapping[str, Any],
    labels: Mapping[str, str],
    palette: Palette = PLAIN,
    *,
    output: str | None = None,
) -> str:
    """The JSON of `campaign build` for people. `labels`: platform to its name."""
    lines: list[str] = []
    levels: dict[tuple[str, str], dict[str, None]] = {}
    texts: dict[str, dict[str, None]] = {}
    for item in built["items"]:
        platform = item["platform"] or ""
        for level, name in item["names"].items():
            levels.setdefault((platform, level), {})[name] = None
        if item["link"]:
            texts.setdefault(platform, {})[item["link"]["text"]] = None
    for platform in dict.fromkeys(item["platform"] or "" for item in built["items"]):
        lines.append(palette("bold", visible(labels.get(platform, platform) or "No platform")))
        for (where, level), names in levels.items():
            if where == platform:
                lines += _listed(level.replace("_", " "), names)
        lines += _listed("link", texts.get(platform, {}))
    if built["open"]:
        lines.append(palette("bold", f"{len(built['open'])} to settle before the rest can be built"))
        for row in built["open"]:
            lines.append(
                wrapped(f"channel {row['channel'] + 1}, {row['message']}", indent="  ", hanging="    ")
            )
            lines.append(wrapped(row["advice"], indent="      "))
    counts = built["counts"]
    lines.append("")
    lines.append(
        f"{visible(built['slug'])} ({built['id']}): {counts['objects']:,} objects, "
        f"{counts['names']:,} names, {counts['links']:,} links"
        + (f", {len(built['open'])} open" if built["open"] else "")
    )
    if output is not None:
        lines.append(f"The workbook is {visible(output)}.")
    if built["recorded"] is not None:
        lines.append(f"{built['recorded']:,} new links are kept in registry/links/{built['id']}.jsonl.")
    return "\n".join(lines)


def _listed(what: str, names: Mapping[str, None]) -> list[str]:
    shown = [wrapped(f"{what}: {name}", indent="  ", hanging="    ") for name in list(names)[:_MOST]]
    if len(names) > _MOST:
        shown.append(f"  and {len(names) - _MOST:,} more; -o plan.xlsx has them all")
    return shown
