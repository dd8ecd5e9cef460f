"""`canonry review`."""

from __future__ import annotations

import click

from canonry.cli.basis import against_option, sides_of, staged_option
from canonry.cli.options import (
    examples,
    fail_on_option,
    format_option,
    global_options,
    invocation,
    palette,
    say,
)
from canonry.kernel.findings import Level


@click.command(
    epilog=examples(
        "canonry review",
        "canonry review --against origin/main --format markdown > comment.md",
    )
)
@against_option
@staged_option
@fail_on_option
@format_option("text", "json", "markdown")
@global_options
@click.pass_context
def review(ctx: click.Context, *, against: str | None, staged: bool, fail_on: Level, form: str) -> int:
    """Look at a change as a whole: what breaks, what differs, whom it reaches, who has to look, what is next.

    The Markdown is one pull request comment of less than 60,000 characters. It begins with a hidden marker,
    so that a bot finds the comment again and edits it in place; it is the same whenever both trees are.
    """
    from canonry.app.review import document
    from canonry.app.review import review as look
    from canonry.render import exits
    from canonry.render import json as as_json
    from canonry.render import review as view

    call = invocation(ctx)
    sides = sides_of(call, against=against, staged=staged, since_release=True)
    found = look(sides.old, sides.new, today=call.today, since=sides.since, index=sides.index)
    if form == "json":
        say(as_json.document(document(found)))
    elif form == "markdown":
        say(view.markdown(found))
    else:
        say(view.text(found, palette()))
    return exits.exit_code(found.report.findings, fail_on)
