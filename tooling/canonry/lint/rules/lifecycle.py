"""Versions, statuses and what follows from them."""

from collections.abc import Iterator
from datetime import date

from canonry.catalogue.dates import is_day
from canonry.catalogue.model import Catalogue, Contract
from canonry.kernel.findings import Place
from canonry.kernel.ids import Version
from canonry.lint.subject import Remark, Subject
from canonry.naming.suggest import nearest


def version_invalid(subject: Subject) -> Iterator[Remark]:
    """`version` is no version, or not one of this major.

    ## Why it matters
    Releases, changelogs and clients are ordered by it, and the file's name promises its major.

    ## Instead
    `1.2.0` in `v1.json`. A draft is `<major>.0.0-draft`. A break belongs in a new file, `v2.json`.
    """
    for contract in subject.catalogue.contracts.values():
        place = contract.place
        try:
            version = Version.parse(contract.meta.version)
        except ValueError as error:
            advice = f'"{contract.id.major}.0.0"'
            yield Remark(str(error), place("/x-contract/version"), advice, values=(contract.meta.version,))
            continue
        if version.major != contract.id.major:
            message = f"version {version} stands in a file of major {contract.id.major}"
            advice = f"move it to v{version.major}.json, or begin the version with {contract.id.major}"
            yield Remark(message, place("/x-contract/version"), advice, values=(str(version),))


def draft_contradictory(subject: Subject) -> Iterator[Remark]:
    """Status and version disagree about whether this is a draft.

    ## Why it matters
    Drafts are not published and may break. One that looks released is used; a release that looks like a draft
    is not protected.

    ## Instead
    `status: draft` with `<major>.0.0-draft`, or another status with `<major>.0.0` and up.
    """
    for contract in subject.catalogue.contracts.values():
        draft = contract.meta.version.endswith("-draft")
        if draft != (contract.meta.status == "draft"):
            message = f"version {contract.meta.version} with status {contract.meta.status}"
            major = contract.id.major
            advice = (
                "status draft, or version " + f"{major}.0.0"
                if draft
                else f"version {major}.0.0-draft, or status active"
            )
            yield Remark(
                message, contract.place("/x-contract/status"), advice, values=(contract.meta.status,)
            )


def deprecation_incomplete(subject: Subject) -> Iterator[Remark]:
    """Something is deprecated, but not until when, or not in favour of what.

    ## Why it matters
    Whoever uses it must know how much time is left and where to go; without a date it stays for ever.

    ## Instead
    `canonry deprecate` asks for both: `sunset`, the last day, and `replaced_by`.
    """
    for contract in subject.catalogue.contracts.values():
        if contract.meta.status == "deprecated":
            for key in ("sunset", "replaced_by"):
                if getattr(contract.meta, key) is None:
                    message = f"deprecated without {key}"
                    yield Remark(message, contract.place("/x-contract/status"), f"add {key}", values=(key,))


def status_contradictory(subject: Subject) -> Iterator[Remark]:
    """`sunset` or `replaced_by` stands on something that is not deprecated or retired.

    ## Why it matters
    Dates never change what is accepted; the status does. A sunset that nobody was warned of is a surprise,
    and a replacement of something active leaves two names for one thing.

    ## Instead
    Set the status to deprecated, or remove the key.
    """
    for contract in subject.catalogue.contracts.values():
        if contract.meta.status in ("draft", "active"):
            for key in ("sunset", "replaced_by"):
                if getattr(contract.meta, key) is not None:
                    message = f"{key} on a contract that is {contract.meta.status}"
                    advice = "status deprecated, or remove it"
                    yield Remark(message, contract.place(f"/x-contract/{key}"), advice, values=(key,))


def sunset_passed(subject: Subject) -> Iterator[Remark]:
    """The last day of something deprecated is over, and it is still accepted.

    ## Why it matters
    A date does not retire anything. Users were told it would be gone, and it is not.

    ## Instead
    Retire it (`canonry deprecate --retire` says who still uses it), or agree on a later day with those who
    do.
    """
    for contract in subject.catalogue.contracts.values():
        sunset = contract.meta.sunset
        ends = date.fromisoformat(sunset) if sunset is not None and is_day(sunset) else date.max
        if contract.meta.status == "deprecated" and ends < subject.today:
            message = f"deprecated until {ends}, which is over"
            place = contract.place("/x-contract/sunset")
            yield Remark(message, place, "status retired, or a later day", values=(str(ends),))


def replacement_unknown(subject: Subject) -> Iterator[Remark]:
    """`replaced_by` names nothing that could replace it: it is not there, is retired, or is the same.

    ## Why it matters
    Everybody who follows the advice ends nowhere.

    ## Instead
    Name a live contract of the same kind; a chain of replacements ends in one that is active.
    """
    catalogue = subject.catalogue
    for contract in catalogue.contracts.values():
        target = contract.meta.replaced_by
        if target is None:
            continue
        wrong = _bad_replacement(catalogue, contract, target)
        if wrong:
            near = nearest(
                target, [str(each.id) for each in catalogue.of_kind(contract.id.kind) if each.is_live]
            )
            advice = (
                f"did you mean {near!r}?"
                if near and near != target
                else "name a live contract of the same kind"
            )
            yield Remark(wrong, contract.place("/x-contract/replaced_by"), advice, values=(target,))


