"""A registry proposed from names as they stand: vocabularies, draft contracts, and what they explain."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from canonry.app.additions import yaml_text
from canonry.app.adoption.conventions import Convention, Place, Seen, conventions, repeats
from canonry.app.adoption.words import Word, words
from canonry.app.lint import lint
from canonry.catalogue.tree import MemoryTree
from canonry.kernel.findings import Level

_OVERLAP: Final = 0.6
"""Share of the smaller of two sets of words that makes them one field."""
_HINT: Final = 0.5
_TRIES: Final = 6
_SHOWN: Final = 10
_NUMBERS: Final = re.compile(r"\d+")
_OWNER: Final = "marketing"
_BACKUP: Final = "data"
_SLUG: Final = "^[a-z0-9]+(-[a-z0-9]+)*$"
_BARE: Final = "^[a-z0-9]+$"
_ABSENT: Final = "xx"
_WORDY: Final = 0.95
_OLDER: Final = re.compile(r"[a-z0-9._~|:;/+,#> -]*")
"""What a template that only recognises may hold between its fields."""
_KEPT: Final = frozenset(("_", "-", ".", "~"))
_UNITS: Final = {"day": "day", "month": "flight", "quarter": "quarter", "year": "year"}

Group = tuple[str, str]
"""Platform and its own word for the level; `links` and a parameter for tags."""


@dataclass(slots=True)
class Field:
    """One field, whichever conventions hold it."""

    name: str
    kind: str
    form: str = ""
    words: dict[str, Word] = field(default_factory=dict)
    bare: bool = False
    """Its text holds no hyphen, because that separates the tokens."""
    most: int = 0
    """The largest number."""
    width: int = 0
    """Of numbers that keep their zeros, such as KW05: their digits; else 0."""


@dataclass(slots=True)
class Drafted:
    """One convention with its fields in order."""

    convention: Convention
    fields: list[Field]
    status: str = "reported"
    """`template`, `legacy`, or `reported`: found, and not what a contract can write."""


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
        }


def proposed(
    groups: Mapping[Group, Sequence[Seen]],
    base: Mapping[str, bytes],
    *,
    hints: Mapping[str, frozenset[str]],
    levels: Mapping[str, frozenset[str]],
    today: Any,
) -> Proposal:
    """The proposal for the names of each sort. `base`: the files of an empty registry. `hints`: vocabularies
    whose words are known elsewhere, which lend fields their names. `levels`: object levels of each platform.
    """
    known: list[Field] = []
    sorts = []
    for group, names in sorted(groups.items(), key=lambda item: -sum(name.cost for name in item[1])):
        found = conventions(names)
        drafted = [Drafted(each, _fields(each, known, hints)) for each in found.conventions]
        sorts.append(Sort(group, list(names), drafted, found.rest))
    files = dict(base)
    for each in sorts:
        platform, level = each.group
        if level in levels.get(platform, ()) and each.drafted:
            _settle(each, files, known, today)
    used = _used(sorts, known)
    files |= _vocabularies(used)
    return Proposal(files, sorts, known)


def _fields(convention: Convention, known: list[Field], hints: Mapping[str, frozenset[str]]) -> list[Field]:
    """The fields of a convention: those of others where they hold the same words, or new ones."""
    found: list[Field] = []
    least = repeats(convention.support)
    for place in convention.places:
        if place.kind == "words":
            made, _ = words(place.counts, place.spellings, place.costs, least=least)
            field_ = _alike(made, [f for f in known if f not in found]) if made else None
            if field_ is None:
                field_ = Field(_name(made, known, hints), "words")
                known.append(field_)
            _merge(field_, made)
        else:
            field_ = next(
                (
                    f
                    for f in known
                    if f.kind == place.kind and f.form == place.form and f not in found and f.kind != "words"
                ),
                None,
            )
            if field_ is None:
                field_ = Field(_free_name(place, known), place.kind, place.form)
                known.append(field_)
        if "-" in convention.delimiter or any(each.join == "-" for each in convention.places):
            field_.bare = True
        if place.kind == "number":
            digits = [text for token in place.counts if (text := re.sub(r"\D", "", token))]
            field_.most = max([field_.most, *map(int, digits)])
            if any(text[0] == "0" and len(text) > 1 for text in digits):
                field_.width = max(field_.width, *map(len, digits))
        found.append(field_)
    return found


def _alike(made: Sequence[Word], known: Sequence[Field]) -> Field | None:
    """The field whose words these are."""
    best: tuple[float, Field] | None = None
    mine = {word.word: word.count for word in made}
    for each in known:
        if each.kind != "words":
            continue
        theirs = {word.word: word.count for word in each.words.values()}
        common = mine.keys() & theirs.keys()
        weight = sum(mine[w] for w in common) / max(sum(mine.values()), 1)
        back = sum(theirs[w] for w in common) / max(sum(theirs.values()), 1)
        share = max(weight, back)
        if (
            share >= _OVERLAP
            and len(common) >= min(2, len(mine), len(theirs))
            and (best is None or share > best[0])
        ):
            best = share, each
    return best[1] if best is not None else None


def _merge(into: Field, made: Sequence[Word]) -> None:
    for word in made:
        there = into.words.get(word.word)
        if there is None:
            taken = {alias for other in into.words.values() for alias in other.aliases} | into.words.keys()
            kept = [alias for alias in word.aliases if alias not in taken]
            if word.word not in taken:
                into.words[word.word] = Word(word.word, word.label, word.count, word.cost, kept)
            continue
        there.count += word.count
        there.cost += word.cost
        taken = {alias for other in into.words.values() for alias in other.aliases} | into.words.keys()
        there.aliases += [alias for alias in word.aliases if alias not in taken]


def _name(made: Sequence[Word], known: Sequence[Field], hints: Mapping[str, frozenset[str]]) -> str:
    """A field's name: that of a vocabulary whose words these mostly are, or a number."""
    total = sum(word.count for word in made) or 1
    best: tuple[float, str] | None = None
    for name, spelled in hints.items():
        share = (
            sum(w.count for w in made if w.word in spelled or any(a in spelled for a in w.aliases)) / total
        )
        if share >= _HINT and (best is None or share > best[0]):
            best = share, name
    return _unique(best[1] if best is not None else "part", known, numbered=best is None)


