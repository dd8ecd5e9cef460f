"""The trend over earlier audits, as text and as a line that can be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from canonry.render.palette import PLAIN, Palette

BARS: Final = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float | None]) -> str:
    """One character per value; a value that is not known is a blank."""
    known = [value for value in values if value is not None]
    top = max(known, default=0.0)
    if not known or top <= 0:
        return "".join(" " if value is None else BARS[0] for value in values)
    return "".join(
        " " if value is None else BARS[min(int(value / top * (len(BARS) - 1) + 0.5), len(BARS) - 1)]
        for value in values
    )


def text(runs: Sequence[tuple[Any, ...]], codes: Sequence[tuple[Any, ...]], palette: Palette = PLAIN) -> str:
    """Runs, oldest first, and the rules that were found most often."""
    if not runs:
        return "No run has been recorded. canonry audit run records one."
    lines = [
        palette(
            "bold", f"{'Run':<12}{'wrong':>8}{'findings':>10}{'new':>7}{'fixed':>7}{'old mess':>10}  read"
        )
    ]
    for day, complete, findings, _errors, new, fixed, old, _foreign, spend, visits in runs:
        share = spend if spend is not None else visits
        shown = f"{share * 100:.1f} %" if share is not None else "-"
        lines.append(
            f"{day!s:<12}{shown:>8}{findings or 0:>10,}{new or 0:>7,}{fixed or 0:>7,}{old or 0:>10,}"
            f"  {'whole' if complete else 'in part'}"
        )
    shares = [row[8] if row[8] is not None else row[9] for row in runs]
    found = [float(row[2] or 0) for row in runs]
    lines += [
        "",
        f"Filed wrong or unowned: {sparkline(shares)}",
        f"Findings:               {sparkline(found)}",
    ]
    if codes:
        lines += ["", "Found most often:"]
        lines += [
            f"  {code}  {number:,} finding{'' if number == 1 else 's'}, {first} to {last}"
            for code, number, first, last in codes[:8]
        ]
    return "\n".join(lines)
