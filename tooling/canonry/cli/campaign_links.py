"""`canonry campaign links`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from canonry.cli.campaign_build import campaign_key
from canonry.cli.options import examples, format_option, global_options, invocation, say


@click.command(
    epilog=examples(
        "canonry campaign links winter-living-weeks",
        "canonry campaign links winter-living-weeks --file ga4-sessions.csv",
    )
)
@click.argument("slug", metavar="SLUG-or-ID")
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="EXPORT",
    help="Export of what was seen: sessions by tags, or ads with their links; repeat.",
)
@format_option()
@global_options
def links(*, slug: str, files: tuple[Path, ...], form: str) -> int:
    """Show the links that were handed out, and hold them against what was seen.

    With --file: issued and never seen, seen and never issued. 1 where there is any of either.
    """
    from canonry.app.campaign import issued
    from canonry.catalogue.load import load
    from canonry.render import json as as_json
    from canonry.render.plain import visible, wrapped

    call = invocation()
    with call.tree() as tree:
        catalogue = load(tree).value
    key = campaign_key(catalogue, slug)
    file = call.root() / issued.path_of(key)
    data = file.read_bytes() if file.is_file() else b""
    entries = list(issued.read(data))

    def macros(platform: str) -> Iterator[str]:
        known = catalogue.platforms.get(platform)
        return (macro.macro for macro in known.macros) if known else iter(())

    unseen, strange = issued.compared(data, key, _seen(files), macros) if files else ([], [])
    if form == "json":
        document = {"id": key, "issued": entries, "never_seen": unseen, "never_issued": strange}
        say(as_json.document(document if files else {"id": key, "issued": entries}))
        return 1 if unseen or strange else 0
    if not files:
        say("\n".join(f"{entry.get('issued', '')}  {visible(entry['link'])}" for entry in entries))
        say(f"{len(entries):,} links were issued for {visible(slug)}; campaign build --record keeps them.")
        return 0
    lines = [wrapped(f"never seen: {entry['link']}", indent="  ", hanging="    ") for entry in unseen]
    for params in strange:
        told = "&".join(f"{name}={value}" for name, value in params.items())
        lines.append(wrapped(f"never issued: {told}", indent="  ", hanging="    "))
    counts = f"{len(entries):,} issued, {len(unseen):,} of them never seen"
    lines.append(f"{counts}; {len(strange):,} seen and never issued.")
    say("\n".join(lines))
    return 1 if unseen or strange else 0


def _seen(files: tuple[Path, ...]) -> Iterator[dict[str, str]]:
    """The parameters of every link and tag in some exports. Raises `UsageError` where a file says nothing."""
    from canonry.adapters.exports.files import FileSource
    from canonry.audit.observation import Level
    from canonry.audit.source import Gap, Period
    from canonry.kernel.errors import UsageError
    from canonry.naming.codec import split, unquote

    for path in files:
        for each in FileSource(path.name, [path]).read(Period()):
            if isinstance(each, Gap):
                raise UsageError(f"{each.what}: {each.why}", each.hint)
            if each.level is Level.LINK:
                _, pairs, _ = split(each.value)
                yield {unquote(name) or name: unquote(value) or value for name, value in pairs}
            elif each.level is Level.TAGS:
                yield dict(each.params)
