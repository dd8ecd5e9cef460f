"""The machinery below `Language`, where no pattern reaches."""

import pytest

from canonry.regular import ANY, Budget, lengths, pattern, words
from canonry.regular.assertions import language as asserted
from canonry.regular.automaton import DEAD, EVERYTHING, FULL, NOTHING, Automaton, product
from canonry.regular.bitmask import bits
from canonry.regular.charset import ALL, TRIVIAL, CharSet
from canonry.regular.graph import explore
from canonry.regular.measure import CHARACTERS, longest
from canonry.regular.minimal import minimal
from canonry.regular.nearest import levels
from canonry.regular.positions import IMPOSSIBLE, Positions, factored
from canonry.regular.syntax import Assertion, Chars, Look, Repeat, Seq, alt, seq
from canonry.regular.trees import language as plain
from canonry.regular.trees import size


def automaton(text):
    """The automaton of a pattern."""
    return pattern(text).plain()


def test_products_with_constants_are_no_products():
    """Where one side decides, the other is returned as it is."""
    some = automaton("^ab*$")
    for operation, constant, expected in (
        ("and", NOTHING, NOTHING),
        ("and", EVERYTHING, some),
        ("or", NOTHING, some),
        ("or", EVERYTHING, EVERYTHING),
        ("xor", NOTHING, some),
    ):
        assert product(operation, some, constant) is expected
        assert product(operation, constant, some) is expected
    assert product("minus", some, EVERYTHING) is NOTHING and product("minus", NOTHING, some) is NOTHING
    assert product("minus", some, NOTHING) is some
    assert product("and", some, some) is product("or", some, some) is some
    assert product("minus", some, some) is product("xor", some, some) is NOTHING
    opposite = product("minus", EVERYTHING, some)
    for left, right in ((some, opposite), (opposite, some)):
        assert product("and", left, right) is NOTHING and product("or", left, right) is EVERYTHING
        assert product("xor", left, right) is EVERYTHING and product("minus", left, right) is left
    for other in (
        opposite,
        product("xor", some, EVERYTHING),
        product("xor", EVERYTHING, some),
    ):
        assert product("xor", other, EVERYTHING) is some


def test_constant_states_decide_for_good():
    """A run that has reached state 0 or 1 reads no further."""
    found = automaton("ab")
    assert found.run("xxab" + "z" * 50, Budget()) == FULL
    assert automaton("^ab").run("ba", Budget()) == DEAD
    assert levels(NOTHING, Budget()) is None and levels(EVERYTHING, Budget()) == [[FULL]]
    lazy = Automaton(TRIVIAL)
    state = lazy._new(accepting=True)
    with pytest.raises(NotImplementedError):
        lazy.row(state)


def test_what_is_not_resolved_is_refused():
    """Trees with assertions or lookarounds never become positions by mistake."""
    look = Look(ahead=True, negative=False, body=Seq(()))
    with pytest.raises(TypeError, match="resolved"):
        Positions(Budget()).build(Assertion("^"))
    with pytest.raises(TypeError, match="resolved"):
        asserted(look)
    with pytest.raises(TypeError, match="resolved"):
        size(look)
    with pytest.raises(ValueError, match="without end"):
        longest(explore(automaton("^a*$"), Budget()), 0, None, CHARACTERS, Budget())


def test_impossible_parts():
    """The empty class makes what needs it impossible, and what does not stays."""
    never, some = Chars(CharSet()), Chars(CharSet.of("a"))
    positions = Positions(Budget())
    assert positions.build(Seq((some, never))) is IMPOSSIBLE
    assert positions.build(Seq((never, some))) is IMPOSSIBLE
    assert positions.either([IMPOSSIBLE, IMPOSSIBLE]) is IMPOSSIBLE
    assert positions.then(IMPOSSIBLE, positions.build(some)) is IMPOSSIBLE
    assert plain(Seq((never, Repeat(some, 0, None)))).is_empty()
    assert plain(Repeat(Seq((never, some)), 0, None)).equals(words([""]))
    assert plain(Repeat(Seq((never, some)), 2, None)).is_empty()


