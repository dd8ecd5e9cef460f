"""What adopting an account found, as text and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from canonry.render.palette import PLAIN
from canonry.render.plain import visible, wrapped

if TYPE_CHECKING:
    from canonry.render.palette import Palette

_SHOWN: Final = 5
_WORDS: Final = 6
_STATUS: Final = {
    "template": "drafted as the template",
    "legacy": "drafted as a legacy template",
    "reported": "found, not drafted: no template can write it",
    "links": "see its channel below",
}


def text(
    report: Mapping[str, Any],
    labels: Mapping[str, str],
    palette: Palette = PLAIN,
    *,
    output: str | None = None,
) -> str:
    """For a terminal."""
    lines: list[str] = []
    for sort in report["sorts"]:
        label = labels.get(sort["platform"], sort["platform"])
        head = f"{label}, {sort['level'].replace('_', ' ')}: {sort['explained']:,} of {sort['names']:,} names"
        lines.append(palette("bold", visible(head + _spend(sort))))
        for each in sort["conventions"]:
            lines += _convention(each)
        if sort["remaining"]:
            left = sort["names"] - sort["explained"]
            names = "; ".join(row["name"] for row in sort["remaining"][:_SHOWN])
            lines.append(wrapped(f"{left:,} remain, such as {names}", indent="  ", hanging="    "))
        lines.append("")
    lines += _formats(report["formats"], palette)
    lines += _journey(report["journey"], palette)
    for gap in report["gaps"]:
        lines.append(
            wrapped(f"not read: {gap['what']}: {gap['why']}. {gap['hint']}", indent="  ", hanging="    ")
        )
    share = f"{report['share']:.1%} of {report['names']:,} names"
    if report["cost_share"] is not None:
        share += f" and {report['cost_share']:.1%} of spend"
    lines.append(f"{palette('bold', share)} follow {_number(report)}.")
    if output is not None:
        lines.append(f"The proposal is in {visible(output)}: canonry lint there, then read ADOPTED.md.")
    else:
        lines.append("canonry adopt ... -o DIR writes vocabularies, draft contracts and a baseline.")
    return "\n".join(lines)


def _formats(formats: Sequence[Mapping[str, Any]], palette: Palette) -> Iterator[str]:
    """The links by channel, and the format that was drafted for each."""
    if not formats:
        return
    yield palette("bold", f"Links: {sum(each['links'] for each in formats):,} tagged")
    for each in formats:
        what = f"drafted as {each['format']}" if each["format"] else f"no format: {visible(each['why'])}"
        yield wrapped(f"{visible(each['channel'])}  {each['links']:,}, {what}", indent="  ", hanging="    ")
        yield wrapped(visible(f"source: {_few(each['sources'])}"), indent="    ", hanging="      ")
        yield wrapped(visible(f"medium: {_few(each['media'])}"), indent="    ", hanging="      ")
        if each["format"]:
            yield wrapped(f"new utm_campaign: {each['utm_campaign']}", indent="    ", hanging="      ")
    yield ""


def _journey(journey: Mapping[str, Any], palette: Palette) -> Iterator[str]:
    """Events and hosts, and where they come from."""
    if journey["seen"]:
        yield palette("bold", f"Events: {len(journey['seen']):,} that the starter content knows")
        pairs = [a if a == b else f"{a} is {b}" for a, b in journey["seen"].items()]
        yield wrapped(visible(_few(pairs)), indent="  ", hanging="    ")
    elif journey["usual"]:
        yield palette("bold", "Events: none in these files")
        yield wrapped(
            f"taken from the starter content, because a journey needs some: {', '.join(journey['usual'])}",
            indent="  ",
            hanging="    ",
        )
    if journey["unknown"]:
        yield wrapped(
            visible(f"not known: {_few(journey['unknown'])}. canonry new event begins one."),
            indent="  ",
            hanging="    ",
        )
    if journey["hosts"]:
        yield wrapped(
            visible(
                f"Hosts that links lead to: {_few(journey['hosts'])}. Taken for ours: check domains.yaml."
            ),
            indent="  ",
            hanging="    ",
        )
    yield ""


def _few(words: Sequence[str]) -> str:
    return ", ".join(words[:_WORDS]) + (", ..." if len(words) > _WORDS else "")


def _alike(row: Mapping[str, Any]) -> str:
    return f" and {row['names'] - 1:,} like it" if row["names"] > 1 else ""


def _number(report: Mapping[str, Any]) -> str:
    number = sum(len(sort["conventions"]) for sort in report["sorts"])
    return f"{number} convention{'' if number == 1 else 's'}"


def _spend(sort: Mapping[str, Any]) -> str:
    if not sort["cost"]:
        return ""
    return f", {sort['explained_cost'] / sort['cost']:.0%} of {sort['cost']:,.0f} spent"


def _convention(each: Mapping[str, Any]) -> Iterator[str]:
    pattern = each["delimiter"].join(f"{{{row['field']}}}" for row in each["fields"])
    yield wrapped(
        f"{pattern}  {each['names']:,} names, {_STATUS[each['status']]}", indent="  ", hanging="    "
    )
    for row in each["fields"]:
        if row.get("words"):
            more = row["values"] - len(row["words"][:_WORDS])
            tail = ", ..." if more > 0 else ""
            yield wrapped(
                f"{row['field']}: {', '.join(row['words'][:_WORDS])}{tail}", indent="    ", hanging="      "
            )


def markdown(report: Mapping[str, Any]) -> str:
    """The page that stands beside a proposal: what was found, with counts and cost, and what remains."""
    from canonry.render.markdown import code, escaped

    share = f"{report['share']:.1%} of {report['names']:,} names"
    if report["cost_share"] is not None:
        share += f" and {report['cost_share']:.1%} of spend"
    lines = ["# What was found", "", f"{share} follow {_number(report)}.", ""]
    for sort in report["sorts"]:
        lines += [f"## {escaped(sort['platform'])}, {escaped(sort['level'])}", ""]
        lines.append(f"{sort['explained']:,} of {sort['names']:,} names{_spend(sort)}.")
        lines.append("")
        for each in sort["conventions"]:
            pattern = each["delimiter"].join(f"{{{row['field']}}}" for row in each["fields"])
            lines.append(f"- {code(pattern)}: {each['names']:,} names, {_STATUS[each['status']]}")
        if sort["remaining"]:
            lines += ["", "The dearest names that remain, one for each that differs in its numbers only:", ""]
            lines += [f"- {code(row['name'])}{_alike(row)}" for row in sort["remaining"]]
        lines.append("")
    for each in report["formats"]:
        what = (
            f"drafted as {code(each['format'])}" if each["format"] else f"no format: {escaped(each['why'])}"
        )
        lines.append(f"- {escaped(each['channel'])}: {each['links']:,} links, {what}")
    for name, event in report["journey"]["seen"].items():
        lines.append(f"- the event {code(name)} is {code(event)} of the starter content")
    for name in report["journey"]["unknown"]:
        lines.append(f"- the event {code(name)} is not known: {code('canonry new event')} begins one")
    for name in report["journey"]["usual"]:
        lines.append(f"- no event was seen; {code(name)} comes from the starter content")
    lines.append("")
    for each in report["vocabularies"]:
        lines += [
            f"## {escaped(each['name'])}",
            "",
            "| Word | Names | Cost | Also written |",
            "|---|---|---|---|",
        ]
        for row in each["words"]:
            aliases = ", ".join(code(alias) for alias in row["aliases"])
            lines.append(f"| {code(row['word'])} | {row['names']:,} | {row['cost']:,.2f} | {aliases} |")
        lines.append("")
    return "\n".join(lines)
