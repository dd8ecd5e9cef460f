"""Results as JSON documents for programs."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from canonry.kernel.findings import Finding
from canonry.kernel.jsonvalue import still


def document(value: Mapping[str, Any] | list[Any]) -> str:
    """One JSON document, indented by 2, in UTF-8, keys in the order of the mapping."""
    return still(json.dumps(value, ensure_ascii=False, indent=2, default=_plain)) + "\n"


def line(value: Mapping[str, Any]) -> str:
    """The same on one line and without its end: for one of many."""
    return still(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain))


def findings(found: Iterable[Finding], **more: Any) -> str:
    """`{"findings": [...]}` and what a command adds."""
    return document({"findings": [finding.to_json() for finding in found], **more})


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset | tuple):
        return sorted(value, key=str)
    raise TypeError(f"no JSON for {type(value).__name__}")
