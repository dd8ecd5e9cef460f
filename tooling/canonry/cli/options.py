"""Options and parameter types that commands share, and what they stand for in one call of the program.

A command is a click command that parses, calls one use case, renders and returns its exit code as an `int`
(see `canonry.cli.main` for the codes). It raises `CanonryError` when it cannot run, and prints through `say`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypedDict, TypeVar

import click

from canonry.kernel.errors import CanonryError
from canonry.kernel.findings import Level

if TYPE_CHECKING:
    from canonry.catalogue.tree import Tree
    from canonry.render.text import Palette

F = TypeVar("F", bound=Callable[..., Any])

FINDING_FORMATS: Final = ("text", "json")

_COLUMNS: Final = 80
_NARROW: Final = 32
"""Columns: below that a word a line is no easier to read."""


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class NoRegistryError(CanonryError):
    """There is no registry here or above."""

    folder: Path
    asked: bool = False

    def __str__(self) -> str:
        where = "" if self.asked else " or above it"
        return f"there is no registry/registry.yaml in {self.folder}{where}"

    def advice(self) -> str:
        """Where the folder came from decides what to do."""
        if self.asked:
            return "--registry wants the folder that holds registry/ and contracts/"
        return "Run canonry inside a registry, or name one: --registry DIR (or set CANONRY_REGISTRY)"


@dataclass
class Invocation:
    """One call of the program: what its global options say, and its clock."""

    registry: Path | None = None

    def root(self) -> Path:
        """The folder that holds `registry/` and `contracts/`. Raises `NoRegistryError`."""
        from canonry.adapters.worktree import find_root

        if self.registry is not None:
            if not (self.registry / "registry" / "registry.yaml").is_file():
                raise NoRegistryError(self.registry, asked=True)
            return self.registry
        root = find_root(Path.cwd())
        if root is None:
            raise NoRegistryError(Path.cwd())
        return root

    @contextmanager
    def tree(self, *, staged: bool = False) -> Iterator[Tree]:
        """The registry's files: on disk, or as git would commit them."""
        root = self.root()
        if staged:
            from canonry.adapters.gitrepo import index_tree

            with index_tree(root) as index:
                yield index
        else:
            from canonry.adapters.worktree import DirectoryTree

            yield DirectoryTree(root)

    @property
    def today(self) -> date:
        """The day on which dates are judged."""
        from canonry.adapters.clock import today

        return today()


def invocation(ctx: click.Context | None = None) -> Invocation:
    """What holds for the running command."""
    return (ctx or click.get_current_context()).ensure_object(Invocation)


def _keep_registry(ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    if value is not None:
        invocation(ctx).registry = value


def registry_option(command: F) -> F:
    """`--registry DIR`, which every command takes; read it with `invocation().root()`."""
    return click.option(
        "--registry",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        callback=_keep_registry,
        expose_value=False,
        envvar="CANONRY_REGISTRY",
        help="Folder that holds registry/ and contracts/ (default: here or above).",
    )(command)


def debug_option(command: F) -> F:
    """`--debug`, which the error boundary looks for itself."""
    return click.option(
        "--debug", is_flag=True, expose_value=False, help="Show a traceback when something goes wrong."
    )(command)


def global_options(command: F) -> F:
    """What may stand before the command's name and after it."""
    return registry_option(debug_option(command))


def format_option(*formats: str) -> Callable[[F], F]:
    """`--format`, text by default; every command has text and json at least. The parameter is `form`."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats or FINDING_FORMATS),
        default="text",
        show_default=True,
        help="Text for people, json for programs.",
    )


def _level(_ctx: click.Context, _parameter: click.Parameter, value: str) -> Level:
    return Level.parse(value)


def fail_on_option(command: F) -> F:
    """`--fail-on LEVEL`, passed as a `Level` named `fail_on`."""
    return click.option(
        "--fail-on",
        type=click.Choice(["error", "warning", "note"]),
        default="error",
        show_default=True,
        callback=_level,
        help="Exit with 1 when there is a finding of this level or above.",
    )(command)


def examples(*lines: str) -> str:
    """The epilogue that every command's `--help` ends with."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


class ReadingOptions(TypedDict):
    """What `reading_options` gives a command."""

    file: Path | None
    column: str | None
    output: Path | None
    fail_on: Level
    form: str


def reading_options(noun: str) -> Callable[[F], F]:
    """What reading takes, whether of links or of names."""
    return _all(
        click.option(
            "--file",
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            metavar="FILE",
            help=f"File with a {noun} per line, or a CSV or XLSX sheet.",
        ),
        click.option("--column", metavar="NAME", help=f"Column of the sheet that holds the {noun}s."),
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="OUT",
            help=f"Write the sheet again, with what each {noun} says (.csv or .xlsx).",
        ),
        fail_on_option,
        format_option("text", "json", "jsonl"),
    )


