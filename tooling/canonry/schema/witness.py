"""Counterexamples made small: members and items that are not needed to show the break are taken out."""

from collections.abc import Callable, Collection
from typing import Final, TypeAlias

from canonry.kernel.jsonvalue import Json
from canonry.regular.budget import current

Path: TypeAlias = tuple[str | int, ...]

_MOST_TRIED: Final = 240
"""Smaller values that are tried: a witness with more parts than that is not made readable this way."""
_LEAST: Final = 200_000
"""Steps that must be left for another try."""
_FEW: Final = 8
"""Parts up to which each is taken out by itself; of more, halves and quarters are tried first."""


def smallest(value: Json, shows: Callable[[Json], bool]) -> Json:
    """The value without any part that it can do without, as far as tries go, and still `shows` the break."""
    thinning = _Thinning(shows)
    while True:
        before = value
        level: list[Path] = [()]
        while level:
            below: list[Path] = []
            for path in level:
                value = thinning.thinned(value, path)
                below += [(*path, key) for key in _keys(_at(value, path))]
            level = below
        if value is before or thinning.spent:  # what was needed for a part that is gone may be needed no more
            return value


class _Thinning:
    def __init__(self, shows: Callable[[Json], bool]) -> None:
        self._shows = shows
        self._tried = 0

    @property
    def spent(self) -> bool:
        """Whether nothing more is tried."""
        return self._tried >= _MOST_TRIED or current().left < _LEAST

    def thinned(self, value: Json, path: Path) -> Json:
        """The value without what the part at a path can do without, the last members or items first."""
        size = len(_keys(_at(value, path)))
        size = size if size > _FEW else 1
        while size:
            keys = list(reversed(_keys(_at(value, path))))
            for start in range(0, len(keys), size):
                if self.spent:
                    return value
                self._tried += 1
                rest = _without(value, path, keys[start : start + size])
                if self._shows(rest):
                    value = rest
            size //= 2
        return value


def _keys(part: Json) -> list[str | int]:
    if isinstance(part, dict):
        return list(part)
    return list(range(len(part))) if isinstance(part, list) else []


def _at(value: Json, path: Path) -> Json:
    for key in path:
        value = value[key]  # type: ignore[index]  # paths are of this value
    return value


def _without(value: Json, path: Path, keys: Collection[str | int]) -> Json:
    if path:
        inner = _without(_at(value, path[:1]), path[1:], keys)
        if isinstance(value, dict):
            return {name: inner if name == path[0] else member for name, member in value.items()}
        assert isinstance(value, list)  # noqa: S101  # a path leads through objects and arrays
        return [inner if index == path[0] else item for index, item in enumerate(value)]
    if isinstance(value, dict):
        return {name: member for name, member in value.items() if name not in keys}
    assert isinstance(value, list)  # noqa: S101  # as above
    return [item for index, item in enumerate(value) if index not in keys]
