"""`canonry adopt`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from canonry.cli.options import examples, format_option, global_options, invocation, palette, say
from canonry.kernel.errors import UsageError

if TYPE_CHECKING:
    from canonry.app.adoption.conventions import Seen
    from canonry.app.adoption.formats import Tagged
    from canonry.audit.observation import Observation
    from canonry.audit.source import Gap


@click.command(
    epilog=examples(
        "canonry adopt meta-ads.csv google-ads.csv",
        "canonry adopt meta-ads.csv -o names --active",
        "canonry adopt names.csv --platform meta --column campaign.name=Title --column cost=Spend",
    )
)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE...",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="New folder for the proposed registry.",
)
@click.option("--as", "mapping", metavar="MAPPING", help="What the files are (default: what fits best).")
@click.option("--column", "columns", multiple=True, metavar="ROLE=HEADING", help="Which column says what.")
@click.option("--platform", metavar="NAME", help="The platform of the files, where they do not show it.")
@click.option("--name", help="What the registry is called (default: the folder's name).")
@click.option("--active", is_flag=True, help="No drafts: names and links can be built at once.")
@format_option()
@global_options
def adopt(
    *,
    files: tuple[Path, ...],
    output: Path | None,
    mapping: str | None,
    columns: tuple[str, ...],
    platform: str | None,
    name: str | None,
    active: bool,
    form: str,
) -> int:
    """Propose a registry from exports of an account as it is.

    Says which conventions the names follow, with what words, and what share of names and spend that explains.
    With -o the proposal is written: vocabularies with other spellings as aliases, draft contracts with older
    conventions as legacy templates, a UTM format per channel that tagged links lead to, the events that were
    seen, and a baseline of what does not fit, which the audit then leaves alone.
    With --registry fields are named after the vocabularies of that registry, where their words are known.
    """
    from canonry import __version__
    from canonry.adapters.clock import today
    from canonry.adapters.files import write
    from canonry.adapters.starter import starter
    from canonry.app.adoption.proposal import Account, Knowledge, proposed, sources_of, spellings_of
    from canonry.app.compiled import compiled
    from canonry.app.founding import founded
    from canonry.app.links import Book
    from canonry.catalogue.load import load
    from canonry.catalogue.tree import MemoryTree
    from canonry.render import json as as_json
    from canonry.render.adoption import text

    if output is not None and output.exists() and any(output.iterdir()):
        raise UsageError(f"{output} holds something already", "Name a new folder; nothing is overwritten")
    content = starter()
    known = load(MemoryTree({p: d for p, d in content.items() if p.startswith("registry/")})).value
    index, parts = compiled(known)
    channels = Book(index, parts.__getitem__).channels()
    hints = spellings_of(known.vocabularies)
    if invocation().registry is not None:
        with invocation().tree() as tree:
            hints |= spellings_of(load(tree).value.vocabularies)
    observed, gaps = _read(files, mapping, columns, platform or "")
    groups = _groups(observed)
    if not groups:
        said = "; ".join(f"{gap.what}: {gap.why}" for gap in gaps) or "no row holds a name"
        hint = next(
            (gap.hint for gap in gaps if gap.hint), "--column campaign.name=HEADING says which column it is"
        )
        raise UsageError(f"no names were found ({said})", hint)
    base = founded(
        content,
        name=name or (output.resolve().name if output is not None else "Adopted names"),
        base_url="https://registry.example.com",
        empty=True,
        version=__version__,
    )
    proposal = proposed(
        Account(groups, _tagged(observed), _events(observed), [each.value for each in _addressed(observed)]),
        base,
        Knowledge(
            content,
            hints,
            {key: frozenset(each.levels) for key, each in known.platforms.items()},
            sources_of(known),
            lambda source, medium: str(channels.decide(source, medium, None)["channel"]),
        ),
        active=active,
        today=today(),
    )
    report = proposal.to_json()
    report["gaps"] = [{"what": gap.what, "why": gap.why, "hint": gap.hint} for gap in gaps]
    if output is not None:
        proposal.files["registry/baseline.jsonl"] = _baseline(observed, proposal).encode()
        proposal.files["ADOPTED.md"] = _remains(report).encode()
        output.mkdir(parents=True, exist_ok=True)
        write(output, proposal.files)
    if form == "json":
        say(as_json.document({**report, "folder": str(output) if output is not None else None}))
    else:
        labels = {key: each.label for key, each in known.platforms.items()}
        say(text(report, labels, palette(), output=str(output) if output is not None else None))
    return 3 if gaps else 0


def _read(
    files: tuple[Path, ...], mapping: str | None, columns: tuple[str, ...], platform: str
) -> tuple[list[Observation], list[Gap]]:
    from canonry.adapters.exports.files import FileSource
    from canonry.audit.source import Gap, Period
    from canonry.cli.exports import layout_of

    chosen = layout_of(mapping, columns, platform)
    observed: list[Observation] = []
    gaps: list[Gap] = []
    for path in files:
        for each in FileSource(path.name, [path], mapping=chosen, platform=platform).read(Period()):
            if isinstance(each, Gap):
                gaps.append(each)
            else:
                observed.append(each)
    return observed, gaps


def _groups(observed: list[Observation]) -> dict[tuple[str, str], list[Seen]]:
    """Distinct names of each platform and level, with cost and count; tags by parameter."""
    from canonry.app.adoption.conventions import Seen

    sums: dict[tuple[str, str], dict[str, list[float]]] = {}
    for each in observed:
        for group, name in _named(each):
            entry = sums.setdefault(group, {}).setdefault(name, [0.0, 0])
            entry[0] += each.weight.cost or 0.0
            entry[1] += 1
    return {
        group: [Seen(name, cost, int(count)) for name, (cost, count) in names.items()]
        for group, names in sums.items()
    }


def _named(each: Observation) -> Iterator[tuple[tuple[str, str], str]]:
    from canonry.audit.observation import Level

    if each.level in (Level.EVENT, Level.PARAMETER, Level.USER_PROPERTY):
        return
    if each.level in (Level.LINK, Level.TAGS):
        params = _params(each)
        for key in ("utm_campaign", "utm_content", "utm_term"):
            if params.get(key):
                yield ("links", key), params[key]
        return
    if each.name.strip():
        yield (each.platform or "unknown", each.native), each.name


def _params(each: Observation) -> Mapping[str, str]:
    """The UTM values of a link; the first where a key stands twice."""
    from urllib.parse import parse_qsl, urlsplit

    if each.params or "utm_" not in each.value.casefold():
        return each.params
    try:
        pairs = parse_qsl(urlsplit(each.value).query, max_num_fields=200)
    except ValueError:
        return {}
    return {key.casefold(): value for key, value in reversed(pairs)}


def _addressed(observed: list[Observation]) -> list[Observation]:
    from canonry.audit.observation import Level

    return [each for each in observed if each.level is Level.LINK and each.value]


def _tagged(observed: list[Observation]) -> list[Tagged]:
    from canonry.app.adoption.formats import Tagged
    from canonry.audit.observation import Level

    return [
        Tagged(each.platform, params, each.weight.cost or 0.0)
        for each in observed
        if each.level in (Level.LINK, Level.TAGS) and (params := _params(each))
    ]


def _events(observed: list[Observation]) -> dict[str, int]:
    from canonry.audit.observation import Level

    found: dict[str, int] = {}
    for each in observed:
        if each.level is Level.EVENT and each.name.strip():
            found[each.name] = found.get(each.name, 0) + (each.weight.rows or 1)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _baseline(observed: list[Observation], proposal: Any) -> str:
    """What the drafted contracts do not explain, in the audit's own form."""
    from canonry.app.adoption.tokens import clean, original
    from canonry.audit import baseline

    rest: Mapping[tuple[str, str], set[str]] = {
        sort.group: {sort.names[number].text for number in sort.rest}
        | {
            sort.names[number].text
            for each in sort.drafted
            for number, _ in each.convention.rows
            if each.status != "template"
            or original(clean(sort.names[number].text)) != sort.names[number].text.strip()
        }
        for sort in proposal.sorts
    }
    return baseline.of(
        each for each in observed if any(name in rest.get(group, ()) for group, name in _named(each))
    ).text()


def _remains(report: Mapping[str, Any]) -> str:
    from canonry.render.adoption import markdown

    return markdown(report)
