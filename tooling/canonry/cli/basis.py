"""What commands that judge a change have in common: the options that name its base, and its two sides."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

if TYPE_CHECKING:
    from canonry.adapters.sides import Sides
    from canonry.app.check import Report
    from canonry.cli.options import Invocation

# Plug-ins of pydantic are looked for in every installed package, and whatever they did would not be ours.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

F = TypeVar("F", bound=Callable[..., Any])

DAY: Final = click.DateTime(["%Y-%m-%d"])
"""A calendar day, `2026-11-21`."""


def against_option(command: F) -> F:
    """`--against REF|DIR|ARCHIVE`."""
    return click.option(
        "--against",
        metavar="REF|DIR|ARCHIVE",
        help="What to compare with (default: the merge base with the default branch).",
    )(command)


def staged_option(command: F) -> F:
    """`--staged`."""
    return click.option(
        "--staged", is_flag=True, help="Look at what git would commit, not at what is on disk."
    )(command)


def sides_of(
    call: Invocation, *, against: str | None = None, staged: bool = False, since_release: bool = False
) -> Sides:
    """Before and after, as the options say."""
    from canonry.adapters.sides import open_sides
    from canonry.app.settings import default_branch

    # What is loaded lives until the process ends; looking it over for dead cycles costs a quarter of it.
    gc.set_threshold(100_000, 50, 50)
    root = call.root()
    return open_sides(
        root, against=against, staged=staged, default_branch=default_branch(root), since_release=since_release
    )


def report_of(call: Invocation, sides: Sides) -> Report:
    """What check finds between two sides."""
    from canonry.app.check import check

    since = sides.since
    return check(
        sides.old, sides.new, today=call.today, since=since, released=since is not None, index=sides.index
    )
