"""Git through its own command: one process per question, nothing imported, nothing checked out.

The hook of a commit has to answer in a fraction of a second; importing GitPython alone takes a third of that.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryFile
from typing import ClassVar, Final

from canonry.kernel.errors import CanonryError

_RELATIVE: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
"""Hooks are given these relative to where they run; git is run in the registry's folder."""


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


def _the_environment() -> dict[str, str]:
    found = dict(os.environ)
    for name in _RELATIVE:
        if found.get(name):
            found[name] = str(Path(found[name]).absolute())
    if "GIT_DIR" in found and "GIT_WORK_TREE" not in found:
        found["GIT_WORK_TREE"] = str(Path.cwd())  # as git itself assumes, before it is run elsewhere
    # Reading must not write the index, ask anybody, or fetch what a partial clone lacks.
    found |= {
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_LITERAL_PATHSPECS": "1",
        "LC_ALL": "C",
    }
    return found


@dataclass(frozen=True)
class Repository:
    """The repository around a registry's folder. Raises `NotARepositoryError` when first asked."""

    root: Path
    environment: Mapping[str, str] = field(default_factory=_the_environment, repr=False)

    def run(self, *arguments: str, data: bytes | None = None) -> tuple[int, bytes, str]:
        """Exit code, output and error text of one git command, run in the registry's folder."""
        # Through files, not pipes: with a pipe each way Python asks for 32 KB at a time.
        with TemporaryFile() as asked, TemporaryFile() as said:
            if data:
                asked.write(data)
                asked.seek(0)
            try:
                done = subprocess.run(  # noqa: S603  no shell, and names never begin with a dash
                    ["git", "-c", "core.quotepath=off", "-c", "core.fsmonitor=false", *arguments],  # noqa: S607
                    stdin=subprocess.DEVNULL if data is None else asked,
                    stdout=subprocess.PIPE,
                    stderr=said,
                    cwd=self.root,
                    env=dict(self.environment),
                    check=False,
                )
            except FileNotFoundError as error:
                raise NotARepositoryError(self.root) from error
            said.seek(0)
            return done.returncode, done.stdout, said.read().decode(errors="replace")

    def line(self, *arguments: str) -> str:
        """A command's output without its final newline; nothing where it failed."""
        code, out, _ = self.run(*arguments)
        return out.decode(errors="surrogateescape").strip("\n") if code == 0 else ""

    @cached_property
    def _facts(self) -> tuple[bool, bool, str, str, str]:
        asked = ("rev-parse", "--is-bare-repository", "--is-shallow-repository", "--show-prefix")
        code, out, _ = self.run(*asked, "HEAD", "--symbolic-full-name", "HEAD")
        lines = out.decode(errors="surrogateescape").split("\n")
        if code == 0 and len(lines) > 4:  # noqa: PLR2004  five answers
            bare, shallow, prefix, head, branch = lines[:5]
        else:  # before the first commit HEAD names nothing
            code, out, _ = self.run(*asked)
            if code != 0:
                raise NotARepositoryError(self.root)
            bare, shallow, prefix = (*out.decode(errors="surrogateescape").split("\n"), "")[:3]
            head, branch = "", self.line("symbolic-ref", "--quiet", "HEAD")
        name = branch.removeprefix("refs/heads/") if branch.startswith("refs/heads/") else ""
        return bare == "true", shallow == "true", prefix, head, name

    @cached_property
    def sparse(self) -> bool:
        """Whether its worktree leaves files out."""
        return self.line("config", "--type=bool", "--get", "core.sparseCheckout") == "true"

    @property
    def bare(self) -> bool:
        """Whether it has no worktree."""
        return self._facts[0]

    @property
    def shallow(self) -> bool:
        """Whether its history was cut off."""
        return self._facts[1]

    @property
    def prefix(self) -> str:
        """The registry's folder inside the repository with a final slash; nothing where they are one."""
        return self._facts[2]

    @property
    def head(self) -> str:
        """The commit that HEAD names (hexadecimal); nothing before the first commit."""
        return self._facts[3]

    @property
    def branch(self) -> str:
        """The branch that HEAD is on; nothing where it is detached."""
        return self._facts[4]

    @cached_property
    def known(self) -> dict[str, bytes]:
        """Blobs that were read, by object id: both sides of a change share most of theirs."""
        return {}

    def commit(self, ref: str) -> str:
        """The commit that a name stands for, or nothing; a leading dash would be an option."""
        if ref.startswith("-") or "\0" in ref:
            return ""
        return self.line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")

    def entries(self, listing: bytes, *, staged: bool) -> Iterator[tuple[str, tuple[int, str]]]:
        """Path (below the registry), mode and object id from `ls-tree -z` or `ls-files --stage -z`.

        Conflicts and submodules are left out.
        """
        prefix = self.prefix
        for record in listing.decode(errors="surrogateescape").split("\0"):
            head, _, path = record.partition("\t")
            if not path:
                continue
            mode, second, third = head.split(" ")
            plain = third == "0" if staged else second == "blob"
            if plain and mode != "160000":
                yield path.removeprefix(prefix), (int(mode, 8), second if staged else third)
