"""Sheets of links and names: every row comes back in its place, with its result or its error."""

import csv
import io
import json
import random
import subprocess
import sys
from datetime import datetime

import openpyxl
import pytest
import xlsxwriter

from canonry.app.batch import Batch, Defaults
from canonry.cli.books import open_book

HEADER = [
    "url",
    "format",
    "platform",
    "market",
    "slug",
    "flight",
    "campaign_id",
    "source",
    "creative",
    "Owner",
]
PAGE = "https://www.example.com/spring"
GOOD = [PAGE, "paid_social", "", "de", "sale", "2027-03", "k7m2pk", "tiktok", "film", "me"]
LINK = f"{PAGE}?utm_source=tiktok&utm_medium=paid_social&utm_campaign=de_sale_202703_k7m2pk&utm_content=film"


def row(**changes):
    """The good row with some cells otherwise."""
    return [changes.get(name, cell) for name, cell in zip(HEADER, GOOD, strict=True)]


def write(path, rows):
    """A CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def read(path):
    """The rows of a CSV file as dicts."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def batch(canonry, tmp_path):
    """Builds rows and gives back exit code, output rows and text."""

    def call(rows, *options, kind="utm"):
        source = write(tmp_path / "in.csv", rows)
        code, out, err = canonry(kind, "batch", source, "-o", tmp_path / "out.csv", *options)
        return code, read(tmp_path / "out.csv") if code < 2 else [], out + err

    return call


def test_a_good_row_gains_its_link_and_channel(batch):
    """And keeps all that it had."""
    code, rows, said = batch([HEADER, GOOD])
    assert code == 0
    assert rows[0] == {
        **dict(zip(HEADER, GOOD, strict=True)),
        "link": LINK,
        "channel": "Paid Social",
        "notes": "",
        "error": "",
    }
    assert said.startswith("1 rows: 1 links ->")


BAD = {
    "market": ("market", "ux", "'ux' is not allowed"),
    "retired": ("market", "su", "retired"),
    "missing": ("market", "", "missing; expected"),
    "id": ("campaign_id", "k7m2pp", "fails its check"),
    "rounded": ("campaign_id", "1.2E+17", "a spreadsheet has rounded the number"),
    "month": ("flight", "2027-13", "not allowed"),
    "format": ("format", "paid_socail", "did you mean"),
    "internal": ("url", "https://account.example.com/me", "a site of ours"),
    "relative": ("url", "/sofas", "one page of the site to another"),
    "no page": ("url", "", "there is no landing page"),
    "tagged": ("url", f"{PAGE}?utm_source=x", "carries utm_source already"),
    "e-mail": ("url", f"{PAGE}?id=ada@example.com", "personal data"),
    "formula": ("slug", "=1+1", "'=1+1' is not allowed"),
    "space": ("url", "https://www.example.com/a b", "a space"),
    "two marks": ("url", "https://www.example.com/?a=1?b=2", "two question marks"),
    "percent": ("url", "https://www.example.com/%zz", "two hexadecimal digits"),
    "payment": ("url", "https://pay.example.com/", "takes payments"),
}


@pytest.mark.parametrize(("name", "value", "message"), BAD.values(), ids=BAD)
def test_a_bad_row_says_what_is_wrong(batch, name, value, message):
    """In its own place; the rows around it are built."""
    code, rows, _ = batch([HEADER, GOOD, row(**{name: value}), GOOD])
    assert code == 1
    assert [r["link"] for r in rows] == [LINK, "", LINK]
    assert message in rows[1]["error"]
    assert rows[1][name] in (value, f"'{value}")


def test_nearly_right_is_set_right_with_a_note(batch):
    """Aliases, case, dates and hosts."""
    code, rows, said = batch([HEADER, row(market="UK", source="TikTok"), row(url="https://other.test/")])
    assert code == 0
    assert "utm_campaign=gb_sale" in rows[0]["link"]
    assert "should be 'gb'" in rows[0]["notes"]
    assert "no landing host" in rows[1]["notes"]
    assert "set right" in said


