"""Drafts of contracts from anybody's JSON Schemas: kept to the profile, and what did not fit is listed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from canonry.catalogue.resolved import DIALECT
from canonry.exchange.omissions import Omissions
from canonry.exchange.schemas import RecursiveError, mapped
from canonry.kernel.errors import UsageError
from canonry.kernel.ids import ContractId
from canonry.regular.shared import shared_subset
from canonry.schema.formats import FORMATS

SAY: Final = "Say here what it means: it came without a description."
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*\Z")
_LONGEST_NAME: Final = 60
_KEPT: Final = frozenset(
    {
        *("type", "enum", "const", "properties", "required", "items", "minItems", "maxItems", "uniqueItems"),
        *("minLength", "maxLength", "pattern", "format", "multipleOf", "minimum", "maximum"),
        *("exclusiveMinimum", "exclusiveMaximum", "minProperties", "maxProperties", "additionalProperties"),
        *("title", "description", "examples", "default", "deprecated"),
    }
)
_SCALARS: Final = frozenset({"string", "number", "integer", "boolean", "null"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A contract to be written: its id and its text."""

    id: ContractId
    text: str


@dataclass(slots=True)
class Drafting:
    """Makes drafts. `owner` and `backup_owner` are teams; `omissions` collects what a contract cannot say."""

    owner: str
    backup_owner: str
    platform: str = ""
    """Whose names of events and properties are kept beside ours; none: nobody's."""
    omissions: Omissions = field(default_factory=Omissions)
    vocabularies: frozenset[str] = frozenset()
    """Those of the registry that takes the drafts."""
    purposes: tuple[str, ...] = ()
    """Consent purposes that the platform wants: until somebody says otherwise, nothing goes there without."""

    def event(self, name: str, schema: Any, *, description: str = "") -> Draft:
        """A draft of an event. Raises `UsageError` where the name makes no contract name."""
        identifier = ContractId("events", contract_name(name), 1)
        body = self._body(schema, str(identifier))
        properties = body["properties"]
        if "event_id" not in properties:
            properties["event_id"] = {
                "type": "string",
                "format": "uuid",
                "description": "Made once per event, so that pixel and server can be told to be one.",
                "x-pii": "none",
            }
        meta: dict[str, Any] = {
            "trigger": "Say here what has to happen for it to be sent, as exactly as a test could check it.",
            "identity": ["event_id"],
            "producers": ["web"],
        }
        if self.platform:
            meta["platforms"] = {self.platform: name}
            meta["consent"] = {self.platform: list(self.purposes)} if self.purposes else {}
        return self._draft(identifier, body, meta, name, description)

    def trait(self, entity: str, schema: Any) -> Draft:
        """A draft of the traits of an entity."""
        identifier = ContractId("traits", contract_name(entity), 1)
        body = self._body(schema, str(identifier))
        key = f"{identifier.name}_id"
        if key not in body["properties"]:
            body["properties"][key] = {
                "type": "string",
                "minLength": 1,
                "maxLength": 64,
                "description": "The key by which every system knows it.",
                "x-pii": "pseudonymous",
            }
            body["required"] = [key, *body["required"]]
        meta = {"entity": identifier.name, "identity": [key], "producers": ["crm"]}
        return self._draft(identifier, body, meta, entity, "")

    def _draft(
        self,
        identifier: ContractId,
        body: dict[str, Any],
        meta: Mapping[str, Any],
        name: str,
        description: str,
    ) -> Draft:
        document = {
            "$schema": DIALECT,
            "$id": str(identifier),
            "title": str(body.pop("title", "") or name or identifier.name),
            "description": str(body.pop("description", "") or description or SAY),
            "x-contract": {
                "version": "1.0.0-draft",
                "status": "draft",
                "owner": self.owner,
                "backup_owner": self.backup_owner,
                **meta,
            },
            **body,
        }
        return Draft(identifier, json.dumps(document, indent=2, ensure_ascii=False) + "\n")

    def _body(self, schema: Any, of: str) -> dict[str, Any]:
        """An object schema of the profile, closed or open as the source was."""
        try:
            placed = _placed(schema if isinstance(schema, dict) else {})
        except RecursiveError as error:
            self.omissions.add("references to itself", "a contract's payload ends somewhere", f"{of} {error}")
            placed = {}
        body = self._node(placed, of, named=True)
        body["type"] = "object"
        body.setdefault("additionalProperties", True)
        body.setdefault("required", [])
        body.setdefault("properties", {})
        if not body["required"]:
            body["required"] = []
        return body

    def _node(self, node: Any, of: str, *, named: bool = False) -> dict[str, Any]:
        """A schema of the profile. `named`: a property, which wants a description and a PII class."""
        if node is True or node is False or not isinstance(node, dict):
            self.omissions.add("schemas that are true or false", "a property has a type", of)
            node = {}
        node = _without_null(_united(node, of, self.omissions), of, self.omissions)
        made: dict[str, Any] = {}
        for key, value in node.items():
            if key == "x-vocabulary" and value not in self.vocabularies:
                self.omissions.add("vocabularies that are not here", "its words were kept", f"{of} {value}")
            elif key == "x-name-of":
                self.omissions.add("which contract's names it holds", "say it again: x-name-of", of)
            elif key in ("examples", "default", "allOf") or key.startswith("x-"):
                made[key] = value
            elif key == "properties" and isinstance(value, dict):
                made[key] = self._properties(value, of)
            elif key == "required" and isinstance(value, list):
                made[key] = [property_name(str(name)) for name in value]
            elif key == "items":
                if isinstance(value, dict):
                    made[key] = self._node(value, f"{of} items")
                else:
                    self.omissions.add("lists whose places differ", "use an object with named properties", of)
            elif key == "additionalProperties":
                if isinstance(value, dict):
                    self.omissions.add(
                        "limits on unnamed properties", "name the properties; any are let in", of
                    )
                made[key] = value if isinstance(value, bool) else True
            elif key == "pattern" and shared_subset(str(value)):
                self.omissions.add(
                    "patterns outside the shared subset", str(shared_subset(str(value))[0]), f"{of} {value}"
                )
            elif key == "format" and value not in FORMATS:
                self.omissions.add(
                    "formats that nobody checks", "only known formats are kept", f"{of} {value}"
                )
            elif key in _KEPT or _is_kept(key, value, node):
                made[key] = value
            elif key not in ("$schema", "$id", "id", "$comment", "definitions", "$defs", "self"):
                self.omissions.add(f"`{key}`", "it is outside the profile of contracts", of)
        if "properties" in made or made.get("type") == "object":
            made.setdefault("type", "object")
            made.setdefault("additionalProperties", True)
            made.setdefault("properties", {})
            known = made["properties"]
            for name in made.get("required", ()):
                if name not in known:
                    self.omissions.add("required properties without a schema", "any value is let in", of)
                    known[name] = {"description": SAY, "x-pii": "personal"}
        return made

    def _properties(self, properties: Mapping[str, Any], of: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, schema in properties.items():
            ours = property_name(name)
            if ours in made:
                self.omissions.add(
                    "properties whose names fall together", "the first was kept", f"{of} {name}"
                )
                continue
            inner = self._node(schema, f"{of} {name}")
            inner.setdefault("description", SAY)
            if "x-pii" not in inner:
                # Nobody said: the careful class, until somebody looks.
                self.omissions.add("PII classes", "taken to be personal until somebody says", of)
                inner["x-pii"] = "personal"
            if ours != name and self.platform:
                inner.setdefault("x-platforms", {})[self.platform] = name
            elif ours != name:
                self.omissions.add("names that are no identifiers", "renamed", f"{of} {name} -> {ours}")
            made[ours] = inner
        return made


def contract_name(text: str) -> str:
    """`Order Completed` as `order_completed`. Raises `UsageError` where nothing is left."""
    name = property_name(text)
    if not _NAME.match(name) or len(name) > _LONGEST_NAME:
        raise UsageError(f"{text!r} makes no contract name", "Names are lower-case words: order_completed")
    return name


def property_name(text: str) -> str:
    """`orderId`, `Order ID` and `$order-id` as `order_id`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", text.strip())
    name = re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")
    return name if not name[:1].isdigit() else f"n{name}"


def _is_kept(key: str, value: Any, node: Mapping[str, Any]) -> bool:
    """Whether a rule between branches is one that the profile knows."""
    if key == "not":
        return (
            isinstance(value, dict) and set(value) == {"pattern"} and not shared_subset(str(value["pattern"]))
        )
    if key in ("if", "then", "else"):
        condition = node.get("if")
        named = condition.get("properties") if isinstance(condition, dict) else None
        return isinstance(named, dict) and all(
            isinstance(inner, dict) and set(inner) == {"const"} for inner in named.values()
        )
    if key == "oneOf" and isinstance(value, list):
        return _tagged(value)
    return False


def _tagged(branches: list[Any]) -> bool:
    """Whether a property with a const of its own tells the branches apart."""
    tags = [
        {
            n: repr(p["const"])
            for n, p in (b.get("properties") or {}).items()
            if isinstance(p, dict) and "const" in p
        }
        for b in branches
        if isinstance(b, dict)
    ]
    shared = set(tags[0]).intersection(*tags[1:]) if tags else set()
    return len(tags) == len(branches) and any(
        len({tag[name] for tag in tags}) == len(tags)
        and all(name in (b.get("required") or ()) for b in branches)
        for name in shared
    )


def _placed(schema: dict[str, Any]) -> dict[str, Any]:
    """Local references replaced by what they lead to; others left out by who reads it."""

    def follow(node: Any, within: tuple[str, ...]) -> Any:
        if isinstance(node, list):
            return [follow(each, within) for each in node]
        if not isinstance(node, dict):
            return node
        ref = node.get("$ref")
        if isinstance(ref, str) and ref.startswith("#"):
            if ref in within:
                raise RecursiveError(ref)
            target = _at(schema, ref)
            rest = {key: follow(value, within) for key, value in node.items() if key != "$ref"}
            inner = follow(target, (*within, ref))
            return {**inner, **rest} if isinstance(inner, dict) else rest
        return {
            key: value if key in ("enum", "const", "default", "examples") else follow(value, within)
            for key, value in node.items()
            if key not in ("definitions", "$defs")
        }

    found: dict[str, Any] = mapped(follow(schema, ()), _modern)
    return found


def _at(root: Any, ref: str) -> Any:
    found = root
    for part in ref.removeprefix("#").split("/")[1:]:
        token = part.replace("~1", "/").replace("~0", "~")
        try:
            found = found[int(token)] if isinstance(found, list) else found[token]
        except (KeyError, IndexError, TypeError, ValueError):
            return {}
    return found


def _modern(node: dict[str, Any]) -> dict[str, Any]:
    """Draft 4's flags on bounds as draft 2020-12's bounds."""
    made = dict(node)
    for side in ("Minimum", "Maximum"):
        flag = made.get(f"exclusive{side}")
        if isinstance(flag, bool):
            del made[f"exclusive{side}"]
            if flag and side.lower() in made:
                made[f"exclusive{side}"] = made.pop(side.lower())
    return made


def _united(node: dict[str, Any], of: str, omissions: Omissions) -> dict[str, Any]:
    """Branches of allOf taken into the node; a rule between properties stays a branch of its own."""
    branches = node.get("allOf")
    if not isinstance(branches, list):
        return node
    made = {key: value for key, value in node.items() if key != "allOf"}
    rules = []
    for branch in filter(_is_object, branches):
        if "if" in branch and all(_is_kept(key, value, branch) for key, value in branch.items()):
            rules.append(branch)
            continue
        for key, value in _united(branch, of, omissions).items():
            if key == "allOf":
                rules += value
            elif key == "properties" and isinstance(made.get(key), dict):
                made[key] = {**value, **made[key]}
            elif key == "required" and isinstance(made.get(key), list):
                made[key] = list(dict.fromkeys([*made[key], *value]))
            elif key in made and made[key] != value and key not in ("title", "description"):
                omissions.add("limits that allOf states twice", "the outer one was kept", f"{of} {key}")
            else:
                made.setdefault(key, value)
    return made | ({"allOf": rules} if rules else {})


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _without_null(node: dict[str, Any], of: str, omissions: Omissions) -> dict[str, Any]:
    """A type list without null: a value that is not there is left out in a contract."""
    kinds = node.get("type")
    if not isinstance(kinds, list):
        return node
    kept = [kind for kind in kinds if kind != "null"]
    if len(kept) < len(kinds) and kept:
        omissions.add("null beside a type", "a value that is not there is left out", of)
    made = dict(node)
    if len(kept) == 1:
        made["type"] = kept[0]
    elif kept and set(kept) <= _SCALARS:
        made["type"] = kept
    else:
        made.pop("type")
        if kept:
            omissions.add("types that a model cannot tell apart", "any value is let in", of)
    if "enum" in made and isinstance(made["enum"], list) and None in made["enum"]:
        made["enum"] = [value for value in made["enum"] if value is not None]
    return made
