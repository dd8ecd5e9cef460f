"""Open Data Contract Standard v3.2.0: one YAML document per event or trait contract, both ways.

What the standard has no field for (a rule between properties, a format, an extension) goes into
`customProperties` of vendor `canonry`, so that reading a document back gives the same schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from canonry.catalogue.model import Catalogue, Contract
from canonry.exchange.omissions import Exported, Omissions, unsaid
from canonry.exchange.schemas import Plain, RecursiveError

VERSION: Final = "v3.2.0"
VENDOR: Final = "canonry"
_STRINGS: Final = ("minLength", "maxLength", "pattern")
_NUMBERS: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_ARRAYS: Final = ("minItems", "maxItems", "uniqueItems")
_OBJECTS: Final = ("minProperties", "maxProperties")
_OPTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "string": _STRINGS,
    "integer": _NUMBERS,
    "number": _NUMBERS,
    "array": _ARRAYS,
    "object": _OBJECTS,
}
_TEMPORAL: Final = {"date": "date", "time": "time", "date-time": "timestamp"}
_OF_TEMPORAL: Final = {logical: form for form, logical in _TEMPORAL.items()}
_CLASSES: Final = {"none": "public", "pseudonymous": "internal", "personal": "confidential"}
_WORDS: Final = {"description": "description", "title": "businessName"}


def exported(catalogue: Catalogue) -> Exported:
    """`<kind>/<name>_v<major>.odcs.yaml` each."""
    import yaml

    omissions = Omissions()
    files: dict[str, bytes] = {}
    plain = Plain.of(catalogue)
    for contract in catalogue.of_kind("events", "traits"):
        if not contract.is_live:
            continue
        identifier = str(contract.id)
        try:
            document = _document(catalogue, contract, plain.schema(contract))
        except RecursiveError:
            omissions.add("contracts that refer to themselves", "the form has no references", identifier)
            continue
        text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)
        files[f"{contract.id.kind}/{contract.id.name}_v{contract.id.major}.odcs.yaml"] = text.encode()
        said = ("version", "owner", "trigger", "consumers", "status")
        unsaid(omissions, identifier, contract.schema.get("x-contract", {}), said)
    return Exported(files, omissions.listed())


def _document(catalogue: Catalogue, contract: Contract, schema: Mapping[str, Any]) -> dict[str, Any]:
    meta = contract.meta
    teams = catalogue.teams.teams if catalogue.teams else {}
    owner = teams.get(meta.owner)
    document: dict[str, Any] = {
        "apiVersion": VERSION,
        "kind": "DataContract",
        "id": f"{catalogue.base_url}/{contract.id.kind}/{contract.id.name}/v{contract.id.major}",
        "name": str(schema.get("title", contract.id.name)),
        "version": meta.version,
        "status": meta.status,
        "description": {"purpose": str(schema.get("description", ""))},
        "schema": [_root(contract, schema)],
        "team": {
            "name": owner.name if owner else meta.owner,
            "members": [
                {"username": meta.owner, "role": "owner"},
                {"username": meta.backup_owner, "role": "backup owner"},
            ],
        },
    }
    if meta.trigger:
        document["description"]["usage"] = f"Sent when: {meta.trigger}"
    if meta.consumers:
        document["roles"] = [
            {"role": consumer.name, "access": "read", "description": f"{consumer.needs} need"}
            for consumer in meta.consumers
        ]
    return document


def _root(contract: Contract, schema: Mapping[str, Any]) -> dict[str, Any]:
    element: dict[str, Any] = {"name": contract.id.name, "logicalType": "object"}
    element["physicalType"] = contract.id.kind
    if schema.get("description"):
        element["description"] = str(schema["description"])
    required = set(schema.get("required", ()))
    element["properties"] = [
        _property(key, inner, required=key in required)
        for key, inner in (schema.get("properties") or {}).items()
    ]
    taken = {"type", "properties", "required", "description"}
    return element | _custom({key: value for key, value in schema.items() if key not in taken})


def _property(name: str | None, schema: Any, *, required: bool) -> dict[str, Any]:
    element: dict[str, Any] = {"name": name} if name is not None else {}
    if not isinstance(schema, dict):
        return element | _custom({"schema": schema})
    taken = {"type"}
    kind = schema.get("type")
    logical = kind if isinstance(kind, str) else ""
    if logical == "string" and schema.get("format") in _TEMPORAL:
        logical = _TEMPORAL[schema["format"]]
        taken.add("format")
    if logical and logical != "null":
        element["logicalType"] = logical
    elif kind is not None:
        taken.discard("type")
    if name is not None:
        element["required"] = required
    for keyword, field in _WORDS.items():
        if schema.get(keyword):
            element[field] = str(schema[keyword])
            taken.add(keyword)
    if schema.get("x-pii") in _CLASSES:
        element["classification"] = _CLASSES[schema["x-pii"]]
        taken.add("x-pii")
    if schema.get("examples"):
        element["examples"] = schema["examples"]
        taken.add("examples")
    if isinstance(schema.get("enum"), list) and all(_simple(value) for value in schema["enum"]):
        element["enum"] = [{"value": value} for value in schema["enum"]]
        taken.add("enum")
    options = {key: schema[key] for key in _OPTIONS.get(logical, ()) if key in schema}
    if logical == "string" and "format" in schema:
        options["format"] = schema["format"]
        taken.add("format")
    if options:
        element["logicalTypeOptions"] = options
        taken |= set(options)
    if logical == "array" and isinstance(schema.get("items"), dict):
        element["items"] = _property(None, schema["items"], required=False)
        taken.add("items")
    if logical == "object" and isinstance(schema.get("properties"), dict):
        inside = set(schema.get("required", ()))
        element["properties"] = [
            _property(key, inner, required=key in inside) for key, inner in schema["properties"].items()
        ]
        taken |= {"properties", "required"}
    return element | _custom({key: value for key, value in schema.items() if key not in taken})


def _simple(value: object) -> bool:
    return isinstance(value, str | int | float | bool)


def _custom(rest: Mapping[str, Any]) -> dict[str, Any]:
    if not rest:
        return {}
    listed = [{"property": key, "value": value, "vendor": VENDOR} for key, value in rest.items()]
    return {"customProperties": listed}


def schema_of(document: Mapping[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Kind (`events`, `traits`), name and JSON Schema of each object of a document, our own or anybody's."""
    found = []
    for element in document.get("schema") or ():
        if not isinstance(element, dict):
            continue
        schema = _read(element)
        schema.setdefault("type", "object")
        title = (
            document.get("name") if len(document.get("schema") or ()) == 1 else element.get("businessName")
        )
        schema.setdefault("title", str(title or element.get("name", "")))
        kind = "traits" if element.get("physicalType") == "traits" else "events"
        found.append((kind, str(element.get("name", "")), schema))
    return found


