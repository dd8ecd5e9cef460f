"""A rule's golden case as a page shows it: what goes in, what canonry says, and how it is right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from canonry.pages.markup import block, paragraphs, sentence, text
from canonry.render.plain import wrapped

LONGEST: Final = 60
"""Lines of a file that a page shows."""

_PART: Final = re.compile(r"^(about|bad|good|before|after):", re.MULTILINE)
_PARTS: Final = {"bad": "Wrong", "good": "Right", "before": "Before", "after": "The change"}


def case_section(case: Mapping[str, str]) -> str:
    """The case, or nothing where there is none. `case`: file name to text."""
    parts = [*_given(case), *_said(case)]
    if "good" in (given := _split(case.get("case.yaml", ""))):
        parts += ["### Right", _shown(given["good"], "yaml")]
    return paragraphs("## Example", *parts) if parts else ""


def spoken(case: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The same for a terminal: what each part is called, and its text."""
    split = _split(case.get("case.yaml", ""))
    if "about" in split:
        yield "", wrapped(" ".join(split["about"].split()))
    for name in ("bad", "before", "after"):
        if name in split:
            yield _PARTS[name], _cut(split[name])
    for name, title in (("old.json", "Before"), ("new.json", "After")):
        if name in case:
            yield title, _cut(case[name])
    said = case.get("expected.txt", "")
    expected = json.loads(case.get("expected.json", "null")) if not said else None
    if isinstance(expected, list):
        said = "\n".join(line for finding in expected for line in _finding(finding))
    elif isinstance(expected, dict):
        said = "\n".join(str(one.get("sentence", "")) for one in expected.get("changes", ()))
    if said:
        yield "What canonry says", _cut(said)
    if "good" in split:
        yield _PARTS["good"], _cut(split["good"])


def _given(case: Mapping[str, str]) -> Iterator[str]:
    split = _split(case.get("case.yaml", ""))
    if "about" in split:
        yield text(split["about"].strip())
    for name in ("bad", "before", "after"):
        if name in split:
            yield f"### {_PARTS[name]}"
            yield _shown(split[name], "yaml")
    for name, title in (("old.json", "Before"), ("new.json", "After")):
        if name in case:
            yield f"### {title}"
            yield _shown(case[name], "json")


def _said(case: Mapping[str, str]) -> Iterator[str]:
    if "expected.txt" in case:
        yield "### What canonry says"
        yield _shown(case["expected.txt"], "text")
        return
    try:
        expected = json.loads(case.get("expected.json", "null"))
    except ValueError:
        return
    if isinstance(expected, list) and expected:
        yield "### What canonry says"
        yield _shown("\n".join(line for finding in expected for line in _finding(finding)), "text")
    elif isinstance(expected, dict):
        yield "### What canonry says"
        changes = "".join(
            f"<li>{sentence(str(one.get('sentence', '')))}</li>" for one in expected.get("changes", ())
        )
        yield f"<ul>{changes}</ul>"
        for direction, part in expected.get("parts", {}).items():
            witness = part.get("witness")
            said = f"{direction}: {part.get('verdict')}"
            if part.get("verdict") == "broken":
                said += f", for example by {json.dumps(witness, ensure_ascii=False)}"
            yield _shown(said, "text")


def _finding(finding: Mapping[str, Any]) -> Iterator[str]:
    place = finding["place"]
    if isinstance(place, str):  # the audit's are where a thing was observed
        where = f"{place}: {finding['subject']}"
    else:
        where = f"{place['path']}:{place['line']}" if place.get("line") else place["path"]
    yield f"{where}  {finding['level']} {finding['code']} {finding['name']}"
    yield wrapped(finding["message"], indent="  ")
    instead = finding.get("suggestion") or finding.get("do")
    if instead:
        yield wrapped(f"Instead: {instead}", indent="  ", hanging="    ")


def _split(case: str) -> dict[str, str]:
    """The top-level parts of a case as they are written, without their indent."""
    marks = list(_PART.finditer(case))
    found = {}
    ends = [*(mark.start() for mark in marks[1:]), len(case)] if marks else []
    for mark, end in zip(marks, ends, strict=True):
        body = case[mark.end() : end]
        found[mark[1]] = re.sub(r"^  ", "", body.lstrip(" ").strip("\n"), flags=re.MULTILINE)
    return found


def _shown(said: str, language: str) -> str:
    return block(_cut(said), language)


def _cut(said: str) -> str:
    lines = said.strip("\n").split("\n")
    if len(lines) > LONGEST:
        lines = [*lines[:LONGEST], f"... and {len(lines) - LONGEST} more lines"]
    return "\n".join(lines)
