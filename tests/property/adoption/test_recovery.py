"""Hidden conventions are found again: delimiter, places and words, in the mess that accounts are."""

import pytest
from tests.property.adoption.hidden import account

from canonry.app.adoption.conventions import Seen, conventions
from canonry.app.adoption.tokens import word
from canonry.app.adoption.words import words

KINDS = {"month": "month", "number": "number"}
SETTINGS = {
    "one": {},
    "many slips": {"slips": 0.08},
    "free text": {"free": 0.3},
    "five": {"conventions": 5},
    "five and free text": {"conventions": 5, "free": 0.3},
    "two orders": {"conventions": 2, "same": True},
    "few names": {"names": 300},
}


def recovered(made):
    """Tokens and words that were there, and those of them that were found."""
    found = conventions([Seen(name) for name in made.names])
    numbers = list(made.names.values())
    tokens = tokens_found = there = there_found = invented = 0
    for number, hidden in enumerate(made.conventions):
        own = {row for row, each in enumerate(numbers) if each == number}
        fitting = [
            c
            for c in found.conventions
            if c.delimiter.strip() == hidden.delimiter.strip() and len(c.places) == len(hidden.tokens)
        ]
        best = max(fitting, key=lambda c: len(own & {row for row, _ in c.rows}), default=None)
        for place, (kind, listed) in enumerate(hidden.tokens):
            tokens += 1
            if best is None:
                there += len(listed)
                continue
            seen = best.places[place]
            tokens_found += seen.kind == {"words": "words", **KINDS}.get(kind, seen.kind)
            if kind != "words":
                continue
            made_words, _ = words(
                seen.counts, seen.spellings, seen.costs, least=max(2, min(round(best.support * 0.002), 20))
            )
            mine = {each.word for each in made_words}
            used = {word(each) for each in listed if seen.counts[each.casefold()]}
            there += len(used)
            there_found += len(used & mine)
            invented += len(mine - {word(each) for each in listed})
    free = {row for row, each in enumerate(numbers) if each < 0}
    taken = len(free & {row for c in found.conventions for row, _ in c.rows})
    return tokens, tokens_found, there, there_found, invented, taken, len(free)


@pytest.mark.parametrize("name", SETTINGS)
def test_ninety_five_of_a_hundred_tokens_and_words_are_recovered(name):
    """Over several accounts; words that nobody meant stay below one in fifty, free text stays free text."""
    sums = [0] * 7
    for seed in range(6):
        settings = {"names": 1500, **SETTINGS[name]}
        sums = [a + b for a, b in zip(sums, recovered(account(seed, **settings)), strict=True)]
    tokens, tokens_found, there, there_found, invented, taken, free = sums
    assert tokens_found >= 0.95 * tokens, (tokens_found, tokens)
    assert there_found >= 0.95 * there, (there_found, there)
    assert invented <= 0.02 * there + 1, (invented, there)
    assert taken <= 0.05 * free, (taken, free)


def test_names_without_a_convention_have_none():
    """What people typed is left as it is."""
    made = account(1, names=800, free=1.0)
    found = conventions([Seen(name) for name in made.names])
    assert len(found.rest) >= 0.95 * 800


@pytest.mark.parametrize("names", [[], [""], ["a"], ["_", "__", "___"], ["\u200b", "\ufeff"], ["a_b"] * 3])
def test_next_to_nothing_is_no_convention(names):
    """And no error."""
    assert conventions([Seen(name) for name in names]).conventions == []
