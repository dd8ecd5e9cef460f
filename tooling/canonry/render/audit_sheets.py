"""An audit as sheets: first page, causes, findings. Cells are text and numbers, never formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from canonry.audit.report import Report
from canonry.kernel.findings import Finding
from canonry.render import audits
from canonry.render.plain import visible

Cell = str | int | float | None
SUMMARY: Final = "Summary"
FIRST: Final = "Fix first"
FINDINGS: Final = "Findings"
TREND: Final = "Trend"
LOOKS: Final[Mapping[str, tuple[tuple[int, ...], frozenset[int], frozenset[int]]]] = {
    SUMMARY: ((18, 60, 40, 40, 10, 10, 14, 14, 10, 12, 14), frozenset(), frozenset({6, 7})),
    FIRST: (
        (6, 8, 22, 10, 60, 44, 16, 20, 10, 10, 9, 8, 24, 10, 12),
        frozenset({11}),
        frozenset(),
    ),
    FINDINGS: (
        (7, 22, 10, 18, 12, 22, 12, 22, 44, 60, 44, 44, 9, 16, 10, 12, 12, 10, 10, 12, 32, 20),
        frozenset(),
        frozenset({16}),
    ),
    TREND: ((12, 12, 10, 9, 9, 9, 15, 18, 18), frozenset({7, 8}), frozenset()),
}
"""Sheet to the widths of its columns, and which of them hold shares and money."""
LONGEST: Final = 30_000
"""Characters of a cell: a workbook takes a little more."""


def sheets(report: Report, contacts: Mapping[str, str]) -> Iterator[tuple[str, Iterator[Sequence[Cell]]]]:
    """Name and rows of every sheet."""
    yield SUMMARY, _summary(report, contacts)
    yield FIRST, _causes(report, contacts)
    yield FINDINGS, _findings(report)
    yield TREND, _trend(report)


def _text(value: object) -> str:
    return visible(str(value))[:LONGEST]


def _summary(report: Report, contacts: Mapping[str, str]) -> Iterator[Sequence[Cell]]:
    yield ["Registry", _text(report.name)]
    yield ["Period", _text(audits.days(report))]
    yield ["Day of the run", report.day.isoformat()]
    yield ["Read", "whole" if report.complete else "NOT COMPLETE"]
    for where, why, hint in audits.unread(report):
        yield ["Not read", _text(where), _text(why), _text(hint)]
    for line in audits.headline(report):
        yield ["Result", _text(line)]
    for number, cause in enumerate(report.first, 1):
        owner, contact = cause.owner or "nobody", contacts.get(cause.owner)
        about = f"{owner}{f' ({contact})' if contact else ''}; {audits.cost(cause)}; "
        what = f"{number}. {cause.message}"
        about += f"since {cause.since}" if cause.since else "new"
        do = cause.do + (f"; {audits.sheet(cause)}" if cause.sheet else "")
        yield ["Fix first", _text(what), _text(do), _text(about)]
    for _, line in audits.crossed(report):
        yield ["Agreed limit", _text(line)]
    for line in (*audits.tally(report), *report.guardrails, *report.notes, *audits.handoff(report)):
        yield ["", _text(line)]
    yield []
    yield [
        "Source",
        "Platform",
        "Owner",
        "State",
        "Things",
        "Judged",
        "Spend",
        "Filed wrong",
        "Currency",
        "Visits",
        "Filed wrong",
    ]
    for each in report.accounts:
        for number, (currency, spend) in enumerate([*sorted(each.spent.items())] or [("", None)]):
            rows = each.rows if number == 0 else None  # once per source, however many currencies it has
            yield [
                _text(each.source),
                _text(each.platform),
                _text(each.owner),
                each.state,
                each.observations if number == 0 else None,
                each.judged if number == 0 else None,
                spend.cost if spend is not None else None,
                spend.wrong if spend is not None else None,
                _text(currency),
                rows,
                each.wrong_rows if rows is not None else None,
            ]


def _causes(report: Report, contacts: Mapping[str, str]) -> Iterator[Sequence[Cell]]:
    yield [
        "Rank",
        "Rule",
        "Name",
        "Level",
        "What",
        "Do",
        "Owner",
        "Contact",
        "Layer",
        "Sheet",
        "Objects",
        "Share",
        "Cost",
        "Visits",
        "Since",
    ]
    for number, cause in enumerate(report.causes, 1):
        yield [
            number,
            cause.code,
            cause.name,
            cause.level.word,
            _text(cause.message),
            _text(cause.do),
            cause.owner,
            _text(contacts.get(cause.owner, "")),
            cause.layer,
            cause.sheet,
            cause.objects,
            cause.share,
            _text(", ".join(f"{cost:.2f} {currency}" for currency, cost in sorted(cause.money.items()))),
            cause.rows or None,
            cause.since or "new",
        ]


def _findings(report: Report) -> Iterator[Sequence[Cell]]:
    yield [
        "Rule",
        "Name",
        "Level",
        "Source",
        "Platform",
        "Account",
        "Object",
        "Id",
        "Observed",
        "What",
        "Do",
        "Correct",
        "Sheet",
        "Owner",
        "Layer",
        "Campaign",
        "Spend",
        "Currency",
        "Visits",
        "Since",
        "File",
        "Fingerprint",
    ]
    for finding in report.findings:
        yield _finding(finding)


def _finding(finding: Finding) -> Sequence[Cell]:
    details = finding.details
    about, weight = details.get("object"), details.get("weight")
    known = about if isinstance(about, dict) else {}
    hangs = weight if isinstance(weight, dict) else {}
    cost, rows = hangs.get("cost"), hangs.get("rows")
    inside = finding.place.path.startswith(("registry/", "contracts/"))

    def told(key: str) -> str:
        return _text(details.get(key) or "")

    return [
        finding.code,
        finding.name,
        "undecided" if finding.undecided else finding.level.word,
        told("source") or _text(finding.place.path),
        told("platform"),
        told("account"),
        _text(known.get("level") or ""),
        _text(known.get("id") or ""),
        told("observed"),
        _text(finding.message),
        _text(finding.suggestion),
        told("correct"),
        told("sheet"),
        finding.owner,
        told("layer"),
        told("campaign"),
        cost if isinstance(cost, int | float) else None,
        _text(hangs.get("currency") or ""),
        rows if isinstance(rows, int) else None,
        told("since"),
        f"{finding.place.path}:{finding.place.line}" if inside else "",
        finding.fingerprint,
    ]


def _trend(report: Report) -> Iterator[Sequence[Cell]]:
    yield [
        "Run",
        "Read whole",
        "Findings",
        "Errors",
        "New",
        "Fixed",
        "Grandfathered",
        "Spend filed wrong",
        "Visits filed wrong",
    ]
    for run in report.trend:
        shares = run.get("shares") or {}
        yield [
            str(run.get("day")),
            "yes" if run.get("complete") else "no",
            run.get("findings"),
            run.get("errors"),
            run.get("new"),
            run.get("fixed"),
            run.get("grandfathered"),
            shares.get("spend"),
            shares.get("rows"),
        ]
