"""What `x-contract` says, kind by kind."""

from collections.abc import Iterator, Mapping
from typing import Final

from canonry.catalogue.model import Contract
from canonry.lint.subject import Remark, Subject
from canonry.naming.suggest import nearest

_EVENTS: Final = frozenset({"events"})
_SEGMENTS: Final = frozenset({"segments"})
_NAMES: Final = frozenset({"utm", "creatives", "objects"})

_BELONGS_TO: Final[Mapping[str, frozenset[str]]] = {
    "trigger": _EVENTS,
    "producers": _EVENTS | {"traits"},
    "identity": _EVENTS | {"traits", "segments"},
    "suppression": _EVENTS,
    "consent": _EVENTS | {"traits", "segments"},
    "entity": frozenset({"traits"}),
    "updates": frozenset({"traits"}),
    "role": _SEGMENTS,
    "definition": _SEGMENTS,
    "refresh": _SEGMENTS | {"traits"},
    "exclusions": _SEGMENTS,
    "destinations": _SEGMENTS,
    "templates": _NAMES,
    "legacy_templates": _NAMES,
    "delimiter": _NAMES,
    "allowed_combinations": _NAMES,
    "aliases": _NAMES,
    "level": frozenset({"objects"}),
    "channel": frozenset({"utm"}),
    "custom_channel": frozenset({"utm"}),
    "tagging": frozenset({"utm"}),
    "platforms": _EVENTS | {"traits"} | _NAMES,
    "consumers": _EVENTS | {"traits", "segments"} | _NAMES,
}

_NEEDED: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "events": (("trigger", "say what happens at the moment that it is recorded"),),
    "traits": (("entity", "say whose traits these are, such as user or account"),),
    "segments": (
        ("role", "audience, exclusion or suppression"),
        ("definition", "say who belongs"),
        ("refresh", "say how often membership is computed, such as 1d"),
    ),
    "utm": (
        ("templates", "say how each parameter is written"),
        ("channel", "name the GA4 channel of its links"),
    ),
    "creatives": (("templates", 'say how the name is written: {"name": "{brand}_{concept}"}'),),
    "objects": (
        ("templates", 'say how the name is written: {"name": "{brand}_{market}"}'),
        ("platforms", "name the platform whose objects these are"),
        ("level", "name the platform's object level"),
    ),
}


def meta_misplaced(subject: Subject) -> Iterator[Remark]:
    """A key of `x-contract` does not belong to the contract's kind.

    ## Why it matters
    Nobody reads a trigger on a UTM format: it looks like a promise that something keeps.

    ## Instead
    Remove it, or move the contract to the kind that it is.
    """
    for contract in subject.catalogue.contracts.values():
        written = contract.schema.get("x-contract")
        for key in written if isinstance(written, dict) else ():
            kinds = _BELONGS_TO.get(key)
            if kinds is not None and contract.id.kind not in kinds:
                message = f"{key!r} means nothing on a contract of kind {contract.id.kind}"
                advice = f"it belongs to {', '.join(sorted(kinds))}"
                yield Remark(message, contract.place(f"/x-contract/{key}"), advice, values=(key,))


def meta_missing(subject: Subject) -> Iterator[Remark]:
    """`x-contract` lacks something that every contract of its kind has.

    ## Why it matters
    An event without a trigger is recorded at a different moment by every producer; a segment without a
    definition cannot be compared with the platform's.

    ## Instead
    Add the key; the message says what goes into it.
    """
    for contract in subject.catalogue.contracts.values():
        for key, advice in _NEEDED.get(contract.id.kind, ()):
            if not getattr(contract.meta, key):
                message = f"a contract of kind {contract.id.kind} has {key!r}, this one has none"
                yield Remark(message, contract.place("/x-contract"), advice, values=(key,))


