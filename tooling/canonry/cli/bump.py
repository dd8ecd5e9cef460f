"""`canonry bump`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from canonry.cli.basis import against_option, report_of, sides_of
from canonry.cli.options import examples, format_option, global_options, invocation, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from canonry.app.bump import Bump


@click.command(epilog=examples("canonry bump", "canonry bump --write"))
@click.option("--write", is_flag=True, help="Write the versions into the contracts.")
@against_option
@format_option()
@global_options
@click.pass_context
def bump(ctx: click.Context, *, write: bool, against: str | None, form: str) -> int:
    """Say which version each changed contract needs: the smallest honest one.

    Words and descriptions ask for a patch, everything else for a minor. A break asks for a new major,
    which is a new file; once it is accepted it is a minor too. A number that is taken is passed over, and no
    version goes down. A word of an open vocabulary bumps nobody.
    """
    from canonry.app.bump import bumps
    from canonry.render import json as as_json

    call = invocation(ctx)
    found = bumps(report_of(call, sides_of(call, against=against)))
    if write and found:
        from canonry.adapters.files import write as put

        put(call.root(), {one.path: one.text.encode() for one in found})
    if form == "json":
        say(as_json.document({"bumps": [_plain(one) for one in found], "written": write}))
    else:
        say(_text(found, write=write))
    return 0


def _plain(one: Bump) -> dict[str, object]:
    return {
        "id": one.id,
        "path": one.path,
        "before": one.before,
        "now": one.now,
        "wanted": one.wanted,
        "breaks": one.breaks,
    }


def _text(found: Sequence[Bump], *, write: bool) -> str:
    if not found:
        return "Every version says what its change asks for."
    lines = [f"{one.id}  {one.now} -> {one.wanted}" for one in found]
    lines += [
        f"{one.id} breaks: make it a new major, or canonry accept the break" for one in found if one.breaks
    ]
    lines.append("Written." if write else "canonry bump --write writes them.")
    return "\n".join(lines)
