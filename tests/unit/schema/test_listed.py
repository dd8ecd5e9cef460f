"""Values that are listed (`enum`, `const`) are compared as lists, whatever is written beside them."""

import pytest

from canonry.schema import compare


def _engines(count, *, versions, gone=None, added=0):
    """What each engine allows as its version, as conditions on one tag."""
    rules = [
        {
            "if": {
                "required": ["engine", "version"],
                "properties": {"engine": {"const": f"e{index}"}, "version": {"type": ["string", "number"]}},
            },
            "then": {
                "properties": {
                    "version": {
                        "enum": [
                            f"{index}.{minor}" for minor in range(versions + added) if (index, minor) != gone
                        ]
                    }
                }
            },
        }
        for index in range(count)
    ]
    known = {
        "if": {"required": ["engine"], "properties": {"engine": {"type": "string"}}},
        "then": {"properties": {"engine": {"enum": [f"e{index}" for index in range(count)]}}},
    }
    return {"allOf": [known, *rules]}


@pytest.mark.parametrize("count", [20, 120])
@pytest.mark.parametrize("reading", ["strict", "declared"])
def test_conditions_on_one_tag_may_all_be_widened(count, reading):
    """Which condition applies is settled by the tag, so the others are not searched."""
    old, new = _engines(count, versions=40), _engines(count, versions=40, added=3)
    assert compare(old, new, reading=reading).verdict == "proved"


@pytest.mark.parametrize("reading", ["strict", "declared"])
def test_a_tag_may_be_written_as_a_union_of_constants(reading):
    """The conditions that depend on it are settled by its values all the same."""
    count = 24
    listed = {"type": "object", "required": ["engine"], "properties": {"engine": {"enum": []}}}
    listed["properties"]["engine"]["enum"] = [f"e{index}" for index in range(count)]
    consts = [{"const": f"e{index}"} for index in range(count)]
    spelt = {**listed, "properties": {"engine": {"type": "string", "oneOf": consts}}}
    rules = [
        {
            "if": {"required": ["engine"], "properties": {"engine": {"const": f"e{index}"}}},
            "then": {"required": ["port"], "properties": {"port": {"minimum": index}}},
        }
        for index in range(count)
    ]
    compared = compare(
        {**listed, "allOf": rules}, {**spelt, "allOf": rules}, direction="full", reading=reading
    )
    assert compared.verdict == "proved"


def test_one_version_less_among_all_conditions_is_found():
    """The witness is the version that is gone."""
    compared = compare(_engines(60, versions=30), _engines(60, versions=30, gone=(41, 17), added=2))
    assert compared.witness == {"engine": "e41", "version": "41.17"}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"enum": ["a", "b", 3]}, {"enum": [3, "b", "a"], "title": "in another order"}),
        ({"type": "string", "enum": ["a", "b", 3]}, {"enum": ["b", "a"]}),
        ({"type": "integer", "enum": [1, 2.5, 3], "maximum": 2}, {"const": 1.0}),
        ({"enum": ["ab", "cd"], "pattern": "^a"}, {"type": "string", "const": "ab"}),
        ({"enum": ["ab"], "minLength": 3}, False),
        ({"type": "string", "oneOf": [{"const": "a"}, {"const": "b"}, {"const": 3}]}, {"enum": ["a", "b"]}),
        ({"oneOf": [{"const": "a"}, {"const": "b"}, {"enum": ["b", "c"]}]}, {"enum": ["c", "a"]}),
        ({"anyOf": [{"const": "a"}, {"const": "b"}, {"enum": ["b", "c"]}]}, {"enum": ["c", "a", "b"]}),
        ({"oneOf": [{"const": "a"}, {"const": "ab", "type": "integer"}]}, {"const": "a"}),
        (
            {"anyOf": [{"const": "a"}, {"const": "b"}], "oneOf": [{"const": "a"}, {"const": "c"}]},
            {"const": "a"},
        ),
        ({"oneOf": [{"const": 1}, {"const": 1.0}]}, False),
    ],
)
def test_what_is_written_beside_a_list_shortens_it(left, right):
    """Both spellings accept the same, alone and as the tag of a branch."""
    assert compare(left, right, direction="full").verdict == "proved"
    tagged = [
        {"required": ["tag"], "properties": {"tag": schema, "value": {"type": "integer"}}}
        for schema in (left, right)
    ]
    assert compare(*tagged, direction="full").verdict == "proved"


def test_a_list_of_lists_is_judged_by_its_items():
    """Values that are no scalars are looked at one by one as well."""
    old = {"enum": [["a"], ["b", "c"], {"k": 1}], "maxItems": 1}
    assert compare(old, {"enum": [["a"], {"k": 1}]}, direction="full").verdict == "proved"
    assert compare(old, {"enum": [["a"]]}).witness == {"k": 1}
