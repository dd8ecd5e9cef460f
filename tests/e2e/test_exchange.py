"""Import and export through the commands: what came is a draft that lints clean, what could not is listed."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from canonry.adapters.worktree import DirectoryTree
from canonry.catalogue.load import load
from canonry.catalogue.model import Catalogue
from canonry.cli.main import run
from canonry.exchange.schemas import Plain
from canonry.schema import compare

PLAN: dict[str, Any] = {
    "name": "web",
    "rules": [
        {
            "type": "TRACK",
            "key": "Signup Done",
            "version": 1,
            "jsonSchema": {
                "$schema": "http://json-schema.org/draft-07/schema#",
                "type": "object",
                "description": "Somebody signed up.",
                "properties": {
                    "context": {},
                    "properties": {
                        "type": "object",
                        "required": ["planName"],
                        "properties": {
                            "planName": {"type": ["string", "null"], "enum": ["free", "pro", None]},
                            "amount": {"type": "number", "exclusiveMinimum": 0},
                            "code": {"type": "string", "pattern": "^(?=a)b"},
                            "tags": {"type": "array", "items": {"type": "string"}},
                            "home": {"$ref": "#/definitions/address"},
                        },
                        "definitions": {
                            "address": {"type": "object", "properties": {"city": {"type": "string"}}}
                        },
                        "anyOf": [{"required": ["amount"]}],
                    },
                },
            },
        },
        {
            "type": "IDENTIFY",
            "version": 1,
            "jsonSchema": {"properties": {"traits": {"properties": {"age": {"type": "integer"}}}}},
        },
        {"type": "PAGE", "key": "Home", "version": 1, "jsonSchema": {}},
        {"type": "TRACK", "key": "!!!", "version": 1, "jsonSchema": {}},
    ],
}


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty registry, and a shell that stands in it."""
    home = tmp_path / "home"
    assert run(["init", str(home), "--empty"]) == 0
    monkeypatch.chdir(home)
    return home


def catalogue(home: Path) -> Catalogue:
    """What stands there, without a problem."""
    loaded = load(DirectoryTree(home))
    assert loaded.problems == ()
    return loaded.value


def lints_clean(capsys: pytest.CaptureFixture[str]) -> None:
    """No error in the registry."""
    capsys.readouterr()
    code = run(["lint"])
    said = capsys.readouterr().out
    assert code == 0, said[-3000:]


