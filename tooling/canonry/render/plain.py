"""Text that is safe to print: what contracts, exports and links say never controls a terminal."""

from __future__ import annotations

import re

from canonry.kernel.jsonvalue import CONTROLS, MARKS

_SHOWN = {code: f"\\x{code:02x}" for code in (*range(0x20), *CONTROLS)}
_SHOWN.update({0x09: "\\t", 0x0A: "\\n", 0x0D: "\\r"})
_SHOWN.update({code: f"\\u{code:04x}" for code in MARKS})

_COMMAND = re.compile(r"(?<!\S)(:|##)(:(?=[A-Za-z])|\[)")


def visible(text: str) -> str:
    """The text on one line: control characters, escapes and direction marks shown as what they are.

    Nor does it begin a workflow command: a runner reads its job's output for lines that begin with `::name`.
    """
    shown = text if text.isascii() and text.isprintable() else text.translate(_SHOWN)
    return _COMMAND.sub(r"\1 \2", shown) if "::" in shown or "##[" in shown else shown


def wrapped(text: str, *, indent: str = "", width: int = 80, hanging: str | None = None) -> str:
    """The text, made visible, in lines of at most `width` columns; words are never cut.

    `hanging` begins every line but the first (by default `indent`).
    """
    after = indent if hanging is None else hanging
    lines: list[str] = []
    line = indent
    empty = True
    for word in visible(text).split(" "):
        if not empty and len(line) + 1 + len(word) > width:
            lines.append(line)
            line, empty = after, True
        line = line + word if empty else f"{line} {word}"
        empty = False
    lines.append(line)
    return "\n".join(lines)
