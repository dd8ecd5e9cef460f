"""What a campaign plans: goals, decisions agreed beforehand, the order of pieces, who may set what."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from canonry.catalogue.dates import is_day
from canonry.catalogue.documents.campaign import Campaign, ChannelPlan, Decision
from canonry.kernel.findings import Place
from canonry.lint.names import names
from canonry.lint.subject import Remark, Subject
from canonry.naming.suggest import nearest

if TYPE_CHECKING:
    from canonry.naming.codec import Codec

_SOON: Final = timedelta(days=7)
"""From a week before its first day on, a plan has to be whole."""
_METRICS: Final = "kpi"
_STAGE, _TIER = "funnel_stage", "frequency_tier"

_THRESHOLD: Final = re.compile(
    r"(?P<metric>[a-z0-9]+(?:-[a-z0-9]+)*)(?: [^<>=]+)? (?P<op><=|>=|<|>) (?P<number>[0-9][0-9.,]*)"
    r"(?: (?P<unit>[^<>=]+))?"
)
_WINDOW: Final = re.compile(r"([1-9][0-9]{0,3}) ?(d|days?|h|hours?|w|weeks?)")


def _place(subject: Subject, key: str, pointer: str) -> Place:
    return subject.catalogue.sources.place(f"registry/campaigns/{key}.yaml", pointer)


def _due(campaign: Campaign, today: date) -> bool:
    """Whether a plan has to be whole by now."""
    if campaign.status in ("ended", "cancelled") or not is_day(campaign.start):
        return False
    return campaign.status == "live" or date.fromisoformat(campaign.start) <= today + _SOON


def _platforms(subject: Subject, channel: ChannelPlan) -> list[str]:
    contract = subject.catalogue.contract(channel.format)
    named = channel.platforms or (list(contract.meta.platforms) if contract is not None else [])
    return [platform for platform in named if platform in subject.catalogue.platforms]


def optimisation_goal_unknown(subject: Subject) -> Iterator[Remark]:
    """A channel's optimisation goal is none that its platform offers.

    ## Why it matters
    Whoever sets the campaign up chooses another one, and the platform learns to find the wrong people.

    ## Instead
    Use the platform's own word, from `optimisation_goals` in `registry/platforms/`.
    """
    for key, campaign in subject.catalogue.campaigns.items():
        for number, channel in enumerate(campaign.channels):
            if channel.optimisation_goal is None:
                continue
            for name in _platforms(subject, channel):
                goals = subject.catalogue.platforms[name].optimisation_goals
                if goals and channel.optimisation_goal not in goals:
                    label = subject.catalogue.platforms[name].label
                    near = nearest(channel.optimisation_goal, goals)
                    advice = f"did you mean {near!r}?" if near else f"{label} offers {', '.join(goals)}"
                    yield Remark(
                        f"{label} has no goal {channel.optimisation_goal!r}",
                        _place(subject, key, f"/channels/{number}/optimisation_goal"),
                        advice,
                        values=(name, channel.optimisation_goal),
                    )


def optimisation_goal_contradictory(subject: Subject) -> Iterator[Remark]:
    """A platform optimises for something that is not what the campaign is judged by.

    ## Why it matters
    Platforms deliver what they optimise for. Judged by orders and optimised for clicks, it gets clicks.

    ## Instead
    Choose a goal that serves the success metric, or judge the campaign by what it is meant to do. Which goal
    serves which metric stands under `optimisation_goals` in `registry/platforms/`.
    """
    for key, campaign in subject.catalogue.campaigns.items():
        metric = campaign.success.metric
        for number, channel in enumerate(campaign.channels):
            for name in _platforms(subject, channel) if channel.optimisation_goal else ():
                about = subject.catalogue.platforms[name]
                served = about.optimisation_goals.get(channel.optimisation_goal or "")
                if served is None or metric in served:
                    continue
                fitting = [goal for goal, metrics in about.optimisation_goals.items() if metric in metrics]
                advice = f"goals for {metric}: {', '.join(fitting)}" if fitting else ""
                yield Remark(
                    f"the campaign is judged by {metric}; {channel.optimisation_goal} of {about.label} works "
                    f"towards {' and '.join(served)}",
                    _place(subject, key, f"/channels/{number}/optimisation_goal"),
                    advice,
                    values=(name, channel.optimisation_goal or "", metric),
                )


def optimisation_goal_missing(subject: Subject) -> Iterator[Remark]:
    """A channel on an advertising platform does not say what the platform is to optimise for.

    Asked from a week before the first day on.

    ## Why it matters
    The platform's default is taken, which is often clicks.

    ## Instead
    Set `optimisation_goal` to one that serves the success metric.
    """
    for key, campaign in subject.catalogue.campaigns.items():
        if not _due(campaign, subject.today):
            continue
        for number, channel in enumerate(campaign.channels):
            if channel.optimisation_goal is not None:
                continue
            for name in channel.platforms:
                about = subject.catalogue.platforms.get(name)
                if about is None or not about.optimisation_goals:
                    continue
                fitting = [
                    goal
                    for goal, metrics in about.optimisation_goals.items()
                    if campaign.success.metric in metrics
                ]
                yield Remark(
                    f"{about.label} is not told what to optimise for",
                    _place(subject, key, f"/channels/{number}"),
                    f"goals for {campaign.success.metric}: {', '.join(fitting)}" if fitting else "",
                    values=(name,),
                )


def decision_table_missing(subject: Subject) -> Iterator[Remark]:
    """A campaign is about to start, or runs, and nobody has agreed what will be done when a figure is bad.

    ## Why it matters
    After launch everybody finds a reason to wait. What was written down before is simply done.

    ## Instead
    Write `decisions` before the first day: metric, threshold, window, action, owner.
    """
    for key, campaign in subject.catalogue.campaigns.items():
        if _due(campaign, subject.today) and not campaign.decisions:
            message = f"it begins on {campaign.start}, and there is no decision table"
            yield Remark(message, _place(subject, key, ""), "write decisions before the first day")


def campaign_metric_unknown(subject: Subject) -> Iterator[Remark]:
    """A campaign is judged, or decided about, by a figure that the vocabulary `kpi` does not hold.

    ## Why it matters
    Nobody knows what is counted, so two people read two numbers.

    ## Instead
    Use a word of the vocabulary, or add one with its unit.
    """
    vocabulary = subject.catalogue.vocabularies.get(_METRICS)
    if vocabulary is None:
        return
    spellings = {alias: word for word, about in vocabulary.words.items() for alias in about.aliases}
    for key, campaign in subject.catalogue.campaigns.items():
        said = [("/success/metric", campaign.success.metric)]
        said += [(f"/decisions/{n}/metric", row.metric) for n, row in enumerate(campaign.decisions)]
        for pointer, metric in said:
            about = vocabulary.words.get(metric)
            if about is not None and about.status != "retired":
                continue
            near = spellings.get(metric) or nearest(metric, vocabulary.words)
            advice = f"did you mean {near!r}?" if near else "canonry show kpi lists the figures"
            message = f"{metric!r} is no figure of the vocabulary kpi"
            yield Remark(message, _place(subject, key, pointer), advice, values=(metric,))


def threshold_of(row: Decision) -> re.Match[str] | None:
    """The parts of a row's threshold: metric, op, number, unit."""
    return _THRESHOLD.fullmatch(row.when)


