"""Events, parameters and user properties as analytics received them, against contracts and limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from canonry.audit import needs
from canonry.audit.drift import drift
from canonry.audit.observation import Level, Observation
from canonry.audit.rule import AuditRule, Facts, Filing
from canonry.audit.standard import Standard
from canonry.catalogue.model import Contract
from canonry.kernel.findings import Finding
from canonry.kernel.findings import Level as Severity
from canonry.naming.suggest import as_near


def event_unregistered() -> None:
    """An event is received that no contract registers.

    ## Why it matters
    Nobody says what it means or who needs it, and it counts towards the platform's limits.

    ## Instead
    The registered name, if it was misspelt; else a contract (`canonry new events`), or stop sending it.
    """


def event_unseen() -> None:
    """A registered event was not received in the period.

    ## Why it matters
    A tag was removed, or renamed, with the last release; segments and reports that rest on it run dry without
    an error.

    ## Instead
    Ask the producers that the finding names. If nothing sends it any more, deprecate the contract.
    """


def parameter_over_limit() -> None:
    """A parameter, event or user property is longer, or are more, than the platform takes.

    ## Why it matters
    The platform cuts or drops it without a word.

    ## Instead
    Shorten or split it; the finding says the limit.
    """


def parameter_unregistered() -> None:
    """A parameter is received that its event's contract does not have.

    ## Why it matters
    It may hold personal data that nobody classified, and nobody can rely on it.

    ## Instead
    The registered name, if it was misspelt; else add it to the contract.
    """


def event_volume_unusual() -> None:
    """An event came much more or much less often than in earlier runs.

    ## Why it matters
    Twice the orders of last week are rarely twice the orders: a tag fires twice. Half of them are a tag that
    broke.

    ## Instead
    Compare with the shop's own number before anybody reports it.
    """


def user_property_unregistered() -> None:
    """A user property is received that no trait registers.

    ## Why it matters
    User properties are limited in number, and describe people: each needs an owner and a class of personal
    data.

    ## Instead
    Add it to the trait's contract, or stop sending it.
    """


def trait_unseen() -> None:
    """A registered trait was not received as a user property in the period.

    ## Why it matters
    Segments that rest on it let nobody in, or nobody out, without an error.

    ## Instead
    Ask the producers that the finding names. A trait that is not meant for the platform is mapped away from
    it: where a contract gives some of its properties a name there (`x-platforms`), only those are expected.
    """


_RECEIVED: Final = Facts(
    layer="tag",
    reads=frozenset({Level.EVENT, Level.PARAMETER, Level.USER_PROPERTY}),
    needs=(needs.EVENTS,),
    about=None,
    filing=Filing.WRONG,
    of_a_word=False,
    guardrail="hold what tags send against the contracts before a release: canonry validate",
)
_PARAMETER: Final = replace(_RECEIVED, needs=(needs.PARAMETERS,))
_LIMIT: Final = replace(_RECEIVED, needs=(needs.LENGTHS, needs.PARAMETERS))
_TRAIT: Final = replace(_RECEIVED, needs=(needs.TRAITS,))

RULES: Final[tuple[AuditRule, ...]] = (
    AuditRule("A401", "event-unregistered", event_unregistered, "0.1", Severity.WARNING, facts=_RECEIVED),
    AuditRule("A402", "event-unseen", event_unseen, "0.1", Severity.WARNING, facts=_RECEIVED),
    AuditRule("A403", "parameter-over-limit", parameter_over_limit, "0.1", facts=_LIMIT),
    AuditRule(
        "A404", "parameter-unregistered", parameter_unregistered, "0.1", Severity.WARNING, facts=_PARAMETER
    ),
    AuditRule("A405", "event-volume-unusual", event_volume_unusual, "0.1", Severity.WARNING, facts=_RECEIVED),
    AuditRule(
        "A406",
        "user-property-unregistered",
        user_property_unregistered,
        "0.1",
        Severity.WARNING,
        facts=_TRAIT,
    ),
    AuditRule("A407", "trait-unseen", trait_unseen, "0.1", Severity.WARNING, facts=_TRAIT),
)
_RULE: Final = {rule.name: rule for rule in RULES}
_ALWAYS: Final = frozenset(
    {
        *(
            "ga_session_id",
            "ga_session_number",
            "page_location",
            "page_referrer",
            "page_title",
            "engaged_session_event",
        ),
        *(
            "engagement_time_msec",
            "session_engaged",
            "entrances",
            "ignore_referrer",
            "campaign",
            "source",
            "medium",
        ),
        *("term", "content", "campaign_id", "gclid", "dclid", "srsltid", "debug_mode", "batch_page_id"),
        *(
            "batch_ordering_id",
            "percent_scrolled",
            "link_url",
            "link_domain",
            "link_id",
            "link_classes",
            "outbound",
        ),
        *(
            "search_term",
            "video_url",
            "video_title",
            "video_provider",
            "video_percent",
            "video_duration",
            "visible",
        ),
        *(
            "video_current_time",
            "file_name",
            "file_extension",
            "link_text",
            "form_id",
            "form_name",
            "form_destination",
        ),
        *(
            "synthetic_bundle",
            "merged_id",
            "page_path",
            "language",
            "screen_resolution",
            "value",
            "currency",
            "items",
        ),
    }
)
"""Parameters that GA4 writes itself, or that mean the same in every event."""
_OURS: Final = frozenset({"value", "currency", "items", "search_term", "language", "term", "content"})
"""Of these those that somebody has to send."""
UNUSUAL: Final = 3.0
"""Standard deviations beyond which a week is unusual, on the scale of logarithms."""
LEAST_RUNS: Final = 4
_NEAR: Final = 3
"""Names that are offered where several are equally near."""


def automatic(name: str) -> bool:
    """Whether a parameter is one that the platform writes itself, and counts towards no limit."""
    return (name in _ALWAYS and name not in _OURS) or name.startswith(("ga_", "gtm.", "_"))


def judged(seen: Observation, standard: Standard, owner: str) -> Iterator[Finding]:
    """One event, parameter or user property."""
    if seen.level is Level.EVENT:
        yield from _event(seen, standard, owner)
    elif seen.level is Level.PARAMETER:
        yield from _parameter(seen, standard, owner)
    else:
        yield from _user_property(seen, standard, owner)


def _event(seen: Observation, standard: Standard, owner: str) -> Iterator[Finding]:
    platform = standard.platform(seen.platform)
    limits = platform.events if platform else None
    if limits is not None and limits.event_name is not None and len(seen.name) > limits.event_name:
        yield _limit(
            seen, f"the name has {len(seen.name)} characters; {limits.event_name} are kept", owner, "name"
        )
    if standard.event(seen.platform, seen.name) is not None or not standard.events[""]:
        return
    if limits is not None and (seen.name in limits.automatic_events or seen.name in limits.reserved_events):
        return  # nobody can send these but the platform itself
    known = [*standard.events.get(seen.platform, {}), *standard.events[""]]
    near, meant = _meant(seen.name, known, lambda word: standard.event(seen.platform, word))
    yield drift(
        _RULE["event-unregistered"],
        seen,
        f"the event {seen.name} is not registered",
        owner=owner,
        do=f"send {meant}, if that is meant"
        if meant
        else "register it (canonry new events), or stop sending it",
        correct=near,
        values=(seen.name, near),
    )


def _meant(found: str, known: Iterable[str], of: Callable[[str], object]) -> tuple[str, str]:
    """The registered name that was meant, where one is nearest, and those that may have been, in words.

    Two names `of` one thing are one: the first counts.
    """
    near: list[str] = []
    things: list[object] = []
    for word in as_near(found, known):
        if (thing := of(word)) not in things:
            things.append(thing)
            near.append(word)
    return near[0] if len(near) == 1 else "", " or ".join(near[:_NEAR])


def _limit(seen: Observation, message: str, owner: str, what: str) -> Finding:
    return drift(
        _RULE["parameter-over-limit"], seen, message, owner=owner, do="shorten it", values=(seen.name, what)
    )


def _parameter(seen: Observation, standard: Standard, owner: str) -> Iterator[Finding]:
    platform = standard.platform(seen.platform)
    limits = platform.events if platform else None
    event = seen.parents.get("event", "")
    if limits is not None:
        if limits.parameter_name is not None and len(seen.name) > limits.parameter_name:
            message = f"the name has {len(seen.name)} characters; {limits.parameter_name} are kept"
            yield _limit(seen, message, owner, "name")
        longest = seen.params.get("longest", "")
        own = {
            "page_location": limits.page_location,
            "page_referrer": limits.page_referrer,
            "page_title": limits.page_title,
        }
        most = own.get(seen.name) or limits.parameter_value
        if most is not None and longest.isdigit() and int(longest) > most:
            message = f"values of {seen.name} have up to {int(longest):,} characters; {most:,} are kept"
            yield _limit(seen, message, owner, "value")
    contract = standard.event(seen.platform, event) if event else None
    if contract is None or seen.name in _ALWAYS or seen.name.startswith(("ga_", "gtm.", "_")):
        return
    known = standard.parameters(contract, seen.platform)
    if seen.name in known:
        return
    near, meant = _meant(seen.name, sorted(known), str)
    yield drift(
        _RULE["parameter-unregistered"],
        seen,
        f"{event} is received with {seen.name}, which its contract does not have",
        owner=contract.meta.owner,
        do=f"send {meant}, if that is meant" if meant else "add it to the contract, or stop sending it",
        correct=near,
        values=(event, seen.name, near),
        place=contract.place(),
    )


def _user_property(seen: Observation, standard: Standard, owner: str) -> Iterator[Finding]:
    platform = standard.platform(seen.platform)
    limits = platform.events if platform else None
    if limits is not None:
        if limits.user_property_name is not None and len(seen.name) > limits.user_property_name:
            message = f"the name has {len(seen.name)} characters; {limits.user_property_name} are kept"
            yield _limit(seen, message, owner, "name")
        longest = seen.params.get("longest", "")
        if limits.user_property_value and longest.isdigit() and int(longest) > limits.user_property_value:
            most = limits.user_property_value
            yield _limit(
                seen, f"values have up to {int(longest):,} characters; {most} are kept", owner, "value"
            )
    known = standard.user_properties
    if (
        seen.name in known
        or not known
        or seen.name.startswith(("ga_", "_", "first_open"))
        or seen.name == "user_id"
    ):
        return
    near, meant = _meant(seen.name, sorted(known), str)
    yield drift(
        _RULE["user-property-unregistered"],
        seen,
        f"the user property {seen.name} is not registered",
        owner=owner,
        do=f"send {meant}, if that is meant"
        if meant
        else "add it to the trait's contract, or stop sending it",
        correct=near,
        values=(seen.name, near),
    )


def crowded(event: Observation, number: int, standard: Standard, owner: str) -> Iterator[Finding]:
    """An event with more parameters than the platform takes."""
    platform = standard.platform(event.platform)
    limits = platform.events if platform else None
    if (
        limits is not None
        and limits.parameters_per_event is not None
        and number > limits.parameters_per_event
    ):
        message = f"{event.name} has {number} parameters; {limits.parameters_per_event} are kept"
        yield _limit(event, message, owner, "number")


def unseen(contract: Contract, platform: str, source: str, since: str | None, standard: Standard) -> Finding:
    """A registered event that a complete list of the platform's events does not have."""
    named = contract.meta.platforms
    word = named.get(platform, contract.id.name) if isinstance(named, dict) else contract.id.name
    seen = Observation(source, platform, Level.EVENT, id=word, name=word)
    producers = _producers(contract)
    return drift(
        _RULE["event-unseen"],
        seen,
        f"{word} was not received ({_last(since)}); sent by {producers}",
        owner=contract.meta.owner,
        do=f"ask {producers} what changed; deprecate the contract if nothing sends it",
        values=(str(contract.id), platform),
        place=contract.place(),
    )


