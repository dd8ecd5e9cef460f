"""The smallest honest version of every changed contract, and the edits that write it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from canonry.app.edits import replaced
from canonry.compat import bump
from canonry.compat.delta import Delta, Revision, number
from canonry.kernel.ids import Version

if TYPE_CHECKING:
    from canonry.app.check import Report


@dataclass(frozen=True, slots=True)
class Bump:
    """One contract's next version. `breaks`: a break that only a new major or an acceptance settles."""

    id: str
    path: str
    before: str
    now: str
    wanted: str
    breaks: bool
    text: str
    """The file with the version in it."""


def bumps(report: Report) -> tuple[Bump, ...]:
    """Every contract whose version has to move, by id. Versions never go down."""
    broken = {f.subject for f in report.findings if f.code in ("B101", "B102", "B110", "B111")}
    found = {}
    for delta in report.deltas:
        for revision in delta.revisions(renamed=False):
            for one in _bump(delta, revision, breaks=str(revision.id) in broken):
                found[one.id] = one
    return tuple(found[name] for name in sorted(found))


def _bump(delta: Delta, revision: Revision, *, breaks: bool) -> Iterator[Bump]:
    if revision.new.meta.status == "draft":
        return
    size = bump.size(delta, revision, breaking=False)
    before = number(revision.old)
    if before is None:
        return  # the version before was none: lint says so, and there is nothing to count from
    now = number(revision.new) or before
    size = size if number(revision.new) is not None else max(size, bump.Size.MINOR)
    taken = bump.taken(delta, revision)
    wanted = before if size is bump.Size.NONE else bump.free(before, size, taken)
    if size is not bump.Size.NONE and now > before:
        # Somebody chose a number: it stays where it is enough and free.
        wanted = (
            now
            if not now < bump.raised(before, size) and now not in taken
            else max(wanted, _after(now, size, taken))
        )
    elif now > before:
        wanted = now
    if str(wanted) != revision.new.meta.version:
        yield Bump(
            str(revision.id),
            revision.new.path,
            str(before),
            str(now),
            str(wanted),
            breaks,
            replaced(revision.new.source.text, "/x-contract/version", str(wanted)),
        )


def _after(version: Version, size: bump.Size, taken: frozenset[Version]) -> Version:
    return version if version not in taken else bump.free(version, size, taken)
