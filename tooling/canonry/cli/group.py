"""The command group. Subcommands are imported when they run; `--help` reads a table."""

from __future__ import annotations

import importlib
from typing import Final, NamedTuple

import click

from canonry.cli.options import examples, global_options


class Row(NamedTuple):
    """One command: where it lives, and its line in the overview, so that `--help` imports none of them."""

    name: str
    module: str
    attribute: str
    summary: str
    audience: str


COMMANDS: Final[tuple[Row, ...]] = (
    Row(
        "lint",
        "canonry.cli.lint",
        "lint",
        "Say what is wrong in the registry and the contracts.",
        "engineers",
    ),
    Row(
        "fmt", "canonry.cli.fmt", "fmt", "Give every registry file and contract the one layout.", "engineers"
    ),
    Row(
        "compare",
        "canonry.cli.compare",
        "compare",
        "Decide whether one JSON Schema contains another.",
        "engineers",
    ),
    Row("check", "canonry.cli.check", "check", "Say whom a change breaks, and with what.", "engineers"),
    Row("generate", "canonry.cli.generate", "generate", "Write schemas and the typed client.", "engineers"),
    Row("validate", "canonry.cli.validate", "validate", "Judge events by their contracts.", "engineers"),
    Row("impact", "canonry.cli.impact", "impact", "Show everything that rests on a contract.", "engineers"),
    Row(
        "diff",
        "canonry.cli.diff",
        "diff",
        "Say in words what differs between two states of the registry.",
        "engineers",
    ),
    Row(
        "review",
        "canonry.cli.review",
        "review",
        "Look at a change as a whole: one pull request comment.",
        "engineers",
    ),
    Row("bump", "canonry.cli.bump", "bump", "Say which version each changed contract needs.", "engineers"),
    Row(
        "fix",
        "canonry.cli.fix",
        "fix",
        "Do everything mechanical: layout, versions, generated files.",
        "engineers",
    ),
    Row(
        "accept", "canonry.cli.accept", "accept", "Accept one break for a while, with a reason.", "engineers"
    ),
    Row(
        "changelog",
        "canonry.cli.changelog",
        "changelog",
        "Say what changed in which version, breaking or not.",
        "engineers",
    ),
    Row("deprecate", "canonry.cli.deprecate", "deprecate", "Put a contract on its way out.", "engineers"),
    Row("release", "canonry.cli.release", "release", "Tag the current state as a release.", "engineers"),
    Row(
        "propose",
        "canonry.cli.propose",
        "propose",
        "Make a branch and a commit, and open the pull request.",
        "engineers",
    ),
    Row(
        "codeowners",
        "canonry.cli.codeowners",
        "codeowners",
        "Write CODEOWNERS from the owners of contracts.",
        "engineers",
    ),
    Row("new", "canonry.cli.new", "new", "Begin a contract that lints clean.", "engineers"),
    Row("init", "canonry.cli.init", "init", "Write a registry to start from.", "engineers"),
    Row("docs", "canonry.cli.docs", "docs", "Write the documentation site from the registry.", "engineers"),
    Row("explain", "canonry.cli.explain", "explain", "Say what a rule means and what to do.", "engineers"),
    Row(
        "utm", "canonry.cli.utm", "utm", "Build and read campaign links, one or a sheet of them.", "marketers"
    ),
    Row(
        "name",
        "canonry.cli.name",
        "name",
        "Build and read names of campaigns, ads and creatives.",
        "marketers",
    ),
    Row(
        "campaign",
        "canonry.cli.campaign",
        "campaign",
        "Register campaigns, build what they consist of, and look them up.",
        "marketers",
    ),
    Row("vocab", "canonry.cli.vocab", "vocab", "Add words to the vocabularies.", "marketers"),
    Row("adopt", "canonry.cli.adopt", "adopt", "Propose a registry from the names that exist.", "operators"),
    Row(
        "audit",
        "canonry.cli.audit",
        "audit",
        "Hold what the platforms say against the registry.",
        "operators",
    ),
    Row(
        "import",
        "canonry.cli.importing",
        "import_files",
        "Take contracts and words in from other tools.",
        "operators",
    ),
    Row(
        "export",
        "canonry.cli.exporting",
        "export",
        "Write what other tools take or join with.",
        "operators",
    ),
    Row("list", "canonry.cli.listing", "listing", "List what the registry holds.", "everyone"),
    Row(
        "show", "canonry.cli.show", "show", "Show one contract, word list, platform or campaign.", "everyone"
    ),
    Row("search", "canonry.cli.search", "search", "Find a contract by any word in it.", "everyone"),
)
"""Every command, in the order of the overview. A new command adds its row here."""


class NearestGroup(click.Group):
    """A group that answers an unknown command with the nearest one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Raises `click.UsageError` that names the nearest command."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None:
            from canonry.naming.suggest import nearest

            near = nearest(name, self.list_commands(ctx))
            meant = f" Did you mean {near!r}?" if near else f" {ctx.command_path} --help lists the commands."
            raise click.UsageError(f"there is no command {name!r}.{meant}", ctx)
        return super().resolve_command(ctx, args)


class LazyGroup(NearestGroup):
    """The commands of `COMMANDS`, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table."""
        return [row.name for row in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the command's module."""
        for row in COMMANDS:
            if row.name == cmd_name:
                command: click.Command = getattr(importlib.import_module(row.module), row.attribute)
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview, from the table."""
        for audience in dict.fromkeys(row.audience for row in COMMANDS):
            with formatter.section(f"For {audience}"):
                formatter.write_dl([(row.name, row.summary) for row in COMMANDS if row.audience == audience])


@click.command(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog=examples(
        "canonry lint                                       what is wrong in the registry",
        "canonry search cart                                who speaks of carts",
        "canonry utm build meta --url https://example.com   a link for Meta",
    )
    + "\n\nExit codes: 0 clean, 1 findings, 2 cannot run, 3 undecided. "
    'Completion: eval "$(_CANONRY_COMPLETE=bash_source canonry)" (or zsh_source, fish_source).',
)
@click.version_option(package_name="canonry", message="canonry %(version)s")
@global_options
def program() -> None:
    """Canonical names and data contracts: what exists, what is right, what would break."""
