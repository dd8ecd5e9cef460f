"""Keywords whose values make a document no JSON Schema; whoever reads on has to leave those documents out."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from canonry.catalogue.model import Contract
from canonry.kernel.jsonvalue import identity
from canonry.kernel.pointer import escape
from canonry.lint.schemas import Misplaced
from canonry.lint.subject import Subject
from canonry.schema.dialects import Dialect
from canonry.schema.keywords import CHECKS


class Invalid(NamedTuple):
    """A keyword whose value cannot be read."""

    contract: Contract
    pointer: str
    keyword: str
    message: str
    advice: str = ""


def invalid_values(subject: Subject) -> tuple[Invalid, ...]:
    """Every one of them in the catalogue; ask through `subject.once`."""
    return tuple(_invalid_values(subject))


def unsound(subject: Subject) -> frozenset[str]:
    """Ids of contracts that are no JSON Schema."""
    return frozenset(str(wrong.contract.id) for wrong in subject.once(invalid_values))


def _invalid_values(subject: Subject) -> Iterator[Invalid]:
    for keyword, check in _VALUE_CHECKS.items():
        for node in subject.schemas.having(keyword):
            value = node.schema[keyword]
            if value.__class__ is str and keyword in _TEXTS:
                continue  # most values, and nothing else to look at
            wrong = check(value)
            if wrong is not None:
                pointer = f"{node.pointer}/{escape(keyword)}"
                yield Invalid(node.contract, pointer, keyword, f"{keyword!r} of {node.says} {wrong}")
    for odd in subject.schemas.misplaced:
        message, advice = _misplaced(odd)
        yield Invalid(odd.contract, odd.pointer, odd.keyword, message, advice)


def _misplaced(odd: Misplaced) -> tuple[str, str]:
    if odd.value is True:
        return f"true at {odd.pointer} accepts anything", "say what it holds with type or $ref"
    if odd.value is False:
        return (
            f"false at {odd.pointer} accepts nothing",
            "remove it; additionalProperties: false refuses the rest",
        )
    kind = {"list": "a list", "str": "a string", "dict": "an object", "NoneType": "null"}.get(
        type(odd.value).__name__, "a number"
    )
    return f"{odd.pointer} must hold schemas, found {kind}", ""


def _text(value: object) -> str | None:
    return None if isinstance(value, str) else "must be a string"


def _flag(value: object) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _list(value: object) -> str | None:
    return None if isinstance(value, list) else "must be a list"


def _values(value: object) -> str | None:
    if not isinstance(value, list) or not value:
        return "must be a list with at least one value"
    seen: set[object] = set()
    for member in value:
        key = identity(member)
        if key in seen:
            return f"holds {member!r:.60} twice"
        seen.add(key)
    return None


def _names(value: object) -> str | None:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        return "must be a list of names"
    if len(set(value)) < len(value):
        return f"holds {next(name for name in value if value.count(name) > 1)!r} twice"
    return None


def _types(value: object) -> str | None:
    if isinstance(value, list) and len({str(name) for name in value}) < len(value):
        return "holds a type twice"
    return CHECKS[Dialect.DRAFT_2020_12]["type"](value)


_TEXTS: Final = frozenset({"$schema", "$id", "$ref", "title", "description", "$comment", "pattern", "format"})

_VALUE_CHECKS: Final[Mapping[str, Callable[[Any], str | None]]] = {
    **CHECKS[Dialect.DRAFT_2020_12],
    "type": _types,
    "enum": _values,
    "required": _names,
    "$schema": _text,
    "$id": _text,
    "title": _text,
    "description": _text,
    "$comment": _text,
    "deprecated": _flag,
    "readOnly": _flag,
    "writeOnly": _flag,
    "examples": _list,
    "x-name-of": _text,
    "x-vocabulary": _text,
    "x-registry-id": _text,
    "x-unit": _text,
}
