"""Which schemas read the same: equal texts whose references lead to schemas that read the same."""

import json
import re
from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from decimal import Decimal
from typing import Final, TypeAlias
from urllib.parse import urljoin

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json
from canonry.regular.budget import current
from canonry.schema.order import Order
from canonry.schema.resources import Node, RemoteRefError, Schema

_REF: Final = re.compile(rb'"\$ref":("[^"\\]*(?:\\.[^"\\]*)*")')
_BYTES: Final = 64
"""Bytes of text that are written and searched for references in the time of one step."""
_REFINING: Final = 50
"""Steps that looking up a reference and telling what it leads to from all others is worth."""
_BUFFER: Final = 8_192
_WORD: Final = 63
"""Bits of the integers that orjson writes."""
_ARRANGED: Final = 50_000
"""Subschemas of the largest document whose lists are put in order before texts are compared."""
_ROUND: Final = 8
"""Steps that following a schema to another is worth."""
_COMBINING: Final = frozenset(
    {
        "$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "not", "if", "dependentSchemas",
        "dependencies",
    }
)  # fmt: skip
_LEADING: Final = _COMBINING | {"then", "else"}


class Likeness:
    """Keys of schemas: equal keys mean that the schemas accept the same values. Unequal keys mean nothing."""

    def __init__(self, schemas: Sequence[Schema]) -> None:
        self._schemas = schemas
        self._texts: dict[Node, bytes] = {}
        self._targets: dict[tuple[Schema, bytes], Node | None] = {}
        self._classes: dict[tuple[Schema, bytes], int] | None = None
        self._leads_round: dict[Node, bool] = {}
        self._order = Order(_dumped)

    def key(self, node: Node) -> Hashable | None:
        """A key, or None where a schema's meaning depends on more than its text and its references."""
        text = self._text(node)
        refs = _refs(text)
        if not refs:
            return (node.dialect, text)
        current().spend(3 * len(refs))
        if node.owner.root.base != node.base or (node.parent is not None and _embeds(text)):
            return None
        if self._classes is None:
            self._classes = self._refined()
        classes = tuple([self._classes.get((node.owner, ref)) for ref in refs])
        return None if None in classes else (node.dialect, text, classes)

    def circular(self, node: Node) -> bool:
        """Whether it leads, through others that apply to the same value, to one that leads back to itself."""
        known = self._round(node)
        if known is not None:
            return known
        leads_round = self._leads_round
        leads_round[node] = True  # what a cycle meets
        found = False
        path = [(node, _beside(node), False)]  # no recursion: references may form a chain of thousands
        while path:
            at, others, found = path.pop()
            for other in others:
                known = self._round(other)
                if known is None:
                    current().spend(_ROUND)
                    leads_round[other] = True
                    path += [(at, others, found), (other, _beside(other), False)]
                    break
                found = found or known
            else:
                leads_round[at] = found
                if found and path:
                    path[-1] = (*path[-1][:2], True)
        return found

    def _round(self, node: Node) -> bool | None:
        """What is known of whether a schema leads round."""
        value = node.value
        if value is True or value is False or node.owner.plain or _COMBINING.isdisjoint(value):
            return False
        return self._leads_round.get(node)

    def _text(self, node: Node) -> bytes:
        text = self._texts.get(node)
        if text is None:
            text = self._texts[node] = _dumped(self._arranged(node))
            current().spend(1 + len(text) // _BYTES)
        return text

    def _arranged(self, node: Node) -> Json:
        """The schema with one order of what has none, unless its document is too large to look through."""
        if node.owner.size > _ARRANGED:
            return node.value
        before = self._order.looked
        found = self._order.of(node.value, node.dialect)
        current().spend(self._order.looked - before)
        return found

    def _target(self, schema: Schema, ref: bytes) -> Node | None:
        """What a reference in the root resource names, if text and references are all of its meaning."""
        try:
            target = schema.root.resolve_ref(json.loads(ref))
        except (CanonryError, ValueError):
            return None
        return target if target.resource is schema.root and not _embeds(self._text(target)) else None

    def _remote(self, schema: Schema, ref: bytes) -> bytes | None:
        """A remote document stands for itself: it is the same for whoever names it."""
        try:
            reference = str(json.loads(ref))
        except ValueError:
            return None
        try:
            schema.root.resolve_ref(reference)
        except RemoteRefError:
            return b"remote " + urljoin(schema.root.base, reference).encode()
        except CanonryError:
            return None
        return None

    def _refined(self) -> dict[tuple[Schema, bytes], int]:
        """Partition refinement over the references of all documents: the coarsest one that texts allow."""
        graph: dict[tuple[Schema, bytes], tuple[bytes, list[tuple[Schema, bytes]]]] = {}
        for schema in dict.fromkeys(self._schemas):
            pending = _refs(self._text(schema.root))
            while pending:
                ref = pending.pop()
                if (schema, ref) in graph:
                    continue
                current().spend(_REFINING)
                target = self._target(schema, ref)
                if target is None:
                    remote = self._remote(schema, ref)
                    if remote is not None:
                        graph[schema, ref] = (remote, [])
                    continue
                text = self._text(target)
                inner = _refs(text)
                graph[schema, ref] = (bytes([target.dialect]) + text, [(schema, other) for other in inner])
                pending.extend(inner)
        return _coarsest(graph)


_Place: TypeAlias = "tuple[Schema, bytes]"


def _coarsest(graph: dict[_Place, tuple[bytes, list[_Place]]]) -> dict[_Place, int]:
    """The coarsest partition of places whose classes have one text and lead to the same classes.

    A class is looked at again only where it holds a place that leads to one whose class has changed, and of
    the parts that it falls into the largest keeps its number: chains of references take no longer than trees.
    """
    numbers: dict[Hashable, int] = {}
    classes = {place: numbers.setdefault(text, len(numbers)) for place, (text, _) in graph.items()}
    members: dict[int, dict[_Place, None]] = {}
    before: dict[_Place, list[_Place]] = {}
    for place, (_, inner) in graph.items():
        members.setdefault(classes[place], {})[place] = None
        for other in inner:
            before.setdefault(other, []).append(place)
    pending = deque(members)
    waiting = set(members)
    while pending:
        number = pending.popleft()
        waiting.discard(number)
        if len(members[number]) == 1:
            continue
        current().spend(3 * len(members[number]))
        parts: dict[Hashable, dict[_Place, None]] = {}
        for place in members[number]:
            leads = tuple(classes.get(other, other) for other in graph[place][1])
            parts.setdefault(leads, {})[place] = None
        rest = sorted(parts.values(), key=len)
        members[number] = rest.pop()
        for part in rest:
            fresh = len(members)
            members[fresh] = part
            classes.update(dict.fromkeys(part, fresh))
            for other in part:
                for place in before.get(other, ()):
                    if classes[place] not in waiting:
                        waiting.add(classes[place])
                        pending.append(classes[place])
    return classes


def text(node: Node) -> bytes:
    """A schema as it is written, whatever the order of its keywords: equal texts say the same."""
    written = _dumped(node.value)
    current().spend(1 + len(written) // _BYTES)
    return written


def same_text(left: Schema, right: Schema) -> bool:
    """Whether two documents are one and the same, so that they mean the same whatever that is."""
    return left.dialect is right.dialect and _dumped(left.document) == _dumped(right.document)


def _embeds(text: bytes) -> bool:
    """Whether identifiers inside may change what its references mean."""
    return b'"$id"' in text or b'"id"' in text


def _refs(text: bytes) -> list[bytes]:
    return list(dict.fromkeys(_REF.findall(text))) if b'"$ref"' in text else []


def _dumped(value: object) -> bytes:
    import orjson

    try:
        return _short(orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=_spelt))
    except TypeError:  # an integer of more than 64 bits, a lone surrogate, hundreds of levels
        pass
    try:
        return _short(orjson.dumps(_spelt_out(value), option=orjson.OPT_SORT_KEYS, default=_spelt))
    except TypeError:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_spelt_in_json).encode()


