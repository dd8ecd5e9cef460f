"""Why a schema refuses a value: the keywords that do, down to the last, and where they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json
from canonry.schema.applicators import APPLICATORS
from canonry.schema.assertions import Formats, language
from canonry.schema.decimals import exact, is_number
from canonry.schema.dialects import Dialect
from canonry.schema.evaluator import Evaluator, entered
from canonry.schema.resources import Node, Schema, Scope
from canonry.schema.view import View

_Entry: TypeAlias = "tuple[Node, Json, Scope, tuple[str | int, ...]]"

_STEPS: Final = 2_000
"""How many places are looked at; an explanation needs the first few."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One keyword that refuses part of the value: `pointer` of the keyword, `path` of the part.

    `subjects` are the members that it is about: those missing for `required`, those refused for
    `additionalProperties`, and the positions of the branches where too many of a `oneOf` match.
    """

    pointer: str
    keyword: str
    path: tuple[str | int, ...]
    subjects: frozenset[str] = frozenset()
    within: tuple[str, ...] = ()
    """Where the schemas are written that decide whether the keyword refuses: branches, a condition, ..."""


def refusals(schema: Schema, value: Json, formats: Formats | None = None) -> tuple[Refusal, ...]:
    """Every keyword that refuses the value, the deepest last; none where it is valid."""
    return tuple(_refusals(Evaluator(schema, formats), schema.root, value))


def _refusals(evaluator: Evaluator, root: Node, value: Json) -> Iterator[Refusal]:
    queue: list[_Entry] = [(root, value, (), ())]
    seen: set[tuple[Node, tuple[str | int, ...]]] = set()
    for _ in range(_STEPS):
        if not queue:
            return
        node, part, scope, path = queue.pop(0)
        if (node, path) in seen:
            continue
        seen.add((node, path))
        try:
            for keyword in evaluator.failing(node, part, scope):
                inside = entered(scope, node)
                below: list[_Entry] = [
                    (child, member, inside, (*path, *step))
                    for child, member, step in _below(evaluator, node, keyword, part, inside)
                    if not evaluator.accepts_at(child, member, inside)
                ]
                if keyword == "oneOf" and len(below) + 1 < _branches(node):
                    matching = _matching(node, below)
                    within = _written([node.children["oneOf", index] for index in sorted(matching)])
                    yield Refusal(f"{node.pointer}/oneOf", keyword, path, matching, within)
                    continue
                shut = [entry for entry in below if entry[0].value is False and keyword not in _LEAVES]
                for child, _, _, place in shut:
                    yield Refusal(child.pointer, keyword, place, frozenset(map(str, place[len(path) :])))
                if keyword == "contains":
                    counted = _counted(evaluator, node, part, inside)
                    within = _written([node.children["contains",]])
                    yield Refusal(f"{node.pointer}/{counted}", counted, path, within=within)
                elif keyword == "not":
                    yield Refusal(
                        f"{node.pointer}/not", keyword, path, within=_written([node.children["not",]])
                    )
                elif keyword in _LEAVES or keyword not in APPLICATORS[node.dialect] or not below:
                    where = f"{node.pointer}/{keyword}" if keyword else node.pointer
                    yield Refusal(where, keyword, path, _missing(node, keyword, part))
                queue += [entry for entry in below if entry not in shut]
        except CanonryError:  # what cannot be evaluated cannot explain either
            continue


_LEAVES: Final = frozenset({"anyOf", "oneOf", "not", "contains"})
_MEMBERS: Final = ("additionalProperties", "unevaluatedProperties")
_ITEMS: Final = ("items", "additionalItems", "unevaluatedItems")


def _below(
    evaluator: Evaluator, node: Node, keyword: str, value: Json, scope: Scope
) -> Iterator[tuple[Node, Json, tuple[str | int, ...]]]:
    """The subschemas through which a keyword may refuse, each with its part of the value."""
    if keyword == "$ref":
        yield node.resolve_ref(str(node.keywords["$ref"])), value, ()
    elif keyword == "$dynamicRef":
        yield node.resolve_dynamic(str(node.keywords["$dynamicRef"]), scope), value, ()
    elif keyword == "$recursiveRef":
        yield node.resolve_recursive(scope), value, ()
    elif keyword == "if":
        branch = "then" if evaluator.accepts_at(node.children["if",], value, scope) else "else"
        yield node.children[branch,], value, ()
    for tokens, child in node.children.items():
        if tokens[0] != keyword or keyword in ("not", "contains", "if"):
            continue
        if keyword in ("allOf", "anyOf", "oneOf"):
            yield child, value, ()
        elif isinstance(value, dict):
            yield from _in_object(node, tokens, child, value)
        elif isinstance(value, list):
            yield from _in_array(node, tokens, child, value)


def _in_object(
    node: Node, tokens: tuple[str, ...], child: Node, value: dict[str, Json]
) -> Iterator[tuple[Node, Json, tuple[str | int, ...]]]:
    keyword = tokens[0]
    if keyword == "properties" and tokens[1] in value:
        yield child, value[tokens[1]], (tokens[1],)
    elif keyword == "patternProperties":
        matches = language(tokens[1])
        yield from ((child, member, (name,)) for name, member in value.items() if matches.accepts(name))
    elif keyword == "propertyNames":
        yield from ((child, name, ()) for name in value)
    elif keyword in ("dependencies", "dependentSchemas") and tokens[1] in value:
        yield child, value, ()
    elif keyword in _MEMBERS:
        declared = node.keywords.get("properties", {})
        patterns = [language(str(text)) for text in node.keywords.get("patternProperties", {})]  # type: ignore[union-attr]  # an object
        for name, member in value.items():
            if name not in declared and not any(matches.accepts(name) for matches in patterns):  # type: ignore[operator]  # an object
                yield child, member, (name,)


def _in_array(
    node: Node, tokens: tuple[str, ...], child: Node, value: list[Json]
) -> Iterator[tuple[Node, Json, tuple[str | int, ...]]]:
    keyword = tokens[0]
    if len(tokens) > 1:
        index = int(tokens[1])
        if index < len(value):
            yield child, value[index], (index,)
    elif keyword in _ITEMS:
        prefix = node.keywords.get("prefixItems" if node.dialect is Dialect.DRAFT_2020_12 else "items")
        start = len(prefix) if isinstance(prefix, list) else 0
        yield from ((child, item, (index,)) for index, item in enumerate(value) if index >= start)


def _counted(evaluator: Evaluator, node: Node, value: Json, scope: Scope) -> str:
    """Which of `contains` and its two bounds refuses an array."""
    if node.dialect < Dialect.DRAFT_2019_09 or not isinstance(value, list):
        return "contains"
    found = sum(evaluator.accepts_at(node.children["contains",], item, scope) for item in value)
    most = node.keywords.get("maxContains")
    if is_number(most) and found > exact(most):
        return "maxContains"
    return "minContains" if "minContains" in node.keywords else "contains"


def _written(nodes: list[Node]) -> tuple[str, ...]:
    """Where schemas are written, references and `allOf` followed."""
    return tuple(node.pointer for node in View(nodes).nodes)


def _branches(node: Node) -> int:
    return sum(tokens[0] == "oneOf" for tokens in node.children)


def _matching(node: Node, failing: list[_Entry]) -> frozenset[str]:
    """The positions of the branches of a `oneOf` that match, where several do."""
    refusing = {entry[0] for entry in failing}
    return frozenset(
        tokens[-1]
        for tokens, child in node.children.items()
        if tokens[0] == "oneOf" and child not in refusing
    )


def _missing(node: Node, keyword: str, value: Json) -> frozenset[str]:
    if keyword == "required" and isinstance(value, dict):
        return frozenset(str(name) for name in node.keywords["required"] if name not in value)  # type: ignore[union-attr]  # names
    return frozenset()
