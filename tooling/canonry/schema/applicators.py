"""The keywords that ask subschemas: generators that yield what to evaluate and receive the outcome.

A generator yields `Frame`s to the evaluator, which answers each with `Marks` (valid) or None (not valid), and
returns whether its keyword holds. So no depth of nesting costs Python stack.
"""

from collections.abc import Callable, Generator, Mapping
from typing import Final, TypeAlias

from canonry.kernel.jsonvalue import Json
from canonry.schema.assertions import language
from canonry.schema.decimals import exact
from canonry.schema.dialects import SUBSCHEMAS, Dialect
from canonry.schema.resources import Node, Scope


class Marks:
    """Which members and items subschemas have evaluated: what `unevaluated*` leaves alone.

    `names` are member names, `items` indices below which (`prefix`) or at which an item was evaluated;
    `all_names` and `all_items` say that every one was.
    """

    __slots__ = ("all_items", "all_names", "items", "names", "prefix")

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.all_names = False
        self.items: set[int] = set()
        self.prefix = 0
        self.all_items = False

    def take(self, other: "Marks") -> None:
        """Adds what a valid subschema of the same value has evaluated."""
        if other is NOTHING:
            return
        self.names |= other.names
        self.items |= other.items
        self.all_names |= other.all_names
        self.all_items |= other.all_items
        self.prefix = max(self.prefix, other.prefix)


NOTHING: Final = Marks()
"""Valid, and nothing marked. Never changed."""


class Frame:
    """One schema to evaluate against one value.

    `collects` asks for the marks, which costs every branch of every `anyOf`; `referred` says that a reference
    led here, so that the outcome may be wanted again and may lead in a circle; `turns` counts the keywords on
    the way that do not grow with what they ask (`not`, `oneOf`, `if`).
    """

    __slots__ = ("collects", "marks", "node", "referred", "scope", "turns", "value")

    def __init__(
        self,
        node: Node,
        value: Json,
        scope: Scope,
        *,
        collects: bool,
        referred: bool = False,
        turns: int = 0,
    ) -> None:
        self.node = node
        self.value = value
        self.scope = scope
        self.collects = collects
        self.referred = referred
        self.turns = turns
        self.marks = Marks() if collects else NOTHING

    def within(self, *tokens: str, turned: bool = False) -> "Frame":
        """A subschema for the same value."""
        turns = self.turns + turned
        return Frame(self.node.children[tokens], self.value, self.scope, collects=self.collects, turns=turns)

    def led(self, target: Node) -> "Frame":
        """A reference's target, for the same value."""
        return Frame(target, self.value, self.scope, collects=self.collects, referred=True, turns=self.turns)

    def below(self, value: Json, *tokens: str) -> "Frame":
        """A subschema for a member, an item or a name of the value."""
        return Frame(self.node.children[tokens], value, self.scope, collects=False)

    def take(self, marks: Marks) -> None:
        """Keeps what a valid subschema of the same value has evaluated."""
        if self.collects:
            self.marks.take(marks)


Steps: TypeAlias = Generator[Frame, Marks | None, bool]
Applicator: TypeAlias = Callable[[Frame], Steps]


def _ref(frame: Frame) -> Steps:
    outcome = yield frame.led(frame.node.resolve_ref(frame.node.keywords["$ref"]))  # type: ignore[arg-type]  # a string
    if outcome is None:
        return False
    frame.take(outcome)
    return True


def _dynamic_ref(frame: Frame) -> Steps:
    ref = frame.node.keywords["$dynamicRef"]
    outcome = yield frame.led(frame.node.resolve_dynamic(ref, frame.scope))  # type: ignore[arg-type]  # a string
    if outcome is None:
        return False
    frame.take(outcome)
    return True


def _recursive_ref(frame: Frame) -> Steps:
    outcome = yield frame.led(frame.node.resolve_recursive(frame.scope))
    if outcome is None:
        return False
    frame.take(outcome)
    return True


def _all_of(frame: Frame) -> Steps:
    for index in range(len(frame.node.keywords["allOf"])):  # type: ignore[arg-type]  # a list
        outcome = yield frame.within("allOf", str(index))
        if outcome is None:
            return False
        frame.take(outcome)
    return True


def _any_of(frame: Frame) -> Steps:
    valid = False
    for index in range(len(frame.node.keywords["anyOf"])):  # type: ignore[arg-type]  # a list
        outcome = yield frame.within("anyOf", str(index))
        if outcome is not None:
            if not frame.collects:
                return True
            valid = True
            frame.take(outcome)
    return valid


