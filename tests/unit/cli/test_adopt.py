"""canonry adopt: exports as they are, a registry proposed from them, and what it says of what remains."""

import csv
import json
from random import Random

import pytest
from tests.property.adoption.hidden import account

from canonry.cli.main import run

HEAD = ("Campaign name", "Campaign delivery", "Amount spent (EUR)", "Impressions")
MARKETS = ("de", "at", "ch", "gb", "fr", "nl")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CANONRY_TODAY", "2026-11-25")
    return tmp_path


def names():
    """Two conventions and what people typed."""
    rng = Random(7)
    for n in range(400):
        market, goal = rng.choice(MARKETS), rng.choice(("sales", "leads", "awareness"))
        month = f"2026{rng.randint(1, 12):02}"
        yield f"{rng.choice(('acme', 'nordwind'))}_{market}_{goal}_{month}_{n}x"
        if n % 2:
            yield f"{rng.choice(('Acme', 'Nordwind'))} | {market.upper()} | {goal.capitalize()} | {month}"
        if n % 4 == 0:
            yield f"=cmd|' /C calc'!A{n}" if n % 8 else f"Boosted post {n} größer"


def written(path, encoding="utf-8", rows=None):
    """An export with a row per name."""
    with path.open("w", encoding=encoding, newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(HEAD)
        for name in dict.fromkeys(rows or names()):
            sheet.writerow([name, "Active", "10.00", 100])
    return path


def test_a_registry_is_proposed_that_lints_clean(folder, capsys):
    """With its vocabularies, a draft with the older convention as a legacy template, and a baseline."""
    file = written(folder / "meta.csv")
    assert run(["adopt", str(file), "-o", "names", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    sort = report["sorts"][0]
    assert [each["status"] for each in sort["conventions"]] == ["template", "legacy"]
    assert report["share"] > 0.8
    assert {"brand", "market", "objective"} <= {each["name"] for each in report["vocabularies"]}
    contract = json.loads((folder / "names/contracts/objects/meta_campaign/v1.json").read_text())
    assert contract["x-contract"]["templates"]["name"].startswith(
        "{brand}_{market}_{objective}_{flight:yyyymm}_"
    )
    assert " | " in contract["x-contract"]["legacy_templates"][0]["name"]
    lines = (folder / "names/registry/baseline.jsonl").read_text().splitlines()
    assert len(lines) == sort["names"] - sort["conventions"][0]["names"]
    assert "größer" in (folder / "names/ADOPTED.md").read_text("utf-8")
    monkey = run(["lint", "--registry", "names"])
    assert (monkey, "all in order" in capsys.readouterr().out) == (0, True)


def test_drafted_contracts_read_the_names_that_they_explain(folder, capsys):
    """Made active, the draft reads both conventions, the new one and the old."""
    file = written(folder / "meta.csv")
    run(["adopt", str(file), "-o", "names"])
    path = folder / "names/contracts/objects/meta_campaign/v1.json"
    document = json.loads(path.read_text())
    document["x-contract"] |= {"status": "active", "version": "1.0.0"}
    path.write_text(json.dumps(document))
    capsys.readouterr()
    assert run(["name", "parse", "acme_de_sales_202601_4x", "--registry", "names"]) == 0
    old = run(["name", "parse", "Acme | DE | Sales | 202601", "--registry", "names"])
    said = capsys.readouterr().out
    assert old == 0, said
    assert "sales" in said


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_exports_come_in_any_encoding(folder, capsys, encoding):
    """The same names, whatever the file is written in."""
    file = written(folder / "meta.csv", encoding)
    assert run(["adopt", str(file), "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["share"] > 0.8
    assert any("größer" in row["name"] for row in report["sorts"][0]["remaining"])


def test_nothing_is_overwritten_and_nothing_is_found_in_nothing(folder, capsys):
    """A folder that holds something, a file without names, a file of no known layout."""
    file = written(folder / "meta.csv")
    (folder / "names").mkdir()
    (folder / "names/mine.txt").write_text("x")
    assert run(["adopt", str(file), "-o", "names"]) == 2
    assert "holds something already" in capsys.readouterr().err
    (folder / "fruit.csv").write_text("fruit,colour\napple,red\n")
    assert run(["adopt", "fruit.csv"]) == 2
    assert "no names were found" in capsys.readouterr().err


def test_a_sheet_of_ones_own_is_read_by_its_columns(folder, capsys):
    """The heading says nothing, the option does."""
    with (folder / "own.csv").open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["Titel", "Kosten"])
        sheet.writerows([name, "1.5"] for name in account(3, names=300).names)
    arguments = [
        "adopt",
        "own.csv",
        "--platform",
        "meta",
        "--column",
        "campaign.name=Titel",
        "--column",
        "cost=Kosten",
    ]
    assert run([*arguments, "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["sorts"][0]["platform"] == "meta"
    assert report["cost"] == 450.0


def test_five_conventions_and_free_text_make_a_registry_too(folder, capsys):
    """Whatever cannot be a template is reported, and what is written lints clean."""
    file = written(folder / "meta.csv", rows=account(11, names=2500, conventions=5, free=0.3).names)
    assert run(["adopt", str(file), "-o", "names"]) == 0
    said = capsys.readouterr().out
    assert "remain, such as" in said
    assert max(map(len, said.splitlines())) <= 80
    assert run(["lint", "--registry", "names"]) == 0


def linked(path):
    """An export of ad sets with landing pages: names of a convention, links with tags, some untidy."""
    rng = Random(3)
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(("Campaign name", "Ad set name", "Website URL", "Amount spent (EUR)"))
        for n in range(300):
            market, goal = rng.choice(MARKETS), rng.choice(("sales", "leads", "awareness"))
            name = f"m:{market}|o:{goal}|q:2026Q{rng.randint(1, 4)}"
            source = rng.choices(("facebook", "FB", "facebok"), (90, 8, 2))[0]
            tags = f"utm_source={source}&utm_medium=paid_social&utm_campaign={goal}-{market}_{n}x"
            sheet.writerow((name, f"broad_{market}", f"https://www.velora.example/{market}?{tags}", 10))
    return path


def test_an_export_alone_leads_to_a_clean_campaign_check(folder, capsys, monkeypatch):
    """Adopt, register with words that were found, build, rehearse: go, and nothing edited by hand."""
    file = linked(folder / "meta.csv")
    assert run(["adopt", str(file), "-o", "names", "--active", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [each["format"] for each in report["formats"]] == ["/utm/paid_social/v1"]
    assert report["formats"][0]["sources"] == ["facebook"]
    assert report["journey"]["hosts"] == ["www.velora.example"]
    monkeypatch.chdir(folder / "names")
    assert run(["lint"]) == 0
    about = ["--start", "2027-03-01", "--end", "2027-04-15", "--url", "https://www.velora.example/de/beds"]
    who = ["--owner", "marketing", "--backup-owner", "data", "--metric", "revenue", "--description", "Beds."]
    judged = ["--event", "/events/order_completed/v1", "--decision", "cost-per-order > 48 EUR; 7 days; Stop."]
    given = ["source=facebook", "market=de", "objective=sales", "quarter=2027-Q1"]
    done = run(["campaign", "new", "Spring beds", "--on", "paid_social:meta", *about, *who, *judged, *given])
    assert done == 0, capsys.readouterr()
    assert run(["campaign", "build", "spring-beds", "-o", "plan.xlsx", "--record"]) == 0, capsys.readouterr()
    assert run(["campaign", "check", "spring-beds", "--visitors", "50"]) == 0, capsys.readouterr()
    assert "GO" in capsys.readouterr().out
    assert run(["utm", "parse", "https://www.velora.example/?utm_source=FB&utm_medium=paid_social"]) == 1


def test_events_of_an_export_are_taken_over(folder, capsys):
    """By their own name or a platform's; what nobody knows is told."""
    file = linked(folder / "meta.csv")
    (folder / "events.csv").write_text("Event name,Event count\npurchase,120\nsign_up,80\nfrobnicated,3\n")
    assert run(["adopt", str(file), "events.csv", "-o", "names", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["journey"]["seen"] == {"purchase": "order_completed", "sign_up": "signed_up"}
    assert report["journey"]["unknown"] == ["frobnicated"]
    assert (folder / "names/contracts/events/order_completed/v1.json").exists()
    assert run(["lint", "--registry", "names"]) == 0
