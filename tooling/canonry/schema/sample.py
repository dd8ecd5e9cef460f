"""Values that a schema accepts: one that a person can read, and any number of others.

They are made by construction, from the keywords of the profile and the words that the schema itself offers
(`examples`, `default`, `enum`, a format's own example). Nothing is handed out that the schema does not
accept; where construction does not reach, the search behind `compare` is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Any, ClassVar, Final
from uuid import UUID

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json, same
from canonry.regular import Language, lengths, pattern
from canonry.schema.acceptance import Acceptance
from canonry.schema.decimals import is_multiple
from canonry.schema.evaluator import Evaluator
from canonry.schema.formats import FORMATS
from canonry.schema.resources import Schema

DEEPEST: Final = 4
"""Levels down to which optional members are made."""
TRIES: Final = 20
"""Draws that may be refused before the example is given again."""
_POOL: Final = 64
_WIDE: Final = 1000
"""How far above its lowest value a number is drawn."""
_REFERENCES: Final = 400
_PLAIN: Final = (1, 2, 5, 10, 20, 50, 100, 1000, 19.99, 0.5, 0, -1)


@dataclass(eq=False)
class NoSampleError(CanonryError):
    """A schema accepts nothing, or nothing that could be found."""

    reason: str
    hint: ClassVar[str] = "Give the schema an entry in examples that it accepts."

    def __str__(self) -> str:
        return f"no value of the schema is known: {self.reason}"


@dataclass(frozen=True, slots=True)
class _Text:
    """What is asked of a string."""

    patterns: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    low: int = 0
    high: int | None = None

    @property
    def free(self) -> bool:
        return not (self.patterns or self.refused or self.formats)


@lru_cache(maxsize=4096)
def _language(asked: _Text) -> Language:
    language = lengths(asked.low, asked.high)
    for name in asked.formats:
        language &= FORMATS[name].language
    for text in asked.patterns:
        language &= pattern(text)
    for text in asked.refused:
        language -= pattern(text)
    return language


@lru_cache(maxsize=4096)
def _members(asked: _Text) -> list[str]:
    """Some strings to draw from: finding one takes longer than all the rest of a value."""
    rng = Random(0)  # noqa: S311  a fixed seed: whoever draws draws the same
    return [_language(asked).sample(rng) for _ in range(_POOL)]


@lru_cache(maxsize=4096)
def _readable(asked: _Text, said: str) -> str:
    """A format's own example, else the name of the field, else the shortest; contracts ask the same often."""
    language = _language(asked)
    for text in (*(FORMATS[name].example for name in asked.formats), said):
        if language.accepts(text):
            return text
    return language.shortest() or ""


