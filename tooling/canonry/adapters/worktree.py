"""Folders on disk as trees."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from canonry.catalogue.tree import MAX_FILE_BYTES, ROOTS, UnreadableFileError, too_large


@dataclass(frozen=True, slots=True)
class DirectoryTree:
    """The files of a folder as they are on disk. Links are followed only where they stay inside."""

    root: Path

    def paths(self) -> Iterable[str]:
        """Files and links below the roots; a link to a folder counts as one (unreadable) file."""
        for folder in ROOTS:
            yield from self._walk(folder)

    def _walk(self, folder: str) -> Iterator[str]:
        try:
            entries = list(os.scandir(self.root / folder))
        except (FileNotFoundError, NotADirectoryError):
            return
        for entry in entries:
            path = f"{folder}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from self._walk(path)
            elif not entry.name.startswith("."):
                yield path

    def read(self, path: str) -> bytes:
        """Raises `UnreadableFileError` for a link out of the tree, a folder, a device or too large a file."""
        file = self.root / path
        try:
            if file.is_symlink() and not file.resolve(strict=True).is_relative_to(self.root.resolve()):
                raise UnreadableFileError(path, "a symbolic link that leads out of the tree")
            if not file.is_file():
                if not file.exists():
                    raise KeyError(path)
                raise UnreadableFileError(path, "not a regular file")
            size = file.stat().st_size
            if size > MAX_FILE_BYTES:
                raise UnreadableFileError(path, too_large(size))
            return file.read_bytes()
        except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
            reason = (
                error.strerror
                if isinstance(error, OSError) and error.strerror
                else "a loop of symbolic links"
            )
            raise UnreadableFileError(path, reason.lower()) from error

    def digest(self, path: str) -> str:
        """Size and time of change: cheap, and enough to know that a cached result may be old."""
        stat = (self.root / path).stat()
        return f"{stat.st_size}-{stat.st_mtime_ns}-{stat.st_ino}"


def find_root(start: Path) -> Path | None:
    """The nearest folder, from `start` upwards, that holds `registry/registry.yaml`."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / "registry" / "registry.yaml").is_file():
            return folder
    return None
