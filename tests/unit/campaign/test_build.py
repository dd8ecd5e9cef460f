"""Every name and link of a campaign: built, missing, and the workbook that goes out and comes back."""

import json
import shutil

import openpyxl
import pytest

from canonry.adapters.worktree import DirectoryTree
from canonry.app.campaign import issued
from canonry.app.campaign.objects import objects
from canonry.app.campaign.sheets import workbook
from canonry.catalogue.load import load
from canonry.cli.books import open_book
from canonry.cli.main import run

WINTER, OFFICE = "tx7nrz", "dtxh48"
COMPLETE = {
    "optimisation": "value",
    "placement": "feed",
    "variant": "control",
}


@pytest.fixture(scope="module")
def shipped(root):
    """The repository's own registry."""
    return load(DirectoryTree(root)).value


@pytest.fixture
def book(root):
    """What can be built in it."""
    return open_book(root)


def changed(catalogue, key, **updates):
    """The catalogue with another version of one campaign."""
    from dataclasses import replace

    campaign = catalogue.campaigns[key].model_copy(update=updates)
    return replace(catalogue, campaigns={**catalogue.campaigns, key: campaign})


def only_meta(catalogue):
    """The winter campaign on Meta alone, with every field that its objects need."""
    campaign = catalogue.campaigns[WINTER]
    return changed(
        catalogue,
        WINTER,
        channels=[campaign.channels[0].model_copy(update={"fields": {"source": "facebook"}})],
        fields={**campaign.fields, **COMPLETE},
        markets=["de", "at"],
    )


def test_every_market_segment_and_creative_has_an_object(shipped, book):
    """Two markets, the segments that Meta holds, two creatives: names at every level, and one link each."""
    found = objects(only_meta(shipped), book, WINTER)
    assert found.open == ()
    held = {
        s
        for s in found.campaign.segments
        if any(d.platform == "meta" for d in shipped.contract(s).meta.destinations)
        and shipped.contract(s).meta.role == "audience"
    }
    assert {item.segment for item in found.items} == held
    assert len(found.items) == 2 * len(held) * 2
    assert all(item.names.keys() == {"campaign", "ad_set", "ad"} for item in found.items)
    assert {item.names["ad"] for item in found.items} == {
        f"{creative}_control" for creative in found.campaign.channels[0].creatives
    }


def test_names_and_links_read_back_as_they_were_built(shipped, book):
    """Whatever is built decodes as right, under the contract that built it."""
    codec = book.whole()
    for key in shipped.campaigns:
        for item in objects(shipped, book, key).items:
            for level, name in item.names.items():
                read = codec.read_name("objects", name, platform=item.platform, level=level)
                assert read["status"] == "right", (name, read)
            if item.link is not None:
                assert codec.read_params(dict(item.link["params"]))["status"] == "right"


def test_what_is_missing_is_told_once_with_the_field(shipped, book):
    """However many objects wait for it."""
    found = objects(changed(shipped, WINTER, markets=["de", "at", "ch"]), book, WINTER)
    rows = [(row.channel, row.what, row.field) for row in found.open]
    assert len(rows) == len(set(rows))
    assert (0, "/objects/meta_ad/v1", "variant") in rows
    assert "one of control" in next(row.message for row in found.open if row.field == "variant")


def test_each_platform_has_a_sheet_in_its_own_layout(shipped, book):
    """The headings of its bulk sheet, one row per object, no row twice."""
    found = objects(only_meta(shipped), book, WINTER)
    sheets = {
        sheet.name: [list(row) for row in sheet.rows] for sheet in workbook(only_meta(shipped), book, found)
    }
    rows = sheets["Meta"]
    assert rows[0] == [column.heading for column in shipped.platforms["meta"].bulk.columns]
    assert len(rows) - 1 == len({tuple(row) for row in rows[1:]}) == len(found.items)
    first = dict(zip(rows[0], rows[1], strict=True))
    assert first["URL Tags"].startswith("utm_source=facebook&")
    assert first["Link"] == found.campaign.landing_url
    assert "exc" in first["Excluded Custom Audiences"]


