"""Who answers for what."""

from collections.abc import Iterator

from canonry.catalogue.model import Catalogue
from canonry.kernel.findings import Place
from canonry.lint.subject import Remark, Subject
from canonry.naming.suggest import nearest


def owner_unknown(subject: Subject) -> Iterator[Remark]:
    """An owner is no team of `registry/teams.yaml`.

    ## Why it matters
    Findings, reviews and questions go to a team that nobody can reach.

    ## Instead
    Use a key of `registry/teams.yaml`, or add the team there with its contact and code owners.
    """
    if subject.catalogue.teams is None and "registry/teams.yaml" in subject.catalogue.broken:
        return
    teams = frozenset(subject.catalogue.team_names())
    for owner, place in _owners(subject.catalogue):
        if owner not in teams:
            near = nearest(owner, sorted(teams))
            advice = (
                f"did you mean {near!r}?" if near else f"teams are {', '.join(sorted(teams)) or 'none yet'}"
            )
            yield Remark(f"{owner!r} is no team", place(), advice, values=(owner,))


class _At:
    """A place that is looked up only when somebody needs it: finding a line parses the file again."""

    __slots__ = ("catalogue", "path", "pointer")

    def __init__(self, catalogue: Catalogue, path: str, pointer: str) -> None:
        self.catalogue = catalogue
        self.path = path
        self.pointer = pointer

    def __call__(self) -> Place:
        return self.catalogue.sources.place(self.path, self.pointer)


def _owners(catalogue: Catalogue) -> Iterator[tuple[str, _At]]:
    for contract in catalogue.contracts.values():
        meta, path = contract.meta, contract.path
        yield meta.owner, _At(catalogue, path, "/x-contract/owner")
        yield meta.backup_owner, _At(catalogue, path, "/x-contract/backup_owner")
        for number, consumer in enumerate(meta.consumers):
            if consumer.owner is not None:
                yield consumer.owner, _At(catalogue, path, f"/x-contract/consumers/{number}/owner")
    for name, vocabulary in catalogue.vocabularies.items():
        yield vocabulary.owner, _At(catalogue, f"registry/vocabularies/{name}.yaml", "/owner")
    for key, campaign in catalogue.campaigns.items():
        path = f"registry/campaigns/{key}.yaml"
        yield campaign.owner, _At(catalogue, path, "/owner")
        yield campaign.backup_owner, _At(catalogue, path, "/backup_owner")
        for number, channel in enumerate(campaign.channels):
            if channel.owner is not None:
                yield channel.owner, _At(catalogue, path, f"/channels/{number}/owner")
        for number, decision in enumerate(campaign.decisions):
            yield decision.owner, _At(catalogue, path, f"/decisions/{number}/owner")
        for number, approval in enumerate(campaign.approvals):
            yield approval.by, _At(catalogue, path, f"/approvals/{number}/by")
    for key, account in (catalogue.accounts.accounts if catalogue.accounts else {}).items():
        yield account.owner, _At(catalogue, "registry/accounts.yaml", f"/accounts/{key}/owner")
    for number, threshold in enumerate(catalogue.audit.thresholds if catalogue.audit else ()):
        if threshold.owner is not None:
            yield threshold.owner, _At(catalogue, "registry/audit.yaml", f"/thresholds/{number}/owner")


def backup_owner_same(subject: Subject) -> Iterator[Remark]:
    """Owner and backup owner are the same team.

    ## Why it matters
    The backup is asked when the owner cannot answer. A team is no backup of itself.

    ## Instead
    Name the team that works with the data next: the first consumer, or whoever produces it.
    """
    for contract in subject.catalogue.contracts.values():
        if contract.meta.owner == contract.meta.backup_owner:
            message = f"{contract.meta.owner} is both owner and backup owner"
            place = contract.place("/x-contract/backup_owner")
            yield Remark(message, place, "name another team", values=(contract.meta.owner,))
    for key, campaign in subject.catalogue.campaigns.items():
        if campaign.owner == campaign.backup_owner:
            place = subject.catalogue.sources.place(f"registry/campaigns/{key}.yaml", "/backup_owner")
            message = f"{campaign.owner} is both owner and backup owner"
            yield Remark(message, place, "name another team", values=(campaign.owner,))
