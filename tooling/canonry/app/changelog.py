"""What changed in which version, read from the history of the default branch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from canonry.app.check import check
from canonry.compat.story import Chapter, told

if TYPE_CHECKING:
    from canonry.app.check import Files


class Step(NamedTuple):
    """One commit: when, its subject, the release that it was tagged as, and the trees around it."""

    day: str
    commit: str
    subject: str
    release: str
    old: Files
    new: Files


@dataclass(frozen=True, slots=True)
class Entry:
    """One commit's changes. Breaking chapters hold the breaks, accepted ones too."""

    day: str
    commit: str
    subject: str
    release: str
    chapters: tuple[Chapter, ...]

    def to_json(self) -> dict[str, Any]:
        """The public JSON form."""
        return {
            "day": self.day,
            "commit": self.commit,
            "subject": self.subject,
            "release": self.release or None,
            "changes": [chapter.to_json() for chapter in self.chapters],
        }


def entries(steps: Iterable[Step], identifier: str | None = None) -> Iterator[Entry]:
    """Newest first; of one contract or vocabulary where an id is given, under every name that it had."""
    wanted = {identifier} if identifier is not None else None
    for step in steps:
        report = check(step.old, step.new, today=date.fromisoformat(step.day))
        every = told(report.deltas, (*report.findings, *report.accepted))
        chapters = tuple(one for one in every if wanted is None or one.subject in wanted)
        if wanted is not None:
            wanted.update(chapter.former for chapter in chapters if chapter.former)
        if chapters or (step.release and wanted is None):
            yield Entry(step.day, step.commit, step.subject, step.release, chapters)
