"""Consent purposes and personal data."""

from collections.abc import Iterator
from typing import Any, Final

from canonry.catalogue.refs import References, RefError
from canonry.lint.schemas import Node
from canonry.lint.subject import Remark, Subject
from canonry.naming.suggest import nearest

AD_PURPOSES: Final = ("ad_user_data", "ad_personalization")
"""What Consent Mode v2 and the platforms' customer-match terms ask of an audience sent for advertising."""

PII: Final = ("none", "pseudonymous", "personal", "sensitive")
"""Classes of personal data, from harmless to worst."""

_VOCABULARY: Final = "consent_purpose"


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def consent_purpose_unknown(subject: Subject) -> Iterator[Remark]:
    """A consent purpose is no word of the vocabulary `consent_purpose`, or a retired one.

    ## Why it matters
    The consent tool never grants a purpose that it does not know, so the data is never sent, or always.

    ## Instead
    Use a word of `registry/vocabularies/consent_purpose.yaml`.
    """
    vocabulary = subject.catalogue.vocabularies.get(_VOCABULARY)
    if vocabulary is None:
        return  # nothing to judge by; whoever refers to the vocabulary is told by its own rule
    words = {word for word, entry in vocabulary.words.items() if entry.status != "retired"}
    for contract in subject.catalogue.contracts.values():
        for platform, purposes in contract.meta.consent.items():
            for number, purpose in enumerate(purposes):
                if purpose not in words:
                    place = contract.place(f"/x-contract/consent/{platform}/{number}")
                    yield Remark(
                        f"there is no consent purpose {purpose!r}",
                        place,
                        _advice(purpose, words),
                        values=(purpose,),
                    )
    for node in subject.schemas.having("x-consent"):
        purposes = node.schema["x-consent"]
        if not _is_list_of_text(purposes):
            message = f"x-consent of {node.says} must be a list of consent purposes"
            yield Remark(message, node.place("x-consent"), '["ad_storage"]')
            continue
        for number, purpose in enumerate(purposes):
            if purpose not in words:
                place = node.contract.place(f"{node.pointer}/x-consent/{number}")
                yield Remark(
                    f"there is no consent purpose {purpose!r}",
                    place,
                    _advice(purpose, words),
                    values=(purpose,),
                )


def _advice(purpose: str, words: set[str]) -> str:
    near = nearest(purpose, sorted(words))
    return f"did you mean {near!r}?" if near else f"purposes are {', '.join(sorted(words))}"


def ad_consent_missing(subject: Subject) -> Iterator[Remark]:
    """A segment goes to an advertising platform without `ad_user_data` and `ad_personalization`.

    ## Why it matters
    Sending people to an ad platform without these two consents is against its terms and, in Europe, the law.
    Google refuses such lists; others only answer for them later.

    ## Instead
    `"consent": {"meta": ["ad_storage", "ad_user_data", "ad_personalization"]}`. Suppressions that only keep
    people out need them too: they are still sent.
    """
    for contract in subject.catalogue.of_kind("segments"):
        for number, destination in enumerate(contract.meta.destinations):
            platform = subject.catalogue.platforms.get(destination.platform)
            if platform is None or platform.category != "ads":
                continue
            given = contract.meta.consent.get(destination.platform, ())
            missing = [purpose for purpose in AD_PURPOSES if purpose not in given]
            if missing:
                yield Remark(
                    f"goes to {destination.platform} without {' and '.join(missing)}",
                    contract.place(f"/x-contract/destinations/{number}"),
                    f"add {', '.join(missing)} to consent.{destination.platform}",
                    values=(destination.platform, *missing),
                )


def consent_insufficient(subject: Subject) -> Iterator[Remark]:
    """A contract with personal data goes to a platform without the consent that the platform's file demands.

    `consent_required` of the platform is compared with `consent` of the contract, where a property is
    personal or sensitive.

    ## Why it matters
    Personal data leaves the house without the permission that its receiver requires.

    ## Instead
    Add the purposes under `consent`, or take the property out of what is sent.
    """
    for contract in subject.catalogue.of_kind("events", "traits"):
        personal = [
            name
            for name, schema in contract.properties.items()
            if isinstance(schema, dict) and schema.get("x-pii") in ("personal", "sensitive")
        ]
        if not personal:
            continue
        for name in contract.meta.platforms:
            platform = subject.catalogue.platforms.get(name)
            given = contract.meta.consent.get(name, ())
            missing = [
                purpose for purpose in (platform.consent_required if platform else ()) if purpose not in given
            ]
            if missing:
                yield Remark(
                    f"{personal[0]!r} is personal data and goes to {name} without {', '.join(missing)}",
                    contract.place(
                        f"/x-contract/consent/{name}" if name in contract.meta.consent else "/x-contract"
                    ),
                    f"add {', '.join(missing)} to consent.{name}",
                    values=(name, *missing),
                )


