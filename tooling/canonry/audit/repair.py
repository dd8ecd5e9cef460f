"""What mends findings on a platform: renames and new links, and what each does to what runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from canonry.audit.report import Report
from canonry.audit.standard import Standard
from canonry.kernel.findings import Finding

Effect = Literal["none", "review", "new object needed"]


class Layout(NamedTuple):
    """How a platform's bulk upload calls things."""

    id: str
    name: str
    url: str = ""
    suffix: str = ""
    extra: tuple[tuple[str, str], ...] = ()


_LEVELS: Final[Mapping[str, Mapping[str, Layout]]] = {
    "meta": {
        "campaign": Layout("Campaign ID", "Campaign Name"),
        "ad_set": Layout("Ad Set ID", "Ad Set Name"),
        "ad": Layout("Ad ID", "Ad Name", "Link", "URL Tags"),
        "audience": Layout("Custom Audience ID", "Custom Audience Name"),
    },
    "google_ads": {
        "campaign": Layout("Campaign ID", "Campaign", extra=(("Action", "Edit"),)),
        "ad_group": Layout("Ad group ID", "Ad group", extra=(("Action", "Edit"),)),
        "ad": Layout("Ad ID", "Ad name", "Final URL", "Final URL suffix", extra=(("Action", "Edit"),)),
        "conversion_action": Layout("Conversion action ID", "Conversion action"),
    },
    "dv360": {
        "campaign": Layout("Campaign Id", "Name"),
        "insertion_order": Layout("Io Id", "Name"),
        "line_item": Layout("Line Item Id", "Name"),
        "creative": Layout("Creative Id", "Name", "Landing Page URL"),
    },
    "tiktok": {
        "campaign": Layout("Campaign ID", "Campaign name"),
        "ad_group": Layout("Ad group ID", "Ad group name"),
        "ad": Layout("Ad ID", "Ad name", "Web URL"),
    },
    "linkedin": {
        "campaign_group": Layout("Campaign Group ID", "Campaign Group Name"),
        "campaign": Layout("Campaign ID", "Campaign Name"),
        "creative": Layout("Ad ID", "Ad Name", "Click URL"),
    },
    "microsoft": {
        "campaign": Layout("Id", "Campaign", extra=(("Type", "Campaign"), ("Status", ""))),
        "ad_group": Layout("Id", "Ad Group", extra=(("Type", "Ad Group"), ("Status", ""))),
    },
}
_PLAIN: Final = Layout("Id", "Name", "URL")

REVIEWED: Final = frozenset({"meta", "google_ads", "dv360", "tiktok", "linkedin", "microsoft", "pinterest"})
"""Platforms on which a changed address sends an ad into review."""


@dataclass
class Repair:
    """One row of a sheet."""

    platform: str
    account: str
    level: str
    id: str
    before: str
    after: str
    effect: Effect
    note: str = ""
    rules: list[str] = field(default_factory=list)
    owner: str = ""


@dataclass
class Sheet:
    """A bulk upload's rows for one platform, account and level."""

    name: str
    kind: Literal["rename", "relink"]
    header: list[str]
    rows: list[list[str]] = field(default_factory=list)


def repairs(report: Report, standard: Standard) -> tuple[list[Repair], list[Repair]]:
    """Renames and relinks; an object has one row, whatever was found of it.

    Only exact corrections make a row that can be uploaded; where the right value cannot be told, `after` is
    empty and the note says who builds it.
    """
    renames: dict[tuple[str, str], Repair] = {}
    relinks: dict[tuple[str, str], Repair] = {}
    for finding in report.findings:
        sheet = finding.details.get("sheet")
        if sheet == "rename":
            _add(renames, finding, standard, relink=False)
        elif sheet == "relink":
            _add(relinks, finding, standard, relink=True)
    return _sorted(renames.values()), _sorted(relinks.values())


def _sorted(rows: Iterable[Repair]) -> list[Repair]:
    return sorted(rows, key=lambda row: (row.platform, row.account, row.level, row.id, row.before))


def _add(into: dict[tuple[str, str], Repair], finding: Finding, standard: Standard, *, relink: bool) -> None:
    details = finding.details
    about = details.get("object")
    known = about if isinstance(about, dict) else {}
    key = (str(details.get("source")), finding.subject)
    correct = str(details.get("correct") or "")
    row = into.get(key)
    if row is None:
        platform = str(details.get("platform") or "")
        effect, note = _effect(platform, str(known.get("level") or ""), standard, relink=relink)
        before = details.get("observed") if relink else known.get("name")
        row = into[key] = Repair(
            platform,
            str(details.get("account") or ""),
            str(known.get("level") or ""),
            str(known.get("id") or ""),
            str(before or ""),
            correct,
            effect,
            note,
            owner=finding.owner,
        )
    row.after = row.after or correct
    if finding.code not in row.rules:
        row.rules.append(finding.code)
    if not row.after and finding.suggestion and finding.suggestion not in row.note:
        row.note = f"{row.note}; {finding.suggestion}" if row.note else finding.suggestion


def _effect(platform: str, level: str, standard: Standard, *, relink: bool) -> tuple[Effect, str]:
    known = standard.platform(platform)
    if not relink:
        frozen = [m for m in known.macros if m.frozen and "name" in m.macro] if known else []
        if frozen and level in ("ad", "ad_set", "campaign"):
            label = known.label if known else platform
            return (
                "none",
                f"safe; links that carry {label}'s name macros keep the first name: relink or duplicate",
            )
        return "none", "safe"
    if level in ("tags", "link") and platform not in REVIEWED:
        return "none", "find where this link is published"
    frozen = [m for m in known.macros if m.frozen] if known else []
    if frozen and level == "link":
        return "review", "changing the address sends the ad into review; frozen name macros need a new ad"
    return "review", "changing the address sends the ad into review"


def sheets(rows: Iterable[Repair], kind: Literal["rename", "relink"]) -> list[Sheet]:
    """The rows in each platform's own columns, one sheet per platform and level."""
    made: dict[tuple[str, str], Sheet] = {}
    for row in rows:
        level = "ad" if row.level == "link" else row.level
        layout = _LEVELS.get(row.platform, {}).get(level, _PLAIN)
        if kind == "relink" and row.platform == "dv360" and row.level == "link":
            layout = _LEVELS["dv360"]["creative"]
        if kind == "relink" and row.platform == "linkedin" and row.level == "link":
            layout = _LEVELS["linkedin"]["creative"]
        key = (row.platform, level)
        sheet = made.get(key)
        if sheet is None:
            column = layout.name if kind == "rename" else layout.url or "URL"
            extra = [name for name, _ in layout.extra]
            sheet = made[key] = Sheet(
                f"{row.platform or 'all'}-{level}-{kind}",
                kind,
                ["Account", layout.id, column, *extra, "Before", "Effect", "Note", "Rules", "Owner"],
            )
        values = [value for _, value in layout.extra]
        sheet.rows.append(
            [
                row.account,
                row.id,
                row.after,
                *values,
                row.before,
                row.effect,
                row.note,
                " ".join(row.rules),
                row.owner,
            ]
        )
    return list(made.values())
