"""Findings as people read them: where, which rule, what was found, what to do, the counterexample."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from canonry.kernel.findings import Finding, Level
from canonry.kernel.jsonvalue import Json
from canonry.render.palette import PLAIN, Palette
from canonry.render.plain import visible, wrapped

__all__ = ["PLAIN", "Palette", "abridged", "check", "counts", "findings", "lint", "remarks", "witness"]

_MOST_ITEMS: Final = 5
_LONGEST: Final = 300

_VERSIONS: Final = ("B18", "B19")
"""Findings on numbers and on acceptances themselves: nobody accepts them."""


def findings(found: Sequence[Finding], palette: Palette = PLAIN) -> str:
    """Every finding, those of one file together."""
    blocks: list[str] = []
    before = None
    for finding in found:
        if before is not None and before != finding.place.path:
            blocks.append("")
        before = finding.place.path
        blocks.extend(_lines(finding, palette))
    return "\n".join(blocks)


def _lines(finding: Finding, palette: Palette) -> Iterator[str]:
    place = finding.place
    where = visible(place.path) + (f":{place.line}" if place.line else "")
    level = "undecided" if finding.undecided else finding.level.word
    style = finding.level.word
    yield f"{palette('bold', where)}  {palette(style, level)} {finding.code} {finding.name}"
    yield wrapped(finding.message, indent="  ")
    if finding.suggestion:
        yield wrapped(finding.suggestion, indent="  Instead: ", hanging="    ")
    if finding.witness is not None:
        yield wrapped(witness(finding.witness), indent="  For example: ", hanging="    ")
    if finding.owner:
        yield palette("dim", wrapped(finding.owner, indent="  Owner: "))


def witness(value: Json) -> str:
    """A counterexample on one line."""
    return value if isinstance(value, str) else json.dumps(abridged(value), ensure_ascii=False, default=str)


def abridged(value: Json) -> Json:
    """A payload as people read it: long lists and texts are cut and say so. JSON output has all of it."""
    if isinstance(value, dict):
        return {key: abridged(member) for key, member in value.items()}
    if isinstance(value, list):
        kept = [abridged(item) for item in (value if len(value) <= _MOST_ITEMS else value[:2])]
        return kept if len(kept) == len(value) else [*kept, f"... and {len(value) - len(kept):,} more"]
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"{value[:_LONGEST]}... ({len(value):,} characters)"
    return value


def counts(found: Iterable[Finding]) -> str:
    """`2 errors, 1 warning`, worst first; `nothing` where there is none."""
    tally = Counter("undecided" if finding.undecided else finding.level.word for finding in found)
    words = [(tally[level.word], level.word) for level in sorted(Level, reverse=True)]
    parts = [f"{number} {word}{'s' if number != 1 else ''}" for number, word in words if number]
    if tally["undecided"]:
        parts.append(f"{tally['undecided']} undecided")
    return ", ".join(parts) or "nothing"


def lint(
    found: Sequence[Finding],
    files: int,
    ignored: int = 0,
    known: int = 0,
    palette: Palette = PLAIN,
) -> str:
    """The findings, and a last line that counts them."""
    body = findings(found, palette)
    tail = f"{files:,} files read: {counts(found)}"
    if not found:
        tail = palette("good", f"{files:,} files read: all in order")
    beside = [f"{ignored} ignored by policy"] if ignored else []
    beside += [f"{known} in the baseline"] if known else []
    if beside:
        tail += f" ({', '.join(beside)})"
    worst = max(found, key=lambda finding: (finding.level, not finding.undecided), default=None)
    advice = f"\ncanonry explain {worst.code} says what {worst.name} means and what to do." if worst else ""
    return (f"{body}\n\n" if body else "") + tail + advice


def check(
    found: Sequence[Finding], accepted: Sequence[Finding], changed: int, base: str, palette: Palette = PLAIN
) -> str:
    """The findings of a change, what was accepted, and a last line that counts them."""
    body = findings(found, palette)
    against = f"{changed:,} changed file{'' if changed == 1 else 's'} against {visible(base)}"
    tail = f"{against}: {counts(found)}" if found else palette("good", f"{against}: nothing breaks")
    if accepted:
        tail += f" ({len(accepted)} accepted)"
    worst = max(found, key=lambda f: (f.level, not f.undecided, f.witness is not None), default=None)
    if worst is not None:
        tail += f"\ncanonry explain {worst.code} says what {worst.name} means and what to do."
        if worst.code.startswith(_VERSIONS):
            tail += "\ncanonry fix does what is mechanical."
        elif worst.code.startswith("B"):
            tail += (
                f"\nTo accept it for a while: canonry accept {worst.fingerprint} --reason TEXT --until DATE"
            )
    return (f"{body}\n\n" if body else "") + tail


def remarks(found: Iterable[Finding], palette: Palette = PLAIN) -> str:
    """Findings on something that was typed or pasted: no file, no line, the worst first."""
    lines = []
    for finding in sorted(found, key=lambda each: -each.level):
        level = finding.level.word
        head = f"{level:<9}"
        body = wrapped(finding.message, indent=f"  {head}", hanging=" " * 11)
        lines.append(body.replace(head, palette(level, head), 1))
        if finding.suggestion:
            lines.append(wrapped(finding.suggestion, indent="           Instead: ", hanging=" " * 13))
    return "\n".join(lines)