def consent_exceeds_event(subject: Subject) -> Iterator[Remark]:
    """A required property needs a consent that its event does not ask for.

    ## Why it matters
    Visitors who gave the event's consent but not the property's leave two choices: drop the whole event, or
    send the property without permission.

    ## Instead
    Make the property optional, or add the purpose to the event's `consent` for every destination.
    """
    for node in subject.schemas.having("x-consent"):
        purposes = node.schema["x-consent"]
        root = node.parent
        if (
            node.role != "property"
            or root is None
            or not _is_list_of_text(purposes)
            or not _always_there(node)
        ):
            continue
        contract = node.contract
        if contract.id.kind not in ("events", "traits", "segments"):
            continue
        lacking = {
            name: [purpose for purpose in purposes if purpose not in contract.meta.consent.get(name, ())]
            for name in dict.fromkeys([*contract.meta.platforms, *contract.meta.consent])
        } or {"": list(purposes)}
        short = {name: missing for name, missing in lacking.items() if missing}
        if short:
            where = ", ".join(
                f"{name} ({', '.join(missing)})" if name else ", ".join(missing)
                for name, missing in short.items()
            )
            yield Remark(
                f"{node.says} is required and needs more consent than the event: {where}",
                node.place("x-consent"),
                "make it optional, or add the purposes to the event's consent",
                values=(node.name, where),
            )


def _always_there(node: Node) -> bool:
    """Whether the property and every property around it are required."""
    here: Node | None = node
    while here is not None and here.parent is not None:
        if here.role == "property":
            required = here.parent.schema.get("required")
            if not isinstance(required, list) or here.name not in required:
                return False
        elif here.role not in ("items", "branch"):
            return False
        here = here.parent
    return True


def pii_missing(subject: Subject) -> Iterator[Remark]:
    """A property of an event or trait does not say whether it is personal data.

    A property that refers to a shared definition may rely on what is said there, of the whole or of every
    part.

    ## Why it matters
    Erasure requests, retention and what may be sent to whom are decided by this class. Unknown means
    harmless to whoever is in a hurry.

    ## Instead
    `"x-pii": "none"`, `pseudonymous` (an id that stands for a person), `personal` or `sensitive`.
    """
    said: dict[str, bool] = {}
    for node in subject.schemas.properties("events", "traits"):
        if "x-pii" in node.schema:
            continue
        ref = node.schema.get("$ref")
        if isinstance(ref, str) and ref.startswith("/"):
            if ref not in said:
                said[ref] = _said(node.schema, str(node.contract.id), subject.references)
            known = said[ref]
        else:
            known = _said(node.schema, str(node.contract.id), subject.references)
        if not known:
            message = f"{node.says} does not say whether it is personal data"
            yield Remark(message, node.place(), 'add "x-pii": "none" or another class')


_DEEPEST: Final = 12


def _said(schema: Any, document: str, references: References, depth: int = 0) -> bool:
    """Whether a schema has a class, or each of its parts has."""
    try:
        schema, document = references.followed(schema, document)
    except RefError:
        return True  # that the reference is broken is said elsewhere
    if "x-pii" in schema or depth > _DEEPEST:
        return True
    if isinstance(schema.get("items"), dict):
        return _said(schema["items"], document, references, depth + 1)
    properties = schema.get("properties")
    if not isinstance(properties, dict) or not properties:
        return False
    return all(_said(inner, document, references, depth + 1) for inner in properties.values())


def pii_unknown(subject: Subject) -> Iterator[Remark]:
    """`x-pii` holds something other than none, pseudonymous, personal or sensitive.

    ## Why it matters
    A class that nobody knows is handled like none.

    ## Instead
    One of the four.
    """
    for node in subject.schemas.having("x-pii"):
        found = node.schema["x-pii"]
        if found not in PII:
            near = nearest(found, PII) if isinstance(found, str) else None
            advice = f"did you mean {near!r}?" if near else f"one of {', '.join(PII)}"
            yield Remark(
                f"{found!r} of {node.says} is no class of personal data",
                node.place("x-pii"),
                advice,
                values=(str(found),),
            )
