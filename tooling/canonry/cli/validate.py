"""`canonry validate`."""

from __future__ import annotations

from typing import Any

import click

from canonry.cli.options import examples, format_option, global_options, invocation, palette, say


def _judge(given: Any) -> Any:
    from canonry.app.judge import Judge

    return Judge(given).lines


@click.command(
    epilog=examples(
        "canonry validate events.jsonl",
        "canonry validate --contract /events/order_completed/v1 orders.jsonl.gz",
        "zcat events.gz | canonry validate --format json -",
    )
)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
@click.option("--contract", metavar="ID", help="Every line is a payload of this contract.")
@click.option(
    "--first", type=click.IntRange(0), default=10, show_default=True, help="How many failures to show."
)
@click.option("--jobs", type=click.IntRange(1), help="How many processes (default: one per processor).")
@format_option()
@global_options
def validate(*, files: tuple[str, ...], contract: str | None, first: int, jobs: int | None, form: str) -> int:
    """Judge events as JSON lines by their contracts: plain files, .gz, or - for standard input.

    A line names its event (`contract` or `event`) and holds the payload under `properties`, as the client and
    Segment write it; with --contract it is the payload itself. Values are not printed.
    """
    from dataclasses import replace

    from canonry.adapters.jsonlines import blocks, cores, judged, size
    from canonry.app.validate import Tally, table, total
    from canonry.catalogue.load import load
    from canonry.render import validation

    call = invocation()
    with call.tree() as tree:
        given = replace(table(load(tree).value, contract), expected=size(files))
    judge = _judge(given)
    tallies: dict[str, Tally] = {}
    for path in files:
        parts = judged(blocks(path), judge, _judge, given, processes=jobs or cores())
        tallies[path] = total(parts, first)
    everything = Tally()
    failures = []
    for path, tally in tallies.items():
        failures += [(path, one.line, one.contract, one.problems) for one in tally.failures]
        everything.add(tally, first)
    counts = {
        name: (everything.right.get(name, 0), everything.wrong.get(name, 0))
        for name in {*everything.right, *everything.wrong}
    }
    failures = failures[:first]
    if form == "json":
        unknown = {
            "unknown_events": everything.unknown_events,
            "unknown_properties": [
                {"contract": owner, "property": name, "lines": number}
                for (owner, name), number in everything.unknown_properties.items()
            ],
        }
        say(validation.json(counts, failures, everything.lines, unknown))
    else:
        say(validation.text(counts, failures, everything.lines, palette()))
    return 0 if everything.ok else 1
