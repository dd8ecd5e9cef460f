"""`canonry fmt`."""

from __future__ import annotations

from pathlib import Path

import click

from canonry.cli.options import examples, format_option, global_options, invocation, palette, say
from canonry.cli.places import tree_paths


@click.command(
    epilog=examples("canonry fmt", "canonry fmt --check", "canonry fmt contracts/events/order_completed")
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when a file has another layout.")
@format_option()
@global_options
def fmt(*, paths: tuple[Path, ...], check: bool, form: str) -> int:
    """Give contracts and registry files the one layout, so that changes read well.

    Comments stay, values never change. PATHS are files or folders; without them everything is laid out.
    """
    from canonry.adapters.tables import replacing
    from canonry.app.layout import layout
    from canonry.render import json as as_json
    from canonry.render import text
    from canonry.render.plain import visible

    call = invocation()
    root = call.root()
    wanted = tree_paths(paths, root)
    with call.tree() as tree:
        chosen = [
            path
            for path in tree.paths()
            if not wanted or any(part in ("", path) or path.startswith(f"{part}/") for part in wanted)
        ]
        found = layout(tree, chosen)
    if not check:
        for path, data in found.changed.items():
            with replacing((root / path).resolve()) as draft:
                draft.write_bytes(data)
    code = 1 if found.problems or (check and found.changed) else 0
    if form == "json":
        say(
            as_json.findings(
                found.problems, changed=list(found.changed), written=not check, files=found.files
            )
        )
        return code
    style = palette()
    lines = [
        f"{'would change' if check else 'changed'}  {style('bold', visible(path))}" for path in found.changed
    ]
    if found.problems:
        lines += ["", text.findings(found.problems, style), "", "Files with errors stay as they are."]
    number = len(found.changed)
    tail = "all laid out already" if not number else f"{number} {'to change' if check else 'changed'}"
    say("\n".join([*lines, f"{found.files:,} files read: {tail}"]))
    if check and number:
        say("canonry fmt changes them.")
    return code
