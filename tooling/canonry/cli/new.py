"""`canonry new`."""

from __future__ import annotations

import click

from canonry.cli.options import examples, format_option, global_options, invocation, say

KINDS = ("event", "trait", "segment", "utm", "creative", "object")


@click.command(
    epilog=examples("canonry new event cart_shared --owner checkout", 'canonry new utm "Partner mail"')
)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("name")
@click.option("--owner", metavar="TEAM", help="Who answers for it (default: the first team of teams.yaml).")
@click.option("--backup-owner", metavar="TEAM", help="Who does so meanwhile (default: the next team).")
@click.option("--major", type=click.IntRange(min=1), default=1, show_default=True, help="Major version.")
@format_option()
@global_options
@click.pass_context
def new(
    ctx: click.Context,
    *,
    kind: str,
    name: str,
    owner: str | None,
    backup_owner: str | None,
    major: int,
    form: str,
) -> int:
    """Begin a contract: a draft that lints clean, for you to fill in.

    A draft is not published and may change freely. When it is right: status active, version MAJOR.0.0.
    """
    from canonry.adapters.files import write
    from canonry.app.scaffold import scaffold
    from canonry.catalogue.load import load
    from canonry.render import json as as_json

    call = invocation(ctx)
    with call.tree() as tree:
        catalogue = load(tree).value
    identifier, text = scaffold(catalogue, kind, name, owner=owner, backup_owner=backup_owner, major=major)
    write(call.root(), {identifier.path: text.encode()})
    if form == "json":
        say(as_json.document({"id": str(identifier), "path": identifier.path}))
    else:
        say(f"wrote {identifier.path}\nFill it in, then: canonry lint, and status active when it is right.")
    return 0
