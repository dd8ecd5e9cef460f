"""An example of a contract, as JSON and as the lines of Python that send it with the generated client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
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

BASE: Final = "https://www.example.com/"
"""Where example links lead."""

TRIES: Final = 50
"""Draws of fields that a name is written from."""

WIDTH: Final = 88
"""Columns of a line of code."""


class _Unwritable(Exception):  # noqa: N818  an answer, not a mistake: the payload form says the same
    """A member that has no class of its own to write it with."""


@dataclass(frozen=True, slots=True)
class Example:
    """A payload that the contract accepts, and the code that sends it; empty where there is no client."""

    payload: Json
    code: str = ""
    written: str = ""
    """What a naming contract writes of it: a link, a name."""


def example_of(site: Site, contract: Contract) -> Example | None:
    """None where no payload is known: the schema cannot be resolved, or accepts nothing."""
    from canonry.kernel.errors import CanonryError

    try:
        sampler = Sampler(site.resolver.resolved(contract))
        payload = sampler.example()
    except (RefError, NoSampleError, CanonryError, ValueError):
        return None
    if not isinstance(payload, dict) or contract.id.kind == "common":
        return Example(payload)
    payload |= _names(site, contract, payload)
    told = _told(site, contract, payload, sampler)
    written = _written(site, contract, told)
    rng = Random(0)  # noqa: S311  a fixed seed: pages are compared
    for _ in range(TRIES if contract.is_naming and site.codec is not None else 0):
        if written:
            break
        # Fields that fit one by one need not fit together.
        drawn = sampler.draw(rng)
        if isinstance(drawn, dict):
            payload = drawn | _names(site, contract, drawn)
            told = _told(site, contract, payload, sampler)
            written = _written(site, contract, told)
    registry = site.catalogue.registry
    client = registry.client_package if registry else ""
    code = ""
    if client and contract.is_live:
        code = _Writer(site, identifiers.package_name(client)).code(contract, told)
    return Example(payload, code, written)


def _told(site: Site, contract: Contract, payload: dict[str, Json], sampler: Sampler) -> dict[str, Json]:
    """The payload without what may be left out, where it is then still one."""
    short = _needed(contract.schema, payload, site, str(contract.id))
    return dict(short) if sampler.accepts(short) else payload


def _names(site: Site, contract: Contract, payload: Mapping[str, Json]) -> dict[str, Json]:
    """Fields that hold another contract's names, with a name that it writes."""
    found: dict[str, Json] = {}
    for name, schema in contract.properties.items():
        target = schema.get("x-name-of") if isinstance(schema, dict) else None
        other = site.catalogue.contract(target) if isinstance(target, str) else None
        if name in payload and other is not None and other.id != contract.id:
            shown = site.example(other)
            if shown is not None and shown.written:
                found[name] = shown.written
    return found


def _written(site: Site, contract: Contract, fields: Mapping[str, Json]) -> str:
    """The link or name; nothing where the fields make none, or where none can be made."""
    if site.codec is None or not contract.is_naming:
        return ""
    try:
        if contract.id.kind == "utm":
            return site.codec.linker(str(contract.id)).link(BASE, fields)[0] or ""
        return str(site.codec.build(str(contract.id), fields)["name"] or "")
    except (LookupError, ValueError):
        return ""


@dataclass
class _Writer:
    site: Site
    package: str
    imports: dict[str, set[str]] = field(default_factory=dict)
    """Names by the part of the package that they come from."""

    def code(self, contract: Contract, payload: Mapping[str, Json]) -> str:
        """The lines, imports first."""
        kind = contract.id.kind
        cls = self._class(contract.id)
        try:
            made = self._made(cls, contract, payload)
        except _Unwritable:
            made = _call(f"{cls}.from_payload", [_literal(dict(payload))])
        lines = self._use(contract, kind, made)
        imports = [
            f"from {self.package}{'.' + part if part else ''} import {', '.join(sorted(names))}"
            for part, names in sorted(self.imports.items())
        ]
        return "\n".join([*imports, "", *lines])

    def _use(self, contract: Contract, kind: str, made: str) -> list[str]:
        if kind in ("events", "traits") and contract.meta.consent:
            self.imports.setdefault("", set()).update(("Client", "HttpSink"))
            destination, purposes = next(iter(contract.meta.consent.items()))
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
        if kind in ("events", "traits", "segments"):
            # Without a destination that says what consent it needs, the client sends it nowhere.
            name = {"events": "event", "traits": "traits"}.get(kind, "member")
            return [f"{name} = {made}", f"{name}.payload()"]
        name = "link" if kind == "utm" else "tag"
        use = f'{name}.url("{BASE}")' if kind == "utm" else f"{name}.name()"
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
    if not isinstance(value, dict | list):
        return value
    try:
        known, document = site.references.followed(schema, document)
    except RefError:
        return value
    if isinstance(value, list):
        return [_needed(known.get("items"), item, site, document) for item in value[:1]]
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
