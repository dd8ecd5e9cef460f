"""A rehearsal's report as text and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from canonry.kernel.durations import spoken
from canonry.render.palette import PLAIN
from canonry.render.plain import visible, wrapped

if TYPE_CHECKING:
    from canonry.render.palette import Palette

_STYLES: Final = {"go": "good", "go in part": "warning", "no-go": "error", "undecided": "warning"}
_WEIGHTS: Final = {"blocker": "error", "unknown": "warning", "warning": "warning"}


def span(length: int | None) -> str:
    """Minutes as people say them; a dash where nobody has any."""
    return "-" if length is None else spoken(length)


def text(report: Mapping[str, Any], palette: Palette | None = None) -> str:
    """For a terminal: what is open first, then what was played, the verdict last."""
    style = palette or PLAIN
    lines = [
        style("bold", f"{visible(report['label'])} ({report['id']}), {report['start']} to {report['end']}")
    ]
    links, visits, hand = report["links"], report["visits"], report["handoff"]
    lines.append("")
    lines.append(
        f"  links      {links['right']:,} of {links['links']:,} right"
        + (f", {links['unbuilt']:,} objects without" if links["unbuilt"] else "")
    )
    if report["drafts"] is not None:
        drafts = report["drafts"]
        lines.append(f"  drafts     {drafts['right']:,} of {drafts['rows']:,} rows as planned")
    lines.append(
        f"  visitors   {visits['visitors']:,}, {visits['agreed_to_nothing']:,} of them agreed to nothing; "
        f"{visits['events']:,} events, {visits['converted']:,} conversions"
    )
    hanging = " " * 13
    lines += [wrapped(_audience(row), indent="  audience   ", hanging=hanging) for row in report["audiences"]]
    sequence = report["sequence"]
    if sequence["planned"]:
        order = " > ".join(" ".join(step) for step in sequence["planned"])
        lines.append(
            wrapped(
                f"{order}; {sequence['out_of_order']:,} times out of order",
                indent="  sequence   ",
                hanging="             ",
            )
        )
    if hand["open"]:
        lines += ["", style("bold", f"{len(hand['open'])} open")]
        for row in hand["open"]:
            lines += _open(row, style)
    if hand["done"]:
        lines += ["", style("bold", "done")]
        lines += [wrapped(entry, indent="  ", hanging="    ") for entry in hand["done"]]
    if hand["decisions"]:
        lines += ["", style("bold", "after launch")]
        for row in hand["decisions"]:
            said = f"{row['when']} within {row['window']}: {row['action']} ({row['owner']}, {row['signal']})"
            lines.append(wrapped(said, indent="  ", hanging="    "))
    verdict = hand["verdict"]
    loud = verdict.upper()
    said = wrapped(hand["because"], indent=f"{loud}  ", hanging=" " * (len(loud) + 2))
    lines += ["", said.replace(loud, style(_STYLES[verdict], loud), 1)]
    lines.append(f"Next: {visible(hand['next_owner'])}")
    return "\n".join(lines)


def _audience(row: Mapping[str, Any]) -> str:
    name = row["segment"].split("/")[2]
    known, paid = row["known_after"], row["paid_after_conversion"]
    said = f"{name} on {row['platform']}: {row['entered']:,} enter, {row['noticed']:,} known"
    if known["longest"] is not None:
        said += f" after {span(known['longest'])} at most"
        if row["processing"]:
            said += f", {span(row['processing'])} of it the platform's own"
    if row["left"]:
        said += f"; {row['left']:,} leave"
    if paid["longest"] is not None:
        said += f"; converted stay {span(paid['longest'])} at most"
    return said


def _open(row: Mapping[str, Any], style: Palette) -> Iterator[str]:
    where = f" (channel {', '.join(str(n + 1) for n in row['channels'])})" if row.get("channels") else ""
    count = f", {row['count']:,} visitors" if row.get("count") else ""
    weight = row["weight"]
    yield wrapped(f"{row['message']}{where}{count}", indent=f"  {weight:<9}", hanging="           ").replace(
        f"  {weight:<9}", f"  {style(_WEIGHTS[weight], f'{weight:<9}')}", 1
    )
    yield wrapped(f"missing: {row['missing']}", indent="           ", hanging="             ")
    yield wrapped(f"{row['owner']}; {row['way']}", indent="           ", hanging="             ")


def markdown(report: Mapping[str, Any]) -> str:
    """For a pull request or a page."""
    hand, links, visits = report["handoff"], report["links"], report["visits"]
    lines = [
        f"# {_md(report['label'])}: {hand['verdict']}",
        "",
        f"{_md(hand['because'])}. Next: **{_md(hand['next_owner'])}**.",
        "",
        f"- {links['right']:,} of {links['links']:,} links are right",
        f"- {visits['visitors']:,} visitors, {visits['events']:,} events",
        f"- {visits['converted']:,} conversions, seed {report['seed']}",
    ]
    if report["drafts"] is not None:
        lines.append(
            f"- {report['drafts']['right']:,} of {report['drafts']['rows']:,} rows of drafts are as planned"
        )
    if hand["open"]:
        lines += ["", "## Open", "", "| | What | Missing | Owner | How to go on |", "|---|---|---|---|---|"]
        for row in hand["open"]:
            cells = [row["weight"], row["message"], row["missing"], row["owner"], row["way"]]
            lines.append("| " + " | ".join(_md(cell) for cell in cells) + " |")
    if report["audiences"]:
        lines += [
            "",
            "## Audiences",
            "",
            "| Segment | Platform | Enter | Known after | Leave | Paid after conversion |",
            "|---|---|---|---|---|---|",
        ]
        for row in report["audiences"]:
            cells = [
                row["segment"],
                row["platform"],
                f"{row['entered']:,}",
                span(row["known_after"]["longest"]),
                f"{row['left']:,}",
                span(row["paid_after_conversion"]["longest"]),
            ]
            lines.append("| " + " | ".join(_md(cell) for cell in cells) + " |")
    if hand["done"]:
        lines += ["", "## Done", "", *(f"- {_md(entry)}" for entry in hand["done"])]
    if hand["decisions"]:
        lines += ["", "## After launch", "", "| When | Within | Then | Owner |", "|---|---|---|---|"]
        for row in hand["decisions"]:
            cells = [row["when"], row["window"], row["action"], row["owner"]]
            lines.append("| " + " | ".join(_md(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _md(value: str) -> str:
    from canonry.render.markdown import escaped

    return escaped(value)
