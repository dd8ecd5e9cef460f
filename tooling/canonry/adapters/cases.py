"""The golden cases of the rules, found beside the source or shipped in the wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Final

FAMILIES: Final = ("audit", "compat", "lint", "links")
FILES: Final = ("case.yaml", "old.json", "new.json", "expected.txt", "expected.json")


def cases() -> dict[str, dict[str, str]]:
    """By rule code, the files of its case by name, as text. Empty where the installation lacks them."""
    home = _home()
    if home is None:
        return {}
    found: dict[str, dict[str, str]] = {}
    for family in FAMILIES:
        for folder in sorted((home / family).iterdir()) if (home / family).is_dir() else ():
            files = {name: (folder / name).read_text("utf-8") for name in FILES if (folder / name).is_file()}
            if files:
                found[folder.name.partition("-")[0]] = files
    return found


def _home() -> Path | None:
    package = Path(__file__).parents[1]
    # A wheel carries them inside the package; in a checkout the package stands in tooling/.
    for candidate in (package / "_cases", package.parents[1] / "tests" / "cases"):
        if candidate.is_dir():
            return candidate
    return None
