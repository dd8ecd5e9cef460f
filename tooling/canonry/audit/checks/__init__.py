"""Checks: each family judges one sort of observation. What they find is documented beside them."""

from typing import Final

from canonry.audit.checks import audiences, campaigns, events, links, names
from canonry.audit.issued import RULES as ISSUED
from canonry.audit.outcomes import RULES as OUTCOMES
from canonry.kernel.rule import Rule

RULES: Final[tuple[Rule, ...]] = (
    *names.RULES,
    *links.RULES,
    *ISSUED,
    *audiences.RULES,
    *events.RULES,
    *campaigns.RULES,
    *OUTCOMES,
)