def test_blank_rows_stay_blank_and_long_rows_are_named(batch):
    """Nothing shifts."""
    code, rows, _ = batch([HEADER, [], GOOD, [*GOOD, "", "extra"], [""] * 10])
    assert code == 1
    assert [bool(r["link"]) for r in rows] == [False, True, False, False]
    assert rows[1]["error"] == rows[0]["error"] == rows[3]["error"] == ""
    assert "12 cells" in rows[2]["error"]


def test_a_missing_column_names_the_nearest(batch):
    """`markt` is probably the market."""
    code, rows, _ = batch([["url", "format", "markt", *HEADER[4:]], [*GOOD[:2], *GOOD[3:]]])
    assert code == 1
    assert "the sheet has no column market (is it markt?)" in rows[0]["error"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "the sheet is empty"),
        ([["", ""], ["", ""]], "the sheet is empty"),
        ([["what", "ever"], ["1", "2"]], "no row of the sheet is a heading"),
        ([[*HEADER, "Market"], [*GOOD, "de"]], "two columns are called market"),
    ],
    ids=["no rows", "blank", "no heading", "twice"],
)
def test_a_sheet_that_cannot_be_used_is_refused(batch, rows, message):
    """With what to do; nothing is written."""
    code, _, said = batch(rows)
    assert code == 2
    assert message in said


def test_titles_above_the_heading_are_kept(batch, tmp_path):
    """People write them."""
    code, _, _ = batch([["Our plan"], [], HEADER, GOOD])
    assert code == 0
    lines = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert lines[0].startswith("Our plan")
    assert LINK in lines[3]


def test_results_never_take_an_existing_heading(batch):
    """The input's own column `link` is not ours to fill."""
    _, rows, _ = batch([[*HEADER, "Link"], [*GOOD, "old"]])
    assert rows[0]["Link"] == "old"
    assert rows[0]["link (canonry)"] == LINK


def test_options_hold_for_rows_that_say_nothing(batch):
    """A sheet may be as short as one column."""
    code, rows, _ = batch(
        [["source", "url"], ["tiktok", ""], ["facebook", f"{PAGE}/2"]],
        *("--use", "psoc", "--campaign", "spring-sale", "--url", PAGE, "--set", "creative=film"),
    )
    assert code == 0
    assert rows[0]["link"] == LINK.replace("_sale_", "_spring-sale_")
    assert rows[1]["link"].startswith(f"{PAGE}/2?utm_source=facebook")


def test_a_platform_column_decides_about_macros(batch):
    """A value that macros leave no room for asks for the form without them."""
    _, rows, _ = batch(
        [HEADER, row(platform="Meta", creative="", source="fb"), row(platform="meta", source="fb")]
    )
    assert "utm_content={{ad.name}}" in rows[0]["link"]
    assert "utm_content=film" in rows[1]["link"]


def test_names_are_built_the_same_way(batch):
    """With fewer columns."""
    code, rows, _ = batch(
        [["market", "slug", "version"], ["uk", "sale", "3"], ["de", "sale", "x"]],
        "--use",
        "meta_ad",
        kind="name",
    )
    assert code == 1
    assert rows[0]["name"] == "gb_sale_v3"
    assert "version" in rows[1]["error"]


