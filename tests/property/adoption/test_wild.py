"""Conventions as people write them are found again: tokens, words, and nothing that nobody meant."""

from random import Random

import pytest
from tests.property.adoption.wild import DATES, POOLS, Slot, Wild, account, scattered, words

from canonry.app.adoption.conventions import Seen, conventions
from canonry.app.adoption.fields import fields
from canonry.app.adoption.tokens import word

MARKET = Slot("words", "market", "m:")
GOAL = Slot("words", "objective", "o:")
WHO = Slot("words", "audience", "a:")
BRAND = Slot("words", "brand", "b:")
MONTH = Slot("date", "202611")

KINDS = {
    "blanks around a pipe": [Wild([*words("brand", "market", "objective"), MONTH], (" | ",))],
    "blanks around a dash, and within a date": [
        Wild([*words("brand", "Market", "phrase"), Slot("date", "2026-11")], (" - ",))
    ],
    "two underscores": [Wild([*words("brand", "market", "hyphen"), Slot("text")], ("__",))],
    "two dashes": [Wild([*words("brand", "hyphen", "market"), Slot("text")], ("--",))],
    "an en dash": [Wild([*words("brand", "market", "objective"), Slot("date", "Q4-2026")], (" \u2013 ",))],
    "a bullet": [Wild(words("brand", "market", "objective", "product"), (" \u2022 ",))],
    "blanks alone": [
        Wild([*words("brand", "Market", "objective", "product"), Slot("date", "Nov26")], (" ",))
    ],
    "keys": [Wild([MARKET, GOAL, WHO, Slot("date", "202611", "d:")], ("|",))],
    "keys in any order": [Wild([MARKET, GOAL, WHO, BRAND], ("_",), shuffled=True)],
    "keys that are left out": [
        Wild([MARKET, Slot("words", "objective", "o:", 0.3), Slot("words", "audience", "a:", 0.3)], ("_",))
    ],
    "brackets": [
        Wild([Slot("words", "Market", "["), *words("brand", "objective", "product")], ("] ", " | ", " | "))
    ],
    "an optional last token": [
        Wild([*words("brand", "market", "objective"), *words("product", optional=0.4)], ("_",))
    ],
    "two optional tokens": [
        Wild(
            [
                *words("brand"),
                *words("audience", optional=0.4),
                *words("market"),
                *words("device", optional=0.3),
                *words("product"),
                MONTH,
            ],
            ("_",),
        )
    ],
    "text that holds the delimiter, last": [
        Wild([*words("brand", "market", "objective"), MONTH, Slot("text", most=4)], ("_",))
    ],
    "text that holds the delimiter, within": [
        Wild([*words("brand", "market"), Slot("text", most=3), *words("objective"), MONTH], ("_",))
    ],
    "tokens within a token": [
        Wild([*words("brand", "market", "objective", "audience"), MONTH], ("_", "-", "_", "_"))
    ],
    "camel case": [Wild([*words("camel", "Market", "product"), Slot("date", "Nov26")], ("_",))],
    "ids": [Wild([*words("brand", "market"), Slot("id", "ticket"), *words("objective")], ("_",))],
    "letters of many kinds": [Wild(words("mixed", "ziel", "season", "kyrillic", "offer"), ("_",))],
    "a date that holds the delimiter": [
        Wild([*words("brand", "market", "objective"), Slot("date", "2026-11")], ("-",))
    ],
    "one shape, other words": [
        Wild(words("brand", "market", "objective", "audience"), ("_",)),
        Wild(words("agency", "channel", "persona", "offer"), ("_",)),
    ],
    "one shape, one word of them the same": [
        Wild(words("brand", "market", "objective", "audience"), ("_",)),
        Wild(words("brand", "channel", "persona", "offer"), ("_",)),
    ],
    "one shape, other kinds": [
        Wild([*words("brand", "market"), MONTH, *words("objective")], ("_",)),
        Wild([*words("brand", "product", "channel"), Slot("date", "Nov26")], ("_",)),
    ],
    "older ones of other lengths": [
        Wild(words("brand", "market", "objective"), ("_",)),
        Wild([*words("market", "brand", "channel", "product"), MONTH], ("_",)),
        Wild(words("brand", "persona"), (" - ",)),
    ],
}
DATED = {
    f"the date {form}": [Wild([*words("brand", "Market"), Slot("date", form), *words("objective")], ("_",))]
    for form in DATES
}
MESS = {"free": 0.3, "copies": 0.05, "emoji": 0.05, "slips": 0.05}
SORTS = {
    "words": {"words"},
    "date": {"day", "week", "month", "quarter", "year", "number"},
    "text": {"text", "id"},
}