def consumer_field_unknown(subject: Subject) -> Iterator[Remark]:
    """A consumer or the identity list names a property that the contract does not have.

    ## Why it matters
    Impact is computed from these fields: a consumer of a misspelt field is warned of nothing.

    ## Instead
    Use a name from `properties`; for a property inside another, the path: `items.item_id`.
    """
    for contract in subject.catalogue.contracts.values():
        for pointer, name, who in _named_fields(contract):
            if name not in contract.properties and subject.at_path(contract, name) is None:
                near = nearest(name, _paths_near(subject, contract, name))
                message = f"{who} {name!r}, which the contract does not have"
                advice = f"did you mean {near!r}?" if near else "name one of its properties"
                yield Remark(message, contract.place(pointer), advice, values=(who, name))


def trait_update_unknown(subject: Subject) -> Iterator[Remark]:
    """What an event does to a trait names a property or an event that does not exist, or does not say what.

    ## Why it matters
    A rehearsed campaign plays these updates: who has ordered becomes a customer, and leaves the audiences
    that leave customers out. With a misspelt name nobody ever does, and the report says for how long money
    is spent on them.

    ## Instead
    Name a property of the trait and an active event, with one of `add`, `set` and `takes`.
    """
    for contract in subject.catalogue.of_kind("traits"):
        for number, update in enumerate(contract.meta.updates):
            where = f"/x-contract/updates/{number}"
            if update.property not in contract.properties:
                near = nearest(update.property, contract.properties)
                message = f"an event changes {update.property!r}, which the contract does not have"
                advice = f"did you mean {near!r}?" if near else "name one of its properties"
                yield Remark(message, contract.place(f"{where}/property"), advice, values=(update.property,))
            event = subject.catalogue.contract(update.event)
            if event is None or event.id.kind != "events":
                message = f"{update.property} is changed by {update.event}, which is no event"
                advice = "name an event of the catalogue"
                yield Remark(message, contract.place(f"{where}/event"), advice, values=(update.event,))
            elif update.takes is not None and subject.at_path(event, update.takes) is None:
                message = (
                    f"{update.property} takes {update.takes!r} of {update.event}, which has no such property"
                )
                advice = "name a property of the event"
                yield Remark(message, contract.place(f"{where}/takes"), advice, values=(update.takes,))
            if sum(each is not None for each in (update.add, update.set, update.takes)) != 1:
                message = (
                    f"{update.event} changes {update.property}, and not one of add, set and takes says how"
                )
                advice = "say exactly one of add, set and takes"
                yield Remark(message, contract.place(where), advice, values=(update.property,))


def _paths_near(subject: Subject, contract: Contract, path: str) -> list[str]:
    """The properties beside the one that a path fails at, as paths from the root."""
    before, _, _ = path.rpartition(".")
    schema = subject.at_path(contract, before) if before else None
    while schema is not None and isinstance(schema.get("items"), dict):
        schema = subject.followed(schema["items"], contract)
    inner = schema.get("properties") if schema is not None else None
    return (
        [*(f"{before}.{name}" for name in inner), *contract.properties]
        if inner
        else list(contract.properties)
    )


def _named_fields(contract: Contract) -> Iterator[tuple[str, str, str]]:
    for number, consumer in enumerate(contract.meta.consumers):
        for index, name in enumerate(consumer.fields):
            yield (
                f"/x-contract/consumers/{number}/fields/{index}",
                name,
                f"the consumer {consumer.name} reads",
            )
    for number, name in enumerate(contract.meta.identity):
        yield f"/x-contract/identity/{number}", name, "identity names"


def consumer_duplicate(subject: Subject) -> Iterator[Remark]:
    """A contract lists one consumer twice.

    ## Why it matters
    Which of the two lines says what it needs? Impact reports name it twice.

    ## Instead
    One line per consumer, with all its fields.
    """
    for contract in subject.catalogue.contracts.values():
        seen: set[str] = set()
        for number, consumer in enumerate(contract.meta.consumers):
            if consumer.name in seen:
                place = contract.place(f"/x-contract/consumers/{number}")
                yield Remark(
                    f"{consumer.name} is listed twice", place, "join the two", values=(consumer.name,)
                )
            seen.add(consumer.name)
