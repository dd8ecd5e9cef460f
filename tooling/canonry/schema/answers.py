"""What a search for an inhabitant of a schema can say: here is one, there is none, or not known."""

from collections.abc import Iterable
from typing import Final, TypeAlias

from canonry.kernel.jsonvalue import Json


class Found:
    """There is an inhabitant, and this is one; `size` counts the parts that it was put together from."""

    __slots__ = ("size", "value")

    def __init__(self, value: Json, size: int = 1) -> None:
        self.value = value
        self.size = size

    def __repr__(self) -> str:
        return f"Found({self.value!r})"


class Empty:
    """There is no inhabitant: a proof, not a failure to find one."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "EMPTY"


class Unsure:
    """Neither was shown; `reason` says what stood in the way."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __repr__(self) -> str:
        return f"Unsure({self.reason!r})"


class Hard(Unsure):
    """Neither was shown within the share of the budget that was granted; more might show it."""

    __slots__ = ()


Answer: TypeAlias = Found | Empty | Unsure

MOST_PARTS: Final = 50_000
"""A value of more parts than this is not written out. Parts may share parts, so that a few levels of members
make more of them than fit any memory."""


def built(value: Json, parts: Iterable[Found]) -> Found | Unsure:
    """An object or array put together from parts that were found."""
    size = 1 + sum(part.size for part in parts)
    if size > MOST_PARTS:
        return Unsure(f"a counterexample would have more than {MOST_PARTS:,} parts")
    return Found(value, size)


EMPTY: Final = Empty()
