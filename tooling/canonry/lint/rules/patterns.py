"""Patterns and formats of strings."""

from collections.abc import Iterator
from typing import Final

from canonry.lint.schemas import Node
from canonry.lint.subject import Remark, Subject
from canonry.naming.suggest import nearest
from canonry.schema.formats import FORMATS

_KNOWN_ELSEWHERE: Final = {
    "idn-email": "email, or a pattern",
    "idn-hostname": "hostname, or a pattern",
    "uri-reference": "uri, or a pattern",
    "iri": "uri, or a pattern",
    "iri-reference": "uri, or a pattern",
    "uri-template": "a pattern",
    "json-pointer": "a pattern",
    "relative-json-pointer": "a pattern",
    "regex": "a pattern",
    "int32": "type integer with minimum and maximum",
    "int64": "type integer with minimum and maximum",
    "float": "type number",
    "double": "type number",
    "byte": "a pattern",
    "binary": "a pattern",
    "password": "a pattern",
    "url": "uri",
    "datetime": "date-time",
    "timestamp": "date-time",
    "guid": "uuid",
    "ip": "ipv4 or ipv6",
}


def pattern_outside_subset(subject: Subject) -> Iterator[Remark]:
    r"""A pattern is malformed, or uses what RE2, ECMA-262 and jsonschema-rs do not read alike.

    No lookaround, no backreferences, no `\\d` or `\\w` where engines disagree about Unicode, no flags inside
    the pattern.

    ## Why it matters
    A pattern that engines read differently lets a payload pass in the browser and fail in the warehouse.
    One that needs backtracking can be made to run for hours by whoever writes the payload.

    ## Instead
    Write character classes out (`[0-9]`, `[A-Za-z]`), anchor with `^` and `$`, and say what a lookahead said
    with `not: {"pattern": ...}`, `enum` or a second property.
    """
    verdicts: dict[str, tuple[str, ...]] = {}
    for node, text in _patterns(subject):
        if text not in verdicts:
            verdicts[text] = _problems(text)
        for problem in verdicts[text]:
            yield Remark(
                f"the pattern {text!r:.80} of {node.says}: {problem}",
                node.place("pattern"),
                values=(problem,),
            )


def _patterns(subject: Subject) -> Iterator[tuple[Node, str]]:
    for node in subject.schemas.having("pattern"):
        text = node.schema["pattern"]
        if isinstance(text, str):
            yield node, text


def _problems(text: str) -> tuple[str, ...]:
    from canonry.regular import shared_subset

    return tuple(str(problem) for problem in shared_subset(text))


def format_unknown(subject: Subject) -> Iterator[Remark]:
    """A format that canonry does not assert, or a misspelt one.

    Asserted are date, time, date-time, duration, uuid, email, hostname, ipv4, ipv6 and uri.

    ## Why it matters
    Validators ignore formats they do not know: `datetime` accepts any string.

    ## Instead
    Take the format that the message suggests, or say it with a `pattern`.
    """
    for node in subject.schemas.having("format"):
        name = node.schema["format"]
        if not isinstance(name, str) or name in FORMATS:
            continue
        advice = _KNOWN_ELSEWHERE.get(name)
        if advice is None:
            near = nearest(name, FORMATS)
            advice = f"did you mean {near!r}?" if near else f"use a pattern, or one of {', '.join(FORMATS)}"
        else:
            advice = f"use {advice}"
        yield Remark(
            f"nothing checks the format {name!r} of {node.says}", node.place("format"), advice, values=(name,)
        )
