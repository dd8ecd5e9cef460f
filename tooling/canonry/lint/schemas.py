"""Every schema of a catalogue's contracts, walked once and found again by keyword."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from canonry.catalogue.model import Contract
from canonry.kernel.findings import Place
from canonry.kernel.pointer import escape

MAPS: Final = {
    "properties": "property",
    "$defs": "definition",
    "patternProperties": "pattern property",
    "dependentSchemas": "branch",
    "definitions": "definition",
}
"""Keywords that hold schemas by name, and what each is called."""

LISTS: Final = {"allOf": "branch", "anyOf": "branch", "oneOf": "branch", "prefixItems": "items"}
"""Keywords that hold lists of schemas."""

SINGLE: Final = {
    "items": "items",
    "additionalProperties": "rest",
    "if": "condition",
    "then": "condition",
    "else": "condition",
    "not": "negation",
    "contains": "items",
    "propertyNames": "names",
    "unevaluatedItems": "items",
    "unevaluatedProperties": "rest",
    "contentSchema": "content",
}
"""Keywords that hold one schema."""

_HOLDERS: Final = frozenset({*MAPS, *LISTS, *SINGLE})
_REFINING: Final = frozenset({"condition", "negation", "refinement"})


class Node:
    """One schema of a contract: where it stands and what it is to the schema around it.

    `role` is root, property, definition, items, branch (of allOf, oneOf, anyOf), condition (if, then, else),
    negation, refinement (inside a condition or negation, where it says more of a declared property), rest or
    names; `name` is the property's or definition's; `pointer` leads to it from the contract's root.
    """

    __slots__ = ("contract", "name", "parent", "pointer", "role", "schema")

    def __init__(
        self,
        contract: Contract,
        schema: dict[str, Any],
        pointer: str,
        role: str,
        name: str,
        parent: Node | None,
    ) -> None:
        self.contract = contract
        self.schema = schema
        self.pointer = pointer
        self.role = role
        self.name = name
        self.parent = parent

    def place(self, keyword: str = "") -> Place:
        """Where it stands, or where one of its keywords does."""
        return self.contract.place(f"{self.pointer}/{escape(keyword)}" if keyword else self.pointer)

    @property
    def says(self) -> str:
        """How a message calls it: `the property 'total'`."""
        if self.role == "root":
            return "the schema"
        if self.name:
            return f"the {self.role} {self.name!r}"
        return f"the schema at {self.pointer}"


class Misplaced:
    """Something that stands where a schema should: a list, a number, a boolean schema."""

    __slots__ = ("contract", "keyword", "pointer", "value")

    def __init__(self, contract: Contract, keyword: str, pointer: str, value: object) -> None:
        self.contract = contract
        self.keyword = keyword
        self.pointer = pointer
        self.value = value


@dataclass(slots=True)
class Index:
    """All schemas, in the order of the files, and those that use each keyword."""

    nodes: list[Node] = field(default_factory=list)
    by_keyword: dict[str, list[Node]] = field(default_factory=dict)
    misplaced: list[Misplaced] = field(default_factory=list)

    def having(self, *keywords: str) -> Iterator[Node]:
        """Schemas that use a keyword; one with several of them comes once for each."""
        for keyword in keywords:
            yield from self.by_keyword.get(keyword, ())

    def properties(self, *kinds: str) -> Iterator[Node]:
        """Property schemas at any depth of contracts of some kinds; of all kinds where none is named."""
        for node in self.nodes:
            if node.role == "property" and (not kinds or node.contract.id.kind in kinds):
                yield node


def index(contracts: Iterable[Contract]) -> Index:
    """Walks every contract. What stands where a schema should is noted and not walked into."""
    found = Index()
    by_keyword = found.by_keyword
    for contract in contracts:
        for node in _walk(contract, found.misplaced):
            found.nodes.append(node)
            for keyword in node.schema:
                holders = by_keyword.get(keyword)
                if holders is None:
                    by_keyword[keyword] = [node]
                else:
                    holders.append(node)
    return found


def _walk(contract: Contract, misplaced: list[Misplaced]) -> Iterator[Node]:
    stack = [Node(contract, dict(contract.schema), "", "root", "", None)]
    while stack:
        node = stack.pop()
        yield node
        if not _HOLDERS.isdisjoint(node.schema):
            below = list(_children(node, misplaced))
            below.reverse()  # the stack gives them back in the order of the file
            stack.extend(below)


def _children(node: Node, misplaced: list[Misplaced]) -> Iterator[Node]:
    contract = node.contract
    refining = node.role in _REFINING
    for keyword, value in node.schema.items():
        if keyword not in _HOLDERS:
            continue
        pointer = f"{node.pointer}/{keyword}"
        if keyword in SINGLE:
            if isinstance(value, dict):
                role = SINGLE[keyword]
                yield Node(contract, value, pointer, "refinement" if refining else role, "", node)
            elif keyword != "additionalProperties" or not isinstance(value, bool):
                misplaced.append(Misplaced(contract, keyword, pointer, value))
        elif keyword in LISTS:
            if not isinstance(value, list):
                misplaced.append(Misplaced(contract, keyword, pointer, value))
                continue
            for number, item in enumerate(value):
                if isinstance(item, dict):
                    yield Node(contract, item, f"{pointer}/{number}", LISTS[keyword], "", node)
                else:
                    misplaced.append(Misplaced(contract, f"{keyword}/{number}", f"{pointer}/{number}", item))
        elif not isinstance(value, dict):
            misplaced.append(Misplaced(contract, keyword, pointer, value))
        else:
            role = "refinement" if refining else MAPS[keyword]
            for name, item in value.items():
                here = f"{pointer}/{escape(name)}" if "/" in name or "~" in name else f"{pointer}/{name}"
                if isinstance(item, dict):
                    yield Node(contract, item, here, role, name, node)
                else:
                    misplaced.append(Misplaced(contract, name, here, item))
