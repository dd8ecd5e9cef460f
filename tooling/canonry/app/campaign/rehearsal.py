"""The closed loop before go-live: links, visitors, audiences, order, handoff. Deterministic for a seed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from canonry.app.campaign.arrivals import Arrivals
from canonry.app.campaign.audiences import Audiences
from canonry.app.campaign.issues import Issue, Ledger, Weight
from canonry.app.campaign.journey import ClientOf, Journey
from canonry.app.campaign.objects import Objects, objects
from canonry.app.campaign.reaches import Reach, Reaches
from canonry.app.campaign.sequence import Order
from canonry.app.campaign.visitors import Played

if TYPE_CHECKING:
    from canonry.app.links import Book
    from canonry.catalogue.model import Catalogue
    from canonry.kernel.findings import Finding


@dataclass
class Rehearsal:
    """Everything that a rehearsal found."""

    objects: Objects
    seed: int
    played: Played
    reaches: list[Reach]
    issues: list[Issue]
    links: dict[str, Any]
    sequence: dict[str, Any]
    timeline: list[dict[str, Any]]
    drafts: dict[str, Any] | None = None


def rehearse(
    catalogue: Catalogue,
    book: Book,
    key: str,
    *,
    client_of: ClientOf,
    today: date,
    findings: Iterable[Finding],
    seed: int = 0,
    number: int = 1000,
) -> Rehearsal:
    """Rehearses a registered campaign. `findings` are those of lint; what they say of the plan counts."""
    ledger = Ledger(catalogue, catalogue.campaigns[key])
    audiences = Audiences(catalogue)
    _plan(ledger, key, today, findings)
    found = objects(catalogue, book, key)
    items, links = Arrivals(book, ledger, audiences).judged(found)
    visits = Journey(book, ledger, audiences, key, today, seed)
    segments, exclusions = visits.segments()
    journey = visits.events(segments)
    played = Played()
    if journey and items:
        played = visits.played(client_of, items, journey, segments, exclusions, number)
    visits.needed(found, journey, segments)
    reaches, timeline = Reaches(book, ledger, audiences).all(found, played, segments, exclusions)
    sequence = Order(book, ledger, audiences).followed(items, played)
    return Rehearsal(found, seed, played, reaches, ledger.issues, links, sequence, timeline)


def _plan(ledger: Ledger, key: str, today: date, findings: Iterable[Finding]) -> None:
    path = f"registry/campaigns/{key}.yaml"
    for finding in findings:
        if finding.place.path == path:
            where = f"{finding.code} {finding.name}"
            weight: Weight = "unknown" if finding.undecided else "blocker"
            if finding.level.name == "ERROR" or finding.undecided:
                missing = finding.suggestion or f"canonry explain {finding.code}"
                ledger.add("plan", weight, f"{finding.message} ({where})", missing, finding.owner)
    campaign = ledger.campaign
    day = today.isoformat()
    if campaign.status in ("ended", "cancelled"):
        ledger.add(
            "plan", "blocker", f"the campaign is {campaign.status}", "a successor that continues it", ""
        )
    elif campaign.status == "planned" and campaign.start < day <= campaign.end:
        message = f"it should have begun on {campaign.start}, and is planned still"
        ledger.add("plan", "blocker", message, "a start date to come, or status live", "")
    if not campaign.decisions:
        message = "there is no decision table, so nobody can say what would stop it"
        ledger.add("plan", "blocker", message, "decisions: metric, threshold, window, action, owner", "")
