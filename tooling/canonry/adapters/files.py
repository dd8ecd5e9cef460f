"""Writing into a registry: whole files, at once, and never outside of it."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from canonry.kernel.errors import CanonryError

MAX_OWN_BYTES: Final = 256 * 1024 * 1024
"""A larger file of our own is not what we wrote."""


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class OutsideError(CanonryError):
    """A path leads out of the folder that was to be written to."""

    path: str
    hint: ClassVar[str] = "Remove the symbolic link, or write to another folder"

    def __str__(self) -> str:
        return f"{self.path} leads out of the registry; nothing was written there"


def write(root: Path, files: Mapping[str, bytes]) -> None:
    """Write files below `root`, each in one step, so that a crash leaves the old or the new one.

    Raises `OutsideError` before anything is written where a path, links followed, is not below the root.
    """
    home = root.resolve()
    targets = {path: (root / path).parent.resolve() / Path(path).name for path in files}
    for path, target in targets.items():
        if not target.is_relative_to(home) or target.is_symlink():
            raise OutsideError(path)
    for path, target in targets.items():
        replace(target, files[path])


def own_bytes(path: Path) -> bytes:
    """A file that nobody else could have written. Raises `OSError`."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as stream:
        found = os.fstat(handle)
        if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
            raise PermissionError(path)
        if found.st_size > MAX_OWN_BYTES:
            raise OSError(path)
        return stream.read()


def keep_own(path: Path, data: bytes) -> None:
    """Keeps a file of ours for `own_bytes`, where the folder can be written to; for its owner alone."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace(path, data)
        path.chmod(0o600)
    except OSError:
        return  # a full or read-only disk costs time, never an answer


def replace(target: Path, data: bytes) -> None:
    """Write one file in one step, keeping its mode."""
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".canonry-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
