"""`canonry init`."""

from __future__ import annotations

from pathlib import Path

import click

from canonry.cli.options import debug_option, examples, format_option, say
from canonry.kernel.errors import UsageError


@click.command(
    epilog=examples("canonry init registry", 'canonry init registry --empty --name "Acme" --no-git'),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--empty", is_flag=True, help="Only the shape: platforms and shared definitions, no starter content."
)
@click.option("--name", help="What the registry is called (default: the folder's name).")
@click.option(
    "--base-url", default="https://registry.example.com", show_default=True, help="What ids begin with."
)
@click.option("--git/--no-git", default=True, help="Begin a git repository where there is none.")
@format_option()
@debug_option
def init(folder: Path, *, empty: bool, name: str | None, base_url: str, git: bool, form: str) -> int:
    """Write a registry to start from into DIR, with editor settings, hooks and workflows.

    The starter content is a whole company's: events, traits, segments, formats for every channel, campaigns.
    Its lint, check and tests pass at once. Nothing that is there is overwritten.
    """
    from canonry import __version__
    from canonry.adapters.files import write
    from canonry.adapters.repository import NotARepositoryError, Repository
    from canonry.adapters.starter import starter
    from canonry.app.founding import founded
    from canonry.catalogue.documents import settings
    from canonry.render import json as as_json

    try:
        url = settings.base_url(base_url.rstrip("/"))
    except ValueError as error:
        raise UsageError(
            f"{base_url!r} is no base URL", f"{str(error)[:1].upper()}{str(error)[1:]}"
        ) from error
    files = founded(
        starter(),
        name=name or folder.resolve().name or "Registry",
        base_url=url,
        empty=empty,
        version=__version__,
    )
    there = sorted(path for path in files if (folder / path).exists())
    if there:
        shown = ", ".join(there[:3]) + (f" and {len(there) - 3} more" if len(there) > 3 else "")  # noqa: PLR2004  shown
        raise UsageError(f"{folder} holds {shown} already", "Name another folder; nothing is overwritten")
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, files)
    begun = False
    if git:
        repo = Repository(folder)
        try:
            begun = (
                repo.run("rev-parse", "--git-dir")[0] != 0
                and repo.run("init", "--quiet", "-b", "main")[0] == 0
            )
        except NotARepositoryError:
            begun = False
    if form == "json":
        say(as_json.document({"folder": str(folder), "written": sorted(files), "git": begun}))
    else:
        say(f"wrote {len(files):,} files into {folder}" + (", a new git repository" if begun else ""))
        say(f"cd {folder}\ncanonry lint\npre-commit install")
    return 0
