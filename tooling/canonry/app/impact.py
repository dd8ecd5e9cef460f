"""What rests on a contract, or on what a change touches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from canonry.catalogue.graph import graph
from canonry.catalogue.load import assemble, load, read
from canonry.catalogue.tree import MemoryTree
from canonry.compat.delta import Delta
from canonry.impact import downstream
from canonry.impact.downstream import Reached

if TYPE_CHECKING:
    from canonry.app.check import Files
    from canonry.catalogue.model import Catalogue
    from canonry.catalogue.tree import Tree


@dataclass(frozen=True, slots=True)
class Impact:
    """Where it starts, what it reaches, and how people call and own the nodes."""

    origins: tuple[str, ...]
    found: tuple[Reached, ...]
    label: Callable[[str], str]
    owner: Callable[[str], str]


def of_node(tree: Tree, identifier: str) -> Impact:
    """Everything that rests on a contract, vocabulary or campaign, found by id or short name."""
    from canonry.app.directory import entries, find

    catalogue = load(tree).value
    entry = find(entries(catalogue), identifier)
    return _impact(catalogue, (_node(entry.kind, entry.id, entry.name),))


def of_change(old: Files, new: Files, *, today: date) -> Impact:
    """Everything that rests on what differs between two snapshots."""
    before, after = (assemble(read(MemoryTree(side.contents(side.ids)))[0]).value for side in (old, new))
    delta = Delta(before, after, today)
    nodes = [str(pair.id) for pair in delta.pairs if str(pair.id) not in delta.reached]
    nodes += [f"/vocabularies/{name}" for name in delta.changed_vocabularies]
    gone = [
        node
        for node in nodes
        if after.contract(node) is None and node.startswith("/") and "/vocabularies/" not in node
    ]
    current = _impact(after, tuple(nodes))
    if not gone:
        return current
    lost = _impact(before, tuple(gone))
    known = {item.node for item in current.found}
    return Impact(
        current.origins,
        (*current.found, *(i for i in lost.found if i.node not in known)),
        lost.label,
        lost.owner,
    )


def _node(kind: str, identifier: str, name: str) -> str:
    """How the graph calls what the directory found."""
    prefix = {"campaigns": "campaign", "accounts": "account"}.get(kind)
    return f"{prefix}:{identifier.rpartition('/')[2] or name}" if prefix else identifier


def _impact(catalogue: Catalogue, nodes: tuple[str, ...]) -> Impact:
    found = downstream.reached(graph(catalogue), nodes)
    return Impact(
        nodes,
        found,
        lambda node: downstream.label(catalogue, node),
        lambda node: downstream.owner(catalogue, node),
    )
