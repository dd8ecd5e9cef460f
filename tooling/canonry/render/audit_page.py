"""An audit as one self-contained HTML page: no script, no outside request; charts are drawn as SVG.

Everything observed is escaped; nothing observed becomes an address, a class or a style.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from canonry.audit.causes import Cause
from canonry.audit.report import Report
from canonry.kernel.findings import Finding
from canonry.render import audits
from canonry.render.plain import visible

ROWS: Final = 500
"""Findings per rule on the page; the sheet and the JSON have all of them."""

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
)

STYLE: Final = """
:root{--ink:#1d2733;--soft:#5b6876;--line:#d9e0e7;--paper:#fff;--tint:#f5f7f9;--bad:#b3261e;--warn:#8a5a00;
--good:#1a6b3c;--mark:#2456a6}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e6ebf0;--soft:#9fadba;--line:#33404d;
--paper:#12181e;--tint:#1a222a;--bad:#ff8a80;--warn:#ffc46b;--good:#7ddc9f;--mark:#8ab4f8}}
@media (forced-colors:active){:root{--mark:CanvasText;--paper:Canvas;--bad:CanvasText;--line:GrayText;
--soft:CanvasText}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:76rem;margin:0 auto;padding:2rem 1.25rem 4rem}
.first-page{max-width:62rem}
h1{font-size:1.35rem;margin:0}
h2{font-size:1.1rem;margin:2.2rem 0 .6rem}h3{font-size:1rem;margin:1.6rem 0 .4rem}
.period{color:var(--soft);margin:.15rem 0 1.2rem}
.headline{font-size:1.5rem;line-height:1.3;font-weight:600;margin:.4rem 0}
.gap{border-left:.35rem solid var(--bad);background:var(--tint);padding:.8rem 1rem;margin:0 0 1.2rem}
.gap strong{color:var(--bad)}.gap ul{margin:.4rem 0 0;padding-left:1.1rem}.gap li+li{margin-top:.4rem}
.gap li{overflow-wrap:anywhere}
ol.first{list-style:none;margin:0;padding:0;counter-reset:n}
ol.first>li{counter-increment:n;border:1px solid var(--line);border-radius:.4rem;
padding:.8rem 1rem .8rem 3.1rem;
margin:.6rem 0;position:relative}
ol.first>li:before{content:counter(n);position:absolute;left:1rem;top:.6rem;font-size:1.5rem;color:var(--soft)}
.what{font-weight:600;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:4.5rem 1fr;gap:.1rem .6rem;margin:.4rem 0 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
ul.plain{margin:.3rem 0;padding-left:1.1rem}ul.plain li{overflow-wrap:anywhere}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:1rem}
figure{margin:0;border:1px solid var(--line);border-radius:.4rem;padding:.7rem .8rem;display:flex;
flex-direction:column;justify-content:space-between}.bars{justify-content:flex-start}
figcaption{font-size:.9rem;color:var(--soft)}figcaption b{color:var(--ink);font-size:1.15rem}
svg{display:block;width:100%;height:auto}
.axis{stroke:var(--line)}.trend{fill:none;stroke:var(--mark);stroke-width:2}.dot{fill:var(--mark)}
.part{fill:var(--paper);stroke:var(--bad);stroke-width:2}.bar{fill:var(--mark)}
text{font:11px system-ui,sans-serif;fill:var(--soft)}
table{border-collapse:collapse;width:100%;font-size:.86rem;table-layout:fixed}
th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid var(--line);
overflow-wrap:anywhere}
th{color:var(--soft);font-weight:600;overflow-wrap:normal}
.n{text-align:right}
td.seen{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.8rem}
.found th:nth-child(1){width:16%}.found th:nth-child(2){width:21%}.found th:nth-child(3){width:21%}
.found th:nth-child(4){width:18%}.found th:nth-child(5){width:9%}.found th:nth-child(6){width:7%}
.read th:nth-child(1){width:17%}.read th:nth-child(2),.read th:nth-child(3){width:12%}
.read th:nth-child(6){width:15%}
.error{color:var(--bad)}.warning{color:var(--warn)}.note{color:var(--soft)}.undecided{color:var(--bad)}
summary{cursor:pointer;font-weight:600;padding:.3rem 0;overflow-wrap:anywhere}
footer{margin-top:3rem;color:var(--soft);font-size:.86rem}
@media (max-width:40rem){dl{grid-template-columns:1fr}dt{margin-top:.3rem}ol.first>li{padding-left:1rem}
ol.first>li:before{position:static;display:block}}
@media screen and (max-width:56rem){table,tbody,tr,td{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tr{border-bottom:1px solid var(--line);padding:.5rem 0}
td,td.n{border:0;padding:.05rem 0 .05rem 6.2rem;text-align:left;min-height:1.6em}td:empty{display:none}
td:before{float:left;width:5.9rem;margin-left:-6.2rem;color:var(--soft);font:.86rem/1.6 system-ui,sans-serif}
LABELS}
@media print{:root{font-size:75%}main{padding:0;max-width:none}.every{break-before:page}
li,tr,figure{break-inside:avoid}details::details-content{content-visibility:visible;block-size:auto}}
"""

FOUND: Final = ("Where", "Observed", "What", "Do", "Owner", "Layer", "Hangs on it")
READ: Final = (
    "Source", "Platform", "Owner", "Read", "Judged", "Spend", "Filed wrong", "Visits", "Filed wrong",
)  # fmt: skip
NUMBERS: Final = frozenset({"Judged", "Spend", "Filed wrong", "Visits", "Hangs on it"})


def _labels() -> str:
    """On a narrow screen a row is a list, each cell after its column's name."""
    return "".join(
        f'.{table} td:nth-child({number}):before{{content:"{name}"}}'
        for table, names in (("found", FOUND), ("read", READ))
        for number, name in enumerate(names, 1)
    )


def page(report: Report, contacts: Mapping[str, str]) -> str:
    """The whole page."""
    title = f"{report.name or 'Audit'}, {report.day}"
    return "".join(
        (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY, quote=True)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            '<link rel="icon" href="data:,">',
            f"<title>{_text(title)}</title><style>{STYLE.replace('LABELS', _labels())}</style>",
            '</head><body><main>\n<div class="first-page">',
            *_first(report, contacts),
            "</div>",
            *_trends(report),
            *_sources(report),
            *_rules(report),
            "<footer>Written by canonry audit run. canonry explain CODE explains a rule.</footer>",
            "\n</main></body></html>\n",
        )
    )


