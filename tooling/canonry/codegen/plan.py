"""What `generated/` should hold: path to bytes. Writing and `--check` share one comparison, `drift`."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from canonry.catalogue.model import Catalogue, Contract
from canonry.catalogue.refs import References
from canonry.codegen import identifiers, modules, package, published, written
from canonry.codegen.guards import guards, renamed
from canonry.codegen.shapes import ModuleShape, Shaper
from canonry.compat.rules.versions import VERSION_TAKEN
from canonry.kernel.findings import Finding

Files = Mapping[str, bytes]
Models = Callable[[Sequence[dict[str, Any]]], Sequence[str]]
"""The port to the model generator: skeletons (JSON Schema, with a `title`) to the text of a module each."""

_VERSION_FILE: Final = re.compile(r"generated/schemas/[a-z]+/[a-z0-9_]+/[0-9]+\.[0-9]+\.[0-9]+\.json\Z")


@dataclass(frozen=True, slots=True)
class Source:
    """What the plan is a function of."""

    catalogue: Catalogue
    released: Files = field(default_factory=dict)
    """Published schemas of the base tree, by path."""
    runtime: Files = field(default_factory=dict)
    """Modules that every client carries, by path below the package."""
    release: str = package.UNRELEASED


@dataclass(frozen=True, slots=True)
class Plan:
    """The files, and the released versions that stay as they are though the catalogue says otherwise."""

    files: Files
    refused: tuple[Finding, ...] = ()


def plan(source: Source, models: Models) -> Plan:
    """Everything below `generated/schemas` and `generated/python`. Raises `RefError`, `GeneratorError`."""
    catalogue = source.catalogue
    if catalogue.registry is None:
        return Plan({})
    references = References(catalogue)
    table = written.table(catalogue)
    patterns = {
        "reader": written.Patterns(table, catalogue, words=False),
        "today": written.Patterns(table, catalogue, words=True),
    }
    publisher = published.Publisher.of(references, patterns)
    schemas, refused = _schemas(source, publisher)
    client = _client(source, references, publisher, table, models)
    return Plan({**schemas, **client}, refused)


def _schemas(source: Source, publisher: published.Publisher) -> tuple[dict[str, bytes], tuple[Finding, ...]]:
    files = {path: data for path, data in source.released.items() if _VERSION_FILE.match(path)}
    refused: list[Finding] = []
    for contract in source.catalogue.contracts.values():
        if not published.is_published(contract):
            continue
        path = published.version_path(contract)
        data = publisher.version(contract)
        if path in files and files[path] != data:
            refused.append(
                VERSION_TAKEN.finding(
                    f"{contract.id}: {contract.meta.version} is released and would become something else",
                    contract.place("/x-contract/version"),
                    owner=contract.meta.owner,
                    suggestion="canonry bump --write, then canonry generate",
                    subject=str(contract.id),
                    values=[contract.meta.version],
                )
            )
        else:
            files[path] = data
    for contract in published.newest(source.catalogue):
        if published.is_published(contract):
            files[published.latest_path(contract)] = publisher.latest(contract)
    return files, tuple(refused)


def _client(
    source: Source,
    references: References,
    publisher: published.Publisher,
    table: Mapping[str, Any],
    models: Models,
) -> dict[str, bytes]:
    catalogue = source.catalogue
    registry = catalogue.registry
    assert registry is not None  # noqa: S101  `plan` has looked
    name = identifiers.package_name(registry.client_package)
    folder = f"{package.FOLDER}/{name}"
    shaper = Shaper(references, name)
    contracts = package.modelled(catalogue)
    shapes = [shaper.module(contract) for contract in contracts]
    texts = models([shape.skeleton for shape in shapes])
    files = {**package.metadata(registry, source.release), **package.root(registry, source.release)}
    bodies: dict[str, str] = {}
    for contract, shape, text in zip(contracts, shapes, texts, strict=True):
        module = identifiers.module_name(contract.id.name, contract.id.major)
        schema = publisher.client(contract)
        body = _module(contract, shape, text, publisher, references, name, hashlib.sha256(schema).hexdigest())
        bodies[f"{contract.id.kind}/{module}.py"] = body
        files[f"{folder}/{modules.schema_file(contract)}"] = schema
    for kind, text in package.kinds(catalogue, contracts).items():
        bodies[f"{kind}/__init__.py"] = text
    bodies |= package.words(package.used_vocabularies(bodies.values(), name, catalogue))
    files |= {f"{folder}/{path}": text.encode() for path, text in bodies.items()}
    files |= {f"{folder}/{path}": data for path, data in source.runtime.items()}
    files[f"{folder}/schemas/naming.json"] = (
        json.dumps(table, ensure_ascii=True, separators=(",", ":")) + "\n"
    ).encode()
    return files


def _module(
    contract: Contract,
    shape: ModuleShape,
    generated: str,
    publisher: published.Publisher,
    references: References,
    name: str,
    digest: str,
) -> str:
    header = (
        f"# Generated by canonry from {contract.id}, version {contract.meta.version}, "
        f"schema sha256 {digest}. Do not edit.\n\n"
    )
    about = modules.contract_expression(
        contract, name, publisher.page(contract), guards(contract, references), renamed(contract, references)
    )
    body = modules.module(shape, generated, contract, name, about, header)
    return f"{body}\n\n{modules.segment_constant(contract)}" if contract.id.kind == "segments" else body


@dataclass(frozen=True, slots=True)
class Drift:
    """How a tree differs from its plan."""

    missing: tuple[str, ...]
    stale: tuple[str, ...]
    extra: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.extra)


def drift(wanted: Mapping[str, object], actual: Mapping[str, object]) -> Drift:
    """What must be written, rewritten or deleted; contents or digests alike."""
    return Drift(
        tuple(sorted(wanted.keys() - actual.keys())),
        tuple(sorted(path for path in wanted.keys() & actual.keys() if wanted[path] != actual[path])),
        tuple(sorted(actual.keys() - wanted.keys())),
    )
