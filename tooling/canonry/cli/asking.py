"""Questions on a terminal: only where a person sits there, on standard error, with the choices beside."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

import click

from canonry.kernel.errors import UsageError
from canonry.render.plain import visible, wrapped

_LISTED: Final = 30


def interactive() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def choose(message: str, choices: Sequence[tuple[str, str]]) -> str:
    """One of some words, by its number or itself. `choices`: word and what it means."""
    tell(message)
    for number, (word, label) in enumerate(choices, 1):
        click.echo(f"  {number:>3}  {visible(word)}  {visible(label)}", err=True)
    words = [word for word, _ in choices]
    while True:
        text = click.prompt("  Which", err=True, prompt_suffix="? ").strip()
        if text.isdigit() and 1 <= int(text) <= len(words):
            return words[int(text) - 1]
        if text in words:
            return str(text)
        from canonry.naming.suggest import nearest

        near = nearest(text, words)
        tell(f"That is none of them{f'; did you mean {near}?' if near else '.'}")


def ask_field(need: dict[str, Any], check: Callable[[str], str | None], *, optional: bool = False) -> str:
    """A value for a field; `check` says what is wrong with one. Empty where it may be left out."""
    title = need["title"] or need["field"].replace("_", " ")
    choices = need["choices"]
    if choices and len(choices) <= _LISTED:
        tell(f"{title}: {', '.join(map(str, choices))}")
    elif choices:
        more = len(choices) - _LISTED
        tell(f"{title}: {', '.join(map(str, choices[:_LISTED]))} and {more} more (? lists all)")
    else:
        tell(f"{title}: {need['expected']}")
    only = str(choices[0]) if choices and len(choices) == 1 and not optional else None
    while True:
        text = click.prompt(
            f"  {need['field']}",
            default="" if optional else only,
            show_default=only is not None,
            err=True,
        ).strip()
        if text == "?":
            tell(", ".join(map(str, choices or [need["expected"]])))
            continue
        if optional and not text:
            return ""
        wrong = check(text)
        if wrong is None:
            return str(text)
        tell(wrong)


def tell(text: str) -> None:
    """A line beside the questions."""
    click.echo(wrapped(text), err=True)


def refuse(message: str, choices: Sequence[tuple[str, str]]) -> UsageError:
    """The same question for a script: an error that lists the choices."""
    listed = ", ".join(word for word, _ in choices[:_LISTED])
    more = f" and {len(choices) - _LISTED} more" if len(choices) > _LISTED else ""
    return UsageError(message, f"There are: {listed}{more}" if choices else "")
