"""Events as JSON lines against their contracts: how many are right, and what is wrong with the first others.

A line is an event with its name (`contract` or `event`, and the payload under `properties`), as clients and
Segment write them; or, where the contract is known, the payload alone. Contracts judge by the words of today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from canonry.kernel.errors import UsageError

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue

MOST: Final = 20
"""Failures that are kept of one contract, one block; the others are only counted."""
MOST_NAMES: Final = 200
"""Unknown events and properties that are kept by name."""
MOST_PROBLEMS: Final = 5
"""Problems that are told of one line."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One line that is wrong. `problems` are JSON Pointer and message."""

    line: int
    contract: str
    problems: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Tally:
    """What was found in some lines; tallies of consecutive lines add up."""

    lines: int = 0
    right: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    unknown_events: dict[str, int] = field(default_factory=dict)
    unknown_properties: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, other: Tally, most: int) -> None:
        """Takes over the tally of the lines that follow; at most `most` failures are kept."""
        for failure in other.failures[: max(most - len(self.failures), 0)]:
            self.failures.append(Failure(failure.line + self.lines, failure.contract, failure.problems))
        self.lines += other.lines
        for mine, theirs in ((self.right, other.right), (self.wrong, other.wrong)):
            for key, count in theirs.items():
                mine[key] = mine.get(key, 0) + count
        _merge(self.unknown_events, other.unknown_events)
        _merge(self.unknown_properties, other.unknown_properties)

    def count_event(self, name: str) -> None:
        """One more line with an event that no contract is for."""
        _merge(self.unknown_events, {name: 1})

    def count_property(self, contract: str, name: str) -> None:
        """One more line with a property that its contract does not have."""
        _merge(self.unknown_properties, {(contract, name): 1})

    @property
    def ok(self) -> bool:
        """Whether every line was right."""
        return not self.wrong


def _merge(mine: dict[Any, int], theirs: Mapping[Any, int]) -> None:
    for key, count in theirs.items():
        if key in mine or len(mine) < MOST_NAMES:
            mine[key] = mine.get(key, 0) + count


@dataclass(frozen=True, slots=True)
class Table:
    """What judging needs, as data that a process can be handed: schemas by contract, contracts by name."""

    schemas: Mapping[str, str]
    names: Mapping[str, str]
    only: str | None = None
    expected: int = 0
    """How many bytes of lines will be judged; 0 where that is not known."""


def table(catalogue: Catalogue, only: str | None = None) -> Table:
    """The table of a catalogue's events, traits and segments. Raises `UsageError` for an unknown contract."""
    import json

    from canonry.catalogue.refs import References
    from canonry.catalogue.resolved import Resolver
    from canonry.codegen.published import asserting
    from canonry.naming.suggest import nearest

    if only is not None and catalogue.contract(only) is None:
        near = nearest(only, catalogue.by_text)
        raise UsageError(
            f"there is no contract {only!r}",
            f"Did you mean {near}?" if near else "canonry list names them all",
        )
    resolver = Resolver(References(catalogue), "today")
    schemas: dict[str, str] = {}
    names: dict[str, str] = {}
    for contract in catalogue.contracts.values():
        identifier = str(contract.id)
        if identifier != only and (
            only is not None or contract.id.kind not in ("events", "traits", "segments")
        ):
            continue
        schemas[identifier] = json.dumps(asserting(resolver.resolved(contract)))
        if contract.is_live:
            names[identifier] = identifier
    for contract in catalogue.of_kind("events"):  # sorted, so that the newest major wins
        if contract.is_live and only is None:
            platforms = contract.meta.platforms
            for name in (*(platforms.values() if isinstance(platforms, dict) else ()),):
                names.setdefault(name, str(contract.id))
    for contract in catalogue.of_kind("events"):
        if contract.is_live and only is None:
            for name in (str(contract.schema.get("title")), contract.id.name):
                names[name] = str(contract.id)
    return Table(schemas, names, only)


def total(parts: Iterable[Tally], most: int) -> Tally:
    """The tally of consecutive parts."""
    tally = Tally()
    for part in parts:
        tally.add(part, most)
    return tally
