"""What type each keyword's value must have, per dialect: the part of the metaschemas that gives meaning.

Annotations (`title`, `default`, ...) are not checked: whatever they hold changes no verdict.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from math import isfinite
from typing import Final, TypeAlias

from canonry.schema.dialects import Dialect

Check: TypeAlias = Callable[[object], str | None]
"""What is wrong with a keyword's value, or None."""

DEEPEST_VALUE: Final = 300
"""Levels of nesting that a value may have, since comparing values is recursive."""

MOST_DIGITS: Final = 4_300
"""Digits of a number, zeros that an exponent adds included."""
_MOST_BITS: Final = 14_285

TYPES: Final = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})


def _string(value: object) -> str | None:
    return None if isinstance(value, str) else "must be a string"


def _boolean(value: object) -> str | None:
    return None if value is True or value is False else "must be true or false"


def _number(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return "must be a number"
    if not _is_finite(value):
        return "must be a number; JSON has no NaN and no infinity"
    return f"must be a number of {MOST_DIGITS:,} digits or fewer" if _is_long(value) else None


def _is_finite(value: float | Decimal) -> bool:
    """No NaN and no infinity; a Decimal or an int may be larger than any float."""
    return isinstance(value, int) or (value.is_finite() if isinstance(value, Decimal) else isfinite(value))


def _is_long(value: float | Decimal) -> bool:
    """Whether a number has more digits than are computed with; Python reads no longer ones, either."""
    if isinstance(value, Decimal):
        _, digits, exponent = value.as_tuple()
        return isinstance(exponent, int) and len(digits) + abs(exponent) > MOST_DIGITS
    return isinstance(value, int) and value.bit_length() > _MOST_BITS


def _positive(value: object) -> str | None:
    wrong = _number(value)
    if wrong is None and not value > 0:  # type: ignore[operator]  # it is a number
        return "must be greater than 0"
    return wrong


def _count(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return None
    wrong = _number(value)
    if wrong is None and isinstance(value, float | Decimal) and value >= 0 and value == int(value):
        return None
    return wrong or "must be a whole number, 0 or more"


def _names(value: object) -> str | None:
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return None
    return "must be a list of strings"


def _names_by_name(value: object) -> str | None:
    if isinstance(value, dict) and all(_names(names) is None for names in value.values()):
        return None
    return "must map names to lists of strings"


def _types(value: object) -> str | None:
    if isinstance(value, str):
        return None if value in TYPES else f"{value!r:.60} is no type; types are {', '.join(sorted(TYPES))}"
    if isinstance(value, list) and value:
        return next(
            (_types(name) or None for name in value if not isinstance(name, str) or name not in TYPES), None
        )
    return "must be a type or a list of types"


def json_problem(value: object, digits: int = 0) -> str | None:
    """Why a Python value is not a JSON value that canonry can judge (NaN, a set, too deep), or None.

    `digits`: how many a number may have, where it has to be computed with.
    """
    level = [value]
    for _ in range(DEEPEST_VALUE):
        below: list[object] = []
        for part in level:
            if part is None or isinstance(part, str) or (part.__class__ is float and isfinite(part)):
                continue
            if isinstance(part, int | float | Decimal):
                if not _is_finite(part):
                    return "holds NaN or an infinity, which JSON does not have"
                if digits and _is_long(part):
                    return f"holds a number of more than {digits:,} digits"
            elif isinstance(part, list):
                below += part
            elif isinstance(part, dict):
                if not all(isinstance(name, str) for name in part):
                    return "holds an object with a key that is no string"
                below += part.values()
            else:
                return f"holds a {type(part).__name__}, which JSON does not have"
        if not below:
            return None
        level = below
    return f"is nested deeper than {DEEPEST_VALUE} levels"


def _values(value: object) -> str | None:
    return json_problem(value, MOST_DIGITS) if isinstance(value, list) else "must be a list of values"


def _value(value: object) -> str | None:
    return json_problem(value, MOST_DIGITS)


_DRAFT_4: Final[dict[str, Check]] = {
    "$ref": _string,
    "enum": _values,
    "exclusiveMaximum": _boolean,
    "exclusiveMinimum": _boolean,
    "format": _string,
    "maxItems": _count,
    "maxLength": _count,
    "maxProperties": _count,
    "maximum": _number,
    "minItems": _count,
    "minLength": _count,
    "minProperties": _count,
    "minimum": _number,
    "multipleOf": _positive,
    "pattern": _string,
    "required": _names,
    "type": _types,
    "uniqueItems": _boolean,
}
_DRAFT_6: Final = _DRAFT_4 | {"const": _value, "exclusiveMaximum": _number, "exclusiveMinimum": _number}
_DRAFT_2019: Final = _DRAFT_6 | {
    "$anchor": _string,
    "$recursiveAnchor": _boolean,
    "$recursiveRef": _string,
    "dependentRequired": _names_by_name,
    "maxContains": _count,
    "minContains": _count,
}
_DRAFT_2020: Final = {k: v for k, v in _DRAFT_2019.items() if not k.startswith("$recursive")} | {
    "$dynamicAnchor": _string,
    "$dynamicRef": _string,
}

CHECKS: Final[Mapping[Dialect, Mapping[str, Check]]] = {
    Dialect.DRAFT_4: _DRAFT_4,
    Dialect.DRAFT_6: _DRAFT_6,
    Dialect.DRAFT_7: _DRAFT_6,
    Dialect.DRAFT_2019_09: _DRAFT_2019,
    Dialect.DRAFT_2020_12: _DRAFT_2020,
}
"""Per dialect: the assertions without subschemas, and what their values must be."""
