"""Which branch of an old union is which branch of the new one, whatever their order."""

from collections.abc import Callable
from typing import TypeAlias

from canonry.kernel.errors import CanonryError
from canonry.schema.likeness import text
from canonry.schema.pairs import quoted, shown
from canonry.schema.resources import Node
from canonry.schema.view import View

Union: TypeAlias = "tuple[Node, str]"
Matched: TypeAlias = "tuple[list[tuple[Node, Node]], list[Node], list[Node]]"

_MOST_LIKELY = 400
"""Pairs of branches whose members are compared."""

_TITLES = {
    "null": "null",
    "boolean": "booleans",
    "integer": "integers",
    "number": "numbers",
    "string": "strings",
    "array": "arrays",
    "object": "objects",
}


def branches(union: Union) -> list[Node]:
    """The branches of a union, in their order."""
    node, keyword = union
    return [child for tokens, child in node.children.items() if tokens[0] == keyword]


def matched(old: Union, new: Union) -> Matched:
    """Pairs of branches that correspond, then those of the old union and of the new one that are left over.

    Equal branches correspond first, then those with the same tag, title, reference or type, then those whose
    members have the same names for the most part; what is left is paired in order only where both sides have
    as many.
    """
    left, right = branches(old), branches(new)
    pairs: list[tuple[Node, Node]] = []
    for name in (_text, _target, label):
        left, right = _pair(left, right, name, pairs)
    left, right = _similar(left, right, pairs)
    if len(left) == len(right):
        return pairs + list(zip(left, right, strict=True)), [], []
    return pairs, left, right


def label(branch: Node) -> str:
    """What people call a branch: its tag, its title, what it refers to, or its type; may be empty."""
    view = View([branch])
    for name in view.required:
        if name in view.properties:
            values = View(view.properties[name]).values
            if values is not None and len(values) == 1:
                return f"where {quoted(name)} is {shown(values[0])}"
    for node in view.nodes:
        if isinstance(title := node.keywords.get("title"), str):
            return f"called {quoted(title)}"
    if isinstance(branch.value, dict) and isinstance(ref := branch.value.get("$ref"), str):
        return f"that refers to {quoted(ref)}"
    types = view.types
    if len(types) == 1:
        return f"of {_TITLES[next(iter(types))]}"
    return ""


def called(branch: Node) -> str:
    """A branch in a sentence."""
    return f"the branch {label(branch) or 'at ' + quoted(branch.pointer)}"


def _pair(
    left: list[Node], right: list[Node], name: Callable[[Node], object], pairs: list[tuple[Node, Node]]
) -> tuple[list[Node], list[Node]]:
    waiting: dict[object, list[Node]] = {}
    for node in right:
        waiting.setdefault(name(node), []).append(node)
    rest = []
    for node in left:
        known = name(node)
        if known and waiting.get(known):
            pairs.append((node, waiting[known].pop(0)))
        else:
            rest.append(node)
    taken = {node for _, node in pairs}
    return rest, [node for node in right if node not in taken]


def _similar(
    left: list[Node], right: list[Node], pairs: list[tuple[Node, Node]]
) -> tuple[list[Node], list[Node]]:
    """Pairs what shares more than half of its members' names, the most alike first."""
    if len(left) * len(right) > _MOST_LIKELY:
        return left, right
    names = {node: View([node]).properties.keys() for node in (*left, *right)}
    likely = []
    for before in left:
        for after in right:
            shared, either = names[before] & names[after], names[before] | names[after]
            if len(shared) * 2 > len(either):
                likely.append((len(shared) / len(either), before, after))
    taken: set[Node] = set()
    for _, before, after in sorted(likely, key=lambda known: -known[0]):
        if before not in taken and after not in taken:
            taken |= {before, after}
            pairs.append((before, after))
    return [node for node in left if node not in taken], [node for node in right if node not in taken]


def _text(node: Node) -> object:
    return text(node)


def _target(node: Node) -> object:
    """What a branch says once its reference is followed."""
    try:
        while (
            isinstance(node.value, dict)
            and isinstance(ref := node.value.get("$ref"), str)
            and len(node.value) == 1
        ):
            node = node.resolve_ref(ref)
    except CanonryError:
        return None
    return text(node)
