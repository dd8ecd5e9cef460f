"""Commits and the index of a git repository as trees. Reads the object store, checks nothing out."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from canonry.adapters.history import blobs, listing, resolve, staged
from canonry.adapters.repository import NotARepositoryError, Repository
from canonry.catalogue.tree import MAX_FILE_BYTES, ROOTS, UnreadableFileError, hidden, too_large

_LINK: Final = 0o120000
_MAX_HOPS: Final = 8
"""Links that are followed one after the other; a circle of links ends here."""


@dataclass(frozen=True)
class GitTree:
    """Blobs of one commit or index. `entries` maps a path to mode and object id (hexadecimal)."""

    repo: Repository
    entries: Mapping[str, tuple[int, str]]

    def paths(self) -> Iterable[str]:
        """Files and links below the roots, as git holds them; hidden ones are left out, as on disk."""
        return (path for path in self.entries if not hidden(path))

    def read(self, path: str) -> bytes:
        """Raises `UnreadableFileError` for links out of the tree and for blobs that are too large."""
        object_id = self._object(path)
        size = self._sizes.get(object_id)
        if size is None:
            raise UnreadableFileError(path, "git cannot read its contents")
        if size > MAX_FILE_BYTES:
            raise UnreadableFileError(path, too_large(size))
        return self._contents[object_id]

    def digest(self, path: str) -> str:
        """The blob's object id."""
        return self.entries[path][1]

    def _object(self, path: str) -> str:
        """The blob that a path leads to, links followed as long as they stay inside."""
        here = path
        for _ in range(_MAX_HOPS):
            mode, object_id = self.entries[here]
            if mode != _LINK:
                return object_id
            target = self._contents.get(object_id, b"").decode(errors="surrogateescape")
            here = posixpath.normpath(posixpath.join(posixpath.dirname(here), target))
            if posixpath.isabs(target) or not here.startswith(tuple(f"{root}/" for root in ROOTS)):
                raise UnreadableFileError(path, "a symbolic link that leads out of the tree")
            if here not in self.entries:
                folder = any(other.startswith(f"{here}/") for other in self.entries)
                raise UnreadableFileError(
                    path, "not a regular file" if folder else "no such file or directory"
                )
        raise UnreadableFileError(path, "too many levels of symbolic links")

    @cached_property
    def _sizes(self) -> Mapping[str, int]:
        """Bytes of every blob: one of gigabytes is never read to learn that it is."""
        wanted = sorted({object_id for _, object_id in self.entries.values()})
        _, out, _ = self.repo.run("cat-file", "--batch-check", data="\n".join(wanted).encode() + b"\n")
        rows = (line.split(" ") for line in out.decode().splitlines())
        return {row[0]: int(row[2]) for row in rows if row[1:2] == ["blob"]}

    @cached_property
    def _contents(self) -> Mapping[str, bytes]:
        return blobs(self.repo, (each for each, size in self._sizes.items() if size <= MAX_FILE_BYTES))


@contextmanager
def tree_at(root: Path, ref: str) -> Iterator[GitTree]:
    """The registry at `root` as of a commit. Raises `UnknownRefError`, `NotARepositoryError`."""
    repo = Repository(root)
    if repo.bare:
        raise NotARepositoryError(root)
    yield GitTree(repo, listing(repo, resolve(repo, ref)))


@contextmanager
def index_tree(root: Path) -> Iterator[GitTree]:
    """The registry at `root` as it is staged. Raises `NotARepositoryError`.

    Hooks need `GIT_INDEX_FILE` to be honoured: `git commit -a` stages into an index of its own.
    """
    from canonry.adapters.repository import NotARepositoryError, Repository

    repo = Repository(root)
    if repo.bare:
        raise NotARepositoryError(root)
    yield GitTree(repo, staged(repo))
