"""What platforms take in to change objects in bulk: columns, and in which of their programs.

A review sheet (`canonry.audit.repair.sheets`) is for people and says what each row does. An upload holds the
platform's own columns and nothing else, rows of one account that change something, and no row to be built.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from canonry.kernel.formulas import defused
from canonry.naming.runtime.text import fold, split

Kind = Literal["rename", "relink", "window"]


class Layout(NamedTuple):
    """How a platform calls the things of a level."""

    id: str
    name: str
    url: str = ""
    window: str = ""


PLAIN: Final = Layout("Id", "Name", "URL")
LEVELS: Final[Mapping[str, Mapping[str, Layout]]] = {
    "meta": {
        "campaign": Layout("Campaign ID", "Campaign Name"),
        "ad_set": Layout("Ad Set ID", "Ad Set Name"),
        "ad": Layout("Ad ID", "Ad Name", "Link"),
        "audience": Layout("Custom Audience ID", "Custom Audience Name", window="Retention (days)"),
    },
    "google_ads": {
        "campaign": Layout("Campaign ID", "Campaign"),
        "ad_group": Layout("Ad group ID", "Ad group"),
        "ad": Layout("Ad ID", "Ad name", "Final URL"),
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
        "campaign": Layout("Id", "Campaign"),
        "ad_group": Layout("Id", "Ad Group"),
    },
}


_UNNAMED: Final = re.compile(r"[^a-z0-9_]+")


def file_name(*parts: str) -> str:
    """What a sheet is called: sources name platforms and levels, and none of that becomes a path."""
    return "-".join(_UNNAMED.sub("-", fold(part)).strip("-")[:40] or "other" for part in parts)


def sheet_name(platform: str, level: str, kind: str) -> str:
    """The sheet of a level's repairs, without its ending; a link is its ad's."""
    return file_name(platform or "all", "ad" if level == "link" else level, kind)


class Change(NamedTuple):
    """One change as an upload says it."""

    account: str
    """The platform's own id of the account."""
    id: str
    before: str
    after: str
    parent: str
    """The name of the campaign that it hangs under; empty where nothing told it."""
    parent_id: str

    @property
    def landing(self) -> str:
        """The new address without its tags."""
        return tags_apart(self.after)[0]

    @property
    def tags(self) -> str:
        """The tags of the new address, as the field beside the address takes them."""
        return tags_apart(self.after)[1]


class Upload(NamedTuple):
    """A file that a platform takes in."""

    program: str
    columns: Mapping[str, str]
    """Heading to a member of `Change`, to `=text` that is the same in every row, or to nothing."""
    head: tuple[str, ...] = ()
    """A row before the others."""
    step: int = 0
    """When it is loaded, where that matters: what is found by the name above it, before that is another."""

    def row(self, change: Change) -> list[str] | None:
        """The change as a row; None where a cell is not known, so that it has to be made by hand."""
        cells = [
            what[1:] if what.startswith("=") else str(getattr(change, what)) if what else ""
            for what in self.columns.values()
        ]
        told = [cell for cell, what in zip(cells, self.columns.values(), strict=True) if what]
        return cells if all(told) and all(defused(cell) == cell for cell in told) else None


def tags_apart(url: str) -> tuple[str, str]:
    """An address without its UTM parameters, and these as they are written: macros stay raw."""
    base, pairs, fragment = split(url)
    written = [(key, f"{key}={value}" if value else key) for key, value in pairs]
    tags = [text for key, text in written if fold(key).startswith("utm_")]
    rest = [text for key, text in written if not fold(key).startswith("utm_")]
    return base + (f"?{'&'.join(rest)}" if rest else "") + fragment, "&".join(tags)


_EDITOR: Final = "Google Ads Editor > Account > Import > From file"
_META: Final = "Meta Ads Manager > Import ads in bulk"
_SDF: Final = "Display & Video 360 > Structured Data Files > Upload"
_TIKTOK: Final = "TikTok Ads Manager > Export/Import > Import ads"
_MICROSOFT: Final = "Microsoft Advertising > Bulk operations > Upload"

UPLOADS: Final[Mapping[tuple[str, str, Kind], Upload]] = {
    # The editor knows what is renamed by its name so far, never by an id: a name alone is a new campaign.
    ("google_ads", "campaign", "rename"): Upload(
        _EDITOR, {"Account": "account", "Campaign#Original": "before", "Campaign": "after"}, step=2
    ),
    ("google_ads", "ad_group", "rename"): Upload(
        _EDITOR,
        {"Account": "account", "Campaign": "parent", "Ad Group#Original": "before", "Ad Group": "after"},
        step=1,
    ),
    ("meta", "campaign", "rename"): Upload(_META, {"Campaign ID": "id", "Campaign Name": "after"}),
    ("meta", "ad_set", "rename"): Upload(_META, {"Ad Set ID": "id", "Ad Set Name": "after"}),
    ("meta", "ad", "rename"): Upload(_META, {"Ad ID": "id", "Ad Name": "after"}),
    ("meta", "ad", "relink"): Upload(_META, {"Ad ID": "id", "Link": "landing", "URL Tags": "tags"}),
    # Of lines alone a file may have a part of the columns; campaigns and orders go into a downloaded file.
    ("dv360", "line_item", "rename"): Upload(_SDF, {"Line Item Id": "id", "Name": "after"}),
    ("tiktok", "campaign", "rename"): Upload(_TIKTOK, {"Campaign ID": "id", "Campaign name": "after"}),
    ("tiktok", "ad_group", "rename"): Upload(_TIKTOK, {"Ad group ID": "id", "Ad group name": "after"}),
    ("tiktok", "ad", "rename"): Upload(_TIKTOK, {"Ad ID": "id", "Ad name": "after"}),
    ("microsoft", "campaign", "rename"): Upload(
        _MICROSOFT,
        {"Type": "=Campaign", "Id": "id", "Campaign": "after", "Name": ""},
        ("Format Version", "", "", "6.0"),
    ),
    ("microsoft", "ad_group", "rename"): Upload(
        _MICROSOFT,
        {"Type": "=Ad Group", "Id": "id", "Parent Id": "parent_id", "Ad Group": "after", "Name": ""},
        ("Format Version", "", "", "", "6.0"),
    ),
}
"""Platform, level and kind of repair to the file that makes it. What is not in it is done by hand."""
