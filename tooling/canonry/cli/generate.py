"""`canonry generate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from canonry.cli.options import examples, format_option, global_options, invocation, palette, say

if TYPE_CHECKING:
    from canonry.app.generate import Report
    from canonry.cli.options import Invocation

SHOWN = 40
"""Files that text names before it only counts."""


@click.command(
    epilog=examples(
        "canonry generate",
        "canonry generate --check",
        "canonry generate --only /events/order_completed/v1",
    )
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 and name every file that differs.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 where a file was written or removed: for hooks.")
@click.option("--only", metavar="ID", help="Only the files of one contract.")
@click.option(
    "--against",
    metavar="REF|DIR|ARCHIVE",
    help="Where released versions stand (default: the merge base with the default branch).",
)
@click.option("--release", metavar="YYYY.MM.N", help="The client's version (default: the last release).")
@format_option()
@global_options
def generate(
    *, check: bool, exit_code: bool, only: str | None, against: str | None, release: str | None, form: str
) -> int:
    """Write the published schemas and the typed client that the contracts say.

    What was released is never written again: a contract that would change it needs `canonry bump --write`.
    Contracts whose shape lint refuses are told, and the exit code is 1.
    """
    report = produced(invocation(), check=check, only=only, against=against, release=release)
    if isinstance(report, int):
        say(_same(report, form=form))
        return 0
    say(_json(report, check=check) if form == "json" else _text(report, check=check))
    failed = (
        report.problems or report.plan.refused or report.doubts or ((check or exit_code) and report.drift)
    )
    return 1 if failed else 0


def produced(
    call: Invocation,
    *,
    check: bool = False,
    only: str | None = None,
    against: str | None = None,
    release: str | None = None,
) -> Report | int:
    """What generating came to, written unless `check`; only the number of files where nothing has changed."""
    from canonry.adapters import generated
    from canonry.app.settings import default_branch

    root = call.root()
    branch = default_branch(root)
    remembered = generated.Remembered.of(root)
    base = generated.base(root, against=against, default_branch=branch)
    tagged = generated.last_release(root)
    decided = (base, remembered.code, release or tagged)
    if only is None and remembered.state and generated.state(root, decided) == remembered.state:
        return len(remembered.files)
    from canonry.adapters.clock import today
    from canonry.adapters.datamodel import ModelGenerator
    from canonry.app.generate import FOLDERS, chosen, release_checked, release_standing
    from canonry.app.generate import generate as use_case

    with call.tree() as tree:
        report = use_case(
            tree,
            ModelGenerator(generated.model_cache(root)),
            released=generated.released(root, against=against, default_branch=branch),
            runtime=generated.runtime(),
            actual=generated.standing(root, FOLDERS, remembered),
            release=release_checked(release) or release_standing(root, tagged),
            only=chosen(only),
            memo=remembered.memo,
            today=today(),
        )
    if not check and not report.problems:
        generated.apply(root, report.drift, report.plan.files)
    if not report.problems:
        remembered.memo = report.memo
        remembered.state = (
            ""
            if only or report.drift or report.plan.refused or report.doubts
            else generated.state(root, decided)
        )
        remembered.store()
    return report


def _same(number: int, *, form: str) -> str:
    if form == "json":
        from canonry.render import json as as_json

        return as_json.findings([], missing=[], stale=[], extra=[], files=number)
    return f"{number:,} generated files are up to date"


def _json(report: Report, *, check: bool) -> str:
    from canonry.render import json as as_json

    drift = report.drift
    more: dict[str, Any] = {
        "missing": list(drift.missing),
        "stale": list(drift.stale),
        "extra": list(drift.extra),
        "files": len(report.plan.files),
    }
    return as_json.findings([*report.problems, *report.plan.refused, *report.doubts], **more)


def _text(report: Report, *, check: bool) -> str:
    from canonry.render import text
    from canonry.render.plain import visible

    style = palette()
    if report.problems:
        found = text.findings(report.problems, style)
        return f"{found}\n\nNothing was generated: canonry lint says more of these files."
    drift = report.drift
    verbs = ("missing", "stale", "extra") if check else ("added", "changed", "removed")
    rows = [
        (verb, path)
        for verb, paths in zip(verbs, (drift.missing, drift.stale, drift.extra), strict=True)
        for path in paths
    ]
    shown = rows if check else rows[:SHOWN]
    lines = [f"{verb:<8} {style('bold', visible(path))}" for verb, path in shown]
    if len(rows) > len(shown):
        lines.append(f"... and {len(rows) - len(shown):,} more")
    if report.plan.refused:
        lines += ["", text.findings(report.plan.refused, style)]
    if report.doubts:
        about = (
            "Lint refuses this; models made of it may not say what the schema says. canonry lint tells all."
        )
        lines += ["", text.findings(report.doubts, style), about, ""]
    number = len(report.plan.files)
    if not rows:
        lines.append(f"{number:,} generated files are up to date")
    elif check:
        lines.append(f"{len(rows):,} of {number:,} generated files differ. canonry generate writes them.")
    else:
        lines.append(f"{number:,} generated files, {len(rows):,} of them written or removed")
    return "\n".join(lines)
