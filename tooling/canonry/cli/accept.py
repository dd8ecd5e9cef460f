"""`canonry accept`."""

from __future__ import annotations

import os
from datetime import datetime

import click

from canonry.cli.basis import DAY, against_option, report_of, sides_of
from canonry.cli.options import examples, format_option, global_options, invocation, say
from canonry.kernel.errors import UsageError


@click.command(
    epilog=examples(
        'canonry accept 2bc298cca4a578ce --reason "Both dashboards moved" --until 2026-12-31',
    )
)
@click.argument("fingerprint")
@click.option("--reason", required=True, metavar="TEXT", help="Why the break is bearable, and for whom.")
@click.option("--until", required=True, metavar="DATE", type=DAY, help="Last day on which it counts.")
@click.option("--approver", metavar="NAME", help="Who accepts it (default: user.email of git).")
@against_option
@format_option()
@global_options
@click.pass_context
def accept(
    ctx: click.Context,
    *,
    fingerprint: str,
    reason: str,
    until: datetime,
    approver: str | None,
    against: str | None,
    form: str,
) -> int:
    """Accept one break for a while: writes registry/accepted/FINGERPRINT.yaml, reviewed like the rest.

    The fingerprint is the one that canonry check prints. It is made of rule, place and values, so it accepts
    this break and no other.
    """
    from canonry.adapters.files import write
    from canonry.adapters.repository import Repository
    from canonry.app.accept import accepted
    from canonry.render import json as as_json

    call = invocation(ctx)
    root = call.root()
    name = (
        approver
        or os.environ.get("GIT_AUTHOR_EMAIL")
        or Repository(root).line("config", "--get", "user.email")
    )
    if not name:
        raise UsageError("nobody is named as the approver", "--approver NAME, or git config user.email")
    sides = sides_of(call, against=against, since_release=against is None)
    made = accepted(
        report_of(call, sides),
        fingerprint,
        reason=reason,
        until=until.date(),
        approver=name,
        today=call.today,
    )
    write(root, {made.path: made.content})
    if form == "json":
        say(as_json.document({"path": made.path, "finding": made.finding.to_json()}))
    else:
        say(
            f"{made.finding.code} {made.finding.message}\n"
            f"is accepted until {until:%Y-%m-%d}.\nwrote {made.path}"
        )
    return 0
