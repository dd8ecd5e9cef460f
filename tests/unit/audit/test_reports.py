"""Reports as people open them: a workbook's looks, text on a narrow terminal, Markdown that a host takes."""

import openpyxl
import pytest
from tests.unit.audit.cases import registry

from canonry.audit.observation import Level, Observation, Weight
from canonry.audit.run import Audit
from canonry.audit.source import Capabilities, Gap, Recorded, Tells
from canonry.cli import reports
from canonry.kernel.findings import Level as Severity
from canonry.render import audit_markdown, audits


def report(number, *more):
    """An audit of so many campaigns that are called wrong, the last the dearest."""
    seen = [
        Observation(
            "ads", "meta", Level.CAMPAIGN, account="meta-acme-dach", id=str(n), name=f"Winter {n:04}",
            weight=Weight(cost=float(n), currency="EUR"),
        )
        for n in range(1, number + 1)
    ]  # fmt: skip
    audit = Audit(registry())
    audit.take(
        Recorded("ads", Capabilities("meta", frozenset({Level.CAMPAIGN}), frozenset(Tells)), [*seen, *more])
    )
    return audit.report()


@pytest.fixture
def book(tmp_path):
    """A workbook of three findings."""
    reports.write(
        tmp_path / "r.xlsx", report(3, Gap("ads", "cut off")), {"paid-media": "#paid"}, Severity.ERROR
    )
    return openpyxl.load_workbook(tmp_path / "r.xlsx")


def test_a_workbook_is_for_reading(book):
    """Headings stay in sight and filter, columns are as wide as what is in them, shares are per cent."""
    assert book.sheetnames == ["Summary", "Fix first", "Findings", "Trend"]
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == sheet.dimensions
        assert sheet["A1"].font.b
        assert len(sheet.column_dimensions) >= sheet.max_column - 1
    assert book["Fix first"]["L2"].number_format == "0.0%" and book["Fix first"]["E2"].alignment.wrap_text
    assert not any(c.data_type == "f" for sheet in book for row in sheet.iter_rows() for c in row)


def test_the_first_sheet_is_for_a_manager(book):
    """What was not read is above what to fix, and that has cost, owner and what to do; no rule codes."""
    rows = [[cell or "" for cell in row[:4]] for row in book["Summary"].iter_rows(values_only=True)]
    labels = [row[0] for row in rows]
    assert labels.index("Not read") < labels.index("Result") < labels.index("Fix first")
    first = rows[labels.index("Fix first")]
    assert first[1].startswith("1. Winter") and "fix-sheet (rename): meta-campaign-rename.csv" in first[2]
    assert "paid-media (#paid)" in first[3] and "EUR" in first[3]
    assert not any("A101" in cell for row in rows for cell in row if isinstance(cell, str))


@pytest.mark.parametrize("width", [80, 40, 32])
def test_text_is_as_narrow_as_the_terminal(width):
    """No line is longer, unless it is one word."""
    lines = audits.text(
        report(5, Gap("ads", "the answer was cut off in the middle of it")), width=width
    ).split("\n")
    assert [line for line in lines if len(line) > width and len(line.split()) > 2] == []


@pytest.mark.parametrize("number", [1, 9, 61, 200])
def test_a_terminal_says_how_many_it_leaves_out(number):
    """What is listed and what is left out add up; the dearest is listed."""
    found = report(number)
    lines = audits.text(found).split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("A101 "))
    end = next((n for n, line in enumerate(lines[at:], at) if not line), len(lines))
    listed = [line for line in lines[at:end] if line.startswith("  ads campaign ")]
    more = [line for line in lines[at:end] if line.startswith("  ... and ")]
    left = int(more[0].split()[2].replace(",", "")) if more else 0
    assert len(listed) + left == number
    assert listed[0] == f"  ads campaign {number}"


def test_markdown_fits_into_an_issue():
    """Three thousand findings are one body that a host takes, and it says where the rest is."""
    found = report(3_000)
    text = audit_markdown.page(found, {})
    assert len(text) < 65_536 and len(text.encode()) < 262_144
    assert "2,960 more" in text and "**Winter 3000" in text
    assert audit_markdown.fingerprints(found).split()[3] == str(len(found.findings))
