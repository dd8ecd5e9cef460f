"""`canonry utm`."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from canonry.cli.group import NearestGroup
from canonry.cli.options import (
    BatchOptions,
    ReadingOptions,
    batch_options,
    examples,
    format_option,
    global_options,
    reading_options,
)


@click.group(
    cls=NearestGroup,
    epilog=examples(
        "canonry utm build meta --campaign winter-living-weeks", "canonry utm parse 'https://...'"
    ),
)
@global_options
def utm() -> None:
    """Build and read campaign links, one or a sheet of them."""


@utm.command(
    epilog=examples(
        "canonry utm build meta --campaign winter-living-weeks",
        "canonry utm build newsletter --campaign winter-living-weeks link=footer",
        "canonry utm build offline_qr --campaign nordic-garden-spring --qr poster.svg",
    )
)
@click.argument("target", metavar="[FORMAT-or-PLATFORM]", required=False)
@click.argument("fields", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option("--url", metavar="URL", help="Landing page (default: the campaign's).")
@click.option("--campaign", metavar="SLUG", help="Registered campaign that fills in what it knows.")
@click.option("--platform", metavar="NAME", help="Where the link will run, if you named a format.")
@click.option(
    "--as",
    "way",
    type=click.Choice(["url", "suffix", "params"]),
    help="Whole URL, parameters in one piece, or one by one (default: what the platform asks for).",
)
@click.option(
    "--macros/--no-macros",
    default=None,
    help="Write what the platform fills in as its macros (default: where it has some).",
)
@click.option(
    "--qr", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Also draw a .svg or .png."
)
@format_option()
@global_options
def build(
    *,
    target: str | None,
    fields: tuple[str, ...],
    url: str | None,
    campaign: str | None,
    platform: str | None,
    way: str | None,
    macros: bool | None,
    qr: Path | None,
    form: str,
) -> int:
    """Build one link.

    Name a format (paid_social), one of its aliases, or the platform it is for (meta). On a terminal you are
    asked for whatever is missing; words that are nearly right are set right. Links inside our own sites are
    refused, since tags there overwrite where the visitor came from.
    """
    from canonry.cli.building import run_build

    return run_build(
        "utm",
        target,
        fields,
        form=form,
        campaign=campaign,
        platform=platform,
        url=url,
        way=way,
        macros=macros,
        qr=qr,
    )


@utm.command(
    epilog=examples(
        "canonry utm parse 'https://www.example.com/?utm_source=fb&utm_medium=paid_social'",
        "canonry utm parse links.txt",
        "canonry utm parse links.xlsx -o checked.xlsx",
    )
)
@click.argument("links", nargs=-1, metavar="[LINK]...")
@reading_options("link")
@global_options
def parse(*, links: tuple[str, ...], **given: Unpack[ReadingOptions]) -> int:
    """Read links: what they say, their channel, what is wrong, and the corrected link.

    Put links in single quotes, or your shell cuts them at `&`. Without a link or a file, paste links into the
    command, one per line.
    """
    from canonry.cli.reading import run_parse

    return run_parse("utm", links, **given)


@utm.command(
    epilog=examples(
        "canonry utm batch --template paid_social -o blank.xlsx",
        "canonry utm batch filled.xlsx -o links.xlsx",
        "canonry utm batch plan.csv -o links.csv --use newsletter --campaign winter-living-weeks",
    )
)
@batch_options
@click.option("--url", metavar="URL", help="Landing page of rows that have none.")
@click.option(
    "--as",
    "way",
    type=click.Choice(["url", "suffix"]),
    help="Whole links, or parameters alone (default: whole links).",
)
@click.option("--macros/--no-macros", default=None, help="Write macros (default: where a platform has some).")
@global_options
def batch(*, url: str | None, way: str | None, macros: bool | None, **given: Unpack[BatchOptions]) -> int:
    """Build the links of a CSV or XLSX sheet.

    Columns are named after fields; `format`, `platform`, `campaign` and `url` say the rest. Every row comes
    back in its place, with its link or with what is wrong. `-` reads standard input.
    """
    from canonry.cli.batches import run_batch

    return run_batch("utm", given, url=url, way=way, macros=macros)
