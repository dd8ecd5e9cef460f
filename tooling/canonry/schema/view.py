"""What one schema says of the values at one place, gathered through references and `allOf`, for explanations.

Dialects are levelled here: draft 4's exclusive bounds, the two ways to write tuples and dependencies, and an
`enum` written as `oneOf` of `const`s read alike, so that the rules need not know how something was written.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json
from canonry.regular.budget import current
from canonry.schema.decimals import Exact, exact, is_whole, key
from canonry.schema.dialects import SUBSCHEMAS, Dialect
from canonry.schema.keywords import CHECKS
from canonry.schema.resources import Node
from canonry.schema.values import parts

TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
"""`number` stands here for the numbers that are no integers, so that types are disjoint."""


class Bound:
    """One limit: how far, whether the limit itself is out, and where it is written."""

    __slots__ = ("exclusive", "limit", "pointer")

    def __init__(self, limit: Exact, pointer: str, *, exclusive: bool = False) -> None:
        self.limit = limit
        self.exclusive = exclusive
        self.pointer = pointer


class View:
    """Everything that holds at one place: the nodes that all apply, none of them merged away."""

    def __init__(self, start: Iterable[Node], written: str = "") -> None:
        self.start = tuple(start)
        self._written = written
        self.nodes: list[Node] = []
        self.false: Node | None = None
        self.opaque: list[tuple[Node, str]] = []
        """References that lead nowhere, with where they stand."""
        seen: set[Node] = set()
        stack = list(reversed(self.start))
        while stack:
            node = stack.pop()
            if node in seen:
                continue
            seen.add(node)
            if isinstance(node.value, dict):
                self.nodes.append(node)
                stack.extend(reversed(self._conjuncts(node)))
            elif node.value is False and self.false is None:
                self.false = node

    @property
    def identity(self) -> tuple[Node, ...]:
        """The same for two views of the same nodes."""
        return tuple(self.nodes)

    @property
    def pointer(self) -> str:
        """Where the place itself is written, else where what is around it is."""
        return self.start[0].pointer if self.start else self._written

    def written(self, keyword: str) -> Iterator[tuple[Node, Json]]:
        """Every occurrence of a keyword that its dialect knows."""
        for node in self.nodes:
            if keyword in node.keywords and _knows(node.dialect, keyword):
                yield node, node.keywords[keyword]

    def where(self, *keywords: str) -> str:
        """The pointer of the first of these keywords that is written, else of the place."""
        for keyword in keywords:
            for node, _ in self.written(keyword):
                return f"{node.pointer}/{keyword}"
        return self.pointer

    def under(self, keyword: str) -> list[Node]:
        """The single schemas that a keyword holds, one per occurrence."""
        return [node.children[keyword,] for node, _ in self.written(keyword) if (keyword,) in node.children]

    @cached_property
    def types(self) -> frozenset[str]:
        """The types that `type` leaves; all where it is not written."""
        left = frozenset(TYPES)
        for _, held in self.written("type"):
            names = {held} if isinstance(held, str) else set(held)  # type: ignore[arg-type]  # a list of names
            if "number" in names:
                names.add("integer")
            left &= names
        return left

    @property
    def listed(self) -> int:
        """How many members, values and branches its keywords list."""
        held = (held for node in self.nodes for held in node.keywords.values())
        return sum(len(part) for part in held if isinstance(part, dict | list))

    @cached_property
    def possible(self) -> frozenset[str]:
        """The types that remain once listed values are looked at as well."""
        if self.values is None:
            return self.types
        return self.types & frozenset(map(type_of, self.values))

    @cached_property
    def values(self) -> list[Json] | None:
        """The values that `enum`, `const` or a union of them leaves; None where none is written."""
        lists = [listed for node in self.nodes if (listed := _listed(node)) is not None]
        if not lists:
            return None
        for listed in lists:
            current().spend(3 * parts(listed, current().left))
        others = [{key(value) for value in listed} for listed in lists[1:]]
        found = {key(value): value for value in lists[0]}
        return [value for name, value in found.items() if all(name in other for other in others)]

    def values_at(self) -> str:
        """Where they are written."""
        return self.where("enum", "const", "oneOf", "anyOf")

    def numbers(self, keyword: str) -> list[Exact]:
        """The numbers that a keyword holds."""
        return [exact(held) for _, held in self.written(keyword)]  # type: ignore[arg-type]  # numbers

    def least(self, keyword: str) -> Bound | None:
        """The tightest lower bound of `minLength`, `minItems`, ..."""
        bounds = [Bound(exact(held), f"{node.pointer}/{keyword}") for node, held in self.written(keyword)]  # type: ignore[arg-type]  # numbers
        return max(bounds, key=lambda bound: bound.limit, default=None)

    def most(self, keyword: str) -> Bound | None:
        """The tightest upper bound of `maxLength`, `maxItems`, ..."""
        bounds = [Bound(exact(held), f"{node.pointer}/{keyword}") for node, held in self.written(keyword)]  # type: ignore[arg-type]  # numbers
        return min(bounds, key=lambda bound: bound.limit, default=None)

    @cached_property
    def minimum(self) -> Bound | None:
        """The tightest lower bound of numbers."""
        return max(
            self._range("minimum", "exclusiveMinimum"), key=lambda b: (b.limit, b.exclusive), default=None
        )

    @cached_property
    def maximum(self) -> Bound | None:
        """The tightest upper bound of numbers."""
        return min(
            self._range("maximum", "exclusiveMaximum"), key=lambda b: (b.limit, not b.exclusive), default=None
        )

    def texts(self, keyword: str) -> dict[str, str]:
        """The strings that a keyword holds, each with its pointer."""
        return {str(held): f"{node.pointer}/{keyword}" for node, held in self.written(keyword)}

    @cached_property
    def required(self) -> dict[str, str]:
        """Required names, each with the pointer of its `required`."""
        return {
            str(name): f"{node.pointer}/required"
            for node, names in self.written("required")
            for name in names  # type: ignore[union-attr]  # names
        }

    @cached_property
    def properties(self) -> dict[str, list[Node]]:
        """The schemas of each declared property."""
        return self._named("properties")

    @cached_property
    def pattern_properties(self) -> dict[str, list[Node]]:
        """The schemas of each pattern of names."""
        return self._named("patternProperties")

    @cached_property
    def dependents(self) -> dict[tuple[str, str], str]:
        """Pairs of a name and a name that it calls for, each with a pointer."""
        found: dict[tuple[str, str], str] = {}
        for keyword in ("dependencies", "dependentRequired"):
            for node, held in self.written(keyword):
                if keyword == "dependencies" and node.dialect >= Dialect.DRAFT_2019_09:
                    continue
                pointer = f"{node.pointer}/{keyword}"
                for given, names in held.items():  # type: ignore[union-attr]  # an object
                    wanted = names if isinstance(names, list) else ()
                    current().spend(2 + 3 * len(wanted))
                    found.update(((given, str(name)), pointer) for name in wanted)
        return found

    @cached_property
    def conditional(self) -> dict[str, list[Node]]:
        """Dependent schemas by the name that calls for them."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            for tokens, child in node.children.items():
                old = tokens[0] == "dependencies" and node.dialect <= Dialect.DRAFT_7
                if (old or tokens[0] == "dependentSchemas") and not node.hides_siblings:
                    found.setdefault(tokens[1], []).append(child)
        return found

    @cached_property
    def closed_by(self) -> str | None:
        """The pointer of what refuses members that are not declared; None where they are allowed."""
        for keyword in ("additionalProperties", "unevaluatedProperties"):
            for node, held in self.written(keyword):
                if held is False:
                    return f"{node.pointer}/{keyword}"
        return None

    @cached_property
    def prefix(self) -> list[list[Node]]:
        """The schemas of each position of a tuple."""
        found: list[list[Node]] = []
        for node in self.nodes:
            keyword = "prefixItems" if node.dialect is Dialect.DRAFT_2020_12 else "items"
            held = node.keywords.get(keyword)
            for index in range(len(held) if isinstance(held, list) else 0):
                if index == len(found):
                    found.append([])
                found[index].append(node.children[keyword, str(index)])
        return found

    @cached_property
    def rest(self) -> list[Node]:
        """The schemas of the items after the tuple."""
        found = []
        for node in self.nodes:
            listed = node.dialect < Dialect.DRAFT_2020_12 and isinstance(node.keywords.get("items"), list)
            keyword = "additionalItems" if listed else "items"
            if (keyword,) in node.children and not node.hides_siblings:
                found.append(node.children[keyword,])
        return found

    @cached_property
    def unions(self) -> list[tuple[Node, str]]:
        """Every `anyOf` and `oneOf` of several branches that is no list of values, with its keyword."""
        found = []
        for node in self.nodes:
            for keyword in ("anyOf", "oneOf"):
                held = node.keywords.get(keyword)
                if isinstance(held, list) and len(held) > 1 and _constants(node, keyword) is None:
                    found.append((node, keyword))
        return found

    def _named(self, keyword: str) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node, held in self.written(keyword):
            current().spend(2 * len(held))  # type: ignore[arg-type]  # an object
            for name in held:  # type: ignore[union-attr]  # an object
                found.setdefault(str(name), []).append(node.children[keyword, str(name)])
        return found

    def _range(self, inclusive: str, exclusive: str) -> list[Bound]:
        found = []
        for node, held in self.written(inclusive):
            out = node.dialect is Dialect.DRAFT_4 and node.keywords.get(exclusive) is True
            found.append(Bound(exact(held), f"{node.pointer}/{inclusive}", exclusive=out))  # type: ignore[arg-type]  # a number
        for node, held in self.written(exclusive):
            if node.dialect is not Dialect.DRAFT_4:
                found.append(Bound(exact(held), f"{node.pointer}/{exclusive}", exclusive=True))  # type: ignore[arg-type]  # a number
        return found

    def _conjuncts(self, node: Node) -> list[Node]:
        found = []
        for keyword in ("$ref", "$dynamicRef"):
            ref = node.keywords.get(keyword)
            if isinstance(ref, str) and _knows(node.dialect, keyword):
                try:
                    found.append(node.resolve_ref(ref))
                except CanonryError:
                    self.opaque.append((node, ref))
        if node.hides_siblings:
            return found
        held = node.keywords.get("allOf")
        if isinstance(held, list):
            current().spend(len(held))
            found += [node.child("allOf", index) for index in range(len(held))]
        for keyword in ("anyOf", "oneOf"):
            if isinstance(held := node.keywords.get(keyword), list) and len(held) == 1:
                found.append(node.children[keyword, "0"])
        return found


