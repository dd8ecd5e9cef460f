"""What platforms know, allow and keep for themselves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from canonry.catalogue.documents.platform import EventLimits
from canonry.catalogue.model import Contract
from canonry.lint.subject import Remark, Subject
from canonry.naming.suggest import nearest


def platform_unknown(subject: Subject) -> Iterator[Remark]:
    """A contract names a platform that `registry/platforms/` does not have.

    ## Why it matters
    Nothing is known about its limits, windows and consent, so nothing is checked.

    ## Instead
    Use the name of a file in `registry/platforms/`, or add the platform there.
    """
    platforms = subject.catalogue.platforms
    for contract in subject.catalogue.contracts.values():
        for name, pointer in _named_platforms(contract):
            if name not in platforms:
                yield _unknown(subject, contract, name, pointer)
    for node in subject.schemas.having("x-platforms"):
        targets = node.schema["x-platforms"]
        if not isinstance(targets, dict) or not all(
            isinstance(target, str) and target for target in targets.values()
        ):
            message = f"x-platforms of {node.says} must map platforms to what they call it"
            yield Remark(message, node.place("x-platforms"), '{"ga4": "transaction_id"}')
            continue
        for name in targets:
            if name not in platforms:
                yield _unknown(subject, node.contract, name, f"{node.pointer}/x-platforms/{name}")


def _named_platforms(contract: Contract) -> Iterator[tuple[str, str]]:
    meta = contract.meta
    is_map = isinstance(meta.platforms, dict)
    for number, name in enumerate(meta.platforms):
        yield name, f"/x-contract/platforms/{name if is_map else number}"
    for name in meta.consent:
        yield name, f"/x-contract/consent/{name}"
    for number, destination in enumerate(meta.destinations):
        yield destination.platform, f"/x-contract/destinations/{number}/platform"
    for parameter, forms in meta.templates.items():
        for name in forms if isinstance(forms, dict) else ():
            if name != "static":
                yield name, f"/x-contract/templates/{parameter}/{name}"


def _unknown(subject: Subject, contract: Contract, name: str, pointer: str) -> Remark:
    near = nearest(name, subject.catalogue.platforms) or next(
        (
            key
            for key, platform in subject.catalogue.platforms.items()
            if name.lower() in map(str.lower, platform.aliases)
        ),
        None,
    )
    advice = f"did you mean {near!r}?" if near else f"add registry/platforms/{name}.yaml"
    broken = f"registry/platforms/{name}.yaml" in subject.catalogue.broken
    message = f"the platform {name!r} did not load" if broken else f"there is no platform {name!r}"
    return Remark(message, contract.place(pointer), advice, values=(name,), undecided=broken)


def platform_target_duplicate(subject: Subject) -> Iterator[Remark]:
    """Two properties of one object go to the same parameter of a platform.

    ## Why it matters
    The platform keeps one of the values; which one changes with the order in which they are sent.

    ## Instead
    Map one of them, or give the second a parameter of its own.
    """
    for node in subject.schemas.having("properties"):
        properties = node.schema["properties"]
        taken: dict[tuple[str, str], str] = {}
        for name, schema in properties.items() if isinstance(properties, dict) else ():
            targets = schema.get("x-platforms") if isinstance(schema, dict) else None
            for platform, target in targets.items() if isinstance(targets, dict) else ():
                other = taken.setdefault((platform, str(target)), name)
                if other != name:
                    place = node.contract.place(f"{node.pointer}/properties/{name}/x-platforms/{platform}")
                    message = f"{name!r} and {other!r} both go to {target!r} on {platform}"
                    yield Remark(message, place, "map one of them", values=(platform, str(target), other))


@dataclass(slots=True)
class _Sent:
    """What goes to platforms that say what they allow.

    `names`: platform, what it is and its name, to the places that send it. `counts`: how many parameters a
    contract sends to a platform.
    """

    names: dict[tuple[str, str, str], list[tuple[Contract, str]]] = field(default_factory=dict)
    counts: list[tuple[Contract, str, int]] = field(default_factory=list)


def _sent(subject: Subject) -> _Sent:
    """A property without a name for the platform goes under its own.

    Traits go only where a property says so or the contract names the platform.
    """
    sent = _Sent()
    limited = [key for key, platform in subject.catalogue.platforms.items() if platform.events]
    for contract in subject.catalogue.of_kind("events", "traits"):
        platforms = contract.meta.platforms
        is_event = contract.id.kind == "events"
        for platform in limited:
            listed = platform in platforms
            if is_event and not listed:
                continue
            if is_event and isinstance(platforms, dict):
                place = (contract, f"/x-contract/platforms/{platform}")
                sent.names.setdefault((platform, "event", platforms[platform]), []).append(place)
            mapped = _properties(contract, platform, sent, listed=listed)
            sent.counts.append((contract, platform, mapped or (len(contract.properties) if listed else 0)))
    return sent


def _properties(contract: Contract, platform: str, sent: _Sent, *, listed: bool) -> int:
    what = "parameter" if contract.id.kind == "events" else "user property"
    mapped = 0
    for name, schema in contract.properties.items():
        if not isinstance(schema, dict):
            continue
        targets = schema.get("x-platforms")
        target = targets.get(platform) if isinstance(targets, dict) else None
        if isinstance(target, str):
            mapped += 1
            place = (contract, f"/properties/{name}/x-platforms/{platform}")
            sent.names.setdefault((platform, what, target), []).append(place)
        elif listed and "$ref" not in schema and schema.get("type") not in _NO_PARAMETER:
            sent.names.setdefault((platform, what, name), []).append((contract, f"/properties/{name}"))
    return mapped


_NO_PARAMETER: Final = ("object", "array")
"""Objects and lists are no parameters by themselves; what a reference holds is not looked into."""


def _limits(subject: Subject, platform: str) -> EventLimits:
    return subject.catalogue.platforms[platform].events or EventLimits()


def platform_name_invalid(subject: Subject) -> Iterator[Remark]:
    """A name is too long for a platform, or has characters that it does not take.

    Judged are events, parameters and user properties.

    A property without a name for the platform in `x-platforms` goes under its own.

    ## Why it matters
    GA4 drops an event whose name is over 40 characters, and a parameter too, without an error.

    ## Instead
    Give it another name for that platform: `"platforms": {"ga4": "..."}` for the event,
    `"x-platforms": {"ga4": "..."}` for a property.
    """
    for (platform, what, name), places in subject.once(_sent).names.items():
        wrong = _wrong(name, what, _limits(subject, platform))
        for contract, pointer in places if wrong else ():
            message = f"{platform} refuses the {what} name {name!r}: {wrong}"
            yield Remark(message, contract.place(pointer), values=(platform, name))


def _wrong(name: str, what: str, limits: EventLimits) -> str:
    longest = {"event": limits.event_name, "parameter": limits.parameter_name}.get(
        what, limits.user_property_name
    )
    if longest is not None and len(name) > longest:
        return f"{len(name)} characters, {longest} allowed"
    if limits.name_pattern is not None and not _matches(limits.name_pattern, name):
        return f"names match {limits.name_pattern}"
    return ""


def _matches(pattern: str, name: str) -> bool:
    """In linear time; a pattern that cannot be read refuses nothing."""
    from canonry.regular import PatternSyntaxError, UnsupportedPattern
    from canonry.regular import pattern as language

    try:
        return language(pattern).accepts(name)
    except (PatternSyntaxError, UnsupportedPattern):
        return True


def platform_name_reserved(subject: Subject) -> Iterator[Remark]:
    """A platform keeps a name for itself: a reserved word, or one with a reserved beginning.

    ## Why it matters
    GA4 drops events, parameters and user properties with reserved names, or mixes them with its own.

    ## Instead
    Another name for that platform: `"platforms": {"ga4": "..."}` or `"x-platforms": {"ga4": "..."}`.
    """
    for (platform, what, name), places in subject.once(_sent).names.items():
        why = _reserved(name, what, _limits(subject, platform))
        for contract, pointer in places if why else ():
            message = f"{platform} keeps the {what} name {name!r} for itself: {why}"
            yield Remark(message, contract.place(pointer), values=(platform, name))


def _reserved(name: str, what: str, limits: EventLimits) -> str:
    if what == "event":
        words, beginnings = limits.reserved_events, limits.reserved_event_prefixes
    elif what == "parameter":
        words, beginnings = limits.reserved_parameters, limits.reserved_parameter_prefixes
    else:
        words, beginnings = limits.reserved_user_properties, limits.reserved_user_property_prefixes
    if name in words:
        return "a reserved word"
    return next(
        (f"names beginning with {start!r} are reserved" for start in beginnings if name.startswith(start)), ""
    )


def platform_parameters_many(subject: Subject) -> Iterator[Remark]:
    """An event or the traits of a user have more parameters than a platform takes.

    Counted are the properties that go to the platform: all of an event's own, unless `x-platforms` maps some
    of them; then those.

    ## Why it matters
    GA4 keeps the first 25 parameters of an event and drops the others in silence.

    ## Instead
    Send only what reports need: map those with `x-platforms`, and keep the others for the warehouse.
    """
    for contract, platform, count in subject.once(_sent).counts:
        limits = _limits(subject, platform)
        is_event = contract.id.kind == "events"
        longest = limits.parameters_per_event if is_event else limits.user_properties
        if longest is not None and count > longest:
            what = "parameters" if is_event else "user properties"
            message = f"{count} {what} go to {platform}, which takes {longest}"
            advice = f"map at most {longest} of them with x-platforms"
            yield Remark(message, contract.place("/properties"), advice, values=(platform, str(count)))


def level_unknown(subject: Subject) -> Iterator[Remark]:
    """An object contract names a level that its platform does not have.

    ## Why it matters
    The names are of nothing: no limit is known, and the audit looks for no such objects.

    ## Instead
    Use a level of the platform's file; the message gives the nearest one.
    """
    for contract in subject.catalogue.of_kind("objects"):
        level = contract.meta.level
        for name in contract.meta.platforms:
            platform = subject.catalogue.platforms.get(name)
            if platform is None or level is None or level in platform.levels:
                continue
            near = nearest(level, platform.levels)
            advice = (
                f"did you mean {near!r}?" if near else f"levels are {', '.join(platform.levels) or 'none'}"
            )
            yield Remark(
                f"{name} has no level {level!r}",
                contract.place("/x-contract/level"),
                advice,
                values=(name, level),
            )
