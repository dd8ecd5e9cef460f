"""Colours, or none. Imports nothing: it is on the way to every link that is read."""

from __future__ import annotations

_CODES = {"error": "31", "warning": "33", "note": "36", "bold": "1", "dim": "2", "good": "32"}


class Palette:
    """Colours, or none: a terminal has them, a file has not."""

    __slots__ = ("colours",)

    def __init__(self, colours: bool = False) -> None:  # noqa: FBT001, FBT002  what else could it be
        self.colours = colours

    def __call__(self, style: str, text: str) -> str:
        """The text in a style: error, warning, note, good, bold or dim."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.colours and text else text


PLAIN = Palette()
