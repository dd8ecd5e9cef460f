"""A typed client for a few contracts, made anew: what a rehearsal sends its payloads through.

Nothing that stands under `generated/` is run: a registry may come from anywhere, and what canonry writes
itself from the contracts is the only code of it that canonry runs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from canonry.catalogue.load import load
from canonry.catalogue.tree import MemoryTree
from canonry.codegen.plan import Models, Source, plan
from canonry.kernel.ids import ContractId

if TYPE_CHECKING:
    from canonry.catalogue.tree import Tree

PACKAGE: Final = "canonry_rehearsal"
_FOLDER: Final = "generated/python/"
_REFERENCE: Final = re.compile(rb'"\$ref"\s*:\s*"(/[a-z]+/[a-z0-9_]+(?:/v[0-9]+)?)')
_REGISTRY: Final = b"""name: Rehearsal
base_url: https://registry.example.invalid
client_package: canonry-rehearsal
"""


def client_files(
    tree: Tree, contracts: Iterable[str], models: Models, runtime: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The package `PACKAGE` for some contracts: path below the folder it is imported from, to contents."""
    there = set(tree.paths())
    files = {path: tree.read(path) for path in _needed(tree, there, contracts)}
    files["registry/registry.yaml"] = _REGISTRY
    catalogue = load(MemoryTree(files)).value
    made = plan(Source(catalogue, runtime=runtime), models)
    return {
        path.removeprefix(_FOLDER): content
        for path, content in made.files.items()
        if path.startswith(f"{_FOLDER}{PACKAGE}/") and isinstance(content, bytes)
    }


def _needed(tree: Tree, there: Collection[str], contracts: Iterable[str]) -> set[str]:
    """The files of some contracts and of all that they refer to."""
    found: set[str] = set()
    todo = list(contracts)
    while todo:
        identifier = todo.pop()
        if identifier.startswith("/vocabularies/"):
            path = f"registry{identifier}.yaml"
        else:
            try:
                path = ContractId.parse(identifier).path
            except ValueError:
                continue
        if path in found or path not in there:
            continue
        found.add(path)
        if path.endswith(".json"):
            todo += [match.decode() for match in _REFERENCE.findall(tree.read(path))]
    return found
