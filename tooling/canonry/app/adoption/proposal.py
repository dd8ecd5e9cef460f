"""A registry proposed from names as they stand: vocabularies, draft contracts, and what they explain."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from canonry.app.adoption.conventions import Place, Seen, conventions
from canonry.app.adoption.fields import ACTIVE, BACKUP, DRAFT, OWNER, Field, fields, property_of, vocabularies
from canonry.app.adoption.formats import LEAST, Decide, Drafting, Format, Known, Tagged, grouped
from canonry.app.adoption.journey import Journey, journey
from canonry.app.adoption.templates import Drafted, delimiter_of, moved, older, template, writable
from canonry.app.lint import lint
from canonry.catalogue.tree import MemoryTree
from canonry.kernel.findings import Level

_TRIES: Final = 6
_SHOWN: Final = 10
_CAMPAIGNS: Final = frozenset(("campaign", "utm_campaign"))
"""Where free text is the campaign's own slug."""
_NUMBERS: Final = re.compile(r"\d+")

Group = tuple[str, str]
"""Platform and its own word for the level; `links` and a parameter for tags."""


@dataclass(slots=True)
class Sort:
    """The names of one platform and level, and what was found in them."""

    group: Group
    names: list[Seen]
    drafted: list[Drafted]
    rest: list[int]

    @property
    def cost(self) -> float:
        """What all of them cost."""
        return sum(name.cost for name in self.names)

    def to_json(self) -> dict[str, Any]:
        """What is reported of it."""
        total, cost = len(self.names), self.cost
        explained = total - len(self.rest)
        left = sum(self.names[number].cost for number in self.rest)
        return {
            "platform": self.group[0],
            "level": self.group[1],
            "names": total,
            "explained": explained,
            "share": explained / total if total else 0.0,
            "cost": round(cost, 2),
            "explained_cost": round(cost - left, 2),
            "conventions": [
                {
                    "delimiter": each.convention.written,
                    "fields": [
                        _about(each.fields[n], place) for n, place in enumerate(each.convention.places)
                    ],
                    "names": each.convention.support,
                    "cost": round(each.convention.cost, 2),
                    "status": each.status,
                }
                for each in self.drafted
            ],
            "remaining": self._remaining()[:_SHOWN],
        }

    def _remaining(self) -> list[dict[str, Any]]:
        """What no convention explains, one row for names that differ in their numbers only, dearest first.

        A row shows the dearest of its names and what all of them cost, so that fifty copies of one
        habit do not hide the next.
        """
        alike: dict[str, list[Seen]] = {}
        for number in self.rest:
            seen = self.names[number]
            alike.setdefault(_NUMBERS.sub("0", seen.text), []).append(seen)
        rows = [
            {
                "name": min(group, key=lambda seen: (-seen.cost, seen.text)).text,
                "names": len(group),
                "cost": round(sum(seen.cost for seen in group), 2),
            }
            for group in alike.values()
        ]
        return sorted(rows, key=lambda row: (-row["cost"], row["name"]))


def _about(about: Field, place: Place) -> dict[str, Any]:
    found: dict[str, Any] = {"field": about.name, "holds": place.kind, "values": len(place.counts)}
    if about.kind == "words":
        found["words"] = [word.word for word in list(about.words.values())[:8]]
    return found


@dataclass(slots=True)
class Proposal:
    """The files, and what they are made from."""

    files: dict[str, bytes]
    sorts: list[Sort]
    fields: list[Field]
    formats: list[Format]
    journey: Journey

    def to_json(self) -> dict[str, Any]:
        """Shares, conventions, words with counts and cost, and what remains."""
        total = sum(len(each.names) for each in self.sorts)
        left = sum(len(each.rest) for each in self.sorts)
        cost = sum(each.cost for each in self.sorts)
        spared = sum(each.names[number].cost for each in self.sorts for number in each.rest)
        return {
            "names": total,
            "explained": total - left,
            "share": (total - left) / total if total else 0.0,
            "cost": round(cost, 2),
            "cost_share": (cost - spared) / cost if cost else None,
            "sorts": [each.to_json() for each in self.sorts],
            "vocabularies": [
                {
                    "name": each.name,
                    "words": [
                        {"word": w.word, "names": w.count, "cost": round(w.cost, 2), "aliases": w.aliases}
                        for w in each.words.values()
                    ],
                }
                for each in self.fields
                if each.kind == "words"
            ],
            "formats": [each.to_json() for each in self.formats],
            "journey": self.journey.to_json(),
        }


@dataclass(slots=True)
class Account:
    """What was seen of an account: names by sort, tagged links, events with their counts, addresses."""

    groups: Mapping[Group, Sequence[Seen]]
    links: Sequence[Tagged] = ()
    events: Mapping[str, int] = field(default_factory=dict)
    addresses: Sequence[str] = ()


@dataclass(slots=True)
class Knowledge:
    """What is known beforehand, of no account: the starter content, and what its words say.

    `hints`: vocabularies whose words are known elsewhere, which lend fields their names. `levels`: object
    levels of each platform. `common_hosts`: hosts that belong to everybody.
    """

    starter: Mapping[str, bytes]
    hints: Mapping[str, frozenset[str]]
    levels: Mapping[str, frozenset[str]]
    sources: Known
    decide: Decide
    common_hosts: frozenset[str] = frozenset()


