"""Which sorts of changes a pull request consists of, and whose eyes they need by the policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from canonry.compat.rules import versions
from canonry.compat.story import Chapter
from canonry.kernel.findings import Finding, Level

if TYPE_CHECKING:
    from canonry.compat.delta import Delta

Tier = Literal["self-serve", "normal", "high"]

VERSION_CODES: Final = frozenset(rule.code for rule in versions.RULES)
_SENSITIVE: Mapping[str, tuple[str, ...]] = {
    "trigger": ("/x-contract/trigger",),
    "suppression": ("/x-contract/suppression",),
    "identity": ("/x-contract/identity",),
    "consent": ("/x-contract/consent",),
    "segment-definition": ("/x-contract/definition", "/x-contract/exclusions"),
    "policy": ("/policy",),
}


def kinds(deltas: Iterable[Delta], chapters: Iterable[Chapter]) -> Iterator[str]:
    """Names that `policy.review` knows: `word-added`, `contract-changed`, `trigger`, ..."""
    for chapter in chapters:
        if chapter.what == "follows":
            continue
        if chapter.subject.startswith("/vocabularies/") and chapter.what == "changed":
            yield from _words(deltas, chapter.subject.removeprefix("/vocabularies/"))
        elif chapter.subject.startswith("campaign:"):
            yield f"campaign-{chapter.what}"
        elif chapter.subject.startswith("/"):
            yield f"contract-{chapter.what}"
        else:
            yield "registry-changed"
        for line in chapter.lines:
            yield from (
                kind
                for kind, places in _SENSITIVE.items()
                if line.pointer.startswith(places) or (kind == "consent" and "/x-consent" in line.pointer)
            )
        if any(finding.code in ("B133", "B134") for finding in chapter.breaks):
            yield "consent"


def _words(deltas: Iterable[Delta], name: str) -> Iterator[str]:
    """What happened to a vocabulary: only words and aliases that came, or more than that."""
    for delta in deltas:
        old, new = delta.old.vocabularies.get(name), delta.new.vocabularies.get(name)
        if old is None or new is None or old == new:
            continue
        kept = {}
        for word, entry in old.words.items():
            now = new.words.get(word)
            if now is None:
                break
            if set(now.aliases) > set(entry.aliases):
                yield "alias-added"
            kept[word] = now.model_copy(update={"aliases": entry.aliases}) if _grew(entry, now) else now
        if {**new.model_dump(), "words": {}} != {**old.model_dump(), "words": {}} or kept != dict(old.words):
            yield "vocabulary-changed"
        if any(entry.status == "active" for word, entry in new.words.items() if word not in old.words):
            yield "word-added"


def _grew(before: Any, after: Any) -> bool:
    return set(after.aliases) >= set(before.aliases)


def tier(deltas: Iterable[Delta], findings: Iterable[Finding], sorts: Iterable[str]) -> Tier:
    """Whose eyes the change needs, by the policy of the tree before it. A number that is missing is nobody's
    business but a machine's.
    """
    sorts = tuple(sorts)
    registry = next(
        (d.old.registry or d.new.registry for d in deltas if d.old.registry or d.new.registry), None
    )
    if registry is None:
        return "normal"
    tiers = registry.policy.review
    if any(kind in tiers.high or kind == "policy" for kind in sorts):
        return "high"
    clean = all(finding.level < Level.ERROR or finding.code in VERSION_CODES for finding in findings)
    return "self-serve" if sorts and clean and all(kind in tiers.self_serve for kind in sorts) else "normal"