def _one_of(frame: Frame) -> Steps:
    valid: Marks | None = None
    for index in range(len(frame.node.keywords["oneOf"])):  # type: ignore[arg-type]  # a list
        outcome = yield frame.within("oneOf", str(index), turned=True)
        if outcome is not None:
            if valid is not None:
                return False
            valid = outcome
    if valid is None:
        return False
    frame.take(valid)
    return True


def _not(frame: Frame) -> Steps:
    # Marks inside `not` count only inside it, so nothing is taken.
    inner = frame.within("not", turned=True)
    inner.collects, inner.marks = False, NOTHING
    return (yield inner) is None


def _if(frame: Frame) -> Steps:
    outcome = yield frame.within("if", turned=True)
    branch = "else" if outcome is None else "then"
    if outcome is not None:
        frame.take(outcome)
    if (branch,) not in frame.node.children:
        return True
    outcome = yield frame.within(branch)
    if outcome is None:
        return False
    frame.take(outcome)
    return True


def _dependencies(frame: Frame) -> Steps:
    value = frame.value
    if not isinstance(value, dict):
        return True
    for given, wanted in frame.node.keywords["dependencies"].items():  # type: ignore[union-attr]  # an object
        if given not in value:
            continue
        if isinstance(wanted, list):
            if not all(name in value for name in wanted):
                return False
        elif (yield frame.within("dependencies", given)) is None:
            return False
    return True


def _dependent_schemas(frame: Frame) -> Steps:
    value = frame.value
    if isinstance(value, dict):
        for given in frame.node.keywords["dependentSchemas"]:  # type: ignore[union-attr]  # an object
            if given in value:
                outcome = yield frame.within("dependentSchemas", given)  # type: ignore[arg-type]  # a name
                if outcome is None:
                    return False
                frame.take(outcome)
    return True


def _property_names(frame: Frame) -> Steps:
    if isinstance(frame.value, dict):
        for name in frame.value:
            if (yield frame.below(name, "propertyNames")) is None:
                return False
    return True


def _properties(frame: Frame) -> Steps:
    value = frame.value
    if isinstance(value, dict):
        for tokens in _named(frame.node, value):
            name = tokens[1]
            if (yield frame.below(value[name], *tokens)) is None:
                return False
            if frame.collects:
                frame.marks.names.add(name)
    return True


def _named(node: Node, value: dict[str, Json]) -> list[tuple[str, str]]:
    declared: dict[str, Json] = node.keywords["properties"]  # type: ignore[assignment]  # an object
    if len(declared) <= len(value):
        return [("properties", name) for name in declared if name in value]
    return [("properties", name) for name in value if name in declared]


def _pattern_properties(frame: Frame) -> Steps:
    value = frame.value
    if isinstance(value, dict):
        for pattern in frame.node.keywords["patternProperties"]:  # type: ignore[union-attr]  # an object
            matches = language(pattern)  # type: ignore[arg-type]  # a string
            for name, member in value.items():
                if not matches.accepts(name):
                    continue
                if (yield frame.below(member, "patternProperties", pattern)) is None:  # type: ignore[arg-type]  # a string
                    return False
                if frame.collects:
                    frame.marks.names.add(name)
    return True


def _additional_properties(frame: Frame) -> Steps:
    value = frame.value
    if not isinstance(value, dict):
        return True
    keywords = frame.node.keywords
    declared = keywords.get("properties", {})
    patterns = [language(pattern) for pattern in keywords.get("patternProperties", {})]  # type: ignore[union-attr, arg-type]  # an object
    for name, member in value.items():
        if name in declared or any(pattern.accepts(name) for pattern in patterns):  # type: ignore[operator]  # an object
            continue
        if (yield frame.below(member, "additionalProperties")) is None:
            return False
        if frame.collects:
            frame.marks.names.add(name)
    return True


def _unevaluated_properties(frame: Frame) -> Steps:
    value = frame.value
    if isinstance(value, dict) and not frame.marks.all_names:
        for name, member in value.items():
            if name in frame.marks.names:
                continue
            if (yield frame.below(member, "unevaluatedProperties")) is None:
                return False
        frame.marks.all_names = True
    return True


