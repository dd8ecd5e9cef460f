"""Readings of templates: one, or two with the string that has them."""

import pytest

from canonry.regular import (
    ANY,
    EMPTY,
    Budget,
    Choice,
    Literal,
    Optional,
    Slot,
    Unread,
    UnsupportedPattern,
    ambiguity,
    built,
    lengths,
    overlap,
    pattern,
    spending,
    words,
)

WORD = pattern("^[a-z0-9]+(-[a-z0-9]+)*$")
DELIMITER = Literal("_")


def readings(clash):
    """Both readings of a clash as dictionaries."""
    return [dict(clash.first), dict(clash.second)]


def test_words_between_delimiters_have_one_reading():
    """The delimiter occurs in no word."""
    parts = [
        Slot("brand", WORD),
        DELIMITER,
        Slot("market", WORD),
        DELIMITER,
        Slot("slug", WORD & lengths(1, 40)),
    ]
    assert ambiguity(parts) is None


def test_a_delimiter_that_occurs_in_words_has_two():
    """The shortest string with two readings, and both of them."""
    clash = ambiguity([Slot("brand", WORD), Literal("-"), Slot("slug", WORD)])
    assert clash.text == "a-a-a"
    assert readings(clash) == [{"brand": "a-a", "slug": "a"}, {"brand": "a", "slug": "a-a"}]


def test_optional_parts_that_look_alike():
    """Which of two optional slots is there cannot be told."""
    parts = [Slot("a", WORD), Optional((DELIMITER, Slot("b", WORD))), Optional((DELIMITER, Slot("c", WORD)))]
    clash = ambiguity(parts)
    assert clash.text == "a_a"
    assert sorted(map(sorted, readings(clash))) == [["a", "b"], ["a", "c"]]
    assert ambiguity([Slot("a", WORD), Optional((DELIMITER, Slot("b", WORD)))]) is None


def test_an_empty_slot_is_not_an_absent_one():
    """A slot that may be empty within an optional part can be read as there or not."""
    clash = ambiguity([Literal("x"), Optional((Slot("a", words(["", "y"])),))])
    assert clash.text == "x" and readings(clash) in ([{}, {"a": ""}], [{"a": ""}, {}])
    assert ambiguity([Slot("a", words(["", "y"])), Slot("b", words(["", "z"]))]) is None
    assert ambiguity([Slot("a", words(["", "y"])), Slot("b", words(["", "y"]))]).text == "y"


def test_fixed_widths_need_no_delimiter():
    """Whether a boundary can move depends on lengths, which are counted where they matter."""
    three, four = pattern("^[a-z]{3}$"), pattern("^[a-z]{4}$")
    assert ambiguity([Slot("a", three), Slot("b", four)]) is None
    assert ambiguity([Slot("a", pattern("^[a-z]{3,10}$")), Slot("b", four)]) is None
    clash = ambiguity([Slot("a", pattern("^[a-z]{3,10}$")), Slot("b", pattern("^[a-z]{1,200}$"))])
    assert len(clash.text) == 5 and readings(clash)[0] != readings(clash)[1]
    clash = ambiguity([Slot("a", pattern("^[a-z]{30,31}$")), Slot("b", pattern("^[a-z]{30,31}$"))])
    assert len(clash.text) == 61


def test_choices():
    """Alternatives that differ in no slot are one reading; others are told apart by their slots."""
    assert ambiguity([Choice(((Literal("a"),), (Literal("a"),)))]) is None
    clash = ambiguity([Choice(((Slot("x", words(["a"])),), (Slot("y", words(["a", "b"])),)))])
    assert clash.text == "a" and readings(clash) == [{"x": "a"}, {"y": "a"}]
    assert ambiguity([Choice(((Slot("x", words(["a"])),), (Slot("y", words(["b"])),)))]) is None


def test_parts_without_strings():
    """An empty language builds nothing, so nothing has two readings; texts may be empty."""
    assert ambiguity([Slot("a", EMPTY), Slot("b", ANY), Slot("c", ANY)]) is None
    assert ambiguity([]) is None and ambiguity([Literal("")]) is None
    assert ambiguity([Slot("b", ANY), Slot("c", ANY)]).text == "a"


def test_a_slot_that_stands_twice_has_one_text():
    """`{brand}_{free}_{brand}` is unambiguous because both brands agree."""
    brand = Slot("brand", words(["x", "y"]))
    free = Slot("free", words(["x", "y", "x_y", "y_x"]))
    assert ambiguity([brand, DELIMITER, free, DELIMITER, brand]) is None
    joined = [brand, Slot("free", words(["", "x", "y", "xy"])), brand, Slot("rest", words(["", "x"]))]
    clash = ambiguity(joined)
    for reading in (clash.first, clash.second):
        assert len({text for name, text in reading if name == "brand"}) == 1
    assert readings(clash)[0] != readings(clash)[1]
    other = [brand, Literal("-"), Slot("brand", words(["y", "z"])), Optional((Slot("z", words(["", "-"])),))]
    assert ambiguity(other).text == "y-y"


