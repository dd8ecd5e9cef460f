"""Channel groups as data: GA4's default group and the company's own, compiled for the engine.

The default group stands in `ga4_channels.json` beside this file, in canonry's own form, with the date of its
rules and where each part comes from. `canonry.naming.runtime.channels` evaluates; `canonry.naming.proofs`
asks which links a rule can take.
"""

import json
import pkgutil
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from canonry.naming import automata
from canonry.naming.runtime.channels import DEFAULT, Channels
from canonry.naming.runtime.text import fold

FIELDS: Final = ("source", "medium", "campaign", "default_channel")
CATEGORY_PREFIX: Final = "source_category_"

Document = Mapping[str, Any]

__all__ = [
    "DEFAULT",
    "FIELDS",
    "Channels",
    "categories",
    "compile_channels",
    "compile_rules",
    "default_group",
]


@cache
def default_group() -> Document:
    """GA4's default channel group: rules, fallback, categories, networks, origins, and their date."""
    data = pkgutil.get_data("canonry.naming", "ga4_channels.json")
    document: Document = json.loads(data or b"{}")
    return document


def categories() -> Mapping[str, Sequence[str]]:
    """GA4's source categories: search, shopping, social, video."""
    found: Mapping[str, Sequence[str]] = default_group()["categories"]
    return found


def compile_channels(groups: Mapping[str, Document], number: Callable[..., int]) -> dict[str, Any]:
    """The part of a table that `Channels` reads. `number` gives the place of a pattern's automaton."""
    default = default_group()
    compiled = {
        DEFAULT: {
            "label": default["label"],
            "effective": default["effective"],
            "rules": compile_rules(default["rules"], number),
            "fallback": default["fallback"],
        }
    }
    for name in sorted(groups):
        group = groups[name]
        compiled[name] = {
            "label": group.get("label") or name,
            "effective": group.get("effective"),
            "rules": compile_rules(group.get("rules") or (), number),
            "fallback": None,
        }
    return {"groups": compiled, "categories": {name: list(sources) for name, sources in categories().items()}}


def compile_rules(rules: Sequence[Document], number: Callable[..., int]) -> list[dict[str, Any]]:
    """Rules with lower-case values, automata for regexes, and a sentence that says when each applies."""
    return [
        {
            "channel": rule["channel"],
            "when": _condition(rule["when"], number),
            "because": sentence(rule["when"]),
        }
        for rule in rules
    ]


def _condition(when: Document, number: Callable[..., int]) -> dict[str, Any]:
    for group in ("all", "any"):
        if when.get(group):
            return {group: [_condition(part, number) for part in when[group]]}
    if when.get("not"):
        return {"not": _condition(when["not"], number)}
    op, value = when["op"], when.get("value")
    compiled: dict[str, Any] = {"field": when["field"], "op": op}
    if op == "regex":
        compiled["op"] = "matches"
        compiled["value"] = number([whole(str(value))])
        needs = needed(str(value))
        if needs:
            compiled["needs"] = needs
    elif op == "in_category":
        compiled["value"] = category(str(value))
    elif op == "in":
        compiled["value"] = [fold(str(each)) for each in ([value] if isinstance(value, str) else value or ())]
    elif op != "is_null":
        compiled["value"] = fold(str(value))
    return compiled


def whole(pattern: str) -> str:
    """A pattern that matches whole values only, as GA4's regex conditions do."""
    return f"^(?:{pattern})$"


@cache
def needed(pattern: str) -> str:
    """A text without which no value matches the pattern, in lower case; empty where none was found."""
    runs = sorted(set(re.findall(r"[a-z]{3,}", pattern)), key=lambda run: (-len(run), run))
    for run in runs:
        if (automata.matching([whole(pattern)]) - automata.matching([run])).is_empty():
            return str(run)
    return ""


def category(name: str) -> str:
    """A category's short name: `SOURCE_CATEGORY_SEARCH` is `search`."""
    return fold(name).removeprefix(CATEGORY_PREFIX)


def sentence(when: Document) -> str:
    """The condition in words."""
    if when.get("all"):
        return " and ".join(_bracketed(part) for part in when["all"])
    if when.get("any"):
        return " or ".join(_bracketed(part) for part in when["any"])
    if when.get("not"):
        return f"not ({sentence(when['not'])})"
    field, value = str(when["field"]).replace("_", " "), when.get("value")
    match when["op"]:
        case "exact":
            return f"{field} is {value}"
        case "in":
            return f"{field} is one of {', '.join([value] if isinstance(value, str) else value or ())}"
        case "in_category":
            return f"{field} is a known {category(str(value))} source"
        case "is_null":
            return f"{field} is missing"
        case "regex":
            return f"{field} matches {value}"
        case op:
            return f"{field} {str(op).replace('_', ' ')} {value}"


def _bracketed(part: Document) -> str:
    return f"({sentence(part)})" if part.get("any") or part.get("all") else sentence(part)
