"""`canonry lint`."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from canonry.cli.options import (
    examples,
    fail_on_option,
    format_option,
    global_options,
    invocation,
    palette,
    say,
)
from canonry.cli.places import tree_paths
from canonry.kernel.findings import Level


@click.command(
    epilog=examples(
        "canonry lint",
        "canonry lint contracts/utm registry/vocabularies/brand.yaml",
        "canonry lint --fail-on warning --baseline baseline.json",
    )
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--rule", "rules", multiple=True, metavar="CODE", help="Only this rule; may be given again.")
@click.option(
    "--baseline",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Leave out the findings in FILE, which an earlier --format json wrote.",
)
@click.option("--staged", is_flag=True, help="Lint what git would commit, not what is on disk.")
@fail_on_option
@format_option()
@global_options
@click.pass_context
def lint(
    ctx: click.Context,
    *,
    paths: tuple[Path, ...],
    rules: tuple[str, ...],
    baseline: Path | None,
    staged: bool,
    fail_on: Level,
    form: str,
) -> int:
    """Say what is wrong in the registry and the contracts.

    PATHS are files or folders; without them everything is shown. All of the registry is read either way,
    since a file can only be right together with those that it names.
    """
    from canonry.adapters.memory import ProofMemory
    from canonry.app import lint as use_case
    from canonry.app.rules import known_rule
    from canonry.render import exits, text
    from canonry.render import json as as_json

    # What is loaded lives until the process ends; looking it over for dead cycles costs a quarter of it.
    gc.set_threshold(100_000, 50, 50)
    call = invocation(ctx)
    root = call.root()
    known = use_case.fingerprints(baseline.read_bytes(), str(baseline)) if baseline else ()
    wanted = tree_paths(paths, root)
    chosen = {known_rule(rule).code for rule in rules}
    with call.tree(staged=staged) as tree:
        report = use_case.lint(
            tree, today=call.today, rules=chosen, paths=wanted, baseline=known, memory=ProofMemory()
        )
    if form == "json":
        say(as_json.findings(report.findings, ignored=report.ignored, known=report.known, files=report.files))
    else:
        say(text.lint(report.findings, report.files, report.ignored, report.known, palette()))
    return exits.exit_code(report.findings, fail_on)
