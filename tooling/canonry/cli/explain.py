"""`canonry explain`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from canonry.cli.options import examples, format_option, global_options, palette, say
from canonry.render.plain import visible

if TYPE_CHECKING:
    from canonry.render.text import Palette


@click.command(epilog=examples("canonry explain", "canonry explain L001", "canonry explain file-unreadable"))
@click.argument("rule", required=False)
@format_option()
@global_options
def explain(*, rule: str | None, form: str) -> int:
    """Say what a rule means, why it matters and what to do instead.

    RULE is a code or a name, as findings show them. Without it, all rules are listed.
    """
    from canonry.adapters.cases import cases
    from canonry.app.rules import all_rules, known_rule
    from canonry.render import catalogue as pages
    from canonry.render import json as as_json

    if rule is None:
        rules = all_rules()
        items = [
            {"code": r.code, "name": r.name, "level": r.level.word, "since": r.since, "summary": r.summary}
            for r in rules
        ]
        rows = [[item["code"], item["name"], item["summary"]] for item in items]
        say(as_json.document({"rules": items}) if form == "json" else pages.table(rows, palette=palette()))
        return 0
    found = known_rule(rule)
    if form == "json":
        say(
            as_json.document(
                {
                    "code": found.code,
                    "name": found.name,
                    "level": found.level.word,
                    "since": found.since,
                    "summary": found.summary,
                    "prose": found.prose,
                    "case": cases().get(found.code, {}),
                }
            )
        )
        return 0
    style = palette()
    head = f"{style('bold', f'{found.code} {found.name}')}  {style(found.level.word, found.level.word)}"
    said = [head, pages.prose(found.prose, style), *_example(cases().get(found.code, {}), style)]
    say("\n\n".join(said))
    return 0


def _example(case: Mapping[str, str], style: Palette) -> list[str]:
    """The rule's golden case: what goes in, and what canonry says of it."""
    from canonry.pages.cases import spoken

    parts = []
    for title, body in spoken(case):
        lines = "\n".join(f"  {visible(line)}" for line in body.split("\n"))
        parts.append(f"{style('bold', title)}\n{lines}" if title else body)
    return [style("bold", "Example"), *parts] if parts else []
