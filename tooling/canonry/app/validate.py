"""Events as JSON lines against their contracts: how many are right, and what is wrong with the first others.

A line is an event with its name (`contract` or `event`, and the payload under `properties`), as clients and
Segment write them; or, where the contract is known, the payload alone. Contracts judge by the words of today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from canonry.codegen.client import _cents as cents
from canonry.kernel.errors import UsageError

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue

MOST: Final = 20
"""Failures that are kept of one contract, one block; the others are only counted."""
MOST_NAMES: Final = 200
"""Unknown events and properties that are kept by name."""
MOST_PROBLEMS: Final = 5
"""Problems that are told of one line."""

PAYLOADS: Final = ("properties", "payload", "params", "traits")
NAMES: Final = ("contract", "event", "name")
BROKEN: Final = "(not JSON)"
NAMELESS: Final = "(no event name)"


@dataclass(frozen=True, slots=True)
class Failure:
    """One line that is wrong. `problems` are JSON Pointer and message."""

    line: int
    contract: str
    problems: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Tally:
    """What was found in some lines; tallies of consecutive lines add up."""

    lines: int = 0
    right: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    unknown_events: dict[str, int] = field(default_factory=dict)
    unknown_properties: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, other: Tally, most: int) -> None:
        """Takes over the tally of the lines that follow; at most `most` failures are kept."""
        for failure in other.failures[: max(most - len(self.failures), 0)]:
            self.failures.append(Failure(failure.line + self.lines, failure.contract, failure.problems))
        self.lines += other.lines
        for mine, theirs in ((self.right, other.right), (self.wrong, other.wrong)):
            for key, count in theirs.items():
                mine[key] = mine.get(key, 0) + count
        _merge(self.unknown_events, other.unknown_events)
        _merge(self.unknown_properties, other.unknown_properties)

    @property
    def ok(self) -> bool:
        """Whether every line was right."""
        return not self.wrong


def _merge(mine: dict[Any, int], theirs: Mapping[Any, int]) -> None:
    for key, count in theirs.items():
        if key in mine or len(mine) < MOST_NAMES:
            mine[key] = mine.get(key, 0) + count


@dataclass(frozen=True, slots=True)
class Table:
    """What judging needs, as data that a process can be handed: schemas by contract, contracts by name."""

    schemas: Mapping[str, str]
    names: Mapping[str, str]
    only: str | None = None


def table(catalogue: Catalogue, only: str | None = None) -> Table:
    """The table of a catalogue's events, traits and segments. Raises `UsageError` for an unknown contract."""
    import json

    from canonry.catalogue.refs import References
    from canonry.catalogue.resolved import Resolver
    from canonry.codegen.published import asserting
    from canonry.naming.suggest import nearest

    if only is not None and catalogue.contract(only) is None:
        near = nearest(only, catalogue.by_text)
        raise UsageError(
            f"there is no contract {only!r}",
            f"Did you mean {near}?" if near else "canonry list names them all",
        )
    resolver = Resolver(References(catalogue), "today")
    schemas: dict[str, str] = {}
    names: dict[str, str] = {}
    for contract in catalogue.contracts.values():
        identifier = str(contract.id)
        if identifier != only and (
            only is not None or contract.id.kind not in ("events", "traits", "segments")
        ):
            continue
        schemas[identifier] = json.dumps(asserting(resolver.resolved(contract)))
        if contract.is_live:
            names[identifier] = identifier
    for contract in catalogue.of_kind("events"):  # sorted, so that the newest major wins
        if contract.is_live and only is None:
            platforms = contract.meta.platforms
            for name in (*(platforms.values() if isinstance(platforms, dict) else ()),):
                names.setdefault(name, str(contract.id))
    for contract in catalogue.of_kind("events"):
        if contract.is_live and only is None:
            for name in (str(contract.schema.get("title")), contract.id.name):
                names[name] = str(contract.id)
    return Table(schemas, names, only)


