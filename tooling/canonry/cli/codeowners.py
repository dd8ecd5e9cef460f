"""`canonry codeowners`."""

from __future__ import annotations

import click

from canonry.cli.options import examples, format_option, global_options, invocation, say

FILE = ".github/CODEOWNERS"


@click.command(
    epilog=examples("canonry codeowners", "canonry codeowners --write", "canonry codeowners --check")
)
@click.option("--write", is_flag=True, help=f"Write {FILE}.")
@click.option("--check", "only_check", is_flag=True, help="Exit with 1 where the file says something else.")
@format_option()
@global_options
@click.pass_context
def codeowners(ctx: click.Context, *, write: bool, only_check: bool, form: str) -> int:
    """Write CODEOWNERS from the owners of contracts, vocabularies and campaigns."""
    from canonry.app.lifecycle import codeowners as lines
    from canonry.catalogue.load import load
    from canonry.render import json as as_json

    call = invocation(ctx)
    with call.tree() as tree:
        text = lines(load(tree).value)
    file = call.root() / FILE
    current = file.read_text(encoding="utf-8") if file.is_file() else None
    if write:
        from canonry.adapters.files import write as put

        put(call.root(), {FILE: text.encode()})
    if form == "json":
        say(as_json.document({"path": FILE, "current": current == text, "content": text}))
    elif write:
        say(f"wrote {FILE}")
    elif only_check:
        say(f"{FILE} is {'current' if current == text else 'not current: canonry codeowners --write'}")
    else:
        say(text)
    return int(only_check and current != text)
