"""From a tree to what `generated/` should hold, and how far it is from that."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from canonry.app import linkdata
from canonry.catalogue.load import load
from canonry.catalogue.refs import RefError
from canonry.catalogue.tree import MemoryTree, UnreadableFileError
from canonry.codegen.package import FOLDER as PYTHON
from canonry.codegen.package import newest, release_of
from canonry.codegen.plan import (
    Content,
    Digest,
    Drift,
    Models,
    Plan,
    Source,
    Unit,
    client_folder,
    drift,
    plan,
    same,
)
from canonry.codegen.published import FOLDER as SCHEMAS
from canonry.codegen.published import latest_path
from canonry.kernel.errors import UsageError
from canonry.kernel.findings import Finding, Level

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from canonry.catalogue.model import Catalogue
    from canonry.catalogue.tree import Tree

FOLDERS: Final = (SCHEMAS, PYTHON, linkdata.FOLDER)
"""What is generated; whatever else stands there does not belong."""

_ALONE: Final = re.compile(r"contracts/(?:events|traits|segments)/[a-z0-9_]+/v[0-9]+\.json\Z")
_REACHES_OUT: Final = re.compile(rb'"\$ref"\s*:\s*"(?!#|/common/|/vocabularies/)')

Memo = dict[str, Any]
"""Units by id, as JSON: what they were made from, and the digests of their files. Empty remembers nothing."""


@dataclass(frozen=True, slots=True)
class Report:
    """What should be, how the tree differs, and what was refused. With `problems` nothing was planned."""

    plan: Plan
    drift: Drift
    problems: tuple[Finding, ...] = ()
    memo: Memo = field(default_factory=dict)
    """What to remember for the next time."""
    doubts: tuple[Finding, ...] = ()
    """What lint refuses of contracts that were generated from all the same."""

    @property
    def ok(self) -> bool:
        """Whether the tree is as it should be."""
        return not (self.drift or self.problems or self.plan.refused or self.doubts)


def generate(
    tree: Tree,
    models: Models,
    *,
    released: Mapping[str, bytes],
    runtime: Mapping[str, bytes],
    actual: Mapping[str, Content],
    release: str,
    only: Callable[[str], bool] = lambda _: True,
    memo: Memo | None = None,
    today: date | None = None,
) -> Report:
    """The plan of a tree against what is there (`actual`). `only` limits what is compared, by path. With
    `today`, what lint refuses in the shape of contracts is told as well, by the policy of that day.

    Contracts that `memo` knows, whose files stand as they should, are not even loaded. A catalogue with
    errors of loading is not generated from: half a client is worse than yesterday's.
    """
    contents = _contents(tree)
    keys = _keys(contents)
    known = _known(memo or {}, keys, actual)
    part = MemoryTree({path: data for path, data in contents.items() if path not in known})
    loaded = load(part if contents else tree)
    errors = tuple(problem for problem in loaded.problems if problem.level is Level.ERROR)
    if errors and not known:
        return Report(Plan({}), Drift((), (), ()), errors)
    doubts = () if errors or today is None else doubtful(loaded.value, today)
    made = Plan({})
    if not errors:
        source = Source(loaded.value, released, runtime, release)
        try:
            made = plan(source, models, {unit.identifier: unit for unit in known.values()})
            if made.files:
                made = replace(made, files={**made.files, linkdata.PATH: linkdata.link_data(loaded.value)})
        except RefError as error:
            raise UsageError(str(error), "canonry lint names the place") from error
    if known and (errors or made.refused or doubts or _alike(known.values(), loaded.value)):
        # what is wrong is said with all that is known of it
        return generate(
            tree,
            models,
            released=released,
            runtime=runtime,
            actual=actual,
            release=release,
            only=only,
            today=today,
        )
    wanted = {path: data for path, data in made.files.items() if only(path)}
    there = {path: data for path, data in actual.items() if only(path)}
    units = {**made.made, **{unit.identifier: unit for unit in known.values()}}
    if doubts:  # to be told again the next time
        keys = {path: key for path, key in keys.items() if all(path != doubt.place.path for doubt in doubts)}
    report = Report(made, drift(wanted, there), memo=_remembered(loaded.value, keys, units))
    return replace(report, doubts=doubts)


SHAPE: Final = (
    "L101", "L102", "L103", "L104", "L105", "L106", "L107", "L108", "L109", "L110", "L111", "L112", "L115",
    "L116", "L119", "L120", "L122",
)  # fmt: skip
"""Rules of what models are made of; where they hold, model and schema agree. A reference that leads nowhere
(L113, L114) ends generating."""


def doubtful(catalogue: Catalogue, today: date) -> tuple[Finding, ...]:
    """What lint refuses, as errors, in the shape of contracts."""
    from canonry.app.rules import all_rules
    from canonry.catalogue.policy import Policy
    from canonry.lint.engine import every_rule, findings

    found = findings(catalogue, today=today, only=SHAPE)
    judged = Policy(catalogue, today, every_rule(), all_rules).judge(found, whole=False)
    return tuple(finding for finding in judged.findings if finding.level is Level.ERROR)


def _alike(known: Iterable[Unit], catalogue: Catalogue) -> bool:
    """Whether a contract that was made and one that is known differ only in how their words are joined."""
    names = {(unit.id.kind, unit.id.name.replace("_", "")): unit.id.name for unit in known}
    return any(
        names.get((one.id.kind, one.id.name.replace("_", "")), one.id.name) != one.id.name
        for one in catalogue.contracts.values()
    )


def _contents(tree: Tree) -> dict[str, bytes]:
    """Every file of the tree; none where one cannot be read, which loading the tree itself will tell."""
    try:
        return {path: tree.read(path) for path in tree.paths()}
    except (UnreadableFileError, KeyError):
        return {}


def _keys(contents: Mapping[str, bytes]) -> dict[str, str]:
    """What a contract's unit was made from, where contracts rest on themselves and on shared files alone."""
    alone = {path for path in contents if _ALONE.match(path)}
    if any(_REACHES_OUT.search(contents[path]) for path in alone):
        return {}
    shared = hashlib.sha256()
    for path in sorted(contents.keys() - alone):
        shared.update(path.encode() + b"\0" + hashlib.sha256(contents[path]).digest())
    start = shared.digest()
    return {path: hashlib.sha256(start + contents[path]).hexdigest() for path in alone}


