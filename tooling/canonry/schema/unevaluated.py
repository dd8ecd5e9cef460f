"""`unevaluatedProperties` and `unevaluatedItems`, told by which subschemas would evaluate which part.

A member (or item) is left alone where some subschema that evaluates it holds of the whole value. So, per
class of names that the same subschemas evaluate: one of these holds, or every such member meets the
keyword's schema.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

from canonry.schema.dialects import Dialect
from canonry.schema.finite import NameClass, Unreadable, here
from canonry.schema.formulas import TRUE, Formula, all_of, choice
from canonry.schema.languages import Undecidable
from canonry.schema.normal_arrays import from_index, items
from canonry.schema.objects import Member, Members
from canonry.schema.terms import EVERYTHING, NOTHING, Term
from canonry.schema.values import ARRAY, OBJECT

if TYPE_CHECKING:
    from canonry.schema.normal import SchemaTerm

_MOST_CONDITIONAL: Final = 6
"""`contains` beside conditions: every subset of them is one case."""

Condition = tuple[Term, ...]
"""Terms that must all hold of the value for a subschema's evaluations to count."""


class Evaluated(NamedTuple):
    """What a subschema evaluates under a condition: a class of names, or items before `end` or that match."""

    condition: Condition
    names: Term = NOTHING
    end: int | None = 0
    matching: Term = NOTHING


def unevaluated_properties(term: "SchemaTerm") -> Formula:
    """What `unevaluatedProperties` says."""
    rest = term.child("unevaluatedProperties")
    if rest is EVERYTHING:
        return TRUE
    found = [part for part in _evaluated(term, (), set(), OBJECT) if part.names is not NOTHING]
    terms = term.terms
    named = frozenset(
        name for part in found if isinstance(part.names, NameClass) for name in part.names.names
    )
    parts: list[Formula] = []
    for name in sorted(named):
        cases = [_holds(part.condition, OBJECT) for part in found if part.names.holds(name)]
        parts.append(choice([*cases, Member(name, rest, must=False)]))
    # The other names are split by the subschemas that evaluate them: some pattern, or all of them.
    cells: list[tuple[list[Term], list[Formula]]] = [([terms.among(named).complement] if named else [], [])]
    for part in found:
        if not isinstance(part.names, NameClass) or part.names.patterns:
            cells = [
                cell
                for names, cases in cells
                for cell in (
                    ([*names, part.names], [*cases, _holds(part.condition, OBJECT)]),
                    ([*names, part.names.complement], cases),
                )
                if terms.may_name(cell[0])
            ]
    for names, cases in cells:
        free = Members(terms.intersection(names), rest, some=False)
        parts.append(choice([*cases, free]))
    return all_of(parts)


def _holds(condition: Condition, kind: int) -> Formula:
    return all_of(here(term, kind) for term in condition)


def unevaluated_items(term: "SchemaTerm") -> Formula:
    """What `unevaluatedItems` says."""
    rest = term.child("unevaluatedItems")
    if rest is EVERYTHING:
        return TRUE
    found = list(_evaluated(term, (), set(), ARRAY))
    matching = [part.matching for part in found if part.matching is not NOTHING and not part.condition]
    conditional = [part for part in found if part.matching is not NOTHING and part.condition]
    if len(conditional) > _MOST_CONDITIONAL:
        raise Undecidable("unevaluatedItems beside too many conditional contains")
    ends = sorted({part.end for part in found if part.end is not None})
    parts: list[Formula] = []
    starts = [0, *(end for end in ends if end > 0)]
    for start, stop in zip(starts, [*starts[1:], None], strict=True):
        covering = [part for part in found if part.end is None or part.end > start]
        cases: list[Formula] = [_holds(part.condition, ARRAY) for part in covering]
        if any(case is TRUE for case in cases):
            continue
        for size in range(len(conditional) + 1):
            for chosen in combinations(conditional, size):
                allowed = term.terms.union([rest, *matching, *(part.matching for part in chosen)])
                holds = [here(t, ARRAY) for part in chosen for t in part.condition]
                cases.append(all_of([*holds, _between(start, stop, allowed)]))
        parts.append(choice(cases))
    return all_of(parts)


def _between(start: int, stop: int | None, term: Term) -> Formula:
    from canonry.schema.arrays import Item

    if stop is None:
        return from_index(start, term)
    return all_of(Item(index, term, must=False) for index in range(start, stop))


def _evaluated(
    term: "SchemaTerm", condition: Condition, visiting: set[Term], kind: int
) -> Iterator[Evaluated]:
    """What a schema and the subschemas that apply to the same value evaluate."""
    if term in visiting:
        return
    visiting = visiting | {term}
    keywords = term.keywords
    yield from _own_names(term, condition) if kind == OBJECT else _own_items(term, condition)
    if visiting != {term} and ("unevaluatedProperties" if kind == OBJECT else "unevaluatedItems") in keywords:
        yield Evaluated(condition, EVERYTHING, None)
    for target in term.targets():
        yield from _through(target, condition, visiting, kind)
    for branch in term.beside_all("allOf"):
        yield from _through(branch, condition, visiting, kind)
    for keyword in ("anyOf", "oneOf"):
        for branch in term.beside_all(keyword):
            yield from _through(branch, (*condition, branch), visiting, kind)
    if "if" in keywords:
        tested = term.beside("if")
        yield from _through(tested, (*condition, tested), visiting, kind)
        if "then" in keywords:
            yield from _through(term.beside("then"), (*condition, tested), visiting, kind)
        if "else" in keywords:
            yield from _through(term.beside("else"), (*condition, tested.complement), visiting, kind)
    dependent = keywords.get("dependentSchemas")
    if isinstance(dependent, dict) and kind == OBJECT:
        for name in dependent:
            given = term.terms.having(name)
            yield from _through(term.beside("dependentSchemas", name), (*condition, given), visiting, kind)


def _through(other: Term, condition: Condition, visiting: set[Term], kind: int) -> Iterator[Evaluated]:
    from canonry.schema.normal import SchemaTerm

    condition = tuple(part for part in condition if part is not EVERYTHING)
    if isinstance(other, Unreadable):
        raise Undecidable(other.reason)
    if isinstance(other, SchemaTerm):
        yield from _evaluated(other, condition, visiting, kind)


def _own_names(term: "SchemaTerm", condition: Condition) -> Iterator[Evaluated]:
    named = term.keywords.get("properties")
    names = frozenset(named) if isinstance(named, dict) else frozenset[str]()
    classes = term.keywords.get("patternProperties")
    patterns = list(classes) if isinstance(classes, dict) else []
    if "additionalProperties" in term.keywords:
        yield Evaluated(condition, EVERYTHING, None)
    elif names or patterns:
        yield Evaluated(condition, term.terms.names(names, patterns))


def _own_items(term: "SchemaTerm", condition: Condition) -> Iterator[Evaluated]:
    first, _ = items(term)
    keywords = term.keywords
    recent = term.node.dialect >= Dialect.DRAFT_2020_12
    if recent:
        every = "items" in keywords
    else:
        every = "items" in keywords and (
            not isinstance(keywords["items"], list) or "additionalItems" in keywords
        )
    if every or first:
        yield Evaluated(condition, NOTHING, None if every else len(first))
    if "contains" in keywords and not every:
        if not recent:
            # Its specification gives `contains` no annotation, yet validators let it evaluate items.
            raise Undecidable("validators disagree on contains beside unevaluatedItems in 2019-09")
        yield Evaluated(condition, NOTHING, 0, term.child("contains"))
