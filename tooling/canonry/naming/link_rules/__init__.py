"""The rules of links, `U1xx`: raised by `canonry.naming.url` and `canonry.naming.links`, documented here.

A function of a rule only carries its page; `RULES` lists them by code. `U100` is left to notes of commands.
"""

from typing import Final

from canonry.kernel.rule import Rule
from canonry.naming.link_rules import content, written

RULES: Final[tuple[Rule, ...]] = (*written.RULES, *content.RULES)