def _known(memo: Memo, keys: Mapping[str, str], actual: Mapping[str, Content]) -> dict[str, Unit]:
    """Units that need not be made again, by path of their contract: nothing they rest on has changed, and
    their files stand as they should.
    """
    units = memo.get("units")
    folder = memo.get("folder")
    if not isinstance(units, dict) or not isinstance(folder, str):
        return {}
    found: dict[str, Unit] = {}
    for path, key in keys.items():
        kept = units.get(path)
        if not isinstance(kept, list) or len(kept) != 2 or kept[0] != key:  # noqa: PLR2004  key and unit
            continue
        unit = Unit(**{**kept[1], "words": tuple(kept[1]["words"])})
        unit = replace(unit, parts={name: Digest(digest) for name, digest in unit.parts.items()})
        if all(
            place in actual and same(actual[place], content)
            for place, content in unit.files(folder, newest=False).items()
        ):
            found[path] = unit
    newest_ids = newest(sorted(found.values(), key=lambda unit: unit.id))
    return {
        path: unit
        for path, unit in found.items()
        if unit.id not in newest_ids or not unit.published or _latest_stands(unit, actual)
    }


def _latest_stands(unit: Unit, actual: Mapping[str, Content]) -> bool:
    place = latest_path(unit.id)
    return place in actual and same(actual[place], unit.parts["latest"])


def _remembered(catalogue: Catalogue, keys: Mapping[str, str], units: Mapping[str, Unit]) -> Memo:
    if catalogue.registry is None:
        return {}
    found: dict[str, Any] = {}
    for unit in units.values():
        key = keys.get(unit.id.path)
        if key is not None:
            bare = unit.kept()
            kept = {name: getattr(bare, name) for name in Unit.__slots__}
            found[unit.id.path] = [key, {**kept, "words": list(unit.words)}]
    return {"folder": client_folder(catalogue.registry), "units": found}


def chosen(only: str | None) -> Callable[[str], bool]:
    """Whether a path belongs to a contract, or to any where none is named. Raises `UsageError`."""
    if only is None:
        return lambda _: True
    from canonry.codegen.identifiers import module_name
    from canonry.kernel.ids import ContractId

    try:
        wanted = ContractId.parse(only)
    except ValueError as error:
        raise UsageError(str(error), "canonry list names every contract") from error
    module = module_name(wanted.name, wanted.major)
    schemas = f"{SCHEMAS}/{wanted.kind}/{wanted.name}/"
    files = (f"/{wanted.kind}/{module}.py", f"/schemas/{wanted.kind}/{module}.json")
    return lambda path: (
        path.startswith((f"{schemas}{wanted.major}.", f"{schemas}latest."))
        or (path.startswith(f"{PYTHON}/") and path.endswith(files))
    )


def release_checked(text: str | None) -> str | None:
    """The client's version as given. Raises `UsageError` where it is none."""
    if text is not None and not re.fullmatch(r"[0-9]{4}\.[0-9]{1,2}\.[0-9]+", text):
        raise UsageError(f"{text!r} is no release", "A release is <year>.<month>.<number>, such as 2026.11.1")
    return text


def release_standing(root: Path, tagged: str = "") -> str:
    """The release that the package is made for: the one it has, or one that was tagged since (`yyyy.mm.n`).

    A clone without tags thereby makes the same package.
    """
    try:
        standing = release_of((root / PYTHON / "pyproject.toml").read_bytes())
    except OSError:
        standing = release_of(None)
    return max(standing, tagged or standing, key=_release_number)


def _release_number(release: str) -> list[int]:
    return [int(part) for part in release.split(".") if part.isascii() and part.isdigit()]
