"""The five dialects of JSON Schema that canonry reads, and where each of them keeps subschemas."""

from collections.abc import Mapping
from enum import Enum, IntEnum
from types import MappingProxyType
from typing import Final

from canonry.kernel.errors import CanonryError


class Dialect(IntEnum):
    """A draft; ordered by age, so `dialect >= Dialect.DRAFT_2019_09` reads as it should."""

    DRAFT_4 = 4
    DRAFT_6 = 6
    DRAFT_7 = 7
    DRAFT_2019_09 = 8
    DRAFT_2020_12 = 9

    @property
    def uri(self) -> str:
        """The URI of its metaschema, without an empty fragment."""
        return _URIS[self]

    @property
    def id_keyword(self) -> str:
        """`id` in draft 4, `$id` since."""
        return "id" if self is Dialect.DRAFT_4 else "$id"

    @property
    def ref_hides_siblings(self) -> bool:
        """Up to draft 7 every keyword beside a `$ref` is ignored."""
        return self <= Dialect.DRAFT_7


class Shape(Enum):
    """How a keyword holds subschemas."""

    ONE = "a schema"
    LIST = "a list of schemas"
    MAP = "schemas by name"
    ONE_OR_LIST = "a schema, or a list of schemas"
    ONE_OR_BOOL = "a schema, or a boolean (draft 4)"
    DEPENDENCIES = "by name: a schema, or a list of property names"


_URIS: Final = {
    Dialect.DRAFT_4: "http://json-schema.org/draft-04/schema",
    Dialect.DRAFT_6: "http://json-schema.org/draft-06/schema",
    Dialect.DRAFT_7: "http://json-schema.org/draft-07/schema",
    Dialect.DRAFT_2019_09: "https://json-schema.org/draft/2019-09/schema",
    Dialect.DRAFT_2020_12: "https://json-schema.org/draft/2020-12/schema",
}

_DRAFT_4: Final = {
    "additionalItems": Shape.ONE,
    "additionalProperties": Shape.ONE,
    "allOf": Shape.LIST,
    "anyOf": Shape.LIST,
    "definitions": Shape.MAP,
    "dependencies": Shape.DEPENDENCIES,
    "items": Shape.ONE_OR_LIST,
    "not": Shape.ONE,
    "oneOf": Shape.LIST,
    "patternProperties": Shape.MAP,
    "properties": Shape.MAP,
}
_DRAFT_6: Final = _DRAFT_4 | {"contains": Shape.ONE, "propertyNames": Shape.ONE}
_DRAFT_7: Final = _DRAFT_6 | {"if": Shape.ONE, "then": Shape.ONE, "else": Shape.ONE}
_DRAFT_2019: Final = _DRAFT_7 | {
    "$defs": Shape.MAP,
    "contentSchema": Shape.ONE,
    "dependentSchemas": Shape.MAP,
    "unevaluatedItems": Shape.ONE,
    "unevaluatedProperties": Shape.ONE,
}
_DRAFT_2020: Final = {k: v for k, v in _DRAFT_2019.items() if k != "additionalItems"} | {
    "items": Shape.ONE,
    "prefixItems": Shape.LIST,
}

SUBSCHEMAS: Final[Mapping[Dialect, Mapping[str, Shape]]] = MappingProxyType(
    {
        Dialect.DRAFT_4: MappingProxyType(_DRAFT_4),
        Dialect.DRAFT_6: MappingProxyType(_DRAFT_6),
        Dialect.DRAFT_7: MappingProxyType(_DRAFT_7),
        Dialect.DRAFT_2019_09: MappingProxyType(_DRAFT_2019),
        Dialect.DRAFT_2020_12: MappingProxyType(_DRAFT_2020),
    }
)
"""Per dialect: the keywords that hold subschemas, and how. One that is absent is unknown to the dialect.

`definitions` and `dependencies` stay in 2019-09 and 2020-12, whose metaschemas still describe them; only
`definitions` has an effect there (a `$ref` may point into it), `dependencies` asserts nothing.
"""

_BY_URI: Final = {uri.partition("://")[2]: dialect for dialect, uri in _URIS.items()} | {
    # Draft 5 was an editorial re-issue of draft 4 and kept its metaschema.
    "json-schema.org/draft-05/schema": Dialect.DRAFT_4,
}


class UnknownDialectError(CanonryError):
    """`$schema` names a metaschema that canonry does not know, and with it the meaning is unknown."""

    hint = "Known are draft 4, 6, 7, 2019-09 and 2020-12, as in https://json-schema.org/draft/2020-12/schema"

    def __init__(self, uri: object) -> None:
        super().__init__(uri)
        self.uri = uri

    def __str__(self) -> str:
        return f"$schema names a dialect that canonry does not know: {self.uri!r:.200}"


def dialect_of(uri: object, default: Dialect = Dialect.DRAFT_2020_12) -> Dialect:
    """The dialect that a `$schema` names; http or https, with or without an empty fragment.

    `http://json-schema.org/schema` stands for "the latest", so it is the default. Raises
    `UnknownDialectError` for any other URI.
    """
    if uri is None:
        return default
    if isinstance(uri, str):
        scheme, found, rest = uri.partition("://")
        if found and scheme.lower() in ("http", "https"):
            rest = rest.removesuffix("#")
            if rest == "json-schema.org/schema":
                return default
            known = _BY_URI.get(rest)
            if known is not None:
                return known
    raise UnknownDialectError(uri)
