"""Operations and questions on languages."""

from random import Random

import pytest

from canonry.regular import (
    ANY,
    EMPTY,
    Budget,
    BudgetExceeded,
    CharSet,
    Language,
    characters,
    concat,
    lengths,
    literal,
    optional,
    pattern,
    repeat,
    spending,
    star,
    union,
    words,
)


def test_constants():
    """`EMPTY` has no member, `ANY` every string."""
    assert EMPTY.is_empty() and not EMPTY.accepts("") and EMPTY.count() == 0
    assert ANY.is_universal() and ANY.accepts("\x00😀") and not ANY.is_finite()
    assert EMPTY.shortest() is None and EMPTY.longest() is None and EMPTY.max_length() == 0
    assert EMPTY.min_length() is None and list(EMPTY.members()) == []
    assert (~ANY).is_empty() and (~EMPTY).is_universal() and (~~ANY).is_universal()
    assert not words([]).count()


def test_inclusion_has_a_readable_counterexample():
    """A tightened pattern leaves out strings; the shortest of them, in readable characters, is shown."""
    old, new = pattern("^[A-Za-z0-9-]{2,40}$"), pattern("^[a-z0-9-]{2,40}$")
    assert old.includes(new) and not new.includes(old)
    assert (old - new).shortest() == "aA"
    assert not old.equals(new) and old.equals(new | old) and old.includes(old) and old.equals(old)
    assert pattern("^a").disjoint(pattern("^b")) and not pattern("^a").disjoint(pattern("b$"))


def test_lengths_are_intervals():
    """Bounds up to a thousand million cost as little as short ones."""
    with spending(Budget(20_000)):
        huge = lengths(10**9) & pattern("^[a-z]+$")
        assert huge.min_length() == 10**9
        assert not huge.is_empty() and not huge.is_finite()
        assert lengths(0, 10**9).includes(pattern("^.{1,2048}$"))
        assert not lengths(0, 10**9).includes(pattern("^.{1,2048}"))
        assert (lengths(0, 2048) - lengths(0, 2047)).shortest() == "a" * 2048
        assert (pattern("^(ab)*$") & lengths(10**9 + 1, 10**9 + 1)).is_empty()
        assert (pattern("^(ab)*$") & lengths(10**9 + 1, 10**9 + 2)).min_length() == 10**9 + 2
    assert lengths(3, 2) is EMPTY
    assert lengths().is_universal()
    assert (lengths(2, 3) ^ lengths(3, 4)).equals(lengths(2, 2) | lengths(4, 4))


def test_a_string_of_a_thousand_million_characters_is_not_written_out():
    """Its length is known; the string itself is refused with a reason."""
    with pytest.raises(BudgetExceeded, match="1,000,000,000 characters"):
        (lengths(10**9) & pattern("^[a-z]+$")).shortest()


def test_words():
    """Finite sets of words stay words through the operations, and mix with patterns."""
    some = words(["paid", "organic", "paid_social", ""])
    assert some.count() == 4 and some.is_finite() and some.min_length() == 0
    assert some.spelt == {"paid", "organic", "paid_social", ""}
    assert (some & pattern("^p")).spelt == (pattern("^p") & some).spelt == {"paid", "paid_social"}
    assert (some - pattern("^p")).spelt == {"", "organic"}
    assert (some | words(["x"])).count() == 5
    assert (~some).shortest() == "a" and not (~some).accepts("paid")
    assert (pattern("^[a-z_]*$") - some).accepts("pai") and not (pattern("^[a-z_]*$") - some).accepts("paid")
    assert pattern("^[a-z_]*$").includes(some) and not some.includes(pattern("^pa"))
    assert some.equals(pattern("^(paid(_social)?|organic)?$"))
    assert some.longest() == "paid_social" and some.shortest() == ""
    assert list(some.members()) == ["", "paid", "organic", "paid_social"]
    assert words(["b", "A", "a"]).shortest() == "a"
    assert "4 words" in repr(some)
    many = words(f"{number:05d}" for number in range(5000))
    assert (many | literal("x")).accepts("04999") and (many | literal("x")).count() == 5001
    assert (many | literal("x")).spelt is None


def test_words_of_every_kind_of_character():
    """First and last code points, neighbours, and lone surrogates, which no JSON text holds."""
    edge = words(["\x00", "\x01a", "\U0010ffff", "\ud800x"])
    assert (~edge).accepts("a") and not (~edge).accepts("\x00") and not (~edge).accepts("\U0010ffff")
    assert pattern("^[^]*$").includes(words(["\x00", "\U0010ffff"]))
    assert (~(~edge)).count() == 3
    assert pattern("^[^]$").accepts("\ud800")


def test_composition():
    """Concatenation, union, repetition of languages as of patterns."""
    word = pattern("^[a-z]+$")
    assert concat(word, literal("-"), word).equals(pattern("^[a-z]+-[a-z]+$"))
    assert concat(literal("a"), literal("b")).spelt == {"ab"} and concat().spelt == {""}
    assert concat(word, EMPTY).is_empty()
    assert union(word, literal("1"), literal("2")).equals(pattern("^([a-z]+|[12])$"))
    assert union().is_empty() and union(word) is word
    assert optional(word).equals(pattern("^[a-z]*$"))
    assert star(literal("ab")).equals(pattern("^(ab)*$"))
    assert repeat(words(["a", "bc"]), 2, 3).equals(pattern("^(a|bc){2,3}$"))
    assert repeat(word, 2).equals(pattern("^[a-z]{2,}$"))
    assert repeat(word, 3, 2) is EMPTY
    assert (
        repeat(EMPTY, 0, 2).equals(literal(""))
        and repeat(EMPTY, 1, 2).is_empty()
        and repeat(EMPTY, 1).is_empty()
    )
    assert star(EMPTY).equals(literal(""))
    assert repeat(literal(""), 5, 9).equals(literal("")) and star(literal("")).equals(literal(""))
    assert characters(CharSet.of("ab")).equals(words(["a", "b"])) and characters(CharSet()).is_empty()
    sliced = concat(pattern("^[a-z]{1,50}$"), literal("_"), pattern("^[0-9]{2,}$") & lengths(0, 9))
    assert sliced.accepts("a_12") and sliced.max_length() == 60 and sliced.min_length() == 4
    assert concat(lengths(10, 12), lengths(30)).min_length() == 40


