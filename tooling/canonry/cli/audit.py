"""`canonry audit`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Unpack

import click

from canonry.cli.group import NearestGroup
from canonry.cli.options import (
    SourceOptions,
    examples,
    fail_on_option,
    format_option,
    global_options,
    invocation,
    source_options,
)
from canonry.kernel.findings import Level


@click.group(
    cls=NearestGroup,
    epilog=examples("canonry audit run", "canonry audit run --file sessions.csv", "canonry audit history"),
)
@global_options
def audit() -> None:
    """Hold what the platforms say against what the registry says."""


@audit.command(
    epilog=examples(
        "canonry audit run",
        "canonry audit run --file sessions.parquet --as ga4_sessions",
        "canonry audit run --from 2026-11-16 --to 2026-11-22 -o report.html -o findings.xlsx",
    )
)
@source_options
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="First day.")
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Last day.")
@click.option("--idle", is_flag=True, help="Judge also what delivered nothing in the period.")
@click.option(
    "--record/--no-record",
    default=None,
    help="Enter the run into registry/history.jsonl (default: unless --file is given).",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT",
    help="Also write .html, .md, .xlsx, .csv, .json, .xml (JUnit) or .sarif; may be given again.",
)
@fail_on_option
@format_option("text", "json", "markdown", "junit", "sarif")
@global_options
def run(
    *,
    start: datetime | None,
    end: datetime | None,
    idle: bool,
    record: bool | None,
    outputs: tuple[Path, ...],
    fail_on: Level,
    form: str,
    **read: Unpack[SourceOptions],
) -> int:
    """Judge what was delivered, and say what to fix first.

    Reads the sources of registry/audit.yaml, or the files named with --file. What could not be read is
    said first, and the exit code is then 3 or worse.
    """
    from canonry.cli.auditing import Desk

    desk = Desk(invocation(), start, end, idle=idle)
    kept = not read["files"] if record is None else record
    return desk.run(desk.sources(**read), record=kept, outputs=outputs, fail_on=fail_on, form=form)


@audit.command(epilog=examples("canonry audit history", "canonry audit history --format json"))
@click.option("--runs", type=click.IntRange(1), default=12, show_default=True, help="How many runs to show.")
@format_option()
@global_options
def history(*, runs: int, form: str) -> int:
    """Show the trend: what was found, fixed and grandfathered in earlier runs."""
    from canonry.cli.auditing import Desk

    return Desk(invocation()).history(runs, form)


@audit.command(
    epilog=examples(
        "canonry audit baseline", "canonry audit baseline --source meta-ads-dach", "git diff registry/"
    )
)
@source_options
@format_option()
@global_options
def baseline(*, form: str, **read: Unpack[SourceOptions]) -> int:
    """Grandfather everything that is wrong today: write registry/baseline.jsonl.

    A grandfathered object counts in one line of the report, until it is renamed, copied or changed, or
    until the day `enforce_from` of audit.yaml.
    """
    from canonry.cli.auditing import Desk

    desk = Desk(invocation(), idle=True)
    return desk.baseline(desk.sources(**read), form)


@audit.command(
    "fix-sheet",
    epilog=examples("canonry audit fix-sheet", "canonry audit fix-sheet -o sheets --source meta-ads-dach"),
)
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("fix-sheets"),
    show_default=True,
    metavar="DIR",
    help="Folder for the sheets.",
)
@source_options
@format_option()
@global_options
def fix_sheet(*, folder: Path, form: str, **read: Unpack[SourceOptions]) -> int:
    """Write sheets that rename and relink, in the layout of each platform's bulk upload.

    Every row says what it does to what is running: `effect` is none, review, or new object needed.
    """
    from canonry.cli.auditing import Desk

    desk = Desk(invocation())
    return desk.fix_sheets(desk.sources(**read), folder, form)
