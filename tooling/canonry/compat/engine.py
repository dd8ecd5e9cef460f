"""Runs every rule over two catalogues."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from canonry.compat import acceptance
from canonry.compat.rules import campaigns, payloads, promises, segments, templates, uses, versions

if TYPE_CHECKING:
    from canonry.compat.delta import Delta
    from canonry.kernel.findings import Finding
    from canonry.kernel.rule import Rule


def compat_rules() -> tuple[Rule, ...]:
    """Every rule that looks at two catalogues, in the order of their codes."""
    families = (payloads, templates, segments, promises, uses, campaigns, versions, acceptance)
    return tuple(sorted((rule for family in families for rule in family.RULES), key=lambda rule: rule.code))


def findings(delta: Delta) -> Iterator[Finding]:
    """What the rules observe of a change, unjudged."""
    for rule in compat_rules():
        if rule.code not in acceptance.UNACCEPTABLE:
            yield from rule.check(delta)
