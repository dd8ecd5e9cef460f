"""Two views of one place, old and new, and the difference that a rule observes between them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json
from canonry.schema.assertions import language
from canonry.schema.resources import Node
from canonry.schema.view import TYPES, View

Effect: TypeAlias = Literal["tightens", "loosens", "both"]

CONTAINED: Final = "[contains]"
"""How a path ends that leads to what an array must contain."""
IN_EXCLUSION: Final = "in what `not` excludes"
IN_CONDITION: Final = "in the condition of `if`"
IN_RIVAL: Final = "in a branch of `oneOf`, of which only one may match"

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
        return quoted(joined_path(self.path, name))


def governing(view: View, name: str) -> list[Node]:
    """The schemas that say what a member of this name may be: by its name, a pattern, or for all others."""
    found: list[Node] = []
    left: list[Node] = []
    for node in view.nodes:
        if node.hides_siblings:
            continue
        children, keywords = node.children, node.keywords
        by_name = children.get(("properties", name))
        matching = [children["patternProperties", text] for text in _patterns(node) if _matches(text, name)]
        if by_name is None and not matching and ("additionalProperties",) in children:
            matching.append(children["additionalProperties",])
        if "unevaluatedProperties" in keywords and ("unevaluatedProperties",) in children:
            left.append(children["unevaluatedProperties",])
        found += [by_name, *matching] if by_name is not None else matching
    return found or left


def speaks(nodes: Iterable[Node]) -> bool:
    """Whether any of the schemas asserts something and still leaves something."""
    return any(isinstance(node.value, dict) and bool(node.keywords) for node in nodes)


def _patterns(node: Node) -> list[str]:
    held = node.keywords.get("patternProperties")
    return list(map(str, held)) if isinstance(held, dict) else []


def _matches(pattern: str, name: str) -> bool:
    try:
        return language(pattern).accepts(name)
    except CanonryError:  # a pattern that cannot be read explains nothing
        return False


def having(path: str, name: str) -> str:
    """The condition of a dependent schema, in words."""
    return f"where {quoted(joined_path(path, name))} is there"


def joined_path(path: str, name: str) -> str:
    """The path of a member."""
    return f"{path}.{name}" if path else name


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
    if isinstance(number, float | Decimal) and number == int(number):
        number = int(number)  # 2.0 is written in some schemas
    return f"{number} {noun}" if number == 1 else f"{number} {nouns or noun + 's'}"


_PHRASES: Final = {
    "null": "null",
    "boolean": "a boolean",
    "integer": "an integer",
    "number": "a number with a fraction",
    "string": "a string",
    "array": "an array",
    "object": "an object",
}


def phrases(types: frozenset[str]) -> str:
    """`a boolean or an array`: the types of a place, in a sentence."""
    left = [name for name in TYPES if name in types]
    if {"integer", "number"} <= types:
        left.remove("integer")
        return joined([_PHRASES[name] if name != "number" else "a number" for name in left], last="or")
    return joined([_PHRASES[name] for name in left], last="or")


def called_for(view: View) -> str:
    """What a place must be, in a sentence: a listed value, or of some type; empty where neither is asked."""
    if view.values is not None:
        return listed(view.values, "or")
    return "" if view.types == frozenset(TYPES) else phrases(view.types)


def only_in(left: Iterable[str], right: Iterable[str]) -> list[str]:
    """What is in the first and not in the second, in the first's order."""
    others = set(right)
    return [name for name in left if name not in others]


def _number(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)
