"""Numbers: conjunctions of bounds, lattices and exclusions against brute force."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonry.schema.answers import EMPTY, Found
from canonry.schema.numbers import Maximum, Minimum, Multiple, Numbers, common_multiple
from canonry.schema.scalars import Among
from canonry.schema.values import exact, plain

NUMBERS = [Fraction(n, 4) for n in range(-12, 13)]
bounds = st.sampled_from(NUMBERS).map(exact)
steps = st.sampled_from([Fraction(n, 4) for n in (1, 2, 3, 4, 6, 8, 12)]).map(exact)
literals = st.one_of(
    st.builds(Minimum, bounds, open=st.booleans()),
    st.builds(Maximum, bounds, open=st.booleans()),
    st.builds(Multiple, steps, inside=st.booleans()),
    st.builds(Among, st.frozensets(bounds, max_size=3), inside=st.booleans()),
)


@settings(deadline=None)
@given(st.lists(literals, max_size=5))
def test_an_inhabitant_meets_every_literal_and_none_means_none(conjunction):
    """Points of a fine grid, and beyond it, are never inside what is called empty."""
    constraints = Numbers()
    plausible = all(literal.narrow(constraints) for literal in conjunction)
    answer = constraints.inhabitant(None, ()) if plausible else EMPTY
    if isinstance(answer, Found):
        assert all(literal.holds(exact(answer.value)) for literal in conjunction)
    else:
        assert answer is EMPTY
        grid = [Fraction(n, 8) for n in range(-200, 200)] + [Fraction(n, 10**6) for n in range(-3, 4)]
        assert not any(all(literal.holds(exact(n)) for literal in conjunction) for n in grid)


@given(literals, st.sampled_from(NUMBERS).map(exact))
def test_a_literal_and_its_negation_split_the_numbers(literal, number):
    """Exactly one of them holds."""
    assert literal.holds(number) is not literal.negated().holds(number)


@given(st.lists(literals, min_size=1, max_size=4), literals)
def test_a_glance_is_never_wrong(conjunction, literal):
    """What is plainly refuted has no common value; what is plainly implied holds of the inhabitant."""
    constraints = Numbers()
    if not all(part.narrow(constraints) for part in conjunction):
        return
    grid = [exact(Fraction(n, 8)) for n in range(-200, 200)]
    inside = [number for number in grid if constraints.admits(number)]
    if literal.refuted_by(constraints):
        assert not any(map(literal.holds, inside))
    if literal.implied_by(constraints):
        assert all(map(literal.holds, inside))


def test_multiples_in_common():
    """Of one half and two thirds: two."""
    assert common_multiple(exact(0.5), Fraction(2, 3)) == 2
    assert all(common_multiple(a, b) % a == 0 for a, b in product((1, 2, 3), (4, 5, 6)))


@pytest.mark.parametrize(
    ("written", "number"),
    [(19.99, Fraction(1999, 100)), (1e-300, Fraction(1, 10**300)), (2.0, 2), (1e22, 10**22)],
)
def test_a_float_is_the_decimal_that_was_written(written, number):
    """And is written so again."""
    assert exact(written) == number
    assert exact(plain(exact(written))) == number


def test_a_decimal_is_written_where_no_float_is_exact():
    """Thirty digits are kept."""
    number = Fraction(123456789012345678901234567891, 10**30)
    assert exact(plain(number)) == number
