"""Languages against Python's `re` on every short string."""

import re
from functools import wraps

from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st
from tests.property.regular.strategies import STRINGS, asserted, for_python, looking, patterns, trees

from canonry.regular import (
    ANY,
    CHARACTERS,
    Budget,
    BudgetExceeded,
    Language,
    UnsupportedPattern,
    concat,
    lengths,
    optional,
    pattern,
    repeat,
    spending,
    star,
    words,
)
from canonry.regular.graph import explore
from canonry.regular.minimal import minimal

BOUNDED = settings(deadline=None, max_examples=150)


def decided(test):
    """A pattern whose automaton is exponential, as `a.{0,30}$` is, is no example of the law under test."""

    @wraps(test)
    def within_budget(*args, **kwargs):
        try:
            test(*args, **kwargs)
        except BudgetExceeded:
            reject()

    return within_budget


def expected(text):
    """The short strings in which `re` finds the pattern."""
    compiled = re.compile(for_python(text), re.ASCII)
    return {string for string in STRINGS if compiled.search(string)}


def accepted(language):
    """The short strings that the language accepts."""
    return {string for string in STRINGS if language.accepts(string)}


@BOUNDED
@given(patterns)
def test_a_pattern_accepts_what_re_finds(text):
    """Parsing, anchors, word boundaries, counts."""
    assert accepted(pattern(text)) == expected(text)


@BOUNDED
@given(asserted)
def test_a_whole_match_is_what_re_matches_fully(text):
    """`anchored` languages, with assertions anywhere."""
    compiled = re.compile(for_python(text), re.ASCII)
    assert accepted(pattern(text, anchored=True)) == {s for s in STRINGS if compiled.fullmatch(s)}


@BOUNDED
@given(looking)
def test_lookarounds_accept_what_re_finds(text):
    """Where they are decided at all."""
    try:
        language = pattern(text)
    except UnsupportedPattern:
        reject()
    assert accepted(language) == expected(text)


@BOUNDED
@given(patterns, patterns, st.integers(0, 3), st.integers(0, 4))
@decided
def test_operations_are_those_of_sets(left, right, low, span):
    """Union, intersection, difference, symmetric difference, complement and lengths, on the same strings."""
    first, second = pattern(left) & lengths(low, low + span), pattern(right)
    ours, theirs = {s for s in expected(left) if low <= len(s) <= low + span}, expected(right)
    assert accepted(first & second) == ours & theirs
    assert accepted(first | second) == ours | theirs
    assert accepted(first - second) == ours - theirs
    assert accepted(second - first) == theirs - ours
    assert accepted(first ^ second) == ours ^ theirs
    assert accepted(~first) == set(STRINGS) - ours


@BOUNDED
@given(patterns, patterns)
@decided
def test_inclusion_agrees_with_its_counterexample(left, right):
    """Either every short string agrees, or the shortest counterexample is one."""
    first, second = pattern(left), pattern(right)
    ours, theirs = expected(left), expected(right)
    missing = (second - first).shortest()
    assert first.includes(second) == (missing is None)
    if missing is None:
        assert theirs <= ours
    else:
        assert second.accepts(missing) and not first.accepts(missing)
        assert len(missing) == (second - first).min_length()
        assert all(len(missing) <= len(string) for string in theirs - ours)
    assert first.equals(second) == (first.includes(second) and second.includes(first))
    assert first.disjoint(second) == (first & second).is_empty()
    assert (first | ~first).is_universal() and (first & ~first).is_empty()


@BOUNDED
@given(trees.map("^{}$".format), st.integers(0, 2), st.integers(0, 3))
@decided
def test_finite_languages_are_counted_and_listed(text, low, span):
    """Count, members, shortest, longest and `words` of the members agree with each other and with `re`."""
    language = pattern(text) & lengths(low, low + span) & pattern("^[ab-]*$")
    ours = {string for string in expected(text) if low <= len(string) <= low + span}
    members = list(language.members())
    assert set(members) == ours and len(members) == len(ours) == language.count()
    assert [len(member) for member in members] == sorted(len(member) for member in members)
    assert language.is_finite() and language.equals(words(ours))
    assert language.max_length() == max(map(len, ours), default=0)
    assert (language.longest() is None) == (language.shortest() is None) == (not ours)
    if ours:
        assert language.longest() in ours and CHARACTERS.of_text(language.longest()) == language.max_length()


