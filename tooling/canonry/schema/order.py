"""A schema with one order for what has none, so that it reads the same however its lists are arranged."""

from collections.abc import Callable
from typing import Final

from canonry.kernel.jsonvalue import Json
from canonry.schema.dialects import SUBSCHEMAS, Dialect, Shape

_SETS: Final = frozenset({"enum", "required", "type"})
_BRANCHES: Final = frozenset({"allOf", "anyOf", "oneOf"})
_MAPS: Final = frozenset({Shape.MAP, Shape.DEPENDENCIES})


class Order:
    """Orders schemas, each once. What it is given must outlive it."""

    def __init__(self, written: Callable[[Json], bytes]) -> None:
        """`written` gives texts to sort by."""
        self._written = written
        self._known: dict[tuple[int, Dialect], Json] = {}
        self.looked = 0
        """Keywords that were looked at."""

    def of(self, value: Json, dialect: Dialect) -> Json:
        """A schema of the same meaning, in which lists that mean a set or a choice are sorted."""
        if not isinstance(value, dict):
            return value
        place = (id(value), dialect)
        found = self._known.get(place)
        if found is None:
            self.looked += len(value)
            found = {keyword: self._held(keyword, held, dialect) for keyword, held in value.items()}
            self._known[place] = found
        return found

    def _held(self, keyword: str, held: Json, dialect: Dialect) -> Json:
        if keyword in _SETS:
            return self._sorted(held)
        if keyword == "dependentRequired" and isinstance(held, dict):
            return {name: self._sorted(part) for name, part in held.items()}
        shape = SUBSCHEMAS[dialect].get(keyword)
        if shape is None:
            return held
        if isinstance(held, list):
            listed = [self.of(part, dialect) for part in held]
            return self._sorted(listed) if keyword in _BRANCHES else listed
        if isinstance(held, dict) and shape in _MAPS:
            return {
                name: self._sorted(part) if isinstance(part, list) else self.of(part, dialect)
                for name, part in held.items()
            }
        return self.of(held, dialect)

    def _sorted(self, held: Json) -> Json:
        return sorted(held, key=self._written) if isinstance(held, list) and len(held) > 1 else held
