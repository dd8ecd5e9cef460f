"""Git where canonry writes: branches, commits, tags and pushes, through GitPython.

Only commands that write import it. Those that read, hooks above all, ask git's own command
(`canonry.adapters.repository`): importing GitPython costs as much as judging a commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from canonry.adapters.repository import NotARepositoryError
from canonry.kernel.errors import CanonryError

if TYPE_CHECKING:
    import git


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class RefusedError(CanonryError):
    """Git did not do what it was asked: a hook said no, nobody is named, a push was turned down."""

    what: str
    said: str
    hint: ClassVar[str] = "Nothing was lost: mend it and run the command again"

    def __str__(self) -> str:
        return f"git {self.what}: {self.said}"


@dataclass(frozen=True, slots=True)
class Clone:
    """A clone that is written to. Git itself does the work, so hooks, filters and signing hold."""

    repo: git.Repo

    def stage(self, folders: Iterable[str]) -> bool:
        """Stage everything below some folders; whether anything is staged now."""
        with _saying("add"):
            self.repo.git.add("--all", "--", *folders)
        return bool(self.repo.git.diff("--cached", "--name-only"))

    def switch(self, branch: str) -> None:
        """Make a branch here and go to it. Raises `RefusedError`."""
        with _saying("switch"):
            self.repo.git.switch("--create", branch)

    def commit(self, message: str) -> str:
        """Commit what is staged; the commit's id (hexadecimal). Raises `RefusedError`."""
        with _saying("commit"):
            self.repo.git.commit(f"--message={message}")
        return self.repo.head.commit.hexsha

    def tag(self, name: str, message: str) -> None:
        """Set an annotated tag on HEAD. Raises `RefusedError`."""
        with _saying("tag"):
            self.repo.create_tag(name, message=message)

    def push(self, remote: str, branch: str) -> None:
        """Push a branch and follow it from now on. Raises `RefusedError`."""
        with _saying("push"):
            self.repo.git.push("--set-upstream", remote, f"refs/heads/{branch}:refs/heads/{branch}")


@contextmanager
def clone(root: Path) -> Iterator[Clone]:
    """The clone around a registry's folder. Raises `NotARepositoryError`."""
    try:
        import git
    except ImportError as error:  # GitPython looks for the git command when it is imported
        raise NotARepositoryError(root) from error
    try:
        repo = git.Repo(root, search_parent_directories=True)
    except (git.InvalidGitRepositoryError, git.NoSuchPathError) as error:
        raise NotARepositoryError(root) from error
    with repo:
        repo.git.update_environment(GIT_TERMINAL_PROMPT="0", LC_ALL="C", GIT_LITERAL_PATHSPECS="1")
        yield Clone(repo)


@contextmanager
def _saying(what: str) -> Iterator[None]:
    import git

    try:
        yield
    except git.GitCommandError as error:
        raise RefusedError(what, _last_lines(error)) from error


def _last_lines(error: git.GitCommandError) -> str:
    """What git said, without GitPython's frame around it."""
    both = f"{_text(error.stdout)}\n{_text(error.stderr)}"
    lines = [line.strip() for line in both.splitlines() if line.strip()]
    return "; ".join(lines[-5:]) or f"exit code {error.status}"


def _text(part: object) -> str:
    """GitPython keeps output as `stdout: '...'`."""
    text = str(part or "").strip()
    name, mark, rest = text.partition(": '")
    return rest.removesuffix("'") if mark and name in ("stdout", "stderr") else text
