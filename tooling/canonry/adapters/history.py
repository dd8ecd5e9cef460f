"""Which commit a change is judged against, and what differs from it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from canonry.adapters.gitrepo import UnknownRefError, prefix_of
from canonry.catalogue.tree import ROOTS
from canonry.kernel.errors import CanonryError

if TYPE_CHECKING:
    import git

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""Git's name for a tree without files: the base of a first commit."""

RELEASES = "generated/schemas"
"""Where released versions stand."""


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class NoMergeBaseError(CanonryError):
    """Two branches share no commit that is in this clone."""

    branch: str
    shallow: bool
    hint: ClassVar[str] = "Say what to compare with: --against REF"

    def __str__(self) -> str:
        cut = "; this clone is shallow" if self.shallow else ""
        return f"HEAD and {self.branch} have no common commit{cut}"

    def advice(self) -> str:
        """A shallow clone lacks the history; otherwise the base must be named."""
        return "Fetch the history first: git fetch --unshallow" if self.shallow else self.hint


@dataclass(eq=False)
class CorruptObjectError(CanonryError):
    """Git cannot read an object of its own store."""

    what: str
    hint: ClassVar[str] = "Check the clone with git fsck; a fresh clone is the usual cure"

    def __str__(self) -> str:
        return f"git cannot read {self.what}"


@dataclass(frozen=True, slots=True)
class Base:
    """The commit (hexadecimal) that a change is judged against, and how it was found."""

    commit: str
    why: str


def find_base(repo: git.Repo, *, against: str | None, staged: bool, default_branch: str | None) -> Base:
    """On a branch the merge base with the default branch; on the default branch itself the staged change is
    judged against HEAD, and HEAD against the push's before-sha in CI or its own first parent.

    Raises `UnknownRefError`, `NoMergeBaseError`.
    """
    if against is not None:
        return Base(resolve(repo, against), against)
    if not repo.head.is_valid():
        return Base(EMPTY_TREE, "nothing: this is the first commit")
    head = repo.head.commit.hexsha
    branch = default_branch_of(repo, default_branch)
    tip = _tip(repo, branch)
    if tip is None or _on(repo, branch):
        return _on_default(repo, head, staged=staged)
    if tip == head:
        return (
            Base(head, f"{branch}, where this branch begins")
            if staged or _dirty(repo)
            else _on_default(repo, head, staged=staged)
        )
    found = repo.git.merge_base(head, tip, with_exceptions=False).strip()
    if not found:
        raise NoMergeBaseError(branch, _shallow(repo))
    return Base(found, f"the merge base with {branch}")


def _on_default(repo: git.Repo, head: str, *, staged: bool) -> Base:
    if staged or _dirty(repo):
        return Base(head, "HEAD")
    before = os.environ.get("CANONRY_BEFORE_SHA") or os.environ.get("CI_COMMIT_BEFORE_SHA") or ""
    if before.strip("0"):
        try:
            return Base(resolve(repo, before), "the push's former tip")
        except UnknownRefError:
            pass  # a force push: the former tip is not in this clone
    parents = repo.git.rev_list("--parents", "-n", "1", head).split()[1:]
    if parents:
        return Base(parents[0], "HEAD's first parent")
    if _shallow(repo):
        raise NoMergeBaseError("HEAD's parent", shallow=True)
    return Base(EMPTY_TREE, "nothing: this is the first commit")


def resolve(repo: git.Repo, ref: str) -> str:
    """The commit that a name stands for, as hexadecimal. Raises `UnknownRefError`."""
    # A leading dash would be an option, whatever follows.
    found = (
        ""
        if ref.startswith("-")
        else repo.git.rev_parse("--verify", "--quiet", f"{ref}^{{commit}}", with_exceptions=False)
    )
    if not found.strip():
        raise UnknownRefError(ref)
    return str(found.strip())


def default_branch_of(repo: git.Repo, configured: str | None) -> str:
    """`registry.yaml`'s, else origin's HEAD, else `init.defaultBranch`, else main."""
    if configured:
        return configured
    remote = repo.git.symbolic_ref(
        "--quiet", "--short", "refs/remotes/origin/HEAD", with_exceptions=False
    ).strip()
    if remote:
        return str(remote.removeprefix("origin/"))
    local = repo.git.config("--get", "init.defaultBranch", with_exceptions=False).strip()
    return str(local) or "main"


def _tip(repo: git.Repo, branch: str) -> str | None:
    for name in (f"refs/remotes/origin/{branch}", f"refs/heads/{branch}"):
        found = repo.git.rev_parse("--verify", "--quiet", f"{name}^{{commit}}", with_exceptions=False).strip()
        if found:
            return str(found)
    return None


def _on(repo: git.Repo, branch: str) -> bool:
    return not repo.head.is_detached and repo.head.reference.name == branch


def _dirty(repo: git.Repo) -> bool:
    changed = repo.git.status("--porcelain", "--untracked-files=all", "--", *_present(repo))
    return bool(changed.strip())


def _present(repo: git.Repo) -> Iterable[str]:
    root = Path(repo.working_tree_dir or ".")
    return [folder for folder in ROOTS if (root / folder).exists()] or ["registry"]


def _shallow(repo: git.Repo) -> bool:
    return str(repo.git.rev_parse("--is-shallow-repository")).strip() == "true"


def listing(repo: git.Repo, commit: str, root: Path, *folders: str) -> dict[str, tuple[int, str]]:
    """Mode and object id of every file below some folders of a commit, by path relative to the registry.

    Raises `CorruptObjectError`.
    """
    import git

    prefix = prefix_of(repo, root)
    wanted = [f"{prefix}{folder}" for folder in folders or ROOTS]
    try:
        text = repo.git.ls_tree("-r", "-z", "--full-tree", commit, "--", *wanted)
    except git.GitCommandError as error:
        raise CorruptObjectError(f"the tree of {commit[:12]}") from error
    found: dict[str, tuple[int, str]] = {}
    for line in text.split("\0"):
        head, _, path = line.partition("\t")
        if path:
            mode, kind, object_id = head.split(" ")
            if kind == "blob":
                found[path.removeprefix(prefix)] = (int(mode, 8), object_id)
    return found


def blobs(repo: git.Repo, object_ids: Iterable[str]) -> Mapping[str, bytes]:
    """Contents by object id, read through one `cat-file --batch`. Raises `CorruptObjectError`."""
    import subprocess

    wanted = list(dict.fromkeys(object_ids))
    if not wanted:
        return {}
    done = subprocess.run(
        ["git", "cat-file", "--batch"],  # noqa: S607  the git that GitPython found on the path, too
        input="\n".join(wanted).encode() + b"\n",
        capture_output=True,
        cwd=repo.git_dir,
        check=False,
    )
    return dict(_batch(done.stdout, wanted))


def _batch(data: bytes, wanted: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    position = 0
    for object_id in wanted:
        end = data.find(b"\n", position)
        header = data[position:end].split(b" ") if end >= 0 else []
        if len(header) != 3 or header[1] != b"blob":  # noqa: PLR2004  id, type, size
            raise CorruptObjectError(f"object {object_id[:12]}")
        size = int(header[2])
        yield object_id, data[end + 1 : end + 1 + size]
        position = end + 2 + size
