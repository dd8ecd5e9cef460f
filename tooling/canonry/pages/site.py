"""What every page is written from, and where every page stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from canonry.catalogue.resolved import Resolver
from canonry.impact.downstream import label as label_of
from canonry.pages.markup import link, text

if TYPE_CHECKING:
    from canonry.catalogue.graph import Graph
    from canonry.catalogue.model import Catalogue, Contract
    from canonry.catalogue.refs import References
    from canonry.kernel.ids import ContractId
    from canonry.naming.codec import Codec
    from canonry.pages.snippets import Example


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a contract's, vocabulary's or campaign's history: what one commit did to it."""

    version: str
    date: str
    sentences: tuple[str, ...]
    breaking: bool = False
    subject: str = ""
    """The commit's first line."""


@dataclass(frozen=True, slots=True)
class Published:
    """One published schema: its file, its version (`latest` for the words of today), its properties."""

    path: str
    version: str
    properties: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Site:
    """A catalogue with its graph and, where they are known, its history and what is published of it."""

    catalogue: Catalogue
    graph: Graph
    references: References
    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    """By node of the graph, newest first."""
    published: Mapping[str, tuple[Published, ...]] = field(default_factory=dict)
    """By contract id, the oldest version first."""
    cut: bool = False
    """Whether the history is only what a shallow clone holds."""
    codec: Codec | None = None
    """What writes links and names; None where the catalogue's naming contracts cannot be compiled."""
    words: dict[str, str] = field(default_factory=dict)
    """By vocabulary, what a field that takes its words says of its type."""
    _examples: dict[ContractId, Example | None] = field(default_factory=dict)

    @cached_property
    def resolver(self) -> Resolver:
        """Resolves contracts as they are accepted today."""
        return Resolver(self.references, "today")

    @cached_property
    def newest(self) -> frozenset[ContractId]:
        """The contracts that a plain name of the client stands for."""
        from canonry.pages.snippets import newest_of

        return newest_of(self.catalogue)

    def since(self, identifier: str, name: str) -> str:
        """The first published version that has a property; nothing where none is published."""
        versions = self.published.get(identifier, ())
        return next((one.version for one in versions if name in one.properties), "")

    def example(self, contract: Contract) -> Example | None:
        """A payload of a contract with the code that sends it, made once."""
        from canonry.pages.snippets import example_of

        if contract.id not in self._examples:
            self._examples[contract.id] = None  # of a circle of names no example is known
            self._examples[contract.id] = example_of(self, contract)
        return self._examples[contract.id]

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
            account = self.catalogue.accounts.accounts.get(name)
            name = account.platform if account else ""
        elif kind == "audience":
            name = name.partition("/")[0]
        elif kind != "platform":
            return None
        return f"catalogue/platforms/{name}/" if name in self.catalogue.platforms else None

    def label(self, node: str) -> str:
        """What people call a node."""
        kind, _, name = node.partition(":")
        if kind == "campaign" and name in self.catalogue.campaigns:
            return self.catalogue.campaigns[name].label
        return label_of(self.catalogue, node)

    def team(self, name: str, depth: int) -> str:
        """A team as a link to its page."""
        known = self.catalogue.teams.teams if self.catalogue.teams else {}
        shown = text(known[name].name) if name in known else text(name)
        return link(shown, "../" * depth + f"catalogue/teams/{name}/") if name in known else shown

    def platform(self, name: str, depth: int) -> str:
        """A platform as a link to its page."""
        known = self.catalogue.platforms.get(name)
        return self.anchor(f"platform:{name}", depth, known.label if known else name)

    def anchor(self, node: str, depth: int, label: str | None = None) -> str:
        """The node as a link from a page that is `depth` folders deep, or as text where it has no page."""
        target = self.path(node)
        shown = text(label or node)
        return link(shown, "../" * depth + target) if target else shown

    def hosted(self, path: str, label: str, *, edit: bool = False) -> str:
        """A file as a link to where the repository is hosted; nothing where that is not said."""
        registry = self.catalogue.registry
        if registry is None:
            return ""
        url = registry.hosting.edit_url if edit else registry.hosting.source_url
        if not url or not url.startswith(("https://", "http://")):
            return ""
        branch = registry.default_branch or "main"
        return link(label, url.replace("{branch}", branch).replace("{path}", path))


def contract_path(contract: Contract) -> str:
    """Where a contract's page is, from the site's root."""
    identifier = contract.id
    return f"catalogue/{identifier.kind}/{identifier.name}/v{identifier.major}/"
