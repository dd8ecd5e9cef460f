"""`utm parse` and `name parse`: from arguments, a paste, a file of lines or a sheet."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from canonry.app.parsed import Answer, Links, Names
from canonry.app.tally import Tally
from canonry.cli.books import open_book
from canonry.cli.options import invocation, palette, say
from canonry.kernel.errors import UsageError
from canonry.kernel.findings import Level

if TYPE_CHECKING:
    from canonry.app.links import Book

_SHEETS: Final = (".csv", ".tsv", ".xlsx")
_UTF8: Final = "utf-8-sig"
_KEEP: Final = "surrogateescape"
_TOGETHER: Final = 200
"""Lines that are written at once."""
_RESULTS: Final = ("status", "format", "channel", "problems", "corrected")


def run_parse(
    kind: str,
    texts: tuple[str, ...],
    file: Path | None,
    output: Path | None,
    *,
    form: str,
    fail_on: Level,
    only: str | None = None,
    column: str | None = None,
) -> int:
    """Reads and reports; 1 where a finding is at or above `fail_on`."""
    book = open_book(invocation().root())
    reader: Links | Names = Links(book) if kind == "utm" else Names(book, _contracts(book, only))
    if file is None and len(texts) == 1 and len(texts[0]) < 200 and _is_file(texts[0]):  # noqa: PLR2004  no path is longer
        file, texts = Path(texts[0]), ()
    if output is not None or (file is not None and file.suffix.lower() in _SHEETS):
        from canonry.cli.batches import parse_sheet

        return parse_sheet(reader, file, output, column=column, form=form, fail_on=fail_on)
    with ExitStack() as stack:
        source = _lines(texts, file, stack)
        first, rest = _peeked(source)
        if not first:
            raise UsageError("there is nothing to read", f"canonry {kind} parse '...', or paste into it")
        shell = bool(texts)
        answers = _read(reader, first, rest, shell=shell)
        if len(first) == 1:
            answer = next(answers)
            _one(book, answer, reader.key, form)
            return 1 if answer.worst is not None and answer.worst >= fail_on else 0
        return _many(answers, reader.key, form, fail_on)


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
    if texts and file is not None:
        raise UsageError("links are given as arguments and in a file", "Give one of the two")
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


def _peeked(
    source: Iterator[tuple[str, str, int]],
) -> tuple[list[tuple[str, str, int]], Iterator[tuple[str, str, int]]]:
    """The first two, since one alone is shown at length, and the others."""
    first = [each for _, each in zip(range(2), source, strict=False)]
    return first, source


def _read(
    reader: Links | Names,
    first: Iterable[tuple[str, str, int]],
    rest: Iterable[tuple[str, str, int]],
    *,
    shell: bool,
) -> Iterator[Answer]:
    for group in (first, rest):
        for text, path, number in group:
            yield reader.read(text, path, number, from_shell=shell)


def _one(book: Book, answer: Answer, key: str, form: str) -> None:
    from canonry.render import json as as_json
    from canonry.render.links import parsed_text

    if form == "json":
        say(as_json.document(answer.to_json(key)))
    elif form == "jsonl":
        _say_line(answer, key)
    else:
        say(parsed_text(answer, book.label(answer.platform), palette()))


def _say_line(answer: Answer, key: str) -> None:
    import json

    sys.stdout.write(json.dumps(answer.to_json(key), ensure_ascii=False, separators=(",", ":")) + "\n")


def _many(answers: Iterator[Answer], key: str, form: str, fail_on: Level) -> int:
    """Writes answers as they come, so that memory does not grow with them."""
    import json

    from canonry.render.links import parsed_line, tally_text

    tally, style = Tally(), palette()
    lines: list[str] = []
    write = sys.stdout.write
    if form == "json":
        write(f'{{"{key}s": [')
    for number, answer in enumerate(answers, 1):
        tally.add(answer)
        if form == "text":
            lines.append(parsed_line(number, answer, style))
            if len(lines) >= _TOGETHER:
                write("\n".join(lines) + "\n")
                lines.clear()
        elif form == "json":
            write(",\n" if number > 1 else "\n")
            write(json.dumps(answer.to_json(key), ensure_ascii=False, default=str))
        else:
            _say_line(answer, key)
    if form == "json":
        write(f'\n], "summary": {json.dumps(tally.to_json())}}}\n')
    elif form == "text":
        lines += ["", tally_text(tally, key, style)]
        say("\n".join(lines))
    return 1 if tally.worst is not None and tally.worst >= fail_on else 0


def results(answer: Answer) -> list[Any]:
    """The cells that a sheet of links gains."""
    return [
        answer.verdict,
        answer.format or "",
        answer.channel["channel"] if answer.channel else "",
        "; ".join(finding.message for finding in answer.findings),
        answer.corrected or (answer.text if answer.status == "right" else ""),
    ]


RESULTS: Final = _RESULTS
