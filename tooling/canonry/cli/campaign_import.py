"""`canonry campaign import`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from canonry.cli.options import examples, format_option, global_options, invocation, palette, say


@click.command(
    "import",
    epilog=examples(
        "canonry campaign build winter-living-weeks -o plan.xlsx",
        "canonry campaign import plan.xlsx --dry-run",
        "canonry campaign import plan.xlsx",
    ),
)
@click.argument("plan", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="PLAN.xlsx")
@click.option("--dry-run", is_flag=True, help="Check, and write nothing.")
@format_option()
@global_options
def import_plan(*, plan: Path, dry_run: bool, form: str) -> int:
    """Register or change a campaign from the sheets Campaign, Channels and Decisions of a workbook.

    `campaign build -o` writes such a workbook. Without an id a new one is drawn; with one the campaign is
    changed, and what the sheets do not hold stays. Nothing is written where anything is wrong.
    """
    from canonry.adapters.files import write
    from canonry.app import additions, registration
    from canonry.app.campaign.intake import intake, named_id
    from canonry.catalogue.text import parse
    from canonry.cli.books import open_book
    from canonry.kernel.jsonvalue import same
    from canonry.render import json as as_json
    from canonry.render import text
    from canonry.render.plain import visible

    call = invocation()
    root = call.root()
    sheets = _sheets(plan)
    key = next((named_id(rows) for name, rows in sheets.items() if name.strip().lower() == "campaign"), None)
    with call.tree() as tree:
        standing = f"registry/campaigns/{key}.yaml" if key else ""
        known = standing in set(tree.paths())
        base: Any = parse(standing, tree.read(standing))[0].value if known else {}
        book = open_book(root)
        read = intake(sheets, book, base if isinstance(base, dict) else {})
        if key and not known:
            read.problems.append(
                f"sheet Campaign: there is no campaign {key!r}; leave the id empty for a new one"
            )
        if read.problems:
            return _refused(read.problems, form)
        slug = str(read.document.get("slug", ""))
        if not known:
            registration.check_slug(book, slug)
            read.document.setdefault("status", "planned")
        identifier = key if known and key else _drawn(tree.paths())
        path = f"registry/campaigns/{identifier}.yaml"
        data = additions.yaml_text(read.document).encode()
        found = additions.new_findings(tree, path, data, today=call.today)
    errors = additions.errors_of(found)
    unchanged = known and same(read.document, base)
    written = not (errors or dry_run or unchanged)
    if written:
        write(root, {path: data})
    if form == "json":
        say(as_json.findings(found, id=identifier, slug=slug, path=path, written=written))
        return 1 if errors else 0
    style = palette()
    if found:
        say(text.findings(found, style) + "\n")
    if errors:
        say(style("bold", f"{visible(slug)} was not taken over: {text.counts(errors)}."))
        return 1
    where = f"{identifier} ({path})"
    if unchanged:
        say(f"{style('bold', visible(slug))} stands so already as {where}.")
        return 0
    verb = f"{'would be' if dry_run else 'is'} {'changed' if known else 'registered'}"
    say(f"{style('bold', visible(slug))} {verb} as {where}.")
    say(f"canonry campaign build {visible(slug)} -o plan.xlsx builds its names and links.")
    return 0


def _sheets(plan: Path) -> dict[str, list[list[Any]]]:
    from canonry.adapters.tables import open_table

    with open_table(plan) as table:
        return {sheet.name: [list(row) for row in sheet.rows] for sheet in table.sheets()}


def _refused(problems: list[str], form: str) -> int:
    from canonry.render import json as as_json
    from canonry.render.plain import wrapped

    if form == "json":
        say(as_json.document({"problems": problems, "written": False}))
        return 1
    say(f"Nothing was written; {len(problems)} to settle in the sheet:")
    say("\n".join(wrapped(problem, indent="  - ", hanging="    ") for problem in problems))
    return 1


def _drawn(paths: Any) -> str:
    from random import SystemRandom

    from canonry.naming.ids import draw

    taken = {path.rpartition("/")[2] for path in paths if path.startswith("registry/campaigns/")}
    rng = SystemRandom()
    identifier = draw(rng)
    while f"{identifier}.yaml" in taken:
        identifier = draw(rng)
    return identifier
