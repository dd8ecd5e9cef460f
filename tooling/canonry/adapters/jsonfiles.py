"""One JSON document from a file or from standard input, strictly: nothing is read as something else."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json

_LOOK = 64
"""Bytes at the beginning that show how a text is encoded."""


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class NotJsonFileError(CanonryError):
    """A file that should hold JSON does not; `problem` says what is wrong, `where` on which line."""

    path: str
    problem: str
    where: str = ""
    next_step: str = ""

    def __str__(self) -> str:
        return f"{self.path}{self.where} is not JSON: {self.problem}"

    def advice(self) -> str:
        """What would make it JSON."""
        return self.next_step


def read_json(path: str) -> Json:
    """The document in a file, or on standard input for `-`.

    A number that no float holds exactly (0.1 with thirty digits, 1e400) is a `Decimal`. Raises
    `NotJsonFileError`, also for a member that stands twice in one object, and `OSError`.
    """
    name = "standard input" if path == "-" else path
    data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    if b"\0" in data[:_LOOK]:
        raise NotJsonFileError(name, "it holds NUL bytes, as UTF-16 does", ":1", "Save it as UTF-8.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotJsonFileError(
            name, f"byte {data[error.start]:#04x} is not UTF-8", f":{line}", "Save it as UTF-8."
        ) from error
    return _parsed(name, text)


def _parsed(name: str, text: str) -> Json:
    repeated: list[str] = []
    try:
        document: Json = json.loads(
            text,
            object_pairs_hook=_collecting(repeated),
            parse_float=_float,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        step = "It is empty." if not text.strip() else f"Look at line {error.lineno}, column {error.colno}."
        if name.lower().endswith((".yaml", ".yml")):
            step = "Only JSON is read here: save it as JSON."
        raise NotJsonFileError(
            name, error.msg[:1].lower() + error.msg[1:], f":{error.lineno}", step
        ) from error
    except RecursionError as error:
        raise NotJsonFileError(
            name, "it is nested too deep to read", "", "No schema needs a thousand levels."
        ) from error
    except ValueError as error:  # NaN and infinities (see _constant), and integers of too many digits
        if "digits" in str(error):
            raise NotJsonFileError(
                name,
                f"it holds a number of more than {sys.get_int_max_str_digits():,} digits",
                "",
                "No schema needs one.",
            ) from error
        raise NotJsonFileError(
            name, str(error).partition(";")[0], "", "Write a number that JSON has."
        ) from error
    if repeated:
        raise NotJsonFileError(
            name,
            f"the member {repeated[0]!r:.80} stands twice in one object",
            _line_of(text, repeated[0]),
            "Parsers disagree on which one counts; keep one of them.",
        )
    return document


def _collecting(repeated: list[str]) -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs) and not repeated:
            seen: set[str] = set()
            repeated.append(next(name for name, _ in pairs if name in seen or seen.add(name)))  # type: ignore[func-returns-value]  # adds
        return members

    return collect


def _float(text: str) -> float | Decimal:
    number = float(text)
    if isfinite(number) and Decimal(repr(number)) == Decimal(text):
        return number
    return Decimal(text)


def _constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _line_of(text: str, name: str) -> str:
    """The line of the second occurrence of a member's name, where the text shows one."""
    written = json.dumps(name, ensure_ascii=False)
    first = text.find(written)
    second = text.find(written, first + 1)
    return f":{text.count(chr(10), 0, second) + 1}" if first >= 0 and second >= 0 else ""
