"""What people read about a contract and its properties."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from canonry.lint.subject import Remark, Subject


def description_missing(subject: Subject) -> Iterator[Remark]:
    """A contract or property has no description, or an empty one.

    A property that refers to a shared definition may rely on the description there.

    ## Why it matters
    The name says what it is called. When it is recorded, what is left out, in which unit: each reader guesses
    anew, and differently.

    ## Instead
    One sentence that the name does not say: when, from where, in which unit, what it is not.
    """
    for node in subject.schemas.nodes:
        if node.role not in ("property", "root"):
            continue
        found = node.schema.get("description")
        if found is None and node.role == "property":
            found = subject.field(node).get("description")
        if found is None:
            yield Remark(
                f"{node.says} has no description", node.place(), "say when, from where, in which unit"
            )
        elif isinstance(found, str) and not found.strip():
            message = f"the description of {node.says} is empty"
            yield Remark(message, node.place("description"), "say when, from where, in which unit")


def title_missing(subject: Subject) -> Iterator[Remark]:
    """A contract has no title.

    ## Why it matters
    The site, search and choices on the command line show titles; without one they show a path.

    ## Instead
    `"title": "Order Completed"`: the name as people say it.
    """
    for contract in subject.catalogue.contracts.values():
        title = contract.schema.get("title")
        if title is None or (isinstance(title, str) and not title.strip()):
            better = contract.id.name.replace("_", " ").capitalize()
            yield Remark("the contract has no title", contract.place(), f'"title": "{better}"')


def description_restating(subject: Subject) -> Iterator[Remark]:
    """A description only repeats the name.

    ## Why it matters
    "The order id" under `order_id` looks documented and tells nobody anything; the next reader stops looking.

    ## Instead
    Say what the name does not: which system gives it, when it is absent, what it must not be confused with.
    """
    for node in subject.schemas.having("description"):
        text = node.schema["description"]
        if not isinstance(text, str) or node.role not in ("property", "root"):
            continue
        name = node.name if node.role == "property" else node.contract.id.name
        if len(text) > len(name) * 2 + _ROOM or not text.strip():
            continue  # too long to be only the name, or empty, which another rule says
        if _said(text) <= _named(name):
            message = f"the description of {node.says} only repeats its name: {text!r}"
            yield Remark(
                message, node.place("description"), "say when, from where, in which unit", values=(text,)
            )


_ROOM: Final = 60
_WORD = re.compile(r"[a-z0-9]+")
_EMPTY_WORDS: Final = frozenset(
    """
    a an and any are as at be by contains describes description each field for from given has have
    holds if in indicates is it its kind name of on or property represents specifies string that the
    their this to type value values was were when which whose with event trait segment
    """.split()  # noqa: SIM905  a list of this length is read as text
)


@lru_cache(maxsize=65536)
def _said(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _WORD.findall(text.lower()) if word not in _EMPTY_WORDS)


@lru_cache(maxsize=65536)
def _named(name: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _WORD.findall(name.lower()))


def _stem(word: str) -> str:
    """Enough of English to see that `viewed` is `view` and `ids` is `id`."""
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending)
    return word
