"""Makes names of hidden conventions: what adoption must find again, and never sees.

Words are drawn from letters, or from lists of what companies write; slips are of letter case, blanks, swapped
and dropped letters; free text is what people type.
"""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from random import Random

REAL = (
    ("de", "at", "ch", "gb", "fr", "nl", "be", "pl", "it", "es", "se", "no", "dk"),
    ("facebook", "instagram", "google", "tiktok", "linkedin", "bing", "pinterest"),
    ("awareness", "traffic", "engagement", "leads", "sales", "retention"),
    ("prospecting", "retargeting", "lookalike", "broad", "interests", "crm"),
    ("video", "image", "carousel", "collection", "story", "reel"),
    ("1x1", "4x5", "9x16", "16x9"),
    ("männer", "frauen", "kinder", "größe-l", "für-alle"),
    ("москва", "казань", "пермь", "омск"),
)
TALK = (
    "boosted post {n}", "Copy of {w} {n}", "test - do not use", "NEW!! {w} ({n})", "Jane's {w} campaign",
    "{w} {w} {w}", "Ad {n}", "Untitled", "{w}: final_final v{n}", "Österreich Aktion {n}",
    "{w}/{w}, {w} & {w}", "https://example.com/{w}",
)  # fmt: skip


@dataclass
class Hidden:
    """One convention: how tokens are joined, and what each holds: words, text, a month, a number."""

    delimiter: str
    tokens: list[tuple[str, tuple[str, ...]]]


@dataclass
class Account:
    """Names with the number of the convention that made each; -1 for free text."""

    conventions: list[Hidden]
    names: dict[str, int] = field(default_factory=dict)


def drawn(rng: Random) -> str:
    """A word of nothing."""
    return "".join(rng.choice(string.ascii_lowercase) for _ in range(rng.randint(3, 10)))


def vocabulary(rng: Random) -> tuple[str, ...]:
    """Words of one sort, no two of them a letter apart."""
    if rng.random() < 0.5:
        return rng.choice(REAL)
    return tuple(dict.fromkeys(drawn(rng) for _ in range(rng.randint(3, 20))))


def account(
    seed: int,
    *,
    names: int = 5000,
    conventions: int = 1,
    free: float = 0.0,
    slips: float = 0.03,
    same: bool = False,
) -> Account:
    """An account of so many distinct names. `same`: conventions differ in the order of their tokens alone."""
    rng = Random(seed)
    pool: list[tuple[str, ...]] = []
    while len(pool) < 8:
        made = vocabulary(rng)
        if not any(set(made) & set(other) for other in pool):
            pool.append(made)
    found: list[Hidden] = []
    for number in range(conventions):
        size = rng.randint(3, 7)
        tokens: list[tuple[str, tuple[str, ...]]] = [
            ("words", each) for each in rng.sample(pool, min(size, 8))
        ]
        for place in range(2, len(tokens)):
            kind = rng.choice(("words", "words", "words", "month", "number", "text"))
            if kind != "words":
                tokens[place] = (kind, ())
        if same and number:
            tokens = found[0].tokens[:]
            while [t for t in tokens if t[0] == "words"] == [t for t in found[0].tokens if t[0] == "words"]:
                rng.shuffle(tokens)
        delimiter = (
            found[0].delimiter
            if same and number
            else rng.choice(("_", "|", " | ", " - ", "-", "__", "/", "."))
        )
        if delimiter in ("-", "."):
            tokens = [(k, tuple(w.replace("-", "") for w in words)) for k, words in tokens]
        found.append(Hidden(delimiter, tokens))
    made = Account(found)
    while len(made.names) < names:
        if rng.random() < free:
            made.names.setdefault(talk(rng), -1)
            continue
        number = rng.randrange(conventions)
        made.names.setdefault(named(rng, found[number], slips), number)
    return made


def talk(rng: Random) -> str:
    """What somebody typed."""
    text = rng.choice(TALK)
    while "{w}" in text:
        text = text.replace("{w}", drawn(rng), 1)
    return text.replace("{n}", str(rng.randrange(10_000)))


def named(rng: Random, hidden: Hidden, slips: float) -> str:
    """A name of a convention, now and then with a slip."""
    pieces = []
    for kind, words in hidden.tokens:
        if kind == "words":
            piece = words[min(int(rng.expovariate(3 / len(words))), len(words) - 1)]
        elif kind == "month":
            piece = f"202{rng.randint(4, 6)}{rng.randint(1, 12):02}"
        elif kind == "number":
            piece = f"v{rng.randint(1, 40)}"
        else:
            piece = drawn(rng) + drawn(rng)
        pieces.append(slipped(rng, piece) if rng.random() < slips else piece)
    return hidden.delimiter.join(pieces)


def slipped(rng: Random, piece: str) -> str:
    """The piece with a slip of the pen."""
    place = rng.randrange(max(len(piece) - 1, 1))
    return rng.choice(
        (
            piece.upper(),
            piece.capitalize(),
            f" {piece}",
            piece[:place] + piece[place + 1 : place + 2] + piece[place : place + 1] + piece[place + 2 :],
            piece[:place] + piece[place + 1 :],
        )
    )
