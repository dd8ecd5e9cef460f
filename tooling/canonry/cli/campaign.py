"""`canonry campaign`."""

from __future__ import annotations

import click

from canonry.cli.campaign_build import build
from canonry.cli.campaign_check import check
from canonry.cli.campaign_import import import_plan
from canonry.cli.campaign_links import links
from canonry.cli.campaign_new import new
from canonry.cli.group import NearestGroup
from canonry.cli.options import examples, format_option, global_options, invocation, palette, say


@click.group(
    cls=NearestGroup,
    epilog=examples(
        "canonry campaign list",
        "canonry campaign show winter-living-weeks",
        'canonry campaign new "Spring sofa weeks" --on paid_social:meta --on newsletter',
        "canonry campaign build winter-living-weeks -o plan.xlsx",
    ),
)
@global_options
def campaign() -> None:
    """Register campaigns, build what they consist of, and look them up."""


@campaign.command("list", epilog=examples("canonry campaign list", "canonry campaign list --status live"))
@click.option(
    "--status",
    type=click.Choice(["planned", "live", "ended", "cancelled"]),
    help="Only campaigns of this status.",
)
@format_option()
@global_options
def list_campaigns(*, status: str | None, form: str) -> int:
    """List the registered campaigns, the latest first."""
    from canonry.catalogue.load import load
    from canonry.render import catalogue as pages
    from canonry.render import json as as_json

    with invocation().tree() as tree:
        catalogue = load(tree).value
    found = sorted(
        ((key, each) for key, each in catalogue.campaigns.items() if status in (None, each.status)),
        key=lambda pair: (pair[1].start, pair[0]),
        reverse=True,
    )
    if form == "json":
        items = [
            {
                "id": key,
                "slug": each.slug,
                "label": each.label,
                "status": each.status,
                "start": each.start,
                "end": each.end,
                "owner": each.owner,
            }
            for key, each in found
        ]
        say(as_json.document({"items": items}))
        return 0
    rows = [
        [key, each.slug, f"{each.start} to {each.end}", f"{each.status}, {each.owner}"] for key, each in found
    ]
    say(pages.table(rows, palette=palette()) or "  none yet; canonry campaign new registers one")
    return 0


@campaign.command(
    epilog=examples("canonry campaign show winter-living-weeks", "canonry campaign show tx7nrz")
)
@click.argument("slug", metavar="SLUG-or-ID")
@format_option()
@global_options
def show(*, slug: str, form: str) -> int:
    """Show one campaign: its fields, channels, audiences and agreed decisions."""
    from canonry.app.card import card
    from canonry.app.directory import NotFoundError, entries, find, near
    from canonry.catalogue.load import load
    from canonry.render import catalogue as pages
    from canonry.render import json as as_json

    with invocation().tree() as tree:
        catalogue = load(tree).value
    known = [entry for entry in entries(catalogue) if entry.kind == "campaigns"]
    try:
        found = card(catalogue, find(known, slug))
    except NotFoundError as error:
        raise NotFoundError(slug, error.near or near(known, slug), "campaign") from None
    say(as_json.document(found) if form == "json" else pages.entry(found, palette()))
    return 0


for each in (new, build, import_plan, check, links):
    campaign.add_command(each)