def test_a_tracking_plan_becomes_drafts(registry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What fits the profile is there; what does not is named with its place; one bad rule hides no other."""
    (registry / "plan.json").write_text(json.dumps(PLAN), encoding="utf-8")
    assert run(["import", "plan.json", "--format", "json"]) == 1  # one name made no contract name
    said = json.loads(capsys.readouterr().out)
    assert said["files"] == ["contracts/events/signup_done/v1.json", "contracts/traits/user/v1.json"]
    assert any("'!!!'" in problem for problem in said["problems"])
    omitted = {each["what"] for each in said["omitted"]}
    assert {"`anyOf`", "patterns outside the shared subset", "null beside a type", "page calls"} <= omitted
    assert "PII classes" in omitted
    contract = catalogue(registry).by_text["/events/signup_done/v1"]
    assert contract.meta.status == "draft"
    schema = contract.schema
    assert schema["description"] == "Somebody signed up."
    assert schema["required"] == ["plan_name"]
    assert schema["properties"]["plan_name"]["enum"] == ["free", "pro"]
    assert schema["properties"]["amount"]["exclusiveMinimum"] == 0
    assert "pattern" not in schema["properties"]["code"]
    assert schema["properties"]["home"]["properties"]["city"]["x-pii"] == "personal"
    lints_clean(capsys)


def test_what_stands_is_not_overwritten(registry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second import changes nothing and says so."""
    (registry / "plan.json").write_text(json.dumps(PLAN), encoding="utf-8")
    run(["import", "plan.json"])
    path = registry / "contracts/events/signup_done/v1.json"
    path.write_text(path.read_text().replace("Somebody signed up.", "My own words on it."), encoding="utf-8")
    capsys.readouterr()
    run(["import", "plan.json"])
    assert "/events/signup_done/v1 stands already and stays as it is" in capsys.readouterr().out
    assert "My own words on it." in path.read_text()


def test_a_dry_run_writes_nothing(registry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what it would write."""
    (registry / "plan.json").write_text(json.dumps(PLAN), encoding="utf-8")
    run(["import", "plan.json", "--dry-run"])
    assert "would write contracts/events/signup_done/v1.json" in capsys.readouterr().out
    assert not (registry / "contracts" / "events").exists()


@pytest.mark.parametrize("form", ["segment", "iglu", "odcs", "csv"])
def test_an_exported_catalogue_is_taken_in_again(
    form: str, root: Path, registry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Out of the starter, into an empty registry: drafts that lint clean and let in the same payloads."""
    assert run(["--registry", str(root), "export", form, "-o", str(registry / "out")]) == 0
    if form == "csv":
        (registry / "out" / "traits.csv").unlink()  # rows do not say whether they are events
        (registry / "out" / "words.csv").unlink()
    capsys.readouterr()
    assert run(["import", "out", "--format", "json"]) == 0, capsys.readouterr().out
    said = json.loads(capsys.readouterr().out)
    between = {"`if` between properties", "`then` between properties"}
    ours, theirs = Plain.of(load(DirectoryTree(root)).value), Plain.of(catalogue(registry))
    whole = 0
    events = load(DirectoryTree(root)).value
    for contract in events.of_kind("events"):
        if not contract.is_live:
            continue
        draft = next(
            (
                c
                for c in theirs.resolver.references.catalogue.of_kind("events")
                if c.id.name == contract.id.name or c.schema.get("title") == contract.schema["title"]
            ),
            None,
        )
        assert draft is not None, contract.id
        one, other = ours.schema(contract), theirs.schema(draft)
        if form in ("csv", "iglu") and "if" in one:
            continue  # listed: rows have no rules between properties, draft 4 writes them with anyOf
        comparison = compare(one, other, direction="full", reading="strict")
        assert comparison.verdict == "proved", (contract.id, comparison.witness)
        whole += 1
    assert whole >= 75
    assert not between & {each["what"] for each in said["omitted"]}
    (registry / "out").rename(registry.parent / "out")
    lints_clean(capsys)


def test_sheets_of_words_become_vocabularies(registry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An export of Notion: its headings, its spellings, its odd rows."""
    (registry / "Ad formats.csv").write_text(
        "﻿Name,Full name,Synonyms,Status,Owner's cat\n"
        'Carousel,Carousel ad,"slider, Karussell",,Tom\n'
        "story 9:16,Story,,Deprecated,\n"
        "carousel,again,,,\n"
        ",nameless,,,\n"
        "日本,no word,,,\n",
        encoding="utf-8",
    )
    assert run(["import", "Ad formats.csv", "--format", "json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert len(said["problems"]) == 3
    assert any("Owner's cat" in each["what"] for each in said["omitted"])
    words = catalogue(registry).vocabularies["ad_formats"].words
    assert set(words) == {"carousel", "story-9-16"}
    assert words["carousel"].aliases == ["slider", "karussell"]
    assert words["story-9-16"].status == "deprecated"


def test_a_workbook_of_events_becomes_drafts(registry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Merged cells, types in people's words, allowed values, and a sheet of something else."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Events"
    rows = [
        [
            "Event name",
            "Event description",
            "Property",
            "Data type",
            "Required",
            "Definition",
            "Allowed values",
        ],
        ["Lead Sent", "A lead was sent.", "lead_id", "string", "Yes", "Key of the lead.", None],
        [None, None, "score", "int", None, "From 0 to 100.", None],
        [None, None, "stage", "single select", "x", "Where it stands.", "new, won; lost"],
        [None, None, "when", "datetime", None, "When.", None],
        [None, None, "tags", "array of string", None, "Tags.", None],
        [None, None, "odd", "quaternion", None, "Odd.", None],
    ]
    for row in rows:
        sheet.append(row)
    notes = book.create_sheet("Notes")
    notes.append(["Dear colleagues"])
    book.save(registry / "events.xlsx")
    assert run(["import", "events.xlsx", "--format", "json"]) == 1  # the notes
    said = json.loads(capsys.readouterr().out)
    assert any("Notes" in problem for problem in said["problems"])
    assert any("'quaternion'" in each["what"] for each in said["omitted"])
    properties = catalogue(registry).by_text["/events/lead_sent/v1"].schema["properties"]
    assert properties["score"]["type"] == "integer"
    assert properties["stage"]["enum"] == ["new", "won", "lost"]
    assert properties["when"] == {
        "type": "string",
        "format": "date-time",
        "description": "When.",
        "x-pii": "personal",
    }
    assert properties["tags"]["items"]["type"] == "string"
    capsys.readouterr()
    assert run(["lint", "--format", "json"]) == 1
    errors = [f for f in json.loads(capsys.readouterr().out)["findings"] if f["level"] == "error"]
    assert [f["code"] for f in errors] == ["L110"]  # a type is missing where the sheet named none


BAD = {
    "empty.json": b"",
    "broken.json": b'{"a": ',
    "list.json": b"[1, 2]",
    "bomb.yaml": b"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n",
    "latin.json": b'{"title": "\xe4"}',
    "old.xls": b"\xd0\xcf\x11\xe0rubbish",
    "nothing.csv": b"",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_said_not_raised(name: str, registry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A clear message and an exit code; nothing is written."""
    (registry / name).write_bytes(BAD[name])
    assert run(["import", name]) in (1, 2)
    said = capsys.readouterr()
    assert name in said.out + said.err
    assert "This is a bug" not in said.err
    assert not (registry / "contracts" / "events").exists()


def test_remote_and_circular_references_are_listed(
    registry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is fetched, nothing goes round for ever."""
    schema = {
        "title": "Tree Grown",
        "type": "object",
        "properties": {
            "far": {"$ref": "https://example.com/schema.json"},
            "near": {"$ref": "#/definitions/node"},
        },
        "definitions": {"node": {"properties": {"children": {"items": {"$ref": "#/definitions/node"}}}}},
    }
    (registry / "tree.json").write_text(json.dumps(schema), encoding="utf-8")
    assert run(["import", "tree.json", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert "references to itself" in {each["what"] for each in said["omitted"]}
    del schema["properties"]["near"]
    (registry / "far.json").write_text(json.dumps({**schema, "title": "Far Away"}), encoding="utf-8")
    assert run(["import", "far.json", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert "`$ref`" in {each["what"] for each in said["omitted"]}


def test_a_plan_beside_its_rules_is_read(registry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Segment answers with the plan's own data and its rules side by side."""
    document = {"data": {"trackingPlan": {"id": "tp_1", "name": "Web"}, "rules": PLAN["rules"]}}
    Path("plan.json").write_text(json.dumps(document))
    run(["import", "plan.json", "--registry", str(registry)])
    assert "contracts/events/signup_done/v1.json" in capsys.readouterr().out


def test_a_broken_file_of_a_folder_hides_no_other(registry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The others are taken, the broken one is told with its line."""
    folder = Path("schemas")
    folder.mkdir()
    (folder / "broken.json").write_text("[1,\n2")
    (folder / "fine.json").write_text('{"title": "Signed Up", "type": "object", "properties": {}}')
    assert run(["import", "schemas", "--registry", str(registry)]) == 1
    said = capsys.readouterr().out
    assert "contracts/events/signed_up/v1.json" in said
    assert "broken.json:2" in said


def test_airtable_s_own_types_are_known(registry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Single line text, multiple select, and what else its fields are called."""
    rows = ("Event Name,Property,Type", "Paid,order,Single line text", "Paid,lines,Multiple select")
    Path("airtable.csv").write_text("\n".join(rows))
    assert run(["import", "airtable.csv", "--registry", str(registry)]) == 0
    assert "no JSON type" not in capsys.readouterr().out
    document = json.loads((registry / "contracts/events/paid/v1.json").read_text())
    assert document["properties"]["order"]["type"] == "string"
    assert document["properties"]["lines"]["items"]["type"] == "string"
