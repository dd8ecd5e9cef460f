"""What mends findings on a platform: renames and new links, and what each does to what runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from canonry.audit.history import History
from canonry.audit.report import Report
from canonry.audit.standard import Standard
from canonry.audit.standard import spellings as _spellings
from canonry.audit.uploads import LEVELS, PLAIN, UPLOADS, Change, Kind, file_name, sheet_name
from canonry.kernel.findings import Finding

if TYPE_CHECKING:
    from canonry.catalogue.documents.platform import Platform

Effect = Literal["none", "review", "new object needed"]


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
    parents: Mapping[str, str] = field(default_factory=dict)
    """Level to id of what it hangs under, from the top."""
    source: str = ""


@dataclass
class Sheet:
    """What is to be repaired on one level of a platform, for people: what it is called, and what it does."""

    name: str
    kind: Kind
    header: list[str]
    rows: list[list[str]] = field(default_factory=list)


@dataclass
class File:
    """A file to upload: the platform's own columns, one account."""

    path: tuple[str, str]
    """The account's folder and the name."""
    program: str
    kind: Kind
    header: list[str]
    rows: list[list[str]] = field(default_factory=list)
    step: int = 0
    """Its place among the files of the account, where they have to be loaded in an order."""


Siblings = Mapping[str, Mapping[tuple[str, ...], str]]
"""By source, what has a name: account, level, parent and name to the id (`canonry.audit.roll`)."""


class Neighbours:
    """What stands beside the things that are repaired: who has a name already, what was renamed before."""

    def __init__(self, siblings: Siblings, history: History) -> None:
        self.siblings = siblings
        self.history = history
        self.names = {
            (source, native, number): name
            for source, named in siblings.items()
            for (_, native, _, name), number in named.items()
        }

    def holder(self, row: Repair) -> str:
        """The id of another object that has a row's new name under the same parent; empty where none has."""
        parent = list(row.parents.values())[-1:] or [""]
        key = (row.account, row.level, *parent, row.after)
        other = self.siblings.get(row.source, {}).get(key)
        return other if other is not None and other != row.id else ""

    def called(self, source: str, level: str, number: str) -> str:
        """The name of an object; empty where nothing told it."""
        return self.names.get((source, level, number), "")

    def renamed(self, platform: str, level: str, number: str) -> bool:
        """Whether an object was called otherwise in an earlier run."""
        return self.history.renamed(f"{platform}/{level}/{number}")


NOBODY: Final = Neighbours({}, History())


def repairs(report: Report, standard: Standard, neighbours: Neighbours = NOBODY) -> dict[Kind, list[Repair]]:
    """Renames, relinks and windows; an object has one row of each, whatever was found of it.

    Only exact corrections make a row that can be uploaded; where the right value cannot be told, or is
    another's name already, `after` is empty and the note says who builds it.
    """
    found: dict[Kind, dict[tuple[str, str], Repair]] = {"rename": {}, "relink": {}, "window": {}}
    renamed = _Renamed(
        {
            (str(finding.details.get("source")), level, _about(finding, "id"))
            for finding in report.findings
            if finding.details.get("sheet") == "rename" or finding.code == "A109"
            for level in _spellings(_about(finding, "level"))
        },
        neighbours,
    )
    for finding in report.findings:
        for kind, rows in found.items():
            if finding.details.get("sheet") == kind:
                _add(rows, kind, finding, standard, renamed)
    _apart(list(found["rename"].values()), neighbours)
    return {
        kind: sorted(
            rows.values(), key=lambda row: (row.platform, row.account, row.level, row.id, row.before)
        )
        for kind, rows in found.items()
    }


@dataclass(frozen=True, slots=True)
class _Renamed:
    """What is renamed now, or was at any time that is remembered."""

    now: Container[tuple[str, str, str]]
    neighbours: Neighbours

    def has(self, finding: Finding, native: str, number: str) -> bool:
        platform = str(finding.details.get("platform") or "")
        key = (str(finding.details.get("source")), native, number)
        return key in self.now or self.neighbours.renamed(platform, native, number)


def _apart(rows: Iterable[Repair], neighbours: Neighbours) -> None:
    """Takes a new name back that another object has, or is to have as well: a report adds both up."""
    wanted: dict[tuple[str, ...], list[Repair]] = {}
    for row in rows:
        if not row.after:
            continue
        if holder := neighbours.holder(row):
            _held_back(row, f"{row.after} is the name of {holder} already")
            continue
        parent = list(row.parents.values())[-1:] or [""]
        wanted.setdefault((row.source, row.account, row.level, *parent, row.after), []).append(row)
    for alike in wanted.values():
        for row in alike if len(alike) > 1 else ():
            others = ", ".join(other.id for other in alike[:4] if other is not row)
            _held_back(row, f"{row.after} would be the name of {others} too")


def _held_back(row: Repair, why: str) -> None:
    row.after = ""
    row.note = f"{why}: give each its own variant, or remove the one that is not used"


def _about(finding: Finding, what: str) -> str:
    about = finding.details.get("object")
    return str(about.get(what) or "") if isinstance(about, dict) else ""


