"""The starter content: this repository's own folders, found beside the source or shipped in the wheel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from canonry.kernel.errors import CanonryError

FOLDERS: Final = ("registry", "contracts", ".github/workflows", ".gitlab", ".vscode")
FILES: Final = (".editorconfig", ".gitattributes", "action.yml", ".pre-commit-hooks.yaml")


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class NoStarterError(CanonryError):
    """The installation lacks the starter content."""

    hint: ClassVar[str] = "Install canonry from its wheel or from a checkout of its repository"

    def __str__(self) -> str:
        return "this installation of canonry has no starter content"


def starter() -> dict[str, bytes]:
    """Every file of the starter, by path relative to a registry's root. Raises `NoStarterError`."""
    home = _home()
    if home is None:
        raise NoStarterError
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in _files(home)}


def _home() -> Path | None:
    package = Path(__file__).parents[1]
    # A wheel carries the content inside the package; in a checkout the package stands in tooling/.
    for candidate in (package / "_starter", package.parents[1]):
        if (candidate / "registry" / "registry.yaml").is_file() and (candidate / "contracts").is_dir():
            return candidate
    return None


def _files(home: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            inside = path.relative_to(home).as_posix()
            if path.is_file() and not inside.startswith("registry/accepted/"):
                yield path
    for name in FILES:
        if (home / name).is_file():
            yield home / name