def _read(element: Mapping[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    logical = element.get("logicalType")
    if logical in _OF_TEMPORAL:
        schema |= {"type": "string", "format": _OF_TEMPORAL[str(logical)]}
    elif isinstance(logical, str):
        schema["type"] = logical
    for keyword, field in _WORDS.items():
        if element.get(field):
            schema[keyword] = element[field]
    classes = {word: pii for pii, word in _CLASSES.items()}
    if element.get("classification") in classes:
        schema["x-pii"] = classes[str(element["classification"])]
    if element.get("examples"):
        schema["examples"] = element["examples"]
    if isinstance(element.get("enum"), list):
        schema["enum"] = [each.get("value") for each in element["enum"] if isinstance(each, dict)]
    options = element.get("logicalTypeOptions")
    if isinstance(options, dict) and logical not in _OF_TEMPORAL:
        schema |= options
    if isinstance(element.get("items"), dict):
        schema["items"] = _read(element["items"])
    properties = element.get("properties")
    if isinstance(properties, list):
        named = [each for each in properties if isinstance(each, dict) and each.get("name")]
        schema["properties"] = {str(each["name"]): _read(each) for each in named}
        required = [str(each["name"]) for each in named if each.get("required")]
        if required:
            schema["required"] = required
    for custom in element.get("customProperties") or ():
        if isinstance(custom, dict) and custom.get("vendor") == VENDOR:
            if custom.get("property") == "schema" and not isinstance(custom.get("value"), dict):
                continue
            schema[str(custom["property"])] = custom.get("value")
    return schema
