"""Runs every lint rule over one catalogue."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from canonry.catalogue import problems
from canonry.catalogue.model import Catalogue
from canonry.catalogue.policy import RULES as POLICY_RULES
from canonry.catalogue.refs import References
from canonry.kernel.findings import Finding
from canonry.kernel.rule import Rule


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule looks at: the catalogue, its references, and the day on which it is judged."""

    catalogue: Catalogue
    references: References
    today: date


Check: TypeAlias = Callable[[Subject], Iterable[Finding]]
"""A lint rule's function: everything in one catalogue that breaks it."""


def lint_rules() -> tuple[Rule, ...]:
    """Every rule that looks at one catalogue, in the order of their codes."""
    from canonry.lint import rules

    return rules.RULES


def every_rule() -> tuple[Rule, ...]:
    """Lint rules, rules of loading and rules of policy: all that `canonry lint` may report."""
    return tuple(sorted((*problems.RULES, *POLICY_RULES, *lint_rules()), key=lambda rule: rule.code))


def findings(catalogue: Catalogue, *, today: date, only: Iterable[str] = ()) -> Iterator[Finding]:
    """What the rules observe, unjudged. `only`: codes or names; empty means all."""
    wanted: Final = frozenset(only)
    subject = Subject(catalogue, References(catalogue), today)
    for rule in lint_rules():
        if not wanted or rule.code in wanted or rule.name in wanted:
            yield from rule.check(subject)