class SourceOptions(TypedDict):
    """What `source_options` gives a command."""

    files: tuple[Path, ...]
    mapping: str | None
    columns: tuple[str, ...]
    account: str | None
    platform: str | None
    encoding: str | None
    wanted: tuple[str, ...]
    restart: bool


def source_options(command: F) -> F:
    """What an audit reads: files as they are described, or sources of `audit.yaml`."""
    return _all(
        click.option(
            "--file",
            "files",
            multiple=True,
            type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
            metavar="FILE",
            help="An export to read instead of the sources in audit.yaml, or - (stdin); may be given again.",
        ),
        click.option(
            "--as",
            "mapping",
            metavar="MAPPING",
            help="What the file is (default: the mapping that fits best).",
        ),
        click.option(
            "--column",
            "columns",
            multiple=True,
            metavar="ROLE=HEADING",
            help="Which column of the file says what.",
        ),
        click.option("--account", metavar="KEY", help="The account of the file, a key of accounts.yaml."),
        click.option(
            "--platform", metavar="NAME", help="The platform of the file, where it is of no account."
        ),
        click.option(
            "--encoding",
            metavar="NAME",
            help="How the letters of a file are written, if it does not show it (windows-1251, gb18030).",
        ),
        click.option(
            "--source", "wanted", multiple=True, metavar="KEY", help="Only this source of audit.yaml."
        ),
        click.option(
            "--restart",
            is_flag=True,
            help="Read platforms from the start, also where a run of today stopped.",
        ),
    )(command)


class BatchOptions(TypedDict):
    """What `batch_options` gives a command."""

    sheet: Path | None
    output: Path
    template: str | None
    use: str | None
    tab: str | None
    campaign: str | None
    platform: str | None
    sets: tuple[str, ...]
    form: str


def batch_options(command: F) -> F:
    """What building a sheet takes, whether of links or of names."""
    return _all(
        click.argument("sheet", metavar="[IN]", required=False, type=click.Path(path_type=Path)),
        click.option(
            "-o",
            "--output",
            required=True,
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="OUT",
            help="File to write, .csv or .xlsx; never the input.",
        ),
        click.option("--template", metavar="FORMAT", help="Write a blank sheet for this format instead."),
        click.option("--use", metavar="FORMAT", help="Format of rows that name none."),
        click.option("--sheet", "tab", metavar="NAME", help="Sheet of the workbook (default: all that fit)."),
        click.option("--campaign", metavar="SLUG", help="Campaign of rows that name none."),
        click.option("--platform", metavar="NAME", help="Platform of rows that name none."),
        click.option(
            "--set",
            "sets",
            multiple=True,
            metavar="FIELD=VALUE",
            help="Value of a field for rows without one.",
        ),
        format_option(),
    )(command)


def _all(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator; help lists them in this order."""

    def decorated(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorated


def palette() -> Palette:
    """Colours where standard output is a terminal that wants them (`NO_COLOR`, `TERM=dumb`)."""
    from canonry.cli.colours import terminal

    return terminal()


def columns() -> int:
    """How wide text for people is: 80 columns, or those of a narrower terminal."""
    import shutil
    import sys

    if not sys.stdout.isatty():
        return _COLUMNS
    return max(_NARROW, min(_COLUMNS, shutil.get_terminal_size((_COLUMNS, 24)).columns))


def say(text: str) -> None:
    """Writes a rendered report to standard output. The renderer has made the text safe to show.

    Where nobody reads it any more (`| head`), what else the command does, and its exit code, stay the same.
    """
    from canonry.cli.main import forget_output

    try:
        click.echo(text, nl=not text.endswith("\n"))
    except BrokenPipeError:
        forget_output()