def window_days(row: Decision) -> float | None:
    """The length of a row's window in days; None where it cannot be read."""
    found = _WINDOW.fullmatch(row.window)
    if found is None:
        return None
    return int(found[1]) * {"d": 1.0, "h": 1 / 24, "w": 7.0}[found[2][0]]


def decision_unreadable(subject: Subject) -> Iterator[Remark]:
    """A row of the decision table has a threshold or a window that nobody could check, or two rows clash.

    ## Why it matters
    A row that can be argued about decides nothing.

    ## Instead
    `when` is the row's metric, one of < <= > >=, a number and its unit: `cost-per-lead > 80 EUR`. `window` is
    a number of days, hours or weeks within the campaign: `7 days`. One threshold has one action.
    """
    for key, campaign in subject.catalogue.campaigns.items():
        length = _length(campaign)
        taken: dict[tuple[str, str, str], int] = {}
        for number, row in enumerate(campaign.decisions):
            at = f"/decisions/{number}"
            found = threshold_of(row)
            if found is None:
                advice = f"write {row.metric} > 80 EUR, with a blank around the sign"
                message = f"{row.when!r} is no threshold"
                yield Remark(message, _place(subject, key, f"{at}/when"), advice, values=(row.when,))
            elif found["metric"] != row.metric:
                message = f"the row is about {row.metric}, its threshold about {found['metric']}"
                place = _place(subject, key, f"{at}/when")
                yield Remark(message, place, f"begin it with {row.metric}", values=(row.when,))
            days = window_days(row)
            if days is None:
                message = f"{row.window!r} is no window"
                yield Remark(
                    message, _place(subject, key, f"{at}/window"), "write 7 days", values=(row.window,)
                )
            elif length is not None and days > length:
                message = f"the window of {row.window} is longer than the campaign, which lasts {length} days"
                yield Remark(message, _place(subject, key, f"{at}/window"), values=(row.window,))
            rule = (row.metric, found["op"] if found else row.when, row.window)
            other = taken.setdefault(rule, number)
            if other != number and campaign.decisions[other].action != row.action:
                message = f"row {other + 1} decides about {row.metric} within {row.window} as well, otherwise"
                yield Remark(message, _place(subject, key, at), "one threshold, one action", values=rule)


