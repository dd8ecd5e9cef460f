"""Files as they should not be: every line is judged, or said to be left out and why; nothing raises."""

import codecs
import datetime as dt
import gzip
import io
import os
import threading
import zipfile

import openpyxl
import pytest

from canonry.adapters.exports.files import FileSource
from canonry.audit.observation import Level, Observation
from canonry.audit.source import Gap, Period

HEAD = "Campaign,Campaign ID,Cost,Impr.\n"
ROW = "a,1,1.5,2\n"
MANY = "".join(f"c{n},{n},1,2\n" for n in range(1000))


def read(tmp_path, data, period=Period()):  # noqa: B008  a value, not a call's
    """The source, its observations, its gaps as text."""
    path = tmp_path / "export.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    source = FileSource(path.name, [path])
    items = list(source.read(period))
    seen = [each for each in items if isinstance(each, Observation)]
    return source, seen, [f"{each.what}: {each.why}" for each in items if isinstance(each, Gap)]


def costs(seen):
    """Campaign to what it cost."""
    return {each.name: each.weight.cost for each in seen if each.level is Level.CAMPAIGN}


def workbook(*sheets, merged=""):
    """A workbook of sheets of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {number + 1}")
        for row in rows:
            sheet.append(row)
    if merged:
        book.worksheets[0].merge_cells(merged)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def archive(**files):
    """A zip archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    return packed.getvalue()


TABLES = """\
# ----------------------------------------
# Traffic acquisition
# Start date: 20261116
# End date: 20261122
# ----------------------------------------

Nth day,Sessions
0000,10
0001,20

# ----------------------------------------
# Start date: 20261116
# End date: 20261122
# ----------------------------------------

Session manual source,Session manual medium,Session manual campaign name,Sessions
Grand total,,,42
facebook,paid_social,x,30

google,cpc,y,12

# ----------------------------------------
City,Active users
Berlin,10
"""


def test_several_tables_in_one_file(tmp_path):
    """The one that can be judged is; the others, and the blank line in the middle, are told from it."""
    source, seen, gaps = read(tmp_path, TABLES)
    assert gaps == []
    assert sorted(each.weight.rows for each in seen) == [12, 30]
    assert list(source.counts.said()) == [
        "export.csv: 2 lines of another table, from line 7 (Nth day, Sessions), left out",
        "export.csv: 1 line of another table, from line 23 (City, Active users), left out",
        "3 lines read, 2 judged; of the others 1 sums up the others",
    ]
    assert source.capabilities().period.start == dt.date(2026, 11, 16)


def test_a_second_table_that_could_be_judged_is_a_gap_and_one_header_is_one_table(tmp_path):
    """Nothing that the audit could look at is passed over in silence."""
    two = f"{HEAD}{ROW}\nEvent name,Event count\npage_view,5\n\n{HEAD}b,2,1,1\n"
    _, seen, gaps = read(tmp_path, two)
    assert costs(seen) == {"a": 1.5, "b": 1.0}
    assert gaps == [
        "export.csv: it holds a second table, from line 4 (Event name, Event count), which was not read"
    ]


@pytest.mark.parametrize(
    ("lines", "judged", "left"),
    [
        (f"{ROW}Total,,1.5,2\nb,2,1,1\n", 2, {"sum": 1}),
        (
            f",,9,9\n{ROW}Totaal: account, --,1.5,2\nTotale: account,,1.5,2\n合計: アカウント,,1,2\n",
            1,
            {"sum": 4},
        ),
        (f"{ROW}{HEAD}b,2,1,1\n", 2, {"header": 1}),
        (
            f"{ROW}\n\nReport Time:,2026/11/23\nReporting numbers from the previous month are final\n",
            1,
            {"below": 2},
        ),
        (f"{ROW},,,\n ,--,,\n", 1, {"nameless": 2}),
        (f"{ROW}b,2\n", 1, {"below": 1}),
    ],
)
def test_lines_that_are_no_rows_are_counted(tmp_path, lines, judged, left):
    """Wherever they stand: what is judged and what is left out is all that there is."""
    source, seen, gaps = read(tmp_path, HEAD + lines)
    assert gaps == []
    assert len(costs(seen)) == judged == source.counts.judged
    assert source.counts.left == left and source.counts.read == judged + sum(left.values())


