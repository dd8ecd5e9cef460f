"""Sets of small numbers as the bits of an integer."""

from collections.abc import Iterable
from typing import Final

_SMALL: Final = 256


def bits(mask: int) -> Iterable[int]:
    """The numbers in a set, ascending."""
    found = []
    if mask.bit_length() <= _SMALL:
        while mask:
            low = mask & -mask
            found.append(low.bit_length() - 1)
            mask ^= low
        return found
    digits = bin(mask)[:1:-1]  # on long integers each arithmetic step would copy all of it
    place = digits.find("1")
    while place >= 0:
        found.append(place)
        place = digits.find("1", place + 1)
    return found