def _short(written: bytes) -> bytes:
    """A copy, since orjson hands out its whole buffer of a few kilobytes, however short the text is."""
    return b"".join((written, b"")) if len(written) < _BUFFER else written


def _spelt(value: object) -> object:
    """A number that orjson does not write, as no part of a document is written: it must not be mistaken."""
    import orjson

    if isinstance(value, Decimal):
        return orjson.Fragment(f"<{value}>")
    raise TypeError(type(value).__name__)


def _spelt_out(value: object) -> object:
    """The same for integers of more than 64 bits; in hexadecimal, which is fast however long they are."""
    import orjson

    if isinstance(value, dict):
        return {name: _spelt_out(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_spelt_out(part) for part in value]
    if isinstance(value, int) and value.bit_length() >= _WORD:
        return orjson.Fragment(f"<{value:x}>")
    return value


def _spelt_in_json(value: object) -> object:
    if isinstance(value, Decimal):
        return {"\udfff": str(value)}
    raise TypeError(type(value).__name__)


def _beside(node: Node) -> Iterator[Node]:
    """The schemas that apply to the same value, as far as they are known without a dynamic scope."""
    keywords = node.keywords
    for keyword in keywords:
        if keyword not in _LEADING:
            continue
        held = keywords[keyword]
        if keyword in ("$ref", "$dynamicRef"):
            if isinstance(held, str):
                try:
                    yield node.resolve_ref(held)
                except CanonryError:
                    continue
        elif keyword == "$recursiveRef":
            yield node.resource
        elif isinstance(held, dict) and keyword in ("dependentSchemas", "dependencies"):
            yield from (
                node.child(keyword, name) for name, part in held.items() if isinstance(part, bool | dict)
            )
        elif isinstance(held, list):
            yield from (node.child(keyword, str(index)) for index in range(len(held)))
        elif isinstance(held, bool | dict):
            yield node.child(keyword)
