"""Exports in their real layouts, read to the last row, and what is wrong with bad ones."""
# ruff: noqa: E501  exports have long headers

import csv
import gzip
import io
from datetime import date

import pytest

from canonry.adapters.exports.files import FileSource
from canonry.adapters.exports.periods import period_in
from canonry.audit import layouts, mappings
from canonry.audit.observation import Level, Observation
from canonry.audit.source import Gap, Period, Tells

GA4 = """# ----------------------------------------
# Session manual source / medium
# Account: Acme
# Start date: 20261116
# End date: 20261122
# ----------------------------------------

Session manual source,Session manual medium,Session manual campaign name,Sessions
,,,"12,345"
facebook,paid_social,one,"1,204"
(not set),(not set),(not set),"4,000"
(other),(other),(other),17
google,cpc,"a, b",12
"""
ADS = """Campaign report
"November 16, 2026 - November 22, 2026"
Campaign status,Campaign,Campaign ID,Currency code,Cost,Impr.,Clicks
Enabled,one,11111111111,EUR,"1,234.50","10,000",300
Paused,Total sale,22222222222,EUR,0.00, --, --
Total: Campaigns in your current view, --, --,EUR,"1,234.50","10,000",300
Total: Account, --, --,EUR,"1,234.50","10,000",300
"""
DV360 = """Advertiser,Advertiser ID,Advertiser Currency,Insertion Order,Insertion Order ID,Line Item,Line Item ID,Impressions,Revenue (Adv Currency)
Acme,4455667,EUR,io,77,one,88,1000,12.5
Acme,4455667,EUR,io,77,two,1.2E+17,1000,7.5
,,,,,,,2000,20.0

Report Time:,2026/11/23 04:10 GMT
Date Range:,2026/11/16 - 2026/11/22
Group By:,Line Item
Filter by Advertiser ID:,4455667
"""
TIKTOK = """Campaign name,Campaign ID,Ad group name,Ad group ID,Ad name,Ad ID,Cost,Currency,Impressions
c,1790000000000000001,g,1790000000000000002,a,1790000000000000003,5.25,EUR,100
c,1790000000000000001,g,1790000000000000002,b,1790000000000000004,4.75,EUR,100
Total of 2 results,,,,,,10.00,EUR,200
"""
LINKEDIN = """Campaign Performance Report (in UTC)
"Report Start: November 16, 2026, 12:00 AM"
"Report End: November 22, 2026, 11:59 PM"
"Date Generated: November 23, 2026, 6:12 AM"

Start Date (in UTC),Account Name,Currency,Campaign Group Name,Campaign Group ID,Campaign Name,Campaign ID,Impressions,Total Spent
11/16/2026,Acme,EUR,group,1,one,2,100,10.5
11/17/2026,Acme,EUR,group,1,one,2,100,9.5
"""
META = """Reporting starts,Reporting ends,Campaign name,Campaign ID,Ad set name,Ad set ID,Ad name,Ad ID,URL parameters,Website URL,Amount spent (EUR),Impressions
2026-11-16,2026-11-22,c,1,s,2,a,3,utm_source=facebook,https://www.example.com/de?x=1#top,10.00,100
2026-11-16,2026-11-22,c,1,s,2,b,4,,https://www.example.com/de,5.50,100
,,,,,,,,,,15.50,200
"""
AUDIENCES = """Platform,Account,Audience name,Audience ID,Window (days),Size,Last synced,Ad set ID,Recency (days)
meta,meta-acme-dach,list,1,30 days,"1,204",2026-11-20,77,3
"""
LAYOUTS = {
    "ga4_sessions": GA4,
    "google_ads": ADS,
    "dv360": DV360,
    "tiktok": TIKTOK,
    "linkedin": LINKEDIN,
    "meta": META,
    "audiences": AUDIENCES,
}


def read(tmp_path, data, name="export.csv", period=Period(), **more):  # noqa: B008  a value, not a call's
    """The source, its observations and its gaps."""
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    source = FileSource(name, [path], click_ids=("gclid", "fbclid"), **more)
    items = list(source.read(period))
    seen = [item for item in items if isinstance(item, Observation)]
    return source, seen, [item for item in items if isinstance(item, Gap)]


def named(seen, native):
    """Name to observation, of one level."""
    return {each.name: each for each in seen if each.native == native}