WEEK = Period(dt.date(2026, 11, 16), dt.date(2026, 11, 22))
SESSIONS = (
    "# Start date: {}\n# End date: {}\n#\nSession manual source,Session manual medium,"
    "Session manual campaign name,Sessions\nfacebook,paid_social,x,3\n"
)
STRETCH = "Campaign name,Campaign ID,Amount spent (EUR),Impressions,Reporting starts,Reporting ends\n"


@pytest.mark.parametrize(
    ("start", "end", "things", "said"),
    [
        ("20261116", "20261122", 1, []),
        ("20261117", "20261118", 1, []),
        ("20261109", "20261122", 1, ["2026-11-09 to 2026-11-22, more than was asked for"]),
        ("20261109", "20261115", 0, ["2026-11-09 to 2026-11-15, none of which was asked for"]),
    ],
)
def test_a_file_of_other_days_than_were_asked_for(tmp_path, start, end, things, said):
    """Its rows have no day, so all of it counts or none; neither passes for the period."""
    _, seen, gaps = read(tmp_path, SESSIONS.format(start, end), WEEK)
    assert len(seen) == things
    assert len(gaps) == len(said) and all(text in gap for text, gap in zip(said, gaps, strict=True))


def test_of_several_weeks_files_the_one_that_is_asked_for_is_read(tmp_path):
    """The others are no gap, and are said to be left out."""
    for week, days in (("a", ("20261109", "20261115")), ("b", ("20261116", "20261122"))):
        (tmp_path / f"{week}.csv").write_text(SESSIONS.format(*days))
    source = FileSource("ga4", [tmp_path / "a.csv", tmp_path / "b.csv"])
    items = list(source.read(WEEK))
    assert [type(each) for each in items] == [Observation]
    assert list(source.counts.said()) == [
        "a.csv: it holds 2026-11-09 to 2026-11-15, none of which was asked for, and was left out"
    ]


def test_rows_of_stretches_of_days_are_held_against_the_period(tmp_path):
    """What has no day of it is outside; what reaches beyond it makes the file partial."""
    rows = "a,1,1,2,2026-11-09,2026-11-15\nb,2,1,2,2026-11-16,2026-11-22\n"
    source, seen, gaps = read(tmp_path, STRETCH + rows, WEEK)
    assert list(costs(seen)) == ["b"] and gaps == []
    assert list(source.counts.said()) == ["2 lines read, 1 judged; of the others 1 is outside the period"]
    _, seen, gaps = read(tmp_path, STRETCH + rows + "c,3,1,2,2026-11-01,2026-11-30\n", WEEK)
    assert sorted(costs(seen)) == ["b", "c"]
    assert len(gaps) == 1 and "it holds 2026-11-01 to 2026-11-30, more than was asked for" in gaps[0]


def test_an_event_of_a_report_of_parameters_has_no_number(tmp_path):
    """It stands there once per parameter; their sum is no number of events. A parameter's count is one."""
    rows = "Event name,Event parameter,Event count\npurchase,currency,900\npurchase,value,900\n"
    _, seen, _ = read(tmp_path, rows)
    assert [(each.name, each.weight.rows) for each in seen] == [
        ("purchase", None),
        ("currency", 900),
        ("value", 900),
    ]


def test_days_outside_the_period_are_counted(tmp_path):
    """Beside those that are judged."""
    days = "".join(f"2026-11-{day},c{day},1,1\n" for day in range(10, 20))
    source, seen, _ = read(
        tmp_path,
        f"Day,Campaign,Cost,Impr.\n{days}",
        Period(dt.date(2026, 11, 16), dt.date(2026, 11, 22)),
    )
    assert len(seen) == 4 == source.counts.judged
    assert next(source.counts.said()) == "10 lines read, 4 judged; of the others 6 are outside the period"


