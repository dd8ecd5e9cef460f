"""What `generated/` is made of beside the catalogue: what stands there, what was released, the runtime."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from canonry.adapters.cache import cache_folder

if TYPE_CHECKING:
    from canonry.codegen.plan import Drift

_IGNORED: Final = frozenset(
    {"__pycache__", "dist", "build", ".venv", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
)

_NOT_CARRIED: Final = ("channels.py",)
"""Modules of the codec that building and reading need not: they decide channels."""


def runtime() -> dict[str, bytes]:
    """The modules that every client carries, as canonry has them, by path below the package."""
    import canonry.codegen.client
    import canonry.naming.runtime

    found: dict[str, bytes] = {}
    for module, folder in ((canonry.codegen.client, ""), (canonry.naming.runtime, "_naming/")):
        home = Path(str(module.__file__)).parent
        for file in sorted(home.glob("*.py")):
            if file.name not in (_NOT_CARRIED if folder else ("__init__.py",)):
                found[f"{folder}{file.name}"] = file.read_bytes()
    return found


def standing(root: Path, folders: Iterable[str]) -> dict[str, bytes]:
    """Every file below some folders, by path relative to the root. Links never equal what is wanted."""
    return dict(_files(root, folders))


def _files(root: Path, folders: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        stack = [folder]
        while stack:
            current = stack.pop()
            try:
                entries = list(os.scandir(root / current))
            except (FileNotFoundError, NotADirectoryError):
                continue
            for entry in entries:
                path = f"{current}/{entry.name}"
                if entry.name in _IGNORED or entry.name.endswith(".egg-info"):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    stack.append(path)
                elif entry.is_symlink():
                    yield path, b"\0link"
                else:
                    yield path, Path(entry.path).read_bytes()


def released(root: Path, *, against: str | None, default_branch: str | None) -> dict[str, bytes]:
    """Published schemas of the base tree; none where there is no git repository and nothing was named.

    Raises what `open_sides` raises.
    """
    from canonry.adapters.gitrepo import NotARepositoryError
    from canonry.adapters.repository import Repository
    from canonry.adapters.sides import open_sides

    if against is None:
        try:
            if Repository(root).bare:
                return {}
        except NotARepositoryError:
            return {}
    old = open_sides(root, against=against, staged=False, default_branch=default_branch).old
    return dict(old.contents(old.released()))


def apply(root: Path, drift: Drift, wanted: Mapping[str, bytes]) -> None:
    """Writes what is missing or stale and deletes what is extra, folders left empty included.

    Raises `OutsideError` where a path leads out of the root.
    """
    from canonry.adapters.files import OutsideError, write

    for path in drift.extra:
        target = root / path
        if not target.parent.resolve().is_relative_to(root.resolve()):
            raise OutsideError(path)
        target.unlink()
    for path in drift.stale:
        if (root / path).is_symlink():
            (root / path).unlink()
    write(root, {path: wanted[path] for path in (*drift.missing, *drift.stale)})
    for folder in sorted({path.rpartition("/")[0] for path in drift.extra}, key=len, reverse=True):
        _prune(root, folder)


def _prune(root: Path, folder: str) -> None:
    while folder.count("/") > 1:
        try:
            (root / folder).rmdir()
        except OSError:
            return
        folder = folder.rpartition("/")[0]


def model_cache(root: Path) -> Path:
    """The file that keeps one registry's models."""
    key = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
    return Path(cache_folder()) / f"models-{key}.json"
