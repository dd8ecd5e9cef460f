"""An audit as people read it in a terminal: one page for a manager, then the findings with their rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

from canonry.audit.account import Account
from canonry.audit.causes import Cause
from canonry.audit.report import Decision, Report
from canonry.audit.source import Gap
from canonry.kernel.findings import Finding, Level
from canonry.render.palette import PLAIN, Palette
from canonry.render.plain import visible, wrapped

_A_WEEK: Final = range(6, 9)
"""Days between two weekly runs, one of which may be a day early or late."""
SHOWN: Final = 60
"""Findings that a terminal lists; the other reports have all of them."""


def percent(share: float) -> str:
    """`11.8 %`."""
    return f"{share * 100:.1f} %"


def days(report: Report) -> str:
    """The period and whose days they are."""
    start, end, zone = report.period.start, report.period.end, report.period.time_zone
    if start is None or end is None:
        return f"as of {report.day}, whatever the sources hold"
    return f"{start} to {end}" + (f" ({zone})" if zone else "")


def headline(report: Report) -> list[str]:
    """The one sentence of an audit; one per sum that cannot be added to the others."""
    names = {"spend": "checked spend", "rows": "checked visits", "?": "checked spend in no known currency"}
    whole = "spend" in report.shares  # and then no currency has a sentence of its own
    wanted = [key for key in report.shares if not whole or key in ("spend", "rows")]
    lines = []
    for key in wanted:
        what = names.get(key, f"checked spend in {key}")
        if key.startswith("? "):
            what = f"{names['?']} ({key[2:]})"
        if key.startswith("rows "):
            what = f"what {key[5:]} counts"
        before = report.shares_before.get(key)
        verb = "are" if key == "rows" else "is"
        text = f"{percent(report.shares[key])} of {what} {verb} filed wrong or unowned"
        if before is not None:
            text += f"; {_last(report)} {percent(before)}"
            text += ", when other sources were read whole" if report.unlike else ""
        lines.append(f"{text}.")
    if not lines:
        judged = sum(account.judged for account in report.accounts)
        if not judged:
            return ["Nothing was checked."]
        wrong = len({f.subject for f in report.findings if not f.undecided and f.level > Level.NOTE})
        lines.append(
            f"{judged:,} things checked, {wrong:,} wrong or missing; no source reports spend or visits."
        )
    return lines


def _last(report: Report) -> str:
    """When the run before was."""
    since = (report.day - date.fromisoformat(report.before)).days if report.before else 0
    return "last week" if since in _A_WEEK else f"on {report.before}" if report.before else "last time"


def unread(report: Report) -> list[tuple[str, str, str]]:
    """Per gap: the source with its last known share, why, and what to do; then what nobody could check."""
    return [
        *(
            (f"{account.source}{_known(account)}", _why(account, gap.what, gap.why), gap.hint)
            for account in report.accounts
            for gap in account.gaps
        ),
        *(
            (
                f"{account.source}: {_counted(len(account.unchecked), 'check')} could not be made",
                "; ".join(gap.what for gap in account.unchecked),
                f"What {_of_them(len(account.unchecked))} needs stands under check-not-made below",
            )
            for account in report.accounts
            if account.unchecked
        ),
    ]


def unread_text(gaps: Sequence[Gap], so: str, palette: Palette, width: int) -> str:
    """What was not read, and what that means (`so`), for commands beside `run`."""
    lines = [palette("error", wrapped(f"Not read, so {so}:", width=width))]
    for gap in gaps:
        lines.append(wrapped(f"{gap.what}: {gap.why}", indent="  ", hanging="    ", width=width))
        if gap.hint:
            lines.append(wrapped(gap.hint, indent="    Next: ", hanging="      ", width=width))
    return "\n".join(lines)


def _of_them(number: int) -> str:
    return "it" if number == 1 else "each of them"


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _known(account: Account) -> str:
    state = "nothing was read" if account.state == "failed" else "read in part"
    if account.known_share is None:
        return f": {state}, its share is not known"
    return f": {state}; {percent(account.known_share)} of the total when last read whole"


def _why(account: Account, what: str, why: str) -> str:
    return why if what == account.source else f"{what}: {why}"


def cost(cause: Cause) -> str:
    """What hangs on a cause: money per currency, rows, share."""
    parts = [
        f"{amount:,.0f} {currency or 'without a currency'}"
        for currency, amount in sorted(cause.money.items())
        if amount
    ]
    if not parts and cause.rows:
        parts.append(f"{cause.rows:,} visits")
    if cause.share:
        parts.append(percent(cause.share))
    return ", ".join(parts) or "no spend or visits known"


def sheet(cause: Cause) -> str:
    """The command that writes the sheet which mends a cause, and what the sheet is called."""
    names = ", ".join(f"{name}.csv" for name in cause.sheets[:2])
    more = f" and {len(cause.sheets) - 2} more" if len(cause.sheets) > 2 else ""  # noqa: PLR2004  named ones
    return f"canonry audit fix-sheet ({cause.sheet})" + (f": {names}{more}" if names else "")


def spend(account: Account) -> tuple[str, str]:
    """What a source spent, and what part of it is filed wrong; currency by currency."""
    shown = [
        (f"{each.cost:,.0f} {key or 'without a currency'}", each)
        for key, each in sorted(account.spent.items())
    ]
    wrong = [percent(each.wrong / each.cost) for _, each in shown if each.cost]
    return "; ".join(text for text, _ in shown), "; ".join(wrong)


def tally(report: Report) -> list[str]:
    """New, recurring, fixed; grandfathered; foreign; not ours."""
    lines = []
    if report.before:
        oldest = f", the oldest since {report.oldest}" if report.oldest else ""
        gone = sum(bool(each.get("gone")) for each in report.fixed)
        lines.append(
            f"{report.new:,} new, {report.recurring:,} recurring{oldest}, {len(report.fixed):,} fixed since "
            f"{report.before}" + (f" ({gone:,} of them no longer there)" if gone else "")
        )
    else:
        decided = sum(not finding.undecided for finding in report.findings)
        lines.append(f"{_counted(decided, 'finding')}; this is the first run")
    if report.grandfathered or report.grandfathered_before:
        lines.append(grandfathered(report))
    for why, (values, rows) in sorted(report.foreign.items()):
        lines.append(f"foreign: {_counted(values, 'value')}, {_counted(rows, 'visit')}. {why}")
    if report.unjudged_rows:
        lines.append(f"{report.unjudged_rows:,} visits without manual tags: counted, not checked")
    if report.idle:
        lines.append(
            f"{_counted(report.idle, 'object')} delivered nothing in the period: not looked at (--idle does)"
        )
    return lines


def crossed(report: Report) -> list[tuple[str, str]]:
    """The thresholds that were crossed: how bad it is, and what was agreed to follow."""
    return [
        (
            "error" if decision.then == "fail" else "warning",
            f"{decision.then}: {decision.metric} is {_figure(decision)}, agreed limit {decision.over}"
            + (f" ({decision.owner})" if decision.owner else ""),
        )
        for decision in report.decisions
        if decision.crossed
    ]


def _figure(decision: Decision) -> str:
    return f"{decision.value:,.1f} %" if decision.unit else f"{decision.value:,.0f}"


def grandfathered(report: Report) -> str:
    """One line, whatever is in the baseline."""
    text = f"grandfathered {report.grandfathered:,}"
    if report.grandfathered_share is not None:
        text += f", {percent(report.grandfathered_share)} of spend"
    before = report.grandfathered_before
    if before is not None:
        now = report.grandfathered
        text += ", falling" if now < before else ", rising" if now > before else ", unchanged"
        text += f" (last time {before:,})"
    return text


def handoff(report: Report) -> list[str]:
    """Done, open, next owner."""
    judged = sum(account.judged for account in report.accounts)
    read = [account.source for account in report.accounts if account.state == "complete"]
    open_ = len(report.causes)
    lines = [
        f"done: {len(read)} of {_counted(len(report.accounts), 'source')} read whole, "
        f"{_counted(judged, 'thing')} judged"
        + (f", {len(report.fixed):,} fixed since {report.before}" if report.before else ""),
        f"open: {open_:,} {'thing' if open_ == 1 else 'things'} to mend"
        + (f", {len(unread(report))} not read or not checked" if not report.complete else ""),
    ]
    nobody = (
        "nobody, nothing is open" if report.complete and not open_ else "nobody is known to own what is open"
    )
    lines.append(f"next owner: {report.next_owner or nobody}")
    return lines


def text(
    report: Report,
    palette: Palette = PLAIN,
    contacts: Mapping[str, str] | None = None,
    width: int = 80,
) -> str:
    """The first page, then every finding by rule, in lines of at most `width` columns; no word is cut."""
    wrap = partial(wrapped, width=width)
    return "\n".join([*_first_page(report, palette, contacts or {}, wrap), *_findings(report, palette, wrap)])


def _first_page(
    report: Report, palette: Palette, contacts: Mapping[str, str], wrap: Callable[..., str]
) -> Iterator[str]:
    yield palette("bold", wrap(f"{report.name or 'Audit'}: {days(report)}"))
    if not report.complete:
        yield ""
        yield palette("error", "NOT COMPLETE")
        for where, why, hint in unread(report):
            yield wrap(where, indent="  ", hanging="    ")
            yield wrap(why, indent="    ")
            if hint:
                yield wrap(hint, indent="    Next: ", hanging="      ")
    yield ""
    for line in headline(report):
        yield palette("bold", wrap(line))
    if report.first:
        yield ""
        yield "Fix first:"
    for number, cause in enumerate(report.first, 1):
        yield from _cause(number, cause, palette, contacts, wrap)
    yield ""
    for line in tally(report):
        yield wrap(line, hanging="  ")
    for level, line in crossed(report):
        yield palette(level, wrap(line, hanging="  "))
    for line in (*report.guardrails, *report.notes):
        yield wrap(line, hanging="  ")
    yield ""
    for line in handoff(report):
        yield wrap(line, hanging="  ")


def _cause(
    number: int, cause: Cause, palette: Palette, contacts: Mapping[str, str], wrap: Callable[..., str]
) -> Iterator[str]:
    things = f"{cause.objects:,} objects" if cause.objects > 1 else ""
    yield palette("bold", wrap(cause.message, indent=f"{number}. ", hanging="   "))
    parts = [part for part in (things, cost(cause), f"since {cause.since}" if cause.since else "new") if part]
    yield wrap("; ".join(parts), indent="   ")
    if cause.also:
        more = len(cause.also) - 1
        yield wrap(f"also {cause.also[0]}" + (f", and {more} more" if more else ""), indent="   ")
    owner = cause.owner or "nobody"
    contact = contacts.get(cause.owner, "")
    yield wrap(f"{owner}{f' ({contact})' if contact else ''}", indent="   Owner: ", hanging="   ")
    if cause.do:
        yield wrap(cause.do, indent="   Do: ", hanging="   ")
    if cause.sheet:
        yield wrap(sheet(cause), indent="   Sheet: ", hanging="   ")


def _findings(report: Report, palette: Palette, wrap: Callable[..., str]) -> Iterator[str]:
    by_rule: dict[tuple[int, str, str], list[Finding]] = {}
    for finding in report.findings:
        by_rule.setdefault((-finding.level, finding.code, finding.name), []).append(finding)
    left = SHOWN
    told = 0
    for (_, code, name), found in sorted(by_rule.items()):
        yield ""
        level = "undecided" if found[0].undecided else found[0].level.word
        yield palette(found[0].level.word, wrap(f"{code} {name}: {len(found):,} ({level})", hanging="  "))
        listed = found[: max(3, left // len(by_rule))]
        for finding in listed:
            yield from _finding(finding, wrap)
        left -= len(listed)
        told += len(listed)
        if len(found) > len(listed):
            yield f"  ... and {len(found) - len(listed):,} more"
    if report.findings:
        yield ""
        yield wrap("canonry explain CODE says what a rule means and what to do.")
        if told < len(report.findings):
            yield wrap("-o report.html, .xlsx or .json has all of them.")


def _finding(finding: Finding, wrap: Callable[..., str]) -> Iterator[str]:
    about = finding.details.get("object")
    where = [str(finding.details.get("source") or finding.place.path)]
    if isinstance(about, dict):
        where.append(str(about.get("level") or ""))
        where.append(str(about.get("id") or ""))
    head = " ".join(part for part in where if part)
    yield wrap(visible(head), indent="  ", hanging="    ")
    observed = str(finding.details.get("observed") or "")
    if observed and observed not in finding.message:
        yield wrap(observed, indent="    ")
    yield wrap(finding.message, indent="    ")
    if finding.suggestion:
        yield wrap(finding.suggestion, indent="    Next: ", hanging="      ")
    parts = [finding.owner or "nobody", str(finding.details.get("layer") or "")]
    yield wrap(", layer ".join(part for part in parts if part), indent="    Owner: ", hanging="      ")
