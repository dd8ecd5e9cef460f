"""A break by one keyword is explained by that keyword, wherever it stands."""

import copy
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from canonry.kernel import pointer as pointers
from canonry.schema import compare

SCALARS = (
    ("maxLength", 5, 3),
    ("minLength", 2, 4),
    ("pattern", "^a", "^ab"),
    ("maximum", 9, 7),
    ("minimum", 1, 3),
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


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0, max_value=2**32))
def test_a_break_by_one_keyword_names_that_keyword(seed):
    """Some change that broke it stands at the keyword, in old or in new."""
    rng = random.Random(seed)
    keyword, one, other = rng.choice(SCALARS)
    if rng.random() < 0.5:
        one, other = other, one
    kind = "string" if keyword in ("maxLength", "minLength", "pattern") else "integer"
    old, path = _around(rng, {"type": kind, keyword: one}, rng.randint(0, 3))
    new = copy.deepcopy(old)
    place = new
    for token in path:
        place = place[int(token)] if isinstance(place, list) else place[token]
    place[keyword] = other
    compared = compare(old, new, direction=rng.choice(["backward", "forward"]))
    if compared.verdict != "broken":
        return
    where = pointers.join([*path, keyword])
    breaks = [change for change in compared.changes if change.breaks]
    assert any(where in (change.old_pointer, change.new_pointer) for change in breaks), (old, new, breaks)
