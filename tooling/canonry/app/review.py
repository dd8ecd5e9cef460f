"""One pull request, looked at as a whole: verdict, tier, who is reached, who has to look, what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from canonry.app import tiers
from canonry.app.check import Report, check
from canonry.app.tiers import VERSION_CODES, Tier
from canonry.catalogue.load import assemble
from canonry.catalogue.load import read as read_tree
from canonry.catalogue.tree import MemoryTree
from canonry.compat.story import Chapter, told
from canonry.impact import downstream
from canonry.impact.downstream import Reached
from canonry.kernel.findings import Finding, Level

if TYPE_CHECKING:
    from canonry.app.check import Files
    from canonry.catalogue.mentions import Index
    from canonry.compat.delta import Delta

Outcome = Literal["breaks", "undecided", "fine"]


class Reviewer(NamedTuple):
    """A team that has to look: its handles on the host, and why it is asked."""

    team: str
    handles: tuple[str, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that a pull request's comment says."""

    report: Report
    outcome: Outcome
    tier: Tier
    kinds: tuple[str, ...]
    """What sorts of changes it consists of; the tier follows from them and from policy."""
    chapters: tuple[Chapter, ...]
    reached: tuple[Reached, ...]
    reviewers: tuple[Reviewer, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)

    @property
    def versions(self) -> tuple[Finding, ...]:
        """What asks for another version."""
        return tuple(finding for finding in self.report.findings if finding.code in VERSION_CODES)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What stands, but for what only asks for another version."""
        return tuple(finding for finding in self.report.findings if finding.code not in VERSION_CODES)

    @property
    def accepted(self) -> tuple[Finding, ...]:
        """What somebody accepted."""
        return self.report.accepted

    @property
    def wanted(self) -> tuple[tuple[str, str], ...]:
        """Contract and the version that the change asks for."""
        return tuple(
            (finding.subject, str(finding.details.get("wanted", "a free number")))
            for finding in self.versions
        )

    @property
    def next_step(self) -> str:
        """The one thing to do now."""
        failing = [f for f in self.report.findings if f.level is Level.ERROR and f.code not in VERSION_CODES]
        if any(not finding.undecided for finding in failing):
            return (
                "Keep what others rest on, move the change to a new major, or accept each break with "
                "canonry accept FINGERPRINT --reason TEXT --until DATE."
            )
        if failing:
            return "Look at what could not be decided; accept it with canonry accept once you have."
        if any(finding.level is Level.ERROR for finding in self.versions):
            return "Run canonry fix, which takes the versions that the change asks for, and push."
        if self.tier == "self-serve":
            return "Merge it: nobody else has to look, and versions are taken on the default branch."
        who = ", ".join(reviewer.team for reviewer in self.reviewers)
        return f"Have it approved by {who}." if who else "Merge it."


def review(
    old: Files, new: Files, *, today: date, since: Files | None = None, index: Index | None = None
) -> Review:
    """The review of `new` against `old`; a function of the trees and the day alone."""
    report = check(old, new, today=today, since=since, released=True, index=index)
    chapters = told(report.deltas, (*report.findings, *report.accepted))
    kinds = tuple(sorted(set(tiers.kinds(report.deltas, chapters))))
    tier = tiers.tier(report.deltas, report.findings, kinds)
    reached: dict[str, Reached] = {}
    labels: dict[str, str] = {}
    owners: dict[str, str] = {}
    for delta in report.deltas:
        nodes = _nodes(delta)
        for item in (
            *downstream.reached(delta.new_graph, nodes),
            *downstream.reached(delta.old_graph, nodes),
        ):
            known = delta.new if delta.new.exists(item.node) or ":" in item.node else delta.old
            reached.setdefault(item.node, item)
            labels.setdefault(item.node, downstream.label(known, item.node))
            owners.setdefault(item.node, downstream.owner(known, item.node))
    found = tuple(sorted(reached.values(), key=lambda item: (item.distance, item.node)))
    return Review(
        report,
        _outcome(report.findings),
        tier,
        kinds,
        chapters,
        found,
        tuple(_reviewers(new, report.deltas, chapters, found, owners, kinds, tier)),
        labels,
        owners,
    )


def _outcome(findings: Iterable[Finding]) -> Outcome:
    found = list(findings)
    if any(finding.level is Level.ERROR and not finding.undecided for finding in found):
        return "breaks"
    return "undecided" if any(finding.undecided for finding in found) else "fine"


def _nodes(delta: Delta) -> list[str]:
    nodes = [str(pair.id) for pair in delta.pairs]
    return [*nodes, *(f"/vocabularies/{name}" for name in delta.changed_vocabularies)]


def _reviewers(
    new: Files,
    deltas: Iterable[Delta],
    chapters: Iterable[Chapter],
    reached: Iterable[Reached],
    owners: Mapping[str, str],
    kinds: tuple[str, ...],
    tier: Tier,
) -> Iterator[Reviewer]:
    why: dict[str, list[str]] = {}
    if tier == "self-serve":
        return
    for delta in deltas:
        for pair in delta.pairs:
            if pair.old is not None and pair.old.source.text != (pair.new.source.text if pair.new else ""):
                why.setdefault(pair.old.meta.owner, []).append(f"owns {pair.id}")
    for chapter in chapters:
        if chapter.owner and chapter.what != "follows":
            why.setdefault(chapter.owner, []).append(f"owns {chapter.subject}")
    if tier == "high":
        for item in reached:
            if owners.get(item.node):
                why.setdefault(owners[item.node], []).append(f"owns {item.node}, which should {item.action}")
    handles = _handles(new)
    if "policy" in kinds:
        for team in handles:
            why.setdefault(team, []).append("is bound by the policy")
    for team in sorted(why):
        yield Reviewer(team, handles.get(team, ()), tuple(dict.fromkeys(why[team])))


def _handles(new: Files) -> Mapping[str, tuple[str, ...]]:
    """Code owners by team."""
    path = "registry/teams.yaml"
    catalogue = assemble(read_tree(MemoryTree(new.contents([path])))[0]).value
    return {
        name: tuple(team.code_owners)
        for name, team in (catalogue.teams.teams if catalogue.teams else {}).items()
    }


def document(view: Review) -> dict[str, Any]:
    """The public JSON form."""
    return {
        "outcome": view.outcome,
        "tier": view.tier,
        "kinds": list(view.kinds),
        "findings": [finding.to_json() for finding in view.report.findings],
        "accepted": [finding.to_json() for finding in view.report.accepted],
        "earlier": [finding.to_json() for finding in view.report.earlier],
        "changes": [chapter.to_json() for chapter in view.chapters],
        "reached": [
            {
                "node": item.node,
                "label": view.labels.get(item.node),
                "owner": view.owners.get(item.node) or None,
                "action": item.action,
                "distance": item.distance,
            }
            for item in view.reached
        ],
        "reviewers": [
            {"team": reviewer.team, "handles": list(reviewer.handles), "why": list(reviewer.why)}
            for reviewer in view.reviewers
        ],
        "next_step": view.next_step,
    }
