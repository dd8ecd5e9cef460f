"""The subset of patterns that every engine reads alike, in linear time.

RE2 (warehouses), ECMA-262 with the `u` flag (browsers, validators) and Rust's regex (jsonschema-rs) are the
engines.
"""

from typing import NamedTuple

from canonry.regular.escapes import Kind
from canonry.regular.parser import Parser
from canonry.regular.syntax import PatternSyntaxError, UnsupportedPattern


class Problem(NamedTuple):
    """One construct outside the subset.

    `position` counts characters from 0. `kind` is `refused` where some engine does not take it, `differs`
    where all do and some read it otherwise. `instead` is what to write, where that is known.
    """

    position: int
    kind: Kind
    what: str
    instead: str = ""

    def __str__(self) -> str:
        advice = f": {self.instead}" if self.instead else ""
        return f"{self.what} (at character {self.position + 1}){advice}"


def shared_subset(text: str) -> tuple[Problem, ...]:
    """What of a pattern is outside the shared subset, in the order of the text; nothing where all is well.

    A text that is no pattern at all has its error as the last problem, since nothing can be read behind it.
    """
    parser = Parser(text)
    last: list[Problem] = []
    try:
        parser.parse()
    except PatternSyntaxError as error:
        last.append(Problem(error.position, "refused", error.what))
    except UnsupportedPattern as error:
        if not any(note.position == parser.at for note in parser.notes):
            last.append(Problem(parser.at, "refused", error.reason))
    notes = [Problem(*note) for note in dict.fromkeys(parser.notes)]
    return tuple(sorted([*notes, *last], key=lambda problem: problem.position))
