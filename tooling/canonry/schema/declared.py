"""The declared reading as terms: "strips to itself" and "is accepted once stripped" are sets of values too.

`Closed` holds the values with no member that a schema does not name: v with strip(S, v) = v. `Seen` holds the
values that another term accepts once such members are gone: v with strip(S, v) in the term. So a backward
break is a value of old, closed for old, and not of new; a forward break one of new, closed for new, and not
seen by old.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations
from typing import TYPE_CHECKING, Final, NamedTuple

from canonry.kernel.jsonvalue import Json
from canonry.regular.budget import Budget, spending
from canonry.schema.arrays import Distinct, Item, Tally
from canonry.schema.finite import here
from canonry.schema.formulas import (
    FALSE,
    TRUE,
    All,
    Choice,
    Constant,
    Formula,
    Literal,
    NotOne,
    One,
    Sole,
    Unknown,
    all_of,
    choice,
    sole,
)
from canonry.schema.languages import Undecidable
from canonry.schema.normal_arrays import from_index
from canonry.schema.objects import Member, Members, Size
from canonry.schema.resources import RefError
from canonry.schema.strip import Entry, Place, leads_nowhere, names_all, stripped
from canonry.schema.terms import EVERYTHING, NOTHING, Positive, Term
from canonry.schema.values import ANY_KIND, ARRAY, OBJECT

if TYPE_CHECKING:
    from canonry.schema.lexicon import Lexicon


NAMING: Final = frozenset(
    {
        "properties", "patternProperties", "required", "additionalProperties", "unevaluatedProperties",
        "items", "prefixItems", "additionalItems", "contains", "unevaluatedItems",
    }
)  # fmt: skip
"""Keywords on which it depends what is stripped at a place or below it."""
_MOST_SINGLE: Final = 6
"""First items of a tuple that are counted one by one: every subset of them is one case."""


def _subsets(indices: Iterable[int]) -> Iterator[tuple[int, ...]]:
    members = list(indices)
    return chain.from_iterable(combinations(members, size) for size in range(len(members) + 1))


class Names(NamedTuple):
    """Member names that one place treats alike: whether they are kept, and the place of their values."""

    names: Term
    kept: bool
    lens: "Lens"


class Lens:
    """A place of a schema, split into finitely many cases: single names, classes of names, items."""

    __slots__ = (
        "_classes", "_first", "_members", "_place", "_plain", "_special", "entries", "problem", "terms",
    )  # fmt: skip

    def __init__(
        self, place: Place | Callable[[], Place], entries: Sequence[Entry], terms: "Lexicon"
    ) -> None:
        self._place = place
        self.entries = entries
        self.terms = terms
        self.problem = ""
        """Why it is not known what the place strips; then there is no more to be said of it."""
        self._special: list[str] | None = None
        self._first: int | None = None
        self._classes: list[Names] | None = None
        self._members: dict[str, Lens] = {}
        self._plain: bool | None = None

    @property
    def place(self) -> Place:
        """The place; of most it is never asked, because what both schemas say there is the same."""
        if not isinstance(self._place, Place):
            self.terms.step(2)
            with spending(Budget()):  # places share patterns across comparisons, which must not count
                self._place = self._place()
        return self._place

    @property
    def special(self) -> list[str]:
        """The names that are cases of their own."""
        if self._special is None:
            self._special = sorted(self.place.names)
        return self._special

    @property
    def first(self) -> int:
        """The items that are cases of their own, from the first on."""
        if self._first is None:
            self._first = max(
                (len(held) for node, _ in self.entries for held in _prefixes(node.keywords)), default=0
            )
        return self._first

    def member(self, name: str) -> "Lens":
        known = self._members.get(name)
        if known is None:
            place = self.place
            entries = place.of_member(name)
            self.terms.step(3 + (place.breadth + len(entries)) // 2)
            known = self._members[name] = self._below(entries, lambda: place.member(name))
        return known

    def item(self, index: int) -> "Lens":
        index, place = min(index, self.first), self.place
        return self._below(place.of_item(index), lambda: place.item(index))

    def _below(self, entries: list[Entry], place: Callable[[], Place]) -> "Lens":
        """The place below: not made before it is asked, where it is plain which schemas apply there."""
        if all(leads_nowhere(node) for node, _ in entries):
            return self.terms.lens_at(entries, place)
        try:
            with spending(Budget()):
                found = place()
            self.terms.step(2 + len(found.entries) // 2)
            return self.terms.lens(found)
        except RefError as error:
            return self.terms.hidden(self, entries, str(error))

    def keeps(self, name: str) -> bool:
        """Whether a member of this name is kept."""
        with spending(Budget()):
            return self.place.keeps(name)

    def stripped(self, value: Json) -> Json:
        """What is left of a value."""
        return stripped(self.place, value)

    @property
    def classes(self) -> list[Names]:
        """The names that are not special, by the patterns that they are in."""
        if self._classes is None:
            terms = self.terms
            patterns = dict.fromkeys(text for node, _ in self.entries for text in _patterns(node.keywords))
            cells = [[terms.among(frozenset(self.special)).complement] if self.special else []]
            for text in patterns:
                named = terms.pattern(text)
                cells = [
                    [*cell, part]
                    for cell in cells
                    for part in (named.complement, named)
                    if terms.may_name([*cell, part])
                ]
            classes = []
            for cell in cells:
                sample = terms.sample_name(cell)
                if sample is not None:
                    kept = self.keeps(sample)
                    classes.append(Names(terms.intersection(cell), kept, self.member(sample)))
            self._classes = classes  # only now: a name that is not decided leaves none half made
        return self._classes

    @property
    def plain(self) -> bool:
        """Whether nothing is ever stripped here or below."""
        if self._plain is None:
            self._plain = _plain(self)
        return self._plain

    @property
    def kept(self) -> Term:
        """The names that are kept."""
        if self.place.everything:
            return EVERYTHING
        named = self.terms.among(frozenset(self.special))
        return self.terms.union([named, *(names.names for names in self.classes if names.kept)])


class Hidden(Lens):
    """A place that a reference which cannot be followed keeps from being known."""

    __slots__ = ()

    def __init__(self, above: Lens, problem: str) -> None:
        super().__init__(above.place, above.entries, above.terms)
        self.problem = problem


def _patterns(keywords: Mapping[str, Json]) -> Iterable[str]:
    held = keywords.get("patternProperties")
    return held if isinstance(held, dict) else ()


def _prefixes(keywords: Mapping[str, Json]) -> list[list[Json]]:
    return [part for part in (keywords.get("items"), keywords.get("prefixItems")) if isinstance(part, list)]


def _plain(start: Lens) -> bool:
    """Walks every place below; a cycle of places that keep everything keeps everything."""
    seen = {start}
    stack = [start]
    while stack:
        lens = stack.pop()
        if not lens.problem and not lens.entries:
            continue
        if lens.problem or not names_all(lens.entries):
            return False
        below = [lens.member(name) for name in lens.special]
        below += [names.lens for names in lens.classes]
        below += [lens.item(index) for index in range(lens.first + 1)]
        for other in below:
            if other not in seen:
                seen.add(other)
                stack.append(other)
    return True


class Closed(Positive):
    """The values from which a place strips nothing."""

    __slots__ = ("lens",)

    def __init__(self, lens: Lens, serial: int) -> None:
        super().__init__(kinds=ANY_KIND, serial=serial)
        self.lens = lens

    def others(self) -> int:
        return OBJECT | ARRAY

    def unfolded(self, kind: int) -> Formula:
        lens, closed = self.lens, self.lens.terms.closed
        if kind == OBJECT:
            parts: list[Formula] = [
                Member(name, inside, must=False)
                for name in lens.special
                if (inside := closed(lens.member(name))) is not EVERYTHING
            ]
            for names in lens.classes:
                inside = closed(names.lens) if names.kept else NOTHING
                if inside is not EVERYTHING:
                    parts.append(Members(names.names, inside, some=False))
            return all_of(parts)
        items = [
            Item(index, inside, must=False)
            for index in range(lens.first)
            if (inside := closed(lens.item(index))) is not EVERYTHING
        ]
        rest = closed(lens.item(lens.first))
        return all_of([*items, TRUE if rest is EVERYTHING else from_index(lens.first, rest)])


class Seen(Positive):
    """The values that a term accepts once a place has stripped them."""

    __slots__ = ("lens", "term")

    def __init__(self, term: Term, lens: Lens, serial: int) -> None:
        super().__init__(serial=serial)
        self.term = term
        self.lens = lens

    def bound(self) -> int:
        return self.term.kinds

    def others(self) -> int:
        return self.term.complement.kinds

    def unfolded(self, kind: int) -> Formula:
        formula = self.term.formula(kind)
        return self._mapped(formula, kind) if kind in (OBJECT, ARRAY) else formula

    def _mapped(self, formula: Formula, kind: int) -> Formula:
        if isinstance(formula, Sole):
            branch, *rivals = (self._mapped(part, kind) for part in formula.parts)
            return sole(branch, rivals)
        if isinstance(formula, All):
            return all_of(self._mapped(part, kind) for part in formula.parts)
        if isinstance(formula, NotOne):
            return NotOne(self._one(formula.one, kind))
        if isinstance(formula, One):
            return self._one(formula, kind)
        if isinstance(formula, Choice):
            return choice(self._mapped(part, kind) for part in formula.parts)
        if isinstance(formula, (Constant, Unknown)):
            return formula
        if isinstance(formula, Literal):
            return self._literal(formula)
        return here(self.lens.terms.seen(formula, self.lens), kind)

    def _one(self, one: One, kind: int) -> One:
        parts = tuple(self._mapped(part, kind) for part in one.parts)
        return One(parts, tuple(self._mapped(branch, kind) for branch in one.branches))

    def _literal(self, literal: Literal) -> Formula:
        if isinstance(literal, Member):
            return self._member(literal)
        if isinstance(literal, Members):
            return self._members(literal)
        if isinstance(literal, Size):
            return self._size(literal)
        if isinstance(literal, Item):
            seen = self.lens.terms.seen(literal.term, self.lens.item(literal.index))
            return Item(literal.index, seen, must=literal.must)
        if isinstance(literal, Tally):
            return self._tally(literal)
        if isinstance(literal, Distinct):
            rests = [self.lens.item(index) for index in range(self.lens.first + 1)]
            return (
                literal
                if all(rest.plain for rest in rests)
                else Distinct(unique=literal.unique, lens=self.lens)
            )
        return literal  # a length

    def _member(self, literal: Member) -> Formula:
        if not self.lens.keeps(literal.name):
            return FALSE if literal.must else TRUE
        return Member(
            literal.name,
            self.lens.terms.seen(literal.term, self.lens.member(literal.name)),
            must=literal.must,
        )

    def _members(self, literal: Members) -> Formula:
        lens, terms = self.lens, self.lens.terms
        parts: list[Formula] = [
            Member(name, terms.seen(literal.term, lens.member(name)), must=literal.some)
            for name in lens.special
            if literal.names.holds(name)
        ]
        for names in lens.classes:
            both = [literal.names, names.names]
            if names.kept and terms.may_name(both):
                seen = terms.seen(literal.term, names.lens)
                parts.append(Members(terms.intersection(both), seen, some=literal.some))
        return choice(parts) if literal.some else all_of(parts)

    def _size(self, literal: Size) -> Formula:
        kept = self.lens.kept
        if kept is EVERYTHING:
            return literal
        names = kept if literal.names is None else self.lens.terms.intersection([kept, literal.names])
        return Size(literal.low, literal.high, names)

    def _tally(self, literal: Tally) -> Formula:
        lens = self.lens
        seen = [
            lens.terms.seen(literal.term, lens.item(index))
            for index in range(min(literal.start, lens.first), lens.first + 1)
        ]
        if all(term is seen[0] for term in seen):
            return Tally(seen[0], literal.low, literal.high, literal.start)
        single = dict(zip(range(literal.start, lens.first), seen, strict=False))
        if len(single) > _MOST_SINGLE:
            raise Undecidable("counted items of a tuple whose items name different members")
        return choice(self._split(literal, single, seen[-1], set(chosen)) for chosen in _subsets(single))

    def _split(self, literal: Tally, single: dict[int, Term], rest: Term, chosen: set[int]) -> Formula:
        """The count, where exactly the chosen ones of the first items are taken to be counted."""
        size, first = len(chosen), self.lens.first
        if literal.high is None:
            counted = [Item(index, single[index], must=True) for index in chosen]
            return all_of([*counted, Tally(rest, max(literal.low - size, 0), None, first)])
        if size > literal.high:
            return FALSE
        others = [Item(i, term.complement, must=False) for i, term in single.items() if i not in chosen]
        return all_of([*others, Tally(rest, 0, literal.high - size, first)])
