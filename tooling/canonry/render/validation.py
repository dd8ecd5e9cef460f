"""What `canonry validate` found, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from canonry.render.catalogue import table
from canonry.render.json import document as as_document
from canonry.render.palette import PLAIN, Palette
from canonry.render.plain import visible, wrapped

Failures = Sequence[tuple[str, int, str, Sequence[tuple[str, str]]]]
"""File, line, contract, problems as pointer and message."""


def text(
    counts: Mapping[str, tuple[int, int]], failures: Failures, lines: int, palette: Palette = PLAIN
) -> str:
    """Counts per contract, the first failures, one line of summary."""
    rows = [["contract", "right", "wrong"]]
    rows += [[visible(name), f"{right:,}", f"{wrong:,}"] for name, (right, wrong) in sorted(counts.items())]
    parts = [table(rows, palette=palette)] if counts else []
    for path, line, contract, problems in failures:
        parts += ["", palette("bold", f"{visible(path)}:{line}") + f"  {visible(contract)}"]
        parts += [
            wrapped(f"{pointer or '/'}: {message}", indent="  ", hanging="    ")
            for pointer, message in problems
        ]
    wrong = sum(bad for _, bad in counts.values())
    shown = f"; the first {len(failures):,} are shown" if 0 < len(failures) < wrong else ""
    number = "1 line" if lines == 1 else f"{lines:,} lines"
    tail = f"{number}: {wrong:,} wrong{shown}" if wrong else f"{number}, all right"
    return "\n".join([*parts, *([""] if parts else []), tail])


def json(
    counts: Mapping[str, tuple[int, int]],
    failures: Failures,
    lines: int,
    unknown: Mapping[str, Any],
) -> str:
    """The same as one document."""
    return as_document(
        {
            "lines": lines,
            "wrong": sum(bad for _, bad in counts.values()),
            "contracts": {
                name: {"right": good, "wrong": bad} for name, (good, bad) in sorted(counts.items())
            },
            "failures": [
                {
                    "file": path,
                    "line": line,
                    "contract": contract,
                    "problems": [{"pointer": pointer, "message": message} for pointer, message in problems],
                }
                for path, line, contract, problems in failures
            ],
            **unknown,
        }
    )
