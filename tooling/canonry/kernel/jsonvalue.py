"""The JSON type and its equality, which is not Python's.

Python holds `True == 1` and `{"enum": [False]} == {"enum": [0]}`; JSON does not. Never compare schema or
instance values with `==`, `in` or sets: use `same`, or `identity` where a hashable key is needed.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

Json: TypeAlias = "bool | int | float | Decimal | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = "dict[str, Json]"


def same(left: object, right: object) -> bool:
    """JSON equality: 1 equals 1.0, but true does not equal 1 (Python says it does)."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict | list) or isinstance(right, dict | list):
        return False
    return left == right


def identity(value: object) -> object:
    """A hashable key that two values share exactly when they are the same JSON value."""
    if isinstance(value, bool):
        return ("b", value)
    if isinstance(value, Mapping):
        return ("o", frozenset((key, identity(member)) for key, member in value.items()))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ("a", tuple(identity(item) for item in value))
    return value


CONTROLS: Final = tuple(range(0x7F, 0xA0))
"""Control characters beyond ASCII's own: JSON leaves them as they are, a terminal obeys them."""
MARKS: Final = (0x061C, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2066, 0x206A), 0xFEFF)
"""Marks that reorder or hide what stands around them, line separators, and the byte order mark."""
_ESCAPED: Final = {code: f"\\u{code:04x}" for code in (*CONTROLS, *MARKS)}


def still(document: str) -> str:
    """The same JSON document; what a terminal would obey, or a reader takes for a line's end, is escaped."""
    return document if document.isascii() and "\x7f" not in document else document.translate(_ESCAPED)
