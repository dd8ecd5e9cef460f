"""The version that a change asks for: the smallest honest one."""

from __future__ import annotations

from collections.abc import Collection
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from canonry.catalogue.refs import ANNOTATIONS
from canonry.kernel.ids import Version
from canonry.kernel.jsonvalue import same

if TYPE_CHECKING:
    from canonry.compat.delta import Delta, Revision


class Size(IntEnum):
    """How much a version has to move; ordered."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


SILENT: Final = frozenset({"version"})
"""Parts of `x-contract` that ask for nothing by themselves."""

PROSE: Final = frozenset(
    {
        "owner",
        "backup_owner",
        "consumers",
        "tags",
        "aliases",
        "renamed_from",
        "legacy_templates",
        "replaced_by",
    }
)
"""Parts of `x-contract` that change what is said about a contract, not what it is."""


def size(delta: Delta, pair: Revision, *, breaking: bool) -> Size:
    """What the revision asks for. `breaking`: a break stands that nobody accepted."""
    if breaking:
        return Size.MAJOR
    return delta.memo(f"size {pair.id}", lambda: _size(delta, pair))


def _size(delta: Delta, pair: Revision) -> Size:
    old, new = (delta.schema(side, old=side is pair.old, role="reader") for side in (pair.old, pair.new))
    if old is None or new is None:
        return Size.NONE if same(dict(pair.old.schema), dict(pair.new.schema)) else Size.MINOR
    before, after = (_meta(side) for side in (pair.old, pair.new))
    if not asserts_alike(old, new):
        return Size.MINOR
    if any(not same(before.get(key), after.get(key)) for key in {*before, *after} - PROSE - SILENT):
        return Size.MINOR
    if not same(old, new) or any(not same(before.get(key), after.get(key)) for key in PROSE):
        return Size.PATCH
    return Size.NONE


def assertions(schema: Any) -> Any:
    """A schema without what only describes; `x-` keywords that programs read stay."""
    if isinstance(schema, list):
        return [assertions(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _NAMED and isinstance(value, dict):
            kept[key] = {name: assertions(inner) for name, inner in value.items()}
        elif key in ("enum", "const"):
            kept[key] = value
        elif key not in ANNOTATIONS:
            kept[key] = assertions(value)
    return kept


def asserts_alike(old: Any, new: Any) -> bool:
    """Whether two schemas are the same but for what only describes: `same` over `assertions`, uncopied."""
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(asserts_alike, old, new))
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return same(old, new)
    left = [key for key in old if key not in ANNOTATIONS]
    if len(left) != sum(key not in ANNOTATIONS for key in new):
        return False
    for key in left:
        if key not in new:
            return False
        before, after = old[key], new[key]
        if key in _NAMED and isinstance(before, dict) and isinstance(after, dict):
            if before.keys() != after.keys() or not all(
                asserts_alike(schema, after[name]) for name, schema in before.items()
            ):
                return False
        elif not (same(before, after) if key in ("enum", "const") else asserts_alike(before, after)):
            return False
    return True


_NAMED: Final = ("properties", "$defs", "patternProperties")


def raised(version: Version, by: Size) -> Version:
    """The version after a change of this size. A major's file keeps its major, so MAJOR is a minor here:
    the new major is a new file.
    """
    if version.draft or by is Size.NONE:
        return version
    if by is Size.PATCH:
        return Version(version.major, version.minor, version.patch + 1)
    return Version(version.major, version.minor + 1, 0)


def free(version: Version, by: Size, taken: Collection[Version]) -> Version:
    """As `raised`, and on from there while the number is taken."""
    found = raised(version, by)
    while found in taken and by is not Size.NONE:
        found = raised(found, by)
    return found


def taken(delta: Delta, pair: Revision) -> frozenset[Version]:
    """Numbers that stand for something already: released ones, and the one of the tree before."""
    return frozenset(
        (Version.parse(pair.old.meta.version), *(number for number, _ in delta.released.get(pair.id, ())))
    )


def _meta(contract: Any) -> dict[str, Any]:
    found = contract.schema.get("x-contract")
    return dict(found) if isinstance(found, dict) else {}