def test_only_the_later_of_two_stretches_of_days_is_read(tmp_path):
    """GA4 compares them by lines."""
    text = (
        "Session manual source,Session manual medium,Date range,Sessions\n"
        "facebook,paid,Nov 9 - Nov 15 2026,25\nfacebook,paid,Nov 16 - Nov 22 2026,30\n"
    )
    source, seen, gaps = read(tmp_path, text)
    assert gaps == [] and [each.weight.rows for each in seen] == [30]
    assert source.counts.left == {"compared": 1}


def test_a_line_of_all_days_is_the_sum_of_the_others(tmp_path):
    """Where days have lines of their own with the name; else it is what there is."""
    head = "Campaign name,Day,Ad set name,Amount spent (EUR),Impressions\nA,All,s,30,3\n"
    _, seen, gaps = read(tmp_path, head + "A,2026-11-16,s,10,1\nA,2026-11-17,s,20,2\n")
    assert gaps == [] and costs(seen) == {"A": 30.0}
    _, seen, _ = read(tmp_path, head + ",2026-11-16,,10,1\n,2026-11-17,,20,2\n")
    assert costs(seen) == {"A": 30.0}


@pytest.mark.parametrize(
    ("cell", "cost"),
    [
        ("1.234,56", 1234.56),
        ("1,234.56", 1234.56),
        ("12,50", 12.5),
        ("0,667", 0.667),
        ("1\u202f234,56 €", 1234.56),
        ("12,34,567.50", 1234567.5),
        ("1'234.56", 1234.56),
        ("R$ 1.234.567", 1234567.0),
        ("5.00-", -5.0),
        ("30 (71.43%)", 30.0),
        ("1.5E+3", 1500.0),
        ("\u22121.234,56", -1234.56),
        ("-\u20ac5", -5.0),
        ("(\u20ac5.25)", -5.25),
        ("Rs. 1,234.50", 1234.5),
        ("12,5 kr.", 12.5),
        ("EUR 12,50", 12.5),
        ("5,5 z\u0142", 5.5),
    ],
)
def test_a_number_shows_by_itself_how_it_is_written(tmp_path, cell, cost):
    """Also far below others that are written otherwise."""
    _, seen, gaps = read(tmp_path, f'{HEAD}{MANY}z,9999,"{cell}",1\n')
    assert gaps == [] and costs(seen)["z"] == pytest.approx(cost)


@pytest.mark.parametrize(
    "cell",
    [
        "1.2K",
        "3M",
        "12 %",
        "#DIV/0!",
        "=1+1x",
        "1.234,567.8",
        "many",
        "1,2 Mio.",
        "1,5 Tsd.",
        "1/2",
        "12:30",
        "0x10",
        "1_000",
        "5 USD 3",
        "1.2.3",
        "1..5",
        "1,234,56",
        "12.345.67",
        "approx 5",
        "1e400",
        "5 \u0442\u044b\u0441.",
    ],
)
def test_what_is_no_amount_is_told_with_its_line(tmp_path, cell):
    """Nothing is rounded off to what can be read of it."""
    _, seen, gaps = read(tmp_path, f'{HEAD}{MANY}z,9999,"{cell}",1\n')
    assert gaps == [f"export.csv:1002: 1 value of 'Cost' is no number ({cell!r}): its sum is short"]
    assert costs(seen)["z"] is None


@pytest.mark.parametrize("cell", ["1e400", "1e16", "9" * 400])
def test_more_than_anything_counts_is_no_number(tmp_path, cell):
    """A sum of such would be infinite, which is no number of impressions."""
    _, seen, gaps = read(tmp_path, HEAD + ROW + f"b,2,1,{cell}\n")
    assert len(gaps) == 1 and gaps[0].startswith("export.csv:3: 1 value of 'Impr.' is no number ('")
    assert {each.name: each.weight.impressions for each in seen} == {"a": 2, "b": None}


