"""Terms that are no schemas of either document: listed values, classes of names, unions."""

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Final

from canonry.kernel.jsonvalue import Json
from canonry.schema.arrays import Item
from canonry.schema.formulas import FALSE, TRUE, Formula, Unknown, all_of, choice
from canonry.schema.languages import Undecidable, Vocable
from canonry.schema.objects import Member, Size
from canonry.schema.scalars import Among
from canonry.schema.strings import InLanguage, Length
from canonry.schema.terms import EVERYTHING, Finite, Positive, Term
from canonry.schema.values import ANY_KIND, ARRAY, BOOLEAN, NULL, NUMBER, OBJECT, STRING, exact, key, kind_of

if TYPE_CHECKING:
    from canonry.schema.lexicon import Lexicon

_EXACT: Final = 6
"""Steps that making a number exact is worth."""


_FEW: Final = 32
"""Values of a list up to which a schema is asked of each of them at a glance."""


class Listed(Finite):
    """The values of a list."""

    __slots__ = ("_kept", "_keys", "_plain", "_terms", "values")

    def __init__(
        self, values: Sequence[Json], keys: frozenset[Hashable], serial: int, terms: "Lexicon"
    ) -> None:
        kinds = 0
        samples = {type(value): value for value in values}
        for sample in samples.values():
            kinds |= kind_of(sample)
        super().__init__(kinds=kinds, serial=serial)
        self.values = values
        self._terms = terms
        self._keys = keys
        self._plain = not kinds & (ARRAY | OBJECT)
        self._kept: dict[Term, Term | None] = {}

    def listed(self) -> Sequence[Json]:
        return self.values

    def others(self) -> int:
        every_boolean = BOOLEAN if {("bool", True), ("bool", False)} <= self._keys else 0
        null = NULL if ("NoneType", None) in self._keys else 0
        return ANY_KIND & ~every_boolean & ~null

    def holds(self, value: Json) -> bool:
        return key(value) in self._keys

    def kept(self, term: Term) -> Term | None:
        known = self._kept.get(term)
        if known is None and term not in self._kept:
            known = self._kept[term] = self._left(term)
        return known

    def _left(self, term: Term) -> Term | None:
        plain = isinstance(term, Listed) or isinstance(term.complement, Listed)
        if not plain and (not self._plain or len(self.values) > _FEW):
            return None
        self._terms.spend(2 * len(self.values))
        try:
            left = [value for value in self.values if term.holds(value)]
        except Undecidable:
            return None
        return self if len(left) == len(self.values) else self._terms.values(left)

    def unfolded(self, kind: int) -> Formula:
        if kind == NULL:
            return TRUE
        self._terms.spend(len(self.values))
        if self.kinds == STRING:
            return Among(self._keys)
        here = [value for value in self.values if kind_of(value) == kind]
        if kind == NUMBER:
            self._terms.spend(_EXACT * len(here))
            return Among(frozenset(map(exact, here)))
        if kind in (BOOLEAN, STRING):
            return Among(frozenset(here))
        return choice(self._array(v) if isinstance(v, list) else self._object(v) for v in here)

    def _array(self, items: list[Json]) -> Formula:
        places = [Item(i, self._terms.values([item]), must=False) for i, item in enumerate(items)]
        return all_of([Length(len(items), None), Length(0, len(items)), *places])

    def _object(self, members: Json) -> Formula:
        assert isinstance(members, dict)  # noqa: S101  # the caller has seen its kind
        named = [Member(name, self._terms.values([value]), must=True) for name, value in members.items()]
        return all_of([Size(0, len(members)), *named])


class NameClass(Positive):
    """Names among `names` or in one of `patterns`: what `additionalProperties` does not apply to.

    Values of other kinds do not belong to it, which is of no consequence: every name is a string.
    """

    __slots__ = ("names", "patterns")

    def __init__(self, names: frozenset[str], patterns: tuple[Vocable, ...], serial: int) -> None:
        super().__init__(kinds=STRING, serial=serial)
        self.names = names
        self.patterns = patterns

    def listed(self) -> Sequence[Json] | None:
        return None if self.patterns else sorted(self.names)

    def holds(self, value: Json) -> bool:
        return value in self.names or (
            isinstance(value, str) and any(pattern.holds(value) for pattern in self.patterns)
        )

    def unfolded(self, kind: int) -> Formula:
        named: list[Formula] = [Among(self.names)] if self.names else []
        return choice([*named, *(InLanguage(pattern) for pattern in self.patterns)])


class InPattern(Positive):
    """Strings in a language, and every value of another kind."""

    __slots__ = ("pattern",)

    def __init__(self, pattern: Vocable, serial: int) -> None:
        super().__init__(kinds=ANY_KIND, serial=serial)
        self.pattern = pattern

    def others(self) -> int:
        return STRING

    def unfolded(self, kind: int) -> Formula:
        return InLanguage(self.pattern)


class Having(Positive):
    """Objects with a member of a name."""

    __slots__ = ("name",)

    def __init__(self, name: str, serial: int) -> None:
        super().__init__(kinds=OBJECT, serial=serial)
        self.name = name

    def unfolded(self, kind: int) -> Formula:
        return Member(self.name, EVERYTHING, must=True)


class Unreadable(Positive):
    """What a reference that leads nowhere names: some set of values, the same wherever it is named."""

    __slots__ = ("reason",)

    def __init__(self, reason: str, serial: int) -> None:
        super().__init__(serial=serial)
        self.reason = reason

    def unfolded(self, kind: int) -> Formula:
        return Unknown(self.reason)


class Union(Positive):
    """Values that belong to at least one of some terms."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Term, ...], serial: int) -> None:
        super().__init__(serial=serial)
        self.parts = parts

    def bound(self) -> int:
        kinds = 0
        for part in self.parts:
            kinds |= part.kinds
        return kinds

    def others(self) -> int:
        kinds = ANY_KIND
        for part in self.parts:
            kinds &= part.complement.kinds
        return kinds

    def unfolded(self, kind: int) -> Formula:
        return choice(here(part, kind) for part in self.parts)


def here(term: Term, kind: int) -> "Formula":
    """A term as part of a formula over a kind: a constant where its kinds alone decide."""
    if not term.kinds & kind:
        return FALSE
    return term if term.complement.kinds & kind else TRUE
