"""Texts that a spreadsheet would run, and how they are written so that it shows them instead."""

import re
from typing import Final

RISKY: Final = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001  the wide forms are formulas too
"""Only what begins so can be a formula."""
_NUMBER: Final = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)?\Z")


def defused(text: str) -> str:
    """The text as a spreadsheet shows it and never runs it: `'` before whatever would begin a formula.

    Plain numbers such as -5 or +3.2 stay as they are: they are no formulas.
    """
    return f"'{text}" if text[:1] in RISKY and text and not _NUMBER.match(text) else text
