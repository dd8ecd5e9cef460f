"""What a field of a naming contract may hold, read from its JSON Schema.

`read` gives one small dict per field, the form in which the compiled table carries it:

- `{"type": "word", "vocabulary": "brand"}`, with `"only": [...]` where the schema narrows it
- `{"type": "set", "values": ["a", "b"]}`: const or enum
- `{"type": "text", "patterns": [...], "nots": [...], "min": 0, "max": 40}`
- `{"type": "integer", "min": 1, "max": 99}`
- `{"type": "date", "unit": "month"}`, with `patterns` where the schema narrows it
- `{"type": "id", "of": "campaign"}`: a registry id
- `{"type": "name", "of": "/creatives/ad/v1"}`
"""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from canonry.schema.dialects import Dialect
from canonry.schema.keywords import CHECKS

Schema: TypeAlias = Mapping[str, Any]
Resolve: TypeAlias = Callable[[str], Schema]
"""`/common/money/v1` to its document. Raises `LookupError` for what the catalogue does not hold."""
Spec: TypeAlias = dict[str, Any]

VOCABULARIES: Final = "/vocabularies/"
_DATE_REF = re.compile(r"/common/(day|month|quarter|year)/v[0-9]+\Z")
_DATE_UNITS: Final = ("day", "month", "quarter", "year")
_IGNORED: Final = frozenset(
    {
        "$ref",
        "$schema",
        "$id",
        "$comment",
        "$defs",
        "title",
        "description",
        "examples",
        "default",
        "deprecated",
    }
)
_UNDERSTOOD: Final = frozenset(
    {"type", "enum", "const", "pattern", "not", "minLength", "maxLength", "minimum", "maximum", "format"}
)
_MAX_DEPTH: Final = 16


@dataclass(frozen=True, slots=True)
class Unsupported(Exception):  # noqa: N818 -- it is an answer, and is caught by whoever asked
    """A field that no template can write; `str()` says why."""

    why: str

    def __str__(self) -> str:
        return self.why


def layers(schema: Schema, resolve: Resolve, root: Schema) -> Iterator[tuple[str, Schema]]:
    """The schema and, through `$ref`, every schema beside it, each with the reference that led there.

    `root` is the document that holds the schema; `#/...` points into it. Raises `LookupError`, and
    `Unsupported` for a chain of references that does not end.
    """
    came_by = ""
    for _ in range(_MAX_DEPTH):
        yield came_by, schema
        ref = schema.get("$ref")
        if not isinstance(ref, str):
            return
        if ref.startswith("#"):
            schema, came_by = _inside(root, ref[1:]), ref
            continue
        base = root.get("$id")
        if not ref.startswith("/") and isinstance(base, str):
            ref = posixpath.normpath(posixpath.join(posixpath.dirname(base), ref))
        path, _, pointer = ref.partition("#")
        came_by = path
        if path.startswith(VOCABULARIES):
            yield path, {}
            return
        root = resolve(path)
        schema = _inside(root, pointer)
    raise Unsupported("its $ref goes round in circles")


def _inside(root: Schema, pointer: str) -> Schema:
    value: Any = root
    for token in pointer.split("/")[1:]:
        value = value[token.replace("~1", "/").replace("~0", "~")]
    if not isinstance(value, Mapping):
        raise LookupError(pointer)
    return value


@dataclass(slots=True)
class _Facts:
    """Everything that the layers of one field say."""

    names: list[str]
    vocabularies: list[str]
    identifiers: list[str]
    units: list[str]
    types: list[str]
    values: list[list[Any]]
    patterns: list[str]
    nots: list[str]
    refused: list[list[Any]]
    minimum: list[int]
    maximum: list[int]
    shortest: list[int]
    longest: list[int]


def read(schema: Schema, resolve: Resolve, root: Schema) -> Spec:
    """What the field may hold.

    Raises `Unsupported` where no template can write it, `LookupError` for a dangling `$ref`.
    """
    facts = _Facts([], [], [], [], [], [], [], [], [], [], [], [], [])
    for came_by, layer in layers(schema, resolve, root):
        _sound(layer)
        _gather(came_by, layer, facts)
    spec = _spec(facts)
    if spec["type"] != "text":
        if facts.longest:
            spec["max_length"] = min(facts.longest)
        if facts.shortest:
            spec["min_length"] = max(facts.shortest)
    return spec


def _sound(layer: object) -> None:
    """Raises `Unsupported` for what is no JSON Schema: whoever builds links may not have linted before."""
    if not isinstance(layer, Mapping):
        raise Unsupported("it is no JSON Schema")
    for key, value in layer.items():
        wrong = _CHECKS[key](value) if key in _CHECKS else None
        if wrong is not None:
            raise Unsupported(f"{key!r} {wrong}")
    if isinstance(layer.get("not"), Mapping):
        _sound(layer["not"])


def _text(value: object) -> str | None:
    return None if isinstance(value, str) else "must be a string"


_CHECKS: Final = {
    **CHECKS[Dialect.DRAFT_2020_12],
    "x-name-of": _text,
    "x-registry-id": _text,
    "x-unit": _text,
}


