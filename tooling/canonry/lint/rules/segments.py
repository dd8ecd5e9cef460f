"""What a segment's definition refers to."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from canonry.catalogue.documents.contract import Condition
from canonry.catalogue.model import Contract
from canonry.kernel.jsonvalue import same
from canonry.lint.subject import Remark, Subject
from canonry.naming.suggest import nearest

_REFERENCES: Final = (("event", "events"), ("trait", "traits"), ("segment", "segments"))
_WITHOUT_VALUE: Final = frozenset({"exists", "not_exists"})
_WITH_LIST: Final = frozenset({"in", "not_in"})
_ORDERING: Final = frozenset({"gt", "gte", "lt", "lte"})


def _conditions(contract: Contract) -> Iterator[tuple[str, Condition]]:
    definition = contract.meta.definition
    for part in ("all", "any", "none") if definition is not None else ():
        for number, condition in enumerate(getattr(definition, part)):
            yield f"/x-contract/definition/{part}/{number}", condition


def segment_reference_unknown(subject: Subject) -> Iterator[Remark]:
    """A segment refers to an event, trait, segment, property or account that does not exist.

    ## Why it matters
    A condition on a property that nobody sends is never true: the audience is empty, or, under `none`, holds
    everybody.

    ## Instead
    Use an id or property that exists; the message gives the nearest one.
    """
    for contract in subject.catalogue.of_kind("segments"):
        meta = contract.meta
        if meta.definition is not None:
            yield from _missing(
                subject, contract, meta.definition.entity, "traits", "/x-contract/definition/entity"
            )
        for pointer, condition in _conditions(contract):
            for key, kind in _REFERENCES:
                target = getattr(condition, key)
                if target is not None:
                    yield from _missing(subject, contract, target, kind, f"{pointer}/{key}")
                    yield from _missing_properties(subject, contract, pointer, condition, target)
        for number, exclusion in enumerate(meta.exclusions):
            yield from _missing(subject, contract, exclusion, "segments", f"/x-contract/exclusions/{number}")
        yield from _accounts(subject, contract)


def _missing(subject: Subject, contract: Contract, target: str, kind: str, pointer: str) -> Iterator[Remark]:
    catalogue = subject.catalogue
    if not target.startswith(f"/{kind}/"):
        message = f"{target} is none of /{kind}/"
    elif not catalogue.exists(target):
        message = f"there is no {target}"
    else:
        return
    near = nearest(target, [str(each.id) for each in catalogue.of_kind(kind)])
    advice = f"did you mean {near}?" if near else f"canonry list {kind} shows what there is"
    yield Remark(message, contract.place(pointer), advice, values=(target,))


def _missing_properties(
    subject: Subject, contract: Contract, pointer: str, condition: Condition, target: str
) -> Iterator[Remark]:
    other = subject.catalogue.contract(target)
    if other is None:
        return
    named = [(pointer, condition.property)] if condition.property is not None else []
    named += [
        (f"{pointer}/where/{number}", inner.property)
        for number, inner in enumerate(condition.where)
        if inner.property
    ]
    for place, name in named:
        if subject.at_path(other, name) is None:
            near = nearest(name, other.properties)
            message = f"{target} has no property {name!r}"
            advice = f"did you mean {near!r}?" if near else f"it has {', '.join(list(other.properties)[:12])}"
            yield Remark(message, contract.place(f"{place}/property"), advice, values=(target, name))


def _accounts(subject: Subject, contract: Contract) -> Iterator[Remark]:
    accounts = subject.catalogue.accounts
    if accounts is None:
        return
    for number, destination in enumerate(contract.meta.destinations):
        if destination.account is None:
            continue
        pointer = f"/x-contract/destinations/{number}/account"
        account = accounts.accounts.get(destination.account)
        if account is None:
            near = nearest(destination.account, accounts.accounts)
            advice = f"did you mean {near!r}?" if near else "add it to registry/accounts.yaml"
            yield Remark(
                f"there is no account {destination.account!r}",
                contract.place(pointer),
                advice,
                values=(destination.account,),
            )
        elif account.platform != destination.platform:
            message = (
                f"the account {destination.account!r} is on {account.platform}, not {destination.platform}"
            )
            yield Remark(message, contract.place(pointer), values=(destination.account, destination.platform))


def segment_condition_invalid(subject: Subject) -> Iterator[Remark]:
    """A condition of a segment says nothing, or something that can never be true.

    Each condition names exactly one of `event`, `trait` and `segment`. `property`, `op` and `value` come
    together, and the value must be one that the property can have.

    ## Why it matters
    `tier = "hgih"` is no error anywhere else: the audience is simply empty.

    ## Instead
    Correct the condition as the message says. Values of vocabularies are their active and deprecated words.
    """
    for contract in subject.catalogue.of_kind("segments"):
        definition = contract.meta.definition
        if definition is None:
            continue
        if not (definition.all or definition.any):
            message = (
                "the definition has no condition that anybody meets"
                if definition.none
                else "the definition has no condition"
            )
            advice = "add what members did or are under all or any"
            yield Remark(message, contract.place("/x-contract/definition"), advice, values=("empty",))
        for pointer, condition in _conditions(contract):
            for place, wrong, advice in _wrong(subject, condition, pointer, definition.window):
                yield Remark(wrong, contract.place(place), advice, values=(wrong,))


def _wrong(
    subject: Subject, condition: Condition, pointer: str, window: str | None
) -> Iterator[tuple[str, str, str]]:
    given = [key for key, _ in _REFERENCES if getattr(condition, key) is not None]
    if len(given) != 1:
        found = " and ".join(given) or "none of them"
        yield pointer, f"a condition names one of event, trait and segment, this one {found}", ""
        return
    target = subject.catalogue.contract(getattr(condition, given[0]))
    if given[0] == "event":
        if condition.property is not None or condition.op is not None:
            yield (
                pointer,
                "what an event's properties must be stands under where",
                '"where": [{"property": ..., "op": ..., "value": ...}]',
            )
        if window is None and condition.within is None:
            yield (
                pointer,
                "an event without a window: within which time did it happen?",
                "add window to the definition, or within here",
            )
        for number, inner in enumerate(condition.where):
            yield from _comparison(subject, inner, f"{pointer}/where/{number}", target)
    else:
        if condition.where or condition.at_least is not None or condition.within is not None:
            yield pointer, f"where, at_least and within belong to events, not to a {given[0]}", ""
        if given[0] == "trait":
            yield from _comparison(subject, condition, pointer, target)
        elif condition.property is not None or condition.op is not None:
            yield pointer, "a segment is a member or is none; property and op say nothing", "remove them"


def _comparison(
    subject: Subject, condition: Condition, pointer: str, target: Contract | None
) -> Iterator[tuple[str, str, str]]:
    op = condition.op
    if condition.property is None or op is None:
        yield pointer, "a comparison needs property and op", '"property": "plan", "op": "eq", "value": "free"'
        return
    if op in _WITHOUT_VALUE:
        if condition.value is not None:
            yield f"{pointer}/value", f"{op} takes no value", "remove it"
        return
    if condition.value is None:
        yield pointer, f"{op} needs a value", ""
        return
    if isinstance(condition.value, list) != (op in _WITH_LIST):
        yield f"{pointer}/value", f"{op} takes {'a list' if op in _WITH_LIST else 'one value'}", ""
        return
    schema = subject.at_path(target, condition.property) if target is not None else None
    if schema is None or op == "contains":
        return
    values = condition.value if isinstance(condition.value, list) else [condition.value]
    for value in values:
        problem = _impossible(value, schema, op)
        if problem:
            yield (
                f"{pointer}/value",
                f"{condition.property} is never {value!r}: {problem}",
                _near(value, schema),
            )


def _impossible(value: Any, schema: Mapping[str, Any], op: str) -> str:
    allowed = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if isinstance(allowed, list):
        if op in _ORDERING:
            return "it is a word, and words have no order"
        return (
            ""
            if any(same(value, each) for each in allowed)
            else f"it is one of {', '.join(map(str, allowed[:12]))}"
        )
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
    if kinds and not any(_is(value, kind) for kind in kinds):
        return f"its type is {' or '.join(map(str, kinds))}"
    if op in _ORDERING or isinstance(value, bool | str):
        return ""
    low, high = schema.get("minimum"), schema.get("maximum")
    if isinstance(low, int | float) and value < low:
        return f"it is at least {low}"
    if isinstance(high, int | float) and value > high:
        return f"it is at most {high}"
    return ""


def _is(value: object, kind: object) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if isinstance(value, int | float):
        return kind == "number" or (kind == "integer" and value == int(value))
    return kind == "string"


def _near(value: object, schema: Mapping[str, Any]) -> str:
    words = [each for each in schema.get("enum", []) if isinstance(each, str)]
    near = nearest(value, words) if isinstance(value, str) else None
    return f"did you mean {near!r}?" if near else ""


def segment_cyclic(subject: Subject) -> Iterator[Remark]:
    """A segment is defined by itself, directly or through others it refers to or excludes.

    ## Why it matters
    Who belongs depends on who belongs: each refresh gives other people, or none.

    ## Instead
    Repeat the conditions that matter, without referring back.
    """
    reads: dict[str, list[tuple[str, str]]] = {}
    for contract in subject.catalogue.of_kind("segments"):
        found = [
            (f"{pointer}/segment", each.segment) for pointer, each in _conditions(contract) if each.segment
        ]
        found += [
            (f"/x-contract/exclusions/{number}", each) for number, each in enumerate(contract.meta.exclusions)
        ]
        reads[str(contract.id)] = found
    for name, found in reads.items():
        for pointer, target in found:
            if _reaches(reads, target, name):
                contract = subject.catalogue.by_text[name]
                message = "it refers to itself" if target == name else f"{target} refers back to {name}"
                yield Remark(message, contract.place(pointer), values=(target,))


def _reaches(reads: Mapping[str, list[tuple[str, str]]], start: str, goal: str) -> bool:
    todo, seen = [start], {start}
    while todo:
        current = todo.pop()
        if current == goal:
            return True
        for _, target in reads.get(current, ()):
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return False
