"""What an audit keeps of objects until their source ends: packed, and found again."""

import random
from datetime import date
from fractions import Fraction

import pytest

from canonry.audit.alike import Sharers
from canonry.audit.baseline import key_of, told_of
from canonry.audit.observation import NO_WEIGHT, Level, Observation, Upkeep, Weight
from canonry.audit.roll import Roll, names, repeated, sharing
from canonry.audit.shelf import Shelf

FIELDS = [name for name in Observation.__slots__ if name not in ("weight", "upkeep", "memory")]


def told(seen):
    """Everything that an observation says."""
    upkeep = seen.upkeep and [getattr(seen.upkeep, name) for name in Upkeep.__slots__]
    return [
        *(getattr(seen, name) for name in FIELDS),
        *(getattr(seen.weight, name) for name in Weight.__slots__),
        upkeep,
    ]


def whole(number=1, **kept):
    """An observation with something in every field."""
    return Observation(
        "s",
        "meta",
        Level.AUDIENCE,
        **{
            "account": "meta-acme-dach",
            "native": "custom",
            "id": str(number),
            "parents": {"campaign": "7", "ad_set": "8"},
            "status": "active",
            "name": f"half a pair \ud83d, {number}",
            "value": "https://example.com",
            "params": {"utm_source": "meta"},
            "weight": Weight(1, 2.5, "EUR", 3, 4),
            "first_seen": date(2026, 11, 16),
            "last_seen": date(2026, 11, 22),
            "starts": date(1, 1, 1),
            "ends": None,
            "upkeep": Upkeep(3, 4, 5, date(2026, 1, 2), "list_sync", 6, "age > 18"),
            "goal": "sales",
            "partial": "cut",
            "provenance": "a.csv:3",
            **kept,
        },
    )


def objects(number, seed=1):
    """Ad groups of which some share a name, some come twice and some are gone."""
    rng = random.Random(seed)
    return [
        Observation(
            "s",
            rng.choice(["meta", "google_ads"]),
            Level.AD_GROUP,
            native="ad_group",
            id=str(rng.randrange(number)),
            parents={"campaign": str(rng.randrange(3))} if rng.random() < 0.9 else None,
            status=rng.choice(["active", "removed", ""]),
            name=f"name {rng.randrange(number)}",
        )
        for _ in range(number)
    ]


@pytest.mark.parametrize("number", [0, 1, 511, 512, 513, 1100])
def test_what_is_put_on_a_shelf_is_given_back(number):
    """In order, whole or by place, also across blocks."""
    shelf = Shelf()
    put = [whole(n) if n % 2 else Observation("s", "", Level.CAMPAIGN, name="n") for n in range(number)]
    for place, seen in enumerate(put):
        shelf.put(seen, f"owner {place}", mark=place % 3 == 0)
    assert len(shelf) == number
    wanted = [(told(seen), f"owner {n}", n % 3 == 0) for n, seen in enumerate(put)]
    assert [(told(seen), text, mark) for seen, text, mark in shelf] == wanted
    places = list(range(0, number, 7))
    assert [told(seen) for seen, *_ in shelf.at(places)] == [wanted[place][0] for place in places]
    assert all(seen.weight is NO_WEIGHT for seen, *_ in shelf if not seen.id)


def test_a_shelf_keeps_what_it_cannot_pack():
    """A source may give numbers or texts of a kind of its own."""
    shelf = Shelf()
    for number in range(600):
        shelf.put(whole(number, weight=Weight(cost=Fraction(number, 3))))
    assert [seen.weight.cost for seen, *_ in shelf] == [Fraction(number, 3) for number in range(600)]


@pytest.mark.parametrize("seed", range(5))
def test_a_roll_pairs_what_looking_at_everything_pairs(seed):
    """Marks of 64 bits only say where to look."""
    roll, sharers = Roll(), Sharers()
    seen = objects(1500, seed)
    for each in seen:
        roll.enter(each, each.id, right=True)
        if each.status != "removed":
            sharers.add(sharing(each), each, each.id)
    found, wanted = (
        [(told(one), owner, told(other)) for one, owner, other in pairs]
        for pairs in (roll.pairs(), sharers.pairs())
    )
    assert found == wanted and len(found) > 50
    assert roll.first() == {shared: each.id for shared, each in sharers.first.items()}


def test_names_are_told_once():
    """Of what came twice, in one source or in two, what came last; what is contested was not right."""
    rolls, wanted = [Roll(), Roll()], {}
    for number, roll in enumerate(rolls):
        for each in objects(1500, number):
            right = each.id[-1] != "7"
            roll.enter(each, right=right)
            wanted["/".join(key_of(each))] = (told_of(each), right)
    last = next(reversed(wanted))
    rolls[1].contested.add(last)
    wanted[last] = (wanted[last][0], False)
    found = list(names(rolls))
    assert dict(found) == wanted
    assert len(found) == len(wanted)


def test_marks_that_stand_more_than_once():
    """In one column or in several."""
    assert repeated([[1, 2, 2], [3, 1]]) == {1, 2}
    assert repeated([]) == repeated([[]]) == frozenset()