@pytest.mark.parametrize("key", LAYOUTS)
def test_the_best_mapping_is_found(tmp_path, key):
    """Each platform's report is known by its header, whatever stands around it."""
    source, seen, _ = read(tmp_path, LAYOUTS[key])
    assert source.fit.mapping.key == key
    assert seen


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters_change_nothing(tmp_path, encoding, delimiter):
    """Google's UTF-16 with tabs holds what the CSV holds."""
    rows = list(csv.reader(io.StringIO(ADS)))
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    _, seen, gaps = read(tmp_path, text.getvalue().encode(encoding))
    campaigns = named(seen, "campaign")
    assert gaps == []
    assert set(campaigns) == {"one", "Total sale"}
    assert campaigns["one"].weight.cost == 1234.5
    assert campaigns["one"].weight.impressions == 10_000
    assert campaigns["one"].id == "11111111111"
    assert campaigns["Total sale"].status == "paused"


def test_latin_1_is_read(tmp_path):
    """What is no UTF-8 is Windows-1252."""
    _, seen, gaps = read(tmp_path, ADS.replace("one", "Größe").encode("cp1252"))
    assert gaps == []
    assert "Größe" in named(seen, "campaign")


def test_ga4_s_lines_above_and_totals_are_no_data(tmp_path):
    """The total has no dimension; what GA4 folded makes the read partial; (not set) is passed on."""
    source, seen, gaps = read(tmp_path, GA4)
    assert sorted(each.weight.rows for each in seen) == [12, 17, 1204, 4000]
    assert next(each for each in seen if each.weight.rows == 12).params["utm_campaign"] == "a, b"
    assert [gap.levels for gap in gaps] == [frozenset({Level.TAGS})]
    assert "data_loss_from_other_row" in gaps[0].why
    can = source.capabilities()
    assert can.period == Period(date(2026, 11, 16), date(2026, 11, 22))
    assert Tells.MANUAL_TAGS in can.tells and can.params == {"utm_source", "utm_medium", "utm_campaign"}


def test_an_export_without_manual_dimensions_says_so(tmp_path):
    """What GA4 attributed by itself is no tag."""
    source, seen, _ = read(tmp_path, "Session campaign,Session source / medium,Sessions\nx,google / cpc,5\n")
    assert "no manual dimensions" in source.capabilities().lacks[0]
    assert [each.native for each in seen] == ["session_campaign"]


def test_dv360_s_footer_and_totals_are_no_data_and_rounded_ids_match_nothing(tmp_path):
    """1.2E+17 is refused and said."""
    source, seen, gaps = read(tmp_path, DV360)
    items = named(seen, "line_item")
    assert set(items) == {"one", "two"}
    assert items["one"].id == "88" and items["two"].id == "" and items["two"].partial
    assert "1.2E+17" in gaps[0].why
    assert items["one"].parents == {"insertion_order": "77"}
    assert named(seen, "insertion_order")["io"].weight.cost == 20.0
    assert source.capabilities().period.start == date(2026, 11, 16)


def test_tiktok_s_long_ids_stay_exact(tmp_path):
    """As text, to the last digit; the line that sums up is none of them."""
    _, seen, gaps = read(tmp_path, TIKTOK)
    assert gaps == []
    assert {each.id for each in seen if each.native == "ad"} == {"1790000000000000003", "1790000000000000004"}
    assert named(seen, "campaign")["c"].weight.cost == 10.0


def test_linkedin_s_days_are_cut_by_the_period(tmp_path):
    """American dates, and days that the period leaves out."""
    _, seen, _ = read(tmp_path, LINKEDIN, period=Period(date(2026, 11, 17), date(2026, 11, 18)))
    campaign = named(seen, "campaign")["one"]
    assert campaign.weight.cost == 9.5
    assert campaign.first_seen == campaign.last_seen == date(2026, 11, 17)
    assert period_in(LINKEDIN).end == date(2026, 11, 22)


def test_meta_s_parameters_are_appended_where_the_platform_appends_them(tmp_path):
    """Before the fragment."""
    _, seen, _ = read(tmp_path, META)
    links = {each.id: each.value for each in seen if each.level is Level.LINK}
    assert links["3"] == "https://www.example.com/de?x=1&utm_source=facebook#top"
    assert links["4"] == "https://www.example.com/de"
    assert next(each for each in seen if each.native == "ad").weight.currency == "EUR"


