"""`canonry docs`."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import click

from canonry.cli.group import NearestGroup
from canonry.cli.options import examples, format_option, global_options, invocation, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from canonry.adapters.history import Commit
    from canonry.adapters.repository import Repository
    from canonry.app.changelog import Entry
    from canonry.pages.site import Change


@click.group(cls=NearestGroup, epilog=examples("canonry docs build", "canonry docs serve --port 8001"))
@global_options
def docs() -> None:
    """Write the documentation site from the registry."""


def _pages(ctx: click.Context) -> dict[str, int]:
    from canonry.adapters.cases import cases
    from canonry.adapters.site import hand_written, published, write_pages
    from canonry.adapters.sitefiles import write_missing
    from canonry.app.docs import plan
    from canonry.pages.plan import Beside
    from canonry.pages.site import Published

    call = invocation(ctx)
    root = call.root()
    changes, cut = _history(root)
    schemas = {
        identifier: tuple(Published(*row) for row in rows) for identifier, rows in published(root).items()
    }
    beside = Beside(changes, cut, schemas, hand_written(root / "docs"), cases())
    gc.disable()  # pages are strings and hold no circles: looking for some costs a tenth of the time
    try:
        with call.tree() as tree:
            planned = plan(tree, beside)
    finally:
        gc.enable()
    given = write_missing(root, planned.name)
    if given:
        tops = sorted({"/".join(path.split("/")[:2]) for path in given})
        click.echo(f"wrote {', '.join(tops)}: yours to change", err=True)
    if planned.problems:
        files = len({finding.place.path for finding in planned.problems})
        said = f"{files} file{' that has' if files == 1 else 's that have'} no page could not be read"
        click.echo(f"{said}: canonry lint says why", err=True)
    written, deleted = write_pages(root / "docs", planned.pages)
    return {"pages": len(planned.pages), "written": written, "deleted": deleted}


def _history(root: Path) -> tuple[dict[str, tuple[Change, ...]], bool]:
    """What each commit did, and whether the clone lacks the older ones; nothing outside a repository.

    A commit never changes, so what it did is worked out once and kept.
    """
    from canonry.adapters.history import commits
    from canonry.adapters.memo import keep, recall
    from canonry.adapters.repository import NotARepositoryError, Repository
    from canonry.adapters.terminal import progress
    from canonry.app.docs import changes_from_json, changes_to_json, history

    repo = Repository(root)
    try:
        every = list(commits(repo))
        cut = repo.shallow
    except NotARepositoryError:
        return {}, False
    name = f"changes {root.resolve()}"
    known = recall(name)
    told = {}
    with progress("commits", len(every)) as tick:
        for number, one in enumerate(every, 1):
            key = f"{one.parent}..{one.commit} {one.release} {one.subject}"
            kept = changes_from_json(known.get(key))
            told[key] = history(_entries(repo, one)) if kept is None else kept
            tick(number)
    if told.keys() != known.keys():
        keep(name, {key: changes_to_json(each) for key, each in told.items()})
    found: dict[str, tuple[Change, ...]] = {}
    for each in told.values():
        for subject, changes in each.items():
            found[subject] = (*found.get(subject, ()), *changes)
    return found, cut


def _entries(repo: Repository, one: Commit) -> Iterator[Entry]:
    from canonry.adapters.snapshot import GitSnapshot
    from canonry.app.changelog import Step, entries

    old, new = (GitSnapshot.of_commit(repo, commit) for commit in (one.parent, one.commit))
    yield from entries([Step(one.day, one.commit, one.subject, one.release, old, new)])


def _report(counts: dict[str, int], form: str) -> None:
    from canonry.render import json as as_json

    if form == "json":
        say(as_json.document(counts))
    else:
        say(f"{counts['pages']:,} pages: {counts['written']:,} written, {counts['deleted']:,} deleted")


@docs.command(epilog=examples("canonry docs pages"))
@format_option()
@global_options
@click.pass_context
def pages(ctx: click.Context, *, form: str) -> int:
    """Write the pages into docs/, for any static builder to take."""
    _report(_pages(ctx), form)
    return 0


@docs.command(epilog=examples("canonry docs build"))
@format_option()
@global_options
@click.pass_context
def build(ctx: click.Context, *, form: str) -> int:
    """Write the pages and build the site into site/."""
    from canonry.adapters.site import build_site

    counts = _pages(ctx)
    build_site(invocation(ctx).root())
    _report(counts, form)
    return 0


@docs.command(epilog=examples("canonry docs serve --port 8001"))
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port on 127.0.0.1."
)
@format_option()
@global_options
@click.pass_context
def serve(ctx: click.Context, *, port: int, form: str) -> int:
    """Write the pages and serve the site on this machine, until Ctrl-C.

    A change of the registry is written into the pages as it is saved, and shows in the browser. Pages that
    are served so carry no Content-Security-Policy: the script that reloads them is written into each.
    """
    from canonry.adapters.site import serve_mkdocs

    _report(_pages(ctx), form)
    serve_mkdocs(invocation(ctx).root(), port, lambda: _pages(ctx))
    return 0
