"""Reports of an audit, by format: to standard output, or to a file by its ending."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from canonry.kernel.errors import UsageError
from canonry.kernel.findings import Level

if TYPE_CHECKING:
    from canonry.audit.report import Report

ENDINGS: Final = {
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".json": "json",
    ".xml": "junit",
    ".sarif": "sarif",
}
SHEETS: Final = (".xlsx", ".csv")


def rendered(form: str, report: Report, contacts: Mapping[str, str], fail_on: Level) -> str:
    """A report as text."""
    from canonry import __version__
    from canonry.app.rules import all_rules
    from canonry.render import audits, reports
    from canonry.render import json as as_json

    if form == "json":
        return as_json.findings(report.findings, **report.to_json())
    if form == "markdown":
        from canonry.render.audit_markdown import page as in_markdown

        return in_markdown(report, contacts)
    if form == "html":
        from canonry.render.audit_page import page as in_html

        return in_html(report, contacts)
    if form == "junit":
        return reports.junit(report.findings, [account.source for account in report.accounts], fail_on)
    if form == "sarif":
        inside = [f for f in report.findings if f.place.path.startswith(("registry/", "contracts/"))]
        unread = [f for f in report.findings if f.undecided and f not in inside]
        return reports.sarif(inside, all_rules(), __version__, unread=unread)
    return audits.text(report, contacts=contacts)


def checked(outputs: Iterable[Path]) -> None:
    """Raises `UsageError` for an ending that is none, `TableError` where there is no folder to write to."""
    from canonry.adapters.cells import TableError
    from canonry.kernel.errors import refusal

    for path in outputs:
        ending = path.suffix.lower()
        if ending not in (*ENDINGS, *SHEETS):
            raise UsageError(
                f"{path}: no report ends in {ending or 'nothing'}", f"One of {', '.join((*ENDINGS, *SHEETS))}"
            )
        try:
            path.parent.stat()
        except OSError as error:
            raise TableError(str(path), *refusal(error, "cannot be written")) from error


def write(path: Path, report: Report, contacts: Mapping[str, str], fail_on: Level) -> None:
    """A report in a file, whole or not at all. Its ending is one of ours (`checked`)."""
    from canonry.adapters.tables import create_table, replacing

    ending = path.suffix.lower()
    if ending in SHEETS:
        from canonry.adapters.cells import Look
        from canonry.render.audit_sheets import FINDINGS, LOOKS, SUMMARY, sheets

        with create_table(path) as table:
            for name, rows in sheets(report, contacts):
                if ending == ".csv" and name != FINDINGS:
                    continue
                widths, percents, amounts = LOOKS[name]
                table.sheet(name, Look(widths, name != SUMMARY, percents, amounts))
                for row in rows:
                    table.row(row)
        return
    text = rendered(ENDINGS[ending], report, contacts, fail_on)
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8")
