"""Who reads what: hard and soft edges between contracts, vocabularies, campaigns, consumers and audiences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

from canonry.catalogue.refs import NAMING, NESTED, OPAQUE, References, RefError
from canonry.kernel.findings import Place

if TYPE_CHECKING:
    from canonry.catalogue.documents.contract import Definition
    from canonry.catalogue.model import Catalogue, Contract, Sources

Need = Literal["hard", "soft"]


@dataclass(frozen=True, slots=True)
class Edge:
    """`reader` rests on `read`. `fields` are the properties or words that it reads; empty means the whole.

    Nodes are ids: `/events/order_completed/v1`, `/vocabularies/brand`, `campaign:k7m2pq`,
    `consumer:revenue-dashboard`, `account:acme-meta-de`, `audience:meta/cart-abandoners-3d`.
    """

    reader: str
    read: str
    need: Need
    why: str
    where: tuple[str, str]
    """File and JSON Pointer; `place` finds the line, which costs a parse."""
    sources: Sources = field(compare=False, repr=False)
    fields: frozenset[str] = frozenset()

    @property
    def place(self) -> Place:
        """Where the reader says that it reads."""
        return self.sources.place(*self.where)

    def touches(self, names: Iterable[str]) -> bool:
        """Whether it reads one of these properties or words."""
        return not self.fields or not self.fields.isdisjoint(names)


@dataclass(frozen=True)
class Graph:
    """Every edge of one catalogue."""

    edges: tuple[Edge, ...]

    @cached_property
    def readers(self) -> Mapping[str, tuple[Edge, ...]]:
        """Edges by what is read."""
        found: dict[str, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            found[edge.read].append(edge)
        return {node: tuple(edges) for node, edges in found.items()}

    @cached_property
    def reads(self) -> Mapping[str, tuple[Edge, ...]]:
        """Edges by who reads."""
        found: dict[str, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            found[edge.reader].append(edge)
        return {node: tuple(edges) for node, edges in found.items()}

    def built_on(self, node: str) -> frozenset[str]:
        """Contracts whose schema holds the node's, at any distance."""
        found: set[str] = set()
        front = [node]
        while front:
            readers = {
                edge.reader
                for current in front
                for edge in self.readers.get(current, ())
                if edge.why == BUILT_ON and edge.reader not in found
            }
            found |= readers
            front = list(readers)
        return frozenset(found)

    def downstream(self, node: str) -> tuple[Edge, ...]:
        """Every edge on a path to `node`, nearest first, each once; a circle is walked once."""
        found: dict[tuple[str, str, str], Edge] = {}
        seen = {node}
        front = [node]
        while front:
            following: list[str] = []
            for current in front:
                for edge in self.readers.get(current, ()):
                    found.setdefault((edge.reader, edge.read, edge.why), edge)
                    if edge.reader not in seen:
                        seen.add(edge.reader)
                        following.append(edge.reader)
            front = following
        return tuple(found.values())


def graph(catalogue: Catalogue) -> Graph:
    """The graph of a catalogue; what cannot be resolved has no edge (lint says so)."""
    return Graph(tuple(_Builder(catalogue).edges()))


