"""A break by one keyword is explained by that keyword, wherever it stands."""

import copy
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from canonry.kernel import pointer as pointers
from canonry.schema import compare

_STRING, _NUMBER, _ARRAY, _OBJECT = ({"type": kind} for kind in ("string", "number", "array", "object"))
KEYWORDS = (
    (_STRING, "maxLength", 5, 3),
    (_STRING, "minLength", 2, 4),
    (_STRING, "pattern", "^a", "^ab"),
    (_NUMBER, "maximum", 9, 7),
    (_NUMBER, "minimum", 1, 3),
    (_NUMBER, "exclusiveMinimum", 1, 3),
    (_NUMBER, "exclusiveMaximum", 9, 7),
    (_NUMBER, "multipleOf", 0.5, 1.5),
    ({}, "type", ["string", "integer"], "string"),
    ({}, "type", ["null", "number"], ["null", "integer"]),
    ({}, "enum", ["x", "y", None], ["x", None]),
    ({}, "enum", [{"a": 1}, [2]], [{"a": 1}]),
    ({}, "const", "x", "y"),
    ({}, "const", {"a": [1]}, {"a": [2]}),
    (_OBJECT, "required", ["a"], ["a", "b"]),
    (_OBJECT, "maxProperties", 3, 2),
    (_OBJECT, "minProperties", 0, 1),
    (_OBJECT, "dependentRequired", {"a": ["b"]}, {"a": ["b", "c"]}),
    ({**_OBJECT, "properties": {"a": True}}, "additionalProperties", True, False),
    (_OBJECT, "additionalProperties", {"type": "string"}, {"type": "integer"}),
    (_OBJECT, "patternProperties", {"^a": {"minimum": 1}}, {"^a": {"minimum": 2}}),
    (_ARRAY, "items", {"type": "string"}, {"type": "null"}),
    (_ARRAY, "items", {"required": ["a"]}, {"required": ["a", "b"]}),
    (_ARRAY, "prefixItems", [{"const": 1}], [{"const": 2}]),
    (_ARRAY, "maxItems", 3, 2),
    (_ARRAY, "minItems", 1, 2),
    (_ARRAY, "uniqueItems", False, True),
)
POSITIONS = (
    "properties",
    "items",
    "contains",
    "not",
    "if",
    "propertyNames",
    "oneOf",
    "anyOf",
    "allOf",
    "ref",
)


def _around(rng, inner, depth):
    """The schema inside up to three positions, with the pointer of where it is written."""
    schema, path = inner, ()
    for level in range(depth):
        where = rng.choice(POSITIONS)
        if where == "properties":
            schema, path = {"properties": {"a": schema}}, ("properties", "a", *path)
        elif where in ("items", "contains", "not", "propertyNames"):
            schema, path = {where: schema}, (where, *path)
        elif where == "if":
            schema, path = {"if": schema, "then": {"type": ["string", "array"]}}, ("if", *path)
        elif where in ("oneOf", "anyOf"):
            schema, path = {where: [schema, {"enum": ["aaaa", 8, f"a{level}"]}]}, (where, "0", *path)
        elif where == "allOf":
            schema, path = {"allOf": [{"title": "x"}, schema]}, ("allOf", "1", *path)
        else:
            inside = {f"d{level}": schema}
            schema, path = {"allOf": [{"$ref": f"#/x/d{level}"}]}, ("x", f"d{level}", *path)
            return {**schema, "x": inside}, path  # a pointer from the root
    return schema, path


@settings(max_examples=120, deadline=None)
@given(st.integers(min_value=0, max_value=2**32))
def test_a_break_by_one_keyword_names_that_keyword(seed):
    """Some change that broke it stands at the keyword (or within what it holds), in old or in new."""
    rng = random.Random(seed)
    base, keyword, one, other = rng.choice(KEYWORDS)
    if rng.random() < 0.5:
        one, other = other, one
    old, path = _around(rng, {**base, keyword: one}, rng.randint(0, 3))
    old = copy.deepcopy(old)
    new = copy.deepcopy(old)
    place = new
    for token in path:
        place = place[int(token)] if isinstance(place, list) else place[token]
    place[keyword] = other
    reading = rng.choice(["strict", "declared"])
    compared = compare(old, new, direction=rng.choice(["backward", "forward"]), reading=reading)
    if compared.verdict != "broken":
        return
    where = pointers.join([*path, keyword])
    breaks = [change for change in compared.changes if change.breaks]
    assert any(
        _stands(change.old_pointer, where) or _stands(change.new_pointer, where) for change in breaks
    ), (
        old,
        new,
        breaks,
    )


def _stands(pointer, where):
    """At the keyword or inside what it holds; a union of listed values is one list, wherever written."""
    if pointer is None:
        return False
    listed = where.endswith(("/enum", "/const")) and pointer.endswith(("/anyOf", "/oneOf"))
    return f"{pointer}/".startswith(f"{where}/") or (listed and where.startswith(f"{pointer}/"))
