"""What every lint rule sees, and what it answers with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeAlias, TypeVar

from canonry.catalogue.graph import Graph, graph
from canonry.catalogue.model import Catalogue, Contract
from canonry.catalogue.refs import References, RefError
from canonry.kernel.findings import Place
from canonry.kernel.jsonvalue import Json
from canonry.kernel.rule import Rule
from canonry.lint.schemas import Index, Node, index

T = TypeVar("T")


class Remark(NamedTuple):
    """One thing that a rule observed; the engine adds the rule's code and level and the owner of the place.

    `values` tell two remarks of one place apart in fingerprints: words found, never wording.
    """

    message: str
    place: Place
    suggestion: str = ""
    witness: Json = None
    values: tuple[str, ...] = ()
    undecided: bool = False


class Memory(Protocol):
    """Keeps answers between runs. A question has one answer, so forgetting it costs only time."""

    def recall(self, question: str) -> Json:
        """The answer, or None."""
        ...

    def keep(self, question: str, answer: Json) -> None:
        """Keeps an answer; may fail in silence."""
        ...


@dataclass(frozen=True)
class Subject:
    """One catalogue on one day, with what several rules need worked out once and only when asked for."""

    catalogue: Catalogue
    references: References
    today: date
    memory: Memory | None = None
    rules: tuple[Rule, ...] = ()
    """Every rule that may report, since the registry names them."""

    @cached_property
    def schemas(self) -> Index:
        """Every schema of every contract, by the keywords it uses."""
        return index(self.catalogue.contracts.values())

    @cached_property
    def graph(self) -> Graph:
        """Who reads what."""
        return graph(self.catalogue)

    @cached_property
    def _once(self) -> dict[object, Any]:
        return {}

    def once(self, build: Callable[[Subject], T]) -> T:
        """What a function makes of this subject, made once, since several rules may share it."""
        if build not in self._once:
            self._once[build] = build(self)
        found: T = self._once[build]
        return found

    @cached_property
    def _fields(self) -> dict[int, Mapping[str, Any]]:
        return {}

    def field(self, node: Node) -> Mapping[str, Any]:
        """The node's schema with its references followed; as it is where they lead nowhere."""
        if "$ref" not in node.schema:
            return node.schema
        known = self._fields.get(id(node))
        if known is None:
            known = self.followed(node.schema, node.contract)
            self._fields[id(node)] = known
        return known

    def followed(self, schema: Any, contract: Contract) -> Mapping[str, Any]:
        """A subschema of a contract with the references at its root followed; as it is where that fails."""
        try:
            return self.references.field(schema, str(contract.id))
        except RefError:
            return schema if isinstance(schema, dict) else {}

    def at_path(self, contract: Contract, path: str) -> Mapping[str, Any] | None:
        """The schema of a property by its path (`items.price` looks inside lists), or None."""
        try:
            here = self.references.followed(contract.schema, str(contract.id))
            for name in path.split("."):
                inner = self._member(*here, name)
                if inner is None:
                    return None
                here = inner
        except RefError:
            return {}  # a reference on the way is broken, which a rule of its own says
        return here[0]

    def _member(
        self, schema: Mapping[str, Any], document: str, name: str
    ) -> tuple[dict[str, Any], str] | None:
        todo = [(schema, document)]
        while todo:
            part, base = todo.pop()
            properties = part.get("properties")
            if isinstance(properties, dict) and isinstance(properties.get(name), dict):
                return self.references.followed(properties[name], base)
            inner = [part["items"]] if "items" in part else []
            for keyword in ("allOf", "oneOf"):
                inner += part[keyword] if isinstance(part.get(keyword), list) else []
            todo.extend(self.references.followed(each, base) for each in inner if isinstance(each, dict))
        return None


Check: TypeAlias = Callable[[Subject], Iterable[Remark]]
"""A lint rule's function: everything in one catalogue that breaks it."""
