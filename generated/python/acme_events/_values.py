"""What fields hold: JSON's own reading of numbers, and lists that do not change once they are in a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, WrapValidator

__all__ = ["Exact", "Integer", "Number", "Sequence", "is_list", "is_object"]


def is_object(value: object) -> bool:
    """Whether it is a JSON object."""
    return value.__class__ is dict or isinstance(value, Mapping)


def is_list(value: object) -> bool:
    """Whether it is a JSON array."""
    return isinstance(value, list | tuple)


def _whole(value: object) -> object:
    """JSON has one kind of number: 1.0 is the integer 1."""
    return int(value) if type(value) is float and value.is_integer() else value


def _same_sort(value: object, inner: Callable[[object], object]) -> object:
    """Python holds that True equals 1; JSON does not."""
    found = inner(value)
    if isinstance(found, bool) is not isinstance(value, bool):
        raise ValueError("a boolean is no number")
    return found


Exact = WrapValidator(_same_sort)
"""Beside a `Literal` that has numbers or booleans."""

Integer = Annotated[int, BeforeValidator(_whole)]
"""A whole number of any size."""

Number = int | float
"""A number; integers of any size keep all of their digits."""

if TYPE_CHECKING:
    from collections.abc import Sequence
else:

    class Sequence:
        """Any list or tuple goes in; a tuple is kept."""

        def __class_getitem__(cls, item: Any) -> Any:
            return Annotated[tuple[item, ...], Field(strict=False)]
