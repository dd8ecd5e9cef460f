"""`canonry docs`."""

from __future__ import annotations

import click

from canonry.cli.group import NearestGroup
from canonry.cli.options import examples, format_option, global_options, invocation, say


@click.group(cls=NearestGroup, epilog=examples("canonry docs build", "canonry docs serve --port 8001"))
@global_options
def docs() -> None:
    """Write the documentation site from the registry."""


def _pages(ctx: click.Context) -> dict[str, int]:
    from canonry.adapters.site import write_pages
    from canonry.app.docs import plan

    call = invocation(ctx)
    root = call.root()
    with call.tree() as tree:
        pages, _ = plan(tree)
    written, deleted = write_pages(root / "docs", pages)
    return {"pages": len(pages), "written": written, "deleted": deleted}


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
    from canonry.adapters.site import run_mkdocs

    counts = _pages(ctx)
    run_mkdocs(invocation(ctx).root(), "build", "--strict", "--quiet")
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
    """Write the pages and serve the site on this machine, until Ctrl-C."""
    from canonry.adapters.site import run_mkdocs

    _report(_pages(ctx), form)
    run_mkdocs(invocation(ctx).root(), "serve", "--dev-addr", f"127.0.0.1:{port}")
    return 0
