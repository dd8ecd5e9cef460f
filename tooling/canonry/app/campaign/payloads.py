"""Payloads and traits for rehearsals: drawn from the contracts, with the keys that join them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final

from canonry.app.campaign.audiences import met, value_at
from canonry.catalogue.resolved import Resolver
from canonry.kernel.errors import CanonryError
from canonry.schema.sample import Sampler

if TYPE_CHECKING:
    from canonry.catalogue.documents.contract import Condition
    from canonry.catalogue.model import Catalogue, Contract
    from canonry.catalogue.refs import References

POOL: Final = 12
"""Payloads of one contract that visitors take turns with."""

_PARAMETERS: Final[Mapping[str, str]] = {
    "source": "utm_source",
    "medium": "utm_medium",
    "campaign": "utm_campaign",
    "content": "utm_content",
    "term": "utm_term",
}
_NAMES: Final[Mapping[str, str]] = {
    "event_id": "event_id",
    "occurred_at": "occurred_at",
    "anonymous_id": "anonymous_id",
    "session_id": "session_id",
    "user_id": "user_id",
}
_DEEPEST: Final = 4


@dataclass
class Maker:
    """Payloads of one contract. `joins`: where its keys stand (`campaign_id`, `event_id`, ...)."""

    contract: Contract
    sampler: Sampler
    joins: Mapping[str, tuple[str, ...]]
    required: frozenset[str]
    _pool: list[dict[str, Any]] = field(default_factory=list)
    _steered: dict[tuple[int, ...], dict[str, Any] | None] = field(default_factory=dict)

    def fill(self, rng: Random) -> None:
        """Draws the pool. Raises `NoSampleError`."""
        first = self.sampler.example()
        self._pool = [first] if isinstance(first, dict) else []
        for _ in range(POOL - 1):
            drawn = self.sampler.draw(rng)
            if isinstance(drawn, dict):
                self._pool.append(drawn)

    def payload(self, turn: int, keys: Mapping[str, str]) -> dict[str, Any]:
        """The next payload of the pool with these keys in their places."""
        return self._keyed(self._pool[turn % len(self._pool)], keys)

    def meeting(self, conditions: Sequence[Condition], keys: Mapping[str, str]) -> dict[str, Any] | None:
        """A payload that meets the conditions; None where the contract accepts none."""
        memory = tuple(id(condition) for condition in conditions)
        if memory not in self._steered:
            self._steered[memory] = next(self._made(conditions), None)
        found = self._steered[memory]
        return None if found is None else self._keyed(found, keys)

    def _made(self, conditions: Sequence[Condition]) -> Iterator[dict[str, Any]]:
        for payload in self._pool:
            if all(met(condition, payload) for condition in conditions):
                yield payload
        for payload in self._pool:
            bent = payload
            for condition in conditions:
                for test in (condition, *condition.where):
                    bent = _bent(bent, test)
            if all(met(condition, bent) for condition in conditions) and self.sampler.accepts(bent):
                yield bent

    def _keyed(self, payload: dict[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
        for name, value in keys.items():
            path = self.joins.get(name)
            if path is not None:
                payload = _with(payload, path, value)
        return payload


def makers(
    catalogue: Catalogue, references: References, contracts: Sequence[str], rng: Random
) -> tuple[dict[str, Maker], dict[str, str]]:
    """A maker per contract, and why there is none for the others."""
    resolver = Resolver(references, "writer")
    found: dict[str, Maker] = {}
    failed: dict[str, str] = {}
    for identifier in contracts:
        contract = catalogue.contract(identifier)
        if contract is None:
            failed[identifier] = "there is no such contract"
            continue
        try:
            schema = resolver.resolved(contract)
            joins = dict(_joins(schema, schema, (), 0))
            maker = Maker(contract, Sampler(schema), joins, contract.required)
            maker.fill(rng)
        except CanonryError as error:
            failed[identifier] = str(error)
            continue
        found[identifier] = maker
    return found, failed


def _joins(
    root: Any, schema: Any, path: tuple[str, ...], depth: int
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Keys and where they stand, the innermost of several last."""
    schema = _target(root, schema)
    properties = schema.get("properties")
    if not isinstance(properties, Mapping) or depth > _DEEPEST:
        return
    inner = {name: _target(root, part) for name, part in properties.items()}
    campaign = next((n for n, part in inner.items() if part.get("x-registry-id") == "campaign"), None)
    if campaign is not None:
        yield "campaign_id", (*path, campaign)
        for name, parameter in _PARAMETERS.items():
            if inner.get(name, {}).get("type") == "string":
                yield parameter, (*path, name)
    for name, part in inner.items():
        if str(part.get("x-name-of", "")).startswith("/creatives/"):
            yield "creative", (*path, name)
        elif name in _NAMES and part.get("type") == "string":
            yield _NAMES[name], (*path, name)
        yield from _joins(root, part, (*path, name), depth + 1)


def _target(root: Any, schema: Any) -> Mapping[str, Any]:
    """A schema with its reference carried out, its own keywords on top."""
    here: Mapping[str, Any] = schema if isinstance(schema, Mapping) else {}
    for _ in range(_DEEPEST):
        reference = here.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/"):
            break
        found: Any = root
        for token in reference[2:].split("/"):
            name = token.replace("~1", "/").replace("~0", "~")
            found = found.get(name) if isinstance(found, Mapping) else None
        rest = {key: value for key, value in here.items() if key != "$ref"}
        here = {**found, **rest} if isinstance(found, Mapping) else rest
    return here


def _with(payload: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """A copy with one value set; objects on the way are made where they are missing."""
    if len(path) == 1:
        return {**payload, path[0]: value}
    inner = payload.get(path[0])
    return {**payload, path[0]: _with(inner if isinstance(inner, dict) else {}, path[1:], value)}


def _without(payload: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    if len(path) == 1:
        return {key: value for key, value in payload.items() if key != path[0]}
    inner = payload.get(path[0])
    return {**payload, path[0]: _without(inner, path[1:])} if isinstance(inner, dict) else payload


def bent(values: Mapping[str, Any], conditions: Sequence[Condition]) -> dict[str, Any]:
    """Values that meet the conditions' own tests, where they can be made to."""
    found = dict(values)
    for condition in conditions:
        for test in (condition, *condition.where):
            found = _bent(found, test)
    return found


def _bent(payload: dict[str, Any], test: Condition) -> dict[str, Any]:
    if test.property is None or met(test.model_copy(update={"where": []}), payload):
        return payload
    path = tuple(test.property.split("."))
    wanted = test.value[0] if isinstance(test.value, list) and test.value else test.value
    match test.op:
        case "eq" | "in" | "gte" | "lte" | "contains":
            return _with(payload, path, wanted)
        case "gt" | "lt" if isinstance(wanted, int | float) and not isinstance(wanted, bool):
            return _with(payload, path, wanted + (1 if test.op == "gt" else -1))
        case "not_exists" | "ne" | "not_in":
            return _without(payload, path)
        case _:
            return payload


def opposed(
    values: dict[str, Any], conditions: Sequence[Condition], choices: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Values that meet none of the conditions: a flag turned, a word of another sample, or left out."""
    for condition in conditions:
        if condition.property is None or not met(condition, values):
            continue
        path = tuple(condition.property.split("."))
        here = value_at(values, condition.property)
        if isinstance(here, bool):
            values = _with(values, path, not here)
            continue
        for other in choices:
            tried = _with(values, path, value_at(other, condition.property))
            if value_at(other, condition.property) is not None and not met(condition, tried):
                values = tried
                break
        else:
            values = _without(values, path)
    return values
