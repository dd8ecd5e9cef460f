"""What every page is written from, and where every page stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from canonry.pages.markup import link, text

if TYPE_CHECKING:
    from canonry.catalogue.graph import Graph
    from canonry.catalogue.model import Catalogue, Contract
    from canonry.catalogue.refs import References


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a contract's history."""

    version: str
    date: str
    sentences: tuple[str, ...]
    breaking: bool = False


@dataclass(frozen=True)
class Site:
    """A catalogue with its graph and, where it is known, its history."""

    catalogue: Catalogue
    graph: Graph
    references: References
    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    """By contract id, newest first."""

    def path(self, node: str) -> str | None:
        """The page of a node of the graph, from the site's root; None where it has none."""
        if node.startswith("/vocabularies/"):
            name = node.removeprefix("/vocabularies/")
            return f"catalogue/vocabularies/{name}/" if name in self.catalogue.vocabularies else None
        if node.startswith("/"):
            contract = self.catalogue.contract(node)
            return contract_path(contract) if contract else None
        kind, _, name = node.partition(":")
        if kind == "campaign" and name in self.catalogue.campaigns:
            return f"catalogue/campaigns/{name}/"
        if kind == "account" and self.catalogue.accounts:
            platform = (
                self.catalogue.accounts.accounts[name].platform
                if name in self.catalogue.accounts.accounts
                else ""
            )
            return f"catalogue/platforms/{platform}/" if platform in self.catalogue.platforms else None
        if kind == "audience":
            platform = name.partition("/")[0]
            return f"catalogue/platforms/{platform}/" if platform in self.catalogue.platforms else None
        return None

    def team(self, name: str, depth: int) -> str:
        """A team as a link to its page."""
        known = self.catalogue.teams.teams if self.catalogue.teams else {}
        shown = text(known[name].name) if name in known else text(name)
        return link(shown, "../" * depth + f"catalogue/teams/{name}/") if name in known else shown

    def anchor(self, node: str, depth: int, label: str | None = None) -> str:
        """The node as a link from a page that is `depth` folders deep, or as text where it has no page."""
        target = self.path(node)
        shown = text(label or node)
        return link(shown, "../" * depth + target) if target else shown


def contract_path(contract: Contract) -> str:
    """Where a contract's page is, from the site's root."""
    identifier = contract.id
    return f"catalogue/{identifier.kind}/{identifier.name}/v{identifier.major}/"
