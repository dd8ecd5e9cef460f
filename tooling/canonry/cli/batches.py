"""`batch`: rows in, the same rows with their links or names out."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from canonry.adapters import tables
from canonry.adapters.csvfiles import CsvTable
from canonry.adapters.terminal import progress
from canonry.adapters.workbooks import WORDS_SHEET
from canonry.app import links
from canonry.app.batch import Batch, Defaults
from canonry.app.links import Ask, Book
from canonry.cli.asking import refuse
from canonry.cli.books import open_book
from canonry.cli.building import pairs
from canonry.cli.options import invocation, palette, say
from canonry.cli.tabular import HEADING_WITHIN, free, opened
from canonry.kernel.errors import UsageError
from canonry.render import json as as_json
from canonry.render.plain import visible, wrapped

if TYPE_CHECKING:
    from canonry.adapters.cells import Sheet
    from canonry.adapters.tables import Writer
    from canonry.adapters.workbooks import Workbook
    from canonry.cli.options import BatchOptions


def run_batch(
    kind: str,
    given: BatchOptions,
    *,
    url: str | None = None,
    way: str | None = None,
    macros: bool | None = None,
) -> int:
    """Builds a sheet of links or names; 1 where a row has an error."""
    book = open_book(invocation().root())
    source, output, form = given["sheet"], given["output"], given["form"]
    if given["template"] is not None:
        if source is not None:
            raise UsageError(
                "--template makes a blank sheet and reads none", "Leave out the input or --template"
            )
        return _blank(book, kind, given["template"], output, form)
    if source is None:
        raise UsageError(
            "which sheet?", f"canonry {kind} batch IN.csv -o OUT.csv, or --template FORMAT -o OUT.xlsx"
        )
    fields = pairs(given["sets"])
    defaults = Defaults(kind, given["use"], given["platform"], given["campaign"], url, way, macros, fields)
    with ExitStack() as stack:
        table = opened(source, stack)
        used = _usable(book, table, given["tab"], defaults)
        like = table if isinstance(table, CsvTable) else None
        writer = stack.enter_context(tables.create_table(output, source, like=like))
        batches = [_run_sheet(book, each, used, writer, defaults) for each in table.sheets()]
    done = [batch for batch in batches if batch is not None]
    return _summary(done, output, table.notes, form, kind)


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
            if number > HEADING_WITHIN:
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
    write([*header, *blank[len(header) :], *free(batch.results, headings)])
    row = batch.row
    with progress("rows", sheet.total) as tick:
        for cells in rows:
            results = row(cells)
            short = width - len(cells)
            write([*cells, *blank[:short], *results] if short > 0 else [*cells, *results])
            if not batch.counts.rows & 0x3FF:
                tick(batch.counts.rows)
    return batch


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
        say(wrapped(note, indent="note  ", hanging="      "))
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
    built = "links" if kind == "utm" else "names"
    say(wrapped(f"Fill it in, then: canonry {kind} batch {output} -o {built}{output.suffix}"))
    return 0