def _length(campaign: Campaign) -> int | None:
    if not (is_day(campaign.start) and is_day(campaign.end)):
        return None
    days = (date.fromisoformat(campaign.end) - date.fromisoformat(campaign.start)).days + 1
    return days if days > 0 else None


def decision_misowned(subject: Subject) -> Iterator[Remark]:
    """A row of the decision table belongs to somebody who cannot act on it.

    Leading signals (cost per click, reach in the first days) are for who runs a channel and can act at once;
    lagging ones (orders, revenue) for who answers for the campaign.

    ## Why it matters
    A channel's owner who decides by lagging figures acts too late; whoever owns the strategy and reacts to
    leading ones changes course every day.

    ## Instead
    Give leading rows to the owner of a channel, lagging ones to the campaign's owner or backup owner.
    """
    for key, campaign in subject.catalogue.campaigns.items():
        channels = {channel.owner or campaign.owner for channel in campaign.channels}
        strategy = {campaign.owner, campaign.backup_owner}
        for number, row in enumerate(campaign.decisions):
            allowed = channels if row.signal == "leading" else strategy
            if row.owner not in allowed:
                whose = "the owner of a channel" if row.signal == "leading" else "the campaign's owner"
                message = f"{row.owner} decides by a {row.signal} signal, and is not {whose}"
                place = _place(subject, key, f"/decisions/{number}/owner")
                yield Remark(message, place, f"one of {', '.join(sorted(allowed))}", values=(row.owner,))


def _codec(subject: Subject) -> Codec | None:
    found = subject.once(names)
    if found is None:
        return None
    from canonry.naming.codec import Codec

    return Codec(found.model.table)


