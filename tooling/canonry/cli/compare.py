"""`canonry compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from canonry.cli.options import examples, format_option, global_options, palette, say
from canonry.kernel.errors import CanonryError, UsageError

if TYPE_CHECKING:
    from canonry.kernel.jsonvalue import Json

EXIT_CODES: Final = {"proved": 0, "broken": 1, "undecided": 3}


class BadSchemaError(CanonryError):
    """One of the two documents cannot be compared; `cause` says why."""

    def __init__(self, path: str, cause: CanonryError) -> None:
        super().__init__(path, cause)
        self.path = path
        self.cause = cause

    def __str__(self) -> str:
        return f"{self.path}: {self.cause}"

    def advice(self) -> str:
        """What the cause advises."""
        return self.cause.advice()


@click.command(
    epilog=examples(
        "canonry compare old.json new.json",
        "canonry compare old.json new.json --direction full --reading declared",
        "git show main:order.json | canonry compare - order.json --format json",
    )
)
@click.argument("old")
@click.argument("new")
@click.option(
    "--direction",
    type=click.Choice(["backward", "forward", "full"]),
    default="backward",
    show_default=True,
    help="backward: NEW accepts all that OLD does; forward: the reverse; full: both.",
)
@click.option(
    "--reading",
    type=click.Choice(["strict", "declared"]),
    default="strict",
    show_default=True,
    help="declared: writers send only what is declared, readers ignore the rest.",
)
@click.option(
    "--format-assertion/--no-format-assertion",
    default=None,
    help="Whether `format` asserts (default: in declared only).",
)
@format_option()
@global_options
def compare(
    *, old: str, new: str, direction: Any, reading: Any, format_assertion: bool | None, form: str
) -> int:
    """Decide whether one JSON Schema contains another.

    OLD and NEW are files, or - for standard input. Draft 4 to 2020-12; nothing is fetched. The verdict is
    proved (exit code 0), broken with a payload that shows it (1), or undecided with the reason (3).
    """
    from canonry.adapters.jsonfiles import read_json
    from canonry.render import comparison as render
    from canonry.schema import compare as decide

    if old == "-" and new == "-":
        raise UsageError("both OLD and NEW are standard input", "Give a file for one of them.")
    documents = (read_json(old), read_json(new))
    try:
        compared = decide(*documents, direction=direction, reading=reading, format_assertion=format_assertion)
    except CanonryError as error:
        raise _attributed((old, new), documents, error) from error
    names = (_name(old), _name(new))
    say(render.document(compared) if form == "json" else render.text(compared, *names, palette()))
    return EXIT_CODES[compared.verdict]


def _attributed(paths: tuple[str, str], documents: tuple[Json, Json], error: CanonryError) -> CanonryError:
    """The error with the file that it comes from."""
    from canonry.schema.resources import Schema

    for path, document in zip(paths, documents, strict=True):
        try:
            Schema.load(document)
        except CanonryError as cause:
            return BadSchemaError(_name(path), cause)
    return error


def _name(path: str) -> str:
    return "standard input" if path == "-" else path
