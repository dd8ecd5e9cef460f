"""Tracking plans of Segment (rules of its Public API) and RudderStack (events of its Data Catalog API)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from canonry.catalogue.model import Catalogue, Contract
from canonry.exchange.omissions import Exported, Omissions, unsaid
from canonry.exchange.schemas import DRAFT7, Plain, RecursiveError, draft7, indented

CALLS: Final = {"user": "IDENTIFY", "account": "GROUP"}
"""Which call sends the traits of an entity."""
_SAID: Final = ("version",)


def _live(catalogue: Catalogue) -> Iterator[Contract]:
    """Events and traits that are in use: of each, the newest live major."""
    newest: dict[tuple[str, str], Contract] = {}
    for contract in catalogue.of_kind("events", "traits"):
        if contract.is_live:
            newest[(contract.id.kind, contract.id.name)] = contract
    yield from newest.values()


def event_name(contract: Contract, platform: str) -> str:
    """What the platform calls the event: as the contract says, else its title."""
    names = contract.meta.platforms
    said = names.get(platform) if isinstance(names, dict) else None
    return str(said or contract.schema.get("title") or contract.id.name)


def _parts(
    catalogue: Catalogue, platform: str, omissions: Omissions
) -> Iterator[tuple[str, str, Contract, dict[str, Any]]]:
    """Call, event name, contract and schema of everything that a plan can hold."""
    plain = Plain.of(catalogue)
    for contract in _live(catalogue):
        identifier = str(contract.id)
        if contract.id.kind == "traits":
            call = CALLS.get(contract.meta.entity or contract.id.name, "")
            if not call:
                omissions.add("traits of other entities", "plans know users and groups only", identifier)
                continue
            name = ""
        else:
            call, name = "TRACK", event_name(contract, platform)
        try:
            schema = draft7(plain.schema(contract))
        except RecursiveError:
            omissions.add("contracts that refer to themselves", "plans have no references", identifier)
            continue
        unsaid(omissions, identifier, contract.schema.get("x-contract", {}), _SAID)
        if contract.meta.status == "deprecated":
            omissions.add("that it is deprecated", "the form has no place for it", identifier)
        yield call, name, contract, schema


def _whole_number(version: str) -> int:
    return int(version.partition(".")[0])


def _enveloped(call: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A rule's schema speaks of the whole call; ours is that of its properties or traits."""
    part = "properties" if call == "TRACK" else "traits"
    inner = {key: value for key, value in schema.items() if key not in ("title", "description", "$schema")}
    document: dict[str, Any] = {"$schema": DRAFT7, "type": "object"}
    document.update({key: schema[key] for key in ("title", "description") if key in schema})
    parts: dict[str, Any] = {"context": {}, "traits": {}, "properties": {}}
    parts[part] = inner
    document["properties"] = parts
    if schema.get("required"):
        document["required"] = [part]
    return document


def segment(catalogue: Catalogue) -> Exported:
    """`tracking-plan.json`: the body that Segment's Public API takes for a plan's rules."""
    omissions = Omissions()
    rules: list[dict[str, Any]] = []
    for call, name, contract, schema in _parts(catalogue, "segment", omissions):
        rule: dict[str, Any] = {"type": call}
        if name:
            rule["key"] = name
        rules.append(
            rule
            | {
                "version": _whole_number(contract.meta.version),
                "jsonSchema": {"$id": _page(catalogue, contract), **_enveloped(call, schema)},
            }
        )
    name = catalogue.registry.name if catalogue.registry else "Tracking plan"
    return Exported(
        {"tracking-plan.json": indented({"name": name, "type": "LIVE", "rules": rules})}, omissions.listed()
    )


def rudderstack(catalogue: Catalogue) -> Exported:
    """`tracking-plan.json`: a plan with its events, as RudderStack's Data Catalog API takes them."""
    omissions = Omissions()
    events: list[dict[str, Any]] = []
    for call, name, contract, schema in _parts(catalogue, "rudderstack", omissions):
        enveloped = _enveloped(call, schema)
        rules: dict[str, Any] = {"$id": _page(catalogue, contract)}
        rules.update({key: enveloped[key] for key in ("type", "properties", "required") if key in enveloped})
        event = {
            "name": name,
            "description": str(schema.get("description", "")),
            "eventType": call.lower(),
            "rules": rules,
        }
        events.append(event)
    name = catalogue.registry.name if catalogue.registry else "Tracking plan"
    return Exported(
        {"tracking-plan.json": indented({"name": name, "version": 1, "events": events})}, omissions.listed()
    )


def _page(catalogue: Catalogue, contract: Contract) -> str:
    return f"{catalogue.base_url}/{contract.id.kind}/{contract.id.name}/{contract.meta.version}"


def rules_of(document: Any) -> Iterator[tuple[str, str, str, Any]]:
    """Call, event name, description and schema of each rule of a plan, in any form that is about.

    Segment's Public API (`rules` with `jsonSchema`, alone or under `data` or `trackingPlan`), its older
    export (`rules.events` with `rules`), and RudderStack's (`events` with `rules`).
    """
    for key in ("data", "trackingPlan"):
        inner = document.get(key) if isinstance(document, dict) else None
        if isinstance(inner, dict) and not {"rules", "events"} & document.keys():
            document = inner  # a plan's own data stands beside its rules where both are asked for
    if not isinstance(document, dict):
        return
    rules = document.get("rules")
    if isinstance(rules, list):
        for rule in filter(_is_object, rules):
            schema = rule.get("jsonSchema")
            words = schema.get("description", "") if isinstance(schema, dict) else ""
            yield str(rule.get("type", "TRACK")).upper(), str(rule.get("key") or ""), str(words), schema
    elif isinstance(rules, dict):
        for event in filter(_is_object, rules.get("events") or ()):
            yield (
                "TRACK",
                str(event.get("name", "")),
                str(event.get("description") or ""),
                event.get("rules"),
            )
        for call in ("identify", "group"):
            if isinstance(rules.get(call), dict):
                yield call.upper(), "", "", rules[call]
    events = document.get("events")
    if isinstance(events, list):
        for event in filter(_is_object, events):
            call = str(event.get("eventType", "track")).upper()
            words = str(event.get("description") or "")
            yield call, str(event.get("name") or ""), words, event.get("rules")


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def payload_schema(call: str, schema: Any) -> Any:
    """The schema of an event's properties or an entity's traits, out of that of the whole call."""
    if not isinstance(schema, dict):
        return {"type": "object"}
    properties = schema.get("properties")
    part = "properties" if call == "TRACK" else "traits"
    inner = properties.get(part) if isinstance(properties, dict) else None
    if isinstance(inner, dict) and {"properties", "type", "allOf", "required"} & set(inner):
        return {**{k: schema[k] for k in ("title", "description") if k in schema}, **inner}
    return schema if inner is None else {"type": "object"}
