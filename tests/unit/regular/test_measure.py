"""Longest members by what one counts."""

import pytest

from canonry.regular import (
    ANY,
    CHARACTERS,
    PERCENT_ENCODED,
    UTF8_BYTES,
    UTF16_UNITS,
    BudgetExceeded,
    CharSet,
    Measure,
    lengths,
    pattern,
    words,
)

MEASURES = [CHARACTERS, UTF8_BYTES, UTF16_UNITS, PERCENT_ENCODED]


@pytest.mark.parametrize("measure", MEASURES, ids=[measure.name for measure in MEASURES])
@pytest.mark.parametrize(
    "text", ["^[a-zé😀]{1,9}$", "^(a|é{2}|😀)/?$", "^x{3}(é|ab)?$", "^$", "^(ab|é{3}c){2,3}$"]
)
def test_the_longest_member_weighs_the_greatest_length(measure, text):
    """The witness is a member and weighs what is said, and no member weighs more."""
    language = pattern(text)
    witness = language.longest(measure)
    assert language.accepts(witness)
    assert measure.of_text(witness) == language.max_length(measure)
    assert all(measure.of_text(member) <= language.max_length(measure) for member in language.members(2000))


def test_units():
    """A character is one to four bytes, one or two UTF-16 units, and up to twelve characters of a URL."""
    assert [measure.of_text("aé€😀 ") for measure in MEASURES] == [5, 11, 6, 31]
    assert pattern("^.{1,10}$").max_length(UTF8_BYTES) == 40
    assert pattern("^.{1,10}$").max_length(UTF16_UNITS) == 20
    assert pattern("^.{1,10}$").max_length(PERCENT_ENCODED) == 120
    assert pattern("^[a-z_.~-]{1,10}$").max_length(PERCENT_ENCODED) == 10


def test_without_end():
    """A language without a longest member says so; so does one without any."""
    assert ANY.max_length() is None and ANY.longest() is None
    assert pattern("^a+$").longest(UTF8_BYTES) is None
    assert (pattern("^a") & pattern("^b")).max_length() == 0
    assert (pattern("^a") & pattern("^b")).longest() is None
    assert (pattern("^(aa)*$") & lengths(3, 3)).longest() is None
    assert (pattern("^(aa)*$") & lengths(3, 5)).longest() == "aaaa"
    assert (pattern("^(a|b{30})$") & lengths(0, 20)).longest() == "a"
    assert (pattern("^(a{2}|b{3})$") & lengths(0, 2)).longest() == "aa"
    assert words(["a", "ééé"]).longest(UTF8_BYTES) == "ééé"


def test_very_long_strings_are_not_measured_one_by_one():
    """Beyond a million characters the question is refused, not answered slowly."""
    with pytest.raises(BudgetExceeded, match="not measured"):
        lengths(0, 10**9).max_length()


def test_a_measure_of_ones_own():
    """The first set that holds a character decides; one character may count for nothing."""
    spoken = Measure.of("spoken", [(CharSet.of("w"), 3), (CharSet.of("-w"), 0)], default=1)
    assert spoken.of_text("www-a") == 10
    assert pattern("^[a-z-]{2}-?$").max_length(spoken) == 6
