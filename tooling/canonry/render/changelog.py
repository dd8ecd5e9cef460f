"""A history of changes, as people read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from canonry.render import story
from canonry.render.markdown import escaped
from canonry.render.plain import visible
from canonry.render.text import PLAIN, Palette

if TYPE_CHECKING:
    from canonry.compat.story import Chapter


class Told(Protocol):
    """One commit's part; see `canonry.app.changelog.Entry`."""

    @property
    def day(self) -> str: ...
    @property
    def commit(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def release(self) -> str: ...
    @property
    def chapters(self) -> Sequence[Chapter]: ...


def text(entries: Iterable[Told], palette: Palette = PLAIN) -> str:
    """Newest first, one block per commit."""
    blocks = []
    for entry in entries:
        release = palette("good", f"  {entry.release}") if entry.release else ""
        head = f"{entry.day}  {palette('bold', visible(entry.subject))}  {entry.commit[:10]}{release}"
        body = story.text(entry.chapters, palette)
        blocks.append(f"{head}\n" + "\n".join(f"  {line}" if line else "" for line in body.split("\n")))
    return "\n\n".join(blocks) or "Nothing has changed."


def markdown(entries: Iterable[Told]) -> str:
    """The same as Markdown."""
    blocks = []
    for entry in entries:
        release = f", {entry.release}" if entry.release else ""
        blocks.append(f"## {entry.day}{release}: {escaped(entry.subject)}\n")
        blocks.append("\n".join(story.bullets(entry.chapters)) + "\n")
    return "\n".join(blocks) or "Nothing has changed.\n"
