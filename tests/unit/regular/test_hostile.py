"""Hostile patterns: an answer or a reason within a fixed number of steps, never a hang or a crash."""

from functools import reduce

import pytest

from canonry.regular import (
    Budget,
    BudgetExceeded,
    UnsupportedPattern,
    concat,
    current,
    lengths,
    literal,
    pattern,
    spending,
    union,
    words,
)

EMAIL = (
    r"^(?:[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r'|"(?:[\x01-\x08\x0b\x0c\x0e-\x1f\x21\x23-\x5b\x5d-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*")'
    r"@(?:(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
    r"|\[(?:(?:(2(5[0-5]|[0-4][0-9])|1[0-9][0-9]|[1-9]?[0-9]))\.){3}"
    r"(?:(2(5[0-5]|[0-4][0-9])|1[0-9][0-9]|[1-9]?[0-9])|[a-z0-9-]*[a-z0-9]:"
    r"(?:[\x01-\x08\x0b\x0c\x0e-\x1f\x21-\x5a\x53-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])+)\])$"
)
HOST = r"^(?=.{1,253}$)(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*$"
MANY = "|".join(f"w{number:05d}" for number in range(2000))

PERIODS = [pattern(f"^(a{{{count}}})*$") for count in (97, 89, 83)]

ANSWERED = {
    "(a|aa)+$": lambda: pattern("(a|aa)+$").equals(pattern("a$")),
    "^(a+)+$": lambda: pattern("^(a+)+$").equals(pattern("^a+$")),
    ".{1,5000}": lambda: pattern("^.{1,5000}$").includes(pattern("^[a-z]{3,4000}$")),
    "nested counts": lambda: pattern("^(a{1,100}){1,100}$").equals(pattern("^a{1,10000}$")),
    "fifty groups": lambda: pattern("(" * 50 + "a" + ")+" * 50).equals(pattern("a")),
    "optional runs": lambda: pattern("^(a?){50}a{50}$").equals(pattern("^a{50,100}$")),
    "a thousand stars": lambda: pattern("^" + "a*" * 1000 + "$").equals(pattern("^a*$")),
    "exponential, but refuted early": lambda: not pattern("^.*a.{40}$").includes(pattern("^b$")),
    "100 KB of one word": lambda: pattern("^" + "abcdefghij" * 10_000 + "$").min_length() == 100_000,
    "100 KB of words": lambda: pattern(f"^({MANY}|{MANY.replace('w', 'v')})$").count() == 4000,
    "words searched for": lambda: pattern("w").includes(pattern(f"({MANY})")),
    "words by the thousand": lambda: (
        (pattern("^[0-9]{1,9}$") - words(map(str, range(9_000)))).shortest() == "00"
    ),
    "many unions": lambda: union(*[pattern(f"^x{n}.*y$") for n in range(300)]).includes(pattern("^x5.y$")),
    "many intersections": lambda: reduce(
        lambda left, right: left & right, [~pattern(f"x{n}y") for n in range(60)]
    ).includes(pattern("^[a-z]$")),
    "e-mail": lambda: pattern(EMAIL).includes(pattern(r"^[a-z]+@[a-z]+\.com$")),
    "host": lambda: pattern(HOST).includes(pattern("^[a-z]{1,63}$")),
    "copies by the thousand million": lambda: pattern("^(ab){1000000000}$").min_length() == 2 * 10**9,
    "a long string": lambda: len((pattern("^a*$") & lengths(10**5)).shortest()) == 10**5,
    "a long count": lambda: pattern("^[a-z]{0,2000}$").count() > 26**2000,
    "a long concatenation": lambda: (
        concat(pattern("^[a-z]{1,4000}$"), literal("-"), pattern("^[0-9]{1,4000}$")).shortest() == "a-0"
    ),
    "a class of thousands": lambda: (
        pattern("^[" + "".join(chr(0x4E00 + 2 * n) for n in range(5000)) + "]$").count() == 5000
    ),
    "a long text": lambda: not pattern("^(a|a)*b$").accepts("a" * 100_000),
    "a long text, exponential automaton": lambda: pattern("^(a|b)*a(a|b){60}$").accepts("ba" * 50_000),
}


@pytest.mark.parametrize("question", ANSWERED.values(), ids=ANSWERED)
def test_hostile_questions_that_are_answered(question):
    """Right, and within the default budget."""
    assert question()


UNANSWERED = {
    "exponential": lambda: pattern("^(a|b)*a(a|b){20}$").equals(pattern("^[ab]*a[ab]{20}$")),
    "periods": lambda: PERIODS[0].disjoint(PERIODS[1] & PERIODS[2] & lengths(1)),
    "unfolds": lambda: concat(*[pattern("^[a-z]{1,4000}$") for _ in range(9)]).shortest(),
    "a text for a slow automaton": lambda: pattern("^(" + "(a|b)?" * 3000 + "c)*$").accepts("ab" * 100_000),
}


@pytest.mark.parametrize("question", UNANSWERED.values(), ids=UNANSWERED)
def test_hostile_questions_that_are_given_up(question):
    """The bound is deterministic: steps or size, never the clock, and nothing else is raised."""
    said = []
    for _ in range(2):
        with spending(Budget(500_000)), pytest.raises((BudgetExceeded, UnsupportedPattern)) as raised:
            question()
        said.append(str(raised.value))
    assert said[0] == said[1]


def test_budgets():
    """One budget is shared by all that happens inside; without one, each question has its own."""
    budget = Budget(100)
    with spending(budget) as active:
        assert active is budget is current()
        current().spend(60)
        assert budget.left == 40
        with pytest.raises(BudgetExceeded, match="not decided within 100 steps"):
            current().spend(41)
    assert budget.left == 0 and current() is not current()
    assert BudgetExceeded(1).advice()
