"""Makes names of conventions as people write them, with what each of their tokens meant.

Kinds that `hidden.py` does not make: delimiters of several characters, keys before values, fixed beginnings,
optional tokens, text that holds the delimiter, tokens within tokens, CamelCase, dates in many forms, ids,
emoji, copies, several conventions of one shape.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

POOLS: dict[str, tuple[str, ...]] = {
    "brand": ("acme", "lumiq", "nordwind", "velora"),
    "market": ("de", "at", "ch", "gb", "fr", "nl", "be", "pl", "it", "es"),
    "Market": ("DE", "AT", "CH", "UK", "FR", "NL"),
    "mixed": ("De", "AT", "ch", "Uk", "FR", "nl"),
    "objective": ("awareness", "traffic", "leads", "sales", "retention"),
    "camel": ("BrandAwareness", "LeadGeneration", "AppInstalls", "StoreVisits", "CatalogSales"),
    "audience": ("prospecting", "retargeting", "lookalike", "broad", "crm"),
    "channel": ("search", "display", "video", "shopping", "pmax"),
    "ziel": ("verkäufe", "anfragen", "reichweite", "markenbekanntheit", "größen"),
    "kyrillic": ("москва", "казань", "пермь", "омск"),
    "format": ("1x1", "4x5", "9x16", "16x9"),
    "product": ("beds", "sofas", "lamps", "tables", "chairs", "shelves", "rugs", "mirrors"),
    "device": ("desktop", "mobile", "tablet"),
    "agency": ("omd", "publicis", "inhouse", "jellyfish"),
    "phrase": ("brand awareness", "add to cart", "past purchasers", "all visitors"),
    "hyphen": ("brand-awareness", "add-to-cart", "past-purchasers", "all-visitors"),
    "tier": ("t1", "t2", "t3"),
    "season": ("frühling", "sommer", "herbst", "winter"),
    "persona": ("students", "families", "seniors", "gamers", "founders", "parents"),
    "offer": ("rabatt20", "gratisversand", "bundle", "newsletter", "finanzierung"),
    "bidding": ("tcpa", "troas", "maxconv", "maxclicks"),
    "language": ("ger", "eng", "fra", "ita"),
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DATES: dict[str, Callable[[Random], str]] = {
    "2026-11": lambda r: f"202{r.randint(5, 6)}-{r.randint(1, 12):02}",
    "202611": lambda r: f"202{r.randint(5, 6)}{r.randint(1, 12):02}",
    "Nov26": lambda r: f"{r.choice(MONTHS).title()}2{r.randint(5, 6)}",
    "Nov2026": lambda r: f"{r.choice(MONTHS).title()}202{r.randint(5, 6)}",
    "Q4-2026": lambda r: f"Q{r.randint(1, 4)}-202{r.randint(5, 6)}",
    "2026Q4": lambda r: f"202{r.randint(5, 6)}Q{r.randint(1, 4)}",
    "KW47": lambda r: f"KW{r.randint(1, 52):02}",
    "2026-KW47": lambda r: f"202{r.randint(5, 6)}-KW{r.randint(1, 52):02}",
    "20261125": lambda r: f"202{r.randint(5, 6)}{r.randint(1, 12):02}{r.randint(1, 28):02}",
    "261125": lambda r: f"2{r.randint(5, 6)}{r.randint(1, 12):02}{r.randint(1, 28):02}",
    "25.11.2026": lambda r: f"{r.randint(1, 28):02}.{r.randint(1, 12):02}.202{r.randint(5, 6)}",
    "11/26": lambda r: f"{r.randint(1, 12):02}/2{r.randint(5, 6)}",
    "FY26": lambda r: f"FY2{r.randint(4, 7)}",
}
IDS: dict[str, Callable[[Random], str]] = {
    "registry": lambda r: (
        r.choice("bcdfgh") + "".join(r.choice("23456789bcdfghjkmnpqrstvwxyz") for _ in range(5))
    ),
    "number": lambda r: str(r.randrange(10**8, 10**9)),
    "ticket": lambda r: f"MKT{r.randrange(1000, 9999)}",
    "version": lambda r: f"v{r.randint(1, 30)}",
}
SYLLABLES = ("ba", "lo", "ri", "ta", "mu", "ke", "so", "vi", "na", "do", "pe", "zu", "fi", "ga", "he", "jo")


def text(rng: Random) -> str:
    """A word that nobody says twice."""
    return "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(3, 5)))


@dataclass
class Slot:
    """One token: what it is, how it is written, whether it may be left out."""

    kind: str
    """`words`, `date`, `id` or `text`."""
    source: str = ""
    prefix: str = ""
    optional: float = 0.0
    most: int = 1
    """Of text: so many words, joined as the whole name is."""

    def write(self, rng: Random, delimiter: str) -> tuple[str, str]:
        """How it is written, and what it means."""
        if self.kind == "words":
            pool = POOLS[self.source]
            value = pool[min(int(rng.expovariate(2.5 / len(pool))), len(pool) - 1)]
        elif self.kind == "date":
            value = DATES[self.source](rng)
        elif self.kind == "id":
            value = IDS[self.source](rng)
        else:
            value = delimiter.join(text(rng) for _ in range(rng.randint(1, self.most)))
        return self.prefix + value, value


@dataclass
class Wild:
    """One convention. `joins` separate the slots, one for all or one after each."""

    slots: list[Slot]
    joins: tuple[str, ...]
    shuffled: bool = False

    def name(self, rng: Random) -> tuple[str, dict[int, str]]:
        """A name, and what each slot in it means."""
        joins = self.joins if len(self.joins) > 1 else self.joins * (len(self.slots) - 1)
        meant: dict[int, str] = {}
        pieces: list[tuple[str, str]] = []
        order = list(range(len(self.slots)))
        if self.shuffled:
            rng.shuffle(order)
        for number in order:
            slot = self.slots[number]
            if slot.optional and rng.random() < slot.optional:
                continue
            written, meant[number] = slot.write(rng, joins[min(number, len(joins) - 1)])
            pieces.append((written, joins[min(number, len(joins) - 1)]))
        return "".join(w + j for w, j in pieces[:-1]) + pieces[-1][0], meant


@dataclass
class Account:
    """Names: the number of the convention (-1: none), and the meaning of each slot."""

    conventions: list[Wild]
    names: dict[str, tuple[int, dict[int, str]]] = field(default_factory=dict)


def words(*names: str, **more) -> list[Slot]:
    """Slots of words."""
    return [Slot("words", name, **more) for name in names]


def account(
    seed: int,
    *conventions: Wild,
    names: int = 1500,
    free: float = 0.0,
    slips: float = 0.03,
    copies: float = 0.0,
    emoji: float = 0.0,
) -> Account:
    """So many distinct names."""
    from tests.property.adoption.hidden import slipped, talk

    rng = Random(seed)
    made = Account(list(conventions))
    for _ in range(names * 6):
        if len(made.names) >= names:
            break
        if rng.random() < free:
            made.names.setdefault(talk(rng), (-1, {}))
            continue
        number = rng.randrange(len(conventions))
        name, meant = conventions[number].name(rng)
        if rng.random() < slips:
            name = slipped(rng, name)
        if rng.random() < copies:
            name += rng.choice(
                (" - Copy", " \u2013 Kopie", " (2)", " - Copy 2", "_copy", " copy", " \u2013 Copy (1)")
            )
        if rng.random() < emoji:
            name = rng.choice(("🔥 ", "🚀", "⭐️ ", "❗")) + name
        made.names.setdefault(name, (number, meant))
    return made


def scattered(rng: Random, number: int, *, seasoned: Sequence[str] = ()) -> list[Wild]:
    """Random conventions of the kinds above."""
    found = []
    for _ in range(number):
        names = rng.sample(sorted(POOLS), rng.randint(2, 5))
        slots = words(*names)
        if rng.random() < 0.6:
            slots.insert(rng.randint(1, len(slots)), Slot("date", rng.choice(sorted(DATES))))
        if rng.random() < 0.4:
            slots.append(Slot("id", rng.choice(sorted(IDS))))
        elif rng.random() < 0.4:
            slots.append(Slot("text", most=rng.choice((1, 1, 3))))
        if rng.random() < 0.25:
            slots[-1].optional = 0.3
        taken = "".join(text for name in names for text in POOLS[name]) + "".join(
            DATES[s.source](rng) for s in slots if s.kind == "date"
        )
        free = [
            d
            for d in ("_", " | ", "|", " - ", "__", "::", " / ", "~", "-", " > ", "--", " \u2013 ", ";")
            if d not in taken
        ]
        found.append(Wild(slots, (rng.choice(free),)))
    return found