def test_a_period_that_is_no_days_is_told(tmp_path):
    """Of reports over a stretch of days too, by column; a day that can be told counts."""
    head = "Campaign name,Campaign ID,Amount spent (EUR),Impressions,Reporting starts,Reporting ends\n"
    _, seen, gaps = read(tmp_path, head + "a,1,1,2,2026-11-16,2026-11-22\nb,2,1,2,31.02.2026,soon\n")
    assert [gap.partition(" that can")[0] for gap in gaps] == [
        "export.csv:3: 1 value of 'Reporting starts' is no day",
        "export.csv:3: 1 value of 'Reporting ends' is no day",
    ]
    assert {each.name: each.first_seen for each in seen} == {"a": dt.date(2026, 11, 16), "b": None}


def test_a_sign_that_nothing_shows_is_told(tmp_path):
    """`1,234` may be a thousand, or a little more than one; a later number decides."""
    source, seen, _ = read(tmp_path, f'{HEAD}a,1,"1,234",2\n')
    assert costs(seen) == {"a": 1234.0}
    assert "in 1,234 it is three digits of thousands" in next(source.counts.said())
    more = "".join(f'c{n},{n},"1,234",2\n' for n in range(500))
    source, seen, _ = read(tmp_path, f'{HEAD}{more}z,999,"12,5",2\n')
    assert costs(seen)["c0"] == 1.234 and list(source.counts.said()) == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "utf-8-sig"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path, encoding, ends):
    """All of them, together."""
    text = (HEAD + "Größe,1,1.5,2\n").replace("\n", ends)
    source, seen, gaps = read(tmp_path, text.encode(encoding))
    assert gaps == [] and costs(seen) == {"Größe": 1.5}
    told = "export.csv: not UTF-8: read as Windows-1252, so look at letters beyond ASCII"
    assert list(source.counts.said()) == ([told] if encoding == "cp1252" else [])


@pytest.mark.parametrize(
    ("encoding", "name", "spoken"),
    [
        ("cp1251", "Весна_Распродажа_Кухня", "Windows-1251"),
        ("koi8_r", "Весна_Распродажа_Кухня", "KOI8-R"),
        ("cp1253", "άνοιξη_προσφορές_μόδα", "Windows-1253"),
        ("cp1250", "świąteczna_wyprzedaż", "Windows-1250"),
        ("cp1254", "İndirim_ağustos_göğüs", "Windows-1254"),
        ("gb18030", "春季促销_品牌推广", "GB 18030"),
        ("mac_roman", "Größe_Übung", "Mac OS Roman"),
        ("cp1252", "été_crème_niño_São", "Windows-1252"),
    ],
)
def test_an_encoding_is_told_by_the_words_that_it_makes(tmp_path, encoding, name, spoken):
    """And said, since nothing in the file says it."""
    source, seen, gaps = read(tmp_path, f"{HEAD}{name},9,1.5,2\n{ROW}".encode(encoding))
    assert gaps == [] and costs(seen) == {name: 1.5, "a": 1.5}
    told = f"export.csv: not UTF-8: read as {spoken}, so look at letters beyond ASCII"
    assert list(source.counts.said()) == [told]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1251", "Юг"),
        ("cp1250", "slevač"),
        ("euc_kr", "캠페인_봄_세일_브랜드"),
        ("big5", "春季促銷_品牌"),
        ("shift_jis", "春季限定_広告"),
        ("cp1256", "حملة_الربيع"),
        ("cp874", "แคมเปญ"),
    ],
)
def test_names_in_an_encoding_that_nothing_shows_are_not_judged(tmp_path, encoding, name):
    """They could not be checked; said by its name, the encoding is that."""
    data = f"{HEAD}{name},9,1.5,2\n{ROW}".encode(encoding)
    source, seen, gaps = read(tmp_path, data)
    assert costs(seen) == {"a": 1.5}
    assert gaps == [
        "export.csv: 1 line with letters beyond ASCII could not be judged: nothing shows their encoding"
    ]
    told = "2 lines read, 1 judged; of the others 1 has letters of an encoding that is not known"
    assert list(source.counts.said()) == [told]
    said = FileSource("export", [tmp_path / "export.csv"], encoding=encoding)
    assert costs(list(said.read(Period()))) == {name: 1.5, "a": 1.5}


