"""BigQuery: one table schema per event or trait contract, as `bq` and the API take it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from canonry.catalogue.model import Catalogue
from canonry.exchange.omissions import Exported, Omissions
from canonry.exchange.schemas import Plain, RecursiveError, indented

_TYPES: Final = {"string": "STRING", "integer": "INTEGER", "number": "NUMERIC", "boolean": "BOOLEAN"}
_FORMATS: Final = {"date": "DATE", "time": "TIME", "date-time": "TIMESTAMP"}
_LIMITS: Final = (
    *("pattern", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("multipleOf", "minLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
    *("allOf", "oneOf", "if", "not"),
)
_WORDS: Final = 1024
"""Characters of a description that BigQuery takes."""
_WHOLE: Final = 10**29
"""NUMERIC holds 29 digits before the point."""


def exported(catalogue: Catalogue) -> Exported:
    """`<kind>/<name>_v<major>.json` with a list of fields each."""
    omissions = Omissions()
    files: dict[str, bytes] = {}
    plain = Plain.of(catalogue)
    for contract in catalogue.of_kind("events", "traits"):
        if not contract.is_live:
            continue
        identifier = str(contract.id)
        try:
            schema = plain.schema(contract)
        except RecursiveError:
            omissions.add("contracts that refer to themselves", "a table is no tree without end", identifier)
            continue
        fields = _fields(schema, identifier, omissions)
        files[f"{contract.id.kind}/{contract.id.name}_v{contract.id.major}.json"] = indented(fields)
    return Exported(files, omissions.listed())


def _fields(schema: Mapping[str, Any], of: str, omissions: Omissions) -> list[dict[str, Any]]:
    required = set(schema.get("required", ()))
    fields = []
    for name, inner in _properties(schema).items():
        field = _field(name, inner, f"{of} {name}", omissions)
        if field["mode"] == "NULLABLE" and name in required and not _nullable(inner):
            field["mode"] = "REQUIRED"
        fields.append(field)
    return fields


def _properties(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Properties of a schema, those of its allOf included."""
    found = dict(schema.get("properties", {}))
    for part in schema.get("allOf", ()):
        if isinstance(part, dict):
            for name, inner in _properties(part).items():
                found.setdefault(name, inner)
    return found


def _kinds(schema: Mapping[str, Any]) -> list[str]:
    kind = schema.get("type")
    if isinstance(kind, str):
        return [kind]
    if isinstance(kind, list):
        return [each for each in kind if each != "null"]
    values = [schema["const"]] if "const" in schema else schema.get("enum", [])
    known = {type(value) for value in values}
    return [{str: "string", bool: "boolean", int: "integer", float: "number"}.get(k, "") for k in known]


def _nullable(schema: Mapping[str, Any]) -> bool:
    kind = schema.get("type")
    return isinstance(kind, list) and "null" in kind


def _field(name: str, schema: Any, of: str, omissions: Omissions) -> dict[str, Any]:
    schema = schema if isinstance(schema, dict) else {}
    kinds = _kinds(schema)
    kind = kinds[0] if len(kinds) == 1 else ""
    field: dict[str, Any] = {"name": name, "type": "JSON", "mode": "NULLABLE"}
    if kind == "array":
        items = schema.get("items")
        inner = _field(name, items, of, omissions)
        if inner["mode"] == "REPEATED":
            omissions.add("lists of lists", "a repeated field holds no repeated one; it is JSON", of)
            field["type"] = "JSON"
        else:
            field = {**inner, "mode": "REPEATED"}
    elif kind == "object" and _properties(schema):
        field["type"] = "RECORD"
        field["fields"] = _fields(schema, of, omissions)
    elif kind == "number" and not _fits_numeric(schema):
        field["type"] = "FLOAT"
    elif kind == "string" and schema.get("format") in _FORMATS:
        field["type"] = _FORMATS[schema["format"]]
    elif kind in _TYPES:
        field["type"] = _TYPES[kind]
        if kind == "string" and isinstance(schema.get("maxLength"), int) and schema["maxLength"] > 0:
            field["maxLength"] = str(schema["maxLength"])
    else:
        omissions.add("values of several types", "the column is JSON", of)
    for keyword in _LIMITS:
        if keyword in schema:
            omissions.add(f"`{keyword}`", "a column has no such limit", of)
    if schema.get("description"):
        field["description"] = str(schema["description"])[:_WORDS]
    return field


def _fits_numeric(schema: Mapping[str, Any]) -> bool:
    """Whether NUMERIC (38 digits, 9 of them after the point) surely holds every value."""
    step, low, high = schema.get("multipleOf"), schema.get("minimum"), schema.get("maximum")
    if step is None or low is None or high is None:
        return False
    return bool(max(abs(low), abs(high)) < _WHOLE and step * 10**9 >= 1)
