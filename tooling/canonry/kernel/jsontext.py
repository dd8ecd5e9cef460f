"""JSON as text that can be kept and shown."""

import json
import re
from typing import Final

_UNSAFE: Final = re.compile(
    "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"  # what json leaves as it is
)


def escaped(text: str) -> str:
    """A JSON text with escapes for all that controls a screen, ends a line or has no UTF-8.

    Such characters stand in strings only, so that the document is the same.
    """
    return text if text.isascii() and "\x7f" not in text else _UNSAFE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def line(value: object) -> str:
    """A document on one line, which no reader takes for two."""
    return escaped(json.dumps(value, ensure_ascii=False))