def _bad_replacement(catalogue: Catalogue, contract: Contract, target: str) -> str:
    if target == str(contract.id):
        return "replaced_by names the contract itself"
    other = catalogue.contract(target)
    if other is None:
        return "" if catalogue.exists(target) else f"replaced_by {target}, which does not exist"
    if other.meta.status == "retired":
        return f"replaced_by {target}, which is retired itself"
    if other.id.kind != contract.id.kind:
        return f"replaced_by {target}, which is of another kind"
    seen = {str(contract.id)}
    while other is not None and other.meta.replaced_by is not None:
        if str(other.id) in seen:
            return f"replaced_by {target}, and so round in a circle"
        seen.add(str(other.id))
        other = catalogue.contract(other.meta.replaced_by)
    return (
        ""
        if other is None or str(other.id) not in seen
        else f"replaced_by {target}, and so round in a circle"
    )


def retired_referenced(subject: Subject) -> Iterator[Remark]:
    """Something live refers to a retired contract.

    ## Why it matters
    What is retired is not sent any more: a segment over it stays empty, a link format on it builds nothing.

    ## Instead
    Move to what replaced it, or retire this too.
    """
    yield from _references_by_status(subject, "retired")


def deprecated_referenced(subject: Subject) -> Iterator[Remark]:
    """Something live refers to a deprecated contract.

    ## Why it matters
    It will stop working on the sunset day.

    ## Instead
    Move to what replaces it before that day.
    """
    yield from _references_by_status(subject, "deprecated")


def _references_by_status(subject: Subject, status: str) -> Iterator[Remark]:
    catalogue = subject.catalogue
    ended = {
        str(contract.id): contract
        for contract in catalogue.contracts.values()
        if contract.meta.status == status
    }
    if not ended:
        return
    for edge in subject.graph.edges:
        target = ended.get(edge.read)
        if target is None or not _is_live(catalogue, edge.reader):
            continue
        message = f"{edge.reader} refers to {edge.read}, which is {status}"
        if target.meta.sunset:
            message += f" ({'since' if status == 'retired' else 'until'} {target.meta.sunset})"
        instead = target.meta.replaced_by
        yield Remark(
            message,
            edge.place,
            f"use {instead}" if instead else "refer to a live one",
            values=(edge.reader, edge.read),
        )


def _is_live(catalogue: Catalogue, reader: str) -> bool:
    if reader.startswith("consumer:"):
        return False  # the contract lists its consumers; they move by themselves
    if reader.startswith("campaign:"):
        campaign = catalogue.campaigns.get(reader.removeprefix("campaign:"))
        return campaign is not None and campaign.status in ("planned", "live")
    contract = catalogue.contract(reader)
    return contract is None or contract.meta.status in ("draft", "active")


def date_invalid(subject: Subject) -> Iterator[Remark]:
    """A date is no day of the calendar, such as 2026-02-30.

    ## Why it matters
    Nobody knows which day is meant, and rules about the date cannot judge.

    ## Instead
    A day that exists, as `2026-02-28`.
    """
    for text, place in _dates(subject.catalogue):
        if not is_day(text):
            yield Remark(f"there is no {text}", place, "use a day that exists", values=(text,))


def _dates(catalogue: Catalogue) -> Iterator[tuple[str, Place]]:
    at = catalogue.sources.place
    for contract in catalogue.contracts.values():
        if contract.meta.sunset is not None and not is_day(contract.meta.sunset):
            yield contract.meta.sunset, contract.place("/x-contract/sunset")
    for name, vocabulary in catalogue.vocabularies.items():
        for word, entry in vocabulary.words.items():
            for key in ("since", "sunset"):
                text = getattr(entry, key)
                if text is not None and not is_day(text):
                    yield text, at(f"registry/vocabularies/{name}.yaml", f"/words/{word}/{key}")
    for name, campaign in catalogue.campaigns.items():
        for key in ("start", "end"):
            yield getattr(campaign, key), at(f"registry/campaigns/{name}.yaml", f"/{key}")
        for number, approval in enumerate(campaign.approvals):
            yield approval.on, at(f"registry/campaigns/{name}.yaml", f"/approvals/{number}/on")
    for name, group in (catalogue.channel_groups.groups if catalogue.channel_groups else {}).items():
        yield group.effective, at("registry/channel_groups.yaml", f"/groups/{name}/effective")
    for number, ignore in enumerate(catalogue.registry.policy.ignore if catalogue.registry else ()):
        yield ignore.until, at("registry/registry.yaml", f"/policy/ignore/{number}/until")
    for name, accepted in catalogue.accepted.items():
        yield accepted.until, at(f"registry/accepted/{name}.yaml", "/until")
    if catalogue.audit and catalogue.audit.enforce_from is not None:
        yield catalogue.audit.enforce_from, at("registry/audit.yaml", "/enforce_from")


def since_invalid(subject: Subject) -> Iterator[Remark]:
    """`x-since` of a property is no version of its contract.

    ## Why it matters
    It tells readers from which version on they may rely on the property; a version that has not been cannot.

    ## Instead
    The version in which the property came, not above the contract's own.
    """
    verdicts: dict[tuple[str, str], str] = {}
    for node in subject.schemas.having("x-since"):
        found, current = node.schema["x-since"], node.contract.meta.version
        key = (str(found), current)
        if key not in verdicts:
            verdicts[key] = _since_fault(found, current)
        if verdicts[key]:
            yield Remark(verdicts[key], node.place("x-since"), f'"{current}"', values=(str(found),))


def _since_fault(found: object, current: str) -> str:
    if not _is_version(current):
        return ""  # version-invalid says so
    if not isinstance(found, str) or not _is_version(found):
        return f"x-since {found!r:.40} is no version"
    since, now = Version.parse(found), Version.parse(current)
    return (
        f"x-since {since} on a contract that is at {now}" if since > now or since.major != now.major else ""
    )


def _is_version(text: str) -> bool:
    try:
        Version.parse(text)
    except ValueError:
        return False
    return True
