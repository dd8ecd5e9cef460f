"""Deprecating a contract, and whose eyes each path needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from canonry.app.edits import with_members
from canonry.kernel.errors import UsageError

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue, Contract


def deprecated(
    catalogue: Catalogue, contract: Contract, *, sunset: date, replaced_by: str | None, today: date
) -> Mapping[str, bytes]:
    """The contract's file, deprecated. Raises `UsageError` for what makes no sense."""
    status = contract.meta.status
    if status in ("draft", "retired"):
        raise UsageError(
            f"{contract.id} is {'a draft' if status == 'draft' else 'retired'}",
            "A draft may simply be deleted" if status == "draft" else "There is nothing left to deprecate",
        )
    if sunset <= today:
        raise UsageError(
            f"the sunset {sunset} is not to come", "--sunset wants a day that producers can still meet"
        )
    if replaced_by is not None:
        other = catalogue.contract(replaced_by)
        if other is None or other.id == contract.id:
            raise UsageError(f"there is no other contract {replaced_by}", "canonry list shows the ids")
        if other.meta.status in ("draft", "retired"):
            raise UsageError(
                f"{replaced_by} is {other.meta.status}", "Name a successor that can be used today"
            )
    members: dict[str, str] = {"status": "deprecated", "sunset": sunset.isoformat()}
    if replaced_by is not None:
        members["replaced_by"] = replaced_by
    text = with_members(contract.source.text, "/x-contract", members, after="version")
    return {contract.path: text.encode()}


def codeowners(catalogue: Catalogue) -> str:
    """CODEOWNERS: the owners of every contract, vocabulary and campaign, from teams.yaml.

    Of several lines the last that matches wins on the host, so the general ones stand first.
    """
    teams = catalogue.teams.teams if catalogue.teams else {}

    def handles(*names: str | None) -> str:
        found = [handle for name in names if name in teams for handle in teams[name].code_owners]
        return " ".join(dict.fromkeys(found))

    rows = [
        (f"/{contract.path}", handles(contract.meta.owner, contract.meta.backup_owner))
        for contract in catalogue.contracts.values()
    ]
    for name, vocabulary in catalogue.vocabularies.items():
        rows.append((f"/registry/vocabularies/{name}.yaml", handles(vocabulary.owner)))
    for key, campaign in catalogue.campaigns.items():
        rows.append((f"/registry/campaigns/{key}.yaml", handles(campaign.owner, campaign.backup_owner)))
    rows = [(path, who) for path, who in sorted(rows) if who]
    width = max((len(path) for path, _ in rows), default=0)
    lines = ["# Written by canonry codeowners from registry/teams.yaml and the contracts' owners.", ""]
    lines += [f"{path.ljust(width)} {who}" for path, who in rows]
    return "\n".join(lines) + "\n"
