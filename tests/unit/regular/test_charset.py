"""Sets of code points and partitions."""

import unicodedata

import pytest

from canonry.regular import CharSet, unicode
from canonry.regular.charset import ALL, LAST, TRIVIAL, partition, rank


def test_sets_are_sorted_ranges_without_surrogates():
    """Ranges are merged; what no JSON text can hold is left out."""
    assert CharSet([(5, 9), (1, 4), (7, 12), (20, 20)]).ranges == ((1, 12), (20, 20))
    assert CharSet([(0xD000, 0xE000)]).ranges == ((0xD000, 0xD7FF), (0xE000, 0xE000))
    assert CharSet([(0xD800, 0xDFFF)]).ranges == () and not CharSet([(0xD900, 0xDA00)])
    assert CharSet([(0xD900, 0xE000)]).ranges == ((0xE000, 0xE000),)
    assert len(ALL) == LAST + 1 - 2048


def test_set_operations():
    """Union, intersection, difference and complement, against Python's sets."""
    left, right = CharSet.of("abcxyz1"), CharSet([(ord("b"), ord("p")), (ord("1"), ord("5"))])
    assert set(left & right) == set(left) & set(right)
    assert set(left | right) == set(left) | set(right)
    assert set(left - right) == set(left) - set(right)
    assert ~~left == left and (left & ~left) == CharSet() and (left | ~left) == ALL and CharSet() == ~ALL
    assert "a" in left and "d" not in left and "\x00" not in left
    assert left == CharSet.of("1zyxcba") and hash(left) == hash(CharSet.of("1zyxcba")) and left != "abc"
    assert repr(CharSet.of("ab") | CharSet.of("é")) == "CharSet(U+0061-U+0062, U+00E9)"


def test_the_most_readable_member_comes_first():
    """Every member is listed once, letters first."""
    assert ALL.pick() == "a" and CharSet.of("\x00 é").pick() == " "
    assert list(CharSet.of("-Z9a \x07").readable()) == ["a", "9", "Z", "-", " ", "\x07"]
    assert sorted("\x07 Z9-a_.", key=rank) == ["a", "9", "Z", "-", "_", ".", " ", "\x07"]
    assert rank("\ud800") > rank("\x00")
    with pytest.raises(ValueError, match="no member"):
        CharSet().pick()


def test_a_partition_tells_sets_apart_and_nothing_else():
    """Characters that lie in the same sets share a class; lone surrogates follow their neighbour."""
    classes, members = partition([CharSet([(ord("a"), ord("f"))]), CharSet([(ord("d"), ord("z"))])])
    assert classes.size == len(members) == 4
    assert [members[classes.class_of(char)] for char in "adz-é"] == [1, 3, 2, 0, 0]
    assert classes.class_of("\ud800") == classes.class_of("\ud7ff")
    assert sum(map(len, classes.charsets)) == len(ALL)
    beyond, _ = partition([CharSet([(0xE000, LAST)])])
    assert beyond.class_of("\ud800") == beyond.class_of("a") != beyond.class_of("\ue000")
    whole, _ = partition([ALL])
    assert whole.size == 1


def test_joining_partitions():
    """The joined classes know which class of each side they lie in."""
    left, _ = partition([CharSet.of("abc")])
    right, _ = partition([CharSet.of("cde"), CharSet.of("😀")])
    joined, left_of, right_of = left.join(right)
    for char in "abcdef😀é\U0010ffff":
        index = joined.class_of(char)
        assert left_of[index] == left.class_of(char) and right_of[index] == right.class_of(char)
    same, first, second = left.join(left)
    assert same is left and first == second == [0, 1]
    assert left.join(TRIVIAL)[0].size == 2
    assert joined.charset([joined.class_of("a")]) == CharSet.of("ab")
    assert joined.charset([joined.class_of("a"), joined.class_of("d")]) == CharSet.of("abde")


def test_general_categories_agree_with_the_interpreter():
    """Every code point, against `unicodedata`; planes that are not walked included."""
    found = {}
    for point in range(LAST + 1):
        if not 0xD800 <= point <= 0xDFFF:
            found.setdefault(unicodedata.category(chr(point)), []).append(point)
    for name, points in found.items():
        assert unicode.category(name) == CharSet((point, point) for point in points), name
    letters = [found[name] for name in ("Lu", "Ll", "Lt", "Lm", "Lo")]
    assert unicode.named("L") == CharSet((point, point) for points in letters for point in points)
    assert unicode.category("Greek") is None and unicode.named("sc=Greek") is None
