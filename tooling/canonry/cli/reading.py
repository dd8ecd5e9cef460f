"""`utm parse` and `name parse`: from arguments, a paste, a file of lines or a sheet."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from canonry.app.parsed import Answer, Links, Names
from canonry.cli.answers import Answers
from canonry.cli.books import open_book
from canonry.cli.options import invocation, palette, say
from canonry.kernel.errors import UsageError
from canonry.kernel.findings import Level
from canonry.render.plain import visible, wrapped

if TYPE_CHECKING:
    from canonry.app.links import Book

_SHEETS: Final = (".csv", ".tsv", ".xlsx")
_UTF8: Final = "utf-8-sig"
_KEEP: Final = "surrogateescape"


def run_parse(
    kind: str,
    texts: tuple[str, ...],
    *,
    file: Path | None,
    column: str | None,
    output: Path | None,
    fail_on: Level,
    form: str,
    only: str | None = None,
) -> int:
    """Reads and reports; 1 where a finding is at or above `fail_on`."""
    book = open_book(invocation().root())
    _warn(book)
    reader: Links | Names = Links(book) if kind == "utm" else Names(book, _contracts(book, only))
    if file is None and len(texts) == 1 and len(texts[0]) < 200 and _is_file(texts[0]):  # noqa: PLR2004  no path is longer
        file, texts = Path(texts[0]), ()
    if texts and file is not None:
        raise UsageError(f"{reader.key}s are given as arguments and in a file", "Give one of the two")
    if texts and output is not None:
        raise UsageError("-o writes a sheet again, and there is none", f"Put the {reader.key}s into a file")
    if output is not None or (file is not None and file.suffix.lower() in _SHEETS):
        return _sheet(reader, file, output, column=column, form=form, fail_on=fail_on)
    with ExitStack() as stack:
        source = _lines(texts, file, stack)
        first = [each for _, each in zip(range(2), source, strict=False)]
        if not first:
            raise UsageError("there is nothing to read", f"canonry {kind} parse '...', or paste into it")
        shell = bool(texts)
        if len(first) == 1:  # one alone is shown at length
            [(text, path, number)] = first
            answer = reader.read(text, path, number, from_shell=shell)
            _one(book, answer, reader.key, form)
            return _code(answer.worst, fail_on)
        answers = Answers(reader.key, form)
        for text, path, number in chain(first, source):
            answers.add(number, reader.read(text, path, number, from_shell=shell), path)
    answers.close()
    return _code(answers.tally.worst, fail_on)


def _warn(book: Book) -> None:
    """Says of which contracts nobody looks for names, since a link of theirs will count as unreadable."""
    out = list(book.index["left_out"])
    if out:
        listed = f"{', '.join(out[:3])}{f' and {len(out) - 3} more' if len(out) > 3 else ''}"  # noqa: PLR2004
        has = "has errors and is" if len(out) == 1 else "have errors and are"
        text = f"{listed} {has} left out: nothing of that kind can be read. See canonry lint"
        print(wrapped(text, indent="note  ", hanging="      "), file=sys.stderr)  # noqa: T201  beside the answer, never in it


def _code(worst: Level | None, fail_on: Level) -> int:
    return 1 if worst is not None and worst >= fail_on else 0


def _sheet(
    reader: Links | Names,
    file: Path | None,
    output: Path | None,
    *,
    column: str | None,
    form: str,
    fail_on: Level,
) -> int:
    from canonry.cli.tabular import read_sheet

    answers = Answers(reader.key, form, silent=output is not None, wrong_only=True)
    read_sheet(reader, file, output, answers, column)
    answers.close(**({} if output is None else {"output": str(output)}))
    if output is not None and form == "text":
        say(f"-> {visible(str(output))}")
    return _code(answers.tally.worst, fail_on)


def _contracts(book: Book, only: str | None) -> tuple[str, ...]:
    """The contracts that `--of` names. Raises `UsageError`."""
    if only is None:
        return ()
    from canonry.app.links import Ask, target
    from canonry.cli.asking import refuse

    try:
        return (target(book, "name", only).format,)
    except Ask as question:
        platform = book.finder.platform(only)
        if question.about == "format" and platform is not None:
            return tuple(i for k in book.kinds("name") for i in book.finder.find(k, only))
        raise refuse(question.message, question.choices) from None


def _is_file(text: str) -> bool:
    try:
        return "://" not in text and Path(text).is_file()
    except (OSError, ValueError):
        return False


def _lines(texts: Iterable[str], file: Path | None, stack: ExitStack) -> Iterator[tuple[str, str, int]]:
    """Texts, where they stand, and the line; blank lines are none."""
    texts = tuple(texts)
    if texts:
        for number, text in enumerate(texts, 1):
            yield text, "argument", number
        return
    if file is not None:
        lines: Iterable[str] = stack.enter_context(file.open(encoding=_UTF8, errors=_KEEP))
        name = str(file)
    else:
        if sys.stdin.isatty():
            print("Paste one per line; end with Ctrl-D on a line of its own.", file=sys.stderr)  # noqa: T201  a prompt
        reconfigure = getattr(sys.stdin, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding=_UTF8, errors=_KEEP)
        lines, name = sys.stdin, "standard input"
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text:
            yield text if text.isascii() else _mended(text), name, number


def _mended(text: str) -> str:
    """A line that is not UTF-8, read as Windows-1252: nothing that people paste stops the others."""
    data = text.encode("utf-8", _KEEP)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _one(book: Book, answer: Answer, key: str, form: str) -> None:
    from canonry.render import json as as_json
    from canonry.render.links import parsed_text

    if form == "json":
        say(as_json.document(answer.to_json(key)))
    elif form == "jsonl":
        say(as_json.line(answer.to_json(key)))
    else:
        say(parsed_text(answer, book.label(answer.platform), palette()))
