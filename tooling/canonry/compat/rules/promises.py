"""What a contract promises beside its schema: trigger, identity, suppression, consent, privacy, owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from canonry.compat.delta import Delta, Effect, Revision
from canonry.kernel.findings import Finding, Level
from canonry.kernel.rule import Rule

if TYPE_CHECKING:
    from canonry.catalogue.model import Contract

PII_CLASSES: Final = ("none", "pseudonymous", "personal", "sensitive")
"""Values of `x-pii`, from the least to the most protected."""


def trigger_changed(delta: Delta) -> Iterator[Finding]:
    """An event fires at another moment than it did.

    ## Why it matters
    The payload is the same, so nothing fails; the numbers jump, and every comparison with last month is
    wrong.

    ## Instead
    Make a new event for the new moment. Where the sentence only became clearer, accept the finding and say
    so.
    """
    for pair in delta.revisions("events"):
        old, new = pair.old.meta.trigger, pair.new.meta.trigger
        if old != new:
            message = f' fired when: "{old or "(not said)"}"; now: "{new or "(not said)"}"'
            yield delta.finding(
                TRIGGER_CHANGED,
                pair,
                message,
                pointer="/x-contract/trigger",
                effect="both",
                values=[old, new],
            )


def identity_changed(delta: Delta) -> Iterator[Finding]:
    """Other properties than before say who or what the event happened to.

    ## Why it matters
    Platforms de-duplicate and join by them. Pixel and server stop agreeing, and conversions count twice.

    ## Instead
    Add the new identity beside the old one, and drop the old one in a new major.
    """
    for pair in delta.revisions():
        old, new = set(pair.old.meta.identity), set(pair.new.meta.identity)
        if old != new:
            message = f" is identified by {_set(new)}, no longer by {_set(old)}"
            yield delta.finding(
                IDENTITY_CHANGED,
                pair,
                message,
                pointer="/x-contract/identity",
                effect="both",
                values=[*sorted(old), *sorted(new)],
            )


def suppression_changed(delta: Delta) -> Iterator[Finding]:
    """An event is held back in other cases than before.

    ## Why it matters
    What used to be suppressed (tests, staff, people who objected) is sent, or what used to arrive is missing.

    ## Instead
    Agree it with the owners of everything that consumes the event; then accept the finding.
    """
    for pair in delta.revisions():
        old, new = set(pair.old.meta.suppression), set(pair.new.meta.suppression)
        if old == new:
            continue
        effect: Effect = "both" if old - new and new - old else "loosens" if old - new else "tightens"
        parts = [f'no longer suppressed: "{case}"' for case in sorted(old - new)]
        parts += [f'now suppressed: "{case}"' for case in sorted(new - old)]
        message = f": {'; '.join(parts)}"
        yield delta.finding(
            SUPPRESSION_CHANGED,
            pair,
            message,
            pointer="/x-contract/suppression",
            effect=effect,
            values=parts,
        )


def consent_widened(delta: Delta) -> Iterator[Finding]:
    """Data goes to a destination with less consent than before, or to a new one.

    ## Why it matters
    People agreed to the old list. Sending without a purpose that was asked for is a breach, not a bug.

    ## Instead
    Keep the purpose. A new destination needs the owner of consent to agree; then accept the finding.
    """
    for pair in delta.revisions():
        old, new = pair.old.meta.consent, pair.new.meta.consent
        for destination in sorted({*old, *new}):
            before, after = set(old.get(destination, ())), set(new.get(destination, ()))
            pointer = f"/x-contract/consent/{destination}"
            if destination not in old:
                message = f" now goes to {destination} with {_set(after)}"
            elif destination not in new:
                if destination not in pair.new.meta.platforms and not _sent(pair.new, destination):
                    continue  # nothing goes there any more
                message = f" no longer says which consent {destination} needs (it was {_set(before)})"
                pointer = "/x-contract/consent"
            elif before - after:
                message = f" goes to {destination} without {_set(before - after)}"
            else:
                continue
            yield delta.finding(
                CONSENT_WIDENED,
                pair,
                message,
                pointer=pointer,
                effect="loosens",
                values=[destination, *sorted(before), *sorted(after)],
            )
        yield from _property_consent(delta, pair)


def _property_consent(delta: Delta, pair: Revision) -> Iterator[Finding]:
    for name, before, after in _shared_properties(pair):
        gone = set(_list(before.get("x-consent"))) - set(_list(after.get("x-consent")))
        if gone:
            message = f": {name!r} is sent without {_set(gone)}"
            pointer = f"/properties/{name}"
            yield delta.finding(
                CONSENT_WIDENED,
                pair,
                message,
                pointer=pointer,
                effect="loosens",
                values=[name, *sorted(gone)],
            )


def pii_class_lowered(delta: Delta) -> Iterator[Finding]:
    """A property that was personal counts as less personal now.

    ## Why it matters
    Masking, retention and access follow the class. The data did not become less personal; its protection did.

    ## Instead
    Where the property now holds something else, give it another name. Where the old class was wrong, accept
    the finding with the reason.
    """
    for pair in delta.revisions():
        for name, before, after in _shared_properties(pair):
            old, new = before.get("x-pii"), after.get("x-pii")
            if old in PII_CLASSES and (
                new not in PII_CLASSES or PII_CLASSES.index(new) < PII_CLASSES.index(old)
            ):
                message = f": {name!r} was {old} and is {new or 'not classed'} now"
                pointer = f"/properties/{name}"
                yield delta.finding(
                    PII_CLASS_LOWERED,
                    pair,
                    message,
                    pointer=pointer,
                    effect="loosens",
                    values=[name, old, new],
                )


def owner_dropped(delta: Delta) -> Iterator[Finding]:
    """A contract passes to another owner, or its backup goes.

    ## Why it matters
    Whoever answers for it has to know that they do.

    ## Instead
    Have the new owner approve the pull request.
    """
    for pair in delta.revisions():
        old, new = pair.old.meta, pair.new.meta
        for role in ("owner", "backup_owner"):
            before, after = getattr(old, role), getattr(new, role)
            if before != after:
                message = f": the {role.replace('_', ' ')} was {before} and is {after} now"
                yield delta.finding(
                    OWNER_DROPPED,
                    pair,
                    message,
                    pointer=f"/x-contract/{role}",
                    effect="neither",
                    values=[role, before, after],
                )


TRIGGER_CHANGED: Final = Rule("B130", "trigger-changed", trigger_changed, since="0.1")
IDENTITY_CHANGED: Final = Rule("B131", "identity-changed", identity_changed, since="0.1")
SUPPRESSION_CHANGED: Final = Rule("B132", "suppression-changed", suppression_changed, since="0.1")
CONSENT_WIDENED: Final = Rule("B133", "consent-widened", consent_widened, since="0.1")
PII_CLASS_LOWERED: Final = Rule("B134", "pii-class-lowered", pii_class_lowered, since="0.1")
OWNER_DROPPED: Final = Rule("B135", "owner-dropped", owner_dropped, since="0.1", level=Level.WARNING)
RULES: Final = (
    TRIGGER_CHANGED,
    IDENTITY_CHANGED,
    SUPPRESSION_CHANGED,
    CONSENT_WIDENED,
    PII_CLASS_LOWERED,
    OWNER_DROPPED,
)


def _sent(contract: Contract, platform: str) -> bool:
    return any(destination.platform == platform for destination in contract.meta.destinations)


def _shared_properties(pair: Revision) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Properties on both sides that are not written alike, for rules that read texts: to `==` 1 is true."""
    for name, before in pair.old.properties.items():
        after = pair.new.properties.get(name)
        if isinstance(before, Mapping) and isinstance(after, Mapping) and before != after:
            yield name, before, after


def _list(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _set(values: Any) -> str:
    return ", ".join(sorted(values)) or "nothing"
