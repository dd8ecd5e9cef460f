"""`canonry changelog`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from canonry.cli.options import examples, format_option, global_options, invocation, palette, say

if TYPE_CHECKING:
    from canonry.app.changelog import Step


@click.command(
    epilog=examples(
        "canonry changelog --since release/2026.10.1",
        "canonry changelog order_completed --format markdown",
    )
)
@click.argument("identifier", required=False, metavar="[ID]")
@click.option("--since", metavar="REF", help="Leave out what was there already.")
@format_option("text", "json", "markdown")
@global_options
@click.pass_context
def changelog(ctx: click.Context, *, identifier: str | None, since: str | None, form: str) -> int:
    """Say what changed in which version, breaking or not, from the history of this branch.

    Breaks that were accepted are marked as breaking, too.
    """
    from canonry.app.changelog import entries
    from canonry.render import changelog as view
    from canonry.render import json as as_json

    call = invocation(ctx)
    subject = _subject(ctx, identifier) if identifier else None
    found = list(entries(_steps(call.root(), since), subject))
    if form == "json":
        say(as_json.document({"entries": [entry.to_json() for entry in found]}))
    elif form == "markdown":
        say(view.markdown(found))
    else:
        say(view.text(found, palette()))
    return 0


def _subject(ctx: click.Context, word: str) -> str:
    """The id that a word stands for; an id that is gone stands for itself."""
    from canonry.app.directory import entries, find
    from canonry.catalogue.load import load
    from canonry.kernel.errors import CanonryError

    with invocation(ctx).tree() as tree:
        catalogue = load(tree).value
    try:
        entry = find(entries(catalogue), word)
    except CanonryError:
        if word.startswith("/"):
            return word
        raise
    return f"campaign:{entry.id.rpartition('/')[2]}" if entry.kind == "campaigns" else entry.id


def _steps(root: Path, since: str | None) -> Iterator[Step]:
    from canonry.adapters.history import commits
    from canonry.adapters.repository import Repository
    from canonry.adapters.snapshot import GitSnapshot
    from canonry.app.changelog import Step

    repo = Repository(root)
    for one in commits(repo, since=since):
        old, new = (GitSnapshot.of_commit(repo, commit) for commit in (one.parent, one.commit))
        yield Step(one.day, one.commit, one.subject, one.release, old, new)