def test_workbooks_keep_sheets_and_types(canonry, tmp_path):
    """A sheet that is no batch is copied; text that looks like a formula stays text."""
    source, output = tmp_path / "in.xlsx", tmp_path / "out.xlsx"
    with xlsxwriter.Workbook(str(source), {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("Plan")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, GOOD)
        sheet.write_datetime(1, 5, datetime(2027, 3, 1), day)  # noqa: DTZ001
        sheet.write_row(2, 0, row(slug="=1+1", Owner="=cmd|' /C calc'!A0"))
        sheet.write_row(3, 0, GOOD)
        sheet.write_number(3, 6, 1.2e17)
        book.add_worksheet("Notes").write(0, 0, "keep me")
    code, out, _ = canonry("utm", "batch", source, "-o", output)
    assert (code, "3 rows: 1 links" in out) == (1, True)
    book = openpyxl.load_workbook(output)
    assert book.sheetnames == ["Plan", "Notes"]
    plan = list(book["Plan"].iter_rows(values_only=True))
    assert plan[1][10] == LINK
    assert plan[1][5] == datetime(2027, 3, 1)  # noqa: DTZ001
    assert plan[2][9] == "=cmd|' /C calc'!A0"
    assert book["Plan"]["J3"].data_type == "s"
    assert "rounded" in plan[3][13]
    assert book["Notes"]["A1"].value == "keep me"


def test_a_blank_sheet_has_drop_downs_and_comes_back_filled(canonry, tmp_path):
    """The name of its sheet says the format, so nobody types it."""
    blank, filled = tmp_path / "blank.xlsx", tmp_path / "links.xlsx"
    code, out, _ = canonry("utm", "batch", "--template", "psoc", "-o", blank)
    assert code == 0
    assert "utm batch" in out
    book = openpyxl.load_workbook(blank)
    sheet = book["paid_social"]
    heading = [cell.value for cell in sheet[1]]
    assert heading == [
        *("url", "campaign", "platform", "source", "market", "slug", "flight", "campaign_id", "creative")
    ]
    assert len(sheet.data_validations.dataValidation) == 4
    sheet.append(["", "spring-sale", "", "tiktok", "", "", "", "", "film"])
    book.save(blank)
    assert canonry("utm", "batch", blank, "-o", filled)[0] == 0
    row_2 = [cell.value for cell in openpyxl.load_workbook(filled)["paid_social"][2]]
    assert LINK.replace("_sale_", "_spring-sale_") in row_2


def test_json_counts_and_shows_the_first_errors(batch):
    """For programs."""
    code, _, said = batch([HEADER, GOOD, row(market="ux")], "--format", "json")
    document = json.loads(said)
    assert code == 1
    assert (document["rows"], document["built"], document["failed"]) == (2, 1, 1)
    assert document["errors"][0]["row"] == 3


def test_standard_input_is_a_sheet_too(registry, tmp_path):
    """`-` as in other programs."""
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, GOOD])
    said = subprocess.run(
        [
            sys.executable,
            "-m",
            "canonry",
            "utm",
            "batch",
            "-",
            "-o",
            tmp_path / "o.csv",
            "--registry",
            registry,
        ],
        input=text.getvalue().encode(),
        capture_output=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert read(tmp_path / "o.csv")[0]["link"] == LINK


def test_the_short_way_builds_what_the_form_builds(registry):
    """Row by row the same, whatever is in the cells; the long way is the reference."""
    book = open_book(registry)
    rng = random.Random(7)
    pool = {
        "url": [PAGE, f"{PAGE}?a=1", f"{PAGE}#top", "https://other.test/", "", "/x"],
        "format": ["paid_social", "psoc", "flyer", ""],
        "platform": ["", "meta", "tiktok", "FB"],
        "market": ["de", "gb", "UK", "su", "", "no", "xx", "de", "gb"],
        "slug": ["sale", "big-sale", "Sale", "shop", "a_b", "", "sale", "summer"],
        "flight": ["2027-03", "202703", "2027-3", "2027-04", "2027-05"],
        "campaign_id": ["k7m2pk", "k7m2pk", "k7m2pp"],
        "source": ["tiktok", "facebook", "fb", "flyer", ""],
        "creative": ["film", "", "xx", "b&c"],
    }
    defaults = Defaults("utm")
    short, long = Batch(book, HEADER, defaults), Batch(book, HEADER, defaults)
    long._quickly = lambda *_: None  # type: ignore[method-assign]
    for _ in range(4000):
        cells = [rng.choice(pool.get(name, ["me"])) for name in HEADER]
        assert short.row(cells) == long.row(cells)
    assert short.counts == long.counts
    assert short.counts.built > 100
