"""`canonry utm`."""

from __future__ import annotations

from pathlib import Path

import click

from canonry.cli.group import NearestGroup
from canonry.cli.options import examples, format_option, global_options


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
        "canonry utm build newsletter --campaign spring --url https://www.example.com/sofas link=hero",
        "canonry utm build flyer --url https://www.example.com/ --qr flyer.svg",
    )
)
@click.argument("target", metavar="[FORMAT-or-PLATFORM]", required=False)
@click.argument("fields", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option("--url", metavar="URL", help="Landing page (default: the campaign's).")
@click.option("--campaign", metavar="SLUG", help="Registered campaign that fills in what it knows.")
@click.option("--platform", metavar="NAME", help="Where the link will run, if TARGET is a format.")
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
