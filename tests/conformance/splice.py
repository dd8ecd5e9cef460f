"""Pairs made of parts of the public suites' rows, and oracles that share nothing with canonry.

A subschema of one row is put into a place of another, on one side or on both, in any dialect. Verdicts are
contradicted by jsonschema-rs (its containment, and a few hundred values) and by a `strip` written anew from
its definition.
"""

import copy
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
from generator import DRAFTS, values_near

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import same
from canonry.schema import compare

SAMPLES = 300
_ONE = (
    "additionalProperties", "propertyNames", "items", "additionalItems", "contains", "not", "if", "then",
    "else", "unevaluatedProperties", "unevaluatedItems",
)  # fmt: skip
_LIST = ("allOf", "anyOf", "oneOf", "prefixItems", "items")
_MAP = ("properties", "patternProperties", "dependentSchemas", "definitions", "$defs")
_LARGEST = 4_000
_VALIDATORS = dict(
    zip(
        DRAFTS,
        (
            jsonschema_rs.Draft4Validator,
            jsonschema_rs.Draft6Validator,
            jsonschema_rs.Draft7Validator,
            jsonschema_rs.Draft201909Validator,
            jsonschema_rs.Draft202012Validator,
        ),
        strict=True,
    )
)


def places(schema: Any) -> Iterator[tuple[Any, Any]]:
    """Every holder and key of a subschema below a schema."""
    if not isinstance(schema, dict):
        return
    for keyword, held in schema.items():
        if keyword in _ONE and isinstance(held, dict | bool):
            yield schema, keyword
            yield from places(held)
        elif keyword in _LIST and isinstance(held, list):
            for index, part in enumerate(held):
                yield held, index
                yield from places(part)
        elif keyword in _MAP and isinstance(held, dict):
            for name, part in held.items():
                yield held, name
                yield from places(part)


class Parts:
    """The rows of suites, their subschemas that stand alone, and the values that they list."""

    def __init__(self, folder: Path) -> None:
        self.rows: list[dict[str, Any]] = []
        parts: dict[str, Any] = {}
        values: dict[str, Any] = {}
        for path in sorted(folder.glob("*.json")):
            for row in json.loads(path.read_text(encoding="utf-8"))["pairs"]:
                text = json.dumps([row["old"], row["new"]])
                if len(text) > 2 * _LARGEST or '"$id"' in text or '"id"' in text or "://" in _bare(text):
                    continue
                self.rows.append(row)
                for side in (row["old"], row["new"]):
                    for holder, key in places({"not": side}):
                        part = holder[key]
                        spelt = json.dumps(part)
                        if "$" not in _bare(spelt) and len(spelt) < _LARGEST:
                            parts[spelt] = part
                        if isinstance(part, dict) and "const" in part:
                            values[json.dumps(part["const"])] = part["const"]
        self.parts = [_undeclared(part) for part in parts.values()]
        self.values = list(values.values())

    def pair(self, seed: int) -> dict[str, Any]:
        """The pair of a seed."""
        rng = random.Random(seed)
        row = rng.choice(self.rows)
        old = copy.deepcopy(row["old"])
        new = copy.deepcopy(row["new"] if rng.random() < 0.5 else row["old"])
        sides = [old, new]
        for _ in range(rng.choice([1, 1, 2, 3])):
            part = rng.choice(self.parts)
            for number in rng.choice([(0,), (1,), (0, 1)]):
                self._put(rng, sides, number, copy.deepcopy(part))
        drafts = list(DRAFTS)
        draft = rng.choice(drafts)
        for number, side in enumerate(sides):
            if isinstance(side, dict):
                uri = DRAFTS[draft if rng.random() < 0.85 else rng.choice(drafts)]
                sides[number] = {**side, "$schema": uri}
        if rng.random() < 0.5:
            sides.reverse()
        return {
            "id": f"splice-{seed}",
            "old": sides[0],
            "new": sides[1],
            "direction": rng.choice(["backward", "forward"]),
            "reading": rng.choice(["strict", "declared"]),
            "format_assertion": False,
        }

    def _put(self, rng: random.Random, sides: list[Any], number: int, part: Any) -> None:
        where = list(places(sides[number]))
        if where and rng.random() < 0.7:
            holder, key = rng.choice(where)
            holder[key] = part
        elif isinstance(sides[number], dict):
            keyword = rng.choice(["allOf", "anyOf", "oneOf", "not", "additionalProperties", "contains", "if"])
            if keyword in ("allOf", "anyOf", "oneOf"):
                sides[number].setdefault(keyword, []).append(part)
            else:
                sides[number].setdefault(keyword, part)


