"""Breaks that somebody accepted: one reviewed file each, with a reason and an end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from canonry.catalogue.dates import day
from canonry.kernel.findings import Finding, Level
from canonry.kernel.rule import Rule

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue


def acceptance_expired() -> None:
    """An accepted break has passed its last day while the break still stands.

    ## Why it matters
    It was accepted for a while, so that somebody would mend it. Nobody has.

    ## Instead
    Mend it, or accept it again: `canonry accept FINGERPRINT --reason TEXT --until DATE`.
    """


def acceptance_stale() -> None:
    """An acceptance is for a break that occurs neither against the merge base nor against the last release.

    ## Why it matters
    Should the break come back, it would pass unseen.

    ## Instead
    Delete the file.
    """


def acceptance_edited() -> None:
    """An acceptance says something else than the break whose fingerprint it carries, or ends years from now.

    ## Why it matters
    The file says what was accepted, and for how long. Edited by hand, it accepts one thing and says another,
    or accepts it for ever.

    ## Instead
    Write it anew with `canonry accept`.
    """


ACCEPTANCE_EXPIRED: Final = Rule("B190", "acceptance-expired", acceptance_expired, since="0.1")
ACCEPTANCE_STALE: Final = Rule("B191", "acceptance-stale", acceptance_stale, since="0.1", level=Level.WARNING)
ACCEPTANCE_EDITED: Final = Rule("B192", "acceptance-edited", acceptance_edited, since="0.1")
RULES: Final = (ACCEPTANCE_EXPIRED, ACCEPTANCE_STALE, ACCEPTANCE_EDITED)

MOST_DAYS: Final = 366
"""An acceptance ends within about a year: what stands longer is a decision, and belongs into a new major."""

UNACCEPTABLE: Final = frozenset(rule.code for rule in RULES)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Findings that stand, what acceptances have to say among them, and findings that were accepted."""

    standing: tuple[Finding, ...]
    accepted: tuple[Finding, ...]


def place_of(finding: Finding) -> str:
    """How an acceptance names the place of a break."""
    return (finding.subject or finding.place.path) + (
        f"#{finding.place.pointer}" if finding.place.pointer else ""
    )


def apply(
    findings: Iterable[Finding], catalogue: Catalogue, *, today: date, known: set[str] | None
) -> Verdict:
    """Part findings by the catalogue's acceptances. `known`: every fingerprint against base and last release,
    or None where the release was not compared, so that nothing can be called stale.
    """
    standing: list[Finding] = []
    accepted: list[Finding] = []
    for finding in findings:
        entry = catalogue.accepted.get(finding.fingerprint)
        if entry is None:
            standing.append(finding)
        elif (entry.rule, entry.place) != (finding.code, place_of(finding)):
            said = (
                f"it says {entry.rule} at {entry.place}; the break is {finding.code} at {place_of(finding)}"
            )
            standing.extend((finding, _about(ACCEPTANCE_EDITED, catalogue, finding.fingerprint, said)))
        elif (day(entry.until, date.min) - today).days > MOST_DAYS:
            said = f"it accepts {entry.rule} at {entry.place} until {entry.until}, more than a year away"
            standing.extend((finding, _about(ACCEPTANCE_EDITED, catalogue, finding.fingerprint, said)))
        elif day(entry.until, date.min) < today:
            said = f"the acceptance of {entry.rule} at {entry.place} ended on {entry.until}"
            standing.extend((finding, _about(ACCEPTANCE_EXPIRED, catalogue, finding.fingerprint, said)))
        else:
            accepted.append(finding.having(reason=entry.reason, approver=entry.approver, until=entry.until))
    if known is not None:
        for fingerprint, entry in catalogue.accepted.items():
            if fingerprint not in known:
                said = f"{entry.rule} at {entry.place} is accepted, but nothing breaks there"
                standing.append(_about(ACCEPTANCE_STALE, catalogue, fingerprint, said))
    return Verdict(tuple(standing), tuple(accepted))


def _about(rule: Rule, catalogue: Catalogue, fingerprint: str, message: str) -> Finding:
    path = f"registry/accepted/{fingerprint}.yaml"
    return rule.finding(
        message, catalogue.sources.place(path), suggestion=_NEXT[rule.code](path), values=[fingerprint]
    )


_NEXT: Final[dict[str, Callable[[str], str]]] = {
    ACCEPTANCE_EXPIRED.code: lambda _: "mend it, or canonry accept it again",
    ACCEPTANCE_STALE.code: lambda path: f"delete {path}",
    ACCEPTANCE_EDITED.code: lambda _: "write it anew with canonry accept",
}
