"""Two catalogues side by side: what changed between them, and who rested on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from canonry.catalogue.graph import Edge, Graph, graph
from canonry.catalogue.refs import References, RefError
from canonry.catalogue.resolved import Resolver, Role
from canonry.kernel import pointer as pointers
from canonry.kernel.findings import Finding, Place
from canonry.kernel.ids import ContractId, Version
from canonry.kernel.jsonvalue import same
from canonry.kernel.rule import Rule

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue, Contract

Effect = Literal["tightens", "loosens", "both", "neither"]
"""Tightens: less is accepted than before. Loosens: more may arrive than before."""

T = TypeVar("T")

Traced: TypeAlias = "tuple[dict[str, Any], Mapping[str, tuple[str, str]]]"
"""A resolved schema, and where its definitions come from."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One contract before and after. At least one side is there. Renamed: the sides have different ids."""

    id: ContractId
    old: Contract | None
    new: Contract | None

    @property
    def renamed_from(self) -> ContractId | None:
        """The id of the old side, where the new one says that it is the same contract."""
        return self.old.id if self.old is not None and self.old.id != self.id else None

    @property
    def contract(self) -> Contract:
        """The newer side that exists."""
        contract = self.new or self.old
        assert contract is not None  # noqa: S101  a pair has at least one side
        return contract

    def place(self, pointer: str = "") -> Place:
        """Where a part of it stands now, or stood."""
        return self.contract.place(pointer)


@dataclass(frozen=True, slots=True)
class Revision:
    """One contract that both catalogues have and whose old side was published."""

    id: ContractId
    old: Contract
    new: Contract

    def place(self, pointer: str = "") -> Place:
        """Where a part of it stands now."""
        return self.new.place(pointer)


