"""What an audit says of itself: what it could not read, which thresholds were crossed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from canonry.audit.needs import Group
from canonry.audit.observation import Level as Observed
from canonry.audit.quotation import shown
from canonry.audit.rule import AuditRule, Facts, Filing
from canonry.audit.source import Gap, Outcome
from canonry.kernel.findings import Finding, Level, Place


def source_unread() -> None:
    """A source could not be read at all, so nothing of it was checked.

    ## Why it matters
    Nothing was found there because nobody looked. "Could not check" is never "passed": the run ends with
    exit code 3 or worse.

    ## Instead
    What the finding says: export again, renew the credential, ask for the missing columns.
    """


def source_partial() -> None:
    """A source was read in part.

    ## Why it matters
    What is missing may hold whatever the rest does not; shares and counts are too small.

    ## Instead
    What the finding says. The report's first line says how much of the source was seen the last time.
    """


def check_not_made() -> None:
    """No source of an account tells what a check of its registered things needs.

    Audiences have declared windows, but the list of them has no such column; campaigns have a success metric,
    but nothing says what their ad sets optimise for. Only what the registry declares of an account is missed.

    ## Why it matters
    Nothing was found there because nobody could look. "Could not check" is never "passed": the run ends with
    exit code 3 or worse.

    ## Instead
    What the finding says: another column, or another source in `registry/audit.yaml`. What a platform tells
    nobody can be accepted: `policy.ignore` in `registry.yaml`, with a reason and a last day.
    """


def threshold_crossed() -> None:
    """A figure crossed a threshold of `registry/audit.yaml`.

    ## Why it matters
    Somebody decided beforehand what would follow: fail, warn, or an issue for the owner.

    ## Instead
    Correct what the figure counts; the findings beside it are that. A threshold that is always crossed is
    none: change it together with its owner.
    """


_RUN: Final = Facts(
    layer="report",
    reads=frozenset(Observed),
    rests="the source's own account of itself",
    about=None,
    filing=Filing.WRONG,
    of_a_word=False,
    guardrail="",
)
RULES: Final[tuple[AuditRule, ...]] = (
    AuditRule("A901", "source-unread", source_unread, "0.1", facts=_RUN),
    AuditRule("A902", "source-partial", source_partial, "0.1", facts=_RUN),
    AuditRule("A903", "check-not-made", check_not_made, "0.1", facts=_RUN),
    AuditRule(
        "A904",
        "threshold-crossed",
        threshold_crossed,
        "0.1",
        facts=replace(_RUN, rests="what the other checks found"),
    ),
)
_RULE: Final = {rule.name: rule for rule in RULES}


def of_gaps(outcome: Outcome, owner: str) -> Iterator[Finding]:
    """One undecided finding per gap."""
    name = "source-unread" if outcome.state == "failed" else "source-partial"
    for gap in outcome.gaps:
        finding = _RULE[name].finding(
            shown(f"{gap.what}: {gap.why}" if gap.what != outcome.source else gap.why),
            Place(outcome.source),
            owner=owner,
            suggestion=shown(gap.hint),
            subject=outcome.source,
            values=(shown(gap.what), shown(gap.why)),
            undecided=True,
        )
        yield finding.having(layer=_RUN.layer, source=outcome.source)


def of_unmade(rules: tuple[str, ...], group: Group, source: str, gap: Gap, owner: str) -> Finding:
    """The undecided finding of a check that was not made; known by account and rules from week to week."""
    finding = _RULE["check-not-made"].finding(
        shown(f"{gap.what} not checked ({', '.join(rules)}): {gap.why}"),
        Place(source),
        owner=owner,
        suggestion=shown(gap.hint),
        subject=f"{group.platform}/{group.account or 'any'}",
        values=rules,
        undecided=True,
    )
    return finding.having(layer=_RUN.layer, source=source)


def crossed(metric: str, message: str, owner: str, level: Level, place: Place) -> Finding:
    """A threshold that was crossed."""
    finding = _RULE["threshold-crossed"].finding(
        message, place, owner=owner, subject=f"threshold/{metric}", values=(metric,)
    )
    return finding.at_level(level).having(layer=_RUN.layer)


def undecided(metric: str, over: str, owner: str, place: Place) -> Finding:
    """A threshold of which nothing that was read tells whether it was crossed."""
    finding = _RULE["check-not-made"].finding(
        f"{metric} is not known; agreed: not more than {over}",
        place,
        owner=owner,
        suggestion="Add a source that tells it, or write a number and a unit that the audit knows",
        subject=f"threshold/{metric}",
        values=(metric,),
        undecided=True,
    )
    return finding.having(layer=_RUN.layer)