def _free_name(place: Place, known: Sequence[Field]) -> str:
    if place.kind in _UNITS:
        return _unique(_UNITS[place.kind], known)
    if place.kind == "number":
        return _unique("version" if place.form == "v" else "number", known)
    return _unique("code" if place.kind == "id" else "topic", known)


def _unique(name: str, known: Sequence[Field], *, numbered: bool = False) -> str:
    taken = {each.name for each in known}
    if name not in taken and not numbered:
        return name
    number = 1 if numbered else 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def _settle(sort: Sort, files: dict[str, bytes], known: Sequence[Field], today: Any) -> None:
    """Drafts the contract of one sort: its dearest convention is the template, others are legacy ones.

    Whatever lint refuses is taken out again, the rarest first, and is reported alone.
    """
    platform, level = sort.group
    candidates = [each for each in sort.drafted if _writable(each)]
    path = f"contracts/objects/{platform}_{level}/v1.json"
    words_of = _vocabularies(_used([sort], known))
    for _ in range(_TRIES):
        if not candidates:
            break
        document = _contract(sort.group, candidates)
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
        moved = _moved(candidates[0])
        candidates.pop(_culprit(wrong, len(candidates), moved=moved))


def _culprit(wrong: Sequence[Any], number: int, *, moved: bool) -> int:
    """Which convention to leave out: the legacy one that is complained of, else the last."""
    for finding in wrong:
        match = re.match(r"/x-contract/legacy_templates/([0-9]+)", finding.place.pointer)
        if match is not None:
            place = int(match[1]) + (0 if moved else 1)
            return min(place, number - 1)
    return number - 1


def _writable(drafted: Drafted) -> bool:
    """Whether a template can write such names: a delimiter of three characters, dates of one word."""
    convention = drafted.convention
    if len(convention.written) > 3 or len(set(map(id, drafted.fields))) < len(drafted.fields):  # noqa: PLR2004  the model
        return False
    return all(
        field_.kind not in _UNITS or field_.form or _slugs(place)
        for field_, place in zip(drafted.fields, convention.places, strict=True)
    )


def _slugs(place: Place) -> bool:
    """Whether dates of no fixed form are words at least: nov26, 2026-11."""
    fine = sum(count for token, count in place.counts.items() if re.fullmatch(_SLUG, token))
    return fine >= _WORDY * place.counts.total()


