"""The terms of one comparison, each made once: schemas that read the same are the same term."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json
from canonry.schema.answers import EMPTY, Found, Unsure
from canonry.schema.declared import NAMING, Closed, Hidden, Lens, Seen
from canonry.schema.dialects import Dialect
from canonry.schema.finite import Having, InPattern, Listed, NameClass, Union, Unreadable
from canonry.schema.formulas import Constant
from canonry.schema.languages import Languages, Undecidable, Vocable
from canonry.schema.likeness import Likeness
from canonry.schema.normal import SAYS, SchemaTerm, Within
from canonry.schema.resources import Node, RemoteRefError, Schema, Scope
from canonry.schema.strip import Entry, Place
from canonry.schema.terms import EVERYTHING, IMPOSSIBLE, NOTHING, Term, conjunct
from canonry.schema.values import ARRAY, OBJECT, key, parts

if TYPE_CHECKING:
    from canonry.schema.search import Solver

_KEY: Final = 5
"""Steps that the key of a value is worth, per value that it is made of; it takes memory, too."""

_BESIDE: Final = frozenset({"$ref", "$dynamicRef", "$recursiveRef", "allOf", "not", "if"})
"""Keywords beside a list that may say anything, so that the list is not judged by them at once."""


class Lexicon:
    """Makes terms. `solver` answers what making some of them needs to know; it is set by who compares."""

    def __init__(self, schemas: Sequence[Schema], *, format_assertion: bool) -> None:
        self.format_assertion = format_assertion
        self.languages = Languages()
        self.likeness = Likeness(schemas)
        self._nodes: dict[tuple[Node, Scope, Within], Term] = {}
        self._made: dict[Hashable, Term] = {}
        self._lenses: dict[Place, Lens] = {}
        self._lens_of: dict[Hashable, Lens] = {}
        self._serials = 0
        self.solver: Solver | None = None

    def _serial(self) -> int:
        self._serials += 1
        return self._serials

    def schema(self, node: Node, scope: Scope = (), within: Within = ()) -> Term:
        """The term of a schema."""
        if node.value is True:
            return EVERYTHING
        if node.value is False:
            return NOTHING
        if node.owner.dynamic:
            if node.resource not in scope:
                scope = (*scope, node.resource)
        elif scope:
            scope = ()
        place = (node, scope, within)
        known = self._nodes.get(place)
        if known is None:
            known = self._nodes[place] = self._schema(node, scope, within)
        return known

    def _schema(self, node: Node, scope: Scope, within: Within) -> Term:
        self.step(5)
        if within or self.likeness.circular(node):
            if node in within:
                if None in within[within.index(node) :]:
                    raise Undecidable(
                        f"the schema at {node.pointer or 'the root'} refers to its own negation"
                    )
                return EVERYTHING
            within = (*within, node)
        meaning = self.likeness.key(node) if not within and not scope else None
        mark = (node, scope, within) if meaning is None else meaning
        known = self._made.get(mark)
        if known is None:
            known = self._made[mark] = self._simplified(SchemaTerm(node, scope, within, self, self._serial()))
        return known

    def _simplified(self, term: SchemaTerm) -> Term:
        """A schema that says no more than one other term is that term."""
        telling = [keyword for keyword in term.keywords if keyword in SAYS]
        if not telling:
            return EVERYTHING
        if any(term.keywords.get(keyword) == [] for keyword in ("anyOf", "oneOf")):
            return NOTHING  # no metaschema allows it; validators that take it find no branch that matches
        if len(telling) == 1:
            keyword = telling[0]
            if keyword in ("allOf", "anyOf") and len(branches := term.beside_all(keyword)) == 1:
                return branches[0]
            if keyword == "$ref" or keyword.startswith("$"):
                targets = term.targets()
                return targets[0] if targets else EVERYTHING
            if keyword == "not":
                return term.beside("not").complement
        listed = self._spelt(term, telling)
        return term if listed is None else self._enumerated(term, listed, telling)

    def _spelt(self, term: SchemaTerm, telling: list[str]) -> Sequence[Json] | None:
        """The list that a schema's values are in, also where it is written as a union of `const`s."""
        unions = [keyword for keyword in telling if keyword in ("anyOf", "oneOf")]
        if not unions:
            return None if term.combined else term.listed()
        branches = term.keywords[unions[0]]
        if not isinstance(branches, list) or not all(map(_lists, branches)) or term.within:
            return None
        found: dict[Hashable, Json] = {}
        twice: set[Hashable] = set()
        for branch in term.beside_all(unions[0]):
            if not isinstance(branch, Listed):
                return None
            for value in branch.values:
                name = key(value)
                if name in found:
                    twice.add(name)
                found[name] = value
        if unions[0] == "oneOf":
            return [value for name, value in found.items() if name not in twice]
        return list(found.values())

    def _enumerated(self, term: SchemaTerm, listed: Sequence[Json], telling: list[str]) -> Term:
        """A schema that lists its values, and judges each of them by what is written beside the list."""
        if len(telling) == 1:
            return self.values(listed)
        if not _BESIDE.isdisjoint(telling) or any(isinstance(value, list | dict) for value in listed):
            return term
        try:
            return self.values([value for value in listed if term.holds(value)])
        except Undecidable:
            return term

    def target(self, node: Node, keyword: str, scope: Scope) -> Node | None:
        """What a reference names, or None where its dialect does not know the keyword."""
        ref = node.keywords[keyword]
        if not isinstance(ref, str):
            return None
        if keyword == "$ref":
            return node.resolve_ref(ref)
        if keyword == "$dynamicRef":
            return node.resolve_dynamic(ref, scope) if node.dialect is Dialect.DRAFT_2020_12 else None
        return node.resolve_recursive(scope) if node.dialect is Dialect.DRAFT_2019_09 else None

    def unreadable(self, node: Node, keyword: str, error: CanonryError) -> Term:
        """What a reference that cannot be followed names; a remote document is the same for both schemas."""
        remote = isinstance(error, RemoteRefError)
        reference = str(node.keywords[keyword])
        mark = ("remote", urljoin(node.base, reference)) if remote else ("dangling", node, keyword)
        known = self._made.get(mark)
        if known is None:
            known = self._made[mark] = Unreadable(str(error), self._serial())
        return known

    def values(self, values: Iterable[Json]) -> Term:
        """The values of a list."""
        values = list(values)
        self.spend(1 + 4 * len(values))
        listed: Mapping[Hashable, Json]
        if set(map(type, values)) <= {str, int}:
            listed = {value: value for value in values if isinstance(value, str | int)}  # its own key
        else:
            most = len(values) if self.solver is None else self.solver.budget.left
            self.spend(_KEY * parts(values, most))
            listed = dict(zip(map(key, values), values, strict=True))
        if not listed:
            return NOTHING
        keys = frozenset(listed)
        mark = ("values", keys)
        known = self._made.get(mark)
        if known is None:
            known = self._made[mark] = Listed(list(listed.values()), keys, self._serial(), self)
        return known

    def merged(self, branches: list[Term], *, apart: bool = False) -> list[Term]:
        """Branches that list values made one; where they must be `apart`, only if nothing is listed twice."""
        lists = [term for term in branches if isinstance(term, Listed)]
        if len(lists) < 2:  # noqa: PLR2004
            return branches
        merged = self.values([value for term in lists for value in term.values])
        if apart and len(merged.listed() or ()) < sum(len(term.values) for term in lists):
            return branches
        return [merged, *(term for term in branches if not isinstance(term, Listed))]

    def among(self, names: frozenset[str], patterns: tuple[Vocable, ...] = ()) -> Term:
        """These names and the words of these patterns."""
        if not names and not patterns:
            return NOTHING
        mark = ("names", names, frozenset(patterns))
        known = self._made.get(mark)
        if known is None:
            known = self._made[mark] = NameClass(names, patterns, self._serial())
        return known

    def names(self, names: frozenset[str], patterns: Iterable[str]) -> Term:
        """The members that `properties` and `patternProperties` speak of."""
        return self.among(names, tuple(map(self.languages.pattern, patterns)))

    def having(self, name: str) -> Term:
        """Objects with a member of this name."""
        mark = ("having", name)
        known = self._made.get(mark)
        if known is None:
            known = self._made[mark] = Having(name, self._serial())
        return known

    def may_name(self, names: Iterable[Term]) -> bool:
        """Whether some name may belong to all of the terms; a doubt counts as yes."""
        goal = conjunct(names)
        return goal is not IMPOSSIBLE and (self.solver is None or self.solver.word(goal) is not EMPTY)

    def pattern(self, text: str) -> Term:
        """What `pattern: text` says."""
        mark = ("pattern", text)
        known = self._made.get(mark)
        if known is None:
            known = self._made[mark] = InPattern(self.languages.pattern(text), self._serial())
        return known

    def union(self, parts: Iterable[Term]) -> Term:
        """Values that belong to at least one of the terms."""
        distinct = dict.fromkeys(part for part in parts if part is not NOTHING)
        if EVERYTHING in distinct or any(part.complement in distinct for part in distinct):
            return EVERYTHING
        if len(distinct) < 2:  # noqa: PLR2004
            return next(iter(distinct), NOTHING)
        mark = ("union", frozenset(distinct))
        known = self._made.get(mark)
        if known is None:
            known = self._made[mark] = Union(tuple(distinct), self._serial())
        return known

    def intersection(self, parts: Iterable[Term]) -> Term:
        """Values that belong to all of the terms."""
        return self.union(part.complement for part in parts).complement

    def sample_name(self, names: Iterable[Term]) -> str | None:
        """A name that belongs to all of the terms. Raises `Undecidable` where that is not known."""
        goal = conjunct(names)
        answer = EMPTY if goal is IMPOSSIBLE or self.solver is None else self.solver.word(goal)
        if isinstance(answer, Unsure):
            raise Undecidable(answer.reason)
        return answer.value if isinstance(answer, Found) and isinstance(answer.value, str) else None

    def lens(self, place: Place) -> Lens:
        """A place of the declared reading; places of like schemas are one."""
        known = self._lenses.get(place)
        if known is None:
            self.step(1 + 4 * len(place.entries))
            mark = self._mark(_naming(place.entries))
            known = self._lenses[place] = self._lens_of.setdefault(mark, Lens(place, place.entries, self))
        return known

    def lens_at(self, entries: list[Entry], place: Callable[[], Place]) -> Lens:
        """The same, where no schema that applies leads to another, so that the place need not be made yet."""
        naming = _naming(entries)
        mark = self._mark(naming)
        known = self._lens_of.get(mark)
        if known is None:
            known = self._lens_of[mark] = Lens(place, naming, self)
        return known

    def hidden(self, above: Lens, entries: Iterable[Entry], problem: str) -> Lens:
        """A place that cannot be known; that of the same schemas is the same place."""
        mark = ("hidden", self._mark(entries))
        known = self._lens_of.get(mark)
        if known is None:
            known = self._lens_of[mark] = Hidden(above, problem)
        return known

    def _mark(self, entries: Iterable[Entry]) -> Hashable:
        return frozenset(
            (node, scope) if scope or (key := self.likeness.key(node)) is None else key
            for node, scope in entries
        )

    def closed(self, lens: Lens) -> Term:
        """The values from which a place strips nothing."""
        if lens.plain and not lens.problem:
            return EVERYTHING
        mark = ("closed", lens)
        known = self._made.get(mark)
        if known is None:
            serial = self._serial()
            known = Unreadable(lens.problem, serial) if lens.problem else Closed(lens, serial)
            self._made[mark] = known
        return known

    def seen(self, term: Term, lens: Lens) -> Term:
        """The values that a term accepts once a place has stripped them."""
        if term is EVERYTHING or term is NOTHING or (lens.plain and not lens.problem):
            return term
        if term.serial < 0:
            return self.seen(term.complement, lens).complement
        mark = ("seen", term, lens)
        known = self._made.get(mark)
        if known is None:
            if isinstance(term.formula(OBJECT), Constant) and isinstance(term.formula(ARRAY), Constant):
                known = term
            else:
                serial = self._serial()
                known = Unreadable(lens.problem, serial) if lens.problem else Seen(term, lens, serial)
                closed = self.closed(lens)
                known.alias = (closed, term)
                known.complement.alias = (closed, term.complement)
            self._made[mark] = known
        return known

    def step(self, steps: int) -> None:
        """Counts work that is done to make terms."""
        if self.solver is not None:
            self.solver.step(steps)

    def spend(self, steps: int) -> None:
        """The same in steps of the budget, which are smaller."""
        if self.solver is not None:
            self.solver.budget.spend(steps)

    def format(self, name: str) -> Vocable | None:
        """The language of an asserted format; None where it is an annotation."""
        return self.languages.format(name) if self.format_assertion else None

    def apart(self, left: Term, right: Term, kind: int) -> bool:
        """Whether two terms plainly have no value of a kind in common: tagged objects with different tags."""
        if kind != OBJECT or not (isinstance(left, SchemaTerm) and isinstance(right, SchemaTerm)):
            return False
        others = right.tags()
        return any(name in others and tags.isdisjoint(others[name]) for name, tags in left.tags().items())

    def all_apart(self, branches: list[Term], kind: int) -> bool:
        """Whether the branches plainly are apart, each from each, because one tag tells all of them."""
        if kind != OBJECT:
            return False
        tags = [term.tags() for term in branches if isinstance(term, SchemaTerm)]
        if len(tags) < len(branches) or not tags:
            return False
        return any(
            all(name in other for other in tags)
            and len(frozenset().union(*(other[name] for other in tags))) == sum(len(o[name]) for o in tags)
            for name in tags[0]
        )


def _naming(entries: Iterable[Entry]) -> list[Entry]:
    """References and branches are followed: only what names members or holds items matters at a place."""
    return [entry for entry in entries if not NAMING.isdisjoint(entry[0].keywords)]


def _lists(branch: Json) -> bool:
    """Whether a branch of a union may list its values."""
    return isinstance(branch, dict) and ("const" in branch or "enum" in branch)
