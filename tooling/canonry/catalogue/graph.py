"""Who reads what: hard and soft edges between contracts, vocabularies, campaigns, consumers and audiences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from canonry.catalogue.refs import References, RefError
from canonry.kernel.findings import Place

if TYPE_CHECKING:
    from canonry.catalogue.documents.contract import Condition, Definition
    from canonry.catalogue.model import Catalogue, Contract

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
    place: Place
    fields: frozenset[str] = frozenset()

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
            place = self.catalogue.sources.place("registry/accounts.yaml", f"/accounts/{name}")
            for identifier in account.contracts:
                yield Edge(f"account:{name}", identifier, "soft", "judges its names by it", place)

    def _schema(self, contract: Contract) -> Iterator[Edge]:
        identifier = str(contract.id)
        for pointer, keyword, value in references_in(contract.schema):
            if keyword == "x-name-of":
                yield Edge(identifier, value, "hard", "holds its names", contract.place(pointer))
                continue
            try:
                target = self.references.target(value, identifier)
            except RefError:
                continue
            if target.document != identifier:
                yield Edge(identifier, target.document, "hard", "is built on it", contract.place(pointer))

    def _meta(self, contract: Contract) -> Iterator[Edge]:
        identifier, meta = str(contract.id), contract.meta
        for number, consumer in enumerate(meta.consumers):
            place = contract.place(f"/x-contract/consumers/{number}")
            fields = frozenset(consumer.fields)
            yield Edge(f"consumer:{consumer.name}", identifier, consumer.needs, "consumes it", place, fields)
        if meta.definition is not None:
            yield from self._definition(contract, meta.definition)
        for number, exclusion in enumerate(meta.exclusions):
            place = contract.place(f"/x-contract/exclusions/{number}")
            yield Edge(identifier, exclusion, "hard", "excludes its members", place)
        for number, destination in enumerate(meta.destinations):
            node = f"audience:{destination.platform}/{destination.audience}"
            yield Edge(
                node,
                identifier,
                "hard",
                "holds its members",
                contract.place(f"/x-contract/destinations/{number}"),
            )
        for parameter, forms in meta.templates.items():
            for key, form in forms.items() if isinstance(forms, dict) else (("static", forms),):
                if not isinstance(form, str) and form.expands:
                    place = contract.place(f"/x-contract/templates/{parameter}/{key}")
                    yield Edge(identifier, form.expands, "hard", f"{parameter} expands to its names", place)

    def _definition(self, contract: Contract, definition: Definition) -> Iterator[Edge]:
        identifier = str(contract.id)
        place = contract.place("/x-contract/definition")
        yield Edge(identifier, definition.entity, "hard", "its members are of it", place, frozenset({""}))
        for part in ("all", "any", "none"):
            for number, condition in enumerate(getattr(definition, part)):
                place = contract.place(f"/x-contract/definition/{part}/{number}")
                yield from _condition(identifier, condition, place)

    def _campaigns(self) -> Iterator[Edge]:
        for key, campaign in self.catalogue.campaigns.items():
            node, path = f"campaign:{key}", f"registry/campaigns/{key}.yaml"
            for number, channel in enumerate(campaign.channels):
                place = self.catalogue.sources.place(path, f"/channels/{number}")
                names = frozenset({*campaign.fields, *channel.fields})
                yield Edge(node, channel.format, "hard", "builds its links with it", place, names)
            for part in ("segments", "exclusions"):
                for number, segment in enumerate(getattr(campaign, part)):
                    place = self.catalogue.sources.place(path, f"/{part}/{number}")
                    yield Edge(
                        node, segment, "hard", "targets it" if part == "segments" else "excludes it", place
                    )
            if campaign.success.event:
                place = self.catalogue.sources.place(path, "/success/event")
                yield Edge(node, campaign.success.event, "hard", "is judged by it", place)


def _condition(reader: str, condition: Condition, place: Place) -> Iterator[Edge]:
    names = {condition.property, *(inner.property for inner in condition.where)} - {None}
    fields = frozenset(name for name in names if name is not None)
    for read in (condition.event, condition.trait, condition.segment):
        if read is not None:
            # A condition that names no property reads only that the event happened.
            yield Edge(reader, read, "hard", "is defined by it", place, fields or frozenset({""}))


def references_in(schema: Any) -> Iterator[tuple[str, str, str]]:
    """Pointer, keyword and value of every `$ref` and `x-name-of` of a contract, wherever it stands."""
    stack: list[tuple[str, Any]] = [("", schema)]
    while stack:
        pointer, node = stack.pop()
        if isinstance(node, dict):
            for keyword, value in node.items():
                if keyword in ("$ref", "x-name-of") and isinstance(value, str):
                    yield f"{pointer}/{keyword}", keyword, value
                elif keyword not in ("x-contract", "enum", "const", "examples", "default") and isinstance(
                    value, dict | list
                ):
                    stack.append((f"{pointer}/{keyword.replace('~', '~0').replace('/', '~1')}", value))
        elif isinstance(node, list):
            stack.extend(
                (f"{pointer}/{index}", item)
                for index, item in enumerate(node)
                if isinstance(item, dict | list)
            )
