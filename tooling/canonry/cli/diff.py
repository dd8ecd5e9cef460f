"""`canonry diff`."""

from __future__ import annotations

import click

from canonry.cli.options import examples, format_option, global_options, invocation, palette, say


@click.command(
    epilog=examples(
        "canonry diff main", "canonry diff release/2026.10.1 HEAD", "canonry diff ../other-registry"
    )
)
@click.argument("before", metavar="A")
@click.argument("after", required=False, metavar="[B]")
@format_option("text", "json", "markdown")
@global_options
@click.pass_context
def diff(ctx: click.Context, *, before: str, after: str | None, form: str) -> int:
    """Say what differs between A and B, in words: commits, folders or archives. Without B: what is on disk.

    What breaks is marked; canonry check shows the payloads. Layout and the order of keys are no difference.
    """
    from canonry.adapters.sides import open_one
    from canonry.app.check import check
    from canonry.compat.story import told
    from canonry.render import json as as_json
    from canonry.render import story

    call = invocation(ctx)
    root = call.root()
    report = check(open_one(root, before), open_one(root, after), today=call.today)
    chapters = told(report.deltas, (*report.findings, *report.accepted))
    if form == "json":
        say(as_json.document({"changes": [chapter.to_json() for chapter in chapters]}))
    elif form == "markdown":
        say("\n".join(story.bullets(chapters)))
    else:
        say(story.text(chapters, palette()))
    return 0
