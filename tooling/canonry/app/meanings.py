"""What the fields of a link or name mean in words."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from canonry.naming.codec import Codec


def in_words(codec: Codec, identifier: str | None, fields: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Field, value, and what the value means (empty where it says all itself), in the order of the format."""
    if identifier is None or identifier not in codec.table["contracts"]:
        return [(name, str(value), "") for name, value in fields.items()]
    known = codec.contract(identifier).fields
    rows = []
    for name, value in fields.items():
        spec = known[name].spec if name in known else {}
        meaning = ""
        if "vocabulary" in spec:
            words = codec.table["vocabularies"][spec["vocabulary"]]["words"]
            meaning = words.get(value, {}).get("label") or ""
        rows.append((name, str(value), meaning if meaning.casefold() != str(value).casefold() else ""))
    return rows
