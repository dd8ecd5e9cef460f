"""What a rehearsal hands over: what is done, what is open and how to go on, who is next; go or no-go."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal

from canonry.app.campaign.issues import Issue
from canonry.app.campaign.rehearsal import Rehearsal

if TYPE_CHECKING:
    from canonry.catalogue.documents.campaign import Campaign

Verdict = Literal["go", "go in part", "no-go", "undecided"]


def way(issue: Issue, campaign: Campaign) -> str:
    """How to go on with something open: pause, split, or proceed on an assumption."""
    if issue.weight == "blocker":
        if issue.channels and len(issue.channels) < len(campaign.channels):
            numbers = ", ".join(str(number + 1) for number in sorted(issue.channels))
            return f"split: launch without channel {numbers}"
        return "pause"
    if issue.weight == "unknown":
        return f"proceed on an assumption: {issue.missing} is as planned"
    return "proceed on an assumption: it is accepted as it is"


def verdict(rehearsal: Rehearsal) -> Verdict:
    """No-go where something stops every channel; in part where channels without a blocker remain."""
    campaign = rehearsal.objects.campaign
    stopped: set[int] = set()
    everything = set(range(len(campaign.channels)))
    for issue in rehearsal.issues:
        if issue.weight == "blocker":
            stopped |= issue.channels or everything
    if stopped >= everything:
        return "no-go"
    if stopped:
        return "go in part"
    return "undecided" if any(issue.weight == "unknown" for issue in rehearsal.issues) else "go"


def handoff(rehearsal: Rehearsal) -> dict[str, Any]:
    """Done, open, the decision table, the next owner, the verdict and what it rests on."""
    campaign = rehearsal.objects.campaign
    order = {"blocker": 0, "unknown": 1, "warning": 2}
    issues = sorted(rehearsal.issues, key=lambda issue: (order[issue.weight], not issue.channels, issue.part))
    open_rows = [{**issue.to_json(), "way": way(issue, campaign)} for issue in issues]
    owners = Counter(issue.owner for issue in issues if issue.weight == "blocker")
    blocked = dict.fromkeys(("plan", "links", "drafts", "journey", "audiences", "sequence"), 0)
    for issue in issues:
        blocked[issue.part] += 1
    return {
        "verdict": verdict(rehearsal),
        "because": _because(rehearsal, campaign),
        "done": [text for part, text in _done(rehearsal).items() if not blocked[part]],
        "open": open_rows,
        "next_owner": owners.most_common(1)[0][0] if owners else campaign.owner,
        "decisions": [
            {
                "metric": row.metric,
                "when": row.when,
                "window": row.window,
                "action": row.action,
                "owner": row.owner,
                "signal": row.signal,
            }
            for row in campaign.decisions
        ],
    }


def _because(rehearsal: Rehearsal, campaign: Campaign) -> str:
    found = verdict(rehearsal)
    blockers = [issue for issue in rehearsal.issues if issue.weight == "blocker"]
    if found == "no-go":
        whole = [issue for issue in blockers if not issue.channels]
        if whole:
            return f"{whole[0].message}"
        return "every channel has a blocker of its own"
    if found == "go in part":
        stopped = sorted({number + 1 for issue in blockers for number in issue.channels})
        return (
            f"channel {', '.join(map(str, stopped))} of {len(campaign.channels)} waits; the others can start"
        )
    if found == "undecided":
        return "nothing is known to be wrong, and not everything could be checked"
    return "nothing stands in the way; the decision table takes over from here"


def _done(rehearsal: Rehearsal) -> dict[str, str]:
    links, played = rehearsal.links, rehearsal.played
    visits = f"{played.events:,} events of {len(played.visitors):,} visitors"
    found = {
        "plan": "the plan holds: owners, dates, goals and decisions agree",
        "links": f"{links['links']:,} links decode, arrive with their tags and land in their channel",
        "journey": f"{visits} validate, carry their keys and keep to consent",
        "audiences": f"{len(rehearsal.reaches)} audiences fill and empty as defined",
        "sequence": "what is shown keeps to the planned order",
    }
    if rehearsal.drafts is not None:
        found["drafts"] = f"{rehearsal.drafts['rows']:,} rows of drafts say what the plan says"
    if not rehearsal.sequence["planned"]:
        del found["sequence"]
    if not played.visitors:
        del found["journey"]
    if not rehearsal.reaches:
        del found["audiences"]
    return found


def to_json(rehearsal: Rehearsal) -> dict[str, Any]:
    """The whole rehearsal."""
    campaign, played = rehearsal.objects.campaign, rehearsal.played
    consenting = Counter("all" if len(v.consent) else "none" for v in played.visitors)
    return {
        "id": rehearsal.objects.key,
        "slug": campaign.slug,
        "label": campaign.label,
        "start": campaign.start,
        "end": campaign.end,
        "time_zone": campaign.time_zone,
        "owner": campaign.owner,
        "seed": rehearsal.seed,
        "links": rehearsal.links,
        "drafts": rehearsal.drafts,
        "visits": {
            "visitors": len(played.visitors),
            "agreed_to_something": consenting["all"],
            "agreed_to_nothing": consenting["none"],
            "converted": sum(v.converted is not None for v in played.visitors),
            "events": played.events,
            "deliveries": [
                {
                    "event": event,
                    "destination": name,
                    "sent": played.sent[event, name],
                    "held_back": played.suppressed[event, name],
                }
                for event, name in sorted({*played.sent, *played.suppressed})
            ],
        },
        "audiences": [reach.to_json() for reach in rehearsal.reaches],
        "sequence": rehearsal.sequence,
        "timeline": rehearsal.timeline,
        "handoff": handoff(rehearsal),
    }
