"""Folders on disk as trees."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from canonry.catalogue.tree import MAX_FILE_BYTES, ROOTS, UnreadableFileError, hidden, too_large


@dataclass(frozen=True, slots=True)
class DirectoryTree:
    """The files of a folder as they are on disk. Links are followed only where they stay inside."""

    root: Path

    def paths(self) -> Iterable[str]:
        """Files and links below the roots; a link to a folder counts as one (unreadable) file.

        Left out are hidden files, and folders that are repositories of their own: to git they are submodules.
        """
        for folder in ROOTS:
            if not (self.root / folder).is_symlink():
                yield from self._walk(folder)

    def _walk(self, folder: str) -> Iterator[str]:
        try:
            entries = list(os.scandir(self.root / folder))
        except (FileNotFoundError, NotADirectoryError):
            return
        if any(entry.name == ".git" for entry in entries):
            return
        for entry in entries:
            if hidden(entry.name):
                continue
            path = f"{folder}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from self._walk(path)
            else:
                yield path

    def read(self, path: str) -> bytes:
        """Raises `UnreadableFileError` for a link out of the tree, a folder, a device or too large a file."""
        file = self.root / path
        try:
            if file.is_symlink():
                if not self._inside(file.resolve()):
                    raise UnreadableFileError(path, "a symbolic link that leads out of the tree")
                file.stat()  # raises where it leads to nothing, or round in a circle
            if not file.is_file():
                if not file.exists():
                    raise KeyError(path)
                raise UnreadableFileError(path, "not a regular file")
            size = file.stat().st_size
            if size > MAX_FILE_BYTES:
                raise UnreadableFileError(path, too_large(size))
            return file.read_bytes()
        except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
            raise UnreadableFileError(path, _why(error)) from error

    def _inside(self, file: Path) -> bool:
        home = self.root.resolve()
        return any(file.is_relative_to(home / folder) for folder in ROOTS)

    def digest(self, path: str) -> str:
        """Size and time of change: cheap, and enough to know that a cached result may be old."""
        stat = (self.root / path).stat()
        return f"{stat.st_size}-{stat.st_mtime_ns}-{stat.st_ino}"


def _why(error: OSError | RuntimeError) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "too many levels of symbolic links"


def find_root(start: Path) -> Path | None:
    """The nearest folder, from `start` upwards, that holds `registry/registry.yaml`."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / "registry" / "registry.yaml").is_file():
            return folder
    return None