def problems(case: dict[str, Any], seed: int, parts: Parts) -> list[tuple[str, list[str], Any]]:
    """What contradicts the verdict of a pair, as in `fuzz.problems`."""
    old, new = case["old"], case["new"]
    try:
        compared = compare(
            old, new, direction=case["direction"], reading=case["reading"], format_assertion=False
        )
        case["verdict"], case["reason"] = compared.verdict, compared.reason
        list(compared.changes)
    except CanonryError:  # a part may be no schema in another dialect
        case["verdict"] = "refused"
        return []
    except Exception as error:  # noqa: BLE001 (a crash is a result here)
        case["verdict"] = "crash"
        return [(f"crash {type(error).__name__}: {error}", ["crash"], None)]
    writer, reader = (old, new) if case["direction"] == "backward" else (new, old)
    found: list[tuple[str, list[str], Any]] = []
    try:
        accepts, takes = _validator(writer), _validator(reader)
    except (ValueError, RecursionError):
        return []
    if compared.verdict == "broken":
        found += _replayed(case, compared.witness, writer, accepts, takes)
    elif compared.verdict == "proved":
        found += _sampled(case, seed, parts, writer, reader)
    if case["reading"] == "strict" and not _inexact(case):
        found += _opinion(case, writer, reader)
    return found


def _replayed(
    case: Any, witness: Any, writer: Any, accepts: Any, takes: Any
) -> Iterator[tuple[str, list[str], Any]]:
    seen = witness
    try:
        if case["reading"] == "declared":
            if not same(stripped(writer, witness), witness):
                yield "by another strip the witness is not declared", ["broken"], witness
            if case["direction"] == "forward":
                seen = stripped(case["old"], witness)
    except (LookupError, re.error):
        return
    if not accepts.is_valid(witness) or takes.is_valid(seen):
        case["judge"] = "jsonschema-rs does not replay it"
        if not _inexact(case):
            yield "jsonschema-rs does not replay the witness", ["broken"], witness


