"""What a machine may do to a registry unasked: layout, versions, generated files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from canonry.cli.basis import report_of, sides_of

if TYPE_CHECKING:
    from canonry.cli.options import Invocation


FOLDERS: Final = ("registry", "contracts", "generated")
"""What people and canonry write into."""


def mend(call: Invocation, *, against: str | None = None) -> tuple[str, ...]:
    """Every path that was written, in order: of what the change touches, and of what follows from it."""
    from canonry.adapters.files import write
    from canonry.adapters.worktree import DirectoryTree
    from canonry.app.bump import bumps
    from canonry.app.layout import layout

    root = call.root()
    tree = DirectoryTree(root)
    before = report_of(call, sides_of(call, against=against))
    present = set(tree.paths())
    laid = dict(layout(tree, [path for path in before.changed if path in present]).changed)
    write(root, laid)
    report = report_of(call, sides_of(call, against=against)) if laid else before
    moved = {one.path: one.text.encode() for one in bumps(report)}
    write(root, moved)
    return tuple(sorted({*laid, *moved, *_generated(call, against), *_owned(call)}))


def _generated(call: Invocation, against: str | None) -> tuple[str, ...]:
    """What generating wrote or removed, where the registry has generated files."""
    if not (call.root() / "generated").is_dir():
        return ()
    from canonry.cli.generate import produced

    report = produced(call, against=against)
    if isinstance(report, int) or report.problems:
        return ()  # what is wrong with the files, lint says
    return (*report.drift.missing, *report.drift.stale, *report.drift.extra)


class CodeOwners(NamedTuple):
    """The host's file: the repository's folder, the path in it, what it holds and what it should hold."""

    home: Path
    path: str
    before: str
    text: str

    @property
    def current(self) -> bool:
        """Whether it says what it should."""
        return self.before == self.text


def owners(call: Invocation) -> CodeOwners:
    """CODEOWNERS as it is and as it should be; at the root of the repository, wherever the registry is."""
    from canonry.adapters.repository import NotARepositoryError, Repository
    from canonry.app.lifecycle import codeowners, codeowners_path
    from canonry.catalogue.load import load

    root = call.root().resolve()
    try:
        prefix = Repository(root).prefix
    except NotARepositoryError:
        prefix = ""
    home = root.parents[prefix.count("/") - 1] if prefix else root
    with call.tree() as tree:
        catalogue = load(tree).value
    path = codeowners_path(catalogue)
    file = home / path
    before = file.read_text(encoding="utf-8", errors="surrogateescape") if file.is_file() else ""
    return CodeOwners(home, path, before, codeowners(catalogue, prefix=prefix, current=before))


def _owned(call: Invocation) -> tuple[str, ...]:
    """CODEOWNERS, where there is one that canonry wrote and owners have changed."""
    from canonry.adapters.files import write
    from canonry.app.lifecycle import BEGIN

    file = owners(call)
    if file.current or BEGIN not in file.before:
        return ()
    write(file.home, {file.path: file.text.encode(errors="surrogateescape")})
    return (os.path.relpath(file.home / file.path, call.root().resolve()).replace(os.sep, "/"),)
