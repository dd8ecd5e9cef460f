"""What mends findings on a platform: renames and new links, and what each does to what runs."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from canonry.audit.report import Report
from canonry.audit.standard import Standard
from canonry.audit.standard import spellings as _spellings
from canonry.kernel.findings import Finding
from canonry.naming.runtime.text import fold

if TYPE_CHECKING:
    from canonry.catalogue.documents.platform import Platform

Effect = Literal["none", "review", "new object needed"]


class Layout(NamedTuple):
    """How a platform's bulk upload calls things."""

    id: str
    name: str
    url: str = ""
    suffix: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    window: str = ""


_LEVELS: Final[Mapping[str, Mapping[str, Layout]]] = {
    "meta": {
        "campaign": Layout("Campaign ID", "Campaign Name"),
        "ad_set": Layout("Ad Set ID", "Ad Set Name"),
        "ad": Layout("Ad ID", "Ad Name", "Link", "URL Tags"),
        "audience": Layout("Custom Audience ID", "Custom Audience Name", window="Retention (days)"),
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
_UNNAMED: Final = re.compile(r"[^a-z0-9_]+")
_PLAIN: Final = Layout("Id", "Name", "URL")

Kind = Literal["rename", "relink", "window"]


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
    name: str = ""


@dataclass
class Sheet:
    """A bulk upload's rows for one platform, account and level."""

    name: str
    kind: Kind
    header: list[str]
    rows: list[list[str]] = field(default_factory=list)


def repairs(report: Report, standard: Standard) -> dict[Kind, list[Repair]]:
    """Renames, relinks and windows; an object has one row of each, whatever was found of it.

    Only exact corrections make a row that can be uploaded; where the right value cannot be told, `after` is
    empty and the note says who builds it.
    """
    found: dict[Kind, dict[tuple[str, str], Repair]] = {"rename": {}, "relink": {}, "window": {}}
    renamed = {
        (str(finding.details.get("source")), level, _about(finding, "id"))
        for finding in report.findings
        if finding.details.get("sheet") == "rename" or finding.code == "A109"
        for level in _spellings(_about(finding, "level"))
    }
    for finding in report.findings:
        for kind, rows in found.items():
            if finding.details.get("sheet") == kind:
                _add(rows, kind, finding, standard, renamed)
    return {
        kind: sorted(
            rows.values(), key=lambda row: (row.platform, row.account, row.level, row.id, row.before)
        )
        for kind, rows in found.items()
    }


def _about(finding: Finding, what: str) -> str:
    about = finding.details.get("object")
    return str(about.get(what) or "") if isinstance(about, dict) else ""


def _add(
    into: dict[tuple[str, str], Repair],
    kind: Kind,
    finding: Finding,
    standard: Standard,
    renamed: Container[tuple[str, str, str]],
) -> None:
    details = finding.details
    key = (str(details.get("source")), finding.subject)
    correct = str(details.get("correct") or "")
    row = into.get(key)
    if row is None:
        effect, note = _EFFECTS[kind](finding, standard, renamed)
        before = {
            "rename": _about(finding, "name"),
            "relink": str(details.get("observed") or ""),
            "window": finding.values[1] if len(finding.values) > 1 else "",
        }[kind]
        row = into[key] = Repair(
            str(details.get("platform") or ""),
            str(details.get("account") or ""),
            _about(finding, "level"),
            _about(finding, "id"),
            before,
            correct,
            effect,
            note,
            owner=finding.owner,
            name=_about(finding, "name"),
        )
    row.after = row.after or correct
    if finding.code not in row.rules:
        row.rules.append(finding.code)
    if not row.after and finding.suggestion and finding.suggestion not in row.note:
        row.note = f"{row.note}; {finding.suggestion}" if row.note else finding.suggestion


def _fixed(known: Platform | None, level: str, what: Literal["name", "link"]) -> str:
    """Where it is written that a platform never changes this; empty where it does."""
    levels = known.levels if known is not None else {}
    return next(
        (entry.immutable.get(what, "") for key, entry in levels.items() if key in _spellings(level)), ""
    )


def _rename(
    finding: Finding, standard: Standard, renamed: Container[tuple[str, str, str]]
) -> tuple[Effect, str]:
    """A rename is safe, unless the platform has no renames."""
    platform, level = str(finding.details.get("platform") or ""), _about(finding, "level")
    known, label = standard.platform(platform), standard.label(platform)
    source = _fixed(known, level, "name")
    if source:
        return "new object needed", f"{label} keeps the first name for ever ({source}): create it anew"
    frozen = known is not None and any(
        macro.frozen and macro.level in _spellings(level) and "name" in macro.macro for macro in known.macros
    )
    if frozen:
        return (
            "none",
            f"safe; links that carry {label}'s name macros keep the first name: relink or duplicate",
        )
    return "none", "safe"


def _relink(
    finding: Finding, standard: Standard, renamed: Container[tuple[str, str, str]]
) -> tuple[Effect, str]:
    """A changed address may be reviewed; a frozen macro keeps the first name wherever it stands."""
    details, level = finding.details, _about(finding, "level")
    platform, about = str(details.get("platform") or ""), details.get("object")
    known, label = standard.platform(platform), standard.label(platform)
    if known is None or (level in ("tags", "link") and known.links is None):
        return "none", "find where this link is published"
    source = _fixed(known, "ad" if level == "link" else level, "link")
    if source:
        return "new object needed", f"{label} keeps the first address for ever ({source}): create the ad anew"
    parents = about.get("parents") if isinstance(about, dict) else None
    above = dict(parents.items()) if isinstance(parents, dict) else {}
    above.setdefault(level, _about(finding, "id").partition("/")[0])
    after = str(details.get("correct") or details.get("observed") or "")
    for macro in known.macros:
        if not macro.frozen or macro.macro not in after:
            continue
        for native, number in above.items():
            key = (str(details.get("source")), native, str(number))
            if macro.level in _spellings(native) and key in renamed:
                why = f"{label} froze {macro.macro} at first publication, and the {native} is renamed"
                return "new object needed", f"{why}: duplicate the ad"
    if known.links is not None and known.links.reviewed:
        return "review", "changing the address sends the ad into review"
    return "none", "find where this link is published"


def _window(
    finding: Finding, standard: Standard, renamed: Container[tuple[str, str, str]]
) -> tuple[Effect, str]:
    """Another window is set, or is another audience."""
    platform = str(finding.details.get("platform") or "")
    promise = standard.promise(
        platform, str(finding.details.get("account") or ""), _about(finding, "name"), _about(finding, "id")
    )
    window = standard.window(platform, promise.destination.mechanism) if promise is not None else None
    if window is not None and window.immutable:
        why = f"{standard.label(platform)} never changes it ({window.source or window.field})"
        return "new object needed", f"{why}: create, swap in, archive this one"
    return "none", "people who are in it already may stay until their old time is over"


def _file_name(*parts: str) -> str:
    """What a sheet is called: sources name platforms and levels, and none of that becomes a path."""
    return "-".join(_UNNAMED.sub("-", fold(part)).strip("-")[:40] or "other" for part in parts)


_EFFECTS: Final = {"rename": _rename, "relink": _relink, "window": _window}


def sheets(rows: Iterable[Repair], kind: Kind) -> list[Sheet]:
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
            column = {
                "rename": layout.name,
                "relink": layout.url or "URL",
                "window": layout.window or "Membership duration (days)",
            }[kind]
            name, taken = (
                _file_name(row.platform or "all", level, kind),
                {each.name for each in made.values()},
            )
            while name in taken:
                name += "_"
            extra = ["Name"] if kind == "window" else [name for name, _ in layout.extra]
            sheet = made[key] = Sheet(
                name,
                kind,
                ["Account", layout.id, column, *extra, "Before", "Effect", "Note", "Rules", "Owner"],
            )
        values = [row.name] if kind == "window" else [value for _, value in layout.extra]
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