def test_factoring_stops_at_a_depth():
    """Words of which each begins the next are factored only so far; the language stays."""
    items = [seq([Chars(CharSet.of("a"))] * count) for count in range(1, 60)]
    assert plain(Seq((alt(factored(items, 0)), Chars(CharSet.of("bc"))))).accepts("a" * 59 + "b")
    chars = [Chars(CharSet.of(char)) for char in "xyz"]
    assert factored([seq(chars), seq(chars[:2]), seq(())], 0)[0].items[:2] == tuple(chars[:2])


def test_graphs_of_nothing():
    """A language that turns out empty only when explored."""
    empty = product("and", automaton("^a+$"), automaton("^b+$"))
    graph = explore(empty, Budget())
    assert graph.start is None and len(graph) == 0 and graph.order() == []
    assert graph.layers.first(0, None, Budget()) is None
    assert minimal(empty, Budget()) is NOTHING
    assert (pattern("^a+$") & pattern("^b+$")).count() == 0
    assert (pattern("^a+$") & pattern("^b+$")).lower().is_empty()


def test_layers_end():
    """Lengths are looked for until they repeat, and not beyond a bound."""
    layers = explore(automaton("^(aaa)+$"), Budget()).layers
    assert layers.first(4, None, Budget()) == 6 and layers.first(4, 5, Budget()) is None
    assert layers.first(5, 4, Budget()) is None
    assert explore(automaton("^a{3}$"), Budget()).layers.first(4, None, Budget()) is None
    assert explore(automaton("^(aaa)+$"), Budget()).layers.first(10**9, None, Budget()) == 10**9 + 2
    finite = explore(automaton("^a?$"), Budget()).layers
    assert finite.first(10**9, None, Budget()) is None and finite.first(0, 9, Budget()) == 0


def test_long_bit_masks():
    """Sets of numbers large and small."""
    for numbers in ([], [0], [3, 64, 255], [0, 256, 300, 5000]):
        assert list(bits(sum(1 << number for number in numbers))) == numbers


def test_minimal_automata():
    """Equal classes are merged, dead and unreachable states are gone."""
    small = minimal(automaton("^(ab|ac|db|dc)$"), Budget())
    assert small.partition.size == 3 and len(explore(small, Budget())) == 3
    assert minimal(EVERYTHING, Budget()).partition.size == 1
    assert minimal((ANY - words([""])).plain(), Budget()).accepting.count(True) == 2


def test_few_words_and_many():
    """Patterns of few words are kept as words; products that would be many are not spelt out."""
    assert pattern("^(ab|c)(dd|e)?$").spelt == {"ab", "c", "abdd", "cdd", "abe", "ce"}
    assert pattern("^[ab]{2}$").spelt is None and pattern("^(aa|[bc]d)$").spelt is None
    assert pattern("^a[bc]$").spelt is None and pattern("^(a[bc])?$").spelt is None
    assert pattern("^" + "(ab|cd)" * 9 + "$").count() == 512
    assert pattern("^[]$").spelt == frozenset()
    many = [f"{number:x}q" for number in range(150)]
    assert pattern(f"^({'|'.join(many)})({'|'.join(many)})x?$").accepts("1q2qx")


def test_counts_beside_each_other():
    """Only one count of varying width can become an interval; two are unfolded."""
    two = pattern("^[a-z]{0,9}-[0-9]{0,9}$")
    assert two.accepts("abc-12") and two.max_length() == 19 and not two.accepts("abc")
    fixed = pattern("^[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{12}$")
    assert fixed.min_length() == fixed.max_length() == 26
    pairs = pattern("^([a-z]{2}|[0-9]{2}){7,9}-$")
    assert (
        pairs.accepts("ab12" * 4 + "-")
        and not pairs.accepts("a1" * 8 + "-")
        and not pairs.accepts("ab" * 6 + "-")
    )
    assert pattern("^(a|bb){9,12}c$").min_length() == 10
    assert pattern("^(a{20}|[0-9]+)$").accepts("a" * 20)
    assert lengths(0, 9).includes(pattern("^.{3,9}$")) and ALL
