"""JSON values as the decision procedure sees them: six kinds, and numbers as exact rationals."""

from collections.abc import Hashable
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from canonry.kernel.jsonvalue import Json

Exact: TypeAlias = int | Fraction
"""A number without rounding: an int where it is whole, so that equal numbers are equal keys."""

NULL: Final = 1
BOOLEAN: Final = 2
NUMBER: Final = 4
STRING: Final = 8
ARRAY: Final = 16
OBJECT: Final = 32
ANY_KIND: Final = 63
"""The kinds of JSON values are bits, so that a set of kinds is an int."""

KINDS: Final = (NULL, BOOLEAN, NUMBER, STRING, ARRAY, OBJECT)
"""In the order in which a witness is looked for: simplest first."""

KINDS_OF_TYPE: Final = {
    "null": NULL,
    "boolean": BOOLEAN,
    "integer": NUMBER,
    "number": NUMBER,
    "string": STRING,
    "array": ARRAY,
    "object": OBJECT,
}


def kind_of(value: object) -> int:
    """The kind of a JSON value."""
    if value is None:
        return NULL
    if value is True or value is False:
        return BOOLEAN
    if isinstance(value, str):
        return STRING
    if isinstance(value, dict):
        return OBJECT
    if isinstance(value, list):
        return ARRAY
    return NUMBER


def exact(number: object) -> Exact:
    """The number that a JSON text spelt: the float 19.99 is 1999/100, which is what was written."""
    if isinstance(number, int):
        return number
    if isinstance(number, float):
        return _whole_if_possible(Fraction(*Decimal(repr(number)).as_integer_ratio()))
    if isinstance(number, Decimal | Fraction):
        return _whole_if_possible(Fraction(number))
    raise TypeError(f"not a number: {number!r}")


def _whole_if_possible(number: Fraction) -> Exact:
    return number.numerator if number.denominator == 1 else number


def quotient(number: Exact, divisor: Exact) -> Exact:
    """Exact division."""
    return _whole_if_possible(Fraction(number) / Fraction(divisor))


def plain(number: Exact) -> Json:
    """A number as JSON holds it: a float only where it is exactly what is meant, else a Decimal."""
    if isinstance(number, int):
        return number
    try:
        near = number.numerator / number.denominator
    except OverflowError:
        return _decimal(number)
    return near if Fraction(repr(near)) == number else _decimal(number)


def _decimal(number: Fraction) -> Decimal:
    """Raises `ValueError` where the number has no finite decimal expansion."""
    twos = fives = 0
    rest = number.denominator
    while rest % 2 == 0:
        rest //= 2
        twos += 1
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        raise ValueError(f"{number} has no finite decimal expansion")
    places = max(twos, fives)
    digits = number.numerator * 10**places // number.denominator
    return Decimal((int(digits < 0), Decimal(abs(digits)).as_tuple().digits, -places))


def key(value: object) -> Hashable:
    """A hashable key that two values share exactly when they are the same JSON value, however spelt."""
    if isinstance(value, str):
        return value
    if value is None or value is True or value is False:
        return (type(value).__name__, value)
    if isinstance(value, dict):
        return ("o", frozenset([(name, key(member)) for name, member in value.items()]))
    if isinstance(value, list):
        return ("a", tuple(map(key, value)))
    if isinstance(value, float):
        return int(value) if value.is_integer() else Decimal(repr(value))
    return value  # an int, or a Decimal: equal numbers of either kind have equal hashes


def parts(value: Json, most: int) -> int:
    """How many values a value is made of, itself included, as far as `most`; a float counts as three.

    That is what making its key costs, and what is made of it.
    """
    count = 1
    stack = [value] if isinstance(value, dict | list) else []
    while stack and count <= most:
        held = stack.pop()
        members = held.values() if isinstance(held, dict) else held
        count += len(members)
        for member in members:
            if member.__class__ is float:
                count += 2
            elif isinstance(member, dict | list):
                stack.append(member)
    return count