def test_an_encoding_that_was_said_and_is_not_so_is_told_with_its_line(tmp_path):
    """A byte order mark says more than somebody does."""
    path = tmp_path / "export.csv"
    path.write_bytes(f"{HEAD}{ROW}".encode() + b"x\x98,2,1,1\n")
    (gap,) = FileSource("export", [path], encoding="windows-1251").read(Period())
    assert (gap.what, gap.why) == ("export.csv:3", "it is not in Windows-1251")
    path.write_bytes(f"{HEAD}Größe,1,1.5,2\n".encode("utf-16"))
    assert costs(list(FileSource("export", [path], encoding="cp1252").read(Period()))) == {"Größe": 1.5}


def test_shift_jis_is_read(tmp_path):
    """As Excel saves a CSV in Japan."""
    _, seen, gaps = read(tmp_path, "キャンペーン,費用,表示回数\nロレックス,1200,48\n".encode("shift_jis"))
    assert gaps == [] and costs(seen) == {"ロレックス": 1200.0}


def test_line_ends_of_two_kinds(tmp_path):
    """A file that was put together from two."""
    _, seen, gaps = read(tmp_path, f"{HEAD}{ROW}".replace("\n", "\r\n") + "b,2,1,2\nc,3,1,2\r\n")
    assert gaps == [] and len(costs(seen)) == 3


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            f"{HEAD}Größe,1,1,1\n".encode() + b"x\xff,2,1,1\n",
            "export.csv:3: its letters beyond ASCII are in two",
        ),
        ((HEAD + ROW).encode("utf-16")[:-1], "export.csv: its UTF-16 is cut off or damaged"),
        (
            f'{HEAD}{MANY}"b,1,1,1\n',
            "export.csv:1002: cannot be read to its end: a quotation mark is not closed",
        ),
        (
            f"{HEAD}{ROW}{'x' * 5_000_000},1,1,1\n",
            "export.csv:3: cannot be read to its end: a line is longer than 4 MB",
        ),
        (f"{HEAD}{ROW}b, c,2,1,1\n", "export.csv:3: 1 line has more cells than the header"),
        (f"{HEAD}{MANY}b{',x' * 100}\n", "export.csv:1002: 1 line has more cells than the header"),
        (f"{HEAD}{ROW}b,2", "export.csv: its last line is cut off"),
        (HEAD, "export.csv: there is a header and no row below it"),
        (f"{HEAD}Total,,1,1\n", "export.csv: none of the lines below its header is a row of it"),
        (b"%PDF-1.7\n", "a PDF, no table"),
        (b"BZh91AY", "compressed in a way"),
        (archive(**{"a.csv": HEAD, "b.csv": HEAD}), "an archive of 2 files ('a.csv', 'b.csv')"),
        (archive(), "an archive of nothing"),
        (archive(mimetype="application/vnd.oasis.opendocument.spreadsheet", x="y"), "an OpenDocument sheet"),
        ("[1, 2]", "a JSON list, but not of objects"),
        ('{"Campaign": "a"}\n{"Campaign": oops}\n', "export.csv:2: the line is no JSON"),
        (
            "Day,Campaign,Cost,Impr.\n2026-11-16,a,1,1\nsoon,b,1,1\n",
            "export.csv:3: 1 value of 'Day' is no day",
        ),
        (
            "Day,Campaign,Cost,Impr.\n2026-11-16T23:30:00-08:00,a,1,1\n2026-11-17T01:00:00+09:00,a,1,1\n",
            "days of 'Day' are of several time zones (+09:00, -08:00)",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, data, said):
    """File, line where there is one, and what it is."""
    _, _, gaps = read(tmp_path, data)
    assert said in " | ".join(gaps)
    assert "canonry-" not in " | ".join(gaps)