def _producers(contract: Contract) -> str:
    return ", ".join(contract.meta.producers) or "its producers"


def _last(day: str | None) -> str:
    return f"last seen {day}" if day else "never seen in the audit's history"


def unseen_traits(
    contract: Contract,
    platform: str,
    source: str,
    words: Mapping[str, str | None],
    *,
    number: int,
) -> Iterator[Finding]:
    """Registered traits that a complete list of the platform's user properties does not have.

    `words` are their names and the day on which each was last seen; where it is all `number` of the contract,
    one finding says so.
    """
    producers = _producers(contract)
    if len(words) == number > 1:
        since = max((day for day in words.values() if day), default=None)
        told = f"none of the {number} traits of {contract.id.name} was received ({_last(since)})"
        listed = [(contract.id.name, told)]
    else:
        listed = [
            (word, f"the trait {word} was not received ({_last(since)})") for word, since in words.items()
        ]
    for word, message in listed:
        yield drift(
            _RULE["trait-unseen"],
            Observation(source, platform, Level.USER_PROPERTY, id=word, name=word),
            f"{message}; sent by {producers}",
            owner=contract.meta.owner,
            do=f"ask {producers} what changed; take it out of the contract if nothing sends it",
            values=(str(contract.id), platform),
            place=contract.place(),
        )


def unusual(seen: Observation, before: Iterable[float], owner: str) -> Iterator[Finding]:
    """An event's volume against that of earlier runs (rows per day)."""
    import math
    import statistics

    now = float(seen.weight.rows or 0)
    past = [math.log1p(each) for each in before]
    if len(past) < LEAST_RUNS or now <= 0:
        return
    centre = statistics.median(past)
    if len(past) > LEAST_RUNS:  # one odd week, as of Black Friday, makes no other one usual
        past.remove(max(past, key=lambda each: abs(each - centre)))
    # What is counted varies by its root, however steady it is.
    spread = max(statistics.pstdev(past), 0.1, 1 / math.sqrt(math.expm1(centre) + 1))
    off = (math.log1p(now) - centre) / spread
    if abs(off) <= UNUSUAL or min(past) <= math.log1p(now) <= max(past):
        return
    usual = math.expm1(centre)
    yield drift(
        _RULE["event-volume-unusual"],
        seen,
        f"{seen.name}: {now:,.0f} in the period, usually about {usual:,.0f}",
        owner=owner,
        do="compare with the source system, and look at the last release",
        values=(seen.name, "more" if off > 0 else "less"),
    )
