"""`canonry vocab`."""

from __future__ import annotations

import click

from canonry.cli.group import NearestGroup
from canonry.cli.options import examples, format_option, global_options, invocation, palette, say


@click.group(
    cls=NearestGroup,
    epilog=examples('canonry vocab add concept unboxing --label "Unboxing" --alias un-boxing'),
)
@global_options
def vocab() -> None:
    """Add words to the vocabularies."""


@vocab.command(
    epilog=examples(
        'canonry vocab add concept unboxing --label "Unboxing" --alias un-boxing',
        'canonry vocab add market pl --label "Poland" --since 2027-01-01',
    )
)
@click.argument("vocabulary")
@click.argument("word", required=False)
@click.option("--label", help="What people call it (asked for on a terminal).")
@click.option("--alias", "aliases", multiple=True, metavar="TEXT", help="Another spelling seen in the wild.")
@click.option("--description", default="", help="What it means, where the label does not say so.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Day from which it is used (default: today)."
)
@click.option("--dry-run", is_flag=True, help="Check, and write nothing.")
@format_option()
@global_options
def add(
    *,
    vocabulary: str,
    word: str | None,
    label: str | None,
    aliases: tuple[str, ...],
    description: str,
    since: object,
    dry_run: bool,
    form: str,
) -> int:
    """Add a WORD to a VOCABULARY, after checking that nothing breaks.

    The file keeps its order and its comments. A word that is there already, as itself or as another spelling,
    is refused, and so is one with which some name could be read in two ways or would no longer fit.
    """
    from datetime import datetime

    from canonry.adapters.tables import replacing
    from canonry.app import additions
    from canonry.catalogue.load import load
    from canonry.cli.asking import interactive
    from canonry.kernel.errors import UsageError
    from canonry.render import json as as_json
    from canonry.render import text
    from canonry.render.plain import visible

    call = invocation()
    root = call.root()
    asking = interactive() and form == "text"
    with call.tree() as tree:
        catalogue = load(tree).value
        name = additions.vocabulary_of(catalogue, vocabulary)
        if word is None:
            if not asking:
                raise UsageError("which word?", f"canonry vocab add {name} WORD --label TEXT")
            word = click.prompt(f"New word of {name}", err=True).strip()
        if not label:
            if not asking:
                raise UsageError("a word needs a label", f'canonry vocab add {name} {word} --label "..."')
            label = click.prompt("What people call it", err=True).strip()
        day = since.date() if isinstance(since, datetime) else call.today
        new = additions.Word(word, label, aliases, description, day.isoformat())
        additions.check_word(catalogue, name, new)
        path = f"registry/vocabularies/{name}.yaml"
        data = additions.with_word(catalogue.sources[path].text, new).encode()
        found = additions.new_findings(tree, path, data, today=call.today)
    errors = additions.errors_of(found)
    if not errors and not dry_run:
        with replacing((root / path).resolve()) as draft:
            draft.write_bytes(data)
    written = not errors and not dry_run
    if form == "json":
        say(as_json.findings(found, vocabulary=name, word=word, path=path, written=written))
        return 1 if errors else 0
    style = palette()
    if found:
        say(text.findings(found, style) + "\n")
    if errors:
        say(style("bold", f"{visible(word)} was not added: {text.counts(errors)}."))
        return 1
    verb = "would be added" if dry_run else "was added"
    say(f"{style('bold', visible(word))} {verb} to {name} ({path}).")
    return 0
