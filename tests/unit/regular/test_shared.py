"""The subset of patterns that every engine reads alike."""

import pytest

from canonry.regular import shared_subset

FINE = [
    "",
    "^[A-Z0-9-]{6,32}$",
    r"^\d{4}-\d{2}$",
    r"^(?:a|b)*?\w+$",
    r"^\p{L}+$",
    r"^[^\]\-\\]{1,1000}$",
    r"^\x41\.\/\t\{\}$",
    "^(?<name>a)$",
    "^é😀$",
    "^(a{10}){100}$",
]


@pytest.mark.parametrize("text", FINE)
def test_the_shared_subset_has_no_problems(text):
    """What RE2, ECMA-262 and Rust's engine read alike passes."""
    assert shared_subset(text) == ()


REFUSED = [
    (r"a(b)\1", 4, "backreference"),
    (r"(?<n>a)\k<n>", 7, "backreference"),
    ("a(?=b)", 1, "lookahead"),
    ("a(?!b)", 1, "lookahead"),
    ("(?<=a)b", 0, "lookbehind"),
    ("(?<!a)b", 0, "lookbehind"),
    ("a[^]", 1, r"\[\^\]"),
    ("[]", 0, r"\[\]"),
    (r"[\d-x]", 1, "in a class"),
    (r"[a-\d]", 1, "in a class"),
    ("(?P<n>a)", 0, "Python"),
    ("(?i)a", 0, "flags"),
    ("(?i:a)", 0, "flags"),
    (r"a\Z", 1, "end of the text"),
    (r"\Aa", 0, "start of the text"),
    ("a++", 2, "repeats a repetition"),
    ("(?>a)", 0, "atomic"),
    ("a{1001}", 1, "above 1000"),
    ("(a{100}){11}", 0, "nested"),
    (r"\u0041", 0, r"\\u"),
    (r"a\_", 1, "needless escape"),
    ("a{x", 1, "unescaped"),
    ("a]", 1, "unescaped"),
    (r"\p{Letter}", 0, "RE2 does not know"),
    (r"\p{Script=Greek}", 0, "RE2 does not know"),
    (r"\cA", 0, r"\\c"),
    (r"\0", 0, r"\\0"),
    (r"[\b]", 1, "backspace"),
    ("(?<a>x)(?<a>y)", 7, "named 'a'"),
    ("(" * 100 + ")" * 100, 50, "nested"),
]


@pytest.mark.parametrize(("text", "position", "what"), REFUSED, ids=[row[0][:20] for row in REFUSED])
def test_what_some_engine_refuses_is_reported_with_its_place(text, position, what):
    """Each construct outside the subset has its position and a sentence."""
    problems = [problem for problem in shared_subset(text) if problem.kind == "refused"]
    assert problems[0].position == position
    assert pytest.importorskip("re").search(what, str(problems[0]))
    assert f"(at character {position + 1})" in str(problems[0])


@pytest.mark.parametrize("text", ["a.b", r"\ba", r"\B", r"\s", r"[\S]", "[[a]", "[a&&b]", "[a~~b]", "[+--]"])
def test_what_engines_read_differently_is_told_apart(text):
    """`.` and white space, and what set arithmetic may be seen in, are taken by all but mean others."""
    assert [problem.kind for problem in shared_subset(text)] == ["differs"]


def test_problems_come_in_the_order_of_the_text_and_the_error_last():
    """Several problems at once; behind a syntax error nothing can be read."""
    assert [problem.position for problem in shared_subset(r"(?=a)\_\Zb")] == [0, 5, 7]
    assert str(shared_subset("a]")[0]) == r"an unescaped ']' (at character 2): write \]"
