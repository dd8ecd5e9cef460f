"""What is wrong with links and names, as findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from canonry.kernel.findings import Finding, Level, Place
from canonry.kernel.jsonvalue import Json
from canonry.kernel.rule import Rule
from canonry.naming.link_rules import RULES as LINK_RULES
from canonry.naming.links import RULE_OF_REASON, sentence

if TYPE_CHECKING:
    from canonry.app.links import Book

LANDING: Final = "landing page"


@cache
def _rules() -> Mapping[str, Rule]:
    return {rule.name: rule for rule in (*RULES, *LINK_RULES)}


def value_unused() -> None:
    """A field was given, and nothing of what was built holds it.

    A platform that fills in part of a link by its macros leaves no room for a value of ours: with
    `utm_content={{ad.name}}` the creative comes from the name of the ad.

    ## Why it matters
    Whoever gave the value expects to find it in the reports.

    ## Instead
    Say `--no-macros` to write the value yourself, or leave it out and name the ad accordingly.
    """


def value_replaced() -> None:
    """A field was given with another value than the registered campaign has.

    ## Why it matters
    The link counts for the campaign, under a market, brand or month that the campaign does not have; reports
    that join the two disagree.

    ## Instead
    Leave the value out, or correct the campaign's file if that is what is wrong.
    """


RULES: Final[tuple[Rule, ...]] = (
    Rule("U100", "link-value-unused", value_unused, since="0.1", level=Level.NOTE),
    Rule("U199", "link-value-replaced", value_replaced, since="0.1", level=Level.NOTE),
)
"""What building says beyond what reading finds."""


def finding(
    name: str,
    message: str,
    place: Place,
    *,
    suggestion: str = "",
    values: Iterable[str] = (),
    details: Mapping[str, Json] | None = None,
    levels: Mapping[str, str] | None = None,
) -> Finding | None:
    """A finding of a link rule by its name; None where policy (`levels`) has switched the rule off."""
    rule = _rules()[name]
    judged = (levels or {}).get(rule.code, (levels or {}).get(rule.name))
    if judged == "off":
        return None
    level = Level.parse(judged) if judged else rule.level
    return Finding(
        rule.code,
        rule.name,
        level,
        message,
        place,
        suggestion=suggestion,
        values=tuple(values),
        details=details or {},
    )


def of_issues(
    issues: Iterable[Mapping[str, Any]], path: str, line: int, levels: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """The findings of a link that `canonry.naming.links` read, the worst first."""
    place = Place(path, line)
    found = [
        finding(
            issue["name"],
            issue["message"],
            place,
            suggestion=issue["suggestion"] or "",
            values=[str(issue["param"] or ""), str(issue["found"] or "")],
            details={"param": issue["param"], "found": issue["found"], "nearest": issue["nearest"]},
            levels=levels,
        )
        for issue in issues
    ]
    return tuple(sorted((f for f in found if f is not None), key=lambda f: -f.level))


def of_name(
    problems: Sequence[Mapping[str, Any]], path: str, line: int, identifier: str
) -> tuple[Finding, ...]:
    """The findings of a name that was read; one that nothing writes has one too."""
    place = Place(path, line)
    if problems:
        return of_codec(problems, place, identifier)
    message = "no format of this registry writes such a name"
    made = finding("link-format-unknown", message, place, suggestion="canonry list objects")
    return () if made is None else (made,)


def of_codec(
    problems: Iterable[Mapping[str, Any]], place: Place, identifier: str, *, level: Level | None = None
) -> tuple[Finding, ...]:
    """The findings of problems, notes or rejections of the codec; `level` overrules that of their rules."""
    found = []
    for each in problems:
        right = each.get("right") or each.get("nearest")
        made = finding(
            RULE_OF_REASON.get(each["reason"], "link-value-invalid"),
            sentence(each, identifier),
            place,
            suggestion=str(right) if right else "",
            values=[str(each.get("field") or ""), str(each.get("found") or "")],
            details={"field": each.get("field"), "found": each.get("found"), "nearest": each.get("nearest")},
        )
        if made is not None:
            found.append(made if level is None else made.at_level(level))
    return tuple(found)


def of_building(book: Book, answer: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Everything that is to be said of a link or name that was built, or could not be."""
    place = Place(answer["format"])
    found = list(of_codec(answer["problems"], place, answer["format"], level=Level.ERROR))
    landing = answer.get("landing") or {"problems": (), "notes": ()}
    page = Place(LANDING)
    for key, level in (("problems", Level.ERROR), ("notes", None)):
        for name, message, advice in landing[key]:
            made = finding(name, message, page, suggestion=advice, values=[message])
            if made is not None:
                found.append(made.at_level(level or min(made.level, Level.WARNING)))
    found += of_codec(answer["notes"], place, answer["format"], level=Level.NOTE)
    for name in answer["unwritten"]:
        label = book.label(answer["platform"]) or "the platform"
        message = f"{name} is not written: {label} fills in that part itself (--no-macros writes it)"
        found += _said("link-value-unused", message, place, name)
    for name, before, after in answer["replaced"]:
        message = f"{name}: {after} was given, where the campaign says {before}"
        found += _said("link-value-replaced", message, place, name)
    return tuple(found)


def _said(name: str, message: str, place: Place, value: str) -> list[Finding]:
    made = finding(name, message, place, values=[value])
    return [] if made is None else [made]
