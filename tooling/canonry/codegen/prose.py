"""Contract text as Python source that is nothing but text."""

from __future__ import annotations

import textwrap
from typing import Final

WIDTH: Final = 110


def literal(value: object) -> str:
    """A string, integer, boolean, tuple or dict of them as an expression; what does not print is escaped."""
    if isinstance(value, str):
        return repr(value)
    if value is None or isinstance(value, bool | int):
        return repr(value)
    if isinstance(value, tuple):
        inner = ", ".join(literal(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(member)}" for key, member in value.items()) + "}"
    raise TypeError(type(value).__name__)


def visible(text: str) -> str:
    """The text with what does not print (controls, bidirectional marks, odd line ends) spelt out."""
    if text.isprintable():
        return text
    return "".join(c if c == "\n" or c.isprintable() else f"<U+{ord(c):04X}>" for c in text)


def docstring(text: str, indent: str) -> str:
    """A docstring with its indent and final line end. Whatever the text is, it ends where it should."""
    safe = visible(text).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    room = WIDTH - len(indent)
    lines: list[str] = []
    for paragraph in safe.split("\n"):
        if len(paragraph) <= room - 6 or paragraph.startswith("    "):
            lines.append(paragraph.rstrip())
        else:
            lines.extend(textwrap.wrap(paragraph, room, break_long_words=False, break_on_hyphens=False))
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) <= 1:
        line = lines[0] if lines else ""
        line = line[:-1] + '\\"' if line.endswith('"') else line
        return f'{indent}"""{line}"""\n'
    body = "\n".join(f"{indent}{line}" if line else "" for line in lines[1:])
    return f'{indent}"""{lines[0]}\n{body}\n{indent}"""\n'


def comment(text: str) -> str:
    """One comment line."""
    return "# " + visible(text).replace("\n", " ") + "\n"


def items(values: list[str], before: str, after: str, indent: str) -> str:
    """`before`, the values with commas, `after`; folded where they do not fit a line."""
    line = f"{before}{', '.join(values)}{after}"
    if len(line) + len(indent) <= WIDTH:
        return line
    inner = f"{indent}    "
    folded = textwrap.fill(
        ", ".join(value.replace(" ", "\0") for value in values),
        WIDTH,
        initial_indent=inner,
        subsequent_indent=inner,
        break_long_words=False,
        break_on_hyphens=False,
    ).replace("\0", " ")
    return f"{before}\n{folded},\n{indent}{after}"
