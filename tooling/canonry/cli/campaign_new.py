"""`canonry campaign new`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from canonry.cli.options import examples, format_option, global_options, invocation, palette, say
from canonry.kernel.errors import UsageError


@click.command(
    epilog=examples(
        'canonry campaign new "Spring sofa weeks" --on paid_social:meta --on newsletter \\',
        "    --start 2027-03-01 --end 2027-04-15 --url https://www.example.com/sofas \\",
        "    --owner paid-media --backup-owner crm --metric revenue \\",
        '    --description "Sofas for spring." brand=acme market=dach objective=sales',
    )
)
@click.argument("label", required=False)
@click.argument("fields", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option("--slug", help="Short name in links (default: made from the label).")
@click.option("--description", help="What it is about, in a sentence.")
@click.option("--on", "channels", multiple=True, metavar="FORMAT[:PLATFORM]", help="Where it runs; repeat.")
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), help="First day.")
@click.option("--end", type=click.DateTime(["%Y-%m-%d"]), help="Last day.")
@click.option("--time-zone", metavar="ZONE", help="Of both days (default: the one most accounts have).")
@click.option("--url", metavar="URL", help="Landing page.")
@click.option("--owner", metavar="TEAM", help="Team that answers for it.")
@click.option("--backup-owner", metavar="TEAM", help="Team that answers when the owner cannot.")
@click.option("--metric", metavar="KPI", help="What it is judged by.")
@click.option(
    "--event", metavar="ID", help="Event that success is counted by, such as /events/order_completed/v1."
)
@click.option(
    "--decision",
    "decisions",
    multiple=True,
    metavar="ROW",
    help="What is done when: 'roas < 2; 7 days; Pause the ad set.; TEAM; leading'. Repeat.",
)
@click.option("--continues", metavar="ID", help="Campaign that it succeeds.")
@click.option("--dry-run", is_flag=True, help="Check, and write nothing.")
@format_option()
@global_options
def new(*, label: str | None, fields: tuple[str, ...], dry_run: bool, form: str, **options: Any) -> int:
    """Register a campaign called LABEL, and draw the id that its links carry.

    On a terminal you are asked for whatever is missing. The file is checked like any other before it is
    written; `canonry utm build FORMAT --campaign SLUG` then knows all that the campaign fixes.
    """
    from random import SystemRandom

    from canonry.adapters.tables import replacing
    from canonry.app import additions, registration
    from canonry.cli.asking import interactive
    from canonry.cli.books import open_book
    from canonry.naming.ids import draw
    from canonry.render import json as as_json
    from canonry.render import text
    from canonry.render.plain import visible

    call = invocation()
    root = call.root()
    asking = interactive() and form == "text"
    if label is not None and "=" in label:
        fields, label = (label, *fields), None
    plan = _planned(open_book(root), label, fields, options, asking=asking)
    with call.tree() as tree:
        taken = {path.rpartition("/")[2] for path in tree.paths() if path.startswith("registry/campaigns/")}
        rng = SystemRandom()
        identifier = draw(rng)
        while f"{identifier}.yaml" in taken:
            identifier = draw(rng)
        path = f"registry/campaigns/{identifier}.yaml"
        data = registration.file_of(plan)
        found = additions.new_findings(tree, path, data, today=call.today)
    errors = additions.errors_of(found)
    written = not errors and not dry_run
    if written:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with replacing(root / path) as draft:
            draft.write_bytes(data)
    if form == "json":
        say(as_json.findings(found, id=identifier, slug=plan.slug, path=path, written=written))
        return 1 if errors else 0
    style = palette()
    if found:
        say(text.findings(found, style) + "\n")
    if errors:
        say(style("bold", f"{visible(plan.slug)} was not registered: {text.counts(errors)}."))
        return 1
    verb = "would be registered" if dry_run else "is registered"
    say(f"{style('bold', visible(plan.slug))} {verb} as {identifier} ({path}).")
    first = plan.channels[0].format.split("/")[2]
    say(f"canonry utm build {first} --campaign {visible(plan.slug)} builds its links.")
    return 0


def _planned(
    book: Any, label: str | None, fields: tuple[str, ...], options: dict[str, Any], *, asking: bool
) -> Any:
    """What was said, with what was asked for. Raises `UsageError` that lists everything missing."""
    from canonry.app import registration
    from canonry.app.links import Ask
    from canonry.catalogue.load import load
    from canonry.cli.asking import ask_field, choose, refuse, tell
    from canonry.cli.building import pairs

    with invocation().tree() as tree:
        catalogue = load(tree).value
    teams = [(name, team.name) for name, team in (catalogue.teams.teams if catalogue.teams else {}).items()]
    kpis = (
        [(word, about.label) for word, about in catalogue.vocabularies["kpi"].words.items()]
        if ("kpi" in catalogue.vocabularies)
        else []
    )
    given = pairs(fields)
    missing = [name for name, key in _NEEDED.items() if not (label if key == "label" else options[key])]
    if missing and not asking:
        raise UsageError(
            f"a campaign also needs {', '.join(missing)}", "canonry campaign new --help shows them all"
        )
    label = label or click.prompt("What is the campaign called", err=True)
    slug = registration.usual_slug(options["slug"] or label)
    registration.check_slug(book, slug)
    channels = []
    for each in options["channels"]:
        try:
            channels.append(registration.channel_of(book, each))
        except Ask as question:
            if not asking:
                raise refuse(question.message, question.choices) from None
            channels.append(registration.channel_of(book, choose(question.message, question.choices)))
    while not channels:
        from canonry.app.links import formats

        channels.append(registration.channel_of(book, choose("Where does it run?", formats(book, "utm"))))
    right: dict[str, str] = {}
    for name, value in given.items():
        right[name], wrong = registration.checked(book, channels, name, value)
        if wrong and not asking:
            raise UsageError(wrong)
        if wrong:
            tell(wrong)
            del right[name]
    for need in registration.open_fields(book, channels, right) if asking else ():
        name = need["field"]
        value = ask_field(need, _checker(book, channels, name))
        right[name] = registration.checked(book, channels, name, value)[0]

    def asked(key: str, question: str, choices: list[tuple[str, str]] | None = None) -> str:
        value = options[key]
        if isinstance(value, datetime):
            return value.date().isoformat()
        if value:
            return str(value)
        return choose(question, choices) if choices else str(click.prompt(question, err=True)).strip()

    owner = asked("owner", "Which team answers for it?", teams)
    return registration.Plan(
        slug=slug,
        label=label,
        description=asked("description", "What is it about, in a sentence"),
        owner=owner,
        backup_owner=asked("backup_owner", "And when that team cannot?", teams),
        time_zone=options["time_zone"] or _usual_zone(catalogue),
        start=asked("start", "First day (2027-03-01)"),
        end=asked("end", "Last day (2027-04-15)"),
        landing_url=asked("url", "Landing page"),
        metric=asked("metric", "What is it judged by?", kpis),
        channels=channels,
        fields=right,
        continues=options["continues"],
        event=options["event"],
        decisions=[registration.decision_of(row, owner) for row in options["decisions"]],
    )


def _usual_zone(catalogue: Any) -> str:
    """The time zone that most accounts have."""
    from collections import Counter

    accounts = catalogue.accounts.accounts.values() if catalogue.accounts else ()
    zones = Counter(account.time_zone for account in accounts)
    return zones.most_common(1)[0][0] if zones else "UTC"


def _checker(book: Any, channels: Any, name: str) -> Callable[[str], str | None]:
    from canonry.app import registration

    return lambda text: registration.checked(book, channels, name, text)[1]


_NEEDED = {
    "LABEL": "label",
    "--on": "channels",
    "--description": "description",
    "--start": "start",
    "--end": "end",
    "--url": "url",
    "--owner": "owner",
    "--backup-owner": "backup_owner",
    "--metric": "metric",
}
