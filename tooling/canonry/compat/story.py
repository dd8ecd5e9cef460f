"""A change told to people: per contract and registry file, what is different and what of it breaks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from canonry.compat.bump import assertions
from canonry.compat.delta import Delta, Effect, Pair
from canonry.kernel.errors import CanonryError
from canonry.kernel.findings import Finding, Level
from canonry.kernel.jsonvalue import same

What = Literal["added", "removed", "renamed", "changed", "follows"]
"""Follows: its own file is the same, what it refers to changed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One difference, where it stands, and what it does to those who rest on it."""

    sentence: str
    pointer: str = ""
    effect: Effect = "neither"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One contract, vocabulary, campaign or registry file that differs."""

    subject: str
    what: What
    title: str = ""
    owner: str = ""
    before: str = ""
    after: str = ""
    """Versions, where it has them."""
    lines: tuple[Line, ...] = ()
    breaks: tuple[Finding, ...] = ()
    former: str = ""
    """The id that it had before, where it was renamed."""

    @property
    def breaking(self) -> bool:
        """Whether it is known to break somebody; what is not decided is said apart."""
        return any(not finding.undecided for finding in self.breaks)

    def to_json(self) -> dict[str, Any]:
        """The public JSON form."""
        return {
            "subject": self.subject,
            "what": self.what,
            "title": self.title or None,
            "owner": self.owner or None,
            "version_before": self.before or None,
            "version_after": self.after or None,
            "renamed_from": self.former or None,
            "breaking": self.breaking,
            "changes": [
                {"sentence": line.sentence, "pointer": line.pointer, "effect": line.effect}
                for line in self.lines
            ],
        }


def is_break(finding: Finding) -> bool:
    """Whether it is about others who rest on what changed: no hint, no number, nothing about acceptances."""
    return finding.code.startswith("B") and finding.code < "B18" and finding.level is Level.ERROR


def told(deltas: Iterable[Delta], findings: Iterable[Finding] = ()) -> tuple[Chapter, ...]:
    """Every chapter of a change, contracts first. The breaks among `findings`, accepted ones too, mark it."""
    by_subject: dict[str, list[Finding]] = {}
    for finding in filter(is_break, findings):
        by_subject.setdefault(finding.subject, []).append(finding)
    found: dict[str, Chapter] = {}
    for delta in deltas:
        for chapter in (*_contracts(delta, by_subject), *_registry(delta, by_subject)):
            found.setdefault(chapter.subject, chapter)
    return tuple(
        sorted(found.values(), key=lambda chapter: (not chapter.subject.startswith("/"), chapter.subject))
    )


def _contracts(delta: Delta, breaks: Mapping[str, list[Finding]]) -> Iterator[Chapter]:
    for pair in delta.judged:
        meta = pair.contract.meta
        subject = str(pair.id)
        former = str(pair.renamed_from or "")
        title = pair.contract.schema.get("title")
        lines = tuple(_lines(delta, pair))
        what: What = "changed"
        if pair.old is None or pair.new is None:
            what = "added" if pair.old is None else "removed"
        elif pair.renamed_from is not None:
            what = "renamed"
        elif pair.old.source.text == pair.new.source.text:
            what = "follows"
            if not lines:
                continue
        yield Chapter(
            subject,
            what,
            title if isinstance(title, str) else "",
            meta.owner,
            pair.old.meta.version if pair.old else "",
            pair.new.meta.version if pair.new else "",
            lines,
            (*breaks.get(subject, ()), *breaks.get(former, ())),
            former,
        )


def _lines(delta: Delta, pair: Pair) -> Iterator[Line]:
    if pair.old is None or pair.new is None:
        return
    old, new = (delta.schema(side, old=side is pair.old, role="reader") for side in (pair.old, pair.new))
    if old is not None and new is not None and not same(assertions(old), assertions(new)):
        from canonry.schema.changes import changes
        from canonry.schema.resources import Schema

        try:
            found = changes(Schema.load(old), Schema.load(new)).found
        except CanonryError as error:
            yield Line(f"the schema differs, and cannot be told apart: {error}", effect="both")
        else:
            for change in found:
                yield Line(change.sentence, change.new_pointer or change.old_pointer or "", change.effect)
    yield from _values(_meta(pair.old), _meta(pair.new), "/x-contract", skip=("version",))
    yield from _prose(pair.old.schema, pair.new.schema)


