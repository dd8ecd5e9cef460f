"""The formats that canonry asserts, each defined once, as a pattern of a regular language."""

from typing import Final

FORMATS: Final[dict[str, str]] = {}
