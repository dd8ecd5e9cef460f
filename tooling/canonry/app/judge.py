"""Lines of events judged by a table: quickly while all is right, exactly where something is not.

Most lines are right and written as lines before them were, so a pattern of those forms tells without parsing.
Other lines are parsed by the hundred and each contract's payloads are judged at once; where a batch does not
pass, its lines are looked at one by one. Every way gives the same tally.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, cast

from canonry.app.forms.known import Forms, Route
from canonry.app.validate import MOST, MOST_PROBLEMS, Failure, Table, Tally
from canonry.codegen.client import _cents as cents

PAYLOADS: Final = ("properties", "payload", "params", "traits")
NAMES: Final = ("contract", "event", "name")
BROKEN: Final = "(not JSON)"
NAMELESS: Final = "(no event name)"
UNKNOWN: Final = "(unknown event)"

_PART: Final = 64 * 1024
"""Bytes of lines that are looked at together."""
_BATCH: Final = 16 * 1024
"""Bytes that are parsed at once: so few that their values are still in the cache when they are judged."""
_EXACT: Final = 2**53
"""Integers up to here are the same as floats. orjson reads integers beyond 64 bits as floats."""
_OPTIONS: Final[dict[str, Any]] = {"validate_formats": False, "offline": True}


class Judge:
    """Judges lines by a table."""

    def __init__(self, of: Table) -> None:
        self.table = of
        self._schemas: dict[str, dict[str, Any]] = {
            contract: json.loads(text) for contract, text in of.schemas.items()
        }
        self._exact = {contract for contract, schema in self._schemas.items() if exacting(schema)}
        self._rest: dict[str, Callable[[Any], bool]] = {}
        self._all = self._quick_test()
        self._one = lru_cache(maxsize=None)(self._test)
        self._errors = lru_cache(maxsize=None)(self._explainer)
        self._near = lru_cache(maxsize=1024)(self._nearest)
        self._known = lru_cache(maxsize=None)(self._properties)
        self._mark = secrets.token_hex(4)  # no line can hold what nobody knew before
        self._between = f',"{self._mark}",'.encode()
        self._forms = Forms(self._schemas, of.expected)

    def lines(self, data: bytes) -> Tally:
        """The tally of some lines, numbered from 1."""
        tally = Tally()
        waiting: list[bytes] = []
        numbers: list[int] = []
        start, end, size = 0, len(data), 0
        while start < end:
            stop = data.find(b"\n", min(start + _PART, end)) + 1 or end
            part = data[start:stop].removesuffix(b"\n")
            first = tally.lines + 1
            found = self._forms.right(part)
            if found is None:
                lines = part.split(b"\n")
                places: Sequence[int] = range(len(lines))
            else:
                right, places, lines = found
                for contract, count in right.items():
                    tally.right[contract] = tally.right.get(contract, 0) + count
                tally.lines += sum(right.values())
            tally.lines += len(lines)
            for place, line in zip(places, lines, strict=True):
                waiting.append(line)
                numbers.append(first + place)
                size += len(line)
                if size > _BATCH:
                    self._batch(tally, waiting, numbers)
                    waiting, numbers, size = [], [], 0
            start = stop
        self._batch(tally, waiting, numbers)
        tally.failures.sort(key=lambda failure: failure.line)
        return tally

    def _batch(self, tally: Tally, lines: Sequence[bytes], numbers: Sequence[int]) -> None:
        events = self._parsed(lines) if lines else []
        if events is not None and self._right(tally, events):
            self._forms.learn(lines, events, self.route)
        else:
            self._one_by_one(tally, lines, numbers)

    def _quick_test(self) -> Callable[[Any], bool]:
        """Whether payloads by contract are right, but for the contracts that want exact numbers and for the
        amounts that `_rest` looks at.
        """
        import jsonschema_rs

        quick: dict[str, dict[str, Any]] = {}
        for contract, schema in self._schemas.items():
            if contract in self._exact:
                continue
            paths = cents.places(schema)
            quick[contract] = cents.without(schema) if paths else schema
            if paths:
                self._rest[contract] = cents.surely(paths)
        linear = jsonschema_rs.RegexOptions()  # the profile's patterns; a tenth quicker than the other engine
        try:
            return jsonschema_rs.validator_for(together(quick), pattern_options=linear, **_OPTIONS).is_valid
        except ValueError:
            return jsonschema_rs.validator_for(together(quick), **_OPTIONS).is_valid

    def _right(self, tally: Tally, events: list[Any]) -> bool:
        """Whether every event is surely right; only then they are counted."""
        found: defaultdict[str, list[Any]] = defaultdict(list)
        names, only = self.table.names, self.table.only
        if only is not None:
            found[only] = events
        else:
            for event in events:
                try:  # as the client writes it
                    found[names[event["contract"]]].append(event["properties"])
                except (KeyError, TypeError):
                    contract, payload = self.named(event)
                    found[contract].append(payload)
        if not self._all(found):
            return False
        rest = self._rest
        if not all(all(map(rest[contract], found[contract])) for contract in rest.keys() & found.keys()):
            return False
        for contract, payloads in found.items():
            tally.right[contract] = tally.right.get(contract, 0) + len(payloads)
        return True

    def _parsed(self, lines: Sequence[bytes]) -> list[Any] | None:
        """The value of each line; None where a line is blank or no JSON.

        A mark between the lines tells that each of them is one value: where a line held two, or two lines
        one, marks would be missing or out of their places.
        """
        import orjson

        try:
            found = orjson.loads(b"[" + self._between.join(lines) + b"]")
        except ValueError:
            return None
        number = len(lines) - 1
        marks = found[1::2]
        if len(found) != 2 * number + 1 or marks.count(self._mark) != number:
            return None
        return cast("list[Any]", found[::2])

    def _one_by_one(self, tally: Tally, lines: Sequence[bytes], numbers: Sequence[int]) -> None:
        import orjson

        right, events = [], []
        for line, number in zip(lines, numbers, strict=True):
            try:
                event = orjson.loads(line)
            except ValueError as error:
                if line.strip():
                    _wrong(tally, number, BROKEN, (("", str(error)),))
                continue
            contract, payload = self.named(event)
            if contract not in self._schemas:
                self._unknown(tally, number, contract)
                continue
            if contract in self._exact:
                payload = self.named(json.loads(line))[1]
            if self._one(contract)(payload):
                tally.right[contract] = tally.right.get(contract, 0) + 1
                right.append(line)
                events.append(event)
            else:
                self._explain(tally, number, contract, payload)
        self._forms.learn(right, events, self.route)

    def named(self, event: Any) -> tuple[str, Any]:
        """Contract (or the name that is none's) and payload."""
        if self.table.only is not None:
            return self.table.only, event
        if not isinstance(event, dict):
            return NAMELESS, event
        names = self.table.names
        said = ""
        for key in NAMES:
            name = event.get(key)
            if isinstance(name, str):
                said = said or name
                if name in names:
                    for place in PAYLOADS:
                        payload = event.get(place)
                        if isinstance(payload, dict):
                            return names[name], payload
                    return names[name], {k: v for k, v in event.items() if k != key}
        return said or NAMELESS, event

    def route(self, event: Any) -> Route | None:
        """How `named` came to contract and payload; None where the payload is what is left of the event."""
        if self.table.only is not None:
            return Route(self.table.only)
        named: list[tuple[str, str]] = []
        for key in NAMES:
            if key in event:
                if not isinstance(name := event[key], str):
                    return None
                named.append((key, name))
                if name in self.table.names:
                    break
        for place in PAYLOADS:
            if isinstance(event.get(place), dict):
                return Route(self.table.names[named[-1][1]], tuple(named), place)
        return None

    def _test(self, contract: str) -> Callable[[Any], bool]:
        import jsonschema_rs

        schema = self._schemas[contract]
        whole = jsonschema_rs.validator_for(schema, **_OPTIONS).is_valid
        rest = self._rest.get(contract)
        if rest is None:
            return whole
        part = jsonschema_rs.validator_for(cents.without(schema), **_OPTIONS).is_valid
        return lambda payload: part(payload) and (rest(payload) or whole(payload))

    # -- explanations

    def _explainer(self, contract: str) -> Callable[[Any], Iterable[Any]]:
        import jsonschema_rs

        schema = self._schemas[contract]
        return jsonschema_rs.validator_for(schema, mask="the value", **_OPTIONS).iter_errors

    def _explain(self, tally: Tally, number: int, contract: str, payload: Any) -> None:
        if tally.wrong.get(contract, 0) >= MOST:
            _wrong(tally, number, contract, ())
            return
        problems: list[tuple[str, str]] = []
        for error in self._errors(contract)(payload):
            pointer = "".join(f"/{_token(token)}" for token in error.instance_path)
            unexpected = getattr(error.kind, "unexpected", None)
            problems += [
                (f"{pointer}/{_token(name)}", self._unexpected(tally, contract, name))
                for name in unexpected or ()
            ]
            if not unexpected:
                problems.append((pointer, error.message))
            if len(problems) >= MOST_PROBLEMS:
                break
        _wrong(tally, number, contract, tuple(problems[:MOST_PROBLEMS]))

    def _unexpected(self, tally: Tally, contract: str, name: str) -> str:
        tally.count_property(contract, name)
        near = self._near(contract, name)
        return "the contract has no such property" + (f"; did you mean {near}?" if near else "")

    def _nearest(self, contract: str, name: str) -> str | None:
        from canonry.naming.suggest import nearest

        return nearest(name, self._known(contract))

    def _properties(self, contract: str) -> list[str]:
        nodes = cents.nodes(self._schemas[contract])
        return list(dict.fromkeys(name for node in nodes for name in node.get("properties") or ()))

    def _unknown(self, tally: Tally, number: int, name: str) -> None:
        from canonry.naming.suggest import nearest

        if name == NAMELESS:
            message = "no contract and no event is named; say which with --contract"
        else:
            near = nearest(name, self.table.names)
            message = f"no contract is for the event {name!r}" + (f"; did you mean {near!r}?" if near else "")
            tally.count_event(name)
        _wrong(tally, number, NAMELESS if name == NAMELESS else UNKNOWN, (("", message),))


def exacting(schema: dict[str, Any]) -> bool:
    """Whether a verdict may rest on digits that a float does not have."""
    return any(_exacting(node) for node in cents.nodes(schema))


def _exacting(node: dict[str, Any]) -> bool:
    bounds = [
        node.get(key) for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "const")
    ]
    enum = node.get("enum")
    numbers = [*bounds, *(enum if isinstance(enum, list) else ())]
    items = node.get("items")
    return (
        any(isinstance(number, int | float) and abs(number) >= _EXACT for number in numbers)
        or node.get("multipleOf", 1) not in (1, cents.STEP)
        or (
            node.get("uniqueItems") is True
            and not (isinstance(items, dict) and items.get("type") == "string")
        )
    )


