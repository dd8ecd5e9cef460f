"""Segments: who belongs, for how long, and who is told when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from canonry.compat.delta import Delta, Effect
from canonry.kernel.durations import minutes
from canonry.kernel.findings import Finding, Level
from canonry.kernel.rule import Rule


def segment_window_changed(delta: Delta) -> Iterator[Finding]:
    """A segment looks further back, or less far, than it did.

    ## Why it matters
    A campaign that was planned for people who came by in the last three days now pays for thirty, or reaches
    a tenth of them. The audience's name still says what it said.

    ## Instead
    Make a segment with the new window beside this one and move the campaigns that want it.
    """
    for pair in delta.revisions("segments"):
        old, new = _window(pair.old), _window(pair.new)
        if old == new:
            continue
        effect: Effect = (
            "both" if old is None or new is None else "loosens" if minutes(new) > minutes(old) else "tightens"
        )
        message = f" looked back {old or 'without a limit'} and now looks back {new or 'without a limit'}"
        yield delta.finding(
            SEGMENT_WINDOW_CHANGED,
            pair,
            message,
            pointer="/x-contract/definition/window",
            effect=effect,
            values=[old, new],
        )


def segment_conditions_changed(delta: Delta) -> Iterator[Finding]:
    """A segment's conditions are not what they were, so other people belong to it.

    ## Why it matters
    Everything that targets or excludes the segment changes its audience without a line of its own changing.

    ## Instead
    Make a new segment; deprecate this one when nothing targets it any more.
    """
    for pair in delta.revisions("segments"):
        old, new = _conditions(pair.old), _conditions(pair.new)
        if old == new:
            continue
        gone, added = sorted(old - new), sorted(new - old)
        effect: Effect = "both"
        if (
            not gone
            and all(item.startswith("any ") for item in added)
            and any(i.startswith("any ") for i in old)
        ):
            effect = "loosens"
        elif not gone and not any(item.startswith("any ") for item in added):
            effect = "tightens"
        parts = [f"no longer: {item}" for item in gone] + [f"now: {item}" for item in added]
        message = f" is defined otherwise ({'; '.join(parts)})"
        yield delta.finding(
            SEGMENT_CONDITIONS_CHANGED,
            pair,
            message,
            pointer="/x-contract/definition",
            effect=effect,
            values=[*gone, *added],
        )


def segment_refresh_changed(delta: Delta) -> Iterator[Finding]:
    """A segment is computed more or less often than it was.

    ## Why it matters
    Between two refreshes, people who have already bought go on being paid for.

    ## Instead
    Say in the pull request which destinations the new interval still serves; a slower one needs their owners'
    consent.
    """
    for pair in delta.revisions("segments"):
        old, new = pair.old.meta.refresh, pair.new.meta.refresh
        if old != new:
            slower = old is not None and (new is None or minutes(new) > minutes(old))
            message = f" was refreshed every {old or '(not said)'} and now every {new or '(not said)'}"
            effect: Effect = "tightens" if slower else "loosens"
            yield delta.finding(
                SEGMENT_REFRESH_CHANGED,
                pair,
                message,
                pointer="/x-contract/refresh",
                effect=effect,
                values=[old, new],
            )


def segment_exclusion_changed(delta: Delta) -> Iterator[Finding]:
    """A segment excludes other people than it did.

    ## Why it matters
    An exclusion that goes is money spent on customers; one that comes makes an audience smaller unannounced.

    ## Instead
    Keep exclusions of a running segment; change them in a new one.
    """
    for pair in delta.revisions("segments"):
        old, new = set(pair.old.meta.exclusions), set(pair.new.meta.exclusions)
        for gone in sorted(old - new):
            message = f" no longer excludes {gone}: its members are reached again"
            yield delta.finding(
                SEGMENT_EXCLUSION_CHANGED,
                pair,
                message,
                pointer="/x-contract/exclusions",
                effect="loosens",
                values=[gone],
            )
        for added in sorted(new - old):
            message = f" now excludes {added}"
            yield delta.finding(
                SEGMENT_EXCLUSION_CHANGED,
                pair,
                message,
                pointer="/x-contract/exclusions",
                effect="tightens",
                values=[added],
            )


def segment_destination_changed(delta: Delta) -> Iterator[Finding]:
    """A platform audience that held the segment is gone, or keeps its members for another time.

    ## Why it matters
    The campaigns on that platform go on targeting an audience that nobody fills.

    ## Instead
    Move the campaigns first, then remove the destination.
    """
    for pair in delta.revisions("segments"):
        old = {(d.platform, d.account, d.audience): d for d in pair.old.meta.destinations}
        new = {(d.platform, d.account, d.audience): d for d in pair.new.meta.destinations}
        for key, before in old.items():
            after, where = new.get(key), f"{key[0]} audience {key[2]!r}"
            if after is None:
                message = f" is no longer sent to the {where}"
            elif (before.window_days, before.sync, before.mechanism) != (
                after.window_days,
                after.sync,
                after.mechanism,
            ):
                message = f" is kept otherwise in the {where}: {_kept(before)} before, {_kept(after)} now"
            else:
                continue
            yield delta.finding(
                SEGMENT_DESTINATION_CHANGED,
                pair,
                message,
                pointer="/x-contract/destinations",
                effect="both",
                values=[str(key)],
            )


SEGMENT_WINDOW_CHANGED: Final = Rule("B120", "segment-window-changed", segment_window_changed, since="0.1")
SEGMENT_CONDITIONS_CHANGED: Final = Rule(
    "B121", "segment-conditions-changed", segment_conditions_changed, since="0.1"
)
SEGMENT_REFRESH_CHANGED: Final = Rule(
    "B122", "segment-refresh-changed", segment_refresh_changed, since="0.1", level=Level.WARNING
)
SEGMENT_EXCLUSION_CHANGED: Final = Rule(
    "B123", "segment-exclusion-changed", segment_exclusion_changed, since="0.1"
)
SEGMENT_DESTINATION_CHANGED: Final = Rule(
    "B124", "segment-destination-changed", segment_destination_changed, since="0.1"
)
RULES: Final = (
    SEGMENT_WINDOW_CHANGED,
    SEGMENT_CONDITIONS_CHANGED,
    SEGMENT_REFRESH_CHANGED,
    SEGMENT_EXCLUSION_CHANGED,
    SEGMENT_DESTINATION_CHANGED,
)


def _window(contract: Any) -> str | None:
    definition = contract.meta.definition
    return definition.window if definition else None


def _kept(destination: Any) -> str:
    kept = f"{destination.window_days} days" if destination.window_days is not None else "no window"
    return f"{destination.mechanism}, {kept}" + (
        f", sent every {destination.sync}" if destination.sync else ""
    )


def _conditions(contract: Any) -> frozenset[str]:
    """Each condition as a sentence; their order says nothing."""
    definition = contract.meta.definition
    if definition is None:
        return frozenset()
    found = {f"entity {definition.entity}"}
    for part in ("all", "any", "none"):
        found |= {f"{part} {_sentence(condition)}" for condition in getattr(definition, part)}
    return frozenset(found)


def _sentence(condition: Any) -> str:
    subject = condition.event or condition.trait or condition.segment or ""
    parts = [subject]
    if condition.property is not None:
        parts.append(f"{condition.property} {condition.op or 'exists'} {_value(condition.value)}".strip())
    if condition.where:
        inner = sorted(f"{c.property} {c.op or 'exists'} {_value(c.value)}".strip() for c in condition.where)
        parts.append(f"where {' and '.join(inner)}")
    if condition.at_least is not None and condition.at_least != 1:
        parts.append(f"at least {condition.at_least} times")
    if condition.within is not None:
        parts.append(f"within {condition.within}")
    return " ".join(part for part in parts if part)


def _value(value: Any) -> str:
    if value is None:
        return ""
    return " or ".join(sorted(str(item) for item in value)) if isinstance(value, list) else str(value)