def _shown(subject: Subject, campaign: Campaign) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Pointer, tag and fields of every creative that can be read."""
    codec = subject.once(_codec)
    for number, channel in enumerate(campaign.channels):
        for index, name in enumerate(channel.creatives if codec is not None else ()):
            read: dict[str, Any] = codec.read_name("creatives", name) if codec is not None else {"status": ""}
            if read["status"] == "right":
                yield f"/channels/{number}/creatives/{index}", name, read["fields"]


def sequence_out_of_order(subject: Subject) -> Iterator[Remark]:
    """The planned sequence goes back up the funnel, repeats a step, or names a stage or tier nobody knows.

    Stages come in the order of their vocabulary.

    ## Why it matters
    Whoever is about to buy is told again what the product is; frequency adds up without anybody moving on.

    ## Instead
    List each step once, from the first contact to the order.
    """
    for key, campaign in subject.catalogue.campaigns.items():
        stages = _words(subject, _STAGE)
        tiers = _words(subject, _TIER)
        highest, seen = -1, set[tuple[str, str]]()
        for number, step in enumerate(campaign.sequence):
            at = f"/sequence/{number}"
            for name, word, words in (
                (_STAGE, step.funnel_stage, stages),
                (_TIER, step.frequency_tier, tiers),
            ):
                if words and word not in words:
                    near = nearest(word, words)
                    advice = f"did you mean {near!r}?" if near else f"words are {', '.join(words)}"
                    place = _place(subject, key, f"{at}/{name}")
                    yield Remark(f"{word!r} is no {name.replace('_', ' ')}", place, advice, values=(word,))
            if (step.funnel_stage, step.frequency_tier) in seen:
                message = f"the step {step.funnel_stage} {step.frequency_tier} stands there twice"
                yield Remark(message, _place(subject, key, at), "take one out", values=("twice", str(number)))
            seen.add((step.funnel_stage, step.frequency_tier))
            if step.funnel_stage in stages:
                rank = stages.index(step.funnel_stage)
                if rank < highest:
                    message = (
                        f"{step.funnel_stage} comes after {stages[highest]}, and is before it in the funnel"
                    )
                    place = _place(subject, key, f"{at}/{_STAGE}")
                    yield Remark(
                        message, place, f"the order is {', '.join(stages)}", values=("order", str(number))
                    )
                highest = max(highest, rank)


def _words(subject: Subject, name: str) -> list[str]:
    vocabulary = subject.catalogue.vocabularies.get(name)
    return [w for w, about in vocabulary.words.items() if about.status != "retired"] if vocabulary else []


def sequence_unserved(subject: Subject) -> Iterator[Remark]:
    """A step of the planned sequence has no creative, or a creative belongs to no step.

    ## Why it matters
    The sequence breaks off where nothing can be shown; a piece outside of it is shown to anybody at any time.

    ## Instead
    Add the missing creative or take the step out; give the creative a stage and tier of the sequence.
    """
    for key, campaign in subject.catalogue.campaigns.items():
        if not campaign.sequence:
            continue
        steps = {(step.funnel_stage, step.frequency_tier) for step in campaign.sequence}
        served: set[tuple[str, str]] = set()
        for pointer, name, fields in _shown(subject, campaign):
            step = (str(fields.get(_STAGE)), str(fields.get(_TIER)))
            served.add(step)
            if step not in steps and _STAGE in fields and _TIER in fields and fields[_TIER] != "open":
                message = f"{name} is for {step[0]} {step[1]}, which the sequence does not have"
                advice = "steps are " + ", ".join(
                    f"{s.funnel_stage} {s.frequency_tier}" for s in campaign.sequence
                )
                yield Remark(message, _place(subject, key, pointer), advice, values=(name,))
        for number, planned in enumerate(campaign.sequence):
            pair = (planned.funnel_stage, planned.frequency_tier)
            if pair not in served:
                message = f"no creative is for {pair[0]} {pair[1]}"
                place = _place(subject, key, f"/sequence/{number}")
                yield Remark(message, place, "add one to a channel, or take the step out", values=pair)


def field_policy_violated(subject: Subject) -> Iterator[Remark]:
    """A field is set where the campaign's own policy forbids it, or without the yes that it asks for.

    ## Why it matters
    Two channels that name the market differently are two campaigns in every report; a generated value that
    somebody typed is wrong one day; a value that needed a yes went out without.

    ## Instead
    `never`: set it under the campaign's `fields` only. `generated`: leave it out. `approval`: record who
    agreed to this value and when under `approvals`.
    """
    for key, campaign in subject.catalogue.campaigns.items():
        policy = campaign.policy
        if policy is None:
            continue
        agreed = {(row.field, row.value) for row in campaign.approvals}
        for pointer, name, value, channel in _set(campaign):
            place = _place(subject, key, pointer)
            if name in policy.generated:
                yield Remark(
                    f"{name} is generated, and is set here", place, "leave it out", values=(name, value)
                )
            if channel and name in policy.never:
                advice = "set it once, under fields of the campaign"
                yield Remark(f"{name} may not differ by channel", place, advice, values=(name, value))
            elif (
                channel
                and policy.by_channel
                and name not in policy.by_channel
                and _shared(campaign, name, value)
            ):
                advice = f"let it be the campaign's, or add {name} to by_channel"
                message = f"{name} is {value!r} here and {campaign.fields[name]!r} in the campaign"
                yield Remark(message, place, advice, values=(name, value))
            if name in policy.approval and (name, value) not in agreed:
                message = f"{name} {value!r} needs a person's yes, and none is recorded"
                yield Remark(
                    message, place, "add it to approvals: field, value, by, on", values=(name, value)
                )


def _set(campaign: Campaign) -> Iterator[tuple[str, str, str, bool]]:
    """Pointer, name, value of every field that is set, and whether a channel sets it."""
    for name, value in campaign.fields.items():
        yield f"/fields/{name}", name, value, False
    for number, channel in enumerate(campaign.channels):
        for name, value in channel.fields.items():
            yield f"/channels/{number}/fields/{name}", name, value, True


def _shared(campaign: Campaign, name: str, value: str) -> bool:
    return name in campaign.fields and campaign.fields[name] != value


def field_policy_contradictory(subject: Subject) -> Iterator[Remark]:
    """A field stands in lists of the policy that exclude each other, or an approval is for nothing.

    ## Why it matters
    Nobody can keep a rule that says two things, and a yes to a value that nobody uses hides a missing one.

    ## Instead
    A field either may differ by channel, or never does, or is generated. Approvals name fields that
    `approval` lists, with the value in use, and a day on which the yes was given.
    """
    for key, campaign in subject.catalogue.campaigns.items():
        policy = campaign.policy
        lists = (
            {"by_channel": policy.by_channel, "never": policy.never, "generated": policy.generated}
            if policy
            else {}
        )
        where: dict[str, list[str]] = defaultdict(list)
        for part, fields in lists.items():
            for name in fields:
                where[name].append(part)
        for name, parts in where.items():
            if len(parts) > 1:
                message = f"{name} is in {' and in '.join(parts)}"
                yield Remark(
                    message, _place(subject, key, f"/policy/{parts[-1]}"), "leave one", values=(name,)
                )
        used = {(name, value) for _, name, value, _ in _set(campaign)}
        for number, row in enumerate(campaign.approvals):
            place = _place(subject, key, f"/approvals/{number}")
            if policy is None or row.field not in policy.approval:
                message = f"{row.field} needs no yes by the policy"
                yield Remark(message, place, "add it to policy/approval", values=(row.field,))
            elif (row.field, row.value) not in used:
                message = f"nothing sets {row.field} to {row.value!r}"
                yield Remark(
                    message, place, "take it out, or correct the value", values=(row.field, row.value)
                )
            if is_day(row.on) and row.on > subject.today.isoformat():
                message = f"the yes to {row.field} is dated {row.on}, which is to come"
                yield Remark(message, place, values=(row.field, row.on))


def continuation_contradictory(subject: Subject) -> Iterator[Remark]:
    """A campaign continues itself, a later one, one of another brand, or comes round in a circle.

    ## Why it matters
    Reports add a campaign to its predecessor; in a circle they never end.

    ## Instead
    `continues` names the one campaign that this one takes over from. It began earlier.
    """
    campaigns = subject.catalogue.campaigns
    for key, campaign in campaigns.items():
        before = campaigns.get(campaign.continues or "")
        if before is None:
            continue
        place = _place(subject, key, "/continues")
        path, here = [key], campaign.continues
        while here and here in campaigns and here not in path:
            path.append(here)
            here = campaigns[here].continues
        if here == key:
            message = f"it continues itself: {' continues '.join([*path, key])}"
            yield Remark(message, place, "name the earlier campaign only", values=tuple(sorted(path)))
        elif is_day(campaign.start) and is_day(before.start) and before.start >= campaign.start:
            message = f"it begins on {campaign.start}, and {before.slug} not before {before.start}"
            yield Remark(message, place, "the successor begins later", values=("order",))
        elif before.fields.get("brand") != campaign.fields.get("brand"):
            own, theirs = campaign.fields.get("brand"), before.fields.get("brand")
            message = f"it is for {own}, and {before.slug} for {theirs}"
            yield Remark(message, place, "a successor keeps the brand", values=("brand",))


def campaign_audience_idle(subject: Subject) -> Iterator[Remark]:
    """A campaign addresses a segment that none of its platforms holds, or excludes whom it addresses.

    ## Why it matters
    The ads run to everybody, or to nobody.

    ## Instead
    Give the segment a destination on one of the campaign's platforms, or take it out. Segments whose role is
    exclusion or suppression go under `exclusions`.
    """
    catalogue = subject.catalogue
    for key, campaign in catalogue.campaigns.items():
        platforms = {name for channel in campaign.channels for name in _platforms(subject, channel)}
        for number, identifier in enumerate(campaign.segments):
            place = _place(subject, key, f"/segments/{number}")
            contract = catalogue.contract(identifier)
            if identifier in campaign.exclusions:
                yield Remark(
                    f"{identifier} is addressed and excluded", place, "leave one", values=(identifier,)
                )
            elif contract is not None and contract.meta.role in ("exclusion", "suppression"):
                message = f"{identifier} is there to exclude people, and is addressed"
                yield Remark(message, place, "move it to exclusions", values=(identifier,))
            elif contract is not None and platforms.isdisjoint(
                d.platform for d in contract.meta.destinations
            ):
                held = (
                    ", ".join(dict.fromkeys(d.platform for d in contract.meta.destinations)) or "no platform"
                )
                message = f"none of the campaign's platforms holds {identifier}; on: {held}"
                yield Remark(message, place, "add a destination, or take it out", values=(identifier,))


def journey_incomplete(subject: Subject) -> Iterator[Remark]:
    """The journey does not lead to the event that success is counted by, or passes one event twice.

    ## Why it matters
    What is rehearsed before go-live is not what the campaign is judged by.

    ## Instead
    List the events from the landing to the goal, each once; the last one is `success.event`.
    """
    for key, campaign in subject.catalogue.campaigns.items():
        journey = campaign.journey
        for number, event in enumerate(journey):
            if event in journey[:number]:
                message = f"{event} stands there twice"
                yield Remark(message, _place(subject, key, f"/journey/{number}"), "once", values=(event,))
        goal = campaign.success.event
        if journey and goal is not None and journey[-1] != goal:
            message = f"the journey ends with {journey[-1]}, and success is {goal}"
            place = _place(subject, key, f"/journey/{len(journey) - 1}")
            yield Remark(message, place, f"end it with {goal}", values=(journey[-1], goal))
