"""Words, their aliases and what becomes of them."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from canonry.catalogue.dates import is_day
from canonry.catalogue.documents.vocabulary import Vocabulary
from canonry.catalogue.resolved import WORD_PATTERNS
from canonry.kernel.findings import Place
from canonry.kernel.pointer import escape
from canonry.lint.subject import Remark, Subject
from canonry.naming.suggest import nearest

_ALPHABETS: Final = {name: re.compile(pattern) for name, pattern in WORD_PATTERNS.items()}
_ABSENT: Final = "xx"


def _place(subject: Subject, name: str, word: str, *rest: str | int) -> Place:
    pointer = "".join(f"/{escape(str(token))}" for token in ("words", word, *rest))
    return subject.catalogue.sources.place(f"registry/vocabularies/{name}.yaml", pointer)


def word_duplicate(subject: Subject) -> Iterator[Remark]:
    """Two words or aliases of a vocabulary are the same text, case ignored.

    ## Why it matters
    An alias of two words decodes to either; an alias that is a word of its own turns a right value into
    another one.

    ## Instead
    Remove it from all but the word that people mean by it.
    """
    for name, vocabulary in subject.catalogue.vocabularies.items():
        taken: dict[str, tuple[str, str]] = {}
        for word in vocabulary.words:
            other = taken.setdefault(word.casefold(), (word, f"the word {word!r}"))
            if other[0] != word:
                message = f"{word!r} and {other[0]!r} differ only in case"
                yield Remark(message, _place(subject, name, word), "keep one", values=(other[0],))
        for word, entry in vocabulary.words.items():
            for number, alias in enumerate(entry.aliases):
                key = alias.casefold()
                if key == word.casefold():
                    message = f"the alias {alias!r} of {word!r} is the word itself; case is ignored anyway"
                    yield Remark(
                        message, _place(subject, name, word, "aliases", number), "remove it", values=(alias,)
                    )
                    continue
                other = taken.setdefault(key, (f"{word}/{number}", f"an alias of {word!r}"))
                if other[0] != f"{word}/{number}":
                    message = f"the alias {alias!r} of {word!r} is already {other[1]}"
                    yield Remark(
                        message,
                        _place(subject, name, word, "aliases", number),
                        "remove one of them",
                        values=(alias, other[1]),
                    )


def word_alphabet(subject: Subject) -> Iterator[Remark]:
    """A word does not fit its vocabulary's alphabet.

    Words are `[a-z0-9]+` joined by `-`. In a vocabulary with `alphabet: parameter` they may be joined by `.`,
    `_` and `-`.

    ## Why it matters
    A template splits names at `_`: a word that holds one is read as two.

    ## Instead
    Spell it as the message suggests, with the old spelling as an alias. Values of parameters such as
    `paid_social` need `alphabet: parameter`, and stand alone in theirs.
    """
    for name, vocabulary in subject.catalogue.vocabularies.items():
        alphabet = _ALPHABETS[vocabulary.alphabet]
        for word in vocabulary.words:
            if not alphabet.fullmatch(word):
                better = re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")
                advice = f"{better!r}" if alphabet.fullmatch(better) else "lower-case letters and digits"
                message = f"the word {word!r} does not fit the alphabet {vocabulary.alphabet!r}"
                yield Remark(message, _place(subject, name, word), advice, values=(word,))


def word_absent_mark(subject: Subject) -> Iterator[Remark]:
    """A word or alias is `xx`, which names write where an optional field is absent.

    ## Why it matters
    Nobody could tell the word from nothing.

    ## Instead
    Another word.
    """
    for name, vocabulary in subject.catalogue.vocabularies.items():
        for word, entry in vocabulary.words.items():
            if word.casefold() == _ABSENT:
                yield Remark(
                    f"{word!r} is the absent mark",
                    _place(subject, name, word),
                    "choose another word",
                    values=(word,),
                )
            for number, alias in enumerate(entry.aliases):
                if alias.casefold() == _ABSENT:
                    place = _place(subject, name, word, "aliases", number)
                    yield Remark(
                        f"the alias {alias!r} is the absent mark", place, "remove it", values=(alias,)
                    )


def word_replacement_unknown(subject: Subject) -> Iterator[Remark]:
    """`replaced_by` of a word is no word of the vocabulary, is retired, or is the word itself.

    ## Why it matters
    Corrected links get a value that is refused again.

    ## Instead
    An active word of the same vocabulary.
    """
    for name, vocabulary in subject.catalogue.vocabularies.items():
        for word, entry in vocabulary.words.items():
            target = entry.replaced_by
            if target is None:
                continue
            other = vocabulary.words.get(target)
            if other is not None and other.status != "retired" and target != word:
                continue
            why = (
                "itself"
                if target == word
                else "retired"
                if other is not None
                else "no word of the vocabulary"
            )
            near = nearest(
                target,
                [key for key, each in vocabulary.words.items() if each.status == "active" and key != word],
            )
            advice = f"did you mean {near!r}?" if near and near != target else "name an active word"
            yield Remark(
                f"{word!r} is replaced by {target!r}, which is {why}",
                _place(subject, name, word, "replaced_by"),
                advice,
                values=(target,),
            )


def word_status_contradictory(subject: Subject) -> Iterator[Remark]:
    """A word's status and dates contradict each other.

    A deprecated word says what replaces it; a sunset or a replacement stands only on deprecated and retired
    words.

    ## Why it matters
    A word that will go without anything in its place leaves link builders stuck on the day it goes.

    ## Instead
    Add `replaced_by`, or correct the status. A word that nothing replaces is retired straight away.
    """
    for name, vocabulary in subject.catalogue.vocabularies.items():
        for word, entry in vocabulary.words.items():
            if entry.status == "deprecated" and entry.replaced_by is None:
                yield Remark(
                    f"{word!r} is deprecated in favour of nothing",
                    _place(subject, name, word, "status"),
                    "add replaced_by",
                    values=("replaced_by",),
                )
            if entry.status == "active":
                for key in ("sunset", "replaced_by"):
                    if getattr(entry, key) is not None:
                        message = f"{word!r} is active and has {key}"
                        yield Remark(
                            message,
                            _place(subject, name, word, key),
                            "status: deprecated, or remove it",
                            values=(key,),
                        )
            if (
                entry.since
                and entry.sunset
                and is_day(entry.since)
                and is_day(entry.sunset)
                and entry.sunset < entry.since
            ):
                message = f"{word!r} ends on {entry.sunset}, before it begins on {entry.since}"
                yield Remark(message, _place(subject, name, word, "sunset"), values=("since",))


def word_sunset_passed(subject: Subject) -> Iterator[Remark]:
    """The last day of a deprecated word is over, and it is still accepted.

    ## Why it matters
    Dates change nothing by themselves: links with the word are still built and still right.

    ## Instead
    `status: retired`, when nothing uses it; the message of the change lists who does. Or a later day.
    """
    for name, vocabulary in subject.catalogue.vocabularies.items():
        for word, entry in vocabulary.words.items():
            ends = date.fromisoformat(entry.sunset) if entry.sunset and is_day(entry.sunset) else date.max
            if entry.status == "deprecated" and ends < subject.today:
                message = f"{word!r} is deprecated until {ends}, which is over"
                place = _place(subject, name, word, "sunset")
                yield Remark(message, place, "status: retired, or a later day", values=(str(ends),))


def vocabulary_exhausted(subject: Subject) -> Iterator[Remark]:
    """Every word of a vocabulary is retired, so nothing may be written.

    ## Why it matters
    Each field that uses the vocabulary refuses every value.

    ## Instead
    Add a word, or take the vocabulary out of the contracts and delete it.
    """
    for name, vocabulary in subject.catalogue.vocabularies.items():
        if not _live_words(vocabulary):
            place = subject.catalogue.sources.place(f"registry/vocabularies/{name}.yaml", "/words")
            yield Remark("every word is retired", place, "add a word, or delete the vocabulary")


def _live_words(vocabulary: Vocabulary) -> list[str]:
    return [word for word, entry in vocabulary.words.items() if entry.status != "retired"]


def word_unknown(subject: Subject) -> Iterator[Remark]:
    """A const or enum beside `x-vocabulary` holds something that is no word of that vocabulary.

    ## Why it matters
    The field claims to speak the vocabulary's language and says a word that it does not know; decoding
    explains the word as unknown.

    ## Instead
    Use a word of the vocabulary, add the word there, or remove `x-vocabulary`.
    """
    for node in subject.schemas.having("x-vocabulary"):
        name = node.schema["x-vocabulary"]
        vocabulary = subject.catalogue.vocabularies.get(name) if isinstance(name, str) else None
        if vocabulary is None:
            if (
                not isinstance(name, str)
                or f"registry/vocabularies/{name}.yaml" not in subject.catalogue.broken
            ):
                near = nearest(str(name), subject.catalogue.vocabularies)
                advice = f"did you mean {near!r}?" if near else ""
                yield Remark(
                    f"there is no vocabulary {name!r}",
                    node.place("x-vocabulary"),
                    advice,
                    values=(str(name),),
                )
            continue
        listed = node.schema.get("enum", [node.schema["const"]] if "const" in node.schema else [])
        words = set(_live_words(vocabulary))
        for value in listed if isinstance(listed, list) else ():
            if not isinstance(value, str) or value not in words:
                near = nearest(str(value), sorted(words))
                advice = f"did you mean {near!r}?" if near else f"add it to registry/vocabularies/{name}.yaml"
                keyword = "enum" if "enum" in node.schema else "const"
                yield Remark(
                    f"{value!r} of {node.says} is no word of {name}",
                    node.place(keyword),
                    advice,
                    values=(str(value),),
                )
