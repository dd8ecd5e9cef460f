"""`canonry show`."""

from __future__ import annotations

import click

from canonry.cli.options import examples, format_option, global_options, invocation, palette, say
from canonry.kernel.errors import UsageError


@click.command(
    epilog=examples(
        "canonry show order_completed",
        "canonry show purchase                   the platform's name finds it too",
        "canonry show brand --format json",
        "canonry show --schema vocabulary        JSON Schema for your editor",
    )
)
@click.argument("name", required=False)
@click.option("--schema", metavar="FILE", help="Print the JSON Schema of a kind of registry file instead.")
@format_option()
@global_options
def show(*, name: str | None, schema: str | None, form: str) -> int:
    """Show one contract, vocabulary, platform, campaign, account or team.

    NAME is an id (/events/order_completed/v1), a short name, an alias, a campaign's slug or the name that a
    platform uses for an event.
    """
    from canonry.render import catalogue as pages
    from canonry.render import json as as_json

    if schema is not None:
        say(as_json.document(_editor_schema(schema)))
        return 0
    if name is None:
        raise UsageError(
            "show what?", "Name something: canonry show order_completed; canonry list has all names"
        )

    from canonry.app.card import card
    from canonry.app.directory import entries, find
    from canonry.catalogue.load import load

    with invocation().tree() as tree:
        catalogue = load(tree).value
    found = card(catalogue, find(entries(catalogue), name))
    say(as_json.document(found) if form == "json" else pages.entry(found, palette()))
    return 0


def _editor_schema(word: str) -> dict[str, object]:
    """Raises `NotFoundError` that names the schemas there are."""
    from canonry.app.directory import NotFoundError, folded
    from canonry.catalogue.documents import editor_schemas
    from canonry.naming.suggest import nearest

    schemas = editor_schemas()
    for name, schema in schemas.items():
        if folded(word) == folded(name):
            return schema
    near = nearest(word, schemas)
    raise NotFoundError(word, (near,) if near else tuple(schemas), "editor schema")
