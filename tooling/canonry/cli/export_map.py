"""`canonry export map`."""

from __future__ import annotations

from pathlib import Path

import click

from canonry.cli.options import examples, format_option, global_options, invocation, say


@click.command(
    "map",
    epilog=examples(
        "canonry export map -o names.csv",
        "canonry export map --seed seeds/canonry_names.csv --source meta-ads-dach",
        "canonry export map --file sessions.csv -o names.csv",
    ),
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT",
    help="The table, .csv or .xlsx.",
)
@click.option(
    "--seed",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="CSV",
    help="Also a warehouse's seed: the same rows, and NAME.yml beside it that types every column as text.",
)
@click.option("--source", "wanted", multiple=True, metavar="KEY", help="Only this source of audit.yaml.")
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="An export to read instead; may be given again.",
)
@click.option("--as", "mapping", metavar="MAPPING", help="What the file is.")
@click.option("--account", metavar="KEY", help="The account of the file, a key of accounts.yaml.")
@format_option()
@global_options
def map_(
    *,
    output: Path | None,
    seed: Path | None,
    wanted: tuple[str, ...],
    files: tuple[Path, ...],
    mapping: str | None,
    account: str | None,
    form: str,
) -> int:
    """Write which canonical fields every observed value stands for.

    History cannot be renamed: what was delivered under an old spelling keeps it in every report. Join reports
    with this table instead. What cannot be read has no row.
    """
    from canonry.adapters.tables import create_table, replacing
    from canonry.app.auditing import translated
    from canonry.cli.auditing import Desk
    from canonry.kernel.errors import UsageError
    from canonry.render import json as as_json
    from canonry.render.plain import visible

    if output is None and seed is None and form == "text":
        raise UsageError("there is nowhere to write to", "Say -o names.csv, or --seed seeds/names.csv")
    desk = Desk(invocation(), idle=True)
    sources = desk.sources(files, mapping, (), account, None, wanted)
    table, gaps = translated(desk.standard, sources, desk.options)
    rows = [[visible(cell) for cell in row] for row in table]
    for path in filter(None, (output, seed)):
        with create_table(path) as writer:
            writer.sheet("Names")
            for row in rows:
                writer.row(row)
    if seed is not None:
        with replacing(seed.with_suffix(".yml")) as draft:
            draft.write_text(_schema(seed.stem, rows[0]), encoding="utf-8")
    if form == "json":
        header, *body = rows
        told = [dict(zip(header, row, strict=True)) for row in body]
        say(as_json.document({"rows": told, "gaps": [{"what": g.what, "why": g.why} for g in gaps]}))
    else:
        say(f"{len(rows) - 1:,} observed values and what they stand for.")
        for gap in gaps:
            say(visible(f"Not read: {gap.what}: {gap.why}"))
    return 3 if gaps else 0


def _schema(name: str, header: list[str]) -> str:
    """What a seed's loader has to know: ids are text, whatever they look like."""
    columns = "".join(f"          {column}: varchar\n" for column in header)
    return f"version: 2\nseeds:\n  - name: {name}\n    config:\n      column_types:\n{columns}".replace(
        "          ", "        "
    )
