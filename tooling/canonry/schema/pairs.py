"""Two views of one place, old and new, and the difference that a rule observes between them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from canonry.kernel.jsonvalue import Json
from canonry.schema.view import View

Effect: TypeAlias = Literal["tightens", "loosens", "both"]

CONTAINED: Final = "[contains]"
"""How a path ends that leads to what an array must contain."""

_LONGEST: Final = 60
_MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs at a place: a sentence, the pointers (None: written nowhere) and its effect.

    `subject` is the member that it is about, where one keyword speaks of several.
    """

    sentence: str
    old: str | None
    new: str | None
    effect: Effect
    subject: str = ""


Differences: TypeAlias = Iterator[Difference]


@dataclass(frozen=True, slots=True)
class Pair:
    """What old and new say of the values at one place; `path` names it as people do (`items[].price`)."""

    path: str
    old: View
    new: View
    inside: str = ""
    """Where it stands inside `not` or `if`, in words; there a loosening tightens, or does either."""
    turned: bool = False
    """Whether what is accepted more here makes the whole accept less."""

    @property
    def name(self) -> str:
        """The place in a sentence."""
        if self.path == "[]":
            return "each item"
        if self.path.endswith(CONTAINED):
            array = self.path.removesuffix(CONTAINED)
            return f"the item that {quoted(array) if array else 'the array'} must contain"
        return quoted(self.path) if self.path else "the value"

    def member(self, name: str) -> str:
        """A member of the place in a sentence."""
        return quoted(f"{self.path}.{name}" if self.path else name)


def quoted(text: str) -> str:
    """Text between backticks, cut where it is long, with nothing in it that could end the quotation."""
    shown = "".join(
        char if char.isprintable() and char != "`" else f"\\u{ord(char):04x}" for char in text[:_LONGEST]
    )
    return f"`{shown}…`" if len(text) > _LONGEST else f"`{shown}`"


def shown(value: Json) -> str:
    """A JSON value between backticks: strings bare, everything else as JSON."""
    if isinstance(value, str) and value.strip() == value and value:
        return quoted(value)
    return quoted(json.dumps(value, ensure_ascii=False, default=_number))


def listed(values: Sequence[Json], last: str = "and") -> str:
    """Values in a sentence: the first few, and how many more."""
    return joined([shown(value) for value in values[:_MOST]], len(values) - _MOST, last)


def joined(parts: Sequence[str], more: int = 0, last: str = "and") -> str:
    """`a`, `b` and `c`."""
    if more > 0:
        return f"{', '.join(parts)} {last} {more} more"
    if len(parts) > 1:
        return f"{', '.join(parts[:-1])} {last} {parts[-1]}"
    return "".join(parts)


def counted(number: object, noun: str, nouns: str = "") -> str:
    """`1 item`, `2 items`."""
    return f"{number} {noun}" if number == 1 else f"{number} {nouns or noun + 's'}"


def only_in(left: Iterable[str], right: Iterable[str]) -> list[str]:
    """What is in the first and not in the second, in the first's order."""
    others = set(right)
    return [name for name in left if name not in others]


def _number(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)
