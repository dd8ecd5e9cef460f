"""Whether a self-contained schema accepts a value, as jsonschema-rs judges.

Contracts of one registry say the same of many fields, and compiling a validator costs more than anything that
is asked of it here. A document that says no more of an object than what its members are is therefore judged
member by member, and what is compiled for one member serves every field that asks the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, cached_property, lru_cache
from typing import Any, Final

from canonry.kernel.jsonvalue import Json
from canonry.schema.formats import FORMATS
from canonry.schema.resources import NotASchemaError, Schema

_RECORD: Final = frozenset({"type", "properties", "required", "additionalProperties", "$defs", "$schema"})
"""What a document may assert that is judged member by member."""

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_PROSE: Final = frozenset({"title", "description", "deprecated", "$comment"})
_SILENT: Final = _PROSE | {"examples", "default"}
"""Keywords that assert nothing; nor does any extension."""

_KEYWORD: Final = re.compile(rb'"\$(\w+)"')
_DEFINITION: Final = re.compile(rb'"\$ref":"#/\$defs/([A-Za-z0-9_]+)"')

Judge = Callable[[Any], bool]


class Acceptance:
    """One document of 2020-12, with `format` asserted. Raises what `Schema.load` does of what it asserts."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._record = _is_record(document)
        self._definitions: dict[bytes, bytes | None] = {}
        self._texts: dict[int, tuple[Any, bytes | None]] = {}
        self._whole_texts: dict[bytes, bytes | None] = {}
        if not self._record or not self._read():
            Schema.load(dict(document))

    def accepts(self, value: Json) -> bool:
        """Whether the document does; of what is no JSON it does not."""
        if not self._record:
            return _asked(self._whole, value)
        if not isinstance(value, dict):
            return False
        properties: Mapping[str, Any] = self._document.get("properties", {})
        others = {name: member for name, member in value.items() if name not in properties}
        if others and not (
            self._document.get("additionalProperties", True) and _asked(_shared(b"true"), others)
        ):
            return False
        if not value.keys() >= set(self._document.get("required", ())):
            return False
        judges: list[tuple[Judge, Json]] = []
        for name, member in value.items():
            if name in properties:
                text = self.asked(properties[name])
                if text is None:
                    return _asked(self._whole, value)
                judges.append((_shared(text), member))
        return all(_asked(judge, member) for judge, member in judges)

    def _read(self) -> bool:
        """Whether what it says itself and what is asked of each member can be read, each apart."""
        own = {key: held for key, held in self._document.items() if key not in ("properties", "$defs")}
        members = self._document.get("properties", {})
        texts = map(self.asked, members.values()) if isinstance(members, dict) else (None,)
        return _readable(_text(own)) and all(map(_readable, texts))

    @cached_property
    def _whole(self) -> Judge:
        return _judge(dict(self._document))

    def asked(self, schema: Any) -> bytes | None:
        """A part of the document as a schema of its own, without what only people read: the same text
        wherever the same is asked. None where it means something in its document alone.
        """
        found = self._texts.get(id(schema))
        if found is None:  # the schema is kept too, so that nothing else gets its id
            found = self._texts[id(schema)] = (schema, self._closed(schema))
        return found[1]

    def _closed(self, schema: Any) -> bytes | None:
        if isinstance(schema, dict):
            schema = {k: v for k, v in schema.items() if k not in _PROSE and not k.startswith("x-")}
        text = _text(schema)
        if text is None or b'"$' not in text:
            return text
        if text not in self._whole_texts:
            reached = self._reached(text)
            held = b",".join(b'"%b":%b' % named for named in sorted((reached or {}).items()))
            whole = b'{"allOf":[%b],"$defs":{%b}}' % (text, held)
            self._whole_texts[text] = None if reached is None else whole
        return self._whole_texts[text]

    def _reached(self, text: bytes) -> dict[bytes, bytes] | None:
        """The definitions that a text needs, by name; None where it may mean more than references to them."""
        found: dict[bytes, bytes] = {}
        waiting = [text]
        while waiting:
            part = waiting.pop()
            names = _DEFINITION.findall(part)
            if len(names) != len(_KEYWORD.findall(part)):
                return None
            for name in names:
                if name not in found:
                    inner = self._definition(name)
                    if inner is None:
                        return None
                    found[name] = inner
                    waiting.append(inner)
        return found

    def _definition(self, name: bytes) -> bytes | None:
        if name not in self._definitions:
            held = self._document.get("$defs", {}).get(name.decode())
            self._definitions[name] = None if held is None else _text(held)
        return self._definitions[name]


def _is_record(document: Mapping[str, Any]) -> bool:
    """Whether it asserts no more of an object than its members, and which must and may be there."""
    return (
        document.get("type") == "object"
        and document.get("$schema", _DIALECT) == _DIALECT
        and isinstance(document.get("additionalProperties", True), bool)
        and all(key in _RECORD or key in _SILENT or key.startswith("x-") for key in document)
    )


def _text(schema: Any) -> bytes | None:
    import orjson

    try:
        return orjson.dumps(schema)
    except TypeError:  # an integer beyond 64 bits
        return None


def _asked(judge: Judge, value: Json) -> bool:
    try:
        return judge(value)
    except (ValueError, TypeError):
        return False


@lru_cache(maxsize=1 << 14)
def _readable(text: bytes | None) -> bool:
    import orjson

    if text is None:
        return False
    try:
        Schema.load(orjson.loads(text))
    except NotASchemaError:
        return False
    return True


@lru_cache(maxsize=1 << 14)
def _shared(text: bytes) -> Judge:
    import orjson

    return _judge(orjson.loads(text))


def _judge(document: Any) -> Judge:
    import jsonschema_rs

    return jsonschema_rs.validator_for(
        document, validate_formats=True, formats=_formats(), offline=True
    ).is_valid


@cache
def _formats() -> dict[str, Callable[[str], bool]]:
    return {name: lru_cache(maxsize=1 << 10)(form) for name, form in FORMATS.items()}
