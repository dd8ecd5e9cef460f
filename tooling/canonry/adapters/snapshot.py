"""A registry at one moment, as git blob ids and contents: a commit, the index, a folder or an archive."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, ClassVar, Final, Protocol

from canonry.adapters.history import RELEASES, blobs, listing, staged
from canonry.adapters.worktree import DirectoryTree
from canonry.catalogue.tree import MAX_FILE_BYTES, ROOTS, UnreadableFileError
from canonry.kernel.errors import CanonryError

if TYPE_CHECKING:
    from canonry.adapters.repository import Repository

_LINK: Final = 0o120000
MAX_ARCHIVE_BYTES: Final = 512 * 1024 * 1024
"""What an archive may unpack to."""


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class NotAnArchiveError(CanonryError):
    """A file given as a base is neither a zip nor a tar archive of a registry."""

    path: Path
    why: str
    hint: ClassVar[str] = (
        "Give a commit, a folder that holds registry/ and contracts/, or a .zip or .tar.gz of one"
    )

    def __str__(self) -> str:
        return f"{self.path} cannot be compared with: {self.why}"


class Snapshot(Protocol):
    """Every file of a registry by its git blob id, and contents on demand."""

    @property
    def ids(self) -> Mapping[str, str]:
        """Blob id of every file below the registry's folders."""
        ...

    def contents(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """Contents of some files; those that cannot be read as files are left out."""
        ...

    def released(self) -> Mapping[str, str]:
        """Blob ids of the released schemas, by path."""
        ...


@dataclass(slots=True)
class GitSnapshot:
    """Files that git holds: of a commit, or of the index."""

    repo: Repository
    entries: Mapping[str, tuple[int, str]]
    releases: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    @classmethod
    def of_index(cls, repo: Repository) -> GitSnapshot:
        """What git would commit."""
        return cls(repo, staged(repo))

    @classmethod
    def of_commit(cls, repo: Repository, commit: str) -> GitSnapshot:
        """One listing of the commit's tree; nothing is checked out."""
        entries = listing(repo, commit, *ROOTS, RELEASES)
        own = {
            path: entry for path, entry in entries.items() if path.startswith(tuple(f"{r}/" for r in ROOTS))
        }
        return cls(repo, own, {path: entry for path, entry in entries.items() if path not in own})

    @property
    def ids(self) -> Mapping[str, str]:
        """Blob ids as git has them; links are left out."""
        return {path: object_id for path, (mode, object_id) in self.entries.items() if mode != _LINK}

    def contents(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """One batch for all. Raises `CorruptObjectError`."""
        known = {**self.releases, **self.entries}
        wanted = {path: known[path][1] for path in paths if path in known and known[path][0] != _LINK}
        data = blobs(self.repo, wanted.values())
        return {
            path: data[object_id]
            for path, object_id in wanted.items()
            if len(data[object_id]) <= MAX_FILE_BYTES
        }

    def released(self) -> Mapping[str, str]:
        """Blob ids below `generated/schemas`."""
        return {path: object_id for path, (_, object_id) in self.releases.items()}


@dataclass(slots=True)
class FileSnapshot:
    """Files in memory, with the blob ids that git would give them."""

    files: Mapping[str, bytes]
    _ids: dict[str, str] | None = None

    @classmethod
    def of_folder(cls, root: Path) -> FileSnapshot:
        """A folder's files, read once; what cannot be read is left to lint."""
        tree = DirectoryTree(root)
        files: dict[str, bytes] = {}
        for path in tree.paths():
            try:
                files[path] = tree.read(path)
            except (UnreadableFileError, KeyError):
                continue
        folder = root / RELEASES
        for file in sorted(folder.rglob("*.json")) if folder.is_dir() else ():
            if file.is_file() and not file.is_symlink():
                files[file.relative_to(root).as_posix()] = file.read_bytes()
        return cls(files)

    @classmethod
    def of_archive(cls, path: Path) -> FileSnapshot:
        """A zip or tar of a registry, perhaps below one folder. Raises `NotAnArchiveError`."""
        import tarfile
        import zipfile

        data = path.read_bytes()
        try:
            members = _unzip(data) if zipfile.is_zipfile(io.BytesIO(data)) else _untar(data)
        except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError, ValueError) as error:
            raise NotAnArchiveError(path, str(error) or "neither zip nor tar") from error
        home = next(
            (name for name in sorted(members, key=len) if name.endswith("registry/registry.yaml")), None
        )
        if home is None:
            raise NotAnArchiveError(path, "there is no registry/registry.yaml in it")
        prefix = home.removesuffix("registry/registry.yaml")
        return cls(
            {name.removeprefix(prefix): text for name, text in members.items() if name.startswith(prefix)}
        )

    @property
    def ids(self) -> Mapping[str, str]:
        """SHA-1 over git's blob header and the contents."""
        if self._ids is None:
            own = tuple(f"{root}/" for root in ROOTS)
            self._ids = {path: blob_id(data) for path, data in self.files.items() if path.startswith(own)}
        return self._ids

    def contents(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """From memory."""
        return {path: self.files[path] for path in paths if path in self.files}

    def released(self) -> Mapping[str, str]:
        """Blob ids below `generated/schemas`."""
        return {path: blob_id(data) for path, data in self.files.items() if path.startswith(f"{RELEASES}/")}


def blob_id(data: bytes) -> str:
    """The name that git gives to a file's contents."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _unzip(data: bytes) -> dict[str, bytes]:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir() and _wanted(info.filename)]
        if sum(info.file_size for info in infos) > MAX_ARCHIVE_BYTES:
            raise ValueError(f"it unpacks to more than {MAX_ARCHIVE_BYTES:,} bytes")
        return {info.filename: archive.read(info) for info in infos}


def _untar(data: bytes) -> dict[str, bytes]:
    import tarfile

    found: dict[str, bytes] = {}
    total = 0
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            if not member.isfile() or not _wanted(member.name):
                continue
            total += member.size
            if total > MAX_ARCHIVE_BYTES:
                raise ValueError(f"it unpacks to more than {MAX_ARCHIVE_BYTES:,} bytes")
            stream = archive.extractfile(member)
            if stream is not None:
                found[member.name.removeprefix("./")] = stream.read()
    return found


def _wanted(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return (
        ".." not in parts
        and not name.startswith("/")
        and any(part in (*ROOTS, "generated") for part in parts)
    )