@dataclass
class Sampler:
    """Samples of one self-contained schema of 2020-12, with `format` asserted. Deterministic.

    Raises what `Schema.load` raises.
    """

    document: Mapping[str, Any]
    _acceptance: Acceptance = field(init=False)
    _conditions: dict[int, Evaluator] = field(init=False, default_factory=dict)
    _example: list[Json] = field(init=False, default_factory=list)
    _parts: dict[int, tuple[Any, dict[str, Any]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._acceptance = Acceptance(self.document)

    def accepts(self, value: Json) -> bool:
        """Whether the schema does, as jsonschema-rs judges; of what is no JSON it does not."""
        return self._acceptance.accepts(value)

    def example(self) -> Json:
        """The value to show: the schema's first example, or one made of the words that it offers, with every
        member that is not deprecated. Raises `NoSampleError`.
        """
        if not self._example:
            self._example.append(self._shown())
        return _copied(self._example[0])

    def draw(self, rng: Random) -> Json:
        """A value at random; the same `rng` draws the same. Raises `NoSampleError`."""
        for _ in range(TRIES):
            for value in self._made(rng):
                return value
        return self.example()

    def _shown(self) -> Json:
        for value in self._candidates():
            return value
        from canonry.schema.comparison import compare

        found = compare(dict(self.document), {"not": {}}, format_assertion=True)
        if found.verdict == "broken":
            return found.witness
        raise NoSampleError(
            "it accepts nothing" if found.verdict == "proved" else found.reason or "undecided"
        )

    def _candidates(self) -> Iterator[Json]:
        offered = self.document.get("examples")
        yield from filter(self.accepts, offered if isinstance(offered, list) else ())
        yield from self._made(None)
        rng = Random(0)  # noqa: S311  a fixed seed: examples are read and compared
        for _ in range(TRIES):
            yield from self._made(rng)

    def _made(self, rng: Random | None) -> Iterator[Json]:
        """One value that the schema accepts, where construction gets so far."""
        try:
            value = _Maker(self, rng).value(self.document, "value", 0)
        except (ArithmeticError, RecursionError):
            return
        if self.accepts(value):
            yield value

    def asked(self, schema: Any) -> bytes | None:
        """A place's schema as a text, the same wherever the same is asked; None where there is none."""
        return self._acceptance.asked(schema)

    def deprecated(self, schema: Any) -> bool:
        """What `merged` says of it, without merging."""
        part = schema
        for _ in range(_REFERENCES):
            if not isinstance(part, Mapping) or "deprecated" in part or "allOf" in part:
                break
            if not isinstance(part.get("$ref"), str):
                return False
            part = _target(self.document, part["$ref"])
        return bool(self.merged(schema).get("deprecated"))

    def merged(self, schema: Any) -> dict[str, Any]:
        """What applies at a place, with references and `allOf` carried out. Not to be changed."""
        found = self._parts.get(id(schema))
        if found is None:  # the schema is kept too, so that nothing else gets its id
            found = self._parts[id(schema)] = (schema, _merged(self.document, [schema]))
        return found[1]

    def holds(self, condition: Any, value: Json) -> bool:
        """Whether a value meets a subschema of the document."""
        found = self._conditions.get(id(condition))
        if found is None:
            root = self.document
            part: dict[str, Any] = {
                "$ref": "#/$defs/if",
                "$defs": {**(root.get("$defs") or {}), "if": condition},
            }
            found = self._conditions[id(condition)] = Evaluator(Schema.load(part), FORMATS)
        try:
            return found.accepts(value)
        except CanonryError:
            return False


_READ: Final[dict[tuple[bytes, str, int], Json]] = {}
"""Readable values by what is asked, the field's name where it shows in them, and the depth: contracts ask the
same often.
"""

_KEPT: Final = 1 << 14


class _Maker:
    """Makes one value: without `rng` the most readable one, which is not to be changed."""

    def __init__(self, sampler: Sampler, rng: Random | None) -> None:
        self._sampler = sampler
        self._rng = rng
        self._hinted = False
        """Whether what was made since says the name that it was made for."""

    def value(self, schema: Any, hint: str, depth: int) -> Any:
        if self._rng is not None:
            return self._fresh(schema, hint, depth)
        text = self._sampler.asked(schema) if depth else None
        if text is None:
            return self._fresh(schema, hint, depth)
        for place in ((text, "", depth), (text, hint, depth)):
            if place in _READ:
                self._hinted = self._hinted or bool(place[1])
                return _READ[place]
        if len(_READ) >= _KEPT:
            _READ.clear()
        outer, self._hinted = self._hinted, False
        found = self._fresh(schema, hint, depth)
        _READ[text, hint if self._hinted else "", depth] = found
        self._hinted = self._hinted or outer
        return found

    def _fresh(self, schema: Any, hint: str, depth: int) -> Any:
        parts = self._sampler.merged(schema)
        offered = self._offered(parts)
        if offered:
            return deepcopy(self._one_of(offered))
        for keyword in ("oneOf", "anyOf"):
            branches = parts.get(keyword)
            if branches:
                rest = {key: value for key, value in parts.items() if key != keyword}
                return self.value({"allOf": [_unmerged(rest), self._one_of(branches)]}, hint, depth)
        kind = self._kind(parts)
        if kind == "object":
            made = self._object(parts, depth)
            self._hinted = False  # its members say their own names
            return made
        if kind == "array":
            return self._array(parts, hint, depth)
        if kind == "string":
            return self._string(parts, hint)
        if kind in ("integer", "number"):
            return self._number(parts, whole=kind == "integer")
        return (self._rng is None or self._coin()) if kind == "boolean" else None

    def _coin(self) -> bool:
        return self._rng is not None and self._rng.getrandbits(1) == 1

    def _one_of(self, values: list[Any]) -> Any:
        return values[0] if self._rng is None else self._rng.choice(values)

    def _offered(self, parts: Mapping[str, Any]) -> list[Json]:
        """The values that it must have, else those that it names and that fit what is beside them."""
        if "const" in parts:
            return [parts["const"]]
        if parts.get("enum"):
            return list(parts["enum"])
        if ("default" in parts or "examples" in parts) and self._telling(parts):
            told = [*parts.get("examples", ()), *([parts["default"]] if "default" in parts else [])]
            return [value for value in told if self._sampler.holds(_unmerged(parts), value)]
        return []

    def _telling(self, parts: Mapping[str, Any]) -> bool:
        """Whether what a schema offers is taken: at random only words, or everybody would be one person."""
        if self._rng is None:
            return True
        return parts.get("type") == ["string"] and not any(key in parts for key in ("patterns", "formats"))

    def _kind(self, parts: Mapping[str, Any]) -> str:
        kinds = parts.get("type")
        if kinds is None:
            if "properties" in parts or "required" in parts:
                return "object"
            return "array" if "items" in parts else "string"
        if len(kinds) > 1 and self._rng is None:
            kinds = [kind for kind in kinds if kind != "null"]
        return str(self._one_of(kinds)) if kinds else "null"

    def _object(self, parts: Mapping[str, Any], depth: int) -> dict[str, Json]:
        made = self._members(parts, depth, {})
        for part in parts.get("conditions", ()):
            branch = part.get("then" if self._sampler.holds(part["if"], made) else "else")
            if isinstance(branch, Mapping):
                # what the condition looked at stays, or it would be another condition
                looked = part["if"].get("properties", {}) if isinstance(part["if"], Mapping) else {}
                kept = {name: made[name] for name in looked if name in made}
                rest = {key: value for key, value in parts.items() if key != "conditions"}
                made = self._members(
                    _merged(self._sampler.document, [_unmerged(rest), branch]),
                    depth,
                    {**made, **kept},
                    branch,
                )
        return made

    def _members(
        self,
        parts: Mapping[str, Any],
        depth: int,
        made: dict[str, Json],
        again: Mapping[str, Any] | None = None,
    ) -> dict[str, Json]:
        properties: Mapping[str, Any] = parts.get("properties", {})
        required = parts.get("required", ())
        least = parts.get("minProperties", 0)
        anew = (again or {}).get("properties", {})
        found: dict[str, Json] = {}
        for name, schema in properties.items():
            if name in made and name not in anew:
                found[name] = made[name]
            elif schema is not False and (
                name in required or (again is None and self._wanted(schema, depth))
            ):
                found[name] = self.value(schema, name, depth + 1)
        for name in [name for name in properties if name not in found][: max(least - len(found), 0)]:
            found[name] = self.value(properties[name], name, depth + 1)
        for name in required:
            if name not in found:
                found[name] = made.get(name, name)
        return found

    def _wanted(self, schema: Any, depth: int) -> bool:
        if depth >= DEEPEST:
            return False
        if self._rng is not None:
            return self._coin()
        return not self._sampler.deprecated(schema)

    def _array(self, parts: Mapping[str, Any], hint: str, depth: int) -> list[Json]:
        low, high = parts.get("minItems", 0), parts.get("maxItems")
        number = max(low, 1 if depth < DEEPEST else 0)
        if self._rng is not None and depth < DEEPEST:
            number = self._rng.randint(low, low + 3)
        number = number if high is None else min(number, high)
        found: list[Json] = []
        for turn in range(number * TRIES):
            if len(found) == number:
                break
            rng = self._rng or (Random(turn) if turn else None)  # noqa: S311  as in `example`
            maker = self if rng is None else _Maker(self._sampler, rng)
            item = maker.value(parts.get("items", {}), hint, depth + 1)
            if not parts.get("uniqueItems") or not any(same(item, other) for other in found):
                found.append(item)
        return found

    def _string(self, parts: Mapping[str, Any], hint: str) -> str:
        asked = _Text(
            tuple(sorted({*parts.get("patterns", ())})),
            tuple(sorted({*parts.get("refused", ())})),
            tuple(sorted({*parts.get("formats", ())})),
            parts.get("minLength", 0),
            parts.get("maxLength"),
        )
        said = hint.replace("_", " ") if self._rng is None else f"{hint}-{self._rng.randrange(1000)}"
        self._hinted = True
        if asked.free:
            text = said * (asked.low // max(len(said), 1) + 1) if len(said) < asked.low else said
            return text[: asked.high]
        try:
            if self._rng is None:
                text = _readable(asked, said)
                self._hinted = text not in (FORMATS[name].example for name in asked.formats)
                return text
            language = _language(asked)
            for name in asked.formats:
                text = _drawn(name, hint, self._rng)
                if text and language.accepts(text):
                    return text
            return self._rng.choice(_members(asked))
        except (CanonryError, ValueError):  # an empty language, or one too large: the search may know better
            return said

    def _number(self, parts: Mapping[str, Any], *, whole: bool) -> Any:
        lows = [(parts[name], name == "minimum") for name in ("minimum", "exclusiveMinimum") if name in parts]
        highs = [
            (parts[name], name == "maximum") for name in ("maximum", "exclusiveMaximum") if name in parts
        ]
        step = parts.get("multipleOf")
        edges = [limit for limit, _ in (*lows, *highs)]
        tried: list[Any] = [*_PLAIN, *edges]
        if self._rng is not None:
            start = Decimal(str(max((limit for limit, _ in lows), default=0)))
            end = Decimal(str(min((limit for limit, _ in highs), default=start + _WIDE)))
            width = max(min(end - start, Decimal(_WIDE)), Decimal(0))
            drawn = start + Decimal(str(self._rng.random())) * width
            tried = [_on_grid(drawn, step or (1 if whole else 0.01)), *edges, *_PLAIN]
        tried += [_on_grid(Decimal(str(edge)), step or 1) for edge in edges]
        for value in (*tried, step):
            if (
                value is not None
                and all(value > limit or (closed and value == limit) for limit, closed in lows)
                and all(value < limit or (closed and value == limit) for limit, closed in highs)
                and (step is None or is_multiple(value, step))
                and (not whole or value == int(value))
            ):
                return value
        return edges[0] if edges else 0


def _copied(value: Json) -> Json:
    """As `deepcopy`, in a third of its time."""
    if isinstance(value, dict):
        return {name: _copied(member) for name, member in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _merged(document: Mapping[str, Any], schemas: list[Any]) -> dict[str, Any]:
    """What applies where all of the schemas do; limits are the tightest."""
    found: dict[str, Any] = {}
    stack, followed = list(reversed(schemas)), 0
    while stack:
        part = stack.pop()
        if not isinstance(part, Mapping):
            continue
        for key, value in part.items():
            if key == "$ref" and isinstance(value, str) and followed < _REFERENCES:
                followed += 1
                stack.append(_target(document, value))
            elif key == "allOf" and isinstance(value, list):
                stack.extend(reversed(value))
            else:
                _take(found, key, value)
        if "if" in part:
            found.setdefault("conditions", []).append(part)
    return found


def _drawn(name: str, hint: str, rng: Random) -> str:
    """A text of a format as one meets it; empty where there is no such notion."""
    number = rng.randrange(1000)
    day = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}"
    clock = f"{number % 24:02}:{number % 60:02}:{rng.randrange(60):02}Z"
    if name == "uuid":
        return str(UUID(int=rng.getrandbits(128), version=4))
    return {
        "date": day,
        "time": clock,
        "date-time": f"{day}T{clock}",
        "duration": f"P{number % 30 + 1}D",
        "email": f"{re.sub('[^a-z]+', '-', hint.lower())}-{number}@example.com",
        "hostname": f"n{number}.example.com",
        "ipv4": f"192.0.2.{number % 256}",
        "ipv6": f"2001:db8::{number:x}",
        "uri": f"https://www.example.com/{number}",
    }.get(name, "")


def _on_grid(value: Decimal, step: Any) -> Any:
    """The next multiple of `step` that is not below the value, as an integer where it is one."""
    width = Decimal(str(step))
    found = -(-value // width) * width
    return int(found) if found == found.to_integral_value() else float(found)


def _take(found: dict[str, Any], key: str, value: Any) -> None:
    """Adds one keyword to what applies already."""
    if key in ("pattern", "format"):
        if key == "pattern" or value in FORMATS:
            found.setdefault(f"{key}s", []).append(value)
    elif key == "not":
        if isinstance(value, Mapping) and "pattern" in value:
            found.setdefault("refused", []).append(value["pattern"])
    elif key == "properties":
        own = found.setdefault(key, {})
        for name, inner in value.items():
            own[name] = {"allOf": [own[name], inner]} if name in own else inner
    elif key == "required":
        found[key] = [*dict.fromkeys([*found.get(key, ()), *value])]
    elif key == "type":
        kinds = [value] if isinstance(value, str) else list(value)
        held = found.get(key)
        found[key] = kinds if held is None else _both(held, kinds)
    elif key == "enum" and key in found:
        found[key] = [one for one in found[key] if any(same(one, other) for other in value)]
    elif key == "items" and key in found:
        found[key] = {"allOf": [found[key], value]}
    elif key in ("minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum"):
        found[key] = max(value, found.get(key, value))
    elif key in ("maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum"):
        found[key] = min(value, found.get(key, value))
    elif key not in ("if", "then", "else", "$defs", "$schema", "$id", "$comment"):
        found.setdefault(key, value)


def _both(left: list[str], right: list[str]) -> list[str]:
    found = [kind for kind in left if kind in right or (kind == "integer" and "number" in right)]
    return found + [kind for kind in right if kind == "integer" and "number" in left and kind not in found]


def _unmerged(parts: Mapping[str, Any]) -> dict[str, Any]:
    """What was merged, as a schema again."""
    plain = {
        key: value
        for key, value in parts.items()
        if key not in ("patterns", "formats", "refused", "conditions", "examples", "default")
    }
    more: list[Any] = [{"pattern": text} for text in parts.get("patterns", ())]
    more += [{"format": name} for name in parts.get("formats", ())]
    more += [{"not": {"pattern": text}} for text in parts.get("refused", ())]
    more += [
        {key: part[key] for key in ("if", "then", "else") if key in part}
        for part in parts.get("conditions", ())
    ]
    return {**plain, "allOf": more} if more else plain


def _target(document: Mapping[str, Any], reference: str) -> Any:
    found: Any = document
    for token in reference.removeprefix("#").split("/")[1:]:
        found = found[token.replace("~1", "/").replace("~0", "~")]
    return found
