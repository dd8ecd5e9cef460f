"""Writing the site's pages and running its builder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from canonry.adapters.files import replace
from canonry.kernel.errors import CanonryError

GENERATED: Final = ("catalogue", "links", "index.md")
"""What of the documentation folder is written anew, and nothing else of it."""


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class BuilderMissingError(CanonryError):
    """The site's builder is not installed."""

    hint: ClassVar[str] = "Install it with canonry's extra: pip install 'canonry[site]'"

    def __str__(self) -> str:
        return "mkdocs is not installed here"


@dataclass(eq=False)
class BuildFailedError(CanonryError):
    """The builder stopped."""

    code: int
    hint: ClassVar[str] = "What it said stands above"

    def __str__(self) -> str:
        return f"mkdocs stopped with exit code {self.code}"


def write_pages(docs: Path, pages: Mapping[str, bytes]) -> tuple[int, int]:
    """Make the generated part of the folder hold exactly these pages; how many were written and deleted.

    A page that is there already and equal is left alone, so that a builder that watches sees only changes.
    """
    written = deleted = 0
    for path, data in pages.items():
        target = docs / path
        if not (target.is_file() and target.read_bytes() == data):
            replace(target, data)
            written += 1
    for name in GENERATED:
        folder = docs / name
        for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if file.is_file() and file.relative_to(docs).as_posix() not in pages:
                file.unlink()
                deleted += 1
    return written, deleted


def run_mkdocs(root: Path, *arguments: str) -> None:
    """Run the builder in the registry's folder. Raises `BuilderMissingError`, `BuildFailedError`."""
    import importlib.util

    if importlib.util.find_spec("mkdocs") is None:
        raise BuilderMissingError
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, check=False)  # noqa: S603  arguments are ours
    if done.returncode:
        raise BuildFailedError(done.returncode)
