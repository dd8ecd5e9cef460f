"""Payloads that templates of a naming contract can write; what its schema accepts beyond is in no name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from canonry.kernel.ids import NAMING_KINDS

_DATE: Final = re.compile(r"#/\$defs/common_(?:day|month|quarter|year)_v[0-9]+\Z")
_CENTURY: Final = {"pattern": "^20"}
"""Templates write the years 2000 to 2099: so a name tells a date from a number."""


def writable(kind: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A contract's resolved schema, its date fields held to the years that names are written with."""
    properties = schema.get("properties")
    if kind not in NAMING_KINDS or not isinstance(properties, dict):
        return schema
    dates = {name: inner for name, inner in properties.items() if _is_date(inner)}
    if not dates:
        return schema
    held = {name: {**inner, "allOf": [*inner.get("allOf", ()), _CENTURY]} for name, inner in dates.items()}
    return {**schema, "properties": {**properties, **held}}


def _is_date(node: object) -> bool:
    return isinstance(node, dict) and isinstance(node.get("$ref"), str) and bool(_DATE.match(node["$ref"]))
