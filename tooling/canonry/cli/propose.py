"""`canonry propose`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from canonry.cli.basis import report_of, sides_of
from canonry.cli.options import examples, format_option, global_options, invocation, say
from canonry.kernel.errors import UsageError
from canonry.render.plain import visible

if TYPE_CHECKING:
    from canonry.adapters.repository import Repository
    from canonry.cli.options import Invocation


@click.command(
    epilog=examples('canonry propose "Add the market Poland"', 'canonry propose "Summer sale" --no-open')
)
@click.argument("title", required=False)
@click.option("--branch", metavar="NAME", help="The branch (default: made from the title).")
@click.option(
    "--open/--no-open", "opening", default=True, help="Push and open the pull request where gh is installed."
)
@format_option()
@global_options
@click.pass_context
def propose(ctx: click.Context, *, title: str | None, branch: str | None, opening: bool, form: str) -> int:
    """Turn what you changed into a pull request: branch, mechanical fixes, commit, and the request itself.

    Without the gh command, or without a remote, it prints what is left to do.
    """
    from canonry.adapters.commits import clone
    from canonry.adapters.history import default_branch_of
    from canonry.adapters.hosting import Request, available, request
    from canonry.adapters.repository import Repository
    from canonry.app.settings import default_branch
    from canonry.cli.mechanics import FOLDERS, mend
    from canonry.render import json as as_json

    call = invocation(ctx)
    root = call.root()
    repo = Repository(root)
    if repo.bare:
        raise UsageError("a bare repository has nothing to propose", "Run it in a clone")
    main = default_branch_of(repo, default_branch(root))
    paths = {*FOLDERS, *mend(call)}
    with clone(root) as writable:
        anything = writable.stage(sorted(str(root / path) for path in paths if (root / path).exists()))
        if not anything and repo.branch in (main, ""):
            raise UsageError("nothing has changed", "Edit the registry first, then propose it")
        said = _one_line(title) or _said(call)
        now = repo.branch
        if now in (main, ""):
            now = branch or _branch(repo, said)
            writable.switch(now)
        if anything:
            writable.commit(said)
        remote = "origin" if "origin" in repo.line("remote").split("\n") else ""
        body = _body(call)
        made = Request()
        pushed = opening and bool(remote) and available()
        if pushed:
            writable.push(remote, now)
            made = request(root, branch=now, into=main, title=said, body=body)
    if form == "json":
        found = {"branch": now, "title": said, "pushed": pushed, "opened": made.address or None}
        say(as_json.document({**found, "refused": made.refusal or None, "body": body}))
    elif made.address:
        say(f"{'pushed to' if made.known else 'opened'} {visible(made.address)}")
    else:
        say(f"committed on {now}: {visible(said)}")
        if made.refusal:
            say(f"pushed, but gh opened no pull request: {visible(made.refusal)}")
        elif remote:
            say(f"git push -u {remote} {now}")
        else:
            say("Add a remote and push it: git remote add origin URL")
        say("Then open the pull request; its text would be:\n")
        say(body)
    return 0


def _one_line(title: str | None) -> str:
    """A title as one line: what follows a line break would be the commit's text, and no title on the host."""
    return " ".join((title or "").split())[:200]


def _said(call: Invocation) -> str:
    """A title from what changed."""
    from canonry.compat.story import told

    chapters = [c for c in told(report_of(call, sides_of(call)).deltas) if c.what != "follows"]
    if not chapters:
        return "Change the registry"
    verb = {"added": "Add", "removed": "Remove", "renamed": "Rename"}.get(chapters[0].what, "Change")
    more = f" and {len(chapters) - 1} more" if len(chapters) > 1 else ""
    return f"{verb} {chapters[0].subject}{more}"


def _branch(repo: Repository, title: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:50].rstrip("-") or "change"
    name, number = f"canonry/{stem}", 2
    while repo.run("show-ref", "--verify", "--quiet", f"refs/heads/{name}")[0] == 0:
        name, number = f"canonry/{stem}-{number}", number + 1
    return name


def _body(call: Invocation) -> str:
    """The pull request's text: the review as it stands now."""
    from canonry.app.review import review
    from canonry.render import review as view

    sides = sides_of(call, since_release=True)
    found = review(sides.old, sides.new, today=call.today, since=sides.since, index=sides.index)
    return view.markdown(found)
