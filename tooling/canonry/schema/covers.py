"""Which of the schemas that a value must not meet is likely to hold of all of one alternative.

Where a union became wider, each of its branches lies in one branch of the new union. To see that for the two
takes less than to look for a value of the one that none of the others accepts.
"""

from collections.abc import Iterable
from typing import Final

from canonry.schema.declared import Closed, Seen
from canonry.schema.formulas import Formula, Sole
from canonry.schema.normal import SchemaTerm
from canonry.schema.terms import Goal, Term, conjunct

_MOST: Final = 2
"""Schemas that are asked per alternative."""
_SHARED: Final = 0.6
"""The part of the names of two schemas that they must share to be likely."""
_SMALL: Final = 6
"""Members up to which an alternative is searched as fast as it is compared."""


def covers(part: Formula, asserted: Iterable[Term]) -> list[Goal]:
    """Goals one of which may be seen to be empty, and then the alternative is; the likeliest first."""
    if isinstance(part, Sole):
        part = part.parts[0]
    if not isinstance(part, SchemaTerm) or len(names := _names(part)) <= _SMALL:
        return []
    likely: list[tuple[float, int, Term]] = []
    closed: list[Term] = []
    for term in asserted:
        if isinstance(term, Closed):
            closed.append(term)
        elif term.serial < 0:
            other = term.complement
            schema = other.term if isinstance(other, Seen) else other
            if isinstance(schema, SchemaTerm) and schema is not part:
                others = _names(schema)
                shared = len(names & others) / len(names | others)
                if shared >= _SHARED:
                    likely.append((-shared, abs(term.serial), term))
    likely.sort(key=lambda one: one[:2])
    return [conjunct((part, *closed, term)) for _, _, term in likely[:_MOST]]


def _names(term: SchemaTerm) -> frozenset[str]:
    named = term.keywords.get("properties")
    return frozenset(named) if isinstance(named, dict) else frozenset()
