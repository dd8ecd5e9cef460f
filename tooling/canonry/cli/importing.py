"""`canonry import`."""

from __future__ import annotations

from pathlib import Path

import click

from canonry.cli.options import examples, format_option, global_options, invocation, palette, say


@click.command(
    "import",
    epilog=examples(
        "canonry import tracking-plan.json --owner checkout",
        "canonry import schemas/ --dry-run",
        "canonry import words.xlsx",
    ),
)
@click.argument(
    "files", type=click.Path(path_type=Path, exists=True), nargs=-1, required=True, metavar="FILE..."
)
@click.option("--owner", metavar="TEAM", help="Who answers for it (default: the first team of teams.yaml).")
@click.option("--backup-owner", metavar="TEAM", help="Who does so meanwhile (default: the next team).")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@format_option()
@global_options
@click.pass_context
def import_files(
    ctx: click.Context,
    *,
    files: tuple[Path, ...],
    owner: str | None,
    backup_owner: str | None,
    dry_run: bool,
    form: str,
) -> int:
    """Take events, traits and words in from other tools, as drafts.

    FILE is a tracking plan of Segment or RudderStack, a JSON Schema or a folder of them (Iglu's too), an Open
    Data Contract, or a sheet (CSV, XLSX, an export of Notion or Airtable) of events or words. What a contract
    cannot express is listed; what stands already stays as it is. Exit code 1 where something was not read.
    """
    from canonry.adapters.files import write
    from canonry.adapters.pieces import pieces
    from canonry.app.exchange import intake
    from canonry.app.scaffold import owners
    from canonry.catalogue.load import load
    from canonry.render import exchange
    from canonry.render import json as as_json

    call = invocation(ctx)
    root = call.root()
    with call.tree() as tree:
        catalogue = load(tree).value
    first, second = owners(catalogue, owner, backup_owner)
    taken = intake(catalogue, pieces(files), owner=first, backup_owner=second)
    if not dry_run:
        write(root, taken.files)
    if form == "json":
        say(as_json.document(exchange.intake_document(taken, written=not dry_run)))
    else:
        say(exchange.intake_text(taken, palette(), written=not dry_run))
    return 1 if taken.problems else 0
