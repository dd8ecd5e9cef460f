"""A rehearsal's report as one HTML page that needs nothing else: no script, no font, no address."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import Any, Final

from canonry.render.plain import visible
from canonry.render.rehearsal import span

_WIDTH: Final = 940
_LEFT: Final = 270
_ROW: Final = 34
_TICKS: Final = (
    ("15 m", 15),
    ("1 h", 60),
    ("6 h", 360),
    ("1 d", 1440),
    ("7 d", 10080),
    ("30 d", 43200),
    ("180 d", 259200),
)
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE: Final = """
:root { color-scheme: light; --ink: #1d2733; --soft: #5d6b7a; --line: #d8dee5;
  --good: #1f7a4d; --bad: #b3261e;
  --warn: #8a5a00; --known: #3b6fb6; --window: #c9d8ec; --paid: #c4622d; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.25rem 4rem; color: var(--ink); background: #fff;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .75rem; }
p { margin: .35rem 0; }
.lead { color: var(--soft); }
.verdict { display: flex; gap: 1rem; align-items: baseline; flex-wrap: wrap; margin: 1.25rem 0 0;
  padding: .9rem 1.1rem;
  border-left: 6px solid var(--warn); background: #f6f7f9; }
.verdict strong { font-size: 1.25rem; text-transform: uppercase; letter-spacing: .03em; }
.verdict.go { border-color: var(--good); } .verdict.stop { border-color: var(--bad); }
.figures { display: flex; flex-wrap: wrap; gap: 1.75rem; margin: 1.25rem 0 0; padding: 0; list-style: none; }
.figures b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.figures span { color: var(--soft); font-size: .9rem; }
.wide { overflow-x: auto; margin-top: .75rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th { text-align: left; font-weight: 600; color: var(--soft); }
th, td { padding: .45rem .6rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: break-word; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.blocker { color: var(--bad); font-weight: 600; } .warning, .unknown { color: var(--warn); font-weight: 600; }
ul { padding-left: 1.2rem; }
svg { display: block; width: 100%; height: auto; min-width: 44rem; }
svg text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; fill: var(--ink); }
svg .soft { fill: var(--soft); }
.key { display: flex; flex-wrap: wrap; gap: 1.25rem; font-size: .85rem; color: var(--soft);
  margin: .4rem 0 0; }
.key i { display: inline-block; width: .9rem; height: .7rem; margin-right: .4rem; border-radius: 2px; }
@media print { body { max-width: none; padding: 0; } }
"""


def page(report: Mapping[str, Any]) -> str:
    """The whole page. Everything that contracts, plans and sheets say is escaped."""
    hand = report["handoff"]
    body = [
        f"<h1>{_text(report['label'])}</h1>",
        _lead(report),
        _verdict(hand),
        _figures(report),
        *_open(hand["open"]),
        *_calendar(report),
        *_audiences(report),
        *_sequence(report["sequence"]),
        *_deliveries(report["visits"]["deliveries"]),
        *_list("Done", hand["done"]),
        *_decisions(hand["decisions"]),
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{_text(report['label'])}: {_text(hand['verdict'])}</title>\n"
        f"<style>{_STYLE}</style>\n</head>\n"
        "<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )


def _text(value: object) -> str:
    return escape(visible(str(value)), quote=True)


def _lead(report: Mapping[str, Any]) -> str:
    about = f"{report['slug']} ({report['id']}), {report['start']} to {report['end']}, {report['time_zone']}."
    return f'<p class="lead">{_text(about)} Owner: {_text(report["owner"])}.</p>'


def _verdict(hand: Mapping[str, Any]) -> str:
    kind = {"go": "go", "no-go": "stop"}.get(hand["verdict"], "part")
    return (
        f'<div class="verdict {kind}"><strong>{_text(hand["verdict"])}</strong>'
        f"<span>{_text(hand['because'])}. Next: {_text(hand['next_owner'])}.</span></div>"
    )


def _figures(report: Mapping[str, Any]) -> str:
    links, visits = report["links"], report["visits"]
    cells = [
        (f"{links['right']:,} of {links['links']:,}", "links right"),
        (f"{visits['visitors']:,}", "visitors played"),
        (f"{visits['agreed_to_nothing']:,}", "agreed to nothing"),
        (f"{visits['events']:,}", "events"),
        (f"{visits['converted']:,}", "conversions"),
    ]
    if report["drafts"] is not None:
        drafts = report["drafts"]
        cells.append((f"{drafts['right']:,} of {drafts['rows']:,}", "rows of drafts as planned"))
    items = "".join(f"<li><b>{_text(figure)}</b><span>{_text(label)}</span></li>" for figure, label in cells)
    return f'<ul class="figures">{items}</ul>'


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[int] = ()) -> str:
    """Cells are HTML already."""

    def mark(place: int) -> str:
        return ' class="n"' if place in numbers else ""

    top = "".join(f"<th{mark(n)}>{_text(cell)}</th>" for n, cell in enumerate(head))
    lines = [
        "<tr>" + "".join(f"<td{mark(n)}>{cell}</td>" for n, cell in enumerate(row)) + "</tr>" for row in rows
    ]
    return (
        f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'
    )


def _open(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not rows:
        return
    yield f"<h2>Open ({len(rows):,})</h2>"
    cells = []
    for row in rows:
        where = row.get("channels")
        channels = f" (channel {', '.join(str(number + 1) for number in where)})" if where else ""
        cells.append(
            [
                f'<span class="{_text(row["weight"])}">{_text(row["weight"])}</span>',
                _text(row["message"] + channels),
                _text(row["missing"]),
                _text(row["owner"]),
                _text(row["way"]),
            ]
        )
    yield _table(["", "What", "Missing", "Owner", "How to go on"], cells)


def _calendar(report: Mapping[str, Any]) -> Iterator[str]:
    """The campaign's days, with the day on which each decision falls due."""
    try:
        start, end = date.fromisoformat(report["start"]), date.fromisoformat(report["end"])
    except ValueError:
        return
    days = (end - start).days + 1
    if days < 1:
        return
    rows = report["handoff"]["decisions"]
    height = 58 + 26 * len(rows)
    inner = _WIDTH - _LEFT - 20

    def x(day: float) -> float:
        return round(_LEFT + inner * min(max(day, 0), days) / days, 1)

    parts = [f'<rect x="{_LEFT}" y="26" width="{inner}" height="12" rx="3" fill="var(--window)"/>']
    parts.append(f'<text x="0" y="36">{_text(report["slug"])}</text>')
    step = max(1, round(days / 6))
    for offset in range(0, days, step):
        if days - offset < step / 2:
            continue
        parts.append(
            f'<text class="soft" x="{x(offset)}" y="16">{start + timedelta(days=offset):%d %b}</text>'
        )
    for number, row in enumerate(rows):
        y = 58 + 26 * number
        due = _days(row["window"])
        parts.append(f'<text x="0" y="{y + 4}">{_text(_short(row["when"], 38))}</text>')
        if due is not None:
            colour = "var(--known)" if row["signal"] == "leading" else "var(--paid)"
            parts.append(
                f'<line x1="{x(0)}" y1="{y}" x2="{x(due)}" y2="{y}" stroke="{colour}" stroke-width="3"/>'
            )
            parts.append(f'<circle cx="{x(due)}" cy="{y}" r="5" fill="{colour}"/>')
            right = x(due) > _WIDTH - 150
            anchor, at = ("end", x(due) - 10) if right else ("start", x(due) + 10)
            place = y - 8 if right else y + 4
            parts.append(
                f'<text class="soft" x="{at}" y="{place}" text-anchor="{anchor}">{_text(row["owner"])}</text>'
            )
    yield "<h2>Days, and when each decision falls due</h2>"
    yield _drawing(height, parts, "The campaign's days and the decisions that fall due")
    yield (
        '<p class="key"><span><i style="background:var(--known)"></i>leading signal</span>'
        '<span><i style="background:var(--paid)"></i>lagging signal</span></p>'
    )


def _days(window: str) -> float | None:
    number, _, unit = window.partition(" ")
    if not unit:
        number, unit = window[:-1], window[-1:]
    factor = {"d": 1.0, "h": 1 / 24, "w": 7.0}.get(unit[:1])
    return int(number) * factor if factor is not None and number.isdigit() else None


def _audiences(report: Mapping[str, Any]) -> Iterator[str]:
    rows = report["audiences"]
    if not rows:
        return
    yield "<h2>Audiences: when a platform knows, and how long the converted are addressed</h2>"
    yield _drawing(
        46 + _ROW * len(rows),
        list(_bars(report)),
        "Time until each platform knows a member, and until it lets go",
    )
    yield (
        '<p class="key"><span><i style="background:var(--known)"></i>until the platform knows who has '
        "entered</span>"
        '<span><i style="background:var(--window)"></i>window of the segment</span>'
        '<span><i style="background:var(--paid)"></i>how long the converted are addressed</span></p>'
    )
    cells = [
        [
            _text(row["segment"].split("/")[2]),
            _text(row["platform"]),
            f"{row['entered']:,}",
            f"{row['noticed']:,}",
            _text(span(row["known_after"]["longest"])),
            f"{row['left']:,}",
            _text(span(row["paid_after_conversion"]["longest"])),
            f"{row['paid_after_conversion']['never_excluded']:,}",
        ]
        for row in rows
    ]
    head = [
        "Segment",
        "Platform",
        "Enter",
        "Known",
        "After at most",
        "Leave",
        "Converted stay",
        "Never let go",
    ]
    yield _table(head, cells, numbers=(2, 3, 4, 5, 6, 7))


def _bars(report: Mapping[str, Any]) -> Iterator[str]:
    longest = max(
        [
            60,
            *(
                value
                for row in report["timeline"]
                for value in (row["known_after"], row["window"], row["paid_after_conversion"])
                if value
            ),
        ]
    )
    inner = _WIDTH - _LEFT - 20

    def x(length: float) -> float:
        return round(_LEFT + inner * math.log1p(length) / math.log1p(longest), 1)

    height = 46 + _ROW * len(report["timeline"])
    for label, length in _TICKS:
        if length <= longest:
            yield f'<line x1="{x(length)}" y1="24" x2="{x(length)}" y2="{height - 14}" stroke="var(--line)"/>'
            yield f'<text class="soft" x="{x(length)}" y="16" text-anchor="middle">{label}</text>'
    for number, row in enumerate(report["timeline"]):
        y = 36 + _ROW * number
        name = f"{row['segment'].split('/')[2]}, {row['platform']}"
        yield f'<text x="0" y="{y + 12}">{_text(_short(name, 40))}</text>'
        if row["window"]:
            yield _bar(y, x(row["window"]), 18, "var(--window)")
        for value, colour, offset in (
            (row["known_after"], "var(--known)", 2),
            (row["paid_after_conversion"], "var(--paid)", 10),
        ):
            if value is not None:
                yield _bar(y + offset, x(value), 6, colour)


def _bar(y: float, end: float, height: int, colour: str) -> str:
    width = max(round(end - _LEFT, 1), 3)
    return f'<rect x="{_LEFT}" y="{y}" width="{width}" height="{height}" rx="3" fill="{colour}"/>'


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}\N{HORIZONTAL ELLIPSIS}"


def _drawing(height: int, parts: Sequence[str], about: str) -> str:
    return (
        f'<div class="wide"><svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{_text(about)}">'
        + "".join(parts)
        + "</svg></div>"
    )


def _sequence(sequence: Mapping[str, Any]) -> Iterator[str]:
    if not sequence["planned"]:
        return
    yield "<h2>Sequence</h2>"
    steps = " \N{RIGHTWARDS ARROW} ".join(" ".join(step) for step in sequence["planned"])
    yield f"<p>{_text(steps)}. Out of order: {sequence['out_of_order']:,} times.</p>"
    cells = [
        [_text(row["creative"]), _text(row["funnel_stage"]), _text(row["frequency_tier"])]
        for row in sequence["shown"]
    ]
    yield _table(["Creative", "Stage", "Tier"], cells)


def _deliveries(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not rows:
        return
    yield "<h2>What reached whom</h2>"
    cells = [
        [_text(row["event"]), _text(row["destination"]), f"{row['sent']:,}", f"{row['held_back']:,}"]
        for row in rows
    ]
    yield _table(["Event", "Destination", "Sent", "Held back for want of consent"], cells, numbers=(2, 3))


def _list(title: str, entries: Sequence[str]) -> Iterator[str]:
    if entries:
        yield f"<h2>{_text(title)}</h2>"
        yield "<ul>" + "".join(f"<li>{_text(entry)}</li>" for entry in entries) + "</ul>"


def _decisions(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not rows:
        return
    yield "<h2>After launch</h2>"
    cells = [
        [
            _text(row["when"]),
            _text(row["window"]),
            _text(row["action"]),
            _text(row["owner"]),
            _text(row["signal"]),
        ]
        for row in rows
    ]
    yield _table(["When", "Within", "Then", "Owner", "Signal"], cells)
