"""The port to files: one view of worktree, git index, commit, directory and test fixture."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

MAX_FILE_BYTES: Final = 8 * 1024 * 1024
"""Larger files are refused unread: no contract that a person maintains comes near."""

ROOTS: Final = ("registry", "contracts")
"""The folders that make up a catalogue."""


class UnreadableFileError(Exception):
    """A file exists but cannot be taken: too large, a link out of the tree, no regular file."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why


class Tree(Protocol):
    """A read-only snapshot: the worktree, the index, any commit, or a dict in a test."""

    def paths(self) -> Iterable[str]:
        """Every file below `ROOTS`, as POSIX paths relative to the root, in any order."""
        ...

    def read(self, path: str) -> bytes:
        """Contents of one file. Raises `UnreadableFileError`, or `KeyError` where there is none."""
        ...

    def digest(self, path: str) -> str:
        """A key that changes when the contents do; cheap where the tree knows one."""
        ...


@dataclass(frozen=True, slots=True)
class MemoryTree:
    """A tree from a mapping of path to text or bytes."""

    files: Mapping[str, str | bytes] = field(default_factory=dict)

    def paths(self) -> Iterable[str]:
        """The mapping's keys."""
        return self.files.keys()

    def read(self, path: str) -> bytes:
        """Raises `KeyError` where the mapping has no such path."""
        data = self.files[path]
        data = data.encode() if isinstance(data, str) else data
        if len(data) > MAX_FILE_BYTES:
            raise UnreadableFileError(path, too_large(len(data)))
        return data

    def digest(self, path: str) -> str:
        """SHA-256 of the contents."""
        import hashlib

        return hashlib.sha256(self.read(path)).hexdigest()


def hidden(path: str) -> bool:
    """Whether a file or a folder around it begins with a dot: editors' and tools' own, on disk and in git."""
    return path.startswith(".") or "/." in path


def too_large(size: int) -> str:
    """The sentence for a file over the limit."""
    return f"{size:,} bytes, more than the {MAX_FILE_BYTES:,} that a registry file may have"
