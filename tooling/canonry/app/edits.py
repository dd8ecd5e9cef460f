"""Small edits of a contract's text: what is not edited keeps every byte."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from canonry.kernel import pointer as pointers

_TOKEN: Final = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|([{}\[\],:])|([^\s{}\[\],:"]+))')


def replaced(text: str, pointer: str, value: Any) -> str:
    """JSON text with the value at a pointer replaced. Raises `LookupError` where there is none."""
    start, end = span(text, pointer)
    return text[:start] + json.dumps(value, ensure_ascii=False) + text[end:]


def span(text: str, pointer: str) -> tuple[int, int]:
    """Where the value at a pointer begins and ends. Raises `LookupError`; the text must be JSON."""
    for found, start, end in _values(text):
        if found == pointer:
            return start, end
    raise LookupError(pointer)


def _values(text: str) -> Iterator[tuple[str, int, int]]:
    """Pointer, start and end of every value, inner ones first."""
    stack: list[tuple[str, bool, int]] = []
    keys: list[str | None] = []
    counts: list[int] = []

    def here() -> str:
        if not stack:
            return ""
        parent, array, _ = stack[-1]
        return f"{parent}/{counts[-1] if array else pointers.escape(keys[-1] or '')}"

    for match in _TOKEN.finditer(text):
        string, mark, _ = match.groups()
        start, end = match.start(match.lastindex or 0), match.end()
        if mark in ("{", "["):
            stack.append((here(), mark == "[", start))
            keys.append(None)
            counts.append(0)
        elif mark in ("}", "]"):
            pointer, _, begun = stack.pop()
            keys.pop()
            counts.pop()
            yield pointer, begun, end
        elif mark == ",":
            counts[-1] += 1
            keys[-1] = None
        elif mark == ":":
            continue
        elif string is not None and stack and not stack[-1][1] and keys[-1] is None:
            keys[-1] = json.loads(string)
        else:
            yield here(), start, end


def with_members(text: str, pointer: str, members: dict[str, Any], after: str) -> str:
    """JSON text with members of the object at a pointer set; new ones stand behind the member `after`.

    Every member begins a line of its own. Raises `LookupError` where object or member are missing.
    """
    for name, value in members.items():
        place = f"{pointer}/{pointers.escape(name)}"
        try:
            text = replaced(text, place, value)
        except LookupError:
            _, end = span(text, f"{pointer}/{pointers.escape(after)}")
            begin, _ = span(text, f"{pointer}/{pointers.escape(after)}")
            line = text.rfind("\n", 0, begin) + 1
            indent = text[line:begin][: len(text[line:begin]) - len(text[line:begin].lstrip())]
            written = f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
            text = f"{text[:end]},\n{indent}{written}{text[end:]}"
        after = name
    return text
