"""Commits and the index of a git repository as trees. Reads the object store, checks nothing out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from canonry.catalogue.tree import MAX_FILE_BYTES, ROOTS, UnreadableFileError, too_large
from canonry.kernel.errors import CanonryError

if TYPE_CHECKING:
    import git


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class NotARepositoryError(CanonryError):
    """The folder is in no git repository, or git is not installed."""

    folder: Path
    hint: ClassVar[str] = "Run the command inside a clone, or leave out the option that asks for git"

    def __str__(self) -> str:
        return f"{self.folder} is in no git repository"


@dataclass(eq=False)
class UnknownRefError(CanonryError):
    """Git cannot resolve a name to a commit."""

    ref: str
    hint: ClassVar[str] = "Shallow clone? Fetch full history first: git fetch --unshallow"

    def __str__(self) -> str:
        return f"git cannot resolve {self.ref!r} to a commit"


_LINK = 0o120000
_SUBMODULE = "160000"


@dataclass(frozen=True, slots=True)
class GitTree:
    """Blobs of one commit or index. `entries` maps a path to mode and object id (hexadecimal)."""

    repo: git.Repo
    entries: Mapping[str, tuple[int, str]]

    def paths(self) -> Iterable[str]:
        """Files below the roots, as git holds them."""
        return self.entries.keys()

    def read(self, path: str) -> bytes:
        """Raises `UnreadableFileError` for links and for blobs that are too large."""
        mode, object_id = self.entries[path]
        if mode == _LINK:
            raise UnreadableFileError(path, "a symbolic link; git holds only where it points to")
        info = self.repo.odb.info(bytes.fromhex(object_id))
        if info.size > MAX_FILE_BYTES:
            raise UnreadableFileError(path, too_large(info.size))
        data: bytes = self.repo.odb.stream(bytes.fromhex(object_id)).read()
        return data

    def digest(self, path: str) -> str:
        """The blob's object id."""
        return self.entries[path][1]


@contextmanager
def open_repository(folder: Path) -> Iterator[git.Repo]:
    """The repository around a folder. Raises `NotARepositoryError`."""
    try:
        import git  # needs the git binary at import time, so never at module level
    except ImportError as error:
        raise NotARepositoryError(folder) from error
    try:
        repo = git.Repo(folder, search_parent_directories=True, odbt=git.GitCmdObjectDB)
    except (git.InvalidGitRepositoryError, git.NoSuchPathError) as error:
        raise NotARepositoryError(folder) from error
    with repo:
        yield repo


def prefix_of(repo: git.Repo, root: Path) -> str:
    """The registry's folder inside the repository, with a final slash, or nothing where they are one."""
    if repo.working_tree_dir is None:
        return ""
    relative = root.resolve().relative_to(Path(repo.working_tree_dir).resolve()).as_posix()
    return "" if relative == "." else f"{relative}/"


@contextmanager
def tree_at(root: Path, ref: str) -> Iterator[GitTree]:
    """The registry at `root` as of a commit. Raises `UnknownRefError`, `NotARepositoryError`."""
    with open_repository(root) as repo:
        import git

        try:
            commit = repo.commit(ref)
        except (git.BadName, git.GitCommandError, ValueError, IndexError) as error:
            raise UnknownRefError(ref) from error
        prefix = prefix_of(repo, root)
        listing = repo.git.ls_tree(
            "-r", "-z", "--full-tree", commit.hexsha, "--", *(f"{prefix}{r}" for r in ROOTS)
        )
        yield GitTree(repo, dict(_ls_tree(listing, prefix)))


def _ls_tree(listing: str, prefix: str) -> Iterator[tuple[str, tuple[int, str]]]:
    for line in listing.split("\0"):
        if not line:
            continue
        head, _, path = line.partition("\t")
        mode, kind, object_id = head.split(" ")
        if kind == "blob":
            yield path.removeprefix(prefix), (int(mode, 8), object_id)


@contextmanager
def index_tree(root: Path) -> Iterator[GitTree]:
    """The registry at `root` as it is staged, honouring `GIT_INDEX_FILE` as hooks need."""
    with open_repository(root) as repo:
        yield GitTree(repo, index_entries(repo, root))


def index_entries(repo: git.Repo, root: Path) -> dict[str, tuple[int, str]]:
    """Mode and object id of every staged file of the registry; of a conflict, nothing.

    `git ls-files` reads the index that `GIT_INDEX_FILE` names, as `git commit -a` makes one for its hooks;
    `repo.index` would ignore the variable.
    """
    prefix = prefix_of(repo, root)
    roots = [f"{prefix}{folder}" for folder in ROOTS]
    listing = repo.git.ls_files("--stage", "-z", "--full-name", "--", *roots) if repo.working_tree_dir else ""
    found: dict[str, tuple[int, str]] = {}
    for line in listing.split("\0"):
        head, _, path = line.partition("\t")
        if path:
            mode, object_id, stage = head.split(" ")
            if stage == "0" and mode != _SUBMODULE:
                found[path.removeprefix(prefix)] = (int(mode, 8), object_id)
    return found
