"""Vocabularies: which words are allowed, what else is decoded, and what is wrong with a list of words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from canonry.naming.runtime.text import fold
from canonry.naming.template import ABSENT

WORD: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
PARAMETER: Final = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*\Z")
"""Spelling of the words of a vocabulary with `alphabet: parameter`."""

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WordProblem:
    """Something wrong with a word: a stable `reason`, the word, where it stands and what would be right."""

    reason: str
    word: str
    message: str
    pointer: str
    suggestion: str = ""


def words(vocabulary: Document, *statuses: str) -> list[str]:
    """The words of these statuses; without any, those that a name may hold: active and deprecated."""
    wanted = statuses or ("active", "deprecated")
    return [word for word, about in _entries(vocabulary) if (about.get("status") or "active") in wanted]


def grammar(vocabulary: Document) -> re.Pattern[str]:
    """How a word of this vocabulary may be spelt."""
    return PARAMETER if vocabulary.get("alphabet") == "parameter" else WORD


def problems(vocabulary: Document) -> Iterator[WordProblem]:
    """Everything wrong with the words by themselves: spelling, duplicates, aliases that clash, replacements.

    Decoding ignores case, so two spellings that differ in nothing else are one.
    """
    entries = list(_entries(vocabulary))
    spelt = grammar(vocabulary)
    owners: dict[str, tuple[str, str]] = {}
    for word, _ in entries:
        pointer = f"/words/{_escaped(word)}"
        if word == ABSENT:
            yield WordProblem("word-absent-mark", word, f"{ABSENT!r} stands for no value in names", pointer)
        elif not spelt.match(word):
            allowed = (
                "a-z, 0-9 and single . _ - between" if spelt is PARAMETER else "a-z, 0-9 and single - between"
            )
            message = f"{word!r} is no word: {allowed} them"
            yield WordProblem("word-spelling", word, message, pointer, _respelt(word))
        other = owners.setdefault(fold(word), (word, pointer))[0]
        if other != word:
            yield WordProblem("word-twice", word, f"{word!r} and {other!r} differ in case only", pointer)
    for word, about in entries:
        yield from _aliases(word, about, owners)
        yield from _replacement(word, about, dict(entries))


def _aliases(word: str, about: Document, owners: dict[str, tuple[str, str]]) -> Iterator[WordProblem]:
    for index, alias in enumerate(about.get("aliases") or ()):
        pointer = f"/words/{_escaped(word)}/aliases/{index}"
        if fold(str(alias)) == ABSENT:
            yield WordProblem("word-absent-mark", word, f"{alias!r} stands for no value in names", pointer)
            continue
        known = owners.get(fold(str(alias)))
        if known is None:
            owners[fold(str(alias))] = (word, pointer)
        elif known[0] == word:
            yield WordProblem("alias-needless", word, f"{alias!r} is read as {word!r} anyway", pointer)
        else:
            message = (
                f"alias {alias!r} of {word!r} is also {known[0]!r} ({known[1]}); one spelling has one meaning"
            )
            yield WordProblem("alias-clash", word, message, pointer)


def _replacement(word: str, about: Document, entries: Mapping[str, Document]) -> Iterator[WordProblem]:
    after = about.get("replaced_by")
    if not after:
        return
    pointer = f"/words/{_escaped(word)}/replaced_by"
    if after not in entries:
        yield WordProblem("replacement-missing", word, f"{after!r} is no word of this vocabulary", pointer)
    elif after == word:
        yield WordProblem("replacement-missing", word, f"{word!r} cannot replace itself", pointer)
    elif (entries[after].get("status") or "active") == "retired":
        yield WordProblem(
            "replacement-retired", word, f"{after!r}, which replaces {word!r}, is retired", pointer
        )


def _entries(vocabulary: Document) -> Iterator[tuple[str, Document]]:
    for word, about in (vocabulary.get("words") or {}).items():
        yield str(word), about or {}


def _escaped(word: str) -> str:
    return word.replace("~", "~0").replace("/", "~1")


def _respelt(word: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", fold(word)))
