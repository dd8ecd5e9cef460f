"""Which commit a change is judged against, and what differs from it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from canonry.adapters.repository import UnknownRefError
from canonry.catalogue.tree import ROOTS
from canonry.kernel.errors import CanonryError

if TYPE_CHECKING:
    from canonry.adapters.repository import Repository

NOTHING: Final = ""
"""The base of a first commit: no commit at all."""

RELEASES: Final = "generated/schemas"
"""Where released versions stand."""


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class NoMergeBaseError(CanonryError):
    """Two branches share no commit that is in this clone; without a branch, HEAD's own parent is missing."""

    branch: str
    shallow: bool
    hint: ClassVar[str] = "Say what to compare with: --against REF"

    def __str__(self) -> str:
        if not self.branch:
            return "HEAD's parent is not in this clone, which is shallow"
        cut = "; this clone is shallow" if self.shallow else ""
        return f"HEAD and {self.branch} have no common commit{cut}"

    def advice(self) -> str:
        """A shallow clone lacks the history; otherwise the base must be named."""
        return "Fetch the history first: git fetch --unshallow" if self.shallow else self.hint


@dataclass(eq=False)
class NoDefaultBranchError(CanonryError):
    """The default branch is not in this clone, so nobody can say where the change begins."""

    branch: str

    def __str__(self) -> str:
        return f"the default branch, {self.branch}, is not in this clone"

    def advice(self) -> str:
        """Fetch it, name another, or name the base."""
        return (
            f"git fetch origin {self.branch}:refs/remotes/origin/{self.branch}, set default_branch in "
            "registry.yaml, or say what to compare with: --against REF"
        )


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


def find_base(repo: Repository, *, against: str | None, staged: bool, default_branch: str | None) -> Base:
    """On a branch the merge base with the default branch; on the default branch itself the staged change is
    judged against HEAD, and HEAD against the push's before-sha in CI or its own first parent.

    Raises `UnknownRefError`, `NoMergeBaseError`, `NoDefaultBranchError`.
    """
    if against is not None:
        return Base(resolve(repo, against), against)
    if not repo.head:
        return Base(NOTHING, "nothing: this is the first commit")
    branch = default_branch_of(repo, default_branch)
    if repo.branch == branch:
        return _on_default(repo, staged=staged)
    tip = _tip(repo, branch)
    if not tip:
        return _without_default(repo, branch, staged=staged)
    if tip == repo.head:
        if staged or _dirty(repo):
            return Base(tip, f"{branch}, where this branch begins")
        return _on_default(repo, staged=False)
    found = repo.line("merge-base", repo.head, tip)
    if not found:
        raise NoMergeBaseError(branch, repo.shallow)
    if found == repo.head and not (staged or _dirty(repo)):
        return _on_default(repo, staged=False)  # a commit of the default branch, checked out by itself
    return Base(found, f"the merge base with {branch}")


def _without_default(repo: Repository, branch: str, *, staged: bool) -> Base:
    """Where there is but one branch, that is the default one; a merge that CI has checked out by itself has
    its base as first parent. Otherwise the last commit alone would pass for all of a branch.
    """
    if staged:
        return Base(repo.head, f"HEAD, since {branch} is not in this clone")
    others = repo.line("for-each-ref", "--count=2", "--format=%(refname)", "refs/heads", "refs/remotes")
    if len(others.split("\n")) < 2 or _before() or (not repo.branch and repo.commit("HEAD^2")):  # noqa: PLR2004
        return _on_default(repo, staged=False)
    raise NoDefaultBranchError(branch)


def _before() -> str:
    """The push's former tip, where CI names one; a new branch has nothing but zeros."""
    before = os.environ.get("CANONRY_BEFORE_SHA") or os.environ.get("CI_COMMIT_BEFORE_SHA") or ""
    return before if before.strip("0") else ""


def _on_default(repo: Repository, *, staged: bool) -> Base:
    if staged or _dirty(repo):
        return Base(repo.head, "HEAD")
    if before := _before():
        try:
            return Base(resolve(repo, before), "the push's former tip")
        except UnknownRefError:
            pass  # a force push: the former tip is not in this clone
    parent = repo.commit("HEAD^1")
    if parent:
        return Base(parent, "HEAD's first parent")
    if repo.shallow:
        raise NoMergeBaseError("", shallow=True)
    return Base(NOTHING, "nothing: this is the first commit")


def resolve(repo: Repository, ref: str) -> str:
    """The commit that a name stands for, as hexadecimal. Raises `UnknownRefError`."""
    found = repo.commit(ref)
    if not found:
        raise UnknownRefError(ref)
    return found


