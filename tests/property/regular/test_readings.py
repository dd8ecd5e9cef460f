"""Ambiguity and overlap of templates against enumeration of everything they build."""

from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from canonry.regular import (
    Choice,
    Literal,
    Optional,
    Slot,
    UnsupportedPattern,
    ambiguity,
    built,
    lengths,
    overlap,
    pattern,
    words,
)

_WORDS = st.lists(
    st.sampled_from(["", "a", "b", "_", "ab", "a_", "_b", "ba", "aa", "a_b"]), min_size=1, max_size=4
)
_SLOTS = st.builds(lambda name, texts: Slot(name, words(texts)), st.sampled_from("xyz"), _WORDS)
_LITERALS = st.sampled_from(["_", "a", "b", "ab"]).map(Literal)


def _nested(inner):
    sequences = st.lists(inner, min_size=1, max_size=2).map(tuple)
    return st.one_of(
        sequences.map(Optional),
        st.lists(sequences, min_size=2, max_size=2).map(lambda parts: Choice(tuple(parts))),
    )


templates = st.lists(
    st.recursive(st.one_of(_SLOTS, _LITERALS), _nested, max_leaves=4), min_size=1, max_size=4
)


def everything(parts):
    """Every string with every reading of it; a slot that stands twice agrees with itself."""
    builds = [("", {})]
    for part in parts:
        if isinstance(part, Literal):
            more = [(part.text, {})]
        elif isinstance(part, Slot):
            more = [(text, {part.name: text}) for text in part.language.members()]
        elif isinstance(part, Optional):
            more = [("", {}), *everything(part.parts)]
        else:
            more = [build for option in part.options for build in everything(option)]
        builds = [
            (text + rest, values | others)
            for text, values in builds
            for rest, others in more
            if all(values.get(name, value) == value for name, value in others.items())
        ]
    return builds


def readings(parts):
    """For each string the different readings it has."""
    found = {}
    for text, values in everything(parts):
        if values not in found.setdefault(text, []):
            found[text].append(values)
    return found


@settings(deadline=None, max_examples=300)
@given(templates)
def test_ambiguity_is_exact(parts):
    """None exactly where no string has two readings; else a shortest such string and two of its readings."""
    found = readings(parts)
    twice = [text for text, values in found.items() if len(values) > 1]
    try:
        clash = ambiguity(parts)
    except UnsupportedPattern:
        reject()
    if clash is None:
        assert not twice
        return
    assert clash.text in twice and dict(clash.first) != dict(clash.second)
    assert dict(clash.first) in found[clash.text] and dict(clash.second) in found[clash.text]
    names = [part.name for part in parts if isinstance(part, Slot)]
    if len(names) == len(parts) == len(set(names)):
        assert len(clash.text) == min(map(len, twice))


@settings(deadline=None, max_examples=300)
@given(templates, templates)
def test_overlap_is_exact(left, right):
    """None exactly where no string is built by both; else such a string with a reading of each."""
    first, second = readings(left), readings(right)
    try:
        clash = overlap(left, right)
    except UnsupportedPattern:
        reject()
    if clash is None:
        assert not first.keys() & second.keys()
        return
    assert dict(clash.first) in first[clash.text] and dict(clash.second) in second[clash.text]


@settings(deadline=None, max_examples=100)
@given(templates)
def test_what_a_template_builds_is_a_language(parts):
    """Without slots that stand twice, exactly the strings that were enumerated."""
    names = [name for text, values in everything(parts) for name in values]
    slots = str(parts).count("Slot(")
    assume(slots == len(set(names)))
    assert built(parts).equals(words(readings(parts)))


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), min_size=2, max_size=3),
    st.sampled_from(["", "-"]),
)
def test_lengths_of_slots_are_counted(bounds, delimiter):
    """Slots over one letter with bounds of length: ambiguous exactly where one boundary can move."""
    parts = []
    for number, (low, span) in enumerate(bounds):
        if parts and delimiter:
            parts.append(Literal(delimiter))
        parts.append(Slot(f"s{number}", pattern("^[a]*$") & lengths(low, low + span)))
    movable = sum(span > 0 for _, span in bounds) > 1
    clash = ambiguity(parts)
    assert (clash is not None) == (movable and not delimiter)
    if clash is not None:
        assert len(clash.text) == sum(low for low, _ in bounds) + 1
