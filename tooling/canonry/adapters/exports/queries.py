"""What is said to DuckDB and what it answers: settings, texts and columns in SQL, errors in words."""

from __future__ import annotations

import re
from typing import Final

from canonry.audit.source import Gap

CONFIG: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": "220MB",
    "preserve_insertion_order": "false",
}
"""Nothing is fetched, and memory has an end: what does not fit goes to disk."""


def literal(value: object) -> str:
    """A text as SQL writes it."""
    return "'" + str(value).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A column as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def first_line(error: Exception) -> str:
    """What went wrong, without the query and the data that DuckDB quotes after it."""
    from canonry.naming.personal import masked

    lines = str(error).strip().split("\n")
    why = next((line.strip() for line in lines[1:] if line.startswith(_EXPLAINED)), "")
    return masked(f"{lines[0]} {why}".strip())[:200]


def heeded(error: Exception) -> None:
    """Raises `KeyboardInterrupt` where an error is what DuckDB makes of one: no file is at fault then."""
    if type(error).__name__ == "InterruptException" or str(error) == "Query interrupted":
        raise KeyboardInterrupt from error


def broken(error: Exception, file: str) -> Gap:
    """What DuckDB cannot read, with file and line where it says which."""
    heeded(error)
    why = first_line(error)
    line = re.search(r"CSV Error on Line: ([0-9]+)", why)
    for sign, words in _WORDS.items():
        if sign in why:
            return Gap(
                f"{file}:{line[1]}" if line else file,
                f"cannot be read to its end: {words}",
                _MENDED.get(sign, "Export it again"),
            )
    why = re.sub(r"""\A[A-Z][A-Za-z ]+ Error: |(?: (?:in|of) file)? ["']/[^"']*["'],?""", "", why)
    return Gap(file, f"cannot be read to its end: {why}", "Export it again")


_WORDS: Final = {
    "unterminated quote": "a quotation mark is not closed",
    "Expected Number of Columns": "a line has many more cells than the header",
    "Maximum line size": "a line is longer than 4 MB",
    "quoted new line": "a line end stands inside quotation marks",
}
_MENDED: Final = {
    "unterminated quote": "Close it there (within a cell it is written twice), or export it again",
}
_EXPLAINED: Final = ("Value with unterminated quote", "Expected Number of Columns", "Maximum line size")
"""How DuckDB begins the sentence that says what is wrong with a line."""