def _sampled(
    case: Any, seed: int, parts: Parts, writer: Any, reader: Any
) -> Iterator[tuple[str, list[str], Any]]:
    rng = random.Random(seed)
    values = rng.sample(parts.values, min(100, len(parts.values)))
    for document in (writer, reader):
        try:
            values += values_near(rng, document, (SAMPLES - 100) // 2)
        except Exception:  # noqa: BLE001 (values of schemas that it was not made for)
            continue
    accepts, takes = _validator(writer), _validator(reader)
    for value in values:
        try:
            candidate = seen = value
            if case["reading"] == "declared":
                candidate = seen = stripped(writer, value)
                if case["direction"] == "forward":
                    seen = stripped(case["old"], candidate)
        except (LookupError, re.error):
            return
        case["samples"] = case.get("samples", 0) + 1
        if accepts.is_valid(candidate) and not takes.is_valid(seen) and not _inexact(case):
            yield "a sampled value refutes the proof", ["proved"], candidate
            return


def _opinion(case: Any, writer: Any, reader: Any) -> Iterator[tuple[str, list[str], Any]]:
    try:
        opinion = str(jsonschema_rs.canonicalize(reader).covers(jsonschema_rs.canonicalize(writer)))
    except Exception:  # noqa: BLE001 (it has no opinion)
        return
    case["peer"] = opinion
    if (opinion, case["verdict"]) in (("yes", "broken"), ("no", "proved")):
        yield f"jsonschema-rs says {opinion}", [case["verdict"]], None


def _inexact(case: Any) -> bool:
    """Whether jsonschema-rs is known to read something otherwise than the specification.

    It asserts formats and contents in some drafts and keeps `dependencies` after draft 7; in draft 4 it
    counts 2.0 as no integer, where canonry compares values.
    """
    text = json.dumps([case["old"], case["new"]])
    late = "2019-09" in text or "2020-12" in text
    return any(name in text for name in ('"format"', '"content', "draft-04")) or (
        late and '"dependencies"' in text
    )


def _validator(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return jsonschema_rs.validator_for(schema)
    draft = next(draft for draft, uri in DRAFTS.items() if uri == schema["$schema"])
    return _VALIDATORS[draft](schema, validate_formats=False)


def _bare(text: str) -> str:
    return re.sub(r'"\$schema": "[^"]*"', "", text)


def _undeclared(part: Any) -> Any:
    return {key: held for key, held in part.items() if key != "$schema"} if isinstance(part, dict) else part


def stripped(schema: Any, value: Any) -> Any:
    """`strip(S, v)` as the design defines it, for documents whose references are local pointers."""
    if not isinstance(schema, dict):
        return value
    old = any(name in schema["$schema"] for name in ("draft-04", "draft-06", "draft-07"))
    return _stripped([schema], schema, value, old=old)


def _applying(start: list[Any], root: Any, *, old: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    stack = list(start)
    while stack:
        schema = stack.pop()
        if not isinstance(schema, dict) or any(schema is other for other in found):
            continue
        if isinstance(ref := schema.get("$ref"), str):
            stack.append(_target(root, ref))
            if old:
                continue
        found.append(schema)
        for keyword in ("allOf", "anyOf", "oneOf"):
            stack += schema.get(keyword, [])
        if "if" in schema and "draft-0" not in root["$schema"].replace("draft-07", ""):
            stack += [schema[keyword] for keyword in ("if", "then", "else") if keyword in schema]
        if "draft-0" not in root["$schema"]:
            stack += schema.get("dependentSchemas", {}).values()
        else:
            stack += [part for part in schema.get("dependencies", {}).values() if not isinstance(part, list)]
    return found


def _target(root: Any, ref: str) -> Any:
    if not ref.startswith("#"):
        raise LookupError(ref)
    place = root
    for spelt in ref[2:].split("/") if len(ref) > 1 else ():
        token = spelt.replace("~1", "/").replace("~0", "~").replace("%25", "%").replace("%22", '"')
        place = place[int(token)] if isinstance(place, list) else place[token]
    return place


def _stripped(start: list[Any], root: Any, value: Any, *, old: bool) -> Any:
    schemas = _applying(start, root, old=old)
    if isinstance(value, dict):
        names = {
            name
            for schema in schemas
            for keyword in ("properties", "required")
            for name in schema.get(keyword, ())
        }
        patterns = [text for schema in schemas for text in schema.get("patternProperties", ())]
        rest = any(schema.get("additionalProperties", False) is not False for schema in schemas)
        everything = rest or not (names or patterns)
        return {
            name: _stripped(list(_of_member(schemas, name, old=old)), root, member, old=old)
            for name, member in value.items()
            if everything or name in names or any(re.search(text, name, re.ASCII) for text in patterns)
        }
    if isinstance(value, list):
        return [
            _stripped(list(_of_item(schemas, root, index)), root, item, old=old)
            for index, item in enumerate(value)
        ]
    return value


def _of_member(schemas: list[dict[str, Any]], name: str, *, old: bool) -> Iterator[Any]:
    for schema in schemas:
        matched = [
            part
            for text, part in schema.get("patternProperties", {}).items()
            if re.search(text, name, re.ASCII)
        ]
        if name in schema.get("properties", {}):
            matched.append(schema["properties"][name])
        yield from matched
        if not matched:
            for keyword in (
                ("additionalProperties",) if old else ("additionalProperties", "unevaluatedProperties")
            ):
                if keyword in schema:
                    yield schema[keyword]


def _of_item(schemas: list[dict[str, Any]], root: Any, index: int) -> Iterator[Any]:
    latest = "2020-12" in root["$schema"]
    seeks = "draft-04" not in root["$schema"]
    extends = "draft-0" not in root["$schema"]
    for schema in schemas:
        items = schema.get("items")
        prefix = schema.get("prefixItems", []) if latest else items if isinstance(items, list) else []
        if index < len(prefix):
            yield prefix[index]
        else:
            if isinstance(items, dict | bool):
                yield items
            elif isinstance(items, list) and "additionalItems" in schema:
                yield schema["additionalItems"]
            if extends and "unevaluatedItems" in schema:
                yield schema["unevaluatedItems"]
        if seeks and "contains" in schema:
            yield schema["contains"]


def tallied(case: dict[str, Any], tally: Counter[str]) -> None:
    """Adds what was counted of a pair."""
    tally["samples"] += case.pop("samples", 0)
    case.pop("judge", None)
