"""What a registry's site needs beside its pages: configuration, theme and assets.

They are found beside the source or in the wheel, written once where a registry has none, and its own after.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

from canonry.adapters.files import write

CONFIGURATION: Final = "mkdocs.yml"
FOLDERS: Final = ("docs/theme", "docs/assets", "docs/reference")
IGNORED: Final = ("/site/", "/docs/catalogue/", "/docs/links/", "/docs/index.md")
"""What is written anew by every build, and so is none of git's business."""


def write_missing(root: Path, name: str) -> tuple[str, ...]:
    """Give a registry of this name a site's files, unless it has a configuration; what was written.

    Raises `OutsideError` where a path leads out of the registry.
    """
    home = _home()
    if (root / CONFIGURATION).exists() or home is None:
        return ()
    files = {
        path.relative_to(home).as_posix(): path.read_bytes()
        for folder in FOLDERS
        for path in sorted((home / folder).rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }
    wanted = {path: data for path, data in files.items() if not (root / path).exists()}
    text = (home / CONFIGURATION).read_text("utf-8")
    wanted[CONFIGURATION] = re.sub(
        r"^site_name: .*$", lambda _: f"site_name: {json.dumps(name)}", text, count=1, flags=re.MULTILINE
    ).encode()
    ignore = root / ".gitignore"
    held = ignore.read_text("utf-8", errors="replace") if ignore.is_file() else ""
    missing = [line for line in IGNORED if line not in held.splitlines()]
    if missing:
        gap = "" if not held or held.endswith("\n") else "\n"
        wanted[".gitignore"] = "\n".join([f"{held}{gap}{missing[0]}", *missing[1:], ""]).encode()
    write(root, wanted)
    return tuple(sorted(wanted))


def _home() -> Path | None:
    package = Path(__file__).parents[1]
    # A wheel carries them inside the package; in a checkout the package stands in tooling/.
    for candidate in (package / "_site", package.parents[1]):
        if (candidate / CONFIGURATION).is_file() and (candidate / "docs/theme").is_dir():
            return candidate
    return None
