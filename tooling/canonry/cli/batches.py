"""`batch`, and `parse` of a sheet: rows in, the same rows with their results out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from canonry.adapters import tables
from canonry.adapters.csvfiles import CsvTable
from canonry.adapters.terminal import progress
from canonry.adapters.workbooks import WORDS_SHEET
from canonry.app import links
from canonry.app.batch import Batch, Defaults
from canonry.app.links import Ask, Book
from canonry.cli.asking import refuse
from canonry.cli.books import open_book
from canonry.cli.options import invocation, palette, say
from canonry.kernel.errors import UsageError
from canonry.kernel.findings import Level
from canonry.render import json as as_json
from canonry.render.plain import visible, wrapped

if TYPE_CHECKING:
    from canonry.adapters.tables import Sheet, Writer
    from canonry.adapters.workbooks import Workbook
    from canonry.app.parsed import Links, Names

_HEADER_WITHIN: Final = 20
"""A heading is looked for in so many rows: titles and notes may stand above it."""


def run_batch(
    kind: str,
    source: Path | None,
    output: Path,
    *,
    template: str | None,
    sheet: str | None,
    defaults: Defaults,
    form: str,
) -> int:
    """Builds a sheet of links or names; 1 where a row has an error."""
    book = open_book(invocation().root())
    if template is not None:
        if source is not None:
            raise UsageError(
                "--template makes a blank sheet and reads none", "Leave out the input or --template"
            )
        return _blank(book, kind, template, output, form)
    if source is None:
        raise UsageError(
            "which sheet?", f"canonry {kind} batch IN.csv -o OUT.csv, or --template FORMAT -o OUT.xlsx"
        )
    with ExitStack() as stack:
        table = _opened(source, stack)
        used = _usable(book, table, sheet, defaults)
        like = table if isinstance(table, CsvTable) else None
        writer = stack.enter_context(tables.create_table(output, source, like=like))
        batches = [_run_sheet(book, each, used, writer, defaults) for each in table.sheets()]
    done = [batch for batch in batches if batch is not None]
    return _summary(done, output, table.notes, form, kind)


def _opened(source: Path, stack: ExitStack) -> CsvTable | Workbook:
    if str(source) == tables.STDIO:
        source = stack.enter_context(tables.spooled(sys.stdin.buffer))
    return stack.enter_context(tables.open_table(source))


def _usable(
    book: Book, table: CsvTable | Workbook, wanted: str | None, defaults: Defaults
) -> Mapping[str, tuple[int, Batch]]:
    """The sheets that can be built from: how many rows stand above the heading, and their batch.

    Raises `UsageError` where there is none, or where a heading stands there twice.
    """
    found: dict[str, tuple[int, Batch]] = {}
    names: list[str] = []
    empty = True
    for sheet in table.sheets():
        names.append(sheet.name)
        if sheet.name == WORDS_SHEET or (wanted and sheet.name.casefold() != wanted.casefold()):
            continue
        for number, cells in enumerate(sheet.rows):
            if any(cells):
                empty = False
                header = [str(cell) if cell is not None else "" for cell in cells]
                batch = Batch(book, header, _for_sheet(book, sheet, defaults))
                if batch.understood:
                    found[sheet.name] = (number, batch)
                    break
            if number > _HEADER_WITHIN:
                break
    if wanted is not None and not any(name.casefold() == wanted.casefold() for name in names):
        raise UsageError(f"there is no sheet {wanted!r}", f"There are: {', '.join(names)}")
    if not found and empty:
        raise UsageError(
            "the sheet is empty", "canonry utm batch --template FORMAT -o blank.xlsx makes one to fill in"
        )
    if not found:
        fields = ", ".join(sorted(links.field_names(book, defaults.kind))[:8])
        raise UsageError(
            "no row of the sheet is a heading with columns that a format has",
            f"Name columns after fields ({fields}, ...) or start from --template FORMAT",
        )
    for name, (_, batch) in found.items():
        twice = batch.repeated()
        if twice:
            where = f" of {name}" if name else ""
            raise UsageError(f"two columns{where} are called {twice[0]}", "Rename or delete one of them")
    return found


def _for_sheet(book: Book, sheet: Sheet, defaults: Defaults) -> Defaults:
    """A sheet that is called like a format is of that format, as the blank ones are."""
    if defaults.format is None and any(sheet.name == word for word, _ in links.formats(book, defaults.kind)):
        from dataclasses import replace

        return replace(defaults, format=sheet.name)
    return defaults


def _run_sheet(
    book: Book,
    sheet: Sheet,
    used: Mapping[str, tuple[int, Batch]],
    writer: Writer,
    defaults: Defaults,
) -> Batch | None:
    """Writes one sheet; one that nothing can be built from is copied."""
    writer.sheet(sheet.name or "Links")
    write = writer.row
    if sheet.name not in used:
        for cells in sheet.rows:
            write(cells)
        return None
    above, batch = used[sheet.name]
    rows = iter(sheet.rows)
    for _ in range(above):
        write(next(rows))
    header = next(rows)
    width = max(sheet.width, len(header))
    blank = [None] * width
    headings = [str(cell) if cell is not None else "" for cell in header]
    write([*header, *blank[len(header) :], *_free(batch.results, headings)])
    row = batch.row
    with progress("rows", sheet.total) as tick:
        for cells in rows:
            results = row(cells)
            short = width - len(cells)
            write([*cells, *blank[:short], *results] if short > 0 else [*cells, *results])
            if not batch.counts.rows & 0x3FF:
                tick(batch.counts.rows)
    return batch


def _free(names: tuple[str, ...], taken: list[str]) -> list[str]:
    """Headings for the results that the sheet does not have yet."""
    held = {name.strip().casefold() for name in taken}
    return [f"{name} (canonry)" if name in held else name for name in names]


def _summary(batches: list[Batch], output: Path, notes: list[str], form: str, kind: str) -> int:
    rows = sum(batch.counts.rows - batch.counts.blank for batch in batches)
    built = sum(batch.counts.built for batch in batches)
    failed = sum(batch.counts.failed for batch in batches)
    noted = sum(batch.counts.noted for batch in batches)
    errors = [error for batch in batches for error in batch.counts.first_errors]
    if form == "json":
        say(
            as_json.document(
                {
                    "output": str(output),
                    "rows": rows,
                    "built": built,
                    "failed": failed,
                    "noted": noted,
                    "notes": notes,
                    "errors": [{"row": row, "message": message} for row, message in errors],
                }
            )
        )
        return 1 if failed else 0
    style = palette()
    noun = "link" if kind == "utm" else "name"
    for note in notes:
        say(wrapped(note, indent="note  "))
    line = f"{rows:,} rows: {built:,} {noun}s"
    if noted:
        line += f", {noted:,} of them set right (column notes)"
    if failed:
        line += f", {style('error', f'{failed:,} with errors')} (column error)"
    say(f"{line} -> {visible(str(output))}")
    for row, message in errors:
        say(wrapped(message, indent=f"  row {row}: ", hanging="      "))
    if failed > len(errors):
        say(f"  and {failed - len(errors):,} more; filter the column error")
    return 1 if failed else 0


def _blank(book: Book, kind: str, word: str, output: Path, form: str) -> int:
    """A sheet to fill in, with a drop-down list where words are to be chosen."""
    try:
        target = links.target(book, kind, word)
    except Ask as question:
        raise refuse(question.message, question.choices) from None
    contract = book.codec(target.format).contract(target.format)
    columns: list[tuple[str, str, Any]] = []
    if kind == "utm":
        campaigns = [each["slug"] for each in book.index["campaigns"].values()]
        columns.append(("url", "Landing page, https://...; empty: the campaign's", None))
        columns.append(("campaign", "Slug of a registered campaign; it fills in what it knows", campaigns))
        if len(book.index["contracts"][target.format]["platforms"]) > 1:
            listed = book.index["contracts"][target.format]["platforms"]
            columns.append(("platform", "Where the link runs, if its macros are wanted", listed))
    for need in links.needs(book, target, None):
        if need["fixed"] is None:
            about = f"{need['expected']}{'' if need['required'] else ' (may be empty)'}"
            columns.append((need["field"], about, [str(each) for each in need["choices"] or ()] or None))
    name = book.index["contracts"][target.format]["name"]
    if output.suffix.lower() == ".xlsx":
        from canonry.adapters.workbooks import write_form

        with tables.replacing(output) as draft:
            write_form(draft, name, columns)
    else:
        with tables.create_table(output) as writer:
            writer.row(["format", *(title for title, _, _ in columns)])
    titles = [title for title, _, _ in columns]
    if form == "json":
        say(as_json.document({"output": str(output), "format": contract.id, "columns": titles}))
        return 0
    say(f"A blank sheet for {visible(target.format)} is in {visible(str(output))}: {', '.join(titles)}.")
    say(wrapped(f"Fill it in, then: canonry {kind} batch {output} -o links{output.suffix}"))
    return 0


def parse_sheet(
    reader: Links | Names,
    source: Path | None,
    output: Path | None,
    *,
    column: str | None,
    form: str,
    fail_on: Level,
) -> int:
    """Reads the links of a sheet, and writes it again with what each of them says."""
    from canonry.app.tally import Tally
    from canonry.cli.reading import RESULTS, results
    from canonry.render.links import tally_text

    tally = Tally()
    with ExitStack() as stack:
        table = _opened(source or Path(tables.STDIO), stack)
        like = table if isinstance(table, CsvTable) else None
        writer = None
        if output is not None:
            writer = stack.enter_context(tables.create_table(output, source, like=like))
        lines: list[str] = []
        for sheet in table.sheets():
            if writer is not None:
                writer.sheet(sheet.name or "Links")
            for number, cells, answer in _parsed(reader, sheet, column, RESULTS, writer):
                if answer is not None:
                    tally.add(answer)
                    if writer is None and answer.findings and form == "text":
                        from canonry.render.links import parsed_line

                        lines.append(parsed_line(number, answer, palette()))
                    elif writer is None and form != "text":
                        lines.append(as_json.document(answer.to_json(reader.key)))
                if writer is not None:
                    writer.row([*cells, *(results(answer) if answer is not None else [None] * len(RESULTS))])
            if output is not None and output.suffix.lower() != ".xlsx":
                break
    if form == "text":
        for line in lines:
            say(line)
        say(tally_text(tally, reader.key, palette()))
        if output is not None:
            say(f"-> {visible(str(output))}")
    else:
        summary = {**tally.to_json(), "output": str(output) if output else None}
        say(as_json.document({"summary": summary}))
    return 1 if tally.worst is not None and tally.worst >= fail_on else 0


def _parsed(
    reader: Links | Names, sheet: Sheet, column: str | None, headings: tuple[str, ...], writer: Writer | None
) -> Iterator[tuple[int, list[Any], Any]]:
    """Row number, cells padded to one width, and the answer to the row's link."""
    rows = iter(sheet.rows)
    header = next(rows, None)
    if header is None:
        return
    names = [str(cell or "").strip() for cell in header]
    width = max(sheet.width, len(names))
    place = _column(names, column)
    name = sheet.name or "row"
    if writer is not None:
        writer.row([*header, *[None] * (width - len(header)), *_free(headings, names)])
    with progress("rows", sheet.total) as tick:
        for number, row in enumerate(rows, 2):
            text = str(row[place]).strip() if place < len(row) and row[place] is not None else ""
            answer = reader.read(text, name, number) if text else None
            yield number, [*row, *[None] * (width - len(row))], answer
            if not number & 0x3FF:
                tick(number)


def _column(names: list[str], wanted: str | None) -> int:
    """The column that holds the links. Raises `UsageError` where nothing says which."""
    folded = [name.casefold() for name in names]
    if wanted is not None:
        if wanted.casefold() in folded:
            return folded.index(wanted.casefold())
        raise UsageError(f"there is no column {wanted!r}", f"There are: {', '.join(filter(None, names))}")
    for likely in (
        "link",
        "url",
        "full url",
        "tagged link",
        "landing page",
        "page_location",
        "name",
        "ad name",
    ):
        if likely in folded:
            return folded.index(likely)
    if len(names) == 1:
        return 0
    raise UsageError(
        "which column holds the links?", f"Say --column with one of: {', '.join(filter(None, names))}"
    )
