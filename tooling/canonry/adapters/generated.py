"""What `generated/` is made of beside the catalogue: what stands there, what was released, the runtime."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from canonry.adapters.cache import cache_folder

if TYPE_CHECKING:
    from canonry.codegen.plan import Content, Digest, Drift

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


def standing(root: Path, folders: Iterable[str], remembered: Remembered | None = None) -> dict[str, Digest]:
    """The digest of every file below some folders, by path relative to the root; a link's is never right.

    What `remembered` knows of a file whose size and times are as they were need not be read again.
    """
    from canonry.codegen.plan import Digest

    known = remembered.files if remembered else {}
    found: dict[str, Digest] = {}
    seen: dict[str, list[Any]] = {}
    for path, entry in _entries(root, folders):
        if entry.is_symlink():
            found[path] = Digest("")
            continue
        stat = entry.stat()
        stamp = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
        kept = known.get(path)
        if kept is not None and kept[:4] == stamp:
            found[path] = Digest(kept[4])
        else:
            found[path] = Digest.of(Path(entry.path).read_bytes())
        seen[path] = [*stamp, found[path]]
    if remembered is not None:
        remembered.files = seen
    return found


def _entries(root: Path, folders: Iterable[str]) -> Iterator[tuple[str, os.DirEntry[str]]]:
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
                else:
                    yield path, entry


def released(root: Path, *, against: str | None, default_branch: str | None) -> dict[str, bytes]:
    """Published schemas of the base tree; none where there is no git repository and nothing was named.

    Raises what `open_sides` raises.
    """
    from canonry.adapters.repository import NotARepositoryError, Repository
    from canonry.adapters.sides import open_sides

    if against is None:
        try:
            if Repository(root).bare:
                return {}
        except NotARepositoryError:
            return {}
    old = open_sides(root, against=against, staged=False, default_branch=default_branch).old
    return dict(old.contents(old.released()))


def apply(root: Path, drift: Drift, wanted: Mapping[str, Content]) -> None:
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
    changed = {path: wanted[path] for path in (*drift.missing, *drift.stale)}
    write(root, {path: data for path, data in changed.items() if isinstance(data, bytes)})
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
    return Path(cache_folder()) / f"models-{_key(root)}.json"


def _key(root: Path) -> str:
    return hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]


_SETTLED: Final = 2_000_000_000
"""Nanoseconds. A file that changed so shortly before it was read may have changed again within one tick."""


@dataclass
class Remembered:
    """What is kept between two runs, in the user's cache directory: never needed, never believed blindly."""

    path: Path
    code: str
    state: str = ""
    """The signature of a state that was found to be up to date."""
    memo: dict[str, Any] = field(default_factory=dict)
    files: dict[str, list[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path) -> Remembered:
        """What was kept for a registry; nothing where there is any doubt."""
        import orjson

        from canonry.adapters.files import own_bytes

        path = Path(cache_folder()) / f"generate-{_key(root)}.json"
        code = _code()
        try:
            kept = orjson.loads(own_bytes(path))
            if kept["code"] == code and isinstance(kept["memo"], dict):
                written = int(kept["written"])
                files = {
                    name: stamp
                    for name, stamp in kept["files"].items()
                    if max(stamp[1], stamp[2]) + _SETTLED < written
                }
                return cls(path, code, str(kept["state"]), kept["memo"], files)
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            pass
        return cls(path, code)

    def store(self) -> None:
        """Keeps it, where the cache directory can be written to."""
        import orjson

        from canonry.adapters.files import keep_own

        document = {
            "code": self.code,
            "written": time.time_ns(),
            "state": self.state,
            "memo": self.memo,
            "files": self.files,
        }
        keep_own(self.path, orjson.dumps(document))


def _code() -> str:
    """A signature of what generates: size and times of canonry's own modules."""
    home = Path(__file__).parent.parent
    lines = []
    for folder in ("adapters", "app", "catalogue", "codegen", "naming", "regular", "schema", "kernel"):
        for path, entry in _entries(home, (folder,)):
            stat = entry.stat()
            lines.append(f"{path} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def state(root: Path, given: Iterable[str]) -> str:
    """A signature of all that decides what is written, and of what stands; empty while that is in doubt."""
    lines = [*given]
    newest = 0
    for path, entry in _entries(root, ("registry", "contracts", "generated/schemas", "generated/python")):
        if entry.is_symlink():
            return ""
        stat = entry.stat()
        newest = max(newest, stat.st_mtime_ns, stat.st_ctime_ns)
        lines.append(f"{path} {stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_ino}")
    if newest + _SETTLED > time.time_ns():
        return ""
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def last_release(root: Path) -> str:
    """The newest release that HEAD contains, as `yyyy.mm.n`; empty where there is none, or no repository."""
    from canonry.adapters.history import releases
    from canonry.adapters.repository import NotARepositoryError, Repository

    try:
        known = releases(Repository(root))
    except NotARepositoryError:
        return ""
    return known[-1].removeprefix("release/") if known else ""


def base(root: Path, *, against: str | None, default_branch: str | None) -> str:
    """The commit that decides what is released, or why there is none. Raises what `find_base` raises."""
    from canonry.adapters.history import find_base
    from canonry.adapters.repository import NotARepositoryError, Repository

    try:
        repo = Repository(root)
        if repo.bare:
            return "bare"
    except NotARepositoryError:
        return f"none {against or ''}"
    if against is not None and Path(against).exists():
        return f"{against} {time.time_ns()}"
    return find_base(repo, against=against, staged=False, default_branch=default_branch).commit