def together(schemas: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The schema of payloads by contract, in lists. What contracts share is in it once, so that jsonschema-rs
    has one automaton for it, which stays in the processor's cache.
    """
    shared: dict[str, Any] = {}
    texts: dict[str, str] = {}
    properties: dict[str, Any] = {}
    for number, (contract, schema) in enumerate(schemas.items()):
        own = {name: json.dumps(inner) for name, inner in (schema.get("$defs") or {}).items()}
        if _points_within(schema) and all(texts.get(name, text) == text for name, text in own.items()):
            texts |= own
            shared |= schema.get("$defs") or {}
            payload = {key: value for key, value in schema.items() if key != "$defs"}
        else:  # an address of its own keeps its references its own
            payload = {**schema, "$id": f"urn:canonry:contract:{number}"}
        properties[contract] = {"items": payload}
    return {"properties": properties, "additionalProperties": False, "$defs": shared}


def _points_within(schema: dict[str, Any]) -> bool:
    """Whether every reference is to a definition."""
    return all(str(node.get("$ref", "#/$defs/")).startswith("#/$defs/") for node in cents.nodes(schema))


def _wrong(tally: Tally, number: int, contract: str, problems: tuple[tuple[str, str], ...]) -> None:
    tally.wrong[contract] = tally.wrong.get(contract, 0) + 1
    if tally.wrong[contract] <= MOST:
        tally.failures.append(Failure(number, contract, problems))


def _token(token: object) -> str:
    return str(token).replace("~", "~0").replace("/", "~1")