def _text(value: object) -> str:
    return escape(visible(str(value)), quote=True).replace(" %", "\u00a0%")


def _first(report: Report, contacts: Mapping[str, str]) -> Iterator[str]:
    yield f"<h1>{_text(report.name or 'Audit')}</h1>"
    yield f'<p class="period">{_text(audits.days(report))}</p>'
    if not report.complete:
        yield '<div class="gap" role="alert"><strong>NOT COMPLETE</strong><ul>'
        for where, why, hint in audits.unread(report):
            more = f"<br><em>Next: {_text(hint)}</em>" if hint else ""
            yield f"<li>{_text(where)}<br>{_text(why)}{more}</li>"
        yield "</ul></div>"
    for line in audits.headline(report):
        yield f'<p class="headline">{_text(line)}</p>'
    if report.first:
        yield '<h2>Fix first</h2><ol class="first">'
        for cause in report.first:
            yield _cause(cause, contacts)
        yield "</ol>"
    yield '<h2>Since last time</h2><ul class="plain">'
    for line in audits.tally(report):
        yield f"<li>{_text(line)}</li>"
    for level, line in audits.crossed(report):
        yield f'<li class="{level}">{_text(line)}</li>'
    for line in (*report.guardrails, *report.notes):
        yield f"<li>{_text(line)}</li>"
    yield '</ul><h2>Handoff</h2><ul class="plain">'
    for line in audits.handoff(report):
        yield f"<li>{_text(line)}</li>"
    yield "</ul>\n"


