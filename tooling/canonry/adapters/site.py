"""Writing the site's pages and running its builder."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from canonry.adapters.files import OutsideError
from canonry.kernel.errors import CanonryError
from canonry.render.plain import visible

GENERATED: Final = ("catalogue", "links", "index.md")
"""What of the documentation folder is written anew, and nothing else of it."""

SCHEMAS: Final = "generated/schemas"

POLL: Final = 0.7
"""Seconds between two looks at the registry while it is served."""


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
    Raises `OutsideError` where a folder of the generated part is a link to somewhere else.
    """
    there, folders = _present(docs)
    for folder in sorted({path.rpartition("/")[0] for path in pages} - folders):
        (docs / folder).mkdir(parents=True, exist_ok=True)
    written = 0
    for path, data in pages.items():
        target = docs / path
        if path in there:
            if target.is_symlink():
                target.unlink()
            elif target.read_bytes() == data:
                continue
        _write(target, data)
        written += 1
    gone = there - pages.keys()
    for path in gone:
        (docs / path).unlink()
    return written, len(gone)


def _write(target: Path, data: bytes) -> None:
    """With few calls of the system, for there are thousands. Half a page is seen, and written anew."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
    finally:
        os.close(handle)


def _present(docs: Path) -> tuple[set[str], set[str]]:
    """Files and folders of the generated part, from the documentation folder. Raises `OutsideError`."""
    files: set[str] = set()
    folders: set[str] = set()
    if docs.is_symlink():
        raise OutsideError(docs.name)
    waiting = []
    for name in GENERATED:
        path = docs / name
        if path.is_symlink():
            raise OutsideError(f"{docs.name}/{name}")
        if path.is_dir():
            waiting.append(name)
        elif path.exists():
            files.add(name)
    while waiting:
        folder = waiting.pop()
        folders.add(folder)
        with os.scandir(docs / folder) as entries:
            for entry in entries:
                name = f"{folder}/{entry.name}"
                if not entry.is_dir():
                    files.add(name)
                elif entry.is_symlink():
                    raise OutsideError(f"{docs.name}/{name}")
                else:
                    waiting.append(name)
    return files, folders


def hand_written(docs: Path) -> dict[str, str]:
    """Guides, which people write: address from the generated pages to Markdown."""
    return {
        f"../{path.relative_to(docs).as_posix()}": path.read_text("utf-8", errors="replace")
        for path in sorted((docs / "guides").glob("*.md"))
    }


def published(root: Path) -> dict[str, tuple[tuple[str, str, frozenset[str]], ...]]:
    """By contract id, the path, version and property names of its published schemas, the oldest first.

    `latest.json` stands last, with the newest major. What cannot be read has no properties.
    """
    found: dict[str, list[tuple[str, str, frozenset[str]]]] = {}
    majors: dict[str, str] = {}
    for path in sorted((root / SCHEMAS).glob("*/*/*.json"), key=lambda path: _numbers(path.stem)):
        name = "/".join(path.parts[-3:-1])
        if path.stem == "latest":
            continue
        majors[name] = path.stem.partition(".")[0]
        row = (path.relative_to(root).as_posix(), path.stem, _properties(path))
        found.setdefault(f"/{name}/v{majors[name]}", []).append(row)
    for name, major in majors.items():
        latest = f"{SCHEMAS}/{name}/latest.json"
        if (root / latest).is_file():
            found[f"/{name}/v{major}"].append((latest, "latest", frozenset()))
    return {identifier: tuple(rows) for identifier, rows in found.items()}


def _properties(path: Path) -> frozenset[str]:
    import orjson

    try:
        properties = orjson.loads(path.read_bytes())["properties"]
        return frozenset(properties)
    except (OSError, ValueError, LookupError, TypeError):
        return frozenset()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))


def build_site(root: Path) -> None:
    """Run the builder in the registry's folder; a warning fails the build, and only warnings are passed on.

    Raises `BuilderMissingError`, `BuildFailedError`.
    """
    # Not --quiet: it silences the warnings that --strict counts, and so lets all of them pass.
    command = _command("build", "--strict")
    done = subprocess.run(  # noqa: S603  ours
        command, cwd=root, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode:
        lines = done.stdout.decode(errors="replace").splitlines()
        wrong = [line for line in lines if line.startswith(("WARNING", "ERROR"))] or lines
        print("\n".join(visible(line) for line in wrong), file=sys.stderr)  # noqa: T201  the builder's own words
        raise BuildFailedError(done.returncode)


def serve_mkdocs(root: Path, port: int, write: Callable[[], object]) -> None:
    """Serve the site until it is interrupted; `write` is called whenever the registry has changed.

    Raises `BuilderMissingError`, `BuildFailedError`.
    """
    command = _command("serve", "--dev-addr", f"127.0.0.1:{port}")
    environment = {**_environment(), "CANONRY_LIVE_RELOAD": "true"}
    with subprocess.Popen(command, cwd=root, env=environment) as served:  # noqa: S603  ours
        try:
            seen = _state(root)
            while served.poll() is None:
                time.sleep(POLL)
                now = _state(root)
                if now != seen:
                    seen = now
                    _written(write)
        except KeyboardInterrupt:
            served.terminate()
            return
    if served.returncode:
        raise BuildFailedError(served.returncode)


def _written(write: Callable[[], object]) -> None:
    """What is wrong with a file that is half saved is said, and serving goes on."""
    try:
        write()
    except CanonryError as error:
        print(error, file=sys.stderr)  # noqa: T201  there is no command left to return to


def _state(root: Path) -> tuple[tuple[str, int], ...]:
    paths = (path for folder in ("registry", "contracts") for path in (root / folder).rglob("*"))
    return tuple(sorted((str(path), path.stat().st_mtime_ns) for path in paths if path.is_file()))


def _environment() -> dict[str, str]:
    return {**os.environ, "NO_MKDOCS_2_WARNING": "1"}


def _command(*arguments: str) -> list[str]:
    import importlib.util

    if importlib.util.find_spec("mkdocs") is None:
        raise BuilderMissingError
    return [sys.executable, "-m", "mkdocs", *arguments]