def _add(
    into: dict[tuple[str, str], Repair],
    kind: Kind,
    finding: Finding,
    standard: Standard,
    renamed: _Renamed,
) -> None:
    details = finding.details
    about = details.get("object")
    parents = about.get("parents") if isinstance(about, dict) else None
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
            parents={k: str(v) for k, v in parents.items()} if isinstance(parents, dict) else {},
            source=str(details.get("source")),
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


def _rename(finding: Finding, standard: Standard, renamed: _Renamed) -> tuple[Effect, str]:
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


def _relink(finding: Finding, standard: Standard, renamed: _Renamed) -> tuple[Effect, str]:
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
            if macro.level in _spellings(native) and renamed.has(finding, native, str(number)):
                why = f"{label} froze {macro.macro} at first publication, and the {native} is renamed"
                return "new object needed", f"{why}: duplicate the ad"
    if known.links is not None and known.links.reviewed:
        return "review", "changing the address sends the ad into review"
    return "none", "find where this link is published"


def _window(finding: Finding, standard: Standard, renamed: _Renamed) -> tuple[Effect, str]:
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


_EFFECTS: Final = {"rename": _rename, "relink": _relink, "window": _window}


def _level_of(kind: Kind, row: Repair) -> str:
    """The level whose columns a row has: a link is its ad's."""
    if row.level != "link":
        return row.level
    return "creative" if kind == "relink" and row.platform in ("dv360", "linkedin") else "ad"


def sheets(rows: Iterable[Repair], kind: Kind) -> list[Sheet]:
    """The rows in each platform's words, one sheet per platform and level; what can be uploaded is first."""
    made: dict[tuple[str, str], Sheet] = {}
    for row in sorted(rows, key=lambda row: not row.after):
        level = "ad" if row.level == "link" else row.level
        layout = LEVELS.get(row.platform, {}).get(_level_of(kind, row), PLAIN)
        key = (row.platform, level)
        sheet = made.get(key)
        if sheet is None:
            column = {
                "rename": layout.name,
                "relink": layout.url or "URL",
                "window": layout.window or "Membership duration (days)",
            }[kind]
            name, taken = sheet_name(row.platform, row.level, kind), {each.name for each in made.values()}
            while name in taken:
                name += "_"
            extra = ["Name"] if kind == "window" else []
            sheet = made[key] = Sheet(
                name,
                kind,
                ["Account", layout.id, column, *extra, "Before", "Effect", "Note", "Rules", "Owner"],
            )
        sheet.rows.append(
            [
                row.account,
                row.id.partition("/")[0] if row.level == "link" else row.id,
                row.after,
                *([row.name] if kind == "window" else []),
                row.before,
                row.effect,
                row.note,
                " ".join(row.rules),
                row.owner,
            ]
        )
    return sorted(made.values(), key=lambda sheet: sheet.name)


def uploads(
    rows: Iterable[Repair], kind: Kind, standard: Standard, neighbours: Neighbours = NOBODY
) -> list[File]:
    """Files as platforms take them in, one per account and level.

    Only what changes something that is there: no row to be built, none that needs a new object, and no
    object twice (an ad with several addresses is changed by hand).
    """
    listed = [row for row in rows if row.after and row.effect != "new object needed"]
    times: dict[tuple[str, str, str], int] = {}
    for row in listed:
        key = (row.platform, row.account, row.id.partition("/")[0])
        times[key] = times.get(key, 0) + 1
    made: dict[tuple[str, str, str], File] = {}
    for row in listed:
        number, level = row.id.partition("/")[0], _level_of(kind, row)
        upload = UPLOADS.get((row.platform, level, kind))
        if upload is None or times[row.platform, row.account, number] > 1:
            continue
        if (
            "before" in upload.columns.values()
            and neighbours.called(row.source, row.level, row.id) != row.before
        ):
            continue  # what is masked or cut off finds nothing
        known = standard.accounts.get(row.account)
        above = next(iter(row.parents.items()), ("", ""))
        cells = upload.row(
            Change(
                known.id if known is not None else row.account,
                number,
                row.before,
                row.after,
                neighbours.called(row.source, *above),
                above[1],
            )
        )
        if cells is None:
            continue
        folder, name = file_name(row.account or row.platform), file_name(level, kind)
        key = (row.platform, folder, name)
        if key not in made:
            head = [list(upload.head)] if upload.head else []
            made[key] = File((folder, name), upload.program, kind, list(upload.columns), head, upload.step)
        made[key].rows.append(cells)
    return _numbered(made.values())


def _numbered(files: Iterable[File]) -> list[File]:
    """The files in the order in which they are loaded; where that matters their names say so."""
    listed = sorted(files, key=lambda file: (file.path[0], file.step))
    steps = Counter(file.path[0] for file in listed if file.step)
    return [
        replace(file, path=(file.path[0], f"{file.step}-{file.path[1]}"))
        if file.step and steps[file.path[0]] > 1
        else replace(file, step=0)
        for file in listed
    ]
