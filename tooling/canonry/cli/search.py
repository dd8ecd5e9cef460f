"""`canonry search`."""

from __future__ import annotations

import click

from canonry.cli.options import examples, format_option, global_options, invocation, palette, say


@click.command(
    epilog=examples("canonry search cart", "canonry search add_to_cart", "canonry search united kingdom")
)
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1), default=12, show_default=True, help="How many to show.")
@format_option()
@global_options
def search(*, words: tuple[str, ...], limit: int, form: str) -> int:
    """Find contracts, words, platforms and campaigns by WORDS, wherever they stand.

    Names, aliases, properties, allowed values, words of vocabularies, the platforms' own names for events and
    properties, and descriptions are searched; the best match comes first.
    """
    from canonry.app import search as use_case
    from canonry.app.directory import entries
    from canonry.catalogue.load import load
    from canonry.render import catalogue as pages
    from canonry.render import json as as_json
    from canonry.render.plain import visible

    with invocation().tree() as tree:
        known = entries(load(tree).value)
    hits = use_case.search(known, words)
    shown = [
        (hit.entry.to_json(), [f"{term.what}: {term.text}" for term in hit.terms])
        for hit in hits.found[:limit]
    ]
    if form == "json":
        found = [{**item, "matches": reasons} for item, reasons in shown]
        say(as_json.document({"items": found, "total": len(hits.found), "instead": list(hits.instead)}))
        return 0
    asked = visible(" ".join(words))
    if hits.instead:
        say(f"Nothing says {asked}; the nearest is {visible(' '.join(hits.instead))}.\n")
    if not shown:
        say(f"Nothing in the registry says {asked}. canonry list shows what there is.")
        return 0
    say(pages.hits(shown, palette()))
    if len(hits.found) > limit:
        say(f"\n{len(hits.found) - limit} more: --limit {len(hits.found)} shows them.")
    return 0