def _meta(contract: Any) -> Mapping[str, Any]:
    found = contract.schema.get("x-contract")
    return found if isinstance(found, dict) else {}


def _prose(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Line]:
    """Words that only describe, one line for all of them."""
    touched = [key for key in ("title", "description", "examples") if not same(old.get(key), new.get(key))]
    before, after = (side.get("properties") for side in (old, new))
    if isinstance(before, dict) and isinstance(after, dict):
        for name in before.keys() & after.keys():
            left, right = before[name], after[name]
            if isinstance(left, dict) and isinstance(right, dict) and not same(_words(left), _words(right)):
                touched.append(f"the words on {name!r}")
    if touched:
        yield Line(f"{', '.join(sorted(touched))} edited")


def _words(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {key: schema.get(key) for key in ("title", "description", "examples", "deprecated")}


def _values(old: Any, new: Any, pointer: str, *, skip: tuple[str, ...] = ()) -> Iterator[Line]:
    """What differs between two documents, one line per place where values or members differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in (*old, *(key for key in new if key not in old)):
            if key in skip:
                continue
            place = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            if key not in new:
                yield Line(f"`{_named(place)}` is gone (it was {_shown(old[key])})", place)
            elif key not in old:
                yield Line(f"`{_named(place)}` is {_shown(new[key])} now", place)
            elif not same(old[key], new[key]):
                yield from _values(old[key], new[key], place)
    elif isinstance(old, list) and isinstance(new, list):
        gone = [item for item in old if not any(same(item, other) for other in new)]
        came = [item for item in new if not any(same(item, other) for other in old)]
        if gone:
            yield Line(f"`{_named(pointer)}` no longer has {', '.join(map(_shown, gone))}", pointer)
        if came:
            yield Line(f"`{_named(pointer)}` now has {', '.join(map(_shown, came))}", pointer)
        if not gone and not came:
            yield Line(f"`{_named(pointer)}` is in another order", pointer)
    else:
        yield Line(f"`{_named(pointer)}` was {_shown(old)} and is {_shown(new)} now", pointer)


def _named(pointer: str) -> str:
    tokens = pointer.removeprefix("/x-contract").split("/")[1:]
    return ".".join(token.replace("~1", "/").replace("~0", "~").replace("`", "'") for token in tokens)


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = text.replace("`", "'")
    return f"`{text}`" if len(text) <= 100 else f"`{text[:97]}...`"  # noqa: PLR2004  a line of a comment


def _registry(delta: Delta, breaks: Mapping[str, list[Finding]]) -> Iterator[Chapter]:
    for path in sorted(delta.touched or ()):
        if not path.startswith("registry/"):
            continue
        subject = _subject(path)
        old, new = (side.sources.get(path) for side in (delta.old, delta.new))
        before, after = (source.value if source else None for source in (old, new))
        if before is None and after is None:
            continue
        what: What = "added" if before is None else "removed" if after is None else "changed"
        lines = tuple(_values(before, after, "")) if what == "changed" else ()
        if what == "changed" and not lines:
            continue  # only its layout
        document = after if isinstance(after, dict) else before if isinstance(before, dict) else {}
        owner = document.get("owner")
        yield Chapter(
            subject,
            what,
            str(document.get("title") or document.get("label") or ""),
            owner if isinstance(owner, str) else "",
            lines=lines,
            breaks=tuple(breaks.get(subject, ())),
        )


def _subject(path: str) -> str:
    """How findings name what a registry file holds: `/vocabularies/market`, `campaign:k7m2pq`, a path."""
    stem = path.rpartition("/")[2].removesuffix(".yaml")
    if path.startswith("registry/vocabularies/"):
        return f"/vocabularies/{stem}"
    if path.startswith("registry/campaigns/"):
        return f"campaign:{stem}"
    return path
