"""Golden cases of the audit: observations as YAML, judged against this repository's own registry.

`case.yaml` has `bad` and `good`, each with `source` (capabilities), `observations`, and perhaps `gaps`,
`history` (lines), `issued` (entries of a campaign's links), `whole` (every source there is) and `today`.
Observations name the fields of `Observation` that they set.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import yaml

from canonry.adapters.worktree import DirectoryTree
from canonry.app.auditing import standard
from canonry.audit.history import parse
from canonry.audit.issued import Issued
from canonry.audit.observation import Level, Observation, Upkeep, Weight
from canonry.audit.run import Audit, Options
from canonry.audit.source import Capabilities, Gap, Period, Recorded, Tells
from canonry.catalogue.load import load

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "tests" / "cases" / "audit"
TODAY = date(2026, 11, 25)
_DAYS = ("first_seen", "last_seen", "starts", "ends")


@cache
def registry():
    """The registry of this repository, compiled once."""
    return standard(load(DirectoryTree(ROOT)).value, TODAY)


def observation(told: dict[str, Any], source: str) -> Observation:
    """One observation as a case writes it."""
    given = dict(told)
    level = Level(given.pop("level"))
    platform = given.pop("platform", "meta")
    weight = Weight(**given.pop("weight", {}))
    upkeep = given.pop("upkeep", None)
    if upkeep is not None:
        if "synced" in upkeep:
            upkeep = {**upkeep, "synced": date.fromisoformat(str(upkeep["synced"]))}
        given["upkeep"] = Upkeep(**upkeep)
    for key in _DAYS:
        if key in given:
            given[key] = date.fromisoformat(str(given[key]))
    return Observation(source, platform, level, weight=weight, **given)


_BESIDE = {
    **dict.fromkeys((Level.CAMPAIGN, Level.AD_GROUP, Level.AD), (Level.LINK,)),
    Level.EVENT: (Level.PARAMETER, Level.USER_PROPERTY),
}
"""What a recording is taken to read beside what it shows, unless the case says otherwise."""


def source(told: dict[str, Any]) -> Recorded:
    """The recording that a case plays back."""
    can = told.get("source", {})
    name = can.get("name", "recorded")
    items = [observation(each, name) for each in told.get("observations", [])]
    gaps = [Gap(**each) for each in told.get("gaps", [])]
    shown = {item.level for item in items}
    more = [level for first, levels in _BESIDE.items() if first in shown for level in levels]
    levels = frozenset(Level(each) for each in can.get("levels", {*shown, *more}))
    tells = frozenset(Tells(each) for each in can.get("tells", frozenset(Tells) - {Tells.ALL}))
    capabilities = Capabilities(
        can.get("platform", "meta"),
        levels,
        tells,
        can.get("account", ""),
        tuple(can.get("lacks", ())),
        Period(),
    )
    return Recorded(name, capabilities, [*items, *gaps])


def report(told: dict[str, Any]):
    """The report of a case's observations."""
    held = registry()
    held.today = date.fromisoformat(str(told.get("today", TODAY)))
    try:
        files = {
            key: b"".join(orjson.dumps(entry) + b"\n" for entry in entries)
            for key, entries in told.get("issued", {}).items()
        }
        audit = Audit(
            held,
            history=parse("\n".join(told.get("history", ()))),
            options=Options(whole=told.get("whole", False)),
            issued=Issued(files, held),
        )
        audit.take(source(told))
        return audit.report()
    finally:
        held.today = TODAY


def shown(found) -> list[dict[str, Any]]:
    """Findings as golden files hold them."""
    return [
        {
            "code": finding.code,
            "name": finding.name,
            "level": "undecided" if finding.undecided else finding.level.word,
            "message": finding.message,
            "do": finding.suggestion,
            "owner": finding.owner,
            "layer": finding.details.get("layer"),
            "correct": finding.details.get("correct"),
            "sheet": finding.details.get("sheet"),
            "subject": finding.subject,
            "place": finding.place.path,
        }
        for finding in found
    ]


def read(path: Path) -> Any:
    """A case."""
    return yaml.safe_load(path.read_text("utf-8"))
