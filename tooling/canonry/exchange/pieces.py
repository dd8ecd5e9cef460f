"""What was read of a file of another tool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Piece:
    """A file's name without its folder, and its JSON or YAML document, or the rows of its sheets."""

    name: str
    document: Any = None
    sheets: Mapping[str, Sequence[Sequence[Any]]] | None = None
    problem: str = ""
    """Why it could not be read."""
