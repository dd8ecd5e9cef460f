"""The fields of conventions: one for the same words wherever they stand, named as others name them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from canonry.app.additions import yaml_text
from canonry.app.adoption.conventions import Convention, Place, repeats
from canonry.app.adoption.words import Word, words
from canonry.naming.ids import valid

OWNER: Final = "marketing"
BACKUP: Final = "data"
DRAFT: Final = {"version": "1.0.0-draft", "status": "draft"}
ACTIVE: Final = {"version": "1.0.0", "status": "active"}
UNITS: Final = {"day": "day", "month": "flight", "quarter": "quarter", "year": "year"}
SLUG: Final = "^[a-z0-9]+(-[a-z0-9]+)*$"
_BARE: Final = "^[a-z0-9]+$"
_OVERLAP: Final = 0.6
"""Share of the smaller of two sets of words that makes them one field."""
_HINT: Final = 0.5
_CHECKED: Final = 0.9
_ABSENT: Final = "xx"


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


def fields(
    convention: Convention, known: list[Field], hints: Mapping[str, frozenset[str]], *, text: str = "topic"
) -> list[Field]:
    """The fields of a convention: those of others where they hold the same words, or new ones.

    `text` is what a place of free text is called.
    """
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
            kind = "campaign_id" if _registered(place) else place.kind
            name = "campaign_id" if kind == "campaign_id" else _free_name(place, text)
            field_ = next(
                (
                    f
                    for f in known
                    if f.kind == kind and f.form == place.form and f not in found and _stem(f.name) == name
                ),
                None,
            )
            if field_ is None:
                field_ = Field(_unique(name, known), kind, place.form)
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


def _free_name(place: Place, text: str) -> str:
    if place.kind in UNITS:
        return UNITS[place.kind]
    if place.kind == "number":
        return "version" if place.form == "v" else "number"
    return "code" if place.kind == "id" else text


def _registered(place: Place) -> bool:
    """Whether a place holds ids of a registry: their last character is a check."""
    right = sum(count for token, count in place.counts.items() if valid(token))
    return place.kind == "id" and right >= _CHECKED * place.counts.total()


def _stem(name: str) -> str:
    return re.sub(r"_[0-9]+\Z", "", name)


def _unique(name: str, known: Sequence[Field], *, numbered: bool = False) -> str:
    taken = {each.name for each in known}
    if name not in taken and not numbered:
        return name
    number = 1 if numbered else 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def vocabularies(fields: Iterable[Field]) -> dict[str, bytes]:
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
            "owner": OWNER,
            "openness": "open",
            "words": listed,
        }
        found[f"registry/vocabularies/{each.name}.yaml"] = yaml_text(document).encode()
    return found


def property_of(each: Field) -> dict[str, Any]:
    about = f"Found in names as they stand; say what {each.name} means."
    if each.kind == "words":
        return {"$ref": f"/vocabularies/{each.name}", "description": about}
    if each.kind == "campaign_id":
        return {"$ref": "/common/campaign_id/v1", "description": "The id that the registry drew for it."}
    if each.kind in UNITS and each.form:
        return {"$ref": f"/common/{each.kind}/v1", "description": about}
    if each.kind == "number" and each.width:
        return {"type": "string", "pattern": f"^[0-9]{{1,{each.width}}}$", "description": about}
    if each.kind == "number":
        return {"type": "integer", "minimum": 0, "maximum": max(each.most, 99), "description": about}
    pattern = _BARE if each.bare or each.kind == "id" else SLUG
    return {"type": "string", "pattern": pattern, "maxLength": 60, "description": about}
