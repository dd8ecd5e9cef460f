"""The two sides of a check: what stood before, and what stands now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from canonry.adapters.gitrepo import NotARepositoryError, index_entries, open_repository, prefix_of
from canonry.adapters.history import Base, find_base, resolve
from canonry.adapters.snapshot import FileSnapshot, GitSnapshot, Snapshot
from canonry.kernel.errors import UsageError

if TYPE_CHECKING:
    import git

_ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz")


@dataclass(frozen=True, slots=True)
class Sides:
    """Before and after, how the base was found, and the last release where it was asked for."""

    old: Snapshot
    new: Snapshot
    why: str
    since: Snapshot | None = None
    release: str = ""
    prefix: str = ""
    """The registry's folder in its repository, with a final slash; empty where they are one."""


@contextmanager
def open_sides(
    root: Path, *, against: str | None, staged: bool, default_branch: str | None, since_release: bool = False
) -> Iterator[Sides]:
    """What to compare. `against` is a commit, a folder or an archive; None finds the base.

    Raises `UnknownRefError`, `NoMergeBaseError`, `NotARepositoryError`, `NotAnArchiveError`, `UsageError`.
    """
    path = Path(against) if against else None
    if path is not None and not (staged or since_release):
        loose = _loose(path)
        if loose is not None:
            yield Sides(loose, FileSnapshot.of_folder(root), str(path))
            return
    try:
        opened = open_repository(root)
        with opened as repo:
            if repo.bare:
                raise UsageError("a bare repository has no registry to check", "Run it in a clone")
            old, why = _before(repo, root, path, against, staged=staged, default_branch=default_branch)
            new: Snapshot = (
                GitSnapshot(repo, index_entries(repo, root)) if staged else FileSnapshot.of_folder(root)
            )
            release = _last_release(repo) if since_release else ""
            since = GitSnapshot.of_commit(repo, resolve(repo, release), root) if release else None
            yield Sides(old, new, why, since, release, prefix_of(repo, root))
    except NotARepositoryError as error:
        raise UsageError(
            f"{root} is in no git repository, so there is nothing to compare with",
            "Name a folder or an archive: --against DIR",
        ) from error


def _loose(path: Path) -> FileSnapshot | None:
    if path.is_dir():
        if not (path / "registry" / "registry.yaml").is_file():
            raise UsageError(
                f"{path} holds no registry/registry.yaml",
                "Give the folder that holds registry/ and contracts/",
            )
        return FileSnapshot.of_folder(path)
    if path.is_file() and path.name.endswith(_ARCHIVES):
        return FileSnapshot.of_archive(path)
    return None


def _before(
    repo: git.Repo,
    root: Path,
    path: Path | None,
    against: str | None,
    *,
    staged: bool,
    default_branch: str | None,
) -> tuple[Snapshot, str]:
    loose = _loose(path) if path is not None else None
    if loose is not None:
        return loose, str(path)
    base: Base = find_base(repo, against=against, staged=staged, default_branch=default_branch)
    return GitSnapshot.of_commit(repo, base.commit, root), base.why


def _last_release(repo: git.Repo) -> str:
    """The newest `release/<yyyy.mm.n>` tag that HEAD contains; nothing where there is none."""
    if not repo.head.is_valid():
        return ""
    names = repo.git.tag("--list", "release/*", "--merged", "HEAD").split()
    return max((name for name in names if _number(name)), key=_number, default="")


def _number(tag: str) -> tuple[int, ...]:
    parts = tag.removeprefix("release/").split(".")
    return tuple(map(int, parts)) if len(parts) == 3 and all(part.isdigit() for part in parts) else ()  # noqa: PLR2004