@dataclass(frozen=True)
class Delta:
    """What a change consists of. `released` holds, per contract, its released versions' published schemas."""

    old: Catalogue
    new: Catalogue
    today: date
    released: Mapping[ContractId, Sequence[tuple[Version, Mapping[str, Any]]]] = field(default_factory=dict)
    touched: frozenset[str] | None = None
    """Paths that differ, where the caller knows; None: compare everything."""

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Contracts that differ themselves or through what they refer to, in the order of their ids."""
        return tuple(self._pairs())

    @cached_property
    def renames(self) -> tuple[Pair, ...]:
        """Contracts that came and say which one they were, where that one stands no more: old beside new.

        A new contract that stands beside the one that it is to replace breaks nobody yet.
        """
        found = []
        for pair in self.pairs:
            name = pair.new.meta.renamed_from if pair.new is not None and pair.old is None else None
            old = self.old.contract(name) if name is not None else None
            if old is None or old.id.kind != pair.id.kind or old.meta.status in ("draft", "retired"):
                continue
            still = self.new.contract(str(old.id))
            if (still is None and old.path not in self.new.broken) or (
                still and still.meta.status == "retired"
            ):
                found.append(Pair(pair.id, old, pair.new))
        return tuple(found)

    @cached_property
    def judged(self) -> tuple[Pair, ...]:
        """As `pairs`, but a contract that was renamed is one pair, not one that went and one that came."""
        renamed = {pair.id: pair for pair in self.renames}
        gone = {pair.renamed_from for pair in self.renames}
        return tuple(renamed.get(pair.id, pair) for pair in self.pairs if pair.new or pair.id not in gone)

    def revisions(self, *kinds: str, renamed: bool = True) -> Iterator[Revision]:
        """Changed contracts that stand on both sides and were no drafts; of some kinds, or of all."""
        for pair in self.judged if renamed else self.pairs:
            if (
                pair.old
                and pair.new
                and pair.old.meta.status != "draft"
                and (not kinds or pair.id.kind in kinds)
            ):
                yield Revision(pair.id, pair.old, pair.new)

    def numbered(self) -> Iterator[Revision]:
        """Revisions of one name whose versions are both versions of their major."""
        for revision in self.revisions(renamed=False):
            if number(revision.old) is not None and number(revision.new) is not None:
                yield revision

    def _pairs(self) -> Iterator[Pair]:
        for identifier in sorted({*self.old.contracts, *self.new.contracts}):
            pair = Pair(identifier, self.old.contracts.get(identifier), self.new.contracts.get(identifier))
            if identifier.path in self.new.broken:
                continue  # the problems of loading it say what is wrong
            if str(identifier) in self.reached or (
                (self.touched is None or identifier.path in self.touched) and self._differ(pair)
            ):
                yield pair

    def _differ(self, pair: Pair) -> bool:
        old, new = pair.old, pair.new
        if old is None or new is None:
            return True
        return old.source.text != new.source.text and not same(old.schema, new.schema)

    @cached_property
    def reached(self) -> frozenset[str]:
        """Contracts whose own file is unchanged but that refer to one that changed, at any distance."""
        changed = {
            str(identifier)
            for identifier in {*self.old.contracts, *self.new.contracts}
            if (old := self.old.contracts.get(identifier)) is not None
            and (new := self.new.contracts.get(identifier)) is not None
            and old.source.text != new.source.text
            and (self.touched is None or identifier.path in self.touched)
        }
        changed |= {f"/vocabularies/{name}" for name in self.changed_vocabularies}
        found: set[str] = set()
        for node in changed:
            found.update(self.new_graph.built_on(node))
        return frozenset(found)

    @cached_property
    def changed_vocabularies(self) -> tuple[str, ...]:
        """Vocabularies that both catalogues have and that differ."""
        both = self.old.vocabularies.keys() & self.new.vocabularies.keys()
        return tuple(sorted(n for n in both if self.old.vocabularies[n] != self.new.vocabularies[n]))

    @cached_property
    def old_graph(self) -> Graph:
        """Who read what before."""
        return graph(self.old)

    @cached_property
    def new_graph(self) -> Graph:
        """Who reads what now."""
        return graph(self.new)

    def readers(self, identifier: str, names: Iterable[str] = ()) -> tuple[Edge, ...]:
        """Who, of those still there, rests on a contract or vocabulary, or on these parts of it.

        Of one that is gone also those whom only its own file named: they are outside the registry.
        """
        names = frozenset(names)
        edges = self.new_graph.readers.get(identifier, ())
        if not self.new.exists(identifier):
            before = self.old_graph.readers.get(identifier, ())
            edges += tuple(edge for edge in before if edge.reader.startswith(("consumer:", "audience:")))
        former = next((pair.renamed_from for pair in self.renames if str(pair.id) == identifier), None)
        if former is not None:
            edges += self.readers(str(former))
        return tuple(edge for edge in edges if not names or edge.touches(names))

    def versions(self, pair: Pair) -> Sequence[tuple[Version, Mapping[str, Any]]]:
        """Released versions of the contract's major, and of what it was called before."""
        former = pair.renamed_from
        return (*(self.released.get(former, ()) if former else ()), *self.released.get(pair.id, ()))

    def finding(
        self,
        rule: Rule,
        revision: Revision,
        message: str,
        *,
        pointer: str,
        effect: Effect,
        values: Iterable[object],
    ) -> Finding:
        """What a rule has to say of a revision, with those who rest on it; the message follows the id."""
        readers = names(self.readers(str(revision.id)))
        return rule.finding(
            f"{revision.id}{message}",
            revision.place(pointer),
            owner=revision.new.meta.owner,
            suggestion=f"ask the owners of {readers}" if readers else "",
            subject=str(revision.id),
            values=[str(value) for value in values],
        ).having(
            effect=effect,
            hurt="audiences" if revision.id.kind == "segments" else "consumers",
            readers=readers,
        )

    def memo(self, key: str, make: Callable[[], T]) -> T:
        """What several rules of a family ask for, computed once per delta."""
        if key not in self._memory:
            self._memory[key] = make()
        found: T = self._memory[key]
        return found

    @cached_property
    def _memory(self) -> dict[str, Any]:
        return {}

    @cached_property
    def _resolvers(self) -> dict[tuple[bool, Role], Resolver]:
        return {}

    def schema(self, contract: Contract, *, old: bool, role: Role) -> dict[str, Any] | None:
        """The contract as one self-contained schema; None where a reference leads nowhere."""
        name = (contract.id, old, role)
        if name not in self._schemas:
            self._schemas[name] = self._resolved(contract, old=old, role=role)
        return self._schemas[name]

    def _resolved(self, contract: Contract, *, old: bool, role: Role) -> dict[str, Any] | None:
        if (contract.id, old) not in self._traces:
            try:
                self._traces[contract.id, old] = self._resolver(old, "reader").traced(contract)
            except RefError:
                self._traces[contract.id, old] = None
        found = self._traces[contract.id, old]
        if found is None or role == "reader":
            return found[0] if found else None
        # Roles differ in nothing but what they know of vocabularies.
        schema, origins = found
        words = {
            definition: self._resolver(old, role).vocabulary(document.removeprefix("/vocabularies/"))
            for definition, (document, _) in origins.items()
            if document.startswith("/vocabularies/")
        }
        return {**schema, "$defs": {**schema["$defs"], **words}} if words else schema

    def _resolver(self, old: bool, role: Role) -> Resolver:  # noqa: FBT001  a side, and private
        if (old, role) not in self._resolvers:
            self._resolvers[old, role] = Resolver(References(self.old if old else self.new), role)
        return self._resolvers[old, role]

    @cached_property
    def _schemas(self) -> dict[tuple[ContractId, bool, Role], dict[str, Any] | None]:
        return {}

    @cached_property
    def _traces(self) -> dict[tuple[ContractId, bool], Traced | None]:
        return {}

    def origin(self, pair: Pair, pointer: str) -> Place:
        """Where a part of the new resolved schema is written: in the contract, or in what it refers to."""
        if pair.new is None:
            return pair.place()
        self.schema(pair.new, old=False, role="reader")
        found = self._traces.get((pair.new.id, False))
        tokens = pointers.split(pointer)
        if found and len(tokens) > 1 and tokens[0] == "$defs" and tokens[1] in found[1]:
            document, inner = found[1][tokens[1]]
            rest = inner + pointers.join(tokens[2:])
            if document.startswith("/vocabularies/"):
                path = f"registry/vocabularies/{document.removeprefix('/vocabularies/')}.yaml"
                return self.new.sources.place(path, "/words")
            other = self.new.contract(document)
            if other is not None:
                return other.place(rest)
        return pair.place(pointer)

    def ways(self, contract: Contract) -> tuple[Literal["backward", "forward"], ...]:
        """Which ways the contract must stay compatible: by either tree's policy, and by its own word.

        A change that loosens the policy is still judged by the policy that it found.
        """
        asked = {contract.meta.compatibility}
        for registry in (self.old.registry, self.new.registry):
            if registry is not None:
                asked.add(getattr(registry.policy.directions, contract.id.kind, "full"))
        if self.old.registry is None and self.new.registry is None:
            asked.add("full")
        if "full" in asked or {"backward", "forward"} <= asked:
            return ("backward", "forward")
        return ("forward",) if "forward" in asked else ("backward",)


def number(contract: Contract) -> Version | None:
    """The contract's version; None where it says none of its major."""
    try:
        version = Version.parse(contract.meta.version)
    except ValueError:
        return None
    return version if version.major == contract.id.major else None


def names(edges: Iterable[Edge], *, limit: int = 5) -> str:
    """Readers for a sentence: `consumer:revenue-dashboard, /segments/cart_abandoners_3d/v1 and 3 more`."""
    readers = sorted({edge.reader for edge in edges})
    if len(readers) <= limit:
        return ", ".join(readers)
    return f"{', '.join(readers[:limit])} and {len(readers) - limit} more"
