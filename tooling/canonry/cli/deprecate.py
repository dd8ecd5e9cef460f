"""`canonry deprecate`."""

from __future__ import annotations

from datetime import datetime

import click

from canonry.cli.basis import DAY
from canonry.cli.options import examples, format_option, global_options, invocation, say
from canonry.kernel.errors import UsageError


@click.command(
    epilog=examples(
        "canonry deprecate /events/cart_viewed/v1 --sunset 2027-03-31 --replaced-by /events/cart_viewed/v2",
    )
)
@click.argument("identifier", metavar="ID")
@click.option("--sunset", required=True, metavar="DATE", type=DAY, help="The day after which it may go.")
@click.option("--replaced-by", metavar="ID", help="What to use instead.")
@format_option()
@global_options
@click.pass_context
def deprecate(
    ctx: click.Context, *, identifier: str, sunset: datetime, replaced_by: str | None, form: str
) -> int:
    """Say that a contract is on its way out, until when it stays, and what replaces it.

    It goes on accepting what it accepts. Once the sunset has passed it may be retired or deleted.
    """
    from canonry.adapters.files import write
    from canonry.app.directory import entries, find
    from canonry.app.lifecycle import deprecated
    from canonry.catalogue.load import load
    from canonry.render import json as as_json

    call = invocation(ctx)
    with call.tree() as tree:
        catalogue = load(tree).value
    entry = find(entries(catalogue), identifier)
    contract = catalogue.contract(entry.id)
    if contract is None:
        raise UsageError(
            f"{entry.id} is no contract", "A word is deprecated in its vocabulary: status: deprecated"
        )
    files = deprecated(catalogue, contract, sunset=sunset.date(), replaced_by=replaced_by, today=call.today)
    write(call.root(), files)
    if form == "json":
        say(as_json.document({"id": str(contract.id), "written": list(files)}))
    else:
        say(
            f"{contract.id} is deprecated until {sunset:%Y-%m-%d}.\nwrote {contract.path}\n"
            "canonry fix takes its version."
        )
    return 0
