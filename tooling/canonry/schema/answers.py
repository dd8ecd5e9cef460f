"""What a search for an inhabitant of a schema can say: here is one, there is none, or not known."""

from typing import Final, TypeAlias

from canonry.kernel.jsonvalue import Json


class Found:
    """There is an inhabitant, and this is one."""

    __slots__ = ("value",)

    def __init__(self, value: Json) -> None:
        self.value = value

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

EMPTY: Final = Empty()