@dataclass(slots=True)
class _Builder:
    catalogue: Catalogue
    references: References = field(init=False)

    def __post_init__(self) -> None:
        self.references = References(self.catalogue)

    def edges(self) -> Iterator[Edge]:
        for contract in self.catalogue.contracts.values():
            yield from self._schema(contract)
            yield from self._meta(contract)
        yield from self._campaigns()
        for name, account in (self.catalogue.accounts.accounts if self.catalogue.accounts else {}).items():
            where = ("registry/accounts.yaml", f"/accounts/{name}")
            for identifier in account.contracts:
                yield self._edge(f"account:{name}", identifier, "soft", "judges its names by it", where)

    def _edge(
        self,
        reader: str,
        read: str,
        need: Need,
        why: str,
        where: tuple[str, str],
        fields: Iterable[str] = (),
    ) -> Edge:
        return Edge(reader, read, need, why, where, self.catalogue.sources, frozenset(fields))

    def _schema(self, contract: Contract) -> Iterator[Edge]:
        identifier = str(contract.id)
        for pointer, keyword, value in references_in(contract.schema):
            if keyword == "x-name-of":
                yield self._edge(identifier, value, "hard", "holds its names", (contract.path, pointer))
                continue
            try:
                target = self.references.target(value, identifier)
            except RefError:
                continue
            if target.document != identifier:
                where = (contract.path, pointer)
                yield self._edge(identifier, target.document, "hard", BUILT_ON, where)

    def _meta(self, contract: Contract) -> Iterator[Edge]:
        identifier, meta, path = str(contract.id), contract.meta, contract.path
        for number, consumer in enumerate(meta.consumers):
            where = (path, f"/x-contract/consumers/{number}")
            node = f"consumer:{consumer.name}"
            yield self._edge(node, identifier, consumer.needs, "consumes it", where, consumer.fields)
        if meta.definition is not None:
            yield from self._definition(contract, meta.definition)
        for number, exclusion in enumerate(meta.exclusions):
            where = (path, f"/x-contract/exclusions/{number}")
            yield self._edge(identifier, exclusion, "hard", "excludes its members", where)
        for number, destination in enumerate(meta.destinations):
            node = f"audience:{destination.platform}/{destination.audience}"
            where = (path, f"/x-contract/destinations/{number}")
            yield self._edge(node, identifier, "hard", "holds its members", where)
        for parameter, forms in meta.templates.items():
            for key, form in forms.items() if isinstance(forms, dict) else (("static", forms),):
                if not isinstance(form, str) and form.expands:
                    where = (path, f"/x-contract/templates/{parameter}/{key}")
                    why = f"{parameter} expands to its names"
                    yield self._edge(identifier, form.expands, "hard", why, where)

    def _definition(self, contract: Contract, definition: Definition) -> Iterator[Edge]:
        identifier = str(contract.id)
        where = (contract.path, "/x-contract/definition")
        yield self._edge(identifier, definition.entity, "hard", "its members are of it", where, NO_FIELD)
        for part in ("all", "any", "none"):
            for number, condition in enumerate(getattr(definition, part)):
                where = (contract.path, f"/x-contract/definition/{part}/{number}")
                names = {condition.property, *(inner.property for inner in condition.where)}
                # A condition that names no property reads only that the event happened.
                fields = frozenset(name for name in names if name is not None) or NO_FIELD
                for read in (condition.event, condition.trait, condition.segment):
                    if read is not None:
                        yield self._edge(identifier, read, "hard", "is defined by it", where, fields)

    def _campaigns(self) -> Iterator[Edge]:
        for key, campaign in self.catalogue.campaigns.items():
            node, path = f"campaign:{key}", f"registry/campaigns/{key}.yaml"
            for number, channel in enumerate(campaign.channels):
                fields = {*campaign.fields, *channel.fields}
                where = (path, f"/channels/{number}")
                yield self._edge(node, channel.format, "hard", "builds its links with it", where, fields)
            for part, why in (("segments", "targets it"), ("exclusions", "excludes it")):
                for number, segment in enumerate(getattr(campaign, part)):
                    yield self._edge(node, segment, "hard", why, (path, f"/{part}/{number}"))
            for number, event in enumerate(campaign.journey):
                yield self._edge(node, event, "soft", "is rehearsed with it", (path, f"/journey/{number}"))
            if campaign.success.event:
                where = (path, "/success/event")
                yield self._edge(node, campaign.success.event, "hard", "is judged by it", where)


BUILT_ON: Final = "is built on it"
"""Why a contract rests on what its schema refers to."""

NO_FIELD: Final = frozenset({""})
"""Of an edge that reads none of the properties: that an event happened, whose members they are."""


def references_in(schema: Any) -> Iterator[tuple[str, str, str]]:
    """Pointer, keyword and value of every `$ref` and `x-name-of` of a contract, wherever it stands."""
    stack: list[tuple[str, Any, bool]] = [("", schema, False)]
    while stack:
        pointer, node, named = stack.pop()
        if isinstance(node, dict):
            for key, value in node.items():
                if isinstance(value, str):
                    if key in _REFERRING and not named:
                        yield f"{pointer}/{key}", key, value
                elif isinstance(value, NESTED) and (named or key not in _OPAQUE):
                    place = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
                    stack.append((place, value, key in NAMING and not named))
        else:
            for index, item in enumerate(node):
                if isinstance(item, NESTED):
                    stack.append((f"{pointer}/{index}", item, False))


_REFERRING: Final = ("$ref", "x-name-of")
_OPAQUE: Final = ("x-contract", *OPAQUE)
