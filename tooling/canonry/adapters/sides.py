"""The two sides of a check: what stood before, and what stands now."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from canonry.adapters.history import Base, find_base, releases, resolve, unpopulated
from canonry.adapters.mentions import KeptIndex
from canonry.adapters.repository import NotARepositoryError, Repository
from canonry.adapters.snapshot import FileSnapshot, GitSnapshot, Snapshot
from canonry.kernel.errors import UsageError

_ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz")


@dataclass(frozen=True, slots=True)
class Sides:
    """Before and after, how the base was found, and the last release where it was asked for."""

    old: Snapshot
    new: Snapshot
    why: str
    index: KeptIndex
    """What the texts of either side mention."""
    since: Snapshot | None = None
    release: str = ""
    prefix: str = ""
    """The registry's folder in its repository, with a final slash; empty where they are one."""


def _worktree(repo: Repository, root: Path) -> FileSnapshot:
    """The folder's files, and what a sparse checkout leaves in the index."""
    here = FileSnapshot.of_folder(root)
    if repo.sparse:
        left = GitSnapshot(repo, unpopulated(repo))
        here = FileSnapshot({**left.contents(left.entries), **here.files})
    return here


def open_sides(
    root: Path, *, against: str | None, staged: bool, default_branch: str | None, since_release: bool = False
) -> Sides:
    """What to compare. `against` is a commit, a folder or an archive; None finds the base.

    Raises `UnknownRefError`, `NoMergeBaseError`, `NotARepositoryError`, `NotAnArchiveError`, `UsageError`.
    """
    loose = _loose(against, root) if against else None
    if loose is not None and not (staged or since_release):
        return Sides(loose, FileSnapshot.of_folder(root), str(against), KeptIndex(root))
    repo = Repository(root)
    try:
        if repo.bare:
            raise UsageError("a bare repository has no registry to check", "Run it in a clone")
    except NotARepositoryError as error:
        why = f"{root} is in no git repository" if shutil.which("git") else "git is not installed"
        raise UsageError(
            f"{why}, so there is nothing to compare with", "Name a folder or an archive: --against DIR"
        ) from error
    old: Snapshot
    if loose is not None:
        old, why = loose, str(against)
    else:
        base: Base = find_base(repo, against=against, staged=staged, default_branch=default_branch)
        old, why = GitSnapshot.of_commit(repo, base.commit), base.why
    new: Snapshot = GitSnapshot.of_index(repo) if staged else _worktree(repo, root)
    release = next(reversed(releases(repo)), "") if since_release else ""
    since = GitSnapshot.of_commit(repo, repo.commit(f"refs/tags/{release}")) if release else None
    return Sides(old, new, why, KeptIndex(root), since, release, repo.prefix)


def open_one(root: Path, name: str | None) -> Snapshot:
    """One side by itself: a commit, a folder or an archive; None is what is on disk.

    Raises `UnknownRefError`, `NotARepositoryError`, `NotAnArchiveError`, `UsageError`.
    """
    if name is None:
        return FileSnapshot.of_folder(root)
    loose = _loose(name, root)
    if loose is not None:
        return loose
    repo = Repository(root)
    return GitSnapshot.of_commit(repo, resolve(repo, name))


def _loose(against: str, root: Path) -> FileSnapshot | None:
    """A folder or archive; None where the name can only be a commit's. A name that is both is a commit."""
    path = Path(against)
    if path.is_file() and path.name.endswith(_ARCHIVES):
        return FileSnapshot.of_archive(path)
    if not path.is_dir() or _is_commit(against, root):
        return None
    if not (path / "registry" / "registry.yaml").is_file():
        raise UsageError(
            f"{path} holds no registry/registry.yaml", "Give the folder that holds registry/ and contracts/"
        )
    return FileSnapshot.of_folder(path)


def _is_commit(name: str, root: Path) -> bool:
    try:
        return bool(Repository(root).commit(name))
    except NotARepositoryError:
        return False
