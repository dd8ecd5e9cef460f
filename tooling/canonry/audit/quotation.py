"""What platforms wrote, as findings quote it: without what nobody may see, and of a bounded length."""

from __future__ import annotations

import re
from typing import Final

from canonry.naming.personal import masked

_HALF: Final = re.compile("[\ud800-\udfff]")
"""Half of a pair: JSON can say it, UTF-8 cannot."""
LONGEST: Final = 300
"""Characters of an observed text that a finding shows."""


def clean(text: str) -> str:
    """An observed text without personal data, and without what cannot be written."""
    return masked(text if text.isascii() else _HALF.sub("\ufffd", text))


def shown(text: str) -> str:
    """An observed text as findings hold it: clean, and no longer than a person reads."""
    whole = clean(text)
    return whole if len(whole) <= LONGEST else f"{whole[:LONGEST]}... ({len(text):,} characters)"
