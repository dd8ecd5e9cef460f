"""What platforms offer to hold a segment, and whether two segments are one."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from canonry.catalogue.documents.contract import Condition, Definition, Destination
from canonry.catalogue.documents.platform import Window
from canonry.catalogue.model import Contract
from canonry.kernel.durations import minutes
from canonry.lint.subject import Remark, Subject

_DAY: Final = 1440


def window_not_offered(subject: Subject) -> Iterator[Remark]:
    """A segment expects a window or mechanism that the destination does not offer.

    ## Why it matters
    Meta keeps website visitors 180 days at most. An audience that should hold 365 is silently half the size,
    and every report on it is about other people.

    ## Instead
    A window that the message lists, or another mechanism: lists that we sync keep people as long as we say.
    """
    for contract, number, destination in _destinations(subject):
        platform = subject.catalogue.platforms.get(destination.platform)
        if platform is None:
            continue
        place = contract.place(f"/x-contract/destinations/{number}")
        offered = [window for window in platform.windows if window.mechanism == destination.mechanism]
        if not platform.windows:
            message = f"nobody has written down which windows {destination.platform} offers"
            advice = f"add windows to registry/platforms/{destination.platform}.yaml"
            yield Remark(message, place, advice, values=(destination.platform,), undecided=True)
        elif not offered:
            message = f"{destination.platform} offers no {destination.mechanism}"
            advice = f"it offers {', '.join(sorted({window.mechanism for window in platform.windows}))}"
            yield Remark(message, place, advice, values=(destination.platform, destination.mechanism))
        elif destination.window_days is not None and not any(
            _fits(destination.window_days, each) for each in offered
        ):
            days, how = destination.window_days, destination.mechanism
            message = f"{destination.platform} offers no window of {days} days by {how}"
            advice = f"it offers {' or '.join(_shown(each) for each in offered)}"
            yield Remark(message, place, advice, values=(destination.platform, str(destination.window_days)))


def _destinations(subject: Subject) -> Iterator[tuple[Contract, int, Destination]]:
    for contract in subject.catalogue.of_kind("segments"):
        for number, destination in enumerate(contract.meta.destinations):
            yield contract, number, destination


def _fits(days: int, window: Window) -> bool:
    if window.allowed:
        return days in window.allowed
    return (window.min is None or days >= window.min) and (window.max is None or days <= window.max)


def _shown(window: Window) -> str:
    if window.allowed:
        return f"{', '.join(map(str, window.allowed))} days"
    if window.max is None:
        return f"{window.min or 0} days or more"
    return f"{window.min or 0} to {window.max} days"


def window_missing(subject: Subject) -> Iterator[Remark]:
    """A destination does not say how long it keeps people, or how often its list is sent.

    ## Why it matters
    The audit compares the platform's window and the last sync with what stands here; with nothing to compare,
    a list that stopped syncing looks healthy.

    ## Instead
    `window_days` for audiences that the platform computes, `sync` for lists that we send.
    """
    for contract, number, destination in _destinations(subject):
        key = "sync" if destination.mechanism == "list_sync" else "window_days"
        if getattr(destination, key) is None:
            message = f"{destination.mechanism} on {destination.platform} without {key}"
            place = contract.place(f"/x-contract/destinations/{number}")
            yield Remark(message, place, f"add {key}", values=(destination.platform, key))


def window_differs(subject: Subject) -> Iterator[Remark]:
    """A platform that computes the audience keeps people shorter or longer than the segment's own window.

    ## Why it matters
    The same name holds other people on each platform, and comparing them compares windows.

    ## Instead
    Set `window_days` to the segment's window. Where a platform cannot, use a list that is synced, or a
    segment of its own.
    """
    for contract, number, destination in _destinations(subject):
        definition = contract.meta.definition
        if definition is None or definition.window is None or destination.window_days is None:
            continue
        if destination.mechanism != "list_sync" and destination.window_days * _DAY != minutes(
            definition.window
        ):
            days, back = destination.window_days, definition.window
            message = f"{days} days on {destination.platform}, but the segment looks back {back}"
            place = contract.place(f"/x-contract/destinations/{number}/window_days")
            yield Remark(
                message, place, "make them equal", values=(destination.platform, str(destination.window_days))
            )


def segment_duplicate(subject: Subject) -> Iterator[Remark]:
    """Two segments hold the same people: their definitions say the same in other words.

    Order, ways of writing a duration (72h and 3d), `in` with one value and exclusions written as conditions
    make no difference.

    ## Why it matters
    Two names for one audience are bid on twice, excluded once, and drift apart with the first edit.

    ## Instead
    Keep one and retire the other with `replaced_by`; give it the destinations of both.
    """
    groups: dict[str, list[Contract]] = defaultdict(list)
    for contract in subject.catalogue.of_kind("segments"):
        if contract.meta.definition is not None and contract.meta.status != "retired":
            groups[canonical(contract.meta.definition, contract.meta.exclusions)].append(contract)
    for contracts in groups.values():
        first = contracts[0]
        for contract in contracts[1:]:
            if contract.id.name != first.id.name:  # two majors may live side by side
                message = f"the same audience as {first.id}"
                place = contract.place("/x-contract/definition")
                yield Remark(
                    message, place, f"retire one of them, replaced_by {first.id}", values=(str(first.id),)
                )


def canonical(definition: Definition, exclusions: Iterable[str]) -> str:
    """A text that two definitions share when they say the same; order and spelling of conditions are gone."""
    window = definition.window
    every = [_condition(each, window) for each in definition.all]
    any_of = [_condition(each, window) for each in definition.any]
    if len(any_of) == 1:
        every, any_of = every + any_of, []
    none = [_condition(each, window) for each in definition.none if each.segment is None or each.property]
    left_out = {
        *exclusions,
        *(each.segment for each in definition.none if each.segment and not each.property),
    }
    return json.dumps(
        {
            "entity": definition.entity,
            "all": _set(every),
            "any": _set(any_of),
            "none": _set(none),
            "exclusions": sorted(map(str, left_out)),
        },
        sort_keys=True,
    )


def _set(conditions: Iterable[dict[str, Any]]) -> list[str]:
    return sorted({json.dumps(each, sort_keys=True) for each in conditions})


def _condition(condition: Condition, window: str | None) -> dict[str, Any]:
    said: dict[str, Any] = {
        key: value
        for key in ("event", "trait", "segment", "property")
        if (value := getattr(condition, key)) is not None
    }
    op, value = condition.op, condition.value
    if isinstance(value, list):
        unique = {json.dumps(each): each for each in value}
        value = [unique[key] for key in sorted(unique)]
        if len(value) == 1 and op in ("in", "not_in"):
            op, value = ("eq" if op == "in" else "ne"), value[0]
    if op is not None:
        said |= {"op": op, "value": value}
    if condition.where:
        said["where"] = _set(_condition(inner, None) for inner in condition.where)
    if condition.event is not None:
        said["at_least"] = condition.at_least or 1
        span = condition.within or window
        said["within"] = minutes(span) if span else None
    return said
