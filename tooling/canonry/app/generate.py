"""From a tree to what `generated/` should hold, and how far it is from that."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from canonry.catalogue.load import load
from canonry.codegen.package import FOLDER as PYTHON
from canonry.codegen.package import release_of
from canonry.codegen.plan import Drift, Models, Plan, Source, drift, plan
from canonry.codegen.published import FOLDER as SCHEMAS
from canonry.kernel.errors import UsageError
from canonry.kernel.findings import Finding, Level

if TYPE_CHECKING:
    from canonry.catalogue.tree import Tree

FOLDERS: Final = (SCHEMAS, PYTHON)
"""What is generated; whatever else stands there does not belong."""


@dataclass(frozen=True, slots=True)
class Report:
    """What should be, how the tree differs, and what was refused. With `problems` nothing was planned."""

    plan: Plan
    drift: Drift
    problems: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the tree is as it should be."""
        return not (self.drift or self.problems or self.plan.refused)


def generate(
    tree: Tree,
    models: Models,
    *,
    released: Mapping[str, bytes],
    runtime: Mapping[str, bytes],
    actual: Mapping[str, bytes],
    release: str | None = None,
    only: Callable[[str], bool] = lambda _: True,
) -> Report:
    """The plan of a tree against what is there (`actual`). `only` limits what is compared, by path.

    A catalogue with errors of loading is not generated from: half a client is worse than yesterday's.
    """
    loaded = load(tree)
    errors = tuple(problem for problem in loaded.problems if problem.level is Level.ERROR)
    if errors:
        return Report(Plan({}), Drift((), (), ()), errors)
    known = release or release_of(actual.get(f"{PYTHON}/pyproject.toml"))
    made = plan(Source(loaded.value, released, runtime, known), models)
    wanted = {path: data for path, data in made.files.items() if only(path)}
    there = {path: data for path, data in actual.items() if only(path)}
    return Report(made, drift(wanted, there))


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
