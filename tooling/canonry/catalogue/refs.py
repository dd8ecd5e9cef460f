"""Closed-world `$ref`: ordinary relative-URI resolution inside the catalogue. Nothing is ever fetched."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urljoin, urlsplit

from canonry.catalogue.model import Catalogue
from canonry.kernel import pointer as pointers

ANNOTATIONS: Final = frozenset({"title", "description", "examples", "default", "deprecated", "$comment"})

NESTED: Final = (dict, list)
OPAQUE: Final = ("enum", "const", "examples", "default", "required")
"""Keywords whose values hold no schema."""
NAMING: Final = ("properties", "patternProperties", "$defs", "dependentSchemas")
"""Keywords whose values map names to schemas: there `default` is a property, no keyword."""


class RefError(Exception):
    """A `$ref` that names nothing here. `kind` is dangling, outside or malformed."""

    def __init__(self, kind: str, ref: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.ref = ref


@dataclass(frozen=True, slots=True)
class Target:
    """What a `$ref` names: the subschema, the document that holds it, and the pointer inside."""

    document: str
    pointer: str
    schema: Any


_DOCUMENT = re.compile(r"/(?:[a-z]+/[a-z0-9_]+/v[0-9]+|vocabularies/[a-z0-9_]+)\Z")


@dataclass(slots=True)
class References:
    """Resolves the references of one catalogue; remembers vocabularies' schemas."""

    catalogue: Catalogue
    _vocabularies: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _absolute: dict[str, Target] = field(default_factory=dict)

    def target(self, ref: str, document: str) -> Target:
        """What `ref`, written in the document of this id, names. Raises `RefError`."""
        if not ref.startswith("/"):
            return self._resolve(ref, document)
        known = self._absolute.get(ref)
        if known is None:  # the same wherever it is written, and taking URLs apart is slow
            known = self._absolute[ref] = self._resolve(ref, document)
        return known

    def _resolve(self, ref: str, document: str) -> Target:
        base = f"{self.catalogue.base_url}{document}"
        if "\\" in ref or any(ord(char) < 0x21 for char in ref):  # noqa: PLR2004  controls and space
            raise RefError("malformed", ref, f"{ref!r} is no URI reference")
        parts = urlsplit(ref)
        if not parts.scheme and not parts.netloc and _climbs_out(parts.path, document):
            raise RefError("outside", ref, f"{ref!r} leads out of the registry")
        url, _, fragment = urljoin(base, ref).partition("#")
        if not url.startswith(f"{self.catalogue.base_url}/"):
            raise RefError("outside", ref, f"{ref!r} leads out of the registry; nothing is ever fetched")
        path = url.removeprefix(self.catalogue.base_url)
        return self._inside(ref, path, unquote(fragment))

    def _inside(self, ref: str, path: str, fragment: str) -> Target:
        if not _DOCUMENT.match(path):
            raise RefError("dangling", ref, f"{ref!r} is no id of a contract or vocabulary")
        document = self.document(path)
        if document is None:
            raise RefError("dangling", ref, f"there is no {path}")
        if fragment and not fragment.startswith("/"):
            raise RefError(
                "dangling", ref, f"anchors are outside the profile; use a pointer such as {path}#/$defs/name"
            )
        try:
            return Target(path, fragment, pointers.resolve(dict(document), fragment))
        except LookupError as error:
            raise RefError("dangling", ref, f"{path} has nothing at {fragment}") from error

    def document(self, identifier: str) -> Mapping[str, Any] | None:
        """The schema of a contract id or of the virtual `/vocabularies/<name>`; None where there is none."""
        if identifier.startswith("/vocabularies/"):
            return self.vocabulary(identifier.removeprefix("/vocabularies/"))
        contract = self.catalogue.contract(identifier)
        return contract.schema if contract else None

    def vocabulary(self, name: str) -> Mapping[str, Any] | None:
        """The schema that a vocabulary stands for: its active and deprecated words."""
        if name not in self._vocabularies:
            vocabulary = self.catalogue.vocabularies.get(name)
            if vocabulary is None:
                return None
            words = [word for word, entry in vocabulary.words.items() if entry.status != "retired"]
            self._vocabularies[name] = {
                "type": "string",
                "enum": words,
                "title": vocabulary.title,
                "description": vocabulary.description,
                "x-vocabulary": name,
            }
        return self._vocabularies[name]

    def field(self, schema: Any, document: str) -> dict[str, Any]:
        """A property's schema with the references at its root followed; its own annotations win.

        Assertions beside a `$ref` go to `allOf`, so that none is lost. Raises `RefError`, also for a circle.
        """
        return self.followed(schema, document)[0]

    def followed(self, schema: Any, document: str) -> tuple[dict[str, Any], str]:
        """As `field`, with the document that the schema now stands in: its own references start there."""
        followed: dict[str, Any] = {}
        seen: set[tuple[str, str]] = set()
        extra: list[Any] = []
        while isinstance(schema, Mapping):
            siblings = {key: value for key, value in schema.items() if key != "$ref"}
            if "$ref" not in schema:
                followed = {**siblings, **followed}
                break
            for key, value in siblings.items():
                if key in ANNOTATIONS or key.startswith("x-"):
                    followed.setdefault(key, value)
                else:
                    extra.append({key: value})
            if not isinstance(schema["$ref"], str):
                raise RefError("malformed", str(schema["$ref"]), "a $ref is a string")
            target = self.target(schema["$ref"], document)
            if (target.document, target.pointer) in seen:
                raise RefError("dangling", schema["$ref"], f"{schema['$ref']!r} refers to itself in a circle")
            seen.add((target.document, target.pointer))
            document, schema = target.document, target.schema
        if extra:
            followed["allOf"] = [*followed.get("allOf", []), *extra]
        return followed, document


def _climbs_out(path: str, document: str) -> bool:
    depth = 0 if path.startswith("/") else document.count("/") - 1
    for segment in path.split("/"):
        if segment == "..":
            depth -= 1
            if depth < 0:
                return True
        elif segment not in ("", "."):
            depth += 1
    return False