class Judge:
    """Judges lines by a table. Validators are made when they are first needed."""

    def __init__(self, of: Table) -> None:
        self.table = of
        self._quick: dict[str, Callable[[Any], bool]] = {}
        self._properties: dict[str, list[str]] = {}

    def lines(self, data: bytes) -> Tally:
        """The tally of some lines, numbered from 1.

        Lines are judged contract by contract: a validator that is asked twice in a row finds its automata in
        the processor's cache, which makes it two to three times as fast.
        """
        import orjson

        loads = orjson.loads
        tally = Tally()
        found: dict[str, list[tuple[int, Any]]] = {}
        names, only = self.table.names, self.table.only
        number = 0
        for line in data.splitlines():
            number += 1
            try:
                event = loads(line)
            except ValueError as error:
                if line.strip():
                    self._wrong(tally, number, BROKEN, (("", str(error)),))
                continue
            if only is not None:
                contract, payload = only, event
            else:
                try:  # as the client writes it
                    contract, payload = names[event["contract"]], event["properties"]
                except (KeyError, TypeError):
                    contract, payload = self._named(event)
            if contract in found:
                found[contract].append((number, payload))
            else:
                found[contract] = [(number, payload)]
        tally.lines = number
        for contract, lines in found.items():
            self._judge(tally, contract, lines)
        tally.failures.sort(key=lambda failure: failure.line)
        return tally

    def _judge(self, tally: Tally, contract: str, lines: list[tuple[int, Any]]) -> None:
        if contract not in self.table.schemas:
            for number, _ in lines:
                self._unknown(tally, number, contract)
            return
        test = self._quick.get(contract)
        if test is None:
            test = self._quick[contract] = self._test(contract)
        wrong = [(number, payload) for number, payload in lines if not test(payload)]
        if len(wrong) < len(lines):
            tally.right[contract] = tally.right.get(contract, 0) + len(lines) - len(wrong)
        for number, payload in wrong:
            self._explain(tally, number, contract, payload)

    def _named(self, event: Any) -> tuple[str, Any]:
        """Contract (or the name that is none's) and payload."""
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

    def _test(self, contract: str) -> Callable[[Any], bool]:
        import json

        import jsonschema_rs

        schema = json.loads(self.table.schemas[contract])
        whole = jsonschema_rs.validator_for(schema, validate_formats=False, offline=True).is_valid
        paths = cents.places(schema)
        if not paths:
            return whole
        part = jsonschema_rs.validator_for(
            cents.without(schema), validate_formats=False, offline=True
        ).is_valid

        def test(payload: Any) -> bool:
            if not part(payload):
                return False
            for path in paths:
                if path[0] in payload and not cents.holds(payload, path):
                    return whole(payload)
            return True

        return test

    def _explain(self, tally: Tally, number: int, contract: str, payload: Any) -> None:
        kept = sum(failure.contract == contract for failure in tally.failures)
        if kept >= MOST:
            tally.wrong[contract] = tally.wrong.get(contract, 0) + 1
            return
        import json

        import jsonschema_rs

        schema = json.loads(self.table.schemas[contract])
        validator = jsonschema_rs.validator_for(
            schema, validate_formats=False, offline=True, mask="the value"
        )
        problems: list[tuple[str, str]] = []
        for error in validator.iter_errors(payload):
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
        self._wrong(tally, number, contract, tuple(problems[:MOST_PROBLEMS]))

    def _unexpected(self, tally: Tally, contract: str, name: str) -> str:
        from canonry.naming.suggest import nearest

        _merge(tally.unknown_properties, {(contract, name): 1})
        near = nearest(name, self._known(contract))
        return "the contract has no such property" + (f"; did you mean {near}?" if near else "")

    def _known(self, contract: str) -> list[str]:
        if contract not in self._properties:
            import json

            found: dict[str, None] = {}
            for node in cents.nodes(json.loads(self.table.schemas[contract])):
                found |= dict.fromkeys(node.get("properties") or ())
            self._properties[contract] = list(found)
        return self._properties[contract]

    def _unknown(self, tally: Tally, number: int, name: str) -> None:
        from canonry.naming.suggest import nearest

        if name == NAMELESS:
            message = "no contract and no event is named; say which with --contract"
        else:
            near = nearest(name, self.table.names)
            message = f"no contract is for the event {name!r}" + (f"; did you mean {near!r}?" if near else "")
            _merge(tally.unknown_events, {name: 1})
        self._wrong(tally, number, NAMELESS if name == NAMELESS else "(unknown event)", (("", message),))

    @staticmethod
    def _wrong(tally: Tally, number: int, contract: str, problems: tuple[tuple[str, str], ...]) -> None:
        tally.wrong[contract] = tally.wrong.get(contract, 0) + 1
        if sum(failure.contract == contract for failure in tally.failures) < MOST:
            tally.failures.append(Failure(number, contract, problems))


def _token(token: object) -> str:
    return str(token).replace("~", "~0").replace("/", "~1")


def total(parts: Iterable[Tally], most: int) -> Tally:
    """The tally of consecutive parts."""
    tally = Tally()
    for part in parts:
        tally.add(part, most)
    return tally
