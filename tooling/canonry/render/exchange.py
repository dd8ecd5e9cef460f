"""What was taken in or written out, and what the other side cannot say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from canonry.render.plain import visible, wrapped

if TYPE_CHECKING:
    from canonry.exchange.omissions import Exported, Omission
    from canonry.render.text import Palette

_SHOWN: Final = 3


def export_text(made: Exported, folder: str, style: Palette) -> str:
    """Where it was written, and what is not in it."""
    count = len(made.files)
    lines = [style("bold", f"{count:,} {'file' if count == 1 else 'files'} in {visible(folder)}")]
    return "\n".join([*lines, *_left_out(made.omitted, "This form cannot say:")]) + "\n"


def intake_text(taken: Any, style: Palette, *, written: bool) -> str:
    """What came of an import (`canonry.app.exchange.Intake`), and what to do next."""
    verb = "wrote" if written else "would write"
    lines = [f"{verb} {visible(path)}" for path in sorted(taken.files)]
    lines += [f"{visible(each)} stands already and stays as it is" for each in taken.standing]
    if not taken.files:
        lines.append("Nothing to write.")
    lines += _left_out(taken.omitted, "A contract cannot say, or nobody said:")
    if taken.problems:
        lines += ["", style("bold", f"Not read ({len(taken.problems)}):")]
        lines += _wrapped(visible(problem) for problem in taken.problems)
    if taken.files and written:
        lines += ["", "They are drafts. Look at each, then: canonry lint"]
    return "\n".join(lines) + "\n"


def _left_out(omitted: Iterable[Omission], heading: str) -> list[str]:
    lines = []
    for each in omitted:
        some = ", ".join(map(visible, each.of[:_SHOWN]))
        more = f" and {len(each.of) - _SHOWN:,} more" if len(each.of) > _SHOWN else ""
        lines.append(f"{visible(each.what)}: {visible(each.why)} ({some}{more})")
    return ["", heading, *_wrapped(lines)] if lines else []


def _wrapped(lines: Iterable[str]) -> list[str]:
    return [wrapped(line, indent="  - ", hanging="    ") for line in lines]


def export_document(made: Exported, folder: str) -> dict[str, Any]:
    """The public JSON of an export."""
    return {"folder": folder, "files": sorted(made.files), "omitted": _omitted(made.omitted)}


def intake_document(taken: Any, *, written: bool) -> dict[str, Any]:
    """The public JSON of an import."""
    return {
        "written": written,
        "files": sorted(taken.files),
        "standing": taken.standing,
        "omitted": _omitted(taken.omitted),
        "problems": taken.problems,
    }


def _omitted(omitted: Iterable[Omission]) -> list[dict[str, Any]]:
    return [{"what": each.what, "why": each.why, "of": list(each.of)} for each in omitted]
