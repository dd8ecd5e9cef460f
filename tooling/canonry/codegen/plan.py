"""What `generated/` should hold: path to bytes. Writing and `--check` share one comparison, `drift`."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from canonry.catalogue.model import Catalogue, Contract
from canonry.catalogue.refs import References
from canonry.codegen import identifiers, modules, package, published, written
from canonry.codegen.guards import guards, renamed
from canonry.codegen.shapes import ModuleShape, Shaper
from canonry.compat.rules.versions import VERSION_TAKEN
from canonry.kernel.findings import Finding, Place
from canonry.kernel.ids import ContractId

if TYPE_CHECKING:
    from canonry.catalogue.documents import Registry

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

    files: Mapping[str, Content]
    refused: tuple[Finding, ...] = ()
    made: Mapping[str, Unit] = field(default_factory=dict)
    """The units that were made for it."""


class Digest(str):
    """SHA-256 of a file that is known to be right as it stands, in place of its contents."""

    __slots__ = ()

    @classmethod
    def of(cls, data: bytes) -> Digest:
        """The digest of some contents."""
        return cls(hashlib.sha256(data).hexdigest())


Content = bytes | Digest


@dataclass(frozen=True, slots=True)
class Unit:
    """What one contract alone decides, and what indexes have to know of it."""

    identifier: str
    live: bool
    published: bool
    version: str
    modelled: bool
    parts: Mapping[str, Content]
    """`version`, `latest` and `client` schemas, and `module`."""
    words: tuple[str, ...] = ()
    """Modules of words that the model imports."""

    @property
    def id(self) -> ContractId:
        """The contract's id."""
        return _identifier(self.identifier)

    def kept(self) -> Unit:
        """The same with digests in place of contents."""
        parts = {
            name: part if isinstance(part, Digest) else Digest.of(part) for name, part in self.parts.items()
        }
        return replace(self, parts=parts)

    def files(self, client: str, *, newest: bool) -> dict[str, Content]:
        """Its files by path. `client` is the package's folder."""
        found: dict[str, Content] = {}
        if self.published:
            found[published.version_path(self.id, self.version)] = self.parts["version"]
            if newest:
                found[published.latest_path(self.id)] = self.parts["latest"]
        if self.modelled:
            module = identifiers.module_name(self.id.name, self.id.major)
            found[f"{client}/{self.id.kind}/{module}.py"] = self.parts["module"]
            found[f"{client}/{modules.schema_file(self.id)}"] = self.parts["client"]
        return found


_identifier = lru_cache(maxsize=None)(ContractId.parse)


def plan(source: Source, models: Models, known: Mapping[str, Unit] | None = None) -> Plan:
    """Everything below `generated/schemas` and `generated/python`. Raises `RefError`, `GeneratorError`.

    `known` are units of contracts that the source's catalogue leaves out because they are as they were.
    """
    if source.catalogue.registry is None:
        return Plan({})
    references = References(source.catalogue)
    table = written.table(source.catalogue)
    made = units(source.catalogue, references, table, models)
    every = dict(sorted((unit.id, unit) for unit in ({**(known or {}), **made}).values()))
    schemas, refused = _schemas(source, every)
    client = _client(source, every, table)
    return Plan({**client, **schemas}, refused, made)


