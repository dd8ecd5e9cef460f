"""What schemas say of arrays."""

from typing import TYPE_CHECKING

from canonry.schema.arrays import Distinct, Item, Tally
from canonry.schema.dialects import Dialect
from canonry.schema.formulas import Formula, all_of
from canonry.schema.normal_scalars import count
from canonry.schema.strings import Length
from canonry.schema.terms import EVERYTHING, NOTHING, Term

if TYPE_CHECKING:
    from canonry.schema.normal import SchemaTerm


def array_formula(term: "SchemaTerm") -> Formula:
    """Lengths, single items, tails, counted items, distinctness."""
    keywords = term.keywords
    parts: list[Formula] = []
    if low := count(keywords.get("minItems")):
        parts.append(Length(low, None))
    high = count(keywords.get("maxItems"))
    if high is not None:
        parts.append(Length(0, high))
    first, rest = items(term)
    parts.extend(Item(index, part, must=False) for index, part in enumerate(first) if part is not EVERYTHING)
    if rest is not EVERYTHING:
        parts.append(from_index(len(first), rest))
    parts.extend(_contains(term))
    if keywords.get("uniqueItems") is True:
        parts.append(Distinct())
    if "unevaluatedItems" in keywords and term.node.dialect >= Dialect.DRAFT_2019_09:
        from canonry.schema.unevaluated import unevaluated_items

        parts.append(unevaluated_items(term))
    return all_of(parts)


def from_index(start: int, term: Term) -> Formula:
    """Every item from an index on belongs to the term."""
    if term is NOTHING:
        return Length(0, start)
    return Tally(term.complement, 0, 0, start)


def items(term: "SchemaTerm") -> tuple[list[Term], Term]:
    """The schemas of the first items, and that of all the others."""
    keywords = term.keywords
    if term.node.dialect >= Dialect.DRAFT_2020_12:
        prefix = keywords.get("prefixItems")
        first = (
            [term.child("prefixItems", str(i)) for i in range(len(prefix))]
            if isinstance(prefix, list)
            else []
        )
        return first, term.child("items") if "items" in keywords else EVERYTHING
    held = keywords.get("items")
    if isinstance(held, list):
        first = [term.child("items", str(index)) for index in range(len(held))]
        return first, term.child("additionalItems") if "additionalItems" in keywords else EVERYTHING
    return [], EVERYTHING if held is None else term.child("items")


def _contains(term: "SchemaTerm") -> list[Formula]:
    keywords = term.keywords
    if "contains" not in keywords or term.node.dialect < Dialect.DRAFT_6:
        return []
    low, high = 1, None
    if term.node.dialect >= Dialect.DRAFT_2019_09:
        least = count(keywords.get("minContains"))
        low = 1 if least is None else least
        high = count(keywords.get("maxContains"))
    wanted = term.child("contains")
    if wanted is EVERYTHING:
        lengths: list[Formula] = [Length(low, None)]
        return lengths if high is None else [*lengths, Length(0, high)]
    parts: list[Formula] = [Tally(wanted, low, None)] if low else []
    return parts if high is None else [*parts, Tally(wanted, 0, high)]
