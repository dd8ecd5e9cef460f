"""Patterns over a small alphabet, so that collisions happen and brute force reaches far."""

from itertools import product

from hypothesis import strategies as st

ALPHABET = "ab-"
STRINGS = ["".join(letters) for size in range(6) for letters in product(ALPHABET, repeat=size)]
"""Every string of up to five characters."""

_ATOMS = st.sampled_from(["a", "b", "-", "[ab]", "[^a]", ".", r"\w", r"[\w-]", "(?:)"])
_COUNTS = st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "{0,12}", "{3,9}", "*?"])


def _extended(inner):
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, _COUNTS).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
    )


trees = st.recursive(_ATOMS, _extended, max_leaves=6)
"""Patterns without assertions."""

_ASSERTED = st.one_of(_ATOMS, st.sampled_from(["^", "$", r"\b", r"\B"]))
asserted = st.recursive(_ASSERTED, _extended, max_leaves=6)
"""Patterns with assertions anywhere."""

patterns = st.one_of(
    trees,
    trees.map("^{}$".format),
    trees.map("^{}".format),
    trees.map("{}$".format),
    asserted,
    st.tuples(asserted, trees).map("|".join),
)

_LOOK = st.tuples(st.sampled_from(["=", "!"]), st.one_of(trees, trees.map("{}$".format))).map(
    lambda pair: f"(?{pair[0]}{pair[1]})"
)
_BEHIND = st.tuples(
    st.sampled_from(["=", "!"]), st.sampled_from(["a", "b", "-", "ab", "[ab]", "^a", "^"])
).map(lambda pair: f"(?<{pair[0]}{pair[1]})")
_LOOKING = st.recursive(st.one_of(_ATOMS, _LOOK, _BEHIND), _extended, max_leaves=6)
looking = st.one_of(_LOOKING.map("^{}$".format), _LOOKING, _LOOKING.map("^{}".format))
"""Patterns with lookarounds."""


def for_python(text):
    """The same pattern for Python's `re` (with `re.ASCII`), on strings without line ends."""
    return text.replace("$", r"\Z").replace(r"\B", r"(?!\b)")  # re 3.11 finds no \\B in the empty string
