"""What the model generator made of single fields, so that a module of fields like them needs no generator.

A field's declaration depends on its schema and on whether it is required, not on its name nor on the fields
beside it, as long as nothing has the name of something else. So a module of one class whose fields are all
known is put together, and is what the generator would have written; its import alone takes longer than all
the rest of a small change. Whatever is not that plain is left to the generator.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

Known = dict[str, list[Any]]
"""By field: the declaration after its name, and where the names in it are imported from."""

MOST: Final = 5_000
WIDTH: Final = 88
"""Columns at which the generator folds."""

_FIELD: Final = re.compile(r"    ([A-Za-z]\w*): (.+)")
_IMPORT: Final = re.compile(r"^from (\S+) import (?:\(\n)?((?:[\w, ]|\n    )+)", re.MULTILINE)
_CONFIG: Final = ("    model_config = ConfigDict(", "        arbitrary_types_allowed=True,", "    )")
_VALUES: Final = re.compile(r"@@v[0-9]+@@")
_STRING: Final = re.compile(r"'[^']*'")
_NAME: Final = re.compile(r"[A-Za-z_]\w*")


def learnt(skeleton: Mapping[str, Any], text: str) -> Known:
    """The declarations of a module that the generator made; none where it is not of one plain class."""
    properties = skeleton.get("properties", {})
    body = text[text.index("\nclass ") + 1 :].splitlines() if "\nclass " in text else []
    fields = [line for line in body[1:] if line not in _CONFIG]
    if "$defs" in skeleton or len(fields) != len(properties):
        return {}
    imported = _imported(text)
    found: Known = {}
    for line, (name, schema) in zip(fields, properties.items(), strict=True):
        match = _FIELD.fullmatch(line)
        key = _key(schema, required=name in skeleton.get("required", ()))
        if match is None or match[1] != name:
            return {}
        if key is not None and len(line) <= WIDTH and name not in _names(match[2]):
            declaration = _VALUES.sub("@@v@@", match[2])
            found[key] = [
                declaration,
                {used: imported[used] for used in _names(match[2]) if used in imported},
            ]
    return found


def composed(skeleton: Mapping[str, Any], known: Known) -> str | None:
    """The module that the generator would make; None where that is not known."""
    if "$defs" in skeleton or not skeleton.get("properties"):
        return None
    module, _, base = skeleton["customBasePath"].rpartition(".")
    imports: dict[str, str] = {base: module}
    lines: list[str] = []
    for name, schema in skeleton["properties"].items():
        entry = known.get(_key(schema, required=name in skeleton.get("required", ())) or "")
        if entry is None:
            return None
        declaration, needed = entry
        marks = _VALUES.findall(json.dumps(schema))
        line = f"    {name}: {declaration.replace('@@v@@', marks[0] if marks else '')}"
        if len(line) > WIDTH or any(
            imports.setdefault(used, where) != where for used, where in needed.items()
        ):
            return None
        lines.append(line)
    words = {*imports, *(word for line in lines for word in _names(line.partition(": ")[2]))}
    if skeleton["title"] in words or words & skeleton["properties"].keys():
        return None
    written = "".join(f"from {where} import {used}\n" for used, where in sorted(imports.items()))
    head = f"#\n\nfrom __future__ import annotations\n\n{written}\n\nclass {skeleton['title']}({base}):\n"
    return head + "\n".join(lines) + "\n"


def _key(schema: Any, *, required: bool) -> str | None:
    """A field but for its name and the number of its values; None for one that names other things."""
    text = json.dumps(schema, sort_keys=True, separators=(",", ":"))
    if "@@n" in text or '"$ref"' in text or len(set(_VALUES.findall(text))) > 1:
        return None
    return f"{int(required)}{_VALUES.sub('@@v@@', text)}"


def _names(declaration: str) -> set[str]:
    return set(_NAME.findall(_STRING.sub("", declaration)))


def _imported(text: str) -> dict[str, str]:
    return {
        name.strip(): module
        for module, names in _IMPORT.findall(text)
        for name in names.split(",")
        if name.strip() and module != "__future__"
    }