def _items(frame: Frame) -> Steps:
    """`items` up to 2019-09: a schema for all, or a list of schemas for the first ones."""
    value = frame.value
    if not isinstance(value, list):
        return True
    held = frame.node.keywords["items"]
    if not isinstance(held, list):
        return (yield from _every(frame, value, 0, "items"))
    for index, item in enumerate(value[: len(held)]):
        if (yield frame.below(item, "items", str(index))) is None:
            return False
    if frame.collects:
        frame.marks.prefix = max(frame.marks.prefix, len(held))
    return True


def _additional_items(frame: Frame) -> Steps:
    held = frame.node.keywords.get("items")
    if not isinstance(frame.value, list) or not isinstance(held, list):
        return True
    return (yield from _every(frame, frame.value, len(held), "additionalItems"))


def _prefix_items(frame: Frame) -> Steps:
    value = frame.value
    if not isinstance(value, list):
        return True
    size = len(frame.node.keywords["prefixItems"])  # type: ignore[arg-type]  # a list
    for index, item in enumerate(value[:size]):
        if (yield frame.below(item, "prefixItems", str(index))) is None:
            return False
    if frame.collects:
        frame.marks.prefix = max(frame.marks.prefix, size)
    return True


def _rest_items(frame: Frame) -> Steps:
    """`items` of 2020-12: the items after `prefixItems`."""
    if not isinstance(frame.value, list):
        return True
    start = len(frame.node.keywords.get("prefixItems", ()))  # type: ignore[arg-type]  # a list
    return (yield from _every(frame, frame.value, start, "items"))


def _every(frame: Frame, value: list[Json], start: int, keyword: str) -> Steps:
    for item in value[start:]:
        if (yield frame.below(item, keyword)) is None:
            return False
    if frame.collects:
        frame.marks.all_items = True
    return True


def _contains(frame: Frame) -> Steps:
    value = frame.value
    if not isinstance(value, list):
        return True
    keywords, counted = frame.node.keywords, frame.node.dialect >= Dialect.DRAFT_2019_09
    least = exact(keywords.get("minContains", 1)) if counted else 1  # type: ignore[arg-type]  # a number
    most = exact(keywords["maxContains"]) if counted and "maxContains" in keywords else None  # type: ignore[arg-type]  # a number
    marking = frame.collects and frame.node.dialect >= Dialect.DRAFT_2020_12
    found = 0
    for index, item in enumerate(value):
        if found >= least and most is None and not marking:
            return True
        if (yield frame.below(item, "contains")) is not None:
            found += 1
            if most is not None and found > most:
                return False
            if marking:
                frame.marks.items.add(index)
    return found >= least


def _unevaluated_items(frame: Frame) -> Steps:
    value = frame.value
    if isinstance(value, list) and not frame.marks.all_items:
        for index in range(frame.marks.prefix, len(value)):
            if index in frame.marks.items:
                continue
            if (yield frame.below(value[index], "unevaluatedItems")) is None:
                return False
        frame.marks.all_items = True
    return True


_ALL: Final[Mapping[str, Applicator]] = {
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "propertyNames": _property_names,
    "prefixItems": _prefix_items,
    "items": _items,
    "additionalItems": _additional_items,
    "contains": _contains,
    "$ref": _ref,
    "$dynamicRef": _dynamic_ref,
    "$recursiveRef": _recursive_ref,
    "allOf": _all_of,
    "if": _if,
    "dependencies": _dependencies,
    "dependentSchemas": _dependent_schemas,
    "not": _not,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "unevaluatedProperties": _unevaluated_properties,
    "unevaluatedItems": _unevaluated_items,
}


def _for(dialect: Dialect) -> Mapping[str, Applicator]:
    table = {keyword: apply for keyword, apply in _ALL.items() if keyword in SUBSCHEMAS[dialect]}
    table["$ref"] = _ref
    if dialect is Dialect.DRAFT_2019_09:
        table["$recursiveRef"] = _recursive_ref
    if dialect is Dialect.DRAFT_2020_12:
        table |= {"$dynamicRef": _dynamic_ref, "items": _rest_items}
    if dialect >= Dialect.DRAFT_2019_09:
        del table["dependencies"]  # described by the metaschemas still, but without meaning
    return {keyword: table[keyword] for keyword in _ALL if keyword in table}  # unevaluated* must come last


APPLICATORS: Final[Mapping[Dialect, Mapping[str, Applicator]]] = {
    dialect: _for(dialect) for dialect in Dialect
}
"""Per dialect, in the order in which they are asked."""
