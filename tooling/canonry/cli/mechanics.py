"""What a machine may do to a registry unasked: layout, versions, generated files."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from canonry.cli.basis import report_of, sides_of

if TYPE_CHECKING:
    from canonry.cli.options import Invocation


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
    return tuple(sorted({*laid, *moved, *_generated(call)}))


def _generated(call: Invocation) -> tuple[str, ...]:
    """What generating wrote, where this canonry can generate and the registry has generated files."""
    if importlib.util.find_spec("canonry.cli.generate") is None or not (call.root() / "generated").is_dir():
        return ()
    from canonry.cli import generate  # type: ignore[attr-defined,unused-ignore]  # part of a later version

    written = getattr(generate, "regenerate", None)
    return tuple(written(call)) if written is not None else ()
