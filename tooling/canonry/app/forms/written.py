"""Patterns of JSON texts in one layout that a schema accepts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from canonry.app.forms.cases import CONDITIONAL, cases
from canonry.app.forms.layout import Layout, Style
from canonry.app.forms.scalars import Nodes, UnwrittenError, characters, plain, scalars
from canonry.regular.atomic import times

_MOST_NODES: Final = 10_000
_TYPES: Final = ("object", "array", "string", "number", "integer", "boolean", "null")
_IGNORED: Final = frozenset({"$schema", "$id", "$defs", "$comment"})
_KNOWN: Final = frozenset(
    {
        "type", "enum", "const", "properties", "required", "additionalProperties", "items", "pattern",
        "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
        "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
    }
)  # fmt: skip
"""Keywords that a pattern keeps; a schema with any other is not written."""
_FEW: Final = 4
_COUNTS: Final = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes patterns in one style; `root` is the document that references lead into."""

    root: Mapping[str, Any]
    style: Style
    thorough: bool = False
    """Whether unusual texts are to match too, at the price of long patterns."""

    def tokens(self, nodes: Nodes, layout: Layout) -> list[str]:
        """The pattern of the values in a layout that every schema accepts, cut where two may differ.

        Raises `UnwrittenError` where the schemas say what no pattern keeps, or leave no value in the layout.
        """
        nodes = self._flat(nodes)
        several = cases(nodes)
        if several is not None:
            return self._any(several, layout)
        types = _types(nodes)
        limited = any("enum" in node or "const" in node for node in nodes)
        found = (
            [self._object(nodes, layout)] if layout.is_object and "object" in types and not limited else []
        )
        if layout.is_array and "array" in types and not limited:
            found.append(self._array(nodes, layout))
        if layout.scalars:
            found += scalars(nodes, types if nodes else layout.scalars, thorough=self.thorough)
        if not found:
            raise UnwrittenError
        return found[0] if len(found) == 1 else [f"(?>{'|'.join(map(''.join, found))})"]

    def _any(self, several: Sequence[Nodes], layout: Layout) -> list[str]:
        """The pattern of the values in a layout that one of the cases accepts."""
        found = []
        for nodes in several:
            try:
                found.append("".join(self.tokens(nodes, layout)))
            except UnwrittenError:
                continue
        if not found:
            raise UnwrittenError
        return [f"(?>{'|'.join(found)})"]

    def _flat(self, nodes: Nodes) -> list[Mapping[str, Any]]:
        """The schemas that apply, those that they refer to among them."""
        flat: list[Mapping[str, Any]] = []
        waiting: list[Any] = list(nodes)
        for _ in range(_MOST_NODES):
            if not waiting:
                return flat
            node = waiting.pop()
            if node is True:
                continue
            if not isinstance(node, Mapping) or ("$id" in node and node is not self.root):
                raise UnwrittenError
            kept = {key: value for key, value in node.items() if key not in _IGNORED}
            if "$ref" in kept:
                waiting.append(self._target(kept.pop("$ref")))
            waiting += kept.pop("allOf", ())
            if kept.keys() - _KNOWN - CONDITIONAL or any(
                type(kept.get(key, 0)) is not int for key in _COUNTS
            ):
                raise UnwrittenError
            if kept:
                flat.append(kept)
        raise UnwrittenError

    def _target(self, reference: object) -> Any:
        node: Any = self.root
        if not isinstance(reference, str) or "%" in reference or reference.partition("/")[0] != "#":
            raise UnwrittenError
        for token in reference.split("/")[1:]:
            node = (
                node.get(token.replace("~1", "/").replace("~0", "~")) if isinstance(node, Mapping) else None
            )
        return node

    def _object(self, nodes: Nodes, layout: Layout) -> list[str]:
        required = {name for node in nodes for name in node.get("required", ())}
        declared = [node.get("properties", {}) for node in nodes]
        closed = [
            own
            for node, own in zip(nodes, declared, strict=True)
            if node.get("additionalProperties") is False
        ]
        names = [name for name in layout.members if all(name in own for own in closed)]
        for node in nodes:
            known = isinstance(node.get("additionalProperties", True), bool)
            few = node.get("minProperties", 0) <= max(len(required), 1)
            if not (known and few and len(names) <= node.get("maxProperties", len(names))):
                raise UnwrittenError
        if not required <= set(names) or not all(map(plain, names)):
            raise UnwrittenError
        tokens = [r"\{"]
        if not required and any(node.get("minProperties") for node in nodes):
            tokens.append(r"(?!\})")
        values = [
            self.tokens([own[name] for own in declared if name in own], layout.inner[name]) for name in names
        ]
        if not required:
            return [*tokens, *self._free(names, list(map("".join, values))), r"\}"]
        # the comma stands behind what precedes the first member that is always there, before what follows it
        first = next(index for index, name in enumerate(names) if name in required)
        colon, comma = self.style
        for index, (name, value) in enumerate(zip(names, values, strict=True)):
            head = f'{comma if index > first else ""}"{name}"{colon}'
            if name in required:
                tokens += [*characters(head), *value]
            else:
                tail = re.escape(comma) if index < first else ""
                tokens.append(f"(?:{re.escape(head)}{''.join(value)}{tail})?+")
        return [*tokens, r"\}"]

    def _free(self, names: Sequence[str], values: Sequence[str]) -> list[str]:
        """Members of which each may be left out."""
        colon, comma = map(re.escape, self.style)
        members = [f'"{re.escape(name)}"{colon}{value}' for name, value in zip(names, values, strict=True)]
        if (
            len(members) <= _FEW
        ):  # by the first that is there, which is quicker than to look what follows each
            rests = [
                "".join(f"(?:{comma}{other})?+" for other in members[index:])
                for index in range(1, len(members) + 1)
            ]
            branches = [member + rest for member, rest in zip(members, rests, strict=True)]
            return [f"(?:{'|'.join(branches)})?+"] if branches else []
        return [rf'(?:{member}(?>{comma}(?=")|(?=\}})))?+' for member in members]

    def _array(self, nodes: Nodes, layout: Layout) -> list[str]:
        low = max((node["minItems"] for node in nodes if "minItems" in node), default=0)
        highs = [node["maxItems"] for node in nodes if "maxItems" in node]
        if any(node.get("uniqueItems") for node in nodes):
            highs.append(1)  # two that differ no pattern tells apart
        high = min(highs, default=None)
        if low > (0 if layout.items is None else low if high is None else high):
            raise UnwrittenError
        if layout.items is None or high == 0:
            return [r"\[\]"]
        item = "".join(self.tokens([node["items"] for node in nodes if "items" in node], layout.items))
        return [rf"\[(?:{item}(?>{re.escape(self.style.comma)}(?!\])|(?=\]))){times(low, high)}\]"]


def _types(nodes: Nodes) -> set[str]:
    """The types that every schema allows; `number` has the integers in it."""
    types = set(_TYPES)
    for node in nodes:
        said = node.get("type", _TYPES)
        named = {said} if isinstance(said, str) else set(said)
        types &= named | ({"integer"} if "number" in named else set())
    return types - ({"integer"} if "number" in types else set())
