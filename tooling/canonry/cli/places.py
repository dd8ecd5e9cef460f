"""Paths that people type, as paths of the tree."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from canonry.kernel.errors import UsageError


def tree_paths(paths: Iterable[Path], root: Path) -> tuple[str, ...]:
    """Paths relative to the registry's root. A path may be given from here or from the root.

    Raises `UsageError` where there is no such file, or where it is outside the registry.
    """
    return tuple(_tree_path(path, root) for path in paths)


def _tree_path(path: Path, root: Path) -> str:
    top = root.absolute()
    for candidate in (Path.cwd() / path, top / path):
        if candidate.exists():
            for one, other in ((candidate.absolute(), top), (candidate.resolve(), top.resolve())):
                if one.is_relative_to(other):
                    found = one.relative_to(other).as_posix()
                    return "" if found == "." else found
            raise UsageError(
                f"{path} is not in the registry at {root}", "Name files below registry/ and contracts/"
            )
    raise UsageError(f"there is no {path}", "Paths are taken from here or from the registry's root")
