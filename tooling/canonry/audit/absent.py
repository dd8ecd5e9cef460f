"""What is registered for an account and none of its sources saw, although they read it whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from canonry.audit.checks import audiences, events
from canonry.audit.coverage import Coverage
from canonry.audit.needs import Group, Reach
from canonry.audit.observation import Level
from canonry.audit.source import Tells
from canonry.audit.volumes import last_seen
from canonry.kernel.findings import Finding

if TYPE_CHECKING:
    from canonry.audit.history import History
    from canonry.audit.standard import Standard


def absent(coverage: Coverage, history: History) -> Iterator[Finding]:
    """Audiences, events, traits, by account: what several sources tell of one account is one list."""
    standard = coverage.standard
    for group, reach in sorted(coverage.groups.items()):
        if reach.whole(Level.AUDIENCE, Tells.ALL):
            yield from _audiences(group, reach, standard, coverage)
        if reach.whole(Level.EVENT) and (reach.events or (Level.EVENT, Tells.ALL) in reach.told):
            yield from _events(group, reach, standard, history)
        if reach.whole(Level.USER_PROPERTY) and reach.traits:
            yield from _traits(group, reach, standard, history)


def _audiences(group: Group, reach: Reach, standard: Standard, coverage: Coverage) -> Iterator[Finding]:
    accounts = {
        each: known for each, known in sorted(coverage.groups.items()) if each.platform == group.platform
    }
    for promises in standard.promises.values():
        for promise in promises:
            declared = promise.destination
            if declared.platform != group.platform or declared.audience in reach.audiences:
                continue
            if declared.account is None:  # of any account: missing where all were read and none has it
                read = all(known.whole(Level.AUDIENCE, Tells.ALL) for known in accounts.values())
                had = any(declared.audience in known.audiences for known in accounts.values())
                if not read or had or group != next(iter(accounts)):
                    continue
            elif declared.account != group.account:
                continue
            yield audiences.missing(promise, standard, reach.levels[Level.AUDIENCE])


def _events(group: Group, reach: Reach, standard: Standard, history: History) -> Iterator[Finding]:
    platform = group.platform
    for contract in standard.catalogue.of_kind("events"):
        named = contract.meta.platforms
        if not contract.is_live or not isinstance(named, dict) or platform not in named:
            continue
        if named[platform] in reach.events or contract.id.name in reach.events:
            continue
        last = last_seen(history, group, named[platform])
        yield events.unseen(contract, platform, reach.levels[Level.EVENT], last, standard)


def _traits(group: Group, reach: Reach, standard: Standard, history: History) -> Iterator[Finding]:
    platform = group.platform
    words = standard.traits(platform)
    for contract in {str(each.id): each for each in words.values()}.values():
        mine = [word for word, each in words.items() if each is contract]
        unseen = {
            word: history.last_seen(f"{platform}/user_property/{word}")
            for word in mine
            if word not in reach.traits
        }
        yield from events.unseen_traits(
            contract, platform, reach.levels[Level.USER_PROPERTY], unseen, number=len(mine)
        )
