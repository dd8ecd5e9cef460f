"""The catalogue: every document of one tree, immutable, and where each stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from canonry.kernel.findings import Place
from canonry.kernel.ids import NAMING_KINDS, ContractId

if TYPE_CHECKING:
    from canonry.catalogue.documents import (
        Accepted,
        Accounts,
        Audit,
        Autopsy,
        Campaign,
        ChannelGroups,
        Domains,
        Platform,
        Registry,
        Teams,
        Vocabulary,
        XContract,
    )
    from canonry.catalogue.text import Source


@dataclass(frozen=True)
class Contract:
    """One version line of a contract: its schema as written, and what `x-contract` says."""

    id: ContractId
    schema: Mapping[str, Any]
    meta: XContract
    source: Source = field(repr=False)

    @property
    def path(self) -> str:
        """The file, relative to the tree."""
        return self.source.path

    @property
    def properties(self) -> Mapping[str, Any]:
        """The schema's own properties; empty where the keyword is absent or malformed."""
        found = self.schema.get("properties")
        return found if isinstance(found, dict) else {}

    @property
    def required(self) -> frozenset[str]:
        """Names of properties that must be there."""
        found = self.schema.get("required")
        return (
            frozenset(name for name in found if isinstance(name, str))
            if isinstance(found, list)
            else frozenset()
        )

    @property
    def is_live(self) -> bool:
        """Whether it is published and not retired."""
        return self.meta.status in ("active", "deprecated")

    @property
    def is_naming(self) -> bool:
        """Whether its fields are written as strings."""
        return self.id.kind in NAMING_KINDS

    @property
    def platform_names(self) -> tuple[str, ...]:
        """The platforms it is for."""
        return tuple(self.meta.platforms)

    def place(self, pointer: str = "") -> Place:
        """Where a part of it stands."""
        return Place(self.path, self.source.line_of(pointer), pointer)


class Sources(Mapping[str, "Source"]):
    """Files by path."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = dict(sources)

    def __getitem__(self, path: str) -> Source:
        return self._sources[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    def place(self, path: str, pointer: str = "") -> Place:
        """Where a part of a file stands; of a file that is not there, its path."""
        source = self._sources.get(path)
        return Place(path, source.line_of(pointer) if source else 0, pointer)


@dataclass(frozen=True)
class Catalogue:
    """Registry and contracts of one tree. What did not load is named in `broken`, so that whoever refers to
    it is not blamed for a missing document.
    """

    registry: Registry | None = None
    teams: Teams | None = None
    accounts: Accounts | None = None
    domains: Domains | None = None
    channel_groups: ChannelGroups | None = None
    autopsy: Autopsy | None = None
    audit: Audit | None = None
    vocabularies: Mapping[str, Vocabulary] = field(default_factory=dict)
    platforms: Mapping[str, Platform] = field(default_factory=dict)
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    accepted: Mapping[str, Accepted] = field(default_factory=dict)
    contracts: Mapping[ContractId, Contract] = field(default_factory=dict)
    sources: Sources = field(default_factory=lambda: Sources({}), repr=False)
    broken: frozenset[str] = frozenset()

    @cached_property
    def by_text(self) -> Mapping[str, Contract]:
        """Contracts by their id as text."""
        return {str(identifier): contract for identifier, contract in self.contracts.items()}

    def contract(self, identifier: str) -> Contract | None:
        """The contract of an id such as `/events/order_completed/v1`."""
        return self.by_text.get(identifier)

    def of_kind(self, *kinds: str) -> Iterator[Contract]:
        """Contracts of some kinds, in the order of their ids."""
        return (contract for contract in self.contracts.values() if contract.id.kind in kinds)

    def exists(self, identifier: str) -> bool:
        """Whether a contract or vocabulary of this id has a file, loaded or broken."""
        if identifier.startswith("/vocabularies/"):
            name = identifier.removeprefix("/vocabularies/")
            return name in self.vocabularies or f"registry/vocabularies/{name}.yaml" in self.broken
        if identifier in self.by_text:
            return True
        try:
            return ContractId.parse(identifier).path in self.broken
        except ValueError:
            return False

    @property
    def base_url(self) -> str:
        """What ids are relative to."""
        return self.registry.base_url if self.registry else "https://registry.invalid"

    def team_names(self) -> tuple[str, ...]:
        """Keys of teams.yaml."""
        return tuple(self.teams.teams) if self.teams else ()

    def owner_of(self, place: Place) -> str:
        """The team that answers for a place: the innermost `owner` around it in its file, or nothing.

        Read from the file as parsed, so that a broken document has an owner too.
        """
        source = self.sources.get(place.path)
        if source is None or not isinstance(source.value, dict):
            return ""
        value: Any = source.value
        owner = _owner_in(value)
        if place.path.startswith("registry/"):
            for token in place.pointer.split("/")[1:]:
                value = value.get(token) if isinstance(value, dict) else None
                owner = _owner_in(value) or owner
        return owner


def _owner_in(value: object) -> str:
    if not isinstance(value, dict):
        return ""
    meta = value.get("x-contract")
    owner = meta.get("owner") if isinstance(meta, dict) else value.get("owner")
    return owner if isinstance(owner, str) else ""
