"""Self-contained schemas: every `$ref` inside one document, vocabularies as reader or writer knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from operator import is_not
from typing import TYPE_CHECKING, Any, Final, Literal

from canonry.catalogue.refs import NAMING, NESTED, OPAQUE, References
from canonry.kernel import pointer as pointers

if TYPE_CHECKING:
    from canonry.catalogue.model import Contract

Role = Literal["writer", "reader", "today"]
"""Writer: an open vocabulary is the words of its version. Reader and published versions: every word of the
grammar, so that a new word breaks nobody. Today: the words that are accepted now, for `latest.json`."""

WORD_PATTERNS: Final[Mapping[str, str]] = {
    "word": "^[a-z0-9]+(?:-[a-z0-9]+)*$",
    "parameter": "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
}
"""The grammar of a vocabulary's words, by its alphabet."""

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


@dataclass(slots=True)
class Resolver:
    """Resolves the contracts of one catalogue for one role. Raises `RefError` for what cannot be resolved."""

    references: References
    role: Role = "reader"
    _vocabularies: dict[str, dict[str, Any]] = field(default_factory=dict)

    def resolved(self, contract: Contract) -> dict[str, Any]:
        """The contract without `x-contract` and `$id`, its references turned into `$defs` of its own.

        What holds no reference is shared with the contract: change a copy.
        """
        return self.traced(contract)[0]

    def traced(self, contract: Contract) -> tuple[dict[str, Any], Mapping[str, tuple[str, str]]]:
        """As `resolved`, and where each definition comes from: its name to document id and JSON Pointer."""
        inlining = _Inlining(self, str(contract.id))
        schema = inlining.document(contract.schema)
        return schema, {name: place for place, name in inlining.names.items()}

    def vocabulary(self, name: str) -> dict[str, Any]:
        """A vocabulary as this role knows it."""
        if name not in self._vocabularies:
            vocabulary = self.references.catalogue.vocabularies[name]
            schema: dict[str, Any] = {"type": "string", "x-vocabulary": name}
            if vocabulary.openness == "open" and self.role == "reader":
                # No title: nothing that is edited in an open vocabulary may show in a published schema.
                schema["pattern"] = WORD_PATTERNS[vocabulary.alphabet]
            else:
                schema["title"] = vocabulary.title
                schema["enum"] = [
                    word for word, entry in vocabulary.words.items() if entry.status != "retired"
                ]
            self._vocabularies[name] = schema
        return self._vocabularies[name]


@dataclass(slots=True)
class _Inlining:
    resolver: Resolver
    root: str
    definitions: dict[str, Any] = field(default_factory=dict)
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    def document(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        own = {key: value for key, value in schema.items() if key not in ("$id", "x-contract")}
        body: dict[str, Any] = self._copy(own, self.root)
        if self.definitions:
            body["$defs"] = {**body.get("$defs", {}), **self.definitions}
        return body

    def _copy(self, node: Any, document: str) -> Any:
        """The node with its references led to definitions; the node itself where it has none."""
        if isinstance(node, list):
            items = [self._copy(item, document) if isinstance(item, NESTED) else item for item in node]
            return items if any(map(is_not, items, node)) else node
        if not isinstance(node, dict):
            return node
        copied: dict[str, Any] = node
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                found: Any = self._reference(value, document)
            elif not isinstance(value, NESTED) or key in OPAQUE:
                continue
            elif key in NAMING and isinstance(value, dict):  # its keys are names, whatever they look like
                inner = {name: self._copy(schema, document) for name, schema in value.items()}
                found = inner if any(map(is_not, inner.values(), value.values())) else value
            else:
                found = self._copy(value, document)
            if found is not value:
                copied = dict(node) if copied is node else copied
                copied[key] = found
        return copied

    def _reference(self, ref: str, document: str) -> str:
        target = self.resolver.references.target(ref, document)
        if target.document == self.root:
            return f"#{target.pointer}"
        place = (target.document, target.pointer)
        if place not in self.names:
            name = self._name(target.document, target.pointer)
            self.names[place] = name
            if target.document.startswith("/vocabularies/"):
                schema: Any = self.resolver.vocabulary(target.document.removeprefix("/vocabularies/"))
            else:
                schema = target.schema
                if isinstance(schema, Mapping):
                    schema = {
                        key: value
                        for key, value in schema.items()
                        if key not in ("$id", "$schema", "x-contract")
                    }
            self.definitions[name] = {}  # reserves the place, so that definitions stand in order of first use
            self.definitions[name] = self._copy(schema, target.document)
        return f"#/$defs/{pointers.escape(self.names[place])}"

    def _name(self, document: str, pointer: str) -> str:
        stem = _stem(document, pointer)
        own = self._own_definitions()
        name, number = stem, 2
        while name in self.definitions or name in own:
            name, number = f"{stem}_{number}", number + 1
        return name

    def _own_definitions(self) -> Mapping[str, Any]:
        root = self.resolver.references.document(self.root) or {}
        found = root.get("$defs")
        return found if isinstance(found, dict) else {}


@cache
def _stem(document: str, pointer: str) -> str:
    """What a definition is called where nothing else is."""
    parts = [*document.strip("/").split("/"), *pointer.replace("$defs/", "").strip("/").split("/")]
    return "".join(char if char.isalnum() or char == "_" else "_" for char in "_".join(parts)).strip("_")
