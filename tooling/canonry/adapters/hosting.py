"""The host's own command, where it is installed: opening a pull request with `gh`."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Request:
    """A pull request's address, or why there is none."""

    address: str = ""
    refusal: str = ""
    known: bool = False
    """Whether it was there already: a push is all that it needed."""


def available() -> bool:
    """Whether `gh` is installed."""
    return shutil.which("gh") is not None


def request(root: Path, *, branch: str, into: str, title: str, body: str) -> Request:
    """Open a pull request for a pushed branch, or find the one that is open. Never asks anybody anything."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "body.md"
        file.write_text(body, encoding="utf-8")
        # One argument each, with `=`: what a title begins with is never an option.
        texts = (f"--title={title}", f"--body-file={file}")
        made = _gh(root, "pr", "create", f"--head={branch}", f"--base={into}", *texts)
    if made.returncode == 0:
        return Request(_address(made.stdout))
    known = _gh(root, "pr", "view", branch, "--json", "url", "--jq", ".url")
    if known.returncode == 0 and known.stdout.strip():
        return Request(_address(known.stdout), known=True)
    said = [line.strip() for line in made.stderr.splitlines() if line.strip()]
    return Request(refusal="; ".join(said[-3:]) or f"exit code {made.returncode}")


def _address(said: str) -> str:
    """The last line that is an address: gh may say more before it."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return next((line for line in reversed(lines) if line.startswith("https://")), lines[-1] if lines else "")


def _gh(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  no shell
        ["gh", *arguments],  # noqa: S607  whichever the person has
        cwd=root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
