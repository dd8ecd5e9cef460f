"""`canonry list`."""

from __future__ import annotations

import click

from canonry.cli.options import examples, format_option, global_options, invocation, palette, say


@click.command(
    "list",
    epilog=examples("canonry list", "canonry list utm", "canonry list campaigns --format json"),
)
@click.argument("section", required=False)
@format_option()
@global_options
def listing(*, section: str | None, form: str) -> int:
    """List what the registry holds: all sections in numbers, or one SECTION by name.

    Sections: events, traits, segments, utm, creatives, objects, common, vocabularies, platforms, campaigns,
    accounts, teams, channel_groups.
    """
    from collections import Counter

    from canonry.app.directory import SECTIONS, NotFoundError, entries
    from canonry.catalogue.load import load
    from canonry.naming.suggest import nearest
    from canonry.render import catalogue as pages
    from canonry.render import json as as_json

    with invocation().tree() as tree:
        known = entries(load(tree).value)
    if section is None:
        counted = Counter(entry.kind for entry in known)
        counts = {name: counted[name] for name in SECTIONS}
        say(
            as_json.document({"sections": counts})
            if form == "json"
            else pages.section_counts(counts, palette())
        )
        return 0
    wanted = section.strip("/").lower()
    wanted = next((name for name in SECTIONS if wanted in (name, name.rstrip("s"))), wanted)
    wanted = {"vocabulary": "vocabularies", "vocab": "vocabularies"}.get(wanted, wanted)
    if wanted not in SECTIONS:
        near = nearest(section, SECTIONS)
        raise NotFoundError(section, (near,) if near else SECTIONS, "section")
    items = [entry.to_json() for entry in known if entry.kind == wanted]
    say(as_json.document({"items": items}) if form == "json" else pages.listing(items, palette()))
    return 0
