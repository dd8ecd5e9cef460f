"""Counterexamples made small: members and items that are not needed to show the break are taken out."""

from collections.abc import Callable
from typing import Final, TypeAlias

from canonry.kernel.jsonvalue import Json
from canonry.regular.budget import current

Path: TypeAlias = tuple[str | int, ...]

_MOST_TRIED: Final = 60
"""Smaller values that are tried: a witness with more parts than that is not made readable this way."""
_LEAST: Final = 200_000
"""Steps that must be left for another try."""


def smallest(value: Json, shows: Callable[[Json], bool]) -> Json:
    """The value with parts taken out, outermost first, as long as what is left still `shows` the break."""
    tried = 0
    level: list[Path] = [()]
    while level:
        below: list[Path] = []
        for path in level:
            for key in reversed(_keys(_at(value, path))):
                if tried == _MOST_TRIED or current().left < _LEAST:
                    return value
                tried += 1
                rest = _without(value, path, key)
                if shows(rest):
                    value = rest
            below += [(*path, key) for key in _keys(_at(value, path))]
        level = below
    return value


def _keys(part: Json) -> list[str | int]:
    if isinstance(part, dict):
        return list(part)
    return list(range(len(part))) if isinstance(part, list) else []


def _at(value: Json, path: Path) -> Json:
    for key in path:
        value = value[key]  # type: ignore[index]  # paths are of this value
    return value


def _without(value: Json, path: Path, key: str | int) -> Json:
    if path:
        inner = _without(_at(value, path[:1]), path[1:], key)
        if isinstance(value, dict):
            return {name: inner if name == path[0] else member for name, member in value.items()}
        assert isinstance(value, list)  # noqa: S101  # a path leads through objects and arrays
        return [inner if index == path[0] else item for index, item in enumerate(value)]
    if isinstance(value, dict):
        return {name: member for name, member in value.items() if name != key}
    assert isinstance(value, list)  # noqa: S101  # as above
    return [item for index, item in enumerate(value) if index != key]