@pytest.mark.parametrize(
    "data",
    [
        workbook([["Campaign", "Campaign ID", "Cost", "Impr."], ["a", 1, 1.5, 2]]),
        gzip.compress(workbook([["Campaign", "Campaign ID", "Cost", "Impr."], ["a", 1, 1.5, 2]])),
        archive(**{"in.xlsx": workbook([["Campaign", "Campaign ID", "Cost", "Impr."], ["a", 1, 1.5, 2]])}),
        archive(**{"in.csv": HEAD + ROW, "__MACOSX/._in.csv": "x"}),
        workbook(
            [["Report"], ["of a week"]], [["Campaign", "Campaign ID", "Cost", "Impr."], ["a", 1, 1.5, 2]]
        ),
        "'Campaign','Campaign ID','Cost','Impr.'\n'a','1','1.5','2'\n",
        'note\n{\n "Campaign": "a"'[5:] + ',\n "Campaign ID": 1,\n "Cost": "1,5",\n "Impr.": 2\n}\n',
        "\n".join(f"note {n}" for n in range(100)) + f"\n{HEAD}{ROW}",
        codecs.BOM_UTF8 + (HEAD + ROW).encode(),
    ],
)
def test_more_containers(tmp_path, data):
    """Whatever they are called: this one is a `.csv`."""
    _, seen, gaps = read(tmp_path, data)
    assert gaps == [] and [(each.name, each.id, each.weight.cost) for each in seen] == [("a", "1", 1.5)]


def test_sheets_that_are_not_read_and_merged_cells_are_gaps(tmp_path):
    """The sheet that suits best is read; rows of a wrong cell are counted as the workbook counts them."""
    first = [["Campaign", "Ad group", "Cost", "Impr."], ["a", "g", 1, 1], [None, "h", "x", 2]]
    second = [["Event name", "Event count"], ["page_view", 5]]
    _, seen, gaps = read(tmp_path, workbook(first, second, merged="A2:A3"))
    assert costs(seen) == {"a": 1.0}
    assert gaps == [
        "export.csv: 1 merged cells stand for several rows, of which only the first has the value",
        "export.csv: its sheet 'Sheet 2', which suits ga4_events, was not read",
        "export.csv, row 3: 1 value of 'Cost' is no number ('x'): its sum is short",
    ]