def _gather(came_by: str, layer: Schema, facts: _Facts) -> None:
    if came_by.startswith(VOCABULARIES):
        facts.vocabularies.append(came_by.removeprefix(VOCABULARIES))
    dated = _DATE_REF.search(came_by)
    unit = dated[1] if dated else layer.get("x-unit")
    if layer.get("format") == "date":
        unit = "day"
    if unit in _DATE_UNITS:
        facts.units.append(unit)
    for key, value in layer.items():
        if key == "x-name-of":
            facts.names.append(value)
        elif key == "x-registry-id":
            facts.identifiers.append(value)
        elif key in _UNDERSTOOD:
            _keyword(key, value, facts)
        elif key not in _IGNORED and not key.startswith("x-"):
            raise Unsupported(f"{key!r} says more than a template can carry")


def _keyword(key: str, value: Any, facts: _Facts) -> None:
    match key:
        case "type":
            named = [value] if isinstance(value, str) else list(value)
            if len(named) > 1:
                raise Unsupported(f"a template writes one type, not {' or '.join(named)}")
            facts.types += named
        case "const":
            facts.values.append([value])
        case "enum":
            facts.values.append(list(value))
        case "pattern":
            facts.patterns.append(value)
        case "minimum" | "maximum":
            if not isinstance(value, int) or isinstance(value, bool):
                raise Unsupported(f"{key} must be a whole number")
            (facts.minimum if key == "minimum" else facts.maximum).append(value)
        case "minLength":
            facts.shortest.append(value)
        case "maxLength":
            facts.longest.append(value)
        case "not":
            _negation(value, facts)
        case _:
            if value != "date":
                raise Unsupported(f"the format {value!r} is no language that a template can be proved over")


def _negation(value: Any, facts: _Facts) -> None:
    if not isinstance(value, Mapping):
        raise Unsupported("'not' must hold a pattern, a const or an enum")
    keys = {key for key in value if key not in _IGNORED and key != "type"}
    if keys == {"pattern"}:
        facts.nots.append(value["pattern"])
    elif keys == {"const"}:
        facts.refused.append([value["const"]])
    elif keys == {"enum"}:
        facts.refused.append(list(value["enum"]))
    else:
        raise Unsupported("'not' must hold a pattern, a const or an enum")


def _spec(facts: _Facts) -> Spec:
    if facts.names:
        return {"type": "name", "of": facts.names[0]}
    if facts.vocabularies:
        spec: Spec = {"type": "word", "vocabulary": facts.vocabularies[0]}
        return spec | _narrowing(facts)
    if facts.identifiers:
        return {"type": "id", "of": facts.identifiers[0]}
    if facts.units and not facts.values:
        return {"type": "date", "unit": facts.units[0]} | _narrowing(facts)
    if facts.values:
        return _set(facts)
    if "integer" in facts.types:
        if not facts.minimum or not facts.maximum:
            raise Unsupported("a number needs a minimum and a maximum")
        return {"type": "integer", "min": max(facts.minimum), "max": min(facts.maximum)}
    if "string" in facts.types:
        return {
            "type": "text",
            "patterns": list(facts.patterns),
            "nots": list(facts.nots) + _refusals(facts.refused),
            "min": max(facts.shortest, default=0),
            "max": min(facts.longest, default=None),
        }
    raise Unsupported(
        f"a template writes strings, whole numbers and dates, not {' or '.join(facts.types) or 'this'}"
    )


def _set(facts: _Facts) -> Spec:
    values = facts.values[0]
    for more in facts.values[1:]:
        values = [value for value in values if any(_same(value, other) for other in more)]
    refused = [value for group in facts.refused for value in group]
    values = [value for value in values if not any(_same(value, other) for other in refused)]
    for value in values:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise Unsupported(f"a template cannot write {value!r}")
    return {"type": "set", "values": values} | _narrowing(facts, values=False)


def _same(left: Any, right: Any) -> bool:
    return type(left) is type(right) and bool(left == right)


def _narrowing(facts: _Facts, *, values: bool = True) -> Spec:
    """Keywords beside a vocabulary, a date or a set, which leave fewer of its values."""
    spec: Spec = {}
    if facts.patterns:
        spec["patterns"] = list(facts.patterns)
    if facts.nots or facts.refused:
        spec["nots"] = list(facts.nots) + _refusals(facts.refused)
    if values and facts.values:
        spec["values"] = [value for value in facts.values[0] if isinstance(value, str)]
        for more in facts.values[1:]:
            spec["values"] = [value for value in spec["values"] if value in more]
    return spec


def literal(text: str) -> str:
    """A pattern that matches this text and nothing else."""
    return re.sub(r"[\\^$.|?*+()\[\]{}/]", r"\\\g<0>", text)


def _refusals(groups: Sequence[Sequence[Any]]) -> list[str]:
    words = [literal(value) for group in groups for value in group if isinstance(value, str)]
    return ["^(?:" + "|".join(words) + ")$"] if words else []
