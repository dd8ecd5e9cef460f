"""`canonry campaign build`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from canonry.cli.options import examples, format_option, global_options, invocation, palette, say
from canonry.kernel.errors import UsageError

if TYPE_CHECKING:
    from canonry.app.campaign.objects import Objects
    from canonry.app.links import Book
    from canonry.catalogue.model import Catalogue


@click.command(
    epilog=examples(
        "canonry campaign build winter-living-weeks -o plan.xlsx",
        "canonry campaign build tx7nrz -o plan.xlsx --record",
    )
)
@click.argument("slug", metavar="SLUG-or-ID")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.xlsx",
    help="Workbook to write: one sheet per platform as it takes them in, what to paste where, QR codes.",
)
@click.option("--record", is_flag=True, help="Keep the links as handed out, in registry/links/.")
@format_option()
@global_options
def build(*, slug: str, output: Path | None, record: bool, form: str) -> int:
    """Build every name and link of a campaign: each platform, market, segment and creative.

    The answer is 1 where something is missing; what could be built is written all the same, and the sheet
    Open says what the rest waits for.
    """
    from canonry.app.campaign.objects import objects
    from canonry.catalogue.load import load
    from canonry.cli.books import open_book
    from canonry.render import json as as_json
    from canonry.render.campaign import built_text

    call = invocation()
    if output is not None and output.suffix.lower() != ".xlsx":
        raise UsageError(f"{output} is no .xlsx file", f"Say -o {output.stem or 'plan'}.xlsx")
    root = call.root()
    book = open_book(root)
    with call.tree() as tree:
        catalogue = load(tree).value
    found = objects(catalogue, book, campaign_key(catalogue, slug))
    if output is not None:
        write_plan(output, catalogue, book, found)
    recorded = _record(root, found, call.today) if record else None
    answer = found.to_json(recorded)
    if form == "json":
        say(as_json.document(answer))
    else:
        labels = {item.platform: book.label(item.platform) for item in found.items if item.platform}
        say(built_text(answer, labels, palette(), output=str(output) if output else None))
    return 1 if found.open or not found.items else 0


def campaign_key(catalogue: Catalogue, slug: str) -> str:
    """The registry id of a campaign named by slug or id. Raises `NotFoundError`."""
    from canonry.app.directory import NotFoundError, entries, find, near

    known = [entry for entry in entries(catalogue) if entry.kind == "campaigns"]
    try:
        return str(find(known, slug).id).rpartition("/")[2]
    except NotFoundError as error:
        path = f"registry/campaigns/{slug}.yaml"
        if path in catalogue.broken:
            raise UsageError(
                f"{path} has errors, so there is no such campaign", f"canonry lint {path}"
            ) from None
        raise NotFoundError(slug, error.near or near(known, slug), "campaign") from None


def write_plan(path: Path, catalogue: Catalogue, book: Book, found: Objects) -> None:
    """The campaign's workbook, whole or not at all. Raises `TableError`."""
    from canonry.adapters.tables import replacing
    from canonry.adapters.workbooks import WorkbookWriter
    from canonry.app.campaign.sheets import workbook

    with replacing(path) as draft, WorkbookWriter.create(draft) as writer:
        for sheet in workbook(catalogue, book, found):
            writer.sheet(sheet.name)
            for number, row in enumerate(sheet.rows):
                writer.row(row)
                if number in sheet.codes:
                    writer.picture(len(row) - 1, _code(sheet.codes[number]), height=110)


def _code(text: str) -> bytes:
    import io

    import segno

    buffer = io.BytesIO()
    segno.make_qr(text, error="m").save(buffer, kind="png", scale=3, border=4)
    return buffer.getvalue()


def _record(root: Path, found: Objects, today: Any) -> int:
    """How many links were not yet in the campaign's file."""
    from canonry.adapters.files import write
    from canonry.app.campaign import issued

    path = issued.path_of(found.key)
    file = root / path
    data, count = issued.added(file.read_bytes() if file.is_file() else b"", found.items, today)
    if count:
        write(root, {path: data})
    return count