def _contract(group: Group, drafted: Sequence[Drafted]) -> dict[str, Any]:
    platform, level = group
    first, *others = drafted
    title = f"{platform.replace('_', ' ')} {level.replace('_', ' ')} name"
    meta: dict[str, Any] = {
        "version": "1.0.0-draft",
        "status": "draft",
        "owner": _OWNER,
        "backup_owner": _BACKUP,
        "platforms": [platform],
        "level": level,
        "templates": {"name": _template(first)},
    }
    older = [first] if _moved(first) else []
    legacy = [_older(each) for each in (*older, *others)]
    if any(legacy):
        meta["legacy_templates"] = [{"name": text} for text in legacy if text]
    if _new_delimiter(first) != "_":
        meta["delimiter"] = _new_delimiter(first)
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
        "properties": {each.name: _property(each) for each in fields},
    }


def _new_delimiter(drafted: Drafted) -> str:
    """What new names are joined by: as they are, where a link can hold it."""
    return drafted.convention.written if drafted.convention.written in _KEPT and not _marked(drafted) else "_"


def _marked(drafted: Drafted) -> bool:
    """Whether something else than one delimiter separates the tokens, which new names need not keep."""
    return any(each.prefix or each.join for each in drafted.convention.places)


def _moved(drafted: Drafted) -> bool:
    return _marked(drafted) or _new_delimiter(drafted) != drafted.convention.written


def _template(drafted: Drafted) -> str:
    """How new names are written: tokens joined by the one delimiter."""
    delimiter = _new_delimiter(drafted)
    return _joined(drafted, [""] * len(drafted.fields), [delimiter] * len(drafted.fields))


def _older(drafted: Drafted) -> str:
    """How names were written so far; empty where no template may hold what separates them."""
    places = drafted.convention.places
    joins = [each.join or drafted.convention.written for each in places]
    marks = [each.prefix for each in places]
    if not all(map(_OLDER.fullmatch, (*joins[:-1], *marks))):
        return ""
    return _joined(drafted, marks, joins)


def _joined(drafted: Drafted, marks: Sequence[str], joins: Sequence[str]) -> str:
    forms = {"day": ":yyyymmdd", "month": ":yyyymm", "quarter": ":yyyyqn", "year": ":yyyy"}
    places = drafted.convention.places
    lead = next((at for at, place in enumerate(places) if not place.optional), 0)
    text = ""
    for at, (each, place) in enumerate(zip(drafted.fields, places, strict=True)):
        form = forms.get(each.kind, "") if each.form else ""
        slot = f"{marks[at]}{each.form if each.kind == 'number' else ''}{{{each.name}{form}}}"
        if at < lead:
            text += f"[{slot}{joins[at]}]"
        elif place.optional:
            text += f"[{joins[at - 1]}{slot}]"
        else:
            text += f"{joins[at - 1] if at > lead else ''}{slot}"
    return text


def _property(each: Field) -> dict[str, Any]:
    about = f"Found in names as they stand; say what {each.name} means."
    if each.kind == "words":
        return {"$ref": f"/vocabularies/{each.name}", "description": about}
    if each.kind in _UNITS and each.form:
        return {"$ref": f"/common/{each.kind}/v1", "description": about}
    if each.kind == "number" and each.width:
        return {"type": "string", "pattern": f"^[0-9]{{1,{each.width}}}$", "description": about}
    if each.kind == "number":
        return {"type": "integer", "minimum": 0, "maximum": max(each.most, 99), "description": about}
    pattern = _BARE if each.bare or each.kind == "id" else _SLUG
    return {"type": "string", "pattern": pattern, "maxLength": 60, "description": about}


def _used(sorts: Iterable[Sort], known: Sequence[Field]) -> list[Field]:
    used = {id(f) for sort in sorts for each in sort.drafted for f in each.fields}
    return [each for each in known if each.kind == "words" and id(each) in used]


def _vocabularies(fields: Iterable[Field]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for each in fields:
        spelled: Counter[str] = Counter(alias for word in each.words.values() for alias in word.aliases)
        listed: dict[str, Any] = {}
        for word in each.words.values():
            if word.word == _ABSENT:
                continue
            aliases = [
                alias
                for alias in word.aliases
                if alias not in each.words and spelled[alias] == 1 and alias != _ABSENT
            ]
            entry: dict[str, Any] = {"label": word.label[:200] or word.word}
            if aliases:
                entry["aliases"] = aliases
            listed[word.word] = entry
        document = {
            "title": each.name.replace("_", " ").capitalize(),
            "description": "Words found in names as they stand. Say what they have in common.",
            "owner": _OWNER,
            "openness": "open",
            "words": listed,
        }
        found[f"registry/vocabularies/{each.name}.yaml"] = yaml_text(document).encode()
    return found


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