def _cause(cause: Cause, contacts: Mapping[str, str]) -> str:
    things = f"{cause.objects:,} objects; " if cause.objects > 1 else ""
    since = f"since {cause.since}" if cause.since else "new"
    contact = contacts.get(cause.owner)
    owner = (cause.owner or "nobody") + (f" ({contact})" if contact else "")
    rows = [("Cost", f"{things}{audits.cost(cause)}; {since}"), ("Owner", owner)]
    rows += [("Also", also) for also in cause.also[:3]]
    if cause.do:
        rows.append(("Do", cause.do))
    if cause.sheet:
        rows.append(("Sheet", audits.sheet(cause)))
    listed = "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in rows)
    return f'<li><div class="what">{_text(cause.message)}</div><dl>{listed}</dl></li>'


def _trends(report: Report) -> Iterator[str]:
    runs = report.trend
    days, whole = [str(run.get("day")) for run in runs], [bool(run.get("complete")) for run in runs]
    yield '<h2>Trend</h2><div class="charts">'
    for title, unit, values in (
        ("of spend filed wrong or unowned", " %", [_share(run, "spend") for run in runs]),
        ("of visits filed wrong or unowned", " %", [_share(run, "rows") for run in runs]),
        ("findings", "", [_number(run, "findings") for run in runs]),
        ("grandfathered", "", [_number(run, "grandfathered") for run in runs]),
    ):
        if any(value is not None for value in values):
            yield _chart(title, unit, days, values, whole)
    layers = runs[-1].get("layers") if runs else None
    if isinstance(layers, Mapping) and layers:
        yield _bars("findings by layer", layers)
    yield "</div>\n"


def _share(run: Mapping[str, Any], key: str) -> float | None:
    value = (run.get("shares") or {}).get(key)
    return float(value) * 100 if isinstance(value, int | float) else None


def _number(run: Mapping[str, Any], key: str) -> float | None:
    value = run.get(key)
    return float(value) if isinstance(value, int | float) else None


def _chart(
    title: str, unit: str, days: Sequence[str], values: Sequence[float | None], whole: Sequence[bool]
) -> str:
    """A line over the runs; a run that was not read whole is an open circle."""
    width, height, left, top, bottom = 320, 120, 34, 10, 20
    known = [value for value in values if value is not None]
    peak = max(known, default=0.0) or 1.0
    step = (width - left - 20) / max(len(values) - 1, 1)

    def place(number: int, value: float) -> tuple[float, float]:
        x = left + 8 + step * number if len(values) > 1 else (left + width) / 2
        return x, top + (height - top - bottom) * (1 - value / peak)

    points = [(n, *place(n, value)) for n, value in enumerate(values) if value is not None]
    line = " ".join(f"{x:.1f},{y:.1f}" for _, x, y in points)
    dots = "".join(
        f'<circle class="{"dot" if whole[n] else "part"}" cx="{x:.1f}" cy="{y:.1f}" r="3.5">'
        f"<title>{_text(days[n])}: {_figure(values[n])}{unit}{'' if whole[n] else ', not complete'}</title>"
        "</circle>"
        for n, x, y in points
    )
    base = height - bottom
    latest = _figure(known[-1]) + unit
    ends = f'<text x="{left}" y="{height - 5}">{_text(days[0])}</text>' if len(days) > 1 else ""
    ends += f'<text x="{width - 4}" y="{height - 5}" text-anchor="end">{_text(days[-1])}</text>'
    return (
        f"<figure><figcaption><b>{_text(latest)}</b> {_text(title)}</figcaption>"
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{_text(title)}: {_text(latest)}">'
        f'<line class="axis" x1="{left}" y1="{base}" x2="{width - 4}" y2="{base}"/>'
        f'<line class="axis" x1="{left}" y1="{top}" x2="{width - 4}" y2="{top}"/>'
        f'<text x="{left - 4}" y="{top + 4}" text-anchor="end">{_figure(peak)}</text>'
        f'<text x="{left - 4}" y="{base + 3}" text-anchor="end">0</text>'
        f'<polyline class="trend" points="{line}"/>{dots}{ends}</svg></figure>'
    )


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.1f}"  # noqa: PLR2004  digits


