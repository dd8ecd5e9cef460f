"""`canonry release`."""

from __future__ import annotations

import click

from canonry.cli.options import examples, format_option, global_options, invocation, palette, say
from canonry.kernel.errors import UsageError
from canonry.kernel.findings import Level


@click.command(epilog=examples("canonry release --dry-run", "canonry release"))
@click.option("--dry-run", is_flag=True, help="Say which tag it would be, and set none.")
@format_option()
@global_options
@click.pass_context
def release(ctx: click.Context, *, dry_run: bool, form: str) -> int:
    """Tag the current commit as release/<year>.<month>.<number>, if nothing breaks since the last release.

    Wants the default branch with nothing left to commit. The tag's message says what changed. Pushing it is
    left to you: git push origin TAG.
    """
    from canonry.adapters.commits import clone
    from canonry.adapters.history import default_branch_of, is_clean, releases
    from canonry.adapters.repository import Repository
    from canonry.adapters.snapshot import GitSnapshot
    from canonry.app.check import check
    from canonry.app.settings import default_branch
    from canonry.compat.story import told
    from canonry.render import exits, story
    from canonry.render import json as as_json
    from canonry.render import text as view

    call = invocation(ctx)
    root = call.root()
    repo = Repository(root)
    branch = default_branch_of(repo, default_branch(root))
    if not repo.head:
        raise UsageError("there is no commit to release", "Commit the registry first")
    if repo.branch and repo.branch != branch:
        raise UsageError(
            f"this is {repo.branch}, not {branch}", f"Releases are cut from {branch}: git switch {branch}"
        )
    if not is_clean(repo):
        raise UsageError(
            "there are changes that are not committed", "Commit or stash them; a release is a commit"
        )
    known = releases(repo)
    last = known[-1] if known else ""
    old = GitSnapshot.of_commit(repo, repo.commit(f"refs/tags/{last}") if last else "")
    report = check(old, GitSnapshot.of_commit(repo, repo.head), today=call.today)
    standing = [finding for finding in report.findings if finding.level is Level.ERROR or finding.undecided]
    code = exits.exit_code(standing, Level.ERROR)
    tag = _next(known, call.today.year, call.today.month)
    chapters = told(report.deltas, report.accepted)
    if code:
        if form == "json":
            say(as_json.findings(standing, tag=None, since=last or None))
        else:
            say(view.findings(standing, palette()))
            say(f"\nNot released: {view.counts(standing)} since {last or 'the beginning'}.")
        return code
    if not dry_run:
        with clone(root) as writable:
            writable.tag(tag, f"{tag}\n\n{story.text(chapters)}\n")
    if form == "json":
        changes = [chapter.to_json() for chapter in chapters]
        say(as_json.findings((), tag=tag, since=last or None, written=not dry_run, changes=changes))
    else:
        said = "Would be" if dry_run else "Tagged"
        say(f"{said} {tag}: {len(chapters):,} changed since {last or 'the beginning'}.")
        if not dry_run:
            say(f"git push origin {tag}")
    return 0


def _next(known: tuple[str, ...], year: int, month: int) -> str:
    from canonry.adapters.history import release_number

    taken = [release_number(tag)[2] for tag in known if release_number(tag)[:2] == (year, month)]
    return f"release/{year}.{month:02}.{max(taken, default=0) + 1}"
