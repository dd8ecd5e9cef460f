"""A page per rule: the prose that `canonry explain` prints."""

from __future__ import annotations

from collections.abc import Iterable

from canonry.kernel.rule import Rule
from canonry.pages.markup import badge, code, page, table, text


def rule_page(rule: Rule) -> str:
    """The rule's own Markdown, which is ours and trusted, below its code and level."""
    facts = f"{code(rule.code)} {badge(rule.level.word)} since {text(rule.since)}"
    return page(f"{rule.name}", facts, rule.prose, description=rule.summary)


def rules_page(rules: Iterable[Rule]) -> str:
    """Every rule by its code."""
    rows = [
        [
            f'<a href="{text(rule.code)}/">{text(rule.code)}</a>',
            code(rule.name),
            text(rule.summary),
            badge(rule.level.word),
        ]
        for rule in rules
    ]
    return page(
        "Rules",
        "What canonry looks for, and why.",
        table(["Code", "Name", "It means", "Level"], rows, classes="filtered"),
    )