def proposed(
    account: Account, base: Mapping[str, bytes], known_there: Knowledge, *, active: bool = False, today: Any
) -> Proposal:
    """The proposal for an account. `base`: an empty registry's files. `active`: contracts are no drafts."""
    status_of = ACTIVE if active else DRAFT
    groups, hints, levels = account.groups, known_there.hints, known_there.levels
    known: list[Field] = []
    sorts = []
    for group, names in sorted(groups.items(), key=lambda item: -sum(name.cost for name in item[1])):
        found = conventions(names)
        text = "slug" if group[1] in _CAMPAIGNS else "topic"
        status = "links" if group[0] == "links" else "reported"
        drafted = [Drafted(each, fields(each, known, hints, text=text), status) for each in found.conventions]
        sorts.append(Sort(group, list(names), drafted, found.rest))
    files = dict(base)
    for each in sorts:
        platform, level = each.group
        if level in levels.get(platform, ()) and each.drafted:
            _settle(each, files, known, status_of, today)
    files |= vocabularies(_used(sorts, known))

    def wrong(tried: Mapping[str, bytes]) -> list[str]:
        found = lint(MemoryTree(tried), today=today).findings
        return [finding.message for finding in found if finding.level is Level.ERROR]

    found_formats = grouped(account.links, known_there.decide, known_there.sources)
    least = LEAST * len(account.links)
    drafting = Drafting(files, known, hints, known_there.decide, wrong, status=status_of, least=least)
    for form in found_formats:
        drafting.draft(form)
    begun = journey(
        known_there.starter,
        files,
        events=account.events,
        addresses=account.addresses,
        common_hosts=known_there.common_hosts,
    )
    files |= begun.files
    return Proposal(files, sorts, known, found_formats, begun)


def _settle(
    sort: Sort, files: dict[str, bytes], known: Sequence[Field], status: Mapping[str, str], today: Any
) -> None:
    """Drafts the contract of one sort: its dearest convention is the template, others are legacy ones.

    Whatever lint refuses is taken out again, the rarest first, and is reported alone.
    """
    platform, level = sort.group
    candidates = [each for each in sort.drafted if writable(each)]
    path = f"contracts/objects/{platform}_{level}/v1.json"
    words_of = vocabularies(_used([sort], known))
    for _ in range(_TRIES):
        if not candidates:
            break
        document = _contract(sort.group, candidates, status)
        tried = {
            **files,
            **words_of,
            path: (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode(),
        }
        wrong = [
            finding
            for finding in lint(MemoryTree(tried), today=today).findings
            if finding.level is Level.ERROR and finding.place.path == path
        ]
        if not wrong:
            files[path] = tried[path]
            for number, each in enumerate(candidates):
                each.status = "template" if number == 0 else "legacy"
            return
        candidates.pop(_culprit(wrong, len(candidates), before=moved(candidates[0])))


def _culprit(wrong: Sequence[Any], number: int, *, before: bool) -> int:
    """Which convention to leave out: the legacy one that is complained of, else the last."""
    for finding in wrong:
        match = re.match(r"/x-contract/legacy_templates/([0-9]+)", finding.place.pointer)
        if match is not None:
            place = int(match[1]) + (0 if before else 1)
            return min(place, number - 1)
    return number - 1


def _contract(group: Group, drafted: Sequence[Drafted], status: Mapping[str, str]) -> dict[str, Any]:
    platform, level = group
    first, *others = drafted
    title = f"{platform.replace('_', ' ')} {level.replace('_', ' ')} name"
    meta: dict[str, Any] = {
        **status,
        "owner": OWNER,
        "backup_owner": BACKUP,
        "platforms": [platform],
        "level": level,
        "templates": {"name": template(first)},
    }
    before = [first] if moved(first) else []
    legacy = [older(each) for each in (*before, *others)]
    if any(legacy):
        meta["legacy_templates"] = [{"name": text} for text in legacy if text]
    if delimiter_of(first) != "_":
        meta["delimiter"] = delimiter_of(first)
    fields = list({id(f): f for each in drafted for f in each.fields}.values())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"/objects/{platform}_{level}/v1",
        "title": title[:1].upper() + title[1:],
        "description": f"Proposed by adopt from {first.convention.support:,} names; say what it is for.",
        "x-contract": meta,
        "type": "object",
        "additionalProperties": False,
        "required": [
            each.name
            for each, place in zip(first.fields, first.convention.places, strict=True)
            if not place.optional
        ],
        "properties": {each.name: property_of(each) for each in fields},
    }


def _used(sorts: Iterable[Sort], known: Sequence[Field]) -> list[Field]:
    used = {id(f) for sort in sorts for each in sort.drafted for f in each.fields}
    return [each for each in known if each.kind == "words" and id(each) in used]


def spellings_of(vocabularies: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Hints from a catalogue's vocabularies: every spelling of their words, folded."""
    return {
        name: frozenset(
            spelling.casefold()
            for word, about in vocabulary.words.items()
            for spelling in (word, about.label, *about.aliases)
        )
        for name, vocabulary in vocabularies.items()
    }


def sources_of(catalogue: Any) -> Known:
    """What a registry's vocabularies and platforms say of sources: their spelling, and whose they are."""
    spelling: dict[str, str] = {}
    platform: dict[str, str] = {}
    for name, vocabulary in sorted(catalogue.vocabularies.items()):
        if not name.endswith("source"):
            continue
        for word, about in vocabulary.words.items():
            spelling[word] = word
            for alias in about.aliases:
                spelling.setdefault(alias.casefold(), word)
            stands_for = about.attributes.get("platform")
            if isinstance(stands_for, str):
                platform.setdefault(word, stands_for)
    for key, about in catalogue.platforms.items():
        for word in (key, *about.aliases):
            platform.setdefault(word.casefold(), key)
    return Known(spelling, platform)
