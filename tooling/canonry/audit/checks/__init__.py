"""Checks: each family judges one sort of observation. What they find is documented beside them."""

from collections.abc import Mapping
from typing import Final

from canonry.audit.checks import audiences, campaigns, events, links, names
from canonry.audit.issued import RULES as ISSUED
from canonry.audit.outcomes import RULES as OUTCOMES
from canonry.audit.rule import AuditRule

RULES: Final[tuple[AuditRule, ...]] = (
    *names.RULES,
    *links.RULES,
    *ISSUED,
    *audiences.RULES,
    *events.RULES,
    *campaigns.RULES,
    *OUTCOMES,
)

BY_CODE: Final[Mapping[str, AuditRule]] = {rule.code: rule for rule in (*RULES, *links.READ)}
"""Every rule of which an audit has findings, those of the reader of links among them."""
