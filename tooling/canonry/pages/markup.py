"""Markdown in which what contracts say is text: no markup, no HTML, no snippet, no template, no link."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from canonry.kernel.jsonvalue import Json
from canonry.render.plain import visible

_SPECIAL: Final = re.compile(
    r"(?!(?<=\w)-(?=\w))[^\w \u00a0-\uffff.,;()'?%=\U00010000-\U0010ffff]|_|(?<=\w)\.(?=\w)|:(?=//)"
)
"""What is no plain text wherever it stands; a hyphen inside a word begins no list and underlines no title."""


def text(value: object) -> str:
    """A value as text. Every character that Markdown or HTML could read becomes a character reference."""
    return _escaped(str(value))


@lru_cache(maxsize=1 << 16)  # pages say the same names, words and labels again and again
def _escaped(value: str) -> str:
    if value.isalnum() and value.isascii():
        return value
    return _SPECIAL.sub(_reference, visible(value))


def _reference(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def code(value: object) -> str:
    """A value in code type, whatever it holds."""
    return f"<code>{text(value)}</code>"


def link(label: str, target: str) -> str:
    """A link whose label is ready-made markup and whose target is one of our own paths."""
    return f'<a href="{html.escape(target, quote=True)}">{label}</a>'


def block(value: Json | str, language: str = "json") -> str:
    """A code block with a copy button; indented fences cannot be closed from inside."""
    body = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    shown = "\n".join(map(visible, body.split("\n"))) if _hidden(body) else body
    longest = max(map(len, re.findall(r"`+", shown)), default=0) if "`" in shown else 0
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def _hidden(body: str) -> bool:
    """Whether some line holds what `visible` would change; asked of the whole, since most hold nothing."""
    return not body.isascii() or "::" in body or "##[" in body or not body.replace("\n", "").isprintable()


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, classes: str = "", rowdata: Sequence[str] = ()
) -> str:
    """An HTML table of ready-made cells. `rowdata`: one attribute string per row, for filters."""
    body = list(rows)
    lines = [f'<table class="{f"canonry {classes}".rstrip()}">']
    lines.append("<thead><tr>" + "".join(f'<th scope="col">{cell}</th>' for cell in head) + "</tr></thead>")
    lines.append("<tbody>")
    for number, row in enumerate(body):
        data = f" {rowdata[number]}" if number < len(rowdata) else ""
        lines.append(f"<tr{data}>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>")
    lines += ["</tbody>", "</table>"]
    return "\n".join(lines)


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Labels and ready-made values, two columns; rows without a value are left out."""
    lines = [f"<dt>{text(label)}</dt><dd>{value}</dd>" for label, value in rows if value]
    return "\n".join(['<dl class="facts">', *lines, "</dl>"]) if lines else ""


def details(summary: str, body: str) -> str:
    """Ready-made HTML that opens on demand, below a ready-made summary."""
    return f"<details><summary>{summary}</summary>{body}</details>"


def sentence(value: object) -> str:
    """Prose, as people write it: what stands between backticks is shown as code, and all of it is text."""
    parts = str(value).split("`")
    if len(parts) % 2 == 0:
        return text(value)
    return "".join(code(part) if number % 2 else text(part) for number, part in enumerate(parts))


def lead(value: object) -> str:
    """What a page is about, in larger type."""
    return f'<p class="lead">{sentence(value)}</p>' if value else ""


def crumbs(*steps: str) -> str:
    """Ready-made links to where a page belongs."""
    return f'<p class="crumbs">{" &#8250; ".join(steps)}</p>'


def attribute(name: str, value: object) -> str:
    """A data attribute of an element."""
    return f'data-{name}="{html.escape(visible(str(value)), quote=True)}"'


def badge(word: str, style: str = "") -> str:
    """A small label: a status, a class of personal data."""
    return f'<span class="badge {style or word}">{text(word)}</span>'


def paragraphs(*parts: str) -> str:
    """Parts apart from one another; empty ones are left out."""
    return "\n\n".join(part for part in parts if part) + "\n"


def page(title: str, *parts: str, description: str = "", above: str = "", toc: bool = True) -> str:
    """A page with its front matter: JSON is YAML, so no title can leave its quotes. `above` the title."""
    matter: dict[str, Json] = {"title": visible(title), "description": visible(description)[:300]}
    if not toc:
        matter["hide"] = ["toc"]
    head = "\n".join(
        f"{key}: {json.dumps(value, ensure_ascii=True)}" for key, value in matter.items() if value
    )
    return f"---\n{head}\n---\n\n{paragraphs(above, f'# {text(title)}', *parts)}"


def filters(*names: str) -> str:
    """Where the filter script puts its controls: one list per data attribute of what follows."""
    return f'<div class="filters" {attribute("filters", " ".join(names))}></div>'
