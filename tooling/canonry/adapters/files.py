"""Writing into a registry: whole files, at once, and never outside of it."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
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
        replace(path, data, mode=0o600)
    except OSError:
        return  # a full or read-only disk costs time, never an answer


def replace(target: Path, data: bytes, *, mode: int | None = None) -> None:
    """Write one file in one step. Raises `OSError`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with drafted(target, mode=mode) as draft:
        draft.write_bytes(data)


@contextmanager
def drafted(target: Path, *, mode: int | None = None) -> Iterator[Path]:
    """A draft beside a file that takes its place, whole, when the block ends without an error.

    It keeps the file's mode; a new file has the one that is asked for, else the user's. Raises `OSError`.
    """
    handle, name = tempfile.mkstemp(prefix=f".{target.stem[:40]}-", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(mode if mode is not None else _mode(target))
        draft.replace(target)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def _mode(target: Path) -> int:
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
