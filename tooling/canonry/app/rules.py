"""Every rule that canonry knows, whichever family it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from canonry.kernel.errors import CanonryError
from canonry.kernel.rule import Rule


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class UnknownRuleError(CanonryError):
    """Nobody wrote a rule of this code or name."""

    word: str
    near: str | None = None

    def __str__(self) -> str:
        return f"there is no rule {self.word!r}"

    def advice(self) -> str:
        """The nearest rule, or where to find the list."""
        return f"Did you mean {self.near}?" if self.near else "canonry explain lists every rule"


def all_rules() -> tuple[Rule, ...]:
    """In the order of their codes. A new family of rules is added here."""
    from canonry.app.reading import RULES as BUILDING
    from canonry.audit.checks import RULES as AUDIT
    from canonry.compat.engine import compat_rules
    from canonry.lint import engine
    from canonry.naming.link_rules import RULES as LINKS
    from canonry.schema.rules import RULES as EXPLANATIONS

    families = (*engine.every_rule(), *compat_rules(), *EXPLANATIONS, *LINKS, *BUILDING, *AUDIT)
    return tuple(sorted(families, key=lambda rule: rule.code))


def known_rule(word: str) -> Rule:
    """The rule of a code or name, case ignored. Raises `UnknownRuleError`."""
    from canonry.naming.suggest import nearest

    rules = all_rules()
    wanted = word.strip().lower()
    for rule in rules:
        if wanted in (rule.code.lower(), rule.name):
            return rule
    near = nearest(wanted, [name for rule in rules for name in (rule.name, rule.code)])
    raise UnknownRuleError(word, near)
