"""Markdown for pull requests: what contracts say is text in it, never markup, a link or a mention."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from canonry.kernel.findings import Finding, Level
from canonry.kernel.jsonvalue import Json
from canonry.render.plain import visible
from canonry.render.text import abridged, counts

MARKER: Final = "<!-- canonry:review -->"
"""How a bot finds its comment again."""

MAX_COMMENT: Final = 60_000
"""Characters; hosts refuse comments a little above."""

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>$])")
_WORDS: Final = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "note"}


def escaped(text: str) -> str:
    """The text as text: no markup, no HTML, no mention, no automatic link, no workflow command."""
    text = visible(text).replace("&", "&amp;").replace("<", "&lt;")
    text = _SPECIAL.sub(r"\\\1", text).replace("\\>", "&gt;")
    text = text.replace("@", "@<!-- -->").replace("://", ":<!-- -->//").replace("www\\.", "www<!-- -->\\.")
    return text.replace("::", ":<!-- -->:")


def code(text: str) -> str:
    """The text as inline code, whatever backticks it holds; safe in a table's cell."""
    text = _unmarked(visible(text)).replace("|", "\u2502")
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") or not text.strip() else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _unmarked(text: str) -> str:
    """The text without our marker in it, which only begins a comment."""
    return text.replace("<!-- canonry:", "<!- - canonry:")


def ticked(sentence: str) -> str:
    """A sentence with its quotations as code and everything else escaped."""
    parts = sentence.split("`")
    if len(parts) % 2 == 0:
        return escaped(sentence)
    return "".join(code(part) if number % 2 else escaped(part) for number, part in enumerate(parts) if part)


def block(value: Json) -> str:
    """A payload in a code block, whatever it holds."""
    if isinstance(value, str):
        text = value
    else:
        text = json.dumps(abridged(value), ensure_ascii=False, indent=2, default=str)
    lines = _unmarked("\n".join(map(visible, text.split("\n"))))
    longest = max((len(run) for run in re.findall(r"`+", lines)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}json\n{lines}\n{fence}"


def check(
    findings: Sequence[Finding],
    accepted: Sequence[Finding],
    changed: Sequence[str],
    base: str,
    limit: int = MAX_COMMENT,
) -> str:
    """The findings of a check as one comment of at most `limit` characters; it says what it left out."""
    head = [MARKER, f"### canonry check: {_verdict(findings)}", ""]
    head.append(f"{len(changed):,} changed file{'' if len(changed) == 1 else 's'} against {escaped(base)}.")
    tail = [accepted_table(accepted)] if accepted else []
    return fitted(head, map(item, findings), tail, limit, "findings")


def fitted(head: Sequence[str], items: Iterable[str], tail: Sequence[str], limit: int, what: str) -> str:
    """Head, as many items as fit, tail; and how many were left out."""
    room = limit - sum(len(part) + 1 for part in (*head, *tail)) - 200
    kept: list[str] = []
    left = 0
    for text in items:
        if left or len(text) + 2 > room:
            left += 1
            continue
        kept.append(text)
        room -= len(text) + 2
    if left:
        kept.append(f"**{left:,} more {what} are left out here**: run `canonry check` to see them all.")
    return "\n".join([*head, "", "\n\n".join(kept), *(["", *tail] if tail else []), ""])


def item(finding: Finding) -> str:
    """One finding as a list item with its payload."""
    return "\n".join(_item(finding))


def _item(finding: Finding) -> Iterator[str]:
    level = "undecided" if finding.undecided else _WORDS[finding.level]
    where = f"{finding.place.path}:{finding.place.line}" if finding.place.line else finding.place.path
    yield f"- **{level} {finding.code} {escaped(finding.name)}** {code(where)}  "
    yield f"  {ticked(finding.message)}"
    if finding.suggestion:
        yield f"  <br>Instead: {escaped(finding.suggestion)}"
    readers = finding.details.get("readers")
    if isinstance(readers, str) and readers:
        yield f"  <br>Rests on it: {escaped(readers)}"
    if finding.owner:
        yield f"  <br>Owner: {escaped(finding.owner)}. Fingerprint: {code(finding.fingerprint)}"
    if finding.witness is not None:
        yield ""
        yield "\n".join(f"  {line}" for line in block(finding.witness).split("\n"))


def _verdict(findings: Sequence[Finding]) -> str:
    return counts(findings) if findings else "nothing breaks"


def accepted_table(accepted: Sequence[Finding]) -> str:
    """Breaks that somebody accepted, with reason and end."""
    rows = [
        f"| {finding.code} | {code(finding.subject or finding.place.path)} | {_said(finding, 'reason')} "
        f"| {_said(finding, 'until')} |"
        for finding in accepted[:50]
    ]
    more = f"\n\n{len(accepted) - 50} more were accepted." if len(accepted) > 50 else ""  # noqa: PLR2004  rows
    return (
        "\n".join(
            ["#### Accepted breaks", "", "| Rule | Where | Reason | Until |", "|---|---|---|---|", *rows]
        )
        + more
    )


def _said(finding: Finding, key: str) -> str:
    return escaped(str(finding.details.get(key, "")))
