"""Values that a schema accepts: one that a person can read, and any number of others.

They are made by construction, from the keywords of the profile and the words that the schema itself offers
(`examples`, `default`, `enum`, a format's own example). Nothing is handed out that the schema does not
accept; where construction does not reach, the search behind `compare` is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any, ClassVar, Final

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json, same
from canonry.schema.acceptance import Acceptance
from canonry.schema.conjunction import REFERENCES, merged, target, unmerged
from canonry.schema.evaluator import Evaluator
from canonry.schema.formats import FORMATS
from canonry.schema.resources import Schema
from canonry.schema.specimens import number, string

DEEPEST: Final = 4
"""Levels down to which optional members are made."""
TRIES: Final = 20
"""Draws that may be refused before the example is given again."""


@dataclass(eq=False)
class NoSampleError(CanonryError):
    """A schema accepts nothing, or nothing that could be found."""

    reason: str
    hint: ClassVar[str] = "Give the schema an entry in examples that it accepts."

    def __str__(self) -> str:
        return f"no value of the schema is known: {self.reason}"


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
        for _ in range(REFERENCES):
            if not isinstance(part, Mapping) or "deprecated" in part or "allOf" in part:
                break
            if not isinstance(part.get("$ref"), str):
                return False
            part = target(self.document, part["$ref"])
        return bool(self.merged(schema).get("deprecated"))

    def merged(self, schema: Any) -> dict[str, Any]:
        """What applies at a place, with references and `allOf` carried out. Not to be changed."""
        found = self._parts.get(id(schema))
        if found is None:  # the schema is kept too, so that nothing else gets its id
            found = self._parts[id(schema)] = (schema, merged(self.document, [schema]))
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
                return self.value({"allOf": [unmerged(rest), self._one_of(branches)]}, hint, depth)
        kind = self._kind(parts)
        if kind == "object":
            made = self._object(parts, depth)
            self._hinted = False  # its members say their own names
            return made
        if kind == "array":
            return self._array(parts, hint, depth)
        if kind == "string":
            text, self._hinted = string(parts, hint, self._rng)
            return text
        if kind in ("integer", "number"):
            return number(parts, self._rng, whole=kind == "integer")
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
            return [value for value in told if self._sampler.holds(unmerged(parts), value)]
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
                    merged(self._sampler.document, [unmerged(rest), branch]),
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


def _copied(value: Json) -> Json:
    """As `deepcopy`, in a third of its time."""
    if isinstance(value, dict):
        return {name: _copied(member) for name, member in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value
