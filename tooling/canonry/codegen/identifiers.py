"""Names of modules, classes and fields. Contract text never becomes an identifier unchanged and unchecked."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Container
from typing import Final

FIELD_RESERVED: Final = frozenset(
    {
        *("copy", "json", "dict", "schema", "schema_json", "construct", "validate", "parse_obj", "parse_raw"),
        *("parse_file", "from_orm", "update_forward_refs", "payload", "from_payload"),
        *("str", "int", "float", "bool", "list", "tuple", "dict"),
        *("params", "url", "name", "parse"),
    }
)
"""Names that models use themselves, pydantic's among them, and names that annotations are written with."""

METHODS: Final = frozenset({"params", "url", "name", "parse"})
"""Reserved in models of names and links only."""

CLASS_RESERVED: Final = frozenset(
    {
        *(
            "None",
            "True",
            "False",
            "Any",
            "Annotated",
            "ClassVar",
            "Literal",
            "TypeAlias",
            "Field",
            "Mapping",
        ),
        *(
            "Sequence",
            "Integer",
            "Number",
            "Exact",
            "Contract",
            "Guard",
            "Segment",
            "Destination",
            "RootModel",
        ),
        *("Record", "OpenRecord", "Event", "OpenEvent", "Traits", "OpenTraits", "Membership", "Link", "Name"),
        *("OpenMembership", "BaseModel", "ConfigDict", "Model"),
    }
)
"""Names that generated modules import, or that their generator would give itself."""

_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z", re.ASCII)


def class_name(text: str) -> str:
    """`order_completed` as a class: `OrderCompleted`. Letters and digits only; never a keyword."""
    words = re.findall(r"[A-Za-z0-9]+", text)
    name = "".join(word[0].upper() + word[1:] for word in words) or "Value"
    return f"N{name}" if name[0].isdigit() else name


def constant_name(text: str) -> str:
    """`cart_abandoners_3d` as a constant: `CART_ABANDONERS_3D`."""
    name = re.sub(r"[^A-Z0-9]+", "_", text.upper()).strip("_") or "VALUE"
    return f"N_{name}" if name[0].isdigit() else name


def module_name(name: str, major: int | None = None) -> str:
    """The module of a contract or vocabulary: `order_completed_v1`."""
    stem = re.sub(r"[^a-z0-9_]", "_", name)
    stem = stem if major is None else f"{stem}_v{major}"
    if stem[0].isdigit():
        stem = f"n_{stem}"
    return f"{stem}_" if keyword.iskeyword(stem) or keyword.issoftkeyword(stem) else stem


def package_name(distribution: str) -> str:
    """The import name of a distribution: `acme-events` is imported as `acme_events`."""
    return module_name(distribution.replace("-", "_"))


def field_names(properties: Collection[str], *, methods: bool) -> dict[str, str]:
    """A Python name for each property: its own where that can be used, else the nearest one that is free."""
    taken = {name for name in properties if _usable(name, methods=methods)}
    found: dict[str, str] = {}
    for name in properties:
        if name in taken:
            found[name] = name
            continue
        stem = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "field"
        stem = f"n{stem}" if stem[0].isdigit() else stem
        stem = f"field_{stem}" if stem.startswith("model_") else stem
        found[name] = free(stem, taken, methods=methods)
        taken.add(found[name])
    return found


def free(stem: str, taken: Collection[str], *, methods: bool = False) -> str:
    """The stem, with as many underscores after it as make it usable and new."""
    while stem in taken or not _usable(stem, methods=methods):
        stem += "_"
    return stem


def free_class(stem: str, taken: Container[str]) -> str:
    """The class name, with a number after it where it is taken."""
    name, number = stem, 2
    while name in taken or name in CLASS_RESERVED:
        name, number = f"{stem}{number}", number + 1
    return name


def _usable(name: str, *, methods: bool) -> bool:
    if not _FIELD.match(name) or keyword.iskeyword(name) or name.startswith("model_"):
        return False
    return name not in FIELD_RESERVED or (name in METHODS and not methods)
