"""One family of rules per module; the table is a tuple that can be read and diffed."""

from typing import Final

from canonry.kernel.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
