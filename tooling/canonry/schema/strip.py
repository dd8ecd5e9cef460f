"""What a reader who ignores what it does not know sees of a value: the declared reading's `strip(S, v)`.

A member is kept where the schema names it: where any subschema that applies to the object has it in
`properties`, `patternProperties` or `required`, or has an `additionalProperties` other than `false`. Which
subschemas apply is read through references, `allOf`, `anyOf`, `oneOf`, `if`, `then`, `else` and dependent
schemas, whether they match or not, and never through `not`. Where nothing is named, every member is. Arrays
keep their items.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from canonry.kernel.jsonvalue import Json
from canonry.schema.assertions import language
from canonry.schema.dialects import SUBSCHEMAS, Dialect
from canonry.schema.evaluator import entered
from canonry.schema.resources import Node, Schema, Scope

Entry: TypeAlias = tuple[Node, Scope]
"""A schema, with the resources through which it was entered (only those of dynamic references matter)."""


class Place:
    """The schemas that apply to a value at one place, and what they name of it.

    `entries` are all that apply, references and branches followed. `names` and `patterns` say which members
    are named; `everything` that each one is, because an `additionalProperties` allows it or nothing is named.
    """

    __slots__ = (
        "_declared", "_items", "_members", "_open", "_shared", "entries", "everything", "names", "patterns",
    )  # fmt: skip

    def __init__(self, entries: tuple[Entry, ...], shared: "dict[frozenset[Entry], Place]") -> None:
        self.entries = entries
        self._shared = shared
        self._members: dict[str, Place] = {}
        self._items: dict[int, Place] = {}
        self.names: set[str] = set()
        patterns: set[str] = set()
        # Who declares a name, because a union of hundreds of branches has thousands of names.
        self._declared: dict[str, list[Entry]] = {}
        self._open: list[Entry] = []
        for node, scope in entries:
            keywords = node.keywords
            for name in keywords.get("properties", ()):  # type: ignore[union-attr]  # an object
                self._declared.setdefault(str(name), []).append((node, scope))
            if any(isinstance(keywords.get(keyword), dict) for keyword in _BEYOND_NAMES):
                self._open.append((node, scope))
            self.names.update(keywords.get("properties", ()))  # type: ignore[arg-type]  # an object
            self.names.update(keywords.get("required", ()))  # type: ignore[arg-type]  # names
            patterns.update(keywords.get("patternProperties", ()))  # type: ignore[arg-type]  # an object
        self.patterns = tuple(sorted(patterns))  # read when a name is asked for: there may be thousands
        self.everything = names_all(entries)

    def keeps(self, name: str) -> bool:
        """Whether a member of this name is named here."""
        return (
            self.everything
            or name in self.names
            or any(language(pattern).accepts(name) for pattern in self.patterns)
        )

    def member(self, name: str) -> "Place":
        """The place of a member's value."""
        place = self._members.get(name)
        if place is None:
            place = self._members[name] = self._below(self.of_member(name))
        return place

    def item(self, index: int) -> "Place":
        """The place of an item."""
        place = self._items.get(index)
        if place is None:
            place = self._items[index] = self._below(self.of_item(index))
        return place

    def of_member(self, name: str) -> list[Entry]:
        """The schemas that apply to a member, before their references and branches are followed."""
        declared = [(node.child("properties", name), scope) for node, scope in self._declared.get(name, ())]
        return [*declared, *_of_member(self._open, name)]

    @property
    def breadth(self) -> int:
        """How many schemas apply to members otherwise than by name."""
        return len(self._open)

    def of_item(self, index: int) -> list[Entry]:
        """The schemas that apply to an item, before their references and branches are followed."""
        return list(_of_item(self.entries, index))

    def _below(self, entries: Iterable[Entry]) -> "Place":
        return _place(entries, self._shared)


def names_all(entries: Iterable[Entry]) -> bool:
    """Whether every member is kept where these schemas apply, references and branches followed."""
    named = False
    for node, _ in entries:
        keywords = node.keywords
        if keywords.get("additionalProperties", False) is not False:
            return True
        named = named or any(keywords.get(keyword) for keyword in _NAMES)
    return not named


_NAMES = ("properties", "required", "patternProperties")


def leads_nowhere(node: Node) -> bool:
    """Whether a schema applies no others to the same value, so that it is a place of its own."""
    return not node.owner.dynamic and _LEADING.isdisjoint(node.keywords)


def place_of(schema: Schema) -> Place:
    """The place of the whole value."""
    return _place([(schema.root, ())], {})


def strip(schema: Schema, value: Json) -> Json:
    """The value without the members that the schema does not name; the value itself where all are named.

    Raises `RefError` or the errors of `canonry.regular.pattern` where a reference or pattern cannot be read.
    """
    return stripped(place_of(schema), value)


