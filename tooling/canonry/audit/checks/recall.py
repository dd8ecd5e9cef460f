"""Links that are judged as one before them was: few sets of tags stand on millions of addresses.

`judged_link` says the same as `canonry.audit.checks.links.judged_link`, which reads every address whole.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

from canonry.audit.checks import links
from canonry.audit.observation import GONE, Observation
from canonry.audit.standard import Standard
from canonry.naming.links import ANALYTICS_LIMIT

_MEMORY: Final = 5_000
"""What was found of so many reduced addresses is remembered."""


def judged_link(
    seen: Observation, standard: Standard, owner_of: Any, tagging: str, owner: str
) -> links.Linked:
    """An address, by what was found of one that differs in nothing that decides.

    `owner` is what `owner_of` depends on, beside the link.
    """
    text, hostless = links.whole(seen.value, standard)
    reduced = standard.essence.of(text)
    if reduced is None:
        return links.judged_link(seen, standard, owner_of, tagging)
    key = _key(seen, reduced.text, hostless, tagging, owner)
    known: links.Linked | None = standard.links.get(key)
    if known is None:
        known = links.drafted(_like(seen, text, seen.value, reduced.text), standard, owner_of, tagging)
        if len(standard.links) > _MEMORY:
            standard.links.clear()
        standard.links[key] = known
    told = known.copy()
    if told.drafts:
        told.correct = reduced.corrected(told.correct) if told.correct else ""
        if not reduced.exact or len(told.correct) > ANALYTICS_LIMIT:
            return links.judged_link(seen, standard, owner_of, tagging)
        told.tell(seen)
    return told


def right(like: Observation, text: str, standard: Standard, tagging: str, owner: str) -> links.Linked | None:
    """What was found of an address, beside its own `text` such a one as `like`, if it is known to be right.

    None where that is not known: `judged_link` tells then.
    """
    text, hostless = links.whole(text, standard)
    reduced = standard.essence.of(text)
    if reduced is None:
        return None
    known: links.Linked | None = standard.links.get(_key(like, reduced.text, hostless, tagging, owner))
    clean = known is not None and known.checked and not (known.drafts or known.unread)
    return known if clean else None


def _key(seen: Observation, text: str, hostless: bool, tagging: str, owner: str) -> Hashable:  # noqa: FBT001
    gone = seen.status in GONE
    who = (seen.platform, seen.level, seen.native, owner)
    return (text, hostless, bool(seen.parents), gone, tagging, *who)


def _like(seen: Observation, text: str, value: str, reduced: str) -> Observation:
    """The same with the reduced address, which has no host where the address had none."""
    return Observation(
        seen.source,
        seen.platform,
        seen.level,
        account=seen.account,
        native=seen.native,
        parents=seen.parents,
        status=seen.status,
        value=reduced[len(text) - len(value) :],
    )
