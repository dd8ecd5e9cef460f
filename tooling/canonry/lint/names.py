"""The naming contracts of a catalogue as `canonry.naming` reads them: compiled once, shared by rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from canonry.catalogue.model import Catalogue, Contract
from canonry.lint.conditions import condition_faults
from canonry.lint.subject import Subject
from canonry.lint.values import unsound

if TYPE_CHECKING:
    from canonry.naming.languages import Model
    from canonry.naming.table import Sources


@dataclass(frozen=True, slots=True)
class Names:
    """What the table was compiled from, and the model that proofs ask."""

    sources: Sources
    model: Model
    documents: Mapping[str, Mapping[str, Any]]


def names(subject: Subject) -> Names | None:
    """None where the catalogue has no naming contracts: then nothing of naming is even imported."""
    catalogue = subject.catalogue
    sound = {
        identifier: contract
        for identifier, contract in catalogue.by_text.items()
        if identifier not in subject.once(unsound)
    }
    if not any(contract.is_naming for contract in sound.values()):
        return None
    from canonry.naming.languages import Model
    from canonry.naming.table import Sources, compile_table

    documents = {identifier: contract.schema for identifier, contract in sound.items()}
    groups = _document(catalogue, "registry/channel_groups.yaml").get("groups", {})
    evaluable = [
        name
        for name, group in (catalogue.channel_groups.groups if catalogue.channel_groups else {}).items()
        if not any(fault for rule in group.rules for fault in condition_faults(rule.when, ""))
    ]
    sources = Sources(
        contracts={i: contract.schema for i, contract in sound.items() if contract.is_naming},
        vocabularies={
            n: _document(catalogue, f"registry/vocabularies/{n}.yaml") for n in catalogue.vocabularies
        },
        platforms={n: _document(catalogue, f"registry/platforms/{n}.yaml") for n in catalogue.platforms},
        groups={name: groups[name] for name in evaluable},
        domains=_document(catalogue, "registry/domains.yaml") if catalogue.domains else {},
    )
    table = compile_table(sources, documents.__getitem__)
    rules = {name: group["rules"] for name, group in sources.groups.items()}
    return Names(sources, Model(table, sources.platforms, groups=rules), documents)


def _document(catalogue: Catalogue, path: str) -> Mapping[str, Any]:
    source = catalogue.sources.get(path)
    return source.value if source is not None and isinstance(source.value, dict) else {}


def template_texts(contract: Contract) -> Iterator[tuple[str, str, str]]:
    """Pointer, parameter and text of every template string of a contract, the legacy ones last."""
    for key, forms in contract.meta.templates.items():
        if isinstance(forms, str):
            yield f"/x-contract/templates/{key}", key, forms
        elif isinstance(forms, dict):
            for platform, form in forms.items():
                if isinstance(form, str):
                    yield f"/x-contract/templates/{key}/{platform}", key, form
    for number, entry in enumerate(contract.meta.legacy_templates):
        for key, text in entry.items():
            yield f"/x-contract/legacy_templates/{number}/{key}", key, text