def stripped(place: Place, value: Json) -> Json:
    """`strip` at one place."""
    if not place.entries:
        return value
    if isinstance(value, dict):
        kept = {
            name: stripped(place.member(name), member) for name, member in value.items() if place.keeps(name)
        }
        same = len(kept) == len(value) and all(kept[name] is member for name, member in value.items())
        return value if same else kept
    if isinstance(value, list):
        items = [stripped(place.item(index), item) for index, item in enumerate(value)]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    return value


def _place(entries: Iterable[Entry], shared: dict[frozenset[Entry], Place]) -> Place:
    closed = _closed(entries)
    key = frozenset(closed)
    place = shared.get(key)
    if place is None:
        place = shared[key] = Place(closed, shared)
    return place


def _closed(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries and all that apply to the same value through them."""
    found: dict[Entry, None] = {}
    stack = list(entries)
    while stack:
        node, scope = stack.pop()
        if not isinstance(node.value, dict):
            continue
        scope = entered(scope, node) if node.owner.dynamic else scope
        if (node, scope) not in found:
            found[node, scope] = None
            stack.extend((target, scope) for target in _beside(node, scope))
    return tuple(found)


def _beside(node: Node, scope: Scope) -> Iterator[Node]:
    """The subschemas of a node that apply to the same value, and what its references name."""
    keywords = node.keywords
    if isinstance(ref := keywords.get("$ref"), str):
        yield node.resolve_ref(ref)
        if node.hides_siblings:
            return
    if node.dialect is Dialect.DRAFT_2020_12 and isinstance(ref := keywords.get("$dynamicRef"), str):
        yield node.resolve_dynamic(ref, scope)
    if node.dialect is Dialect.DRAFT_2019_09 and "$recursiveRef" in keywords:
        yield node.resolve_recursive(scope)
    if _IN_PLACE.isdisjoint(keywords):
        return
    shapes = SUBSCHEMAS[node.dialect]
    for keyword, held in keywords.items():
        if keyword not in _IN_PLACE or keyword not in shapes:
            continue
        if keyword in _BRANCHES and "if" not in keywords:
            continue  # without a condition they mean nothing
        if isinstance(held, list):
            yield from (node.child(keyword, index) for index in range(len(held)))
        elif keyword.startswith("dep"):
            if isinstance(held, dict) and (keyword != "dependencies" or node.dialect <= Dialect.DRAFT_7):
                yield from (node.child(keyword, name) for name, part in held.items() if _is_schema(part))
        elif _is_schema(held):
            yield node.child(keyword)


def _is_schema(value: Json) -> bool:
    return isinstance(value, bool | dict)


_IN_PLACE = frozenset({"allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas", "dependencies"})
"""Keywords whose schemas apply to the same value, whether they match or not (references apart)."""
_BRANCHES = frozenset({"then", "else"})
_LEADING = _IN_PLACE | {"$ref", "$dynamicRef", "$recursiveRef"}


_BEYOND_NAMES = ("patternProperties", "additionalProperties", "unevaluatedProperties")


def _of_member(entries: list[Entry], name: str) -> Iterator[Entry]:
    """What applies to a member otherwise than by its name in `properties`."""
    for node, scope in entries:
        matched = node.directly("properties", name) is not None
        for pattern in node.keywords.get("patternProperties", ()):  # type: ignore[union-attr]  # an object
            if language(pattern).accepts(name):  # type: ignore[arg-type]  # a string
                matched = True
                yield node.child("patternProperties", pattern), scope  # type: ignore[arg-type]  # a string
        for keyword in ("additionalProperties", "unevaluatedProperties"):
            rest = None if matched else node.directly(keyword)
            if rest is not None:
                yield rest, scope


def _of_item(entries: tuple[Entry, ...], index: int) -> Iterator[Entry]:
    for node, scope in entries:
        if node.hides_siblings or _ITEMS.isdisjoint(node.keywords):
            continue
        prefix = "prefixItems" if node.dialect is Dialect.DRAFT_2020_12 else "items"
        placed = node.directly(prefix, str(index))
        if placed is not None:
            yield placed, scope
        else:
            for rest in ("items", "additionalItems", "unevaluatedItems"):
                below = node.directly(rest)
                if below is not None and (
                    rest != "additionalItems" or isinstance(node.keywords.get("items"), list)
                ):
                    yield below, scope
        if (below := node.directly("contains")) is not None:
            yield below, scope


_ITEMS = frozenset({"items", "prefixItems", "additionalItems", "unevaluatedItems", "contains"})
