"""`canonry impact`."""

from __future__ import annotations

import click

from canonry.cli.basis import sides_of
from canonry.cli.options import examples, format_option, global_options, invocation, palette, say
from canonry.kernel.errors import UsageError


@click.command(
    epilog=examples(
        "canonry impact order_completed",
        "canonry impact /vocabularies/market --format mermaid",
        "canonry impact --against main",
    )
)
@click.argument("identifier", required=False, metavar="[ID]")
@click.option("--against", metavar="REF|DIR|ARCHIVE", help="Everything that the change since REF reaches.")
@format_option("text", "json", "mermaid")
@global_options
@click.pass_context
def impact(ctx: click.Context, *, identifier: str | None, against: str | None, form: str) -> int:
    """Show everything that rests on a contract, a vocabulary or a change, and what it should do.

    Hard edges say pause, soft ones say proceed on an assumption, both say split.
    """
    from canonry.app.impact import of_change, of_node

    if (identifier is None) == (against is None):
        raise UsageError("impact wants an ID, or --against REF", "canonry list shows the ids")
    call = invocation(ctx)
    if identifier is not None:
        with call.tree() as tree:
            result = of_node(tree, identifier)
    else:
        sides = sides_of(call, against=against)
        result = of_change(sides.old, sides.new, today=call.today)
    from canonry.render import impact as view
    from canonry.render import json as as_json

    if form == "json":
        say(as_json.document(view.document(result.origins, result.found, result.label, result.owner)))
    elif form == "mermaid":
        say(view.mermaid(result.origins, result.found, result.label))
    else:
        say(view.text(result.origins, result.found, result.label, result.owner, palette()))
    return 0
