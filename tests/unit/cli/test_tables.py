"""Sheets as people's programs write them, and what is written back."""

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from canonry.adapters import tables
from canonry.adapters.cells import TableError
from canonry.adapters.csvfiles import CsvWriter
from canonry.adapters.tables import OwnInputError, create_table, open_table
from canonry.kernel.formulas import defused

ROWS = [["name", "note"], ["Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}", "a;b"], ["", "\N{EURO SIGN} 5"]]


def read(path):
    """All rows of all sheets, and the notes."""
    with open_table(path) as table:
        rows = {sheet.name: list(sheet.rows) for sheet in table.sheets()}
        return rows, table.notes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_found_out(tmp_path, encoding, delimiter):
    """Excel alone writes four kinds of CSV."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(ROWS)
    file = tmp_path / "in.csv"
    file.write_bytes(text.getvalue().encode(encoding))
    rows, notes = read(file)
    assert rows == {"": ROWS}
    assert bool(notes) is (encoding == "cp1252")


def test_a_line_that_names_the_delimiter_is_no_row(tmp_path):
    """Excel's own `sep=;`."""
    file = tmp_path / "in.csv"
    file.write_text("sep=;\na;b,c\n1;2\n", encoding="utf-8")
    assert read(file)[0] == {"": [["a", "b,c"], ["1", "2"]]}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x00\x01\x02\xff" * 20, "not a text file"),
        (b"\xd0\xcf\x11\xe0old", "old or protected Excel"),
        (b'a,b\n1,"' + b"x" * 200_000, "row 2 cannot be read"),
        (b"PK\x03\x04nonsense", "damaged"),
        (b"a,b\n\x81\x8d,\x90\n", "neither utf-8 nor cp1252"),
    ],
    ids=["binary", "xls", "open quote", "broken xlsx", "no encoding"],
)
def test_what_cannot_be_read_says_why(tmp_path, data, why):
    """And what to do next."""
    file = tmp_path / "in.csv"
    file.write_bytes(data)
    with pytest.raises(TableError) as caught:
        read(file)
    assert why in str(caught.value)
    assert caught.value.advice()


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    """Before anything is unpacked."""
    file = tmp_path / "in.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 1_000_000)
    monkeypatch.setattr("canonry.adapters.workbooks.MAX_UNPACKED", 999_999)
    with pytest.raises(TableError, match="unpacks to more"):
        read(file)


def test_workbooks_give_every_sheet_with_its_types(tmp_path):
    """Text stays text, numbers and dates stay what they are; a formula gives its result."""
    file = tmp_path / "in.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        first = book.add_worksheet("One")
        first.write_row(0, 0, ["id", "day", "sum", "lost"])
        first.write_string(1, 0, "=not run")
        first.write_datetime(1, 1, datetime(2026, 11, 21), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001
        first.write_formula(1, 2, "=1+1", None, 2)
        first.write_formula(1, 3, "=A9", None, "")
        book.add_worksheet("Two").write(0, 0, 1.5)
    rows, _ = read(file)
    assert rows["One"][1][:3] == ["=not run", datetime(2026, 11, 21), 2]  # noqa: DTZ001
    assert rows["Two"] == [[1.5]]


def test_a_wrong_dimension_loses_no_row(tmp_path):
    """Some programs write `A1` for a sheet of any size."""
    file = tmp_path / "in.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        for row in range(5):
            sheet.write_row(row, 0, [row, row])
    wrong = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(wrong, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b'ref="A1:B5"', b'ref="A1"'))
    assert len(read(wrong)[0]["Sheet1"]) == 5


RISKY = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\N{FULLWIDTH EQUALS SIGN}1"]


@pytest.mark.parametrize("text", RISKY, ids=ascii)
def test_nothing_is_written_as_a_live_formula(tmp_path, text):
    """Not to CSV, where an apostrophe is put before it, nor to XLSX, where it is typed as text."""
    for ending in ("csv", "xlsx"):
        file = tmp_path / f"out.{ending}"
        with create_table(file) as writer:
            writer.row([text, "x"])
        if ending == "csv":
            assert next(csv.reader(io.StringIO(file.read_bytes().decode(), newline="")))[0] == f"'{text}"
        else:
            cell = openpyxl.load_workbook(file).active["A1"]
            assert cell.data_type == "s"


@pytest.mark.parametrize("text", ["-5", "+3.2", "-1,5", "5", "a=1", "", "xx-"])
def test_plain_numbers_and_words_stay_as_they_are(text):
    """They are no formulas."""
    assert defused(text) == text


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"))), min_size=1))
def test_a_written_csv_is_read_back_defused(rows):
    """Whatever the cells hold, there are as many rows and cells, each as written or with an apostrophe."""
    file = io.StringIO(newline="")
    writer = CsvWriter(file, ",")
    for row in rows:
        writer.row(["x", *row])
    file.seek(0)
    back = [row[1:] for row in csv.reader(file)]
    assert back == [[defused(cell) for cell in row] for row in rows]


def test_the_output_appears_whole_or_not_at_all(tmp_path):
    """An error leaves what was there before, and no draft."""
    file = tmp_path / "out.csv"
    file.write_text("before", encoding="utf-8")

    def interrupted():
        with create_table(file) as writer:
            writer.row(["half"])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert file.read_text("utf-8") == "before"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("how", ["itself", "by another name"])
def test_the_input_is_never_overwritten(tmp_path, how):
    """Not even through a link."""
    source = tmp_path / "in.csv"
    source.write_text("a\n", encoding="utf-8")
    target = source
    if how == "by another name":
        target = tmp_path / "link.csv"
        target.symlink_to(source)
    with pytest.raises(OwnInputError), create_table(target, source):
        pass
    assert source.read_text("utf-8") == "a\n"


@pytest.mark.parametrize(
    "path", ["out.docx", "folder.csv", "nowhere/out.csv"], ids=["ending", "a folder", "no folder"]
)
def test_what_cannot_be_written_says_why(tmp_path, path):
    """Before any work is done."""
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(TableError), create_table(tmp_path / path):
        pass


def test_a_sheet_too_large_for_a_workbook_says_so(tmp_path, monkeypatch):
    """And names the way out; nothing is cut off silently."""
    with pytest.raises(TableError, match="32,767"), create_table(tmp_path / "out.xlsx") as writer:
        writer.row(["x" * 40_000])
    monkeypatch.setattr("canonry.adapters.workbooks._MAX_ROWS", 2)

    def three():
        with create_table(tmp_path / "out.xlsx") as writer:
            for _ in range(3):
                writer.row(["x"])

    with pytest.raises(TableError, match="at most"):
        three()


def test_sheet_names_are_mended(tmp_path):
    """Excel refuses some names, and two alike."""
    with create_table(tmp_path / "out.xlsx") as writer:
        for name in ("a/b?", "a b", "", "x" * 40, "x" * 40):
            writer.sheet(name)
            writer.row([1, 2.5, True, None, date(2026, 11, 21)])
    names = openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames
    assert len(set(names)) == 5


def test_standard_input_is_kept_in_a_file_and_deleted(tmp_path):
    """A table is read twice."""
    with tables.spooled(io.BytesIO(b"a,b\n1,2\n")) as file:
        assert read(file)[0] == {"": [["a", "b"], ["1", "2"]]}
        kept = Path(file)
    assert not kept.exists()
