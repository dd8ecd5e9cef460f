"""Real repositories with the small registry of the cases."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.unit.compat.cases import base, edited

EVENT = "contracts/events/order_completed/v1.json"
SEGMENT = "contracts/segments/cart_abandoners/v1.json"
CANONRY = [sys.executable, "-m", "canonry"]


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Writes files below a folder."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def git(folder: Path, *arguments: str, **environment: str) -> str:
    """Runs git; its output."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def repository(folder: Path, *, prefix: str = "") -> Path:
    """A repository on main with the registry committed, perhaps in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "-b", "main")
    write(folder / prefix, base())
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "Begin")
    return folder


def edit(folder: Path, edits: dict[str, Any]) -> None:
    """Edits files as cases do."""
    current = {path: (folder / path).read_bytes() for path in edits if (folder / path).is_file()}
    for path, data in edited(current, {p: e for p, e in edits.items() if e is not None}).items():
        if path in edits:
            write(folder, {path: data})
    for path, wanted in edits.items():
        if wanted is None:
            (folder / path).unlink()


BREAK = {EVENT: {"/x-contract/version": "1.3.0", "/properties/coupon/maxLength": 5}}
FINE = {
    EVENT: {
        "/x-contract/version": "1.3.0",
        "/properties/note": {"type": "string", "maxLength": 9, "description": "A note.", "x-pii": "none"},
    }
}


def canonry(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Runs canonry in a folder."""
    return subprocess.run(
        [*CANONRY, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "CANONRY_TODAY": "2026-11-21", **environment},
    )


def codes(folder: Path, *arguments: str, **environment: str) -> tuple[int, list[str]]:
    """Exit code of `canonry check`, and the codes of what it found."""
    done = canonry(folder, "check", "--format", "json", *arguments, **environment)
    assert done.returncode in (0, 1, 3), done.stdout + done.stderr
    return done.returncode, sorted({f["code"] for f in json.loads(done.stdout)["findings"]})
