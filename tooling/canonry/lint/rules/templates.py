"""Templates: how the fields of naming contracts are written."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from canonry.catalogue.graph import references_in
from canonry.catalogue.model import Contract
from canonry.lint.names import Names, names, template_texts
from canonry.lint.subject import Remark, Subject
from canonry.lint.values import unsound
from canonry.naming.suggest import nearest

_ABSENT: Final = "xx"


def template_invalid(subject: Subject) -> Iterator[Remark]:
    """A template is not written in the template grammar; the message says at which character.

    `{field}`, `{field:yyyymm}` for dates, `[...]` around an optional part with its delimiter, and literal
    text of a-z, 0-9 and `. _ ~ -`. Legacy templates may also hold blanks and `| : ; / + , # >`.

    ## Why it matters
    Nothing can be built from it, and nothing that was built is recognised.

    ## Instead
    Write what the message suggests. A platform's macro is no text: give it a form of its own,
    `{"macro": "{{ad.name}}", "expands": "/objects/meta_ad/v1"}`.
    """
    from canonry.naming.template import parse

    for contract in _naming(subject):
        for pointer, _, text in template_texts(contract):
            older = "/legacy_templates/" in pointer
            for problem in parse(text, older=older)[1]:
                message = f"{text!r:.80}, character {problem.at + 1}: {problem.message}"
                yield Remark(
                    message,
                    contract.place(pointer),
                    problem.suggestion,
                    values=(problem.reason, str(problem.at)),
                )


def _naming(subject: Subject) -> Iterator[Contract]:
    return (contract for contract in subject.catalogue.contracts.values() if contract.is_naming)


def template_field_unknown(subject: Subject) -> Iterator[Remark]:
    """A template writes a field that the contract does not declare.

    ## Why it matters
    Nobody can say what may stand there, so nothing can be built.

    ## Instead
    Declare the property, or correct the name.
    """
    from canonry.naming.template import parse

    for contract in _naming(subject):
        for pointer, _, text in template_texts(contract):
            for name in parse(text, older=True)[0].fields:
                if name not in contract.properties:
                    near = nearest(name, contract.properties)
                    advice = f"did you mean {{{near}}}?" if near else f"add {name!r} to properties"
                    yield Remark(
                        f"{{{name}}} is no property", contract.place(pointer), advice, values=(name,)
                    )


def field_unwritable(subject: Subject) -> Iterator[Remark]:
    """A field of a naming contract has no written form, or not the one that the template asks for.

    A field is a word of a vocabulary, a const or enum, a pattern with `maxLength`, a whole number with
    bounds, a date, a registry id, or another contract's name. Dates say how they are written:
    `{flight:yyyymm}`.

    ## Why it matters
    Names cannot be built from it, and proofs do not cover it.

    ## Instead
    Give the field one of these forms.
    """
    from canonry.naming.table import NotCompiled, check_slot, field_spec
    from canonry.naming.template import parse

    found = subject.once(names)
    for contract in _naming(subject):
        if found is None or str(contract.id) not in found.model.table["skipped"]:
            continue  # what could be compiled has fields that can be written
        specs: dict[str, Any] = {}
        for name, schema in contract.properties.items():
            if not isinstance(schema, dict) or _said_elsewhere(subject, contract, schema):
                continue
            try:
                specs[name] = field_spec(
                    schema, contract.schema, found.sources.vocabularies, found.documents.__getitem__, None
                )
            except (NotCompiled, LookupError) as error:
                yield Remark(
                    f"the field {name!r}: {error}", contract.place(f"/properties/{name}"), values=(name,)
                )
        for pointer, _, text in template_texts(contract):
            for slot in parse(text, older=True)[0].slots:
                if slot.field in specs:
                    try:
                        check_slot(slot, specs)
                    except NotCompiled as error:
                        yield Remark(
                            str(error),
                            contract.place(pointer),
                            _date_advice(specs[slot.field], slot.field),
                            values=(slot.field,),
                        )


def _said_elsewhere(subject: Subject, contract: Contract, schema: Mapping[str, Any]) -> bool:
    """Whether a rule of its own says what is wrong: a reference that leads nowhere, or no scalar at all."""
    followed = subject.followed(schema, contract)
    return ("$ref" in schema and followed is schema) or followed.get("type") in ("object", "array")


def _date_advice(spec: Mapping[str, Any], name: str) -> str:
    from canonry.naming.template import DATE_FORMATS

    return f"{{{name}:{DATE_FORMATS[spec['unit']]}}}" if spec.get("type") == "date" else f"{{{name}}}"


def parameter_word_joined(subject: Subject) -> Iterator[Remark]:
    """A field whose words may hold `_`, `.` and `-` shares a parameter with something else.

    ## Why it matters
    `paid_social_de`: is the medium `paid` or `paid_social`? Words of a vocabulary with `alphabet: parameter`
    can only be read where they stand alone.

    ## Instead
    Give the field a parameter of its own, `"utm_medium": "{medium}"`, or use a vocabulary with
    `alphabet: word`.
    """
    from canonry.naming.template import parse

    for contract in _naming(subject):
        wide = {name for name in contract.properties if _alphabet(subject, contract, name) == "parameter"}
        for pointer, _, text in template_texts(contract) if wide else ():
            template = parse(text, older=True)[0]
            for name in template.fields:
                if name in wide and template.sole is None:
                    message = f"{{{name}}} stands beside other text, and its words may hold '_'"
                    yield Remark(
                        message, contract.place(pointer), "give it a parameter of its own", values=(name,)
                    )


def _alphabet(subject: Subject, contract: Contract, name: str) -> str:
    schema = contract.properties.get(name)
    ref = schema.get("$ref") if isinstance(schema, dict) else None
    if not isinstance(ref, str) or not ref.startswith("/vocabularies/"):
        return ""
    vocabulary = subject.catalogue.vocabularies.get(ref.removeprefix("/vocabularies/"))
    return vocabulary.alphabet if vocabulary is not None else ""


def macro_form_ambiguous(subject: Subject) -> Iterator[Remark]:
    """A macro says twice what it becomes: by the names of a contract, and by a pattern.

    ## Why it matters
    Proofs run over what a macro becomes. With two answers, one of them is not proved.

    ## Instead
    `expands` where it becomes the name of a contract of objects or creatives, `pattern` for anything else.
    """
    for contract in _naming(subject):
        for key, forms in contract.meta.templates.items():
            for platform, form in forms.items() if isinstance(forms, dict) else (("", forms),):
                if not isinstance(form, str) and form.expands is not None and form.pattern is not None:
                    pointer = f"/x-contract/templates/{key}" + (f"/{platform}" if platform else "")
                    message = f"{form.macro} has both expands and pattern"
                    yield Remark(
                        message, contract.place(f"{pointer}/pattern"), "remove one", values=(form.macro,)
                    )


def combination_invalid(subject: Subject) -> Iterator[Remark]:
    """A row of `allowed_combinations` names a field or a value that does not exist, or has too many entries.

    ## Why it matters
    The row allows nothing, so values that should go together are refused.

    ## Instead
    One entry per field, each a word that the field takes, a list of such words, or `*`.
    """
    for contract in _naming(subject):
        for number, entry in enumerate(contract.meta.allowed_combinations):
            pointer = f"/x-contract/allowed_combinations/{number}"
            for index, name in enumerate(entry.fields):
                if name not in contract.properties:
                    near = nearest(name, contract.properties)
                    advice = f"did you mean {near!r}?" if near else ""
                    yield Remark(
                        f"there is no field {name!r}",
                        contract.place(f"{pointer}/fields/{index}"),
                        advice,
                        values=(name,),
                    )
            for index, row in enumerate(entry.rows):
                if len(row) != len(entry.fields):
                    message = f"{len(row)} entries for {len(entry.fields)} fields"
                    yield Remark(message, contract.place(f"{pointer}/rows/{index}"), values=(str(index),))
                    continue
                for name, cell in zip(entry.fields, row, strict=True):
                    yield from _cell(subject, contract, name, cell, f"{pointer}/rows/{index}")


def _cell(
    subject: Subject, contract: Contract, name: str, cell: str | list[str], pointer: str
) -> Iterator[Remark]:
    schema = subject.at_path(contract, name) if name in contract.properties else None
    words = (
        schema.get("enum", [schema["const"]] if "const" in schema else None) if schema is not None else None
    )
    for word in [cell] if isinstance(cell, str) else cell:
        if words is not None and word not in ("*", _ABSENT) and word not in map(str, words):
            near = nearest(word, map(str, words))
            advice = f"did you mean {near!r}?" if near else ""
            yield Remark(f"{name} is never {word!r}", contract.place(pointer), advice, values=(name, word))


def channel_unknown(subject: Subject) -> Iterator[Remark]:
    """A UTM format declares a channel that GA4's default group does not have.

    `Unassigned` may be declared only together with a `custom_channel` of the company's own group.

    ## Why it matters
    No link can ever land there, so every report of the format stands under another heading.

    ## Instead
    A channel of the default group, spelt as GA4 spells it: `Paid Social`, `Organic Video`, `Email`.
    """
    from canonry.naming.channels import default_group

    known: list[str] = []
    groups = subject.catalogue.channel_groups
    own = sorted(
        {rule.channel for group in (groups.groups if groups else {}).values() for rule in group.rules}
    )
    for contract in subject.catalogue.of_kind("utm"):
        meta = contract.meta
        known = known or [
            *dict.fromkeys(str(rule["channel"]) for rule in default_group()["rules"]),
            "Unassigned",
        ]
        if meta.channel is not None and meta.channel not in known:
            near = nearest(meta.channel, known)
            advice = f"did you mean {near!r}?" if near else f"channels are {', '.join(known)}"
            yield Remark(
                f"GA4 has no channel {meta.channel!r}",
                contract.place("/x-contract/channel"),
                advice,
                values=(meta.channel,),
            )
        if meta.channel == "Unassigned" and meta.custom_channel is None:
            message = "Unassigned without a custom_channel: nobody could find its traffic"
            yield Remark(
                message,
                contract.place("/x-contract/channel"),
                "add custom_channel",
                values=("custom_channel",),
            )
        if meta.custom_channel is not None and meta.custom_channel not in own:
            near = nearest(meta.custom_channel, own)
            advice = f"did you mean {near!r}?" if near else "add a rule to registry/channel_groups.yaml"
            message = f"no channel group of ours has a channel {meta.custom_channel!r}"
            yield Remark(
                message, contract.place("/x-contract/custom_channel"), advice, values=(meta.custom_channel,)
            )


def contract_unbuildable(subject: Subject) -> Iterator[Remark]:
    """Nothing can be built from a naming contract, for the reason that the message gives.

    ## Why it matters
    It is missing from link builders, batch sheets and the audit.

    ## Instead
    Write every required field in some template; object names and creative tags have the one template `name`.
    """
    found = subject.once(names)
    for identifier, why in (found.model.table["skipped"] if found is not None else {}).items():
        contract = subject.catalogue.by_text[identifier]
        if contract.path not in subject.once(_told) and not _rests_on_nothing(subject, contract, found):
            place = contract.place("/x-contract/templates")
            yield Remark(f"it cannot be built: {why}", place, values=(why,))


def _rests_on_nothing(subject: Subject, contract: Contract, found: Names | None) -> bool:
    """Whether something that it refers to is missing, broken, retired or unbuildable: that is the finding."""
    catalogue = subject.catalogue
    if any(
        isinstance(each, dict) and _said_elsewhere(subject, contract, each)
        for each in contract.properties.values()
    ):
        return True
    skipped = found.model.table["skipped"] if found is not None else {}
    for _, _, value in references_in(contract.schema):
        document = value.partition("#")[0]
        if document.startswith("/vocabularies/"):
            if document.removeprefix("/vocabularies/") not in catalogue.vocabularies:
                return True
        elif document:
            other = catalogue.contract(document)
            if (
                other is None
                or other.meta.status == "retired"
                or document in {*skipped, *subject.once(unsound)}
            ):
                return True
    return False


_CLOSER: Final = (
    template_invalid,
    template_field_unknown,
    field_unwritable,
    macro_form_ambiguous,
    combination_invalid,
)
"""Rules that say more exactly what is wrong."""


def _told(subject: Subject) -> frozenset[str]:
    return frozenset(remark.place.path for rule in _CLOSER for remark in rule(subject))
