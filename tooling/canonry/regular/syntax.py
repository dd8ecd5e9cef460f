"""What patterns are made of, and what may be wrong with one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple, TypeAlias

from canonry.kernel.errors import CanonryError
from canonry.regular import charset as cs
from canonry.regular.charset import CharSet


@dataclass(eq=False)
class PatternSyntaxError(CanonryError):
    """The text is no pattern. `position` counts characters from 0."""

    what: str
    position: int
    hint: ClassVar[str] = "Patterns are ECMA-262 regular expressions with the u flag."

    def __str__(self) -> str:
        return f"{self.what} (at character {self.position + 1})"


@dataclass(eq=False)
class UnsupportedPattern(CanonryError):  # noqa: N818  # a verdict ("not decided"), the pattern may be right
    """A valid pattern that is not decided here; `reason` says what stands in the way."""

    reason: str
    hint: ClassVar[str] = "Write the pattern without this construct; every engine then reads it alike."

    def __str__(self) -> str:
        return self.reason


class Chars(NamedTuple):
    """One character of a set."""

    charset: CharSet


class Seq(NamedTuple):
    """One after the other; none of them is the empty string."""

    items: "tuple[Node, ...]"


class Alt(NamedTuple):
    """Any one of them."""

    items: "tuple[Node, ...]"


class Repeat(NamedTuple):
    """From `low` to `high` times; None is without end."""

    body: "Node"
    low: int
    high: int | None


class Assertion(NamedTuple):
    """`^`, `$`, `b` or `B`: consumes nothing."""

    kind: str


class Look(NamedTuple):
    """A lookahead or lookbehind."""

    ahead: bool
    negative: bool
    body: "Node"


Node: TypeAlias = Chars | Seq | Alt | Repeat | Assertion | Look

EPSILON: Final = Seq(())
NEVER: Final = Chars(cs.NONE)
DOT: Final = Chars(cs.DOT)


def seq(items: Iterable[Node]) -> Node:
    """A sequence without needless nesting."""
    parts = tuple(items)
    return parts[0] if len(parts) == 1 else Seq(parts)


def alt(items: Iterable[Node]) -> Node:
    """Alternatives; single characters are merged into one set."""
    parts = list(items)
    if len(parts) == 1:
        return parts[0]
    sets = [part.charset for part in parts if type(part) is Chars]
    if len(sets) > 1:
        merged = Chars(CharSet(pair for one in sets for pair in one.ranges))
        parts = [merged, *(part for part in parts if type(part) is not Chars)]
    return parts[0] if len(parts) == 1 else Alt(tuple(parts))


def repeat(body: Node, low: int, high: int | None) -> Node:
    """A repetition; `(x{1,3}){2,4}` is `x{2,12}`, since no count between is left out."""
    if (low, high) == (1, 1):
        return body
    if high == 0:
        return EPSILON
    if isinstance(body, Repeat):
        inner_low, inner_high = body.low, body.high
        gapless = low > 0 and (inner_high is None or inner_low * (low + 1) <= inner_high * low + 1)
        if low == high or inner_low <= 1 or gapless:
            count = None if high is None or inner_high is None else high * inner_high
            return Repeat(body.body, low * inner_low, count)
    return Repeat(body, low, high)
