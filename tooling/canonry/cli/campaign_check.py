"""`canonry campaign check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from canonry.cli.campaign_build import campaign_key
from canonry.cli.options import examples, format_option, global_options, invocation, palette, say

if TYPE_CHECKING:
    from types import ModuleType

    from canonry.catalogue.tree import Tree


@click.command(
    epilog=examples(
        "canonry campaign check winter-living-weeks",
        "canonry campaign check winter-living-weeks --file meta-drafts.xlsx",
        "canonry campaign check tx7nrz --format html -o rehearsal.html",
    )
)
@click.argument("slug", metavar="SLUG-or-ID")
@click.option(
    "--file",
    "drafts",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="DRAFTS",
    help="Bulk sheet that is about to be uploaded, .csv or .xlsx; repeat.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed plays the same visitors.")
@click.option(
    "--visitors",
    type=click.IntRange(0, 1_000_000),
    default=1000,
    show_default=True,
    help="Visitors to play; at least two for each link.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT",
    help="File to write instead of standard output.",
)
@format_option("text", "json", "markdown", "html")
@global_options
def check(
    *, slug: str, drafts: tuple[Path, ...], seed: int, visitors: int, output: Path | None, form: str
) -> int:
    """Rehearse a campaign before it spends: links, visitors, audiences, order, and who has to do what.

    Every link is followed to its page, and visitors play the journey through the typed client: with consent
    and without. 0 is go, 1 no-go or go in part, 3 that something could not be checked.
    """
    from canonry.app.campaign.handoff import to_json
    from canonry.app.campaign.rehearsal import rehearse
    from canonry.app.lint import lint
    from canonry.catalogue.load import load
    from canonry.cli.books import open_book
    from canonry.render.rehearsal import markdown, text

    call = invocation()
    root = call.root()
    book = open_book(root)
    with call.tree() as tree:
        catalogue = load(tree).value
        key = campaign_key(catalogue, slug)
        rehearsal = rehearse(
            catalogue,
            book,
            key,
            client_of=lambda contracts: _client(root, tree, contracts),
            today=call.today,
            findings=lint(tree, today=call.today).findings,
            seed=seed,
            number=visitors,
        )
        for path in drafts:
            _compare(path, catalogue, book, rehearsal)
    report = to_json(rehearsal)
    if form == "json":
        from canonry.render import json as as_json

        shown = as_json.document(report)
    elif form == "markdown":
        shown = markdown(report)
    elif form == "html":
        from canonry.render.rehearsal_page import page

        shown = page(report)
    else:
        shown = text(report, palette() if output is None else None)
    if output is None:
        say(shown)
    else:
        from canonry.adapters.tables import replacing

        with replacing(output) as draft:
            draft.write_text(shown if shown.endswith("\n") else f"{shown}\n", encoding="utf-8")
        say(f"{report['handoff']['verdict']}: {output} says why.")
    return {"go": 0, "undecided": 3}.get(report["handoff"]["verdict"], 1)


@contextmanager
def _client(root: Path, tree: Tree, contracts: Sequence[str]) -> Iterator[ModuleType]:
    from canonry.adapters import generated
    from canonry.adapters.client import imported
    from canonry.adapters.datamodel import ModelGenerator
    from canonry.app.campaign.client import PACKAGE, client_files

    cache = generated.model_cache(root)
    models = ModelGenerator(cache.with_name(f"rehearsal-{cache.name}"))
    with imported(client_files(tree, contracts, models, generated.runtime()), PACKAGE) as package:
        yield package


def _compare(path: Path, catalogue: Any, book: Any, rehearsal: Any) -> None:
    """Holds one file of drafts against the plan. Raises `TableError`."""
    from canonry.adapters.tables import open_table
    from canonry.app.campaign.drafts import compare

    with open_table(path) as table:
        for sheet in table.sheets():
            compare(
                f"{path.name}: {sheet.name}" if sheet.name else path.name,
                sheet.rows,
                catalogue,
                book,
                rehearsal,
            )
