"""An audit in Markdown: for an issue, a wiki or a chat. What was observed is text in it, never markup."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final

from canonry.audit.causes import Cause
from canonry.audit.report import Report
from canonry.kernel.findings import Finding, Level
from canonry.render import audits
from canonry.render.markdown import code, escaped

MARKER: Final = "<!-- canonry:audit -->"
"""How the weekly workflow finds its issue again."""
MOST: Final = 40
"""Findings per rule; the other reports have all of them."""
LIMIT: Final = 60_000
"""Characters: hosts refuse issues a little above."""


def page(report: Report, contacts: Mapping[str, str]) -> str:
    """The first page for a manager, then the findings by rule; at most `LIMIT` characters."""
    parts: list[str] = []
    room = LIMIT
    for part in (*_first(report, contacts), *_rules(report)):
        room -= len(part) + 1
        if room < 0:
            parts.append("\n*More is left out here: `canonry audit run -o report.html` has all of it.*")
            break
        parts.append(part)
    return "\n".join(parts) + "\n"


def fingerprints(report: Report) -> str:
    """How many findings are open and a digest of their fingerprints: the same digest, the same findings.

    A note asks nobody to do anything, so it is not open.
    """
    open_ = (finding for finding in report.findings if finding.undecided or finding.level > Level.NOTE)
    known = sorted({finding.fingerprint for finding in open_})
    digest = hashlib.sha256(" ".join(known).encode()).hexdigest()[:16]
    return f"<!-- canonry:fingerprints {digest} {len(known)} -->"


def _first(report: Report, contacts: Mapping[str, str]) -> Iterator[str]:
    yield MARKER
    yield fingerprints(report)
    yield f"## {escaped(report.name or 'Audit')}: {escaped(audits.days(report))}"
    if not report.complete:
        yield "\n**NOT COMPLETE**\n"
        for where, why, hint in audits.unread(report):
            yield f"- {escaped(where)}. {escaped(why)}." + (f" *Next: {escaped(hint)}*" if hint else "")
    for line in audits.headline(report):
        yield f"\n**{escaped(line)}**"
    if report.first:
        yield "\n### Fix first\n"
    for number, cause in enumerate(report.first, 1):
        yield _cause(number, cause, contacts)
    yield "\n### Since last time\n"
    for line in audits.tally(report):
        yield f"- {escaped(line)}"
    for _, line in audits.crossed(report):
        then, _, what = line.partition(":")
        yield f"- **{escaped(then)}**:{escaped(what)}"
    for line in (*report.guardrails, *report.notes):
        yield f"- {escaped(line)}"
    yield "\n### Handoff\n"
    for line in audits.handoff(report):
        yield f"- {escaped(line)}"


def _cause(number: int, cause: Cause, contacts: Mapping[str, str]) -> str:
    since = f"since {cause.since}" if cause.since else "new"
    things = f"{cause.objects:,} objects; " if cause.objects > 1 else ""
    contact = contacts.get(cause.owner)
    owner = escaped(cause.owner or "nobody") + (f" ({escaped(contact)})" if contact else "")
    lines = [
        f"{number}. **{escaped(cause.message)}**",
        f"   - {escaped(things + audits.cost(cause))}; {escaped(since)}",
        f"   - Owner: {owner}",
    ]
    lines += [f"   - Also {escaped(also)}" for also in cause.also[:3]]
    if cause.do:
        lines.append(f"   - Do: {escaped(cause.do)}")
    if cause.sheet:
        lines.append(f"   - Sheet: {escaped(audits.sheet(cause))}")
    return "\n".join(lines)


def _rules(report: Report) -> Iterator[str]:
    if not report.findings:
        return
    yield "\n---\n\n### All findings"
    by_rule: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.findings:
        by_rule.setdefault((finding.code, finding.name), []).append(finding)
    for (rule, name), found in sorted(by_rule.items()):
        level = "undecided" if found[0].undecided else found[0].level.word
        layer = f", layer {escaped(str(found[0].details['layer']))}" if found[0].details.get("layer") else ""
        yield f"\n#### {rule} {escaped(name)}: {len(found):,} ({level}{layer})\n"
        yield "| Where | What | Do | Owner |"  # a host's column is narrow: more of them would be cut off
        yield "|---|---|---|---|"
        for finding in found[:MOST]:
            yield _row(finding)
        if len(found) > MOST:
            yield f"\n*{len(found) - MOST:,} more.*"


def _row(finding: Finding) -> str:
    about = finding.details.get("object")
    level = f" {about.get('level')} {about.get('id') or ''}" if isinstance(about, dict) else ""
    where = f"{finding.details.get('source') or finding.place.path}{level}"
    observed = str(finding.details.get("observed") or "")
    cells = [
        escaped(where.strip()) + (f"<br>{code(observed)}" if observed else ""),
        escaped(finding.message),
        escaped(finding.suggestion),
        escaped(finding.owner or "nobody"),
    ]
    return f"| {' | '.join(cells)} |"
