"""What can be built and read in a registry, from the cache or compiled anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from canonry import __version__
from canonry.app.links import Book


def open_book(root: Path, *, fresh: bool = False) -> Book:
    """The registry at `root`, compiled. `fresh`: whatever the cache says."""
    from canonry.adapters import cache

    snapshot = None if fresh else cache.load(str(root), __version__)
    if snapshot is not None and not _usable(snapshot):
        snapshot = None
    if snapshot is None:
        from canonry.adapters.worktree import DirectoryTree
        from canonry.app.compiled import compiled
        from canonry.catalogue.load import load

        signed, _ = cache.signature(str(root))
        index, parts = compiled(load(DirectoryTree(root)).value)
        snapshot = cache.store(str(root), __version__, signed, index, parts)
    return Book(snapshot.index, snapshot.part)


def _usable(snapshot: Any) -> bool:
    """Whether every part of a snapshot is what it should be: a cache is data, and data can be damaged."""
    try:
        book = Book(snapshot.index, snapshot.part)
        whole = book.whole()
        for identifier in whole.table["contracts"]:
            whole.contract(identifier)
        for name in snapshot.names:
            snapshot.part(name)
        book.channels()
        book.pages()
        return set(whole.table["contracts"]) == set(book.index["contracts"])
    except Exception:  # noqa: BLE001  damage takes any form, and compiling anew mends all of them
        return False
