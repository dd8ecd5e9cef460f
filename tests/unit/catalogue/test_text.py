"""JSON and YAML 1.2 read strictly, with the line of every value."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonry.catalogue.text import MAX_DEPTH, json_lines, parse, yaml_lines
from canonry.kernel import pointer as pointers

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def places(value, pointer=""):
    """The pointer of every value inside."""
    yield pointer
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, f"{pointer}/{pointers.escape(key)}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, f"{pointer}/{index}")


@given(VALUES, st.sampled_from([None, 2]))
def test_json_is_read_as_it_was_written(value, indent) -> None:
    """Value and positions survive any layout."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    if any(0xD800 <= ord(char) <= 0xDFFF for char in text):
        return  # no UTF-8
    source, faults = parse("a.json", text.encode())
    assert not faults and source.value == value
    assert [pointer for pointer, _ in json_lines(text)] == list(places(value))


@given(VALUES)
def test_the_line_of_a_json_value_is_where_it_begins(value) -> None:
    """With one value per line, the n-th value stands on the n-th line that begins one."""
    text = json.dumps(value, indent=1)
    lines = text.split("\n")
    for pointer, line in json_lines(text):
        inner = pointers.resolve(value, pointer)
        first = json.dumps(inner, indent=1).split("\n")[0]
        assert first in lines[line - 1]


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("", "syntax", 1),
        ("{", "syntax", 1),
        ('{\n "a": 1,\n}', "syntax", 2),
        ('{\n "a": NaN}', "syntax", 2),
        ("[1, -Infinity]", "syntax", 1),
        ('{"a": 1,\n "b": {"c": 1,\n "c": 2}}', "duplicate", 3),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "complex", 0),
        ("[" * 100_000, "syntax", 1),
        ('{"a":' * 100_000, "syntax", 1),
        ("[" * 100_000 + "]" * 100_000, "complex", 0),
        ("9" * 5000, "syntax", 1),
    ],
)
def test_faulty_json_is_named_with_its_line(text, kind, line) -> None:
    """The first thing that is wrong, and where."""
    _, faults = parse("a.json", text.encode())
    assert faults[0].kind in (kind, "complex")
    if faults[0].kind == kind and line:
        assert faults[0].line == line


def test_both_of_a_duplicate_are_told_and_the_rest_is_read() -> None:
    """Duplicate keys cost one finding each, not the document."""
    source, faults = parse("a.json", b'{"a": 1, "a": 2, "b": {"c": 1, "c": 2}}')
    assert source.value == {"a": 2, "b": {"c": 2}}
    assert [fault.pointer for fault in faults] == ["/a", "/b/c"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: no", {"a": "no"}),
        ("no: Norway", {"no": "Norway"}),
        ("a: off", {"a": "off"}),
        ("a: 012", {"a": 12}),
        ("a: 0o14", {"a": 12}),
        ("a: 0x1f", {"a": 31}),
        ("a: 1_000", {"a": "1_000"}),
        ("a: 12:30:45", {"a": "12:30:45"}),
        ("a: 2026-11-21", {"a": "2026-11-21"}),
        ("a: '007'", {"a": "007"}),
        ("a: ~\nb: null\nc:", {"a": None, "b": None, "c": None}),
        ("a: true\nb: True\nc: yes", {"a": True, "b": True, "c": "yes"}),
        ("a: 1.5\nb: .5\nc: 1e3", {"a": 1.5, "b": 0.5, "c": 1000.0}),
        ("a: <<", {"a": "<<"}),
        ("- 1\n- [2, {b: 3}]", [1, [2, {"b": 3}]]),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ("\ufeffa: 1", {"a": 1}),
        ("%YAML 1.2\n---\na: no", {"a": "no"}),
    ],
)
def test_yaml_is_version_1_2(text, value) -> None:
    """`no` is Norway, `012` is twelve, dates and times stay text."""
    source, faults = parse("a.yaml", text.encode())
    assert not faults and source.value == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a: [1, 2", "syntax"),
        ("a:\n\t- b", "syntax"),
        ("a: 1\na: 2", "duplicate"),
        ("a: !!python/object/apply:os.system ['true']", "syntax"),
        ("a: !!binary aGk=", "syntax"),
        ("a: !custom 1", "syntax"),
        ("a: *nothing", "syntax"),
        ("a: &x [*x]", "syntax"),
        ("? [a, b]\n: c", "syntax"),
        ("a: 1\n---\nb: 2", "syntax"),
        ("", "syntax"),
        ("[" * 70 + "]" * 70, "complex"),
        ("[" * 50_000, "complex"),
    ],
)
def test_faulty_yaml_is_named(text, kind) -> None:
    """Tags, circles and complex keys are refused like broken text."""
    source, faults = parse("a.yaml", text.encode())
    assert faults[0].kind == kind
    if kind != "duplicate":
        assert source.value is None


def test_a_yaml_bomb_is_refused_at_once() -> None:
    """Nine levels of nine aliases are 387 million values; nobody waits for them."""
    text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for last, name in zip("abcdefgh", "bcdefghi", strict=True):
        text += f"{name}: &{name} [{', '.join([f'*{last}'] * 9)}]\n"
    start = time.process_time()
    source, faults = parse("a.yaml", text.encode())
    assert faults[0].kind == "complex" and source.value is None
    assert time.process_time() - start < 2


def test_what_is_not_utf8_is_named_with_its_line() -> None:
    """A file from an old spreadsheet says which byte of which line is wrong."""
    _, faults = parse("a.yaml", "a: 1\nb: Büro\n".encode("latin-1"))
    assert faults[0].kind == "encoding" and faults[0].line == 2 and "0xfc" in faults[0].message


def test_yaml_lines_are_those_of_keys() -> None:
    """A member is where its key stands, an item where it begins."""
    text = "a: 1\nb:\n  c: [1,\n    2]\n  d:\n    - x\n"
    found = dict(yaml_lines(text))
    assert found == {"": 1, "/a": 1, "/b": 2, "/b/c": 3, "/b/c/0": 3, "/b/c/1": 4, "/b/d": 5, "/b/d/0": 6}


def test_the_line_of_something_missing_is_that_of_what_is_around_it() -> None:
    """A finding about an absent key points at the object that lacks it."""
    source, _ = parse("a.json", b'{\n "a": {\n  "b": 1\n }\n}')
    assert source.line_of("/a/b") == 3
    assert source.line_of("/a/absent/deeper") == 2
    assert source.line_of("/absent") == 1