def test_repeated_slots_that_are_not_decided_say_so():
    """Texts that must agree make a language that is not regular; small vocabularies are tried out."""
    free = Slot("a", pattern("^[a-z]+$"))
    assert ambiguity([free, DELIMITER, free]) is None
    with pytest.raises(UnsupportedPattern, match="very many values"):
        ambiguity([free, Optional((Slot("b", pattern("^[a-z]+$")),)), free])
    moved = Choice(((Literal("a"), Slot("x", pattern("^a+$"))), (Slot("x", pattern("^a$")), Literal("a"))))
    with pytest.raises(UnsupportedPattern, match="each other's place"):
        ambiguity([moved])
    with pytest.raises(UnsupportedPattern, match="stand twice"):
        ambiguity([moved, Slot("y", words(["q"])), Slot("y", words(["q"]))])


def test_overlap_shows_a_name_of_two_templates():
    """The shortest string that both build, with the reading of each."""
    first = [Slot("a", WORD), DELIMITER, Slot("b", WORD)]
    clash = overlap(first, [Slot("x", words(["fb_x_y", "fb-1_q", "k_1"]))])
    assert clash == ("k_1", (("a", "k"), ("b", "1")), (("x", "k_1"),))
    assert overlap(first, [Slot("x", WORD)]) is None
    assert overlap([Literal("a")], [Literal("a")]) == ("a", (), ())
    assert overlap([Slot("n", lengths(0, 3))], [Literal("abcd")]) is None
    assert overlap([Slot("n", pattern("^.{0,30}$"))], [Slot("m", pattern("^.{30,90}$"))]).text == "a" * 30


def test_overlap_with_repeated_slots():
    """Both templates' repeated slots must agree with themselves."""
    brand = Slot("brand", words(["x", "y"]))
    twice = [brand, DELIMITER, brand]
    assert overlap(twice, [Literal("x_y")]) is None
    assert overlap(twice, [Slot("any", words(["x_y", "y_y"]))]).text == "y_y"
    assert overlap([Slot("any", words(["x_y", "y_y"]))], twice).text == "y_y"
    free = Slot("free", pattern("^[a-z]{1,2}$"))
    with pytest.raises(UnsupportedPattern, match="very many values"):
        overlap([free, DELIMITER, free], [Literal("x_y")])


def test_what_a_template_builds():
    """The language of all its strings, for the other proofs."""
    parts = [
        Slot("a", words(["x", "y"])),
        Optional((DELIMITER, Choice(((Literal("1"),), (Slot("b", WORD),))))),
    ]
    assert built(parts).equals(pattern("^[xy](_[a-z0-9]+(-[a-z0-9]+)*)?$"))
    assert built([]).equals(words([""])) and built([Literal("a")]).spelt == {"a"}


def test_unread_parts_are_not_compared():
    """What is not read may be split in many ways; bounds of its length still count."""
    free = Unread(pattern("^[a-z]*$"))
    assert ambiguity([Slot("a", words(["x"])), free, free]) is None
    assert ambiguity([Unread(words(["a"])), Slot("b", WORD)]) is None
    clash = ambiguity([Unread(words(["", "x"])), Slot("a", words(["x", "xx"])), Unread(words(["", "y"]))])
    assert clash.text == "xx" and readings(clash) in ([{"a": "x"}, {"a": "xx"}], [{"a": "xx"}, {"a": "x"}])
    bounded = [Slot("a", pattern("^a*$")), Unread(pattern("^[a]*$") & lengths(9, 9))]
    assert ambiguity(bounded) is None
    either = Choice(
        ((Unread(pattern("^c*$") & lengths(12, 30)),), (Slot("b", pattern("^c*$") & lengths(20, 40)),))
    )
    assert ambiguity([either]).text == "c" * 20
    assert overlap([Unread(lengths(8, 9))], [Literal("abc")]) is None


def test_a_template_of_the_usual_size_is_cheap():
    """Six tokens over vocabularies of fifty words take a small part of the default budget."""
    vocabulary = words(f"{first}{second}word" for first in "abcdefgh" for second in "klmnop")
    identity = pattern("^[b-df-hj-np-tv-z][2-9b-df-hj-np-tv-z]{5}$")
    parts = [Slot("slug", WORD & lengths(1, 40)), DELIMITER]
    for number in range(4):
        parts += [Slot(f"word{number}", vocabulary), DELIMITER]
    parts += [Slot("flight", pattern("^20[0-9]{2}(0[1-9]|1[0-2])$")), DELIMITER, Slot("id", identity)]
    with spending(Budget(200_000)):
        assert ambiguity(parts) is None
        assert built(parts).max_length() == 40 + 4 * 6 + 6 + 6 + 6