def test_printed_links_have_short_addresses_of_their_own(shipped, book):
    """Where a short host of ours keeps the query, the code holds the short address."""
    found = objects(shipped, book, OFFICE)
    sheet = next(sheet for sheet in workbook(shipped, book, found) if sheet.name == "Offline")
    rows = [list(row) for row in sheet.rows][1:]
    assert len({row[1] for row in rows} - {""}) == len([row for row in rows if row[1]])
    assert set(sheet.codes.values()) == {row[1] or row[2] for row in rows}
    assert all("utm_campaign=" in row[2] for row in rows)


def test_links_are_recorded_once(shipped, book):
    """A second record adds nothing; a damaged line stays as it is."""
    from datetime import date

    found = objects(shipped, book, OFFICE)
    data, count = issued.added(b"{broken", found.items, date(2026, 11, 25))
    assert count == 7
    assert data.startswith(b"{broken\n")
    assert issued.added(data, found.items, date(2026, 11, 26)) == (data, 0)
    assert {entry["issued"] for entry in issued.read(data)} == {"2026-11-25"}


@pytest.fixture
def copy(root, tmp_path, monkeypatch):
    """A registry that may be written to."""
    for name in ("registry", "contracts"):
        shutil.copytree(root / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CANONRY_TODAY", "2026-11-25")
    return tmp_path


def test_a_workbook_that_comes_back_unchanged_changes_nothing(copy, capsys):
    """Built, imported and loaded again, each campaign says what it said, and its file is not touched."""
    before = load(DirectoryTree(copy)).value.campaigns
    files = {path: path.read_bytes() for path in (copy / "registry/campaigns").iterdir()}
    for key in before:
        run(["campaign", "build", key, "-o", "plan.xlsx"])
        capsys.readouterr()
        assert run(["campaign", "import", "plan.xlsx"]) == 0, capsys.readouterr()
        assert "stands so already" in capsys.readouterr().out
    assert {path: path.read_bytes() for path in (copy / "registry/campaigns").iterdir()} == files
    after = load(DirectoryTree(copy)).value.campaigns
    assert {key: each.model_dump() for key, each in after.items()} == {
        key: each.model_dump() for key, each in before.items()
    }


def plan_sheets(**cells):
    """A workbook's sheets: a small plan with some cells changed."""
    values = {
        "slug": "spring-beds", "label": "Spring beds", "description": "Beds in spring.",
        "owner": "paid-media", "backup_owner": "crm", "time_zone": "Europe/Berlin",
        "start": "2027-03-01", "end": "2027-04-15",
        "landing_url": "https://www.example.com/beds", "success.metric": "revenue",
        "field.brand": "acme", "field.market": "de", "field.objective": "sales", "field.flight": "2027-03",
        **cells,
    }  # fmt: skip
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Campaign"
    for row in values.items():
        sheet.append(row)
    channels = book.create_sheet("Channels")
    channels.append(["format", "platforms", "optimisation_goal", "field.source"])
    channels.append(["/utm/paid_social/v1", "meta", "VALUE", "facebook"])
    decisions = book.create_sheet("Decisions")
    decisions.append(["metric", "when", "window", "action", "owner", "signal"])
    decisions.append(["roas", "roas < 2", "7 days", "Pause the ad set.", "paid-media", "leading"])
    return book


def test_a_plan_is_registered_from_a_workbook(copy, capsys):
    """An id is drawn; dates that the spreadsheet made of texts are read as what they were."""
    from datetime import date

    plan_sheets(start=date(2027, 3, 1), **{"field.flight": date(2027, 3, 1)}).save("new.xlsx")
    code = run(["campaign", "import", "new.xlsx", "--format", "json"])
    said = json.loads(capsys.readouterr().out)
    assert code == 0, said
    campaign = load(DirectoryTree(copy)).value.campaigns[said["id"]]
    assert (campaign.start, campaign.fields["flight"]) == ("2027-03-01", "2027-03")
    code = run(["campaign", "import", "new.xlsx"])
    assert code == 2
    assert "spring-beds" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"start": 46447}, "a day as Excel counts them; write 2027-03-01"),
        ({"end": "sometime"}, "'sometime' is no day"),
        ({"field.flight": "Mrz 27"}, "made a date by the spreadsheet"),
        ({"field.market": 1.2e17}, "was rounded by the spreadsheet"),
        ({"owmer": "crm"}, "did you mean 'owner'?"),
        ({"sequence": "tof"}, "write a funnel stage and a frequency tier"),
    ],
)
def test_mangled_and_unknown_cells_are_refused(copy, capsys, cells, told):
    """Each with its row, and nothing is written."""
    before = sorted(copy.rglob("*.yaml"))
    plan_sheets(**cells).save("new.xlsx")
    assert run(["campaign", "import", "new.xlsx"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert told in said and "sheet Campaign, row" in said
    assert sorted(copy.rglob("*.yaml")) == before


def test_an_empty_plan_and_unknown_columns_are_told(copy, capsys):
    """What the sheet lacks, and what nobody knows."""
    book = plan_sheets()
    book["Channels"].delete_rows(1, 2)
    book["Channels"].append(["fromat", "platforms"])
    book.save("new.xlsx")
    assert run(["campaign", "import", "new.xlsx"]) == 1
    said = capsys.readouterr().out
    assert "did you mean 'format'?" in said and "the plan is empty" in said
    openpyxl.Workbook().save("none.xlsx")
    assert run(["campaign", "import", "none.xlsx"]) == 1
    assert "there is no sheet 'Campaign'" in capsys.readouterr().out


def test_the_workbook_holds_no_formula(copy, capsys):
    """A creative or label that begins with = stays text."""
    run(["campaign", "build", OFFICE, "-o", "plan.xlsx", "--record"])
    book = openpyxl.load_workbook(copy / "plan.xlsx")
    assert {
        "Campaign",
        "Channels",
        "Decisions",
        "LinkedIn Ads",
        "What to paste where",
        "Links",
        "Offline",
    } <= set(book.sheetnames)
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert (copy / "registry/links/dtxh48.jsonl").read_text().count("\n") == 7
    assert run(["lint"]) == 0


def test_check_counts_the_issued_links_that_a_change_would_hurt():
    """A field of a running campaign changes: the links that carry the old value are counted."""
    from datetime import date

    from tests.unit.compat import cases

    from canonry.adapters.snapshot import FileSnapshot
    from canonry.app.check import check

    line = b'{"link":"https://x","format":"/utm/social/v1"}\n'
    old = {**cases.base(), "registry/links/k7m2p2.jsonl": line * 3}
    path = "registry/campaigns/k7m2p2.yaml"
    new = {**old, path: old[path].replace(b"market: de", b"market: at")}
    found = check(FileSnapshot(old), FileSnapshot(new), today=date(2026, 11, 21)).findings
    frozen = next(finding for finding in found if finding.code == "B170")
    assert "; 3 issued links carry it" in frozen.message
    assert frozen.details["issued"] == 3


def test_issued_links_are_held_against_what_was_seen(copy, capsys):
    """Issued and never seen, seen and never issued; without an export they are listed."""
    run(["campaign", "build", OFFICE, "-o", "plan.xlsx", "--record"])
    capsys.readouterr()
    assert run(["campaign", "links", OFFICE]) == 0
    assert "7 links were issued" in capsys.readouterr().out
    head = "Session manual source,Session manual medium,Session manual campaign name,Sessions\n"
    seen = "linkedin,paid_social,acme_de_leads_office-planning_202610_dtxh48,10\n"
    strange = "LinkedIn,paid_social,acme_at_leads_office-planning_202610_dtxh48,3\n"
    foreign = "x,paid_social,somebody_elses,5\n"
    (copy / "ga4.csv").write_text(head + seen + strange + foreign)
    assert run(["campaign", "links", OFFICE, "--file", "ga4.csv", "--format", "json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert [row["utm_campaign"] for row in said["never_issued"]] == [
        "acme_at_leads_office-planning_202610_dtxh48"
    ]
    assert len(said["never_seen"]) == 6
    assert run(["campaign", "links", OFFICE, "--file", "plan.xlsx"]) == 2