@BOUNDED
@given(st.lists(st.sampled_from(STRINGS), max_size=8), st.lists(st.sampled_from(STRINGS), max_size=8), trees)
@decided
def test_words_behave_as_the_automaton_of_the_same_words(left, right, text):
    """Whether a language is kept as words shows in no answer."""
    kept, other, some = words(left), words(right), pattern(text)
    automatic = (kept | pattern("^c{3,9}$")) - pattern("^c{3,9}$")
    assert automatic.equals(kept) and automatic.count() == kept.count()
    for mine in (kept, automatic):
        assert accepted(mine) == set(left)
        assert accepted(mine & some) == set(left) & expected(text)
        assert accepted(some - mine) == expected(text) - set(left)
        assert accepted(mine | other) == set(left) | set(right)
        assert accepted(~mine) == set(STRINGS) - set(left)
        assert mine.shortest() == kept.shortest() and mine.max_length() == kept.max_length()
        assert mine.includes(other) == (set(right) <= set(left))


@BOUNDED
@given(trees, trees, st.integers(0, 2), st.integers(0, 2))
@decided
def test_composition_is_that_of_patterns(left, right, low, span):
    """Concatenation and repetition of languages against the pattern that says the same."""
    assume("{0,12}" not in left and "{3,9}" not in left)  # what follows a long middle is exponential
    first, second = pattern(left, anchored=True), pattern(right, anchored=True) & lengths(0, 4)
    bounded = pattern(f"(?:{right})", anchored=True) & lengths(0, 4)
    assert concat(first, literal_of(left), first).equals(
        pattern(f"(?:{left}){left_text(left)}(?:{left})", anchored=True)
    )
    assert repeat(first, low, low + span).equals(pattern(f"(?:{left}){{{low},{low + span}}}", anchored=True))
    assert repeat(first, low).equals(pattern(f"(?:{left}){{{low},}}", anchored=True))
    assert star(first).equals(pattern(f"(?:{left})*", anchored=True))
    assert optional(bounded).equals(second | words([""]))
    pairs = {a + b for a in accepted(first) for b in accepted(second)}
    assert accepted(concat(first, second)) == pairs & set(STRINGS)


def left_text(text):
    """A fixed text to put between two patterns."""
    return "ab" if len(text) % 2 else "-"


def literal_of(text):
    """Its language."""
    return words([left_text(text)])


@BOUNDED
@given(patterns)
@decided
def test_images_under_case_folding(text):
    """The image holds each member's lower case; the pre-image is what folds to a member."""
    upper = text.replace("a", "A").replace(r"\W", r"\w")
    language = pattern(upper)
    image, folded = language.lower(), language.case_folded_preimage()
    for string in STRINGS[:150]:
        mixed = string.replace("a", "A", 1)
        if language.accepts(mixed):
            assert image.accepts(mixed.lower())
        assert folded.accepts(mixed) == language.accepts(mixed.lower())
    assert image.case_folded_preimage().includes(language)
    assert image.lower().equals(image)


@BOUNDED
@given(patterns, patterns)
@decided
def test_minimal_automata_are_equal_and_smallest(left, right):
    """Equal languages have equally many states; the language stays the same."""
    budget = Budget(10**9)
    first, second = pattern(left) & pattern(right), ~(~pattern(right) | ~pattern(left))
    one, other = minimal(first.plain(), budget), minimal(second.plain(), budget)
    assert len(explore(one, budget)) == len(explore(other, budget)) <= len(explore(first.plain(), budget))
    assert Language([(0, None, one)]).equals(first)


@BOUNDED
@given(patterns, st.integers(0, 2000))
def test_a_budget_is_kept_and_its_verdict_repeats(text, steps):
    """The same question under the same budget ends the same way, asked before or not."""
    outcomes = []
    for _ in range(2):
        try:
            with spending(Budget(steps)) as budget:
                outcome = (pattern(text) - pattern("^a")).shortest()
        except BudgetExceeded:
            outcome = "exceeded"
        outcomes.append((outcome, budget.spent))
    assert outcomes[0] == outcomes[1]


@given(st.text(max_size=20))
@settings(deadline=None, max_examples=300)
def test_any_text_is_read_or_refused(text):
    """No text makes the parser fail in another way, and what is read can be asked."""
    from canonry.regular import PatternSyntaxError, shared_subset

    shared_subset(text)
    try:
        language = pattern(text)
    except (PatternSyntaxError, UnsupportedPattern):
        return
    assert language.includes(language & ANY)


SYNTAX = st.text(alphabet=r"()[]{}|*+?^$.\-,:=!<>Pabdwsupkx0123", max_size=14)


@given(SYNTAX)
@settings(deadline=None, max_examples=400)
def test_any_text_of_syntax_is_read_or_refused(text):
    """The same for texts made of what patterns are made of."""
    from canonry.regular import PatternSyntaxError, shared_subset

    shared_subset(text)
    try:
        language = pattern(text)
    except (PatternSyntaxError, UnsupportedPattern):
        return
    found = language.shortest()
    assert found is None or language.accepts(found)
