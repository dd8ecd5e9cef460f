"""Deprecating a contract, and whose eyes each path needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

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


def codeowners_path(catalogue: Catalogue) -> str:
    """Where the host looks for code owners, below the repository's root."""
    gitlab = catalogue.registry is not None and catalogue.registry.hosting.kind == "gitlab"
    return ".gitlab/CODEOWNERS" if gitlab else ".github/CODEOWNERS"


def codeowners(catalogue: Catalogue, *, prefix: str = "", current: str = "") -> str:
    """CODEOWNERS: the owners of every contract, vocabulary and campaign, from teams.yaml.

    `prefix` is the registry's folder in its repository, with a final slash. What stands in `current` outside
    of canonry's own lines stays; those come last, since of several lines that match the last one wins.
    """
    teams = catalogue.teams.teams if catalogue.teams else {}

    def handles(*names: str | None) -> str:
        found = [handle for name in names if name in teams for handle in teams[name].code_owners]
        return " ".join(dict.fromkeys(found))

    rows = [
        (f"/{prefix}{contract.path}", handles(contract.meta.owner, contract.meta.backup_owner))
        for contract in catalogue.contracts.values()
    ]
    for name, vocabulary in catalogue.vocabularies.items():
        rows.append((f"/{prefix}registry/vocabularies/{name}.yaml", handles(vocabulary.owner)))
    for key, campaign in catalogue.campaigns.items():
        owners = handles(campaign.owner, campaign.backup_owner)
        rows.append((f"/{prefix}registry/campaigns/{key}.yaml", owners))
    rows = [(path, who) for path, who in sorted(rows) if who]
    width = max((len(path) for path, _ in rows), default=0)
    own = [BEGIN, *(f"{path.replace(' ', chr(92) + ' ').ljust(width)} {who}" for path, who in rows), _END]
    before, mark, rest = current.partition(f"{BEGIN}\n")
    after = rest.partition(f"{_END}\n")[2] if mark else ""
    before = f"{before.rstrip()}\n\n" if before.strip() else ""
    return f"{before}{chr(10).join(own)}\n{after}"


BEGIN: Final = "# Written by canonry codeowners from registry/teams.yaml and the contracts' owners."
_END: Final = "# What canonry codeowners wrote ends here."
