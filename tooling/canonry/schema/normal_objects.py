"""What schemas say of objects."""

from typing import TYPE_CHECKING

from canonry.schema.dialects import Dialect
from canonry.schema.finite import here
from canonry.schema.formulas import Formula, all_of, choice
from canonry.schema.normal_scalars import count
from canonry.schema.objects import Member, Members, Size
from canonry.schema.terms import EVERYTHING, NOTHING, Term
from canonry.schema.values import OBJECT

if TYPE_CHECKING:
    from canonry.schema.normal import SchemaTerm


def object_formula(term: "SchemaTerm") -> Formula:
    """Required and named members, classes of names, counts, dependencies."""
    keywords = term.keywords
    parts: list[Formula] = []
    if low := count(keywords.get("minProperties")):
        parts.append(Size(low, None))
    high = count(keywords.get("maxProperties"))
    if high is not None:
        parts.append(Size(0, high))
    required = keywords.get("required")
    if isinstance(required, list):
        term.terms.spend(8 * len(required))
        parts.extend(Member(str(name), EVERYTHING, must=True) for name in dict.fromkeys(map(str, required)))
    parts.extend(_members(term))
    if "propertyNames" in keywords and term.node.dialect >= Dialect.DRAFT_6:
        names = term.child("propertyNames")
        if names is not EVERYTHING:
            parts.append(Members(names.complement, NOTHING, some=False))
    parts.extend(_dependencies(term))
    if "unevaluatedProperties" in keywords and term.node.dialect >= Dialect.DRAFT_2019_09:
        from canonry.schema.unevaluated import unevaluated_properties

        parts.append(unevaluated_properties(term))
    return all_of(parts)


def _members(term: "SchemaTerm") -> list[Formula]:
    keywords = term.keywords
    parts: list[Formula] = []
    named = keywords.get("properties")
    names = list(named) if isinstance(named, dict) else []
    term.terms.spend(6 * len(names))
    for name in names:
        part = term.child("properties", name)
        if part is not EVERYTHING:
            parts.append(Member(name, part, must=False))
    classes = keywords.get("patternProperties")
    patterns = list(classes) if isinstance(classes, dict) else []
    for pattern in patterns:
        part = term.child("patternProperties", pattern)
        if part is not EVERYTHING:
            parts.append(Members(term.terms.pattern(pattern), part, some=False))
    if "additionalProperties" in keywords:
        rest = term.child("additionalProperties")
        if rest is not EVERYTHING:
            parts.append(Members(outside(term, names, patterns), rest, some=False))
    return parts


def outside(term: "SchemaTerm", names: list[str], patterns: list[str]) -> Term:
    """The names that neither `properties` nor `patternProperties` has."""
    return term.terms.names(frozenset(names), patterns).complement


def _dependencies(term: "SchemaTerm") -> list[Formula]:
    parts: list[Formula] = []
    keywords = (
        ("dependentRequired", "dependentSchemas")
        if term.node.dialect >= Dialect.DRAFT_2019_09
        else ("dependencies",)
    )
    for keyword in keywords:
        held = term.keywords.get(keyword)
        if not isinstance(held, dict):
            continue
        for name, wanted in held.items():
            if isinstance(wanted, list):
                term.terms.spend(8 * len(wanted))
                then = all_of(Member(str(other), EVERYTHING, must=True) for other in wanted)
            else:
                then = here(term.beside(keyword, name), OBJECT)
            parts.append(choice((Member(name, NOTHING, must=False), then)))
    return parts
