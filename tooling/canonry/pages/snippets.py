"""An example of a contract, as JSON and as the lines of Python that send it with the generated client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from canonry.catalogue.refs import RefError
from canonry.codegen import identifiers, prose
from canonry.codegen.package import newest
from canonry.codegen.shapes import is_class, root_class
from canonry.schema.sample import NoSampleError, Sampler

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue, Contract
    from canonry.kernel.ids import ContractId
    from canonry.kernel.jsonvalue import Json
    from canonry.pages.site import Site

WIDTH: Final = 88
"""Columns of a line of code."""

_CALLS: Final = {"events": "track", "utm": "url", "creatives": "name", "objects": "name"}


class _Unwritable(Exception):  # noqa: N818  an answer, not a mistake: the payload form says the same
    """A member that has no class of its own to write it with."""


@dataclass(frozen=True, slots=True)
class Example:
    """A payload that the contract accepts, and the code that sends it; empty where there is no client."""

    payload: Json
    code: str = ""


def example_of(site: Site, contract: Contract) -> Example | None:
    """None where no payload is known: the schema cannot be resolved, or accepts nothing."""
    from canonry.kernel.errors import CanonryError

    try:
        sampler = Sampler(site.resolver.resolved(contract))
        payload = sampler.example()
    except (RefError, NoSampleError, CanonryError, ValueError):
        return None
    registry = site.catalogue.registry
    client = registry.client_package if registry else ""
    if not client or not contract.is_live or not isinstance(payload, dict):
        return Example(payload)
    if contract.id.kind == "common":
        return Example(payload)
    return Example(payload, _Writer(site, identifiers.package_name(client)).code(contract, payload, sampler))


@dataclass
class _Writer:
    site: Site
    package: str
    imports: dict[str, set[str]] = field(default_factory=dict)
    """Names by the part of the package that they come from."""

    def code(self, contract: Contract, payload: dict[str, Json], sampler: Sampler) -> str:
        """The lines, imports first."""
        short = _needed(contract.schema, payload, self.site, str(contract.id))
        told = short if sampler.accepts(short) else payload
        kind = contract.id.kind
        cls = self._class(contract.id)
        try:
            made = self._made(cls, contract, told)
        except _Unwritable:
            made = _call(f"{cls}.from_payload", [_literal(payload)])
        lines = self._use(contract, kind, made)
        imports = [
            f"from {self.package}{'.' + part if part else ''} import {', '.join(sorted(names))}"
            for part, names in sorted(self.imports.items())
        ]
        return "\n".join([*imports, "", *lines])

    def _use(self, contract: Contract, kind: str, made: str) -> list[str]:
        if kind in ("events", "traits"):
            self.imports.setdefault("", set()).update(("Client", "HttpSink"))
            destination = next(iter(contract.meta.consent), "warehouse")
            purposes = contract.meta.consent.get(destination, [])
            call = "track"
            if kind == "traits":
                call = "identify" if contract.meta.entity in (None, "user") else "group"
            arguments = [made]
            if "user_id" not in contract.properties:
                arguments.append('user="u_48213"')
            if purposes:
                given = ", ".join(f"{_quoted(purpose)}: True" for purpose in purposes)
                arguments.append(f"consent={{{given}}}")
            sink = f'HttpSink({_quoted(destination)}, "https://collect.example.com/batch")'
            return [f"client = Client([{sink}])", _call(f"client.{call}", arguments)]
        if kind == "segments":
            return [f"member = {made}", "member.payload()"]
        name = "link" if kind == "utm" else "tag"
        use = f'{name}.url("https://www.example.com/")' if kind == "utm" else f"{name}.name()"
        return [f"{name} = {made}", use]

    def _class(self, identifier: ContractId) -> str:
        """The class of a contract as its kind's index offers it, noted for import."""
        name = root_class(identifier)
        shown = name if identifier in self.site.newest else f"{name}V{identifier.major}"
        self.imports.setdefault(identifier.kind, set()).add(shown)
        return shown

    def _made(self, cls: str, contract: Contract, payload: Mapping[str, Json]) -> str:
        names = identifiers.field_names(contract.properties, methods=contract.is_naming)
        return _call(
            cls,
            [
                f"{names[key]}={self._value(contract.properties.get(key), value, str(contract.id))}"
                for key, value in payload.items()
                if key in names
            ],
        )

    def _value(self, schema: Any, value: Json, document: str) -> str:
        if isinstance(value, list) and isinstance(schema, dict):
            return _listed([self._value(schema.get("items"), item, document) for item in value])
        if not isinstance(value, dict):
            return _literal(value)
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        found = self.site.catalogue.contract(reference) if isinstance(reference, str) else None
        if found is None or found.id.kind != "common" or not is_class(found.schema):
            raise _Unwritable
        return self._made(self._class(found.id), found, value)


def _needed(schema: Any, value: Json, site: Site, document: str) -> Any:
    """The value without the members that may be left out."""
    try:
        known, document = site.references.followed(schema, document)
    except RefError:
        return value
    if isinstance(value, list):
        return [_needed(known.get("items"), item, site, document) for item in value[:1]]
    if not isinstance(value, dict):
        return value
    properties, required = known.get("properties"), known.get("required")
    if not isinstance(properties, dict) or not isinstance(required, list):
        return value
    return {
        key: _needed(properties.get(key), member, site, document)
        for key, member in value.items()
        if key in required
    }


def _literal(value: Json) -> str:
    if isinstance(value, dict):
        return _wrapped("{", [f"{_quoted(key)}: {_literal(item)}" for key, item in value.items()], "}")
    if isinstance(value, list):
        return _listed([_literal(item) for item in value])
    return _quoted(value) if isinstance(value, str) else repr(value)


def _quoted(value: str) -> str:
    """A string as an expression, in double quotes where it holds none."""
    shown = prose.literal(value)
    if shown[0] == "'" and '"' not in shown:
        return '"' + shown[1:-1].replace("\\'", "'") + '"'
    return shown


def _call(name: str, arguments: list[str]) -> str:
    return _wrapped(f"{name}(", arguments, ")")


def _listed(items: list[str]) -> str:
    return _wrapped("[", items, "]")


def _wrapped(begin: str, items: list[str], end: str) -> str:
    """On one line where it is short, else one item a line, each indented below."""
    line = f"{begin}{', '.join(items)}{end}"
    if len(line) <= WIDTH // 2 and "\n" not in line:
        return line
    rows = [f"    {item}".replace("\n", "\n    ") + "," for item in items]
    return "\n".join([begin, *rows, end]) if items else f"{begin}{end}"


def newest_of(catalogue: Catalogue) -> frozenset[ContractId]:
    """The contracts that a plain name of the client stands for."""

    @dataclass(frozen=True)
    class Listed:
        id: ContractId
        live: bool
        modelled: bool = True

    return newest(Listed(contract.id, contract.is_live) for contract in catalogue.contracts.values())
