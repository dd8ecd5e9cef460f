"""`canonry fix`."""

from __future__ import annotations

import click

from canonry.cli.basis import against_option
from canonry.cli.options import examples, format_option, global_options, invocation, say


@click.command(epilog=examples("canonry fix", "canonry fix --against origin/main"))
@against_option
@format_option()
@global_options
@click.pass_context
def fix(ctx: click.Context, *, against: str | None, form: str) -> int:
    """Do everything that is mechanical: layout, versions, generated files.

    What needs a decision is left alone; canonry check says what it is.
    """
    from canonry.cli.mechanics import mend
    from canonry.render import json as as_json

    done = mend(invocation(ctx), against=against)
    if form == "json":
        say(as_json.document({"written": list(done)}))
    else:
        say("\n".join([*(f"wrote {path}" for path in done), "Done." if done else "There was nothing to do."]))
    return 0