def test_audiences_and_their_use(tmp_path):
    """One list tells of the audience and of the ad set that uses it."""
    _, seen, _ = read(tmp_path, AUDIENCES)
    audience = next(each for each in seen if each.level is Level.AUDIENCE)
    used = next(each for each in seen if each.level is Level.TARGETING)
    assert (audience.platform, audience.account, audience.upkeep.window) == ("meta", "meta-acme-dach", 30)
    assert (audience.upkeep.members, audience.upkeep.synced) == (1204, date(2026, 11, 20))
    assert used.upkeep.recency == 3 and used.parents["ad_group"] == "77"


@pytest.mark.parametrize(
    ("cells", "delimiter", "cost"),
    [
        (["1,234.50", "10"], ",", 1244.5),
        (["1.234,50", "10"], ";", 1244.5),
        (["1.234", "2.000"], ";", 3.234 * 1000),
        (["1,234", "2,000"], ",", 3234.0),
        (["0,5", "0,25"], ";", 0.75),
        (["€ 12.50", "-"], ",", 12.5),
        (["1'234.50", "1"], ",", 1235.5),
    ],
)
def test_numbers_as_people_write_them(tmp_path, cells, delimiter, cost):
    """Thousands separators, decimal commas, currency signs, dashes for nothing."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["Campaign", "Campaign ID", "Cost", "Impr."])
    for number, cell in enumerate(cells):
        writer.writerow([f"c{number}", number, cell, "1"])
    _, seen, gaps = read(tmp_path, text.getvalue())
    assert gaps == []
    assert sum(each.weight.cost or 0 for each in seen) == pytest.approx(cost)


def test_a_click_id_is_cut_out_and_what_follows_it_stays(tmp_path):
    """A utm after a click id is not lost, and the fact of the click is kept."""
    rows = "".join(f"https://www.example.com/?gclid=A{n}&utm_source=x#a,1\n" for n in range(5))
    _, seen, _ = read(tmp_path, f"Page location,Sessions\n{rows}")
    assert [(each.value, each.weight.rows) for each in seen] == [
        ("https://www.example.com/?gclid=&utm_source=x#a", 5)
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  \n\n", "nothing but blanks"),
        (b"\x00\x01\x02\x03" * 40, "no text"),
        (b"foo,bar\n1,2\n", "no mapping knows"),
        (b"Insertion Order,Line Item\nx,1\n", "lacks Impressions or Revenue"),
        (b"Campaign,Cost,Cost,Impr.\nx,1,2,3\n", "heads 2 columns that differ"),
        (b"Campaign,Cost,Impr.\nx,many,3\n", "is no number ('many')"),
        (b"Campaign,Cost,Impr.\n", "no row below"),
        (b"PAR1 and then nothing", "cannot be read"),
        (b"PK\x03\x04 and then nothing", "archive is damaged"),
        (b"<html><table><tr><td>Campaign", "a web page"),
        ("Campaign,Cost,Impr.\nGröße,1,1\n".encode() + "Größe,1,1\n".encode("cp1252"), "two encodings"),
        (b'{"Campaign": "x", "Cost": 1, "Impr.": 1}\n{"Campaign": "y", "Co', "last line is cut off"),
        (b'Campaign,Cost,Impr.\n"x,1,1\ny,1,1\n', "a quotation mark is not closed"),
    ],
)
def test_bad_files_are_gaps_that_say_why(tmp_path, data, said):
    """Nothing raises, nothing passes for fine."""
    _, _, gaps = read(tmp_path, data)
    assert said in " | ".join(gap.why for gap in gaps)


def test_a_truncated_archive_gives_what_it_has_and_says_so(tmp_path):
    """Whole lines only."""
    rows = "".join(f"facebook,paid_social,campaign-{n},{n}\n" for n in range(20_000))
    packed = gzip.compress(
        f"Session manual source,Session manual medium,Session manual campaign name,Sessions\n{rows}".encode()
    )
    _, whole, none = read(tmp_path, packed, "whole.csv.gz")
    _, part, gaps = read(tmp_path, packed[: len(packed) // 2], "part.csv.gz")
    assert len(whole) == 20_000 and none == []
    assert 0 < len(part) < 20_000
    assert "cut off" in gaps[0].why
    assert all(each.params["utm_campaign"].startswith("campaign-") for each in part)


def test_missing_columns_name_the_better_mapping(tmp_path):
    """It says which columns, and what the file looks like."""
    _, _, gaps = read(tmp_path, META, mapping=layouts.known("ga4-sessions"))
    assert "Session manual source" in gaps[0].why
    assert "--as meta" in gaps[0].hint


def test_ones_own_columns(tmp_path):
    """Roles by heading; a role that nothing reads is refused."""
    own = mappings.own({"campaign.name": "Kampagne", "cost": "Kosten"}, platform="meta")
    _, seen, gaps = read(tmp_path, "Kampagne;Kosten\nx;1,5\n", mapping=own, platform="meta")
    assert gaps == [] and (seen[0].name, seen[0].weight.cost) == ("x", 1.5)
    with pytest.raises(ValueError, match="campagne"):
        mappings.own({"campagne.name": "x"})


def test_parquet_of_the_bigquery_export(tmp_path):
    """Nested values of the export: manual tags, events, parameters."""
    import duckdb

    path = tmp_path / "events.parquet"
    duckdb.sql(
        "COPY (SELECT 'page_view' AS event_name, '20261116' AS event_date, "
        "{'manual_source': 'facebook', 'manual_medium': 'paid_social', 'manual_campaign_name': 'x', "
        "'manual_campaign_id': NULL::VARCHAR, 'manual_content': NULL::VARCHAR, 'manual_term': NULL::VARCHAR} "
        "AS collected_traffic_source, "
        "[{'key': 'page_type', 'value': {'string_value': repeat('a', 120), 'int_value': NULL::BIGINT}}] AS event_params "
        f"FROM range(7)) TO '{path}' (FORMAT parquet)"
    )
    source = FileSource("bq", [path])
    seen = list(source.read(Period()))
    assert source.fit.mapping.key == "ga4_bigquery"
    tags = next(each for each in seen if each.level is Level.TAGS)
    parameter = next(each for each in seen if each.level is Level.PARAMETER)
    assert tags.params["utm_source"] == "facebook" and tags.weight.rows == 7
    assert (parameter.name, parameter.parents, parameter.params["longest"]) == (
        "page_type",
        {"event": "page_view"},
        "120",
    )
    assert named(seen, "event")["page_view"].weight.rows == 7


def test_json_lines_and_workbooks_hold_the_same(tmp_path):
    """Whatever the container."""
    import openpyxl

    lines = '{"Campaign": "x", "Campaign ID": "12", "Cost": 1.5, "Impr.": 3}\n'
    _, seen, gaps = read(tmp_path, lines, "a.jsonl")
    assert gaps == [] and (seen[0].name, seen[0].id, seen[0].weight.cost) == ("x", "12", 1.5)
    book = openpyxl.Workbook()
    book.active.append(["Campaign", "Campaign ID", "Cost", "Impr."])
    book.active.append(["x", 12, 1.5, 3])
    book.active.append(["=1+1", 120334455667788990, 1.5, 3])
    book.save(tmp_path / "a.xlsx")
    source = FileSource("a", [tmp_path / "a.xlsx"])
    items = list(source.read(Period()))
    by_name = {each.name: each for each in items if isinstance(each, Observation)}
    assert by_name["x"].id == "12"
    assert by_name["=1+1"].id == ""  # fifteen digits are all that a workbook keeps


def test_names_that_attack(tmp_path):
    """Long names, control characters, HTML, formulas and quotes come through as text."""
    nasty = [
        "x" * 10_000,
        "<script>alert(1)</script>",
        "=HYPERLINK(1)",
        "a\x1b[31mb",
        "'; DROP TABLE stage; --",
        'say "hi"',
    ]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Campaign", "Campaign ID", "Cost", "Impr."])
    for number, name in enumerate(nasty):
        writer.writerow([name, number, 1, 1])
    _, seen, gaps = read(tmp_path, text.getvalue(), "a [1]*.csv")
    assert gaps == []
    assert {each.name for each in seen} == set(nasty)


def floated(number):
    """An id after it was a number in most programs."""
    return str(int(float(number)))


@pytest.mark.parametrize(
    ("ids", "right"),
    [
        (["1234567890123450", "1234567890123451"], 2),
        (["1234567890123450"], 1),
        (["120334455667788000"], 1),
        ([f"1203344556677{n:02d}000" for n in range(3)], 0),
        ([floated(120334455667788991 + 1003 * n) for n in range(8)], 0),
        ([floated(120334455667788991 + 1003 * n) for n in range(8)] + ["120334455667788991"], 9),
        ([str(6_000_000_000_000_010 + 10 * n) for n in range(9)], 0),
        (["11111111111.0", "22222222222.0"], 2),
        (["1.2E+17", "1,2E+17", "1.2033445566778899e+17", "120334455667788992.0", "2E+17"], 0),
        (["12e45678", "507e19"], 2),
    ],
)
def test_only_ids_that_were_rounded_are_refused(tmp_path, ids, right):
    """An id that ends in zeros may be right; a column of them is not."""
    rows = "".join(f'name {n},"{number}",1,1\n' for n, number in enumerate(ids))
    _, seen, gaps = read(tmp_path, f"Campaign,Campaign ID,Cost,Impr.\n{rows}")
    assert len(seen) == len(ids)
    assert sum(bool(each.id) for each in seen) == right
    assert len({each.id for each in seen if each.id}) == right
    assert bool(gaps) is (right < len(ids))
    assert all("." not in each.id for each in seen)


def test_children_of_a_rounded_id_hang_under_the_name(tmp_path):
    """What matches nothing holds nothing together either."""
    rows = "c,1.2E+17,g,12,1,1\nd,1.2E+17,h,13,1,1\n"
    _, seen, _ = read(tmp_path, f"Campaign,Campaign ID,Ad group,Ad group ID,Cost,Impr.\n{rows}")
    assert {each.name for each in seen if each.native == "campaign"} == {"c", "d"}
    assert [each.parents for each in seen if each.native == "ad_group"] == [
        {"campaign": "c"},
        {"campaign": "d"},
    ]


def test_addresses_of_the_bigquery_export_are_read_apart_from_its_tags(tmp_path):
    """Of every file and of the period's days; without the values of click ids; an empty list says nothing."""
    import json

    def row(day, address):
        return {
            "event_name": "page_view",
            "event_date": day,
            "event_params": [
                {"key": "page_location", "value": {"string_value": address}},
                {"key": "ga_session_id", "value": {"int_value": "7"}},
            ],
            "user_properties": [],
            "collected_traffic_source": {"manual_source": "facebook", "manual_medium": "paid_social"},
        }

    for number in range(2):
        rows = [row("20261116", f"https://www.example.com/{number}?gclid=a{n}&x=1") for n in range(3)]
        rows.append(row("20260101", "https://www.example.com/before"))
        (tmp_path / f"{number}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    source = FileSource("bq", [tmp_path / "0.jsonl", tmp_path / "1.jsonl"], click_ids=("gclid",))
    items = list(source.read(Period(date(2026, 11, 16), date(2026, 11, 22))))
    assert not [item for item in items if isinstance(item, Gap)]
    pages = {each.value: each.weight.rows for each in items if each.level is Level.LINK}
    assert pages == {f"https://www.example.com/{number}?gclid=&x=1": 3 for number in range(2)}
    assert {each.name: each.weight.rows for each in items if each.level is Level.PARAMETER} == {
        "page_location": 6,
        "ga_session_id": 6,
    }
    assert Level.LINK in source.capabilities().levels


def test_line_ends_and_control_characters_in_cells(tmp_path):
    """Short lines beside quoted line ends, a NUL in a name: every row is read."""
    data = b'Campaign,Ad group,Cost,Impr.\n"two\nlines",g,1,1\nshort,g,2\nn\x00ul,g,3,1\nx\x1b[31my,g,4,1\n'
    _, seen, gaps = read(tmp_path, data)
    assert gaps == []
    assert set(named(seen, "campaign")) == {"two\nlines", "short", "n\x00ul", "x\x1b[31my"}


def test_lines_that_sum_up_are_counted_and_names_that_say_total_are_none(tmp_path):
    """Above, below and beyond the lines that are looked at first; a campaign called Total has an ad group."""
    rows = "".join(f"c{n},g,1,1\n" for n in range(600))
    source, seen, _ = read(
        tmp_path, f"Campaign,Ad group,Cost,Impr.\n,,9,9\nTotal,g,1,1\n{rows}Total: Account, --,9,9\n"
    )
    assert len(named(seen, "campaign")) == 601
    assert source.counts.left == {"sum": 2} and source.counts.judged == 601


@pytest.mark.parametrize(
    ("days", "first", "bad"),
    [
        (["16.11.2026", "17.11.2026"], date(2026, 11, 16), 0),
        (["16-Nov-26", "17-Nov-26"], date(2026, 11, 16), 0),
        (["16 Nov 2026", "17 November 2026"], date(2026, 11, 16), 0),
        (['"Nov 16, 2026"', '"Mon, Nov 17, 2026"'], date(2026, 11, 16), 0),
        (["16.11.26", "17.11.26"], date(2026, 11, 16), 0),
        (["2026.11.16", "2026.11.17"], date(2026, 11, 16), 0),
        (["2026年11月16日", "2026年11月17日"], date(2026, 11, 16), 0),
        (["16/11/2026", "17/11/2026"], date(2026, 11, 16), 0),
        (["11/16/2026", "11/17/2026"], date(2026, 11, 16), 0),
        (["2026-11-16T23:00:00+02:00", "2026-11-17"], date(2026, 11, 16), 0),
        (["2026-11-16", "last Tuesday"], date(2026, 11, 16), 1),
        (["03/04/2026", "04/05/2026"], None, 2),
    ],
)
def test_days_as_people_write_them(tmp_path, days, first, bad):
    """What no cell shows is not guessed, and said."""
    rows = "".join(f"{day},c{n},1,1\n" for n, day in enumerate(days))
    _, seen, gaps = read(tmp_path, f"Day,Campaign,Cost,Impr.\n{rows}")
    assert min((each.first_seen for each in seen if each.first_seen), default=None) == first
    assert [gap.why.partition(" ")[0] for gap in gaps] == ([str(bad)] if bad else [])


def test_the_bigquery_export_of_older_days_says_that_it_has_no_tags(tmp_path):
    """Its events and parameters are read all the same."""
    line = '{"event_name": "a", "event_date": "20260101", "event_params": [{"key": "k", "value": {"int_value": "1"}}]}'
    source, seen, gaps = read(tmp_path, f"{line}\n{line}\n", "old.jsonl")
    assert gaps == [] and source.fit.mapping.key == "ga4_bigquery"
    assert {each.level for each in seen} == {Level.EVENT, Level.PARAMETER}
    assert "no collected_traffic_source" in source.capabilities().lacks[0]


def test_a_column_of_utm_campaign_holds_tags(tmp_path):
    """And no names of objects; what other parameters say is not missed."""
    source, seen, _ = read(tmp_path, "utm_campaign\nfoo\nfoo\n")
    assert [(each.level, each.params, each.weight.rows) for each in seen] == [
        (Level.TAGS, {"utm_campaign": "foo"}, 2)
    ]
    assert source.capabilities().params == {"utm_campaign"}


def test_a_heading_tells_the_time_zone(tmp_path):
    """`Day (UTC)`."""
    source, _, _ = read(
        tmp_path, "Campaign name,Ad set name,Day (UTC),Amount spent (EUR)\na,b,2026-11-16,1\n"
    )
    assert source.capabilities().period.time_zone == "UTC"


def zipped(**files):
    """An archive of files."""
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.csv", text)
    return packed.getvalue()


WHOLE = "Campaign,Campaign ID,Cost,Impr.\nx,12,1.5,3\n"


@pytest.mark.parametrize(
    "data",
    [
        '[{"Campaign": "x", "Campaign ID": 12, "Cost": 1.5, "Impr.": 3}]',
        '[\n {\n  "Campaign": "x",\n  "Campaign ID": 12,\n  "Cost": 1.5,\n  "Impr.": 3\n }\n]\n',
        '{"Campaign": "x", "Campaign ID": 12, "Cost": 1.5, "Impr.": 3}\n',
        zipped(report=WHOLE),
        WHOLE.replace("\n", "\r"),
        "sep=,\n" + WHOLE,
    ],
)
def test_one_row_in_many_containers(tmp_path, data):
    """Lists of objects, archives of one file, line ends of old, lines that are too long; ids that are numbers."""
    _, seen, gaps = read(tmp_path, data)
    assert gaps == []
    assert [(x.name, x.id, x.weight.cost, x.weight.impressions) for x in seen] == [("x", "12", 1.5, 3)]


def test_an_archive_of_several_files_is_not_guessed(tmp_path):
    """Whoever exported it knows which one is meant."""
    _, seen, gaps = read(tmp_path, zipped(a=WHOLE, b=WHOLE))
    assert seen == [] and gaps[0].why == "an archive of 2 files ('a.csv', 'b.csv')"


def test_linkedin_s_schedule_is_american(tmp_path):
    """As its days are."""
    text = LINKEDIN.replace("Campaign ID,", "Campaign ID,Campaign Start Date,").replace(
        "one,2,", "one,2,10/01/2026,"
    )
    _, seen, _ = read(tmp_path, text)
    assert named(seen, "campaign")["one"].starts == date(2026, 10, 1)


def test_numbers_of_a_table_are_ids_days_and_money(tmp_path):
    """Whole numbers, floats that are still exact, decimals: as text, days and floats."""
    import duckdb

    path = tmp_path / "typed.parquet"
    duckdb.sql(
        'COPY (SELECT 20261116 AS "Day", 120334455667788991::BIGINT AS "Campaign ID", \'x\' AS "Campaign", '
        '4111222333::DOUBLE AS "Ad group ID", \'g\' AS "Ad group", 1.5::DECIMAL(10, 2) AS "Cost", '
        f"3 AS \"Impr.\") TO '{path}' (FORMAT parquet)"
    )
    items = list(FileSource("t", [path]).read(Period()))
    assert [(each.id, type(each.weight.cost), each.first_seen) for each in items] == [
        ("120334455667788991", float, date(2026, 11, 16)),
        ("4111222333", float, date(2026, 11, 16)),
    ]


def test_what_is_owed_stands_in_brackets(tmp_path):
    """As bookkeepers write a credit."""
    _, seen, gaps = read(tmp_path, "Campaign,Cost,Impr.\nx,(12.50),1\n")
    assert gaps == [] and seen[0].weight.cost == -12.5


def test_the_copy_of_a_workbook_is_made_once_and_removed(tmp_path, monkeypatch):
    """`capabilities` and `read` share it."""
    import openpyxl

    from canonry.adapters.exports import sheets

    book = openpyxl.Workbook()
    book.active.append(["Campaign", "Cost", "Impr."])
    book.active.append(["x", 1, 1])
    book.save(tmp_path / "a.xlsx")
    opened, copies = sheets.from_workbook, []
    monkeypatch.setattr(sheets, "from_workbook", lambda *a: copies.append(opened(*a)) or copies[-1])
    source = FileSource("a", [tmp_path / "a.xlsx"])
    source.capabilities()
    assert len(list(source.read(Period()))) == 1
    assert len(copies) == 1 and not copies[0].parent.exists()
    assert len(list(source.read(Period()))) == 1


def test_an_object_in_two_currencies_or_accounts_is_told_once_for_each(tmp_path):
    """Money of different currencies is not added, nor what accounts call by one name."""
    file = tmp_path / "rows.csv"
    lines = [
        "1,A,one,EUR,10",
        "1,A,one,EUR,5",
        "1,A,one,JPY,900",
        "2,B,one,EUR,1",
        "3,B,two,,2",
        "3,B,two,EUR,3",
    ]
    file.write_text("id,name,account,currency,cost\n" + "\n".join(lines) + "\n", "utf-8")
    columns = {"campaign.id": "id", "campaign.name": "name", "account": "account", "currency": "currency"}

    def told(*without):
        roles = {
            role: heading for role, heading in {**columns, "cost": "cost"}.items() if role not in without
        }
        source = FileSource("rows", [file], mapping=mappings.own(roles, platform="meta", native="campaign"))
        found = [each for each in source.read(Period()) if each.level is Level.CAMPAIGN]
        return sorted((o.name, o.account, o.weight.currency, o.weight.cost) for o in found)

    assert told() == [
        ("A", "one", "EUR", 15.0),
        ("A", "one", "JPY", 900.0),
        ("B", "one", "EUR", 1.0),
        ("B", "two", "", 2.0),
        ("B", "two", "EUR", 3.0),
    ]
    assert told("campaign.id") == told()
