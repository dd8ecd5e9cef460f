"""Where copies of a file go, under names that DuckDB reads as they are."""

from __future__ import annotations

import re
from pathlib import Path


def unglobbed(path: Path, folder: Path) -> Path:
    """The file under a name that DuckDB does not take for a pattern."""
    if not re.search(r"[*?\[\]{}]", str(path)):
        return path
    link = fresh(folder, "plain", path.suffix)
    link.symlink_to(path.resolve())
    return link


def fresh(folder: Path, stem: str, suffix: str = "") -> Path:
    """A path in the folder that nothing has yet."""
    return folder / f"{stem}{len(list(folder.iterdir()))}{suffix}"
