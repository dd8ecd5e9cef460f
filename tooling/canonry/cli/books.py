"""What can be built and read in a registry, from the cache or compiled anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from canonry import __version__
from canonry.app.links import Book

if TYPE_CHECKING:
    from canonry.adapters.cache import Snapshot


def open_book(root: Path, *, fresh: bool = False) -> Book:
    """The registry at `root`, compiled. `fresh`: whatever the cache says."""
    from canonry.adapters import cache

    snapshot = None if fresh else cache.load(str(root), __version__)
    if snapshot is None:
        snapshot = _compiled(root)
        return Book(snapshot.index, snapshot.part)
    kept = snapshot

    def part(name: str) -> Any:
        try:
            return kept.part(name)
        except LookupError:  # damaged or gone since the index was written
            return _compiled(root).part(name)

    return Book(kept.index, part)


def _compiled(root: Path) -> Snapshot:
    from canonry.adapters import cache
    from canonry.adapters.worktree import DirectoryTree
    from canonry.app.compiled import compiled
    from canonry.catalogue.load import load

    signed, _ = cache.signature(str(root))
    index, parts = compiled(load(DirectoryTree(root)).value)
    return cache.store(str(root), __version__, signed, index, parts)
