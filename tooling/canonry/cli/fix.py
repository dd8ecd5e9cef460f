"""`canonry fix`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from canonry.cli.basis import against_option
from canonry.cli.options import examples, format_option, global_options, invocation, say
from canonry.kernel.errors import UsageError

if TYPE_CHECKING:
    from canonry.cli.options import Invocation

SHOWN = 40
"""Files that text names before it only counts."""


@click.command(
    epilog=examples("canonry fix", "canonry fix --against origin/main", "canonry fix --commit --push")
)
@against_option
@click.option("--commit", is_flag=True, help="Commit what was written, and nothing else.")
@click.option("--push", is_flag=True, help="Push that commit to origin.")
@format_option()
@global_options
@click.pass_context
def fix(ctx: click.Context, *, against: str | None, commit: bool, push: bool, form: str) -> int:
    """Do everything that is mechanical: layout, versions, generated files.

    What needs a decision is left alone; canonry check says what it is. On the default branch, CI makes the
    mechanical commit with --commit --push, so that nobody who adds a word or a campaign has to.
    """
    from canonry.cli.mechanics import mend
    from canonry.render import json as as_json

    if push and not commit:
        raise UsageError("--push pushes what --commit commits", "canonry fix --commit --push")
    call = invocation(ctx)
    if commit:
        _nothing_open(call)
    done = mend(call, against=against)
    made = _committed(call, done, push=push) if commit and done else ""
    if form == "json":
        say(as_json.document({"written": list(done), "commit": made or None, "pushed": bool(made) and push}))
    else:
        said = f"Committed as {made[:10]}{' and pushed' if push else ''}." if made else "Done."
        lines = [f"{'wrote' if (call.root() / path).exists() else 'removed'} {path}" for path in done[:SHOWN]]
        if len(done) > SHOWN:
            lines.append(f"... and {len(done) - SHOWN:,} more")
        say("\n".join([*lines, said if done else "There was nothing to do."]))
    return 0


def _nothing_open(call: Invocation) -> None:
    """A mechanical commit holds nothing that somebody typed."""
    from canonry.adapters.history import is_clean
    from canonry.adapters.repository import Repository

    if not is_clean(Repository(call.root())):
        raise UsageError(
            "there are changes that are not committed",
            "Commit them first; the mechanical commit stands apart",
        )


def _committed(call: Invocation, paths: Sequence[str], *, push: bool) -> str:
    from canonry.adapters.commits import clone
    from canonry.adapters.repository import Repository

    root = call.root()
    with clone(root) as writable:
        places = {"generated" if path.startswith("generated/") else path for path in paths}
        if not writable.stage(sorted(str(root / place) for place in places)):
            return ""
        made = writable.commit("Take versions, layout and generated files")
        branch = Repository(root).branch
        if push and not branch:
            raise UsageError("HEAD is on no branch, so there is none to push", "git switch BRANCH first")
        if push:
            writable.push("origin", branch)
    return made