def recovered(made):
    """Tokens there and found, words likewise, words that nobody meant, free text taken, of how much."""
    texts = list(made.names)
    found = conventions([Seen(text) for text in texts]).conventions
    tokens = tokens_found = there = there_found = invented = 0
    for number, hidden in enumerate(made.conventions):
        own = {row for row, text in enumerate(texts) if made.names[text][0] == number}
        best = max(found, key=lambda c: len(own & {row for row, _ in c.rows}), default=None)
        rows = {row: tokens for row, tokens in best.rows if row in own} if best else {}
        drafted = fields(best, [], {}) if best else []
        for place, slot in enumerate(hidden.slots):
            meant = {row: made.names[texts[row]][1].get(place, "") for row in own}
            used = {word(value) for value in meant.values() if value} if slot.kind == "words" else set()
            tokens += 1
            there += len(used)
            at = next(
                (
                    at
                    for at in range(len(best.places) if best else 0)
                    if rows
                    and sum(word(t[at]) == word(meant[row]) for row, t in rows.items()) >= 0.85 * len(rows)
                ),
                None,
            )
            if at is None:
                continue
            tokens_found += best.places[at].kind in SORTS.get(slot.kind, {best.places[at].kind})
            if slot.kind == "words":
                there_found += len(used & drafted[at].words.keys())
                invented += len(drafted[at].words.keys() - {word(text) for text in POOLS[slot.source]})
    free = {row for row, text in enumerate(texts) if made.names[text][0] < 0}
    taken = len(free & {row for c in found for row, _ in c.rows})
    return tokens, tokens_found, there, there_found, invented, taken, len(free)


@pytest.mark.parametrize("mess", [{}, MESS], ids=["clean", "messy"])
@pytest.mark.parametrize("name", [*KINDS, *DATED])
def test_a_convention_of_this_kind_is_found(name, mess):
    """All its tokens and words; slips, copies, emoji and free text are none."""
    made = account(7, *{**KINDS, **DATED}[name], names=600, **mess)
    tokens, tokens_found, there, there_found, invented, taken, free = recovered(made)
    assert tokens_found >= 0.95 * tokens, (tokens_found, tokens)
    assert there_found >= 0.95 * there, (there_found, there)
    assert invented <= 0.02 * there + 1, (invented, there)
    assert taken <= 0.05 * free, (taken, free)


def test_conventions_at_random_are_found():
    """Up to five in one account, of any delimiter, with dates, ids, text and optional tokens."""
    sums = [0] * 7
    for seed in range(12):
        rng = Random(seed)
        hidden = scattered(rng, rng.choice((1, 1, 2, 3, 5)))
        made = account(
            seed,
            *hidden,
            names=400 * len(hidden) + 500,
            free=rng.choice((0, 0, 0.3)),
            copies=rng.choice((0, 0.05)),
            emoji=rng.choice((0, 0.05)),
        )
        sums = [a + b for a, b in zip(sums, recovered(made), strict=True)]
    tokens, tokens_found, there, there_found, invented, taken, free = sums
    assert tokens_found >= 0.95 * tokens, (tokens_found, tokens)
    assert there_found >= 0.95 * there, (there_found, there)
    assert invented <= 0.02 * there + 1, (invented, there)
    assert taken <= 0.05 * free, (taken, free)


def test_what_depends_on_another_token_is_one_convention():
    """A brand sells its own products: that is no second convention."""
    rng = Random(5)
    sells = {
        "acme": ("beds", "sofas", "lamps"),
        "lumiq": ("bulbs", "strips", "panels"),
        "velora": ("rugs", "throws"),
    }
    names = {
        f"{brand}_{rng.choice(POOLS['market'])}_{rng.choice(sells[brand])}_2026{rng.randint(1, 12):02}"
        for brand in rng.choices(list(sells), k=900)
    }
    found = conventions([Seen(name) for name in sorted(names)]).conventions
    assert [len(each.places) for each in found] == [4]
