"""Where the registry at a folder is, and what was compiled from it: JSON in the user's cache directory.

A snapshot counts only while every file it was made from has the size and times that it had then, canonry's
own code included. On any doubt it is made anew, so every command answers the same with the cache deleted.
This module imports as little as it can: it is on the way to every link that is built (`canonry.cli.quick`).
"""
# pathlib takes 5 ms to import, a tenth of what building a link may take
# ruff: noqa: PTH100, PTH103, PTH111, PTH113, PTH117, PTH118, PTH120

from __future__ import annotations

import json
import os
import sys
import time
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

FORMAT = 2
"""Changes when snapshots are written otherwise."""

FOLDERS = ("registry", "contracts/common", "contracts/utm", "contracts/creatives", "contracts/objects")
"""What a snapshot is compiled from: names and links rest on nothing else."""

_SETTLED = 2_000_000_000
"""Nanoseconds. A file that changed so shortly before its snapshot may have changed again within one tick."""

_MAX_BYTES = 64 * 1024 * 1024


def find_registry(start: str) -> str | None:
    """The nearest folder, from `start` upwards, that holds `registry/registry.yaml`."""
    folder = os.path.abspath(start)
    while True:
        if os.path.isfile(f"{folder}/registry/registry.yaml"):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def cache_folder() -> str:
    """The user's cache directory for canonry; it need not exist."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        home = os.path.expanduser("~")
        if sys.platform == "win32":
            base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
        elif sys.platform == "darwin":
            base = os.path.join(home, "Library", "Caches")
        else:
            base = os.path.join(home, ".cache")
    return os.path.join(base, "canonry")


def signature(root: str) -> tuple[str, int]:
    """What changes when a file does, and the newest time of change in it, in nanoseconds."""
    lines: list[str] = []
    newest = 0
    code = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for top, folders in ((code, ("naming", "regular", "catalogue", "app")), (root, FOLDERS)):
        for folder in folders:
            for path, size, changed in _files(top, folder):
                lines.append(f"{path} {size} {changed}")
                newest = max(newest, changed)
    lines.sort()
    return "\n".join(lines), newest


def _files(top: str, folder: str) -> Iterator[tuple[str, int, int]]:
    try:
        entries = list(os.scandir(f"{top}/{folder}"))
    except OSError:
        return
    for entry in entries:
        name = entry.name
        if name[0] == "." or name == "__pycache__":
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(top, f"{folder}/{name}")
            continue
        try:
            found = entry.stat()
        except OSError:
            yield f"{folder}/{name}", -1, 0
            continue
        yield f"{folder}/{name}", found.st_size, max(found.st_mtime_ns, found.st_ctime_ns)


class Snapshot:
    """A compiled registry: an index, and parts that are read when they are needed."""

    def __init__(self, index: Mapping[str, Any], read: Callable[[str], Any]) -> None:
        self.index = index
        self._read = read

    def part(self, name: str) -> Any:
        """Raises `LookupError` where there is no such part, or where it is not what was written."""
        return self._read(name)


def _home(root: str) -> str:
    """The folder of one registry's snapshot: readable in part, and unlikely to be another's."""
    value = 0xCBF29CE484222325
    for byte in os.fsencode(root):
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return os.path.join(cache_folder(), f"{FORMAT}-{value:016x}")


def load(root: str, version: str) -> Snapshot | None:
    """The snapshot of the registry at `root`; None where there is none that can be trusted."""
    home = _home(os.path.realpath(root))
    try:
        header = json.loads(_bytes(os.path.join(home, "header.json")))
        now, newest = signature(root)
        if (
            header["root"] != os.path.realpath(root)
            or header["version"] != version
            or header["signature"] != now
            or newest + _SETTLED > header["written"]
        ):
            return None
        sums: Mapping[str, int] = header["sums"]

        def read(name: str) -> Any:
            try:
                data = _bytes(os.path.join(home, f"{name}.json")) if name in sums else b""
                if not data or zlib.crc32(data) != sums[name]:
                    raise LookupError(name)
                return json.loads(data)
            except (OSError, ValueError, RecursionError) as error:
                raise LookupError(name) from error

        return Snapshot(read("index"), read)
    except (OSError, ValueError, TypeError, LookupError, RecursionError, AttributeError):
        return None


def _bytes(path: str) -> bytes:
    """A file that nobody else could have written. Raises `OSError`."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    try:
        found = os.fstat(descriptor)
        if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
            raise PermissionError(path)
        if found.st_size > _MAX_BYTES:
            raise OSError(path)
        return os.read(descriptor, found.st_size + 1)
    finally:
        os.close(descriptor)


def store(
    root: str, version: str, signed: str, index: Mapping[str, Any], parts: Mapping[str, Any]
) -> Snapshot:
    """Keeps a snapshot, where the cache directory can be written to, and gives it back.

    `signed` is the signature from before the files were read: whatever changed since then is noticed.
    """
    home = _home(os.path.realpath(root))
    whole = {**parts, "index": index}
    written = {name: json.dumps(part, separators=(",", ":")).encode() for name, part in whole.items()}
    described = {
        "root": os.path.realpath(root),
        "version": version,
        "signature": signed,
        "written": time.time_ns(),
        "sums": {name: zlib.crc32(data) for name, data in written.items()},
    }
    from pathlib import Path  # a snapshot is written once and read by every command after it

    from canonry.adapters.files import replace

    written["header"] = json.dumps(described, separators=(",", ":")).encode()  # last: it vouches for the rest
    try:
        os.makedirs(home, mode=0o700, exist_ok=True)
        for name, data in written.items():
            replace(Path(home, f"{name}.json"), data, mode=0o600)
    except OSError:
        pass  # a full or read-only disk costs time, never an answer
    return Snapshot(index, parts.__getitem__)
