"""`canonry export map`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Unpack

import click

from canonry.cli.options import (
    SourceOptions,
    columns,
    examples,
    format_option,
    global_options,
    invocation,
    palette,
    say,
    source_options,
)


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
@source_options
@format_option()
@global_options
def map_(*, output: Path | None, seed: Path | None, form: str, **read: Unpack[SourceOptions]) -> int:
    """Write which canonical fields every observed value stands for.

    History cannot be renamed: what was delivered under an old spelling keeps it in every report. Join reports
    with this table instead. What cannot be read has no row.
    """
    from canonry.app.auditing import translated
    from canonry.cli.auditing import Desk
    from canonry.cli.exports import settle
    from canonry.kernel.errors import UsageError
    from canonry.render import audits
    from canonry.render import json as as_json

    if output is None and seed is None and form == "text":
        raise UsageError("there is nowhere to write to", "Say -o names.csv, or --seed seeds/names.csv")
    desk = Desk(invocation(), idle=True)
    sources = desk.sources(**read)
    table, gaps = translated(desk.standard, sources, desk.options)
    rows = joinable(table)
    write(rows, output, seed)
    settle(sources)
    if form == "json":
        header, *body = rows
        told = [dict(zip(header, row, strict=True)) for row in body]
        say(as_json.document({"rows": told, "gaps": [{"what": g.what, "why": g.why} for g in gaps]}))
    else:
        say(f"{len(rows) - 1:,} observed values and what they stand for.")
        for path in filter(None, (output, seed, seed and seed.with_suffix(".yml"))):
            say(f"Written: {path}")
        if gaps:
            say(audits.unread_text(gaps, "nothing of it is in the table", palette(), columns()))
    return 3 if gaps else 0


def joinable(table: Iterable[list[str]]) -> list[list[str]]:
    """The rows that can be written as they were seen: another text finds nothing when it is joined with."""
    from canonry.kernel.formulas import defused
    from canonry.render.plain import visible

    return [row for row in table if all(cell == visible(cell) == defused(cell) for cell in row)]


def write(rows: Sequence[list[str]], output: Path | None, seed: Path | None) -> None:
    """The table, and the same as a seed with the file that types its columns."""
    from canonry.adapters.tables import create_table, replacing

    for path in filter(None, (output, seed)):
        with create_table(path) as writer:
            writer.sheet("Names")
            for row in rows:
                writer.row(row)
    if seed is not None:
        with replacing(seed.with_suffix(".yml")) as draft:
            draft.write_text(_schema(seed.stem, rows[0]), encoding="utf-8")


_TEXT: Final = (
    "{{ {'bigquery': 'string', 'spark': 'string', 'databricks': 'string', 'redshift': 'varchar(2048)'}"
    ".get(target.type, 'varchar') }}"
)
"""What a text is called in the warehouse that the seed is loaded into: there is no word for all."""


def _schema(name: str, header: list[str]) -> str:
    """What a seed's loader has to know: ids are text, whatever they look like."""
    first, *others = map(json.dumps, header)
    columns = "".join(f"        {column}: *text\n" for column in others)
    return (
        f"version: 2\nseeds:\n  - name: {json.dumps(name)}\n    config:\n      column_types:\n"
        f'        {first}: &text "{_TEXT}"\n{columns}'
    )
