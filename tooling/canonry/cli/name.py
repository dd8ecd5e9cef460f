"""`canonry name`."""

from __future__ import annotations

from pathlib import Path

import click

from canonry.cli.group import NearestGroup
from canonry.cli.options import batch_options, examples, fail_on_option, format_option, global_options
from canonry.kernel.findings import Level


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
@click.option(
    "--file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="File with a name per line, or a CSV or XLSX sheet.",
)
@click.option("--column", metavar="NAME", help="Column of the sheet that holds the names.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT",
    help="Write the sheet again, with what each name says (.csv or .xlsx).",
)
@fail_on_option
@format_option("text", "json", "jsonl")
@global_options
def parse(
    *,
    names: tuple[str, ...],
    only: str | None,
    file: Path | None,
    column: str | None,
    output: Path | None,
    fail_on: Level,
    form: str,
) -> int:
    """Read names: what they say, what is wrong, and the corrected name."""
    from canonry.cli.reading import run_parse

    return run_parse("name", names, file, output, form=form, fail_on=fail_on, only=only, column=column)


@name.command(
    epilog=examples(
        "canonry name batch --template ad -o blank.xlsx", "canonry name batch filled.xlsx -o names.xlsx"
    )
)
@click.argument("sheet", metavar="[IN]", required=False, type=click.Path(path_type=Path))
@batch_options
@format_option()
@global_options
def batch(
    *,
    sheet: Path | None,
    output: Path,
    template: str | None,
    use: str | None,
    tab: str | None,
    campaign: str | None,
    platform: str | None,
    sets: tuple[str, ...],
    form: str,
) -> int:
    """Build the names of a CSV or XLSX sheet.

    Columns are named after fields; `format` and `campaign` say the rest. Every row comes back in its place,
    with its name or with what is wrong. `-` reads standard input.
    """
    from canonry.app.batch import Defaults
    from canonry.cli.batches import run_batch
    from canonry.cli.building import pairs

    defaults = Defaults("name", use, platform, campaign, fields=pairs(sets))
    return run_batch("name", sheet, output, template=template, sheet=tab, defaults=defaults, form=form)
