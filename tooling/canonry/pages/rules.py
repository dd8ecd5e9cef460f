"""A page per rule: the prose that `canonry explain` prints, and the case that the tests run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from canonry.kernel.rule import Rule
from canonry.pages.cases import case_section
from canonry.pages.markup import attribute, badge, code, crumbs, filters, link, page, table, text

FAMILIES: Final = {
    "L": "lint-contracts",
    "V": "lint-vocabularies",
    "G": "lint-registry",
    "N": "lint-names",
    "A": "audit",
    "B": "check",
    "C": "compare",
    "U": "links",
}
"""By a code's first letter."""


def rule_page(rule: Rule, case: Mapping[str, str]) -> str:
    """The rule's own Markdown, which is ours and trusted, below its code and level. `case`: file to text."""
    parts = (badge(rule.level.word), code(rule.code), f"since {text(rule.since)}")
    return page(
        rule.name,
        f'<div class="status">{" ".join(f"<span>{part}</span>" for part in parts)}</div>',
        rule.prose,
        case_section(case),
        above=crumbs(link("Rules", "../"), text(_family(rule))),
        description=rule.summary,
    )


def _family(rule: Rule) -> str:
    return FAMILIES.get(rule.code[0], "other")


def rules_page(rules: Iterable[Rule]) -> str:
    """Every rule by its code."""
    rows, data = [], []
    for rule in rules:
        rows.append(
            [
                f'<a href="{text(rule.code)}/">{text(rule.code)}</a>',
                f'<a href="{text(rule.code)}/">{text(rule.name)}</a>',
                text(rule.summary),
                badge(rule.level.word),
            ]
        )
        data.append(f"{attribute('family', _family(rule))} {attribute('level', rule.level.word)}")
    return page(
        "Rules",
        "What canonry looks for, and why. `canonry explain CODE` says the same in a terminal.",
        filters("family", "level"),
        table(["Code", "Name", "It means", "Level"], rows, classes="listing filtered", rowdata=data),
        toc=False,
    )