def test_readable_shortest_members():
    """Letters come before digits, digits before capitals, those before signs, and signs before the rest."""
    assert pattern("^[^a]$").shortest() == "b"
    assert pattern("^[^a-z]$").shortest() == "0"
    assert pattern("^[^a-z0-9]$").shortest() == "A"
    assert pattern("^[^a-zA-Z0-9]$").shortest() == "-"
    assert pattern("^[^ -~]$").shortest() == "À"
    assert pattern("^[\\x00-\\x1f]$").shortest() == "\x00"
    assert pattern("^(a|bb|cc)x?$").shortest() == "a"
    assert pattern("^(zb|za|ba)$").shortest() == "ba"


def test_shortest_within_bounds_of_length():
    """A slice that begins later than its automaton's shortest string is still exact."""
    assert (pattern("^(aa)*b?$") & lengths(3, 3)).shortest() == "aab"
    assert (pattern("^(a{3})+$") & lengths(4, 5)).shortest() is None
    assert (pattern("^(a{3})+$") & lengths(4, 5)).is_empty()
    assert (pattern("^(a{3})+$") & lengths(4, 5) | pattern("^b{7}$")).shortest() == "b" * 7
    assert (pattern("^a{5}$") & lengths(0, 3)).is_empty() and (
        pattern("^a*b{9}$") & lengths(0, 3)
    ).shortest() is None


def test_counting_and_enumeration():
    """Finite languages are counted without being spelt out, and spelt out shortest first."""
    assert pattern("^[a-z]{10}$").count() == 26**10
    assert pattern("^a*$").count() is None and (lengths(0, 3) & pattern("^[ab]*$")).count() == 15
    assert pattern("^(ab?|c)$").count() == 3
    assert (pattern("^(a|bb|cccc)$") & lengths(2, 9) | pattern("^x{0,1}z?$")).count() == 2 + 4
    assert list(pattern("^[ab]*$").members(6)) == ["", "a", "b", "aa", "ab", "ba"]
    assert list(pattern("^(b|a{2,3})$").members()) == ["b", "aa", "aaa"]
    assert list((ANY - words(["a"])).members(2)) == ["", "b"]


def test_samples_are_members():
    """Whatever the random source, a sample is a member."""
    rng = Random(7)
    for language in (pattern("^(a|[^b]{3,9}c)*$"), words(["x", "y"]), lengths(5), pattern("^[a-f]{2}$")):
        assert all(language.accepts(language.sample(rng)) for _ in range(50))
    with pytest.raises(ValueError, match="no member"):
        EMPTY.sample(rng)


def test_case_folding():
    """ASCII only, and length for length: what members become, and what becomes a member."""
    mixed = pattern("^[A-C][a-z]{0,20}É?$")
    assert mixed.lower().equals(pattern("^[a-c][a-z]{0,20}É?$"))
    assert mixed.lower().case_folded_preimage().accepts("aBÉ")
    assert not mixed.lower().case_folded_preimage().accepts("aBé")
    assert mixed.case_folded_preimage().is_empty()
    assert words(["Paid", "paid", "CPC"]).lower().spelt == {"paid", "cpc"}
    assert words(["paid"]).case_folded_preimage().equals(pattern("^[Pp][Aa][Ii][Dd]$"))
    assert pattern("^[a-z]+$").lower().equals(pattern("^[a-z]+$")) and EMPTY.lower().is_empty()
    assert pattern("^(Ab|aC)$").lower().equals(words(["ab", "ac"]))
    assert pattern(r"^[@-\[]$").case_folded_preimage().equals(pattern(r"^[@\[]$"))
    assert pattern("^z").case_folded_preimage().equals(pattern("^[zZ]"))
    assert (pattern("^[a-z]+[0-9]$") - pattern("9")).case_folded_preimage().accepts("AbZ1")


def test_questions_cost_the_same_each_time():
    """A remembered answer is charged as if it were found anew, so verdicts do not depend on history."""
    language = pattern("^([a-z]{1,3}-){2,4}x$") & pattern("q") & lengths(0, 12)
    costs = []
    for _ in range(2):
        with spending(Budget()) as budget:
            (
                language.shortest(),
                language.count(),
                language.longest(),
                language.is_empty(),
                language.is_finite(),
            )
        costs.append(budget.spent)
    assert costs[0] == costs[1]


def test_languages_are_values():
    """Identity makes them usable as keys; a description helps in a debugger."""
    language = pattern("^[a-z]{2,9}$")
    assert {language: 1}[pattern("^[a-z]{2,9}$")] == 1
    assert repr(language) == "Language of lengths 2..9" and repr(EMPTY) == "Language of 0 words"
    assert repr(EMPTY & lengths(1)) == "Language of 0 words" and repr(ANY) == "Language of lengths 0.."
    assert repr(~ANY) == "Language without members"
    assert not Language().accepts("a")
