"""Schema documents as graphs of nodes: identifiers, anchors and references, resolved without any fetching."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from canonry.kernel import pointer as pointers
from canonry.kernel.jsonvalue import Json
from canonry.schema.dialects import SUBSCHEMAS, Dialect, Shape, dialect_of
from canonry.schema.faults import DanglingRefError, NotASchemaError, RefError, RemoteRefError
from canonry.schema.keywords import CHECKS, Check

__all__ = [
    "DanglingRefError",
    "Node",
    "NotASchemaError",
    "RefError",
    "RemoteRefError",
    "Schema",
    "Scope",
]

Scope: TypeAlias = "tuple[Node, ...]"
"""The dynamic scope: the roots of the resources entered so far, outermost first, each once."""


class Node:
    """One place of a schema document that holds a schema; the same place is always the same object.

    So nodes are compared and hashed by identity, which makes them cheap keys of a memo. `value` is the
    boolean or the object as it stands in the document, `base` the URI of the resource around it, `resource`
    that resource's root, `owner` the `Schema` it belongs to (a bundled metaschema is its own). Nodes
    below are made when they are first asked for, so that a large document costs what of it is looked at.
    """

    __slots__ = (
        "_all", "_below", "_refs", "base", "dialect", "owner", "parent", "resource", "tokens", "value",
    )  # fmt: skip

    def __init__(
        self,
        value: bool | dict[str, Json],  # noqa: FBT001 (a boolean is a schema)
        dialect: Dialect,
        owner: "Schema",
        parent: "Node | None",
        tokens: tuple[str, ...],
    ) -> None:
        self.value = value
        self.dialect = dialect
        self.owner = owner
        self.parent = parent
        self.tokens = tokens
        self._below: dict[tuple[str, ...], Node] | None = None
        self._all = False
        self._refs: dict[str, Node] | None = None
        if parent is None:
            self.base: str = ""
            self.resource: Node = self
        else:
            self.base = parent.base
            self.resource = parent.resource

    def __repr__(self) -> str:
        return f"<Node {self.base}#{self.pointer}>"

    @property
    def pointer(self) -> str:
        """The JSON Pointer from the root of its document."""
        chain: list[tuple[str, ...]] = []
        node: Node | None = self
        while node is not None:
            chain.append(node.tokens)
            node = node.parent
        return pointers.join(token for tokens in reversed(chain) for token in tokens)

    @property
    def keywords(self) -> Mapping[str, Json]:
        """The keywords that count: none for a boolean, only `$ref` where the dialect ignores its siblings."""
        value = self.value
        if value is True or value is False:
            return {}
        if self.dialect <= Dialect.DRAFT_7 and isinstance(value.get("$ref"), str):
            return {"$ref": value["$ref"]}
        return value

    @property
    def hides_siblings(self) -> bool:
        """Whether it is a `$ref` that makes its dialect ignore every keyword beside it."""
        value = self.value
        return (
            self.dialect <= Dialect.DRAFT_7 and isinstance(value, dict) and isinstance(value.get("$ref"), str)
        )

    @property
    def children(self) -> Mapping[tuple[str, ...], "Node"]:
        """Every schema directly below by its tokens (beside a `$ref` that hides its siblings, too)."""
        if not self._all:
            # In the order of the document, whichever of them were made before.
            made = self._below or {}
            self._below = {
                tokens: made.get(tokens) or Node(part, self.dialect, self.owner, self, tokens)
                for tokens, part in self._parts()
            }
            self._all = True
        return self._below or {}

    def _parts(self) -> Iterator[tuple[tuple[str, ...], "bool | dict[str, Json]"]]:
        """The schemas directly below, as they stand in the document."""
        value = self.value
        if value is True or value is False:
            return
        shapes = SUBSCHEMAS[self.dialect]
        for keyword, held in value.items():
            if keyword in shapes:
                for tokens, part in _parts(shapes[keyword], keyword, held) or ():
                    if isinstance(part, dict) or part is True or part is False:
                        yield tokens, part

    def directly(self, *tokens: str) -> "Node | None":
        """The schema directly below under a keyword that the dialect knows; None where there is none."""
        below = self._below
        if below is not None:
            known = below.get(tokens)
            if known is not None or self._all:
                return known
        part = self.written(*tokens)
        if part is None:
            return None
        made = Node(part, self.dialect, self.owner, self, tokens)
        if below is None:
            self._below = {tokens: made}
        else:
            below[tokens] = made
        return made

    def written(self, keyword: str, token: str | None = None) -> "bool | dict[str, Json] | None":
        """What stands where `directly` makes a node of it: a glance that makes none."""
        value = self.value
        if value is True or value is False:
            return None
        held = value.get(keyword)
        shape = SUBSCHEMAS[self.dialect].get(keyword)
        if held is None or shape is None:
            return None
        part: Json
        if token is None:
            part = held if shape is Shape.ONE or shape is Shape.ONE_OR_LIST else None
        elif isinstance(held, dict):
            part = held.get(token) if shape is Shape.MAP or shape is Shape.DEPENDENCIES else None
        elif isinstance(held, list) and (shape is Shape.LIST or shape is Shape.ONE_OR_LIST):
            known = token.isascii() and token.isdigit() and (token == "0" or token[0] != "0")
            part = held[int(token)] if known and len(token) < _DIGITS and int(token) < len(held) else None
        else:
            part = None
        return part if isinstance(part, dict | bool) else None

    def child(self, *tokens: str | int) -> "Node":
        """The schema at a place below: `child("properties", "a")`, `child("allOf", 0)`.

        Raises `DanglingRefError` where there is nothing and `NotASchemaError` where there is no schema.
        """
        node, rest = self, tuple(map(str, tokens))
        while rest:
            for length in (2, 1):
                below = node.directly(*rest[:length]) if length <= len(rest) else None
                if below is not None:
                    node, rest = below, rest[length:]
                    break
            else:
                return self.owner.adopt(node, rest)
        return node

    def resolve_ref(self, ref: str) -> "Node":
        """What a `$ref` at this node names.

        Raises `RemoteRefError`, `DanglingRefError`, or `NotASchemaError` where the place holds no schema.
        """
        if self._refs is None:
            self._refs = {}
        target = self._refs.get(ref)
        if target is None:
            target = self._refs[ref] = self.owner.lookup(self, ref)
        return target

    def resolve_dynamic(self, ref: str, scope: Scope) -> "Node":
        """What a `$dynamicRef` at this node names, in the scope entered so far (this resource included)."""
        target = self.resolve_ref(ref)
        name = ref.partition("#")[2]
        if not name or target.owner.dynamic_anchor(target.resource, name) is not target:
            return target
        for resource in scope:
            found = resource.owner.dynamic_anchor(resource, name)
            if found is not None:
                return found
        return target

    def resolve_recursive(self, scope: Scope) -> "Node":
        """What a `$recursiveRef` (2019-09, always `#`) at this node names, in the scope entered so far."""
        target = self.resource
        if isinstance(target.value, dict) and target.value.get("$recursiveAnchor") is True:
            for resource in scope:
                if isinstance(resource.value, dict) and resource.value.get("$recursiveAnchor") is True:
                    return resource
        return target


class Schema:
    """A loaded document: every keyword is of the right type, and every identifier and anchor is known."""

    __slots__ = (
        "_adopted",
        "_anchors",
        "_dynamic",
        "_resources",
        "dialect",
        "document",
        "documents",
        "dynamic",
        "plain",
        "root",
        "size",
    )

    def __init__(self, document: Json, dialect: Dialect, documents: Mapping[str, Json]) -> None:
        self.document = document
        self.dialect = dialect
        self.dynamic = False
        """Whether dynamic references or anchors occur: what a node means then depends on the scope."""
        self.size = 0
        """How many places hold a schema."""
        self.plain = True
        """Whether no reference and no second dialect occurs."""
        self.documents = documents
        self._resources: dict[str, Node] = {}
        self._adopted: dict[tuple[Node, tuple[str, ...]], Node] = {}
        self._anchors: dict[tuple[str, str], Node] = {}
        self._dynamic: dict[tuple[Node, str], Node] = {}
        if not isinstance(document, bool | dict):
            raise NotASchemaError([("", "a schema is an object or a boolean")])
        self.root = Node(document, dialect, self, None, ())
        self._resources[""] = self.root

    @classmethod
    def load(
        cls,
        document: Json,
        default_dialect: Dialect = Dialect.DRAFT_2020_12,
        documents: Mapping[str, Json] | None = None,
    ) -> "Schema":
        """Reads a document; `documents` are others, by absolute URI, that references may lead to.

        Raises `NotASchemaError` or `UnknownDialectError`. References are resolved when they are followed, so
        one that leads nowhere spoils only what depends on it: see `broken_references`.
        """
        declared = document.get("$schema") if isinstance(document, dict) else None
        schema = cls(document, dialect_of(declared, default_dialect), documents or {})
        schema._read(schema.root)
        return schema

    def lookup(self, origin: Node, ref: str) -> Node:
        """What a reference at `origin` names: see `Node.resolve_ref`."""
        target, _, fragment = ref.partition("#")
        if not target:
            resource = origin.resource
        else:
            resource = self._resource(_joined(origin.base, target), ref, origin)
        if not fragment:
            return resource
        if "%" in fragment:
            from urllib.parse import unquote

            fragment = unquote(fragment)
        if fragment.startswith("/"):
            try:
                return resource.child(*pointers.split(fragment))
            except DanglingRefError:
                raise DanglingRefError(ref, origin.pointer) from None
        anchor = resource.owner.anchor(resource, fragment)
        if anchor is None:
            raise DanglingRefError(ref, origin.pointer)
        return anchor

    def anchor(self, resource: Node, name: str) -> Node | None:
        """The schema that a plain-name fragment of this resource names."""
        return self._anchors.get((resource.base, name))

    def dynamic_anchor(self, resource: Node, name: str) -> Node | None:
        """The schema that a `$dynamicAnchor` of this resource names."""
        return self._dynamic.get((resource, name))

    def dynamic_nodes(self) -> list[Node]:
        """Every schema that a dynamic or recursive reference may come to mean."""
        roots = [
            node
            for node in self._resources.values()
            if isinstance(node.value, dict) and node.value.get("$recursiveAnchor") is True
        ]
        return [*self._dynamic.values(), *roots]

    def adopt(self, node: Node, tokens: tuple[str, ...]) -> Node:
        """A schema below a node where its dialect expects none: read as one because a reference names it."""
        known = self._adopted.get((node, tokens))
        if known is not None:
            return known
        try:
            value = pointers.resolve(node.value, tokens)
        except (LookupError, ValueError):
            raise DanglingRefError(pointers.join(tokens), node.pointer) from None
        if not isinstance(value, bool | dict):
            place = node.pointer + pointers.join(tokens)
            raise NotASchemaError([(place, "a reference leads here, but it is no schema")])
        made = Node(value, node.dialect, self, node, tokens)
        self._read(made)
        self._adopted[node, tokens] = (
            made  # no child: being referred to makes no keyword known to its dialect
        )
        return made

    def broken_references(self) -> tuple[RefError, ...]:
        """Every reference that leads nowhere and that the root reaches; unused definitions do not count."""
        broken: list[RefError] = []
        seen = {self.root}
        stack = [self.root]
        while stack:
            node = stack.pop()
            targets: list[Node] = []
            for keyword in ("$ref", "$dynamicRef"):
                ref = node.keywords.get(keyword)
                if isinstance(ref, str) and keyword in _TABLES[node.dialect]:
                    try:
                        targets.append(node.resolve_ref(ref))
                    except RefError as error:
                        broken.append(error)
            if not node.hides_siblings:
                targets += [child for tokens, child in node.children.items() if tokens[0] not in _UNREACHED]
            for target in targets:
                if target not in seen and target.owner is self:
                    seen.add(target)
                    stack.append(target)
        return tuple(broken)

    def _resource(self, uri: str, ref: str, origin: Node) -> Node:
        found = self._resources.get(uri)
        if found is not None:
            return found
        if uri in self.documents:
            document = self.documents[uri]
            if not isinstance(document, bool | dict):
                raise NotASchemaError([("", f"{uri} is no schema")])
            declared = document.get("$schema") if isinstance(document, dict) else None
            root = Node(document, dialect_of(declared, self.dialect), self, None, ())
            root.base = uri
            self._resources[uri] = root
            self._read(root)
            return root
        bundled = _metaschema(uri)
        if bundled is None:
            raise RemoteRefError(ref, origin.pointer)
        return bundled

    def _read(self, start: Node) -> None:
        """Checks every keyword and registers identifiers; makes nodes only of what has one."""
        problems: list[tuple[Node, str, str]] = []
        value = start.value
        if isinstance(value, dict) and not _IDENTIFYING.isdisjoint(value):
            self._identify(start, value, problems)
        if not problems and self._glanced(start):
            return
        self._read_closely(start, problems)
        if problems:
            raise NotASchemaError([(f"{node.pointer}/{where}", what) for node, where, what in problems])

    def _glanced(self, start: Node) -> bool:
        """Reads a part where nothing is wrong and nothing below `start` has an identifier; else False.

        Nearly all parts are like that, and need no account of where in the document one is.
        """
        size = 0
        referring = dynamic = False
        steps = _GLANCES[start.dialect].get
        stack: list[Json] = [start.value]
        while stack:
            value = stack.pop()
            size += 1
            if size > _MOST_SCHEMAS:
                raise NotASchemaError([("", _ENDLESS)])
            if value.__class__ is not dict:
                if value is True or value is False:
                    continue
                return False
            for keyword, held in value.items():
                expected = steps(keyword)
                if expected is None:
                    continue
                kind, check = expected
                if kind is Shape.MAP:
                    if held.__class__ is not dict:
                        return False
                    for name in held:
                        if name.__class__ is not str:
                            return False
                    stack.extend(held.values())
                elif kind is None:
                    if check is None:  # an identifier
                        known = _TABLES[start.dialect].get(keyword)
                        if value is not start.value or (known is not None and _wrong(known, held)):
                            return False
                    elif check(held) is not None:
                        return False
                    elif keyword in _REFERRING:
                        referring = True
                        dynamic = dynamic or keyword != "$ref"
                elif kind is Shape.DEPENDENCIES:
                    if held.__class__ is not dict:
                        return False
                    for name, part in held.items():
                        if name.__class__ is not str:
                            return False
                        if not _is_names(part):
                            stack.append(part)
                elif held.__class__ is list:
                    if kind is Shape.ONE:
                        return False
                    stack.extend(held)
                elif kind is Shape.LIST:
                    return False
                else:
                    stack.append(held)
        self.size += size
        self.plain = self.plain and not referring
        self.dynamic = self.dynamic or dynamic
        return True

    def _read_closely(self, start: Node, problems: list[tuple[Node, str, str]]) -> None:
        """Reads a part with an account of where one is: to say what is wrong, to note what is identified."""
        stack = [_Place(start.value, start.dialect, None, start.tokens, start)]
        while stack:
            place = stack.pop()
            value = place.value
            self.size += 1
            if self.size > _MOST_SCHEMAS:
                raise NotASchemaError([("", _ENDLESS)])
            if value is True or value is False:
                continue
            if place.above is not None and not _IDENTIFYING.isdisjoint(value):
                self._identify(place.node, value, problems)
                place.dialect = place.node.dialect
            table = _TABLES[place.dialect]
            for keyword, held in value.items():
                expected = table.get(keyword)
                if expected is None:
                    continue
                shape, check = expected
                if shape is None:
                    wrong = check(held) if check is not None else None
                    if wrong is not None:
                        problems.append((place.node, keyword, wrong))
                    elif keyword in _REFERRING:
                        self.plain = False
                        self.dynamic = self.dynamic or keyword != "$ref"
                    continue
                parts = _parts(shape, keyword, held)
                if parts is None:
                    problems.append((place.node, keyword, f"must be {shape.value}"))
                    continue
                for tokens, part in parts:
                    if isinstance(part, dict) or part is True or part is False:
                        stack.append(_Place(part, place.dialect, place, tokens))
                    elif shape is not Shape.DEPENDENCIES or not _is_names(part):
                        problems.append(
                            (
                                place.node,
                                pointers.join(tokens)[1:],
                                "must be a schema: an object or a boolean",
                            )
                        )

    def _identify(self, node: Node, value: dict[str, Json], problems: list[tuple[Node, str, str]]) -> None:
        """Takes note of `$schema`, identifiers and anchors at a node."""
        if node.parent is not None and isinstance(value.get("$schema"), str):
            declared = dialect_of(value["$schema"], node.dialect)
            if isinstance(
                value.get(declared.id_keyword), str
            ):  # only the root of a resource declares a dialect
                node.dialect = declared
                self.plain = False
        dialect = node.dialect
        if dialect.ref_hides_siblings and "$ref" in value and isinstance(value["$ref"], str):
            return
        identifier = value.get(dialect.id_keyword)
        if identifier is not None and not isinstance(identifier, str):
            problems.append((node, dialect.id_keyword, "must be a string"))
        elif identifier is not None:
            target, _, fragment = identifier.partition("#")
            if target or (node.parent is None and not fragment):
                node.base = _joined(node.base, target)
                node.resource = node
                self._resources.setdefault(node.base, node)
            if fragment and dialect <= Dialect.DRAFT_7:
                self._anchors.setdefault((node.base, fragment), node)
        if dialect >= Dialect.DRAFT_2019_09:
            anchor = value.get("$anchor")
            if isinstance(anchor, str):
                self._anchors.setdefault((node.base, anchor), node)
            if value.get("$recursiveAnchor") is True and dialect is Dialect.DRAFT_2019_09:
                self.dynamic = True
            anchor = value.get("$dynamicAnchor")
            if isinstance(anchor, str) and dialect >= Dialect.DRAFT_2020_12:
                self.dynamic = True
                self._anchors.setdefault((node.base, anchor), node)
                self._dynamic.setdefault((node.resource, anchor), node)


class _Place:
    """A place while it is read; its node is made where it is needed."""

    __slots__ = ("_node", "above", "dialect", "tokens", "value")

    def __init__(
        self,
        value: bool | dict[str, Json],  # noqa: FBT001 (a boolean is a schema)
        dialect: Dialect,
        above: "_Place | None",
        tokens: tuple[str, ...],
        node: Node | None = None,
    ) -> None:
        self.value = value
        self.dialect = dialect
        self.above = above
        self.tokens = tokens
        self._node = node

    @property
    def node(self) -> Node:
        """The node, and on the way those above it, which were read before and know their base and dialect."""
        missing = [self]
        while (place := missing[-1])._node is None and place.above is not None:  # noqa: SLF001 (its own class)
            missing.append(place.above)
        node = missing.pop()._node  # noqa: SLF001
        assert node is not None  # noqa: S101  # reading starts at a node
        for place in reversed(missing):
            below = node.directly(*place.tokens)
            assert below is not None  # noqa: S101  # the place was read there
            node = place._node = below  # noqa: SLF001
        return node


_DIGITS: Final = 10
_MOST_SCHEMAS: Final = 5_000_000
_ENDLESS: Final = f"holds itself, or more than {_MOST_SCHEMAS:,} schemas"
_IDENTIFYING: Final = frozenset({"$schema", "$id", "id", "$anchor", "$dynamicAnchor", "$recursiveAnchor"})
_REFERRING: Final = frozenset({"$ref", "$dynamicRef", "$recursiveRef"})
_UNREACHED: Final = frozenset({"definitions", "$defs", "contentSchema"})


def _table(dialect: Dialect) -> dict[str, tuple[Shape | None, Check | None]]:
    table: dict[str, tuple[Shape | None, Check | None]] = {
        keyword: (None, check) for keyword, check in CHECKS[dialect].items()
    }
    table.update((keyword, (shape, None)) for keyword, shape in SUBSCHEMAS[dialect].items())
    return table


_TABLES: Final = {dialect: _table(dialect) for dialect in Dialect}


def _glances(dialect: Dialect) -> dict[str, tuple[Shape | None, Check | None]]:
    """The table, with the keywords that identify a schema marked by having neither shape nor check."""
    identifying = {"$schema", dialect.id_keyword}
    if dialect >= Dialect.DRAFT_2019_09:
        identifying.add("$anchor")
    if dialect is Dialect.DRAFT_2019_09:
        identifying.add("$recursiveAnchor")
    if dialect >= Dialect.DRAFT_2020_12:
        identifying.add("$dynamicAnchor")
    return _table(dialect) | dict.fromkeys(identifying, (None, None))


_GLANCES: Final = {dialect: _glances(dialect) for dialect in Dialect}


def _parts(shape: Shape, keyword: str, held: Json) -> list[tuple[tuple[str, ...], Json]] | None:
    """What a keyword holds where it should hold schemas, by tokens; None where it has not the shape."""
    if isinstance(held, dict):
        if shape is Shape.MAP or shape is Shape.DEPENDENCIES:
            return [((keyword, str(name)), part) for name, part in held.items()]
    elif isinstance(held, list):
        if shape is Shape.LIST or shape is Shape.ONE_OR_LIST:
            return [((keyword, str(index)), part) for index, part in enumerate(held)]
        return None
    return [((keyword,), held)] if shape is Shape.ONE or shape is Shape.ONE_OR_LIST else None


def _wrong(expected: tuple[Shape | None, Check | None], held: Json) -> bool:
    check = expected[1]
    return check is not None and check(held) is not None


def _is_names(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _joined(base: str, reference: str) -> str:
    """RFC 3986 resolution of a reference without fragment; a URN base resolves nothing but itself."""
    if not base:
        return reference
    from urllib.parse import urljoin

    return urljoin(base, reference)


@lru_cache(maxsize=64)
def _metaschema(uri: str) -> Node | None:
    """The root of a draft's metaschema (or of one of its vocabularies), which the specifications publish."""
    host = uri.partition("://")[2]
    if not host.startswith("json-schema.org/draft"):
        return None
    # Takes 100 ms, and hardly any schema refers to a metaschema.
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]  # ships no types

    for spelling in (f"http://{host}", f"http://{host}#", f"https://{host}"):
        if spelling in REGISTRY:
            return Schema.load(REGISTRY.contents(spelling)).root
    return None
