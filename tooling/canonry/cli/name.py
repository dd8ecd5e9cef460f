"""`canonry name`."""

from __future__ import annotations

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
        "canonry name build meta_campaign --campaign winter-living-weeks", "canonry name parse '...'"
    ),
)
@global_options
def name() -> None:
    """Build and read names of campaigns, ads, audiences and creatives."""


@name.command(
    epilog=examples(
        "canonry name build meta_campaign --campaign winter-living-weeks",
        "canonry name build ad format=video size=9x16 concept=offer",
    )
)
@click.argument("target", metavar="[FORMAT-or-PLATFORM]", required=False)
@click.argument("fields", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option("--campaign", metavar="SLUG", help="Registered campaign that fills in what it knows.")
@click.option("--platform", metavar="NAME", help="Where the name will be used, if it matters.")
@format_option()
@global_options
def build(
    *, target: str | None, fields: tuple[str, ...], campaign: str | None, platform: str | None, form: str
) -> int:
    """Build one name.

    Name a kind of object (meta_campaign), an alias, or a platform. On a terminal you are asked for whatever
    is missing; words that are nearly right are set right.
    """
    from canonry.cli.building import run_build

    return run_build("name", target, fields, form=form, campaign=campaign, platform=platform)


@name.command(
    epilog=examples(
        "canonry name parse acme_dach_sales_winter-living-weeks_202611_tx7nrz",
        "canonry name parse --of meta_ad names.txt",
    )
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--of", "only", metavar="FORMAT", help="Read as names of this format or platform only.")
@reading_options("name")
@global_options
def parse(*, names: tuple[str, ...], only: str | None, **given: Unpack[ReadingOptions]) -> int:
    """Read names: what they say, what is wrong, and the corrected name."""
    from canonry.cli.reading import run_parse

    return run_parse("name", names, only=only, **given)


@name.command(
    epilog=examples(
        "canonry name batch --template ad -o blank.xlsx", "canonry name batch filled.xlsx -o names.xlsx"
    )
)
@batch_options
@global_options
def batch(**given: Unpack[BatchOptions]) -> int:
    """Build the names of a CSV or XLSX sheet.

    Columns are named after fields; `format` and `campaign` say the rest. Every row comes back in its place,
    with its name or with what is wrong. `-` reads standard input.
    """
    from canonry.cli.batches import run_batch

    return run_batch("name", given)
