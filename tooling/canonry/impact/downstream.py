"""Everything that rests on a contract or vocabulary, and whether it can go on without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from canonry.catalogue.graph import Edge, Graph

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue

Action = Literal["pause", "proceed on an assumption", "split"]
"""Hard edges only: stop until it is settled. Soft ones only: carry on and say what was assumed. Both: stop
the part that cannot, carry on with the rest."""

KINDS: Final = (
    "events", "traits", "segments", "utm", "creatives", "objects", "common", "vocabularies",
    "campaign", "consumer", "audience", "account",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reached:
    """One node that a change reaches: what it should do, through which edges, and at what distance."""

    node: str
    action: Action
    edges: tuple[Edge, ...]
    distance: int

    @property
    def kind(self) -> str:
        """`segments`, `campaign`, ...: the first part of its id."""
        return kind_of(self.node)


def kind_of(node: str) -> str:
    """The kind of a node: `/segments/x/v1` is of `segments`, `campaign:k7m2pq` of `campaign`."""
    return node.split("/")[1] if node.startswith("/") else node.partition(":")[0]


def reached(graph: Graph, nodes: Iterable[str]) -> tuple[Reached, ...]:
    """Everything downstream of some nodes, nearest first. One soft edge makes a path soft."""
    origins = dict.fromkeys(nodes)  # in their order: whoever is reached twice is told alike in every run
    # (node, hard so far) is a state; a node is hard when one of its paths is hard all the way.
    distance: dict[tuple[str, bool], int] = {(node, True): 0 for node in origins}
    incoming: dict[str, dict[Edge, None]] = {}
    front = list(distance)
    steps = 0
    while front:
        steps += 1
        following: list[tuple[str, bool]] = []
        for node, hard in front:
            for edge in graph.readers.get(node, ()):
                incoming.setdefault(edge.reader, {})[edge] = None
                state = (edge.reader, hard and edge.need == "hard")
                if state not in distance:
                    distance[state] = steps
                    following.append(state)
        front = following
    found = []
    for node, edges in incoming.items():
        if node in origins:
            continue
        hard_at, soft_at = distance.get((node, True)), distance.get((node, False))
        action: Action = "split"
        if hard_at is None or soft_at is None:
            action = "proceed on an assumption" if hard_at is None else "pause"
        nearest = min(at for at in (hard_at, soft_at) if at is not None)
        found.append(Reached(node, action, tuple(edges), nearest))
    return tuple(
        sorted(found, key=lambda r: (r.distance, KINDS.index(r.kind) if r.kind in KINDS else 99, r.node))
    )


def label(catalogue: Catalogue, node: str) -> str:
    """What people call a node: a title, a campaign's slug, a consumer's name."""
    if node.startswith("/vocabularies/"):
        vocabulary = catalogue.vocabularies.get(node.removeprefix("/vocabularies/"))
        return vocabulary.title if vocabulary else node
    if node.startswith("/"):
        contract = catalogue.contract(node)
        title = contract.schema.get("title") if contract else None
        return title if isinstance(title, str) else node
    kind, _, name = node.partition(":")
    if kind == "campaign" and name in catalogue.campaigns:
        return catalogue.campaigns[name].slug
    return name


def owner(catalogue: Catalogue, node: str) -> str:
    """Who answers for a node; nothing where nobody is named."""
    if node.startswith("/vocabularies/"):
        vocabulary = catalogue.vocabularies.get(node.removeprefix("/vocabularies/"))
        return vocabulary.owner if vocabulary else ""
    if node.startswith("/"):
        contract = catalogue.contract(node)
        return contract.meta.owner if contract else ""
    kind, _, name = node.partition(":")
    if kind == "campaign" and name in catalogue.campaigns:
        return catalogue.campaigns[name].owner
    if kind == "account" and catalogue.accounts and name in catalogue.accounts.accounts:
        return catalogue.accounts.accounts[name].owner
    return _consumer_owner(catalogue, name) if kind == "consumer" else ""


def _consumer_owner(catalogue: Catalogue, name: str) -> str:
    for contract in catalogue.contracts.values():
        for consumer in contract.meta.consumers:
            if consumer.name == name and consumer.owner:
                return consumer.owner
    return ""


def owners(catalogue: Catalogue, found: Iterable[Reached]) -> Mapping[str, tuple[str, ...]]:
    """Who has to know, and for what; owners in alphabetical order."""
    by_owner: dict[str, list[str]] = {}
    for item in found:
        name = owner(catalogue, item.node)
        if name:
            by_owner.setdefault(name, []).append(item.node)
    return {name: tuple(by_owner[name]) for name in sorted(by_owner)}
