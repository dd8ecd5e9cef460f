"""Which branch of an old union is which branch of the new one, whatever their order."""

from collections.abc import Callable
from typing import TypeAlias

from canonry.kernel.errors import CanonryError
from canonry.regular.budget import Budget, current, spending
from canonry.schema.assertions import language
from canonry.schema.decimals import key
from canonry.schema.likeness import text
from canonry.schema.pairs import joined, quoted, shown
from canonry.schema.resources import Node
from canonry.schema.view import View

Union: TypeAlias = "tuple[Node, str]"
Matched: TypeAlias = "tuple[list[tuple[Node, Node]], list[Node], list[Node]]"

_MOST_LIKELY = 400
"""Pairs of branches whose members are compared."""

_TELLING = 5_000
"""Steps that telling two patterns apart may cost."""
_NAMED = 3
"""Required members by which a branch is called."""

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
    as many. Branches that are plainly told apart (by no name in common, or by a member that both require and
    that has no value in common) never correspond, unless they are equal.
    """
    left, right = branches(old), branches(new)
    pairs: list[tuple[Node, Node]] = []
    for name in (_text, _target):
        left, right = _pair(left, right, name, pairs)
    left, right = _pair(left, right, label, pairs, unless=_strange)
    left, right = _similar(left, right, pairs)
    if len(left) == len(right):
        beside = list(zip(left, right, strict=True))
        pairs += [(before, after) for before, after in beside if not _strange(before, after)]
        strange = [both for both in beside if _strange(*both)]
        return pairs, [before for before, _ in strange], [after for _, after in strange]
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
    said = label(branch)
    if said in ("", "of objects", "of strings"):
        said = _described(View([branch])) or said
    return f"the branch {said or 'at ' + quoted(branch.pointer)}"


def _described(view: View) -> str:
    """By a pattern that tags it, or by what it requires."""
    for name in view.required:
        if patterns := list(View(view.properties.get(name, [])).texts("pattern")):
            return f"where {quoted(name)} matches {quoted(patterns[0])}"
    if names := list(view.required):
        return f"with {joined([quoted(name) for name in names[:_NAMED]], len(names) - _NAMED)}"
    patterns = list(view.texts("pattern"))
    return f"matching {quoted(patterns[0])}" if patterns else ""


def _pair(
    left: list[Node],
    right: list[Node],
    name: Callable[[Node], object],
    pairs: list[tuple[Node, Node]],
    *,
    unless: Callable[[Node, Node], bool] | None = None,
) -> tuple[list[Node], list[Node]]:
    waiting: dict[object, list[Node]] = {}
    for node in right:
        waiting.setdefault(name(node), []).append(node)
    rest = []
    for node in left:
        known = name(node)
        others = waiting.get(known, []) if known else []
        for index, other in enumerate(others):
            if unless is None or not unless(node, other):
                pairs.append((node, others.pop(index)))
                break
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
    names = {node: _members(node) for node in (*left, *right)}
    likely = []
    for before in left:
        for after in right:
            shared, either = names[before] & names[after], names[before] | names[after]
            if len(shared) * 2 > len(either) and not _strange(before, after):
                likely.append((len(shared) / len(either), before, after))
    taken: set[Node] = set()
    for _, before, after in sorted(likely, key=lambda known: -known[0]):
        if before not in taken and after not in taken:
            taken |= {before, after}
            pairs.append((before, after))
    return [node for node in left if node not in taken], [node for node in right if node not in taken]


def _members(node: Node) -> frozenset[str]:
    view = View([node])
    return frozenset((*view.properties, *view.required))


def _strange(before: Node, after: Node) -> bool:
    """Whether two branches are plainly told apart."""
    left, right = View([before]), View([after])
    names = _members(before), _members(after)
    if all(names) and names[0].isdisjoint(names[1]):
        return True
    return any(
        name in right.required
        and name in left.properties
        and name in right.properties
        and _apart(View(left.properties[name]), View(right.properties[name]))
        for name in left.required
    )


def _apart(left: View, right: View) -> bool:
    """Whether two places plainly have no value in common: by their lists of values, or by their patterns."""
    if left.values is not None and right.values is not None:
        return {key(value) for value in left.values}.isdisjoint(map(key, right.values))
    before, after = list(left.texts("pattern")), list(right.texts("pattern"))
    if len(before) != 1 or len(after) != 1 or before == after:
        return False
    budget = Budget(_TELLING)
    try:
        with spending(budget):
            return language(before[0]).disjoint(language(after[0]))
    except CanonryError:
        return False
    finally:
        current().spend(budget.spent)


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
