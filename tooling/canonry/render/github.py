"""Workflow commands: annotations at the line of the file that a pull request changes."""

from collections.abc import Iterable

from canonry.kernel.findings import Finding, Level
from canonry.render.plain import visible
from canonry.render.text import witness

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def annotations(findings: Iterable[Finding], prefix: str = "") -> str:
    """One command per finding. `prefix`: the registry's folder in the repository, with a final slash."""
    return "".join(f"{_annotation(finding, prefix)}\n" for finding in findings)


def _annotation(finding: Finding, prefix: str) -> str:
    place = finding.place
    parts = [f"file={_property(prefix + place.path)}", f"line={max(place.line, 1)}"]
    parts.append(f"title={_property(f'{finding.code} {finding.name}')}")
    lines = [visible(finding.message)]
    if finding.suggestion:
        lines.append(f"Instead: {visible(finding.suggestion)}")
    if finding.witness is not None:
        lines.append(f"For example: {visible(witness(finding.witness))}")
    return f"::{_COMMANDS[finding.level]} {','.join(parts)}::{_data(chr(10).join(lines))}"


def _data(text: str) -> str:
    for char in "%\r\n":  # % first, or it would escape our own escapes
        text = text.replace(char, f"%{ord(char):02X}")
    return text


def _property(text: str) -> str:
    text = _data(text)
    for char in ":,":
        text = text.replace(char, f"%{ord(char):02X}")
    return text
