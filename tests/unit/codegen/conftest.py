"""The client of this registry as it is committed, importable; and clients of other catalogues."""

import importlib
import itertools
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from canonry.adapters.datamodel import ModelGenerator
from canonry.adapters.generated import runtime
from canonry.app.generate import Report, generate
from canonry.catalogue.tree import MemoryTree

ROOT = Path(__file__).parents[3]

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def committed() -> Iterator[Path]:
    """`generated/python`, on the import path."""
    folder = ROOT / "generated" / "python"
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


def registry(package: str = "acme-events") -> str:
    """The least registry.yaml."""
    return f"name: Test\nbase_url: https://registry.example.com\nclient_package: {package}\n"


def contract(identifier: str, schema: Mapping[str, Any], **meta: Any) -> dict[str, Any]:
    """A contract document around a schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": identifier,
        "title": identifier.split("/")[2],
        "description": "What it means.",
        "x-contract": {"version": "1.0.0", "owner": "web", "backup_owner": "crm", **meta},
        **schema,
    }


def tree(contracts: Mapping[str, Mapping[str, Any]], **more: str) -> MemoryTree:
    """A tree of contracts by id, with other files by path."""
    files: dict[str, str | bytes] = {"registry/registry.yaml": registry(), **more}
    for identifier, document in contracts.items():
        _, kind, name, version = identifier.split("/")
        files[f"contracts/{kind}/{name}/{version}.json"] = json.dumps(document)
    return MemoryTree(files)


def planned(of: MemoryTree, **options: Any) -> Report:
    """The report of generating from a tree into nothing."""
    given: dict[str, Any] = {
        "released": {},
        "runtime": runtime(),
        "actual": {},
        "release": "0.dev0",
        **options,
    }
    return generate(of, ModelGenerator(), **given)


Maker = Callable[..., ModuleType]


@pytest.fixture
def client_of(tmp_path: Path) -> Iterator[Maker]:
    """Makes an importable client from contracts: `client_of({"/events/x/v1": schema})` is its package."""
    made: list[str] = []
    sys.path.insert(0, str(tmp_path))

    def make(schemas: Mapping[str, Mapping[str, Any]], **files: str) -> ModuleType:
        package = f"client-n{next(_NUMBERS)}"
        documents = {
            identifier: schema if "x-contract" in schema else contract(identifier, schema)
            for identifier, schema in schemas.items()
        }
        report = planned(tree(documents, **{"registry/registry.yaml": registry(package), **files}))
        assert not report.problems, report.problems
        for path, data in report.plan.files.items():
            if path.startswith("generated/python/client"):
                target = tmp_path / path.removeprefix("generated/python/")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
        name = package.replace("-", "_")
        made.append(name)
        importlib.invalidate_caches()
        return importlib.import_module(name)

    yield make
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.split(".")[0] in made]:
        del sys.modules[name]
