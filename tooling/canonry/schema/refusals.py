"""Why a schema refuses a value: the keywords that do, down to the last, and where they stand."""

from collections import deque
from collections.abc import Iterator
from typing import Final, NamedTuple

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json
from canonry.schema.assertions import language
from canonry.schema.decimals import exact, is_number
from canonry.schema.dialects import SUBSCHEMAS, Dialect
from canonry.schema.evaluator import Evaluator, entered
from canonry.schema.resources import Node, Scope

_STEPS: Final = 2_000
"""How many places are looked at; an explanation needs the first few."""


class Refusal(NamedTuple):
    """One keyword that refuses part of the value: `pointer` of the keyword, `path` of the part."""

    pointer: str
    keyword: str
    path: tuple[str | int, ...]


class Part(NamedTuple):
    """A subschema that a keyword asks of a part of the value.

    `step` leads to the part, None where it is the value itself or a name in it; `name` is under what the
    keyword holds the subschema: a name, a pattern or a position.
    """

    node: Node
    value: Json
    step: str | int | None = None
    name: str = ""


def refusals(evaluator: Evaluator, root: Node, value: Json, scope: Scope = ()) -> tuple[Refusal, ...]:
    """Every keyword that refuses the value, the deepest last; none where it is valid."""
    return tuple(_refusals(evaluator, root, value, scope))


def _refusals(evaluator: Evaluator, root: Node, value: Json, scope: Scope) -> Iterator[Refusal]:
    queue: deque[tuple[Node, Json, Scope, tuple[str | int, ...]]] = deque([(root, value, scope, ())])
    seen: set[tuple[Node, tuple[str | int, ...]]] = set()
    for _ in range(_STEPS):
        if not queue:
            return
        node, part, scope, path = queue.popleft()
        if (node, path) in seen:
            continue
        seen.add((node, path))
        try:
            inside = entered(scope, node)
            for keyword in evaluator.failing(node, part, scope):
                refusing = [
                    found
                    for found in below(evaluator, node, keyword, part, inside)
                    if not evaluator.accepts_at(found.node, found.value, inside)
                ]
                if keyword == "contains":
                    keyword = counting(evaluator, node, part, inside)  # noqa: PLW2901  # which of the three
                if keyword in _LEAVES or not refusing:
                    where = f"{node.pointer}/{keyword}" if keyword else node.pointer
                    yield Refusal(where, keyword, path)
                for found in refusing:
                    further = path if found.step is None else (*path, found.step)
                    if found.node.value is False and keyword not in _LEAVES:
                        yield Refusal(found.node.pointer, keyword, further)
                    else:
                        queue.append((found.node, found.value, inside, further))
        except CanonryError:  # what cannot be evaluated cannot explain either
            continue


_LEAVES: Final = frozenset({"anyOf", "oneOf", "not", "contains", "minContains", "maxContains"})
_MEMBERS: Final = ("additionalProperties", "unevaluatedProperties")
_ITEMS: Final = ("items", "additionalItems", "unevaluatedItems")
_UNASKED: Final = frozenset(
    {"not", "contains", "if", "then", "else", "definitions", "$defs", "contentSchema"}
)


def below(
    evaluator: Evaluator, node: Node, keyword: str, value: Json, scope: Scope, step: str | int | None = None
) -> Iterator[Part]:
    """The subschemas that a keyword asks of parts of the value (of one step, if given), unions included."""
    if keyword == "$ref":
        yield Part(node.resolve_ref(str(node.keywords["$ref"])), value)
    elif keyword == "$dynamicRef":
        yield Part(node.resolve_dynamic(str(node.keywords["$dynamicRef"]), scope), value)
    elif keyword == "$recursiveRef":
        yield Part(node.resolve_recursive(scope), value)
    elif keyword == "if" and ("if",) in node.children:
        branch = "then" if evaluator.accepts_at(node.children["if",], value, scope) else "else"
        if (branch,) in node.children:
            yield Part(node.children[branch,], value)
    if keyword in _UNASKED or keyword not in SUBSCHEMAS[node.dialect] or node.hides_siblings:
        return
    for tokens, child in node.children.items():
        if tokens[0] != keyword:
            continue
        if keyword in ("allOf", "anyOf", "oneOf"):
            yield Part(child, value)
        elif isinstance(value, dict):
            if not isinstance(step, int):
                yield from _in_object(node, tokens, child, value, step)
        elif isinstance(value, list) and not isinstance(step, str):
            yield from _in_array(node, tokens, child, value, step)


def _in_object(
    node: Node, tokens: tuple[str, ...], child: Node, value: dict[str, Json], step: str | None
) -> Iterator[Part]:
    keyword, names = tokens[0], (value if step is None else (step,))
    if keyword == "properties" and tokens[1] in names:
        yield Part(child, value[tokens[1]], tokens[1], tokens[1])
    elif keyword == "patternProperties":
        matches = language(tokens[1])
        yield from (Part(child, value[name], name, tokens[1]) for name in names if matches.accepts(name))
    elif keyword == "propertyNames":
        yield from (Part(child, name) for name in value)
    elif keyword in ("dependencies", "dependentSchemas") and tokens[1] in value:
        yield Part(child, value, name=tokens[1])
    elif keyword in _MEMBERS:
        declared = node.keywords.get("properties", {})
        patterns = [language(str(text)) for text in node.keywords.get("patternProperties", {})]  # type: ignore[union-attr]  # an object
        for name in names:
            if name not in declared and not any(matches.accepts(name) for matches in patterns):  # type: ignore[operator]  # an object
                yield Part(child, value[name], name)


def _in_array(
    node: Node, tokens: tuple[str, ...], child: Node, value: list[Json], step: int | None
) -> Iterator[Part]:
    keyword = tokens[0]
    if keyword in ("prefixItems", "items") and len(tokens) > 1:
        index = int(tokens[1])
        if index < len(value) and step in (None, index):
            yield Part(child, value[index], index, tokens[1])
    elif keyword in _ITEMS:
        prefix = node.keywords.get("prefixItems" if node.dialect is Dialect.DRAFT_2020_12 else "items")
        start = len(prefix) if isinstance(prefix, list) else 0
        for index in range(start, len(value)) if step is None else (step,):
            if index >= start:
                yield Part(child, value[index], index)


def counting(evaluator: Evaluator, node: Node, value: Json, scope: Scope) -> str:
    """Which of `contains` and its two bounds refuses an array."""
    if node.dialect < Dialect.DRAFT_2019_09 or not isinstance(value, list):
        return "contains"
    found = sum(evaluator.accepts_at(node.children["contains",], item, scope) for item in value)
    most = node.keywords.get("maxContains")
    if is_number(most) and found > exact(most):
        return "maxContains"
    return "minContains" if "minContains" in node.keywords else "contains"


def subjects(node: Node, keyword: str, value: Json) -> frozenset[str]:
    """The members that a keyword misses."""
    if not isinstance(value, dict):
        return frozenset()
    held = node.keywords.get(keyword)
    names: list[Json] = []
    if keyword == "required" and isinstance(held, list):
        names = held
    elif keyword in ("dependentRequired", "dependencies") and isinstance(held, dict):
        names = [
            name
            for given, wanted in held.items()
            if given in value and isinstance(wanted, list)
            for name in wanted
        ]
    return frozenset(str(name) for name in names if name not in value)
