"""What changed between two trees, as people and programs read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from canonry.compat.story import Chapter
from canonry.render.markdown import code, escaped, ticked
from canonry.render.plain import visible, wrapped
from canonry.render.text import PLAIN, Palette

_MARKS: Final = {"added": "+", "removed": "-", "renamed": "~", "changed": "~", "follows": ">"}
_EFFECTS: Final = {"tightens": "accepts less", "loosens": "accepts more", "both": "accepts less and more"}


def text(chapters: Sequence[Chapter], palette: Palette = PLAIN) -> str:
    """One block per contract or file; breaking ones say so."""
    if not chapters:
        return "Nothing differs."
    return "\n\n".join("\n".join(_block(chapter, palette)) for chapter in chapters)


def _block(chapter: Chapter, palette: Palette) -> Iterator[str]:
    head = f"{_MARKS[chapter.what]} {palette('bold', visible(chapter.subject))}  {heading(chapter)}"
    if chapter.breaks:
        codes = ", ".join(sorted({finding.code for finding in chapter.breaks}))
        style = "error" if chapter.breaking else "warning"
        head += palette(style, f"  {'breaking' if chapter.breaking else 'not decided'} ({codes})")
    yield head
    for line in chapter.lines:
        effect = f" ({_EFFECTS[line.effect]})" if line.effect in _EFFECTS else ""
        yield wrapped(line.sentence + effect, indent="    ", hanging="      ")


def heading(chapter: Chapter) -> str:
    """`changed, 1.2.0 -> 1.3.0`, `added 1.0.0`, `renamed from /events/a/v1`, `follows what it refers to`."""
    before, after = visible(chapter.before), visible(chapter.after)
    if chapter.what == "renamed":
        moved = f", {before} -> {after}" if before != after else f" {after}"
        return f"renamed from {visible(chapter.former)}{moved}"
    if chapter.what == "follows":
        moved = f", {before} -> {after}" if before != after else ""
        return f"follows what it refers to{moved}"
    if before and after and before != after:
        return f"{chapter.what}, {before} -> {after}"
    number = after or before
    return f"{chapter.what} {number}".rstrip()


def bullets(chapters: Iterable[Chapter]) -> Iterator[str]:
    """Markdown: one item per contract or file with its lines below it."""
    for chapter in chapters:
        mark = " **breaking**" if chapter.breaking else " **not decided**" if chapter.breaks else ""
        title = f" {escaped(chapter.title)}," if chapter.title else ""
        lines = [f"- {code(chapter.subject)}{title} {escaped(heading(chapter))}{mark}"]
        for line in chapter.lines:
            effect = f" ({_EFFECTS[line.effect]})" if line.effect in _EFFECTS else ""
            lines.append(f"  - {ticked(line.sentence)}{effect}")
        yield "\n".join(lines)
