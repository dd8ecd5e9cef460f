"""`canonry codeowners`."""

from __future__ import annotations

import click

from canonry.cli.options import examples, format_option, global_options, invocation, say


@click.command(
    epilog=examples("canonry codeowners", "canonry codeowners --write", "canonry codeowners --check")
)
@click.option("--write", is_flag=True, help="Write the file where the host looks for it.")
@click.option("--check", "only_check", is_flag=True, help="Exit with 1 where the file says something else.")
@format_option()
@global_options
@click.pass_context
def codeowners(ctx: click.Context, *, write: bool, only_check: bool, form: str) -> int:
    """Write CODEOWNERS from the owners of contracts, vocabularies and campaigns.

    The file is .github/CODEOWNERS (.gitlab/CODEOWNERS where hosting.kind of registry.yaml says gitlab) at the
    repository's root. Lines that others wrote into it stay.
    """
    from canonry.adapters.files import write as put
    from canonry.cli.mechanics import owners
    from canonry.render import json as as_json

    file = owners(invocation(ctx))
    if write and not file.current:
        put(file.home, {file.path: file.text.encode(errors="surrogateescape")})
    if form == "json":
        say(as_json.document({"path": file.path, "current": file.current, "content": file.text}))
    elif write:
        say(f"{'kept' if file.current else 'wrote'} {file.path}")
    elif only_check:
        say(f"{file.path} is {'current' if file.current else 'not current: canonry codeowners --write'}")
    else:
        say(file.text)
    return int(only_check and not file.current)