def _bars(title: str, counts: Mapping[str, Any]) -> str:
    ranked = sorted(((str(k), int(v)) for k, v in counts.items()), key=lambda pair: (-pair[1], pair[0]))[:8]
    most = ranked[0][1] or 1
    bars = "".join(
        f'<text x="74" y="{16 + 17 * n}" text-anchor="end">{_text(name)}</text>'
        f'<rect class="bar" x="80" y="{7 + 17 * n}" width="{190 * number / most:.1f}" height="11" rx="2"/>'
        f'<text x="{86 + 190 * number / most:.1f}" y="{16 + 17 * n}">{number:,}</text>'
        for n, (name, number) in enumerate(ranked)
    )
    total = sum(number for _, number in ranked)
    return (
        f'<figure class="bars"><figcaption><b>{total:,}</b> {_text(title)}</figcaption>'
        f'<svg viewBox="0 0 320 {14 + 17 * len(ranked)}" role="img" aria-label="{_text(title)}">{bars}</svg>'
        "</figure>"
    )


def _sources(report: Report) -> Iterator[str]:
    yield f"<h2>Sources</h2>{_head('read', READ)}"
    for each in report.accounts:
        spend, wrong = map(_text, audits.spend(each))
        rows = f"{each.rows:,}" if each.rows is not None else ""
        wrong_rows = audits.percent(each.wrong_rows / each.rows) if each.rows else ""
        state = "whole" if each.state == "complete" else f'<span class="undecided">{_text(each.state)}</span>'
        yield (
            f"<tr><td>{_text(each.source)}</td><td>{_text(each.platform)}</td><td>{_text(each.owner)}</td>"
            f'<td>{state}</td><td class="n">{each.judged:,}</td><td class="n">{spend}</td>'
            f'<td class="n">{wrong}</td>'
            f'<td class="n">{rows}</td><td class="n">{_text(wrong_rows)}</td></tr>'
        )
    yield "</tbody></table>\n"


def _head(kind: str, names: Sequence[str]) -> str:
    heads = (f'<th class="n">{name}</th>' if name in NUMBERS else f"<th>{name}</th>" for name in names)
    return f'<table class="{kind}"><thead><tr>{"".join(heads)}</tr></thead><tbody>'


def _rules(report: Report) -> Iterator[str]:
    yield '<h2 class="every">Every finding, by rule</h2>'
    by_rule: dict[tuple[int, str, str], list[Finding]] = {}
    for finding in report.findings:
        by_rule.setdefault((-finding.level, finding.code, finding.name), []).append(finding)
    if not by_rule:
        yield "<p>None.</p>"
    for (_, code, name), found in sorted(by_rule.items()):
        level = "undecided" if found[0].undecided else found[0].level.word
        yield f'<details><summary><span class="{level}">{_text(code)}</span> {_text(name)}: {len(found):,}'
        yield f' <span class="{level}">{level}</span></summary>'
        yield _head("found", FOUND)
        for finding in found[:ROWS]:
            yield _row(finding)
        yield "</tbody></table>"
        if len(found) > ROWS:
            yield f"<p>{len(found) - ROWS:,} more are in the sheet and in the JSON.</p>"
        yield "</details>\n"


def _row(finding: Finding) -> str:
    about, weight = finding.details.get("object"), finding.details.get("weight")
    where = str(finding.details.get("source") or finding.place.path)
    if isinstance(about, dict):
        where += f", {about.get('level')} {about.get('id') or ''}"
    hangs = ""
    if isinstance(weight, dict):
        cost, rows = weight.get("cost"), weight.get("rows")
        if isinstance(cost, int | float):
            hangs = f"{cost:,.2f} {weight.get('currency') or ''}"
        elif isinstance(rows, int):
            hangs = f"{rows:,}"
    return (
        f"<tr><td>{_text(where.strip())}</td>"
        f'<td class="seen">{_text(finding.details.get("observed") or "")}</td>'
        f"<td>{_text(finding.message)}</td><td>{_text(finding.suggestion)}</td>"
        f"<td>{_text(finding.owner or 'nobody')}</td><td>{_text(finding.details.get('layer') or '')}</td>"
        f'<td class="n">{_text(hangs)}</td></tr>'
    )
