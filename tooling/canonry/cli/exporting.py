"""`canonry export`: live contracts in the forms of other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from canonry.cli.export_map import map_
from canonry.cli.group import NearestGroup
from canonry.cli.options import examples, format_option, global_options, invocation, palette, say

_FORMS: Final = {
    "segment": "A tracking plan for Segment: the rules that its Public API takes.",
    "rudderstack": "A tracking plan for RudderStack: the events that its Data Catalog API takes.",
    "iglu": "Self-describing JSON Schemas (draft 4) for an Iglu static registry.",
    "odcs": "Open Data Contracts (v3.2.0), one YAML file each.",
    "bigquery": "BigQuery table schemas, one JSON file each.",
    "csv": "Events, traits and words as CSV sheets.",
}


@click.group(
    cls=NearestGroup,
    epilog=examples("canonry export segment -o plan", "canonry export map -o names.csv"),
)
@global_options
def export() -> None:
    """Write what other tools take or join with: live events and traits, or a map of names.

    What a form cannot express is listed, so that nobody takes the copy for the contract.
    """


def _command(form: str, summary: str) -> click.Command:
    @export.command(form, help=summary, epilog=examples(f"canonry export {form} -o out"))
    @click.option(
        "-o",
        "--output",
        required=True,
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="Folder to write to; files of the same names are replaced.",
    )
    @format_option()
    @global_options
    def command(*, output: Path, form: str, kind: str = form) -> int:
        from canonry.adapters.files import write
        from canonry.app.exchange import exported
        from canonry.catalogue.load import load
        from canonry.render import exchange
        from canonry.render import json as as_json

        with invocation().tree() as tree:
            catalogue = load(tree).value
        made = exported(catalogue, kind)
        output.mkdir(parents=True, exist_ok=True)
        write(output, dict(made.files))
        if form == "json":
            say(as_json.document(exchange.export_document(made, str(output))))
        else:
            say(exchange.export_text(made, str(output), palette()))
        return 0

    found: click.Command = command
    return found


for _form, _summary in _FORMS.items():
    _command(_form, _summary)
export.add_command(map_)
