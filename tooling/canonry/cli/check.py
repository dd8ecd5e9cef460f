"""`canonry check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from canonry.cli.basis import against_option, sides_of, staged_option
from canonry.cli.options import (
    examples,
    fail_on_option,
    format_option,
    global_options,
    invocation,
    palette,
    say,
)
from canonry.kernel.findings import Level

if TYPE_CHECKING:
    from canonry.app.check import Report

FORMATS: Final = ("text", "json", "github", "gitlab", "junit", "sarif", "markdown")


@click.command(
    epilog=examples(
        "canonry check",
        "canonry check --staged",
        "canonry check --against release/2026.11.1 --format markdown",
    )
)
@against_option
@staged_option
@click.option(
    "--since-release",
    is_flag=True,
    help="Compare with the last release as well; fail only on what this change introduces.",
)
@fail_on_option
@format_option(*FORMATS)
@global_options
@click.pass_context
def check(
    ctx: click.Context, *, against: str | None, staged: bool, since_release: bool, fail_on: Level, form: str
) -> int:
    """Say whom a change breaks, with which payload, and which version it asks for.

    On a branch the change is all that it adds to the default branch; on the default branch itself it is
    what is not committed yet, or else the last commit. Nothing is checked out.
    """
    from canonry.app.check import check as judge
    from canonry.render import exits

    call = invocation(ctx)
    sides = sides_of(call, against=against, staged=staged, since_release=since_release)
    report = judge(
        sides.old,
        sides.new,
        today=call.today,
        since=sides.since,
        released=since_release,
        keep=False,
        index=sides.index,
    )
    say(_rendered(report, form, sides.why, fail_on, sides.prefix))
    return exits.exit_code(report.findings, fail_on)


def _rendered(report: Report, form: str, why: str, fail_on: Level, prefix: str) -> str:
    if form == "json":
        from canonry.render import json as as_json

        accepted = [finding.to_json() for finding in report.accepted]
        return as_json.findings(report.findings, accepted=accepted, changed=list(report.changed), base=why)
    if form == "github":
        from canonry.render import github

        return github.annotations(report.findings, prefix)
    if form == "markdown":
        from canonry.render import markdown

        return markdown.check(report.findings, report.accepted, report.changed, why)
    if form in ("gitlab", "junit", "sarif"):
        return _report(report, form, fail_on, prefix)
    from canonry.render import text

    return text.check(report.findings, report.accepted, len(report.changed), why, palette())


def _report(report: Report, form: str, fail_on: Level, prefix: str) -> str:
    from canonry import __version__
    from canonry.app.rules import all_rules
    from canonry.render import reports

    if form == "gitlab":
        return reports.gitlab(report.findings, prefix)
    if form == "junit":
        return reports.junit(report.findings, report.changed, fail_on)
    return reports.sarif(report.findings, all_rules(), __version__, prefix)
