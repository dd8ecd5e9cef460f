"""The short way to one link or name: no click, one compiled part of the registry.

Importing click takes longer than the whole of this. So a plain `utm build` or `name build` of which nothing
is missing and at which nothing is wrong is answered here, and so is `utm parse` of one link; anything else,
help and errors and questions included, is left to the commands proper, which start from the beginning. Both
use the same functions of `canonry.app`, so they cannot differ.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_VALUED = ("--url", "--campaign", "--platform", "--as", "--format", "--registry")


def run(arguments: Sequence[str]) -> int | None:
    """Builds and prints, and returns the exit code; None where this is nothing for the short way."""
    request = _link(arguments) if arguments[1] == "parse" else _request(arguments)
    if request is None:
        return None
    from canonry import __version__
    from canonry.adapters import cache

    root = request["--registry"] or os.environ.get("CANONRY_REGISTRY") or cache.find_registry(".")
    snapshot = cache.load(root, __version__) if root else None
    if snapshot is None or snapshot.index["left_out"]:
        return None
    try:
        code, text = (_read if arguments[1] == "parse" else _built)(request, snapshot)
    except Exception:  # noqa: BLE001  whatever it is, the long way says it properly
        return None
    if text is None:
        return None
    sys.stdout.write(text + "\n")
    return code


def _request(arguments: Sequence[str]) -> dict[str, Any] | None:
    """What was asked; None for anything that is not plain."""
    request: dict[str, Any] = dict.fromkeys(_VALUED)
    words: list[str] = []
    macros: bool | None = None
    rest = iter(arguments[2:])
    for argument in rest:
        if argument[:1] != "-":
            words.append(argument)
            continue
        name, glued, value = argument.partition("=")
        if name in ("--macros", "--no-macros") and not glued:
            macros = name == "--macros"
        elif name in _VALUED and request[name] is None:
            request[name] = value if glued else next(rest, None)
            if not request[name]:
                return None
        else:
            return None
    if arguments[0] == "name" and (request["--url"] or request["--as"]):
        return None
    pairs = [word.partition("=") for word in words[1:]]
    fields = {name: value for name, _, value in pairs}
    if (
        not words
        or "=" in words[0]
        or len(fields) < len(pairs)
        or not all(name and v for name, _, v in pairs)
    ):
        return None
    if request["--as"] not in (None, "url", "suffix", "params") or request["--format"] not in (
        None,
        "text",
        "json",
    ):
        return None
    return {**request, "kind": arguments[0], "word": words[0], "fields": fields, "macros": macros}


def _link(arguments: Sequence[str]) -> dict[str, Any] | None:
    """The one link that is to be read; None where there are more, or options that ask for more."""
    request: dict[str, Any] = {"--format": None, "--registry": None}
    words: list[str] = []
    rest = iter(arguments[2:])
    for argument in rest:
        if argument[:1] != "-":
            words.append(argument)
            continue
        name, glued, value = argument.partition("=")
        if request.get(name, "") is not None:
            return None
        request[name] = value if glued else next(rest, None)
        if not request[name]:
            return None
    if len(words) != 1 or "://" not in words[0] or request["--format"] not in (None, "text", "json"):
        return None
    return {**request, "link": words[0]}


def _read(request: dict[str, Any], snapshot: Any) -> tuple[int, str | None]:
    from canonry.app.links import Book
    from canonry.app.parsed import Links

    book = Book(snapshot.index, snapshot.part)
    reader = Links(book)
    answer = reader.read(request["link"], "argument", 1, from_shell=True)
    code = 1 if answer.worst is not None and answer.worst.word == "error" else 0
    if request["--format"] == "json":
        import json

        return code, json.dumps(answer.to_json(reader.key), ensure_ascii=False, indent=2)
    from canonry.cli.colours import terminal
    from canonry.render.links import parsed_text

    return code, parsed_text(answer, book.label(answer.platform), terminal())


def _built(request: dict[str, Any], snapshot: Any) -> tuple[int, str | None]:
    from canonry.app import links
    from canonry.render.links import built_json, built_text

    book = links.Book(snapshot.index, snapshot.part)
    given = request["fields"]
    chosen = links.target(
        book,
        request["kind"],
        request["word"],
        platform=request["--platform"],
        campaign=request["--campaign"],
        given=given,
    )
    answer = links.build(
        book, chosen, given, url=request["--url"], way=request["--as"], macros=request["macros"]
    )
    landing = answer.get("landing", {})
    said = (
        answer["notes"],
        answer["unwritten"],
        answer["replaced"],
        landing.get("notes"),
        landing.get("problems"),
    )
    if not answer["ok"] or any(said):
        return 0, None
    if request["--format"] == "json":
        return 0, built_json(answer, ())
    return 0, built_text(answer, {key: book.label(key) for key in (chosen.platform,) if key})