def default_branch_of(repo: Repository, configured: str | None) -> str:
    """`registry.yaml`'s, else origin's HEAD, else `init.defaultBranch`, else main."""
    if configured:
        return configured
    remote = repo.line("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    return remote.removeprefix("origin/") or repo.line("config", "--get", "init.defaultBranch") or "main"


def _tip(repo: Repository, branch: str) -> str:
    """Where the default branch stands: at origin, or here where there is no origin."""
    return repo.commit(f"refs/remotes/origin/{branch}") or repo.commit(f"refs/heads/{branch}")


def _dirty(repo: Repository) -> bool:
    code, out, _ = repo.run("status", "--porcelain", "-z", "--untracked-files=all", "--", *ROOTS)
    return code != 0 or bool(out)


def is_clean(repo: Repository) -> bool:
    """Whether registry and contracts are as the last commit has them."""
    return not _dirty(repo)


def listing(repo: Repository, commit: str, *folders: str) -> dict[str, tuple[int, str]]:
    """Mode and object id of every file below some folders of a commit, by path relative to the registry.

    Raises `CorruptObjectError`.
    """
    if commit == NOTHING:
        return {}
    wanted = [f"{repo.prefix}{folder}" for folder in folders or ROOTS]
    code, out, _ = repo.run("ls-tree", "-r", "-z", "--full-tree", commit, "--", *wanted)
    if code != 0:
        raise CorruptObjectError(f"the tree of {commit[:12]}")
    return dict(repo.entries(out, staged=False))


def staged(repo: Repository) -> dict[str, tuple[int, str]]:
    """Mode and object id of every staged file of the registry, honouring `GIT_INDEX_FILE`."""
    code, out, error = repo.run("ls-files", "--stage", "-z", "--full-name", "--", *ROOTS)
    if code != 0:
        raise CorruptObjectError(f"the index ({error.strip()[:100]})")
    entries = dict(repo.entries(out, staged=True))
    empty = [path for path, (_, object_id) in entries.items() if object_id in _EMPTY]
    if empty:  # a file announced by `git add -N` looks empty, and git commits nothing of it
        announced = _announced(repo)
        entries = {path: entry for path, entry in entries.items() if path not in announced}
    return entries


_EMPTY: Final = (
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)
"""The empty blob, by SHA-1 and by SHA-256."""


def _announced(repo: Repository) -> frozenset[str]:
    """Files of the registry that are only announced to the index: what git would not commit."""
    seen, hidden = (
        repo.run(
            "diff", "--cached", "--name-only", "-z", "--diff-filter=A", f"--ita-{how}-in-index", "--", *ROOTS
        )
        for how in ("visible", "invisible")
    )
    names = {*seen[1].split(b"\0")} - {*hidden[1].split(b"\0")}
    return frozenset(name.decode(errors="surrogateescape").removeprefix(repo.prefix) for name in names)


def unpopulated(repo: Repository) -> dict[str, tuple[int, str]]:
    """Files that the index holds and a sparse checkout leaves out of the worktree."""
    _, out, _ = repo.run("ls-files", "-t", "-z", "--full-name", "--", *ROOTS)
    names = out.decode(errors="surrogateescape").split("\0")
    left = {name[2:].removeprefix(repo.prefix) for name in names if name.startswith("S ")}
    return {path: entry for path, entry in staged(repo).items() if path in left} if left else {}


def releases(repo: Repository) -> tuple[str, ...]:
    """Tags `release/<yyyy.mm.n>` that HEAD contains, the newest last."""
    if not repo.head:
        return ()
    names = repo.line("tag", "--list", "release/*", "--merged", "HEAD").split("\n")
    return tuple(sorted((name for name in names if release_number(name)), key=release_number))


def release_number(tag: str) -> tuple[int, ...]:
    """`release/2026.11.2` as numbers to sort by; empty where it is no release."""
    parts = tag.removeprefix("release/").split(".")
    digits = len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts)  # noqa: PLR2004  year, month, number
    return tuple(map(int, parts)) if digits and tag.startswith("release/") else ()


class Commit(NamedTuple):
    """One commit of the first-parent history: ids, day, subject, and the release it is tagged as."""

    commit: str
    parent: str
    day: str
    subject: str
    release: str


def commits(repo: Repository, *, since: str | None = None) -> Iterator[Commit]:
    """Commits that touched the registry, newest first, along first parents; `since` is left out.

    A merge is told by the title of its pull request, where its message has one below git's own first line.

    Raises `UnknownRefError`.
    """
    if not repo.head:
        return
    span = f"{resolve(repo, since)}..HEAD" if since else "HEAD"
    form = "--format=%H%x1f%P%x1f%cs%x1f%D%x1f%s%x1f%b"
    _, out, _ = repo.run("log", "--first-parent", form, "-z", "--decorate=full", span, "--", *ROOTS)
    for record in out.decode(errors="replace").split("\0"):
        parts = record.split("\x1f", 5)
        if len(parts) != 6:  # noqa: PLR2004  the fields of the format
            continue
        commit, parents, day, names, subject, body = parts
        if " " in parents and subject.startswith("Merge "):
            subject = body.strip().partition("\n")[0].strip() or subject
        tags = [name.removeprefix("tag: refs/tags/") for name in names.split(", ")]
        release = max((tag for tag in tags if release_number(tag)), key=release_number, default="")
        yield Commit(commit, parents.split(" ")[0], day, subject, release)


def blobs(repo: Repository, object_ids: Iterable[str]) -> Mapping[str, bytes]:
    """Contents by object id, read through one `cat-file --batch`. Raises `CorruptObjectError`."""
    asked = list(dict.fromkeys(object_ids))
    wanted = [object_id for object_id in asked if object_id not in repo.known]
    if wanted:
        _, out, _ = repo.run("cat-file", "--batch", data="\n".join(wanted).encode() + b"\n")
        repo.known.update(_batch(out, wanted))
    return {object_id: repo.known[object_id] for object_id in asked}


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