def _knows(dialect: Dialect, keyword: str) -> bool:
    return keyword in SUBSCHEMAS[dialect] or keyword in CHECKS[dialect]


def type_of(value: Json) -> str:
    """The type of a value, of `TYPES`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, list | dict):
        return "array" if isinstance(value, list) else "object"
    return "integer" if is_whole(value) else "number"


def _listed(node: Node) -> list[Json] | None:
    """The values that one node leaves, where it lists them."""
    keywords = node.keywords
    if "const" in keywords and node.dialect >= Dialect.DRAFT_6:
        return [keywords["const"]]
    if isinstance(held := keywords.get("enum"), list):
        return held
    for keyword in ("oneOf", "anyOf"):
        if (constants := _constants(node, keyword)) is not None:
            return constants
    return None


def _constants(node: Node, keyword: str) -> list[Json] | None:
    """The values of a union whose every branch is one value or a list of them."""
    if not isinstance(held := node.keywords.get(keyword), list) or len(held) <= 1:
        return None
    current().spend(len(held))
    found: list[Json] = []
    for index in range(len(held)):
        branch = held[index]
        if not isinstance(branch, dict) or not branch.keys() <= _VALUE_KEYWORDS:
            return None
        if "const" in branch and "enum" not in branch and node.dialect >= Dialect.DRAFT_6:
            found.append(branch["const"])
        elif isinstance(listed := branch.get("enum"), list) and "const" not in branch:
            found += listed
        else:
            return None
    if keyword == "oneOf" and len({key(value) for value in found}) < len(found):
        return None
    return found


_VALUE_KEYWORDS = frozenset({"const", "enum", "title", "description", "$comment", "deprecated"})
