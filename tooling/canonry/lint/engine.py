"""Runs every lint rule over one catalogue; policy judges what they observe."""

from collections.abc import Collection, Iterator
from datetime import date

from canonry.catalogue import problems
from canonry.catalogue.model import Catalogue
from canonry.catalogue.policy import RULES as POLICY_RULES
from canonry.catalogue.refs import References
from canonry.kernel.findings import Finding
from canonry.kernel.rule import Rule
from canonry.lint.subject import Check, Memory, Remark, Subject

__all__ = ["Check", "Memory", "Remark", "Subject", "every_rule", "findings", "lint_rules"]


def lint_rules() -> tuple[Rule, ...]:
    """Every rule that looks at one catalogue, in the order of their codes."""
    from canonry.lint import rules

    return rules.RULES


def every_rule() -> tuple[Rule, ...]:
    """Lint rules, rules of loading and rules of policy: all that `canonry lint` may report."""
    return tuple(sorted((*problems.RULES, *POLICY_RULES, *lint_rules()), key=lambda rule: rule.code))


def findings(
    catalogue: Catalogue, *, today: date, only: Collection[str] = (), memory: Memory | None = None
) -> Iterator[Finding]:
    """What the rules observe, unjudged, each with its owner. `only`: codes or names; empty means all."""
    subject = Subject(catalogue, References(catalogue), today, memory, every_rule())
    for rule in lint_rules():
        if not only or rule.code in only or rule.name in only:
            for remark in rule.check(subject):
                yield rule.finding(
                    remark.message,
                    remark.place,
                    owner=catalogue.owner_of(remark.place),
                    suggestion=remark.suggestion,
                    witness=remark.witness,
                    values=remark.values,
                    undecided=remark.undecided,
                )