def test_what_is_hidden_in_a_workbook_is_read_and_counted(tmp_path):
    """Rows that a filter hides, columns, and the sheet itself; what is hidden of nothing is not counted."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Campaign", "Campaign ID", "Cost", "Impr."],
        ["a", 1, 1.5, 2],
        ["b", 2, 1, 2],
        ["c", 3, 1, 2],
    ):
        sheet.append(row)
    for row in (3, 4, 9):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions.group("B", "XFD", hidden=True)
    sheet.sheet_state = "hidden"
    book.create_sheet("Notes").append(["nothing"])
    packed = io.BytesIO()
    book.save(packed)
    source, seen, gaps = read(tmp_path, packed.getvalue())
    assert gaps == [] and costs(seen) == {"a": 1.5, "b": 1.0, "c": 1.0}
    assert list(source.counts.said()) == [
        "export.csv: 1 hidden sheet, 2 hidden rows and 3 hidden columns were read as well"
    ]


def test_days_as_spreadsheets_count_them(tmp_path):
    """Where a column of days lost its format."""
    _, seen, gaps = read(tmp_path, "Day,Campaign,Cost,Impr.\n46342,a,1,1\n")
    assert gaps == [] and seen[0].first_seen == dt.date(2026, 11, 16)


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    """What unpacks to a hundred times its size and more is no export."""
    from canonry.adapters.exports import containers

    monkeypatch.setattr(containers, "MAX_UNPACKED", 1 << 20)
    _, seen, gaps = read(tmp_path, gzip.compress(b"a,b\n" * 8_000_000))
    assert seen == [] and "unpacks to a hundred times its size" in gaps[0]


def test_a_pipe_is_read_once(tmp_path):
    """Though its head is looked at first."""
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(HEAD + ROW))
    writer.start()
    source = FileSource(pipe.name, [pipe])
    assert source.capabilities().platform == "google_ads"
    assert costs(list(source.read(Period()))) == {"a": 1.5}
    writer.join()
    folder = FileSource("folder", [tmp_path])
    assert [each.why for each in folder.read(Period())] == ["a folder, no file"]


TYPED = {
    "a struct": (
        "SELECT {'id': 5, 'name': 'a'} AS campaign, 's' AS adset_name, 1.5 AS amount_spent",
        {"a": 1.5},
        [],
    ),
    "no row": ("SELECT 'a' AS campaign, 1.5 AS cost WHERE false", {}, ["it has no row"]),
    "no numbers": (
        "SELECT 'a' AS campaign, 'nan'::DOUBLE AS cost UNION ALL SELECT 'b', 2.5",
        {"a": None, "b": 2.5},
        ["1 value of 'cost' is no number ('nan'): its sum is short"],
    ),
    "text": (
        "SELECT 'a' AS campaign, '1.234,56' AS cost UNION ALL SELECT 'b', 'x'",
        {"a": 1234.56, "b": None},
        ["1 value of 'cost' is no number ('x'): its sum is short"],
    ),
}


@pytest.mark.parametrize("name", TYPED)
def test_typed_tables_of_odd_types(tmp_path, name):
    """Members of a struct, infinities, amounts as text, nothing at all."""
    import duckdb

    query, spent, said = TYPED[name]
    path = tmp_path / "export.parquet"
    duckdb.sql(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    items = list(FileSource("p", [path]).read(Period()))
    assert costs([each for each in items if isinstance(each, Observation)]) == spent
    assert [each.why for each in items if isinstance(each, Gap)] == said


def test_rows_of_a_typed_file_add_up(tmp_path):
    """As lines do: what is judged, what sums up, what names nothing and what is outside are all there are."""
    import duckdb

    named = ["'a'", "'a'", "''", "NULL", "' -- '", "'Total'", "'a'", "'b'"]
    days = ["'2026-11-16'", *["'2026-11-17'"] * 5, "'2026-10-01'", "'soon'"]
    rows = [
        f"({day}, {name}, {number}.0, 1)"
        for number, (name, day) in enumerate(zip(named, days, strict=True), 1)
    ]
    for form in ("parquet", "json"):
        path = tmp_path / f"export.{form}"
        table = f"(VALUES {', '.join(rows)}) AS rows(day, campaign, cost, impressions)"
        duckdb.sql(f"COPY (SELECT * FROM {table}) TO '{path}' (FORMAT {form})")
        source = FileSource("p", [path])
        items = list(source.read(Period(dt.date(2026, 11, 16), dt.date(2026, 11, 22))))
        assert costs([each for each in items if isinstance(each, Observation)]) == {"a": 3.0, "b": 8.0}
        assert [each.why for each in items if isinstance(each, Gap)] == [
            "1 value of 'day' is no day that can be told ('soon'): no period was applied"
        ]
        (told,) = source.counts.said()
        others = "1 sums up the others, 3 name nothing, 1 is outside the period"
        assert told == f"8 lines read, 3 judged; of the others {others}"


def test_only_the_later_of_two_stretches_of_days_is_read_of_a_typed_file(tmp_path):
    """And what is of neither is kept."""
    import duckdb

    path = tmp_path / "export.parquet"
    rows = "('x', 'Nov 9 - Nov 15 2026', 25), ('x', 'Nov 16 - Nov 22 2026', 30), ('y', NULL, 5)"
    table = f"(VALUES {rows}) AS rows(sessionManualSource, dateRange, sessions)"
    duckdb.sql(f"COPY (SELECT * FROM {table}) TO '{path}' (FORMAT parquet)")
    source = FileSource("p", [path])
    items = list(source.read(Period()))
    assert sorted(each.weight.rows for each in items) == [5, 30]
    assert source.counts.left == {"compared": 1} and source.counts.read == 3


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("Campaign,Campaign ID,Cost (USD),Impr.\n", "its money is in USD, that of first.csv in EUR"),
        ("Campaign,Campaign ID,Impr.\n", "it lacks cost, which first.csv has"),
        ("Campaign,Cost (EUR),Impr.\n", "it lacks campaign.id, which first.csv has"),
    ],
)
def test_files_of_one_source_that_are_unlike_are_not_added(tmp_path, head, said):
    """Euros and dollars have no sum."""
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(f"Campaign,Campaign ID,Cost (EUR),Impr.\n{ROW}")
    cells = dict(zip(HEAD.strip().split(","), ROW.strip().split(","), strict=True))
    second.write_text(
        head + ",".join(cells[each.partition(" (")[0]] for each in head.strip().split(",")) + "\n"
    )
    items = list(FileSource("both", [first, second]).read(Period()))
    assert [f"{each.what}: {each.why}" for each in items if isinstance(each, Gap)] == [f"second.csv: {said}"]
    assert [each.weight.cost for each in items if isinstance(each, Observation)] == [1.5]


@pytest.mark.parametrize(
    ("lines", "spent"),
    [
        ('{"Campaign": "a", "Cost": 1}\n{"Campaign": 5, "Cost": "2,5"}\n', {"a": 1.0, "5": 2.5}),
        ('{"Campaign": "a", "Cost": 1}\n{"Campaign": "Total", "Cost": 1}\n', {"a": 1.0}),
        (f'{{"Campaign": "{"x" * 5_000_000}", "Cost": 1}}\n', {"x" * 5_000_000: 1.0}),
    ],
)
def test_json_lines_of_several_kinds(tmp_path, lines, spent):
    """Values of different types in one member, a sum at the end, a line of five million characters."""
    _, seen, gaps = read(tmp_path, lines)
    assert gaps == [] and costs(seen) == spent


def test_a_unit_that_ends_with_a_dot_shows_no_fraction(tmp_path):
    """`kr.` and `Rs.` would make a thousandth of an amount."""
    _, seen, gaps = read(tmp_path, 'Campaign,Cost,Impr.\nx,"Rs.1,234",1\ny,"Rs.12.50",1\n')
    assert gaps == [] and costs(seen) == {"x": 1234.0, "y": 12.5}
    _, seen, gaps = read(tmp_path, "Campaign;Cost;Impr.\nx;1.234 kr.;1\ny;12,5 kr.;1\n")
    assert gaps == [] and costs(seen) == {"x": 1234.0, "y": 12.5}


@pytest.mark.parametrize(
    "word", ["Razem", "Celkem", "Összesen", "Toplam", "I alt", "Σύνολο", "총계", "Gesamt (2)"]
)
def test_a_sum_is_one_in_more_languages(tmp_path, word):
    """Where a name should be, and without an id."""
    source, seen, _ = read(tmp_path, f"{HEAD}{ROW}b,2,1,1\n{word},,2.5,3\n")
    assert costs(seen) == {"a": 1.5, "b": 1.0} and source.counts.left == {"sum": 1}


@pytest.mark.parametrize(
    ("days", "read_as"),
    [
        (("11/02/2026", "11/03/2026"), [dt.date(2026, 11, 2), dt.date(2026, 11, 3)]),
        (("02/11/2026", "16/11/2026"), [dt.date(2026, 11, 2), dt.date(2026, 11, 16)]),
        (("02/11/2026", "03/11/2026"), [None, None]),
    ],
)
def test_days_that_follow_each_other_only_with_the_day_first_are_not_read_as_months(tmp_path, days, read_as):
    """LinkedIn writes the month first, its reports in other languages do not: nothing shows which it is."""
    lines = "".join(f"{day},g,c{n},1,1,{day}\n" for n, day in enumerate(days))
    head = (
        "Start Date (in UTC),Campaign Group Name,Campaign Name,Total Spent,Impressions,Campaign Start Date\n"
    )
    _, seen, gaps = read(tmp_path, head + lines)
    told = sorted((each.name, each.first_seen, each.starts) for each in seen if each.name != "g")
    assert [each[1] for each in told] == read_as and [each[2] for each in told] == read_as
    assert bool(gaps) == (read_as == [None, None])
