"""Patterns and formats of strings."""

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Final

from canonry.kernel.findings import Place
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


def registry_pattern_unreadable(subject: Subject) -> Iterator[Remark]:
    """A pattern in a platform's file, a macro or the audit's settings is malformed, or no regular language.

    ## Why it matters
    What a macro becomes, what a platform takes and which values are foreign is decided by it: unread, it
    decides nothing.

    ## Instead
    Write it without backreferences, and close every group and bracket.
    """
    for text, place in _registry_patterns(subject):
        why = _unreadable(text)
        if why:
            yield Remark(f"the pattern {text!r:.80} cannot be read: {why}", place(), values=(text,))


def _registry_patterns(subject: Subject) -> Iterator[tuple[str, Callable[[], Place]]]:
    catalogue = subject.catalogue
    found: list[tuple[str | None, str, str]] = []
    for name, platform in catalogue.platforms.items():
        path = f"registry/platforms/{name}.yaml"
        found.append((platform.macro_pattern, path, "/macro_pattern"))
        found += [
            (each.values, path, f"/macros/{number}/values") for number, each in enumerate(platform.macros)
        ]
        found += [(level.pattern, path, f"/levels/{key}/pattern") for key, level in platform.levels.items()]
        if platform.events is not None:
            found.append((platform.events.name_pattern, path, "/events/name_pattern"))
    for number, foreign in enumerate(catalogue.audit.foreign if catalogue.audit else ()):
        found.append((foreign.pattern, "registry/audit.yaml", f"/foreign/{number}/pattern"))
    for contract in catalogue.of_kind("utm", "creatives", "objects"):
        for key, forms in contract.meta.templates.items():
            for platform_name, form in forms.items() if isinstance(forms, dict) else (("", forms),):
                if not isinstance(form, str):
                    pointer = f"/x-contract/templates/{key}" + (f"/{platform_name}" if platform_name else "")
                    found.append((form.pattern, contract.path, f"{pointer}/pattern"))
    for text, path, pointer in found:
        if text is not None:
            yield text, partial(catalogue.sources.place, path, pointer)


@lru_cache(maxsize=4096)
def _unreadable(text: str) -> str:
    from canonry.regular import PatternSyntaxError, UnsupportedPattern, pattern

    try:
        pattern(text)
    except (PatternSyntaxError, UnsupportedPattern) as error:
        return str(error)
    return ""


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
