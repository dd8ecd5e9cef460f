"""One contract's schema without references, in the dialect that another tool reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from canonry.catalogue.model import Catalogue, Contract
from canonry.catalogue.refs import ANNOTATIONS, References
from canonry.catalogue.resolved import Resolver

NAMES: Final = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
"""Keywords whose members are named by people."""
SCHEMAS: Final = ("items", "not", "if", "then", "else", "additionalProperties", "contains", "propertyNames")
LISTS: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
DRAFT7: Final = "http://json-schema.org/draft-07/schema#"


class RecursiveError(ValueError):
    """The schema refers to itself, so that it cannot be written without references."""


@dataclass(slots=True)
class Plain:
    """Schemas of a catalogue's contracts with the words of today, everything in place."""

    resolver: Resolver

    @classmethod
    def of(cls, catalogue: Catalogue) -> Plain:
        """For one catalogue."""
        return cls(Resolver(References(catalogue), "today"))

    def schema(self, contract: Contract) -> dict[str, Any]:
        """The schema without references. Raises `RecursiveError`."""
        resolved = self.resolver.resolved(contract)
        definitions = resolved.get("$defs", {})
        body = {k: v for k, v in resolved.items() if k not in ("$defs", "$schema", "$comment")}
        placed: dict[str, Any] = _placed(body, resolved, definitions, ())
        return placed


def _placed(node: Any, root: Any, definitions: Mapping[str, Any], within: tuple[str, ...]) -> Any:
    if isinstance(node, list):
        return [_placed(each, root, definitions, within) for each in node]
    if not isinstance(node, dict):
        return node
    ref = node.get("$ref")
    if isinstance(ref, str):
        if ref in within:
            raise RecursiveError(ref)
        target = _at(root, ref)
        inner = _placed(target, root, definitions, (*within, ref))
        rest = {key: value for key, value in node.items() if key != "$ref"}
        return _merged(inner, _placed(rest, root, definitions, within))
    copied: dict[str, Any] = {}
    for key, value in node.items():
        if key in NAMES and isinstance(value, dict):
            copied[key] = {name: _placed(each, root, definitions, within) for name, each in value.items()}
        elif key in SCHEMAS or key in LISTS:
            copied[key] = _placed(value, root, definitions, within)
        else:
            copied[key] = value
    return copied


def _at(root: Any, ref: str) -> Any:
    found = root
    for part in ref.removeprefix("#").split("/")[1:]:
        token = part.replace("~1", "/").replace("~0", "~")
        found = found[int(token)] if isinstance(found, list) else found[token]
    return found


def _merged(inner: Any, outer: dict[str, Any]) -> Any:
    """A definition with what stands beside its reference: words take the place of words, limits add up."""
    if not outer:
        return inner
    if not isinstance(inner, dict):
        return {**outer, "allOf": [*outer.get("allOf", []), inner]}
    words = {k: v for k, v in outer.items() if k in ANNOTATIONS or k.startswith("x-")}
    limits = {k: v for k, v in outer.items() if k not in words}
    merged = {**inner, **words}
    if not limits:
        return merged
    if not set(limits) & set(inner):
        return {**merged, **limits}
    return {**merged, "allOf": [*inner.get("allOf", []), limits]}


def mapped(node: Any, change: Any) -> Any:
    """The schema with `change` done to each of its subschemas, innermost first."""
    if not isinstance(node, dict):
        return node
    copied: dict[str, Any] = {}
    for key, value in node.items():
        if key in NAMES and isinstance(value, dict):
            copied[key] = {name: mapped(each, change) for name, each in value.items()}
        elif key in SCHEMAS:
            copied[key] = mapped(value, change)
        elif key in LISTS and isinstance(value, list):
            copied[key] = [mapped(each, change) for each in value]
        else:
            copied[key] = value
    return change(copied)


def _without_extensions(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if not key.startswith("x-")}


def draft7(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same set of payloads in draft 7. `schema` has no references."""
    found: dict[str, Any] = mapped(dict(schema), _without_extensions)
    return found


def draft4(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same set of payloads in draft 4: no const, no if, no boolean schemas, bounds with a flag."""
    found: dict[str, Any] = mapped(draft7(schema), _draft4_of)
    return found


def _draft4_of(node: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in node.items():
        if key == "const":
            made["enum"] = [value] if "enum" not in node else [each for each in node["enum"] if each == value]
        elif (
            key in ("exclusiveMinimum", "exclusiveMaximum")
            or key in ("if", "then", "else", "examples", "deprecated", "readOnly", "writeOnly")
            or (key == "enum" and "const" in node)
        ):
            continue
        elif key in SCHEMAS and key != "additionalProperties":
            made[key] = _no_boolean(value)
        elif key in LISTS:
            made[key] = [_no_boolean(each) for each in value]
        elif key in NAMES:
            made[key] = {name: _no_boolean(each) for name, each in value.items()}
        elif key == "required" and not value:
            continue  # draft 4 wants one at least
        else:
            made[key] = value
    for side in ("Minimum", "Maximum"):
        exclusive, inclusive = node.get(f"exclusive{side}"), node.get(side.lower())
        if exclusive is None:
            continue
        if inclusive is None:
            tighter = True
        else:
            tighter = exclusive >= inclusive if side == "Minimum" else exclusive <= inclusive
        if tighter:
            made[side.lower()] = exclusive
            made[f"exclusive{side}"] = True
    if "if" in node and ("then" in node or "else" in node):
        condition = _no_boolean(node["if"])
        branches = []
        if "then" in node:
            branches.append({"anyOf": [{"not": condition}, _no_boolean(node["then"])]})
        if "else" in node:
            branches.append({"anyOf": [condition, _no_boolean(node["else"])]})
        made["allOf"] = [*made.get("allOf", []), *branches]
    return made


def _no_boolean(schema: Any) -> Any:
    if schema is True:
        return {}
    return {"not": {}} if schema is False else schema


def indented(document: Any) -> bytes:
    """JSON as people read it."""
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
