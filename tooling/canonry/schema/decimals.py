"""Numbers as a judge reads them: a float is the shortest decimal that reads back as it, exactly."""

from decimal import Decimal
from typing import TypeAlias, TypeGuard

from canonry.kernel.jsonvalue import Json

Number: TypeAlias = int | float | Decimal
Exact: TypeAlias = int | Decimal


def is_number(value: object) -> TypeGuard[Number]:
    """Whether a Python value is a JSON number; True and False are not."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def exact(number: Number) -> Exact:
    """The decimal that a JSON number was written as: 0.1 is one tenth, where Python's float is a bit more."""
    return Decimal(repr(number)) if isinstance(number, float) else number


def is_whole(number: Number) -> bool:
    """Whether a number has no fractional part: 1.0 and 1e300 have none."""
    return isinstance(number, int) or is_multiple(number, 1)


def is_multiple(number: Number, divisor: Number) -> bool:
    """Whether number / divisor is whole, exactly: 19.99 is a multiple of 0.01, and 1e300 is one of 1e-300.

    Never builds a power of ten longer than the numbers as they are written, so 1e999999999 costs nothing.
    """
    dividend, exponent = _scientific(exact(number))
    by, by_exponent = _scientific(exact(divisor))
    if dividend == 0:
        return True
    shift = exponent - by_exponent
    if shift >= 0:
        return dividend % by * pow(10, shift, by) % by == 0
    if -shift > dividend.bit_length():  # 10 ** -shift is longer than the dividend, and need not be built
        return False
    power: int = 10**-shift
    return dividend % (by * power) == 0


def key(value: Json) -> object:
    """A hashable key that two values share exactly when they are the same JSON value, read exactly."""
    if isinstance(value, bool):
        return ("b", value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return ("o", frozenset([(name, key(member)) for name, member in value.items()]))
    if isinstance(value, list):
        return ("a", tuple([key(item) for item in value]))
    return value


def _scientific(number: Exact) -> tuple[int, int]:
    if isinstance(number, int):
        return number, 0
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"not a JSON number: {number}")
    mantissa = int(Decimal((0, digits, 0)))
    return (-mantissa if sign else mantissa), exponent
