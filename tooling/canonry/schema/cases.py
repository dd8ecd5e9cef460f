"""The member on whose value the open choices of an object depend, and the cases that they tell apart.

Where conditions or branches are told apart by a member with listed values (`type`, `kind`, `action`), any of
these values settles nearly all of the choices, while settling them one by one tries every combination.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from canonry.schema.formulas import All, Choice, Formula, NotOne
from canonry.schema.objects import Member, Members, Size
from canonry.schema.terms import NOTHING, Finite, Term
from canonry.schema.values import OBJECT

if TYPE_CHECKING:
    from canonry.schema.objects import Objects
    from canonry.schema.state import State

_LEAST: Final = 3
"""Choices that must depend on a member."""
_MOST: Final = 100
"""Cases beyond which a member is left alone."""
_PARTS: Final = 200
"""Parts of a formula that are looked at for members."""
_WALKED: Final = 8
"""Steps of the search that looking at them is worth, once."""
_KEPT: Final = 2_000
"""Choices of which it is kept what they say."""
_DEPTH: Final = 4
"""Terms within terms that are unfolded on the way."""


class Reach(NamedTuple):
    """What of an object a formula depends on: members by name, and classes of names."""

    names: frozenset[str]
    classes: tuple[Term, ...]

    def meets(self, names: Iterable[str]) -> bool:
        """Whether it depends on one of these members."""
        return any(name in self.names or any(part.holds(name) for part in self.classes) for name in names)


class Mentions:
    """What open choices say of members, worked out once per choice."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[frozenset[tuple[str, Term]], tuple[Formula, ...]]] = {}
        self._reaches: dict[int, tuple[Reach | None, Formula]] = {}

    def reach(self, part: Formula, spend: Callable[[int], None]) -> Reach | None:
        """What a formula depends on; None where that is too much to tell, or anything at all."""
        known = self._reaches.get(id(part))
        if known is None:
            if len(self._reaches) > 10 * _KEPT:
                self._reaches.clear()
            spend(_WALKED)
            known = self._reaches[id(part)] = (_reach(part), part)  # alive, so that its id is its own
        return known[0]

    def of(self, parts: tuple[Formula, ...]) -> frozenset[tuple[str, Term]]:
        """Names of members, each with a term that an alternative asks its value to meet."""
        known = self._known.get(id(parts))
        if known is None:
            if len(self._known) > _KEPT:
                self._known.clear()
            found = frozenset(_members(parts))
            known = self._known[id(parts)] = (found, parts)  # alive, so that its id is its own
        return known[0]


def _members(parts: Iterable[Formula]) -> Iterator[tuple[str, Term]]:
    stack = [(part, _DEPTH) for part in parts]
    left = _PARTS
    while stack and left:
        part, depth = stack.pop()
        left -= 1
        if isinstance(part, Member):
            yield part.name, part.term
        elif isinstance(part, NotOne):
            stack.append((part.one, depth))
        elif isinstance(part, All | Choice):
            stack.extend((inner, depth) for inner in part.parts)
        elif isinstance(part, Term) and depth and part.kinds & OBJECT:
            stack.append((part.formula(OBJECT), depth - 1))


def _reach(start: Formula) -> Reach | None:
    names: set[str] = set()
    classes: dict[Term, None] = {}
    seen: set[Term] = set()
    stack: list[Formula] = [start]
    left = _PARTS
    while stack:
        part = stack.pop()
        left -= 1
        if not left or isinstance(part, Size):
            return None
        if isinstance(part, Member):
            names.add(part.name)
        elif isinstance(part, Members):
            classes[part.names] = None
        elif isinstance(part, NotOne):
            stack.append(part.one)
        elif isinstance(part, All | Choice):
            stack.extend(part.parts)
        elif isinstance(part, Term) and part.kinds & OBJECT and part not in seen:
            seen.add(part)
            stack.append(part.formula(OBJECT))
    return Reach(frozenset(names), tuple(classes))


def cases(state: "State", mentions: Mentions) -> tuple[Formula, ...] | None:
    """The cases of the member on which most choices depend; None where none tells enough of them apart."""
    if state.kind != OBJECT:
        return None
    constraints: Objects = state.constraints
    said = [mentions.of(parts) for parts in state.choices]
    listed: dict[str, Finite | None] = {}
    asked: Counter[str] = Counter()
    for mentioned in said:
        for name in {name for name, _ in mentioned}:
            if name not in listed:
                listed[name] = next((t for t in constraints.goal(name) if isinstance(t, Finite)), None)
            if listed[name] is not None:
                asked[name] += 1
    for name, count in sorted(asked.items(), key=lambda item: (-item[1], item[0])):
        if count < max(_LEAST, len(said) // 4):
            break
        whole = listed[name]
        assert whole is not None  # noqa: S101  # counted only then
        terms = dict.fromkeys(term for mentioned in said for other, term in mentioned if other == name)
        apart = _apart(whole, terms)
        if 1 < len(apart) <= _MOST:
            absent = [] if name in constraints.required else [Member(name, NOTHING, must=False)]
            return (*absent, *(Member(name, part, must=True) for part in apart))
    return None


def _apart(whole: Finite, terms: Iterable[Term]) -> list[Term]:
    """The list in parts that the terms do not tell apart any further."""
    parts: list[Term] = [whole]
    for term in sorted(terms, key=lambda term: abs(term.serial)):
        finer: list[Term] = []
        for part in parts:
            inside = part.kept(term) if isinstance(part, Finite) else None
            outside = part.kept(term.complement) if isinstance(part, Finite) else None
            if inside is None or outside is None or inside is part or outside is part:
                finer.append(part)
            else:
                finer += [inside, outside]
        parts = finer
        if len(parts) > _MOST:
            break
    return parts