def units(
    catalogue: Catalogue, references: References, table: Mapping[str, Any], models: Models
) -> dict[str, Unit]:
    """The units of a catalogue's contracts, by id."""
    assert catalogue.registry is not None  # noqa: S101  `plan` has looked
    name = identifiers.package_name(catalogue.registry.client_package)
    patterns = {
        "reader": written.Patterns(table, catalogue, words=False),
        "today": written.Patterns(table, catalogue, words=True),
    }
    publisher = published.Publisher.of(references, patterns)
    shaper = Shaper(references, name)
    contracts = package.modelled(catalogue)
    shapes = [shaper.module(contract) for contract in contracts]
    texts = models([shape.skeleton for shape in shapes])
    modelled = {
        str(contract.id): (shape, text)
        for contract, shape, text in zip(contracts, shapes, texts, strict=True)
    }
    found: dict[str, Unit] = {}
    for contract in catalogue.contracts.values():
        identifier = str(contract.id)
        parts: dict[str, Content] = {}
        text = ""
        if published.is_published(contract):
            parts["version"] = published.encoded(publisher.version(contract))
            parts["latest"] = published.encoded(publisher.latest(contract))
        if identifier in modelled:
            client = publisher.client(contract).encode()
            text = _module(
                contract,
                *modelled[identifier],
                publisher,
                references,
                name,
                hashlib.sha256(client).hexdigest(),
            )
            parts |= {"client": client, "module": text.encode()}
        found[identifier] = Unit(
            identifier,
            contract.is_live,
            published.is_published(contract),
            contract.meta.version,
            identifier in modelled,
            parts,
            package.words_of(text, name),
        )
    return found


def _schemas(
    source: Source, every: Mapping[ContractId, Unit]
) -> tuple[dict[str, Content], tuple[Finding, ...]]:
    files: dict[str, Content] = {
        path: data for path, data in source.released.items() if _VERSION_FILE.match(path)
    }
    refused: list[Finding] = []
    for unit in every.values():
        path = published.version_path(unit.id, unit.version)
        if unit.published and path in files and not same(files[path], unit.parts["version"]):
            refused.append(_taken(source.catalogue, unit))
    return files, tuple(refused)


def _taken(catalogue: Catalogue, unit: Unit) -> Finding:
    contract = catalogue.contract(unit.identifier)
    return VERSION_TAKEN.finding(
        f"{unit.identifier}: {unit.version} is released and would become something else",
        contract.place("/x-contract/version") if contract else Place(unit.id.path),
        owner=contract.meta.owner if contract else "",
        suggestion="canonry bump --write, then canonry generate",
        subject=unit.identifier,
        values=[unit.version],
    )


def _client(source: Source, every: Mapping[ContractId, Unit], table: Mapping[str, Any]) -> dict[str, Content]:
    catalogue = source.catalogue
    registry = catalogue.registry
    assert registry is not None  # noqa: S101  `plan` has looked
    folder = client_folder(registry)
    files: dict[str, Content] = {}
    files |= package.metadata(registry, source.release)
    files |= package.root(registry, source.release)
    newest = package.newest(every.values())
    for unit in every.values():
        files |= unit.files(folder, newest=unit.id in newest)
    bodies = {f"{kind}/__init__.py": text for kind, text in package.kinds(every.values()).items()}
    used = {module for unit in every.values() for module in unit.words}
    bodies |= package.words(package.used_vocabularies(used, catalogue))
    files |= {f"{folder}/{path}": text.encode() for path, text in bodies.items()}
    files |= {f"{folder}/{path}": data for path, data in source.runtime.items()}
    files[f"{folder}/schemas/naming.json"] = (
        json.dumps(table, ensure_ascii=True, separators=(",", ":")) + "\n"
    ).encode()
    return files


def client_folder(registry: Registry) -> str:
    """The folder of the client's package."""
    return f"{package.FOLDER}/{identifiers.package_name(registry.client_package)}"


def same(left: Content, right: Content) -> bool:
    """Whether two contents are the same, of either of which only the digest may be known."""
    if isinstance(left, bytes) and isinstance(right, bytes):
        return left == right
    one, other = (part if isinstance(part, Digest) else Digest.of(part) for part in (left, right))
    return one == other


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


def drift(wanted: Mapping[str, Content], actual: Mapping[str, Content]) -> Drift:
    """What must be written, rewritten or deleted."""
    return Drift(
        tuple(sorted(wanted.keys() - actual.keys())),
        tuple(sorted(path for path in wanted.keys() & actual.keys() if not same(wanted[path], actual[path]))),
        tuple(sorted(actual.keys() - wanted.keys())),
    )
