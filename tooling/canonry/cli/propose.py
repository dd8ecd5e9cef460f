"""`canonry propose`."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from canonry.cli.basis import report_of, sides_of
from canonry.cli.options import examples, format_option, global_options, invocation, say
from canonry.kernel.errors import UsageError

if TYPE_CHECKING:
    from canonry.adapters.repository import Repository
    from canonry.cli.options import Invocation

_FOLDERS = ("registry", "contracts", "generated")


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
    from canonry.adapters.history import default_branch_of
    from canonry.adapters.repository import Repository
    from canonry.app.settings import default_branch
    from canonry.cli.mechanics import mend
    from canonry.render import json as as_json

    call = invocation(ctx)
    root = call.root()
    repo = Repository(root)
    if repo.bare:
        raise UsageError("a bare repository has nothing to propose", "Run it in a clone")
    main = default_branch_of(repo, default_branch(root))
    mend(call)
    present = [folder for folder in _FOLDERS if (root / folder).exists()]
    _git(repo, "add", "--all", "--", *present)
    if repo.run("diff", "--cached", "--quiet")[0] == 0 and repo.branch == main:
        raise UsageError("nothing has changed", "Edit the registry first, then propose it")
    said = (title or _said(call)).strip()
    if repo.branch == main or not repo.branch:
        _git(repo, "switch", "--quiet", "--create", branch or _branch(repo, said))
    if repo.run("diff", "--cached", "--quiet")[0] != 0:
        _git(repo, "commit", "--quiet", "--message", said)
    now = repo.line("symbolic-ref", "--quiet", "--short", "HEAD")
    remote = "origin" if "origin" in repo.line("remote").split("\n") else ""
    body = _body(call)
    opened = _opened(repo, now, said, body) if opening and remote and shutil.which("gh") else ""
    if form == "json":
        say(as_json.document({"branch": now, "title": said, "opened": opened or None, "body": body}))
    elif opened:
        say(opened)
    else:
        say(f"committed on {now}: {said}")
        say(
            f"git push -u {remote} {now}" if remote else "Add a remote and push it: git remote add origin URL"
        )
        say("Then open the pull request; its text would be:\n")
        say(body)
    return 0


def _git(repo: Repository, *arguments: str) -> None:
    code, out, error = repo.run(*arguments)
    if code != 0:
        said = (error.strip() or out.decode(errors="replace").strip()).split("\n")
        raise UsageError(
            f"git {arguments[0]}: {'; '.join(said[-5:])}", "Nothing was lost; mend it and propose again"
        )


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
    return view.markdown(review(sides.old, sides.new, today=call.today, since=sides.since))


def _opened(repo: Repository, branch: str, title: str, body: str) -> str:
    """The pull request's address; nothing where it could not be opened."""
    _git(repo, "push", "--quiet", "--set-upstream", "origin", branch)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "body.md"
        file.write_text(body, encoding="utf-8")
        done = subprocess.run(  # noqa: S603  no shell; the title is one argument
            ["gh", "pr", "create", "--title", title, "--body-file", str(file), "--head", branch],  # noqa: S607
            cwd=repo.root,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    return done.stdout.strip() if done.returncode == 0 else ""
